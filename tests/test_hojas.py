"""A workbook is read as a person sees it, whoever wrote it; what cannot be read says so in its row."""

import io
import re
import warnings
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from casos.hojas import lector
from casos.hojas.columnas import emparejar
from casos.hojas.lector import leer
from casos.hojas.libro import DeOtroTipo
from casos.textos import es_dato, limpio

CLIENTES = {"Razón social": ["Nombre del cliente"], "RFC": [], "Teléfono": [], "Tarifa": [],
            "Persona": ["Nombre del contacto"], "Notas": []}  # fmt: skip
ARCHIVOS = Path(__file__).parent / "archivos"


# -- what is written by a library -------------------------------------------------------------------


def con_openpyxl(*filas, formatos=None, preparar=None) -> bytes:
    libro = Workbook()
    hoja = libro.active
    for fila in filas:
        hoja.append(fila)
    for celda, formato in (formatos or {}).items():
        hoja[celda].number_format = formato
    if preparar:
        preparar(libro, hoja)
    salida = io.BytesIO()
    libro.save(salida)
    return salida.getvalue()


def con_xlsxwriter(escribir, **opciones) -> bytes:
    salida = io.BytesIO()
    libro = xlsxwriter.Workbook(salida, opciones)
    escribir(libro, libro.add_worksheet("Datos"))
    libro.close()
    return salida.getvalue()


def una_celda(valor, formato="General", **opciones) -> str:
    def escribir(libro, hoja):
        hoja.write_row(0, 0, ["Razón social", "RFC"])
        hoja.write(1, 0, "x")
        hoja.write(1, 1, valor, libro.add_format({"num_format": formato}))

    return leer(con_xlsxwriter(escribir, **opciones), conocidas=CLIENTES).filas[0].celdas[1]


DIA = date(2026, 3, 16)
MOMENTO = datetime.combine(DIA, time(10, 30))


@pytest.mark.parametrize(
    ("valor", "formato", "se_lee"),
    [(0.04, "0%", "4 %"), (0.125, "0.00%", "12.50 %"), (0.125, "0%", "12.5 %"), (4, '0"%"', "4 %"), (0.0825, "0.0%", "8.25 %"), (0.05, '0% "de margen"', "5 % de margen"),
     (1200, '#,##0.00 "USD"', "1200.00 USD"), (1200, "[$USD] #,##0.00", "USD 1200.00"), (1200, '"$"#,##0.00', "$1200.00"),
     (1200, "[$$-80A]#,##0.00", "$1200.00"), (1200, "[$€-2] #,##0", "€1200"), (1200.5, '"$"#,##0.00" M.N."', "$1200.50 M.N."),
     (-1200, '"$"#,##0.00_);[Red]("$"#,##0.00)', "-$1200.00"), (0, '_-"$"* #,##0.00_-;-"$"* #,##0.00_-;_-"$"* "-"??_-;_-@_-', "$0"),
     (1.2, '0.0 "millones"', "1.2 millones"), (123, "00000", "00123"), (12, '"P-"0000', "P-0012"), (123456, "00-0000", "12-3456"),
     (5512345678, "(##) #### ####", "(55) 1234 5678"), (5512345678, "General", "5512345678"),
     (0.1 + 0.2, "General", "0.3"), (1.1 * 3, "0.00", "3.30"), (8750.1 - 8750, "General", "0.1"), (1e20, "General", "1" + 20 * "0"),
     (12, "@", "12"), (12345, "0.00E+00", "12345"), (0.5, "# ?/?", "0.5"), (0, "0;-0;;@", ""),
     (DIA, "dd/mm/yyyy", "2026-03-16"), (DIA, '[$-80A]d" de "mmmm" de "yyyy;@', "2026-03-16"), (DIA, "mm-dd-yy", "2026-03-16"),
     (MOMENTO, "dd/mm/yyyy hh:mm", "2026-03-16 10:30"), (MOMENTO, "[$-409]m/d/yy h:mm AM/PM;@", "2026-03-16 10:30"),
     (time(10, 30), "hh:mm", "10:30"), (timedelta(hours=36), "[h]:mm", "36:00"), (46097, "General", "46097"),
     (True, "General", "Verdadero"), (False, "0%", "Falso"), ("  Ñandú\u00a0 S.A.", "General", "Ñandú  S.A."),
     ("00123", "General", "00123"), ("Juan\u202eoinotnA", "General", "JuanoinotnA"), ("a\r\nb", "General", "a\nb"),
     ("_x0041_ \x07", "General", "_x0041_"), ("-", "General", "-")],
)  # fmt: skip
def test_una_celda_se_lee_como_se_ve_y_se_escribiria(valor, formato, se_lee):
    # Both epochs: the day is the same, the number in the file is not.
    for desde_1904 in (False, True):
        assert una_celda(valor, formato, date_1904=desde_1904) == se_lee


