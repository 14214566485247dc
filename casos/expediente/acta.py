"""What the rules of conformance read of a case: its log in order, and what the log names by its key.

Rows that the log names tell only of which area, round and acceptance they are; what was done is read from the events.
A fixed number of statements for any number of cases, read as they come and put side by side, case by case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import QuerySet

from casos.actos import CERRAR_MODIFICADO
from casos.catalogos import QueAjusta
from casos.models import Ajuste, Area, Caso, Constancia, Evento, Opinion, ValorContrato
from casos.models.preparada import Preparada

from .hechos import Hechos

POR_TANDA = 2_000  # rows that are fetched at a time
DEL_EVENTO = (
    "numero", "en", "seccion", "accion", "de", "a", "actor_id", "suple_a_id", "sin_segregacion", "datos",
)  # fmt: skip
DEL_CONTRATO = ("version__numero", "concepto__clave", "valor")
_EVENTOS = Preparada(
    lambda caso: Evento.objects.filter(caso=caso).order_by("numero").values_list(*DEL_EVENTO), int
)
_VALORES = Preparada(
    lambda caso: (
        ValorContrato.objects.filter(version__caso=caso).order_by("pk").values_list(*DEL_CONTRATO)
    ),
    int,
)


class Anotacion(NamedTuple):
    """An event of the log."""

    numero: int
    en: datetime
    seccion: str
    accion: str
    de: str
    a: str
    actor: int | None
    suple_a: int | None
    sin_segregacion: bool
    datos: Mapping[str, Any]

    def es(self, *actos: Any) -> bool:
        return any(self.accion == acto.nombre for acto in actos)

    @property
    def sobre(self) -> tuple[str, int]:
        """The row it was done on."""
        modelo, _, pk = str(self.datos.get("sobre", "")).partition(":")
        return modelo, int(pk) if pk.isdecimal() else 0


class DeUnArea(NamedTuple):
    """An opinion or adjustment that the log names: of which area, in which round or acceptance."""

    pk: int
    area: int
    vez: int
    deshace: int | None = None


class Dicha(NamedTuple):
    """A verbal notice: what was said, about what, and when it was written down."""

    pk: int
    tipo: str
    opinion: int | None
    ajuste: int | None
    anotada_en: datetime


class DeLaFirma(NamedTuple):
    """An area as the log names it: by its code."""

    codigo: str
    nombre: str
    es_del_contrato: bool


@dataclass(frozen=True)
class Acta:
    """A case for who judges whether it was followed up as the instruction says."""

    caso: int
    folio: str
    cerrado_en: datetime | None
    eventos: list[Anotacion]
    areas: Mapping[int, DeLaFirma] = field(default_factory=dict)
    opiniones: list[DeUnArea] = field(default_factory=list)
    ajustes: list[DeUnArea] = field(default_factory=list)
    constancias: list[Dicha] = field(default_factory=list)
    contrato: Mapping[tuple[int, str], str] = field(
        default_factory=dict
    )  # version, concept → value

    def de(self, *actos: Any) -> list[Anotacion]:
        return [e for e in self.eventos if e.es(*actos)]

    def nombre(self, area: int) -> str:
        return self.areas[area].nombre

    def pidio(self, fila: DeUnArea, prefijo: str, antes_de: int) -> Anotacion | None:
        """Who last asked an area, before another event: ``area_FIN`` in 7.3, ``ajuste_FIN`` in 7.7."""
        clave = f"{prefijo}_{self.areas[fila.area].codigo}".lower()
        pidieron = (e for e in self.eventos if e.numero < antes_de and clave in _pedidas(e))
        return max(pidieron, default=None, key=itemgetter(0))


def _pedidas(evento: Anotacion) -> set[str]:
    return {clave.lower() for clave, valor in evento.datos.items() if valor is True}


def fecha_de(evento: Anotacion, clave: str) -> str:
    """A date typed for an area: its field bears the area's code."""
    return next((str(v) for c, v in evento.datos.items() if c.lower() == clave.lower()), "")


