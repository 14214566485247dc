"""A workbook as a person sees it: every cell is what they would type in a form of the product."""

import io
import math
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import BinaryIO

from openpyxl import load_workbook

from casos.formularios.archivos import libro_desmedido
from casos.textos import limpio

from .columnas import Columnas, claves_de, hallar

MAXIMO_FILAS = 5000
MAXIMO_COLUMNAS = 60
ILEGIBLE = "No se pudo leer el archivo: guárdalo de nuevo como .xlsx."
DESMEDIDO = (
    "El libro es demasiado grande: deja solo la hoja con los datos, sin imágenes ni formatos."
)


@dataclass(frozen=True)
class Renglon:
    numero: int  # as the sheet counts it
    celdas: list[str]  # as many as headings
    errores: list[str] = field(default_factory=list)  # why the row cannot be read, in sentences


@dataclass(frozen=True)
class Leido:
    hoja: str
    otras_hojas: list[str]
    renglon_de_titulos: int
    titulos: list[str]
    filas: list[Renglon]
    avisos: list[str]  # what of the workbook was read, and what was not


def leer(archivo: BinaryIO | bytes, *, conocidas: Columnas) -> Leido:
    """Raises ``ValueError`` with a sentence. ``conocidas``: the columns, to find their headings."""
    contenido = archivo if isinstance(archivo, bytes) else archivo.read()
    try:
        desmedido = libro_desmedido(io.BytesIO(contenido))
        filas, hojas = ([], [""]) if desmedido else _filas(contenido)
    except Exception as error:
        raise ValueError(ILEGIBLE) from error
    if desmedido:
        raise ValueError(DESMEDIDO)
    por_clave = claves_de(conocidas)
    puntos = [sum(hallar(c, por_clave)[0] is not None for c in fila) for _, fila in filas[:10]]
    if not any(puntos):
        raise ValueError(f"No encontré los títulos de las columnas: {', '.join(conocidas)}.")
    cual = puntos.index(max(puntos))
    numero, titulos = filas[cual]
    while titulos[-1] == "":
        titulos.pop()
    renglones = [
        Renglon(n, (c + [""] * len(titulos))[: len(titulos)]) for n, c in filas[cual + 1 :]
    ]
    return Leido(hojas[0], hojas[1:], numero, titulos, renglones, [])


def _filas(contenido: bytes) -> tuple[list[tuple[int, list[str]]], list[str]]:
    libro = load_workbook(io.BytesIO(contenido), read_only=True, data_only=True)
    hoja = libro.worksheets[0]
    hoja.reset_dimensions()
    filas = hoja.iter_rows(values_only=True, max_col=MAXIMO_COLUMNAS)
    leidas = [(n, [_escrito(v) for v in fila]) for n, fila in enumerate(filas, 1)]
    return [(n, f) for n, f in leidas if any(f)], libro.sheetnames


def _escrito(valor: object) -> str:
    if valor is None:
        return ""
    if isinstance(valor, bool):
        return "Verdadero" if valor else "Falso"
    if isinstance(valor, datetime):
        return (valor if valor.time() != datetime.min.time() else valor.date()).isoformat()
    if isinstance(valor, date):
        return valor.isoformat()
    if isinstance(valor, float) and math.isfinite(valor):
        return f"{round(valor, 6):f}".rstrip("0").rstrip(".")
    return limpio(valor)
