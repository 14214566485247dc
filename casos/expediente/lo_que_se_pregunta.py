"""Once it was closed as modified: what is asked of it, and what was answered (§7.7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from casos.models import Caso, Comprobacion, Satisfaccion
from casos.models.preparada import Preparada


class ConPreguntas:
    """Part of the facts of a case, read when it is asked."""

    al_pedirlo: Mapping[str, Callable[[], Any]]

    @cached_property
    def comprobaciones(self) -> list[Comprobacion]:
        return self.al_pedirlo["comprobaciones"]()

    @cached_property
    def satisfacciones(self) -> list[Satisfaccion]:
        return self.al_pedirlo["satisfacciones"]()


_COMPROBACIONES = Preparada(
    lambda caso: (
        Comprobacion.objects.filter(caso=caso)
        .select_related("area", "respondida_por")
        .order_by("pk")
    ),
    int,
)
_SATISFACCIONES = Preparada(
    lambda caso: (
        Satisfaccion.objects.filter(caso=caso)
        .select_related("persona", "respondida_por")
        .order_by("pk")
    ),
    int,
)


def leer_comprobaciones(caso: Caso) -> list[Comprobacion]:
    return _leer(_COMPROBACIONES, caso)


def leer_satisfacciones(caso: Caso) -> list[Satisfaccion]:
    return _leer(_SATISFACCIONES, caso)


def _leer(filas: Preparada, caso: Caso) -> list:
    """Only of a case that was once accepted and closed: of no other is it looked for."""
    if not caso.aceptacion or not caso.cerrado_primera_vez_en:
        return []
    leidas = filas(caso.pk)
    for fila in leidas:
        fila.caso = caso
    return leidas