@pytest.mark.parametrize(
    ("valor", "formato", "otro"),
    [(DIA, "d-mmm", True), (True, "General", True), (0.5, "h:mm", True), (12, "00000", False), ("3-12", "@", False), (4, "0%", False)],
)  # fmt: skip
def test_lo_que_excel_volvio_fecha_se_distingue_de_lo_que_se_escribio(valor, formato, otro):
    assert isinstance(una_celda(valor, formato), DeOtroTipo) is otro


def test_un_texto_con_formatos_es_un_texto():
    def escribir(libro, hoja):
        negrita = libro.add_format({"bold": True})
        hoja.write_row(0, 0, ["Razón social", "RFC"])
        hoja.write_rich_string(1, 0, "Aceros ", negrita, "del", " Norte")
        hoja.write_formula(1, 1, "=1+1", None, 2)

    (fila,) = leer(con_xlsxwriter(escribir), conocidas=CLIENTES).filas
    assert (fila.celdas, fila.errores) == (["Aceros del Norte", "2"], {})


def test_una_celda_con_error_rechaza_su_renglon_con_una_frase():
    def escribir(libro, hoja):
        hoja.write_row(0, 0, ["Razón social", "RFC", "Otra cosa"])
        for n, error in enumerate(["#N/A", "#REF!", "#DIV/0!", "#VALUE!"], 1):
            hoja.write_formula(n, 1, "=1/0", None, error)
            hoja.write_formula(n, 2, "=1/0", None, error)

    filas = leer(con_xlsxwriter(escribir), conocidas=CLIENTES).filas
    # Of a column that is not read nothing is asked.
    assert [f.errores_en({0, 1}) for f in filas] == [
        [f"«RFC» dice {e}: corrígela en Excel (celda B{n})."]
        for n, e in enumerate(["#N/A", "#REF!", "#DIV/0!", "#VALUE!"], 2)
    ]


def test_una_formula_sin_resultado_no_es_una_celda_vacia():
    libro = con_openpyxl(["Razón social", "RFC"], ["Aceros", "=A2"], ["Otra", None])
    aceros, otra = leer(libro, conocidas=CLIENTES).filas
    assert "fórmula sin su resultado" in aceros.errores[1] and "celda B2" in aceros.errores[1]
    assert otra.errores == {}


# -- where the headings are -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("antes", "titulos"),
    [([], ["Razón social", "RFC"]), ([["Lista de clientes 2026"], []], ["RAZON SOCIAL *", "R.F.C."]),
     ([["Del sistema anterior", "", "RFC"]], ["Razones sociales:", "r. f. c."]),
     ([[], [], [], [], [], [], [], [], []], ["Razón Social (obligatorio)", "RFC"]),
     ([], [None, None, "Nombre del cliente", "R F C"])],
)  # fmt: skip
def test_los_titulos_se_buscan_en_los_primeros_renglones(antes, titulos):
    valores = [None] * titulos.count(None) + ["Aceros", "AAA010101AAA"]
    leido = leer(con_openpyxl(*antes, titulos, valores), conocidas=CLIENTES)
    columnas = emparejar(leido.titulos, CLIENTES)
    assert leido.renglon_de_titulos == len(antes) + 1
    assert columnas.de(leido.filas[0].celdas) == {"Razón social": "Aceros", "RFC": "AAA010101AAA"}
    assert columnas.desconocidas == [] and columnas.repetidas == {}


