"""Turn and deadline after what they depend on changed outside a case: one event per case.

The calendar, the parameters (D§4.3), or who there is to decide (rule 5).
"""

from casos.expediente.turno import poner_turno
from casos.models import Caso
from casos.pasos.puerta import fuera_de_paso

SE_CALCULAN = ("turno", "pendiente_de", "vence")


def recalcular(**solo) -> int:
    """Recompute every open case, or those that ``solo`` filters; returns how many changed."""
    casos = Caso.objects.abiertos().filter(**solo).values_list("pk", flat=True)
    return sum(
        fuera_de_paso(pk, "recalcular_plazo", actor=None, cambiar=_poner_turno)
        for pk in list(casos)
    )


def _poner_turno(caso):
    antes = {c: str(getattr(caso, c)) for c in SE_CALCULAN}
    poner_turno(caso)
    ahora = {c: str(getattr(caso, c)) for c in SE_CALCULAN}
    cambios = {c: [antes[c], ahora[c]] for c in SE_CALCULAN if antes[c] != ahora[c]}
    return ({"cambios": cambios}, {}) if cambios else None
