"""Every page there is to look at, with a case in every state behind it, by who looks at it.

``construir`` walks the cases; ``paginas_de…`` list addresses. What a page must be like is said by
the tests, not here.
"""

from datetime import timedelta
from types import SimpleNamespace

from django.contrib import admin
from django.db import transaction
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from casos import calendario
from casos.actos import ACTOS, ETIQUETAS
from casos.catalogos import Estado
from casos.clientes import altas, bloqueo, contratos, supresion
from casos.datos_tratados import PorDonde
from casos.models import (
    Aviso,
    AvisoPrivacidad,
    Caso,
    LecturaSensible,
    PersonaContacto,
    PlazoDeConservacion,
    PropuestaDeSupresion,
    Usuario,
)
from casos.personas import arco
from tests.auditoria import un_hallazgo, una_muestra
from tests.escenarios import (
    con_condiciones,
    elevado,
    en_contra,
    escenario,
    no_llego,
    ya_se_pregunta,
    ya_viable,
)
from tests.guion import actuar, fresco, hace, un_contrato
from tests.test_datos_personales import con_archivo

from ..guion import botones_de

# Done with one press where they stand, or by themselves: no page of their own is offered.
SIN_PAGINA = {"seguir", "dejar_de_seguir", "registrar", *(set(ETIQUETAS) - set(ACTOS))}
ACTORES = (
    "ventas",
    "gerente",
    "direccion",
    "atencion",
    "finanzas",
    "juridico",
    "dh",
    "nominas",
    "operaciones",
    "rys",
)


def por_cerrar(guion) -> Caso:
    caso = guion.aceptar(
        guion.hasta(Estado.EN_RESPUESTA), "JUR", "RYS", verbal={"RYS": guion.p.rys}
    )
    for area in ("JUR", "RYS"):
        caso = guion.confirmar(caso, area)
    return caso


@transaction.atomic
def construir(guion) -> SimpleNamespace:
    """A case in every state, the rich ones of the matrix, and what else has a page."""
    casos = {e: escenario(guion, e) for e in Estado}
    caso = guion.hasta(Estado.EN_MODIFICACION)
    for area in ("JUR", "NOM"):
        caso = guion.confirmar(caso, area)
    no_puede = guion.no_puede(guion.hasta(Estado.EN_MODIFICACION), "NOM")
    propuesta = guion.hasta(Estado.EN_PROPUESTA)
    propuesta = actuar(
        "programar_cita",
        propuesta,
        guion.p.ventas,
        asunto="Presentar la propuesta",
        inicio=timezone.now() + timedelta(days=1),
        minutos=45,
        medio="VISITA",
        lugar="Oficinas del cliente",
    )
    propuesta.citas.update(inicio=hace(minutes=10))
    olvidado = guion.registrar(recibido_en=hace(days=10))
    olvidado = guion.contactar(olvidado, efectivo="NO", cuando=hace(minutes=20))
    olvidado = guion.intentos(olvidado)
    for dias, contacto in enumerate(olvidado.hechos.contactos, 1):
        type(contacto).objects.filter(pk=contacto.pk).update(cuando=hace(days=dias))
    atrasado = guion.hasta(Estado.EN_PROPUESTA)
    contratos.nueva_version(
        contrato=atrasado.contrato,
        desde_fecha=atrasado.contrato.desde_fecha + timedelta(days=9),
        valores={c.concepto: "16000.00" for c in atrasado.hechos.condiciones},
    )
    sin_asignar = guion.registrar(responsable=False)
    extra = {
        "MODIFICADO": guion.cerrar_modificado(caso),
        "por cerrar": por_cerrar(guion),
        "no puede": no_puede,
        "con cita": fresco(propuesta),
        "olvidado": olvidado,
        "atrasado": atrasado,
        "por decidir": guion.hasta(Estado.POR_DECIDIR),
        "sin asignar": sin_asignar,
        "en contra": en_contra(guion),
        "elevado": elevado(guion),
        "con condiciones": con_condiciones(guion),
        "ya viable": ya_viable(guion),
        "ya se pregunta": ya_se_pregunta(guion),
        "no llegó": no_llego(guion),
        "por llamar": guion.rechazar(
            guion.hasta(Estado.EN_RESPUESTA), llamar_fecha=calendario.hoy() + timedelta(days=1)
        ),
    }
    Caso.objects.filter(pk=casos[Estado.EN_PROPUESTA].pk).update(vence=hace(days=4).date())
    Aviso.objects.filter(caso=casos[Estado.EN_ANALISIS]).update(
        estado="FALLIDO", error="El servidor de correo no responde."
    )
    otro = altas.crear_cliente(
        razon_social="Logística Integral de la Frontera Norte, S. de R.L. de C.V.",
        nombre_comercial="",
        rfc="",
    )
    un_contrato("CT-LARGO-2024-000017-BIS", otro)
    return SimpleNamespace(guion=guion, p=guion.p, casos=casos | extra, cliente=otro)


