"""7.3 and 7.4: ask the areas, answer, waive, decide."""

from casos.calendario import vence_para
from casos.catalogos import Estado, EstadoConstancia, EstadoOpinion, TipoConstancia
from casos.formularios.analisis import (
    AnalizarForm,
    ConsultarAreaForm,
    DeclararViableForm,
    EditarHojaForm,
    NoForm,
    OpinarForm,
    OpinarVerbalForm,
    PedirDatosForm,
    PedirMasAnalisisForm,
    ReplantearForm,
    ResponderDatosForm,
)
from casos.formularios.seguimiento import MotivoForm, SinDatosForm
from casos.pasos.comunes import (
    copiar_vigente,
    dejar_constancia,
    escribir_columna,
    fijar_viable,
    guardar_hoja,
    planear,
    preguntar,
)
from casos.pasos.gestion import Gestion
from casos.pasos.puerta import accion


@accion("analizar", AnalizarForm)
def analizar(g: Gestion) -> None:
    """§7.3 "Se revisa el tipo de requerimiento del cliente con el área involucrada"."""
    caso = g.caso
    if "contrato" in g.form.fields:
        caso.contrato = g.datos["contrato"]
    caso.tipos.set(g.datos["tipos"])
    escribir_columna(g, "solicitado", g.form.hoja)
    copiar_vigente(g)
    guardar_hoja(g)
    g.transitar()
    preguntar(g)


@accion("consultar_area", ConsultarAreaForm)
def consultar_area(g: Gestion) -> None:
    preguntar(g)


@accion("retirar_consulta", MotivoForm)
def retirar_consulta(g: Gestion) -> None:
    """An unanswered question put to the wrong area."""
    g.cambiar(g.objeto, estado=EstadoOpinion.RETIRADA)


def _dar(g: Gestion, *, dada_por, dada_en, verbal: bool) -> None:
    d, o = g.datos, g.objeto
    for constancia in g.caso.hechos.constancias:
        # What the area now says itself takes the place of what was written down as said.
        if constancia.opinion_id == o.pk and constancia.estado == EstadoConstancia.SIN_CONFIRMAR:
            g.cambiar(
                constancia,
                estado=EstadoConstancia.CORREGIDA,
                respondida_por=g.usuario,
                respondida_en=g.ahora,
            )
    for campo in ("sentido", "fundamento", "condiciones", "alternativas"):
        viejo = getattr(o, campo)
        if o.estado == EstadoOpinion.DADA and viejo != d[campo]:
            if campo == "sentido":
                g.cambios[campo] = [viejo, d[campo]]
            elif viejo:
                g.textos_extra[f"{campo}_anterior"] = ("Decía", viejo)
    g.cambiar(
        o,
        estado=EstadoOpinion.DADA,
        sentido=d["sentido"],
        fundamento=d["fundamento"],
        condiciones=d["condiciones"],
        alternativas=d["alternativas"],
        dada_por=dada_por,
        dada_en=dada_en,
        verbal=verbal,
    )


@accion("opinar", OpinarForm)
def opinar(g: Gestion) -> None:
    """§7.3: the area answers; its manager may correct it while the case is in analysis."""
    _dar(g, dada_por=g.usuario, dada_en=g.ahora, verbal=False)


@accion("opinar_verbal", OpinarVerbalForm)
def opinar_verbal(g: Gestion) -> None:
    """§7.3, said verbally: written down by RC, to be confirmed by who gave it."""
    _dar(g, dada_por=g.datos["quien"], dada_en=g.datos["dicho_en"], verbal=True)
    dejar_constancia(
        g,
        TipoConstancia.OPINION,
        destinatario=g.datos["quien"],
        dicho_en=g.datos["dicho_en"],
        texto=f"{g.objeto.get_sentido_display()}. {g.datos['fundamento']}",
        opinion=g.objeto,
    )


@accion("pedir_datos", PedirDatosForm)
def pedir_datos(g: Gestion) -> None:
    """The area sends its question back: ball and clock pass to RC until answered."""
    g.cambiar(
        g.objeto,
        estado=EstadoOpinion.DEVUELTA,
        datos_pedidos=g.datos["datos_pedidos"],
        vence=vence_para(Estado.EN_CONTACTO, g.ahora),
    )


@accion("responder_datos", ResponderDatosForm)
def responder_datos(g: Gestion) -> None:
    """The clock of the area starts anew."""
    g.cambiar(
        g.objeto,
        estado=EstadoOpinion.PENDIENTE,
        datos_dados=g.datos["datos_dados"],
        vence=vence_para(Estado.EN_ANALISIS, g.ahora, g.objeto.area),
    )


@accion("dispensar", MotivoForm)
def dispensar(g: Gestion) -> None:
    """GER or DG goes on without an overdue opinion (rule 4 bars who asked)."""
    g.cambiar(g.objeto, estado=EstadoOpinion.DISPENSADA, motivo_dispensa=g.datos["motivo"])


@accion("pedir_mas_analisis", PedirMasAnalisisForm)
def pedir_mas_analisis(g: Gestion) -> None:
    g.transitar()
    preguntar(g)


@accion("replantear", ReplantearForm)
def replantear(g: Gestion) -> None:
    g.transitar()
    olvidar_el_no(g)
    copiar_vigente(g)
    guardar_hoja(g)
    preguntar(g)


@accion("declarar_viable", DeclararViableForm)
def declarar_viable(g: Gestion) -> None:
    """§7.4 "En caso de SI, se presenta propuesta o cotización"."""
    escribir_columna(g, "propuesto", g.form.hoja)
    g.transitar()
    fijar_viable(g)
    guardar_hoja(g)
    g.caso.alternativa = g.datos["alternativa"]
    planear(g)


def olvidar_el_no(g: Gestion) -> None:
    """The case goes on: the words of its earlier end, and what was agreed, stay in the log only."""
    caso = g.caso
    caso.motivos.clear()
    caso.motivo_principal = None
    caso.texto_cliente, caso.llamar_fecha = "", None
    if caso.estado != Estado.EN_MODIFICACION:
        caso.vigor_fecha = None
        for fila in caso.hechos.condiciones:
            fila.acordado = ""


def decir_que_no(g: Gestion) -> None:
    """Our "no": its motives and what the client will be told (7.4, 7.7)."""
    g.transitar(por_atencion=g.datos["por_atencion"] == "SI")
    g.caso.texto_cliente = g.datos["texto_cliente"]
    g.caso.motivos.set(g.datos["motivos"])
    g.caso.motivo_principal = g.datos["motivos"][0]


@accion("declarar_no_viable", NoForm)
def declarar_no_viable(g: Gestion) -> None:
    """§7.4 "En caso de NO, informar a cliente de motivo directamente o a través de AC"."""
    decir_que_no(g)


@accion("editar_hoja", EditarHojaForm)
def editar_hoja(g: Gestion) -> None:
    g.cambio_hoja = escribir_columna(g, g.form.columna, g.form.hoja)
    guardar_hoja(g)


@accion("actualizar_vigente", SinDatosForm)
def actualizar_vigente(g: Gestion) -> None:
    """Another case changed the contract since: refresh the column (rule 6)."""
    copiar_vigente(g)
    guardar_hoja(g)
    g.cambio_hoja = True
