"""The indexes of what search reads, per vendor: PostgreSQL finds fragments by trigrams. No migration by itself.

SQLite reads the text table itself; a ``GinIndex`` in ``Meta`` would leave it a useless b-tree.
Where the database owner may not create ``pg_trgm``, search works all the same, only slower.
"""

from django.db import DatabaseError, transaction


def indice_de_fragmentos(nombre: str, modelo: str, *columnas: str):
    """What makes the index, and what takes it away, for ``RunPython``."""

    def crear(apps, schema_editor):
        conexion = schema_editor.connection
        if conexion.vendor != "postgresql":
            return
        tabla = schema_editor.quote_name(apps.get_model("casos", modelo)._meta.db_table)
        cuales = ", ".join(f"{columna} gin_trgm_ops" for columna in columnas)
        try:
            with transaction.atomic(using=conexion.alias), conexion.cursor() as cursor:
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
                cursor.execute(f"CREATE INDEX IF NOT EXISTS {nombre} ON {tabla} USING gin ({cuales})")
        except DatabaseError:
            print("  Sin pg_trgm: la búsqueda funciona, pero sin índice de fragmentos.")

    def quitar(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX IF EXISTS {nombre}")

    return crear, quitar