def actas(casos: QuerySet[Caso]) -> Iterator[Acta]:
    """Each case with its log. Six statements and one of the areas, however many cases there are."""
    suyos = casos.order_by().values("pk")
    de_ellos = {"caso__in": suyos}
    areas = {a.pk: _de_la_firma(a) for a in Area.objects.all()}
    eventos = _por_caso(
        Evento.objects.filter(**de_ellos).order_by("caso_id", "numero"), *DEL_EVENTO
    )
    opiniones = _por_caso(
        Opinion.objects.filter(**de_ellos).order_by("caso_id", "pk"), "pk", "area_id", "vuelta"
    )
    ajustes = _por_caso(
        Ajuste.objects.filter(**de_ellos).order_by("caso_id", "pk"),
        "pk", "area_id", "aceptacion", "deshace_id",
    )  # fmt: skip
    constancias = _por_caso(
        Constancia.objects.filter(**de_ellos).order_by("caso_id", "pk"),
        "pk", "tipo", "opinion_id", "ajuste_id", "registrada_en",
    )  # fmt: skip
    valores = _por_caso(
        ValorContrato.objects.filter(version__caso__in=suyos).order_by("version__caso_id", "pk"),
        *DEL_CONTRATO,
        caso="version__caso_id",
    )
    por_clave = casos.order_by("pk").values_list("pk", "folio", "cerrado_en")
    for pk, folio, cerrado_en in por_clave.iterator(chunk_size=POR_TANDA):
        yield Acta(
            caso=pk,
            folio=folio,
            cerrado_en=cerrado_en,
            eventos=[Anotacion(*fila) for fila in eventos(pk)],
            areas=areas,
            opiniones=[DeUnArea(*fila) for fila in opiniones(pk)],
            ajustes=[DeUnArea(*fila) for fila in ajustes(pk)],
            constancias=[Dicha(*fila) for fila in constancias(pk)],
            contrato={(numero, clave): valor for numero, clave, valor in valores(pk)},
        )


def acta_de(h: Hechos) -> Acta:
    """The same of a case whose facts are at hand, while an act is being written. One statement, or two."""
    eventos = [Anotacion(*fila) for fila in _EVENTOS(h.caso.pk)]
    valores = _VALORES(h.caso.pk) if any(e.es(CERRAR_MODIFICADO) for e in eventos) else []
    filas: list[Opinion | Ajuste] = [*h.opiniones, *h.ajustes]
    return Acta(
        caso=h.caso.pk,
        folio=h.caso.folio,
        cerrado_en=h.caso.cerrado_en,
        eventos=eventos,
        areas={f.area_id: _de_la_firma(f.area) for f in filas},
        opiniones=sorted(
            (DeUnArea(o.pk, o.area_id, o.vuelta) for o in h.opiniones), key=itemgetter(0)
        ),
        ajustes=sorted(
            (DeUnArea(a.pk, a.area_id, a.aceptacion, a.deshace_id) for a in h.ajustes),
            key=itemgetter(0),
        ),
        constancias=sorted(
            (
                Dicha(c.pk, c.tipo, c.opinion_id, c.ajuste_id, c.registrada_en)
                for c in h.constancias
            ),
            key=itemgetter(0),
        ),
        contrato={(numero, clave): valor for numero, clave, valor in valores},
    )


def _de_la_firma(area: Area) -> DeLaFirma:
    return DeLaFirma(area.codigo, str(area), area.que_ajusta == QueAjusta.CONTRATO)


def _por_caso(filas: QuerySet, *campos: str, caso: str = "caso_id") -> Any:
    """Rows ordered by case, given case after case; a case that has none is passed over."""
    leidas: Iterable[tuple] = filas.values_list(caso, *campos).iterator(chunk_size=POR_TANDA)
    grupos = groupby(leidas, key=itemgetter(0))
    siguiente: list[tuple[int, list[tuple]]] = []

    def de(pk: int) -> list[tuple]:
        while not siguiente or siguiente[0][0] < pk:
            siguiente.clear()
            uno = next(grupos, None)
            if uno is None:
                return []
            siguiente.append((uno[0], [fila[1:] for fila in uno[1]]))
        return siguiente[0][1] if siguiente[0][0] == pk else []

    return de
