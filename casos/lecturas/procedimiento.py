"""The instruction: its text, the machine beside it, its register and who said they read it. Reads only."""

from dataclasses import dataclass

from casos import diagrama
from casos.actos import ETIQUETAS
from casos.catalogos import ABIERTOS, Estado
from casos.estado_de_revision import EstadoRevision
from casos.flujo import TRANSICIONES, destinos_de
from casos.models import RevisionInstruccion

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
