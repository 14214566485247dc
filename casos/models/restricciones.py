"""Which constraint the database refused, by its name, on either database. No business rules."""

from __future__ import annotations

import re

from django.apps import apps
from django.db import IntegrityError, models

_COLUMNAS = re.compile(r"UNIQUE constraint failed: (?!index)(.+)")
_POR_NOMBRE = re.compile(r"(?:CHECK constraint failed: |index ')(\w+)")


def restriccion_violada(error: IntegrityError) -> str:
    """The name of a constraint of ours, or "" where it is none of them."""
    diagnostico = getattr(error.__cause__, "diag", None)
    if diagnostico is not None:
        nombre = diagnostico.constraint_name or ""
    elif hallada := _POR_NOMBRE.search(str(error)):
        nombre = hallada[1]
    elif hallada := _COLUMNAS.search(str(error)):  # SQLite names the columns of a unique index
        nombre = _por_columnas({c.strip() for c in hallada[1].split(",")})
    else:
        nombre = ""
    return nombre if nombre in _de_los_modelos() else ""


def mensaje_de(nombre: str) -> str:
    """What a person is told of it; "" where it is nobody's business but ours."""
    restriccion = _de_los_modelos().get(nombre)
    if restriccion is None or restriccion.violation_error_message == (
        restriccion.default_violation_error_message
    ):
        return ""
    return str(restriccion.violation_error_message)


def _modelos() -> list[type[models.Model]]:
    return list(apps.get_app_config("casos").get_models())


def _de_los_modelos() -> dict[str, models.BaseConstraint]:
    return {r.name: r for m in _modelos() for r in m._meta.constraints}


def _por_columnas(columnas: set[str]) -> str:
    for modelo in _modelos():
        tabla = modelo._meta.db_table
        for restriccion in modelo._meta.constraints:
            campos = getattr(restriccion, "fields", ())
            if {f"{tabla}.{modelo._meta.get_field(c).column}" for c in campos} == columnas:
                return restriccion.name
    return ""
