"""What htmx puts in place, and what does not arrive: ids of its own, the focus where reading goes on,
one live region that says what changed, a bar for what got no answer, nothing typed lost.

One person's page for each family of swaps: they are cheap because little is loaded.
"""

import pytest
from django.db import transaction
from playwright.sync_api import TimeoutError as NoLlego
from playwright.sync_api import expect

from casos.clientes import altas
from tests.factories import CasoFactory

from .gente import TELEFONO
from .test_accesibilidad import REPETIDOS, decir, revisar, sesion

pytestmark = pytest.mark.navegador

FOCO = "() => document.activeElement.id || document.activeElement.tagName"
NODOS = 845  # the call of each row (four, with its place); gerencia's navigation has two things more, Mi equipo and Tablero; what is done with several rows, two acts


def tras_el_cambio(persona, dice, foco) -> list[str]:
    """What is wrong after a swap that must say ``dice`` and leave the focus in ``foco``."""
    pagina = persona.pagina
    expect(pagina.locator("#voz")).to_have_text(dice)
    malo = []
    en_el_foco = "(foco) => document.activeElement.matches(foco)"
    try:
        pagina.wait_for_function(en_el_foco, arg=foco, timeout=20_000)
    except NoLlego:
        malo.append(f"{dice}: el foco quedó en {pagina.evaluate(FOCO)}, no en {foco}")
    malo += [f"{dice}: id repetido {i}" for i in pagina.evaluate(REPETIDOS)]
    return malo


def test_la_lista_sus_filtros_y_los_elegidos(escena):
    with transaction.atomic():
        CasoFactory.create_batch(26)
    gerente = sesion(escena, "gerente")
    pagina, malo = gerente.pagina, []
    for ruta in ("/", "/clientes/", "/avisos/", "/casos/"):
        pagina.goto(ruta)
        nodos = pagina.evaluate("document.querySelectorAll('*').length")
        malo += [f"{ruta} tiene {nodos} nodos"] if nodos > NODOS else []
    pagina.locator("a.plegado__abre").press("Enter")
    expect(pagina.locator("#filtros[open]")).to_be_visible()
    expect(pagina.locator("#filtros :focus")).to_be_visible()
    pagina.locator("#filtros [name=desde]").fill("2001-01-01")
    pagina.locator("#filtros button[type=submit]").first.press("Enter")
    malo += tras_el_cambio(gerente, "25 de 26 casos", "[data-foco]")
    expect(pagina.locator("#filtros[open]")).to_be_visible()  # it does not fold itself
    assert "desde=2001-01-01" in pagina.url and "filtros" not in pagina.url
    malo += revisar(gerente)
    # what is done with several rows is over the list, when one is ticked
    mando = pagina.locator("[data-elegidos]")
    expect(mando).to_be_hidden()
    pagina.locator("[name=caso]").first.check()
    malo += tras_el_cambio(gerente, "1 elegido", "[name=caso]")
    expect(mando).to_contain_text("1 elegido")
    pagina.get_by_label("Todos", exact=True).check()
    malo += tras_el_cambio(gerente, "25 elegidos", "[data-todos]")
    assert mando.bounding_box()["y"] < pagina.locator("table.casos").bounding_box()["y"]
    malo += revisar(gerente)
    # nobody chosen: said in our words, and what was ticked stays
    with pagina.expect_navigation():
        mando.get_by_role("button", name="Asignar responsable").click()
    expect(mando.locator(".errorlist")).to_have_text("Elige a quién se los asignas.")
    assert pagina.locator("[name=caso]:checked").count() == 25
    malo += revisar(gerente)
    decir(malo)


