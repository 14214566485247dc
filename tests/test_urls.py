"""Every address × every kind of person. An address that is not in the table fails the test."""

import pytest
from django.contrib import admin
from django.urls import get_resolver, reverse

from casos.catalogos import Estado
from casos.models import Aviso, AvisoPrivacidad, ClausulaISO, Importacion, PlazoDeConservacion, Sede
from casos.urls import urlpatterns
from tests.auditoria import un_hallazgo, una_muestra
from tests.factories import SuplenciaFactory
from tests.personas import DE_CADA_CLASE, NOMBRES

COMERCIALES = {"ventas", "ventas2", "gerente", "atencion", "direccion"}
AREAS = {"juridico", "dh", "operaciones", "finanzas", "nominas", "rys"}
LECTORES = {"calidad", "auditor"}
TODOS = set(NOMBRES)
VEN_EL_CASO = (TODOS - {"atencion", "ajena", *AREAS}) | {"finanzas"}
VEN_CLIENTES = COMERCIALES | LECTORES | {"admin", "finanzas"}
EDITAN = COMERCIALES | {"admin"}
RC_O_GERENCIA = {"ventas", "gerente", "direccion"}
PRIVACIDAD = {"direccion", "admin"}
GERENCIA = {"gerente", "direccion", "admin"}
IMPORTAN = {"gerente", "admin"}
# Of an import that is not theirs: Dirección brings cases in.
AJENA = {404: {"admin", "direccion"}, 403: TODOS - IMPORTAN - {"direccion"}}
PANEL = {"gerente", "admin", "calidad", *AREAS}
VEN_EL_TABLERO = {"gerente", "direccion", *AREAS, *LECTORES}

