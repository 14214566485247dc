"""7.1, 7.2 and §6: register, assign, contact, appointments, corrections, notes, following."""

from django.db.models import F
from django.utils import timezone

from casos.catalogos import ABIERTOS, Direccion, EstadoCita, TipoConstancia
from casos.clientes import altas, contratos
from casos.expediente.hechos import Hechos
from casos.formularios.registro import AsignarForm, RegistrarForm
from casos.formularios.seguimiento import (
    AnotarForm,
    CelebrarCitaForm,
    CitaForm,
    ContactarForm,
    CorregirContactoForm,
    CorregirDatosForm,
    MotivoForm,
    MoverCitaForm,
    PlanearForm,
    SinDatosForm,
)
from casos.models import Caso, Cita, Contacto, FolioAnual, PersonaContacto
from casos.pasos.comunes import (
    dejar_constancia,
    escribir_columna,
    guardar_hoja,
    persona_de,
    planear,
)
from casos.pasos.gestion import Gestion
from casos.pasos.puerta import accion


def siguiente_folio(ahora) -> str:
    """``SV-2026-000123``: consecutive within the year, under a lock on the year's row."""
    anio = timezone.localtime(ahora).year
    del_anio = FolioAnual.objects.filter(anio=anio)
    if not del_anio.update(ultimo=F("ultimo") + 1):
        # The first of the year; two at once create one row.
        FolioAnual.objects.bulk_create([FolioAnual(anio=anio)], ignore_conflicts=True)
        del_anio.update(ultimo=F("ultimo") + 1)
    ultimo = del_anio.values_list("ultimo", flat=True).get()
    return f"SV-{anio}-{ultimo:06d}"


@accion("registrar", RegistrarForm)
def registrar(g: Gestion) -> None:
    """§7.1 "Se recibe requerimiento de cliente"."""
    d = g.datos
    cliente = d["cliente"] or altas.crear_cliente(
        razon_social=d["cliente_razon_social"],
        nombre_comercial=d["cliente_nombre"],
        rfc=d["cliente_rfc"],
    )
    contrato = d["contrato"]
    if contrato is None and d["contrato_numero"]:
        contrato = contratos.crear_contrato(
            cliente=cliente,
            numero=d["contrato_numero"],
            servicio=d["contrato_servicio"],
            desde_fecha=d["contrato_desde"],
        )
    persona = d["persona"] or PersonaContacto.objects.create(
        cliente=cliente,
        nombre=d["persona_nombre"],
        puesto=d["persona_puesto"],
        telefono=d["persona_telefono"],
        correo=d["persona_correo"],
    )
    caso = Caso(
        folio=siguiente_folio(g.ahora),
        cliente=cliente,
        contrato=contrato,
        persona=persona,
        recibido_en=d["recibido_en"],
        registrado_en=g.ahora,
        registrado_por=g.usuario,
        canal=d["canal"],
        solicitud=d["solicitud"],
        estado_desde=g.ahora,
        deriva_de=d["deriva_de"],
    )
    caso.save()
    caso.revision_vigente = g.revision
    caso.hechos = Hechos(caso)
    g.caso = caso
    g.datos_extra |= {
        "folio": caso.folio,
        "cliente": f"cliente:{cliente.pk}",
        "persona": f"personacontacto:{persona.pk}",
    }
    if contrato:
        g.datos_extra["contrato"] = f"contrato:{contrato.pk}"
    if d["tipos"]:
        caso.tipos.add(*d["tipos"])
    caso.hechos.condiciones = []  # a new case has none yet
    escribir_columna(g, "solicitado", g.form.hoja)
    guardar_hoja(g)
    if d["responsable"]:
        _poner_responsable(g)


def _poner_responsable(g: Gestion) -> None:
    caso, d = g.caso, g.datos
    caso.responsable, caso.asignado_por, caso.asignado_en = (
        d["responsable"],
        d["ordeno"],
        d["ordeno_en"],
    )
    if d["ordeno"].pk != g.usuario.pk:
        dejar_constancia(
            g,
            TipoConstancia.ASIGNACION,
            destinatario=d["ordeno"],
            dicho_en=d["ordeno_en"],
            texto=f"Asignaste este caso a {d['responsable']}.",
        )


@accion("asignar", AsignarForm)
def asignar(g: Gestion) -> None:
    """§6 "dar seguimiento según sea asignado por el Área Comercial de manera verbal"."""
    anterior = g.caso.responsable
    if anterior:
        g.datos_extra["anterior"] = f"usuario:{anterior.pk}"
    _poner_responsable(g)


@accion("planear", PlanearForm)
def programar_siguiente(g: Gestion) -> None:
    planear(g)


