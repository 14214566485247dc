"""The outbox: letters rendered and written as ``Aviso`` rows in the step's transaction.

It decides nothing about the step: it reads the event and the rows that the act concerned. Never
sends. Client-facing letters never see internal reasons.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from casos.actos import SUCESOS
from casos.catalogos import EstadoAviso
from casos.expediente import Expediente
from casos.models import (
    Ajuste,
    Aviso,
    Caso,
    Constancia,
    Membresia,
    Opinion,
    Propuesta,
    Suplencia,
    Usuario,
)

from .cartas import componer, contexto_de, enlace_a
from .ocasion import Destino, Ocasion
from .reglas import (
    AJUSTE_VENCIDO,
    CERRAR_SIN_RESPUESTA,
    CONSTANCIA,
    DESHACER_VENCIDO,
    OPINION_VENCIDA,
    PROPUESTA_VENCIDA,
    REGLAS,
    SIEMPRE,
    Carta,
)

log = logging.getLogger(__name__)

Direcciones = Callable[[Destino], list[tuple[Usuario | None, str]]]


def encolar(ocasion: Ocasion) -> list[Aviso]:
    """Write the letters of an event into the outbox, in the caller's transaction.

    Nobody is written about their own act.
    """
    reglas = (*REGLAS[SUCESOS[ocasion.evento.accion]], *SIEMPRE)
    cartas = [(destino, carta) for quienes, carta in reglas for destino in quienes(ocasion)]
    if not cartas:
        return []
    direcciones = _direcciones([d for d, _ in cartas])
    avisos: list[Aviso] = []
    escritos: set[tuple[str, object, str]] = set()
    for destino, carta in cartas:
        contexto = None
        sobre = getattr(destino.sobre, "pk", None)
        for usuario, correo in direcciones(destino):
            # One letter to one person about one thing; the first rule says it best.
            propia = usuario is not None and usuario.pk == ocasion.evento.actor_id
            buzon = correo.casefold()
            if propia or not correo or (buzon, sobre, carta.plantilla) in escritos:
                continue
            if carta.cede and any(c == buzon for c, *_ in escritos):
                continue
            escritos.add((buzon, sobre, carta.plantilla))
            contexto = contexto or contexto_de(ocasion, destino, carta)
            empresa = contexto["empresa"]
            de_parte = {"remitente": empresa.nombre, "logo": empresa.logo} if empresa else {}
            lee = _quien_lee_la_respuesta(ocasion, usuario)
            asunto, texto, html = componer(carta, contexto | {"contesta_a": lee})
            avisos.append(
                _aviso(
                    ocasion.caso,
                    carta,
                    usuario,
                    correo,
                    asunto,
                    texto,
                    html,
                    evento=ocasion.evento,
                    area=destino.area,
                    responder_a=lee.email if lee else "",
                    **de_parte,
                )
            )
    if avisos:
        _enlazar(avisos)
        Aviso.objects.bulk_create(avisos)
        despertar()
    return avisos


def _direcciones(destinos: Iterable[Destino]) -> Direcciones:
    """A function destination → [(person, address)], with an area's members and substitutes."""
    destinos = list(destinos)
    sin_buzon = {d.area.pk for d in destinos if d.area and not d.area.correo}
    miembros: dict[int, list[Usuario]] = {}
    if sin_buzon:
        activas = Membresia.objects.filter(activa=True, area__in=sin_buzon, usuario__is_active=True)
        for m in activas.select_related("usuario").order_by("pk"):
            miembros.setdefault(m.area_id, []).append(m.usuario)
    suplentes: dict[int, list[Usuario]] = {}
    if sin_buzon or any(d.usuario for d in destinos):
        for s in _suplencias_de_hoy():
            suplentes.setdefault(s.titular_id, []).append(s.suplente)

    def direcciones(destino: Destino) -> list[tuple[Usuario | None, str]]:
        if destino.correo:
            return [(None, destino.correo)]
        if destino.area and destino.area.correo:
            return [(None, correo) for correo in destino.area.correos]
        gente = miembros.get(destino.area.pk, []) if destino.area else [destino.usuario]
        gente = [*gente, *(s for u in gente if u for s in suplentes.get(u.pk, []))]
        return [(u, u.email) for u in gente if u and u.is_active]

    return direcciones


