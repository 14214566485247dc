"""The eight-step path: where a case is and has been, and its tiny drawing. Geometry only; the
components draw it. No queries, no HTML, no colours here.
"""

from dataclasses import dataclass
from functools import lru_cache

from casos.catalogos import ABIERTOS, Estado, Resultado
from casos.significado import de_resultado

_PASOS = tuple(ABIERTOS)
# Where a closed case was last, when nobody says it better.
_ULTIMO = {
    Resultado.MODIFICADO: 7,
    Resultado.NO_VIABLE: 8,
    Resultado.NO_AJUSTABLE: 8,
    Resultado.NO_INTERESADO: 6,
}


@dataclass(frozen=True)
class Parada:
    """One of the eight steps as drawn."""

    seccion: str
    numero: int
    etiqueta: str
    trato: str  # actual, hecho, pendiente, omitido
    fecha: object = None
    # Which rails were travelled: on to the next step or the end, and down to 7.8.
    sigue: bool = False
    baja: bool = False


@dataclass(frozen=True)
class Final:
    """Where a closed case ended."""

    etiqueta: str
    clase: str
    fecha: object


@dataclass(frozen=True)
class Camino:
    """The whole path of one case. ``actual`` is 0 once it is closed."""

    paradas: tuple
    final: Final | None
    actual: int
    etiqueta: str
    ayuda: str


@dataclass(frozen=True)
class Chico:
    """The tiny drawing (84 × 24): the part travelled, and where the mark stands."""

    trazo: str
    x: int
    y: int


def indice(estado) -> int:
    """1 to 8; 0 when the state is one of the two ends."""
    return _PASOS.index(Estado(estado)) + 1 if estado in _PASOS else 0


def trazar(caso, recorrido=None) -> Camino:
    """Where the case is and has been on the eight steps.

    ``recorrido`` maps a section ("7.3") to the date it was last entered; without it the path is
    what the state alone tells.
    """
    actual, hasta, rama, visitados = _andado(caso.estado, caso.resultado, recorrido)
    abierto = bool(actual)
    tope = rama if hasta == 8 else hasta
    paradas = []
    for n, estado in enumerate(_PASOS, start=1):
        if n == actual:
            trato = "actual"
        elif n in visitados and (n <= tope or n == hasta):
            trato = "hecho"
        else:
            trato = "pendiente" if abierto and n > hasta else "omitido"
        paradas.append(
            Parada(
                seccion=estado.seccion,
                numero=n,
                etiqueta=estado.label,
                trato=trato,
                fecha=(recorrido or {}).get(estado.seccion),
                sigue=n < tope or (not abierto and n == hasta and hasta in (7, 8)),
                baja=n == rama and hasta == 8,
            )
        )
    final = None
    if not abierto:
        final = Final(caso.etiqueta_estado, de_resultado(caso.resultado), caso.cerrado_en)
    estado = Estado(caso.estado)
    return Camino(tuple(paradas), final, actual, estado.label, estado.ayuda if abierto else "")


def _andado(estado, resultado, recorrido) -> tuple[int, int, int, set]:
    """The step it is on, the last one reached, the one 7.8 was reached from, and those visited."""
    actual = indice(estado)
    visitados = {int(s[2:]) for s in recorrido} if recorrido else set()
    # A closed case ends where its result says; where that is open, at the step entered last.
    ultimo = max(recorrido, key=lambda s: (recorrido[s], s)) if recorrido else "7.0"
    hasta = actual or _ULTIMO.get(resultado, int(ultimo[2:]))
    if visitados:
        return actual, hasta, 7 if 7 in visitados else 4, visitados
    rama = 7 if resultado == Resultado.NO_AJUSTABLE else 4
    principal = hasta if hasta < 8 else rama
    return actual, hasta, rama, set(range(1, principal + 1)) | ({8} if hasta == 8 else set())


@lru_cache(maxsize=64)
def chico(estado: str, resultado: str) -> Chico:
    """The drawing for a row of a list, from what the state alone tells."""
    _, hasta, rama, _ = _andado(estado, resultado, None)
    if not hasta:
        return Chico("", 0, 7)
    return Chico(_trazo(hasta, rama), _x(hasta), 18 if hasta == 8 else 7)


def _x(n: int) -> int:
    return 6 + 12 * (min(n, 7) - 1)


def _trazo(hasta: int, rama: int) -> str:
    """The travelled part as an SVG path."""
    if hasta < 8:
        return f"M6 7H{_x(hasta)}"
    if rama == 7:
        return f"M6 7H{_x(7)}V18"
    return f"M6 7H{_x(4)}v6q0 5 5 5H{_x(7)}"


def en_palabras(caso) -> str:
    """For mails and for who listens: "Paso 3 de 8: En análisis"."""
    n = indice(caso.estado)
    if n:
        return f"Paso {n} de 8: {Estado(caso.estado).label}"
    return f"Terminado: {caso.etiqueta_estado}"
