import casos.models.iguales
from django.db import migrations

from casos.razon_social import parecida


def escribir(apps, schema_editor):
    clase = apps.get_model("casos", "cliente")
    filas, lote = clase.objects.using(schema_editor.connection.alias), []
    for fila in filas.order_by("pk").iterator(chunk_size=2000):
        fila.razon_social_parecida = parecida(fila.razon_social)
        lote.append(fila)
        if len(lote) == 2000:
            filas.bulk_update(lote, ["razon_social_parecida"])
            lote = []
    filas.bulk_update(lote, ["razon_social_parecida"])


class Migration(migrations.Migration):

    dependencies = [
        ('casos', '0025_importaciones'),
    ]

    operations = [
        migrations.AddField(
            model_name='cliente',
            name='razon_social_parecida',
            field=casos.models.iguales.Parecida(db_index=True, de='razon_social', max_length=600),
        ),
        migrations.RunPython(escribir, migrations.RunPython.noop),
    ]
