"""What a person asks of an import: take it in, read it otherwise, save it, stop. The worker does it."""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta
from functools import partial
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from casos.archivos import disco
from casos.catalogos import EN_MARCHA, EstadoImportacion, Que, TipoImportacion
from casos.models import Importacion, RenglonImportado, Usuario

E = EstadoImportacion
SEGUNDOS_DE_TAREA = 110  # less than a worker holds one
SIN_CONFIRMAR, YA_HECHA = timedelta(days=1), timedelta(days=7)
SE_BORRO = "Nadie la confirmó en un día y se borró: sube el archivo otra vez."

log = logging.getLogger(__name__)


def recibir(autor: Usuario, tipo: TipoImportacion, archivo: BinaryIO, nombre: str) -> Importacion:
    """Raises ``SinLugar`` where the file does not fit."""
    ruta = disco.guardar(f"importaciones/{uuid.uuid4().hex}", archivo)
    try:
        importacion = Importacion.objects.create(
            autor=autor, tipo=tipo, archivo=ruta, nombre=nombre[:255]
        )
    except BaseException:
        disco.borrar(ruta)
        raise
    encolar(importacion.pk)
    return importacion


def leer_con(importacion: Importacion, mapa: dict[str, str], opciones: dict[str, Any]) -> bool:
    """Read again, each heading as this person says, and what they say of what is not there."""
    return _mover(importacion, (E.LISTA,), E.RECIBIDA, mapa=mapa, opciones=opciones)


def confirmar(importacion: Importacion) -> bool:
    hay = importacion.renglones.filter(que__in=(Que.CAMBIA, Que.NUEVO)).count()
    return bool(hay) and _mover(importacion, (E.LISTA,), E.GUARDANDO, avance=0, total=hay)


def cancelar(importacion: Importacion) -> bool:
    """What was saved stays; nothing more is."""
    return _mover(importacion, (*EN_MARCHA, E.LISTA), E.CANCELADA)


def _mover(importacion: Importacion, desde: tuple[E, ...], a: E, **mas: object) -> bool:
    suya = Importacion.objects.filter(pk=importacion.pk, estado__in=desde)
    movida = suya.update(
        estado=a, movida_en=timezone.now(), tomada_hasta=None, intentos=0, mensaje="", **mas
    )
    if movida and a in EN_MARCHA:
        encolar(importacion.pk)
    return bool(movida)


def encolar(pk: int) -> None:
    transaction.on_commit(partial(_avisar_al_trabajador, pk))


def _avisar_al_trabajador(pk: int) -> None:
    from django_q.tasks import async_task

    try:
        async_task("casos.tareas.seguir_importacion", pk, timeout=SEGUNDOS_DE_TAREA)
    except Exception:  # the broker may be down: the minute's sweep takes it up
        log.exception("No se pudo avisar al trabajador; el barrido retoma la importación.")


def retomar() -> int:
    """Those that nobody goes on with: their worker was killed, or nobody was told."""
    ahora = timezone.now()
    libres = Importacion.objects.filter(
        Q(tomada_hasta=None, movida_en__lt=ahora - timedelta(seconds=30))
        | Q(tomada_hasta__lt=ahora),
        estado__in=EN_MARCHA,
    )
    claves = list(libres.values_list("pk", flat=True))
    for pk in claves:
        encolar(pk)
    return len(claves)


def olvidar() -> int:
    """Personal data of nobody's use: unconfirmed after a day, and a week after the end."""
    ahora = timezone.now()
    sin_confirmar = Importacion.objects.filter(estado=E.LISTA, movida_en__lt=ahora - SIN_CONFIRMAR)
    sin_confirmar.update(estado=E.CANCELADA, mensaje=SE_BORRO)
    canceladas = Q(estado__in=(E.CANCELADA, E.FALLIDA), movida_en__lt=ahora - SIN_CONFIRMAR)
    viejas = Q(estado=E.TERMINADA, movida_en__lt=ahora - YA_HECHA)
    olvidadas = Importacion.objects.filter(canceladas | viejas, olvidada=False)
    return sum(olvidar_una(importacion) for importacion in olvidadas)


def olvidar_una(importacion: Importacion) -> int:
    """Who brought what and when stays; the file and its rows go."""
    RenglonImportado.objects.filter(importacion=importacion).delete()
    if importacion.archivo:
        disco.borrar(importacion.archivo.name)
    importacion.archivo, importacion.olvidada = "", True
    importacion.save(update_fields=["archivo", "olvidada"])
    return 1
