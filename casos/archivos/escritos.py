"""What is written in letters: mails, CFDI, plain text; and HTML, scripts and other XML, which are not taken in."""

import re
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import collapse_rfc2231_value
from urllib.parse import unquote
from xml.parsers.expat import ExpatError, ParserCreate

from .tipos import (
    ADJUNTO_QUE_CORRE,
    CABEZAS_QUE_CORREN,
    CFDI,
    CSV,
    DANADO,
    EML,
    NOMBRE_QUE_CORRE,
    TEXTO,
    ArchivoRechazado,
    Tipo,
)

CABEZA_MAXIMA = 256 * 1024
HONDURA_MAXIMA = 200
SAT = re.compile(r"http://www\.sat\.gob\.mx/cfd/\d\Z")
DE_NAVEGADOR = ("http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg")
XML = "De los archivos .xml solo se acepta una factura (CFDI del SAT)."
CFDI_CON_MAS = (
    "La factura lleva instrucciones que no son del SAT (DOCTYPE, hoja de estilo o programa): descárgala otra "
    "vez del portal del SAT."
)
PAGINA = "Es una página o un dibujo de internet (HTML o SVG): imprímela como PDF y sube ese."
RTF = "Es de texto enriquecido (RTF): ábrelo y guárdalo como .docx."
PROGRAMA = "Es un programa o un archivo de órdenes: no se acepta."
DDE = "La lista trae fórmulas que piden datos a otro programa (DDE): quítalas y súbela otra vez."

_RENGLON_DE_CABEZA = re.compile(rb"([!-9;-~]{1,76})[ \t]*:[ \t]*")
QUIEN = {b"from", b"sender", b"resent-from", b"return-path"}
QUE = {
    b"to",
    b"cc",
    b"bcc",
    b"subject",
    b"date",
    b"received",
    b"message-id",
    b"mime-version",
    b"delivered-to",
}
_MARCADO = re.compile(
    rb"<(?:!doctype|html|svg|script|head|body|\?php|iframe|object|meta|xsl:|\w{1,20}:?svg)", re.I
)
_CIERRA = re.compile(rb"</|/>|<[?!]")
_DE_ORDENES = re.compile(
    rb"#!\s*/|@echo\b|<\?php|<%|<job|Windows Registry Editor|\[InternetShortcut\]", re.I
)
# A sheet would ask another program for it as it opens.
_FORMULA_DDE = re.compile(
    r"""(?:^|[,;\t\r\n])[ ]{0,9}["']?[ ]{0,9}[=+@-][^,;\t\r\n|]{0,200}(?<=[\w"')])\|[^,;\t\r\n!]{0,500}!"""
)
_NO_SE_LEE = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


def reconocer(crudo: bytes, nombre: str) -> Tipo | None:
    """``None`` for what is no text at all. Raises ``ArchivoRechazado``."""
    plano = _en_letras(crudo[:4096])
    # «<Juan Pérez> Hola»
    dialogo = (
        nombre.casefold().endswith(".txt")
        and not _MARCADO.search(plano)
        and not _CIERRA.search(plano)
    )
    if plano.startswith(b"<") and not dialogo and not _DE_ORDENES.match(plano):
        return _marcado(crudo, plano)
    if plano.startswith(b"{\\rtf"):
        raise ArchivoRechazado(RTF)
    if _DE_ORDENES.match(plano):
        raise ArchivoRechazado(PROGRAMA)
    if es_correo(crudo):
        if _lleva_un_programa(crudo):
            raise ArchivoRechazado(ADJUNTO_QUE_CORRE)
        return EML
    return _texto(crudo, nombre)


def _lleva_un_programa(crudo: bytes) -> bool:
    """By the name of any part, whole or in pieces, and by its first bytes; what cannot be read does not pass."""
    try:
        return any(_es_programa(parte) for parte in message_from_bytes(crudo).walk())
    except (RecursionError, ValueError, LookupError, HeaderParseError, AttributeError, TypeError):
        return True


def _es_programa(parte: Message) -> bool:
    nombres = (parte.get_filename(), parte.get_param("name"))
    if any(_corre(collapse_rfc2231_value(n)) for n in nombres if n):
        return True
    if parte.is_multipart():
        return False
    contenido = parte.get_payload(decode=True)
    return isinstance(contenido, bytes) and contenido.lstrip().startswith(CABEZAS_QUE_CORREN)


