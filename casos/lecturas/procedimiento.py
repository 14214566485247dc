"""The instruction in force, its words for a step, and how many open cases stand where. Reads only."""

from dataclasses import dataclass

from django.db.models import Count

from casos import diagrama
from casos.actos import ETIQUETAS
from casos.catalogos import ABIERTOS, Estado
from casos.flujo import TRANSICIONES, destinos_de
from casos.models import Caso, RevisionInstruccion

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
    return RevisionInstruccion.objects.filter(vigente=True).prefetch_related("secciones").first()


@dataclass(frozen=True)
class Flecha:
    """A transition of the machine as a person reads it."""

    etiqueta: str
    destinos: tuple
    general: bool


@dataclass(frozen=True)
class PasoDelProcedimiento:
    """One step: its state, who acts, the ways out, and how many open cases stand in it."""

    estado: Estado
    casos: int
    flechas: tuple

    @property
    def seccion(self) -> str:
        return self.estado.seccion

    @property
    def quien(self) -> str:
        return QUIEN_ACTUA[self.estado]

    @property
    def url(self) -> str:
        return f"/casos/?estado={self.estado.value}"


def pasos_del_procedimiento(usuario) -> list[PasoDelProcedimiento]:
    """The eight steps with the open cases this person may see. One query, over open cases."""
    cuentas = dict(
        Caso.objects.visibles_para(usuario)
        .abiertos()
        .order_by()
        .values_list("estado")
        .annotate(n=Count("pk"))
    )
    return [PasoDelProcedimiento(e, cuentas.get(e, 0), _flechas_desde(e)) for e in ABIERTOS]


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
