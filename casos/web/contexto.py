"""What every page needs around it: the navigation this person has. No business rules."""

from functools import cache

from django.conf import settings
from django.urls import reverse

from casos.lecturas import ayuda
from casos.permisos.cargos import cargo_comercial, cargo_de_gerencia
from casos.permisos.de_privacidad import lleva_privacidad
from casos.permisos.del_auditor import audita
from casos.permisos.lectura import (
    lee_datos_de_contacto,
    lee_seguridad,
    puede_administrar,
    ve_tablero,
)

# What fits under an icon of the phone's bar.
CORTOS = {"pendientes": "Pendientes"}
# (name of the URL, text, icon, in the phone's bar)
SECCIONES = [
    ("pendientes", "Mis pendientes", "bandeja", True),
    ("casos", "Casos", "casos", True),
    ("clientes", "Clientes", "clientes", True),
    ("equipo", "Mi equipo", "asignar", False),
    ("tablero", "Tablero", "tablero", False),
    ("procedimiento", "Instrucción de trabajo", "procedimiento", False),
    ("auditoria", "Auditoría", "bandera", False),
    ("avisos", "Correos enviados", "correos", False),
]
DE_PRIVACIDAD = ("privacidad", "Datos personales", "usuario", False)
DE_SEGURIDAD = ("registro_de_seguridad", "Registro de seguridad", "candado", False)

# Where one comes from, of pages whose address does not begin like their section's.
DE_OTRA_SECCION = {"/importaciones/": "/clientes/", "/configurar/": "/admin/"}

# By whether telephones are read.
BUSCA_POR = {True: "Folio, cliente, persona, teléfono…", False: "Folio, cliente, RFC…"}

# The people of the demonstration, as the login page names them.
DEMO = [
    ("ventas", "Ventas: registra, habla con el cliente, presenta y cierra"),
    ("ventas2", "Ventas"),
    ("gerente", "Gerencia comercial: asigna, dispensa, reabre"),
    ("atencion", "Atención a Clientes: informa al cliente"),
    ("direccion", "Dirección General: decide contra la opinión de un área"),
    ("juridico", "Jurídico: opina y ajusta el contrato"),
    ("dh", "Desarrollo Humano: opina"),
    ("operaciones", "Operaciones: opina"),
    ("finanzas", "Finanzas: opina"),
    ("nominas", "Nóminas: ajusta el servicio"),
    ("rys", "Reclutamiento y Selección: ajusta el servicio"),
    ("calidad", "Calidad: lee todo"),
    ("auditor", "Auditoría: lee sin datos personales"),
    ("admin", "Administra personas, áreas y catálogos"),
]


@cache
def _enlaces() -> list[dict]:
    """The sections, and the panel last; their addresses do not change while the server runs."""
    return [
        {"url": reverse(n), "texto": t, "corto": CORTOS.get(n, ""), "icono": i, "movil": m}
        for n, t, i, m in [
            *SECCIONES,
            DE_PRIVACIDAD,
            DE_SEGURIDAD,
            ("admin:index", "Administración", "admin", False),
        ]
    ]


def navegacion(request) -> dict:
    """``navegacion``, ``busca_por``, ``puede_registrar``, ``puede_admin``, ``papel``, ``sin_acuse``, ``demo``."""
    usuario = getattr(request, "user", None)
    if usuario is None or not usuario.is_authenticated:
        return {
            "navegacion": [],
            "busca_por": "",
            "puede_registrar": False,
            "puede_admin": False,
            "papel": "",
            "sin_acuse": "",
            "demo": DEMO if settings.DEMO else (),
        }
    *enlaces, privacidad, seguridad, administracion = (
        e | {"activa": _activa(getattr(request, "seccion", request.path), e["url"])}
        for e in _enlaces()
    )
    ocultas = set()
    if ve_tablero(usuario) is None:
        ocultas.add(reverse("tablero"))
    if cargo_de_gerencia(usuario) is None:
        ocultas.add(reverse("equipo"))
    if not audita(usuario):
        ocultas.add(reverse("auditoria"))
    enlaces = [e for e in enlaces if e["url"] not in ocultas]
    puede_admin = puede_administrar(usuario)
    if lleva_privacidad(usuario):
        enlaces.append(privacidad)
    if puede_admin:
        enlaces.append(administracion)
    elif lee_seguridad(usuario):  # who administers finds it there
        enlaces.append(seguridad | {"activa": request.path.startswith(seguridad["url"])})
    enlaces.append(_ayuda(request))
    return {
        "navegacion": enlaces,
        "busca_por": BUSCA_POR[lee_datos_de_contacto(usuario)],
        "puede_registrar": cargo_comercial(usuario) is not None,
        "puede_admin": puede_admin,
        "papel": _papel(usuario),
        "sin_acuse": usuario.sin_acuse,
        "demo": (),
    }


def _ayuda(request) -> dict:
    """Last on every page, the panel's too: it leads to what helps with this one."""
    url = ayuda.direccion(ayuda.lugar_de(request.resolver_match))
    activa = request.path.startswith(reverse("ayuda"))
    return {
        "url": url,
        "texto": "Ayuda",
        "corto": "",
        "icono": "ayuda",
        "movil": False,
        "activa": activa,
    }


def _activa(actual: str, url: str) -> bool:
    for principio, seccion in DE_OTRA_SECCION.items():
        if actual.startswith(principio):
            return url == seccion
    return actual == url if url == "/" else actual.startswith(url)


def _papel(usuario) -> str:
    if usuario.is_superuser:
        return "Administración"
    if usuario.es_gerente:
        return "Gerencia comercial"
    return usuario.get_rol_display() or ""
