"""An appointment as an invitation for calendars (RFC 5545, 5546): its text, and to whom it was sent.

Hours are written in UTC, which every reader turns into its own: a zone that is named is looked up in the
reader's tables, and old ones still have Mexico's summer time. The letter says the hour of Mexico City. No
reason of ours enters a text that leaves.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone

from casos.al_usarse import AlUsarse
from casos.catalogos import EstadoAviso, EstadoCita
from casos.models import Aviso, Cita, Usuario
from casos.textos import en_un_renglon

icalendar = AlUsarse("icalendar")
PRODUCTO = "-//Seguimiento de venta//IT-AC-VTA-VTAS-21//ES"
ARCHIVO = "invite.ics"
SIN_SALIR = (EstadoAviso.PENDIENTE, EstadoAviso.FALLIDO)


def dominio() -> str:
    """Of the sender's address: what ``Message-ID`` and ``UID`` end in."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"


def nuevo_uid() -> str:
    return f"cita-{uuid.uuid4()}@{dominio()}"


# -- its text --------------------------------------------------------------------------------------


def secuencia_de(cita: Cita) -> int:
    """It grows with every move; cancelling is the last of them."""
    return cita.movimientos + (cita.estado == EstadoCita.CANCELADA)


def metodo_para(cita: Cita, para: str, *, ya_no_va: bool = False) -> str:
    """Who organises is not asked: to them it is told, for no calendar takes a request of its owner.

    ``ya_no_va``: somebody of the house who has it and goes no more; for them it is cancelled.
    """
    if ya_no_va:
        return "CANCEL"
    if para.casefold() == cita.organizada_por.email.casefold():
        return "PUBLISH"
    return "CANCEL" if cita.estado == EstadoCita.CANCELADA else "REQUEST"


def metodo_de(calendario: str) -> str:
    """The method that a kept invitation says."""
    return next(
        (r.removeprefix("METHOD:") for r in calendario.splitlines() if r.startswith("METHOD:")),
        "PUBLISH",
    )


def texto_para(cita: Cita, para: str, empresa: str, *, ya_no_va: bool = False) -> str:
    """What the calendar of ``para`` is given. ``empresa``: who invites, by name; ``ya_no_va``: as above."""
    organiza = cita.organizada_por
    responde = organiza.email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    evento = evento_de(cita, timezone.now())
    if ya_no_va:
        evento["status"] = "CANCELLED"
    evento.add("organizer", _persona(str(organiza), responde))
    for nombre, correo in _quienes_van(cita, para):
        suyo = _persona(nombre, correo)
        acepto = correo.casefold() == responde.casefold()
        suyo.params["ROLE"] = "REQ-PARTICIPANT"
        suyo.params["PARTSTAT"] = "ACCEPTED" if acepto else "NEEDS-ACTION"
        suyo.params["RSVP"] = "FALSE" if acepto else "TRUE"
        evento.add("attendee", suyo)
    evento.add("description", f"{en_un_renglon(empresa)}. Caso {cita.caso.folio}.".lstrip(". "))
    calendario = nuevo_calendario()
    calendario.add("method", metodo_para(cita, para, ya_no_va=ya_no_va))
    calendario.add_component(evento)
    return calendario.to_ical().decode()


def nuevo_calendario() -> Any:
    calendario = icalendar.Calendar()
    calendario.add("prodid", PRODUCTO)
    calendario.add("version", "2.0")
    calendario.add("calscale", "GREGORIAN")
    return calendario


def evento_de(cita: Cita, escrito: datetime) -> Any:
    """When and where: what an invitation and the calendar of who attends have in common."""
    evento = icalendar.Event()
    evento.add("uid", cita.uid or f"cita-{cita.pk}@{dominio()}")
    evento.add("sequence", secuencia_de(cita))
    evento.add("dtstamp", _en_utc(escrito))
    evento.add("dtstart", _en_utc(cita.inicio))
    evento.add("dtend", _en_utc(cita.fin))
    evento.add("summary", en_un_renglon(cita.asunto))
    evento.add("location", en_un_renglon(cita.lugar))
    evento.add("status", "CANCELLED" if cita.estado == EstadoCita.CANCELADA else "CONFIRMED")
    return evento


