"""ARCO requests (LFPDPPP): received, answered, put into effect; what is done with each is written down.

Twenty business days to answer and fifteen more to put into effect, each extended once: parameters.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from casos import calendario
from casos.catalogos import Hecho
from casos.datos_tratados import ABIERTAS, EstadoARCO
from casos.envio_unico import una_vez
from casos.models import (
    Consecutivo,
    MovimientoARCO,
    PersonaContacto,
    SolicitudARCO,
    Usuario,
)
from casos.models.consecutivo import DE_SOLICITUDES
from casos.seguridad.anotar import anotar

E = EstadoARCO
OTRA = "Alguien más movió esta solicitud: mírala otra vez antes de guardar."
YA_SE_CERRO = "Esta solicitud ya está cerrada."


@transaction.atomic
def registrar(*, quien: Usuario, **datos: Any) -> SolicitudARCO:
    """A new one, with its number and until when it must be answered. Raises ``YaSeEnvio``."""
    anio = timezone.localdate().year
    with una_vez(SolicitudARCO.objects.all(), datos.get("ficha"), ValidationError):
        solicitud = SolicitudARCO.objects.create(
            anio=anio,
            consecutivo=Consecutivo.objects.siguiente(f"{DE_SOLICITUDES}{anio}"),
            vence=_vence(datos["recibida_fecha"], quien.configuracion.arco_dias_respuesta),
            **datos,
        )
    _mover(solicitud, quien, "Se registró", solicitud.que_pide)
    return solicitud


def _vence(desde: date, dias: int) -> date | None:
    return calendario.sumar_habiles(desde, dias)


def version_de(solicitud: SolicitudARCO) -> int:
    """How many lines its history has: another one, and it is no longer what was seen."""
    return MovimientoARCO.objects.filter(solicitud=solicitud).count()


def _bajo_candado(pk: int, version: int | None, *estados: EstadoARCO) -> SolicitudARCO:
    """``version``: of which the page was seen."""
    solicitud = SolicitudARCO.objects.select_for_update().get(pk=pk)
    if solicitud.estado not in (estados or ABIERTAS):
        raise ValidationError(
            YA_SE_CERRO if solicitud.estado not in ABIERTAS else "Esta solicitud ya se contestó."
        )
    if version is not None and version != version_de(solicitud):
        raise ValidationError(OTRA)
    return solicitud


@transaction.atomic
def completar(
    pk: int, *, quien: Usuario, version: int | None = None, **datos: Any
) -> SolicitudARCO:
    """About whom it is, how they proved it, who sees to it. Raises ``ValidationError`` once it is closed."""
    solicitud = _bajo_candado(pk, version)
    dichos = []
    for campo, valor in datos.items():
        if getattr(solicitud, campo) != valor:
            setattr(solicitud, campo, valor)
            nombre = solicitud._meta.get_field(campo).verbose_name  # type: ignore[union-attr]
            dichos.append(f"{nombre}: {_sin_nombre(valor)}")
    if dichos:
        solicitud.save()
        _mover(solicitud, quien, "Se completó", "; ".join(dichos))
    return solicitud


def _sin_nombre(valor: Any) -> str:
    """What the history says of whose data they are is their number: it does not change, and names nobody."""
    if isinstance(valor, PersonaContacto):
        return f"de contacto nº {valor.pk}"
    return str(valor or "–")


@transaction.atomic
def ampliar(pk: int, *, quien: Usuario, motivo: str, version: int | None = None) -> SolicitudARCO:
    """The term once more, as long as it was. Raises ``ValidationError`` where it was extended already."""
    solicitud = _bajo_candado(pk, version)
    if solicitud.ampliada:
        raise ValidationError("El plazo ya se amplió una vez.")
    dias = quien.configuracion
    otros = dias.arco_dias_respuesta if solicitud.estado == E.RECIBIDA else dias.arco_dias_efecto
    if solicitud.vence:
        solicitud.vence = _vence(solicitud.vence, otros)
    solicitud.ampliada = True
    solicitud.save()
    _mover(solicitud, quien, "Se amplió el plazo", motivo)
    return solicitud


@transaction.atomic
def contestar(
    pk: int,
    *,
    quien: Usuario,
    procede: bool,
    respuesta: str,
    evidencia: str,
    version: int | None = None,
) -> SolicitudARCO:
    """Granted: it waits to be put into effect. Raises ``ValidationError`` where whoever asks was not proved to be so."""
    solicitud = _bajo_candado(pk, version, E.RECIBIDA)
    if procede and not solicitud.identidad:
        raise ValidationError("Antes anota cómo se comprobó quién es.")
    solicitud.respuesta, solicitud.evidencia = respuesta, evidencia
    solicitud.estado = E.PROCEDE if procede else E.NEGADA
    efecto = quien.configuracion.arco_dias_efecto
    solicitud.vence = _vence(calendario.hoy(), efecto) if procede else None
    solicitud.ampliada = False
    solicitud.save()
    que = "Se contestó que procede" if procede else "Se contestó que no procede"
    _mover(solicitud, quien, que, f"{respuesta}\n{evidencia}".strip())
    return solicitud


@transaction.atomic
def hacer_efectiva(
    pk: int, *, quien: Usuario, evidencia: str, version: int | None = None
) -> SolicitudARCO:
    solicitud = _bajo_candado(pk, version, E.PROCEDE)
    solicitud.estado, solicitud.vence = E.HECHA, None
    solicitud.save()
    _mover(solicitud, quien, "Se hizo efectiva", evidencia)
    return solicitud


def _mover(solicitud: SolicitudARCO, quien: Usuario, que: str, texto: str) -> None:
    en: datetime = timezone.now()
    MovimientoARCO.objects.create(
        solicitud=solicitud,
        en=en,
        quien=quien,
        que=que,
        estado=solicitud.estado,
        vence=solicitud.vence,
        texto=texto,
    )
    anotar(Hecho.PRIVACIDAD, autor=quien, que=f"{que} {solicitud}")
