"""The budgets under "The screens": weight, requests and own JavaScript of a first visit, no foreign
host and no web font; five cases on a phone; the main action near the start of the keyboard's way.

The test server sends static files as they lie on the disk; in production WhiteNoise sends them as
``collectstatic`` compressed them and lets the browser keep them, so each is counted once and as its
gzip (seen in gunicorn's log: the sprite that is also the page's icon is asked for once). Pages are
counted as they really came, compressed or not: nothing stands between gunicorn and the browser.
"""

import gzip

import pytest
from django.db import transaction

from casos.catalogos import Estado
from casos.models import Area
from tests.guion import un_contrato

from . import mundo as m
from .gente import ESCRITORIO, TELEFONO, Persona
from .test_accesibilidad import sesion

pytestmark = pytest.mark.navegador

KB = 1024
PESO, PETICIONES, JS_PROPIO, PARADAS = 45 * KB, 6, 10 * KB, 15


def sin_cache(persona: Persona) -> Persona:
    """On a phone, and every visit is the first: what is routed is asked for, kept or not."""
    persona.pagina.set_viewport_size(TELEFONO)
    persona.pagina.route("**/*", lambda peticion: peticion.continue_())
    return persona


def primera_visita(persona: Persona, ruta):
    """Open ``ruta`` with nothing kept; what was asked for, and what it weighed."""
    pagina, hechas, pedidas = persona.pagina, [], []
    oyentes = {
        "request": lambda p: pedidas.append(p),
        "requestfinished": lambda p: hechas.append(p),
    }
    for suceso, oyente in oyentes.items():
        pagina.on(suceso, oyente)
    pagina.goto(ruta)
    while len(hechas) < len(pedidas):
        pagina.wait_for_timeout(5)
    for suceso, oyente in oyentes.items():
        pagina.remove_listener(suceso, oyente)
    assert "/login/" not in pagina.url or ruta in pagina.url, f"{ruta} mandó a entrar"
    archivos = []
    for peticion in {p.url: p for p in hechas}.values():
        respuesta, talla = peticion.response(), peticion.sizes()
        cuerpo = respuesta.body()
        if "/static/" in peticion.url:
            peso = len(gzip.compress(cuerpo, 9))
        else:
            peso = talla["responseBodySize"]
        archivos.append((peticion, cuerpo, peso + talla["responseHeadersSize"]))
    return archivos


def excesos(escena, ruta, persona) -> list[str]:
    archivos = primera_visita(persona, ruta)
    pedidas = [p for p, _, _ in archivos]
    peso = sum(p for _, _, p in archivos)
    propio = sum(
        len(cuerpo)
        for peticion, cuerpo, _ in archivos
        if peticion.resource_type == "script" and "htmx" not in peticion.url
    )
    detalle = ", ".join(f"{p.url.rsplit('/', 1)[-1] or 'página'} {n}" for p, _, n in archivos)
    malo = []
    if peso > PESO:
        malo.append(f"pesa {peso / KB:.1f} KB ({detalle})")
    if len(pedidas) > PETICIONES:
        malo.append(f"{len(pedidas)} peticiones ({detalle})")
    if propio > JS_PROPIO:
        malo.append(f"{propio} bytes de JavaScript propio")
    malo += [f"pide a otro servidor: {p.url}" for p in pedidas if not p.url.startswith(escena.url)]
    malo += [f"trae una letra: {p.url}" for p in pedidas if p.resource_type == "font"]
    malo += [
        f"declara una letra: {p.url}"
        for p, cuerpo, _ in archivos
        if p.resource_type == "stylesheet" and b"@font-face" in cuerpo
    ]
    return [f"{ruta}: {x}" for x in malo]


