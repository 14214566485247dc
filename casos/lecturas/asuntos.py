"""The trays of *Mis pendientes* as one list: each thing that waits and its day; by day, by what hurts. Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils import timezone

from casos import calendario
from casos.models import Caso

from .lo_que_duele import SIN_PESO, Orden, Peso, pesos_de, por_lo_que_duele
from .pendientes import Pendientes
from .periodos import fin_de_semana
from .ya_viables import una_por_caso


@dataclass(frozen=True)
class Asunto:
    """One thing that waits for a person: of which tray, and on which day."""

    clase: str
    fila: Any
    caso: Caso
    fecha: date | None
    es_plazo: bool = True  # or a day that was set: an appointment, a call
    peso: Peso = SIN_PESO

    @property
    def orden(self) -> Orden:
        return por_lo_que_duele(self.fecha, self.peso, self.caso.pk)


@dataclass(frozen=True)
class Dia:
    """The things of today, of this week, or of later."""

    clave: str
    titulo: str
    asuntos: list[Asunto]
    cuantos: str  # "25+" where a tray has more of that day, or of later


DIAS = (("hoy", "Hoy"), ("semana", "Esta semana"), ("despues", "Después"))
# Of a tray with more than fit: its words, and where all of it is.
EL_RESTO = {
    "toca": ("Todo lo que te toca", "?tocan=on&orden=vence"),
    "opinion": ("Casos en análisis", "?estado=EN_ANALISIS&orden=vence"),
    "ajuste": ("Casos en ajuste", "?estado=EN_MODIFICACION&orden=vence"),
    "accion": ("Mis casos abiertos", "?estado=ABIERTOS&mios=on&orden=vence"),
}


def asuntos_de(p: Pendientes, cuenta: calendario.Cuenta | None = None) -> list[Asunto]:
    """All of ``p`` that is to be done, what hurts most first."""
    sueltos = list(_de_las_bandejas(p, cuenta))
    pesos = pesos_de(a.caso.pk for a in sueltos)
    pesados = [replace(a, peso=pesos.get(a.caso.pk, SIN_PESO)) for a in sueltos]
    return sorted(pesados, key=lambda a: a.orden)


def por_dia(p: Pendientes, asuntos: list[Asunto]) -> list[Dia]:
    """The days that have something: what is overdue is of today."""
    hoy = timezone.localdate()
    domingo = fin_de_semana(hoy)
    de_cada: dict[str, list[Asunto]] = {}
    for a in asuntos:
        de_cada.setdefault(_cuando(a.fecha, hoy, domingo), []).append(a)
    incompletas = con_mas(p)
    mas = {_cuando(a.fecha, hoy, domingo) for a in asuntos if a.clase in incompletas}
    sigue = next((clave for clave, _ in reversed(DIAS) if clave in mas), "")
    return [
        Dia(
            clave,
            titulo,
            de_cada[clave],
            f"{len(de_cada[clave])}{'+' if clave == sigue else ''}",
        )
        for clave, titulo in DIAS
        if clave in de_cada
    ]


def _cuando(fecha: date | None, hoy: date, domingo: date) -> str:
    if fecha is None or fecha > domingo:
        return "despues"
    return "hoy" if fecha <= hoy else "semana"


def con_mas(p: Pendientes) -> list[str]:
    """The trays with more rows than were read."""
    bandejas = {
        "toca": p.me_toca, "opinion": p.opiniones, "ajuste": p.ajustes, "constancia": p.constancias,
        "comprobacion": p.comprobaciones, "satisfaccion": p.satisfacciones,
        "cita": p.citas, "accion": p.acciones, "llamada": p.llamadas, "ya_viable": p.ya_viables, "correo": p.correos,
    }  # fmt: skip
    return [clave for clave, bandeja in bandejas.items() if bandeja.hay_mas]


def _de_las_bandejas(p: Pendientes, cuenta: calendario.Cuenta | None) -> Iterator[Asunto]:
    for c in p.me_toca.filas:
        yield Asunto("toca", c, c, c.vence)
    for d in p.decidir:
        yield Asunto("decidir", d, d.caso, d.vence)
    for o in p.opiniones.filas:
        yield Asunto("opinion", o, o.caso, o.vence)
    for a in p.ajustes.filas:
        yield Asunto("ajuste", a, a.caso, a.vence)
    for c in p.comprobaciones.filas:
        yield Asunto("comprobacion", c, c.caso, c.vence)
    for s in p.satisfacciones.filas:
        yield Asunto("satisfaccion", s, s.caso, s.vence)
    if p.constancias:
        cuenta = cuenta or calendario.Cuenta()
        for c in p.constancias.filas:  # it is reminded after one business day (rule 9)
            dicha = timezone.localdate(c.reenviada_en or c.registrada_en)
            yield Asunto("constancia", c, c.caso, cuenta.sumar(dicha, 1))
    for c in p.citas.filas:
        yield Asunto("cita", c, c.caso, timezone.localdate(c.inicio), es_plazo=False)
    for c in p.acciones.filas:
        yield Asunto("accion", c, c, c.proxima_fecha, es_plazo=False)
    for c in p.llamadas.filas:
        yield Asunto("llamada", c, c, c.llamar_fecha, es_plazo=False)
    for v in una_por_caso(p.ya_viables.filas):
        yield Asunto("ya_viable", v, v.caso, v.desde, es_plazo=False)
    for c in p.correos.filas:
        yield Asunto("correo", c, c.caso, calendario.hoy(), es_plazo=False)
