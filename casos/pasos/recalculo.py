"""Turn and deadline after what they depend on changed outside a case: one event per case.

The calendar, the parameters (D§4.3), or who there is to decide (rule 5).
"""

from __future__ import annotations

from typing import Any

from casos.actos import RECALCULAR_PLAZO
from casos.expediente import Expediente
from casos.expediente.turno import poner_turno
from casos.models import Caso

from .puerta import Cambio, fuera_de_paso

SE_CALCULAN = ("turno", "pendiente_de", "vence")


def recalcular(**solo: Any) -> int:
    """Recompute every open case, or those that ``solo`` filters; returns how many changed."""
    casos = Caso.objects.abiertos().filter(**solo).values_list("pk", flat=True)
    return sum(
        fuera_de_paso(pk, RECALCULAR_PLAZO, actor=None, cambiar=_poner_turno) for pk in list(casos)
    )


def _poner_turno(exp: Expediente) -> Cambio | None:
    antes = {c: str(getattr(exp.caso, c)) for c in SE_CALCULAN}
    poner_turno(exp.hechos)
    ahora = {c: str(getattr(exp.caso, c)) for c in SE_CALCULAN}
    cambios = {c: [antes[c], ahora[c]] for c in SE_CALCULAN if antes[c] != ahora[c]}
    if not cambios:
        exp.guardar()  # whether the attempts are complete follows from the contacts: no event of its own
        return None
    return {"cambios": cambios}, {}
