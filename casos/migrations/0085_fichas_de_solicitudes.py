from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casos', '0084_recalculo_de_un_estado'),
    ]

    operations = [
        migrations.AddField(
            model_name='solicitudarco',
            name='ficha',
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
    ]
