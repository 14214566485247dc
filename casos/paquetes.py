"""Packages of Office (ZIP of XML parts), gone through without believing what they say of themselves.

What a part weighs is counted while it is unpacked; no part is unpacked past its limit, nor kept.
What a package means is not read here, and there is no Django in here.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

MEGA = 1024 * 1024
TROZO = 1 << 15
RENGLON_DEL_INDICE = b"PK\x01\x02"  # of the central directory: one for each part
FALLAS = (
    BadZipFile,
    zlib.error,
    struct.error,
    ValueError,
    LookupError,
    OverflowError,
    OSError,
    RuntimeError,
    EOFError,
)


class PaqueteRechazado(ValueError):
    """Why a package is not taken in, in a sentence for who brought it."""


DANADO = "El archivo está dañado: ábrelo, guárdalo de nuevo y vuelve a subirlo."
CON_CONTRASENA = "El archivo tiene partes con contraseña: guárdalo sin contraseña."
DEMASIADO_GRANDE = (
    "El archivo es demasiado grande por dentro: deja solo lo necesario y guárdalo de nuevo."
)
DEMASIADAS_PARTES = (
    "El archivo tiene demasiadas partes por dentro: deja solo lo necesario y guárdalo de nuevo."
)
CON_DEFINICIONES = (
    "El archivo lleva por dentro definiciones (DOCTYPE) que no se aceptan: copia lo necesario a un "
    "archivo nuevo y sube ese."
)
OTRA_ESCRITURA = (
    "El archivo está escrito por dentro de una forma que no se lee: ábrelo y guárdalo de nuevo."
)


@dataclass(frozen=True)
class Limites:
    """Unpacked bytes in all and of one part, parts, and tags: of a part of data, of any other."""

    total: int
    parte: int
    partes: int
    marcas_de_datos: int
    marcas: int
    hondura: int = 5_000
    seguido: int | None = None  # bytes without a tag, or of one comment


# Of a workbook that is read. openpyxl keeps a whole row, and every style, as objects: 800,000 empty
# cells in one row are 240 MB of them.
LIBRO = Limites(20 * MEGA, 20 * MEGA, 2_000, 800_000, 100_000, seguido=2 * MEGA)
# Of a document that is kept as it came.
DOCUMENTO = Limites(200 * MEGA, 150 * MEGA, 5_000, 20_000_000, 20_000_000)

CON_DATOS = ("xl/worksheets/", "xl/sharedstrings")
PROHIBIDO = re.compile(rb"<!\s*(?:doctype|entity)", re.IGNORECASE)
LARGO_PROHIBIDO = 64
# Office writes UTF-8 or UTF-16; the others read like it as far as tags go.
ESCRITURAS = {"utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii",
              "iso-8859-1", "iso-8859-15", "latin1", "windows-1252"}  # fmt: skip
DECLARACION = re.compile(rb"""^<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']{0,40})""")


class Paquete:
    """An open package. Parts go by their name as Office compares them (``nombre_de_parte``)."""

    def __init__(self, zip_: ZipFile, limites: Limites):
        self._zip, self._limites = zip_, limites
        self._partes: dict[str, ZipInfo] = {}
        partes = [p for p in zip_.infolist() if not p.filename.endswith(("/", "\\"))]
        if len(partes) > limites.partes:
            raise PaqueteRechazado(DEMASIADAS_PARTES)
        for parte in partes:
            nombre = nombre_de_parte(parte.filename)
            # Of two with one name each program reads the one it likes.
            if nombre in self._partes:
                raise PaqueteRechazado(DANADO)
            if parte.flag_bits & 0x1:
                raise PaqueteRechazado(CON_CONTRASENA)
            # The others are unpacked by the whole block, however much that is.
            if parte.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                raise PaqueteRechazado(OTRA_ESCRITURA)
            self._partes[nombre] = parte

    @property
    def nombres(self) -> list[str]:
        return list(self._partes)

    def trozos(self, nombre: str) -> Iterator[bytes]:
        """A part in pieces, up to the limit of one; ``KeyError`` where there is none."""
        parte = self._partes[nombre]
        # Its own size would end the reading where it says, not where the part ends.
        sin_tamano = copy(parte)
        sin_tamano.file_size = 1 << 62
        leido = 0
        with self._zip.open(sin_tamano) as abierta:
            while trozo := abierta.read(TROZO):
                leido += len(trozo)
                if leido > self._limites.parte:
                    raise PaqueteRechazado(DEMASIADO_GRANDE)
                yield trozo
        if leido != parte.file_size:
            raise PaqueteRechazado(DANADO)

    def leer(self, nombre: str, maximo: int = MEGA) -> bytes:
        """A small part, whole."""
        leido = bytearray()
        for trozo in self.trozos(nombre):
            leido += trozo
            if len(leido) > maximo:
                raise PaqueteRechazado(DEMASIADO_GRANDE)
        return bytes(leido)

    def _revisar(self) -> None:
        total = 0
        for nombre in self._partes:
            cuenta = _Cuenta()
            tope = (
                self._limites.marcas_de_datos
                if nombre.startswith(CON_DATOS)
                else self._limites.marcas
            )
            for trozo in self.trozos(nombre):
                total += len(trozo)
                if total > self._limites.total:
                    raise PaqueteRechazado(DEMASIADO_GRANDE)
                cuenta.ver(trozo)
                if cuenta.marcas > tope or cuenta.hondura > self._limites.hondura:
                    raise PaqueteRechazado(DEMASIADO_GRANDE)
                if self._limites.seguido and cuenta.seguido > self._limites.seguido:
                    raise PaqueteRechazado(DEMASIADO_GRANDE)


