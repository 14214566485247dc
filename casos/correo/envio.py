"""Sends what the outbox holds: claim, send, record. A kill anywhere loses nothing.

A claim is a lease: whoever dies while sending leaves it to expire, and the mail in flight goes
out again with the same Message-ID. Nothing here decides what is said or to whom.
"""

import logging
import math
import smtplib
import ssl
import time
from datetime import timedelta
from typing import Any

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from casos.catalogos import EstadoAviso
from casos.impresos.imprenta import NoSeImprimio
from casos.models import Aviso, Bloqueo, PersonaContacto
from casos.textos import en_un_renglon

from .armado import mensaje
from .invitaciones import la_rebaso

log = logging.getLogger(__name__)

LOTE = 20
ARRIENDO = timedelta(minutes=2)
MITAD_DEL_ARRIENDO = ARRIENDO.total_seconds() / 2
# Wait after an attempt that never ended (the worker died at it); after the last one it is *fallido*.
ESPERAS = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240)]
# A server that does not answer, or asks to wait, uses up no attempts: it is asked again after a quarter
# of what has been waited, within these bounds. One that goes on refusing this very mail, not for ever.
ESPERA_MINIMA, ESPERA_MAXIMA = timedelta(minutes=1), timedelta(hours=1)
PACIENCIA = timedelta(days=10)


def enviar_pendientes(maximo: int = 1000, segundos: float | None = None) -> int:
    """Send what is due, up to ``maximo`` mails; returns how many left.

    No mail is begun after ``segundos``: whoever runs this inside a task with a time limit must
    not be ended in the middle of one.
    """
    fin = math.inf if segundos is None else time.monotonic() + segundos
    enviados = vistos = 0
    apurados = False
    while vistos < maximo and time.monotonic() < fin:
        lote = _tomar(min(LOTE, maximo - vistos))
        if not lote:
            break
        vistos += len(lote)
        # Never near the end of the lease: what somebody else may claim is not ours to send.
        buenos, sigue = _enviar_lote(lote, min(fin, time.monotonic() + MITAD_DEL_ARRIENDO))
        if buenos and not apurados and any(a.error for a in lote):  # the server is back
            _apurar_a_los_que_esperaban()
            apurados = True
        enviados += buenos
        if not sigue:
            break
    return enviados


def hay_por_enviar() -> bool:
    return _por_enviar().exists()


def _por_enviar() -> QuerySet[Aviso]:
    """A lease is by the database's clock: the machines' own may be minutes apart.

    No invitation leaves while an older one of its appointment may be on its way to the same person.
    """
    en_camino = Aviso.objects.filter(
        cita=OuterRef("cita"), para=OuterRef("para"), pk__lt=OuterRef("pk"),
        estado=EstadoAviso.ENVIANDO,
    )  # fmt: skip
    return (
        Aviso.objects.filter(
            Q(estado=EstadoAviso.PENDIENTE, proximo_en__lte=timezone.now())
            | Q(estado=EstadoAviso.ENVIANDO, tomado_hasta__lt=Now())
        )
        .filter(Q(cita=None) | ~Exists(en_camino))
        .order_by("proximo_en", "pk")
    )


