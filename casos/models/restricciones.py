"""Which constraint the database refused, by its name, on either database. No business rules."""

from __future__ import annotations

import re

from django.apps import apps
from django.db import IntegrityError, models

_COLUMNAS = re.compile(r"UNIQUE constraint failed: (?!index)(.+)")
_POR_NOMBRE = re.compile(r"(?:CHECK constraint failed: |index ')(\w+)")


def restriccion_violada(error: IntegrityError) -> str:
    """The name of the constraint (a unique field: ``modelo.campo``), or "" where none is told."""
    diagnostico = getattr(error.__cause__, "diag", None)
    if diagnostico is not None:
        nombre = diagnostico.constraint_name or ""
        return nombre if nombre in _de_los_modelos() else _campo_unico(nombre)
    mensaje = str(error)
    if hallada := _POR_NOMBRE.search(mensaje):
        return hallada[1]
    if hallada := _COLUMNAS.search(mensaje):
        return _por_columnas({c.strip() for c in hallada[1].split(",")})
    return ""


def mensaje_de(nombre: str) -> str:
    """What a person is told of it; "" where it is nobody's business but ours."""
    if nombre == "evento.ficha":
        return "Esta página ya se envió: ábrela otra vez."
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
            suyas = {f"{tabla}.{modelo._meta.get_field(c).column}" for c in campos}
            if suyas == columnas:
                return restriccion.name
        for campo in modelo._meta.concrete_fields:
            if campo.unique and columnas == {f"{tabla}.{campo.column}"}:
                return f"{modelo._meta.model_name}.{campo.name}"
    return ""


def _campo_unico(nombre: str) -> str:
    """PostgreSQL names a unique column's index after it: ``casos_evento_ficha_key``."""
    for modelo in _modelos():
        for campo in modelo._meta.concrete_fields:
            if campo.unique and re.fullmatch(
                rf"{modelo._meta.db_table}_{campo.column}(_[0-9a-f]{{8}})?(_uniq|_key|_like)?",
                nombre,
            ):
                return f"{modelo._meta.model_name}.{campo.name}"
    return ""
