"""Uploads: size and type limits by content, never by what the browser says (D§4.7)."""

from zipfile import BadZipFile, ZipFile

from django import forms

TAMANO_MAXIMO = 10 * 1024 * 1024

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
                nombres = set(zip_.namelist())
            # A macro inside an Office file would run at whoever opens it.
            if not any(n.endswith("vbaProject.bin") for n in nombres):
                tipo = next((t for n, t in OFFICE.items() if n in nombres), "")
        except (BadZipFile, ValueError, OSError, RuntimeError, NotImplementedError):
            tipo = ""
    archivo.seek(0)
    return tipo


class CampoArchivo(forms.FileField):
    """PDF, image or Office file up to 10 MB; ``archivo.tipo`` holds the type found."""

    widget = forms.FileInput(attrs={"accept": ACEPTADOS})
    default_error_messages = {
        "invalid": "No llegó el archivo: elígelo otra vez.",
        "empty": "El archivo está vacío.",
        "max_length": "El nombre del archivo es demasiado largo.",
    }

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", "PDF, imagen, Word o Excel; hasta 10 MB.")
        kwargs.setdefault("max_length", 150)
        super().__init__(**kwargs)

    def clean(self, data, initial=None):
        archivo = super().clean(data, initial)
        if not archivo:
            return None
        if archivo.size > TAMANO_MAXIMO:
            raise forms.ValidationError("El archivo pesa más de 10 MB.")
        archivo.tipo = tipo_por_contenido(archivo)
        if not archivo.tipo:
            raise forms.ValidationError(
                "Ese tipo de archivo no se acepta: sube un PDF, una imagen, Word o Excel."
            )
        return archivo
