"""Deadlines after the calendar or the parameters change (D§4.3): open cases, one event each."""

from django.db import transaction
from django.utils import timezone

from casos.consultas.ficha import bloqueado
from casos.models import Caso

from .bitacora import escribir_evento
from .turno import poner_turno


def recalcular() -> int:
    """Recompute the deadline of every open case; returns how many changed."""
    cambiados = 0
    for pk in list(Caso.objects.abiertos().values_list("pk", flat=True)):
        with transaction.atomic():
            caso = bloqueado(pk)
            antes = caso.vence
            poner_turno(caso)
            if caso.vence == antes:
                continue
            escribir_evento(
                caso,
                accion="recalcular_plazo",
                de=caso.estado,
                actor=None,
                en=timezone.now(),
                datos={"cambios": {"vence": [str(antes), str(caso.vence)]}},
                textos={},
            )
            caso.save()
            cambiados += 1
    return cambiados
