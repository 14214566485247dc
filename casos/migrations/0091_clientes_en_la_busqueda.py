"""The index of the clients' search texts, as 0002 and 0024 made those of the cases: PostgreSQL read them all."""

from django.db import DatabaseError, migrations, transaction

INDICE = "busqueda_cliente_trigramas"
COLUMNAS = ("texto_busqueda", "texto_nombres", "texto_contacto")


def crear(apps, schema_editor):
    conexion = schema_editor.connection
    if conexion.vendor != "postgresql":
        return
    tabla = schema_editor.quote_name(apps.get_model("casos", "Cliente")._meta.db_table)
    de_trigramas = ", ".join(f"{columna} gin_trgm_ops" for columna in COLUMNAS)
    try:
        with transaction.atomic(using=conexion.alias), conexion.cursor() as cursor:
            cursor.execute(f"CREATE INDEX IF NOT EXISTS {INDICE} ON {tabla} USING gin ({de_trigramas})")
    except DatabaseError:
        print("  Sin pg_trgm: la búsqueda funciona, pero sin índice de fragmentos.")


def quitar(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDICE}")


class Migration(migrations.Migration):
    dependencies = [("casos", "0090_indice_de_a_quien_le_toca")]

    operations = [migrations.RunPython(crear, quitar, elidable=False)]
