"""Queries that depend on the hats of who asks. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet

from casos.models.preparada import Preparada
from casos.permisos.cargos import Cargo


class DeSusCargos:
    """A query whose text is written once for each kind of hats.

    ``consulta`` is given the hats and the values, of the types said.
    """

    def __init__(self, consulta: Callable[..., QuerySet[Any]], *tipos: type):
        self.consulta, self.tipos = consulta, tipos
        self._escritas: dict[tuple[tuple[str, bool], ...], Preparada] = {}

    def __call__(self, cargos: Iterable[Cargo], *valores: Any) -> list[Any]:
        clase = tuple((c.rol, c.es_gerente) for c in cargos)
        if clase not in self._escritas:
            self._escritas[clase] = self._escribir(clase)
        return self._escritas[clase](*(c.usuario_id for c in cargos), *valores)

    def _escribir(self, clase: tuple[tuple[str, bool], ...]) -> Preparada:
        def consulta(*valores: Any) -> QuerySet[Any]:
            personas, resto = valores[: len(clase)], valores[len(clase) :]
            cargos = [
                Cargo(pk, rol, es_gerente, frozenset(), frozenset())
                for pk, (rol, es_gerente) in zip(personas, clase, strict=True)
            ]
            return self.consulta(cargos, *resto)

        return Preparada(consulta, *[int] * len(clase), *self.tipos)
