"""Fields of what a person is reached by. What is read, and how, is of ``casos.telefonos`` and ``casos.direcciones``."""

from typing import Any

from django import forms

from casos import direcciones, telefonos

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


class CampoCorreos(forms.CharField):
    """One address or several, each once."""

    widget = forms.Textarea({"rows": 2})

    def to_python(self, value):
        return direcciones.juntar(direcciones.leer_varias(value or ""))

    def widget_attrs(self, widget):
        return super().widget_attrs(widget) | {"maxlength": str(direcciones.ESCRITO)}
