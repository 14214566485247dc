"""7.2: talk to the client, or try to; what comes next (rule 8); corrections (rule 10)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from casos import calendario
from casos.actos import CONTACTAR, CORREGIR_CONTACTO, PLANEAR, REGISTRAR_CONTACTO
from casos.catalogos import SiNo, Turno
from casos.formularios.base import FormularioPaso
from casos.formularios.campos import de_lista, radios, texto
from casos.formularios.partes import ConArchivo, ConContacto, ConPlan
from casos.models import Caso, Contacto, PersonaContacto

from .en_curso import ActoEnCurso
from .situacion import referencia
from .tabla import paso

DIAS_DE_LA_SIGUIENTE = 2  # proposed, business days


class ContactarForm(ConContacto, ConPlan, ConArchivo):
    """§7.2: the first conversation, or the first attempt."""

    secciones = [
        ("El contacto", ["cuando", "medio", "direccion", "efectivo", "persona", "persona_nombre",
                         "resumen", "archivo"]),
        ("Qué sigue", ["proxima_accion", "proxima_fecha"]),
    ]  # fmt: skip

    efectivo = radios(
        "¿Hablaste con el cliente?",
        [(SiNo.SI, "Sí, hubo comunicación"), (SiNo.NO, "No, fue un intento")],
        inicial=SiNo.SI,
        bitacora="Hubo comunicación",
        palabras={SiNo.SI: "Sí", SiNo.NO: "No, fue un intento"},
    )
    resumen = texto("Qué se habló", 4000)

    def preparar(self) -> None:
        self.plan_requerido = self.caso.turno == Turno.RC
        super().preparar()
        self.fields["proxima_fecha"].initial = self._en_dos_dias

    @staticmethod
    def _en_dos_dias() -> Any:
        """What most people would type: a call at the client's site takes under 20 seconds."""
        return calendario.sumar_habiles(calendario.hoy(), DIAS_DE_LA_SIGUIENTE)


class PlanearForm(ConPlan):
    def preparar(self) -> None:
        super().preparar()
        self.proponer("proxima_accion", self.caso.proxima_accion)


def personas_o_la_misma(caso: Caso, actual_id: int | None) -> QuerySet[PersonaContacto]:
    """The client's persons and the one it already has: correcting a word must not change who it was."""
    return PersonaContacto.objects.filter(
        Q(suprimida_en=None) | Q(pk=actual_id), cliente=caso.cliente_id
    )


class CorregirContactoForm(FormularioPaso):
    """Rule 10: who registered it corrects it; old and new stay in the log."""

    fila: Contacto

    resumen = texto("Qué se habló", 4000)
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


# -- shared with other steps -----------------------------------------------------------------------


def persona_de(en_curso: ActoEnCurso[Any, Any]) -> PersonaContacto | None:
    """The person chosen, or the new one created in place at the client."""
    nombre = en_curso.datos.get("persona_nombre")
    if not nombre:
        return en_curso.datos.get("persona")
    persona = PersonaContacto.objects.create(
        cliente_id=en_curso.caso.cliente_id,
        nombre=nombre,
    )
    en_curso.datos_extra["persona"] = referencia(persona)
    return persona


def planear(en_curso: ActoEnCurso[Any, Any]) -> None:
    """Next action and date, where the form asked for them (rule 8)."""
    if en_curso.datos.get("proxima_accion"):
        en_curso.caso.proxima_accion = en_curso.datos["proxima_accion"]
        en_curso.caso.proxima_fecha = en_curso.datos.get("proxima_fecha")


def dejar_contacto(en_curso: ActoEnCurso[Any, Any], **valores: Any) -> Contacto:
    """A contact of the case, as the log of conversations keeps it."""
    contacto = Contacto.objects.create(
        caso=en_curso.caso, registrado_por=en_curso.usuario, registrado_en=en_curso.ahora, **valores
    )
    en_curso.hechos.sumar(contacto)
    return contacto


# -- the acts --------------------------------------------------------------------------------------


def _anotar_contacto(en_curso: ActoEnCurso[ContactarForm, None]) -> None:
    d = en_curso.datos
    contacto = dejar_contacto(
        en_curso,
        cuando=d["cuando"],
        medio=d["medio"],
        direccion=d["direccion"],
        persona=persona_de(en_curso),
        resumen=d["resumen"],
        efectivo=d["efectivo"] == SiNo.SI,
    )
    en_curso.datos_extra["contacto"] = referencia(contacto)
    if en_curso.caso.es_abierto:
        planear(en_curso)


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