# name → (arguments, who gets 200, what the others get). 405: only by POST.
TABLA = {
    "pendientes": ((), TODOS, None),
    "casos": ((), TODOS, None),
    "borrador": ((), set(), 405),
    "borrador_descartar": ((), set(), 405),
    "casos_exportar": ((), TODOS, None),
    "casos_asignar": ((), set(), 405),
    "casos_planear": ((), set(), 405),
    "casos_columnas": ((), set(), 405),
    "vista_guardar": ((), set(), 405),
    "vista_compartir": (("pk",), set(), 405),
    "vista_borrar": (("pk",), set(), 405),
    "nuevo": ((), COMERCIALES, 403),
    "calculo": (("plazas",), TODOS, None),
    "caso": (("folio",), VEN_EL_CASO, 404),
    "primer_pago": (("folio",), VEN_EL_CASO, 404),
    "puntos": (("folio",), VEN_EL_CASO, 404),
    "expediente_pdf": (("folio",), VEN_EL_CASO - {"auditor"}, 404),
    "expediente_zip": (("folio",), VEN_EL_CASO - {"auditor"}, 404),
    "expediente_cubierto": (("folio",), VEN_EL_CASO, 404),
    "conformidad": ((), {"gerente", "direccion", *LECTORES}, 404),
    "informes": ((), {"gerente", "direccion", *LECTORES}, 404),
    "informe": (("2026-01",), {"gerente", "direccion", *LECTORES}, 404),
    "llamada": (("folio",), {"ventas", "gerente", "direccion"}, {404: {"atencion", "ajena"} | (AREAS - {"finanzas"}), 409: {"ventas2"}, 403: {"finanzas", "admin"} | LECTORES}),
    "paso": (("folio", "anotar"), VEN_EL_CASO - LECTORES - {"admin"}, {404: {"atencion", "ajena"} | (AREAS - {"finanzas"}), 403: LECTORES | {"admin"}}),
    "paso_objeto": (("folio", "opinar", "opinion"), {"finanzas"}, {404: {"atencion", "ajena"} | (AREAS - {"finanzas"}), 403: (COMERCIALES - {"atencion"}) | LECTORES | {"admin"}}),
    "archivo": (("999999",), set(), 404),
    "ayuda": ((), TODOS, None),
    "ayuda_pagina": (("ayuda",), TODOS, None),
    "clientes": ((), TODOS, None),
    "cliente": (("cliente",), VEN_CLIENTES, 404),
    "cliente_nuevo": ((), EDITAN, 403),
    "cliente_editar": (("cliente",), EDITAN, 403),
    "cliente_fusionar": (("cliente",), GERENCIA, 403),
    "contrato_nuevo": (("cliente",), EDITAN, 403),
    "contrato_pago": (("cliente", "contrato"), EDITAN, 403),
    "contrato_terminar": (("cliente", "contrato"), GERENCIA, 403),
    "contrato_sigue": (("cliente", "contrato"), set(), {404: GERENCIA, 403: TODOS - GERENCIA}),
    "persona_nueva": (("cliente",), EDITAN, 403),
    "persona_editar": (("cliente", "persona"), EDITAN, 403),
    "persona_aviso": (("cliente", "persona"), EDITAN, 403),
    "privacidad": ((), PRIVACIDAD, 404),
    "lecturas_sensibles": ((), PRIVACIDAD | {"auditor"}, 404),
    "solicitudes": ((), PRIVACIDAD, 404),
    "solicitud_nueva": ((), PRIVACIDAD, 404),
    "solicitud": (("999999",), set(), 404),
    "solicitud_acto": (("999999", "contestar"), set(), 404),
    "privacidad_persona": (("persona",), PRIVACIDAD, 404),
    "privacidad_persona_pdf": (("persona",), PRIVACIDAD, 404),
    "privacidad_usuario_pdf": (("999999",), set(), 404),
    "privacidad_empresa": ((), PRIVACIDAD, 404),
    "privacidad_usuario": (("usuario",), PRIVACIDAD, 404),
    "privacidad_usuario_aviso": (("usuario",), PRIVACIDAD, 404),
    "privacidad_usuario_suprimir": (("usuario",), PRIVACIDAD, 404),
    "conservacion": ((), PRIVACIDAD, 404),
    "privacidad_bloquear": (("persona",), PRIVACIDAD, 404),
    "privacidad_desbloquear": (("persona",), PRIVACIDAD, 404),
    "privacidad_suprimir": (("persona",), PRIVACIDAD, 404),
    "archivo_ficha": (("999999",), set(), 404),
    "archivo_sensible": (("999999",), set(), 405),
    "importar": ((), IMPORTAN | {"direccion"}, 403),
    "plantilla": (("contratos",), IMPORTAN, 403),
    "exportar": (("clientes",), IMPORTAN, 403),
    "importacion": (("importacion",), {"gerente"}, AJENA),
    "importacion_rechazados": (("importacion",), {"gerente"}, AJENA),
    "importacion_cancelar": (("importacion",), set(), 405),
    "importacion_columnas": (("importacion",), set(), 405),
    "importacion_guardar": (("importacion",), set(), 405),
    "auditoria": ((), LECTORES, 404),
    "muestra_nueva": ((), LECTORES, 404),
    "muestra": (("muestra",), LECTORES, 404),
    "muestra_pdf": (("muestra",), LECTORES, 404),
    "muestra_caso": (("muestra", "folio"), LECTORES, 404),
    "muestra_nota": (("muestra", "folio", "clausula"), LECTORES, 404),
    "muestra_hallazgo": (("muestra", "folio"), LECTORES, 404),
    "hallazgos": ((), LECTORES, 404),
    "hallazgos_exportar": ((), LECTORES, 404),
    "hallazgo_nuevo": ((), LECTORES, 404),
    "hallazgo": (("hallazgo",), {*LECTORES, "juridico"}, 404),
    "hallazgo_paso": (("hallazgo", "atender"), {*LECTORES, "juridico"}, 404),
    "avisos": ((), TODOS, None),
    "aviso": (("aviso",), VEN_EL_CASO, 404),
    "aviso_adjunto": (("aviso",), set(), 404),
    "acuerdo_pdf": (("folio",), set(), 404),
    "propuesta_pdf": (("folio", 1), set(), 404),
    "propuesta_borrador": (("folio",), set(), {409: RC_O_GERENCIA, 403: VEN_EL_CASO - RC_O_GERENCIA, 404: {"atencion", "ajena"} | (AREAS - {"finanzas"})}),
    "aviso_reenviar": (("aviso",), set(), 405),
    "avisos_reenviar": ((), set(), 405),
    "por_enlace": (("x",), set(), 404),
    "por_enlace_acto": (("x", "opinar"), set(), 404),
    "procedimiento": ((), TODOS, None),
    "sellos": ((), {"direccion", "admin", *LECTORES}, 404),
    "revision": ((3,), TODOS, None),
    "revision_nueva": ((), set(), 405),
    "revision_editar": ((3,), set(), {302: {"calidad"}, 403: TODOS - {"calidad"}}),
    "revision_pasar": ((3,), set(), 405),
    "revision_acuse": ((3,), set(), 302),
    "revision_comparar": ((3, 3), TODOS, None),
    "revision_casos": ((), {"calidad"}, 403),
    "distribucion": ((), {"gerente", "direccion", "admin", *LECTORES}, 404),
    "distribucion_pdf": ((), {"gerente", "direccion", "admin", *LECTORES}, 404),
    "anexo_pdf": ((), TODOS, None),
    "anexo_bpmn": ((), TODOS, None),
    "revision_pdf": ((3,), TODOS, None),
    "tablero": ((), VEN_EL_TABLERO, 404),
    "tablero_exportar": ((), VEN_EL_TABLERO, 404),
    "equipo": ((), {"gerente", "direccion"}, 403),
    "equipo_reasignar": ((), set(), 405),
    "cuenta": ((), TODOS, None),
    "calendario_crear": ((), set(), 302),
    "calendario_anular": ((), set(), 302),
    "calendario_suscrito": (("x",), set(), 404),
    "cuenta_teclas": ((), TODOS, None),
    "cuenta_correos": ((), TODOS, None),
    "suplencia_nueva": ((), TODOS, None),
    "suplencia_terminar": (("1",), set(), 404),
    "segundo_factor": ((), set(), 302),
    "segundo_factor_posponer": ((), set(), 405),
    "sesiones_cerrar": ((), set(), 302),
    "sesion_cerrar": (("1",), set(), 302),
    "usersessions_list": ((), set(), 302),
    "account_reauthenticate": ((), TODOS, None),
    "account_email": ((), set(), 302),
    "account_email_verification_sent": ((), set(), 302),
    "account_confirm_email": (("x",), set(), 302),
    "falta_configurar": ((), {"gerente", "admin"}, 403),
    "salud": ((), TODOS, None),
    "salud_detalle": ((), set(), 404),
    "estado_del_sistema": ((), {"admin"}, 403),
    "registro_de_seguridad": ((), {"admin", "auditor"}, 404),
    "registro_exportar": ((), {"admin", "auditor"}, 404),
    "robots": ((), TODOS, None),
    "seguridad": ((), TODOS, None),
    "favicon": ((), set(), 302),
}  # fmt: skip
SIN_ENTRAR = {"salud", "robots", "seguridad"}
CALLADAS = {"borrador"}  # sent by a page by itself: nobody is led away from what they type
# A token, a letter's link, a calendar's address.
CON_SU_LLAVE = {"salud_detalle", "por_enlace", "por_enlace_acto", "calendario_suscrito"}


