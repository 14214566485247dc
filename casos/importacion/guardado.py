"""The rows of a preview, saved in short transactions: a kill between two doubles nothing and loses nothing."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from casos.catalogos import EN_MARCHA, EstadoImportacion, Hecho, Que
from casos.models import Importacion, RenglonImportado
from casos.seguridad.anotar import anotar

from . import previa
from .renglones import Fila, Rechazado

E = EstadoImportacion
RESPIRO = 0.15  # seconds between two batches, or what the last one took: whoever waits for the lock gets it
SEGUNDOS = 8  # of one turn of the worker
TOMADA = timedelta(seconds=120)
INTENTOS = 3
CANDADO = 20_140_624  # any number that nobody else uses
NO_SE_PUDO = "No se pudo terminar. Inténtalo otra vez; si vuelve a pasar, avisa a quien administra el sistema."

log = logging.getLogger(__name__)


def seguir(pk: int) -> bool:
    """One turn of an import; whether there is more to do. Two workers never take the same one."""
    importacion = _tomar(pk)
    if importacion is None:
        return False
    if importacion.intentos > INTENTOS:
        _cerrar(importacion, E.FALLIDA, NO_SE_PUDO)
        return False
    if importacion.estado == E.GUARDANDO:
        return _guardar(pk)
    try:
        previa.ver(importacion)
    except ValueError as error:
        _cerrar(importacion, E.FALLIDA, str(error))
    return False


def _tomar(pk: int) -> Importacion | None:
    ahora = timezone.now()
    libre = Q(tomada_hasta=None) | Q(tomada_hasta__lt=ahora)
    suya = Importacion.objects.filter(libre, pk=pk, estado__in=EN_MARCHA)
    if not suya.update(tomada_hasta=ahora + TOMADA, intentos=F("intentos") + 1, movida_en=ahora):
        return None
    Importacion.objects.filter(pk=pk, estado=E.RECIBIDA).update(estado=E.LEYENDO)
    return Importacion.objects.select_related("autor").get(pk=pk)


def _cerrar(importacion: Importacion, estado: E, mensaje: str) -> None:
    Importacion.objects.filter(pk=importacion.pk, estado__in=EN_MARCHA).update(
        estado=estado,
        mensaje=mensaje[:500],
        tomada_hasta=None,
        intentos=0,
        movida_en=timezone.now(),
    )


def _guardar(pk: int) -> bool:
    hasta = empezo = time.monotonic()
    hasta += SEGUNDOS
    while _guardar_lote_aunque_choque(pk):
        tardo = time.monotonic() - empezo
        if empezo + tardo > hasta:
            Importacion.objects.filter(pk=pk).update(tomada_hasta=None)
            return True
        time.sleep(max(RESPIRO, tardo))
        empezo = time.monotonic()
    return False


def _guardar_lote_aunque_choque(pk: int) -> bool:
    """Somebody registered one of these clients meanwhile: it can be seen now, and is left as the preview says."""
    try:
        return guardar_lote(pk)
    except IntegrityError:
        return guardar_lote(pk)


@transaction.atomic
def guardar_lote(pk: int) -> bool:
    """A batch and the mark of how far it went, together; ``False`` where nothing is left to save."""
    _uno_a_la_vez()
    importacion = (
        Importacion.objects.select_for_update(of=("self",)).select_related("autor").get(pk=pk)
    )
    if importacion.estado != E.GUARDANDO:
        return False
    clase = previa.importador_de(importacion)
    por_guardar = importacion.renglones.filter(que__in=(Que.CAMBIA, Que.NUEVO), guardado=False)
    renglones = list(por_guardar.order_by("pk")[: clase.lote])
    if not renglones:
        _terminar(importacion)
        return False
    filas = [Fila(r.numero, r.datos["textos"]) for r in renglones]
    importador = clase(importacion.autor, filas, con_candado=True, importacion=importacion)
    guardados, dejados, tocados = [], [], []
    for renglon, fila in zip(renglones, filas, strict=True):
        comparada = importador.comparar(fila)
        try:
            if not comparada.hace_lo_mismo(renglon.que, renglon.datos["cambios"]):
                raise Rechazado(comparada.error)
            importador.aceptar(comparada)
            guardados.append(renglon.pk)
            if comparada.folio:
                renglon.datos["folio"] = comparada.folio
                tocados.append(renglon)
        except Rechazado as rechazo:
            dejados.append(renglon.pk)
            if str(rechazo):
                renglon.datos["error"] = str(rechazo)
                tocados.append(renglon)
    importador.guardar()
    RenglonImportado.objects.bulk_update(tocados, ["datos"])
    importacion.renglones.filter(pk__in=guardados).update(guardado=True)
    importacion.renglones.filter(pk__in=dejados).update(que=Que.DEJADO)
    importacion.avance += len(renglones)
    importacion.intentos, importacion.movida_en = 0, timezone.now()
    importacion.tomada_hasta = timezone.now() + TOMADA
    importacion.save(update_fields=["avance", "intentos", "movida_en", "tomada_hasta"])
    return True


def _uno_a_la_vez() -> None:
    """Two imports of one list: the second must see the clients that the first has just added.

    Of rows that are not there yet there is nothing to lock; SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CANDADO])


def _terminar(importacion: Importacion) -> None:
    cuantos = importacion.renglones.order_by().values_list("que").annotate(Count("pk"))
    importacion.leido["cuantos"] = {str(que): n for que, n in cuantos}
    importacion.estado, importacion.tomada_hasta = E.TERMINADA, None
    importacion.movida_en = timezone.now()
    importacion.save()
    dichos = {Que(que).label: n for que, n in cuantos}
    anotar(
        Hecho.IMPORTACION,
        autor=importacion.autor,
        que=importacion.tipo,
        libro=importacion.pk,
        **dichos,
    )
