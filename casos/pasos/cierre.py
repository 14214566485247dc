"""7.8 and the other ends: inform, withdraw, annul, reopen."""

from casos.catalogos import ROLES_COMERCIALES, Direccion
from casos.formularios.cierre import AnularForm, InformarForm, ReabrirForm, RetirarForm
from casos.models import Contacto
from casos.pasos.analisis import olvidar_el_no
from casos.pasos.comunes import (
    copiar_vigente,
    guardar_hoja,
    pedir_ajustes,
    persona_de,
    planear,
    preguntar,
)
from casos.pasos.gestion import Gestion
from casos.pasos.propuesta import destino_del_contrato
from casos.pasos.puerta import accion


@accion("informar", InformarForm)
def informar(g: Gestion) -> None:
    """§7.8 "se comunica con el cliente para explicarle el caso"."""
    d = g.datos
    g.transitar()
    if d["localizado"] == "SI":
        Contacto.objects.create(
            caso=g.caso,
            cuando=d["cuando"],
            medio=d["medio"],
            direccion=Direccion.SALIENTE,
            persona=persona_de(g),
            resumen=d["que_se_dijo"],
            efectivo=True,
            registrado_por=g.usuario,
            registrado_en=g.ahora,
        )
    destino_del_contrato(g)


@accion("retirar", RetirarForm)
def retirar(g: Gestion) -> None:
    g.transitar()
    persona_de(g)


@accion("anular", AnularForm)
def anular(g: Gestion) -> None:
    """Registered by mistake: it is kept, but does not count."""
    g.transitar()
    g.caso.anulacion = g.datos["anulacion"]
    g.caso.duplicado_de = g.form.original
    if g.form.original:
        g.datos_extra["duplicado_de"] = g.form.original.folio


@accion("reabrir", ReabrirForm)
def reabrir(g: Gestion) -> None:
    """The first closing stays in the log and in the figures."""
    caso = g.caso
    g.datos_extra["resultado_anterior"] = caso.resultado
    g.transitar()
    olvidar_el_no(g)
    responsable = caso.responsable
    if responsable and not (responsable.is_active and responsable.rol in ROLES_COMERCIALES):
        # Who left meanwhile cannot take it up: gerencia assigns it anew.
        caso.responsable = caso.asignado_por = caso.asignado_en = None
    caso.contrato_tras_no, caso.contrato_termina_fecha = "", None
    if g.form.consultas:
        copiar_vigente(g)
        preguntar(g)
    guardar_hoja(g)
    if g.form.ajustes:
        pedir_ajustes(g)
    planear(g)
