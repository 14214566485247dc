"""The file of one case to be handed to a third party: the PDF, the files, and SHA256SUMS to verify them by.

``sha256sum -c SHA256SUMS`` is all that it takes. Nothing is held in memory but a piece of a file and the PDF; a file's
name in it is made here, so that none is a path, twice there, or what a system refuses. No HTTP.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.utils import timezone

from casos.impresos.imprenta import imprimir_para_archivar

from .expediente_en_papel import ENTERO, FALTA, EnPapel, Guardado, documento

TROZO = 1 << 16
EN_MEMORIA = 4 << 20  # bytes; what is larger is on the disk while it is made
MANIFIESTO, LEEME = "SHA256SUMS", "LEEME.txt"
LARGO_DEL_NOMBRE, LARGO_DE_LA_EXTENSION = 60, 8
COMO_SE_VERIFICA = """Expediente del caso {folio}, hecho el {cuando}.

Para comprobar que ningún archivo se alteró desde entonces, en esta carpeta:

    sha256sum -c SHA256SUMS

El nombre que cada archivo tenía y su renglón en la historia están en {pdf}, en «Archivos».
"""


def nombres(archivos: list[Guardado]) -> dict[int, str]:
    """Key of the file → its path in the ZIP: numbered, of plain letters."""
    return {
        g.adjunto.pk: f"archivos/{n:03}-{nombre_llano(g.adjunto.nombre)}"
        for n, g in enumerate(archivos, 1)
    }


def nombre_llano(nombre: str) -> str:
    """Letters, digits, dots and hyphens of ASCII; what a person reads in it stays as far as it can."""
    # What stood after the last dot is its ending, where it looks like one.
    raiz, punto, extension = nombre.rpartition(".")
    extension = re.sub(r"[^A-Za-z0-9]", "", extension) if punto else ""
    if not 0 < len(extension) <= LARGO_DE_LA_EXTENSION:
        raiz, extension = nombre, ""
    llana = unicodedata.normalize("NFKD", raiz).encode("ascii", "ignore").decode()
    llana = re.sub(r"[^A-Za-z0-9]+", "-", llana).strip("-")[:LARGO_DEL_NOMBRE] or "archivo"
    return f"{llana}.{extension.lower()}" if extension else llana


def hacer(papel: EnPapel) -> IO[bytes]:
    """The ZIP, open at its beginning; whoever takes it closes it. Raises ``NoSeImprimio`` and ``OSError``."""
    caso = papel.exp.caso
    llamados = nombres(papel.archivos)
    pdf = f"{caso.folio}-expediente.pdf"
    impreso = imprimir_para_archivar(documento(papel, lambda g: llamados[g.adjunto.pk]))
    salida = tempfile.SpooledTemporaryFile(max_size=EN_MEMORIA)  # noqa: SIM115
    try:
        with ZipFile(salida, "w") as zip_:
            zip_hecho = _Zip(zip_, caso.folio, timezone.localtime(papel.en).timetuple()[:6])
            zip_hecho.poner(pdf, iter([impreso]))
            zip_hecho.poner(LEEME, iter([_leeme(papel, pdf).encode()]))
            for g in papel.archivos:
                if g.como_esta != FALTA:
                    zip_hecho.poner(llamados[g.adjunto.pk], _trozos(g), comprimido=False)
            zip_hecho.cerrar()
        salida.seek(0)
    except BaseException:
        salida.close()
        raise
    return salida


def _leeme(papel: EnPapel, pdf: str) -> str:
    cuando = f"{timezone.localtime(papel.en):%d/%m/%Y %H:%M}"
    dicho = COMO_SE_VERIFICA.format(folio=papel.exp.caso.folio, cuando=cuando, pdf=pdf)
    llamados = nombres(papel.archivos)
    mal = [f"{llamados[g.adjunto.pk]}: {g.dicho}" for g in papel.archivos if g.como_esta != ENTERO]
    return "\n".join([dicho, "No están como se subieron:", *mal, ""]) if mal else dicho


def _trozos(g: Guardado) -> Iterator[bytes]:
    with g.adjunto.archivo.open("rb") as abierto:
        while trozo := abierto.read(TROZO):
            yield trozo


class _Zip:
    """Writes parts under one folder, and what each digests to."""

    def __init__(self, zip_: ZipFile, carpeta: str, cuando: tuple[int, ...]):
        self.zip, self.carpeta, self.cuando = zip_, carpeta, cuando
        self.sumas: list[str] = []

    def poner(self, nombre: str, trozos: Iterator[bytes], *, comprimido: bool = True) -> None:
        huella = hashlib.sha256()
        parte = ZipInfo(f"{self.carpeta}/{nombre}", date_time=self.cuando)  # type: ignore[arg-type]
        parte.compress_type = ZIP_DEFLATED if comprimido else ZIP_STORED
        parte.external_attr = 0o644 << 16
        with self.zip.open(parte, "w", force_zip64=True) as escribe:
            for trozo in trozos:
                huella.update(trozo)
                escribe.write(trozo)
        self.sumas.append(f"{huella.hexdigest()}  {nombre}\n")

    def cerrar(self) -> None:
        self.poner(MANIFIESTO, iter(["".join(self.sumas).encode()]))
