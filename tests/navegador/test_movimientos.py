"""What the tasks of every day cost, counted; the manual's appendix says the same figures."""

import pytest

from casos import calendario
from tests.guion import fresco

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
        Qué_se_ajustó="El anexo.", No_se_requiere=None,
    )  # fmt: skip
    contesta(
        "juridico", "confirmar un ajuste de contrato, con la referencia y la fecha de su convenio",
        "Confirmar ajuste", "Confirmar ajuste",
        Referencia_del_convenio="CM-1", Fecha_del_convenio=f"{calendario.hoy()}",
    )  # fmt: skip
    assert contados == {tarea: segun_el_manual(tarea) for tarea in contados}
    assert contados["dar una opinión"] <= 4 and max(contados.values()) <= 5
    assert fresco(opinion).hechos.opiniones[0].sentido == "A_FAVOR"
    de_juridico = [g.ajuste(fresco(caso), "JUR") for caso in ajustes]
    assert sorted(a.convenio_referencia for a in de_juridico) == ["", "CM-1"]
    assert {a.estado for a in de_juridico} == {"CONFIRMADO"}
