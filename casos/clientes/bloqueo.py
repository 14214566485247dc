"""Blocking a contact person (LFPDPPP): before their data are suppressed they stand apart, and nobody uses them.

Their row says only that somebody is blocked, so no page, list, mail or workbook needs to know more.
"""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from casos.catalogos import Hecho
from casos.models import (
    AvisoPrivacidad,
    Bloqueo,
    EntregaDeAviso,
    PersonaContacto,
    Rastro,
    Usuario,
)
from casos.seguridad.anotar import anotar

from .altas import con_candado
from .indice import poner_al_dia

CAMPOS = ("nombre", "puesto", "telefono", "correo", "activa")
YA_NO = "Los datos de esta persona ya se bloquearon o se suprimieron."


def en_lugar_del_nombre(persona: PersonaContacto) -> str:
    """What the row of who is blocked says."""
    return f"Contacto bloqueado nº {persona.pk}"


@transaction.atomic
def bloquear(persona: PersonaContacto, *, motivo: str, hasta: date, por: Usuario | None) -> Bloqueo:
    """Put their data apart. Raises ``ValidationError`` where they already are, or are gone."""
    con_candado(persona)
    if persona.se_fue:
        raise ValidationError(YA_NO)
    suyos = {c: getattr(persona, c) for c in CAMPOS}
    bloqueo = Bloqueo.objects.create(persona=persona, **suyos, motivo=motivo, hasta=hasta, por=por)
    persona.nombre = en_lugar_del_nombre(persona)
    persona.puesto = persona.telefono = persona.correo = ""
    persona.activa, persona.bloqueada_en = False, timezone.now()
    persona.save()
    _anotar(persona, "bloqueo", "Se bloquearon sus datos", por)
    return bloqueo


@transaction.atomic
def desbloquear(persona: PersonaContacto, *, motivo: str, por: Usuario | None) -> None:
    """Give their data back. Raises ``ValidationError`` where they are not blocked."""
    con_candado(persona)
    bloqueo = Bloqueo.objects.select_for_update().filter(persona=persona).first()
    if bloqueo is None:
        raise ValidationError("Los datos de esta persona no están bloqueados.")
    for campo in CAMPOS:
        setattr(persona, campo, getattr(bloqueo, campo))
    persona.bloqueada_en = None
    persona.save()
    bloqueo.delete()
    _anotar(persona, "bloqueo", "Se quitó el bloqueo de sus datos", por, motivo)


def _anotar(
    persona: PersonaContacto, campo: str, etiqueta: str, por: Usuario | None, motivo: str = ""
) -> None:
    Rastro.objects.create(
        cliente_id=persona.cliente_id,
        persona=persona,
        autor=por,
        campo=campo,
        etiqueta=etiqueta,
        motivo=motivo,
    )
    poner_al_dia(persona.cliente)
    anotar(Hecho.PRIVACIDAD, autor=por, que=etiqueta, persona_de_contacto=persona.pk)


@transaction.atomic
def dar_aviso(
    persona: PersonaContacto, *, aviso: AvisoPrivacidad, como: str, fecha: date, por: Usuario
) -> EntregaDeAviso:
    """That they were given this notice. Raises ``ValidationError`` of who is blocked or suppressed."""
    con_candado(persona)
    if persona.se_fue:
        raise ValidationError(YA_NO)
    return EntregaDeAviso.objects.create(
        persona=persona, aviso=aviso, como=como, fecha=fecha, anotada_por=por
    )