@pytest.fixture
def valores(mundo):
    caso = mundo.hasta(Estado.EN_ANALISIS)
    return {
        "folio": caso.folio,
        "cliente": caso.cliente_id,
        "contrato": caso.contrato_id,
        "persona": caso.persona_id,
        "usuario": mundo.p.ventas.pk,
        "opinion": caso.hechos.opiniones[0].pk,
        "aviso": Aviso.objects.filter(caso=caso).first().pk,
        "importacion": Importacion.objects.create(
            autor=mundo.p.gerente,
            tipo="clientes",
            estado="LISTA",
            leido={"titulos": [], "columnas": []},
        ).pk,
        "ayuda": "pendientes",
        "pk": 1,
        "muestra": (muestra := una_muestra(mundo.p, caso)).numero,
        "clausula": ClausulaISO.objects.first().pk,
        "hallazgo": un_hallazgo(mundo.p, caso, muestra).pk,
    }


def propias() -> set:
    """Names of the product's own addresses, from the resolver."""
    return {p.name for p in urlpatterns}


def test_la_tabla_nombra_todas_las_direcciones():
    assert propias() == set(TABLA)


@pytest.mark.parametrize("nombre", sorted(TABLA))
def test_cada_direccion_para_cada_persona(valores, personas, client, nombre):
    argumentos, entran, los_demas = TABLA[nombre]
    url = reverse(nombre, args=[valores.get(a, a) for a in argumentos])
    anonima = client.get(url)
    if nombre in SIN_ENTRAR:
        assert anonima.status_code == 200
    elif nombre in CALLADAS:
        assert anonima.status_code == 401
    elif nombre in CON_SU_LLAVE:
        assert anonima.status_code == 404
    else:
        assert anonima.status_code == 302
        adonde = "/static/img/iconos" if nombre == "favicon" else "/cuenta/login/?next="
        assert anonima.url.startswith(adonde)
    obtenido, esperado = {}, {}
    for quien in DE_CADA_CLASE:
        client.force_login(getattr(personas, quien))
        obtenido[quien] = client.get(url).status_code
        if quien in entran:
            esperado[quien] = 200
        elif isinstance(los_demas, dict):
            esperado[quien] = next(c for c, gente in los_demas.items() if quien in gente)
        else:
            esperado[quien] = los_demas
    assert obtenido == esperado


# -- accounts (the library's addresses under /cuenta/) --------------------------------------------

