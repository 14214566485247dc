"""*Quién lo ha tenido*: a case's business time by holder, as its page draws it. Reads only; no HTML."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from casos.catalogos import Turno
from casos.expediente.completo import Completo
from casos.expediente.tiempo import pasos_de
from casos.reparto_del_tiempo import Quien, Sumas, Tramo, sumar, tramos
from casos.tiempo_habil import en_decimos

ANCHO = 300  # of the strip, in units of its drawing
MINIMO = 2  # a moment is seen too
NOMBRES = {
    Turno.GER: "Gerencia comercial",
    Turno.RC: "Responsable",
    Turno.DG: "Dirección General",
    Turno.AC: "Atención a Clientes",
    Turno.CLIENTE: "Cliente",
}
CLASES = {Turno.CLIENTE: "cliente", Turno.AREAS: "area"}


class Barra(NamedTuple):
    x: int
    ancho: int


@dataclass(frozen=True)
class Renglon:
    """One holder: how long, and when."""

    nombre: str
    clase: str
    dias: str
    barras: list[Barra]


@dataclass(frozen=True)
class DeQuienFue:
    total: str
    resumen: str
    desde: datetime
    hasta: datetime
    areas: int  # how many
    renglones: list[Renglon] = field(default_factory=list)
    ancho: int = ANCHO


def dias(decimos: int) -> str:
    """``12`` → "1.2": business days with a tenth, where there is one."""
    entero, resto = divmod(decimos, 10)
    return f"{entero:,}.{resto}" if resto else f"{entero:,}"


def en_dias(decimos: int) -> str:
    return f"{dias(decimos)} {'día hábil' if decimos == 10 else 'días hábiles'}"


def de_quien_fue(exp: Completo) -> DeQuienFue | None:
    """``None`` of what was annulled: it does not count in the figures (D§2)."""
    h, caso = exp.hechos, exp.caso
    hasta = timezone.now() if caso.es_abierto else caso.cerrado_en
    if hasta is None:
        return None
    pasos, dias_ = pasos_de(h, exp.anotados, hasta)
    sumas = sumar(pasos, dias_)
    nombres = {f.area_id: f.area.nombre for f in [*h.opiniones, *h.ajustes]}
    suyos: dict[Quien, list[Tramo]] = {}
    for tramo in tramos(pasos):
        suyos.setdefault(tramo.quien, []).append(tramo)
    desde = pasos[0].desde if pasos else caso.recibido_en
    return DeQuienFue(
        total=en_dias(en_decimos(sumas.total)),
        resumen=_resumen(sumas),
        desde=desde,
        hasta=hasta,
        areas=len(sumas.areas),
        renglones=[
            Renglon(
                nombres[quien.area] if quien.area else NOMBRES[quien.turno],
                CLASES.get(quien.turno, "ventas"),
                dias(en_decimos(sumas.por_quien[quien])),
                [_barra(t, desde, hasta) for t in suyos_],
            )
            for quien, suyos_ in suyos.items()
        ],
    )


def _resumen(sumas: Sumas) -> str:
    """ "Ventas 2.3, Áreas 4, Cliente 1.5": of the areas, how long one or another had it."""
    partes = [f"Ventas {dias(en_decimos(sumas.ventas))}"]
    if sumas.areas:
        alguna = dias(en_decimos(sumas.alguna_area))
        partes.append(f"{'Áreas' if len(sumas.areas) > 1 else 'Área'} {alguna}")
    if sumas.cliente:
        partes.append(f"Cliente {dias(en_decimos(sumas.cliente))}")
    return ", ".join(partes)


def _barra(tramo: Tramo, desde: datetime, hasta: datetime) -> Barra:
    todo = (hasta - desde).total_seconds() or 1
    x = round((tramo.desde - desde).total_seconds() / todo * ANCHO)
    ancho = round((tramo.hasta - tramo.desde).total_seconds() / todo * ANCHO)
    ancho = max(ancho, MINIMO)
    return Barra(min(x, ANCHO - ancho), ancho)
