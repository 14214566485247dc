"""«Otro» in both catalogues, with its detail; motives of ours that come from Nóminas and R&S."""

from django.db import migrations, models

NUESTRO, CLIENTE, OTRO = "NUESTRO", "CLIENTE", "Otro"
# As ``datos.semillas`` has them for a database that begins now.
NUEVOS = [
    ("NOM", "El periodo de nómina ya cerró", "Ya no es posible aplicar el cambio en la fecha que solicita."),
    ("NOM", "El esquema de pago no es posible", "No nos es posible pagar al personal de la forma que solicita."),
    ("RYS", "No hay candidatos con ese perfil en el plazo", "Por ahora no podemos reunir al personal solicitado en la fecha que necesita."),
    ("RYS", "No se alcanza a cubrir esa cantidad de vacantes", "Por ahora no nos es posible reunir a todo el personal que solicita."),
]


def completar(apps, schema_editor):
    alias = schema_editor.connection.alias
    motivos = apps.get_model("casos", "Motivo").objects.using(alias)
    if not motivos.exists():
        return  # a new database: they come with the seeds
    areas = dict(apps.get_model("casos", "Area").objects.using(alias).values_list("codigo", "pk"))
    orden = max(motivos.values_list("orden", flat=True))
    for i, (codigo, nombre, texto) in enumerate(NUEVOS, 1):
        if codigo in areas:
            motivos.get_or_create(
                catalogo=NUESTRO,
                nombre=nombre,
                defaults={"area_id": areas[codigo], "texto_cliente": texto, "orden": orden + i},
            )
    for catalogo in (NUESTRO, CLIENTE):
        motivos.get_or_create(
            catalogo=catalogo, nombre=OTRO, defaults={"orden": orden + len(NUEVOS) + 1}
        )
    motivos.filter(nombre=OTRO).update(pide_detalle=True, texto_cliente="")


class Migration(migrations.Migration):
    dependencies = [("casos", "0013_lo_primero_que_pidio")]

    operations = [
        migrations.AddField(
            model_name="motivo",
            name="pide_detalle",
            field=models.BooleanField(
                default=False,
                help_text="Para «Otro»: quien lo elige escribe de qué se trata, y no sugiere ningún texto.",
                verbose_name="pide detalle",
            ),
        ),
        migrations.RunPython(completar, migrations.RunPython.noop),
    ]
