"""Where files are kept: whole or not at all."""

import hashlib
import logging
from contextlib import suppress
from typing import BinaryIO

from django.core.exceptions import SuspiciousOperation
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile

SIN_LUGAR = (
    "El archivo no se pudo guardar en el disco del sistema, y no quedó nada a medias: inténtalo más tarde o envía lo "
    "demás sin archivo. Avísale a quien administra el sistema."
)

registro = logging.getLogger(__name__)


class SinLugar(Exception):
    """It does not fit, or the disk cannot be written; ``str`` is what to say to the person."""

    def __init__(self) -> None:
        super().__init__(SIN_LUGAR)


def guardar(ruta: str, contenido: BinaryIO) -> str:
    """Write all of ``contenido``, and return the path it was given. Raises ``SinLugar``."""
    try:
        contenido.seek(0)
        # Of a plain file: one on its way in would be moved from where it is, and could not be tried again.
        return default_storage.save(ruta, File(contenido))
    except OSError as error:
        registro.error("No se pudo guardar un archivo: %s", error)
        borrar(ruta)
        raise SinLugar from error


def borrar(ruta: str) -> None:
    """What is not there, or cannot be removed now, is left to the nightly job."""
    with suppress(OSError):
        default_storage.delete(ruta)


def huella(archivo: FieldFile) -> str:
    """SHA-256 of its bytes today, a piece at a time. Raises ``OSError`` where they are not there or cannot be read."""
    suma = hashlib.sha256()
    try:
        with archivo.open("rb") as abierto:
            for trozo in abierto.chunks():
                suma.update(trozo)
    except (
        ValueError,
        SuspiciousOperation,
    ) as error:  # a row without its path, or one out of the folder
        raise OSError(str(error)) from None
    return suma.hexdigest()
