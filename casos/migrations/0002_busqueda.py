"""The index of the search text, per vendor: PostgreSQL finds fragments by trigrams.

SQLite reads the text table itself; a ``GinIndex`` in ``Meta`` would leave it a useless b-tree.
Where the database owner may not create ``pg_trgm``, search works all the same, only slower.
"""

from django.db import DatabaseError, migrations, transaction

INDICE = "busqueda_caso_trigramas"


def crear(apps, schema_editor):
    conexion = schema_editor.connection
    if conexion.vendor != "postgresql":
        return
    tabla = schema_editor.quote_name(apps.get_model("casos", "BusquedaCaso")._meta.db_table)
    try:
        with transaction.atomic(using=conexion.alias), conexion.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {INDICE} ON {tabla} USING gin (texto gin_trgm_ops)"
            )
    except DatabaseError:
        print("  Sin pg_trgm: la búsqueda funciona, pero sin índice de fragmentos.")


def quitar(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDICE}")


class Migration(migrations.Migration):
    dependencies = [("casos", "0001_inicial")]

    operations = [migrations.RunPython(crear, quitar, elidable=False)]
