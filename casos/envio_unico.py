"""A page sent twice writes one row: its form carries a token, and the row keeps it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet


class YaSeEnvio(Exception):
    """The same page sent twice: ``fila`` is what the first one wrote."""

    def __init__(self, fila: Any):
        super().__init__(str(fila))
        self.fila = fila


@contextmanager
def una_vez(
    suyas: QuerySet[Any], ficha: uuid.UUID | None, negar: type[Exception]
) -> Iterator[None]:
    """In a transaction, what is written with ``ficha``, the token of a page. ``suyas``: the rows of who writes.

    Raises ``YaSeEnvio`` where the page was sent before, ``negar`` where another one sent it.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        de_la_pagina = suyas.model.objects.filter(ficha=ficha) if ficha else suyas.none()
        if not de_la_pagina.exists():
            raise
        if fila := (suyas & de_la_pagina).first():
            raise YaSeEnvio(fila) from error
        raise negar("Esta página ya se envió: ábrela otra vez.") from error
