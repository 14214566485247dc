"""The parts of the search texts that are not everybody's, and the index of the list's closing dates.

The texts themselves are made by ``manage.py reindexar``, which ``preparar`` calls: in batches, so that nobody waits
for one long transaction, and again whenever the way of making them changes.
"""

from django.db import migrations, models

from ._fragmentos import indice_de_fragmentos

crear, quitar = indice_de_fragmentos(
    "busqueda_personas_trigramas", "BusquedaCaso", "nombres", "contacto"
)


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
