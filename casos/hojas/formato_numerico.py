"""A number of a cell as its format shows it: ``4 %``, ``00123``, ``$1200.00``, ``2026-03-16``.

Never fewer decimals than the cell has, and no commas: it is what a person would type.
"""

import math
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from casos.al_usarse import AlUsarse

openpyxl = AlUsarse("openpyxl")

GENERAL = "General"
# What Excel writes in these numbers in the languages of Asia: dates all of them.
_DE_ASIA = dict.fromkeys([*range(27, 37), *range(50, 59)], "yyyy-mm-dd")
ULTIMO_DIA = 2_958_466  # 9999-12-31 and the day after

# Quoted text · an escaped letter · room left · a filler · colour, condition, currency, elapsed time.
_PIEZAS = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[([^\]]*)\]|(AM/PM|A/P|General)|(.)', re.I | re.S)
_CONDICION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_TRANSCURRIDO = re.compile(r"h+|m+|s+", re.I)
_CIFRAS = "0#?"
_COMPARAR: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b, "=": lambda a, b: a == b, "<>": lambda a, b: a != b,
}  # fmt: skip


def de_fabrica() -> dict[int, str]:
    """The formats that have a number and no text of their own in the workbook."""
    return _DE_ASIA | openpyxl.styles.numbers.BUILTIN_FORMATS


class Imposible(ValueError):
    """A number that is none, or a date that does not exist."""


def en_cifras(valor: float) -> Decimal:
    """0.1 + 0.2 in a cell is 0.3 to whoever looks at it."""
    if not math.isfinite(valor):
        raise Imposible("tiene un número que no se puede leer")
    cifras = Decimal(f"{valor:.15g}")
    decimales = cifras.as_tuple().exponent
    return round(cifras, 9) if isinstance(decimales, int) and decimales < -9 else cifras


class Formato:
    """One number format, read once and used for all its cells."""

    def __init__(self, codigo: str, desde_1904: bool = False):
        self.secciones = [_Seccion(s) for s in _partir(codigo or GENERAL)]
        self.es_de_fecha = any(s.es_fecha or s.transcurrido for s in self.secciones[:1])
        self._desde_1904 = desde_1904

    def escribir(self, valor: float) -> str:
        """Raises ``Imposible``."""
        cifras = en_cifras(valor)
        seccion = self._la_de(valor)
        if seccion.escondida and len(self.secciones) > 1:
            return ""
        if seccion.transcurrido:
            return _transcurrido(valor)
        if seccion.es_fecha:
            return _fecha(valor, self._desde_1904)
        return seccion.escribir(cifras)

    def _la_de(self, valor: float) -> "_Seccion":
        numericas = self.secciones[:3]
        con_condicion = [s for s in numericas if s.condicion]
        if con_condicion:
            for seccion in numericas:
                if not seccion.condicion or seccion.condicion(valor):
                    return seccion
        if len(numericas) > 1 and valor < 0:
            return numericas[1]
        return numericas[2] if len(numericas) > 2 and valor == 0 else numericas[0]


