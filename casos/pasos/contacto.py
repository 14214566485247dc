"""7.2: talk to the client, or try to; what comes next (rule 8); corrections (rule 10)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from casos.actos import (
    CONTACTAR,
    CORREGIR_CONTACTO,
    MOVER_LLAMADA,
    PLANEAR,
    REGISTRAR_CONTACTO,
)
from casos.catalogos import Direccion, Medio, SiNo
from casos.clientes.altas import agregar_persona
from casos.formularios.base import Datos, FormularioPaso
from casos.formularios.campos import CampoFuturo, con, de_lista, linea, radios, texto
from casos.formularios.partes import ConArchivo, ConContacto, ConPlan
from casos.models import Caso, Contacto, PersonaContacto

from .en_curso import ActoEnCurso
from .escribir_evento import en_json
from .situacion import referencia
from .tabla import paso

SE_HABLO, FUE_INTENTO = f"efectivo={SiNo.SI}", f"efectivo={SiNo.NO}"


class ContactarForm(ConContacto, ConPlan, ConArchivo):
    """§7.2: a conversation, or an attempt; of one that found nobody no words are asked."""

    persona_requerida = False
    secciones = [
        ("El contacto", ["efectivo", "cuando", "medio", "direccion", "persona", "persona_nombre",
                         "resumen", "que_paso", "archivo"]),
        ("Qué sigue", ["proxima_accion", "proxima_fecha"]),
    ]  # fmt: skip

    efectivo = radios(
        "¿Hablaste con el cliente?",
        [(SiNo.SI, "Sí, hubo comunicación"), (SiNo.NO, "No, fue un intento")],
        inicial=SiNo.SI,
        bitacora="Hubo comunicación",
        palabras={SiNo.SI: "Sí", SiNo.NO: "No, fue un intento"},
    )
    resumen = texto("Qué se habló", 4000, requerido=False, muestra_si=SE_HABLO, sin_marca=True)
    que_paso = linea(
        "Qué pasó", 500, requerido=False, ayuda="Por ejemplo: no contestó.", muestra_si=FUE_INTENTO
    )

    def preparar(self) -> None:
        super().preparar()
        self.fields["direccion"].widget.attrs["data-muestra-si"] = SE_HABLO
        if not self.caso.es_abierto:
            self._sin_paso_que_seguir()
        if self.acto is CONTACTAR and self.caso.canal in Medio.values:
            # Most often by the way it came.
            self.proponer("medio", self.caso.canal)

    def _sin_paso_que_seguir(self) -> None:
        """A closed case plans nothing; what may be left is another call."""
        del self.fields["proxima_accion"]
        fecha = self.fields["proxima_fecha"]
        fecha.label, fecha.help_text = "Volver a llamar el", "Vacío: ya no se le vuelve a llamar."
        if self.caso.llamar_fecha:
            fecha.help_text += " Si fue un intento, se queda la fecha que tenía."

    def clean(self) -> Datos:
        datos = super().clean()
        if datos.get("efectivo") == SiNo.SI:
            if not datos.get("persona_nombre"):
                self.exigir("persona", "Falta decir con quién.")
            self.exigir("direccion", "Elige quién buscó a quién.")
            self.exigir("resumen", "Escribe qué se habló.")
            datos["que_paso"] = ""
        elif datos.get("efectivo") == SiNo.NO:
            # Without JavaScript both stand on the page: what was written is kept, in either.
            datos["que_paso"] = datos.get("que_paso") or datos.get("resumen") or ""
            datos |= {"resumen": "", "direccion": Direccion.SALIENTE}
        return datos


class PlanearForm(ConPlan):
    plan_requerido = True

    def preparar(self) -> None:
        super().preparar()
        self.proponer("proxima_accion", self.caso.proxima_accion)


class MoverLlamadaForm(FormularioPaso):
    """Of a closed case: another day, or that there is no call to make any longer; never by leaving it blank."""

    que_sigue = radios(
        "¿Qué sigue?",
        [(SiNo.SI, "Llamar otro día"), (SiNo.NO, "Ya no hay que llamar")],
        bitacora="Se va a llamar",
        palabras={SiNo.SI: "Sí, otro día", SiNo.NO: "Ya no"},
    )
    llamar_fecha = con(
        CampoFuturo(label="Llamar el", required=False),
        muestra_si=f"que_sigue={SiNo.SI}",
        bitacora="Volver a llamar el",
    )
    motivo = texto("Por qué", 500, filas=2)

    def clean(self) -> Datos:
        datos = super().clean()
        if datos.get("que_sigue") == SiNo.SI:
            self.exigir("llamar_fecha", "Falta qué día.")
        elif datos.get("que_sigue") == SiNo.NO:
            datos["llamar_fecha"] = None
        return datos


def personas_o_la_misma(caso: Caso, actual_id: int | None) -> QuerySet[PersonaContacto]:
    """The client's persons and the one it already has: correcting a word must not change who it was."""
    return PersonaContacto.objects.filter(
        Q(suprimida_en=None, bloqueada_en=None) | Q(pk=actual_id), cliente=caso.cliente_id
    )


