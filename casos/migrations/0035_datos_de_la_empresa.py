import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import casos.models.empresa


class Migration(migrations.Migration):

    dependencies = [
        ('casos', '0031_segundo_factor'),
    ]

    operations = [
        migrations.CreateModel(
            name='Logo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('archivo', models.FileField(max_length=120, upload_to=casos.models.empresa.ruta_de_logo, verbose_name='archivo')),
                ('tipo', models.CharField(max_length=40, verbose_name='tipo')),
                ('ancho', models.PositiveSmallIntegerField(verbose_name='ancho')),
                ('alto', models.PositiveSmallIntegerField(verbose_name='alto')),
            ],
            options={
                'verbose_name': 'logotipo',
                'verbose_name_plural': 'logotipos',
            },
        ),
        migrations.CreateModel(
            name='Empresa',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('razon_social', models.CharField(max_length=200, verbose_name='razón social')),
                ('nombre_comercial', models.CharField(blank=True, help_text='Si lo hay, es el que ve el cliente como remitente y en el asunto.', max_length=120, verbose_name='nombre comercial')),
                ('direccion', models.TextField(blank=True, max_length=400, verbose_name='dirección')),
                ('telefono', models.CharField(blank=True, max_length=100, verbose_name='teléfono')),
                ('sitio', models.URLField(blank=True, validators=[django.core.validators.URLValidator(['http', 'https'])], verbose_name='página web')),
                ('logo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casos.logo', verbose_name='logotipo')),
            ],
            options={
                'verbose_name': 'datos de la empresa',
                'verbose_name_plural': 'datos de la empresa',
            },
        ),
        migrations.AddField(
            model_name='usuario',
            name='puesto',
            field=models.CharField(blank=True, help_text='Con él y su teléfono firma los correos a clientes.', max_length=80, verbose_name='puesto'),
        ),
        migrations.AddField(
            model_name='aviso',
            name='remitente',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='aviso',
            name='logo',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casos.logo'),
        ),
    ]
