"""Word, Excel and PowerPoint by what their package says its main part is; and what must not come in one."""

import re
from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import unquote
from xml.parsers.expat import ExpatError, ParserCreate

from casos.paquetes import (
    DANADO,
    DEMASIADO_GRANDE,
    DOCUMENTO,
    MEGA,
    Paquete,
    abrir,
    nombre_de_parte,
)

from . import compuestos
from .tipos import (
    CABEZAS_QUE_CORREN,
    DOCX,
    INCRUSTADO,
    NO_SE_ACEPTA,
    PPTX,
    XLSX,
    ArchivoRechazado,
    Tipo,
)

TIPOS_DE_PARTES = "[content_types].xml"
RELACIONES = "_rels/.rels"
ETIQUETAS_MAXIMAS = 100_000
CON_CAMPOS_MAXIMO = 40 * MEGA
# Of the main part, after the name of the family; the strict and the usual form say the same.
PRINCIPALES = {
    "wordprocessingml.document.main": DOCX,
    "spreadsheetml.sheet.main": XLSX,
    "presentationml.presentation.main": PPTX,
    "presentationml.slideshow.main": PPTX,
}
PLANTILLA = "Es una plantilla: ábrela y guárdala como documento (.docx, .xlsx o .pptx)."
MACROS = "El archivo lleva macros: guárdalo sin macros (.docx, .xlsx o .pptx) y sube ese."
REMOTO = (
    "El archivo trae partes de otro lugar al abrirse (plantilla u objeto vinculado): cópialo a un "
    "archivo nuevo, o guárdalo como PDF, y sube ese."
)
CONTROLES = "El archivo lleva controles ActiveX: guárdalo como PDF y sube ese."
DDE = "El archivo pide datos a otro programa al abrirse (DDE): guárdalo como PDF y sube ese."
COMPRIMIDO = (
    "Es un archivo comprimido: sube cada archivo que lleva dentro. De un chat de WhatsApp, "
    "expórtalo «sin archivos»."
)
ODF = "Es de LibreOffice u OpenOffice: guárdalo como Word, Excel o PowerPoint (.docx, .xlsx, .pptx), o como PDF."

DE_MACROS = ("macroenabled", "vbaproject", "vbadata", "macrosheet")
NOMBRE_DE_MACROS = re.compile(rb"vbaproject\.bin|xl[/\\]macrosheets[/\\]", re.IGNORECASE)
VINCULOS_QUE_ABREN = {"attachedtemplate", "frame", "subdocument", "oleobject", "afchunk", "control",
                      "package", "vbaproject", "activexcontrolbinary"}  # fmt: skip
_AQUI = re.compile(r"(?:file:/{0,3})?[a-z]:[\\/]|(?![\\/]{2}|[a-z][a-z0-9+.-]*:)", re.IGNORECASE)
_OTRA_MAQUINA = re.compile(r"[\\/]{2}|file:[\\/]{4,}|file:[\\/]{2}(?![\\/]|[a-z]:)", re.IGNORECASE)
_ESQUEMA_RARO = re.compile(
    r"(?:mhtml|ms-[a-z]+|its|mk|javascript|vbscript|data|script|search-ms):", re.IGNORECASE
)
CAMPO_DDE = re.compile(r"\bDDE(?:AUTO)?\b", re.IGNORECASE)


def reconocer(archivo: BinaryIO) -> Tipo:
    """Raises ``ArchivoRechazado`` or ``PaqueteRechazado``."""
    with abrir(archivo, DOCUMENTO) as paquete:
        nombres = set(paquete.nombres)
        if TIPOS_DE_PARTES not in nombres:
            es_odf = "mimetype" in nombres and b"opendocument" in paquete.leer("mimetype", MEGA)
            raise ArchivoRechazado(ODF if es_odf else COMPRIMIDO)
        tipos = _tipos_de(paquete)
        tipo = _principal(paquete, tipos)
        _sin_macros(paquete, tipos)
        if tipo is None:
            raise ArchivoRechazado(_por_que_no(tipos))
        for nombre in paquete.nombres:
            if nombre.endswith(".rels"):
                _sin_vinculos(paquete, nombre)
            _sin_programas(paquete, nombre)
            _sin_dde(paquete, nombre)
        return tipo


def _tipos_de(paquete: Paquete) -> dict[str, str]:
    """What each part is said to be, by its name; by ``*.ending`` what those without a name are."""
    tipos = {}
    for etiqueta, atributos in _etiquetas(paquete.leer(TIPOS_DE_PARTES, 4 * MEGA)):
        tipo = atributos.get("ContentType", "").strip().casefold()
        if etiqueta == "Override":
            tipos[nombre_de_parte(atributos.get("PartName", ""))] = tipo
        elif etiqueta == "Default":
            tipos["*." + atributos.get("Extension", "").casefold()] = tipo
    return tipos


def _etiquetas(crudo: bytes) -> list[tuple[str, dict[str, str]]]:
    """Every element of a small part, with its attributes. Who called has looked for definitions."""
    halladas: list[tuple[str, dict[str, str]]] = []

    def empieza(nombre: str, atributos: dict[str, str]) -> None:
        if len(halladas) > ETIQUETAS_MAXIMAS:
            raise ArchivoRechazado(DEMASIADO_GRANDE)
        suyos = {k.rpartition(" ")[2]: v for k, v in atributos.items()}
        halladas.append((nombre.rpartition(" ")[2], suyos))

    lector = ParserCreate(namespace_separator=" ")
    lector.StartElementHandler = empieza
    try:
        lector.Parse(crudo, True)
    except ExpatError as error:
        raise ArchivoRechazado(DANADO) from error
    return halladas


