"""Business days and their hours: deadlines, and what of the time that passed is business time.

Plain values in and out: no queries, no clock. A day that is worked whole is one business day however many hours it
has; of a half day, what it has of its weekday's hours counts, for deadlines as for the time that passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from fractions import Fraction
from typing import NamedTuple

DIA = timedelta(days=1)
NADA = timedelta()
MICRO = timedelta(microseconds=1)
MINUTOS = 24 * 60
# Days that are looked at for a deadline. The longest, 90 days of one weekday a week, takes less than two years.
HORIZONTE = 3660


class Horas(NamedTuple):
    """When a day is worked, in minutes from its midnight."""

    desde: int = 0
    hasta: int = MINUTOS


Semana = tuple[Horas | None, ...]  # from Monday to Sunday; ``None``: not worked
DE_SIEMPRE: Semana = (Horas(),) * 5 + (None,) * 2


@dataclass(frozen=True)
class Calendario:
    """The hours of each weekday, and the days that are not as their weekday."""

    # Day → minute until which it is worked; 0: it is not.
    cortos: Mapping[date, int]
    zona: tzinfo
    semana: Semana = DE_SIEMPRE

    def horas(self, dia: date) -> Horas | None:
        de_su_dia = self.semana[dia.weekday()]
        if de_su_dia is None:
            return None
        hasta = min(self.cortos.get(dia, MINUTOS), de_su_dia.hasta)
        return Horas(de_su_dia.desde, hasta) if hasta > de_su_dia.desde else None

    def es_habil(self, dia: date) -> bool:
        """Whether it is worked, if only half of it."""
        return self.horas(dia) is not None

    def parte(self, dia: date) -> Fraction | int:
        """What counts of a day: 1 where it is whole."""
        de_su_dia, horas = self.semana[dia.weekday()], self.horas(dia)
        if de_su_dia is None or horas is None:
            return 0
        if horas == de_su_dia:
            return 1
        return Fraction(horas.hasta - horas.desde, de_su_dia.hasta - de_su_dia.desde)

    # -- deadlines -------------------------------------------------------------------------------

    def sumar(self, fecha: date, dias: Fraction | int) -> date | None:
        """The day on which ``dias`` business days after ``fecha`` are complete; counting starts the day after.

        ``None`` where there are not so many in ten years.
        """
        for n in range(1, min(HORIZONTE, (date.max - fecha).days) + 1):
            dia = fecha + n * DIA
            parte = self.parte(dia)
            dias -= parte
            if parte and dias <= 0:
                return dia
        return None

    def entre(self, desde: date, hasta: date) -> Fraction | int:
        """Business days after ``desde`` and up to ``hasta``."""
        return sum(self.parte(desde + n * DIA) for n in range(1, (hasta - desde).days + 1))

    def ultimo_habil(self, dia: date, despues_de: date) -> date | None:
        """The last business day up to ``dia`` that is later than ``despues_de``."""
        while dia > despues_de:
            if self.es_habil(dia):
                return dia
            dia -= DIA
        return None

    # -- the time that passed ----------------------------------------------------------------------

    def empieza(self, dia: date) -> datetime:
        return datetime.combine(dia, time.min, self.zona).astimezone(UTC)

    def habil(self, desde: datetime, hasta: datetime) -> timedelta:
        """The business time between two instants: a day that is worked whole is ``DIA``."""
        desde, hasta = desde.astimezone(UTC), hasta.astimezone(UTC)
        primero, ultimo = (i.astimezone(self.zona).date() for i in (desde, hasta))
        dia, suma = primero, NADA
        while dia <= ultimo:
            if primero < dia < ultimo and dia not in self.cortos:
                suma += DIA if self.semana[dia.weekday()] else NADA
            else:
                suma += self._de_un_dia(dia, desde, hasta)
            dia += DIA
        return suma

    def _de_un_dia(self, dia: date, desde: datetime, hasta: datetime) -> timedelta:
        de_su_dia, horas = self.semana[dia.weekday()], self.horas(dia)
        if de_su_dia is None or horas is None:
            return NADA
        inicio, fin = (self._instante(dia, minuto) for minuto in de_su_dia)
        pasado = min(hasta, self._instante(dia, horas.hasta)) - max(desde, inicio)
        if pasado <= NADA:
            return NADA
        return MICRO * (pasado // MICRO * (DIA // MICRO) // ((fin - inicio) // MICRO))

    def _instante(self, dia: date, minuto: int) -> datetime:
        if minuto == MINUTOS:
            return self.empieza(dia + DIA)
        return datetime.combine(dia, time(*divmod(minuto, 60)), self.zona).astimezone(UTC)


def juntar(calendarios: Iterable[Calendario]) -> Calendario:
    """Of several places of one firm: a day counts as where most of it is worked."""
    uno, *otros = calendarios
    if not otros:
        return uno
    comunes = set(uno.cortos).intersection(*(c.cortos for c in otros))
    cortos = {dia: max(c.cortos[dia] for c in (uno, *otros)) for dia in comunes}
    return Calendario(cortos, uno.zona, uno.semana)


@dataclass
class Calendarios:
    """The firm's, and for each area the one of the site where it works."""

    firma: Calendario
    de_sede: Mapping[int, Calendario] = field(default_factory=dict)
    sede_de: Mapping[int, int | None] = field(default_factory=dict)  # by area
    _juntos: dict[tuple[int | None, ...], Calendario] = field(default_factory=dict)

    def sede(self, sede: int | None) -> Calendario:
        """A site without days of its own has the firm's."""
        return self.firma if sede is None else self.de_sede.get(sede, self.firma)

    def de_areas(self, *areas: int) -> Calendario:
        """When at least one of them works."""
        sedes = tuple(dict.fromkeys(self.sede_de.get(area) for area in areas))
        if sedes not in self._juntos:
            self._juntos[sedes] = juntar(self.sede(s) for s in sedes)
        return self._juntos[sedes]


def en_decimos(tiempo: timedelta) -> int:
    """Business time in tenths of a day, the nearest."""
    return (tiempo * 10 + DIA / 2) // DIA
