"""Annex 11: the flow diagram, laid out from the machine. Geometry only; the template draws it.

The steps stand in one column, 7.1 to 7.8, decisions as diamonds. A transition to the next step is
a straight arrow; any other gets a lane of its own at the right, so that no two lines share one.
"""

from dataclasses import dataclass

from casos import flujo
from casos.catalogos import ABIERTOS, Estado

ANCHO_PASO, ALTO_PASO, SEPARACION, X, Y0 = 230, 54, 92, 20, 20
DECISIONES = (Estado.POR_DECIDIR, Estado.EN_RESPUESTA)
CARRIL0, CARRIL = X + ANCHO_PASO + 26, 22
# Those that leave from almost anywhere are listed beside each step, not drawn over everything.
NO_SE_DIBUJAN = ("retirar", "anular", "cerrar_sin_respuesta", "reabrir")


@dataclass(frozen=True)
class Nodo:
    estado: Estado
    x: int
    y: int
    ancho: int
    alto: int
    rombo: bool

    @property
    def cx(self) -> int:
        return self.x + self.ancho // 2

    @property
    def cy(self) -> int:
        return self.y + self.alto // 2

    @property
    def derecha(self) -> int:
        return self.x + self.ancho

    @property
    def puntos(self) -> str:
        m = 8
        return (
            f"{self.x - m},{self.cy} {self.cx},{self.y - m} {self.derecha + m},{self.cy} "
            f"{self.cx},{self.y + self.alto + m}"
        )


@dataclass(frozen=True)
class Trazo:
    etiqueta: str
    camino: str
    x: int
    y: int
    recto: bool


@dataclass(frozen=True)
class Diagrama:
    nodos: list
    trazos: list
    ancho: int
    alto: int


def _aristas():
    for nombre, por_estado in flujo.transiciones().items():
        if nombre in NO_SE_DIBUJAN:
            continue
        for origen, transicion in por_estado.items():
            destinos = getattr(transicion.target, "allowed_states", None) or [transicion.target]
            for destino in destinos:
                yield Estado(origen), Estado(destino), transicion.custom["etiqueta"]


def dibujar() -> Diagrama:
    """Nodes and lines of the whole machine, deterministic for the same machine."""
    estados = [*ABIERTOS, Estado.CERRADO]
    nodos = {
        e: Nodo(e, X, Y0 + i * (ALTO_PASO + SEPARACION - ALTO_PASO), ANCHO_PASO, ALTO_PASO,
                e in DECISIONES)
        for i, e in enumerate(estados)
    }  # fmt: skip
    trazos, carril = [], 0
    for origen, destino, etiqueta in _aristas():
        a, b = nodos[origen], nodos[destino]
        if estados.index(destino) - estados.index(origen) == 1:
            holgura = 8 if a.rombo else 0
            llega = b.y - (8 if b.rombo else 0)
            trazos.append(
                Trazo(etiqueta, f"M{a.cx} {a.y + a.alto + holgura}V{llega - 6}", a.cx + 8,
                      a.y + a.alto + 23, True)
            )  # fmt: skip
            continue
        x = CARRIL0 + carril * CARRIL
        # Each line leaves and arrives at its own height, so that the arrowheads do not pile up.
        sale, llega = a.cy - 16 + (carril * 7) % 32, b.cy - 18 + (carril * 11) % 36
        trazos.append(
            Trazo(etiqueta, f"M{a.derecha + (8 if a.rombo else 0)} {sale}H{x}V{llega}H{b.derecha + 14}",
                  x + 6, min(sale, llega) + 16 + (carril * 17) % 60, False)
        )  # fmt: skip
        carril += 1
    alto = Y0 * 2 + (len(estados) - 1) * SEPARACION + ALTO_PASO
    return Diagrama(list(nodos.values()), trazos, CARRIL0 + carril * CARRIL + 230, alto)
