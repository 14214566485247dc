"""*Registro de seguridad*: read by who administers and by Auditoría, changed by nobody."""

import tempfile

from django import forms
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from casos.catalogos import Hecho
from casos.formularios.campos import CampoFecha
from casos.lecturas import registro_de_seguridad as registro
from casos.models import Usuario
from casos.permisos.lectura import lee_seguridad
from casos.seguridad.anotar import anotar

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FiltroForm(forms.Form):
    persona = forms.ModelChoiceField(
        label="Persona",
        queryset=Usuario.objects.all(),
        required=False,
        empty_label="Todas",
        error_messages={"invalid_choice": "Elige a una persona de la lista."},
    )
    hecho = forms.ChoiceField(
        label="Qué pasó",
        required=False,
        choices=[("", "Todo"), *registro.OPCIONES],
        error_messages={"invalid_choice": "Elige algo de la lista."},
    )
    desde = CampoFecha(label="Desde", required=False)
    hasta = CampoFecha(label="Hasta", required=False)
    antes = forms.IntegerField(required=False, min_value=1, max_value=999_999_999_999)

    def clean(self):
        datos = super().clean()
        if datos.get("desde") and datos.get("hasta") and datos["hasta"] < datos["desde"]:
            self.add_error("hasta", "Termina antes de empezar.")
        return datos

    @property
    def puestos(self) -> dict:
        """What is asked and makes sense."""
        d = self.cleaned_data
        return {k: d[k] for k in ("persona", "hecho", "desde", "hasta") if d.get(k)}

    @property
    def consulta(self) -> dict:
        return {
            k: v.pk if k == "persona" else v.isoformat() if k in ("desde", "hasta") else v
            for k, v in self.puestos.items()
        }


def _filtro(request) -> FiltroForm:
    """To everybody else the page does not exist."""
    if not lee_seguridad(request.user):
        raise Http404
    form = FiltroForm(request.GET, label_suffix="")
    form.is_valid()
    return form


@require_safe
def lista(request):
    form = _filtro(request)
    filas, siguiente = registro.pagina(
        registro.hallar(**form.puestos), form.cleaned_data.get("antes")
    )
    exportar = reverse("registro_exportar")
    return render(
        request,
        "casos/seguridad.html",
        {
            "form": form,
            "hechos": [registro.para_lector(f, request.user) for f in filas],
            "hay_filtro": bool(form.puestos or form.errors),
            "siguiente_url": "?" + urlencode(form.consulta | {"antes": siguiente})
            if siguiente
            else "",
            "exportar_url": f"{exportar}?{urlencode(form.consulta)}" if form.puestos else exportar,
        },
    )


@require_safe
def exportar(request):
    """XLSX of what is filtered; that it was taken out is a fact too."""
    form = _filtro(request)
    archivo = tempfile.TemporaryFile()
    cuantos = registro.escribir_libro(registro.hallar(**form.puestos), request.user, archivo)
    anotar(
        Hecho.EXPORTACION,
        que="registro de seguridad",
        filas=cuantos,
        aparte={"filtro": urlencode(form.consulta)},
    )
    archivo.seek(0)
    nombre = f"registro-de-seguridad-{timezone.localdate():%Y-%m-%d}.xlsx"
    return FileResponse(archivo, as_attachment=True, filename=nombre, content_type=XLSX)
