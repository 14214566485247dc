"""Telephones: what people write, copy and dictate, read to one form; nothing is guessed.

Kept in E.164, the extension as RFC 3966 has it, several joined by a comma: ``+525512345678;ext=1234,+5281…``.
A number is refused when the numbering plan has no place for it (its length, its first digits), not because its
range is new: the library's list of ranges is as old as its release, and people get numbers before it knows them.
No model and no form enters here: pages, the panel and workbooks call ``leer``.
"""

import re
import unicodedata
from typing import NamedTuple

import phonenumbers
from django.core.exceptions import ValidationError

from casos.textos import es_dato, igual

LARGO = 100  # of the column: three with their extensions
ESCRITO = 200  # letters that are read, with what is said beside the numbers
CUANTOS = 3
EJEMPLO = "Escríbelo a 10 dígitos, como 55 1234 5678 ext. 1234; de otro país, con +, como +1 210 736 5000."
_MEXICO, _NORTEAMERICA = 52, 1

_RENGLON = re.compile(r"[\r\n\v\f\t\x85\u2028\u2029]+")
_ENLACE = re.compile(r"[^\s,;]*(?:wa\.me/|[?&]phone=)(?:%2b|\+)?(\d+)(?:/?[?&][^\s,;]*|/)?")
_EXTENSION = re.compile(
    r"(?:;\s*ext\s*=|(?<![a-z])(?:extension(?:es)?|ext[ns]?|interno|int|anexo)(?![a-z])|(?<![a-z])x(?![a-z])|#)[\s.:=#-]*(?=\d)"
)
# What says whose or of which kind a number is: said beside it, not kept.
_ROTULO = re.compile(
    r"(?<![a-z])(?:"
    r"(?:tel|telf|tfno|tlf|telefono|telefax|fax|cel|celular|cell|movil|mov|mobile|phone|nextel|whatsapp|whats|wapp|wsp|wa"
    r"|callto|smsto|sms|lada|conmutador|conmut|conm|pbx|directo|linea|oficina|ofna|ofi|casa|particular|trabajo"
    r"|personal|empresa|principal|recados|emergencias?|contacto|numero|num|no)(?:e?s)?"
    r"|sin costo|[tcmfw](?=\s*[.:])"
    r")(?![a-z])(?:\s*[1-4](?=\s*[:)]))?[\s.:)°]*"
)
_INCISO = re.compile(r"(?<![\d(+])[1-4]\s*(?:\)|(?<!\d\s[1-4]):)\s*(?=[\d+(])")
_UNION = re.compile(r"(?<![a-z])(?:y|o|e|u|and|or)(?![a-z])|[|&]")
_OTRO_MAS = re.compile(r"(?<=\d)[\s.)\-]*(?=\(?\s*\+)")
_DECIMALES = re.compile(r"^(\d{10,15})\.0+$")  # of a number, in a workbook
_PERMITIDO = re.compile(r"[\d\s+\-.()\[\]<>:'\"_~=*]*")
_FRONTERA = re.compile(r"(?<=[\d)])[\s\-.]+(?=[\d(])")
_CON_PAIS = re.compile(r"(?:(?:00|011)?52)+(?:1|01|044|045)?([2-9]\d{9})")
_SIN_PAIS = re.compile(r"(?:01|044|045)?([2-9]\d{9})")  # 01, 044 and 045 are no longer dialled
_ENTRE = r"[\s\-.()]"
_ULTIMAS = 7  # figures by which a number is looked for in a database
_GUARDADO = re.compile(r"\+\d{4,15}(;ext=\d{1,6})?(,\+\d{4,15}(;ext=\d{1,6})?)*")


class Enlace(NamedTuple):
    texto: str
    href: str  # empty where it cannot be dialled


class _NoEs(Exception):
    """This piece is no telephone; what is said about it, if there is something better than the example."""


