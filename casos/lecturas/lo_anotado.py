"""What auditors wrote, as its reader may know it: of a known person of the client, the stand-in. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from casos.models import Caso, Usuario
from casos.permisos.lectura import enmascara

from .nombres_cubiertos import de_sus_clientes


def cubierto(usuario: Usuario, casos: Iterable[Caso]) -> Callable[[str], str]:
    """What ``usuario`` reads of a text about some cases: as it was written, or with the names covered.

    Four statements where it is covered, none else.
    """
    return de_sus_clientes(casos).en_lo_dicho if enmascara(usuario) else str
