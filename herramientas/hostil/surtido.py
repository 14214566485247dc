"""Which kind comes, and how often."""

import random

from . import clases_de_http  # noqa: F401  its kinds are told
from .cable import Peticion
from .clases import CLASES
from .terreno import Terreno

# How often each comes, of a hundred or so; the methods of every address come all, once, before.
PESOS = {
    "valores": 14, "todos": 6, "inyeccion": 9, "campos": 7, "ocultos": 7, "ajenas": 10, "cruzadas": 7, "repeticion": 7, "metodos": 3,
    "tipos": 5, "partes": 5, "archivos": 5, "consulta": 9, "rutas": 5, "cabeceras": 6, "galletas": 4, "anfitrion": 3, "destinos": 4, "protocolo": 4,
}  # fmt: skip


def una(t: Terreno, azar: random.Random, solo: list[str]) -> Peticion:
    """A request of a kind by weight; another kind where that one finds nothing to work on."""
    nombres = solo or list(PESOS)
    for _ in range(50):
        [elegida] = azar.choices(nombres, [PESOS[n] for n in nombres])
        peticion = CLASES[elegida](t, azar)
        if peticion is not None:
            return peticion
    raise LookupError(f"{nombres}: nothing to attack")
