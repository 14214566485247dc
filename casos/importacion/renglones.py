"""What a row of a workbook would do, and what of it can be told. No queries, no workbooks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from casos.catalogos import Que
from casos.fechas import leer_fecha, leer_momento
from casos.hojas.libro import DeOtroTipo
from casos.textos import en_un_renglon, es_dato, igual, largo, limpio

BORRAR = "(borrar)"
_DIA = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?")
_DE_SI_O_NO = {"verdadero", "falso", "true", "false"}
Cambio = list[str]  # of what, as it was, as it will be


Fallo = tuple[str, str, str]  # a cell: its column, what it says, why it cannot be


class Rechazado(Exception):
    """Why a row is not taken in, in sentences; cell by cell where that is known."""

    def __init__(self, dicho: str = "", fallos: Sequence[Fallo] = ()):
        self.fallos = list(fallos)
        super().__init__(dicho or " ".join(f"{columna}: {motivo}" for columna, _, motivo in fallos))


@dataclass
class Fila:
    numero: int
    textos: dict[str, str]  # by column; only those that say something
    errores: list[str] = field(default_factory=list)

    def dice(self, columna: str) -> str:
        return self.textos.get(columna, "")


@dataclass
class Comparada:
    """What one row would do; ``poner`` does it to the rows in memory."""

    que: Que
    nombre: str
    cambios: list[Cambio] = field(default_factory=list)
    avisos: list[str] = field(default_factory=list)
    error: str = ""
    fallos: list[list[str]] = field(default_factory=list)
    folio: str = ""  # of the case that the row is
    poner: list[Callable[[], None]] = field(default_factory=list)

    def hace_lo_mismo(self, que: int, cambios: list[Cambio]) -> bool:
        return self.que == que and self.cambios == cambios


def es_borrar(texto: str) -> bool:
    return igual(texto) == BORRAR


def con_dato(textos: dict[str, str], siempre: Iterable[str] = ()) -> dict[str, str]:
    """Those that say something; of ``siempre`` also «-», which finds nobody."""
    return {c: t for c, t in textos.items() if es_dato(t) or (t and c in siempre)}


def linea_de(maximo: int) -> Callable[[str], str]:
    def leer(texto: str) -> str:
        return _medido(en_un_renglon(texto), maximo)

    return leer


def nombre_de(maximo: int) -> Callable[[str], str]:
    """A name is no «Verdadero», which is what a cell of yes or no says, nor a day: Excel makes one of «3-12»."""

    def leer(texto: str) -> str:
        if isinstance(texto, DeOtroTipo) and igual(texto) not in _DE_SI_O_NO:
            raise ValidationError(
                f"la celda tiene una fecha ({texto}): dale formato de texto y escribe el dato otra vez."
            )
        if _DIA.fullmatch(texto):  # it came back from a workbook as text
            raise ValidationError(f"«{texto}» es una fecha: escribe el dato otra vez.")
        if igual(texto) in _DE_SI_O_NO:
            raise ValidationError(f"«{texto}» no es un nombre.")
        return _medido(en_un_renglon(texto), maximo)

    return leer


def texto_de(maximo: int) -> Callable[[str], str]:
    def leer(texto: str) -> str:
        return _medido(limpio(texto), maximo)

    return leer


def _medido(texto: str, maximo: int) -> str:
    if largo(texto) > maximo:
        raise ValidationError(f"usa {maximo} letras o menos; trae {largo(texto)}.")
    return texto


def fecha_de(texto: str) -> date:
    try:
        return leer_fecha(texto)
    except ValueError as error:
        raise ValidationError(str(error)) from None


def momento_de(texto: str) -> datetime | None:
    """A day alone is from its beginning; ``None`` where it is none."""
    for leer in (leer_momento, fecha_de):
        try:
            leido = leer(texto)
        except (ValueError, ValidationError):
            continue
        if not isinstance(leido, datetime):
            leido = datetime.combine(leido, time.min)
        return timezone.make_aware(leido)
    return None


def como_fecha(texto: str) -> str:
    """What a cell of a date says as a person reads it: «2026-03-16» is the workbook's own.

    Told of a cell that is wrong, so it may be a day that does not exist, or of another century.
    """
    if not _DIA.fullmatch(texto):
        return texto
    anio, mes, dia = texto[:10].split("-")
    return f"{dia}/{mes}/{anio}"


def frase(columna: str, error: ValidationError) -> str:
    """«Teléfono: escríbelo a 10 dígitos.»"""
    dicho = " ".join(error.messages)
    if igual(columna) in igual(dicho):
        return dicho[:1].upper() + dicho[1:]
    return f"{columna}: {dicho[:1].lower()}{dicho[1:]}"


def primera(textos: Iterable[str]) -> str:
    return next((t for t in textos if t), "")


def dicho(valor: Any) -> str:
    """A datum of a client, a person or a contract as a person reads it."""
    return f"{valor:%d/%m/%Y}" if isinstance(valor, date) else str(valor or "")


def son_iguales(uno: str, otro: str) -> bool:
    """Letter by letter: whoever mends an accent or a capital means it."""
    return limpio(uno) == limpio(otro)
