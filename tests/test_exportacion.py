"""The workbook of the cases, opened by another library: every column, in its type, to whom may read it."""

import zipfile
from datetime import date, datetime, timedelta
from io import BytesIO
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from casos import calendario
from casos.catalogos import Catalogo, Estado
from casos.hojas import escritor as de_hojas
from casos.lecturas import exportacion
from casos.models import Caso, Concepto, Motivo, Opinion
from casos.web import ver_lista

from .factories import CasoFactory, OpinionFactory
from .guion import Guion, un_contrato

HOJAS = {
    "Casos": [c[0] for c in exportacion.CASOS],
    "Condiciones": [c[0] for c in exportacion.CONDICIONES],
    "Áreas": [c[0] for c in exportacion.AREAS],
}


def bajado(client, quien, consulta="") -> bytes:
    client.force_login(quien)
    respuesta = client.get(f"/casos/exportar/{consulta}")
    assert respuesta.status_code == 200
    return respuesta.getvalue()


def hoja(contenido: bytes, nombre: str) -> list[dict]:
    titulos, *filas = (
        CalamineWorkbook.from_filelike(BytesIO(contenido)).get_sheet_by_name(nombre).to_python()
    )
    assert titulos == HOJAS[nombre]
    return [dict(zip(titulos, fila, strict=True)) for fila in filas]


@pytest.fixture
def modificado(personas):
    """All that a case may say: figures of every kind, two areas' opinions, adjustments, an end."""
    g = Guion(personas)
    contrato = un_contrato("00123")
    caso = g.contactar(g.registrar(contrato))
    inicio = calendario.hoy() + timedelta(days=30)
    pide = {
        "tarifa": "14000",
        "plazas": "1200",
        "margen": "12.5",
        "turno": "=1+1",
        "inicio": inicio,
    }
    caso = g.analizar(caso, "FIN", "JUR", **{f"solicitado_{k}": v for k, v in pide.items()})
    caso = g.opinar(g.opinar(caso, "FIN", "CONDICIONES"), "JUR")
    caso = g.viable(
        caso, **{f"propuesto_{k}": v for k, v in pide.items()} | {"propuesto_tarifa": "14500.50"}
    )
    caso = g.aceptar(g.presentar(caso), "JUR", "NOM")
    for area in ("JUR", "NOM"):
        caso = g.confirmar(caso, area)
    return g.cerrar_modificado(caso)


def test_cada_hoja_trae_todas_sus_columnas_en_su_tipo(personas, modificado, client):
    contenido = bajado(client, personas.gerente)
    [caso] = hoja(contenido, "Casos")
    cerrado = timezone.localtime(modificado.cerrado_en).replace(
        tzinfo=None, second=0, microsecond=0
    )
    assert caso["Folio"] == modificado.folio and caso["Contrato"] == "00123"
    assert caso["Cerrado"] == cerrado and isinstance(caso["Cerrado"], datetime)
    assert caso["Cerró"] == str(personas.ventas) and caso["Registró"] == str(personas.ventas)
    assert caso["A partir del"] == modificado.vigor_fecha
    assert caso["Áreas"].split("\n") == [
        "Jurídico: A favor",
        "Finanzas: A favor con condiciones",
        "Jurídico, ajuste: Confirmado",
        "Nóminas, ajuste: Confirmado",
    ]
    filas = {f["Concepto"]: f for f in hoja(contenido, "Condiciones")}
    nombres = dict(Concepto.objects.values_list("clave", "nombre"))
    tarifa, plazas = filas[nombres["tarifa"]], filas[nombres["plazas"]]
    assert [tarifa[c] for c in ("Vigente", "Pidió primero", "Solicitado", "Propuesto", "Acordado", "Moneda")] == [
        15000.0, 14000.0, 14000.0, 14500.5, 14500.5, "MXN"]  # fmt: skip
    assert (plazas["Vigente"], plazas["Acordado"]) == (20, 1200)
    assert filas[nombres["margen"]]["Solicitado"] == 0.125
    assert filas[nombres["inicio"]]["Acordado"] == calendario.hoy() + timedelta(days=30)
    assert filas[nombres["turno"]]["Solicitado"] == "=1+1"
    assert {f["A partir del"] for f in filas.values()} == {modificado.vigor_fecha}
    areas = hoja(contenido, "Áreas")
    assert [(a["Área"], a["Qué se le pidió"], a["Respuesta"]) for a in areas] == [
        ("Jurídico", "7.3 Opinión", "A favor"),
        ("Finanzas", "7.3 Opinión", "A favor con condiciones"),
        ("Jurídico", "7.7 Ajuste", "Confirmado"),
        ("Nóminas", "7.7 Ajuste", "Confirmado"),
    ]
    assert areas[1]["Con qué condiciones"] == "Con pago a 15 días."
    assert areas[0]["Qué respondió"] == "Cabe en el margen." and areas[0]["Vuelta"] == 1
    assert areas[2]["Convenio"] == "No se requiere"
    assert isinstance(areas[2]["Respondió el"], datetime) and isinstance(areas[2]["Vence"], date)
    assert areas[3]["al"] - areas[3]["Primer periodo de nómina, del"] == timedelta(days=14)


