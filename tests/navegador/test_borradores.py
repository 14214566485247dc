"""A draft typed on one device found on another, gone once sent; what could not be kept says so."""

import pytest
from playwright.sync_api import expect

from casos.catalogos import Estado
from casos.models import Borrador

from .gente import TELEFONO, Persona
from .test_accesibilidad import sesion

pytestmark = pytest.mark.navegador
ESCRITO = "Quiere dos turnos más."


def test_lo_que_se_escribe_en_un_equipo_sigue_en_otro(escena):
    caso = escena.guion.hasta(Estado.EN_CONTACTO)
    ruta = f"{caso.get_absolute_url()}registrar_contacto/"
    equipo = Persona(escena.navegador, escena.url, "ventas").con_sesion()
    una, otra = equipo.pagina, sesion(escena, "ventas").pagina
    ajena = sesion(escena, "ventas2").pagina
    una.goto(ruta)
    una.get_by_label("Qué se habló").fill(ESCRITO)
    expect(una.locator(".borrador")).to_contain_text("Borrador guardado")
    expect(una.locator("#voz")).to_have_text("Borrador guardado")
    assert una.get_by_label("Qué se habló").evaluate("e => e === document.activeElement")
    # The page crashed: nobody is asked, and nothing is lost.
    una.context.close()
    otra.set_viewport_size(TELEFONO)
    otra.goto(ruta)
    expect(otra.get_by_label("Qué se habló")).to_have_value(ESCRITO)
    expect(otra.get_by_text("Recuperamos lo que habías escrito")).to_be_visible()
    ajena.goto("/casos/nuevo/")
    assert "Recuperamos" not in ajena.content()
    otra.get_by_text("Teléfono", exact=True).click()
    otra.get_by_role("button", name="Registrar contacto").last.click()
    expect(otra.locator("body")).to_contain_text("Listo")
    assert not Borrador.objects.exclude(datos={}).exists()
    otra.goto(ruta)
    expect(otra.get_by_label("Qué se habló")).to_have_value("")


def test_en_el_renglon_tambien_y_si_no_se_pudo_lo_dice(escena):
    caso = escena.guion.hasta(Estado.EN_CONTACTO)
    persona = sesion(escena, "ventas")
    pagina = persona.pagina
    pagina.goto("/casos/")
    renglon = pagina.locator(f"#fila-lista-{caso.pk}")
    renglon.get_by_role("button", name="Registrar llamada").click()
    campo = renglon.get_by_label("Qué se habló")
    campo.press_sequentially(ESCRITO)
    expect(renglon.locator(".borrador")).to_contain_text("Borrador guardado")
    pagina.route("**/borrador/**", lambda ruta: ruta.abort())
    campo.press_sequentially(" Y uno de noche.")
    expect(renglon.locator(".borrador")).to_contain_text("Sin guardar")
    expect(pagina.locator("#sin-red")).to_be_hidden()
    assert pagina.url.endswith("/casos/") and campo.evaluate("e => e === document.activeElement")
    pagina.unroute("**/borrador/**")
    pagina.route("**/borrador/**", lambda ruta: ruta.fulfill(status=404))
    campo.press_sequentially(".")
    expect(renglon.locator(".borrador")).to_contain_text("Sin guardar")
    assert pagina.url.endswith("/casos/")
    renglon.get_by_role("button", name="Contestó", exact=True).click()
    expect(renglon.locator(".caso__recien")).to_contain_text("Contestó")
    renglon.get_by_role("button", name="Registrar llamada").click()
    expect(renglon.get_by_label("Qué se habló")).to_have_value("")
