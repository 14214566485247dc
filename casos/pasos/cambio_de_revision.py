"""Open cases pass to the revision of the instruction in force, with a recorded reason (section 10).

Each by the door, in a transaction of its own: one event of its own. What cannot pass stops no other.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from django.db import OperationalError

from casos.actos import CAMBIAR_REVISION
from casos.expediente import Expediente
from casos.models import Caso, Usuario

from .puerta import Cambio, fuera_de_paso

SEGUNDOS = 10  # of one press; the rest, with another


@dataclass
class Pasaron:
    """What came of it: how many passed, how many are left, and of which why not."""

    movidos: int = 0
    faltan: int = 0
    no: list[tuple[str, str]] = field(default_factory=list)  # folio, why


def pasar_a_la_vigente(
    numero: int, motivo: str, *, actor: Usuario, segundos: float = SEGUNDOS
) -> Pasaron:
    """Move the open cases that obey another revision to ``numero``."""
    fin = time.monotonic() + segundos
    casos = Caso.objects.abiertos().exclude(revision=numero).order_by("pk")
    pasaron = Pasaron()
    lista = list(casos.values_list("pk", "folio"))
    for i, (pk, folio) in enumerate(lista):
        if time.monotonic() > fin:
            pasaron.faltan = len(lista) - i
            break
        try:
            hecho = fuera_de_paso(
                pk, CAMBIAR_REVISION, actor=actor, cambiar=lambda e: _cambiar(e, numero, motivo)
            )
        except OperationalError:
            pasaron.no.append((folio, "alguien lo está usando; inténtalo otra vez"))
            continue
        if hecho:
            pasaron.movidos += 1
        else:
            pasaron.no.append((folio, "se cerró o ya obedece esa revisión"))
    return pasaron


def _cambiar(exp: Expediente, numero: int, motivo: str) -> Cambio | None:
    caso = exp.caso
    if not caso.es_abierto or caso.revision == numero:
        return None
    antes, caso.revision = caso.revision, numero
    dicho = f"De la {antes} a la {numero}" if antes else f"A la {numero}"
    return (
        {"revision": [antes, numero]},
        {
            "revision": ("Revisión de la instrucción", dicho, False),
            "motivo": ("Por qué", motivo, False),
        },
    )