def test_los_titulos_en_dos_renglones_se_juntan():
    def combinar(libro, hoja):
        hoja.merge_cells("C1:D1")
        hoja.merge_cells("A1:A2")

    libro = con_openpyxl(
        ["Razón social", "RFC", "Contacto", None],
        [None, None, "Nombre", "Teléfono"],
        ["Aceros", "AAA010101AAA", "Laura", "55 1234 5678"],
        preparar=combinar,
    )
    leido = leer(libro, conocidas=CLIENTES)
    assert (leido.renglon_de_titulos, len(leido.filas)) == (2, 1)
    assert emparejar(leido.titulos, CLIENTES).de(leido.filas[0].celdas) == {
        "Razón social": "Aceros", "RFC": "AAA010101AAA", "Persona": "Laura", "Teléfono": "55 1234 5678",
    }  # fmt: skip


def test_un_grupo_que_nada_dice_deja_los_titulos_de_abajo():
    libro = con_openpyxl(["Datos fiscales", None, "Otros"], ["Razón social", "RFC", "Notas"], ["A", "B", "C"])  # fmt: skip
    leido = leer(libro, conocidas=CLIENTES)
    assert emparejar(leido.titulos, CLIENTES).de(leido.filas[0].celdas) == {
        "Razón social": "A", "RFC": "B", "Notas": "C",
    }  # fmt: skip


def test_de_varias_hojas_se_lee_la_que_tiene_los_titulos_y_se_dice():
    def otras(libro, hoja):
        hoja.title = "Portada"
        datos = libro.create_sheet("Clientes")
        datos.append(["Razón social", "RFC"])
        datos.append(["Aceros", "AAA010101AAA"])
        escondida = libro.create_sheet("Vieja")
        escondida.append(["Razón social", "RFC", "Notas"])
        escondida.append(["Otra", "BBB010101BBB", "x"])
        escondida.sheet_state = "hidden"

    leido = leer(con_openpyxl(["Razón social"], ["x"], preparar=otras), conocidas=CLIENTES)
    assert (leido.hoja, leido.otras_hojas) == ("Clientes", ["Portada", "Vieja"])
    assert [f.celdas[0] for f in leido.filas] == ["Aceros"]
    assert "No se leyó las hojas" not in " ".join(leido.avisos)
    assert any("«Portada», «Vieja» (oculta)" in a for a in leido.avisos)


def test_se_dice_lo_que_se_leyo_y_lo_que_no():
    def raro(libro, hoja):
        hoja.row_dimensions[3].hidden = True
        hoja.column_dimensions["B"].hidden = True

    libro = con_openpyxl(
        ["Razón social", "RFC", None, "Notas"],
        ["Uno", "AAA010101AAA", "suelto", None],
        ["Dos", "BBB010101BBB"],
        ["Razón social", "RFC", None, "Notas"],
        [],
        [],
        ["Tres", "CCC010101CCC", None, None, "más allá"],
        preparar=raro,
    )
    leido = leer(libro, conocidas=CLIENTES)
    assert [(f.numero, f.celdas[0]) for f in leido.filas] == [(2, "Uno"), (3, "Dos"), (7, "Tres")]
    dicho = " ".join(leido.avisos)
    for frase in ("renglón 1 y los datos, del 2 al 7 (3 renglones)", "Las columnas C, E tienen datos y no tienen título",
                  "1 renglón de los que se leyeron está oculto", "«RFC» está oculta", "Los títulos se repiten",
                  "hay renglones vacíos"):  # fmt: skip
        assert frase in dicho, frase


