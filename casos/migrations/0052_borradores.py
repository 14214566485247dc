
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casos', '0055_posibilidades'),
    ]

    operations = [
        migrations.CreateModel(
            name='Borrador',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ruta', models.CharField(max_length=200)),
                ('datos', models.JSONField(default=dict)),
                ('vista', models.CharField(blank=True, max_length=64)),
                ('guardado_en', models.DateTimeField(db_index=True)),
                ('cerrado_en', models.DateTimeField(blank=True, null=True)),
                ('cliente', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='casos.cliente')),
                ('usuario', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='borradores', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'borrador',
                'verbose_name_plural': 'borradores',
                'ordering': ['-guardado_en', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('usuario', 'ruta'), name='un_borrador_por_formulario')],
            },
        ),
    ]
