"""Forms about the person: own data and who substitutes them."""

from django import forms

from casos.catalogos import ROLES_DE_LECTURA, GrupoDeCartas
from casos.formularios.campos import CampoFuturo, CampoLinea, CampoNombre, con, linea
from casos.formularios.faltas import decir_que_falta
from casos.formularios.telefono_y_correo import CampoCorreo, CampoTelefono, ConCorreoPropio
from casos.models import Usuario


class DatosForm(ConCorreoPropio, forms.ModelForm):
    """What a person keeps up to date about themselves; role and areas are the administrator's."""

    class Meta:
        model = Usuario
        fields = ["first_name", "last_name", "email", "puesto", "telefono"]
        field_classes = dict.fromkeys(("first_name", "last_name"), CampoNombre) | {
            "puesto": CampoLinea,
            "telefono": CampoTelefono,
            "email": CampoCorreo,
        }
        labels = {"first_name": "Nombre", "last_name": "Apellidos", "email": "Correo"}
        help_texts = {"puesto": "Con él y tu teléfono firmas los correos a clientes."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["first_name"].required = self.fields["email"].required = True
        decir_que_falta(self.fields)


class TeclasForm(forms.ModelForm):
    """A key by itself may be pressed by mistake, or by a voice: who does not want them turns them off (WCAG 2.1.4)."""

    class Meta:
        model = Usuario
        fields = ["con_teclas"]
        labels = {"con_teclas": "Usar las teclas rápidas"}


class CorreosForm(forms.ModelForm):
    """How a person wants what only informs; what asks for an act leaves at once whatever is chosen."""

    resumen_solo_si_urge = con(
        forms.TypedChoiceField(
            label="El resumen de la mañana, mándamelo",
            choices=[
                ("", "Cada mañana hábil en que algo me espere"),
                ("1", "Solo cuando algo venza o haya novedades"),
            ],
            coerce=bool,
            empty_value=False,
            required=False,
            widget=forms.RadioSelect,
        ),
        sin_marca=True,
    )

    class Meta:
        model = Usuario
        fields = [*(f"entrega_{g.value}" for g in GrupoDeCartas), "resumen_solo_si_urge"]
        widgets = {f"entrega_{g.value}": forms.RadioSelect for g in GrupoDeCartas}
        error_messages = {
            f"entrega_{g.value}": {
                "required": "Elige cómo te llegan.",
                "invalid_choice": "Elige una opción de la lista.",
            }
            for g in GrupoDeCartas
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        if not self.instance.resumen_solo_si_urge:
            self.initial["resumen_solo_si_urge"] = ""
        else:
            self.initial["resumen_solo_si_urge"] = "1"
        self.fields["resumen_solo_si_urge"].error_messages["invalid_choice"] = (
            "Elige una opción de la lista."
        )
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
