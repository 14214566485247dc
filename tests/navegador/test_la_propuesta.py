"""The proposal in writing: seen before it is presented, and what a counter-offer changed since the -P1 (7.5, 7.6)."""

import pytest

from casos.correo import envio
from casos.models import Impreso
from tests.guion import en_dias, fresco

pytestmark = pytest.mark.navegador


def test_una_contraoferta_dice_que_cambio_y_se_ve_en_pdf_antes_de_presentarla(escena, ventana):
    g = escena.guion
    caso = g.presentar(g.hasta("EN_PROPUESTA"), propuesto_tarifa="14800")
    ruta = caso.get_absolute_url()
    ventana.turno_de("ventas", f"{ruta}contraofertar/")
    pagina = ventana.pagina
    ventana.pone("Qué pide el cliente", "Pide 14,600 pesos.")
    pagina.locator("[name=solicitado_tarifa]").fill("14600")
    ventana.envia("Registrar contraoferta")
    assert fresco(caso).estado == "EN_PROPUESTA"

    ventana.abrir(f"{ruta}presentar/").lee("Qué cambia respecto de la -P1")
    ventana.lee("$14,800.00 MXN → $14,600.00 MXN")
    pagina.get_by_label("Por teléfono", exact=True).check()
    ventana.pone("Vigente hasta", en_dias(21))
    # In another tab, of what is typed; the form is still there to be sent.
    with pagina.context.expect_event(
        "response", lambda r: r.url.endswith("/propuesta.pdf") and r.request.method == "POST"
    ) as visto:
        pagina.get_by_role("button", name="Ver en PDF").click()
    assert visto.value.status == 200
    assert visto.value.headers["content-type"] == "application/pdf"
    assert fresco(caso).estado == "EN_PROPUESTA" and Impreso.objects.count() == 1
    ventana.envia("Registrar presentación")

    ventana.lee("Qué cambió respecto de la -P1").lee(f"Ver {caso.folio}-P2 en PDF")
    dos = Impreso.objects.get(caso=caso, numero=2)
    assert f"{en_dias(21):%d/%m/%Y}" in str(dos.datos) and "$14,600.00 MXN" in str(dos.datos)
    ventana.abrir(f"{ruta}enviar_propuesta/").lee(caso.persona.correo)
    ventana.envia("Enviar propuesta por correo")
    envio.enviar_pendientes()
    [mensaje] = escena.smtp.para(caso.persona.correo)
    assert [p.get_filename() for p in mensaje.walk() if p.get_filename()] == [
        f"{caso.folio}-P2.pdf"
    ]
