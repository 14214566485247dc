"""Search over ``BusquedaCaso``: the same meaning on every database (D§4.8).

Text is normalised here, never by the database. Reads only: the door keeps the row.
"""

import re

from django.db.models import QuerySet
from django.db.models.functions import Length

from casos.models import BusquedaCaso, Caso
from casos.models.cliente import LARGO_DE_PERSONA
from casos.textos import igual

LARGO_CONSULTA = 100
PALABRAS_MAXIMO = 8
# What a person types for a whole folio: "SV-2026-000123", "sv 2026 123".
_FOLIO = re.compile(r"sv[\s-]*(\d{4})[\s-]+(\d{6}|[1-9]\d{0,5})", re.ASCII)
_RFC_DE_PERSONA = re.compile(r"[A-ZÑ&]{4}[0-9]{6}[A-Z0-9]{3}")
_CALLADOS = re.compile(r"['\"]|(?<!\d)\.|\.(?!\d)")
_PRINCIPIO = re.compile(r"sv-\d{1,4}(?:-\d{0,6})?", re.ASCII)


def normalizar(texto: str) -> str:
    """What is searched and what it is searched in: as names are compared, and without dots or quotes.

    «sa de cv» finds «S.A. de C.V.», and «dangelo» «D'Angelo»; a dot between figures stays.
    """
    return " ".join(_CALLADOS.sub("", igual(texto or "")).split())


def rfc_buscable(rfc: str) -> str:
    """A natural person's is not found by parts: piece by piece it would tell what is masked."""
    return "" if len(rfc) == LARGO_DE_PERSONA else rfc


def es_rfc_de_persona(consulta: str) -> bool:
    return bool(_RFC_DE_PERSONA.fullmatch((consulta or "").strip().upper()))


def texto_de_caso(caso: Caso) -> str:
    """What a case is found by. No contact persons: an auditor would find whom they may not see."""
    cliente, contrato = caso.cliente, caso.contrato
    partes = [caso.folio, cliente.razon_social, cliente.nombre_comercial, rfc_buscable(cliente.rfc)]
    if contrato:
        partes += [contrato.numero, contrato.servicio, contrato.sede]
    return normalizar(" ".join([*partes, caso.solicitud]))


def sin_personas(filas: QuerySet, rfc: str) -> QuerySet:
    """Whoever reads no personal data finds no natural person by words: their name would be told."""
    return filas.annotate(largo_del_rfc=Length(rfc)).filter(largo_del_rfc__lt=LARGO_DE_PERSONA)


def buscar(casos: QuerySet, consulta: str, *, enmascarado: bool = False) -> QuerySet:
    """Cases whose folio it is or begins with it; otherwise those that hold every word as a fragment."""
    if es_rfc_de_persona(consulta):
        return casos.filter(cliente__rfc=consulta.strip().upper())
    consulta = normalizar(consulta)[:LARGO_CONSULTA]
    if not consulta:
        return casos
    if hallado := _FOLIO.fullmatch(consulta):
        return casos.filter(folio=f"SV-{hallado[1]}-{int(hallado[2]):06d}")
    if _PRINCIPIO.fullmatch(consulta):
        return casos.filter(folio__startswith=consulta.upper())
    if enmascarado:
        casos = sin_personas(casos, "cliente__rfc")
    # Apart from the cases: the narrow table of texts is read alone, not beside each whole case.
    textos = BusquedaCaso.objects.values("caso_id")
    for palabra in consulta.split(" ")[:PALABRAS_MAXIMO]:
        textos = textos.filter(texto__contains=palabra)
    return casos.filter(pk__in=textos)