def test_lo_combinado_hacia_abajo_vale_en_cada_renglon():
    libro = con_openpyxl(
        ["Razón social", "RFC"], ["Aceros", "uno"], [None, "dos"], [None, "tres"], [None, "cuatro"],
        preparar=lambda libro, hoja: hoja.merge_cells("A2:A4"),
    )  # fmt: skip
    filas = leer(libro, conocidas=CLIENTES).filas
    assert [f.celdas for f in filas] == [["Aceros", "uno"], ["Aceros", "dos"], ["Aceros", "tres"], ["", "cuatro"]]  # fmt: skip


@pytest.mark.parametrize(
    ("titulo", "columna", "parecida"),
    [("Tarifa Mensual", None, "Tarifa"), ("Telefonos", "Teléfono", ""), ("Télefono", "Teléfono", ""), ("Razon sosial", None, "Razón social"),
     ("Tarifa (USD)", "Tarifa", ""), ("Tarifa M.N.", "Tarifa", ""), ("Tarifa en dólares", "Tarifa", ""), ("Tarifa, pesos", "Tarifa", ""),
     ("Contacto (nombre)", "Persona", ""), ("Color", None, ""), ("Notas:", "Notas", "")],
)  # fmt: skip
def test_un_titulo_que_no_se_conoce_se_dice_con_el_que_se_parece(titulo, columna, parecida):
    hay = emparejar(["RFC", titulo], CLIENTES)
    assert set(hay.posiciones) == {"RFC", columna} - {None}
    assert [(d.titulo, d.parecida) for d in hay.desconocidas] == ([] if columna else [(titulo, parecida)])  # fmt: skip


def test_la_moneda_del_titulo_va_con_cada_cifra_y_dos_titulos_iguales_se_dicen():
    hay = emparejar(["Razón social", "Tarifa (USD)", "Tarifa"], CLIENTES)
    assert hay.de(["x", "1200", "5"]) == {"Razón social": "x", "Tarifa": "USD 1200"}
    assert hay.de(["x", "", ""])["Tarifa"] == ""
    # Of one that is not known too: who chooses it for a column chooses it with its currency.
    otra = emparejar(["Cuota en dólares"], CLIENTES)
    assert replace(otra, posiciones={"Tarifa": 0}).de(["1200"]) == {"Tarifa": "USD 1200"}
    assert hay.repetidas == {"Tarifa": ["Tarifa (USD)", "Tarifa"]}


# -- written by hand --------------------------------------------------------------------------------

NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PAQUETE_REL = "http://schemas.openxmlformats.org/package/2006/relationships"


def a_mano(hoja, *, compartidos="", estilos="", ns=NS, rel=REL, propiedades="", parte="xl/worksheets/sheet1.xml") -> bytes:  # fmt: skip
    partes = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PAQUETE_REL}"><Relationship Id="r1" Type="{rel}/officeDocument" '
        'Target="/xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{ns}" xmlns:r="{rel}">{propiedades}<sheets>'
        '<sheet name="Hoja1" sheetId="1" r:id="rId7"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PAQUETE_REL}">'
        f'<Relationship Id="rId7" Type="{rel}/worksheet" Target="/{parte}"/>'
        f'<Relationship Id="rId8" Type="{rel}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="rId9" Type="{rel}/styles" Target="styles.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{ns}">{compartidos}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{ns}">{estilos}</styleSheet>',
        parte: f'<worksheet xmlns="{ns}">{hoja}</worksheet>',
    }  # fmt: skip
    salida = io.BytesIO()
    with ZipFile(salida, "w", ZIP_DEFLATED) as zip_:
        for nombre, texto in partes.items():
            zip_.writestr(nombre, f'<?xml version="1.0" encoding="UTF-8"?>{texto}')
    return salida.getvalue()


def en_linea(texto) -> str:
    return f'<c t="inlineStr"><is><t xml:space="preserve">{texto}</t></is></c>'


TITULOS = f"<row>{en_linea('Razón social')}{en_linea('RFC')}</row>"


