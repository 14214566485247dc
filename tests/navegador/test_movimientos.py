"""What the tasks of every day cost, counted; the manual's appendix says the same figures."""

import pytest
from playwright.sync_api import expect

from casos import calendario
from casos.models import Caso, PersonaContacto
from casos.pasos.llamada import VOLVER_A_LLAMAR, dias_para_llamar
from tests.guion import fresco, un_contrato

from .gente import TELEFONO
from .movimientos import Movimientos, segun_el_manual

pytestmark = pytest.mark.navegador


def test_contestar_desde_mis_pendientes(escena, ventana):
    g = escena.guion
    opinion = g.hasta("EN_ANALISIS")
    ajustes = [g.hasta("EN_MODIFICACION") for _ in range(2)]
    contados = {}

    def contesta(quien, tarea, abre, boton, **campos):
        pagina = ventana.turno_de(quien).pagina
        cuenta = Movimientos(pagina)
        cuenta.presiona(pagina.get_by_role("button", name=abre, exact=True).first)
        form = pagina.locator("[id^=aqui-]:not([hidden]) form.formulario")
        form.wait_for()
        for etiqueta, valor in campos.items():
            campo = form.get_by_label(etiqueta.replace("_", " "), exact=valor is not None)
            cuenta.presiona(campo.first) if valor is None else cuenta.llena(campo, valor)
        cuenta.presiona(form.get_by_role("button", name=boton, exact=True), lleva=True)
        ventana.lee("Listo")
        contados[tarea] = cuenta.total

    contesta(
        "finanzas", "dar una opinión", "A favor", "Dar opinión", Fundamento="El margen alcanza."
    )
    contesta(
        "nominas", "confirmar un ajuste de nómina", "Confirmar ajuste", "Confirmar ajuste",
        Qué_se_ajustó="La tarifa nueva.", Quincena=None,
    )  # fmt: skip
    contesta(
        "juridico", "confirmar un ajuste de contrato, sin convenio", "Confirmar ajuste", "Confirmar ajuste",
        **{"Qué se ajustó (opcional)": "El anexo.", "No se requiere": None},
    )  # fmt: skip
    contesta(
        "juridico", "confirmar un ajuste de contrato, con la referencia y la fecha de su convenio",
        "Confirmar ajuste", "Confirmar ajuste",
        **{"Referencia del convenio (opcional)": "CM-1", "Fecha del convenio (opcional)": f"{calendario.hoy()}"},
    )  # fmt: skip
    assert contados == {tarea: segun_el_manual(tarea) for tarea in contados}
    assert contados["dar una opinión"] <= 4 and max(contados.values()) <= 5
    assert fresco(opinion).hechos.opiniones[0].sentido == "A_FAVOR"
    de_juridico = [g.ajuste(fresco(caso), "JUR") for caso in ajustes]
    assert sorted(a.convenio_referencia for a in de_juridico) == ["", "CM-1"]
    assert {a.estado for a in de_juridico} == {"CONFIRMADO"}


LLAMADA = "registrar una llamada"


@pytest.mark.parametrize("donde", ["/", "/casos/"])
def test_una_llamada_en_dos_toques_y_un_renglon(escena, ventana, donde):
    """On a phone: the number, two touches and a line; the next one is at hand at once."""
    g = escena.guion
    casos = [g.hasta("EN_CONTACTO") for _ in range(2)]
    PersonaContacto.objects.filter(casos__in=casos).update(telefono="55 5280 3316")
    persona = ventana.turno_de("ventas")
    pagina = persona.pagina
    pagina.set_viewport_size(TELEFONO)
    pagina.goto(donde)
    for caso in casos:
        cuenta = Movimientos(pagina)
        renglon = pagina.locator(f"[id^=fila-][id$='-{caso.pk}']")
        cuenta.presiona(renglon.get_by_role("button", name="Registrar llamada"))
        form = renglon.locator("form.llamada")
        expect(form.locator("a[href^='tel:']")).to_have_count(1)
        cuenta.llena(form.get_by_label("Qué se habló"), f"Pide dos turnos, {caso.folio}.")
        cuenta.presiona(form.get_by_role("button", name="Contestó", exact=True))
        renglon.get_by_text("Contestó").first.wait_for()
        form.wait_for(state="detached")
        assert renglon.get_by_role("button", name="Registrar llamada").evaluate(
            "e => e === document.activeElement"
        )
        assert pagina.locator("#voz").inner_text().startswith("Listo")
        assert cuenta.total <= segun_el_manual(LLAMADA) and cuenta.paginas == 0
        assert fresco(caso).contactos.latest("pk").resumen == f"Pide dos turnos, {caso.folio}."


def test_enter_no_contesta_por_nadie(escena, ventana):
    caso = escena.guion.hasta("EN_CONTACTO")
    pagina = ventana.turno_de("ventas").pagina
    pagina.goto("/casos/")
    renglon = pagina.locator(f"#fila-lista-{caso.pk}")
    renglon.get_by_role("button", name="Registrar llamada").click()
    campo = renglon.get_by_label("Qué se habló")
    campo.fill("No contestó nadie.")
    antes = fresco(caso).contactos.count()
    campo.press("Enter")
    renglon.get_by_text("Di si contestó.").first.wait_for()
    assert campo.input_value() == "No contestó nadie." and fresco(caso).contactos.count() == antes
    dia, dicho = dias_para_llamar(calendario.hoy())[0]
    renglon.get_by_label(dicho).check()
    renglon.get_by_role("button", name="No contestó").click()
    renglon.locator(".insignia", has_text="No contestó").wait_for()
    assert (fresco(caso).proxima_accion, fresco(caso).proxima_fecha) == (VOLVER_A_LLAMAR, dia)


def test_registrar_una_solicitud(escena, ventana):
    """The client found as one types; contract and person are the only ones; followed by who registers it."""
    contrato = un_contrato("CT-DE-UNO")
    pagina = ventana.turno_de("ventas").pagina
    pagina.goto("/")
    cuenta = Movimientos(pagina)
    cuenta.presiona(pagina.get_by_role("link", name="Registrar solicitud").first, lleva=True)
    cuenta.llena(pagina.get_by_label("Buscar por nombre"), contrato.cliente.razon_social[:8])
    hallado = pagina.get_by_role("button", name=contrato.cliente.razon_social)
    hallado.wait_for()
    cuenta.presiona(hallado, "Enter", lleva=True)
    cuenta.llena(pagina.get_by_label("Qué pide el cliente"), "Quiere dos turnos más.")
    cuenta.presiona(
        pagina.get_by_role("button", name="Registrar y darle seguimiento yo"), lleva=True
    )
    ventana.lee("Listo")
    assert cuenta.total == segun_el_manual("registrar una solicitud y darle seguimiento") <= 8
    caso = Caso.objects.latest("pk")
    assert (caso.responsable, caso.contrato) == (escena.guion.p.ventas, contrato)


def test_presentar_una_propuesta(escena, ventana):
    caso = escena.guion.hasta("EN_PROPUESTA")
    pagina = ventana.turno_de("ventas").pagina
    pagina.goto("/")
    cuenta = Movimientos(pagina)
    renglon = pagina.locator(f"#fila-toca-{caso.pk}")
    cuenta.presiona(renglon.get_by_role("link", name="Registrar presentación"), lleva=True)
    form = pagina.locator("form.formulario")
    cuenta.presiona(form.get_by_text("Por teléfono", exact=True))
    cuenta.presiona(form.get_by_role("button", name="Registrar presentación"), lleva=True)
    ventana.lee("Listo")
    assert cuenta.total == segun_el_manual("presentar una propuesta") <= 5
