"""Business time: what of the time that passed lies in business days. Plain values in and out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

DIA = timedelta(days=1)
NADA = timedelta()


@dataclass(frozen=True)
class Calendario:
    """Business days, from midnight to midnight where the firm is."""

    inhabiles: frozenset[date]
    zona: tzinfo

    def es_habil(self, dia: date) -> bool:
        return dia.weekday() < 5 and dia not in self.inhabiles

    def empieza(self, dia: date) -> datetime:
        return datetime.combine(dia, time.min, self.zona).astimezone(UTC)

    def habil(self, desde: datetime, hasta: datetime) -> timedelta:
        """The time between two instants that lies in business days."""
        dia, ultimo = (i.astimezone(self.zona).date() for i in (desde, hasta))
        inicio, suma = desde.astimezone(UTC), NADA
        while dia <= ultimo:
            fin = self.empieza(dia + DIA) if dia < ultimo else hasta.astimezone(UTC)
            if self.es_habil(dia) and fin > inicio:
                suma += fin - inicio
            inicio, dia = fin, dia + DIA
        return suma


def en_decimos(tiempo: timedelta) -> int:
    """Business time in tenths of a day, the nearest."""
    return (tiempo * 10 + DIA / 2) // DIA
