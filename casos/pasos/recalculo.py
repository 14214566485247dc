"""Turn and deadline after what they depend on changed outside a case: one event per case.

The calendar, the parameters (D§4.3), or who there is to decide (rule 5). It is owed from the commit of
that on (``pedir_recalculo``); the worker finds what nobody finished.
"""

from __future__ import annotations

import logging
import math
import time
from typing import Any

from django.db import connection

from casos.actos import RECALCULAR_PLAZO
from casos.catalogos import Estado
from casos.expediente import Expediente
from casos.expediente.turno import poner_turno
from casos.models import Caso, RecalculoPedido

from .puerta import Cambio, fuera_de_paso

AL_GUARDAR = 5  # seconds that who saved waits; thousands of open cases would take minutes
SE_CALCULAN = ("turno", "pendiente_de", "vence")

registro = logging.getLogger(__name__)


def recalcular() -> int:
    """Recompute every open case; returns how many changed."""
    cuantos, _ = _desde(0, math.inf)
    return cuantos


def pedir_recalculo(estado: Estado | None = None) -> None:
    """In the transaction of what moves deadlines or turns: from its commit on, it is owed to every open case.

    ``estado``: only to those in it.
    """
    RecalculoPedido.objects.create(estado=estado or "")


def recalcular_lo_pedido(segundos: float) -> tuple[int, bool]:
    """What is owed, for so many seconds: how many cases changed, and whether some are left.

    Two may do it at once: a case is locked while it is counted, and counting it again changes nothing.
    """
    pedidos = list(RecalculoPedido.objects.all())
    if not pedidos:
        return 0, False
    estados = {p.estado for p in pedidos}
    solo = {} if "" in estados else {"estado__in": estados}
    cuantos, sigue = _desde(min(p.despues_de for p in pedidos), segundos, **solo)
    # By their keys: one that was committed meanwhile is another's, or of the next time.
    hechos = RecalculoPedido.objects.filter(pk__in=[p.pk for p in pedidos])
    if sigue is None:
        hechos.delete()
    else:
        hechos.update(despues_de=sigue)
    return cuantos, sigue is not None


def _desde(despues_de: int, segundos: float, **solo: Any) -> tuple[int, int | None]:
    """How many changed, and after which key to go on; ``None``: none is left.

    One that cannot be counted now stops none of those behind it, and stays owed.
    """
    fin = time.monotonic() + segundos
    casos = Caso.objects.abiertos().filter(pk__gt=despues_de, **solo).order_by("pk")
    cuantos, debido = 0, None
    for pk in list(casos.values_list("pk", flat=True)):
        if time.monotonic() > fin:
            return cuantos, despues_de if debido is None else debido
        try:
            cuantos += fuera_de_paso(pk, RECALCULAR_PLAZO, actor=None, cambiar=_poner_turno)
        except Exception:
            if connection.in_atomic_block:
                raise
            registro.exception("No se pudo recalcular el vencimiento del caso %s.", pk)
            debido = pk - 1 if debido is None else debido
        despues_de = pk
    return cuantos, debido


def _poner_turno(exp: Expediente) -> Cambio | None:
    antes = {c: str(getattr(exp.caso, c)) for c in SE_CALCULAN}
    poner_turno(exp.hechos)
    ahora = {c: str(getattr(exp.caso, c)) for c in SE_CALCULAN}
    cambios = {c: [antes[c], ahora[c]] for c in SE_CALCULAN if antes[c] != ahora[c]}
    if not cambios:
        exp.guardar()  # whether the attempts are complete follows from the contacts: no event of its own
        return None
    return {"cambios": cambios}, {}