class _Cuenta:
    """What is seen of one part as it goes by. What does not begin as XML is a picture, or the like."""

    def __init__(self) -> None:
        self.marcas = self.hondura = self.seguido = 0
        self._en_comentario = False
        self._es_xml: bool | None = None
        self._resto = b""

    def ver(self, trozo: bytes) -> None:
        # Without zero bytes UTF-16 reads the same.
        trozo = trozo.replace(b"\0", b"")
        if self._es_xml is None:
            self._es_xml = _empieza_como_xml(self._resto + trozo)
        if not self._es_xml:
            return
        cosido = self._resto + trozo
        if PROHIBIDO.search(cosido):
            raise PaqueteRechazado(CON_DEFINICIONES)
        self._resto = cosido[-LARGO_PROHIBIDO:]
        abren = trozo.count(b"<")
        self.marcas += abren
        cierran = 2 * trozo.count(b"</") + trozo.count(b"/>")
        self.hondura = max(0, self.hondura + abren - cierran)
        # A parser goes over a tag or a comment again with each piece of it that comes.
        abre = max(cosido.rfind(b"<!--"), cosido.rfind(b"<?"))
        cierra = max(cosido.rfind(b"-->"), cosido.rfind(b"?>"))
        self._en_comentario = abre > cierra or (self._en_comentario and cierra < 0)
        quieto = self._en_comentario or not abren
        self.seguido = self.seguido + len(trozo) if quieto else 0


def _empieza_como_xml(inicio: bytes) -> bool | None:
    """``None`` while only blanks have come."""
    sin_marca = (
        inicio.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    )
    sin_blancos = sin_marca.lstrip()
    if not sin_blancos:
        return None
    if not sin_blancos.startswith(b"<"):
        return False
    declarada = DECLARACION.match(sin_blancos)
    if declarada and declarada[1].decode("latin-1").strip().lower() not in ESCRITURAS:
        raise PaqueteRechazado(OTRA_ESCRITURA)
    return True


def nombre_de_parte(nombre: str) -> str:
    """``/Word\\Document.xml`` and ``word/document.xml`` are one part."""
    return unquote(nombre).replace("\\", "/").lstrip("/").casefold()


@contextmanager
def abrir(archivo: BinaryIO, limites: Limites = LIBRO) -> Iterator[Paquete]:
    """Go through the whole package, and hand it out for reading.

    Raises ``PaqueteRechazado``, also for what goes wrong while it is being read.
    """
    try:
        if _partes_del_indice(archivo, limites.partes * 4) > limites.partes * 4:
            raise PaqueteRechazado(DEMASIADAS_PARTES)
        archivo.seek(0)
        with ZipFile(archivo) as zip_:
            paquete = Paquete(zip_, limites)
            paquete._revisar()
            yield paquete
    except PaqueteRechazado:
        raise
    except FALLAS as error:
        raise PaqueteRechazado(DANADO) from error


def revisar(archivo: BinaryIO, limites: Limites = LIBRO) -> None:
    """What another library is about to open. Raises ``PaqueteRechazado``; leaves it at its start."""
    with abrir(archivo, limites):
        pass
    archivo.seek(0)


def _partes_del_indice(archivo: BinaryIO, hasta: int) -> int:
    """How many parts its index may list, counted before it is read into objects."""
    archivo.seek(0)
    vistas, cola = 0, b""
    while vistas <= hasta and (trozo := archivo.read(TROZO * 8)):
        vistas += (cola + trozo).count(RENGLON_DEL_INDICE)
        cola = trozo[-3:]
    return vistas