def leer(texto: object) -> str:
    """What is kept of what was typed; empty of what says nothing. Raises ``ValidationError`` with an example."""
    plano = _plano(str(texto)[: ESCRITO + 1])
    if not es_dato(plano):
        return ""
    try:
        if len(plano) > ESCRITO:
            raise _NoEs
        numeros = _numeros(plano)
    except _NoEs as no_es:
        raise ValidationError(str(no_es) or f"No se entiende el teléfono. {EJEMPLO}") from None
    if len(numeros) > CUANTOS:
        raise ValidationError(f"Escribe hasta {CUANTOS} teléfonos: hay {len(numeros)}.")
    return ",".join(numeros)


def mostrar(guardado: str) -> str:
    """As it is shown: those of Mexico as they are dialled there. What was never understood, as it was typed."""
    return " / ".join(e.texto for e in enlaces(guardado))


def enlaces(guardado: str) -> list[Enlace]:
    """Each number as it is shown, and what its link dials."""
    if not guardado:
        return []
    if not es_guardado(guardado):
        marca = re.sub(r"[^\d+]", "", guardado)
        return [Enlace(guardado, f"tel:{marca}" if len(marca) > 2 else "")]
    return [Enlace(_escrito(n), f"tel:{n}") for n in guardado.split(",")]


def patrones(guardado: str, *, a_bulto: bool = False) -> list[str]:
    """Regular expressions that find its numbers in a text, however they are written there.

    ``a_bulto``: by their last figures, which finds more; of what is no number, in either case.
    """
    if not guardado:
        return []
    if not es_guardado(guardado):
        dos = "".join(
            f"(?:{c.lower()}|{c.upper()})" if c.isalpha() else re.escape(c) for c in guardado
        )
        return [dos if a_bulto else re.escape(guardado)]
    hallar = []
    for numero in guardado.split(","):
        pais, nacional, extension = _partes(numero)
        if a_bulto:
            hallar.append(rf"{_ENTRE}*".join(nacional[-_ULTIMAS:]))
            continue
        cifras = rf"{_ENTRE}*".join(nacional)
        antes = rf"(?:\+?(?:{pais}{_ENTRE}*)(?:1{_ENTRE}*)?)?"
        final = rf"(?:\s*(?:;\s*ext=|ext\.?|x|#)\s*{extension})?" if extension else ""
        hallar.append(antes + rf"\(?{cifras}" + final)
    return hallar


def es_guardado(texto: str) -> bool:
    return bool(_GUARDADO.fullmatch(texto))


def _plano(texto: object) -> str:
    en_uno = igual(_RENGLON.sub(" / ", str(texto)))
    cifras = "".join(
        " " if unicodedata.category(c) == "So" else str(unicodedata.decimal(c, c)) for c in en_uno
    )
    return _DECIMALES.sub(r"\1", cifras)


def _numeros(plano: str) -> list[str]:
    plano = _ENLACE.sub(r" / +\1 / ", plano)
    plano = _EXTENSION.sub("{", plano)  # "{12": the extension 12
    plano = _INCISO.sub(" / ", _ROTULO.sub(" / ", plano))
    plano = _OTRO_MAS.sub(" / ", _UNION.sub(" / ", plano))
    hallados: dict[str, None] = {}  # in order, each once
    base, con_extension = "", False
    piezas = re.split(r"(\s*[/,;]+\s*)", plano)
    if m := re.fullmatch(r"[(\s]*(\d{2,3})[)\s]*/\s*([\d\s.-]+({\d+)?)\s*", plano):
        piezas = [m[1] + m[2]]  # "55/1234 5678"
    for lugar in range(0, len(piezas), 2):
        numero, _, extension = piezas[lugar].partition("{")
        extension = extension.strip(" .)]-:")
        if "{" in extension or (extension and not re.fullmatch(r"\d{1,6}", extension)):
            raise _NoEs
        numero = numero.strip(" .-:([<>'\"_~=*")
        if not re.search(r"\w", numero) and not extension:
            continue
        pausa = lugar > 0 and piezas[lugar - 1] in (",", ",,", ";")
        if base and re.fullmatch(r"\d{2,6}", numero) and not extension:
            # "ext. 12 y 13", and the pause that a telephone's contacts keep before an extension.
            if not (con_extension or pausa):
                raise _NoEs
            numero, extension = "", numero
        if numero:
            *otros, base = _separados(numero)
            hallados.update(dict.fromkeys(otros))
        elif not base:
            raise _NoEs
        elif not con_extension:
            hallados.pop(base, None)
        con_extension = bool(extension)
        hallados[f"{base};ext={extension}" if extension else base] = None
    if not hallados:
        raise _NoEs
    return list(hallados)