LOGIN, CASA = "/cuenta/login/", "/"
# name → (arguments, what an anonymous person gets, what everybody else gets). Text: a redirection.
CUENTAS = {
    "account_login": ((), 200, CASA),
    "account_logout": ((), CASA, 200),
    "account_inactive": ((), 200, 200),
    "account_signup": ((), 200, CASA),
    "account_reauthenticate": ((), LOGIN, 200),
    "account_email": ((), LOGIN, "/cuenta/"),
    "account_email_verification_sent": ((), LOGIN, "/cuenta/"),
    "account_confirm_email": (("x",), LOGIN, "/cuenta/"),
    "account_change_password": ((), LOGIN, 200),
    "account_set_password": ((), LOGIN, "/cuenta/password/change/"),
    "account_reset_password": ((), 200, 200),
    "account_reset_password_done": ((), 200, 200),
    "account_reset_password_from_key": (("1", "x"), 200, 200),
    "account_reset_password_from_key_done": ((), 200, 200),
    "account_confirm_login_code": ((), LOGIN, CASA),
    "usersessions_list": ((), LOGIN, "/cuenta/"),
    "mfa_index": ((), LOGIN, 200),
    "mfa_authenticate": ((), LOGIN, CASA),
    "mfa_reauthenticate": ((), LOGIN, "/cuenta/reauthenticate/"),
    "mfa_activate_totp": ((), LOGIN, "/cuenta/reauthenticate/"),
    "mfa_deactivate_totp": ((), LOGIN, 404),
    "mfa_view_recovery_codes": ((), LOGIN, 404),
    "mfa_generate_recovery_codes": ((), LOGIN, "/cuenta/reauthenticate/"),
    "mfa_download_recovery_codes": ((), LOGIN, 404),
}


def de_la_biblioteca(prefijo) -> set:
    """Names under ``prefijo`` in the root of the addresses."""
    [raiz] = [r for r in get_resolver().url_patterns if str(r.pattern) == prefijo]

    def recorrer(patrones):
        for p in patrones:
            yield from recorrer(p.url_patterns) if hasattr(p, "url_patterns") else [p.name]

    return set(recorrer(raiz.url_patterns)) - {None}


def respuesta_de(client, url):
    """The status, or the path it redirects to."""
    respuesta = client.get(url)
    if respuesta.status_code in (301, 302):
        return respuesta["Location"].partition("?")[0]
    return respuesta.status_code


def test_no_hay_mas_raices():
    assert [str(r.pattern) for r in get_resolver().url_patterns] == ["", "cuenta/", "admin/"]


def test_la_tabla_nombra_todas_las_paginas_de_cuenta():
    tapadas = propias() & de_la_biblioteca("cuenta/")
    assert de_la_biblioteca("cuenta/") - tapadas == set(CUENTAS) - tapadas


@pytest.mark.parametrize("nombre", CUENTAS)
def test_cada_pagina_de_cuenta_para_cada_persona(personas, client, nombre):
    argumentos, anonima, los_demas = CUENTAS[nombre]
    url = reverse(nombre, args=argumentos)
    assert respuesta_de(client, url) == anonima
    obtenido = {}
    for quien in DE_CADA_CLASE:
        client.force_login(getattr(personas, quien))
        obtenido[quien] = respuesta_de(client, url)
    assert obtenido == dict.fromkeys(DE_CADA_CLASE, los_demas)


# -- the panel -------------------------------------------------------------------------------------

A, G, JUR = {"admin"}, {"gerente", "admin"}, {"juridico"}
# model → who sees the list, who adds, whose is the row of the example (who opens and reads it).
DE_UNA = ("empresa", "configuracion")  # tables of one row: their list leads straight to it
MODELOS = {
    "ajuste": (AREAS | A, set(), JUR | A),
    "area": (G | AREAS, A, JUR | G),
    "aviso": (A, set(), A),
    "avisoprivacidad": (A, A, A),
    "caso": (G, set(), G),
    "plazodeconservacion": (A, A, A),
    "clausulaiso": ({"calidad", "admin"},) * 3,
    "cliente": (G, G, G),
    "comprobacion": (G, set(), G),
    "concepto": (G | AREAS, G, G | {"juridico", "finanzas"}),
    "configuracion": (G, set(), G),
    "contrato": (G, set(), G),
    "diainhabil": (G, G, G),
    "empresa": (G, set(), G),
    "evento": (A, set(), A),
    "membresia": (AREAS | A, AREAS | A, JUR | A),
    "motivo": (G | AREAS, G | AREAS, G | JUR),
    "opinion": (AREAS | A, set(), JUR | A),
    "personacontacto": (G, set(), G),
    "plazo": (G, set(), G),
    "revisioninstruccion": (A, set(), A),
    "satisfaccion": (G, set(), G),
    "sede": (G, G, G),
    "suplencia": (A, set(), A),
    "tiporequerimiento": (G, G, G),
    "usuario": (A, A, A),
}  # fmt: skip
AFUERA = {"/admin/login/", LOGIN, "/admin/"}  # who has nothing to do in the panel
SUELTAS = {  # name → (arguments, who gets 200, what the others of the panel get)
    "index": ((), PANEL, None),
    "app_list": (("casos",), PANEL, None),
    "login": ((), set(), "/admin/"),
    "logout": ((), set(), 405),
    "password_change": ((), (), "/cuenta/password/change/"),
    "password_change_done": ((), PANEL, None),
    "casos_empresa_logo": ((), set(), {"admin": 404, "gerente": 404} | dict.fromkeys(AREAS | {"calidad"}, 403)),
}  # fmt: skip


