"""What a tablero is made of: tables of figures, each with the query of the cases behind it. No queries, no HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

ANCHO = 300  # of the longest bar, in units of its drawing


class Celda(NamedTuple):
    """A figure; ``consulta``: what the list is asked for exactly the cases it counts."""

    valor: int | Decimal | str | None
    consulta: str = ""
    formato: str = ""  # "%", "decimal", "dias" (tenths of a business day), "dinero"


class Barra(NamedTuple):
    clase: str
    x: int
    ancho: int


class Parte(NamedTuple):
    """Of a figure, those of one group."""

    nombre: str
    cuantos: int
    consulta: str


@dataclass
class Renglon:
    nombre: str
    celdas: list[Celda]
    # Values that its bar is made of, in the order of the table's series.
    medidas: Sequence[int] = ()
    partes: list[Parte] = field(default_factory=list)
    es_total: bool = False
    barras: list[Barra] = field(default_factory=list)


@dataclass
class Pareto:
    """Columns from the highest to the lowest, and the line of what they add up to."""

    columnas: list[tuple[int, int, int, int]]  # x, y, width, height
    linea: str
    ancho: int
    alto: int


@dataclass
class Tabla:
    clave: str
    titulo: str
    columnas: list[str]
    renglones: list[Renglon]
    vacia: str  # said where there is nothing to count
    nota: str = ""
    series: list[tuple[str, str]] = field(default_factory=list)  # class, name
    pareto: Pareto | None = None

    def __post_init__(self) -> None:
        mayor = max((sum(r.medidas) for r in self.renglones), default=0)
        for renglon in self.renglones:
            renglon.barras = _barras(renglon.medidas, mayor, [c for c, _ in self.series])

    @property
    def hay(self) -> bool:
        return any(c.valor for r in self.renglones for c in r.celdas if not r.es_total)

    @property
    def con_partes(self) -> bool:
        return any(r.partes for r in self.renglones)


def _barras(medidas: Sequence[int], mayor: int, clases: list[str]) -> list[Barra]:
    barras, x, suma = [], 0, 0
    for n, medida in enumerate(medidas):
        suma += medida
        hasta = round(ANCHO * suma / mayor) if mayor else 0
        if medida:
            # The least there is is seen too.
            ancho = max(hasta - x, 2)
            barras.append(Barra(clases[n] if clases else "", x, ancho))
            x += ancho
    return barras


def tanto_por_ciento(parte: int, todo: int) -> int:
    return round(100 * parte / todo) if todo else 0


COLUMNA, HUECO, ALTO_DEL_PARETO = 28, 12, 120


def pareto(cuantos: Sequence[int]) -> Pareto | None:
    """Drawn of two or more; of one there is nothing to compare."""
    total = sum(cuantos)
    if len(cuantos) < 2 or not total:
        return None
    columnas, puntos, suma = [], [], 0
    for n, cuanto in enumerate(cuantos):
        suma += cuanto
        x = n * (COLUMNA + HUECO) + HUECO
        alto = round(ALTO_DEL_PARETO * cuanto / total)
        columnas.append((x, ALTO_DEL_PARETO - alto, COLUMNA, alto))
        y = ALTO_DEL_PARETO - round(ALTO_DEL_PARETO * suma / total)
        puntos.append(f"{x + COLUMNA // 2},{y}")
    ancho = len(cuantos) * (COLUMNA + HUECO) + HUECO
    return Pareto(columnas, " ".join(puntos), ancho, ALTO_DEL_PARETO)


def mediana(por_valor: Iterable[tuple[int, int]]) -> tuple[int | None, int]:
    """Of (value, how many): the lower of the two in the middle, and how many there are."""
    ordenados = sorted(por_valor)
    cuantos = sum(n for _, n in ordenados)
    suma = 0
    for valor, n in ordenados:
        suma += n
        if 2 * suma >= cuantos:
            return valor, cuantos
    return None, 0