def _separados(pieza: str) -> list[str]:
    """One number, or several that only a space parts: where there is one way to part them."""
    try:
        return [_uno(pieza)]
    except _NoEs as no_es:
        formas = []
        for corte in _FRONTERA.finditer(pieza):
            try:
                formas.append([_uno(pieza[: corte.start()]), *_separados(pieza[corte.end() :])])
            except _NoEs:
                continue
        if len(formas) != 1:
            raise no_es from None
        return formas[0]


def _uno(pieza: str) -> str:
    if not _PERMITIDO.fullmatch(pieza):
        raise _NoEs
    if re.search(r"\d{4}\s*\(\d{2,3}\)\s*$", pieza):
        raise _NoEs(f"La lada va al principio. {EJEMPLO}")
    sin_cero = re.sub(r"\(\s*0\s*\)", "", pieza)  # +44 (0)20
    con_mas = bool(re.match(r"[(\s]*\+", sin_cero))
    cifras = re.sub(r"\D", "", sin_cero)
    if "+" in sin_cero.lstrip("( ")[1:]:
        raise _NoEs
    mexicano = _CON_PAIS.fullmatch(cifras) or (not con_mas and _SIN_PAIS.fullmatch(cifras))
    if mexicano:
        return _mexicano(mexicano[1], sin_pais=len(cifras) == 10)
    extranjero = con_mas or cifras.startswith(("00", "011"))
    if extranjero and not (cifras.startswith("52") and con_mas):
        return _extranjero(re.sub(r"^(?:00|011)", "", cifras))
    if 5 <= len(cifras) < 10 and not con_mas:
        raise _NoEs(f"Le faltan dígitos, tiene {len(cifras)}. {EJEMPLO}")
    raise _NoEs


def _mexicano(nacional: str, *, sin_pais: bool) -> str:
    if len(set(nacional)) == 1:
        raise _NoEs
    numero = phonenumbers.PhoneNumber(_MEXICO, int(nacional))
    vecino = phonenumbers.PhoneNumber(_NORTEAMERICA, int(nacional))
    if (
        sin_pais
        and not phonenumbers.is_valid_number(numero)
        and phonenumbers.is_valid_number(vecino)
    ):
        raise _NoEs(
            "Esa lada no es de México: si es de Estados Unidos o Canadá, ponle +1; si es nueva, +52."
        )
    return f"+{_MEXICO}{nacional}"


def _extranjero(cifras: str) -> str:
    try:
        numero = phonenumbers.parse(f"+{cifras}")
    except phonenumbers.NumberParseException:
        raise _NoEs from None
    posible = phonenumbers.is_possible_number_with_reason(numero)
    nacional = phonenumbers.national_significant_number(numero)
    region = phonenumbers.region_code_for_country_code(numero.country_code)
    plan = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(
        numero.country_code, region
    )
    cabe = plan and re.fullmatch(plan.general_desc.national_number_pattern or r"\d+", nacional)
    if posible != phonenumbers.ValidationResult.IS_POSSIBLE or not cabe or len(set(nacional)) == 1:
        raise _NoEs
    return phonenumbers.format_number(numero, phonenumbers.PhoneNumberFormat.E164)


def _partes(numero: str) -> tuple[int, str, str]:
    leido = phonenumbers.parse(numero)
    nacional = phonenumbers.national_significant_number(leido)
    return leido.country_code, nacional, leido.extension or ""


def _escrito(numero: str) -> str:
    leido = phonenumbers.parse(numero)
    forma = phonenumbers.PhoneNumberFormat
    como = forma.NATIONAL if leido.country_code == _MEXICO else forma.INTERNATIONAL
    return phonenumbers.format_number(leido, como)
