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
from casos.models.iguales import Igual

from .indice import NOMBRES, poner_al_dia

ALTA = "alta"
# Columns that the product keeps for itself.
INTERNAS = {
    "id", "texto_busqueda", "texto_nombres", "texto_contacto", "texto_version", "creado_en",
    "suprimida_en", "version", "fusionado_en",
}  # fmt: skip
DelCliente = Cliente | PersonaContacto | Contrato


def leida(fila: DelCliente) -> dict[str, Any]:
    """Its columns as they stand, to be compared once it is saved."""
    return {c.attname: getattr(fila, c.attname) for c in fila._meta.concrete_fields}


def guardada(fila: DelCliente) -> dict[str, Any]:
    """As it is in the database, whoever has already assigned to it."""
    return leida(type(fila)._default_manager.get(pk=fila.pk))


def dejar_alta(fila: DelCliente, autor: Usuario | None) -> None:
    _escribir(fila, autor, [(ALTA, "Se agregó", "", str(fila))], "")
    if isinstance(fila, PersonaContacto):
        poner_al_dia(fila.cliente)


def dejar_rastro(
    fila: DelCliente, antes: dict[str, Any], autor: Usuario | None, motivo: str = ""
) -> list[tuple[str, str, str]]:
    """What of it is no longer as it was: name, old, new."""
    cambios = [
        (
            c.name,
            str(c.verbose_name),
            _dicho(antes[c.attname], c),
            _dicho(getattr(fila, c.attname), c),
        )
        for c in fila._meta.concrete_fields
        if c.name not in INTERNAS
        and not isinstance(c, Igual)
        and antes[c.attname] != getattr(fila, c.attname)
    ]
    _escribir(fila, autor, cambios, motivo)
    if isinstance(fila, PersonaContacto) and cambios:
        poner_al_dia(fila.cliente)
    elif isinstance(fila, Cliente) and any(campo in NOMBRES for campo, *_ in cambios):
        poner_al_dia(fila)
    return [(etiqueta, viejo, nuevo) for _, etiqueta, viejo, nuevo in cambios]


def dejar_paso_a(fila: DelCliente, de: Cliente, a: Cliente, autor: Usuario | None) -> None:
    """It belongs to another client now: they were merged."""
    _escribir(fila, autor, [("cliente", "cliente", str(de), str(a))], "Se fusionaron")


def _escribir(fila: DelCliente, autor: Usuario | None, cambios: list, motivo: str) -> None:
    de = {
        "cliente_id": fila.pk if isinstance(fila, Cliente) else fila.cliente_id,
        "persona": fila if isinstance(fila, PersonaContacto) else None,
        "contrato": fila if isinstance(fila, Contrato) else None,
        "en": timezone.now(),
        "autor": autor,
        "motivo": motivo,
    }
    Rastro.objects.bulk_create(
        Rastro(campo=campo, etiqueta=etiqueta, antes=viejo, despues=nuevo, **de)
        for campo, etiqueta, viejo, nuevo in cambios
    )


def _dicho(valor: Any, columna: models.Field) -> str:
    if valor in (None, ""):
        return ""
    if columna.name == "telefono":
        return telefonos.mostrar(valor)
    if isinstance(valor, bool):
        return "sí" if valor else "no"
    return f"{valor:%d/%m/%Y}" if isinstance(valor, date) else str(valor)
