"""The index of the search text of a case."""

from django.db import migrations

from ._fragmentos import indice_de_fragmentos

crear, quitar = indice_de_fragmentos("busqueda_caso_trigramas", "BusquedaCaso", "texto")


class Migration(migrations.Migration):
    dependencies = [("casos", "0001_inicial")]

    operations = [migrations.RunPython(crear, quitar, elidable=False)]
