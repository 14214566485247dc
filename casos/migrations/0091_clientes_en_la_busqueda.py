"""The index of the clients' search texts, as 0002 and 0024 made those of the cases: PostgreSQL read them all."""

from django.db import migrations

from ._fragmentos import indice_de_fragmentos

crear, quitar = indice_de_fragmentos(
    "busqueda_cliente_trigramas", "Cliente", "texto_busqueda", "texto_nombres", "texto_contacto"
)


class Migration(migrations.Migration):
    dependencies = [("casos", "0090_indice_de_a_quien_le_toca")]

    operations = [migrations.RunPython(crear, quitar, elidable=False)]
