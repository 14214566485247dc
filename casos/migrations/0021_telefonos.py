from django.core.exceptions import ValidationError
from django.db import migrations, models

from casos import telefonos


def escribir(apps, schema_editor):
    """What is understood is kept in one form; what is not stays as somebody wrote it."""
    for modelo in ("personacontacto", "usuario"):
        clase = apps.get_model("casos", modelo)
        filas = clase._base_manager.using(schema_editor.connection.alias)
        lote = []
        for fila in filas.exclude(telefono="").order_by("pk").iterator(chunk_size=2000):
            try:
                leido = telefonos.leer(fila.telefono)
            except ValidationError:
                continue
            if leido and leido != fila.telefono:
                fila.telefono = leido
                lote.append(fila)
            if len(lote) == 2000:
                filas.bulk_update(lote, ["telefono"])
                lote = []
        filas.bulk_update(lote, ["telefono"])


class Migration(migrations.Migration):

    dependencies = [
        ('casos', '0020_nombres_unicos'),
    ]

    operations = [
        migrations.AlterField(
            model_name='personacontacto',
            name='telefono',
            field=models.CharField(blank=True, max_length=100, verbose_name='teléfono'),
        ),
        migrations.AlterField(
            model_name='usuario',
            name='telefono',
            field=models.CharField(blank=True, max_length=100, verbose_name='teléfono'),
        ),
        migrations.RunPython(escribir, migrations.RunPython.noop),
    ]