def _tomar(cuantos: int) -> list[Aviso]:
    """Claim a batch for this worker alone."""
    with transaction.atomic():
        filas = _por_enviar()
        if connection.features.has_select_for_update_skip_locked:
            filas = filas.select_for_update(skip_locked=True)
        # SQLite: the transaction is IMMEDIATE, so nobody else reads these rows meanwhile.
        lote = list(filas[:cuantos])
        Aviso.objects.filter(pk__in=[a.pk for a in lote]).update(
            estado=EstadoAviso.ENVIANDO, tomado_hasta=Now() + ARRIENDO
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
            if conexion is None:
                try:
                    conexion = _conectar()
                except Exception as error:
                    # Nobody answers: the rest of the batch waits its turn, and has tried nothing.
                    for pendiente in lote[i:]:
                        _posponer(pendiente, _de_la_conexion(error))
                    return enviados, False
            if not _empezar(aviso):
                continue
            conexion.en_el_aire = False
            try:
                correo = mensaje(aviso, conexion)
                correo.send()
            except RECHAZOS as error:
                _rechazado(aviso, error)
                if _lo_que_contesto(error)[0] == 421:  # it hangs up after saying so
                    _cerrar(conexion)
                    conexion = None
            except (NoSeImprimio, ValueError, smtplib.SMTPNotSupportedError) as error:
                # It can never be sent as it is, and it is nobody else's fault.
                _fallido(aviso, error)
            except Exception as error:
                # This one waits; the others do not wait for it. Once its text was being taken it may have
                # arrived: such an attempt counts, or a client would get it again and again.
                _a_medias(aviso, error) if conexion.en_el_aire else _posponer(aviso, _dicho(error))
                _cerrar(conexion)
                conexion = None
            else:
                _enviado(aviso, correo.adjunto_sha256)
                enviados += 1
    finally:
        _cerrar(conexion)
    return enviados, True


def _empezar(aviso: Aviso) -> bool:
    """Count the attempt before it is made, and let the others go first next time.

    Whoever is killed in the middle cannot count it; a mail that always ends its task would be
    tried for ever, and before all the rest. False: it has had its attempts.
    """
    if la_rebaso(aviso):
        Aviso.objects.filter(pk=aviso.pk).update(estado=EstadoAviso.RETIRADO, tomado_hasta=None)
        return False
    if _es_de_quien_esta_bloqueado(aviso):
        Aviso.objects.filter(pk=aviso.pk).update(
            estado=EstadoAviso.FALLIDO, tomado_hasta=None, error=BLOQUEADA
        )
        return False
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


BLOQUEADA = "Los datos de la persona están bloqueados: no se le escribe."


def _es_de_quien_esta_bloqueado(aviso: Aviso) -> bool:
    """Whether it goes to a person at the client whose data were blocked since it was written (LFPDPPP).

    An address that somebody else there has too is theirs.
    """
    if aviso.usuario_id or aviso.area_id:
        return False
    caso = aviso.caso
    if caso is None:
        return False
    suyas = Bloqueo.objects.filter(persona__cliente=caso.cliente_id)
    if not suyas.filter(Q(correo__iexact=aviso.para) | Q(persona=caso.persona_id)).exists():
        return False
    otras = PersonaContacto.objects.filter(cliente=caso.cliente_id, correo__iexact=aviso.para)
    return not otras.exists()


def _conectar() -> Any:
    """A connection that says, in ``en_el_aire``, whether the server was being given a mail's text."""
    conexion: Any = get_connection()
    conexion.open()
    servidor = getattr(conexion, "connection", None)
    if isinstance(servidor, smtplib.SMTP):
        entregar = servidor.data

        def entregando(texto: Any) -> Any:
            conexion.en_el_aire = True
            return entregar(texto)

        servidor.data = entregando  # type: ignore[method-assign, assignment]
    return conexion


def _cerrar(conexion: BaseEmailBackend | None) -> None:
    try:
        if conexion is not None:
            conexion.close()
    except Exception:  # closing a broken connection says nothing new
        log.debug("La conexión SMTP ya estaba cerrada.")


def _apurar_a_los_que_esperaban() -> None:
    """What only waited for the server goes now; what it refused, or may have got already, has its own wait."""
    ahora = timezone.now()
    Aviso.objects.filter(
        estado=EstadoAviso.PENDIENTE, proximo_en__gt=ahora, intentos=0, rechazado_desde=None
    ).exclude(error="").update(proximo_en=ahora)


def _soltar(lote: list[Aviso]) -> None:
    """Give back what was claimed and not tried; it keeps its turn."""
    Aviso.objects.filter(pk__in=[a.pk for a in lote]).update(
        estado=EstadoAviso.PENDIENTE, tomado_hasta=None
    )


def _enviado(aviso: Aviso, adjunto_sha256: str) -> None:
    cambios = {
        "estado": EstadoAviso.ENVIADO, "enviado_en": timezone.now(), "tomado_hasta": None,
        "error": "", "intentos": aviso.intentos + 1, "adjunto_sha256": adjunto_sha256,
    }  # fmt: skip
    if aviso.confidencial:
        cambios |= {"texto": "El contenido se borró al enviarse.", "html": ""}
    # Another worker may have said so already, and then it never changes again.
    Aviso.objects.filter(pk=aviso.pk).exclude(estado=EstadoAviso.ENVIADO).update(**cambios)


RECHAZOS = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused)


