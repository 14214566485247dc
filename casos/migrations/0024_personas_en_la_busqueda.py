"""The parts of the search texts that are not everybody's, and the index of the list's closing dates.

The texts themselves are made by ``manage.py reindexar``, which ``preparar`` calls: in batches, so that nobody waits
for one long transaction, and again whenever the way of making them changes.
"""

from django.db import DatabaseError, migrations, models, transaction


INDICE = "busqueda_personas_trigramas"


def crear(apps, schema_editor):
    """As 0002 does for the text that is everybody's."""
    conexion = schema_editor.connection
    if conexion.vendor != "postgresql":
        return
    tabla = schema_editor.quote_name(apps.get_model("casos", "BusquedaCaso")._meta.db_table)
    try:
        with transaction.atomic(using=conexion.alias), conexion.cursor() as cursor:
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {INDICE} ON {tabla}"
                " USING gin (nombres gin_trgm_ops, contacto gin_trgm_ops)"
            )
    except DatabaseError:
        print("  Sin pg_trgm: la búsqueda funciona, pero sin índice de fragmentos.")


def quitar(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDICE}")


class Migration(migrations.Migration):

    dependencies = [
        ('casos', '0022_varios_correos_de_area'),
    ]

    operations = [
        migrations.AddField(
            model_name='busquedacaso',
            name='contacto',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='busquedacaso',
            name='nombres',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='busquedacaso',
            name='version',
            field=models.PositiveSmallIntegerField(db_index=True, default=0),
        ),
        migrations.AddField(
            model_name='cliente',
            name='texto_contacto',
            field=models.TextField(blank=True, default='', editable=False),
        ),
        migrations.AddField(
            model_name='cliente',
            name='texto_nombres',
            field=models.TextField(blank=True, default='', editable=False),
        ),
        migrations.AddField(
            model_name='cliente',
            name='texto_version',
            field=models.PositiveSmallIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AddIndex(
            model_name='caso',
            index=models.Index(condition=models.Q(('cerrado_en__isnull', False)), fields=['cerrado_en'], name='caso_cerrado_en'),
        ),
        migrations.RunPython(crear, quitar, elidable=False),
    ]
