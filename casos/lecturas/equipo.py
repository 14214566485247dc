"""*Mi equipo*: how the open cases of each person stand, each figure with the query of its cases. Reads only.

One statement for the figures, however many persons and cases there are.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from casos.models import Caso, Usuario

from .filtro import SIN_ASIGNAR, TODOS_LOS_ABIERTOS, FiltroCasos
from .filtro_de_cifras import de_la_semana
from .filtros_ofrecidos import Ofrecidos
from .paginas import TAMANO
from .siguiente_paso import sin_siguiente_accion
from .tablas_de_cifras import Celda

SIN_NADIE, OTRAS = 0, -1  # keys of no person: unassigned, and those the list cannot be asked for
# key → heading, and what the list is asked for
CIFRAS: dict[str, tuple[str, dict[str, Any]]] = {
    "abiertos": ("Abiertos", {"estado": [TODOS_LOS_ABIERTOS]}),
    "vencidos": ("Vencidos", {"vencidos": True}),
    "sin_accion": ("Sin siguiente acción", {"sin_accion": True}),
    "semana": ("Vencen esta semana", {"semana": True}),
}


@dataclass(frozen=True)
class DelEquipo:
    """The open cases of one person, or of nobody."""

    pk: int
    nombre: str
    celdas: list[tuple[str, Celda]]  # heading, figure
    cuenta: dict[str, int]
    a_cargo: bool  # whether they may still be given cases

    @property
    def se_reasigna(self) -> bool:
        return bool(self.cuenta["abiertos"]) and self.pk != OTRAS


def equipo_de(usuario: Usuario, opciones: Ofrecidos) -> list[DelEquipo]:
    """Everybody who may lead cases, and whoever still does: what hurts most first."""
    hoy = timezone.localdate()
    cuentas: dict[int, Counter] = {}
    nombres = dict(opciones.responsables)
    for quien, *cifras in (
        Caso.objects.visibles_para(usuario)
        .abiertos()
        .order_by()
        .values_list("responsable")
        .annotate(
            abiertos=Count("pk"),
            vencidos=Count("pk", filter=Q(vence__lt=hoy)),
            sin_accion=Count("pk", filter=sin_siguiente_accion(hoy)),
            semana=Count("pk", filter=Q(**de_la_semana(hoy))),
        )
    ):
        clave = SIN_NADIE if quien is None else quien if quien in nombres else OTRAS
        cuentas.setdefault(clave, Counter()).update(dict(zip(CIFRAS, cifras, strict=True)))
    activos = dict(opciones.activos)
    filtro = FiltroCasos(QueryDict(), usuario=usuario, opciones=opciones)
    filas = [
        _fila(
            filtro,
            pk,
            {SIN_NADIE: "Sin asignar", OTRAS: "Otras personas"}.get(pk) or nombres[pk],
            cuentas.get(pk, Counter()),
            pk in activos,
        )
        for pk in {*activos, *cuentas}
    ]
    return sorted(filas, key=_por_lo_que_duele)


def _fila(filtro: FiltroCasos, pk: int, nombre: str, cuenta: Counter, a_cargo: bool) -> DelEquipo:
    de = SIN_ASIGNAR if pk == SIN_NADIE else str(pk)
    celdas = [
        (titulo, Celda(cuenta[c], "" if pk == OTRAS else filtro.consulta(responsable=de, **pide)))
        for c, (titulo, pide) in CIFRAS.items()
    ]
    return DelEquipo(pk, nombre, celdas, {c: cuenta[c] for c in CIFRAS}, a_cargo)


def _por_lo_que_duele(f: DelEquipo) -> tuple:
    c = f.cuenta
    return (f.pk != SIN_NADIE, -c["vencidos"], -c["sin_accion"], -c["abiertos"], f.nombre)


def casos_de(usuario: Usuario, pk: int) -> tuple[list[Caso], bool]:
    """The open cases of one person, the most overdue first: a page of them, and whether there are more."""
    casos: QuerySet[Caso] = Caso.objects.visibles_para(usuario).abiertos()
    suyos = casos.filter(responsable=pk or None).en_filas()  # type: ignore[attr-defined]
    leidos = list(suyos.order_by(F("vence").asc(nulls_last=True), "pk")[: TAMANO + 1])
    return leidos[:TAMANO], len(leidos) > TAMANO
