"""7.5 and 7.6: present the proposal and record what the client answers."""

from casos.catalogos import (
    CONCEPTOS_INTERNOS,
    ComoSePresento,
    Direccion,
    EstadoCita,
    EstadoPropuesta,
)
from casos.formularios.cierre import CerrarSinRespuestaForm
from casos.formularios.propuesta import (
    AceptarForm,
    ContraofertarForm,
    PresentarForm,
    RechazarForm,
    VolverAPresentarForm,
)
from casos.models import Cita, Contacto, Propuesta
from casos.pasos.comunes import (
    escribir_columna,
    fijar_viable,
    guardar_hoja,
    pedir_ajustes,
    persona_de,
    planear,
    preguntar,
)
from casos.pasos.gestion import Gestion
from casos.pasos.puerta import accion

MEDIO_DE = {"CITA": "VISITA"}


@accion("presentar", PresentarForm)
def presentar(g: Gestion) -> None:
    """§7.5 "Ya sea por teléfono o en cita agendada, … o como sea acordado"."""
    d, caso = g.datos, g.caso
    escribir_columna(g, "propuesto", g.form.hoja)
    guardar_hoja(g)
    g.transitar()
    persona = persona_de(g)
    propuesta = Propuesta.objects.create(
        caso=caso,
        numero=1 + max((p.numero for p in caso.hechos.propuestas), default=0),
        texto=d["texto"],
        filas=[
            {"concepto": f.concepto.nombre, "clave": f.concepto.clave, "unidad": f.concepto.unidad,
             "vigente": f.vigente, "propuesto": f.propuesto}
            for f in caso.hechos.condiciones
            if f.propuesto and f.concepto.clave not in CONCEPTOS_INTERNOS
        ],
        vigencia=d["vigencia"],
        como=d["como"],
        persona=persona,
        presentada_en=d["cuando"],
        presentada_por=g.usuario,
    )  # fmt: skip
    Contacto.objects.create(
        caso=caso,
        cuando=d["cuando"],
        medio=MEDIO_DE.get(d["como"], d["como"]),
        direccion=Direccion.SALIENTE,
        persona=persona,
        resumen=f"Se presentó la propuesta {propuesta.numero}.",
        efectivo=True,
        es_presentacion=True,
        registrado_por=g.usuario,
        registrado_en=g.ahora,
    )
    caso.hechos.sumar("propuestas", propuesta)
    g.datos_extra["propuesta"] = propuesta.numero
    if d["como"] == ComoSePresento.CITA:
        _celebrar(g, persona)
    planear(g)


def _celebrar(g: Gestion, persona) -> None:
    """The appointment where it was presented was held, whether or not it had been scheduled."""
    cita = g.datos["cita"]
    if cita is None:
        Cita.objects.create(
            caso=g.caso,
            inicio=g.datos["cuando"],
            lugar=g.datos["cita_lugar"],
            asunto="Presentación de la propuesta",
            persona=persona,
            estado=EstadoCita.CELEBRADA,
            organizada_por=g.usuario,
        )
    elif cita.estado == EstadoCita.PROGRAMADA:
        g.cambiar(cita, estado=EstadoCita.CELEBRADA)


def _marcar_viva(g: Gestion, estado: EstadoPropuesta) -> None:
    viva = g.caso.hechos.propuesta_viva
    if viva:
        g.datos_extra["propuesta"] = viva.numero
        viva.estado = estado
        viva.save(update_fields=["estado"])


@accion("volver_a_presentar", VolverAPresentarForm)
def volver_a_presentar(g: Gestion) -> None:
    """The old version is superseded; the new one gets the next number."""
    _marcar_viva(g, EstadoPropuesta.SUPERADA)
    g.transitar()


@accion("contraofertar", ContraofertarForm)
def contraofertar(g: Gestion) -> None:
    """§7.6: back to present while within what was declared viable, otherwise to the areas."""
    _marcar_viva(g, EstadoPropuesta.SUPERADA)
    # Only what they now ask otherwise: the rest stays as it was first asked.
    escribir_columna(g, "solicitado", g.form.cambia)
    g.transitar(se_analiza=g.form.se_analiza)
    if g.form.se_analiza:
        preguntar(g)
    else:
        # Within bounds it is what will be presented next.
        escribir_columna(g, "propuesto", g.form.cambia)
        if g.form.excede:
            fijar_viable(g)
    guardar_hoja(g)


@accion("aceptar", AceptarForm)
def aceptar(g: Gestion) -> None:
    """§7.6 sí → §7.7: "se notifica a Jurídico … así como a Nóminas o R&S"."""
    d, caso = g.datos, g.caso
    escribir_columna(g, "acordado", g.form.hoja)
    guardar_hoja(g)
    g.transitar()
    _marcar_viva(g, EstadoPropuesta.ACEPTADA)
    persona_de(g)
    caso.vigor_fecha = d["vigor_fecha"]
    caso.servicio_sin_cambio = d["servicio_sin_cambio"]
    pedir_ajustes(g)
    g.datos_extra["aceptacion"] = caso.aceptacion


def destino_del_contrato(g: Gestion) -> None:
    """What becomes of the contract after a "no"."""
    g.caso.contrato_tras_no = g.datos["contrato_tras_no"]
    g.caso.contrato_termina_fecha = g.datos["contrato_termina_fecha"]


@accion("rechazar", RechazarForm)
def rechazar(g: Gestion) -> None:
    """§7.6 no: "se identifican motivos y se registra en la base de datos"."""
    d = g.datos
    g.transitar()
    _marcar_viva(g, EstadoPropuesta.RECHAZADA)
    persona_de(g)
    g.caso.motivo_principal = d["motivo_principal"]
    g.caso.motivos.set([d["motivo_principal"], *d["motivos"]])
    g.caso.llamar_fecha = d["llamar_fecha"]
    destino_del_contrato(g)


@accion("cerrar_sin_respuesta", CerrarSinRespuestaForm)
def cerrar_sin_respuesta(g: Gestion) -> None:
    """§7.2/7.5/7.6: after three attempts on different days by two media."""
    g.transitar()
    _marcar_viva(g, EstadoPropuesta.SUPERADA)
