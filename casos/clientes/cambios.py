"""The trace of a change: every write on a client, a person or a contract leaves it through here.

So the texts that a client is found by are kept true here too (``indice``).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone

from casos import telefonos
from casos.models import Cliente, Contrato, PersonaContacto, Rastro, Usuario
from casos.models.iguales import Clave

from .indice import NOMBRES, poner_al_dia

ALTA = "alta"
# Columns that the product keeps for itself.
INTERNAS = {
    "id", "texto_busqueda", "texto_nombres", "texto_contacto", "texto_version", "creado_en",
    "suprimida_en", "bloqueada_en", "origen_folio", "origen_importacion",
    "version", "fusionado_en",
}  # fmt: skip
DelCliente = Cliente | PersonaContacto | Contrato


def leida(fila: DelCliente) -> dict[str, Any]:
    """Its columns as they stand, to be compared once it is saved."""
    return {c.attname: getattr(fila, c.attname) for c in fila._meta.concrete_fields}


def guardada(fila: DelCliente) -> dict[str, Any]:
    """As it is in the database, whoever has already assigned to it."""
    return leida(type(fila)._default_manager.get(pk=fila.pk))


def dejar_alta(fila: DelCliente, autor: Usuario | None) -> None:
    Rastro.objects.bulk_create(alta_de(fila, autor))
    if isinstance(fila, PersonaContacto):
        poner_al_dia(fila.cliente)


def alta_de(fila: DelCliente, autor: Usuario | None) -> list[Rastro]:
    """Its trace, unsaved: who writes many rows writes their traces at once."""
    return _rastros(fila, autor, [(ALTA, "Se agregó", "", str(fila))], "")


def dejar_rastro(
    fila: DelCliente, antes: dict[str, Any], autor: Usuario | None, motivo: str = ""
) -> None:
    """What of it is no longer as it was: name, old, new."""
    rastros = rastro_de(fila, antes, autor, motivo)
    Rastro.objects.bulk_create(rastros)
    if isinstance(fila, PersonaContacto) and rastros:
        poner_al_dia(fila.cliente)
    elif isinstance(fila, Cliente) and any(r.campo in NOMBRES for r in rastros):
        poner_al_dia(fila)


def rastro_de(
    fila: DelCliente, antes: dict[str, Any], autor: Usuario | None, motivo: str = ""
) -> list[Rastro]:
    """The same, unsaved: who writes many rows keeps the texts of search true too (``indice``)."""
    cambios = [
        (
            c.name,
            str(c.verbose_name),
            _dicho(antes[c.attname], c),
            _dicho(getattr(fila, c.attname), c),
        )
        for c in fila._meta.concrete_fields
        if c.name not in INTERNAS
        and not isinstance(c, Clave)
        and antes[c.attname] != getattr(fila, c.attname)
    ]
    return _rastros(fila, autor, cambios, motivo)


def dejar_paso_a(fila: DelCliente, de: Cliente, a: Cliente, autor: Usuario | None) -> None:
    """It belongs to another client now: they were merged."""
    cambio = [("cliente", "cliente", str(de), str(a))]
    Rastro.objects.bulk_create(_rastros(fila, autor, cambio, "Se fusionaron"))


def _rastros(fila: DelCliente, autor: Usuario | None, cambios: list, motivo: str) -> list[Rastro]:
    de = {
        "cliente_id": fila.pk if isinstance(fila, Cliente) else fila.cliente_id,
        "persona": fila if isinstance(fila, PersonaContacto) else None,
        "contrato": fila if isinstance(fila, Contrato) else None,
        "en": timezone.now(),
        "autor": autor,
        "motivo": motivo,
    }
    return [
        Rastro(campo=campo, etiqueta=etiqueta, antes=viejo, despues=nuevo, **de)
        for campo, etiqueta, viejo, nuevo in cambios
    ]


def _dicho(valor: Any, columna: models.Field) -> str:
    if valor in (None, ""):
        return ""
    if columna.name == "telefono":
        return telefonos.mostrar(valor)
    if isinstance(valor, bool):
        return "sí" if valor else "no"
    if columna.choices:
        return str(dict(columna.flatchoices).get(valor, valor))
    return f"{valor:%d/%m/%Y}" if isinstance(valor, date) else str(valor)
