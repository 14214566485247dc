"""The outbox: letters rendered and written as ``Aviso`` rows in the step's transaction.

It decides nothing about the step: it reads the event and the rows that the act concerned. Never
sends. Client-facing letters never see internal reasons.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from casos.actos import SUCESOS
from casos.catalogos import Entrega, EstadoAviso
from casos.models import (
    Aviso,
    Caso,
    Cita,
    Empresa,
    Membresia,
    Suplencia,
    Usuario,
)
from casos.models.preparada import Preparada
from casos.sin_esperar import sin_esperar

from . import invitaciones
from .cartas import componer, contexto_de, contexto_del_resumen
from .ocasion import Destino, Ocasion
from .reglas import REGLAS, RESUMEN, SIEMPRE, Carta

log = logging.getLogger(__name__)

Direcciones = Callable[[Destino, Carta], list[tuple[Usuario | None, str]]]
ESTADO_AL_ESCRIBIR = {
    Entrega.AL_MOMENTO: EstadoAviso.PENDIENTE,
    Entrega.RESUMEN: EstadoAviso.RESUMEN,
    Entrega.NO: EstadoAviso.OMITIDO,
}
SALEN_SOLOS = (EstadoAviso.PENDIENTE, EstadoAviso.ENVIANDO, EstadoAviso.ENVIADO)


def encolar(ocasion: Ocasion) -> list[Aviso]:
    """Write the letters of an event into the outbox, in the caller's transaction.

    Nobody is written about their own act.
    """
    reglas = (*REGLAS[SUCESOS[ocasion.evento.accion]], *SIEMPRE)
    cartas = [(destino, carta) for quienes, carta in reglas for destino in quienes(ocasion)]
    invitaciones.retirar(ocasion.previas)
    if not cartas:
        return []
    direcciones = _direcciones(cartas)
    avisos: list[Aviso] = []
    escritos: set[tuple[str, object, str]] = set()
    for destino, carta in cartas:
        contexto = None
        sobre = getattr(destino.sobre, "pk", None)
        for usuario, correo in direcciones(destino, carta):
            # One letter to one person about one thing; the first rule says it best.
            propia = usuario is not None and usuario.pk == ocasion.evento.actor_id
            buzon = correo.casefold()
            propia = propia and not carta.invita
            if propia or not correo or (buzon, sobre, carta.plantilla) in escritos:
                continue
            if carta.cede and any(c == buzon for c, *_ in escritos):
                continue
            escritos.add((buzon, sobre, carta.plantilla))
            contexto = contexto or contexto_de(ocasion, destino, carta)
            empresa = contexto["empresa"]
            de_parte = {"remitente": empresa.nombre, "logo": empresa.logo} if empresa else {}
            if carta.invita:
                de_parte |= _invitacion(destino, correo)
            lee = _quien_lee_la_respuesta(ocasion, usuario)
            asunto, texto, html = componer(carta, contexto | {"contesta_a": lee})
            avisos.append(
                Aviso(
                    caso=ocasion.caso,
                    evento=ocasion.evento,
                    plantilla=carta.plantilla,
                    usuario=usuario,
                    area=destino.area,
                    para=correo,
                    asunto=asunto,
                    texto=texto,
                    html=html,
                    message_id=nuevo_message_id(),
                    impreso=ocasion.impreso if destino.correo and not carta.invita else None,
                    responder_a=lee.email if lee else "",
                    estado=ESTADO_AL_ESCRIBIR[_entrega(ocasion, destino, carta, usuario)],
                    **de_parte,
                )
            )
    if avisos:
        salen = [a for a in avisos if a.estado == EstadoAviso.PENDIENTE]
        if salen:
            _enlazar(salen)
            despertar()
        Aviso.objects.bulk_create(avisos)
    return avisos


def _invitacion(destino: Destino, correo: str) -> dict[str, Any]:
    cita: Cita = destino.sobre
    # Of whose copy it is: who stands in for somebody goes as long as they do.
    ya_no_va = invitaciones.ya_no_va(cita, destino.usuario)
    texto = invitaciones.texto_para(cita, correo, Empresa.actual().nombre, ya_no_va=ya_no_va)
    return {"cita": cita, "calendario": texto}


def _entrega(ocasion: Ocasion, destino: Destino, carta: Carta, lector: Usuario | None) -> Entrega:
    """At once what asks for an act or leaves the move with its reader; the rest, as the reader wants it."""
    if carta.grupo is None or lector is None:
        return Entrega.AL_MOMENTO
    le_toca = destino.usuario is not None and ocasion.deja_en_sus_manos(destino.usuario)
    if le_toca and (ocasion.evento.a != ocasion.evento.de or not carta.cede):
        return Entrega.AL_MOMENTO
    return lector.entrega_de(carta.grupo)


def _direcciones(cartas: Iterable[tuple[Destino, Carta]]) -> Direcciones:
    """A function (destination, letter) → [(person, address)], with an area's members and substitutes.

    What is asked of an area goes to its common address; what only informs, to each of its people, who
    say how they want it.
    """
    cartas = list(cartas)
    a_su_gente = {d.area.pk for d, c in cartas if d.area and (c.grupo or not d.area.correo)}
    miembros: dict[int, list[Usuario]] = {}
    if a_su_gente:
        activas = Membresia.objects.filter(
            activa=True, area__in=a_su_gente, usuario__is_active=True
        )
        for m in activas.select_related("usuario").order_by("pk"):
            miembros.setdefault(m.area_id, []).append(m.usuario)
    suplentes: dict[int, list[Usuario]] = {}
    if a_su_gente or any(d.usuario for d, _ in cartas):
        for s in _SUPLENCIAS(timezone.localdate()):
            suplentes.setdefault(s.titular_id, []).append(s.suplente)

    def direcciones(destino: Destino, carta: Carta) -> list[tuple[Usuario | None, str]]:
        if destino.correo:
            return [(None, destino.correo)]
        area = destino.area
        gente = miembros.get(area.pk, []) if area else [destino.usuario]
        gente = [*gente, *(s for u in gente if u for s in suplentes.get(u.pk, []))]
        personas: list[tuple[Usuario | None, str]] = [
            (u, u.email) for u in gente if u and u.is_active
        ]
        if area and area.correo and not (carta.grupo and any(correo for _, correo in personas)):
            return [(None, correo) for correo in area.correos]
        return personas

    return direcciones


def _quien_lee_la_respuesta(ocasion: Ocasion, lector: Usuario | None) -> Usuario | None:
    """To whom an answer by mail goes: who leads the case, or who did what the letter tells; never its reader."""
    posibles = (ocasion.caso.responsable, ocasion.evento.actor)
    return next((u for u in posibles if u and u.email and u != lector and u.is_active), None)


_SUPLENCIAS = Preparada(
    lambda hoy: (
        Suplencia.objects.filter(desde__lte=hoy, hasta__gte=hoy, suplente__is_active=True)
        .select_related("suplente")
        .order_by("pk")
    ),
    date,
)


def nuevo_message_id() -> str:
    return f"<sv-{uuid.uuid4().hex}@{invitaciones.dominio()}>"


def _enlazar(avisos: list[Aviso]) -> None:
    """Each answers the first letter of its case to that address, which its reader has: a mail reader threads them."""
    casos, direcciones = {a.caso_id for a in avisos}, {a.para for a in avisos}
    # Of those that went, or will go, by themselves.
    anteriores = Aviso.objects.filter(
        caso__in=casos, para__in=direcciones, estado__in=SALEN_SOLOS
    ).order_by("-pk")
    primeras: dict[tuple[int | None, str], str] = {
        (caso, para): message_id
        for caso, para, message_id in anteriores.values_list("caso_id", "para", "message_id")
    }
    for aviso in avisos:
        propia = primeras.setdefault((aviso.caso_id, aviso.para), aviso.message_id)
        aviso.en_respuesta_a = "" if propia == aviso.message_id else propia


def cuenta(
    usuario: Usuario | None,
    para: str,
    asunto: str,
    texto: str,
    html: str = "",
    confidencial: bool = True,
    plantilla: str = "cuenta",
) -> Aviso:
    """A mail about an account (invitation, password), or about none; what is confidential is wiped once sent."""
    aviso = Aviso.objects.create(
        plantilla=plantilla,
        usuario=usuario,
        para=para,
        asunto=" ".join(asunto.split())[:255],
        texto=texto,
        html=html,
        message_id=nuevo_message_id(),
        confidencial=confidencial,
    )
    despertar()
    return aviso


def resumir(usuario: Usuario, manana: Any, cartas: Iterable[Aviso]) -> Aviso:
    """The letter of a person's morning, which carries ``cartas``; in the caller's transaction."""
    asunto, texto, html = componer(RESUMEN, contexto_del_resumen(manana))
    resumen = Aviso.objects.create(
        plantilla=RESUMEN.plantilla,
        usuario=usuario,
        para=usuario.email,
        asunto=asunto,
        texto=texto,
        html=html,
        message_id=nuevo_message_id(),
    )
    van = Aviso.objects.filter(pk__in=[c.pk for c in cartas], estado=EstadoAviso.RESUMEN)
    van.update(estado=EstadoAviso.RESUMIDO, resumen=resumen)
    despertar()
    return resumen


def retirar_las_de_antes(usuario: Usuario) -> None:
    """A morning that did not leave is no longer true: today's tells what it carried."""
    suyas = Aviso.objects.filter(
        usuario=usuario,
        plantilla=RESUMEN.plantilla,
        estado__in=[EstadoAviso.PENDIENTE, EstadoAviso.FALLIDO],
    )
    viejas = list(suyas.select_for_update().values_list("pk", flat=True))
    if viejas:
        llevaban = Aviso.objects.filter(resumen__in=viejas, estado=EstadoAviso.RESUMIDO)
        llevaban.update(estado=EstadoAviso.RESUMEN, resumen=None)
        Aviso.objects.filter(pk__in=viejas).update(estado=EstadoAviso.OMITIDO)


