"""Children of a row as one JSON column of its own query: a page of many lists in one statement.

Reads only; nothing here knows about cases.
"""

import json
from datetime import UTC, datetime

from django.db import models
from django.db.models import F, Subquery
from django.utils import timezone


class ListaJSON(Subquery):
    """The rows of ``consulta`` as a JSON array of objects with the given paths.

    ``consulta`` may use ``OuterRef`` and bring its own order and limit.
    """

    def __init__(self, consulta, *rutas):
        self.modelo, self.rutas = consulta.model, rutas
        columnas = {f"c{i}": F(ruta) for i, ruta in enumerate(rutas)}
        super().__init__(consulta.values(**columnas), output_field=models.JSONField())

    def _plantilla(self, juntar: str, objeto: str, vacio: str) -> str:
        # Paths come from the code that calls, never from a request.
        pares = ", ".join(f"'{ruta}', fila.c{i}" for i, ruta in enumerate(self.rutas))
        lista = f"COALESCE({juntar}({objeto}({pares})), {vacio})"
        return f"(SELECT {lista} FROM (%(subquery)s) AS fila)"

    def as_sql(self, compiler, connection, template=None, **extra):
        plantilla = self._plantilla("json_group_array", "json_object", "'[]'")
        return super().as_sql(compiler, connection, template=plantilla, **extra)

    def as_postgresql(self, compiler, connection):
        plantilla = self._plantilla("jsonb_agg", "jsonb_build_object", "'[]'::jsonb")
        return super().as_sql(compiler, connection, template=plantilla)


def rehacer(modelo, filas) -> list:
    """Instances from the objects of a ``ListaJSON`` over ``modelo``; the rest stays deferred.

    A path through a foreign key ("persona__nombre") fills the related instance.
    """
    return [_instancia(modelo, fila) for fila in _como_lista(filas)]


def _como_lista(filas) -> list:
    return json.loads(filas) if isinstance(filas, str) else filas or []


def _instancia(modelo, fila: dict):
    propios, ajenos = {}, {}
    for ruta, valor in fila.items():
        relacion, _, resto = ruta.partition("__")
        if resto:
            ajenos.setdefault(relacion, {})[resto] = valor
        else:
            campo = modelo._meta.get_field(ruta)
            propios[campo.attname] = _valor(campo, valor)
    # ``from_db`` takes the values in the order of the model's columns.
    nombres = [c.attname for c in modelo._meta.concrete_fields if c.attname in propios]
    objeto = modelo.from_db(None, nombres, [propios[n] for n in nombres])
    for relacion, datos in ajenos.items():
        campo = modelo._meta.get_field(relacion)
        pk, otro = propios[campo.attname], campo.related_model
        vecino = None if pk is None else _instancia(otro, {otro._meta.pk.name: pk} | datos)
        campo.set_cached_value(objeto, vecino)
    return objeto


def _valor(campo, valor):
    if isinstance(campo, models.ForeignKey):
        campo = campo.target_field
    if isinstance(campo, models.JSONField):
        return json.loads(valor) if isinstance(valor, str) else valor
    return instante(valor) if isinstance(campo, models.DateTimeField) else campo.to_python(valor)


def instante(valor) -> datetime | None:
    """SQLite keeps UTC without saying so; PostgreSQL says it."""
    if not valor:
        return None
    momento = datetime.fromisoformat(valor)
    return momento.replace(tzinfo=UTC) if timezone.is_naive(momento) else momento
