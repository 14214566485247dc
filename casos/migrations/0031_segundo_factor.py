"""Of whom the second factor is asked, and how often each has left it for later.

The demonstration asks nobody: it is tried without a telephone at hand.
"""

from django.conf import settings
from django.db import migrations, models

import casos.models.configuracion


def sin_pedir_en_la_demostracion(apps, schema_editor):
    if settings.DEMO:
        alias = schema_editor.connection.alias
        apps.get_model("casos", "Configuracion").objects.using(alias).update(segundo_factor_de=[])


class Migration(migrations.Migration):
    dependencies = [("casos", "0033_registro_de_seguridad")]

    operations = [
        migrations.AddField(
            model_name="usuario",
            name="veces_pospuesto",
            field=models.PositiveSmallIntegerField(
                default=0,
                editable=False,
                verbose_name="veces que dejó para después el segundo factor",
            ),
        ),
        migrations.AddField(
            model_name="configuracion",
            name="segundo_factor_de",
            field=models.JSONField(
                blank=True,
                default=casos.models.configuracion.a_quien_se_le_pide,
                verbose_name="a quién se le pide segundo factor",
            ),
        ),
        migrations.RunPython(sin_pedir_en_la_demostracion, migrations.RunPython.noop),
    ]