def _quien_lee_la_respuesta(ocasion: Ocasion, lector: Usuario | None) -> Usuario | None:
    """To whom an answer by mail goes: who leads the case, or who did what the letter tells; never its reader."""
    posibles = (ocasion.caso.responsable, ocasion.evento.actor)
    return next((u for u in posibles if u and u.email and u != lector and u.is_active), None)


def _suplencias_de_hoy() -> QuerySet[Suplencia]:
    hoy = timezone.localdate()
    return (
        Suplencia.objects.filter(desde__lte=hoy, hasta__gte=hoy, suplente__is_active=True)
        .select_related("suplente")
        .order_by("pk")
    )


def _aviso(
    caso: Caso,
    carta: Carta,
    usuario: Usuario | None,
    para: str,
    asunto: str,
    texto: str,
    html: str,
    **mas: object,
) -> Aviso:
    return Aviso(
        caso=caso,
        plantilla=carta.plantilla,
        usuario=usuario,
        para=para,
        asunto=asunto,
        texto=texto,
        html=html,
        message_id=nuevo_message_id(),
        **mas,
    )


def dominio() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"


def nuevo_message_id() -> str:
    return f"<sv-{uuid.uuid4().hex}@{dominio()}>"


def _enlazar(avisos: list[Aviso]) -> None:
    """Each answers the first letter of its case to that address, which its reader has: a mail reader threads them."""
    casos, direcciones = {a.caso_id for a in avisos}, {a.para for a in avisos}
    anteriores = Aviso.objects.filter(caso__in=casos, para__in=direcciones)
    anteriores = anteriores.exclude(estado=EstadoAviso.FALLIDO).order_by("-pk")
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
) -> Aviso:
    """A mail about an account (invitation, password); its body is wiped once sent."""
    aviso = Aviso.objects.create(
        plantilla="cuenta",
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


def recordar(exp: Expediente, constancia: Constancia) -> list[Aviso]:
    """Reminder of an unconfirmed *constancia* (rule 9); the case does not change.

    Goes to who was told and to whoever substitutes for them today.
    """
    destino = Destino(usuario=constancia.destinatario, sobre=constancia)
    mas = {"recordatorio": True, "actor": constancia.registrada_por}
    return _sin_acto(exp, [(destino, CONSTANCIA)], mas)


def avisar_de_vencida(exp: Expediente, fila: Opinion | Ajuste | Propuesta) -> list[Aviso]:
    """What is overdue is somebody's move from now on (rule 13); the case does not change."""
    ocasion = _ocasion(exp, fila)
    if isinstance(fila, Propuesta):
        quienes = ocasion.responsable() or ocasion.gerencia_sin_fila()
        cartas = [(d, PROPUESTA_VENCIDA) for d in quienes]
        if exp.caso.intentos_completos:
            cartas += [(d, CERRAR_SIN_RESPUESTA) for d in ocasion.gerencia_sin_fila()]
        return _sin_acto(exp, cartas)
    carta = OPINION_VENCIDA
    if isinstance(fila, Ajuste):
        carta = DESHACER_VENCIDO if fila.deshace_id else AJUSTE_VENCIDO
    return _sin_acto(exp, [(d, carta) for d in ocasion.gerencia_de_la_fila()])


def _ocasion(exp: Expediente, fila: object = None) -> Ocasion:
    evento = exp.caso.eventos.order_by("-numero").first()
    assert evento is not None  # a case begins with one
    return Ocasion(evento, exp, fila=fila)


def _sin_acto(
    exp: Expediente, cartas: list[tuple[Destino, Carta]], mas: dict[str, object] | None = None
) -> list[Aviso]:
    """Letters that no act brings about, to persons and to whoever substitutes for them today."""
    ocasion = _ocasion(exp)
    direcciones = _direcciones([d for d, _ in cartas])
    avisos = []
    for destino, carta in cartas:
        enlace = enlace_a(exp.caso, carta, destino.sobre)
        contexto = contexto_de(ocasion, destino, carta) | {"enlace": enlace} | (mas or {})
        for usuario, correo in direcciones(destino):
            if correo:
                lee = _quien_lee_la_respuesta(ocasion, usuario)
                asunto, texto, html = componer(carta, contexto | {"contesta_a": lee})
                responder_a = lee.email if lee else ""
                avisos.append(
                    _aviso(
                        exp.caso,
                        carta,
                        usuario,
                        correo,
                        asunto,
                        texto,
                        html,
                        responder_a=responder_a,
                    )
                )
    _enlazar(avisos)
    return Aviso.objects.bulk_create(avisos)


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