class CorregirContactoForm(FormularioPaso):
    """Rule 10: who registered it corrects it; old and new stay in the log."""

    fila: Contacto

    resumen = texto("Qué se habló", 4000, sin_marca=True)
    persona = de_lista(
        "Con quién",
        PersonaContacto.objects.none(),
        vacio="Nadie en particular",
        requerido=False,
        sin_marca=True,
    )
    motivo = texto("Por qué lo corriges", 500, filas=2, bitacora="Por qué se corrigió")

    def preparar(self) -> None:
        super().preparar()
        elegibles = personas_o_la_misma(self.caso, self.fila.persona_id)
        self.ofrecer("persona", elegibles)
        self.proponer("persona", self.fila.persona_id)
        self.proponer("resumen", self.fila.resumen)
        if not self.fila.efectivo:
            self.fields["resumen"].label, self.fields["resumen"].required = "Qué pasó", False


# -- shared with other steps -----------------------------------------------------------------------


def persona_de(en_curso: ActoEnCurso[Any, Any]) -> PersonaContacto | None:
    """The person chosen, or the new one created in place at the client."""
    nombre = en_curso.datos.get("persona_nombre")
    if not nombre:
        return en_curso.datos.get("persona")
    persona = agregar_persona(
        en_curso.caso.cliente,
        nombre=nombre,
        folio=en_curso.caso.folio,
        autor=en_curso.usuario,
        sin_tocaya=not en_curso.datos["persona_es_otra"],
    )
    en_curso.datos_extra["persona"] = referencia(persona)
    return persona


def planear(en_curso: ActoEnCurso[Any, Any]) -> None:
    """Next action or its date, where somebody set one (rule 8); else it is the step's own."""
    caso, d = en_curso.caso, en_curso.datos
    if d.get("proxima_accion") or d.get("proxima_fecha"):
        caso.proxima_accion, caso.proxima_fecha = d["proxima_accion"], d["proxima_fecha"]


def dejar_contacto(en_curso: ActoEnCurso[Any, Any], **valores: Any) -> Contacto:
    """A contact of the case, as the log of conversations keeps it."""
    contacto = Contacto.objects.create(
        caso=en_curso.caso, registrado_por=en_curso.usuario, registrado_en=en_curso.ahora, **valores
    )
    en_curso.hechos.sumar(contacto)
    return contacto


# -- the acts --------------------------------------------------------------------------------------


def _anotar_contacto(en_curso: ActoEnCurso[ContactarForm, None]) -> None:
    caso, d = en_curso.caso, en_curso.datos
    contacto = dejar_contacto(
        en_curso,
        cuando=d["cuando"],
        medio=d["medio"],
        direccion=d["direccion"],
        persona=persona_de(en_curso),
        resumen=d["resumen"] or d["que_paso"],
        efectivo=d["efectivo"] == SiNo.SI,
        proxima_fecha=d["proxima_fecha"],
    )
    en_curso.datos_extra["contacto"] = referencia(contacto)
    if not caso.es_abierto:
        if contacto.efectivo or d["proxima_fecha"]:
            _volver_a_llamar(en_curso, d["proxima_fecha"])
        return
    if caso.proxima_fecha and caso.proxima_fecha <= timezone.localdate(en_curso.ahora):
        # What was to be done by today is done with this, unless it is said again.
        caso.proxima_accion, caso.proxima_fecha = "", None
    planear(en_curso)


def _volver_a_llamar(en_curso: ActoEnCurso[Any, Any], fecha: date | None) -> None:
    caso = en_curso.caso
    if caso.llamar_fecha != fecha:
        en_curso.cambios["llamar_fecha"] = [en_json(caso.llamar_fecha), en_json(fecha)]
        caso.llamar_fecha = fecha


@paso(MOVER_LLAMADA, MoverLlamadaForm)
def mover_llamada(en_curso: ActoEnCurso[MoverLlamadaForm, None]) -> None:
    """§7.6: the client asked to be called again; nobody has to feign a call to say another day."""
    _volver_a_llamar(en_curso, en_curso.datos["llamar_fecha"])


@paso(PLANEAR, PlanearForm)
def programar_siguiente(en_curso: ActoEnCurso[PlanearForm, None]) -> None:
    planear(en_curso)


@paso(CONTACTAR, ContactarForm)
def contactar(en_curso: ActoEnCurso[ContactarForm, None]) -> None:
    """§7.2 "Se pone en contacto con el cliente para revisar el requerimiento"."""
    _anotar_contacto(en_curso)
    en_curso.transitar()


@paso(REGISTRAR_CONTACTO, ContactarForm)
def registrar_contacto(en_curso: ActoEnCurso[ContactarForm, None]) -> None:
    _anotar_contacto(en_curso)


@paso(CORREGIR_CONTACTO, CorregirContactoForm)
def corregir_contacto(en_curso: ActoEnCurso[CorregirContactoForm, Contacto]) -> None:
    """Rule 10: old and new stay in the log."""
    contacto, d = en_curso.fila, en_curso.datos
    if d["resumen"] != contacto.resumen:
        en_curso.textos_extra["resumen_anterior"] = ("Decía", contacto.resumen)
    if d["persona"] != contacto.persona:
        vieja = contacto.persona_id and f"personacontacto:{contacto.persona_id}"
        en_curso.cambios["persona"] = [vieja, d["persona"] and referencia(d["persona"])]
    en_curso.cambiar(contacto, resumen=d["resumen"], persona=d["persona"])
