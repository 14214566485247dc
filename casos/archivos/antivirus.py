"""The firm's own scanner (``CLAMD_URL``): clamd's INSTREAM. Without one nothing is scanned, nor said to be."""

import logging
import socket
import struct
import time
from typing import Any, BinaryIO

from django.conf import settings

from .tipos import ArchivoRechazado

SEGUNDOS = 15  # for all of it: somebody waits on the page
TROZO = 1 << 16
INFECTADO = "El archivo tiene un virus ({}): no lo abras ni lo envíes. Avísale a quien administra el sistema."
SIN_REVISAR = "No se pudo revisar si el archivo tiene virus: inténtalo en unos minutos."

registro = logging.getLogger(__name__)


def revisar(archivo: BinaryIO) -> None:
    """Raises ``ArchivoRechazado`` where there is a virus, or nobody to say that there is none."""
    if settings.CLAMD is None:
        return
    try:
        dicho = _preguntar(archivo)
    except OSError as error:
        registro.error("clamd no contesta: %s", error)
        raise ArchivoRechazado(SIN_REVISAR) from error
    finally:
        archivo.seek(0)
    if dicho.endswith(" FOUND"):
        virus = dicho.removeprefix("stream: ").removesuffix(" FOUND")[:80]
        registro.warning("clamd halló %r en un archivo que se quiso subir.", virus)
        raise ArchivoRechazado(INFECTADO.format(virus))
    if dicho != "stream: OK":
        registro.error("clamd contestó: %r", dicho[:200])
        raise ArchivoRechazado(SIN_REVISAR)


def _preguntar(archivo: BinaryIO) -> str:
    """What the scanner says; ``OSError`` where it says nothing in time."""
    hasta = time.monotonic() + SEGUNDOS
    with _conectar() as conexion:
        archivo.seek(0)
        try:
            _enviar(conexion, b"zINSTREAM\0", hasta)
            while trozo := archivo.read(TROZO):
                _enviar(conexion, struct.pack("!L", len(trozo)) + trozo, hasta)
            _enviar(conexion, b"\0\0\0\0", hasta)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it answers before the end what is too long for it
        contestado = b""
        while not contestado.endswith(b"\0") and len(contestado) < 4096:
            conexion.settimeout(_quedan(hasta))
            recibido = conexion.recv(1024)
            if not recibido:
                break
            contestado += recibido
    if not contestado:
        raise ConnectionError("cerró sin contestar")
    return contestado.rstrip(b"\0\n").decode("utf-8", "replace")


def _conectar() -> socket.socket:
    donde: Any = settings.CLAMD
    if isinstance(donde, tuple):
        return socket.create_connection(donde, timeout=5)
    conexion = socket.socket(socket.AF_UNIX)
    try:
        conexion.settimeout(5)
        conexion.connect(donde)
    except OSError:
        conexion.close()
        raise
    return conexion


def _enviar(conexion: socket.socket, datos: bytes, hasta: float) -> None:
    conexion.settimeout(_quedan(hasta))
    conexion.sendall(datos)


def _quedan(hasta: float) -> float:
    segundos = hasta - time.monotonic()
    if segundos <= 0:
        raise TimeoutError("tardó demasiado")
    return segundos
