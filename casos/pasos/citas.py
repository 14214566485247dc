"""Appointments with the client (§7.5 "en cita agendada")."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils import timezone

from casos.actos import CANCELAR_CITA, CELEBRAR_CITA, MOVER_CITA, PROGRAMAR_CITA
from casos.catalogos import Direccion, EstadoCita, Medio
from casos.formularios.base import Datos, FormularioPaso
from casos.formularios.campos import CampoFechaHora, con, linea, texto
from casos.formularios.quien_lo_pide import ConPersona
from casos.models import Cita

from .contacto import dejar_contacto, persona_de
from .en_curso import ActoEnCurso
from .notas import MotivoForm
from .situacion import referencia
from .tabla import paso


class ConHora(FormularioPaso):
    """When and where: never an hour that has passed."""

    inicio = con(CampoFechaHora(label="Fecha y hora"))
    minutos = con(
        forms.IntegerField(label="Duración (minutos)", min_value=5, max_value=600, initial=60)
    )
    lugar = linea("Lugar o enlace", 200)

    def clean_inicio(self) -> datetime:
        inicio = self.cleaned_data["inicio"]
        if inicio < timezone.now():
            raise forms.ValidationError(
                "Esa hora ya pasó. Si ya se vieron, regístralo como contacto o al presentar."
            )
        return inicio


class CitaForm(ConPersona, ConHora):
    """§7.5 "en cita agendada": scheduled."""

    persona_requerida = False
    secciones = [("La cita", ["asunto", "inicio", "minutos", "lugar", "persona", "persona_nombre"])]

    asunto = linea("Asunto", 160)


class MoverCitaForm(ConHora):
    fila: Cita
    secciones = [("Nueva fecha", ["inicio", "minutos", "lugar", "motivo"])]

    motivo = texto("Por qué se mueve", 500, filas=2)

    def preparar(self) -> None:
        super().preparar()
        for campo in ("inicio", "minutos", "lugar"):
            self.proponer(campo, getattr(self.fila, campo))


class CelebrarCitaForm(FormularioPaso):
    fila: Cita

    resumen = texto("Qué se trató", 4000)

    def clean(self) -> Datos:
        datos = super().clean()
        if timezone.localdate(self.fila.inicio) > timezone.localdate():
            self.add_error(None, "La cita es otro día: si se adelantó, muévela a hoy.")
        return datos


@paso(PROGRAMAR_CITA, CitaForm)
def programar_cita(en_curso: ActoEnCurso[CitaForm, None]) -> None:
    d = en_curso.datos
    cita = Cita.objects.create(
        caso=en_curso.caso,
        inicio=d["inicio"],
        minutos=d["minutos"],
        lugar=d["lugar"],
        asunto=d["asunto"],
        persona=persona_de(en_curso),
        organizada_por=en_curso.usuario,
    )
    en_curso.hechos.sumar(cita)
    en_curso.datos_extra["cita"] = referencia(cita)


@paso(MOVER_CITA, MoverCitaForm)
def mover_cita(en_curso: ActoEnCurso[MoverCitaForm, Cita]) -> None:
    cita, d = en_curso.fila, en_curso.datos
    en_curso.cambios["inicio"] = [cita.inicio.isoformat(), d["inicio"].isoformat()]
    en_curso.cambiar(
        cita,
        inicio=d["inicio"],
        minutos=d["minutos"],
        lugar=d["lugar"],
        movimientos=cita.movimientos + 1,
    )


@paso(CELEBRAR_CITA, CelebrarCitaForm)
def celebrar_cita(en_curso: ActoEnCurso[CelebrarCitaForm, Cita]) -> None:
    """The appointment was held: it is also an effective contact (§7.2)."""
    en_curso.cambiar(en_curso.fila, estado=EstadoCita.CELEBRADA)
    contacto = dejar_contacto(
        en_curso,
        cuando=min(en_curso.fila.inicio, en_curso.ahora),  # it may have begun before its hour
        medio=Medio.VISITA,
        direccion=Direccion.SALIENTE,
        persona=en_curso.fila.persona,
        resumen=en_curso.datos["resumen"],
        efectivo=True,
    )
    en_curso.datos_extra["contacto"] = referencia(contacto)


@paso(CANCELAR_CITA, MotivoForm)
def cancelar_cita(en_curso: ActoEnCurso[MotivoForm, Cita]) -> None:
    en_curso.cambiar(en_curso.fila, estado=EstadoCita.CANCELADA)
