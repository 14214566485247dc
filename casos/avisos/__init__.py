"""Layer 2: who is told about which action. Renders and inserts ``Aviso`` rows; never sends.

Called by the door inside the step's transaction. It decides nothing about the step: it reads the
event and the rows that the action concerned. Client-facing letters never see internal reasons.
"""

import logging
import uuid
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from casos.consultas.hechos import Hechos
from casos.models import Aviso, Membresia, Suplencia

from .cartas import boton, componer, contexto_de, hoja_para
from .reglas import REGLAS, TAMBIEN, Destino, Ocasion, traidas

__all__ = ["REGLAS", "TAMBIEN", "Ocasion", "cuenta", "despertar", "dominio", "encolar",
           "nuevo_message_id", "recordar"]  # fmt: skip

log = logging.getLogger(__name__)


def encolar(evento, caso, datos: dict) -> list[Aviso]:
    """Write the mails of ``evento`` into the outbox, in the caller's transaction.

    ``datos``: what was typed, plus the rows concerned (``_opiniones``, ``_ajustes``,
    ``_canceladas``, ``_constancias``, ``_objeto``). Nobody is written about their own act.
    """
    ocasion = Ocasion(evento, caso, datos)
    cartas = []
    for quienes, plantilla in [*REGLAS.get(evento.accion, []), *TAMBIEN]:
        cartas += [(d, plantilla) for d in getattr(ocasion, quienes)()]
    if evento.de and evento.a != evento.de:
        cartas += [(Destino(usuario=u), "avance") for u in _seguidores(caso)]
    if not cartas:
        return []
    direcciones = _direcciones(caso, [d for d, _ in cartas])
    avisos, escritos = [], set()
    for destino, plantilla in cartas:
        contexto = contexto_de(ocasion, destino, plantilla)
        sobre = getattr(destino.sobre, "pk", None)
        for usuario, correo in direcciones(destino):
            # One letter to one person about one thing; the first rule says it best.
            propia = usuario is not None and usuario.pk == evento.actor_id
            if propia or not correo or (correo, sobre, plantilla) in escritos:
                continue
            if plantilla == "avance" and any(c == correo for c, *_ in escritos):
                continue
            escritos.add((correo, sobre, plantilla))
            avisos.append(_aviso(evento, caso, destino, usuario, correo, plantilla, contexto))
    Aviso.objects.bulk_create(avisos)
    if avisos:
        despertar()
    return avisos


def _seguidores(caso):
    return [u for u in getattr(caso, "quienes_siguen", ()) if u.is_active]


def _direcciones(caso, destinos):
    """A function destination → [(person, address)], with an area's members and substitutes."""
    miembros, suplentes = {}, {}
    if any(d.area and not d.area.correo for d in destinos):
        activas = Membresia.objects.filter(activa=True).select_related("usuario")
        for m in traidas(caso, "miembros", activas):
            miembros.setdefault(m.area_id, []).append(m.usuario)
    for s in traidas(caso, "suplencias", _suplencias_de_hoy()):
        suplentes.setdefault(s.titular_id, []).append(s.suplente)

    def direcciones(destino):
        if destino.correo:
            return [(None, destino.correo)]
        if destino.area and destino.area.correo:
            return [(None, destino.area.correo)]
        gente = miembros.get(destino.area.pk, []) if destino.area else [destino.usuario]
        gente = [*gente, *(s for u in gente for s in suplentes.get(u.pk, []))]
        return [(u, u.email) for u in gente if u.is_active]

    return direcciones


def _suplencias_de_hoy():
    hoy = timezone.localdate()
    return Suplencia.objects.filter(
        desde__lte=hoy, hasta__gte=hoy, suplente__is_active=True
    ).select_related("suplente")


def _aviso(evento, caso, destino, usuario, correo, plantilla, contexto) -> Aviso:
    asunto, texto, html = componer(plantilla, contexto)
    return Aviso(
        caso=caso,
        evento=evento,
        plantilla=plantilla,
        usuario=usuario,
        area=destino.area,
        para=correo,
        asunto=asunto,
        texto=texto,
        html=html,
        message_id=nuevo_message_id(),
        en_respuesta_a=hilo(caso),
    )


def dominio() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"


def nuevo_message_id() -> str:
    return f"<sv-{uuid.uuid4().hex}@{dominio()}>"


def hilo(caso) -> str:
    """The same for all the mails of a case: what makes a mail reader thread them."""
    return f"<{caso.folio}@{dominio()}>"


def cuenta(usuario, para: str, asunto: str, texto: str, html="", confidencial=True) -> Aviso:
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


def recordar(constancia) -> list[Aviso]:
    """Reminder of an unconfirmed *constancia* (rule 9); the case does not change.

    Goes to who was told and to whoever substitutes for them today.
    """
    caso, destinatario = constancia.caso, constancia.destinatario
    suplencias = _suplencias_de_hoy().filter(titular=destinatario)
    if caso.hechos is None:
        caso.hechos = Hechos(caso)
    ocasion, destino = Ocasion(None, caso, {}), Destino(usuario=destinatario, sobre=constancia)
    contexto = hoja_para(ocasion, destino, "constancia") | {
        "caso": caso, "cliente": caso.cliente, "sobre": constancia, "recordatorio": True, "para_cliente": False,
        "actor": constancia.registrada_por, "boton": boton("constancia"),
        "enlace": f"{settings.URL_BASE}/casos/{caso.folio}/confirmar_constancia/{constancia.pk}/",
    }  # fmt: skip
    asunto, texto, html = componer("constancia", contexto)
    return Aviso.objects.bulk_create(
        Aviso(
            caso=caso, plantilla="constancia", usuario=u, para=u.email, asunto=asunto,
            texto=texto, html=html, message_id=nuevo_message_id(), en_respuesta_a=hilo(caso),
        )
        for u in [destinatario, *(s.suplente for s in suplencias)]
        if u.email and u.is_active
    )  # fmt: skip


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