def de_una(celda, **mas) -> lector.Renglon:
    hoja = f"<sheetData>{TITULOS}<row>{en_linea('x')}{celda}</row></sheetData>"
    return leer(a_mano(hoja, **mas), conocidas=CLIENTES).filas[0]


@pytest.mark.parametrize("rango", ["A1", "A1:B2", "A1:XFD1048576", "ZZZ", ""])
def test_los_renglones_debajo_del_rango_declarado_se_leen(rango):
    filas = "".join(f"<row>{en_linea(f'Cliente {n}')}{en_linea(n)}</row>" for n in range(3))
    libro = a_mano(f'<dimension ref="{rango}"/><sheetData>{TITULOS}{filas}</sheetData>')
    assert [f.celdas[0] for f in leer(libro, conocidas=CLIENTES).filas] == [
        "Cliente 0", "Cliente 1", "Cliente 2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("celda", "se_lee"),
    [('<c t="s"><v>0</v></c>', "Compartido"), ('<c t="s"><v>1</v></c>', "Rico y formateado"), ('<c t="s"><v>2</v></c>', "東京"),
     ('<c t="s"><v>3</v></c>', "dos\nrenglones"), ('<c t="s"><v>4</v></c>', "_x000D_ literal"), ('<c t="s"><v>5</v></c>', "😀"),
     ('<c t="inlineStr"><is><r><t>en </t></r><r><t>línea</t></r><rPh><t>no</t></rPh></is></c>', "en línea"),
     ('<c t="str"><f>A1</f><v>de fórmula</v></c>', "de fórmula"), ('<c t="str"><f>A1</f><v></v></c>', ""),
     ('<c t="d"><v>2026-03-16T00:00:00</v></c>', "2026-03-16"), ('<c t="d"><v>2026-03-16T10:30:00</v></c>', "2026-03-16 10:30"),
     ('<c s="1"><v>46097</v></c>', "2026-03-16"), ('<c s="2"><v>0.04</v></c>', "4 %"), ('<c s="99"><v>5</v></c>', "5"),
     ("<c><v>1.5E3</v></c>", "1500"), ('<c t="b"><v>1</v></c>', "Verdadero"), ('<c t="n"/>', ""), ("<c><v></v></c>", "")],
)  # fmt: skip
def test_lo_escrito_a_mano_se_lee(celda, se_lee):
    compartidos = (
        "<si><t>Compartido</t></si>"
        "<si><r><t>Rico </t></r><r><rPr><b/></rPr><t>y formateado</t></r></si>"
        "<si><t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh><phoneticPr fontId='1'/></si>"
        "<si><t>dos_x000D__x000A_renglones</t></si><si><t>_x005F_x000D_ literal</t></si><si><t>_xD83D__xDE00_</t></si>"
    )
    estilos = (
        "<numFmts><numFmt numFmtId='170' formatCode='dd/mm/yyyy'/></numFmts><fonts><font><color rgb='no'/></font></fonts>"
        "<cellXfs><xf numFmtId='0'/><xf numFmtId='170'/><xf numFmtId='9'/></cellXfs>"
        "<dxfs><dxf><numFmt numFmtId='170' formatCode='0'/></dxf></dxfs>"
    )
    estricto = {
        "ns": "http://purl.oclc.org/ooxml/spreadsheetml/main",
        "rel": "http://purl.oclc.org/ooxml/officeDocument/relationships",
    }
    for mas in ({}, {"parte": "Libro/Hoja Uno.XML"}, estricto):
        fila = de_una(celda, compartidos=compartidos, estilos=estilos, **mas)
        assert (fila.celdas[1], fila.errores) == (se_lee, {}), mas