def _corre(nombre: str) -> bool:
    """The name of an attachment, however its header writes it."""
    try:
        legible = str(make_header(decode_header(nombre)))
    except (ValueError, LookupError, HeaderParseError):
        legible = nombre
    return bool(NOMBRE_QUE_CORRE.search(unquote(legible)))


def _en_letras(inicio: bytes) -> bytes:
    """Its first letters, whatever the order of its bytes."""
    for marca in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        inicio = inicio.removeprefix(marca)
    return inicio.replace(b"\0", b"").lstrip()


def es_correo(crudo: bytes) -> bool:
    """The head of a message as RFC 5322 writes it: who it is from, and something else of it."""
    vistos = set()
    cabeza = crudo[:CABEZA_MAXIMA].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if cabeza.startswith(b"From "):
        cabeza = cabeza.partition(b"\n")[2]  # as a mailbox begins it
    for renglon in cabeza.split(b"\n"):
        renglon = renglon.rstrip(b"\r")
        if not renglon:
            break
        if renglon[:1] in b" \t":
            continue
        campo = _RENGLON_DE_CABEZA.match(renglon)
        if campo is None or b"\0" in renglon:
            return False
        vistos.add(campo[1].lower())
    return bool(vistos & QUIEN and vistos & QUE)


def _marcado(crudo: bytes, plano: bytes) -> Tipo:
    """A CFDI by its root; anything else that begins as XML or HTML is refused."""
    raices: list[str] = []
    ajeno, hondura = False, 0

    def empieza(etiqueta: str, atributos: dict) -> None:
        nonlocal ajeno, hondura
        if not raices:
            raices.append(etiqueta)
        hondura += 1
        ajeno = ajeno or etiqueta.startswith(DE_NAVEGADOR)
        if hondura > HONDURA_MAXIMA:
            raise ArchivoRechazado(CFDI_CON_MAS if _es_del_sat(raices[0]) else XML)

    def termina(_etiqueta: str) -> None:
        nonlocal hondura
        hondura -= 1

    def definiciones(de: str, *_: object) -> None:
        es_pagina = de.casefold() in ("html", "svg") or not plano.startswith(b"<?xml")
        raise ArchivoRechazado(PAGINA if es_pagina else CFDI_CON_MAS)

    def instruccion(que: str, _datos: str) -> None:
        nonlocal ajeno
        ajeno = ajeno or que == "xml-stylesheet"

    lector = ParserCreate(namespace_separator=" ")
    lector.StartElementHandler, lector.EndElementHandler = empieza, termina
    lector.StartDoctypeDeclHandler = definiciones
    lector.ProcessingInstructionHandler = instruccion
    try:
        for donde in range(0, len(crudo), 1 << 22):
            lector.Parse(crudo[donde : donde + (1 << 22)])
            if raices and not _es_del_sat(raices[0]):
                break
        else:
            lector.Parse(b"", True)
    except (ExpatError, ValueError, LookupError) as error:
        if raices and _es_del_sat(raices[0]):
            raise ArchivoRechazado(DANADO) from error
    if not raices or not _es_del_sat(raices[0]):
        raise ArchivoRechazado(PAGINA if _MARCADO.search(plano) else XML)
    if ajeno:
        raise ArchivoRechazado(CFDI_CON_MAS)
    return CFDI


def _es_del_sat(raiz: str) -> bool:
    espacio, _, nombre = raiz.rpartition(" ")
    return nombre == "Comprobante" and bool(SAT.match(espacio))


def _texto(crudo: bytes, nombre: str) -> Tipo | None:
    """Plain text, of which only the name says what it is for."""
    escritura = "utf-16" if crudo.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    try:
        texto = crudo.decode(escritura)
    except UnicodeDecodeError:
        texto = crudo.decode("cp1252", "replace")
    if _NO_SE_LEE.search(texto) or texto.count("\ufffd") > len(texto) // 100:
        return None
    nombre = nombre.casefold().strip(" .")
    if NOMBRE_QUE_CORRE.search(nombre):
        raise ArchivoRechazado(PROGRAMA)
    if nombre.endswith(CSV.extension):
        if _FORMULA_DDE.search(texto):
            raise ArchivoRechazado(DDE)
        return CSV
    return TEXTO if nombre.endswith(TEXTO.extension) else None