def test_las_cifras_llevan_su_formato(personas, modificado, client):
    libro = load_workbook(BytesIO(bajado(client, personas.gerente)))["Condiciones"]
    titulos = [c.value for c in libro[1]]
    solicitado = {
        f[titulos.index("Concepto")].value: f[titulos.index("Solicitado")]
        for f in libro.iter_rows(min_row=2)
    }
    formatos = {
        c.clave: solicitado[c.nombre].number_format
        for c in Concepto.objects.all()
        if c.nombre in solicitado
    }
    assert formatos == {
        "tarifa": '"$"#,##0.00', "plazas": "#,##0", "margen": "0.0%", "inicio": "dd/mm/yyyy", "turno": "General",
    }  # fmt: skip
    turno = solicitado[Concepto.objects.get(clave="turno").nombre]
    assert turno.data_type != "f" and turno.value == "=1+1"


def test_los_dolares_se_ven_como_dolares(personas, modificado, client):
    type(modificado.contrato).objects.update(moneda="USD")
    libro = load_workbook(BytesIO(bajado(client, personas.gerente)))["Condiciones"]
    formatos = {c.number_format for f in libro.iter_rows(min_row=2) for c in f}
    assert "[$USD] #,##0.00" in formatos and '"$"#,##0.00' not in formatos


def test_cada_hoja_tiene_su_cabeza_fija_y_su_filtro(personas, modificado, client):
    contenido = bajado(client, personas.gerente)
    es = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(BytesIO(contenido)) as partes:
        for n, nombre in enumerate(HOJAS, start=1):
            xml = ElementTree.fromstring(partes.read(f"xl/worksheets/sheet{n}.xml"))
            filas = xml.findall(".//m:row", es)
            ultima = filas[0].findall("m:c", es)[-1].get("r").rstrip("1")
            assert xml.find("m:autoFilter", es).get("ref") == f"A1:{ultima}{len(filas)}", nombre
            fija = xml.find(".//m:pane", es)
            assert (fija.get("topLeftCell"), fija.get("state")) == ("B2", "frozen")
            assert len(xml.findall(".//m:col", es)) == len(HOJAS[nombre])
            assert xml.find(".//m:f", es) is None


def test_el_motivo_dice_de_quien_es(personas, client):
    g = Guion(personas)
    suyos = list(Motivo.objects.filter(catalogo=Catalogo.CLIENTE, pide_detalle=False)[:2])
    rechazado = g.rechazar(
        g.hasta(Estado.EN_RESPUESTA), motivo_principal=suyos[0].pk, motivos=[suyos[1].pk]
    )
    no_viable = g.informar(g.no(g.hasta(Estado.POR_DECIDIR)), por=personas.ventas)
    filas = {f["Folio"]: f for f in hoja(bajado(client, personas.gerente), "Casos")}
    fila = filas[rechazado.folio]
    assert (fila["Motivo principal"], fila["Otros motivos"]) == (str(suyos[0]), str(suyos[1]))
    assert fila["De quién es el motivo"] == "Motivos del cliente"
    assert filas[no_viable.folio]["De quién es el motivo"] == "Motivos nuestros"


def test_reabierto_ya_no_dice_quien_lo_cerro(personas, client):
    caso = Guion(personas).hasta(Estado.CERRADO)
    assert hoja(bajado(client, personas.gerente), "Casos")[0]["Cerró"]
    Caso.objects.filter(pk=caso.pk).update(
        estado=Estado.EN_CONTACTO, cerrado_en=None, resultado="", conformidad=None
    )
    [fila] = hoja(bajado(client, personas.gerente), "Casos")
    assert (fila["Cerró"], fila["Cerrado"]) == ("", "")


def test_un_area_no_lee_lo_de_otra(personas, modificado, client):
    """Neither the rows of the sheet that are not its own, nor another's grounds; who leads, all."""
    concepto = Concepto.objects.get(clave="turno")
    concepto.areas.clear()
    Concepto.objects.get(clave="tarifa").areas.set(
        Concepto.objects.first().areas.model.objects.filter(codigo="FIN")
    )
    de_finanzas = bajado(client, personas.finanzas)
    conceptos = {f["Concepto"] for f in hoja(de_finanzas, "Condiciones")}
    assert (
        concepto.nombre not in conceptos
        and Concepto.objects.get(clave="tarifa").nombre in conceptos
    )
    filas = hoja(de_finanzas, "Áreas")
    dichos = {(f["Área"], f["Qué se le pidió"]): f["Qué respondió"] for f in filas}
    assert dichos["Finanzas", "7.3 Opinión"] == "Cabe en el margen."
    assert dichos["Jurídico", "7.3 Opinión"] == ""
    for quien in (personas.ventas, personas.calidad):
        filas = hoja(bajado(client, quien), "Áreas")
        assert all(f["Qué respondió"] for f in filas)


