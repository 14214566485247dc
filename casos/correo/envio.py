"""Sends what the outbox holds: claim, send, record. A kill anywhere loses nothing.

A claim is a lease: whoever dies while sending leaves it to expire, and the mail in flight goes
out again with the same Message-ID. Nothing here decides what is said or to whom.
"""

import logging
import math
import smtplib
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from casos.catalogos import EstadoAviso
from casos.correo.reglas import PROPUESTA
from casos.models import Aviso

log = logging.getLogger(__name__)

LOTE = 20
ARRIENDO = timedelta(minutes=2)
MITAD_DEL_ARRIENDO = ARRIENDO.total_seconds() / 2
# Wait after each failed attempt; after the last one the mail is *fallido*.
ESPERAS = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240)]


def enviar_pendientes(maximo: int = 1000, segundos: float | None = None) -> int:
    """Send what is due, up to ``maximo`` mails; returns how many left.

    No mail is begun after ``segundos``: whoever runs this inside a task with a time limit must
    not be ended in the middle of one.
    """
    fin = math.inf if segundos is None else time.monotonic() + segundos
    enviados = vistos = 0
    while vistos < maximo and time.monotonic() < fin:
        lote = _tomar(min(LOTE, maximo - vistos))
        if not lote:
            break
        vistos += len(lote)
        # Never near the end of the lease: what somebody else may claim is not ours to send.
        buenos, sigue = _enviar_lote(lote, min(fin, time.monotonic() + MITAD_DEL_ARRIENDO))
        enviados += buenos
        if not sigue:
            break
    return enviados


def hay_por_enviar() -> bool:
    return _por_enviar(timezone.now()).exists()


def _por_enviar(ahora: datetime) -> QuerySet[Aviso]:
    return Aviso.objects.filter(
        Q(estado=EstadoAviso.PENDIENTE, proximo_en__lte=ahora)
        | Q(estado=EstadoAviso.ENVIANDO, tomado_hasta__lt=ahora)
    ).order_by("proximo_en", "pk")


def _tomar(cuantos: int) -> list[Aviso]:
    """Claim a batch for this worker alone."""
    ahora = timezone.now()
    with transaction.atomic():
        filas = _por_enviar(ahora)
        if connection.features.has_select_for_update_skip_locked:
            filas = filas.select_for_update(skip_locked=True)
        # SQLite: the transaction is IMMEDIATE, so nobody else reads these rows meanwhile.
        lote = list(filas[:cuantos])
        Aviso.objects.filter(pk__in=[a.pk for a in lote]).update(
            estado=EstadoAviso.ENVIANDO, tomado_hasta=ahora + ARRIENDO
        )
    return lote


def _enviar_lote(lote: list[Aviso], fin: float) -> tuple[int, bool]:
    """Send a batch over one connection; (sent, whether the server is still worth trying)."""
    enviados, conexion = 0, None
    try:
        for i, aviso in enumerate(lote):
            if time.monotonic() >= fin:
                _soltar(lote[i:])
                break
            if not _empezar(aviso):
                continue
            if conexion is None:
                try:
                    conexion = _conectar()
                except Exception as error:
                    # Nobody answers: the rest of the batch waits its turn.
                    for pendiente in lote[i:]:
                        _posponer(pendiente, error)
                    return enviados, False
            try:
                mensaje(aviso, conexion).send()
            except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
                _rechazado(aviso, error)
            except (ValueError, smtplib.SMTPNotSupportedError) as error:
                # It can never be sent as it is, and it is nobody else's fault.
                _fallido(aviso, error)
            except Exception as error:
                # This one waits; the others do not pay for it with an attempt of theirs.
                _posponer(aviso, error)
                _cerrar(conexion)
                conexion = None
            else:
                _enviado(aviso)
                enviados += 1
    finally:
        _cerrar(conexion)
    return enviados, True


def _empezar(aviso: Aviso) -> bool:
    """Count the attempt before it is made, and let the others go first next time.

    Whoever is killed in the middle cannot count it; a mail that always ends its task would be
    tried for ever, and before all the rest. False: it has had its attempts.
    """
    if aviso.intentos > len(ESPERAS):
        Aviso.objects.filter(pk=aviso.pk).update(
            estado=EstadoAviso.FALLIDO,
            tomado_hasta=None,
            error="El servidor de correo no terminó de contestar.",
        )
        return False
    espera = ESPERAS[min(aviso.intentos, len(ESPERAS) - 1)]
    Aviso.objects.filter(pk=aviso.pk).update(
        intentos=aviso.intentos + 1, proximo_en=timezone.now() + espera
    )
    return True


