import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import casos.catalogos


class Migration(migrations.Migration):

    dependencies = [
        ('casos', '0030_rechazado_desde'),
    ]

    operations = [
        migrations.CreateModel(
            name='CabezaDeSeguridad',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numero', models.PositiveBigIntegerField(default=0)),
                ('huella', models.CharField(default='0' * 64, max_length=64)),
            ],
            options={
                'verbose_name': 'cabeza del registro de seguridad',
                'verbose_name_plural': 'cabezas del registro de seguridad',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='una_sola_cabeza')],
            },
        ),
        migrations.CreateModel(
            name='HechoDeSeguridad',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numero', models.PositiveBigIntegerField(unique=True, verbose_name='número')),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('en', models.DateTimeField(default=django.utils.timezone.now, verbose_name='cuándo')),
                ('hecho', models.CharField(choices=casos.catalogos.Hecho.choices, max_length=24, verbose_name='qué pasó')),
                ('datos', models.JSONField(default=dict)),
                ('direccion', models.CharField(blank=True, max_length=45, verbose_name='dirección de red')),
                ('dispositivo', models.CharField(blank=True, max_length=80, verbose_name='dispositivo')),
                ('aparte', models.TextField(blank=True)),
                ('sal', models.CharField(blank=True, max_length=32)),
                ('suprimido_en', models.DateTimeField(null=True)),
                ('sello', models.CharField(max_length=64)),
                ('previo', models.CharField(max_length=64)),
                ('huella', models.CharField(max_length=64)),
                ('autor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='quién lo hizo')),
                ('persona', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hechos_de_seguridad', to=settings.AUTH_USER_MODEL, verbose_name='de quién es la cuenta')),
            ],
            options={
                'verbose_name': 'hecho de seguridad',
                'verbose_name_plural': 'registro de seguridad',
                'ordering': ['-numero'],
                'indexes': [models.Index(fields=['persona', '-numero'], name='hecho_persona_numero'), models.Index(fields=['autor', '-numero'], name='hecho_autor_numero'), models.Index(fields=['hecho', '-numero'], name='hecho_hecho_numero')],
            },
        ),
    ]
