"""The days that a tablero counts, and what they are compared with. No queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from casos.calendario import UN_DIA, medianoche

MESES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip


@dataclass(frozen=True)
class Periodo:
    """From a day to another, both counted."""

    desde: date
    hasta: date

    @property
    def instantes(self) -> tuple[datetime, datetime]:
        """From when, and before when."""
        return medianoche(self.desde), medianoche(self.hasta + UN_DIA)

    @property
    def meses(self) -> int:
        """How many whole months it is; 0 where it is not of whole months."""
        if self.desde.day != 1 or (self.hasta + UN_DIA).day != 1:
            return 0
        return _ordinal(self.hasta) - _ordinal(self.desde) + 1

    @property
    def anterior(self) -> Periodo:
        """As many months before, or as many days."""
        if self.meses:
            return Periodo(_mes(self.desde, -self.meses), self.desde - UN_DIA)
        return Periodo(self.desde - (self.hasta - self.desde) - UN_DIA, self.desde - UN_DIA)

    @property
    def hace_un_anio(self) -> Periodo:
        hasta = (
            _mes(self.hasta + UN_DIA, -12) - UN_DIA if self.meses else _un_anio_antes(self.hasta)
        )
        return Periodo(_un_anio_antes(self.desde), hasta)

    @property
    def corto(self) -> str:
        """ "nov 2026", for the head of a column."""
        mes = MESES[self.desde.month - 1]
        return str(self).replace(mes, mes[:3]) if self.meses == 1 else str(self)

    def __str__(self) -> str:
        """ "noviembre 2026", "2026", "del 3 nov 2026 al 9 nov 2026"."""
        if self.meses == 1:
            return f"{MESES[self.desde.month - 1]} {self.desde.year}"
        if self.meses == 12 and self.desde.month == 1:
            return str(self.desde.year)
        return f"del {_corto(self.desde)} al {_corto(self.hasta)}"


def con_nombre(hoy: date) -> list[tuple[str, Periodo]]:
    """What is asked for most."""
    mes = hoy.replace(day=1)
    anio = mes.replace(month=1)
    fin = _mes(mes, 1) - UN_DIA
    return [
        ("Este mes", Periodo(mes, fin)),
        ("Mes pasado", Periodo(mes, fin).anterior),
        ("Últimos 3 meses", Periodo(_mes(mes, -2), fin)),
        ("Este año", Periodo(anio, anio.replace(month=12, day=31))),
        ("Año pasado", Periodo(_mes(anio, -12), anio - UN_DIA)),
    ]


def fin_de_semana(hoy: date) -> date:
    """The Sunday that ends this week."""
    return hoy + timedelta(days=6 - hoy.weekday())


def _ordinal(dia: date) -> int:
    return dia.year * 12 + dia.month - 1


def _mes(dia: date, cuantos: int) -> date:
    """The first of the month that comes so many after, or before."""
    anio, mes = divmod(_ordinal(dia) + cuantos, 12)
    return date(max(anio, 1), mes + 1, 1)


def _un_anio_antes(dia: date) -> date:
    try:
        return dia.replace(year=dia.year - 1)
    except ValueError:  # 29 February
        return dia.replace(year=dia.year - 1, day=28)


def _corto(dia: date) -> str:
    return f"{dia.day} {MESES[dia.month - 1][:3]} {dia.year}"
