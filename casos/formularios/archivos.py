"""Uploads: size and type limits by content, never by what the browser says (D§4.7)."""

import html
import re
import unicodedata
import zlib
from zipfile import BadZipFile, ZipFile

from django import forms

TAMANO_MAXIMO = 10 * 1024 * 1024
LARGO_NOMBRE = 150
FIRMAS = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ACEPTADOS = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx"
EXTENSIONES = dict(
    zip(
        [*FIRMAS.values(), *OFFICE.values()],
        (".pdf", ".png", ".jpg", ".docx", ".xlsx"),
        strict=True,
    )
)
ILEGIBLES = (
    BadZipFile,
    ValueError,
    OSError,
    RuntimeError,
    NotImplementedError,
    EOFError,
    zlib.error,
)
TIPOS_DE_PARTES = "[content_types].xml"
# A document type could write any of the others in pieces; no program writes one there.
CON_MACROS = ("macroenabled", "vbaproject", "<!doctype")


def tipo_por_contenido(archivo) -> str:
    """MIME type read from the bytes, or "" when it is none of the accepted ones."""
    archivo.seek(0)
    inicio = archivo.read(16)
    for firma, tipo in FIRMAS.items():
        if inicio.startswith(firma):
            archivo.seek(0)
            return tipo
    tipo = ""
    if inicio.startswith(b"PK"):
        try:
            archivo.seek(0)
            with ZipFile(archivo) as zip_:
                if not _lleva_macros(zip_):
                    nombres = set(zip_.namelist())
                    tipo = next((t for n, t in OFFICE.items() if n in nombres), "")
        except ILEGIBLES:
            tipo = ""
    archivo.seek(0)
    return tipo


def _lleva_macros(zip_: ZipFile) -> bool:
    """A macro inside an Office file would run at whoever opens it.

    The list of types says it whatever the part is called; one of over 1 MB is not read to its end.
    """
    for parte in zip_.infolist():
        nombre = parte.filename.casefold()
        if nombre.endswith("vbaproject.bin"):
            return True
        if nombre == TIPOS_DE_PARTES:
            with zip_.open(parte) as abierta:
                crudo = abierta.read(1024 * 1024 + 1)
            # Without zero bytes UTF-16 reads the same.
            dicho = html.unescape(crudo.replace(b"\0", b"").decode("latin-1")).casefold()
            if len(crudo) > 1024 * 1024 or any(m in dicho for m in CON_MACROS):
                return True
    return False


def nombre_propio(nombre: str, tipo: str) -> str:
    """What was typed without its extension, and the one of what the file is.

    Control characters and those that turn the direction of writing could show another extension.
    """
    visible = "".join(
        c for c in " ".join(nombre.split()) if not unicodedata.category(c).startswith("C")
    )
    extension = EXTENSIONES[tipo]
    base = re.sub(r"\.[A-Za-z][A-Za-z0-9]{1,5}$", "", visible.strip(" ."))
    if base.lower().endswith(extension):
        base = base[: -len(extension)]
    base = base[: LARGO_NOMBRE - len(extension)].strip(" .")
    if not base or f".{base.lower()}" == extension:
        base = "archivo"
    return base + extension


class CampoArchivo(forms.FileField):
    """PDF, image or Office file up to 10 MB; ``archivo.tipo`` holds the type found.

    ``archivo.nombre`` is the one it is kept under: its extension is that of the type.
    """

    widget = forms.FileInput(attrs={"accept": ACEPTADOS})
    default_error_messages = {
        "invalid": "No llegó el archivo: elígelo otra vez.",
        "empty": "El archivo está vacío.",
        "tipo": "Ese tipo de archivo no se acepta: sube un PDF, una imagen, Word o Excel.",
        "max_length": "El nombre del archivo es demasiado largo.",
    }

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", "PDF, imagen, Word o Excel; hasta 10 MB.")
        kwargs.setdefault("max_length", LARGO_NOMBRE)
        super().__init__(**kwargs)

    def clean(self, data, initial=None):
        archivo = super().clean(data, initial)
        if not archivo:
            return None
        if archivo.size > TAMANO_MAXIMO:
            raise forms.ValidationError("El archivo pesa más de 10 MB.")
        archivo.tipo = tipo_por_contenido(archivo)
        if not archivo.tipo:
            raise forms.ValidationError(self.error_messages["tipo"])
        archivo.nombre = nombre_propio(archivo.name, archivo.tipo)
        return archivo
