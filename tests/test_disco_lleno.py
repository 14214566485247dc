"""A file that the disk does not take: a sentence beside the field, the text kept, nothing half-written."""

import errno
import io
from html import unescape
from pathlib import Path

import pytest
from django import forms
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import IntegrityError
from openpyxl import Workbook

from casos.archivos import disco
from casos.catalogos import Estado, TipoImportacion
from casos.models import Adjunto, Cliente, Evento, Importacion
from casos.pasos import puerta
from casos.pasos.tabla import PASOS
from tests.escenarios import lograr
from tests.guion import contacto, fresco
from tests.muestras import PDF

from .guion import pedir, rechazada
from .test_archivos import adjuntar, guardados

FALLAS = {
    "lleno": errno.ENOSPC,
    "cuota": errno.EDQUOT,
    "solo lectura": errno.EROFS,
    "no responde": errno.EIO,
}


@pytest.fixture
def g(mundo, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return mundo


@pytest.fixture(params=list(FALLAS))
def falla(request, monkeypatch):
    """The disk writes half of the file and says no."""
    original = FileSystemStorage._save

    def a_medias(self, nombre, contenido):
        original(
            self,
            nombre,
            io.BytesIO(contenido.read(10)) and type(contenido)(io.BytesIO(b"a medias")),
        )
        raise OSError(FALLAS[request.param], "no cabe")

    monkeypatch.setattr(FileSystemStorage, "_save", a_medias)


def archivo():
    return SimpleUploadedFile("a.pdf", PDF)


CON_ARCHIVO = [n for n, paso in PASOS.items() if "archivo" in paso.formulario.base_fields]


@pytest.mark.parametrize("accion", CON_ARCHIVO)
@pytest.mark.parametrize("falla", ["lleno"], indirect=True)
def test_por_cada_puerta(g, client, falla, accion):
    """Drawn again from what is so: the case did not move, and what was typed is there."""
    pedido, _ = lograr(g, accion, todo=True)
    datos = {n: v for n, v in pedido.datos.items() if n != "ficha"}
    antes = (Evento.objects.count(), fresco(pedido.caso).version, fresco(pedido.caso).estado)
    puertas = [pedido.boton.url]
    client.force_login(pedido.usuario)
    for url in puertas:
        respuesta = client.post(url, datos | {"archivo": archivo()})
        assert respuesta.status_code == 422, url
        assert unescape(respuesta.text).count(disco.SIN_LUGAR) >= 1, url
        form = respuesta.context["form"]
        assert form.errors == {"archivo": [disco.SIN_LUGAR]}
        assert (
            Evento.objects.count(),
            fresco(pedido.caso).version,
            fresco(pedido.caso).estado,
        ) == antes
        for nombre, campo in form.fields.items():
            if type(campo) is forms.CharField and datos.get(nombre):
                assert datos[nombre] in unescape(respuesta.text), nombre
    assert not Adjunto.objects.exists() and guardados() == []


def test_de_cualquier_falla_del_disco(g, falla):
    caso = g.hasta(Estado.EN_CONTACTO)
    with rechazada(match="no se pudo guardar"):
        adjuntar(g, caso, "a.pdf", PDF)
    assert guardados() == [] and not Adjunto.objects.exists()


@pytest.mark.parametrize("falla", ["lleno"], indirect=True)
def test_al_importar(g, client, falla):
    libro, salida = Workbook(), io.BytesIO()
    libro.active.append(["Razón social", "RFC"])
    libro.active.append(["Ñandú", ""])
    libro.save(salida)
    client.force_login(g.p.gerente)
    subido = SimpleUploadedFile("clientes.xlsx", salida.getvalue())
    datos = {"tipo": TipoImportacion.CLIENTES, "archivo": subido}
    respuesta = client.post("/clientes/importar/", datos)
    assert respuesta.status_code == 422
    assert disco.SIN_LUGAR in respuesta.text and not Importacion.objects.exists()
    assert guardados() == [] and not Cliente.objects.filter(razon_social="Ñandú").exists()


def test_una_carpeta_en_la_que_no_se_escribe(g, settings, tmp_path):
    """No mock: where the folder should be there is a file."""
    (tmp_path / "adjuntos").write_text("estorbo")
    caso = g.hasta(Estado.EN_CONTACTO)
    with pytest.raises(puerta.Rechazo, match="no se pudo guardar"):
        adjuntar(g, caso, "a.pdf", PDF)
    assert not Adjunto.objects.exists()


def test_lo_que_falla_despues_no_deja_el_archivo(g, monkeypatch):
    """The file is written before the letters: when these fail, it is not left behind."""
    caso = g.hasta(Estado.EN_CONTACTO)
    monkeypatch.setattr("casos.pasos.consecuencias.encolar", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        adjuntar(g, caso, "a.pdf", PDF)
    assert guardados() == [] and not Adjunto.objects.exists()


def test_lo_que_se_intenta_otra_vez_guarda_uno(g, monkeypatch):
    """Another's row came first; the door tries again, with the same file, also a big one."""
    original, veces = puerta.escribir_consecuencias, []

    def choca_una_vez(en_curso):
        evento = original(en_curso)
        veces.append(1)
        if len(veces) == 1:
            raise IntegrityError("otro llegó antes")
        return evento

    monkeypatch.setattr(puerta, "escribir_consecuencias", choca_una_vez)
    caso = g.hasta(Estado.EN_CONTACTO)
    veces.clear()
    datos = contacto(persona=caso.persona_id) | {"version": caso.version}
    grande = TemporaryUploadedFile("a.pdf", "application/pdf", len(PDF), None)
    grande.write(PDF)
    grande.seek(0)
    pedir("registrar_contacto", g.p.ventas, caso=caso, datos=datos, archivos={"archivo": grande})
    assert [p.read_bytes() for p in guardados()] == [PDF]
    assert Path(Adjunto.objects.get().archivo.path) == guardados()[0]