class _Seccion:
    """One part of a format (``positive;negative;zero``): text before, figures, text after."""

    def __init__(self, codigo: str):
        self.condicion: Callable[[float], bool] | None = None
        self.transcurrido = self.es_fecha = False
        self.escondida = not codigo
        self.por_ciento = 0
        # Literal texts as ("", text), places for a figure as ("0", "").
        self.piezas: list[tuple[str, str]] = []
        for citado, escapado, corchete, palabra, suelto in _PIEZAS.findall(codigo):
            if corchete:
                self._corchete(corchete)
            elif palabra:
                self.es_fecha |= palabra.lower() != "general"
                if not self.es_fecha:
                    self.piezas.append(("G", ""))
            elif suelto and suelto in _CIFRAS + ".,":
                self.piezas.append((suelto, ""))
            elif suelto == "%":
                self.por_ciento += 1
            elif suelto.lower() in ("d", "m", "y", "h", "s") and suelto:
                self.es_fecha = True
            elif suelto in ("E", "e"):
                self.piezas.append(("E", ""))
            elif texto := (citado or escapado or suelto):
                self.piezas.append(("", texto))
        self._disponer()

    def _corchete(self, dicho: str) -> None:
        if hallada := _CONDICION.fullmatch(dicho.strip()):
            comparar, con = _COMPARAR[hallada[1]], float(hallada[2])
            self.condicion = lambda valor: comparar(valor, con)
        elif dicho.startswith("$"):
            marca = dicho[1:].partition("-")[0]
            if marca:
                self.piezas.append(("", marca))
        elif _TRANSCURRIDO.fullmatch(dicho):
            self.transcurrido = True

    def _disponer(self) -> None:
        lugares = [i for i, (que, _) in enumerate(self.piezas) if que]
        primero, ultimo = (lugares[0], lugares[-1] + 1) if lugares else (len(self.piezas),) * 2
        self.medio = self.piezas[primero:ultimo]
        signos = "".join(que for que, _ in self.medio)
        enteros, _, decimales = signos.partition(".")
        # Scientific and fractions: the number itself.
        llano = "E" not in signos and not any("/" in texto for _, texto in self.medio)
        self.ceros = enteros.count("0") if llano and "," not in enteros else 0
        self.decimales = decimales.rstrip(",").count("0") if llano else 0
        self.con_guiones = llano and signos.strip(_CIFRAS) == "" and any(t for _, t in self.medio)
        antes, despues = (
            "".join(t for _, t in parte) for parte in (self.piezas[:primero], self.piezas[ultimo:])
        )
        self.antes = antes.lstrip(" ") if self.con_guiones else _visible(antes).lstrip("-( ")
        self.despues = _visible(despues).rstrip("-) ")

    def escribir(self, cifras: Decimal) -> str:
        cifras = cifras.scaleb(2 * self.por_ciento)
        numero = f"{abs(cifras):f}"
        entero, _, decimal = numero.partition(".")
        decimal = decimal.rstrip("0").ljust(self.decimales, "0")
        entero = entero.zfill(self.ceros)
        if self.con_guiones and not decimal:
            entero = self._entre_guiones(entero)
        signo = "-" if cifras < 0 else ""
        numero = f"{entero}.{decimal}" if decimal else entero
        marca = " %" if self.por_ciento else ""
        return f"{signo}{self.antes}{numero}{marca}{self.despues}"

    def _entre_guiones(self, entero: str) -> str:
        """``00-0000`` of 123456 is 12-3456, filled from the right."""
        faltan, escrito = list(entero), []
        for que, texto in reversed(self.medio):
            if not que:
                escrito.append(texto if faltan else "")
            elif faltan:
                escrito.append(faltan.pop())
        return "".join(faltan) + "".join(reversed(escrito))


def _visible(texto: str) -> str:
    """Brackets and dashes dress a figure; beside letters they belong to what is said."""
    if not any(c.isalpha() for c in texto):
        return "".join(c for c in texto if c in "$€£¥%").replace("%", " %")
    return texto


def _partir(codigo: str) -> list[str]:
    """The sections; a semicolon in quotes or escaped is text."""
    partes = [""]
    for pieza in re.findall(r'"[^"]*"|\\.|\[[^\]]*\]|.', codigo, re.S):
        if pieza == ";":
            partes.append("")
        else:
            partes[-1] += pieza
    return partes[:4]


def _fecha(serie: float, desde_1904: bool) -> str:
    if not 0 <= serie < ULTIMO_DIA:
        raise Imposible("tiene una fecha que no existe")
    segundos = round(serie * 86_400)
    if segundos < 86_400 and segundos % 86_400:
        return _hora(str(timedelta(seconds=segundos)).zfill(8))
    fechas = openpyxl.utils.datetime
    epoca = fechas.MAC_EPOCH if desde_1904 else fechas.WINDOWS_EPOCH
    dia = fechas.from_excel(segundos // 86_400 or 0, epoca)
    momento = dia if isinstance(dia, datetime) else epoca
    try:
        momento += timedelta(seconds=segundos % 86_400)
    except OverflowError:
        raise Imposible("tiene una fecha que no existe") from None
    return escribir_momento(momento)


def escribir_momento(momento: datetime) -> str:
    """The day; with its time only if it has one."""
    dia = momento.date().isoformat()
    hora = _hora(f"{momento:%H:%M:%S}")
    return dia if hora == "00:00" else f"{dia} {hora}"


def _hora(hora: str) -> str:
    return hora.removesuffix(":00")


def _transcurrido(dias: float) -> str:
    minutos, segundos = divmod(round(abs(dias) * 86_400), 60)
    horas, minutos = divmod(minutos, 60)
    return ("-" if dias < 0 else "") + _hora(f"{horas}:{minutos:02}:{segundos:02}")
