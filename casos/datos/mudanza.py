"""All of a database into another one, as it is: to the microsecond, or the chain of the log would not verify.

Django's own ``dumpdata`` cuts instants to the millisecond. Knows no case; each value is read and written by its field.
"""

from collections.abc import Callable, Iterator

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, models, transaction

LOTE = 500
PARAMETROS = 20_000  # of one statement: SQLite takes 32,766


def modelos() -> list[type[models.Model]]:
    """Every table of the product and of its libraries; not Django's own record of migrations."""
    todos = apps.get_models(include_auto_created=True)
    return [m for m in todos if m._meta.managed and not m._meta.proxy]


def mudar(de: str, a: str, avance: Callable[[str, int], None] = lambda tabla, filas: None) -> int:
    """Copy every row from the database ``de`` to the migrated and unused one ``a``; returns how many.

    All or nothing. Raises ``ValueError`` in Spanish where ``a`` is in use already.
    """
    if any(apps.get_model("casos", m).objects.using(a).exists() for m in ("Usuario", "Caso")):
        raise ValueError("La base de destino ya tiene personas o casos: usa una vacía.")
    destino, total = connections[a], 0
    with transaction.atomic(using=de), transaction.atomic(using=a), destino.cursor() as cursor:
        for modelo in modelos():  # what a new database starts with
            cursor.execute(f"DELETE FROM {destino.ops.quote_name(modelo._meta.db_table)}")
        for modelo in modelos():
            filas = sum(_escribir(modelo, lote, a) for lote in _leer(modelo, de))
            avance(modelo._meta.db_table, filas)
            total += filas
        for orden in destino.ops.sequence_reset_sql(no_style(), modelos()):
            cursor.execute(orden)
    return total


def contar(alias: str) -> dict[str, int]:
    """Rows of each table."""
    return {m._meta.db_table: m._base_manager.using(alias).count() for m in modelos()}


def _leer(modelo: type[models.Model], de: str) -> Iterator[list[tuple]]:
    columnas = [c.attname for c in modelo._meta.concrete_fields]
    filas = modelo._base_manager.using(de).order_by("pk").values_list(*columnas)
    lote = []
    for fila in filas.iterator(chunk_size=LOTE):
        lote.append(fila)
        if len(lote) == LOTE:
            yield lote
            lote = []
    if lote:
        yield lote


def _escribir(modelo: type[models.Model], filas: list[tuple], a: str) -> int:
    campos = modelo._meta.concrete_fields
    conexion = connections[a]
    nombre = conexion.ops.quote_name
    columnas = ", ".join(nombre(c.column) for c in campos)
    cabeza = f"INSERT INTO {nombre(modelo._meta.db_table)} ({columnas}) VALUES "
    renglon = f"({', '.join(['%s'] * len(campos))})"
    caben = max(1, PARAMETROS // len(campos))
    with conexion.cursor() as cursor:
        for n in range(0, len(filas), caben):
            tanda = filas[n : n + caben]
            valores = [
                c.get_db_prep_save(v, conexion)
                for fila in tanda
                for c, v in zip(campos, fila, strict=True)
            ]
            cursor.execute(cabeza + ", ".join([renglon] * len(tanda)), valores)
    return len(filas)
