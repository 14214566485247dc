"""What whoever explains our "no" has at hand (§7.8): what to say, and what not. Nothing of why inside."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from casos.models import Caso


class Kit(NamedTuple):
    decirle: str  # as it was decided
    no_decir: tuple[str, ...]  # as the motives say it today


def kit_de(caso: Caso, no_decir: Iterable[str]) -> Kit | None:
    """Of a case that was told no; ``no_decir``: of its motives."""
    if not caso.texto_cliente:
        return None
    return Kit(caso.texto_cliente, tuple(dict.fromkeys(d for d in no_decir if d)))


def kit_de_sus_motivos(caso: Caso) -> Kit | None:
    """The same where the motives were not read yet: one statement."""
    if not caso.texto_cliente:
        return None
    return kit_de(caso, caso.motivos.order_by("orden", "nombre").values_list("no_decir", flat=True))
