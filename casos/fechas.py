"""Dates and hours as people type them; the years that are taken. One parser for pages and workbooks.

Day, month, year, as in Mexico; the year first only in ISO. What could be two dates is refused.
"""

import re
from datetime import date, datetime, time

from django.utils import timezone

from casos.textos import en_un_renglon

ANIO_MINIMO, ANIO_MAXIMO = 2000, 2099
FUERA_DE_RANGO = f"Escribe una fecha entre el año {ANIO_MINIMO} y el {ANIO_MAXIMO}."
LARGO = 200
SIGLO_ANTERIOR = 68  # from 69 on, two figures are of the former century, as for Python
COMO_FECHA = "Escribe la fecha como 16/03/2026."
COMO_MOMENTO = "Escribe la fecha y la hora como 16/03/2026 10:30."
COMO_SERIE = "Ese número es una fecha sin su formato: dale formato de fecha en Excel o escríbela como 16/03/2026."
_SERIE = re.compile(r"[3-7][0-9]{4}(?:\.[0-9]+)?")

_MESES = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
_DE_MES = {nombre[:3]: n for n, nombre in enumerate(_MESES.split(), 1)}
_DE_MES |= {nombre: n for n, nombre in enumerate(_MESES.split(), 1)}
_DE_MES |= {"sept": 9, "set": 9, "setiembre": 9, "jan": 1, "apr": 4, "aug": 8, "dec": 12}
_DIAS = "lunes martes miercoles jueves viernes sabado domingo".split()
_EN_PALABRAS = "lunes martes miércoles jueves viernes sábado domingo".split()
_DE_DIA = {nombre: n for n, nombre in enumerate(_DIAS)} | {d[:3]: n for n, d in enumerate(_DIAS)}
_PRIMERO = re.compile(r"\b(?:1(?:o|ro|er|º|°)|primero)(?=\s)")
_LLANO = str.maketrans("áéíóúü‐‑–−", "aeiouu----")

_HORA = re.compile(
    r"(?:^|[\s,T]|\ba las\s)(?P<h>[0-9]{1,2})(?::(?P<m>[0-9]{2})(?::(?P<s>[0-9]{2})(?:\.[0-9]{1,6})?)?)?"
    r"\s*(?P<resto>[ap]\s?\.?\s?m\.?|h(?:rs?|oras?)?\.?)?$",
    re.IGNORECASE,
)
_ISO = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_MEXICANA = re.compile(r"([0-9]{1,2})\s?([-/.])\s?([0-9]{1,2})\s?\2\s?([0-9]{4}|[0-9]{2})")
_JUNTA = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_JUNTA_ISO = re.compile(r"(20[0-9]{2})(0[1-9]|1[0-2])([0-9]{2})")
_CON_MES = re.compile(
    r"([0-9]{1,2})(?:\s*[-/. ]\s*|\s+de\s+)([a-z]{3,10})\.?(?:\s*[-/. ,]\s*|\s+de(?:l(?: ano)?)?\s+)([0-9]{4}|[0-9]{2})"
)
_MES_PRIMERO = re.compile(r"([a-z]{3,10})\.?\s+([0-9]{1,2}),?\s+(?:de(?:l)?\s+)?([0-9]{4})")
_DIA_DE_SEMANA = re.compile(r"([a-z]{3,9})\.?,?\s+(?=[0-9a-z])")


def local(instante: datetime) -> datetime:
    """By Mexico City's clock, the only one there is: Django would ask each time whether somebody chose another."""
    return instante.astimezone(timezone.get_default_timezone())


def hoy() -> date:
    return local(timezone.now()).date()


def en_rango(dia: date) -> None:
    if not ANIO_MINIMO <= dia.year <= ANIO_MAXIMO:
        raise ValueError(FUERA_DE_RANGO)


def leer_fecha(texto: str) -> date:
    """The day; an hour beside it does not count. Raises ``ValueError`` with a sentence."""
    plano = _plano(texto)
    try:
        return _dia(plano)
    except _NoEsFecha:
        hora = _HORA.search(plano)
        if hora is None:
            raise ValueError(COMO_SERIE if _SERIE.fullmatch(plano) else COMO_FECHA) from None
    try:
        dia = _dia(plano[: hora.start()])
    except _NoEsFecha:
        raise ValueError(COMO_FECHA) from None
    _hora(hora)
    return dia


