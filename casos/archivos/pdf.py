"""PDF: what would run at whoever opens it is looked for, also where it is packed. It is never drawn.

Not parsed: readers forgive each its own faults, so a parser would see another document than they do.
Names are looked for in the whole of the bytes, and in every packed piece that may hold objects.
"""

import io
import re
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from casos.al_usarse import AlUsarse
from casos.paquetes import MEGA

from .tipos import CABEZAS_QUE_CORREN, DANADO, NOMBRE_QUE_CORRE, PDF, ArchivoRechazado, Tipo

pypdf = AlUsarse("pypdf")
HASTA_LA_CABEZA = 1024  # readers look for it that far
DESEMPACADO_MAXIMO = 200 * MEGA
PEDAZO_MAXIMO = 50 * MEGA
PEDAZOS_MAXIMOS = 100_000
OBJETOS_MAXIMOS = 10_000  # packed pieces of objects, each of a hundred or so
MUESTRA = 4096

CON_JAVASCRIPT = (
    "El PDF lleva un programa (JavaScript o abrir otro): imprímelo como PDF y sube esa copia."
)
CON_PROGRAMA = "El PDF lleva adjunto un programa: imprímelo como PDF y sube esa copia."
CON_CONTRASENA = "El PDF pide contraseña para abrirse: guárdalo sin contraseña y sube ese."
DEMASIADO_GRANDE = "El PDF es demasiado grande por dentro: imprímelo como PDF y sube esa copia."
OTRA_ESCRITURA = (
    "El PDF está escrito de una forma que no se puede revisar: imprímelo como PDF y sube esa copia."
)


def _nombre(*cuales: str) -> re.Pattern[bytes]:
    """Any of these names, each letter as it is or escaped: ``/J#61vaScript`` is a name too."""
    formas = (
        "".join(f"(?:{letra}|#{ord(letra):02x}|#{ord(letra):02X})" for letra in c) for c in cuales
    )
    return re.compile(rf"/(?:{'|'.join(formas)})(?![A-Za-z0-9_.#-])".encode())


ACTIVO = _nombre("JavaScript", "Launch", "JS")
# Three letters come up by chance in a packed picture; an action must name itself besides.
ACTIVO_EN_CRUDO = _nombre("JavaScript", "Launch")
MEDIOS = _nombre("Rendition")  # it may run what it carries beside what it plays
CIFRADO = _nombre("Encrypt")
CON_OBJETOS_EMPACADOS = _nombre("ObjStm")
FORMA_XFA = _nombre("XFA")
PROGRAMA_XFA = re.compile(rb"<(?:\w{1,20}:)?script\b", re.IGNORECASE)
_PEDAZO = re.compile(rb"(?<!end)stream[ \t]*\r?\n?")
# Objects in a packed piece: the number and the place of each come first.
_BLANCO = rb"(?:[\s\0]|%[^\r\n]{0,200}[\r\n])"
_CON_OBJETOS = re.compile(_BLANCO + rb"*[+-]?\d{1,9}" + _BLANCO + rb"+[+-]?\d{1,9}[\s\0%]")
_OTRO_EMPAQUE = _nombre(
    "LZWDecode", "LZW", "ASCII85Decode", "A85", "ASCIIHexDecode", "AHx", "RunLengthDecode", "RL"
)
# A file by its name, as letters or as their numbers.
_ARCHIVO = re.compile(rb"/U?F\s{0,9}(?:\(([^()\r\n]{1,300})\)|<([0-9A-Fa-f\s]{2,1200})>)")


def reconocer(archivo: BinaryIO) -> Tipo:
    """Raises ``ArchivoRechazado``. Who calls has seen that it begins as one."""
    archivo.seek(0)
    crudo = archivo.read()
    if ACTIVO_EN_CRUDO.search(crudo) or (MEDIOS.search(crudo) and ACTIVO.search(crudo)):
        raise ArchivoRechazado(CON_JAVASCRIPT)
    if _nombra_un_programa(crudo):
        raise ArchivoRechazado(CON_PROGRAMA)
    if _objetos_de_otro_empaque(crudo):
        raise ArchivoRechazado(OTRA_ESCRITURA)
    xfa, programa = bool(FORMA_XFA.search(crudo)), bool(PROGRAMA_XFA.search(crudo))
    for pedazo in _objetos_empacados(crudo):
        if pedazo.lstrip()[:1] == b"<":
            programa = programa or bool(PROGRAMA_XFA.search(pedazo))
        else:
            xfa = _sin_nada_activo(pedazo) or xfa
    if xfa and programa:
        raise ArchivoRechazado(CON_JAVASCRIPT)
    if CIFRADO.search(crudo):
        _de_uno_cifrado(crudo)
    return PDF


def _pares(cifras: bytes) -> str:
    """Hexadecimal digits, with the zero that the last one may leave out."""
    juntas = b"".join(cifras.split()).decode()
    return juntas + "0" * (len(juntas) % 2)


