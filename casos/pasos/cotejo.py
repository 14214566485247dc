"""Whether what closed cases keep of their conformance is what their log says; what is not is put right.

It may differ where the log was altered, where an area was given other work to adjust, or of cases from before. No act:
nothing is written in the log.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable

from django.db import transaction

from casos.catalogos import Estado
from casos.expediente.acta import actas
from casos.expediente.conformidad import juzgar
from casos.expediente.lo_juzgado import COLUMNAS, Juzgado, guardado_en, resumir
from casos.models import Caso

log = logging.getLogger(__name__)
POR_TANDA = 500


def cotejar_un_rato(
    segundos: float, despues_de: int = 0, **solo: object
) -> tuple[list[str], int | None]:
    """For so many seconds, from a key on: folios that differed, and after which key to go on; ``None``: it is all.

    Of those that had a verdict; one from before is given its first. Seven statements a batch, whatever it has.
    """
    fin = time.monotonic() + segundos
    distintos: list[str] = []
    while True:
        claves = _siguientes(despues_de, **solo)
        if not claves:
            return distintos, None
        distintos += _cotejar(claves)
        despues_de = claves[-1]
        if time.monotonic() > fin:
            return distintos, despues_de


def seguir_luego(despues_de: int) -> None:
    """Leave the rest to the worker; where it cannot be told, to the next night."""
    from django_q.tasks import async_task

    try:
        async_task("casos.tareas.cotejar_conformidad", despues_de)
    except Exception:
        log.exception("No se pudo avisar al trabajador que siga con la conformidad.")


def _siguientes(despues_de: int, **solo: object) -> list[int]:
    cerrados = Caso.objects.filter(estado=Estado.CERRADO, pk__gt=despues_de, **solo)
    return list(cerrados.order_by("pk").values_list("pk", flat=True)[:POR_TANDA])


def _cotejar(claves: list[int]) -> list[str]:
    malos = [caso.pk for caso, juzgado in _con_lo_juzgado(claves) if guardado_en(caso) != juzgado]
    if not malos:
        return []
    distintos = []
    with transaction.atomic():
        # Read again once nobody moves them.
        list(Caso.objects.select_for_update().filter(pk__in=malos).order_by("pk").values_list("pk"))
        cambiados = []
        for caso, juzgado in _con_lo_juzgado(malos):
            if caso.conformidad is not None and guardado_en(caso) != juzgado:
                distintos.append(caso.folio)
            for columna, valor in juzgado._asdict().items():
                setattr(caso, columna, valor)
            cambiados.append(caso)
        Caso.objects.bulk_update(cambiados, COLUMNAS)
    return distintos


def _con_lo_juzgado(claves: list[int]) -> Iterable[tuple[Caso, Juzgado]]:
    suyos = Caso.objects.filter(pk__in=claves, estado=Estado.CERRADO)
    casos = suyos.only("folio", "estado", *COLUMNAS).in_bulk()
    for acta in actas(suyos):
        if acta.caso in casos:
            yield casos[acta.caso], resumir(juzgar(acta))
