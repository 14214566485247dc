"""From which states an end is reached, walking the graph backwards; with whom keeping silent."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass

from .abstracto import Clave
from .motor import FINES, Grafo

SILENCIOS: dict[str, tuple[str, ...]] = {
    "everybody": (),
    "areas silent": ("areas",),
    "client silent": ("cliente",),
    "both silent": ("areas", "cliente"),
}
# Nobody is pushed to say that the client withdrew, or that it was a mistake, in order to end a case.
NO_SON_SALIDA = ("retirar", "anular")


@dataclass(frozen=True)
class Salidas:
    """Of the states explored: those from which an end is reached, those where it is not known, none."""

    con: int
    se_ignora: int
    sin: list[Clave]


def salidas(grafo: Grafo, callan: tuple[str, ...] = ()) -> Salidas:
    """A way that leads only to states not yet looked at counts as unknown, never as an exit."""
    antes: dict[Clave, set[Clave]] = defaultdict(set)
    for paso in grafo.pasos:
        if paso.habla not in callan and paso.accion not in NO_SON_SALIDA:
            antes[paso.hacia].add(paso.desde)
    con = _hacia_atras(antes, [c for c in grafo.estados if c[0] in FINES])
    por_ver = [c for c in grafo.estados if c not in grafo.expandidos]
    quizas = _hacia_atras(antes, por_ver) - con
    sin = [c for c in grafo.estados if c not in con | quizas]
    return Salidas(len(con), len(quizas), sin)


def _hacia_atras(antes: dict[Clave, set[Clave]], desde: list[Clave]) -> set[Clave]:
    vistos, cola = set(desde), deque(desde)
    while cola:
        for previo in antes[cola.popleft()] - vistos:
            vistos.add(previo)
            cola.append(previo)
    return vistos