def _anotar_contacto(g: Gestion) -> None:
    d = g.datos
    contacto = Contacto.objects.create(
        caso=g.caso,
        cuando=d["cuando"],
        medio=d["medio"],
        direccion=d["direccion"],
        persona=persona_de(g),
        resumen=d["resumen"],
        efectivo=d["efectivo"] == "SI",
        registrado_por=g.usuario,
        registrado_en=g.ahora,
    )
    g.datos_extra["contacto"] = f"contacto:{contacto.pk}"
    if g.caso.estado in ABIERTOS:
        planear(g)
    g.caso.hechos.sumar("contactos", contacto)


@accion("contactar", ContactarForm)
def contactar(g: Gestion) -> None:
    """§7.2 "Se pone en contacto con el cliente para revisar el requerimiento"."""
    _anotar_contacto(g)
    g.transitar()


@accion("registrar_contacto", ContactarForm)
def registrar_contacto(g: Gestion) -> None:
    _anotar_contacto(g)


@accion("corregir_contacto", CorregirContactoForm)
def corregir_contacto(g: Gestion) -> None:
    """Rule 10: old and new stay in the log."""
    contacto, d = g.objeto, g.datos
    if d["resumen"] != contacto.resumen:
        g.textos_extra["resumen_anterior"] = ("Decía", contacto.resumen)
    if d["persona"] != contacto.persona:
        vieja = contacto.persona_id and f"personacontacto:{contacto.persona_id}"
        nueva = d["persona"] and f"personacontacto:{d['persona'].pk}"
        g.cambios["persona"] = [vieja, nueva]
    g.cambiar(contacto, resumen=d["resumen"], persona=d["persona"])


@accion("corregir_datos", CorregirDatosForm)
def corregir_datos(g: Gestion) -> None:
    caso, d = g.caso, g.datos
    if d["solicitud"] != caso.solicitud:
        g.textos_extra["solicitud_anterior"] = ("Decía", caso.solicitud)
    if d["persona"].pk != caso.persona_id:
        g.cambios["persona"] = [
            f"personacontacto:{caso.persona_id}",
            f"personacontacto:{d['persona'].pk}",
        ]
    if d["canal"] != caso.canal:
        g.cambios["canal"] = [caso.canal, d["canal"]]
    caso.solicitud, caso.persona, caso.canal = d["solicitud"], d["persona"], d["canal"]


@accion("anotar", AnotarForm)
def anotar(g: Gestion) -> None:
    """A note without state or mail, at any time (rule 10)."""


@accion("seguir", SinDatosForm)
def seguir(g: Gestion) -> None:
    g.caso.seguidores.add(g.usuario)


@accion("dejar_de_seguir", SinDatosForm)
def dejar_de_seguir(g: Gestion) -> None:
    g.caso.seguidores.remove(g.usuario)


@accion("programar_cita", CitaForm)
def programar_cita(g: Gestion) -> None:
    """§7.5 "en cita agendada"."""
    d = g.datos
    cita = Cita.objects.create(
        caso=g.caso,
        inicio=d["inicio"],
        minutos=d["minutos"],
        lugar=d["lugar"],
        asunto=d["asunto"],
        persona=persona_de(g),
        organizada_por=g.usuario,
    )
    g.datos_extra["cita"] = f"cita:{cita.pk}"


@accion("mover_cita", MoverCitaForm)
def mover_cita(g: Gestion) -> None:
    cita, d = g.objeto, g.datos
    g.cambios["inicio"] = [cita.inicio.isoformat(), d["inicio"].isoformat()]
    g.cambiar(
        cita,
        inicio=d["inicio"],
        minutos=d["minutos"],
        lugar=d["lugar"],
        movimientos=cita.movimientos + 1,
    )


@accion("celebrar_cita", CelebrarCitaForm)
def celebrar_cita(g: Gestion) -> None:
    """The appointment was held: it is also an effective contact (§7.2)."""
    g.cambiar(g.objeto, estado=EstadoCita.CELEBRADA)
    contacto = Contacto.objects.create(
        caso=g.caso,
        cuando=min(g.objeto.inicio, g.ahora),  # it may have begun before its hour
        medio="VISITA",
        direccion=Direccion.SALIENTE,
        persona=g.objeto.persona,
        resumen=g.datos["resumen"],
        efectivo=True,
        registrado_por=g.usuario,
        registrado_en=g.ahora,
    )
    g.datos_extra["contacto"] = f"contacto:{contacto.pk}"


@accion("cancelar_cita", MotivoForm)
def cancelar_cita(g: Gestion) -> None:
    g.cambiar(g.objeto, estado=EstadoCita.CANCELADA)