@pytest.fixture
def filas(mundo):
    """A row of each model; those of areas are Jurídico's."""
    ajustado = mundo.aceptar(mundo.hasta(Estado.EN_RESPUESTA), "JUR", "NOM")
    preguntado = mundo.analizar(mundo.hasta(Estado.EN_CONTACTO), "JUR")
    AvisoPrivacidad.objects.create(version="1", desde_fecha="2026-01-01", texto="Tratamos…")
    PlazoDeConservacion.objects.create(resultado="NO_VIABLE", meses=60)
    SuplenciaFactory(titular=mundo.p.ventas, suplente=mundo.p.ventas2)
    Sede.objects.create(nombre="Mérida")
    de_juridico = {
        "ajuste": {"area__codigo": "JUR", "caso": ajustado},
        "opinion": {"area__codigo": "JUR", "caso": preguntado},
        "area": {"codigo": "JUR"}, "membresia": {"area__codigo": "JUR"},
        "motivo": {"area__codigo": "JUR"}, "concepto": {"clave": "tarifa"},
    }  # fmt: skip
    return {
        m._meta.model_name: m.objects.filter(**de_juridico.get(m._meta.model_name, {})).first().pk
        for m in admin.site._registry
    }


def test_la_tabla_nombra_todas_las_paginas_del_panel():
    assert {m._meta.model_name for m in admin.site._registry} == set(MODELOS)
    actos = ("changelist", "add", "change", "history", "delete")
    de_modelos = {f"casos_{m}_{a}" for m in MODELOS for a in actos}
    assert de_la_biblioteca("admin/") == de_modelos | set(SUELTAS)


@pytest.mark.parametrize("quien", [None, *DE_CADA_CLASE])
def test_el_panel_de_un_modelo_para_cada_persona(personas, filas, client, quien):
    if quien:
        client.force_login(getattr(personas, quien))
    negado = {403, "/admin/"} if quien in PANEL else AFUERA
    mal = []
    for modelo, (lista, agrega, suya) in MODELOS.items():
        paginas = {
            "changelist": lista,
            "add": agrega,
            "change": suya,
            "history": suya,
            "delete": suya if modelo == "diainhabil" else set(),
        }
        for pagina, entran in paginas.items():
            args = [filas[modelo]] if pagina in ("change", "history", "delete") else []
            obtenido = respuesta_de(client, reverse(f"admin:casos_{modelo}_{pagina}", args=args))
            bien = 200
            if pagina == "changelist" and modelo in DE_UNA:  # there is one: straight to it
                bien = reverse(f"admin:casos_{modelo}_change", args=[filas[modelo]])
            if obtenido != bien if quien in entran else obtenido not in negado:
                mal.append((modelo, pagina, obtenido))
    assert mal == []


@pytest.mark.parametrize("quien", [None, *DE_CADA_CLASE])
def test_lo_demas_del_panel_para_cada_persona(personas, filas, client, quien):
    if quien:
        client.force_login(getattr(personas, quien))
    mal = []
    for nombre, (argumentos, entran, los_demas) in SUELTAS.items():
        url = reverse(f"admin:{nombre}", args=[filas.get(a, a) for a in argumentos])
        obtenido = respuesta_de(client, url)
        if quien not in PANEL:
            bien = {403} if quien and nombre == "login" else AFUERA
        elif quien in entran:
            bien = {200}
        else:
            bien = {los_demas.get(quien, 404) if isinstance(los_demas, dict) else los_demas}
        if obtenido not in bien:
            mal.append((nombre, obtenido))
    assert mal == []
