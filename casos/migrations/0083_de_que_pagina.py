from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casos', '0082_consecutivos'),
    ]

    operations = [
        migrations.AddField(
            model_name='hallazgo',
            name='ficha',
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='muestra',
            name='ficha',
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
    ]
