"""Once a case was closed as modified: Nóminas and the client are asked, and Dirección reads what came of it (7.7)."""

import pytest

from casos.catalogos import Estado
from tests.escenarios import ya_se_pregunta
from tests.guion import fresco

from .gente import TELEFONO
from .test_accesibilidad import decir, revisar

pytestmark = pytest.mark.navegador
DISTINTO = "Se pagó la tarifa anterior."
PALABRAS = "No se nota el cambio."


def test_no_llego_y_el_cliente_pide_que_se_revise(escena):
    caso = ya_se_pregunta(escena.guion)
    nominas = escena.persona("nominas", tamano=TELEFONO).con_sesion().ir("/")
    renglon = nominas.pagina.locator("li", has_text="¿Llegó como se acordó?").first
    renglon.get_by_text("No llegó", exact=True).click()
    form = nominas.pagina.locator("form.formulario")
    form.get_by_label("Qué llegó distinto").fill(DISTINTO)
    decir(revisar(nominas))
    with nominas.pagina.expect_navigation():
        form.locator("button[type=submit]").last.click()
    nominas.lee("Listo")
    assert fresco(caso).comprobaciones.get().diferencia == DISTINTO

    # Atención asks the client, with the figure and the words they gave; what arrived otherwise is not theirs.
    atencion = escena.persona("atencion", tamano=TELEFONO).con_sesion().ir("/")
    atencion.pagina.get_by_role("button", name="Registrar cómo califica el cliente").first.click()
    atencion.formulario.wait_for()
    assert DISTINTO not in atencion.pagina.content()
    atencion.llenar(que_paso="CONTESTO", calificacion=4, comentario=PALABRAS, pide_reabrir=True)
    atencion.llenar(medio="TELEFONO")
    decir(revisar(atencion))
    atencion.enviar("Registrar cómo califica el cliente")
    dicha = fresco(caso).satisfacciones.get()
    assert (dicha.calificacion, dicha.comentario, dicha.pide_reabrir) == (4, PALABRAS, True)
    atencion.ir("/")
    assert caso.folio not in atencion.pagina.locator("main").inner_text()

    # Dirección has the reason ready, and what arrived otherwise beside it.
    direccion = escena.persona("direccion").con_sesion().ir(f"{caso.get_absolute_url()}reabrir/")
    direccion.lee(DISTINTO)
    motivo = direccion.pagina.locator("[name=motivo]").input_value()
    assert "no llegó como se acordó" in motivo and "califica con 4" in motivo
    assert DISTINTO not in motivo and PALABRAS not in motivo
    direccion.ir(f"{caso.get_absolute_url()}no_reabrir/").lee(DISTINTO)
    direccion.llenar(motivo="Se paga la diferencia en la siguiente nómina.").enviar("No reabrir")
    assert fresco(caso).estado == Estado.CERRADO and fresco(caso).reapertura_pedida_en is None