@pytest.mark.parametrize(
    "celda",
    ["<c><v>NaN</v></c>", "<c><v>INF</v></c>", "<c><v>1e999</v></c>", "<c><v>doce</v></c>", '<c t="s"><v>77</v></c>',
     '<c t="s"><v>x</v></c>', '<c t="d"><v>16 de marzo</v></c>', '<c s="1"><v>-5</v></c>', '<c s="1"><v>99999999</v></c>',
     '<c t="e"><v>#N/A</v></c>', '<c t="e"><v>#SPILL!</v></c>', "<c><f>A1</f></c>"],
)  # fmt: skip
def test_lo_que_no_se_puede_leer_se_dice_en_su_renglon(celda):
    estilos = "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs>"
    fila = de_una(celda, estilos=estilos)
    (frase,) = fila.errores.values()
    assert not es_dato(fila.celdas[1])
    assert frase.startswith("«RFC» ") and frase.endswith("(celda B2).")


def test_las_dos_epocas_de_un_libro_a_mano():
    estilos = "<cellXfs><xf numFmtId='14'/></cellXfs>"
    celda = '<c s="0"><v>44635</v></c>'
    assert de_una(celda, estilos=estilos).celdas[1] == "2022-03-15"
    assert de_una(celda, estilos=estilos, propiedades='<workbookPr date1904="1"/>').celdas[1] == "2026-03-16"  # fmt: skip


ATRIBUTOS = st.sampled_from(["", "0", "-1", "A", "A0", "XFD1048576", "ZZZZ9", "1", "x", "9" * 30, "B2:A1", "A:A", "1:3", "A1:C9"])  # fmt: skip
TIPOS = st.sampled_from(["s", "n", "b", "e", "d", "str", "inlineStr", "zz", ""])
DICHOS = st.sampled_from(
    ["", " ", "0", "-3", "1e400", "NaN", "x", "2026-99-99", "9" * 400, "_xZZ_", "24:00"]
)
CELDAS_RARAS = st.builds(
    '<c r="{}" s="{}" t="{}">{}<v>{}</v><is>{}</is></c>'.format,
    ATRIBUTOS, ATRIBUTOS, TIPOS, st.sampled_from(["", "<f/>"]), DICHOS, DICHOS,
)  # fmt: skip
FILAS_RARAS = st.builds('<row r="{}" hidden="{}">{}</row>'.format, ATRIBUTOS, ATRIBUTOS, st.lists(CELDAS_RARAS, max_size=4).map("".join))  # fmt: skip
COLA = st.builds('<mergeCells><mergeCell ref="{}"/></mergeCells>'.format, ATRIBUTOS)
COLUMNAS = st.builds(
    '<cols><col min="{}" max="{}" hidden="1"/></cols>'.format, ATRIBUTOS, ATRIBUTOS
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(COLUMNAS, st.lists(FILAS_RARAS, max_size=4), COLA)
def test_un_libro_hecho_con_mala_fe_se_lee_o_dice_una_frase(columnas, filas, cola):
    hoja = f"{columnas}<sheetData>{TITULOS}{''.join(filas)}</sheetData>{cola}"
    try:
        leido = leer(a_mano(hoja, estilos="<cellXfs><xf numFmtId='14'/><xf/></cellXfs>"), conocidas=CLIENTES)  # fmt: skip
    except ValueError as error:
        assert str(error).endswith(".") and "<" not in str(error)
    else:
        assert all(len(f.celdas) == len(leido.titulos) for f in leido.filas)


# -- what is refused, and other files -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("contenido", "dice"),
    [(b"", "No encontré los títulos"), (b"PK\x03\x04basura", "dañado"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "contraseña o es de Excel 97"),
     (b"%PDF-1.7\n\0\0", "no es un libro"), (b" <html><table><tr><td>RFC", "no es un libro"), (b"\x89PNG\r\n\x1a\n\0", "no es un libro"), (b"RFC;Notas\n", "no hay renglones")],
)  # fmt: skip
def test_lo_que_no_es_un_libro_dice_que_hacer(contenido, dice):
    with pytest.raises(ValueError, match=dice):
        leer(contenido, conocidas=CLIENTES)


