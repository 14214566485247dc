"""A gerente's Monday, from the morning's letter to the workbook; and the keys."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect

from casos.catalogos import Estado
from casos.models import Caso
from tests.factories import CasoFactory

from .gente import cuerpo
from .movimientos import Movimientos, segun_el_manual

pytestmark = pytest.mark.navegador


def test_el_lunes_de_gerencia(escena, ventana):
    """The letter leads in; the tablero's Pareto to the cases; they change hands; the workbook comes."""
    g, hoy = escena.guion, timezone.localdate()
    with transaction.atomic():
        rechazado = g.rechazar(g.hasta(Estado.EN_RESPUESTA))
        sueltos = CasoFactory.create_batch(3, vence=hoy - timedelta(days=1))
        CasoFactory(estado=Estado.EN_CONTACTO, responsable=g.p.ventas2, vence=hoy)
    escena.amanece()
    carta = escena.correo("gerente", "Tu resumen de hoy")
    [enlace] = re.findall(rf"https?://\S+{sueltos[0].folio}/asignar/", cuerpo(carta))
    ventana.turno_de("gerente", enlace).lee(sueltos[0].folio)
    pagina = ventana.pagina
    # The week: who is behind, and what the refusals are about.
    ventana.abrir("/").lee("Hoy").no_lee("Estás al día")
    pagina.get_by_role("link", name="Tablero").first.click()
    ventana.lee("Motivos del cliente")
    pareto = pagina.locator("#motivos_cliente")
    with pagina.expect_navigation():
        pareto.locator("td.cifra a").first.click()
    ventana.lee(rechazado.folio)
    # Last year's refusal is found as one remembers it: by the client, with its motive and its day.
    busca = Movimientos(pagina)
    caja = pagina.get_by_label("Buscar casos")
    busca.llena(caja, str(rechazado.cliente)).presiona(caja, "Enter", lleva=True)
    fila = pagina.locator("main tbody tr").filter(has_text=rechazado.folio)
    expect(fila).to_contain_text("Terminó")
    expect(fila).to_contain_text(str(Caso.objects.get(pk=rechazado.pk).motivo_principal))
    de_buscar = segun_el_manual("hallar por qué un cliente dijo que no el año pasado")
    assert busca.total == de_buscar <= 3, str(busca)
    # Three cases change hands.
    ventana.abrir("/casos/?estado=ABIERTOS&responsable=0")
    reasigna = Movimientos(pagina)
    for caso in sueltos:
        reasigna.presiona(pagina.get_by_label(f"Elegir {caso.folio}"))
    reasigna.llena(pagina.get_by_label("Asignar a", exact=True), str(g.p.ventas))
    reasigna.presiona(pagina.get_by_role("button", name="Asignar responsable"), lleva=True)
    ventana.lee("3 casos quedaron asignados")
    de_pasar = segun_el_manual("pasar tres casos a otra persona")
    assert reasigna.total == de_pasar <= 6, str(reasigna)
    assert Caso.objects.filter(responsable=g.p.ventas, pk__in=[c.pk for c in sueltos]).count() == 3
    # They are in the team's figures, in place, and in the workbook.
    ventana.abrir("/equipo/")
    de_ventas = pagina.locator("tr").filter(has_text=str(g.p.ventas)).first
    de_ventas.get_by_role("link", name="Reasignar").click()
    expect(pagina.locator("#t-reasignar")).to_be_focused()
    for caso in sueltos:
        expect(pagina.locator("#reasignar")).to_contain_text(caso.folio)
    ventana.abrir(f"/casos/?estado=ABIERTOS&responsable={g.p.ventas.pk}")
    with pagina.expect_download() as bajada:
        pagina.get_by_role("link", name="Descargar Excel").click()
    assert bajada.value.suggested_filename == f"casos-{hoy}.xlsx"


def test_las_teclas_acortan_y_se_apagan(escena, ventana):
    """They move and open; they are nothing while one types, after a swap they still work, and they can be off."""
    with transaction.atomic():
        primero, segundo = CasoFactory.create_batch(2)
    pagina, teclado = ventana.turno_de("gerente", "/casos/").pagina, ventana.pagina.keyboard
    enlaces = pagina.locator("main tbody a.caso__enlace")
    for tecla, cual in (("j", 0), ("j", 1), ("j", 1), ("k", 0)):
        teclado.press(tecla)
        expect(enlaces.nth(cual)).to_be_focused()
    teclado.press("/")
    expect(pagina.locator("#buscar")).to_be_focused()
    teclado.type("jn?/k")
    assert pagina.locator("#buscar").input_value() == "jn?/k"
    assert pagina.locator("dialog").count() == 0
    # What htmx brought is gone through like the rest.
    pagina.goto("/equipo/")
    pagina.get_by_role("link", name="Asignar los casos sin asignar").click()
    expect(pagina.locator("#t-reasignar")).to_be_focused()
    filas = pagina.locator("main tbody tr")
    teclado.press("j")
    de_alguien = pagina.locator("#reasignar tbody tr").first.locator("a").first
    expect(de_alguien).to_be_focused()
    assert filas.count() > 2
    # The list of keys: a dialog that takes the focus, and gives it back when Escape closes it.
    teclado.press("?")
    cuadro = pagina.get_by_role("dialog", name="Teclas rápidas")
    expect(cuadro).to_be_visible()
    teclado.press("n")
    expect(cuadro).to_be_visible()
    teclado.press("Escape")
    expect(cuadro).not_to_be_attached()
    expect(de_alguien).to_be_focused()
    with pagina.expect_navigation():
        teclado.press("Enter")
    assert "/casos/SV-" in pagina.url
    with pagina.expect_navigation():
        teclado.press("n")
    assert pagina.url.endswith("/casos/nuevo/")
    # Off.
    ventana.abrir("/cuenta/teclas/")
    pagina.get_by_label("Usar las teclas rápidas").uncheck()
    ventana.envia("Guardar teclas", "ya no funcionan")
    ventana.abrir("/casos/")
    teclado.press("j")
    teclado.press("?")
    pagina.wait_for_timeout(200)
    assert pagina.evaluate("document.activeElement === document.body")
    assert pagina.locator("dialog").count() == 0
    assert {primero.folio, segundo.folio} <= set(pagina.locator("main").inner_text().split())
