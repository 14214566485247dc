"""Annex 11: the flow diagram, laid out from the machine. Geometry only; the template draws it.

The steps stand in one column, 7.1 to 7.8, decisions as diamonds. The way to the next step is a
straight arrow; ways back run at the left and ways ahead at the right, each in a lane of its own;
a closing ends beside its step. No queries, no HTML, no colours here.
"""

from dataclasses import dataclass, field
from textwrap import wrap

from casos.actos import (
    ACEPTAR,
    CERRAR_MODIFICADO,
    DECLARAR_NO_VIABLE,
    DECLARAR_VIABLE,
    ETIQUETAS,
    INFORMAR,
    RECHAZAR,
)
from casos.catalogos import ABIERTOS, Estado, Resultado
from casos.flujo import TRANSICIONES, destinos_de

E, R = Estado, Resultado
DECISIONES = (E.POR_DECIDIR, E.EN_RESPUESTA)
RESPUESTAS = {
    DECLARAR_VIABLE.nombre: "Sí",
    DECLARAR_NO_VIABLE.nombre: "No",
    ACEPTAR.nombre: "Sí",
    RECHAZAR.nombre: "No",
}
# What a closing is called; a test holds it against the machine.
RESULTADOS = {
    RECHAZAR.nombre: (R.NO_INTERESADO,),
    CERRAR_MODIFICADO.nombre: (R.MODIFICADO,),
    INFORMAR.nombre: (R.NO_VIABLE, R.NO_AJUSTABLE),
}
# A way out of this many steps, or back from the end, is said in words below the drawing.
DEMASIADOS = 3

ANCHO, ANCHO_ROMBO, ANCHO_FIN = 270, 330, 176
ALTO, ALTO_ROMBO, ALTO_FIN = 74, 116, 46
HUECO, MARGEN, LETRERO, CARRIL = 44, 16, 206, 15
LINEA, PUERTO = 16, 21


@dataclass
class Nodo:
    """A step as a box, a decision as a diamond, or an end as a pill."""

    titulo: str
    lineas: tuple
    x: int
    y: int
    ancho: int
    alto: int
    forma: str

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
    def abajo(self) -> int:
        return self.y + self.alto

    @property
    def puntos(self) -> str:
        """Corners of the diamond."""
        return (
            f"{self.x},{self.cy} {self.cx},{self.y} {self.derecha},{self.cy} {self.cx},{self.abajo}"
        )

    @property
    def renglones(self) -> list:
        """(text, y) of every line, centred as a block."""
        textos = [self.titulo, *self.lineas]
        primero = self.cy - (len(textos) - 1) * LINEA // 2 + 4
        return [(texto, primero + i * LINEA) for i, texto in enumerate(textos)]

    def borde(self, y: int, lado: int) -> int:
        """x of the outline at height ``y``; ``lado`` is -1 at the left, 1 at the right."""
        medio = self.ancho / 2
        if self.forma == "rombo":
            medio *= 1 - abs(y - self.cy) / (self.alto / 2)
        return round(self.cx + lado * medio)


@dataclass(frozen=True)
class Trazo:
    """One line with its label."""

    etiqueta: str
    camino: str
    x: int
    y: int
    ancla: str = "start"


@dataclass
class Diagrama:
    nodos: list = field(default_factory=list)
    trazos: list = field(default_factory=list)
    ancho: int = 0
    alto: int = 0


@dataclass(frozen=True)
class Arista:
    accion: str
    etiqueta: str
    origen: Estado
    destino: Estado


@dataclass(frozen=True)
class Salida:
    """A way out of many steps, said in words."""

    etiqueta: str
    origenes: tuple
    destinos: tuple


def es_general(accion: str) -> bool:
    """Whether a way out is said in words instead of drawn."""
    origenes = [E(e) for e in TRANSICIONES[accion]]
    return len(origenes) >= DEMASIADOS or E.CERRADO in origenes


def _partes():
    """The machine split in what is drawn and what is said."""
    aristas, salidas = [], []
    for accion, por_estado in TRANSICIONES.items():
        origenes = tuple(sorted((E(o) for o in por_estado), key=list(E).index))
        etiqueta = ETIQUETAS[accion]
        destinos = destinos_de(next(iter(por_estado.values())))
        if es_general(accion):
            salidas.append(Salida(etiqueta, origenes, destinos))
            continue
        if accion in RESPUESTAS:
            etiqueta = f"{RESPUESTAS[accion]} · {etiqueta}"
        aristas += [Arista(accion, etiqueta, o, d) for o in origenes for d in destinos]
    return aristas, salidas


def salidas_generales() -> list[Salida]:
    return _partes()[1]