def _nombra_un_programa(crudo: bytes) -> bool:
    for hallado in _ARCHIVO.finditer(crudo):
        nombre = hallado[1] or bytes.fromhex(_pares(hallado[2]))
        dicho = nombre.replace(b"\0", b"").decode("latin-1")
        # An address of the web ends in .com too.
        if NOMBRE_QUE_CORRE.search(dicho) and "://" not in dicho and not dicho.startswith("www."):
            return True
    return False


def _sin_nada_activo(objetos: bytes) -> bool:
    """Raises on what runs; says whether there is a form of the other kind, with its own programs."""
    if ACTIVO.search(objetos):
        raise ArchivoRechazado(CON_JAVASCRIPT)
    if _nombra_un_programa(objetos):
        raise ArchivoRechazado(CON_PROGRAMA)
    return bool(FORMA_XFA.search(objetos))


def _objetos_empacados(crudo: bytes) -> Iterator[bytes]:
    """What is unpacked of every piece that may hold objects, or XML; of a program, the refusal."""
    vista, cabe, vistos = memoryview(crudo), DESEMPACADO_MAXIMO, 0
    for hallado in _PEDAZO.finditer(crudo):
        inicio = hallado.end()
        if not _es_zlib(crudo[inicio : inicio + 2]):
            if crudo.startswith((b"\x7fELF", b"MZ\x90"), inicio):
                raise ArchivoRechazado(CON_PROGRAMA)
            continue
        vistos += 1
        if vistos > PEDAZOS_MAXIMOS:
            raise ArchivoRechazado(DEMASIADO_GRANDE)
        desempacar = zlib.decompressobj()
        try:
            muestra = desempacar.decompress(vista[inicio : inicio + MUESTRA], MUESTRA)
        except zlib.error:
            continue
        if muestra.startswith(CABEZAS_QUE_CORREN) and not muestra.startswith(b"MZ "):
            raise ArchivoRechazado(CON_PROGRAMA)
        if not (muestra.lstrip()[:1] == b"<" or _CON_OBJETOS.match(muestra)):
            continue
        pedazo = muestra + _lo_demas(
            desempacar, vista[inicio + MUESTRA :], min(cabe, PEDAZO_MAXIMO)
        )
        cabe -= len(pedazo)
        yield pedazo


def _lo_demas(desempacar: Any, vista: memoryview, cabe: int) -> bytes:
    partes, resto, pos = [], desempacar.unconsumed_tail, 0
    try:
        while not desempacar.eof and (resto or pos < len(vista)):
            if not resto:
                resto, pos = vista[pos : pos + 65536], pos + 65536
            partes.append(desempacar.decompress(resto, MEGA))
            resto = desempacar.unconsumed_tail
            cabe -= len(partes[-1])
            if cabe < 0:
                raise ArchivoRechazado(DEMASIADO_GRANDE)
    except zlib.error:
        pass  # a reader shows what came before the fault, so that is looked at
    return b"".join(partes)


def _es_zlib(dos: bytes) -> bool:
    return len(dos) == 2 and dos[0] & 0x0F == 8 and int.from_bytes(dos, "big") % 31 == 0


def _objetos_de_otro_empaque(crudo: bytes) -> bool:
    """Objects packed as no program packs them: nothing honest is lost, and there is nothing to see."""
    for n, hallado in enumerate(CON_OBJETOS_EMPACADOS.finditer(crudo)):
        if n > OBJETOS_MAXIMOS:
            raise ArchivoRechazado(DEMASIADO_GRANDE)
        desde = max(0, hallado.start() - 2000)
        desde = max(desde, crudo.rfind(b"obj", desde, hallado.start()))
        hasta = crudo.find(b"stream", hallado.end(), hallado.end() + 2000)
        if _OTRO_EMPAQUE.search(crudo, desde, hasta if hasta > 0 else hallado.end() + 2000):
            return True
    return False


def _de_uno_cifrado(crudo: bytes) -> None:
    """One that anybody opens and only its owner edits is as good as any; its packed objects are decrypted.

    Who only says that it is one is looked at like any other besides.
    """
    try:
        lector = pypdf.PdfReader(io.BytesIO(crudo), strict=False)
        if lector.is_encrypted and not lector.decrypt(""):
            raise ArchivoRechazado(CON_CONTRASENA)
        numeros = {donde for donde, _ in lector.xref_objStm.values()}
        if len(numeros) > OBJETOS_MAXIMOS:
            raise ArchivoRechazado(DEMASIADO_GRANDE)
        cabe = DESEMPACADO_MAXIMO
        for numero in numeros:
            pedazo: Any = lector.get_object(numero)
            objetos = pedazo.get_data()
            _sin_nada_activo(objetos)
            cabe -= len(objetos)
            if cabe < 0:
                raise ArchivoRechazado(DEMASIADO_GRANDE)
    except ArchivoRechazado:
        raise
    except Exception as error:  # whatever it meets in one that is cut or turned
        raise ArchivoRechazado(DANADO) from error
