"""Workbooks that go out: typed cells, a head that stays and filters. Rows go to disk as they are read.

Knows no case and no person: it is given values, and how wide their columns are.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import IO, Any, NamedTuple

from django.utils import timezone

from casos.al_usarse import AlUsarse

openpyxl = AlUsarse("openpyxl")

RENGLONES = 1_048_576  # of a sheet, for who opens it
FECHA, FECHA_HORA = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"
# What a workbook would read as the code of a letter: «_x0041_» is an A.
_CODIGO = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def sin_codigos(texto: str) -> str:
    """A text that a workbook gives back as it is."""
    return _CODIGO.sub("_x005F_", openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", texto))


class Cifra(NamedTuple):
    """A number or a date, and how it is shown."""

    valor: int | Decimal | date
    formato: str


class Hoja:
    """A sheet; what does not fit in one goes on in another of the same columns."""

    def __init__(self, libro: Any, titulo: str, columnas: Sequence[tuple[str, int]]):
        self._libro, self._titulo, self._columnas = libro, titulo, columnas
        self._paginas = 0
        self._empezar()

    def _empezar(self) -> None:
        self._paginas += 1
        cola = f" ({self._paginas})" if self._paginas > 1 else ""
        self._hoja = self._libro.create_sheet(f"{self._titulo}{cola}")
        self._hoja.freeze_panes = "B2"
        for n, (_, ancho) in enumerate(self._columnas, start=1):
            self._hoja.column_dimensions[openpyxl.utils.get_column_letter(n)].width = ancho
        cabeza = [openpyxl.cell.WriteOnlyCell(self._hoja, titulo) for titulo, _ in self._columnas]
        for celda in cabeza:
            celda.font, celda.alignment = openpyxl.styles.Font(bold=True), _partido()
        self._hoja.append(cabeza)
        self._renglones = 1
        self._filtrar()

    def agregar(self, valores: Iterable[Any]) -> None:
        if self._renglones == RENGLONES:
            self._empezar()
        self._hoja.append([_celda(self._hoja, v) for v in valores])
        self._renglones += 1
        self._filtrar()

    def _filtrar(self) -> None:
        ultima = openpyxl.utils.get_column_letter(len(self._columnas))
        self._hoja.auto_filter.ref = f"A1:{ultima}{self._renglones}"


class Libro:
    def __init__(self) -> None:
        self._libro = openpyxl.Workbook(write_only=True)

    def hoja(self, titulo: str, columnas: Sequence[tuple[str, int]]) -> Hoja:
        return Hoja(self._libro, titulo, columnas)

    def guardar(self, archivo: IO[bytes]) -> None:
        self._libro.save(archivo)


@cache
def _partido() -> Any:
    return openpyxl.styles.Alignment(wrap_text=True, vertical="top")


def _celda(hoja, valor):
    """A value as the sheet takes it. Text stays text: what a client wrote is never a formula."""
    if isinstance(valor, str):
        valor = sin_codigos(valor)
        if not valor.startswith(("=", "#")) and "\n" not in valor:
            return valor or None
        celda = openpyxl.cell.WriteOnlyCell(hoja, valor)
        celda.data_type = "s"
        if "\n" in valor:
            celda.alignment = _partido()
        return celda
    if valor is None or isinstance(valor, int):
        return valor
    formato = FECHA
    if isinstance(valor, Cifra):
        valor, formato = valor
    elif isinstance(valor, datetime):
        valor = timezone.localtime(valor).replace(tzinfo=None, second=0, microsecond=0)
        formato = FECHA_HORA
    celda = openpyxl.cell.WriteOnlyCell(hoja, valor)
    celda.number_format = formato
    return celda