def dibujar(titulos: dict | None = None) -> Diagrama:
    """The whole drawing. ``titulos``: the instruction's, by section."""
    titulos = titulos or {}
    aristas, _ = _partes()
    vueltas = [a for a in aristas if _salto(a) < 0]
    saltos = [a for a in aristas if _salto(a) > 1 and a.destino != E.CERRADO]
    d = Diagrama()
    x_letrero = MARGEN + len(vueltas) * CARRIL
    cx = x_letrero + LETRERO + ANCHO_ROMBO // 2
    nodos, y = {}, MARGEN
    for estado in ABIERTOS:
        nodo = _nodo(estado, cx, y, titulos)
        nodo.alto = max(nodo.alto, PUERTO * (_puertos(estado, vueltas) + 1))
        nodos[estado] = nodo
        y = nodo.abajo + HUECO
    d.nodos = list(nodos.values())
    x_fin = cx + ANCHO_ROMBO // 2 + LETRERO
    d.ancho = x_fin + ANCHO_FIN + len(saltos) * CARRIL + MARGEN
    _rectos(d, nodos, aristas)
    _finales(d, nodos, aristas, x_fin)
    _por_carriles(d, nodos, vueltas, lado=-1, x0=x_letrero, letra=cx - ANCHO_ROMBO // 2)
    _por_carriles(d, nodos, saltos, lado=1, x0=x_fin + ANCHO_FIN, letra=cx + ANCHO_ROMBO // 2)
    d.alto = max(n.abajo for n in d.nodos) + MARGEN
    return d


def _nodo(estado, cx, y, titulos) -> Nodo:
    rombo = estado in DECISIONES
    ancho, alto = (ANCHO_ROMBO, ALTO_ROMBO) if rombo else (ANCHO, ALTO)
    lineas = wrap(titulos.get(estado.seccion, "").rstrip("."), 36)[:2]
    return Nodo(
        f"{estado.seccion} {estado.label}",
        tuple(lineas),
        cx - ancho // 2,
        y,
        ancho,
        alto,
        "rombo" if rombo else "caja",
    )


def _salto(arista) -> int:
    if arista.destino == E.CERRADO:
        return len(ABIERTOS)
    return ABIERTOS.index(arista.destino) - ABIERTOS.index(arista.origen)


def _puertos(estado, aristas) -> int:
    return sum(estado in (a.origen, a.destino) for a in aristas)


def _rectos(d, nodos, aristas) -> None:
    for a in aristas:
        if _salto(a) == 1:
            de, a_ = nodos[a.origen], nodos[a.destino]
            d.trazos.append(
                Trazo(a.etiqueta, f"M{de.cx} {de.abajo}V{a_.y - 2}", de.cx + 10, de.abajo + 24)
            )


def _finales(d, nodos, aristas, x) -> None:
    """Each closing is a pill: at the right of its step, below for the last one."""
    for a in aristas:
        if a.destino != E.CERRADO:
            continue
        de = nodos[a.origen]
        lineas = tuple(R(r).label for r in RESULTADOS.get(a.accion, ()))
        alto = ALTO_FIN + LINEA * max(0, len(lineas) - 1)
        if a.origen == ABIERTOS[-1]:
            fin = Nodo(
                E.CERRADO.label,
                lineas,
                de.cx - ANCHO_FIN // 2,
                de.abajo + HUECO,
                ANCHO_FIN,
                alto,
                "fin",
            )
            camino = f"M{de.cx} {de.abajo}V{fin.y - 2}"
            d.trazos.append(Trazo(a.etiqueta, camino, de.cx + 10, de.abajo + 24))
        else:
            fin = Nodo(E.CERRADO.label, lineas, x, de.cy - alto // 2, ANCHO_FIN, alto, "fin")
            camino = f"M{de.derecha} {de.cy}H{fin.x - 2}"
            d.trazos.append(Trazo(a.etiqueta, camino, fin.x - LETRERO + 6, de.cy - 6))
        d.nodos.append(fin)


def _por_carriles(d, nodos, aristas, *, lado, x0, letra) -> None:
    """The shortest way takes the innermost lane; ports are ordered so that no two lines cross."""
    carriles = sorted(aristas, key=lambda a: abs(_salto(a)))
    alturas = {}
    for estado, nodo in nodos.items():
        # From top to bottom: what goes up, the innermost first; what goes down, the outermost.
        arriba = [a for a in carriles if estado in (a.origen, a.destino) and _sube(a, estado)]
        abajo = [a for a in carriles if estado in (a.origen, a.destino) and not _sube(a, estado)]
        suyas = arriba + abajo[::-1]
        for i, a in enumerate(suyas):
            alturas[a, estado] = nodo.cy + round((i - (len(suyas) - 1) / 2) * PUERTO)
    for carril, a in enumerate(carriles):
        de, hacia = nodos[a.origen], nodos[a.destino]
        sale, llega = alturas[a, a.origen], alturas[a, a.destino]
        x = x0 + lado * (carril * CARRIL + 8)
        camino = f"M{de.borde(sale, lado)} {sale}H{x}V{llega}H{hacia.borde(llega, lado) + lado * 2}"
        d.trazos.append(
            Trazo(a.etiqueta, camino, letra + lado * 6, sale - 5, "end" if lado < 0 else "start")
        )


def _sube(arista, estado) -> bool:
    """Whether the other end of the line is above ``estado``."""
    otro = arista.destino if arista.origen == estado else arista.origen
    return ABIERTOS.index(otro) < ABIERTOS.index(estado)
