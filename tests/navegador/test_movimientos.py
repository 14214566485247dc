"""What the tasks of every day cost, counted; the manual's appendix says the same figures."""

import pytest

from tests.guion import fresco

from .movimientos import Movimientos, segun_el_manual

pytestmark = pytest.mark.navegador


def test_contestar_desde_mis_pendientes(escena, ventana):
    g = escena.guion
    opinion, ajuste = g.hasta("EN_ANALISIS"), g.hasta("EN_MODIFICACION")
    contados = {}

    def contesta(quien, tarea, abre, boton, **campos):
        pagina = ventana.turno_de(quien).pagina
        cuenta = Movimientos(pagina)
        cuenta.presiona(pagina.get_by_role("button", name=abre, exact=True))
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
        Qué_se_ajustó="El anexo.", No_se_requiere=None,
    )  # fmt: skip
    assert contados == {tarea: segun_el_manual(tarea) for tarea in contados}
    assert contados["dar una opinión"] <= 4 and max(contados.values()) <= 5
    hechas = [
        fresco(opinion).hechos.opiniones[0].sentido,
        *(g.ajuste(fresco(ajuste), a).estado for a in ("NOM", "JUR")),
    ]
    assert hechas == ["A_FAVOR", "CONFIRMADO", "CONFIRMADO"]
