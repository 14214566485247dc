"""A case's time, from its log and its facts: what ``reparto_del_tiempo`` asks, fetched. Reads only."""

from __future__ import annotations

from datetime import datetime

from django.db.models import OuterRef, Subquery

from casos import calendario
from casos.catalogos import Tiempo
from casos.models import Ajuste, Evento, Lapso, Opinion
from casos.models.preparada import Preparada
from casos.reparto_del_tiempo import QUE_MUEVEN, Anotado, Claves, Paso, pasos
from casos.tiempo_habil import Calendarios

from .acta import Acta
from .hechos import Hechos

_ANOTADOS = Preparada(
    lambda caso: (
        Evento.objects.filter(caso=caso, accion__in=QUE_MUEVEN)
        .order_by("numero")
        .values_list("en", "accion", "de", "a", "datos", "numero")
    ),
    int,
)


def anotados_de(caso: int) -> list[Anotado]:
    """What moved a case, in the order of its log. One statement."""
    return [Anotado(*fila) for fila in _ANOTADOS(caso)]


def anotados_del(acta: Acta) -> list[Anotado]:
    """The same, of a log that was read whole."""
    return [
        Anotado(e.en, e.accion, e.de, e.a, e.datos, e.numero)
        for e in acta.eventos
        if e.accion in QUE_MUEVEN
    ]


def claves_de(h: Hechos) -> Claves:
    filas: list[Opinion | Ajuste] = [*h.opiniones, *h.ajustes]
    return Claves(
        areas={f.area.codigo.lower(): f.area_id for f in filas},
        opiniones={o.pk: (o.area_id, o.vuelta) for o in h.opiniones},
        ajustes={a.pk: (a.area_id, a.deshace_id) for a in h.ajustes},
        constancias={c.pk: (c.tipo, c.opinion_id, c.ajuste_id) for c in h.constancias},
    )


def dias_de(h: Hechos) -> Calendarios:
    """To count its time by: the firm's calendar, and of each of its areas the one of its site. One statement."""
    filas: list[Opinion | Ajuste] = [*h.opiniones, *h.ajustes]
    return calendario.calendarios(h.caso.recibido_en, {f.area_id: f.area.sede_id for f in filas})


def pasos_de(h: Hechos, anotados: list[Anotado], hasta: datetime) -> tuple[list[Paso], Calendarios]:
    """Who held the case until an instant, and what to count it by. One statement."""
    dias = dias_de(h)
    recibido = h.caso.se_cuenta_desde
    return list(
        pasos(anotados, claves_de(h), recibido=recibido, hasta=hasta, dias=dias.firma)
    ), dias


def decimos_de_su_cierre() -> Subquery:
    """All the business time of a case, as its last closing left it."""
    todo = Lapso.objects.filter(cierre__caso=OuterRef("pk"), que=Tiempo.TOTAL, area=None)
    return Subquery(todo.order_by("-cierre__numero").values("decimos")[:1])
