"""What a file is, by its bytes: the name and what a browser says of it only decide between texts."""

from typing import BinaryIO

from casos.paquetes import PaqueteRechazado

from . import compuestos, escritos, office, pdf
from .tipos import (
    CABEZAS_QUE_CORREN,
    HEIC,
    JPEG,
    NO_SE_ACEPTA,
    PNG,
    TIFF,
    WEBP,
    ArchivoRechazado,
    Tipo,
)

IMAGENES = {
    b"\x89PNG\r\n\x1a\n": PNG,
    b"\xff\xd8\xff": JPEG,
    b"II*\x00": TIFF,
    b"MM\x00*": TIFF,
}
MARCAS_HEIC = {
    b"heic",
    b"heix",
    b"heim",
    b"heis",
    b"hevc",
    b"hevx",
    b"hevm",
    b"hevs",
    b"mif1",
    b"msf1",
    b"heif",
}
COMPRIMIDOS = (
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf'\x1c",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"MSCF",
    b"PK",
)
VIDEO = "Es un video o un audio: no se acepta. Sube una captura de pantalla o el texto."
PROGRAMA = f"Es un programa: no se acepta. Sube {NO_SE_ACEPTA.partition('sube ')[2]}"


def reconocer(archivo: BinaryIO, nombre: str = "") -> Tipo:
    """The kind of a file that may be kept; leaves it at its start. Raises ``ArchivoRechazado``."""
    try:
        return _reconocer(archivo, nombre)
    except PaqueteRechazado as error:
        raise ArchivoRechazado(str(error)) from error
    finally:
        archivo.seek(0)


def _reconocer(archivo: BinaryIO, nombre: str) -> Tipo:
    archivo.seek(0)
    inicio = archivo.read(pdf.HASTA_LA_CABEZA + 8)
    for firma, tipo in IMAGENES.items():
        if inicio.startswith(firma):
            return tipo
    if inicio.startswith(b"RIFF") and inicio[8:12] == b"WEBP":
        return WEBP
    if inicio[4:8] == b"ftyp":
        if inicio[8:12].lower() in MARCAS_HEIC:
            return HEIC
        raise ArchivoRechazado(VIDEO)
    if inicio.startswith((b"ID3", b"OggS", b"\x1aE\xdf\xa3", b"RIFF")):
        raise ArchivoRechazado(VIDEO)
    if inicio.startswith(b"PK\x03\x04"):
        return office.reconocer(archivo)
    if inicio.startswith(compuestos.FIRMA):
        return compuestos.reconocer(archivo)
    if inicio.startswith(COMPRIMIDOS):
        raise ArchivoRechazado(office.COMPRIMIDO)
    if _empieza_un_pdf(inicio):
        return pdf.reconocer(archivo)
    archivo.seek(0)
    crudo = archivo.read()
    escrito = escritos.reconocer(crudo, nombre)
    if escrito is None:
        raise ArchivoRechazado(PROGRAMA if inicio.startswith(CABEZAS_QUE_CORREN) else NO_SE_ACEPTA)
    return escrito


def _empieza_un_pdf(inicio: bytes) -> bool:
    """Some programs and printers put blanks, or a line for the printer, before it; nobody puts a tag."""
    donde = inicio.find(b"%PDF-", 0, pdf.HASTA_LA_CABEZA + 5)
    antes = inicio[:donde] if donde > 0 else b""
    if b"<" in antes or antes.startswith(CABEZAS_QUE_CORREN):
        return False
    return donde == 0 or (
        donde > 0 and (not antes.strip(b"\xef\xbb\xbf \r\n\t\0") or b"@PJL" in antes)
    )
