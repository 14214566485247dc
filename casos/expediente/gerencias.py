"""Who decides above who leads a case."""

from typing import NamedTuple


class Gerencia(NamedTuple):
    """An active GER or DG person."""

    pk: int
    rol: str
    es_gerente: bool