def _tipo_de_parte(tipos: dict[str, str], parte: str) -> str:
    return tipos.get(parte) or tipos.get("*." + parte.rpartition(".")[2], "")


def _principal(paquete: Paquete, tipos: dict[str, str]) -> Tipo | None:
    """What the package opens as: the part its relations name first, or else the one that says so."""
    candidatas = []
    if RELACIONES in paquete.nombres:
        for etiqueta, atributos in _etiquetas(paquete.leer(RELACIONES)):
            de = atributos.get("Type", "").casefold().rstrip("/")
            if etiqueta == "Relationship" and de.endswith("/officedocument"):
                candidatas.append(nombre_de_parte(atributos.get("Target", "").removeprefix("./")))
    else:
        candidatas = [n for n in paquete.nombres if n in tipos]
    for parte in candidatas:
        dicho = _tipo_de_parte(tipos, parte)
        for principal, tipo in PRINCIPALES.items():
            if parte in paquete.nombres and principal in dicho:
                return tipo
    return None


def _por_que_no(tipos: dict[str, str]) -> str:
    if any(".template.main" in t for t in tipos.values()):
        return PLANTILLA
    if any(p in t for t in tipos.values() for p in PRINCIPALES):
        return DANADO
    return NO_SE_ACEPTA


def _sin_macros(paquete: Paquete, tipos: dict[str, str]) -> None:
    dichos = [*tipos.values(), *paquete.nombres]
    if any(m in d for d in dichos for m in DE_MACROS):
        raise ArchivoRechazado(MACROS)
    if any("activex" in d for d in dichos):
        raise ArchivoRechazado(CONTROLES)


def _sin_vinculos(paquete: Paquete, nombre: str) -> None:
    """An ordinary link waits to be pressed, a linked picture is a picture; the rest opens by itself."""
    for etiqueta, atributos in _etiquetas(paquete.leer(nombre, 16 * MEGA)):
        if etiqueta != "Relationship" or atributos.get("TargetMode", "").casefold() != "external":
            continue
        que = atributos.get("Type", "").rstrip("/").rpartition("/")[2].casefold()
        a_donde = unquote(atributos.get("Target", "")).strip()
        # The template of one's own disk is what Word writes of every letter on the firm's paper.
        abre = que in VINCULOS_QUE_ABREN and not (
            que == "attachedtemplate" and _AQUI.match(a_donde)
        )
        de_otra_maquina = que != "hyperlink" and _OTRA_MAQUINA.match(a_donde)
        raro = que != "hyperlink" and _ESQUEMA_RARO.match(a_donde)
        if abre or raro or (de_otra_maquina and "externallink" not in que):
            raise ArchivoRechazado(REMOTO)


def _sin_programas(paquete: Paquete, nombre: str) -> None:
    trozos = paquete.trozos(nombre)
    inicio = next(trozos, b"")
    if inicio.startswith(CABEZAS_QUE_CORREN) and not nombre.endswith(".xml"):
        raise ArchivoRechazado(INCRUSTADO)
    if inicio.startswith(b"PK\x03\x04"):
        # A package in a package: its index names its parts, whatever they are packed as.
        cola = b""
        for trozo in _con(inicio, trozos):
            if NOMBRE_DE_MACROS.search(cola + trozo):
                raise ArchivoRechazado(MACROS)
            cola = trozo[-32:]
    elif inicio.startswith(compuestos.FIRMA):
        compuestos.sin_programas(paquete.leer(nombre, DOCUMENTO.parte))


def _con(inicio: bytes, trozos: Iterator[bytes]) -> Iterator[bytes]:
    yield inicio
    yield from trozos


def _sin_dde(paquete: Paquete, nombre: str) -> None:
    """Fields of Word, put together from their pieces; links of Excel to another program."""
    if not nombre.endswith(".xml") and not nombre.startswith(("word/", "xl/")):
        return
    if nombre.startswith("xl/externallinks/"):
        if any(e in ("ddeLink", "oleLink") for e, _ in _etiquetas(paquete.leer(nombre, 16 * MEGA))):
            raise ArchivoRechazado(DDE)
        return
    cola, hay = b"", False
    for trozo in paquete.trozos(nombre):
        plano = trozo.replace(b"\0", b"")
        if not cola and not plano.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").startswith(b"<"):
            return
        hay = hay or b"nstr" in cola + plano
        cola = plano[-8:]
    if hay and CAMPO_DDE.search(_campos(paquete, nombre)):
        raise ArchivoRechazado(DDE)


def _campos(paquete: Paquete, nombre: str) -> str:
    """The instructions of every field of a part; a field begun in one run may end in another."""
    dichas: list[str] = []
    dentro = False

    def empieza(etiqueta: str, atributos: dict[str, str]) -> None:
        nonlocal dentro
        que = etiqueta.rpartition(" ")[2]
        dentro = que in ("instrText", "delInstrText")
        if que in ("fldSimple", "fldChar"):
            instr = next((v for k, v in atributos.items() if k.endswith("instr")), "")
            dichas.append(f" {instr} ")

    def termina(etiqueta: str) -> None:
        nonlocal dentro
        dentro = False

    def dice(texto: str) -> None:
        if dentro:
            dichas.append(texto)

    lector = ParserCreate(namespace_separator=" ")
    lector.StartElementHandler, lector.EndElementHandler = empieza, termina
    lector.CharacterDataHandler = dice
    try:
        # Whole: fed in pieces, a tag of megabytes would be gone over again with each.
        lector.Parse(paquete.leer(nombre, CON_CAMPOS_MAXIMO), True)
    except ExpatError as error:
        raise ArchivoRechazado(DANADO) from error
    return "".join(dichas)
