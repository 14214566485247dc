"""A case with its facts, typed: who reads or moves one gets an ``Expediente``. Reads only.

``carga`` makes it, ``hechos`` is what the rules ask, ``turno`` says whose move it is; ``completo``
adds what only the case page shows.
"""

from .carga import Expediente, bajo_candado, de_uno, recien_abierto
from .hechos import Hechos

__all__ = ["Expediente", "Hechos", "bajo_candado", "de_uno", "recien_abierto"]
