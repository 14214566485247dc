"""Figures of the sheet read the same everywhere: the contract's currency, all their decimals."""

import pytest

from casos.catalogos import Estado
from casos.formularios.valores import en_palabras
from casos.models import Aviso
from tests.guion import Guion, un_contrato


@pytest.mark.parametrize(
    ("unidad", "guardado", "leido"),
    [("PORCENTAJE", "8.125", "8.125\u00a0%"), ("PORCENTAJE", "12.0000", "12\u00a0%"),
     ("PORCENTAJE", "100", "100\u00a0%"), ("DINERO", "14500.5", "$14,500.50 USD"),
     ("ENTERO", "1200", "1,200"), ("FECHA", "2026-03-16", "16/03/2026"),
     ("DINERO", "por definir", "por definir"), ("TEXTO", "Nocturno", "Nocturno"), ("DINERO", "", "")],
)  # fmt: skip
def test_un_valor_se_lee_completo(unidad, guardado, leido):
    assert en_palabras(unidad, guardado, "USD") == leido


def test_un_contrato_en_dolares_se_lee_en_dolares_en_paginas_y_correos(client, personas):
    guion = Guion(personas)
    contrato = un_contrato("USD-1")
    contrato.moneda = "USD"
    contrato.save()
    caso = guion.registrar(contrato)
    caso = guion.viable(guion.opinar(guion.analizar(guion.contactar(caso))))
    caso = guion.presentar(caso, enviar_al_cliente="on")
    caso = guion.aceptar(caso, "JUR", "NOM")
    cartas = Aviso.objects.filter(caso=caso)
    con_cifras = {c.plantilla for c in cartas if "$14,500.00 USD" in c.texto}
    assert {"viable", "propuesta", "ajuste_pedido"} <= con_cifras
    assert not [c.asunto for c in cartas if "MXN" in c.texto + c.html]
    assert all("$14,500.00 USD" in c.html for c in cartas if "$14,500.00 USD" in c.texto)
    client.force_login(personas.ventas)
    assert caso.estado == Estado.EN_MODIFICACION
    for url in (caso.get_absolute_url(), f"/clientes/{caso.cliente_id}/"):
        pagina = client.get(url).text
        assert "$15,000.00" in pagina and "USD" in pagina and "MXN" not in pagina, url
