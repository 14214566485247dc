"""The periods that a payroll is paid by, and when each closes: plain arithmetic of days (§7.7).

A week and a fortnight of fourteen days are counted from a day on which one begins; the others go by the
month: 1–10, 11–20 and 21 to its end; 1–15 and 16 to its end; all of it. The cut-off is so many calendar
days before the period ends; where nobody works that day, the business day before. No queries.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import TextChoices

DIA = timedelta(days=1)


class Periodicidad(TextChoices):
    """How often a payroll is paid."""

    SEMANAL = "SEMANAL", "Semanal"
    CATORCENAL = "CATORCENAL", "Catorcenal"
    DECENAL = "DECENAL", "Decenal"
    QUINCENAL = "QUINCENAL", "Quincenal"
    MENSUAL = "MENSUAL", "Mensual"


P = Periodicidad
DIAS = {P.SEMANAL: 7, P.CATORCENAL: 14}  # those that are counted from a day
# Last day of each period within a month; the last one ends with it.
FINES = {P.DECENAL: (10, 20), P.QUINCENAL: (15,), P.MENSUAL: ()}
# The cut-off falls inside the shortest period there is: the 21st to the 28th, the 16th to the 28th.
CORTE_MAXIMO = {P.SEMANAL: 6, P.CATORCENAL: 13, P.DECENAL: 7, P.QUINCENAL: 12, P.MENSUAL: 27}
SE_LLAMA = {
    P.SEMANAL: "la semana",
    P.CATORCENAL: "la catorcena",
    P.DECENAL: "la decena",
    P.QUINCENAL: "la quincena",
    P.MENSUAL: "el mes",
}


class Periodo(NamedTuple):
    """Both days are of it."""

    inicio: date
    fin: date


@dataclass(frozen=True)
class CalendarioDePago:
    """Of a contract: how often, a day on which a period begins, calendar days from cut-off to end."""

    cada: Periodicidad
    ancla: date | None
    corte: int

    @property
    def se_llama(self) -> str:
        """ "la quincena"."""
        return SE_LLAMA[self.cada]

    def __str__(self) -> str:
        antes = f"{self.corte} días naturales" if self.corte != 1 else "1 día natural"
        corte = f"{antes} antes de que termine" if self.corte else "el día en que termina"
        return f"{self.cada.label}; corte {corte}"

    def periodo_de(self, dia: date) -> Periodo:
        """The one that ``dia`` falls in: the first that is paid with what applies from that day on."""
        if self.cada in DIAS:
            assert self.ancla is not None
            largo = DIAS[self.cada]
            inicio = self.ancla + (dia - self.ancla).days // largo * largo * DIA
            return Periodo(inicio, inicio + (largo - 1) * DIA)
        fines = (*FINES[self.cada], monthrange(dia.year, dia.month)[1])
        fin = next(f for f in fines if dia.day <= f)
        antes = max((f for f in fines if f < fin), default=0)
        return Periodo(dia.replace(day=antes + 1), dia.replace(day=fin))

    def siguiente(self, periodo: Periodo) -> Periodo:
        return self.periodo_de(periodo.fin + DIA)

    def corte_de(self, periodo: Periodo, habil_hasta: Callable[[date], date]) -> date:
        """The last day on which a change still enters; ``habil_hasta``: the last business day up to one."""
        return habil_hasta(periodo.fin - self.corte * DIA)

    def esta_cerrado(
        self, periodo: Periodo, hoy: date, habil_hasta: Callable[[date], date]
    ) -> bool:
        """Whether what is told to Nóminas today no longer enters."""
        return self.corte_de(periodo, habil_hasta) < hoy

    def primero_abierto(
        self, desde: date, hoy: date, habil_hasta: Callable[[date], date]
    ) -> Periodo:
        """The first that is not closed, of that of ``desde`` and those after it."""
        periodo = self.periodo_de(max(desde, self.periodo_de(hoy).inicio))
        while self.esta_cerrado(periodo, hoy, habil_hasta):
            periodo = self.siguiente(periodo)
        return periodo
