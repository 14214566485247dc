"""Fields of what a person is reached by. What is read, and how, is of ``casos.telefonos`` and ``casos.direcciones``."""

from typing import Any

from django import forms

from casos import direcciones, telefonos
from casos.models import Usuario

from .campos import CampoLinea


class CampoTelefono(CampoLinea):
    """Up to three telephones, with extension; shown as they are dialled in Mexico.

    One that was kept before they were read stays while nobody touches it.
    """

    widget = forms.TextInput({"type": "tel", "inputmode": "text"})

    def __init__(self, **mas: Any):
        super().__init__(**mas | {"max_length": telefonos.ESCRITO})
        self.guardado = ""

    def get_bound_field(self, form, field_name):
        fila = getattr(form, "instance", None)
        if fila is not None and fila.pk:
            self.guardado = getattr(fila, field_name, "")
        return super().get_bound_field(form, field_name)

    def to_python(self, value):
        if value and self.guardado and str(value).strip() == self.guardado:
            return self.guardado
        return telefonos.leer(value or "")

    def prepare_value(self, value):
        return telefonos.mostrar(value) if isinstance(value, str) else value

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != (initial or "")
        except forms.ValidationError:
            return True


class CampoCorreo(forms.EmailField):
    """One address, however it was pasted."""

    default_validators = []  # ``leer`` has judged it, with an example

    def to_python(self, value):
        return direcciones.leer(value or "")

    def widget_attrs(self, widget):
        return super().widget_attrs(widget) | {"maxlength": str(direcciones.ESCRITO)}


class ConCorreoPropio:
    """Of an account: whose address is kept opens it, so a new one is nobody else's."""

    def clean_email(self):
        correo = self.cleaned_data["email"]
        if "email" in self.changed_data:
            revisar_que_es_de_nadie(correo, self.instance)
        return correo


def revisar_que_es_de_nadie(correo: str, cuenta: Usuario | None = None) -> None:
    otras = Usuario.objects.exclude(pk=cuenta.pk if cuenta else None)
    if correo and otras.filter(email__iexact=correo).exists():
        raise forms.ValidationError("Esa dirección es de otra cuenta.")


class CampoCorreos(forms.CharField):
    """One address or several, each once."""

    widget = forms.Textarea({"rows": 2})

    def to_python(self, value):
        return direcciones.juntar(direcciones.leer_varias(value or ""))

    def widget_attrs(self, widget):
        return super().widget_attrs(widget) | {"maxlength": str(direcciones.ESCRITO)}
