"""Figures and dates, however they are typed or pasted: what they say is kept, or a sentence says how."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from casos import fechas
from casos.catalogos import Moneda, Unidad
from casos.formularios.campos import CampoFecha, CampoFechaHora
from casos.formularios.cifras import aviso_de
from casos.formularios.clientes import ContratoForm
from casos.formularios.valores import canonico
from casos.models import TipoRequerimiento
from tests.guion import Guion, consultas, fresco, pedir, rechazada, un_contrato

PESOS = ("1,234.50 M.N.", "$1,234.50 pesos", "$ 1,234.50 MXN", "1234.5 mn", "MX$1,234.50",
         "m.n. 1,234.50", "1 234.50 pesos mexicanos", "1,234.50 Moneda Nacional", "$1,234.50 M.N")  # fmt: skip
DOLARES = ("USD 1,234.50", "US$1,234.50", "1,234.50 dólares", "1234.50 dls", "1,234.50 dlls.", "u.s.d. 1,234.50",
           "$1,234.50 usd", "US Dollars 1234.50")  # fmt: skip
SIN_MARCA = ("1,234.50", "$1,234.50", "$ 1234.5", "1 234.50", "1,234.50 ")


@pytest.mark.parametrize("moneda", Moneda.values)
@pytest.mark.parametrize("escrito", [*PESOS, *DOLARES, *SIN_MARCA])
def test_una_cifra_se_guarda_solo_en_la_moneda_de_su_contrato(escrito, moneda):
    ajena = escrito in (DOLARES if moneda == Moneda.MXN else PESOS)
    if ajena:
        with pytest.raises(ValidationError, match=f"aquí va en {moneda}"):
            canonico(Unidad.DINERO, escrito, moneda)
    else:
        assert canonico(Unidad.DINERO, escrito, moneda) == "1234.50"


@pytest.mark.parametrize("escrito", ["1,200 €", "EUR 1200", "£1,200", "1200 CAD"])
def test_una_moneda_que_ningun_contrato_tiene_se_rechaza(escrito):
    for moneda in ("", *Moneda.values):
        with pytest.raises(ValidationError, match="La cifra dice"):
            canonico(Unidad.DINERO, escrito, moneda)


@pytest.mark.parametrize(
    "escrito",
    ["1,200 + IVA", "1200+iva", "1,200 más IVA", "1,200 (+ I.V.A.)", "$1,200.00 M.N. + 16% IVA", "1200 antes de IVA",
     "1,200 sin IVA"],
)  # fmt: skip
def test_el_iva_queda_fuera_y_se_dice(escrito):
    assert canonico(Unidad.DINERO, escrito, "MXN") == "1200.00"
    assert aviso_de(Unidad.DINERO, escrito) == "se guarda sin el IVA."
    assert aviso_de(Unidad.DINERO, "1200") == aviso_de(Unidad.TEXTO, escrito) == ""


@pytest.mark.parametrize(
    ("unidad", "escrito", "dice"),
    [("DINERO", "1,392 IVA incluido", "antes de sumarlo"), ("DINERO", "1392 con IVA", "antes de sumarlo"),
     ("DINERO", "1200 IVA", "antes de sumarlo"), ("DINERO", "(1,200.00)", "sin paréntesis"),
     ("DINERO", "1,200-", "negativa"), ("DINERO", "12 mil", "número completo"), ("DINERO", "1.2 mdp", "número completo"),
     ("DINERO", "1200 al mes", "número completo"), ("DINERO", "12²", "número completo"),
     ("DINERO", "1.234,50", "La coma separa"), ("DINERO", "12.345", "tiene más"), ("ENTERO", "$12", "sin moneda"),
     ("PORCENTAJE", "4 pesos", "sin moneda"), ("ENTERO", "12 %", "sin %")],
)  # fmt: skip
def test_lo_que_seria_otra_cifra_se_rechaza_y_se_dice_por_que(unidad, escrito, dice):
    with pytest.raises(ValidationError, match=dice):
        canonico(unidad, escrito, "MXN")


def test_en_cada_paso_la_cifra_es_de_la_moneda_del_contrato_y_el_iva_se_dice(personas):
    g = Guion(personas)
    contrato = un_contrato("USD-9")
    contrato.moneda = "USD"
    contrato.save()
    caso = g.contactar(g.registrar(contrato))
    with rechazada(match="aquí va en USD"):
        g.analizar(caso, solicitado_tarifa="14,000 pesos")
    with rechazada(match="aquí va en USD"):
        g.analizar(caso, solicitado_tarifa="+500 M.N.")
    datos = consultas("FIN") | {"version": caso.version, "solicitado_tarifa": "+500 USD + IVA",
                                "tipos": [TipoRequerimiento.objects.first().pk]}  # fmt: skip
    hecho = pedir("analizar", personas.ventas, caso=caso, datos=datos)
    assert ": se guarda sin el IVA." in hecho.mensaje
    pedidas = {f.concepto.clave: f.solicitado for f in fresco(hecho.caso).hechos.condiciones}
    assert pedidas["tarifa"] == "15500.00"


def test_lo_que_daria_un_cambio_se_calcula_en_la_moneda_del_contrato(personas, client):
    client.force_login(personas.ventas)
    url = "/casos/calculo/tarifa/?base=15000.00&moneda=USD&solicitado_tarifa="
    assert client.get(url + "%2B500 dls").text == "= $15,500.00 USD (lo vigente: $15,000.00 USD)"
    assert "aquí va en USD" in client.get(url + "%2B500 pesos").text


def test_en_un_contrato_nuevo_la_cifra_es_de_la_moneda_que_se_elige(db):
    mal = ContratoForm({"moneda": "MXN", "valor_tarifa": "USD 1,500"})
    assert "aquí va en MXN" in str(mal.errors["valor_tarifa"])
    bien = ContratoForm({"moneda": "USD", "valor_tarifa": "USD 1,500 + IVA"})
    assert "valor_tarifa" not in bien.errors
    assert [a for a in bien.advertencias if "IVA" in a]


@pytest.mark.parametrize(
    "escrito",
    ["2026-03-16", "16/03/2026", "16/3/26", "16-03-2026", "16.03.2026", "16 de marzo de 2026", "16-mar-26", "16/Mar/2026",
     "lunes 16 de marzo de 2026", "16 de Marzo del 2026", "marzo 16, 2026", "20260316", "16032026", "2026-03-16 10:30",
     "2026-03-16T00:00:00", "16 marzo 2026", " 16 / 03 / 2026 "],
)  # fmt: skip
def test_una_fecha_es_la_misma_por_todas_las_puertas(escrito):
    assert fechas.leer_fecha(escrito) == date(2026, 3, 16)
    assert CampoFecha().clean(escrito) == date(2026, 3, 16)
    assert canonico(Unidad.FECHA, escrito) == "2026-03-16"


@pytest.mark.parametrize(
    ("escrito", "dice"),
    [("ayer", "como 16/03/2026"), ("16/03", "como 16/03/2026"), ("mar-26", "como 16/03/2026"), ("03/16/2026", "El mes 16"),
     ("31/02/2026", "no tiene día 31"), ("1999-12-31", "2000 y el 2099"), ("01/01/2100", "2000 y el 2099"),
     ("46097", "sin su formato"), ("martes 16 de marzo de 2026", "es lunes"), ("2026-W12-1", "como 16/03/2026"),
     ("16/03-2026", "como 16/03/2026"), ("0001-01-01", "2000 y el 2099"), ("99999-01-01", "como 16/03/2026")],
)  # fmt: skip
def test_una_fecha_dudosa_se_rechaza_y_se_dice_como_escribirla(escrito, dice):
    for leer in (CampoFecha().clean, lambda e: canonico(Unidad.FECHA, e)):
        with pytest.raises(ValidationError, match=dice):
            leer(escrito)


@pytest.mark.parametrize(
    "escrito",
    ["16-03-2026 15:30", "16/03/2026 3:30 pm", "16/03/2026, 3:30 p. m.", "16 de marzo de 2026 a las 15:30 hrs",
     "2026-03-16T15:30", "16-mar-26 15:30:00"],
)  # fmt: skip
def test_una_fecha_con_hora_se_entiende(escrito):
    assert f"{fechas.leer_momento(escrito):%Y-%m-%d %H:%M}" == "2026-03-16 15:30"
    assert f"{CampoFechaHora().clean(escrito):%Y-%m-%d %H:%M}" == "2026-03-16 15:30"


@pytest.mark.parametrize(
    ("escrito", "dice"),
    [("16/03/2026", "Falta la hora"), ("16/03/2026 25:30", "Esa hora no existe"), ("16/03/2026 13:30 am", "no existe"),
     ("10:30", "como 16/03/2026 10:30"), ("16/03/2026 10", "como 16/03/2026 10:30"), ("9999-12-31T23:59", "2099")],
)  # fmt: skip
def test_una_hora_dudosa_se_rechaza_y_se_dice_como_escribirla(escrito, dice):
    with pytest.raises(ValidationError, match=dice):
        CampoFechaHora().clean(escrito)


@settings(deadline=None)
@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_cada_dia_se_lee_como_se_escribe(dia):
    meses = (
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
    )
    mes = meses.split()[dia.month - 1]
    for escrito in (f"{dia:%Y-%m-%d}", f"{dia:%d/%m/%Y}", f"{dia.day} de {mes} de {dia.year}",
                    f"{dia.day}-{mes[:3]}-{dia:%Y}", f"{dia:%d%m%Y}", f"{dia:%Y%m%d}"):  # fmt: skip
        assert fechas.leer_fecha(escrito) == dia
    for escrito in (f"{dia:%d-%m-%y}", f"{dia.day}-{mes[:3]}-{dia:%y}"):
        if dia.year < 2069:
            assert fechas.leer_fecha(escrito) == dia
        else:
            with pytest.raises(ValueError, match="2000 y el 2099"):
                fechas.leer_fecha(escrito)


@settings(deadline=None)
@given(st.text(max_size=40) | st.from_regex(r"[0-9/:\-. a-zñ]{1,30}", fullmatch=True))
def test_lo_que_no_se_entiende_dice_una_frase(texto):
    for leer in (fechas.leer_fecha, fechas.leer_momento):
        try:
            leida = leer(texto)
        except ValueError as error:
            assert str(error)[0].isupper() and str(error).endswith(".")
        else:
            assert 2000 <= leida.year <= 2099
    for unidad in ("DINERO", "ENTERO", "PORCENTAJE", "FECHA"):
        try:
            canonico(unidad, texto, "MXN")
        except ValidationError as error:
            assert error.messages[0].endswith(".")
