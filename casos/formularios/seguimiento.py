"""What goes on beside the steps: contacts, appointments, corrections, notes (7.2, 7.5, rule 10)."""

from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils import timezone

from casos.catalogos import Canal, Turno
from casos.formularios.base import ConArchivo, ConContacto, ConPersona, ConPlan, FormularioPaso
from casos.formularios.campos import CampoFechaHora, linea, opciones, texto
from casos.models import PersonaContacto

ANTIGUEDAD_MAXIMA = timedelta(days=366)


class ContactarForm(ConContacto, ConPlan, ConArchivo, FormularioPaso):
    """§7.2: the first conversation, or the first attempt."""

    secciones = [
        ("El contacto", ["cuando", "medio", "direccion", "efectivo", "persona", "persona_nombre",
                         "resumen", "archivo"]),
        ("Qué sigue", ["proxima_accion", "proxima_fecha"]),
    ]  # fmt: skip

    def preparar(self):
        if self.caso.turno != Turno.RC:
            self.plan_requerido = False
        super().preparar()
        self.fields["efectivo"] = opciones(
            "¿Hablaste con el cliente?",
            [("SI", "Sí, hubo comunicación"), ("NO", "No, fue un intento")],
            inicial="SI",
        )
        self.fields["resumen"] = texto("Qué se habló", 4000)


class PlanearForm(ConPlan, FormularioPaso):
    pass


def personas_o_la_misma(caso, actual_id):
    """The client's persons and the one it already has: correcting a word must not change who it was."""
    return PersonaContacto.objects.filter(
        Q(suprimida_en=None) | Q(pk=actual_id), cliente=caso.cliente_id
    )


class CorregirContactoForm(FormularioPaso):
    """Rule 10: who registered it corrects it; old and new stay in the log."""

    def preparar(self):
        super().preparar()
        self.fields["resumen"] = texto("Qué se habló", 4000)
        self.fields["resumen"].initial = self.objeto.resumen
        self.fields["persona"] = forms.ModelChoiceField(
            label="Con quién",
            queryset=personas_o_la_misma(self.caso, self.objeto.persona_id),
            initial=self.objeto.persona_id,
            required=False,
            empty_label="Nadie en particular",
        )
        self.fields["motivo"] = texto("Por qué lo corriges", 500, filas=2)


class CorregirDatosForm(FormularioPaso):
    """Rule 10: the request's own text, person and types."""

    def preparar(self):
        super().preparar()
        caso = self.caso
        self.fields["solicitud"] = texto("Qué pide el cliente", 4000, filas=4)
        self.fields["solicitud"].initial = caso.solicitud
        self.fields["persona"] = forms.ModelChoiceField(
            label="Quién lo pidió",
            queryset=personas_o_la_misma(caso, caso.persona_id),
            initial=caso.persona_id,
            empty_label=None,
        )
        self.fields["canal"] = forms.ChoiceField(
            label="Por dónde llegó",
            choices=[("", "Sin dato"), *Canal.choices],
            required=False,
            initial=caso.canal,
        )
        self.fields["motivo"] = texto("Por qué lo corriges", 500, filas=2)


class AnotarForm(FormularioPaso):
    def preparar(self):
        super().preparar()
        self.fields["nota"] = texto("Nota", 4000)


class SinDatosForm(FormularioPaso):
    """Acts that need nothing typed: a press is enough."""


class MotivoForm(FormularioPaso):
    """Acts that only need a reason."""

    etiqueta = "Motivo"

    def preparar(self):
        super().preparar()
        self.fields["motivo"] = texto(self.etiqueta, 1000)


class CitaForm(ConPersona, FormularioPaso):
    """§7.5 "en cita agendada": scheduled."""

    persona_requerida = False
    secciones = [("La cita", ["asunto", "inicio", "minutos", "lugar", "persona", "persona_nombre"])]

    def preparar(self):
        super().preparar()
        self.fields["asunto"] = linea("Asunto", 160)
        self.fields["inicio"] = CampoFechaHora(label="Fecha y hora")
        self.fields["minutos"] = forms.IntegerField(
            label="Duración (minutos)", min_value=5, max_value=600, initial=60
        )
        self.fields["lugar"] = linea("Lugar o enlace", 200)

    def clean_inicio(self):
        inicio = self.cleaned_data["inicio"]
        if inicio < timezone.now():
            raise forms.ValidationError(
                "Esa hora ya pasó. Si ya se vieron, regístralo como contacto o al presentar."
            )
        return inicio


class MoverCitaForm(CitaForm):
    secciones = [("Nueva fecha", ["inicio", "minutos", "lugar", "motivo"])]

    def preparar(self):
        super().preparar()
        for sobra in ("asunto", "persona", "persona_nombre"):
            del self.fields[sobra]
        self.fields["inicio"].initial = self.objeto.inicio
        self.fields["minutos"].initial = self.objeto.minutos
        self.fields["lugar"].initial = self.objeto.lugar
        self.fields["motivo"] = texto("Por qué se mueve", 500, filas=2)


class CelebrarCitaForm(FormularioPaso):
    def preparar(self):
        super().preparar()
        self.fields["resumen"] = texto("Qué se trató", 4000)

    def clean(self):
        datos = super().clean()
        if timezone.localdate(self.objeto.inicio) > timezone.localdate():
            self.add_error(None, "La cita es otro día: si se adelantó, muévela a hoy.")
        return datos
