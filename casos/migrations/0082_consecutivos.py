from django.db import migrations, models
from django.db.models import Max


def tomar(apps, schema_editor):
    """Where each series stands."""
    Consecutivo = apps.get_model("casos", "Consecutivo")
    ultimos = {f"SV-{f.anio}": f.ultimo for f in apps.get_model("casos", "FolioAnual").objects.all()}
    for modelo, letras, campo in (("Hallazgo", "HA", "numero"), ("SolicitudARCO", "SD", "consecutivo")):
        suyos = apps.get_model("casos", modelo).objects.order_by().values_list("anio")
        ultimos |= {f"{letras}-{anio}": n for anio, n in suyos.annotate(Max(campo))}
    muestras = apps.get_model("casos", "Muestra").objects.aggregate(n=Max("numero"))["n"]
    if muestras:
        ultimos["muestra"] = muestras
    Consecutivo.objects.bulk_create(Consecutivo(serie=s, ultimo=n) for s, n in ultimos.items())


def volver(apps, schema_editor):
    FolioAnual = apps.get_model("casos", "FolioAnual")
    de_casos = apps.get_model("casos", "Consecutivo").objects.filter(serie__startswith="SV-")
    FolioAnual.objects.bulk_create(FolioAnual(anio=int(c.serie[3:]), ultimo=c.ultimo) for c in de_casos)


class Migration(migrations.Migration):

    dependencies = [
        ('casos', '0081_recalculo_pedido'),
        ('casos', '0080_correos_suprimidos'),
    ]

    operations = [
        migrations.CreateModel(
            name='Consecutivo',
            fields=[
                ('serie', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('ultimo', models.PositiveIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'consecutivo',
                'verbose_name_plural': 'consecutivos',
            },
        ),
        migrations.RunPython(tomar, volver),
        migrations.DeleteModel(name='FolioAnual'),
    ]
