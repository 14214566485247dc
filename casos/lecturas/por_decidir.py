"""What waits for gerencia or Dirección in other people's cases (rule 13). Reads only.

Seven statements, along partial indexes, for who is of gerencia; none for the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from casos.actos import (
    ACEPTAR_COMO_ESTA,
    ACEPTAR_CONSTANCIA,
    CERRAR_SIN_RESPUESTA,
    CON_CONDICIONES,
    DISPENSAR,
    INDICAR_NO_APLICA,
    INDICAR_NO_PUEDE,
    MANTENER_CONDICION,
    NO_REABRIR,
    PASAR_CONDICION,
    REABRIR,
    Acto,
)
from casos.catalogos import (
    Estado,
    EstadoAjuste,
    EstadoConstancia,
    QueAjusta,
    Rol,
    TipoConstancia,
)
from casos.models import Ajuste, Candado, Caso, Constancia, Opinion, Usuario
from casos.models.preparada import Preparada
from casos.permisos.cargos import cargos, cuenta, manda, quien_decide
from casos.permisos.predicados import solo_la_acepta_direccion

from .le_toca import vencio_propuesta

LIMITE = 25  # of each kind, of those they may decide
MIRADAS = 500  # of each kind: whose they are is asked row by row
PRIMERAS = 50  # read at once: nearly always enough to find as many
_CASO = ("caso__cliente", "caso__responsable")


@dataclass(frozen=True)
class PorDecidir:
    """One thing to decide: what it is about, its row, and the acts that decide it."""

    caso: Caso
    que: str
    fila: Any  # the case itself, where the act is done on it
    actos: tuple[Acto, ...]
    vence: date | None = None


def por_decidir(usuario: Usuario) -> list[PorDecidir]:
    """What ``usuario`` may decide on now, the oldest first; by the rules of ``permisos.predicados``."""
    if not any(c.es_gerencia for c in cargos(usuario)):
        return []
    hoy = timezone.localdate()
    gente = Usuario.objects.gerencia().values_list("pk", "rol", "es_gerente")
    quien = _Quien(usuario, list(gente))
    verbales = _primeras(_verbales(quien))
    # What they may accept as it was said is not asked of them twice.
    dichos = {d.fila.ajuste_id for d in verbales}
    halladas = [
        *verbales,
        *_primeras(_opiniones(quien, hoy)),
        *_primeras(d for d in _ajustes(quien, hoy) if d.fila.pk not in dichos),
        *_primeras(_sin_respuesta(quien, hoy)),
        *_primeras(_condiciones(quien)),
        *_primeras(_por_reabrir(quien)),
    ]
    return sorted(halladas, key=lambda d: (d.vence or date.max, d.caso.pk))


def _primeras(de_un_tipo: Iterator[PorDecidir]) -> list[PorDecidir]:
    return list(islice(de_un_tipo, LIMITE))


@dataclass(frozen=True)
class _Quien:
    """Who looks, by the rule that the door asks."""

    usuario: Usuario
    gente: list[tuple[int, str, bool]]  # of gerencia

    def puede(self, caso: Caso, fila: Any, **mas: Any) -> bool:
        return quien_decide(self.usuario, caso.responsable_id, fila, self.gente, **mas) is not None


class _PorTandas:
    """The rows of a query, the first ones at once and the rest for who has not found enough among them."""

    def __init__(self, consulta: Callable[..., QuerySet[Any]], *tipos: type):
        self._primeras = Preparada(lambda *v: consulta(*v)[:PRIMERAS], *tipos)
        self._demas = Preparada(lambda *v: consulta(*v)[PRIMERAS:MIRADAS], *tipos)

    def __call__(self, *valores: Any) -> Iterator[Any]:
        leidas = self._primeras(*valores)
        yield from leidas
        if len(leidas) == PRIMERAS:
            yield from self._demas(*valores)


_DE_OPINION = Q(
    tipo=TipoConstancia.OPINION, caso__estado__in=[Estado.EN_ANALISIS, Estado.POR_DECIDIR]
)
_DE_AJUSTE = Q(
    tipo=TipoConstancia.RESPUESTA,
    caso__estado=Estado.EN_MODIFICACION,
    ajuste__estado=EstadoAjuste.PENDIENTE,
)
# With all that is told of each they join so many tables that planning took longer than looking.
_VERBALES = _PorTandas(
    lambda: (
        Constancia.objects.filter(_DE_OPINION | _DE_AJUSTE, estado=EstadoConstancia.SIN_CONFIRMAR)
        .select_related(*_CASO, "opinion__area", "ajuste__area", "registrada_por")
        .order_by("pk")
    )
)
_OPINIONES = _PorTandas(
    lambda hoy: (
        Opinion.objects.pendientes()
        .filter(vence__lt=hoy)
        .select_related(*_CASO, "area")
        .order_by("vence", "pk")
    ),
    date,
)
_AJUSTES = _PorTandas(
    lambda hoy: (
        Ajuste.objects.filter(
            Q(estado=EstadoAjuste.PENDIENTE, vence__lt=hoy)
            | Q(deshace__isnull=False, estado=EstadoAjuste.NO_PUEDE),
            caso__estado=Estado.EN_MODIFICACION,
        )
        .select_related(*_CASO, "area")
        .order_by("vence", "pk")
    ),
    date,
)
_SIN_RESPUESTA = _PorTandas(
    lambda hoy: (
        Caso.objects.filter(intentos_completos=True)
        .filter(Q(estado__in=[Estado.EN_CONTACTO, Estado.EN_PROPUESTA]) | vencio_propuesta(hoy))
        .select_related("cliente", "responsable")
        .order_by("vence", "pk")
    ),
    date,
)
_CONDICIONES = _PorTandas(
    lambda: (
        Candado.objects.filter(
            pedida_en__isnull=False, quitado_en=None, caso__estado__in=CON_CONDICIONES
        )
        .select_related(*_CASO, "opinion__area", "concepto", "pedida_por")
        .order_by("pedida_en", "pk")
    )
)
_POR_REABRIR = _PorTandas(
    lambda: (
        Caso.objects.filter(reapertura_pedida_en__isnull=False)
        .select_related("cliente", "responsable")
        .order_by("reapertura_pedida_en", "pk")
    )
)


def _verbales(quien: _Quien) -> Iterator[PorDecidir]:
    """Opinions and answers given verbally that their area has not confirmed."""
    for c in _VERBALES():
        fila = c.opinion or c.ajuste
        solo_direccion = solo_la_acepta_direccion(c)
        if not quien.puede(
            c.caso, fila, solo_direccion=solo_direccion, anotada_por=c.registrada_por_id
        ):
            continue
        que = f"{fila.area} contestó de palabra y no lo ha confirmado: {c.texto}"
        yield PorDecidir(c.caso, que, c, (ACEPTAR_CONSTANCIA,), fila.vence)


def _opiniones(quien: _Quien, hoy: date) -> Iterator[PorDecidir]:
    for o in _OPINIONES(hoy):
        if quien.puede(o.caso, o):
            que = f"{o.area} no ha opinado. Se le preguntó: {o.pregunta}"
            yield PorDecidir(o.caso, que, o, (DISPENSAR,), o.vence)


def _ajustes(quien: _Quien, hoy: date) -> Iterator[PorDecidir]:
    """Overdue adjustments and undoings, and what an area says that cannot be undone."""
    for a in _AJUSTES(hoy):
        if not quien.puede(a.caso, a):
            continue
        if a.deshace_id:
            que = f"{a.area} no ha deshecho lo que ajustó: {a.que}"
            if a.estado == EstadoAjuste.NO_PUEDE:
                que = f"{a.area} no puede deshacer lo que ajustó: {a.respuesta}"
            yield PorDecidir(a.caso, que, a, (ACEPTAR_COMO_ESTA,), a.vence)
            continue
        del_contrato = a.area.que_ajusta == QueAjusta.CONTRATO
        no_aplica = quien.puede(a.caso, a, solo_direccion=del_contrato)
        posibles = (INDICAR_NO_PUEDE, INDICAR_NO_APLICA) if no_aplica else (INDICAR_NO_PUEDE,)
        yield PorDecidir(
            a.caso, f"{a.area} no ha contestado su ajuste: {a.que}", a, posibles, a.vence
        )


def _sin_respuesta(quien: _Quien, hoy: date) -> Iterator[PorDecidir]:
    """Cases whose client was looked for often enough, and no proposal is still valid."""
    for caso in _SIN_RESPUESTA(hoy):
        if manda(quien.usuario, caso.responsable_id) is None:
            continue
        que = "El cliente no responde y ya se hicieron los intentos: se puede cerrar sin respuesta."
        yield PorDecidir(caso, que, caso, (CERRAR_SIN_RESPUESTA,), caso.vence)


def _condiciones(quien: _Quien) -> Iterator[PorDecidir]:
    """Areas' conditions that somebody asks Dirección to let pass."""
    hay = any(rol == Rol.DG for _, rol, _ in quien.gente)
    for c in _CONDICIONES():
        if quien.puede(c.caso, c, solo_direccion=hay):
            que = f"{c.pedida_por} pide seguir sin una condición de {c.area}: {c.dicho()}"
            yield PorDecidir(c.caso, que, c, (PASAR_CONDICION, MANTENER_CONDICION), c.caso.vence)


def _por_reabrir(quien: _Quien) -> Iterator[PorDecidir]:
    """Closed as modified, and somebody says that it did not come out so: Dirección reopens it, or not."""
    hay_direccion = any(rol == Rol.DG for _, rol, _ in quien.gente)
    for caso in _POR_REABRIR():
        lleva = caso.responsable_id
        suyos = [c for c in cargos(quien.usuario) if cuenta(c, quien.usuario, lleva)]
        if any(c.rol == Rol.DG if hay_direccion else c.es_gerencia for c in suyos):
            yield PorDecidir(caso, caso.reapertura_motivo, caso, (REABRIR, NO_REABRIR))
