"""Forms about the person: own data and who substitutes them."""

from django import forms

from casos.catalogos import ROLES_DE_LECTURA
from casos.formularios.campos import CampoFuturo, CampoLinea, linea
from casos.formularios.faltas import decir_que_falta
from casos.formularios.telefono_y_correo import CampoCorreo, CampoTelefono
from casos.models import Usuario


class DatosForm(forms.ModelForm):
    """What a person keeps up to date about themselves; role and areas are the administrator's."""

    class Meta:
        model = Usuario
        fields = ["first_name", "last_name", "email", "puesto", "telefono"]
        field_classes = dict.fromkeys(("first_name", "last_name", "puesto"), CampoLinea) | {
            "telefono": CampoTelefono,
            "email": CampoCorreo,
        }
        labels = {"first_name": "Nombre", "last_name": "Apellidos", "email": "Correo"}
        help_texts = {"puesto": "Con él y tu teléfono firmas los correos a clientes."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["first_name"].required = self.fields["email"].required = True
        decir_que_falta(self.fields)


class SuplenciaForm(forms.Form):
    """Who does the person's work, and between which days."""

    def __init__(self, data=None, *, titular, initial=None):
        super().__init__(data, label_suffix="", initial=initial)
        self.fields["suplente"] = forms.ModelChoiceField(
            label="Quién te suple",
            queryset=Usuario.objects.activos()
            .exclude(pk=titular.pk)
            .exclude(rol__in=ROLES_DE_LECTURA),
            empty_label="Elige a la persona",
            error_messages={"invalid_choice": "Elige a una persona de la lista."},
        )
        self.fields["desde"] = CampoFuturo(label="Desde")
        self.fields["hasta"] = CampoFuturo(label="Hasta")
        self.fields["motivo"] = linea("Motivo", 200, requerido=False)
        decir_que_falta(self.fields)

    def clean(self):
        datos = super().clean()
        desde, hasta = datos.get("desde"), datos.get("hasta")
        if desde and hasta and hasta < desde:
            self.add_error("hasta", "Termina antes de empezar.")
        return datos
