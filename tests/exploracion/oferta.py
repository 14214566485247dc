"""One way to do an act, with what is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tests.guion import hace

from .elenco import Elenco

OPINAN, AJUSTAN = ("FIN", "JUR"), ("JUR", "NOM")
Datos = dict[str, Any]


@dataclass(frozen=True)
class Oferta:
    """One way to do an act; ``datos`` is asked once the clock stands where it should."""

    variante: str
    datos: Callable[[], Datos]
    habla: str = ""  # "areas" or "cliente": who must have spoken for it to be done
    de: Callable[[Elenco], set[str]] | None = None  # by whom, where not whoever may
    dias: int = 0  # done so many times, each on another day


Ofrece = Callable[[Any, Any, Any], Iterable[Oferta]]  # of the case, the row and the persons


def siempre(**datos: Any) -> Ofrece:
    return lambda caso, fila, p: [Oferta("", lambda: datos)]


def hace_un_minuto(campo: str, datos: Datos) -> Datos:
    """What was said a minute ago, whenever that is."""
    return datos | {campo: hace(minutes=1)}


def tarifa_de(caso: Any) -> Any:
    """The row of the sheet that is negotiated."""
    return next(f for f in caso.hechos.condiciones if f.concepto.clave == "tarifa")
