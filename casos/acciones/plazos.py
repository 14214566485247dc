"""Turn and deadline after what they depend on changed outside a case: one event per case.

The calendar, the parameters (D§4.3), or who there is to decide (rule 5).
"""

from django.db import transaction
from django.utils import timezone

from casos.consultas.ficha import bloqueado
from casos.models import Caso

from .bitacora import escribir_evento
from .turno import poner_turno

SE_CALCULAN = ("turno", "pendiente_de", "vence")


def recalcular(**solo) -> int:
    """Recompute every open case, or those that ``solo`` filters; returns how many changed."""
    cambiados = 0
    for pk in list(Caso.objects.abiertos().filter(**solo).values_list("pk", flat=True)):
        with transaction.atomic():
            caso = bloqueado(pk)
            antes = {c: str(getattr(caso, c)) for c in SE_CALCULAN}
            poner_turno(caso)
            cambios = {
                c: [antes[c], str(getattr(caso, c))]
                for c in SE_CALCULAN
                if str(getattr(caso, c)) != antes[c]
            }
            if not cambios:
                continue
            escribir_evento(
                caso,
                accion="recalcular_plazo",
                de=caso.estado,
                actor=None,
                en=timezone.now(),
                datos={"cambios": cambios},
                textos={},
            )
            caso.save()
            cambiados += 1
    return cambiados
