"""Forms of ARCO requests (LFPDPPP)."""

import uuid

from django import forms
from django.db.models import Q

from casos import calendario
from casos.busqueda import LARGO_CONSULTA, buscar_personas
from casos.datos_tratados import CalidadDeQuienPide, DerechoARCO, ViaARCO
from casos.formularios.campos import CampoFecha, de_lista, linea, radios, texto
from casos.formularios.faltas import decir_que_falta
from casos.models import PersonaContacto, Usuario
from casos.textos import igual

VUELVE_A_ABRIRLA = "La página llegó incompleta: vuelve a abrirla."
SI, NO = "SI", "NO"
A_ELEGIR = 8  # persons that are told apart in words


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


def nombre_de(persona: PersonaContacto) -> str:
    """Also of who is blocked: whoever looks after privacy reads it."""
    return str(getattr(persona, "bloqueo", persona).nombre)


class ConLaPersona(_Formulario):
    """About whom it is: a contact person, one of ours, or nobody that is here."""

    persona = linea(
        "Persona de contacto",
        LARGO_CONSULTA,
        requerido=False,
        ayuda="Su nombre, correo, teléfono o número. Vacío: todavía no se sabe, o no está en el sistema.",
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
        # Who was suppressed meanwhile is still whose request it is.
        self.fields["usuario"].queryset = Usuario.objects.filter(
            Q(suprimida_en=None) | Q(solicitudes__isnull=False)
        ).distinct()

    def clean_persona(self):
        """The one it says; of several, which they are, each with the number that tells it apart."""
        escrito = self.cleaned_data["persona"]
        if not escrito:
            return None
        if escrito.isascii() and escrito.isdecimal() and len(escrito) < 10:
            por_numero = PersonaContacto.objects.filter(pk=int(escrito)).first()
            if por_numero:
                return por_numero
        halladas = list(buscar_personas(escrito)[: A_ELEGIR + 1])
        exactas = [h for h in halladas if igual(escrito) == igual(nombre_de(h))]
        if len(exactas) == 1 and len(halladas) <= A_ELEGIR:
            return exactas[0]
        if len(halladas) == 1:
            return halladas[0]
        if not halladas:
            raise forms.ValidationError("No hay una persona así: revísalo, o déjalo vacío.")
        dichas = "; ".join(f"{h.pk}, {nombre_de(h)} ({h.cliente})" for h in halladas[:A_ELEGIR])
        mas = "; y más" if len(halladas) > A_ELEGIR else ""
        raise forms.ValidationError(f"Hay varias. Escribe el número de una: {dichas}{mas}.")

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
    # Of the page: the same one sent twice is one request.
    ficha = forms.UUIDField(
        required=False,
        initial=uuid.uuid4,
        widget=forms.HiddenInput,
        error_messages={"invalid": VUELVE_A_ABRIRLA},
    )
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
