"""The firm's own data, as the panel asks for them."""

from __future__ import annotations

from typing import Any

from django import forms

from casos.archivos import logotipo
from casos.archivos.tipos import POR_MIME, ArchivoRechazado
from casos.models import Empresa

from .archivos import CampoArchivo
from .campos import CampoLinea
from .faltas import decir_que_falta
from .telefono_y_correo import CampoTelefono


class CampoLogotipo(CampoArchivo):
    """A picture that fits in a mail; ``archivo.medidas`` holds its width and height."""

    widget = forms.FileInput(attrs={"accept": logotipo.EN_EL_CAMPO})

    def __init__(self, **mas: Any):
        super().__init__(**{"help_text": logotipo.AYUDA} | mas)

    def clean(self, data: Any, initial: Any = None) -> Any:
        archivo = super().clean(data, initial)
        if archivo:
            try:
                archivo.medidas = logotipo.medir(archivo.read(), POR_MIME[archivo.tipo])
            except ArchivoRechazado as error:
                raise forms.ValidationError(str(error)) from error
            finally:
                archivo.seek(0)
        return archivo


class CampoSitio(forms.URLField):
    def __init__(self, **mas: Any):
        super().__init__(**mas | {"assume_scheme": "https"})


class EmpresaForm(forms.ModelForm):
    sin_lugar = ""  # why the picture could not be kept, the time before

    logo_nuevo = CampoLogotipo(label="Logotipo", required=False)
    quitar_logo = forms.BooleanField(label="Quitar el logotipo", required=False)

    class Meta:
        model = Empresa
        fields = ["razon_social", "nombre_comercial", "direccion", "telefono", "sitio"]
        field_classes = dict.fromkeys(("razon_social", "nombre_comercial"), CampoLinea) | {
            "telefono": CampoTelefono,
            "sitio": CampoSitio,
        }
        widgets = {
            "razon_social": forms.TextInput({"size": 60}),
            "nombre_comercial": forms.TextInput({"size": 60}),
            "direccion": forms.Textarea({"rows": 3}),
            "sitio": forms.URLInput({"size": 60}),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        decir_que_falta(self.fields)
        if not self.instance.logo_id:
            del self.fields["quitar_logo"]
        else:
            self.fields["logo_nuevo"].label = "Cambiar el logotipo"

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or {}
        if datos.get("logo_nuevo") and datos.get("quitar_logo"):
            self.add_error("quitar_logo", "Sube otro logotipo o quítalo, no las dos cosas.")
        if self.sin_lugar and datos.get("logo_nuevo"):
            self.add_error("logo_nuevo", self.sin_lugar)
        return datos
