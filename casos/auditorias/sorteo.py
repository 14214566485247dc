"""A draw that anybody can do again: plain values in and out, no queries, no chance but the seed's.

The cases of each stratum in the order of SHA-256 of "seed:folio"; of each the first ones. How many: one of each
stratum, and the rest one by one to whichever has fewest for its size (Sainte-Laguë).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

METODO = 1  # another way of drawing is another number


@dataclass(frozen=True)
class DeEstrato:
    """A stratum: how many cases it has, how many were drawn of them."""

    clave: str
    casos: int
    sorteados: int


@dataclass(frozen=True)
class Sorteo:
    """``folios``: each with the key of its stratum, by folio. ``huella``: of the whole population."""

    estratos: list[DeEstrato]
    folios: list[tuple[str, str]]
    poblacion: int
    huella: str


def orden(semilla: str, folio: str) -> str:
    return hashlib.sha256(f"{semilla}:{folio}".encode()).hexdigest()


def sortear(semilla: str, tamano: int, poblacion: Mapping[str, str]) -> Sorteo:
    """``poblacion``: folio → key of its stratum. From as many as there are strata to as many as there are cases."""
    grupos = estratos_de(poblacion)
    en_orden = {
        clave: sorted(folios, key=lambda f: (orden(semilla, f), f))
        for clave, folios in grupos.items()
    }
    cuantos = repartir(tamano, {c: len(f) for c, f in en_orden.items()}, list(en_orden))
    folios = [(f, clave) for clave, suyos in en_orden.items() for f in suyos[: cuantos[clave]]]
    return Sorteo(
        [DeEstrato(clave, len(suyos), cuantos[clave]) for clave, suyos in en_orden.items()],
        sorted(folios),
        len(poblacion),
        huella_de(grupos),
    )


def estratos_de(poblacion: Mapping[str, str]) -> dict[str, list[str]]:
    """Folios by stratum, in the order of the lowest folio of each: of no key that another database would write otherwise."""
    grupos: dict[str, list[str]] = defaultdict(list)
    for folio in sorted(poblacion):
        grupos[poblacion[folio]].append(folio)
    return dict(grupos)


def repartir(tamano: int, casos: Mapping[str, int], en_orden: list[str]) -> dict[str, int]:
    """How many of each: at least one, at most what there are, in proportion; ties by ``en_orden``."""
    if not len(casos) <= tamano <= sum(casos.values()):
        raise ValueError("No caben: de uno por estrato a todos los casos.")
    cuantos = dict.fromkeys(en_orden, 1)
    lugar = {clave: n for n, clave in enumerate(en_orden)}
    for _ in range(tamano - len(cuantos)):
        con_mas = [c for c in en_orden if cuantos[c] < casos[c]]
        elegido = max(con_mas, key=lambda c: (Fraction(casos[c], 2 * cuantos[c] + 1), -lugar[c]))
        cuantos[elegido] += 1
    return cuantos


def huella_de(grupos: Mapping[str, list[str]]) -> str:
    """Of which cases there are and which are told together: a line for each, its folio and the first of its stratum."""
    lineas = sorted(f"{folio} {suyos[0]}\n" for suyos in grupos.values() for folio in suyos)
    return hashlib.sha256("".join(lineas).encode()).hexdigest()
