"""What waits for a person, as their own calendar shows it (RFC 5545). Reads only; no HTTP.

Days are events of the whole day: many calendars show no tasks. One statement a kind, each bounded; what is in
it is what *Mis pendientes* would have, and only of cases that the person may see. No person of the client is
named: it is kept by servers that are not ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from casos.calendario import medianoche
from casos.catalogos import ROLES_COMERCIALES, Estado, EstadoCita
from casos.correo.invitaciones import dominio, evento_de, icalendar, nuevo_calendario
from casos.models import Ajuste, Caso, Cita, Opinion, Usuario
from casos.textos import en_un_renglon

from .le_toca import le_toca_a

ATRAS, ADELANTE = timedelta(days=30), timedelta(days=365)  # naturales
DE_CADA_CLASE = 300
CADA = "PT1H"  # how often it is worth asking again


def calendario_de(usuario: Usuario) -> bytes:
    """Due dates and appointments of ``usuario`` and of whom they stand in for."""
    ahora = timezone.now()
    calendario = nuevo_calendario()
    calendario.add("method", "PUBLISH")
    calendario.add("x-wr-calname", "Seguimiento de venta")
    calendario.add("x-wr-timezone", "America/Mexico_City")
    calendario.add("x-published-ttl", CADA)
    for evento in _eventos(usuario, ahora):
        calendario.add_component(evento)
    return calendario.to_ical()


def _eventos(usuario: Usuario, ahora: datetime) -> Iterator[Any]:
    hoy = timezone.localdate(ahora)
    plazo = (hoy - ATRAS, hoy + ADELANTE)
    suyos = [c.usuario_id for c in usuario.cargos if c.rol in ROLES_COMERCIALES]
    visibles = Caso.objects.visibles_para(usuario)
    abiertos = visibles.abiertos().select_related("cliente")
    for cita in _citas(usuario, suyos, hoy):
        evento = evento_de(cita, ahora)
        _con_el_caso(evento, cita.caso, f"{cita.asunto} – {cita.caso.cliente}")
        yield evento
    toca = abiertos.filter(le_toca_a(usuario.cargos, hoy), vence__range=plazo)
    for caso in _los_primeros(toca, "vence"):
        yield _dia(caso, caso.vence, "vence", f"Vence: {caso.etiqueta_estado}", ahora)
    acciones = abiertos.filter(responsable__in=suyos, proxima_fecha__range=plazo)
    for caso in _los_primeros(acciones, "proxima_fecha"):
        que = caso.proxima_accion or "Seguir el caso"
        yield _dia(caso, caso.proxima_fecha, "accion", que, ahora)
    llamadas = visibles.filter(
        estado=Estado.CERRADO, responsable__in=suyos, llamar_fecha__range=plazo
    ).select_related("cliente")
    for caso in _los_primeros(llamadas, "llamar_fecha"):
        yield _dia(caso, caso.llamar_fecha, "llamada", "Volver a llamar", ahora)
    if usuario.areas_ids:
        for modelo, que in ((Opinion, "Opinión"), (Ajuste, "Ajuste")):
            filas: Any = modelo.objects.por_responder(usuario).filter(vence__range=plazo)  # type: ignore[attr-defined]
            for fila in _los_primeros(filas.select_related("area", "caso__cliente"), "vence"):
                clase = f"{modelo._meta.model_name}-{fila.pk}"
                yield _dia(fila.caso, fila.vence, clase, f"{que} de {fila.area}", ahora)


def _citas(usuario: Usuario, suyos: list[int], hoy: date) -> QuerySet[Cita]:
    """Of their cases, and those that they organise in a case they may see."""
    visibles = Caso.objects.visibles_para(usuario).values("pk")
    desde, hasta = (medianoche(d) for d in (hoy - ATRAS, hoy + ADELANTE))
    filas = Cita.objects.filter(
        Q(caso__responsable__in=suyos) | Q(organizada_por=usuario.pk, caso__in=visibles),
        estado__in=[EstadoCita.PROGRAMADA, EstadoCita.CELEBRADA],
        inicio__range=(desde, hasta),
    )
    return _los_primeros(filas.select_related("caso__cliente"), "inicio")


def _los_primeros(filas: QuerySet[Any], campo: str) -> QuerySet[Any]:
    """Should there be more than fit, the newest: what is behind is in the tray all the same."""
    return filas.order_by(f"-{campo}", "-pk")[:DE_CADA_CLASE]


def _dia(caso: Caso, dia: date | None, clase: str, que: str, ahora: datetime) -> Any:
    assert dia is not None
    evento = icalendar.Event()
    evento.add("uid", f"{caso.folio.lower()}-{clase}@{dominio()}")
    evento.add("dtstamp", ahora)
    evento.add("dtstart", dia)
    evento.add("dtend", dia + timedelta(days=1))
    evento.add("transp", "TRANSPARENT")
    _con_el_caso(evento, caso, f"{que} – {caso.cliente}")
    return evento


def _con_el_caso(evento: Any, caso: Caso, titulo: str) -> None:
    url = settings.URL_BASE + caso.get_absolute_url()
    evento.pop("summary", None)
    evento.add("summary", en_un_renglon(titulo))
    evento.add("description", f"Caso {caso.folio}\n{url}")
    evento.add("url", url)