def test_un_libro_sin_los_titulos_dice_cuales():
    for hoja in ("", "<sheetData/>", f"<sheetData><row>{en_linea('Color')}</row></sheetData>"):
        with pytest.raises(ValueError, match="primeros 10 renglones. Ponlos en uno solo: Razón social, RFC"):  # fmt: skip
            leer(a_mano(hoja), conocidas=CLIENTES)
    with pytest.raises(ValueError, match="no es un libro de Excel"):
        salida = io.BytesIO()
        with ZipFile(salida, "w") as zip_:
            zip_.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        leer(salida.getvalue(), conocidas=CLIENTES)


def test_mas_de_5000_renglones_se_rechazan_diciendo_cuantos(monkeypatch):
    monkeypatch.setattr(lector, "MAXIMO_FILAS", 3)
    cuatro = con_openpyxl(["RFC", "Notas"], *([n, None] for n in range(4)), [None, None, "sin título"])  # fmt: skip
    with pytest.raises(ValueError, match="hasta 3 por archivo, y trae 4"):
        leer(cuatro, conocidas=CLIENTES)
    assert len(leer(con_openpyxl(["RFC"], [1], [2], [3]), conocidas=CLIENTES).filas) == 3


@pytest.mark.parametrize("codificacion", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separador", [",", ";", "\t"])
def test_una_lista_separada_por_comas_tambien_se_lee(codificacion, separador):
    texto = 'Clientes\r\nRazón social;RFC;Notas\r\n"Ñandú, S.A.; de C.V.";AAA;"uno\ndos"\r\n;;\r\nÓscar;BBB;\r\n'
    en_partes = [["Razón social", "RFC", "Notas"], ['"Ñandú S.A."', "AAA", '"uno\ndos"'], ["", "", ""], ["Óscar", "BBB", ""]]  # fmt: skip
    texto = "\r\n".join(separador.join(p) for p in en_partes)
    leido = leer(texto.encode(codificacion), conocidas=CLIENTES)
    assert [(f.numero, f.celdas) for f in leido.filas] == [
        (2, ["Ñandú S.A.", "AAA", "uno\ndos"]), (4, ["Óscar", "BBB", ""]),
    ]  # fmt: skip


# -- another library reads the same -----------------------------------------------------------------

FORMATOS = ["General", "0", "0.00", "#,##0.00", "0%", "0.00%", "00000", '"$"#,##0.00', "[$USD] #,##0.00", "dd/mm/yyyy",
            "yyyy-mm-dd hh:mm", "h:mm", "[h]:mm:ss", "@", '0" pzas"', "0;(0)", "[Red]0.0;[Blue]-0.0", "# ?/?", "0.00E+00",
            '_-"$"* #,##0.00_-;-"$"* #,##0.00_-;_-"$"* "-"??_-;_-@_-', '[$-80A]d" de "mmmm;@', "mmm-yy", "(##) #### ####"]  # fmt: skip
NUMEROS = (
    st.integers(-(10**8), 10**8)
    | st.floats(-1e8, 1e8, allow_nan=False).map(lambda x: round(x, 6))
    | st.integers(1, 90_000).map(lambda d: d + 0.5)
)
CELDAS = st.one_of(
    st.tuples(NUMEROS, st.sampled_from(FORMATOS)),
    st.tuples(st.text(max_size=30) | st.sampled_from(["_x0041_", "_x005F_x000D_", "#N/A", "=1", "'12", "TRUE"]), st.just("@")),
    st.tuples(st.booleans(), st.sampled_from(FORMATOS)),
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(CELDAS, min_size=1, max_size=12), st.booleans())
def test_otra_biblioteca_lee_lo_mismo(celdas, desde_1904):
    def escribir(libro, hoja):
        hoja.write_row(0, 0, ["Razón social", "RFC"])
        for n, (valor, formato) in enumerate(celdas, 1):
            hoja.write_string(n, 0, "x")
            if isinstance(valor, str):
                hoja.write_string(n, 1, valor)
            else:
                hoja.write(n, 1, valor, libro.add_format({"num_format": formato}))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        contenido = con_xlsxwriter(escribir, date_1904=desde_1904)
    nuestras = [f.celdas[1] for f in leer(contenido, conocidas=CLIENTES).filas]
    suyas = CalamineWorkbook.from_filelike(io.BytesIO(contenido)).get_sheet_by_index(0).to_python()
    for nuestra, fila, (valor, formato) in zip(nuestras, suyas[1:], celdas, strict=True):
        suya = fila[1] if len(fila) > 1 else ""
        assert coinciden(nuestra, suya, formato), (nuestra, suya, valor, formato)


def coinciden(nuestra: str, suya, formato: str) -> bool:
    if isinstance(nuestra, lector.ConError):
        return "fecha" in nuestra.porque or "que no se puede leer" in nuestra.porque
    if isinstance(suya, bool):
        return nuestra == ("Verdadero" if suya else "Falso")
    if isinstance(suya, str):
        return nuestra == limpio(suya)
    if isinstance(suya, datetime):
        return abs(datetime.fromisoformat(nuestra) - suya) < timedelta(seconds=1)
    if isinstance(suya, date):
        return nuestra == suya.isoformat()
    if isinstance(suya, time | timedelta):
        return ":" in nuestra or nuestra < "1905"  # no day, in the format of one
    solo = re.sub(r"[^\d.\-]|(?<=\d)-(?=\d)", "", nuestra)
    veces = 100 if "%" in formato else 1
    return abs(Decimal(solo or 0) - Decimal(repr(suya)) * veces) <= Decimal("0.000001")


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet='0#?.,;"\\[]$%_-*@ dmyhsEABRedUSD€<>=()/', max_size=25), st.floats())
def test_ningun_formato_raro_rompe_la_lectura(codigo, valor):
    from casos.hojas.formato_numerico import Formato, Imposible

    try:
        assert isinstance(Formato(codigo).escribir(valor), str)
    except Imposible:
        pass