def leer_momento(texto: str) -> datetime:
    """Day and hour, without zone. Raises ``ValueError`` with a sentence."""
    plano = _plano(texto)
    hallada = _HORA.search(plano)
    if _es_solo_un_dia(plano):
        raise ValueError("Falta la hora: escribe, por ejemplo, 16/03/2026 10:30.")
    if hallada is None:
        raise ValueError(COMO_MOMENTO)
    try:
        dia = _dia(plano[: hallada.start()])
    except _NoEsFecha:
        raise ValueError(COMO_MOMENTO) from None
    return datetime.combine(dia, _hora(hallada))


class _NoEsFecha(Exception):
    """It is not written as any of ours."""


def _plano(texto: str) -> str:
    # No date is that long: it is not looked for in a whole book.
    plano = en_un_renglon(texto if len(texto) <= LARGO else "").casefold().translate(_LLANO)
    return _PRIMERO.sub("1", plano)


def _es_solo_un_dia(plano: str) -> bool:
    try:
        _dia(plano)
    except _NoEsFecha:
        return False
    return True


def _dia(plano: str) -> date:
    """Raises ``_NoEsFecha``, or ``ValueError`` with a sentence where the day does not exist."""
    plano = plano.strip(" ,.")
    semana = _DIA_DE_SEMANA.match(plano)
    de_semana = _DE_DIA.get(semana[1]) if semana else None
    if semana and de_semana is not None:
        plano = plano[semana.end() :]
    dia = _existente(*_partes(plano))
    if de_semana is not None and dia.weekday() != de_semana:
        raise ValueError(
            f"El {dia:%d/%m/%Y} es {_EN_PALABRAS[dia.weekday()]}: revisa el día o la fecha."
        )
    return dia


def _partes(plano: str) -> tuple[int, int, int]:
    """Year, month, day."""
    if hallada := _ISO.fullmatch(plano):
        return int(hallada[1]), int(hallada[3]), int(hallada[4])
    if hallada := _JUNTA_ISO.fullmatch(plano):
        return int(hallada[1]), int(hallada[2]), int(hallada[3])
    if hallada := _MEXICANA.fullmatch(plano):
        return _anio(hallada[4]), int(hallada[3]), int(hallada[1])
    if hallada := _JUNTA.fullmatch(plano):
        return int(hallada[3]), int(hallada[2]), int(hallada[1])
    if (hallada := _CON_MES.fullmatch(plano)) and hallada[2] in _DE_MES:
        return _anio(hallada[3]), _DE_MES[hallada[2]], int(hallada[1])
    if (hallada := _MES_PRIMERO.fullmatch(plano)) and hallada[1] in _DE_MES:
        return int(hallada[3]), _DE_MES[hallada[1]], int(hallada[2])
    raise _NoEsFecha


def _anio(escrito: str) -> int:
    """Of two figures, the century that a person means: 98 is 1998, which is not taken."""
    anio = int(escrito)
    if len(escrito) == 4:
        return anio
    return anio + (1900 if anio > SIGLO_ANTERIOR else 2000)


def _existente(anio: int, mes: int, dia: int) -> date:
    if not ANIO_MINIMO <= anio <= ANIO_MAXIMO:
        raise ValueError(FUERA_DE_RANGO)
    if not 1 <= mes <= 12:
        raise ValueError(f"El mes {mes} no existe: escribe día, mes y año, como 16/03/2026.")
    try:
        return date(anio, mes, dia)
    except ValueError:
        raise ValueError(f"Ese mes no tiene día {dia}: revisa la fecha.") from None


def _hora(hallada: re.Match[str]) -> time:
    hora, minuto, segundo = int(hallada["h"]), int(hallada["m"] or 0), int(hallada["s"] or 0)
    resto = re.sub(r"[\s.]", "", hallada["resto"] or "")
    if resto in ("am", "pm"):
        if not 1 <= hora <= (12 if resto == "am" else 23):
            raise ValueError("Esa hora no existe: escribe, por ejemplo, 15:30 o 3:30 pm.")
        hora = hora % 12 if resto == "am" else hora if hora > 12 else hora % 12 + 12
    elif hallada["m"] is None and not resto:
        raise ValueError(COMO_MOMENTO)
    try:
        return time(hora, minuto, segundo)
    except ValueError:
        raise ValueError("Esa hora no existe: escribe, por ejemplo, 15:30 o 3:30 pm.") from None
