"""Appointments with the client (§7.5 "en cita agendada")."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from casos.actos import (
    ANOTAR_AUSENCIA,
    CANCELAR_CITA,
    CELEBRAR_CITA,
    MOVER_CITA,
    PROGRAMAR_CITA,
)
from casos.catalogos import Direccion, EstadoCita
from casos.correo.invitaciones import clientes_invitados, nuevo_uid
from casos.formularios.base import Datos, FormularioPaso
from casos.formularios.campos import (
    CampoFechaHora,
    UnaDeLaLista,
    con,
    de_lista,
    linea,
    marca,
    radios,
    texto,
)
from casos.formularios.quien_lo_pide import ConPersona
from casos.models import Cita, Empresa, PersonaContacto
from casos.models.trato import MEDIOS_DE_CITA

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
    medio = radios("Cómo será", MEDIOS_DE_CITA)
    lugar = linea("Lugar o enlace", 200, ayuda="Una dirección, un enlace o un teléfono.")

    def clean_inicio(self) -> datetime:
        inicio = self.cleaned_data["inicio"]
        if inicio < timezone.now():
            raise forms.ValidationError(
                "Esa hora ya pasó. Si ya se vieron, regístralo como contacto o al presentar."
            )
        return inicio


class PersonaConCorreo(UnaDeLaLista):
    """Where an invitation would go is read before it is chosen."""

    def label_from_instance(self, obj: PersonaContacto) -> str:
        return f"{obj.nombre} · {obj.correo or 'sin correo'}"


SIN_NOMBRE = (
    "Todavía no se puede: el cliente no sabría quién lo invita. La gerencia o quien administra el sistema debe "
    "poner el nombre en Datos de la empresa; la cita se puede programar sin invitar."
)


class ConInvitacion(FormularioPaso):
    """Whether the appointment goes by mail to the calendars of who meets."""

    invitar = marca("Enviar la invitación por correo", bitacora="Se invitó por correo")

    def explicar(self, persona: PersonaContacto | None, *, ofrecida: bool) -> None:
        """Say to whom it goes; ticked from the start only where it can, and ``ofrecida``."""
        correo, empresa = persona.correo if persona else "", Empresa.actual()
        if not empresa.nombre:
            ayuda = SIN_NOMBRE
        elif correo:
            ayuda = (
                f"Llega a {correo}{self.o_a_otra}, y a quienes la atienden, con el archivo para su calendario. "
                "El cliente lee el asunto y el lugar."
            )
        else:
            ayuda = f"{persona or 'La persona'} no tiene correo: no se le envía nada."
        self.fields["invitar"].help_text = ayuda
        self.proponer("invitar", ofrecida and bool(correo and empresa.nombre))

    o_a_otra = ""

    def revisar_a_quien(self, persona: PersonaContacto | None, nueva: str = "") -> None:
        if not self.cleaned_data.get("invitar"):
            return
        if not Empresa.actual().nombre:
            self.add_error("invitar", SIN_NOMBRE)
        elif nueva or persona is None:
            quien = f"{nueva} todavía no tiene" if nueva else "Nadie elegido arriba tiene"
            self.add_error("invitar", f"{quien} correo: quita la marca, o elige a quien sí.")
        elif not persona.correo:
            self.add_error("invitar", f"{persona} no tiene correo: quita la marca, o agrégaselo.")


class CitaForm(ConPersona, ConInvitacion, ConHora):
    """§7.5 "en cita agendada": scheduled, and who meets invited where that is asked for."""

    persona_requerida = False
    o_a_otra = " o a quien elijas arriba"
    secciones = [
        ("La cita", ["asunto", "inicio", "minutos", "medio", "lugar", "persona", "persona_nombre"]),
        ("La invitación", ["invitar"]),
    ]

    asunto = linea("Asunto", 160)
    persona = de_lista(
        "Con quién",
        PersonaContacto.objects.none(),
        requerido=False,
        ajena="Elige a una persona de este cliente.",
        clase=PersonaConCorreo,
        sin_marca=True,
    )

    def preparar(self) -> None:
        super().preparar()
        persona = self.caso.persona
        self.explicar(persona if persona and persona.activa else None, ofrecida=True)

    def clean(self) -> Datos:
        datos = super().clean()
        self.revisar_a_quien(datos.get("persona"), datos.get("persona_nombre") or "")
        return datos


class MoverCitaForm(ConInvitacion, ConHora):
    fila: Cita
    secciones = [("Nueva fecha", ["inicio", "minutos", "medio", "lugar", "motivo", "invitar"])]

    motivo = texto("Por qué se mueve", 500, filas=2)

    def preparar(self) -> None:
        super().preparar()
        for campo in ("inicio", "minutos", "medio", "lugar"):
            self.proponer(campo, getattr(self.fila, campo))
        if self.fila.uid or self.fila.persona is None:
            del self.fields["invitar"]
            self.fields["motivo"].help_text = a_quien_se_avisa(self.fila, "La nueva fecha")
        else:
            self.explicar(self.fila.persona, ofrecida=False)

    def clean(self) -> Datos:
        datos = super().clean()
        self.revisar_a_quien(self.fila.persona)
        return datos


class CancelarCitaForm(MotivoForm):
    fila: Cita

    def preparar(self) -> None:
        super().preparar()
        self.fields["motivo"].help_text = a_quien_se_avisa(self.fila, "La cancelación")


def a_quien_se_avisa(cita: Cita, que: str) -> str:
    """To whom a change goes by itself: those who have the invitation; "" where nobody has."""
    if not cita.uid:
        return ""
    correos = ", ".join(clientes_invitados(cita))
    return f"No se le dice al cliente. {que} le llega a {correos or 'quienes la atienden'}."


class CelebrarCitaForm(FormularioPaso):
    fila: Cita

    resumen = texto("Qué se trató", 4000)

    def clean(self) -> Datos:
        datos = super().clean()
        if timezone.localdate(self.fila.inicio) > timezone.localdate():
            self.add_error(None, "La cita es otro día: si se adelantó, muévela a hoy.")
        return datos


class AusenciaForm(FormularioPaso):
    """§7.2: an attempt, counted as one: it found nobody."""

    fila: Cita

    que_paso = linea("Qué pasó", 500, requerido=False, ayuda="Por ejemplo: avisó tarde.")

    def clean(self) -> Datos:
        datos = super().clean()
        if self.fila.inicio > timezone.now():
            self.add_error(None, "La cita todavía no empieza: si ya no va a ser, cancélala.")
        return datos


@paso(PROGRAMAR_CITA, CitaForm)
def programar_cita(en_curso: ActoEnCurso[CitaForm, None]) -> None:
    d = en_curso.datos
    cita = Cita.objects.create(
        caso=en_curso.caso,
        inicio=d["inicio"],
        minutos=d["minutos"],
        medio=d["medio"],
        lugar=d["lugar"],
        asunto=d["asunto"],
        persona=persona_de(en_curso),
        organizada_por=en_curso.usuario,
        uid=nuevo_uid() if d["invitar"] else "",
    )
    if cita.uid:
        en_curso.citas.append(cita)
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
        medio=d["medio"],
        lugar=d["lugar"],
        movimientos=cita.movimientos + 1,
        uid=cita.uid or (nuevo_uid() if d.get("invitar") else ""),
    )
    if cita.uid:
        en_curso.citas.append(cita)


@paso(CELEBRAR_CITA, CelebrarCitaForm)
def celebrar_cita(en_curso: ActoEnCurso[CelebrarCitaForm, Cita]) -> None:
    """The appointment was held: it is also an effective contact (§7.2)."""
    _dejar_dicho(en_curso, EstadoCita.CELEBRADA, en_curso.datos["resumen"], efectivo=True)


@paso(ANOTAR_AUSENCIA, AusenciaForm)
def anotar_ausencia(en_curso: ActoEnCurso[AusenciaForm, Cita]) -> None:
    """The client did not come: one more attempt (§7.2), and no conversation."""
    dicho = en_curso.datos["que_paso"] or "No se presentó a la cita."
    _dejar_dicho(en_curso, EstadoCita.AUSENTE, dicho, efectivo=False)


def _dejar_dicho(
    en_curso: ActoEnCurso[Any, Cita], estado: EstadoCita, resumen: str, *, efectivo: bool
) -> None:
    en_curso.cambiar(en_curso.fila, estado=estado)
    contacto = dejar_contacto(
        en_curso,
        cuando=min(en_curso.fila.inicio, en_curso.ahora),  # it may have begun before its hour
        medio=en_curso.fila.medio,
        direccion=Direccion.SALIENTE,
        persona=en_curso.fila.persona,
        resumen=resumen,
        efectivo=efectivo,
    )
    en_curso.datos_extra["contacto"] = referencia(contacto)


@paso(CANCELAR_CITA, CancelarCitaForm)
def cancelar_cita(en_curso: ActoEnCurso[CancelarCitaForm, Cita]) -> None:
    en_curso.cambiar(en_curso.fila, estado=EstadoCita.CANCELADA)
    if en_curso.fila.uid:
        en_curso.citas.append(en_curso.fila)
