from django.db import migrations, models


def llenar(apps, schema_editor):
    """Each case's areas, of its opinions and adjustments; its closings hold the same.

    These columns are in no proof: the chain of the rows stays as it is.
    """
    junta = {"postgresql": "string_agg(area_id::text, ',')"}.get(
        schema_editor.connection.vendor, "group_concat(area_id, ',')"
    )
    schema_editor.execute(f"""
        UPDATE casos_caso SET areas_que_participan = (
            SELECT ',' || {junta} || ',' FROM (
                SELECT o.area_id FROM casos_opinion o WHERE o.caso_id = casos_caso.id
                UNION
                SELECT a.area_id FROM casos_ajuste a WHERE a.caso_id = casos_caso.id
                ORDER BY 1
            ) AS suyas
        )
        WHERE id IN (SELECT caso_id FROM casos_opinion UNION SELECT caso_id FROM casos_ajuste)
    """)
    schema_editor.execute("""
        UPDATE casos_cierre SET areas_que_participan = (
            SELECT c.areas_que_participan FROM casos_caso c WHERE c.id = casos_cierre.caso_id
        )
    """)


class Migration(migrations.Migration):
    dependencies = [
        ('casos', '0086_indices_de_pendientes'),
    ]

    operations = [
        migrations.AddField(
            model_name='caso',
            name='areas_que_participan',
            field=models.TextField(blank=True, default='', editable=False),
        ),
        migrations.AddField(
            model_name='cierre',
            name='areas_que_participan',
            field=models.TextField(blank=True, default='', editable=False),
        ),
        migrations.RunPython(llenar, migrations.RunPython.noop),
    ]
