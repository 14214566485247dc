"""The pay calendar of a contract against a slow, obvious reference, and what an effective date says of it (§7.7)."""

import io
from datetime import date, timedelta
from unittest import mock

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from casos import calendario
from casos.catalogos import Estado, Que
from casos.expediente.primer_pago import pagos_de, que_esta_abierto, que_se_paga
from casos.formularios.calendario_de_pago import DE_PAGO, revisar_pago
from casos.formularios.clientes import ContratoForm
from casos.importacion import libros
from casos.models import Contrato
from casos.nomina import CORTE_MAXIMO, DIAS, CalendarioDePago, Periodicidad, Periodo
from tests.guion import actuar, ajustes, en_dias, hace, rechazada, un_contrato
from tests.test_importacion import confirmar, ver

P = Periodicidad
DIA = timedelta(days=1)
dias = st.dates(date(2019, 12, 20), date(2033, 1, 10))


@st.composite
def calendarios(draw):
    cada = draw(st.sampled_from(list(P)))
    ancla = draw(dias) if cada in DIAS else None
    return CalendarioDePago(cada, ancla, draw(st.integers(0, CORTE_MAXIMO[cada])))


def empieza(c: CalendarioDePago, dia: date) -> bool:
    """Whether a period begins that day, by counting on the fingers."""
    if c.cada in DIAS:
        return abs((dia - c.ancla).days) % DIAS[c.cada] == 0
    return dia.day in {P.DECENAL: (1, 11, 21), P.QUINCENAL: (1, 16), P.MENSUAL: (1,)}[c.cada]


def a_mano(c: CalendarioDePago, dia: date) -> Periodo:
    inicio = dia
    while not empieza(c, inicio):
        inicio -= DIA
    fin = dia
    while not empieza(c, fin + DIA):
        fin += DIA
    return Periodo(inicio, fin)


@given(calendarios(), dias)
def test_cada_dia_cae_en_el_periodo_que_se_cuenta_a_mano(c, dia):
    periodo = c.periodo_de(dia)
    assert periodo == a_mano(c, dia)
    assert c.siguiente(periodo) == a_mano(c, periodo.fin + DIA)


@given(calendarios(), dias, st.sets(st.integers(0, 90)), st.integers(-40, 40))
@settings(max_examples=200)
def test_el_corte_y_lo_cerrado_se_cuentan_a_mano(c, dia, inhabiles, desfase):
    """Whole weeks off among them: the cut-off may fall before its period begins."""
    cerrados = {dia - timedelta(days=n - 45) for n in inhabiles}

    def habil_hasta(d: date) -> date:
        while d in cerrados or d.weekday() > 4:
            d -= DIA
        return d

    hoy = dia + desfase * DIA
    periodo = c.periodo_de(dia)
    corte = periodo.fin
    for _ in range(c.corte):
        corte -= DIA
    while corte in cerrados or corte.weekday() > 4:
        corte -= DIA
    assert c.corte_de(periodo, habil_hasta) == corte
    assert c.esta_cerrado(periodo, hoy, habil_hasta) == (hoy > corte)
    # The first open one: each period from that of the day on, asked one by one.
    abierto = a_mano(c, dia)
    while habil_hasta(abierto.fin - c.corte * DIA) < hoy:
        abierto = a_mano(c, abierto.fin + DIA)
    assert c.primero_abierto(dia, hoy, habil_hasta) == abierto


@pytest.mark.parametrize(
    "c, dia, periodo",
    [
        (CalendarioDePago(P.QUINCENAL, None, 0), date(2024, 2, 29), (date(2024, 2, 16), date(2024, 2, 29))),
        (CalendarioDePago(P.DECENAL, None, 0), date(2023, 2, 28), (date(2023, 2, 21), date(2023, 2, 28))),
        (CalendarioDePago(P.MENSUAL, None, 0), date(2025, 12, 31), (date(2025, 12, 1), date(2025, 12, 31))),
        (CalendarioDePago(P.SEMANAL, date(2026, 1, 5), 0), date(2025, 12, 31), (date(2025, 12, 29), date(2026, 1, 4))),
        (CalendarioDePago(P.CATORCENAL, date(2026, 1, 5), 0), date(2025, 12, 21), (date(2025, 12, 8), date(2025, 12, 21))),
    ],
)  # fmt: skip
def test_fin_de_anio_y_anios_bisiestos(c, dia, periodo):
    assert c.periodo_de(dia) == periodo


