"""What a person may do on a case now: the buttons, by the same rules as the door."""

from dataclasses import dataclass

from django.db import models

from casos import flujo, permisos
from casos.catalogos import EstadoAjuste, EstadoOpinion
from casos.consultas.hechos import Hechos
from casos.models import Evento

from .puerta import LISTA_DE, REGISTRO
from .rechazo import faltas_de_la_maquina

# Acts on a row that gerencia does in its own right, neither as the area nor in RC's place.
DE_GERENCIA = (
    "dispensar", "indicar_no_puede", "indicar_no_aplica", "aceptar_como_esta", "aceptar_constancia",
)  # fmt: skip

# Answers already given: the same act, done again by the area's manager, corrects them (rule 7).
AL_CORREGIR = {
    ("opinar", EstadoOpinion.DADA): "Corregir opinión",
    ("confirmar_ajuste", EstadoAjuste.CONFIRMADO): "Corregir respuesta",
    ("confirmar_ajuste", EstadoAjuste.NO_PUEDE): "Corregir respuesta",
    ("confirmar_ajuste", EstadoAjuste.NO_APLICA): "Corregir respuesta",
}


def etiqueta_de(accion: str, objeto=None) -> str:
    """The words of an act's button and page; ``objeto`` is the row it is done on."""
    corregir = AL_CORREGIR.get((accion, getattr(objeto, "estado", None)))
    return corregir or flujo.ETIQUETAS[accion]


@dataclass(frozen=True)
class Opcion:
    """An action offered to a person on a case, or the reason why it is not ready yet."""

    accion: str
    objeto: models.Model | None
    faltas: tuple
    url: str

    @property
    def etiqueta(self) -> str:
        return etiqueta_de(self.accion, self.objeto)

    @property
    def de_un_toque(self) -> bool:
        """Done with a press beside its row; the rest has a page of its own."""
        return self.accion == "confirmar_constancia"

    @property
    def seccion(self) -> str:
        return flujo.seccion_de(self.accion)

    @property
    def cambia_estado(self) -> bool:
        return self.accion in flujo.TRANSICIONES

    @property
    def peligrosa(self) -> bool:
        return bool(flujo.TRANSICIONES.get(self.accion, {}).get("peligrosa"))


def disponibles(caso, usuario) -> list[Opcion]:
    """What ``usuario`` may do on ``caso`` now, in the order of the instruction."""
    if caso.hechos is None:
        caso.hechos = Hechos(caso)
    opciones = []
    for nombre in permisos.QUIEN:
        if nombre not in REGISTRO or caso.estado not in flujo.estados_de(nombre):
            continue
        sobre = permisos.SOBRE.get(nombre)
        objetos = getattr(caso.hechos, LISTA_DE[sobre]) if sobre else [None]
        for objeto in objetos:
            if not permisos.cargo_para(nombre, caso, usuario, objeto):
                continue
            url = f"/casos/{caso.folio}/{nombre}/" + (f"{objeto.pk}/" if objeto else "")
            faltas = tuple(faltas_de_la_maquina(nombre, caso))
            opciones.append(Opcion(nombre, objeto, faltas, url))
    return opciones


# -- whoever comes late ----------------------------------------------------------------------------


def le_tocaba(usuario, fila) -> bool:
    """An area (or who received a notice) that comes late deserves an answer, not a closed door."""
    if fila is None or usuario.is_superuser:
        return False
    origen = getattr(fila, "opinion", None) or getattr(fila, "ajuste", None) or fila
    return getattr(origen, "area_id", None) in usuario.areas_ids or (
        getattr(fila, "destinatario_id", None) == usuario.pk
    )


def pudo_tocarle(accion, caso, usuario, fila) -> bool:
    """Who may be told of a row on a late press: who may act on it, or could a moment ago."""
    if permisos.cargo_para(accion, caso, usuario, fila) or le_tocaba(usuario, fila):
        return True
    if accion in permisos.DE_RC:
        return bool(permisos.rc_o_gerencia(caso, usuario))
    return accion in DE_GERENCIA and bool(permisos.gerencia(caso, usuario))


def relevo_de(usuario, caso) -> Evento | None:
    """What took the case from who led it, or from whom they stand in for; not of who leads it now.

    Their pages were opened before: nobody else is given one.
    """
    if permisos.rc(caso, usuario):
        return None
    suyos = [f"usuario:{c.usuario_id}" for c in usuario.cargos]
    relevos = caso.eventos.filter(
        accion__in=("asignar", "corregir_constancia"), datos__anterior__in=suyos
    )
    return relevos.select_related("actor").order_by("-numero").first()
