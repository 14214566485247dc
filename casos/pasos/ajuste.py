"""7.7: the areas adjust contract and service, say that they cannot, or undo."""

from casos.catalogos import EstadoAjuste
from casos.clientes import contratos
from casos.formularios.ajuste import (
    AceptarComoEstaForm,
    AgregarAjusteForm,
    CerrarModificadoForm,
    ConfirmarAjusteForm,
    DeclararNoAjustableForm,
    PedirDeshacerForm,
    RespuestaForm,
)
from casos.formularios.seguimiento import MotivoForm
from casos.models import Ajuste, Contacto, ValorContrato
from casos.pasos.analisis import decir_que_no
from casos.pasos.comunes import pedir_ajustes, persona_de
from casos.pasos.gestion import Gestion
from casos.pasos.puerta import accion


def _responder(g: Gestion, estado: EstadoAjuste, **mas) -> None:
    if g.objeto.respondido_en:
        g.cambios["estado"] = [g.objeto.estado, str(estado)]
        if g.objeto.respuesta:
            g.textos_extra["respuesta_anterior"] = ("Decía", g.objeto.respuesta)
    g.cambiar(
        g.objeto,
        estado=estado,
        respuesta=g.datos["respuesta"],
        respondido_por=g.usuario,
        respondido_en=g.ahora,
        **mas,
    )


@accion("confirmar_ajuste", ConfirmarAjusteForm)
def confirmar_ajuste(g: Gestion) -> None:
    """§7.7 "Es responsabilidad de cada área hacer el ajuste necesario"."""
    d = g.datos
    convenio = {"SI": True, "NO": False}.get(d.get("convenio"))
    _responder(
        g,
        EstadoAjuste.CONFIRMADO,
        vigor_fecha=d["vigor_fecha"],
        periodo_inicio=d.get("periodo_inicio"),
        periodo_fin=d.get("periodo_fin"),
        convenio_requerido=convenio,
        convenio_referencia=d.get("convenio_referencia") or "",
        convenio_fecha=d.get("convenio_fecha"),
    )


@accion("indicar_no_puede", RespuestaForm)
def indicar_no_puede(g: Gestion) -> None:
    _responder(g, EstadoAjuste.NO_PUEDE)


@accion("indicar_no_aplica", RespuestaForm)
def indicar_no_aplica(g: Gestion) -> None:
    _responder(g, EstadoAjuste.NO_APLICA)


@accion("agregar_ajuste", AgregarAjusteForm)
def agregar_ajuste(g: Gestion) -> None:
    pedir_ajustes(g)


@accion("pedir_deshacer", PedirDeshacerForm)
def pedir_deshacer(g: Gestion) -> None:
    """An ``Ajuste`` that points to the confirmed one."""
    ajuste = Ajuste.objects.create(
        caso=g.caso,
        aceptacion=g.caso.aceptacion,
        area=g.objeto.area,
        deshace=g.objeto,
        que=g.datos["que"],
        vence=g.datos["para"],
        pedido_por=g.usuario,
        pedido_en=g.ahora,
    )
    g.caso.hechos.sumar("ajustes", ajuste)
    g.ajustes.append(ajuste)


@accion("retirar_deshacer", MotivoForm)
def retirar_deshacer(g: Gestion) -> None:
    g.cambiar(g.objeto, estado=EstadoAjuste.CANCELADO)


@accion("confirmar_deshecho", RespuestaForm)
def confirmar_deshecho(g: Gestion) -> None:
    _responder(g, EstadoAjuste.DESHECHO)


@accion("indicar_no_se_deshace", RespuestaForm)
def indicar_no_se_deshace(g: Gestion) -> None:
    _responder(g, EstadoAjuste.NO_PUEDE)


@accion("aceptar_como_esta", AceptarComoEstaForm)
def aceptar_como_esta(g: Gestion) -> None:
    """What cannot be undone stands, with its consequence, by GER's or DG's word (rule 4)."""
    g.cambiar(g.objeto, estado=EstadoAjuste.ACEPTADO)


@accion("cerrar_modificado", CerrarModificadoForm)
def cerrar_modificado(g: Gestion) -> None:
    """§7.7 done: *Acordado* becomes the contract's new dated version (rule 6)."""
    d, caso = g.datos, g.caso
    g.transitar()
    Contacto.objects.create(
        caso=caso,
        cuando=d["cuando"],
        medio=d["medio"],
        persona=persona_de(g),
        resumen="Se le avisó al cliente del inicio de lo acordado.",
        efectivo=True,
        registrado_por=g.usuario,
        registrado_en=g.ahora,
    )
    # A row that was not renegotiated stays as it will be that day.
    ese_dia = ValorContrato.objects.en_vigor(caso.contrato_id, caso.vigor_fecha)
    valores = {v.concepto: v.valor for v in ese_dia.select_related("concepto")}
    valores |= {f.concepto: f.acordado for f in caso.hechos.condiciones if f.acordado}
    version = contratos.nueva_version(
        contrato=caso.contrato, desde_fecha=caso.vigor_fecha, valores=valores, caso=caso
    )
    caso.version_contrato = version.numero
    g.datos_extra["version_contrato"] = version.numero


@accion("declarar_no_ajustable", DeclararNoAjustableForm)
def declarar_no_ajustable(g: Gestion) -> None:
    """§7.7 → §7.8 "En caso de no poder ajustar el servicio actual"."""
    decir_que_no(g)
