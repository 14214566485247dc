"""All the rows of one case, of many tables, in one statement: each value as text, read back by its column.

The two engines write values otherwise: what comes out is what the ORM would give.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from hashlib import sha256
from typing import Any

from django.db import connection, models

from casos.models.preparada import guarda_el_plan

Modelo = type[models.Model]


def leer_en_una(
    caso: int, caminos: dict[Modelo, str], columnas: dict[Modelo, list[str]]
) -> dict[Modelo, list[tuple[str, list[Any]]]]:
    """Table → (key, values of its ``columnas``) of each row that hangs from the case by its path."""
    modelos = list(caminos)
    leidas: dict[Modelo, list[tuple[str, list[Any]]]] = {m: [] for m in modelos}
    nombre, orden = _orden(tuple((m, de, tuple(columnas[m])) for m, de in caminos.items()))
    with connection.cursor() as cursor:
        # Of some twenty tables PostgreSQL plans for longer than it reads.
        if guarda_el_plan(connection, nombre, lambda _: orden.replace("%s", "$1")):
            cursor.execute(f'EXECUTE "{nombre}" (%s)', [caso])
        else:
            cursor.execute(orden, [caso] * len(modelos))
        for cual, pk, *valores in cursor.fetchall():
            modelo = modelos[int(cual)]
            lectores = _lectores(modelo, tuple(columnas[modelo]))
            suyos = [
                None if v is None else leer(v) for leer, v in zip(lectores, valores, strict=False)
            ]
            leidas[modelo].append((pk, suyos))
    return leidas


@cache
def _orden(cuales: tuple[tuple[Modelo, str, tuple[str, ...]], ...]) -> tuple[str, str]:
    """The name of these tables' statement, and its text."""
    anchura = max(len(columnas) for _, _, columnas in cuales)
    orden = " UNION ALL ".join(_de_una(n, *cual, anchura) for n, cual in enumerate(cuales))
    return f"filas_{sha256(orden.encode()).hexdigest()[:16]}", orden


def _de_una(n: int, modelo: Modelo, camino: str, columnas: tuple[str, ...], anchura: int) -> str:
    meta, nombre = modelo._meta, connection.ops.quote_name
    propias = {c.attname: c.column for c in meta.concrete_fields}
    dichas = [f"CAST(t.{nombre(propias[c])} AS TEXT)" for c in columnas]
    dichas += ["CAST(NULL AS TEXT)"] * (anchura - len(dichas))
    desde, *resto = camino.split("__")
    de = f"FROM {nombre(meta.db_table)} t"
    donde = "t." + nombre((meta.pk if desde == "pk" else meta.get_field(desde)).column)
    if resto:
        padre = meta.get_field(desde).related_model._meta
        de += f" JOIN {nombre(padre.db_table)} p ON p.{nombre(padre.pk.column)} = {donde}"
        donde = "p." + nombre(padre.get_field(resto[0]).column)
    clave = f"CAST(t.{nombre(meta.pk.column)} AS TEXT)"
    return f"SELECT '{n}', {clave}, {', '.join(dichas)} {de} WHERE {donde} = %s"


@cache
def _lectores(modelo: Modelo, columnas: tuple[str, ...]) -> list[Callable[[str], Any]]:
    campos = {c.attname: c for c in modelo._meta.concrete_fields}
    return [_lector(campos[c]) for c in columnas]


def _lector(campo: models.Field) -> Callable[[str], Any]:
    while isinstance(campo, models.ForeignKey):
        campo = campo.target_field
    if isinstance(campo, models.BooleanField):
        return lambda v: v in ("1", "true", "t")
    if isinstance(campo, models.IntegerField):
        return int
    if isinstance(campo, models.DecimalField):
        paso = Decimal(1).scaleb(-campo.decimal_places)
        return lambda v: Decimal(v).quantize(paso)
    if isinstance(campo, models.DateTimeField):
        return _instante
    if isinstance(campo, models.DateField):
        return date.fromisoformat
    if isinstance(campo, models.UUIDField):
        return uuid.UUID
    return json.loads if isinstance(campo, models.JSONField) else str


def _instante(valor: str) -> datetime:
    leido = datetime.fromisoformat(valor)
    return leido if leido.tzinfo else leido.replace(tzinfo=UTC)
