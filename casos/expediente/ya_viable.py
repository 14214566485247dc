"""Of a case that ended in our "no": what would make it viable, as its rules and pages ask. No queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from django.utils import timezone

from casos.models import Posibilidad


class ConPosibilidades:
    al_pedirlo: Mapping[str, Callable[[], Any]]

    @cached_property
    def posibilidades(self) -> list[Posibilidad]:
        """Those nobody attended to."""
        return self.al_pedirlo["posibilidades"]()

    @property
    def ya_posibles(self) -> list[Posibilidad]:
        hoy = timezone.localdate()
        return [p for p in self.posibilidades if p.desde and p.desde <= hoy]

    @property
    def motivos_que_siguen(self) -> list[Posibilidad]:
        return [p for p in self.posibilidades if p.motivo_id and p.desde is None]
