"""Files: what is accepted is read from their content, and their digest is in the chain."""

import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError

from casos.catalogos import Estado
from casos.formularios.archivos import TAMANO_MAXIMO, CampoArchivo
from casos.lecturas.verificacion import revisar_bitacora
from casos.models import Adjunto, Caso, Evento, Prueba
from casos.pruebas import probando
from tests import muestras as m
from tests.guion import Guion, contacto, fresco
from tests.muestras import PDF

from .guion import pedir, rechazada


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


ACEPTADOS = {
    "a.pdf": (m.PDF, "application/pdf"),
    "foto.png": (m.PNG, "image/png"),
    "foto.jpg": (m.JPG, "image/jpeg"),
    "foto.webp": (m.WEBP, "image/webp"),
    "IMG_0001.heic": (m.HEIC, "image/heic"),
    "fax.tif": (m.TIFF, "image/tiff"),
    "a.docx": (m.office(), f"{m.OOXML}wordprocessingml.document"),
    "libro.xlsx": (m.xlsx(), f"{m.OOXML}spreadsheetml.sheet"),
    "láminas.pptx": (
        m.office("pptx", "/ppt/presentation.xml"),
        f"{m.OOXML}presentationml.presentation",
    ),
    "acepta.eml": (m.eml(), "message/rfc822"),
    "acepta.msg": (m.MSG, "application/vnd.ms-outlook"),
    "factura.xml": (m.cfdi(), "application/xml"),
    "Chat de WhatsApp con Ana.txt": (m.CHAT, "text/plain"),
    "tarifas.csv": (b"puesto,tarifa,ajuste\nguardia,-1200,+4 %\n", "text/csv"),
}


@pytest.mark.parametrize("nombre", ACEPTADOS)
@pytest.mark.parametrize("llega_como", ["{}", "sin nombre útil", "{}.exe"])
def test_se_acepta_por_contenido_y_se_entrega_como_adjunto(g, client, nombre, llega_como):
    contenido, tipo = ACEPTADOS[nombre]
    if tipo.startswith("text/"):
        llega_como = "{}"  # of a text only its name says what it is
    caso = g.hasta(Estado.EN_CONTACTO)
    adjuntar(g, caso, llega_como.format(nombre), contenido)
    adjunto = Adjunto.objects.get()
    assert (adjunto.tipo, adjunto.tamano) == (tipo, len(contenido))
    assert adjunto.nombre == (
        nombre if "{}" in llega_como else "sin nombre útil" + Path(nombre).suffix
    )
    assert nombre not in adjunto.archivo.name
    client.force_login(g.p.ventas)
    respuesta = client.get(f"/archivos/{adjunto.pk}/")
    assert b"".join(respuesta.streaming_content) == contenido
    assert respuesta["Content-Type"] == tipo
    assert respuesta["Content-Disposition"].startswith("attachment;")
    assert respuesta["X-Content-Type-Options"] == "nosniff"
    assert respuesta["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_la_ayuda_y_el_selector_nombran_lo_que_se_acepta():
    campo = CampoArchivo()
    for nombre in ACEPTADOS:
        assert Path(nombre).suffix in campo.widget.attrs["accept"].split(",")
    for palabra in ("PDF", "imagen", "Word", "Excel", "PowerPoint", "correo", "CFDI", "texto"):
        assert palabra in campo.help_text


def rechazo_de(g, nombre, contenido) -> str:
    """What is said beside the field; nothing of the act was done and no file stays."""
    caso = g.hasta(Estado.EN_CONTACTO)
    eventos = Evento.objects.count()
    with rechazada() as error:
        adjuntar(g, caso, nombre, contenido)
    [falta] = error.value.faltas
    assert falta.campo == "archivo"
    assert (Evento.objects.count(), Adjunto.objects.count()) == (eventos, 0)
    assert guardados() == []
    return falta.mensaje


def guardados() -> list[Path]:
    return [p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()]


@pytest.mark.parametrize(
    ("nombre", "contenido", "dice"),
    [
        ("a.pdf", b"<html><script>alert(1)</script></html>", "página o un dibujo de internet"),
        ("a.docx", m.empacar({"cualquiera.txt": "x"}), "comprimido"),
        ("a.docx", m.empacar({"word/document.xml": m.documento()}), "comprimido"),
        ("a.docx", m.office("docm"), "macros"),
        ("a.zip", b"PK\x03\x04 no es un zip", "dañado"),
        ("a.pdf", m.PDF + b"x" * TAMANO_MAXIMO, "más de 10 MB"),
        ("a.pdf", b"", "vacío"),
        ("a.docx", m.cfb({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "tiene contraseña"),
        ("a.doc", m.cfb({"WordDocument": b"x"}), "guárdalo como .docx"),
    ],
)
def test_se_rechaza_y_no_queda_nada(g, nombre, contenido, dice):
    assert dice in rechazo_de(g, nombre, contenido)


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
        ("ñ" * 300 + ".pdf", "ñ" * 146 + ".pdf"),
        ("Contrato " * 40 + "firmado.PDF", ("Contrato " * 40)[:146].strip() + ".pdf"),
        ("a" * 2000 + ".pdf.exe", "a" * 146 + ".pdf"),
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
    with probando(Caso.objects.values_list("pk", flat=True), Prueba.Motivo.RECUENTO):
        Adjunto.objects.update(archivo="../../../etc/hostname")
    [falla] = revisar_bitacora()
    assert "no está en la carpeta" in falla