# -- how it is typed ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cada, ancla, corte, falta",
    [
        ("", None, None, set()),
        ("", date(2026, 1, 5), 3, set()),  # what belongs to no periodicity is not kept
        ("QUINCENAL", None, 0, set()),
        ("QUINCENAL", date(2026, 1, 5), 12, set()),
        ("QUINCENAL", None, None, {"nomina_corte"}),
        ("QUINCENAL", None, 13, {"nomina_corte"}),
        ("SEMANAL", None, 2, {"nomina_ancla"}),
        ("CATORCENAL", None, None, {"nomina_ancla", "nomina_corte"}),
        ("SEMANAL", date(2026, 1, 5), 7, {"nomina_corte"}),
    ],
)
def test_se_dice_que_falta_y_lo_que_sobra_no_se_guarda(cada, ancla, corte, falta):
    pago, faltas = revisar_pago(cada, ancla, corte)
    assert set(faltas) == falta
    if not faltas:
        assert pago["nomina_ancla"] is None or cada in ("SEMANAL", "CATORCENAL")
        assert (pago["nomina_corte"] is None) == (cada == "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "pago",
    [
        {"nomina_cada": "DIARIA", "nomina_corte": 0},
        {"nomina_cada": "QUINCENAL"},
        {"nomina_cada": "QUINCENAL", "nomina_corte": 13},
        {"nomina_cada": "QUINCENAL", "nomina_corte": 0, "nomina_ancla": date(2026, 1, 5)},
        {"nomina_cada": "SEMANAL", "nomina_corte": 0},
        {"nomina_corte": 2},
    ],
)
def test_la_base_no_guarda_un_calendario_a_medias(mundo, pago):
    contrato = un_contrato("CT-PAGO")
    with pytest.raises(IntegrityError), transaction.atomic():
        Contrato.objects.filter(pk=contrato.pk).update(**pago)


DEL_CONTRATO = {"numero": "CT-PAGO", "servicio": "Almacén", "moneda": "MXN", "desde_fecha": "2026-01-01"}  # fmt: skip


@pytest.mark.django_db
def test_un_contrato_se_registra_con_su_calendario_y_se_ve(client, mundo):
    client.force_login(mundo.p.ventas)
    cliente = un_contrato("CT-OTRO").cliente_id
    url = f"/clientes/{cliente}/contratos/nuevo/"
    mal = client.post(url, DEL_CONTRATO | {"nomina_cada": "SEMANAL", "nomina_corte": "9"})
    assert mal.status_code == 422 and "Falta un día en que empiece un periodo." in mal.text
    assert "Usa de 0 a 6 días naturales" in mal.text and 'value="9"' in mal.text
    bien = {"nomina_cada": "SEMANAL", "nomina_ancla": "2026-01-05", "nomina_corte": "2"}
    assert client.post(url, DEL_CONTRATO | bien).status_code == 302
    contrato = Contrato.objects.get(numero="CT-PAGO")
    assert contrato.pago == CalendarioDePago(P.SEMANAL, date(2026, 1, 5), 2)
    pagina = client.get(f"/clientes/{cliente}/").text
    assert "Nómina: Semanal; corte 2 días naturales antes de que termine" in pagina
    # In the panel it is changed, and leaves its trace in words.
    client.force_login(mundo.p.gerente)
    panel = f"/admin/casos/contrato/{contrato.pk}/change/"
    datos = {"servicio": "Almacén", "moneda": "MXN", "desde_fecha": "2026-01-01"}
    r = client.post(panel, datos | {"nomina_cada": "SEMANAL"})
    assert r.status_code in (200, 422) and "Falta un día en que empiece" in r.text
    r = client.post(panel, datos | {"nomina_cada": "MENSUAL", "nomina_corte": "5"})
    assert r.status_code == 302
    contrato.refresh_from_db()
    assert contrato.pago == CalendarioDePago(P.MENSUAL, None, 5)
    dicho = {r.campo: (r.antes, r.despues) for r in contrato.rastros.exclude(campo="alta")}
    assert dicho["nomina_cada"] == ("Semanal", "Mensual")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "datos, falta",
    [
        (
            {"nomina_cada": "SEMANAL", "nomina_corte": "9"},
            "Falta un día en que empiece un periodo.",
        ),
        ({"nomina_cada": "QUINCENAL", "nomina_corte": "13"}, "Usa de 0 a 12 días naturales"),
        ({"nomina_cada": "NUNCA", "nomina_corte": "1"}, "Elige una opción de la lista."),
        ({"nomina_cada": "QUINCENAL", "nomina_corte": "3"}, ""),
        ({"nomina_cada": "SEMANAL", "nomina_ancla": "2026-01-05", "nomina_corte": "2"}, ""),
        ({"nomina_cada": ""}, ""),
    ],
)
def test_el_calendario_de_un_contrato_hecho_en_7_1_se_dice_en_su_cliente(
    client, mundo, datos, falta
):
    contrato = un_contrato("CT-DE-7-1")
    client.force_login(mundo.p.ventas)
    cliente = f"/clientes/{contrato.cliente_id}/"
    url = f"{cliente}contratos/{contrato.pk}/pago/"
    pagina = client.get(cliente).text
    assert url in pagina and "no se ha dicho cómo se paga" in pagina
    r = client.post(url, datos)
    assert r.status_code == (422 if falta else 302) and falta in r.text
    contrato.refresh_from_db()
    escrito = {} if falta else datos
    assert contrato.nomina_cada == escrito.get("nomina_cada", "")
    dichos = {r.campo: r.autor for r in contrato.rastros.exclude(campo="alta")}
    assert set(dichos) == {c for c, v in escrito.items() if v}
    assert set(dichos.values()) <= {mundo.p.ventas}


