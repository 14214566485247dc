"""One act on several cases: each through the door, in a transaction of its own; what one refuses stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from casos.actos import Acto
from casos.models import Caso, Usuario

from .puerta import ejecutar
from .situacion import Rechazo


class Salida(NamedTuple):
    """What came of one of them; ``rechazo``: why not, "" where it was done."""

    caso: Caso
    rechazo: str = ""


def en_tanda(
    acto: Acto, usuario: Usuario, casos: Iterable[Caso], datos: Callable[[Caso], dict[str, Any]]
) -> list[Salida]:
    """``datos``: what is typed for each, with the version that was seen."""
    salidas = []
    for caso in casos:
        try:
            ejecutar(acto, usuario, caso=caso, datos=datos(caso))
        except Rechazo as rechazo:
            salidas.append(Salida(caso, str(rechazo)))
        else:
            salidas.append(Salida(caso))
    return salidas