def test_sin_respuesta_se_dice_y_se_intenta_de_nuevo(escena):
    """The network is down, the server fails, or it takes too long: nothing typed is lost."""
    for n in range(2):
        altas.crear_cliente(razon_social=f"Aceros {n}")
    ventas = sesion(escena, "ventas")
    pagina, barra = ventas.pagina, ventas.pagina.locator("#sin-red")
    pagina.goto("/clientes/")
    expect(barra).to_be_hidden()
    malo = []
    for como in (lambda r: r.abort(), lambda r: r.fulfill(status=503, body="")):
        pagina.route("**/clientes/?q=*", como)
        pagina.locator("#id_q").fill("Aceros")
        expect(barra).to_be_visible()
        malo += tras_el_cambio(ventas, barra.locator("p").first.inner_text(), "#id_q")
        assert pagina.locator("#id_q").input_value() == "Aceros"
        pagina.unroute("**/clientes/?q=*")
        barra.get_by_role("button", name="Intentar de nuevo").click()
        expect(pagina.locator("#voz")).to_have_text("2 clientes")
        expect(barra).to_be_hidden()
        pagina.goto("/clientes/")
    # a form that is sent without network stays as it is
    pagina.goto("/clientes/nuevo/")
    pagina.locator("[name=razon_social]").fill("Nueva, S.A.")
    ventas.contexto.set_offline(True)
    pagina.get_by_role("button", name="Guardar").click()
    expect(barra).to_be_visible()
    malo += revisar(ventas)
    ventas.contexto.set_offline(False)
    with pagina.expect_navigation():
        barra.get_by_role("button", name="Intentar de nuevo").click()
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Nueva, S.A.")
    ventas.consola.clear()  # the browser itself complains of what failed
    decir(malo)


def test_lo_que_se_busca_al_escribir_y_lo_que_se_abre(escena):
    caso = escena.guion.analizar(escena.guion.contactar(escena.guion.registrar()), "FIN")
    for n in range(2):
        altas.crear_cliente(razon_social=f"Bodegas {n}", rfc=f"BOD98031{n}QX4")
    ventas = sesion(escena, "ventas")
    pagina = ventas.pagina
    pagina.goto("/clientes/")
    pagina.locator("#id_q").press_sequentially("bodegas")
    malo = tras_el_cambio(ventas, "2 clientes", "#id_q")
    expect(pagina.locator("#clientes tbody tr")).to_have_count(2)
    pagina.wait_for_url("**/clientes/?*q=bodegas*")
    malo += revisar(ventas)
    pagina.goto("/casos/nuevo/")
    pagina.locator("#buscar-cliente").press_sequentially("bode")
    malo += tras_el_cambio(ventas, "2 clientes parecidos", "#buscar-cliente")
    pagina.goto(caso.get_absolute_url())
    ficha = pagina.locator("#ver-contactos")
    ficha.press("Enter")
    malo += tras_el_cambio(ventas, "Historia: contactos", "#ver-contactos")
    malo += revisar(ventas)
    finanzas = sesion(escena, "finanzas")
    finanzas.pagina.goto("/")
    abre = finanzas.pagina.locator("a[data-hx-get*='/opinar/']").first
    assert abre.get_attribute("aria-expanded") == "false"
    abre.click()
    dentro = "form.formulario :is(input, select, textarea)"
    malo += tras_el_cambio(finanzas, abre.inner_text(), dentro)
    expect(abre).to_have_attribute("aria-expanded", "true")
    decir(malo)


def test_con_poca_altura_nada_se_queda_encima(escena):
    """400 % on a desktop, a telephone on its side: no bar over the page, and it begins at its heading."""
    ventas = sesion(escena, "ventas")
    pagina = ventas.pagina
    pagina.set_viewport_size({"width": 320, "height": 256})
    pagina.goto("/casos/nuevo/")
    fijas = """() => [...document.querySelectorAll("body *")].filter((e) =>
      ["fixed", "sticky"].includes(getComputedStyle(e).position) && e.checkVisibility()
    ).map((e) => e.className)"""
    assert pagina.evaluate(fijas) == []
    assert pagina.evaluate("scrollY") == 0 and pagina.evaluate(FOCO) == "BODY"
    pagina.set_viewport_size(TELEFONO)
    pagina.goto("/casos/nuevo/")
    assert pagina.evaluate(FOCO) == "buscar-cliente"
