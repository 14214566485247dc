"""Verbal notices as evidence: confirmed, corrected, or accepted by management (rule 9)."""

from casos.catalogos import Estado, EstadoConstancia, TipoConstancia
from casos.formularios.cierre import CorregirConstanciaForm
from casos.formularios.seguimiento import MotivoForm, SinDatosForm
from casos.pasos.gestion import Gestion
from casos.pasos.puerta import accion


def _responder(g: Gestion, estado: EstadoConstancia, correccion: str = "") -> None:
    g.cambiar(
        g.objeto,
        estado=estado,
        correccion=correccion,
        respondida_por=g.usuario,
        respondida_en=g.ahora,
    )


@accion("confirmar_constancia", SinDatosForm)
def confirmar_constancia(g: Gestion) -> None:
    _responder(g, EstadoConstancia.CONFIRMADA)


@accion("aceptar_constancia", MotivoForm)
def aceptar_constancia(g: Gestion) -> None:
    """GER or DG accepts a verbal opinion that its area has not confirmed (§7.4)."""
    _responder(g, EstadoConstancia.ACEPTADA)


@accion("corregir_constancia", CorregirConstanciaForm)
def corregir_constancia(g: Gestion) -> None:
    """*Corregir constancia*: an assignment is taken back, an opinion becomes what was really said."""
    d, c, caso = g.datos, g.objeto, g.caso
    _responder(g, EstadoConstancia.CORREGIDA, d["correccion"])
    if c.tipo == TipoConstancia.ASIGNACION:
        # Only while that order is the one in force: a later one stands on its own.
        es_la_vigente = (caso.asignado_por_id, caso.asignado_en) == (c.destinatario_id, c.dicho_en)
        if caso.es_abierto and es_la_vigente:
            g.datos_extra["anterior"] = f"usuario:{caso.responsable_id}"
            caso.responsable = caso.asignado_por = caso.asignado_en = None
    elif c.tipo == TipoConstancia.OPINION and caso.estado in (
        Estado.EN_ANALISIS,
        Estado.POR_DECIDIR,
    ):
        opinion = next(o for o in caso.hechos.opiniones if o.pk == c.opinion_id)
        if not opinion.verbal:
            return
        g.cambios["sentido"] = [opinion.sentido, d["sentido"]]
        g.textos_extra["fundamento_anterior"] = ("Decía", opinion.fundamento)
        g.cambiar(
            opinion,
            sentido=d["sentido"],
            fundamento=d["correccion"],
            condiciones=d["condiciones"],
            dada_por=g.usuario,
            dada_en=g.ahora,
            verbal=False,
        )
