"""Turn and deadline after what they depend on changed outside a case: one event per case.

The calendar, the parameters (D§4.3), or who there is to decide (rule 5).
"""

from __future__ import annotations

import logging
import math
import time
from typing import Any

from casos.actos import RECALCULAR_PLAZO
from casos.expediente import Expediente
from casos.expediente.turno import poner_turno
from casos.models import Caso

from .puerta import Cambio, fuera_de_paso

SE_CALCULAN = ("turno", "pendiente_de", "vence")

log = logging.getLogger(__name__)


def recalcular(**solo: Any) -> int:
    """Recompute every open case, or those that ``solo`` filters; returns how many changed."""
    cuantos, _ = recalcular_un_rato(math.inf, **solo)
    return cuantos


def recalcular_un_rato(segundos: float, despues_de: int = 0, **solo: Any) -> tuple[int, int | None]:
    """The same for so many seconds, from a key on: how many changed, and after which key to go on.

    ``None``: none is left.
    """
    fin = time.monotonic() + segundos
    casos = Caso.objects.abiertos().filter(pk__gt=despues_de, **solo).order_by("pk")
    cuantos = 0
    for pk in list(casos.values_list("pk", flat=True)):
        if time.monotonic() > fin:
            return cuantos, despues_de
        cuantos += fuera_de_paso(pk, RECALCULAR_PLAZO, actor=None, cambiar=_poner_turno)
        despues_de = pk
    return cuantos, None


def seguir_luego(despues_de: int) -> bool:
    """Leave the rest to the worker; whether it could be told."""
    from django_q.tasks import async_task

    try:
        async_task("casos.tareas.recalcular_plazos", despues_de)
    except Exception:
        log.exception("No se pudo avisar al trabajador que siga con los vencimientos.")
        return False
    return True


def _poner_turno(exp: Expediente) -> Cambio | None:
    antes = {c: str(getattr(exp.caso, c)) for c in SE_CALCULAN}
    poner_turno(exp.hechos)
    ahora = {c: str(getattr(exp.caso, c)) for c in SE_CALCULAN}
    cambios = {c: [antes[c], ahora[c]] for c in SE_CALCULAN if antes[c] != ahora[c]}
    if not cambios:
        exp.guardar()  # whether the attempts are complete follows from the contacts: no event of its own
        return None
    return {"cambios": cambios}, {}
