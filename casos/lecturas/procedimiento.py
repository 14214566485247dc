"""The instruction: its text, the machine beside it, its register and who said they read it. Reads only."""

from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects

from casos import diagrama
from casos.actos import ETIQUETAS
from casos.catalogos import ABIERTOS, Estado
from casos.estado_de_revision import EstadoRevision
from casos.flujo import TRANSICIONES, destinos_de
from casos.models import RevisionInstruccion, Usuario
from casos.permisos.del_documento import lee_la_revision

from .acuses import acuse_de, cuantos_de, hasta_cuando
from .comparacion import comparar

# Who acts in each step, in the words of §6 and D§2.
QUIEN_ACTUA = {
    Estado.RECIBIDO: "Gerencia comercial asigna; el responsable habla con el cliente",
    Estado.EN_CONTACTO: "El responsable: Ventas, Atención a Clientes o Dirección General",
    Estado.EN_ANALISIS: "Las áreas: Jurídico, Desarrollo Humano, Operaciones o Finanzas",
    Estado.POR_DECIDIR: "El responsable; Dirección General si un área opinó en contra",
    Estado.EN_PROPUESTA: "El responsable",
    Estado.EN_RESPUESTA: "El cliente contesta; el responsable da seguimiento",
    Estado.EN_MODIFICACION: "Jurídico siempre; Nóminas y R&S cuando hace falta",
    Estado.POR_INFORMAR: "El responsable o Atención a Clientes",
}


def vigente() -> RevisionInstruccion | None:
    return _con_secciones().filter(estado=EstadoRevision.VIGENTE).first()


def la_anterior(revision: RevisionInstruccion) -> RevisionInstruccion | None:
    """The one it follows: the newest before it that was in force."""
    rigieron = [EstadoRevision.VIGENTE, EstadoRevision.SUSTITUIDA]
    return _con_secciones().filter(numero__lt=revision.numero, estado__in=rigieron).first()


def lo_suyo(usuario: Usuario) -> dict[str, Any]:
    """The revision in force, and beside it: the others, how many read it, and what this person owes."""
    todas = list(RevisionInstruccion.objects.order_by("-numero"))
    suya = next((r for r in todas if r.es_vigente), None)
    prefetch_related_objects([suya] if suya else [], "secciones")
    lo = {
        "revision": suya,
        "revisiones": [r for r in todas if lee_la_revision(usuario, r)],
        "cuenta": cuantos_de(suya) if suya else (0, 0),
        "hasta": None,
        "cambios": [],
        "anterior": None,
        "acuse": acuse_de(usuario, suya) if suya else None,
    }
    if lo["acuse"] and not lo["acuse"].leido_en:
        lo["hasta"] = hasta_cuando(usuario)
        lo["anterior"] = la_anterior(suya)
        if lo["anterior"]:
            lo["cambios"] = comparar(lo["anterior"].secciones.all(), suya.secciones.all())
    return lo


def _con_secciones():
    personas = ("editada_por", "revisada_por", "aprobada_por")
    return RevisionInstruccion.objects.select_related(*personas).prefetch_related("secciones")


def por_numero(numero: int) -> RevisionInstruccion | None:
    """A revision by its number, with its text."""
    return _con_secciones().filter(numero=numero).first()


@dataclass(frozen=True)
class Flecha:
    """A transition of the machine as a person reads it."""

    etiqueta: str
    destinos: tuple
    general: bool


@dataclass(frozen=True)
class PasoDelProcedimiento:
    """One step: its state, who acts and the ways out."""

    estado: Estado
    flechas: tuple

    @property
    def seccion(self) -> str:
        return self.estado.seccion

    @property
    def quien(self) -> str:
        return QUIEN_ACTUA[self.estado]


def pasos_del_procedimiento() -> list[PasoDelProcedimiento]:
    """The eight steps, from the machine. No query."""
    return [PasoDelProcedimiento(e, _flechas_desde(e)) for e in ABIERTOS]


def _flechas_desde(estado: Estado) -> tuple:
    """Ways out of a state, straight from the machine, in the order of the instruction."""
    return tuple(
        Flecha(
            ETIQUETAS[accion],
            destinos_de(por_estado[estado]),
            diagrama.es_general(accion),
        )
        for accion, por_estado in TRANSICIONES.items()
        if estado in por_estado
    )
