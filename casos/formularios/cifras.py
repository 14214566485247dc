"""A figure as people type it: thousands, currencies, «+ IVA». What could mean another figure is refused."""

import re
from dataclasses import dataclass
from decimal import Decimal

from django import forms

from casos.catalogos import Moneda, Unidad
from casos.textos import en_un_renglon

_LLANO = str.maketrans("áéíóúü’‘´`′−–—‐‑", "aeiouu'''''-----")
_N = r"\s*\.?\s*"  # between the letters of an abbreviation
# The marks of each currency, the longest first. A bare $ is that of the contract.
MARCAS = {
    Moneda.MXN: (
        rf"pesos\s+mexicanos|moneda\s+nacional|pesos?|m{_N}x{_N}n\b\.?|mxp|m{_N}n\b\.?|mex\s*\$|mx\s*\$"
    ),
    Moneda.USD: (
        r"dolares(?:\s+(?:americanos|estadounidenses))?|dolar|dll?s?\b\.?|dlrs\b\.?|"
        rf"u{_N}s{_N}d\b\.?|u\s*\.?\s*s\s*\.?\s*\$|u\$s|us\s+dollars?|us\s*dlls?\b\.?"
    ),
}
OTRAS = r"€|£|¥|\beuros?\b|\beur\b|\bgbp\b|\bcad\b|\bjpy\b|\bcny\b|\bcop\b|\bars\b|\bbrl\b|\bchf\b|c\$|r\$"
_MARCA = re.compile("|".join(f"(?P<{m.value}>{patron})" for m, patron in MARCAS.items()))
_OTRA = re.compile(OTRAS)
_IVA = r"i\s*\.?\s*v\s*\.?\s*a\b\.?"
_SIN_IVA = re.compile(
    rf"\(?\s*(?:\+|\bmas\b|\bsin\b|\bantes\s+de(?:l)?\b)\s*(?:el\s+)?(?:16\s*%\s*(?:de\s+)?)?{_IVA}(?:\s*16\s*%)?\s*\)?$"
)
_CON_IVA = re.compile(rf"\b{_IVA}|\bi\s*\.\s*v\s*\.\s*a")
_MILLARES = re.compile(r"[0-9]{1,3}(?:[,'\s][0-9]{3})+(?:\.[0-9]{1,6})?")


@dataclass(frozen=True)
class Cifra:
    numero: Decimal
    sin_iva: bool = False  # it was typed «+ IVA»: that part is not kept


def leer_cifra(unidad: str, escrito: str, moneda: str = "") -> Cifra:
    """``moneda``: the contract's; a mark of another one is refused. ``ValidationError`` in Spanish.

    Commas, apostrophes and spaces only between thousands: ``12,50`` must never be read as 1250.
    """
    # Not NFKC: it would read 12² as 122.
    limpio = en_un_renglon(escrito).casefold().translate(_LLANO)
    limpio, sin_iva = _quitar_iva(limpio)
    limpio = _quitar_moneda(limpio, unidad, moneda)
    if "%" in limpio and unidad != Unidad.PORCENTAJE:
        raise forms.ValidationError(
            "Escribe la cifra, sin %. Si es un cambio, ponle el signo: +5 % o −5 %."
        )
    if unidad == Unidad.PORCENTAJE:
        limpio = re.sub(r"\s*(%|por ?ciento)$", "", limpio)
    return Cifra(_numero(limpio), sin_iva)


def aviso_de(unidad: str, escrito: str) -> str:
    """What was typed in a figure and is not kept, to be said where it is shown; "" if nothing."""
    if unidad != Unidad.DINERO:
        return ""
    try:
        cifra = leer_cifra(unidad, escrito)
    except forms.ValidationError:
        return ""
    return "se guarda sin el IVA." if cifra.sin_iva else ""


def _quitar_iva(limpio: str) -> tuple[str, bool]:
    sin = _SIN_IVA.sub("", limpio).strip()
    if sin != limpio and not _CON_IVA.search(sin):
        return sin, True
    if _CON_IVA.search(limpio):
        raise forms.ValidationError(
            "No se sabe cuánto es sin IVA: escribe la cifra antes de sumarlo."
        )
    return limpio, False


def _quitar_moneda(limpio: str, unidad: str, moneda: str) -> str:
    dichas = {m.lastgroup or "" for m in _MARCA.finditer(limpio)}
    otra = _OTRA.search(limpio)
    if unidad != Unidad.DINERO:
        if dichas or otra or "$" in limpio:
            raise forms.ValidationError("Escribe la cifra sola, sin moneda.")
        return limpio
    if otra or len(dichas) > 1 or (moneda and dichas - {moneda}):
        ajena = otra[0] if otra else next(iter(dichas - {moneda}), "")
        raise forms.ValidationError(
            f"La cifra dice {ajena.upper()} y aquí va en {moneda}: escríbela en {moneda}."
            if moneda
            else f"La cifra dice {ajena.upper()}: escríbela en la moneda del contrato."
        )
    antes_y_despues = rf"(?:{_MARCA.pattern}|\$|[\s:])+"
    sin_nombres = re.sub(r"\?P<\w+>", "?:", antes_y_despues)
    return re.sub(rf"^{sin_nombres}|{sin_nombres}$", "", limpio)


def _numero(limpio: str) -> Decimal:
    if re.fullmatch(r"\(.*\)", limpio) or re.fullmatch(r"[0-9].*-", limpio):
        raise forms.ValidationError(
            "Así escrita es una cifra negativa: escríbela sin paréntesis ni signo."
        )
    if _MILLARES.fullmatch(limpio):
        limpio = re.sub(r"[,'\s]", "", limpio)
    if "," in limpio:
        raise forms.ValidationError(
            "La coma separa millares y el punto, decimales: escribe, por ejemplo, 12,500.50."
        )
    if not re.fullmatch(r"[0-9]{1,14}(\.[0-9]{1,6})?", limpio):
        raise forms.ValidationError(
            "Escribe un número, sin signo."
            if limpio[:1] in "+-"
            else "Escribe un número completo, sin palabras: por ejemplo, 12,500.50."
        )
    return Decimal(limpio)