@pytest.mark.django_db
def test_sin_calendario_el_contrato_es_como_siempre(mundo):
    form = ContratoForm(DEL_CONTRATO)
    assert form.is_valid(), form.errors
    assert [form.cleaned_data[c] for c in DE_PAGO] == ["", None, None]


# -- what an effective date says ---------------------------------------------------------------------


@pytest.fixture
def aceptable(mundo):
    """A case presented to the client, of a contract paid each half month, cut three days before."""
    caso = mundo.hasta(Estado.EN_RESPUESTA)
    Contrato.objects.filter(pk=caso.contrato_id).update(nomina_cada="QUINCENAL", nomina_corte=3)
    caso.contrato.refresh_from_db()
    return caso


def datos_de_aceptar(caso, vigor, **mas):
    return {
        "persona": caso.persona_id,
        "cuando": hace(minutes=1),
        "medio": "TELEFONO",
        "vigor_fecha": vigor,
        **{f"acordado_{f.concepto.clave}": f.propuesto for f in caso.hechos.condiciones},
        **ajustes("JUR", "NOM"),
        **mas,
    }


@pytest.mark.django_db
def test_aceptar_dice_la_primera_nomina_y_pregunta_por_lo_cerrado(client, mundo, aceptable):
    caso, pagos = aceptable, pagos_de(aceptable.contrato, en_dias(20))
    client.force_login(mundo.p.ventas)
    url = f"/casos/{caso.folio}/aceptar/"
    pagina = client.get(url).text
    assert que_esta_abierto(pagos) in pagina  # before anything is typed, without scripts too
    cerrado = pagos.primero(calendario.hoy()).periodo.inicio - 2 * DIA
    datos = {"version": caso.version} | datos_de_aceptar(caso, cerrado)
    datos["cuando"] = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
    r = client.post(url, datos)
    assert r.status_code == 422 and "confirma que se paga de forma retroactiva" in r.text
    assert que_se_paga(pagos, cerrado)[-1] in r.text
    for dia in (cerrado, en_dias(20)):
        al_vuelo = client.get(f"/casos/{caso.folio}/primer-pago/", {"vigor_fecha": dia.isoformat()})
        assert al_vuelo.text == " ".join(que_se_paga(pagos, dia))
    for basura in ("", "2026-13-45", "9999-12-31", "0001-01-01", "x" * 300):
        al_vuelo = client.get(f"/casos/{caso.folio}/primer-pago/", {"vigor_fecha": basura})
        assert al_vuelo.status_code == 200 and al_vuelo.text == que_esta_abierto(pagos)
    r = client.post(url, datos | {"es_retroactivo": "on"}, follow=True)
    assert r.status_code == 200 and que_se_paga(pagos, cerrado)[0] in r.text


@pytest.mark.django_db
def test_a_mitad_de_un_periodo_se_dice_y_no_se_rechaza(mundo, aceptable):
    inicio = pagos_de(aceptable.contrato, en_dias(40)).primero(en_dias(40)).periodo.inicio
    caso = actuar(
        "aceptar", aceptable, mundo.p.ventas, **datos_de_aceptar(aceptable, inicio + 4 * DIA)
    )
    assert caso.estado == Estado.EN_MODIFICACION
    dicho = que_se_paga(pagos_de(caso.contrato, caso.vigor_fecha), caso.vigor_fecha)
    assert len(dicho) == 2 and "ya va empezado" in dicho[1]
    # Corrected to a closed period it is asked about; the date that stands is not asked about again.
    dice = {f"acordado_{f.concepto.clave}": f.acordado for f in caso.hechos.condiciones}
    with rechazada(match="retroactiva"):
        actuar(
            "corregir_acordado",
            caso,
            mundo.p.ventas,
            **dice,
            motivo="Otra fecha.",
            vigor_fecha=en_dias(-40),
        )


