"""The firm's scanner (``CLAMD_URL``), against a small one that speaks as clamd does."""

import socket
import struct
import threading
from contextlib import contextmanager

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile

from casos.archivos import antivirus
from casos.models import Adjunto
from seguimiento import entorno
from tests.guion import Guion
from tests.muestras import PDF

from .guion import formulario
from .test_archivos import adjuntar, rechazo_de
from .test_entradas_malas import relleno

VIRUS = PDF + b"EICAR"


class Clamd(threading.Thread):
    """Listens on loopback; ``modo`` says how it answers."""

    def __init__(self, escucha: socket.socket, modo: str):
        super().__init__(daemon=True)
        self.escucha, self.modo, self.recibidos = escucha, modo, []

    def run(self):
        while True:
            try:
                conexion, _ = self.escucha.accept()
            except OSError:
                return
            with conexion:
                self.atender(conexion)

    def atender(self, conexion):
        if self.modo == "cierra":
            return
        flujo = conexion.makefile("rb")
        assert flujo.read(10) == b"zINSTREAM\0"
        leido = b""
        while largo := struct.unpack("!L", flujo.read(4))[0]:
            leido += flujo.read(largo)
            if self.modo == "es mucho":
                conexion.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.recibidos.append(leido)
        if self.modo == "calla":
            flujo.read(1)
        elif self.modo == "gotea":
            for letra in b"stream: OK\0":
                conexion.sendall(bytes([letra]))
        elif self.modo == "raro":
            conexion.sendall(b"UNKNOWN COMMAND\0")
        else:
            malo = b"EICAR" in leido
            conexion.sendall(b"stream: Eicar-Test-Signature FOUND\0" if malo else b"stream: OK\0")


@contextmanager
def clamd(settings, modo="bien", ruta=None):
    escucha = socket.socket(socket.AF_UNIX if ruta else socket.AF_INET)
    escucha.bind(str(ruta) if ruta else ("127.0.0.1", 0))
    escucha.listen()
    settings.CLAMD = str(ruta) if ruta else escucha.getsockname()
    servidor = Clamd(escucha, modo)
    servidor.start()
    yield servidor
    # Who waits in accept is woken by it; close alone would leave it there.
    escucha.shutdown(socket.SHUT_RDWR)
    escucha.close()
    servidor.join(5)


@pytest.fixture
def g(personas, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "archivos"
    return Guion(personas)


@pytest.mark.parametrize("por", ["tcp", "unix"])
def test_lo_limpio_pasa_entero_y_lo_infectado_no(g, settings, tmp_path, por):
    grande = PDF + b"x" * 300_000
    with clamd(settings, ruta=tmp_path / "clamd.sock" if por == "unix" else None) as servidor:
        adjuntar(g, g.hasta("EN_CONTACTO"), "a.pdf", grande)
        assert servidor.recibidos == [grande]
        assert Adjunto.objects.get().tamano == len(grande)
        Adjunto.objects.get().archivo.delete(save=False)
        Adjunto.objects.all().delete()
        dicho = rechazo_de(g, "a.pdf", VIRUS)
    assert "Eicar-Test-Signature" in dicho and "no lo abras" in dicho


def test_contesta_letra_por_letra(g, settings):
    with clamd(settings, "gotea"):
        adjuntar(g, g.hasta("EN_CONTACTO"), "a.pdf", PDF)
    assert Adjunto.objects.count() == 1


@pytest.mark.parametrize("modo", ["cierra", "calla", "raro", "es mucho"])
def test_si_no_dice_que_esta_limpio_no_se_guarda(g, settings, monkeypatch, modo):
    monkeypatch.setattr(antivirus, "SEGUNDOS", 1)
    with clamd(settings, modo):
        assert antivirus.SIN_REVISAR in rechazo_de(g, "a.pdf", PDF + b"x" * 200_000)


def test_si_no_esta_se_dice_y_no_se_pierde_lo_escrito(g, settings, client, tmp_path):
    settings.CLAMD = str(tmp_path / "no-esta.sock")
    caso = g.hasta("EN_CONTACTO")
    datos = relleno(formulario("registrar_contacto", g.p.ventas, caso))
    client.force_login(g.p.ventas)
    archivo = SimpleUploadedFile("a.pdf", PDF)
    respuesta = client.post(
        f"/casos/{caso.folio}/registrar_contacto/",
        datos | {"archivo": archivo, "resumen": "Esto no se pierde."},
    )
    assert respuesta.status_code == 422
    assert antivirus.SIN_REVISAR in respuesta.text and "Esto no se pierde." in respuesta.text
    assert not Adjunto.objects.exists()


def test_sin_direccion_no_se_pregunta(g, settings, monkeypatch):
    assert settings.CLAMD is None
    monkeypatch.setattr(antivirus, "_preguntar", lambda _: pytest.fail("preguntó"))
    adjuntar(g, g.hasta("EN_CONTACTO"), "a.pdf", VIRUS)


@pytest.mark.parametrize(
    ("escrito", "queda"),
    [
        ("", None),
        ("tcp://clamav:3310", ("clamav", 3310)),
        ("tcp://clamav", ("clamav", 3310)),
        ("tcp://[::1]:9", ("::1", 9)),
        ("unix:///run/clamav/clamd.ctl", "/run/clamav/clamd.ctl"),
    ],
)
def test_la_direccion_se_lee(monkeypatch, escrito, queda):
    monkeypatch.setenv("CLAMD_URL", escrito)
    assert entorno.antivirus() == queda


@pytest.mark.parametrize(
    "escrito",
    ["clamav:3310", "http://clamav", "tcp://", "tcp://clamav:0", "tcp://clamav:x", "tcp://clamav:3310/x",
     "tcp://clamav?x=1", "unix://run/clamd", "unix:///", "unix:", "1", "tcp://[::1"],
)  # fmt: skip
def test_una_direccion_sin_sentido_detiene_el_arranque(monkeypatch, escrito):
    monkeypatch.setenv("CLAMD_URL", escrito)
    with pytest.raises(ImproperlyConfigured, match="CLAMD_URL"):
        entorno.antivirus()
