"""Whose move it is, and which step it is: on the case page and in the trays. Reads only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q

from casos import actos
from casos.actos import Acto
from casos.catalogos import Estado, Rol, Turno
from casos.expediente import Expediente, Hechos
from casos.models import Caso, Usuario
from casos.pasos.tabla import PASOS
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
# An expired offer: renewed, or answered after all (what counts is when they said it), or given up.
VENCIDA = (
    actos.ACEPTAR,
    actos.RECHAZAR,
    actos.CONTRAOFERTAR,
    actos.CERRAR_SIN_RESPUESTA,
)
QUE_HACER_VENCIDA = "Renuévala, o registra la respuesta si el cliente la dio antes de que venciera."
# With an opinion against: what there is besides the ordinary "no".
CON_CONTRA = (actos.ELEVAR, actos.PEDIR_MAS_ANALISIS)
QUE_HACER_CON_CONTRA = "Lo ordinario es marcarlo como no viable. Si conviene de todos modos, solo Dirección puede decidirlo."
QUE_TOCA_VENCIDA = "Renovar la propuesta o cerrar"
# What waits for gerencia in another's case (rule 13): offered only where it may be decided.
DE_GERENCIA = (
    actos.ACEPTAR_CONSTANCIA,
    actos.DISPENSAR,
    actos.ACEPTAR_COMO_ESTA,
    actos.INDICAR_NO_PUEDE,
    actos.CERRAR_SIN_RESPUESTA,
)


def natural(h: Hechos) -> Acto | None:
    """The step that moves this case on; ``None`` on a closed one."""
    caso = h.caso
    if caso.estado == E.RECIBIDO and caso.responsable_id is None:
        return actos.ASIGNAR
    if caso.estado == E.EN_CONTACTO and not h.hay_contacto_efectivo:
        return actos.REGISTRAR_CONTACTO
    if caso.vencio_la_propuesta:
        return actos.VOLVER_A_PRESENTAR
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
        return QUE_TOCA_VENCIDA if caso.vencio_la_propuesta else estado.label
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


def sin_siguiente_accion(hoy: date) -> Q:
    """Open cases that wait for the client and nobody set what follows, or whose set day is past.

    What the step asks of us is an action already (rule 8), and late it is overdue; an area's answer has its own date.
    """
    nada = Q(turno=Turno.CLIENTE, proxima_accion="", proxima_fecha=None)
    return nada | Q(proxima_fecha__lt=hoy)


def _la_del_paso(caso: Caso) -> str:
    return que_toca(caso, hablado=True, asigna=True)


@dataclass
class Siguiente:
    """The move that is this person's: its button, those beside it, and its form where it is short."""

    boton: Boton
    junto: list[Boton] = field(default_factory=list)
    espera_al_cliente: bool = False
    detenido: bool = False  # to be done only if it was done already (7.7)
    abierto: bool = False  # its form stands on the page; otherwise its button leads to it
    titulo: str = ""
    explica: str = ""
    formulario: Any = None
    presentacion: Any = None

    @property
    def rotulo(self) -> str:
        if self.detenido:
            return "Detenido"
        return "En cuanto conteste el cliente" if self.espera_al_cliente else "Te toca"

    @property
    def es_eleccion(self) -> bool:
        """Clear answers instead of one open form."""
        return bool(self.junto) and not self.abierto

    @property
    def destino(self) -> str:
        """Where the bar of a phone leads: to the card, or straight to a long form."""
        return "#siguiente" if self.abierto or self.es_eleccion else self.boton.url


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
    if boton.acto is actos.CERRAR_SIN_RESPUESTA:
        return not boton.faltas
    if boton.acto.sobre or exp.caso.turno == Turno.AREAS:
        return True
    de_quien = direccion if exp.caso.turno == Turno.DG else rc
    return de_quien(exp.hechos, usuario) is not None


def siguiente(exp: Expediente, usuario: Usuario, ofrecidos: list[Boton]) -> Siguiente | None:
    """The next step of the person who looks, or ``None`` when it is not their move."""
    primero = None if exp.caso.responsable_id else actos.ASIGNAR
    antes = ANTES.get(Estado(exp.caso.estado))
    detenido = actos.CONFIRMAR_AJUSTE if esta_detenido(exp.hechos) else None
    for acto in (primero, antes, natural(exp.hechos), detenido, *DE_GERENCIA):
        mios = [b for b in ofrecidos if b.acto is acto and not b.ya_contestada]
        if mios and es_mi_jugada(exp, usuario, mios[0]):
            return _con_lo_suyo(exp, mios[0], ofrecidos)
    return None


def _con_lo_suyo(exp: Expediente, boton: Boton, ofrecidos: list[Boton]) -> Siguiente:
    """The move with the other honest answers, in words, and whether its form stands open."""
    acto = boton.acto
    vencida = acto is actos.VOLVER_A_PRESENTAR
    con_contra = acto is actos.DECLARAR_NO_VIABLE
    otros = VENCIDA if vencida else CON_CONTRA if con_contra else actos.junto_a(acto)
    junto = [
        b
        for otro in otros
        for b in ofrecidos
        if b.acto is otro and (b.fila is boton.fila or boton.fila is None)
    ]
    # A long form is a button, and so is what ends the case or stops others.
    detenido = acto is actos.CONFIRMAR_AJUSTE and esta_detenido(exp.hechos)
    es_boton = boton.faltas or acto.pregunta or vencida or detenido
    es_boton = es_boton or acto.peligroso or acto.tono == "rechazado"
    abierto = not es_boton and PASOS[acto.nombre].formulario.es_corto()
    titulo = acto.pregunta or boton.etiqueta
    explica = acto.explica
    if vencida:
        titulo, explica = "La propuesta venció", QUE_HACER_VENCIDA
    elif acto in (actos.DECLARAR_VIABLE, actos.DECLARAR_NO_VIABLE):
        titulo = QUE_TOCA[E.POR_DECIDIR]
        explica = QUE_HACER_CON_CONTRA if con_contra else explica
    return Siguiente(
        boton,
        junto,
        espera_al_cliente=exp.caso.turno_hoy == Turno.CLIENTE,
        detenido=detenido,
        abierto=abierto,
        titulo=titulo,
        explica=explica,
    )


def esta_detenido(h: Hechos) -> bool:
    """§7.7: an area cannot, so the others wait until it is decided what follows."""
    return h.caso.estado == E.EN_MODIFICACION and h.hay_no_puede
