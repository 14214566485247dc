"""Uploads: size and type limits by content, never by what the browser says (D§4.7)."""

import re

from django import forms

from casos.archivos import antivirus
from casos.archivos.reconocer import reconocer
from casos.archivos.tipos import EN_EL_CAMPO, ArchivoRechazado, Tipo
from casos.textos import en_un_renglon

TAMANO_MAXIMO = 10 * 1024 * 1024
LARGO_NOMBRE = 150
DEMASIADO_GRANDE = "El archivo pesa más de 10 MB."
AYUDA = "PDF, imagen, Word, Excel, PowerPoint, correo, factura CFDI o texto; hasta 10\u00a0MB."


def nombre_propio(nombre: str, tipo: Tipo) -> str:
    """What was typed without its extension, and the one of what the file is; cut where it is too long.

    Control characters and those that turn the direction of writing could show another extension.
    """
    visible = en_un_renglon(nombre)
    base = re.sub(r"\.[A-Za-z][A-Za-z0-9]{1,5}$", "", visible.strip(" ."))
    if base.lower().endswith(tipo.extension):
        base = base[: -len(tipo.extension)]
    base = base[: LARGO_NOMBRE - len(tipo.extension)].strip(" .")
    if not base or f".{base.lower()}" == tipo.extension:
        base = "archivo"
    return base + tipo.extension


def revisar(archivo) -> Tipo:
    """What a file that came is, once for each; raises ``ArchivoRechazado``.

    It takes a moment, and a scanner that is far away takes more: the door asks before it locks a case.
    """
    if not hasattr(archivo, "revisado"):
        try:
            if archivo.size > TAMANO_MAXIMO:
                raise ArchivoRechazado(DEMASIADO_GRANDE)
            archivo.revisado = reconocer(archivo, archivo.name)
            antivirus.revisar(archivo)
        except ArchivoRechazado as error:
            archivo.revisado = error
    if isinstance(archivo.revisado, ArchivoRechazado):
        raise archivo.revisado
    return archivo.revisado


def revisar_antes(archivos) -> None:
    """What each of them is, so that nobody waits for it under a lock; a refusal is said by its field."""
    for archivo in (archivos or {}).values():
        if getattr(archivo, "size", 0):
            try:
                revisar(archivo)
            except ArchivoRechazado:
                pass


class CampoArchivo(forms.FileField):
    """Evidence of up to 10 MB; ``archivo.tipo`` holds the MIME type found.

    ``archivo.nombre`` is the one it is kept under: its extension is that of the type.
    """

    widget = forms.FileInput(attrs={"accept": EN_EL_CAMPO})
    default_error_messages = {
        "invalid": "No llegó el archivo: elígelo otra vez.",
        "empty": "El archivo está vacío.",
    }

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", AYUDA)
        super().__init__(**kwargs)

    def clean(self, data, initial=None):
        archivo = super().clean(data, initial)
        if not archivo:
            return None
        try:
            tipo = revisar(archivo)
        except ArchivoRechazado as error:
            raise forms.ValidationError(str(error)) from error
        archivo.tipo = tipo.mime
        archivo.nombre = nombre_propio(archivo.name, tipo)
        return archivo
