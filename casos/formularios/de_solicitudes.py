"""Forms of ARCO requests (LFPDPPP)."""

from django import forms

from casos import calendario
from casos.datos_tratados import CalidadDeQuienPide, DerechoARCO, ViaARCO
from casos.formularios.campos import CampoFecha, de_lista, linea, radios, texto
from casos.formularios.faltas import decir_que_falta
from casos.models import PersonaContacto, Usuario

VUELVE_A_ABRIRLA = "La página llegó incompleta: vuelve a abrirla."
SI, NO = "SI", "NO"


class _Formulario(forms.Form):
    faltan: dict[str, str] = {}

    def __init__(self, data=None):
        super().__init__(data, label_suffix="")
        decir_que_falta(self.fields)
        for nombre, falta in self.faltan.items():
            self.fields[nombre].error_messages["required"] = falta


def _version() -> forms.IntegerField:
    """Of the request as it was seen: of what was done with it, how many lines."""
    return forms.IntegerField(
        min_value=0,
        max_value=2_000_000_000,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), VUELVE_A_ABRIRLA
        ),
    )


class ConLaPersona(_Formulario):
    """About whom it is: a contact person, one of ours, or nobody that is here."""

    persona = forms.IntegerField(
        label="Número de la persona de contacto",
        required=False,
        min_value=1,
        max_value=999_999_999,
        help_text="El de su página en Datos personales. Vacío: todavía no se sabe, o no está en el sistema.",
        error_messages={
            "invalid": "Escribe el número de la persona.",
            "min_value": "Escribe el número de la persona.",
            "max_value": "No hay una persona con ese número.",
        },
    )
    usuario = de_lista(
        "O alguien de la empresa", Usuario.objects.none(), vacio="Nadie", requerido=False
    )
    identidad = linea(
        "Cómo se comprobó quién es",
        300,
        requerido=False,
        ayuda="Por ejemplo, con qué identificación. Sin esto no se contesta que procede.",
    )

    def __init__(self, data=None):
        super().__init__(data)
        self.fields["usuario"].queryset = Usuario.objects.filter(suprimida_en=None)

    def clean_persona(self):
        numero = self.cleaned_data["persona"]
        if not numero:
            return None
        persona = PersonaContacto.objects.filter(pk=numero).first()
        if persona is None:
            raise forms.ValidationError("No hay una persona con ese número.")
        return persona

    def clean(self):
        datos = super().clean()
        if datos.get("persona") and datos.get("usuario"):
            self.add_error("usuario", "Elige una de las dos personas.")
        return datos


class SolicitudForm(ConLaPersona):
    """Who asks for what, and when it came."""

    faltan = {
        "derecho": "Elige qué derecho.",
        "calidad": "Elige en calidad de quién la hace.",
        "via": "Elige cómo llegó.",
        "quien_pide": "Escribe quién la hace.",
        "contacto": "Escribe dónde se le contesta.",
        "que_pide": "Escribe qué pide.",
        "recibida_fecha": "Escribe cuándo se recibió.",
    }
    derecho = radios("Qué derecho", DerechoARCO.choices)
    quien_pide = linea("Quién la hace", 120)
    calidad = radios("En calidad de", CalidadDeQuienPide.choices)
    contacto = linea("Dónde se le contesta", 200, ayuda="Su correo o su domicilio.")
    que_pide = texto("Qué pide", 4000)
    via = radios("Cómo llegó", ViaARCO.choices)
    recibida_fecha = CampoFecha(label="Cuándo se recibió")
    field_order = ["derecho", "quien_pide", "calidad", "contacto", "que_pide", "via",
                   "recibida_fecha", "persona", "usuario", "identidad"]  # fmt: skip

    def clean_recibida_fecha(self):
        fecha = self.cleaned_data["recibida_fecha"]
        if fecha > calendario.hoy():
            raise forms.ValidationError("Todavía no llega esa fecha: escribe cuándo se recibió.")
        if (calendario.hoy() - fecha).days > 3650:
            raise forms.ValidationError("Fue hace más de diez años: revisa la fecha.")
        return fecha


class CompletarForm(ConLaPersona):
    version = _version()
    lleva = de_lista("Quién la atiende", Usuario.objects.none(), falta="Elige quién la atiende.")

    def __init__(self, data=None, *, llevan):
        super().__init__(data)
        self.fields["lleva"].queryset = llevan


class AmpliarForm(_Formulario):
    faltan = {"motivo": "Escribe por qué se amplía."}
    version = _version()
    motivo = texto("Por qué se amplía", 1000, filas=2)


class ContestarForm(_Formulario):
    faltan = {
        "procede": "Elige si procede.",
        "respuesta": "Escribe qué se contestó y por qué.",
        "evidencia": "Escribe con qué se prueba.",
    }
    version = _version()
    procede = radios("¿Procede?", [(SI, "Sí, procede"), (NO, "No procede")])
    respuesta = texto("Qué se contestó y por qué", 4000)
    evidencia = linea("Con qué se prueba", 300, ayuda="El correo o el acuse con que se contestó.")


class EfectivaForm(_Formulario):
    faltan = {"evidencia": "Escribe con qué se prueba."}
    version = _version()
    evidencia = linea("Con qué se prueba que se hizo", 300)
