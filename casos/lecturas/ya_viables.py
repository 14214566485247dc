"""Closed cases of ours whose "no" would now be a yes (§7.4). Reads only.

Of who led it last; of gerencia, where that person is no longer there, as the calls to make. It leaves
the list once it became a new request, or was put aside with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from casos.catalogos import Estado, Resultado
from casos.models import Caso, Posibilidad
from casos.permisos.cargos import Cargo

from .por_cargos import DeSusCargos
from .por_llamar import LIMITE, de_quien_son

NUESTRO_NO = (Resultado.NO_VIABLE, Resultado.NO_AJUSTABLE)


def _ya_viables(cargos: Sequence[Cargo], hoy: date) -> QuerySet[Posibilidad]:
    # Another request is being spoken of, or it was made once this was so.
    otra = Caso.objects.filter(deriva_de=OuterRef("caso")).exclude(estado=Estado.ANULADO)
    otra = otra.filter(~Q(estado=Estado.CERRADO) | Q(recibido_en__date__gte=OuterRef("desde")))
    return (
        Posibilidad.objects.filter(
            de_quien_son(cargos, "caso__"),
            atendida_en=None,
            desde__lte=hoy,
            caso__estado=Estado.CERRADO,
            caso__resultado__in=NUESTRO_NO,
        )
        .exclude(Exists(otra))
        .select_related("caso__cliente")
        .prefetch_related("caso__contrato", "concepto", "motivo")
        .order_by("desde", "pk")[: LIMITE + 1]
    )


YA_VIABLES = DeSusCargos(_ya_viables, date)


def una_por_caso(filas: Iterable[Posibilidad]) -> list[Posibilidad]:
    """What came first; the case's page says the others."""
    por_caso: dict[int, Posibilidad] = {}
    for p in filas:
        por_caso.setdefault(p.caso_id, p)
    return list(por_caso.values())