def por_leer(usuario: Usuario | int) -> QuerySet[Aviso]:
    """What waits for the person's next morning."""
    return Aviso.objects.filter(usuario=usuario, estado=EstadoAviso.RESUMEN)


_POR_LEER = Preparada(
    lambda usuario, caso: por_leer(usuario).filter(caso=caso).values_list("pk")[:1], int, int
)


def marcar_leidas(usuario: Usuario, caso: Caso) -> None:
    """Whoever opens a case has what happened in it before them: the morning's letter leaves it out.

    Nothing is written where nothing waits, which is nearly always.
    """
    if _POR_LEER(usuario.pk, caso.pk):
        try:
            with sin_esperar():
                por_leer(usuario).filter(caso=caso.pk).update(estado=EstadoAviso.LEIDO)
        except DatabaseError:  # somebody else is writing, or nobody may: the letter stays
            log.info("No se marcaron como leídas las cartas de %s.", caso)


def soltar_lo_que_nadie_lee() -> int:
    """What waited for the morning of who left meanwhile, or has no address any longer."""
    lectores = Usuario.objects.activos().exclude(email="")
    esperan = Aviso.objects.filter(estado=EstadoAviso.RESUMEN)
    return esperan.exclude(usuario__in=lectores.values("pk")).update(estado=EstadoAviso.OMITIDO)


def despertar() -> None:
    """Wake the worker once the transaction is in; the minute's sweep is the guarantee."""
    conexion = transaction.get_connection()
    if conexion.in_atomic_block:
        if any(f[1] is _avisar_al_trabajador for f in conexion.run_on_commit):
            return
        transaction.on_commit(_avisar_al_trabajador)
    else:
        _avisar_al_trabajador()


def _avisar_al_trabajador() -> None:
    from django_q.tasks import async_task

    try:
        async_task("casos.tareas.enviar_avisos")
    except Exception:  # the broker may be down: the step is done, the sweep will send
        log.exception("No se pudo despertar al trabajador; el barrido enviará los correos.")
