from django.db import migrations, models

INTERNOS = ["margen", "sueldo"]


def marcar(apps, schema_editor):
    """What the firm earns and what it pays; what was presented already stays as it was presented."""
    conceptos = apps.get_model("casos", "Concepto").objects.using(schema_editor.connection.alias)
    conceptos.filter(clave__in=INTERNOS).update(interno=True)


class Migration(migrations.Migration):

    dependencies = [
        ('casos', '0035_datos_de_la_empresa'),
    ]

    operations = [
        migrations.AddField(
            model_name='concepto',
            name='interno',
            field=models.BooleanField(default=False, help_text='Lo que se ofrece en ese renglón no va en el correo al cliente, salvo que él lo haya pedido. Las áreas y el caso lo ven igual.', verbose_name='interno: no se dice al cliente'),
        ),
        migrations.RunPython(marcar, migrations.RunPython.noop),
    ]
