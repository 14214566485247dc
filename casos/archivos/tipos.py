"""The kinds of file that are accepted as evidence, in the words a person uses for them."""

import re
from dataclasses import dataclass


class ArchivoRechazado(Exception):
    """Why a file is not taken in, and what may be done, in a sentence for who brought it."""


@dataclass(frozen=True)
class Tipo:
    mime: str
    extension: str
    otras: tuple[str, ...] = ()  # endings under which it may come


_OOXML = "application/vnd.openxmlformats-officedocument."
PDF = Tipo("application/pdf", ".pdf")
PNG = Tipo("image/png", ".png")
JPEG = Tipo("image/jpeg", ".jpg", (".jpeg",))
WEBP = Tipo("image/webp", ".webp")
HEIC = Tipo("image/heic", ".heic", (".heif",))
TIFF = Tipo("image/tiff", ".tif", (".tiff",))
DOCX = Tipo(f"{_OOXML}wordprocessingml.document", ".docx")
XLSX = Tipo(f"{_OOXML}spreadsheetml.sheet", ".xlsx")
PPTX = Tipo(f"{_OOXML}presentationml.presentation", ".pptx")
EML = Tipo("message/rfc822", ".eml")
MSG = Tipo("application/vnd.ms-outlook", ".msg")
CFDI = Tipo("application/xml", ".xml")
TEXTO = Tipo("text/plain", ".txt")
CSV = Tipo("text/csv", ".csv")

ACEPTADOS = (PDF, PNG, JPEG, WEBP, HEIC, TIFF, DOCX, XLSX, PPTX, EML, MSG, CFDI, TEXTO, CSV)
POR_MIME = {t.mime: t for t in ACEPTADOS}
EN_EL_CAMPO = ",".join(e for t in ACEPTADOS for e in (t.extension, *t.otras))
SE_ACEPTAN = (
    "PDF, imagen (JPG, PNG, HEIC, TIFF o WebP), Word, Excel, PowerPoint, correo (.eml o .msg), "
    "factura CFDI (.xml) o texto (.txt o .csv)"
)
NO_SE_ACEPTA = f"Ese tipo de archivo no se acepta: sube {SE_ACEPTAN}."
DANADO = "El archivo está dañado: ábrelo, guárdalo de nuevo y vuelve a subirlo."
ADJUNTO_QUE_CORRE = (
    "El correo trae adjunto un programa: guarda el correo sin ese archivo, o como PDF."
)
INCRUSTADO = "El archivo lleva otro archivo incrustado que podría correr: quítalo, y si hace falta súbelo aparte."

# What the machine of who opens it would run.
_CORREN = (
    "exe|com|scr|pif|bat|cmd|ps1|psm1|vbs|vbe|js|jse|wsf|wsh|hta|msi|msp|mst|jar|lnk|reg|dll|cpl|iso|img|vhdx?|"
    "chm|url|scf|xll|one|docm|dotm|xlsm|xltm|xlam|xlsb|pptm|ppsm|appx|msix|sh|py"
)
NOMBRE_QUE_CORRE = re.compile(rf"\.(?:{_CORREN})[\s.\"'\x00]*$", re.IGNORECASE)
# A program of Windows, of Linux, of a Mac, of Java, and a shortcut.
CABEZAS_QUE_CORREN = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"L\x00\x00\x00\x01\x14\x02\x00",
)
