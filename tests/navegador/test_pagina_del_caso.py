"""The case page on the two screens it is made for: how long it is, what its first screen says, and
where reading goes on when more of its history comes.

Heights are of this machine's letter, which is wide; other machines' pages are shorter.
"""

import io
from types import SimpleNamespace

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from casos.catalogos import Estado
from casos.models import PersonaContacto
from tests.escenarios import con_muchas_notas, engrosar

from . import mundo as m
from .gente import ESCRITORIO, TELEFONO, desbordes
from .test_accesibilidad import decir, sesion

pytestmark = pytest.mark.navegador

LARGO = {ESCRITORIO["width"]: 2_400, TELEFONO["width"]: 4_000}
NODOS = 740  # with Ayuda in both menus, the call in its head, its documents in PDF
# Where the first thing of a kind is, whole and with nothing over it; ``None`` if it is not so.
A_LA_VISTA = """(sel) => [...document.querySelectorAll(sel)].some((e) => {
  const r = e.getBoundingClientRect();
  if (!r.height || r.top < 0 || r.bottom > innerHeight) return false;
  return [r.top + 3, r.bottom - 3].every((y) => {
    const encima = document.elementFromPoint(r.left + r.width / 2, y);
    return encima && (e.contains(encima) || encima.contains(e));
  });
})"""
ALTO = "sel => document.querySelector(sel).getBoundingClientRect().height"


@pytest.fixture
def caso(escena):
    """A case in each step, by its responsible, with a telephone."""
    mundo = m.construir(escena.guion)
    PersonaContacto.objects.update(telefono="+528183452210")
    for estado in (Estado.POR_DECIDIR, Estado.EN_PROPUESTA, Estado.EN_RESPUESTA):
        engrosar(mundo.casos[estado], 2)
    con_muchas_notas(mundo.casos[Estado.EN_RESPUESTA], 60)
    abiertos = {
        e: c
        for e, c in mundo.casos.items()
        if c.es_abierto and c.responsable_id == mundo.p.ventas.pk
    }
    return SimpleNamespace(
        abiertos=abiertos,
        no_puede=mundo.casos["no puede"],
        largo=mundo.casos[Estado.EN_RESPUESTA],
    )


def test_la_pagina_de_un_caso_abierto_cabe_en_su_largo(escena, caso):
    ventas, malo = sesion(escena, "ventas"), []
    for tamano in (ESCRITORIO, TELEFONO):
        ventas.pagina.set_viewport_size(tamano)
        for nombre, abierto in caso.abiertos.items():
            ventas.pagina.goto(abierto.get_absolute_url())
            alto, nodos = ventas.pagina.evaluate(
                "[document.documentElement.scrollHeight, document.querySelectorAll('*').length]"
            )
            if alto > LARGO[tamano["width"]] or nodos > NODOS:
                malo.append(f"{nombre} a {tamano['width']}: {alto} px, {nodos} nodos")
    decir(malo)


def test_la_primera_pantalla_dice_quien_pide_que_donde_va_y_que_toca(escena, caso):
    """On a phone the telephone and the move are under the thumb, on a desktop the move is there."""
    ventas, malo = sesion(escena, "ventas"), []
    ventas.pagina.set_viewport_size(TELEFONO)
    for nombre, abierto in caso.abiertos.items():
        ventas.pagina.goto(abierto.get_absolute_url())
        for que in (
            "h1",
            ".caso-pide",
            "main a[href='tel:+528183452210']",
            ".camino__ahora, .no-se-puede h2",
        ):
            if not ventas.pagina.evaluate(A_LA_VISTA, que):
                malo.append(f"{nombre} en un teléfono: no se ve {que}")
        jugada = ".te-toca a, #t-siguiente, .no-se-puede a.boton"
        if not ventas.pagina.evaluate(A_LA_VISTA, jugada):
            malo.append(f"{nombre} en un teléfono: no se ve lo que toca")
    ventas.pagina.set_viewport_size(ESCRITORIO)
    for nombre, abierto in caso.abiertos.items():
        ventas.pagina.goto(abierto.get_absolute_url())
        if ventas.pagina.evaluate(ALTO, ".donde") > 160:
            malo.append(f"{nombre}: el camino mide {ventas.pagina.evaluate(ALTO, '.donde')}")
        if not ventas.pagina.evaluate(A_LA_VISTA, "#t-siguiente, .no-se-puede a.boton"):
            malo.append(f"{nombre} en un escritorio: no se ve lo que toca")
    decir(malo)


