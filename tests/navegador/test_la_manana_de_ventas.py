"""A sales person's morning on a phone, in one go: from what waits to a proposal in the client's hands (7.2, 7.5)."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from casos.catalogos import Estado
from casos.correo import envio
from casos.models import Borrador, Cita
from tests.guion import fresco

from .gente import TELEFONO
from .movimientos import Movimientos, segun_el_manual

pytestmark = pytest.mark.navegador
HABLADO = "La recibe el lunes con su director."


def test_de_la_llamada_a_la_propuesta_presentada(escena):
    caso = escena.guion.hasta(Estado.EN_PROPUESTA)
    correo = caso.persona.correo
    ventas = escena.persona("ventas", tamano=TELEFONO).con_sesion().ir("/")
    pagina = ventas.pagina

    # The call: two touches and a line, where it waits.
    cuenta = Movimientos(pagina)
    renglon = pagina.locator(f"#fila-toca-{caso.pk}")
    cuenta.presiona(renglon.get_by_role("button", name="Registrar llamada"))
    llamada = renglon.locator("form.llamada")
    cuenta.llena(llamada.get_by_label("Qué se habló"), HABLADO)
    cuenta.presiona(llamada.get_by_role("button", name="Contestó", exact=True))
    llamada.wait_for(state="detached")
    assert (cuenta.clics, cuenta.campos, cuenta.paginas) == (2, 1, 0)
    assert cuenta.total <= segun_el_manual("registrar una llamada")
    assert fresco(caso).contactos.latest("pk").resumen == HABLADO

    # The appointment they agreed on; the tab closes half way, and its place is there all the same.
    programar = f"{caso.get_absolute_url()}programar_cita/"
    ventas.seguir(str(caso.cliente), dentro=renglon).lee(HABLADO).ir(programar)
    pagina.locator("[name=lugar]").fill("Oficinas del cliente")
    expect(pagina.locator(".borrador")).to_contain_text("Borrador guardado")
    ventas.ir("/").ir(programar)
    expect(pagina.locator("[name=lugar]")).to_have_value("Oficinas del cliente")
    inicio = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT10:30")
    ventas.llenar(asunto="Presentar la propuesta", inicio=inicio, medio="VISITA")
    ventas.enviar("Programar cita").lee("Oficinas del cliente")
    assert Cita.objects.get(caso=caso).uid and not Borrador.objects.exclude(datos={}).exists()

    # The proposal: seen as it will be, then presented and sent in one press.
    ventas.ir(f"{caso.get_absolute_url()}presentar/").llenar(
        como="TELEFONO", enviar_al_cliente=True
    )
    with pagina.context.expect_event(
        "response", lambda r: r.url.endswith("/propuesta.pdf") and r.request.method == "POST"
    ) as visto:
        pagina.get_by_role("button", name="Ver en PDF").click()
    assert visto.value.status == 200
    assert visto.value.headers["content-type"] == "application/pdf"
    assert fresco(caso).estado == Estado.EN_PROPUESTA
    pagina.bring_to_front()
    ventas.enviar("Registrar presentación").lee(f"Ver {caso.folio}-P1 en PDF")
    assert fresco(caso).estado == Estado.EN_RESPUESTA
    envio.enviar_pendientes()
    adjuntos = [p.get_filename() for m in escena.smtp.para(correo) for p in m.walk()]
    assert {"invite.ics", f"{caso.folio}-P1.pdf"} <= set(adjuntos)
    # What waits now is not theirs.
    ventas.ir("/")
    assert not pagina.locator(f"#fila-toca-{caso.pk}").count()
