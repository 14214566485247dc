"""Files: what is accepted is read from their content, and their digest is in the chain."""

import io
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError

from casos.catalogos import Estado
from casos.formularios.archivos import TAMANO_MAXIMO
from casos.lecturas.verificacion import revisar_bitacora
from casos.models import Adjunto, Evento
from tests.guion import Guion, contacto, fresco

from .guion import pedir, rechazada

PDF = b"%PDF-1.7\n" + b"x" * 100


def zip_con(*nombres, tipos=None):
    salida = io.BytesIO()
    with ZipFile(salida, "w") as z:
        for nombre in nombres:
            z.writestr(nombre, "x")
        if tipos is not None:
            z.writestr("[Content_Types].xml", tipos)
    return salida.getvalue()


def adjuntar(g, caso, nombre, contenido):
    datos = contacto(persona=caso.persona_id) | {"version": caso.version}
    archivo = SimpleUploadedFile(nombre, contenido, content_type="application/pdf")
    return pedir(
        "registrar_contacto", g.p.ventas, caso=caso, datos=datos, archivos={"archivo": archivo}
    )


@pytest.fixture
def g(personas, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Guion(personas)


PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20
MACROS = '<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'


@pytest.mark.parametrize(
    ("nombre", "contenido", "tipo"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("foto.png", PNG, "image/png"),
        (
            "libro.xlsx",
            zip_con("xl/workbook.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ],
)
def test_se_acepta_por_contenido(g, nombre, contenido, tipo):
    caso = g.hasta(Estado.EN_CONTACTO)
    adjuntar(g, caso, nombre, contenido)
    adjunto = Adjunto.objects.get()
    assert (adjunto.nombre, adjunto.tipo, adjunto.tamano) == (nombre, tipo, len(contenido))
    assert nombre not in adjunto.archivo.name


@pytest.mark.parametrize(
    ("nombre", "contenido", "dice"),
    [
        ("a.pdf", b"<html><script>alert(1)</script></html>", "no se acepta"),
        ("a.docx", zip_con("cualquiera.txt"), "no se acepta"),
        ("a.xlsx", zip_con("xl/workbook.xml", "xl/vbaProject.bin"), "no se acepta"),
        ("a.xlsm", zip_con("xl/workbook.xml", "xl/VBAproject.BIN"), "no se acepta"),
        ("a.docx", zip_con("word/document.xml", "word/x.bin", tipos=MACROS), "no se acepta"),
        ("a.docx", zip_con("word/document.xml", tipos=MACROS.upper()), "no se acepta"),
        ("a.docx", zip_con("word/document.xml", tipos=MACROS.encode("utf-16")), "no se acepta"),
        ("a.docx", zip_con("word/document.xml", tipos=MACROS.replace("E", "&#x45;")), "no se acepta"),
        ("a.docx", zip_con("word/document.xml", tipos="application/vnd.ms-office.vbaProject"), "no se acepta"),
        ("a.docx", zip_con("word/document.xml", tipos="<!DOCTYPE x []>"), "no se acepta"),
        ("a.zip", b"PK\x03\x04 no es un zip", "no se acepta"),
        ("a.pdf", PDF + b"x" * TAMANO_MAXIMO, "más de 10 MB"),
        ("a.pdf", b"", "vacío"),
    ],
)  # fmt: skip
def test_se_rechaza_y_no_queda_nada(g, nombre, contenido, dice):
    caso = g.hasta(Estado.EN_CONTACTO)
    eventos = Evento.objects.count()
    with rechazada() as error:
        adjuntar(g, caso, nombre, contenido)
    [falta] = error.value.faltas
    assert falta.campo == "archivo"
    assert dice in falta.mensaje
    assert (Evento.objects.count(), Adjunto.objects.count()) == (eventos, 0)


@pytest.mark.parametrize(
    ("escrito", "queda"),
    [
        ("Contrato.bat", "Contrato.pdf"),
        ("Contrato.hta", "Contrato.pdf"),
        ("a.jar", "a.pdf"),
        ("Oficio.PDF", "Oficio.pdf"),
        ("Contrato.pdf.exe", "Contrato.pdf"),
        ("sin extensión", "sin extensión.pdf"),
        ("Propuesta v1.2", "Propuesta v1.2.pdf"),
        ("Zapatos S.A.", "Zapatos S.A.pdf"),
        ("fotos\u202efdp.exe", "fotosfdp.pdf"),
        ("uno\r\ndos\x07\u2066.pdf", "uno dos.pdf"),
        ("\u202e.pdf", "archivo.pdf"),
        ("ñ" * 146 + ".pdf", "ñ" * 146 + ".pdf"),
        ("ñ" * 150, "ñ" * 146 + ".pdf"),
    ],
)  # fmt: skip
def test_el_nombre_lleva_la_extension_de_lo_que_es(g, escrito, queda):
    """Served back under it: a double click must not run what only looked like a document."""
    caso = g.hasta(Estado.EN_CONTACTO)
    adjuntar(g, caso, escrito, PDF)
    assert Adjunto.objects.get().nombre == queda


def test_cambiar_un_archivo_o_su_suma_rompe_la_cadena(g):
    caso = fresco(g.hasta(Estado.EN_CONTACTO))
    adjuntar(g, caso, "a.pdf", PDF)
    assert list(revisar_bitacora()) == []
    Adjunto.objects.update(sha256="0" * 64)
    [falla] = revisar_bitacora()
    assert "archivo" in falla


def test_un_archivo_cambiado_o_perdido_en_el_disco_se_halla(g):
    """Rows untouched: only the bytes that are kept say it."""
    casos = [fresco(g.hasta(Estado.EN_CONTACTO)) for _ in range(3)]
    for caso in casos:
        adjuntar(g, caso, "a.pdf", PDF)
    sano, cambiado, perdido = Adjunto.objects.order_by("pk")
    assert list(revisar_bitacora()) == []
    Path(cambiado.archivo.path).write_bytes(PDF[:-1] + b"y")
    Path(perdido.archivo.path).unlink()
    fallas = list(revisar_bitacora())
    assert len(fallas) == 2, fallas
    assert fallas[0].startswith(cambiado.caso.folio) and "no es el que se entregó" in fallas[0]
    assert fallas[1].startswith(perdido.caso.folio) and "no está en la carpeta" in fallas[1]
    assert [*revisar_bitacora(cambiado.caso.folio)] == fallas[:1]
    assert list(revisar_bitacora(archivos=False)) == []
    with pytest.raises(CommandError, match="Fallas: 2"):
        call_command("verificar_bitacora", stderr=io.StringIO())
    call_command("verificar_bitacora", sin_archivos=True, stdout=io.StringIO())


def test_una_ruta_que_sale_de_la_carpeta_no_detiene_la_revision(g):
    adjuntar(g, fresco(g.hasta(Estado.EN_CONTACTO)), "a.pdf", PDF)
    Adjunto.objects.update(archivo="../../../etc/hostname")
    [falla] = revisar_bitacora()
    assert "no está en la carpeta" in falla