def ruta(nombre, *args):
    return reverse(nombre, args=args)


# The motives split: with all the figures it can have.
TABLERO = "/tablero/?por=persona"


def de_entrada() -> list[str]:
    """Without having entered. (A link to set the password is in ``test_accesibilidad``.)"""
    nombres = (
        "account_login",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "account_inactive",
        "account_signup",
    )
    return [*map(ruta, nombres), "/cuenta/password/reset/key/1-nada/"]


def de_cuenta() -> list[str]:
    nombres = (
        "cuenta",
        "account_change_password",
        "account_email",
        "mfa_index",
        "account_reauthenticate",
        "mfa_activate_totp",
        "account_logout",
    )
    return [ruta(n) for n in nombres]


def de_casos(mundo) -> list[str]:
    """Main pages but a case's."""
    cliente = mundo.casos["MODIFICADO"].cliente_id
    return [
        "/",
        "/casos/",
        "/casos/?q=aceros&estado=EN_ANALISIS",
        "/casos/?q=nadie-se-llama-asi",
        "/casos/nuevo/",
        f"/casos/nuevo/?cliente={cliente}",
        "/clientes/",
        f"/clientes/{cliente}/",
        "/avisos/",
        *(f"/avisos/{pk}/" for pk in Aviso.objects.order_by("pk").values_list("pk", flat=True)[:1]),
        "/procedimiento/",
        "/ayuda/?q=opinion",
    ]


def casos_de_cada_estado(mundo) -> list[str]:
    return [mundo.casos[e].get_absolute_url() for e in [*Estado, "MODIFICADO", "por cerrar"]]


def de_clientes(mundo) -> list[str]:
    c = mundo.cliente
    contrato, persona = c.contratos.get(), c.personas.first()
    return [
        "/clientes/nuevo/",
        *(f"/clientes/{c.pk}/{x}/" for x in ("editar", "fusionar", "contratos/nuevo")),
        f"/clientes/{c.pk}/contratos/{contrato.pk}/pago/",
        f"/clientes/{c.pk}/contratos/{contrato.pk}/terminar/",
        f"/clientes/{c.pk}/personas/nueva/",
        f"/clientes/{c.pk}/personas/{persona.pk}/",
        f"/clientes/{c.pk}/personas/{persona.pk}/aviso/",
    ]


@transaction.atomic
def con_registros(guion) -> SimpleNamespace:
    """A case, and a row in each list of what audits and looks after personal data."""
    caso = guion.registrar()
    persona, direccion = caso.persona, Usuario.objects.get(pk=guion.p.direccion.pk)
    aviso = AvisoPrivacidad.objects.create(
        version="1", desde_fecha=calendario.hoy(), enlace="https://x.example/"
    )
    PlazoDeConservacion.objects.create(resultado="NO_VIABLE", meses=1)
    dado = {"aviso": aviso, "como": "CORREO", "fecha": calendario.hoy()}
    bloqueo.dar_aviso(persona, por=guion.p.ventas, **dado)
    otras = [
        PersonaContacto.objects.create(cliente=caso.cliente, nombre=n)
        for n in ("Iris Sosa", "Eva Ruiz", "Ida Paz")
    ]
    bloqueo.bloquear(
        otras[0], motivo="Lo pidió.", hasta=calendario.hoy() + timedelta(9), por=direccion
    )
    supresion.suprimir_persona(otras[1], por=direccion, otras_formas=[], archivos=[])
    PropuestaDeSupresion.objects.create(persona=otras[2], ultimo_cierre=hace(days=99))
    solicitud = arco.registrar(
        quien=direccion,
        derecho="ACCESO",
        quien_pide=persona.nombre,
        calidad="TITULAR",
        contacto="A su correo",
        que_pide="Qué se guarda de ella.",
        via="CORREO",
        recibida_fecha=calendario.hoy(),
        persona=persona,
        lleva=direccion,
    )
    adjunto = con_archivo(guion, persona, archivo_sensible="on")
    LecturaSensible.objects.create(adjunto=adjunto, usuario=direccion, por_donde=PorDonde.CASO)
    muestra = una_muestra(guion.p, caso)
    hallazgo = un_hallazgo(guion.p, caso=caso, muestra=muestra)
    return SimpleNamespace(
        caso=fresco(caso),
        persona=persona,
        otras=otras,
        solicitud=solicitud,
        adjunto=adjunto,
        muestra=muestra,
        hallazgo=hallazgo,
    )