def _en_utc(instante: datetime) -> datetime:
    return instante.astimezone(UTC)


def _persona(nombre: str, correo: str) -> Any:
    # Of an address what is no plain letter is written as a link asks; a quote in a name few readers undo.
    persona = icalendar.vCalAddress(f"mailto:{quote(correo, safe='@+!#$&*/=^_`{|}~.-' + chr(39))}")
    persona.params["CN"] = en_un_renglon(nombre).replace('"', "'") or correo
    return persona


def _quienes_van(cita: Cita, para: str) -> Iterable[tuple[str, str]]:
    """Each by name and address, once; whoever it is written to among them."""
    van: dict[str, tuple[str, str]] = {}
    cliente = cita.persona
    if cliente is not None and cliente.correo:
        van[cliente.correo.casefold()] = (cliente.nombre, cliente.correo)
    for u in nuestros(cita):
        van.setdefault(u.email.casefold(), (str(u), u.email))
    van.setdefault(para.casefold(), ("", para))
    return van.values()


def nuestros(cita: Cita) -> list[Usuario]:
    """Who of the house is in it: who organises it and who leads the case."""
    posibles = (cita.organizada_por, cita.caso.responsable)
    return list(dict.fromkeys(u for u in posibles if u and u.email and u.is_active))


def ya_no_va(cita: Cita, usuario: Usuario | None) -> bool:
    """Of the house, and neither organises it nor leads the case any more."""
    return usuario is not None and cita.esta_programada and usuario not in nuestros(cita)


# -- to whom it was sent: the outbox says it ---------------------------------------------------------


def previas_de(citas: Iterable[Cita]) -> list[Aviso]:
    """The invitations of ``citas`` that left or may leave, in order, under lock: none leaves meanwhile."""
    suyas = Aviso.objects.filter(cita__in=[c.pk for c in citas]).exclude(para=Aviso.SUPRIMIDO)
    return list(
        suyas.exclude(estado=EstadoAviso.RETIRADO)
        .select_related("usuario")
        .select_for_update(of=("self",))
        .order_by("pk")
    )


def pudo_llegar(aviso: Aviso) -> bool:
    """Whether its reader may have it: it left, it is leaving, or its server fell silent while it was taken."""
    a_medias = aviso.estado == EstadoAviso.PENDIENTE and aviso.intentos > 0
    return a_medias or aviso.estado in (EstadoAviso.ENVIADO, EstadoAviso.ENVIANDO)


def clientes_invitados(cita: Cita) -> list[str]:
    """Addresses of the client's that have the invitation, or will."""
    if not cita.uid:
        return []
    del_cliente = Aviso.objects.filter(cita=cita, usuario=None).exclude(para=Aviso.SUPRIMIDO)
    vivos = del_cliente.exclude(estado__in=[EstadoAviso.RETIRADO, EstadoAviso.FALLIDO])
    return list(dict.fromkeys(vivos.order_by("pk").values_list("para", flat=True)))


def retirar(previas: Iterable[Aviso]) -> None:
    """What did not leave is no longer true, and never leaves; what would have answered it begins anew."""
    retiradas = [a for a in previas if a.estado in SIN_SALIR]
    if not retiradas:
        return
    Aviso.objects.filter(pk__in=[a.pk for a in retiradas]).update(
        estado=EstadoAviso.RETIRADO, tomado_hasta=None
    )
    for retirada in retiradas:
        contestaban = Aviso.objects.filter(
            en_respuesta_a=retirada.message_id, estado=EstadoAviso.PENDIENTE
        )
        primera: Aviso | None = None
        for carta in contestaban.order_by("pk"):
            Aviso.objects.filter(pk=carta.pk).update(
                en_respuesta_a=primera.message_id if primera else ""
            )
            primera = primera or carta


def la_rebaso(aviso: Aviso) -> bool:
    """Whether another invitation of the same appointment was written to the same person since."""
    if aviso.cita_id is None:
        return False
    mismas = Aviso.objects.filter(cita=aviso.cita_id, para__iexact=aviso.para)
    return mismas.filter(pk__gt=aviso.pk).exists()
