"""Whose move it is, and which step it is: on the case page and in the trays. Reads only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from casos import actos
from casos.actos import Acto
from casos.catalogos import Estado, Rol, Turno
from casos.expediente import Expediente, Hechos
from casos.models import Caso, Usuario
from casos.permisos.cargos import direccion, gerencia, rc

from .botones import Boton

E = Estado
# The step of the instruction that moves a case on from where it stands, by itself.
NATURAL = {
    E.RECIBIDO: actos.CONTACTAR,
    E.EN_CONTACTO: actos.ANALIZAR,
    E.EN_ANALISIS: actos.OPINAR,
    E.POR_DECIDIR: actos.DECLARAR_VIABLE,
    E.EN_PROPUESTA: actos.PRESENTAR,
    E.EN_RESPUESTA: actos.ACEPTAR,
    E.EN_MODIFICACION: actos.CERRAR_MODIFICADO,
    E.POR_INFORMAR: actos.INFORMAR,
}
# Answering what a colleague asked comes before anything the case itself could wait for.
ANTES = {
    E.EN_ANALISIS: actos.RESPONDER_DATOS,
    E.EN_MODIFICACION: actos.CONFIRMAR_DESHECHO,
}
# What the person with the ball is asked to do, where it is not the label of one act.
QUE_TOCA = {
    E.POR_DECIDIR: "Decidir si es viable",
    E.EN_MODIFICACION: actos.AGREGAR_AJUSTE.pregunta,
    E.EN_ANALISIS: actos.RESPONDER_DATOS.etiqueta,  # else it is the areas' turn
}
# What the step is about, where a list does not say how far it is.
DEL_PASO = {E.EN_CONTACTO: "Aclarar con el cliente qué necesita"}


def natural(h: Hechos) -> Acto | None:
    """The step that moves this case on; ``None`` on a closed one."""
    caso = h.caso
    if caso.estado == E.RECIBIDO and caso.responsable_id is None:
        return actos.ASIGNAR
    if caso.estado == E.EN_CONTACTO and not h.hay_contacto_efectivo:
        return actos.REGISTRAR_CONTACTO
    if caso.estado == E.EN_MODIFICACION:
        return _en_modificacion(h)
    if caso.estado == E.POR_DECIDIR and h.en_contra and not h.esta_elevado:
        return actos.DECLARAR_NO_VIABLE  # the ordinary answer; ``elevar`` is the other one
    return NATURAL.get(Estado(caso.estado))


def _en_modificacion(h: Hechos) -> Acto:
    respondidos = h.ajustes_resueltos and h.hay_confirmado and h.juridico_contesto
    if respondidos and not h.deshaciendo:
        return actos.CERRAR_MODIFICADO
    if h.hay_no_puede and not h.confirmados_en_pie:
        return actos.DECLARAR_NO_AJUSTABLE
    if h.pendientes_de_ajuste:
        return actos.CONFIRMAR_AJUSTE
    # All answered, and so it cannot be closed: one more adjustment, or one undone.
    return actos.AGREGAR_AJUSTE


def que_toca(caso: Caso, *, hablado: bool, asigna: bool) -> str:
    """The next move of an open case in the words of its button, for a list.

    ``hablado``: there is an effective contact; ``asigna``: the reader is of gerencia.
    """
    estado = Estado(caso.estado)
    if caso.responsable_id is None and asigna:
        return actos.ASIGNAR.etiqueta
    if estado == E.EN_CONTACTO and not hablado:
        return actos.REGISTRAR_CONTACTO.etiqueta
    if estado == E.EN_RESPUESTA:
        return estado.label
    return QUE_TOCA.get(estado) or NATURAL[estado].etiqueta


class Proxima(NamedTuple):
    """The next action of a case and its date."""

    accion: str
    fecha: date | None
    propuesta: bool  # set by a person; else it is the step's own


def proxima(caso: Caso) -> Proxima | None:
    """What was set for the case, or while the firm has the ball what the step asks for (rule 8).

    ``None`` where it waits for others and nobody set anything.
    """
    nuestra = caso.turno in (Turno.RC, Turno.AC, Turno.GER)
    puesta = bool(caso.proxima_accion or caso.proxima_fecha)
    if not caso.es_abierto or not (nuestra or puesta):
        return None
    accion = caso.proxima_accion or DEL_PASO.get(Estado(caso.estado)) or _la_del_paso(caso)
    return Proxima(accion, caso.proxima_fecha or (caso.vence if nuestra else None), puesta)


def _la_del_paso(caso: Caso) -> str:
    return que_toca(caso, hablado=True, asigna=True)


@dataclass
class Siguiente:
    """The move that is this person's: its button, those beside it, and its form."""

    boton: Boton
    junto: list[Boton] = field(default_factory=list)
    espera_al_cliente: bool = False
    formulario: Any = None
    presentacion: Any = None

    @property
    def rotulo(self) -> str:
        return "En cuanto conteste el cliente" if self.espera_al_cliente else "Te toca"

    @property
    def es_eleccion(self) -> bool:
        """§7.6 asks a question: clear answers instead of one open form."""
        return bool(self.boton.acto.pregunta)


def es_mi_jugada(exp: Expediente, usuario: Usuario, boton: Boton) -> bool:
    """Whether the ball is with this person, and not only at hand in another's place."""
    if boton.acto is actos.ASIGNAR:
        # To take the case oneself is at hand while it is new; later gerencia gives it, and DG only
        # where no gerente is active.
        gerente = any(c.es_gerente for c in usuario.cargos) or not exp.hechos.hay_gerente
        return exp.caso.estado == E.RECIBIDO or (
            gerente and gerencia(exp.hechos, usuario) is not None
        )
    if boton.acto is actos.INFORMAR and exp.caso.por_atencion:
        # A responsible who is of Atención a Clientes waits for nobody else.
        return any(c.rol == Rol.AC for c in usuario.cargos)
    if boton.permiso and boton.permiso.en_lugar_de_rc:
        return False
    if boton.acto.sobre or exp.caso.turno == Turno.AREAS:
        return True
    de_quien = direccion if exp.caso.turno == Turno.DG else rc
    return de_quien(exp.hechos, usuario) is not None


def siguiente(exp: Expediente, usuario: Usuario, ofrecidos: list[Boton]) -> Siguiente | None:
    """The next step of the person who looks, or ``None`` when it is not their move."""
    primero = None if exp.caso.responsable_id else actos.ASIGNAR
    antes = ANTES.get(Estado(exp.caso.estado))
    for acto in (primero, antes, natural(exp.hechos)):
        mios = [b for b in ofrecidos if b.acto is acto and not b.ya_contestada]
        if mios and es_mi_jugada(exp, usuario, mios[0]):
            boton = mios[0]
            junto = [
                b
                for otro in actos.junto_a(boton.acto)
                for b in ofrecidos
                if b.acto is otro and (b.fila is boton.fila or boton.fila is None)
            ]
            return Siguiente(boton, junto, exp.caso.turno == Turno.CLIENTE)
    return None