def test_nada_se_sale_a_320_ni_se_pega_en_una_pantalla_baja(escena, caso):
    ventas, malo = sesion(escena, "ventas"), []
    for abierto in caso.abiertos.values():
        ventas.pagina.set_viewport_size(TELEFONO)
        ventas.pagina.goto(abierto.get_absolute_url())
        malo += desbordes(ventas.pagina, 320)
    # 400 % of a desktop's window, or a phone on its side
    ventas.pagina.set_viewport_size({"width": 640, "height": 360})
    ventas.pagina.goto(caso.largo.get_absolute_url())
    pegado = ventas.pagina.evaluate(
        """() => [...document.querySelectorAll("main *, .navegacion")].filter((e) =>
          ["sticky", "fixed"].includes(getComputedStyle(e).position)).map((e) => e.className)"""
    )
    malo += [f"se pega: {p}" for p in pegado]
    decir(malo)


@pytest.fixture
def largo(escena):
    """A case with two more of everything behind it, and sixty notes."""
    return con_muchas_notas(engrosar(escena.guion.hasta(Estado.EN_RESPUESTA), 2), 60)


@pytest.fixture
def por_presentar(escena):
    return escena.guion.hasta(Estado.EN_PROPUESTA)


def test_lo_anterior_se_agrega_y_se_dice(escena, largo):
    """The first of the new lines has the focus, a live region says how many, and the rest stays."""
    ventas = sesion(escena, "ventas")
    pagina = ventas.pagina
    pagina.goto(largo.get_absolute_url())
    renglones = pagina.locator("#historia .linea > li")
    expect(renglones).to_have_count(5)
    pagina.get_by_role("link", name="Ver anteriores").press("Enter")
    expect(renglones.nth(5)).to_be_focused()
    expect(renglones).to_have_count(25)
    expect(pagina.locator("#voz")).to_have_text("20 renglones más")
    pagina.get_by_role("link", name="Ver anteriores").press("Enter")
    expect(renglones.nth(25)).to_be_focused()


def test_el_formulario_largo_se_abre_donde_esta_su_boton(escena, por_presentar):
    """Its first field has the focus, and the sheet does not stand twice."""
    ventas = sesion(escena, "ventas")
    pagina = ventas.pagina
    pagina.goto(por_presentar.get_absolute_url())
    assert pagina.locator("#hoja table").is_visible()
    pagina.get_by_role("button", name="Registrar presentación").press("Enter")
    pagina.locator("#aqui-siguiente form").wait_for()
    expect(pagina.locator("#aqui-siguiente form :focus")).to_be_visible()
    expect(pagina.locator("#aqui-siguiente .hoja").first).to_be_visible()
    expect(pagina.locator("#hoja table")).to_be_hidden()


def test_sin_javascript_la_pagina_lleva_a_todo(escena, largo, por_presentar):
    ventas = escena.persona("ventas", javascript=False)
    ventas.entrar()
    pagina = ventas.pagina
    pagina.goto(largo.get_absolute_url())
    pagina.get_by_role("link", name="Ver anteriores").click()
    expect(pagina.locator("#historia .linea > li")).to_have_count(20)
    pagina.goto(por_presentar.get_absolute_url())
    pagina.locator("#siguiente").get_by_role("link", name="Registrar presentación").click()
    pagina.wait_for_url("**/presentar/")
    expect(pagina.locator("form.formulario")).to_be_visible()


def test_cada_hoja_impresa_dice_codigo_revision_quien_cuando_y_pagina(escena, caso):
    """§10: of the case with all its history, and of its eight points."""
    ventas, malo = sesion(escena, "ventas"), []
    suyo = caso.largo.get_absolute_url()
    hoy = f"{timezone.localdate():%d/%m/%Y}"
    dichos = [
        "IT-AC-VTA-VTAS-21 rev. 3",
        caso.largo.folio,
        f"Impreso el {hoy}",
        f"por {caso.largo.responsable}",
    ]
    for ruta in (f"{suyo}?todo=1", f"{suyo}puntos/"):
        ventas.ir(ruta)
        hojas = PdfReader(io.BytesIO(ventas.pagina.pdf(prefer_css_page_size=True))).pages
        assert len(hojas) > 1, ruta
        for n, hoja in enumerate(hojas, 1):
            dice = " ".join(hoja.extract_text().split())
            faltan = [d for d in [*dichos, f"Página {n} de {len(hojas)}"] if d not in dice]
            malo += [f"{ruta}, hoja {n}: {faltan}"] if faltan else []
    decir(malo)
