"""``/procedimiento/sellos/``: the seals, and what one that was kept elsewhere says of the log today."""

from django import forms
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from casos.formularios.campos import texto
from casos.lecturas.sellos import revisar
from casos.models import Sello
from casos.permisos.del_documento import lee_los_sellos
from casos.seguridad import llave
from casos.seguridad.texto_de_sello import SelloIlegible, escribir, leer

A_LA_VISTA = 60


class SelloForm(forms.Form):
    """The text of a seal, as it came by mail."""

    sello = texto("Sello guardado", 20_000, filas=6, ayuda="Pega el texto del correo, completo.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["sello"].error_messages["required"] = "Pega el sello que guardaste."

    def clean_sello(self):
        try:
            return leer(self.cleaned_data["sello"])
        except SelloIlegible as error:
            raise forms.ValidationError(str(error)) from None


@require_http_methods(["GET", "HEAD", "POST"])
def sellos(request):
    if not lee_los_sellos(request.user):
        raise Http404
    form = SelloForm(request.POST if request.method == "POST" else None)
    informe = None
    if form.is_bound and form.is_valid():
        informe = revisar(*form.cleaned_data["sello"])
    filas = list(Sello.objects.order_by("-numero")[:A_LA_VISTA])
    contexto = {
        "form": form,
        "informe": informe,
        "filas": filas,
        "texto": "\n".join(escribir(filas[0])) if filas else "",
        "llave": llave.corta(filas[0].llave) if filas else "",
    }
    return render(request, "casos/sellos.html", contexto, status=422 if form.errors else 200)
