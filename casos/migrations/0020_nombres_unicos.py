from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casos', '0019_nombres_iguales'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='area',
            constraint=models.UniqueConstraint(fields=('nombre_igual',), name='area_unica', violation_error_message='Ya existe un área con ese nombre.'),
        ),
        migrations.AddConstraint(
            model_name='concepto',
            constraint=models.UniqueConstraint(fields=('nombre_igual',), name='concepto_unico', violation_error_message='Ya existe un concepto con ese nombre.'),
        ),
        migrations.AddConstraint(
            model_name='contrato',
            constraint=models.UniqueConstraint(fields=('numero_igual',), name='contrato_numero_unico', violation_error_message='Ya existe un contrato con ese número.'),
        ),
        migrations.AddConstraint(
            model_name='motivo',
            constraint=models.UniqueConstraint(fields=('catalogo', 'nombre_igual'), name='motivo_unico', violation_error_message='Ya existe ese motivo en el catálogo.'),
        ),
        migrations.AddConstraint(
            model_name='tiporequerimiento',
            constraint=models.UniqueConstraint(fields=('nombre_igual',), name='tipo_unico', violation_error_message='Ya existe un tipo con ese nombre.'),
        ),
    ]
