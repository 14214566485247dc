"""Closed cases whose client is to be called again, and what is remembered of each. Reads only.

Of who led it last; of gerencia, where that person is no longer there or leads no cases. It leaves the
list once the call is written down, moved, or became a new request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from casos.actos import RECHAZAR
from casos.catalogos import ROLES_COMERCIALES, Estado, Rol
from casos.models import Caso, Propuesta, TextoEvento, Usuario
from casos.models.preparada import DeVarias
from casos.permisos.cargos import Cargo

from .por_cargos import DeSusCargos

LIMITE = 25  # rows of a tray
CON_QUE_SI = "con_que_si"


@dataclass
class Memoria:
    """What was offered last and what the client said to it, to be read before dialling."""

    ofrecido: list[dict[str, Any]] = field(default_factory=list)
    detalle: str = ""
    con_que_si: str = ""


def de_quien_son(cargos: Sequence[Cargo], caso: str = "") -> Q:
    """Closed cases of who led them last; ``caso``: the way to them from the row that is asked for."""
    lleva = f"{caso}responsable"
    suyos = [c.usuario_id for c in cargos if c.rol in ROLES_COMERCIALES]
    quien = Q(**{f"{lleva}__in": suyos})
    ya_no_esta = ~Q(**{f"{lleva}__is_active": True})
    ya_no_esta |= ~Q(**{f"{lleva}__rol__in": ROLES_COMERCIALES})
    for cargo in cargos:
        if cargo.es_gerente:
            quien |= ya_no_esta
        if cargo.rol == Rol.DG:
            quien |= ya_no_esta & ~Exists(Usuario.objects.activos().filter(es_gerente=True))
    return quien


def _por_llamar(cargos: Sequence[Cargo], hoy: date) -> QuerySet[Caso]:
    # Another request is being spoken of, or it was made when this call was due.
    otra = Caso.objects.filter(deriva_de=OuterRef("pk")).exclude(estado=Estado.ANULADO)
    otra = otra.filter(
        ~Q(estado=Estado.CERRADO) | Q(recibido_en__date__gte=OuterRef("llamar_fecha"))
    )
    return (
        Caso.objects.filter(de_quien_son(cargos), estado=Estado.CERRADO, llamar_fecha__lte=hoy)
        .exclude(Exists(otra))
        # Of six tables joined the order alone cost the planner twenty times the reading.
        .select_related("cliente", "persona")
        .prefetch_related("motivo_principal", "contrato")
        .order_by("llamar_fecha", "pk")[: LIMITE + 1]
    )


POR_LLAMAR = DeSusCargos(_por_llamar, date)


def memoria_de(casos: list[Caso]) -> dict[int, Memoria]:
    """Of those cases, however many: two statements, none where there are none."""
    if not casos:
        return {}
    recuerdo = {c.pk: Memoria() for c in casos}
    for caso, filas in _OFRECIDO(recuerdo):
        recuerdo[caso].ofrecido = filas
    ultimo: dict[int, int] = {}
    for caso, evento, campo, texto in _DICHO(recuerdo):
        if ultimo.get(caso) != evento:  # what was said another time is not what holds now
            recuerdo[caso].detalle = recuerdo[caso].con_que_si = ""
            ultimo[caso] = evento
        setattr(recuerdo[caso], campo, texto)
    return recuerdo


_OFRECIDO = DeVarias(
    lambda casos: (
        Propuesta.objects.filter(caso__in=casos).order_by("numero").values_list("caso", "filas")
    )
)
_DICHO = DeVarias(
    lambda casos: (
        TextoEvento.objects.filter(
            evento__caso__in=casos,
            evento__accion=RECHAZAR.nombre,
            campo__in=("detalle", CON_QUE_SI),
        )
        .order_by("evento")
        .values_list("evento__caso", "evento", "campo", "texto")
    )
)
