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

from .gestion import Gestion
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


def persona_de(g: Gestion[Any, Any]) -> PersonaContacto | None:
    """The person chosen, or the new one created in place at the client."""
    nombre = g.datos.get("persona_nombre")
    if not nombre:
        return g.datos.get("persona")
    persona = PersonaContacto.objects.create(
        cliente_id=g.caso.cliente_id,
        nombre=nombre,
        puesto=g.datos.get("persona_puesto") or "",
        telefono=g.datos.get("persona_telefono") or "",
        correo=g.datos.get("persona_correo") or "",
    )
    g.datos_extra["persona"] = referencia(persona)
    return persona


def planear(g: Gestion[Any, Any]) -> None:
    """Next action and date, where the form asked for them (rule 8)."""
    if g.datos.get("proxima_accion"):
        g.caso.proxima_accion = g.datos["proxima_accion"]
        g.caso.proxima_fecha = g.datos.get("proxima_fecha")


def dejar_contacto(g: Gestion[Any, Any], **valores: Any) -> Contacto:
    """A contact of the case, as the log of conversations keeps it."""
    contacto = Contacto.objects.create(
        caso=g.caso, registrado_por=g.usuario, registrado_en=g.ahora, **valores
    )
    g.hechos.sumar(contacto)
    return contacto


# -- the acts --------------------------------------------------------------------------------------


def _anotar_contacto(g: Gestion[ContactarForm, None]) -> None:
    d = g.datos
    contacto = dejar_contacto(
        g,
        cuando=d["cuando"],
        medio=d["medio"],
        direccion=d["direccion"],
        persona=persona_de(g),
        resumen=d["resumen"],
        efectivo=d["efectivo"] == SiNo.SI,
    )
    g.datos_extra["contacto"] = referencia(contacto)
    if g.caso.es_abierto:
        planear(g)


@paso(PLANEAR, PlanearForm)
def programar_siguiente(g: Gestion[PlanearForm, None]) -> None:
    planear(g)


@paso(CONTACTAR, ContactarForm)
def contactar(g: Gestion[ContactarForm, None]) -> None:
    """§7.2 "Se pone en contacto con el cliente para revisar el requerimiento"."""
    _anotar_contacto(g)
    g.transitar()


@paso(REGISTRAR_CONTACTO, ContactarForm)
def registrar_contacto(g: Gestion[ContactarForm, None]) -> None:
    _anotar_contacto(g)


@paso(CORREGIR_CONTACTO, CorregirContactoForm)
def corregir_contacto(g: Gestion[CorregirContactoForm, Contacto]) -> None:
    """Rule 10: old and new stay in the log."""
    contacto, d = g.fila, g.datos
    if d["resumen"] != contacto.resumen:
        g.textos_extra["resumen_anterior"] = ("Decía", contacto.resumen)
    if d["persona"] != contacto.persona:
        vieja = contacto.persona_id and f"personacontacto:{contacto.persona_id}"
        g.cambios["persona"] = [vieja, d["persona"] and referencia(d["persona"])]
    g.cambiar(contacto, resumen=d["resumen"], persona=d["persona"])