@pytest.mark.django_db
def test_nominas_elige_de_los_periodos_del_contrato(client, mundo, aceptable):
    hoy = calendario.hoy()
    antes = pagos_de(aceptable.contrato, hoy).primero(hoy).periodo.inicio - DIA
    vigor = pagos_de(aceptable.contrato, hoy).primero(antes).periodo.inicio
    datos = datos_de_aceptar(aceptable, vigor, es_retroactivo="on")
    caso = actuar("aceptar", aceptable, mundo.p.ventas, **datos)
    ajuste = mundo.ajuste(caso, "NOM")
    client.force_login(mundo.p.nominas)
    pagina = client.get(f"/casos/{caso.folio}/confirmar_ajuste/{ajuste.pk}/").text
    pagos = pagos_de(caso.contrato, vigor)
    primero, abierto = pagos.primero(vigor), pagos.abierto(vigor)
    assert f'value="{primero.clave}"' in pagina and f'value="{abierto.clave}"' in pagina
    assert pagina.index(primero.clave) < pagina.index(abierto.clave) < pagina.index("OTRO")
    lo_hecho = {"respuesta": "Listo.", "vigor_fecha": vigor}
    with rechazada(match="ya cerró"):
        actuar("confirmar_ajuste", caso, mundo.p.nominas, ajuste, periodo=primero.clave, **lo_hecho)
    caso = actuar(
        "confirmar_ajuste", caso, mundo.p.nominas, ajuste, periodo=primero.clave, **lo_hecho,
        porque_fecha="Se paga la diferencia en la siguiente.",
    )  # fmt: skip
    ajuste = mundo.ajuste(caso, "NOM")
    assert (ajuste.periodo_inicio, ajuste.periodo_fin) == primero.periodo


@pytest.mark.django_db
def test_un_periodo_cierra_en_su_corte_y_no_en_su_ultimo_dia(mundo, aceptable):
    """The day after the cut-off is inside the period, and it is closed already."""
    pagos = pagos_de(aceptable.contrato, en_dias(20))
    pago = pagos.primero(en_dias(20))
    with mock.patch("casos.calendario.hoy", lambda: pago.corte + DIA):
        assert (
            pagos_de(aceptable.contrato, pago.periodo.inicio).primero(pago.periodo.fin).esta_cerrado
        )
    with mock.patch("casos.calendario.hoy", lambda: pago.corte):
        assert (
            not pagos_de(aceptable.contrato, pago.periodo.inicio)
            .primero(pago.periodo.fin)
            .esta_cerrado
        )


@pytest.mark.django_db
def test_lo_que_se_paga_cuesta_una_consulta(aceptable, django_assert_num_queries):
    with django_assert_num_queries(1):
        pagos = pagos_de(aceptable.contrato, en_dias(20))
        que_se_paga(pagos, en_dias(20))
        que_esta_abierto(pagos)


# -- from a workbook ---------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "celdas, dice",
    [
        ({"Periodo de pago": "Nómina quincenal", "Días naturales de corte": "3"}, "QUINCENAL"),
        ({"Periodo de pago": "semanal", "Inicio de un periodo de pago": "05/01/2026", "Corte": "0"}, "SEMANAL"),
        ({"Periodicidad": "Semanal", "Corte": "2"}, "falta un día en que empiece un periodo"),
        ({"Periodo de pago": "cada tercer día", "Corte": "2"}, "escribe semanal, catorcenal"),
        ({"Periodo de pago": "Mensual", "Corte": "28"}, "usa de 0 a 27"),
        ({"Periodo de pago": "Mensual", "Corte": "tres"}, "Días naturales de corte"),
        ({"Corte": "3"}, "falta cada cuándo se paga"),
        ({"Sede": "Apodaca"}, ""),
    ],
)  # fmt: skip
def test_de_un_libro(mundo, celdas, dice):
    contrato = un_contrato("CT-LIBRO")
    fila = [contrato.numero, contrato.cliente.razon_social, *celdas.values()]
    importacion = ver(mundo.p.gerente, ["Número", "Cliente", *celdas], fila, tipo="contratos")
    [renglon] = importacion.renglones.all()
    if renglon.que == Que.RECHAZADO:
        assert dice and dice in renglon.datos["error"]
        return
    confirmar(importacion)
    contrato.refresh_from_db()
    assert contrato.nomina_cada == dice
    assert (contrato.pago is None) == (dice == "")


@pytest.mark.django_db
def test_lo_que_sale_en_excel_vuelve_a_entrar_igual(mundo):
    for n, cada in enumerate(P):
        ancla = date(2026, 1, 5) if cada in DIAS else None
        contrato = un_contrato(f"CT-{n}")
        pago = {"nomina_cada": cada.value, "nomina_ancla": ancla, "nomina_corte": n % 2}
        Contrato.objects.filter(pk=contrato.pk).update(**pago)
    salida, _ = libros.exportar("contratos")
    filas = [list(f) for f in load_workbook(io.BytesIO(salida)).active.iter_rows(values_only=True)]
    importacion = ver(mundo.p.gerente, *filas, tipo="contratos")
    assert {Que(r.que) for r in importacion.renglones.all()} == {Que.IGUAL}