def _rechazado(
    aviso: Aviso, error: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException
) -> None:
    """A permanent refusal (5xx) of the address or the text is final; any other waits, though not for ever."""
    codigo, _ = _lo_que_contesto(error)
    definitivo = 500 <= codigo < 600 and not isinstance(error, smtplib.SMTPSenderRefused)
    desde = aviso.rechazado_desde or timezone.now()
    if definitivo or timezone.now() - desde > PACIENCIA:
        _fallido(aviso, error)
    else:
        Aviso.objects.filter(pk=aviso.pk).update(rechazado_desde=desde)
        _posponer(aviso, _dicho(error))


def _a_medias(aviso: Aviso, error: Exception) -> None:
    """The attempt that ``_empezar`` counted stands, and so does the wait that it set."""
    if aviso.intentos >= len(ESPERAS):
        _fallido(aviso, error)
        return
    Aviso.objects.filter(pk=aviso.pk).update(
        estado=EstadoAviso.PENDIENTE, tomado_hasta=None, error=f"{_en_palabras(error)} {OTRA_VEZ}"
    )


def _dicho(error: Exception) -> str:
    return f"{_en_palabras(error)} {OTRA_VEZ}"


def _de_la_conexion(error: Exception) -> str:
    """What is wrong before any mail: it is never an address's fault."""
    if isinstance(error, ssl.SSLError):
        return f"El certificado o el cifrado del servidor de correo no sirve. {OTRA_VEZ}"
    if isinstance(error, ValueError | smtplib.SMTPNotSupportedError):
        return f"El servidor de correo no ofrece el cifrado o la contraseña que se le piden. {OTRA_VEZ}"
    return _dicho(error)


def _posponer(aviso: Aviso, dicho: str) -> None:
    """It is tried again; the attempt that ``_empezar`` counted came to an end, and does not count."""
    ahora = timezone.now()
    espera = min(max((ahora - aviso.creado_en) / 4, ESPERA_MINIMA), ESPERA_MAXIMA)
    Aviso.objects.filter(pk=aviso.pk).update(
        estado=EstadoAviso.PENDIENTE,
        intentos=aviso.intentos,
        proximo_en=ahora + espera,
        tomado_hasta=None,
        error=dicho,
    )


def _fallido(aviso: Aviso, error: Exception) -> None:
    log.error("No se pudo enviar el correo %s: %s", aviso.pk, error)
    Aviso.objects.filter(pk=aviso.pk).update(
        estado=EstadoAviso.FALLIDO,
        intentos=aviso.intentos + 1,
        tomado_hasta=None,
        error=_en_palabras(error),
    )


OTRA_VEZ = "Lo intentamos otra vez."


def _lo_que_contesto(
    error: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException,
) -> tuple[int, str]:
    """Code and words of the server; of one refused address among several, the first."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codigo, crudo = next(iter(error.recipients.values()))
    else:
        codigo, crudo = error.smtp_code, error.smtp_error  # type: ignore[assignment]
    dicho = crudo.decode(errors="replace") if isinstance(crudo, bytes) else str(crudo)
    return codigo, en_un_renglon(dicho)[:400].rstrip(" .")


def _en_palabras(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "El servidor de correo no aceptó el usuario o la contraseña."
    if isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException):
        codigo, dijo = _lo_que_contesto(error)
        if 400 <= codigo < 500:
            return f"El servidor de correo pidió esperar ({codigo} {dijo})."
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            return f"El servidor no aceptó la dirección ({codigo} {dijo})."
        return f"El servidor de correo contestó: {codigo} {dijo}."
    if isinstance(error, NoSeImprimio):
        return str(error)
    if isinstance(error, ValueError | smtplib.SMTPNotSupportedError):
        return "Con esa dirección el correo no se puede enviar."
    if isinstance(error, OSError):
        return "El servidor de correo no responde."
    return f"El correo no se pudo enviar: {str(error)[:400]}."


def reenviar(avisos: QuerySet[Aviso]) -> int:
    """Put those that failed back in line, from zero; returns how many. Never to a suppressed address."""
    fallidos = avisos.filter(estado=EstadoAviso.FALLIDO).exclude(para=Aviso.SUPRIMIDO)
    return fallidos.update(
        estado=EstadoAviso.PENDIENTE,
        intentos=0,
        proximo_en=timezone.now(),
        error="",
        rechazado_desde=None,
    )
