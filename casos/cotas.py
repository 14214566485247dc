"""A bound of a concept of the sheet: «días de crédito: a lo más 15». Plain values in and out.

What an area lays down as its condition (7.3) and what would make a refused request viable (7.4) are
both one. Values come as the sheet keeps them (``formularios.valores``). No queries, no clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.db.models import TextChoices

from casos.catalogos import NUMERICAS, Unidad
from casos.textos import igual


class Comparacion(TextChoices):
    MINIMO = "MINIMO", "A lo menos"
    MAXIMO = "MAXIMO", "A lo más"
    EXACTO = "EXACTO", "Exactamente"


_DE_FECHA = {
    Comparacion.MINIMO: "no antes del",
    Comparacion.MAXIMO: "a más tardar el",
    Comparacion.EXACTO: "justo el",
}
SOLO_EXACTO = "Un texto solo puede ser exactamente ese: elige «Exactamente»."


def en_palabras(unidad: str, valor: str, moneda: str = "") -> str:
    """As a person reads it: ``$12,500.00 MXN``, ``8.125 %``, ``16/03/2026``; else as it was typed."""
    if not valor:
        return ""
    try:
        if unidad == Unidad.DINERO:
            return f"${Decimal(valor):,.2f} {moneda}".rstrip()
        if unidad == Unidad.ENTERO:
            return f"{int(valor):,}"
        if unidad == Unidad.PORCENTAJE:
            return f"{Decimal(valor).normalize():f}\u00a0%"
        if unidad == Unidad.FECHA:
            return f"{date.fromisoformat(valor):%d/%m/%Y}"
    except (ValueError, InvalidOperation):
        return valor
    return valor


@dataclass(frozen=True)
class Cota:
    """``concepto`` is its name; ``valor`` is canonical for ``unidad``."""

    concepto: str
    unidad: str
    comparacion: str
    valor: str

    def se_cumple(self, valor: str) -> bool:
        """Whether ``valor`` (canonical) is within it; what says nothing is not."""
        if not valor:
            return False
        if self.unidad == Unidad.TEXTO:
            return igual(valor) == igual(self.valor)
        uno, otro = _comparable(self.unidad, valor), _comparable(self.unidad, self.valor)
        if uno is None or otro is None:
            return False
        if self.comparacion == Comparacion.MINIMO:
            return uno >= otro
        return uno <= otro if self.comparacion == Comparacion.MAXIMO else uno == otro

    def se_contradice(self, otra: Cota) -> bool:
        """Whether no value at all is within both, of the same concept."""
        if self.comparacion == Comparacion.EXACTO:
            return not otra.se_cumple(self.valor)
        if otra.comparacion == Comparacion.EXACTO:
            return not self.se_cumple(otra.valor)
        # One is a floor and the other a ceiling, or both look the same way.
        return self.comparacion != otra.comparacion and not self.se_cumple(otra.valor)

    def dicha(self, moneda: str = "") -> str:
        """«Días de crédito: a lo más 15»."""
        como = Comparacion(self.comparacion)
        dicho = _DE_FECHA[como] if self.unidad == Unidad.FECHA else como.label.lower()
        return f"{self.concepto}: {dicho} {en_palabras(self.unidad, self.valor, moneda)}"


def _comparable(unidad: str, valor: str) -> Decimal | int | None:
    """``None`` where what is kept is no value of that unit: an old text, or what came in a workbook."""
    try:
        if unidad in NUMERICAS:
            return Decimal(valor)
        return date.fromisoformat(valor).toordinal()
    except (ValueError, InvalidOperation):
        return None