def _conectar() -> BaseEmailBackend:
    conexion = get_connection()
    conexion.open()
    return conexion


def _cerrar(conexion: BaseEmailBackend | None) -> None:
    try:
        if conexion is not None:
            conexion.close()
    except Exception:  # closing a broken connection says nothing new
        log.debug("La conexión SMTP ya estaba cerrada.")


def _soltar(lote: list[Aviso]) -> None:
    """Give back what was claimed and not tried; it keeps its turn."""
    Aviso.objects.filter(pk__in=[a.pk for a in lote]).update(
        estado=EstadoAviso.PENDIENTE, tomado_hasta=None
    )


def mensaje(aviso: Aviso, conexion: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
    """The mail of a row: stable ``Message-ID``, threaded per case, text and HTML."""
    cabeceras = {"Message-ID": aviso.message_id, "Auto-Submitted": "auto-generated"}
    if aviso.en_respuesta_a:
        cabeceras |= {"In-Reply-To": aviso.en_respuesta_a, "References": aviso.en_respuesta_a}
    correo = EmailMultiAlternatives(
        aviso.asunto,
        aviso.texto,
        settings.DEFAULT_FROM_EMAIL,
        [aviso.para],
        headers=cabeceras,
        connection=conexion,
        reply_to=_a_quien_se_contesta(aviso),
    )
    if aviso.html:
        correo.attach_alternative(aviso.html, "text/html")
    return correo


def _a_quien_se_contesta(aviso: Aviso) -> list[str] | None:
    """A client who answers the proposal writes to who signs it."""
    if aviso.plantilla != PROPUESTA.plantilla or aviso.caso is None or aviso.evento is None:
        return None
    firma = aviso.caso.responsable or aviso.evento.actor
    return [firma.email] if firma and firma.email else None


def _enviado(aviso: Aviso) -> None:
    cambios = {
        "estado": EstadoAviso.ENVIADO, "enviado_en": timezone.now(), "tomado_hasta": None,
        "error": "", "intentos": aviso.intentos + 1,
    }  # fmt: skip
    if aviso.confidencial:
        cambios |= {"texto": "El contenido se borró al enviarse.", "html": ""}
    Aviso.objects.filter(pk=aviso.pk).update(**cambios)


def _rechazado(aviso: Aviso, error: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> None:
    """A permanent refusal (5xx) is final; a temporary one waits."""
    codigos = (
        [c for c, _ in error.recipients.values()]
        if isinstance(error, smtplib.SMTPRecipientsRefused)
        else [error.smtp_code]
    )
    if all(500 <= c < 600 for c in codigos):
        _fallido(aviso, error)
    else:
        _posponer(aviso, error)


def _posponer(aviso: Aviso, error: Exception) -> None:
    if aviso.intentos >= len(ESPERAS):
        _fallido(aviso, error)
        return
    Aviso.objects.filter(pk=aviso.pk).update(
        estado=EstadoAviso.PENDIENTE,
        intentos=aviso.intentos + 1,
        proximo_en=timezone.now() + ESPERAS[aviso.intentos],
        tomado_hasta=None,
        error=_en_palabras(error),
    )


def _fallido(aviso: Aviso, error: Exception) -> None:
    log.error("No se pudo enviar el correo %s: %s", aviso.pk, error)
    Aviso.objects.filter(pk=aviso.pk).update(
        estado=EstadoAviso.FALLIDO,
        intentos=aviso.intentos + 1,
        tomado_hasta=None,
        error=_en_palabras(error),
    )


def _en_palabras(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "El servidor no aceptó la dirección."
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "El servidor de correo no aceptó el usuario o la contraseña."
    if isinstance(error, smtplib.SMTPResponseException):
        dijo = error.smtp_error
        dijo = dijo.decode(errors="replace") if isinstance(dijo, bytes) else str(dijo)
        return f"El servidor de correo contestó: {error.smtp_code} {' '.join(dijo.split())}"[:500]
    if isinstance(error, ValueError | smtplib.SMTPNotSupportedError):
        return "Con esa dirección el correo no se puede enviar."
    if isinstance(error, OSError):
        return "El servidor de correo no responde."
    return f"El correo no se pudo enviar: {error}"[:500]


def reenviar(aviso: Aviso) -> None:
    """Put a failed mail back in line, from zero."""
    Aviso.objects.filter(pk=aviso.pk, estado=EstadoAviso.FALLIDO).update(
        estado=EstadoAviso.PENDIENTE, intentos=0, proximo_en=timezone.now(), error=""
    )
