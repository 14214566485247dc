from django.db import migrations, models
from django.db.models import Count

LARGO = 600


def apartar(apps, schema_editor):
    """Two that were registered at the same instant go on, apart; whoever renames one is told of the other."""
    clientes = apps.get_model("casos", "Cliente").objects.using(schema_editor.connection.alias)
    vivos = clientes.filter(fusionado_en=None)
    iguales = vivos.order_by().values("razon_social_igual", "rfc").annotate(n=Count("pk")).filter(n__gt=1)
    for par in list(iguales):
        nombre, rfc = par["razon_social_igual"], par["rfc"]
        repetidos = vivos.filter(razon_social_igual=nombre, rfc=rfc).order_by("pk")
        for pk in list(repetidos.values_list("pk", flat=True))[1:]:
            marca = f" #{pk}"
            clientes.filter(pk=pk).update(razon_social_igual=nombre[: LARGO - len(marca)] + marca)


class Migration(migrations.Migration):

    dependencies = [
        ('casos', '0036_conceptos_internos'),
    ]

    operations = [
        migrations.RunPython(apartar, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='cliente',
            constraint=models.UniqueConstraint(condition=models.Q(('fusionado_en', None)), fields=('razon_social_igual', 'rfc'), name='cliente_unico', violation_error_message='Ya existe un cliente con ese nombre y ese RFC.'),
        ),
    ]