def test_auditoria_no_lee_a_una_persona_en_ninguna_hoja(personas, modificado, client):
    cliente = modificado.cliente
    cliente.razon_social, cliente.nombre_comercial, cliente.rfc = (
        "Gervasia Ordóñez",
        "",
        "GODE561231GR8",
    )
    cliente.save()
    secretos = {"Gervasia Ordóñez", "GODE561231GR8", modificado.persona.nombre}

    def hallados(quien):
        contenido = bajado(client, quien)
        return {str(v) for n in HOJAS for f in hoja(contenido, n) for v in f.values()} & secretos

    assert hallados(personas.calidad) == secretos
    assert hallados(personas.auditor) == set()


def test_sin_tope_de_renglones_ni_de_sentencias(personas, client, monkeypatch):
    """A batch more is the same statements again; a full sheet goes on in another."""
    monkeypatch.setattr(exportacion, "LOTE", 5)
    monkeypatch.setattr(ver_lista, "LOTE", 5)
    monkeypatch.setattr(de_hojas, "RENGLONES", 11)
    client.force_login(personas.gerente)
    client.get("/cuenta/")  # the first request of a session writes it

    def cuantas(hay):
        for _ in range(hay):
            OpinionFactory(caso=CasoFactory(estado=Estado.EN_ANALISIS))
        with CaptureQueriesContext(connection) as hechas:
            contenido = client.get("/casos/exportar/").getvalue()
        return len(hechas), contenido

    con_cinco, _ = cuantas(5)
    con_diez, _ = cuantas(5)
    con_quince, contenido = cuantas(5)
    assert con_quince - con_diez == con_diez - con_cinco == 7
    libro = CalamineWorkbook.from_filelike(BytesIO(contenido))
    assert libro.sheet_names == ["Casos", "Condiciones", "Áreas", "Casos (2)", "Áreas (2)"]
    folios = [
        f[0] for n in ("Casos", "Casos (2)") for f in libro.get_sheet_by_name(n).to_python()[1:]
    ]
    assert folios == list(Caso.objects.values_list("folio", flat=True)) and len(folios) == 15


def test_trae_justo_lo_filtrado_y_en_su_orden(personas, client):
    for n in range(4):
        CasoFactory(estado=Estado.CERRADO, cerrado_en=timezone.now() - timedelta(days=n))
    CasoFactory(estado=Estado.EN_CONTACTO)
    consulta = f"?orden=antiguos&cerrado_hasta={timezone.localdate() - timedelta(days=1)}"
    client.force_login(personas.gerente)
    en_la_lista = [c.folio for c in client.get(f"/casos/{consulta}").context["casos"]]
    assert [
        f["Folio"] for f in hoja(bajado(client, personas.gerente, consulta), "Casos")
    ] == en_la_lista
    assert len(en_la_lista) == 3


def test_lo_que_no_es_cifra_va_como_se_escribio(personas, modificado, client):
    """What an older release kept, whatever it is."""
    fila = modificado.condiciones.get(concepto__clave="tarifa")
    fila.solicitado = "#REF! 12 mil"
    fila.save()
    dichos = {
        f["Concepto"]: f["Solicitado"]
        for f in hoja(bajado(client, personas.gerente), "Condiciones")
    }
    assert dichos[fila.concepto.nombre] == "#REF! 12 mil"


@pytest.mark.parametrize("texto", ["=1+1", "+1", "@SUM(A1)", "\t=1", "#REF!", "_x0041_"])
def test_ninguna_hoja_lleva_formulas(personas, client, texto):
    caso = Guion(personas).hasta(Estado.POR_DECIDIR)
    Opinion.objects.filter(caso=caso).update(fundamento=texto, pregunta=texto)
    [fila] = hoja(bajado(client, personas.gerente), "Áreas")
    assert fila["Qué respondió"] == fila["Pregunta o encargo"] == texto


def test_los_casos_de_un_area_que_debe_y_de_una_que_ya_respondio(personas, client):
    """The filter says who owes an answer now, and who gave one at any moment."""
    g = Guion(personas)
    caso = g.contactar(g.registrar())
    caso = g.analizar(caso, "FIN", "JUR")
    caso = g.opinar(caso, "FIN")
    en_ajuste = g.confirmar(
        g.aceptar(g.presentar(g.viable(g.hasta(Estado.POR_DECIDIR))), "JUR", "NOM"), "JUR"
    )
    areas = dict(Opinion._meta.get_field("area").related_model.objects.values_list("codigo", "pk"))
    client.force_login(personas.gerente)

    def folios(**filtros):
        respuesta = client.get("/casos/", filtros)
        assert respuesta.context["ignorados"] == []
        return {c.folio for c in respuesta.context["casos"]}

    assert folios(area_debe=areas["JUR"]) == {caso.folio}
    assert folios(area_debe=areas["NOM"]) == {en_ajuste.folio}
    assert folios(area_debe=areas["FIN"]) == set()
    assert folios(area_respondio=areas["FIN"]) == {caso.folio, en_ajuste.folio}
    assert folios(area_respondio=areas["JUR"]) == {en_ajuste.folio}
    assert folios(area_respondio=areas["FIN"], area_debe=areas["JUR"]) == {caso.folio}
