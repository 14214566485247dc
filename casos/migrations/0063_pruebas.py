from django.db import migrations, models
import django.db.models.deletion
import django.utils.timezone

import casos.models.huellas


class Migration(migrations.Migration):
    """What is written from here on says by which rule it is hashed; what there is, keeps the first."""

    dependencies = [("casos", "0068_reparto_de_la_instruccion")]

    operations = [
        migrations.AddField("evento", "regla", models.PositiveSmallIntegerField(default=1)),
        migrations.AlterField("evento", "regla", models.PositiveSmallIntegerField(default=2)),
        migrations.AddField(
            "caso", "sal", models.CharField(default="", editable=False, max_length=32)
        ),
        migrations.AlterField(
            "caso",
            "sal",
            models.CharField(
                default=casos.models.huellas.nueva_sal, editable=False, max_length=32
            ),
        ),
    ]