# -- written by LibreOffice --------------------------------------------------------------------------


@pytest.mark.parametrize("archivo", ["de_ods.xlsx", "desde_1904.xlsx"])
def test_lo_que_guarda_libreoffice_se_lee(archivo):
    leido = leer((ARCHIVOS / archivo).read_bytes(), conocidas=CLIENTES)
    assert leido.hoja == "Clientes" and leido.renglon_de_titulos == 3
    aceros, nandu = (emparejar(leido.titulos, CLIENTES).de(f.celdas) for f in leido.filas)
    assert aceros == {"Razón social": "Aceros del Norte", "RFC": "00123", "Teléfono": "5512345678", "Tarifa": "$1234.50",
                      "Notas": "dos\nrenglones"}  # fmt: skip
    assert nandu | {"Teléfono": ""} == {"Razón social": "Ñandú", "RFC": "4 %", "Teléfono": "", "Tarifa": "$2469.00",
                                        "Notas": "2026-03-16"}  # fmt: skip
    assert [f.errores for f in leido.filas] == [{}, {2: "«Teléfonos» dice #DIV/0!: corrígela en Excel (celda C5)."}]  # fmt: skip


@pytest.mark.parametrize(
    ("titulos", "columnas"),
    [
        (["Tarifa", "Tarifa %"], {"Tarifa": (), "Tarifa %": ()}),
        (["Servicio", "Servicios"], {"Servicio": (), "Servicios": ()}),
        (["Hora por turno", "Turno por hora"], {"Turno por hora": (), "Hora por turno": ()}),
    ],
)
def test_lo_que_se_llama_igual_que_su_columna_es_de_ella(titulos, columnas):
    """Two that are compared alike, each under its own name."""
    assert emparejar(titulos, columnas).posiciones == {t: n for n, t in enumerate(titulos)}


def test_de_dos_que_se_comparan_igual_la_primera():
    assert emparejar(["Tarifas"], {"Tarifa": (), "Tarifa %": ()}).posiciones == {"Tarifa": 0}