def test_lo_que_pesa_una_primera_visita(escena):
    mundo = m.construir(escena.guion)
    nadie = sin_cache(escena.persona())
    ventas, gerente = sin_cache(sesion(escena, "ventas")), sin_cache(sesion(escena, "gerente"))
    admin = sin_cache(sesion(escena, "admin"))
    caso = mundo.casos["EN_CONTACTO"].get_absolute_url()
    malo = [
        e for r in ("/cuenta/login/", "/cuenta/password/reset/") for e in excesos(escena, r, nadie)
    ]
    pasos = [f"{caso}analizar/", f"{caso}registrar_contacto/"]
    for ruta in [*m.de_casos(mundo), *m.casos_de_cada_estado(mundo), "/cuenta/", *pasos]:
        malo += excesos(escena, ruta, ventas)
    for ruta in ("/", "/casos/", "/configurar/", "/clientes/importar/", m.TABLERO, "/equipo/?de=0"):
        malo += excesos(escena, ruta, gerente)
    # Of the panel, those that weigh most; tests/test_admin.py reads what every other page asks for.
    for ruta in (
        "/admin/",
        "/admin/casos/evento/",
        m.ruta("admin:casos_area_change", Area.objects.first().pk),
    ):
        malo += excesos(escena, ruta, admin)
    assert not malo, "\n".join(malo)


def test_lo_que_pesa_lo_de_los_datos_personales(escena):
    registros = m.con_registros(escena.guion)
    direccion = sin_cache(sesion(escena, "direccion"))
    malo = [e for ruta in m.de_privacidad(registros)[::4] for e in excesos(escena, ruta, direccion)]
    assert not malo, "\n".join(malo)


# Rows with nothing over them, from their first pixels to their last.
ENTERAS = """() => [...document.querySelectorAll(".casos tbody tr")].filter((fila) => {
  const r = fila.getBoundingClientRect();
  return r.height && [r.top + 3, r.bottom - 3].every((y) => {
    const e = document.elementFromPoint(innerWidth / 2, y);
    return e && fila.contains(e);
  });
}).length"""


def test_cinco_casos_caben_en_un_telefono(escena):
    for n in range(8):
        with transaction.atomic():
            contrato = un_contrato(f"CT-{n}")
        escena.guion.registrar(contrato=contrato)
    for nombre in ("ventas", "gerente"):
        persona = sesion(escena, nombre)
        persona.pagina.set_viewport_size(TELEFONO)
        persona.pagina.goto("/casos/")
        caben = persona.pagina.evaluate(ENTERAS)
        assert caben >= 5, f"{nombre} ve {caben} casos"


def paradas(pagina, meta: str) -> int:
    """How many presses of Tab from the start of the page to something in ``meta``."""
    for n in range(60):  # at 0 the page itself has put the focus there
        if pagina.evaluate("(meta) => !!document.activeElement.closest(meta)", meta):
            return n
        pagina.keyboard.press("Tab")
    return 99


def test_lo_principal_esta_cerca_con_el_teclado(escena):
    """The main action: the answer's first field or button where the next step's form stands."""
    donde = (
        Estado.EN_CONTACTO,
        Estado.POR_DECIDIR,
        Estado.EN_PROPUESTA,
        Estado.EN_RESPUESTA,
    )
    with transaction.atomic():
        casos = [escena.guion.hasta(estado) for estado in donde]
        casos.append(m.por_cerrar(escena.guion))
    ventas = sesion(escena, "ventas")
    metas = {
        "/": "main a.caso__enlace",
        "/casos/": "[href='/casos/nuevo/']",
        "/casos/nuevo/": "#buscar-cliente",
        "/clientes/": "main [name=q]",
        "/cuenta/": "main form",
    } | {
        caso.get_absolute_url(): "#siguiente :is(input, select, textarea, button, .boton)"
        for caso in casos
    }
    lejos = []
    for tamano in (TELEFONO, ESCRITORIO):
        ventas.pagina.set_viewport_size(tamano)
        for ruta, meta in metas.items():
            ventas.pagina.goto(ruta)
            n = paradas(ventas.pagina, meta)
            if n > PARADAS:
                lejos.append(f"{ruta} a {tamano['width']} px: {n}")
    assert not lejos, "\n".join(lejos)
