"""Compound files (``D0CF11E0``): Outlook's mails, which are accepted, and what is not, each with its way out."""

import io
from collections.abc import Iterable
from typing import BinaryIO

import olefile

from .tipos import (
    ADJUNTO_QUE_CORRE,
    CABEZAS_QUE_CORREN,
    DANADO,
    INCRUSTADO,
    MSG,
    NO_SE_ACEPTA,
    NOMBRE_QUE_CORRE,
    ArchivoRechazado,
    Tipo,
)

FIRMA = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CON_CONTRASENA = "El archivo tiene contraseña: guárdalo sin contraseña y sube ese."
# The stream that each program keeps its own in.
VIEJOS = {
    "worddocument": "Es de Word 97-2003: ábrelo y guárdalo como .docx.",
    "workbook": "Es de Excel 97-2003: ábrelo y guárdalo como .xlsx.",
    "book": "Es de Excel 5 o 95: ábrelo y guárdalo como .xlsx.",
    "powerpoint document": "Es de PowerPoint 97-2003: ábrelo y guárdalo como .pptx.",
}
CIFRADO = ("encryptedpackage", "encryptioninfo")
DE_CORREO = ("__properties_version1.0", "__nameid_version1.0")
NO_SE_SABE = (
    "El archivo está dañado, tiene contraseña o es de Office 97-2003: ábrelo y guárdalo como .docx, .xlsx o "
    ".pptx, sin contraseña."
)
NOMBRES_DE_ADJUNTO = ("__substg1.0_3707", "__substg1.0_3704", "__substg1.0_3001")
DATOS_DE_ADJUNTO = "__substg1.0_37010102"


def reconocer(archivo: BinaryIO) -> Tipo:
    """Outlook's mail; raises ``ArchivoRechazado`` for any other, also for what is cut or turned."""
    archivo.seek(0)
    crudo = archivo.read()
    try:
        rutas = _rutas(crudo)
    except ArchivoRechazado:
        # Cut: what it was is still said by the names that are left.
        _de_office(nombre for nombre in (*CIFRADO, *VIEJOS) if _aparece(crudo, nombre))
        raise ArchivoRechazado(NO_SE_SABE) from None
    raiz = {ruta[0].casefold() for ruta in rutas}
    _de_office(raiz)
    if not raiz.intersection(DE_CORREO):
        raise ArchivoRechazado(NO_SE_ACEPTA if raiz else NO_SE_SABE)
    _sin_adjuntos_que_corren(crudo, rutas)
    return MSG


def _de_office(nombres: Iterable[str]) -> None:
    nombres = set(nombres)
    if nombres.intersection(CIFRADO):
        raise ArchivoRechazado(CON_CONTRASENA)
    for suyo, dice in VIEJOS.items():
        if suyo in nombres:
            raise ArchivoRechazado(dice)


def _aparece(crudo: bytes, nombre: str) -> bool:
    return nombre.encode("utf-16-le") in crudo.lower()


def sin_programas(crudo: bytes) -> None:
    """Of an object inside a document: another file carried whole, or macros."""
    for ruta in _rutas(crudo):
        if any(p.casefold().lstrip("\x01") == "ole10native" for p in ruta):
            raise ArchivoRechazado(INCRUSTADO)
        if any(p.casefold() in ("vba", "_vba_project", "_vba_project_cur", "macros") for p in ruta):
            raise ArchivoRechazado(INCRUSTADO)


def _rutas(crudo: bytes) -> list[list[str]]:
    with _abierto(crudo) as ole:
        try:
            return ole.listdir(streams=True, storages=True)
        except Exception as error:
            raise ArchivoRechazado(DANADO) from error


def _abierto(crudo: bytes) -> olefile.OleFileIO:
    try:
        return olefile.OleFileIO(io.BytesIO(crudo))
    except Exception as error:  # whatever it meets in one that is cut or turned
        raise ArchivoRechazado(DANADO) from error


def _sin_adjuntos_que_corren(crudo: bytes, rutas: list[list[str]]) -> None:
    with _abierto(crudo) as ole:
        for ruta in rutas:
            propio = ruta[-1].casefold()
            if len(ruta) < 2 or not propio.startswith((*NOMBRES_DE_ADJUNTO, DATOS_DE_ADJUNTO)):
                continue
            try:
                if ole.get_type(ruta) != olefile.STGTY_STREAM:
                    continue
                leido = ole.openstream(ruta).read()
            except Exception as error:
                raise ArchivoRechazado(DANADO) from error
            if propio == DATOS_DE_ADJUNTO:
                corre = leido.startswith(CABEZAS_QUE_CORREN)
            else:
                escritura = "utf-16-le" if propio.endswith("001f") else "latin-1"
                corre = bool(NOMBRE_QUE_CORRE.search(leido[:1024].decode(escritura, "replace")))
            if corre:
                raise ArchivoRechazado(ADJUNTO_QUE_CORRE)
