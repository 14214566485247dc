"""Suppression of a contact person's data (LFPDPPP)."""

import re
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.html import escape

from casos import telefonos
from casos.archivos import disco
from casos.catalogos import EstadoAviso, EstadoImportacion, Hecho, TipoImportacion
from casos.impresos.congelar import suprimir_en_impresos
from casos.models import (
    Aviso,
    Borrador,
    Caso,
    Importacion,
    PersonaContacto,
    Prueba,
    Satisfaccion,
    TextoEvento,
)
from casos.pruebas import probando
from casos.seguridad.anotar import anotar

from .altas import con_candado
from .indice import poner_al_dia

OTRA_VEZ = (
    "Se suprimieron los datos de una persona y el archivo se borró: súbelo otra vez sin ellos."
)


@transaction.atomic
def suprimir_persona(persona: PersonaContacto) -> None:
    """Personal data go, also those typed in the log and in mails; the case and its chain stay.

    LFPDPPP. What was not sent yet is not sent. The proof of what the case's rows were is salted anew.
    """
    # As who saves a batch: the import first, then whom it brings. The other way round each would wait for the other.
    importaciones = _importaciones_con_personas()
    # As an act: the case first, then whom it names.
    suyos = Q(cliente=persona.cliente_id) | Q(avisos__cita__persona=persona)
    casos = set(Caso.objects.filter(suyos).values_list("pk", flat=True))
    with probando(casos, Prueba.Motivo.SUPRESION):
        _suprimir(persona, importaciones)


def _suprimir(persona: PersonaContacto, importaciones) -> None:
    ahora = timezone.now()
    con_candado(persona)
    _suprimir_en_correos(persona, ahora)
    suprimir_en_impresos(persona)
    # Every invitation to meet them names them, whoever it was sent to.
    invitaciones = Aviso.objects.filter(cita__persona=persona).exclude(calendario="")
    invitaciones.update(
        calendario="", suprimido_en=timezone.now()
    )  # another stamp, or it is refused
    # Their own words about the change; how they rated it stays, with nobody's name.
    Satisfaccion.objects.filter(persona=persona).update(comentario="")
    _suprimir_en_importaciones(importaciones)
    _suprimir_en_borradores(persona)
    persona.nombre = f"Contacto suprimido nº {persona.pk}"
    persona.puesto = persona.telefono = persona.correo = ""
    persona.activa = False
    persona.suprimida_en = ahora
    persona.save()
    persona.rastros.filter(suprimido_en=None).update(antes="", despues="", suprimido_en=ahora)
    poner_al_dia(persona.cliente)
    # Who was created in place was typed there; the event says which person it was.
    TextoEvento.objects.filter(
        personal=True,
        evento__caso__cliente=persona.cliente_id,
        evento__datos__persona=f"personacontacto:{persona.pk}",
    ).update(texto="", suprimido_en=ahora)
    anotar(Hecho.SUPRESION, que=f"persona de contacto {persona.pk}", cliente=persona.cliente_id)


def _suprimir_en_borradores(persona: PersonaContacto) -> None:
    """What somebody was typing about the client, or with any of their data, goes as it is."""
    suyos = Q(cliente=persona.cliente_id)
    dichos = {persona.nombre, persona.correo, persona.telefono} - {""}
    for pk, datos in Borrador.objects.exclude(suyos).values_list("pk", "datos"):
        texto = " ".join(v for vs in datos.values() for v in vs).casefold()
        if any(d.casefold() in texto for d in dichos):
            suyos |= Q(pk=pk)
    Borrador.objects.filter(suyos).update(datos={}, cerrado_en=timezone.now())


def _importaciones_con_personas() -> list[Importacion]:
    con_personas = (TipoImportacion.CLIENTES, TipoImportacion.CASOS)
    filas = Importacion.objects.filter(tipo__in=con_personas, olvidada=False).order_by("pk")
    return list(filas.select_for_update())


def _suprimir_en_importaciones(importaciones: list[Importacion]) -> None:
    """What came in by a workbook a few days ago holds the same data: file and rows go now."""
    for importacion in importaciones:
        importacion.renglones.all().delete()
        transaction.on_commit(partial(disco.borrar, importacion.archivo.name))
        if importacion.estado != EstadoImportacion.TERMINADA:
            importacion.estado, importacion.mensaje = EstadoImportacion.CANCELADA, OTRA_VEZ
        importacion.archivo, importacion.olvidada = "", True
        importacion.save(update_fields=["archivo", "olvidada", "estado", "mensaje"])


def _suprimir_en_correos(persona: PersonaContacto, ahora: datetime) -> None:
    """What the firm offered stays readable; to whom, by name and address, does not."""
    otras = PersonaContacto.objects.filter(cliente=persona.cliente_id).exclude(pk=persona.pk)
    # A case's mails went to its person, perhaps by an address they had before.
    suyos = Q(caso__persona=persona) & ~Q(para__in=otras.exclude(correo="").values("correo"))
    if persona.correo:
        suyos |= Q(para__iexact=persona.correo)
    al_cliente = Aviso.objects.filter(
        suyos, usuario=None, area=None, caso__cliente=persona.cliente_id
    )
    avisos = list(al_cliente.select_for_update(of=("self",)))
    for aviso in avisos:
        datos = {aviso.para, persona.correo, persona.nombre} - {""}
        formas = "|".join(
            [
                *(re.escape(f) for d in datos for f in {d, escape(d)}),
                *telefonos.patrones(persona.telefono),
            ]
        )
        for campo, largo in (("asunto", 255), ("texto", None), ("html", None), ("error", 500)):
            # Whole words: a short name is also a part of others.
            valor = re.sub(rf"(?<!\w)(?:{formas})(?!\w)", "«suprimido»", getattr(aviso, campo))
            setattr(aviso, campo, valor[:largo])
        aviso.para, aviso.suprimido_en = Aviso.SUPRIMIDO, ahora
        if aviso.estado in (EstadoAviso.PENDIENTE, EstadoAviso.FALLIDO):
            aviso.estado = EstadoAviso.FALLIDO
            aviso.error = "Los datos de la persona se suprimieron: ya no se le escribe."
    # One that a worker is sending right now keeps its claim.
    Aviso.objects.bulk_update(
        avisos, ["para", "asunto", "texto", "html", "error", "estado", "suprimido_en"]
    )