def de_auditoria(r) -> list[str]:
    clausula = r.hallazgo.clausula_id
    de_el = f"/auditoria/{r.muestra.numero}/{r.caso.folio}/"
    return [
        *(f"/auditoria/{x}" for x in ("", "nueva/", "hallazgos/", "hallazgos/nuevo/")),
        f"/auditoria/{r.muestra.numero}/?sorteo=1",
        *(f"{de_el}{x}" for x in ("", f"nota/{clausula}/", f"hallazgo/?clausula={clausula}")),
        r.hallazgo.get_absolute_url(),
        *(f"{r.hallazgo.get_absolute_url()}{x}/" for x in ("asignar", "accion", "atender")),
        "/privacidad/lecturas/",
        "/procedimiento/conformidad/",
        "/casos/?conformidad=NO_CUMPLE",
        "/tablero/informes/",
        ruta("puntos", r.caso.folio),
    ]


def de_privacidad(r) -> list[str]:
    """As Dirección General sees them."""
    bloqueada, suprimida, _ = r.otras
    suya = f"/privacidad/personas/{r.persona.pk}/"
    solicitud = f"/privacidad/solicitudes/{r.solicitud.pk}/"
    return [
        f"/privacidad/?q={r.persona.pk}",
        "/privacidad/empresa/",
        *(f"/privacidad/empresa/{r.solicitud.lleva_id}/{x}" for x in ("", "aviso/", "suprimir/")),
        *(f"/privacidad/{x}/" for x in ("solicitudes", "solicitudes/nueva", "conservacion")),
        *(f"{suya}{x}" for x in ("", "bloquear/", "suprimir/")),
        *(f"/privacidad/personas/{bloqueada.pk}/{x}" for x in ("", "desbloquear/")),
        f"/privacidad/personas/{suprimida.pk}/",
        *(f"{solicitud}{x}" for x in ("", "contestar/", "completar/", "ampliar/")),
        ruta("archivo_ficha", r.adjunto.pk),
        f"/clientes/{r.caso.cliente_id}/",
        f"/clientes/{r.caso.cliente_id}/personas/{r.persona.pk}/aviso/",
        "/",
    ]


def de_acciones(mundo) -> dict[str, list[str]]:
    """One page per action, by somebody who may do it now; all actions are there."""
    paginas, vistas = {}, set()
    actores = {n: Usuario.objects.get(pk=getattr(mundo.p, n).pk) for n in ACTORES}
    for caso in map(fresco, mundo.casos.values()):
        for nombre, usuario in actores.items():
            for opcion in botones_de(caso, usuario):
                if opcion.acto.nombre in vistas | SIN_PAGINA or opcion.faltas:
                    continue
                vistas.add(opcion.acto.nombre)
                paginas.setdefault(nombre, []).append(opcion.url)
    faltan = set(ETIQUETAS) - SIN_PAGINA - vistas
    assert not faltan, f"sin página que mirar: {sorted(faltan)}"
    return paginas


def del_panel(usuario) -> list[str]:
    """What ``usuario`` sees: every list and one row of each; of the pages that are the same for
    all models (history, deletion, a blank form) the first that there is."""
    peticion = RequestFactory().get("/admin/")
    peticion.user = usuario
    paginas, iguales = [ruta("admin:index")], {}
    for modelo, panel in admin.site._registry.items():
        nombre = f"admin:casos_{modelo._meta.model_name}"
        if not panel.has_view_permission(peticion):
            continue
        paginas.append(ruta(f"{nombre}_changelist"))
        if panel.has_add_permission(peticion):
            iguales.setdefault("add", ruta(f"{nombre}_add"))
        fila = panel.get_queryset(peticion).order_by("pk").first()
        if fila:
            paginas.append(ruta(f"{nombre}_change", fila.pk))
            iguales.setdefault("history", ruta(f"{nombre}_history", fila.pk))
        if fila and panel.has_delete_permission(peticion, fila):
            iguales.setdefault("delete", ruta(f"{nombre}_delete", fila.pk))
    return [*paginas, *iguales.values()]
