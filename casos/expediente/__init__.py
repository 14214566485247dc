"""A case with its facts, typed: who reads or moves one gets an ``Expediente``. Reads only.

``carga`` makes it, ``hechos`` is what the rules ask, ``turno`` says whose move it is.
"""

from .carga import Expediente, bajo_candado, completo, de_uno, recien_abierto
from .hechos import Hechos

__all__ = ["Expediente", "Hechos", "bajo_candado", "completo", "de_uno", "recien_abierto"]
