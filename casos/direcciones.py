"""Addresses of mail, as they are pasted: ``Ana <ana@x.mx>``, ``mailto:``, lists; and what is one of the web.

No model and no form.
Understood is what holds one address without doubt; two, where one is kept, are never cut to the first.
"""

import re
import unicodedata
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from casos.textos import en_un_renglon, es_dato, limpio

ESCRITO = 1000  # letters that are read
LARGO_DE_UNA = 254
LARGO = 500  # of a column with several
EJEMPLO = "Escríbelo como ana@empresa.com.mx."

_MAILTO = re.compile(r"mailto:([^?\s>\])]+)(?:\?[^\s>\])]*)?", re.IGNORECASE)
_ENTRE_ANGULOS = r"<\s*(?P<nombrada>[^<>]*)>"
_SUELTA = r"(?P<suelta>[^\s,;<>|/\"\[\]()]+@[^\s,;<>|/\"\[\]()]*)"
_DIRECCION = re.compile(f"{_ENTRE_ANGULOS}|{_SUELTA}")
# What may stand around an address that no angle brackets hold: anything else could be a part of it.
_ALREDEDOR = re.compile(
    r"(?:\([^()@]*\)|[\s,;|/.:'\"\[\]()]|\b(?:correo|email|e-mail|mail|electrónico|y|e|o)\b)*+",
    re.IGNORECASE,
)


def leer(texto: object) -> str:
    """The address that ``texto`` holds; empty of what says nothing. Raises ``ValidationError`` with an example."""
    halladas = leer_varias(texto)
    if len(halladas) > 1:
        raise ValidationError(
            f"Hay {len(halladas)} correos y aquí se guarda uno: deja el que se va a usar."
        )
    return halladas[0] if halladas else ""


def leer_varias(texto: object) -> list[str]:
    """Every address, each once, in the order they were typed; separated by commas, semicolons or lines."""
    plano = " , ".join(
        en_un_renglon(r) for r in limpio(str(texto)[: ESCRITO + 1]).split("\n") if r.strip()
    )
    plano = unicodedata.normalize("NFKC", plano)
    if not es_dato(plano):
        return []
    if len(plano) > ESCRITO:
        raise _no_es()
    plano = re.sub(r"\s*@\s*", "@", _MAILTO.sub(lambda m: f" {unquote(m[1])} ", plano))
    halladas: dict[str, str] = {}
    fin = 0
    for m in _DIRECCION.finditer(plano):
        antes, fin = plano[fin : m.start()], m.end()
        if "@" in antes or (m["nombrada"] is None and not _ALREDEDOR.fullmatch(antes)):
            raise _no_es()
        direccion = _revisada(m["suelta"] or m["nombrada"])
        halladas.setdefault(direccion.casefold(), direccion)
    if not halladas or not _ALREDEDOR.fullmatch(plano[fin:]):
        raise _no_es()
    return list(halladas.values())


def partir(guardadas: str) -> list[str]:
    """The addresses of a column that keeps several."""
    return [d for d in (parte.strip() for parte in guardadas.split(",")) if d]


def juntar(direcciones: list[str]) -> str:
    return ", ".join(direcciones)


def es_enlace(texto: str) -> bool:
    """Whether all of it is one address of the web: only such a one is ever a link."""
    try:
        partes = urlsplit(texto)
    except ValueError:
        return False
    entero = not any(c.isspace() for c in texto)
    return entero and partes.scheme in ("http", "https") and bool(partes.hostname)


def _revisada(escrita: str) -> str:
    direccion = en_un_renglon(escrita).strip("'\" ").rstrip(".:,;")
    try:
        if len(direccion) > LARGO_DE_UNA:
            raise ValidationError("")
        validate_email(direccion)
    except ValidationError:
        raise _no_es(direccion) from None
    return direccion


def _no_es(cual: str = "") -> ValidationError:
    que = f"«{cual[:60]}» no es un correo." if cual else "Escribe un correo válido."
    return ValidationError(f"{que} {EJEMPLO}")
