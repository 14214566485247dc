"""Small files of every kind, made here: no program's own file is kept in the house."""

import io
import struct
import zlib
from email.message import EmailMessage
from functools import cache
from itertools import pairwise
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

CT = "http://schemas.openxmlformats.org/package/2006/content-types"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFICINA = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ESTRICTA = "http://purl.oclc.org/ooxml/officeDocument/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OOXML = "application/vnd.openxmlformats-officedocument."
PRINCIPAL = {
    "docx": f"{OOXML}wordprocessingml.document.main+xml",
    "xlsx": f"{OOXML}spreadsheetml.sheet.main+xml",
    "pptx": f"{OOXML}presentationml.presentation.main+xml",
    "docm": "application/vnd.ms-word.document.macroEnabled.main+xml",
    "dotx": f"{OOXML}wordprocessingml.template.main+xml",
}
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20
JPG = b"\xff\xd8\xff\xe0" + b"x" * 20
WEBP = b"RIFF\x20\0\0\0WEBPVP8 " + b"x" * 20
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"x" * 20
TIFF = b"II*\x00\x08\0\0\0" + b"x" * 20
EXE = b"MZ\x90\0\x03\0\0\0" + b"\0" * 200


def empacar(partes, *, metodo=ZIP_DEFLATED) -> bytes:
    salida = io.BytesIO()
    with ZipFile(salida, "w", metodo) as z:
        for nombre, contenido in partes.items():
            z.writestr(nombre, contenido)
    return salida.getvalue()


def relaciones(*filas: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{RELS}">{"".join(filas)}</Relationships>'


def relacion(tipo: str, a: str, *, fuera=False, familia=OFICINA, n=1) -> str:
    modo = ' TargetMode="External"' if fuera else ""
    return f'<Relationship Id="rId{n}" Type="{familia}/{tipo}" Target="{a}"{modo}/>'


def tipos(principal: str, parte: str, *mas: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="{CT}">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="{parte}" ContentType="{principal}"/>{"".join(mas)}</Types>'
    )


def documento(cuerpo="<w:p><w:r><w:t>Hola</w:t></w:r></w:p>") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{W}"><w:body>{cuerpo}</w:body></w:document>'


def office(
    clase="docx", parte="/word/document.xml", *, familia=OFICINA, cuerpo=None, mas=(), **otras
) -> bytes:
    """A package of the least that opens; ``otras``: parts beside it, ``a__b`` for ``a/b``."""
    partes = {
        "[Content_Types].xml": tipos(PRINCIPAL[clase], parte, *mas),
        "_rels/.rels": relaciones(relacion("officeDocument", parte.lstrip("/"), familia=familia)),
        parte.lstrip("/"): documento() if cuerpo is None else cuerpo,
    }
    return empacar(partes | otras.get("partes", {}))


def con_relacion(tipo, a, *, parte="word/_rels/document.xml.rels", **mas) -> bytes:
    return office(partes={parte: relaciones(relacion(tipo, a, **mas))})


@cache
def xlsx() -> bytes:
    libro, salida = Workbook(), io.BytesIO()
    libro.active.append(["Razón social", "RFC"])
    libro.save(salida)
    return salida.getvalue()


def cfb(flujos: dict[str, bytes]) -> bytes:
    """A compound file of one level of storages (``adjunto/flujo``), small enough for one sector of table."""
    nodos: list[dict] = [{"n": "Root Entry", "t": 5, "h": []}]
    for ruta, dato in flujos.items():
        padre = 0
        *carpetas, nombre = ruta.split("/")
        for carpeta in carpetas:
            hallado = next((i for i in nodos[padre]["h"] if nodos[i]["n"] == carpeta), None)
            if hallado is None:
                nodos.append({"n": carpeta, "t": 1, "h": []})
                hallado = len(nodos) - 1
                nodos[padre]["h"].append(hallado)
            padre = hallado
        nodos.append({"n": nombre, "t": 2, "h": [], "d": dato + b"\0" * max(0, 4096 - len(dato))})
        nodos[padre]["h"].append(len(nodos) - 1)
    sectores_dir = -(-len(nodos) * 128 // 512)
    fat = [0xFFFFFFFD, *range(2, sectores_dir + 1), 0xFFFFFFFE]
    datos = b""
    for nodo in nodos:
        if "d" in nodo:
            nodo["s"], cuantos = len(fat), -(-len(nodo["d"]) // 512)
            fat += [*range(len(fat) + 1, len(fat) + cuantos), 0xFFFFFFFE]
            datos += nodo["d"].ljust(cuantos * 512, b"\0")
    assert len(fat) <= 128
    for nodo in nodos:  # brothers hang one from the other, to the right
        nodo["hijo"] = nodo["h"][0] if nodo["h"] else 0xFFFFFFFF
        for uno, otro in pairwise(nodo["h"]):
            nodos[uno]["der"] = otro
    directorio = b""
    for nodo in nodos:
        nombre = nodo["n"].encode("utf-16-le") + b"\0\0"
        directorio += struct.pack(
            "<64sHBBLLL16sLQQLQ", nombre, len(nombre), nodo["t"], 1, 0xFFFFFFFF,
            nodo.get("der", 0xFFFFFFFF), nodo["hijo"], b"", 0, 0, 0,
            nodo.get("s", 0xFFFFFFFE), len(nodo.get("d", b"")),
        )  # fmt: skip
    vacia = struct.pack("<64sHBBLLL16sLQQLQ", b"", 0, 0, 0, *[0xFFFFFFFF] * 3, b"", 0, 0, 0, 0, 0)
    while len(directorio) % 512:
        directorio += vacia
    cabeza = struct.pack(
        "<8s16sHHHHHHLLLLLLLLLL", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, 0, 0,
        0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0,
    ) + struct.pack("<L", 0) + b"\xff" * (108 * 4)  # fmt: skip
    tabla = struct.pack("<128L", *fat, *[0xFFFFFFFF] * (128 - len(fat)))
    return cabeza + tabla + directorio + datos


MSG = cfb({"__properties_version1.0": b"x", "__substg1.0_0037001F": "Asunto".encode("utf-16-le")})


def eml(adjunto: str | None = None) -> bytes:
    carta = EmailMessage()
    carta["From"], carta["To"] = "Ana <ana@cliente.mx>", "ventas@empresa.mx"
    carta["Subject"] = "Renegociación"
    carta.set_content("Aceptamos la propuesta.")
    if adjunto:
        carta.add_attachment(b"x", maintype="application", subtype="octet-stream", filename=adjunto)
    return carta.as_bytes()


def cfdi(version=4, antes="", dentro="") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{antes}<cfdi:Comprobante Version="4.0" '
        f'xmlns:cfdi="http://www.sat.gob.mx/cfd/{version}"><cfdi:Emisor Nombre="Ñandú"/>{dentro}</cfdi:Comprobante>'
    ).encode()


CHAT = "\u200e[12/3/26, 10:15:02] Ana: Sí, aceptamos <Multimedia omitido>\r\n".encode()


def pdf(objetos="", *, empacados="", cola="") -> bytes:
    """A PDF with objects in clear, and others in a packed piece."""
    cuerpo = f"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /OpenAction [3 0 R /Fit] >>\nendobj\n{objetos}\n".encode()
    if empacados:
        dentro = zlib.compress(f"7 0 {empacados}".encode())
        cuerpo += (
            (
                b"5 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n"
                % len(dentro)
            )
            + dentro
            + b"\nendstream\nendobj\n"
        )
    return cuerpo + f"trailer << /Root 1 0 R {cola} >>\n%%EOF\n".encode()
