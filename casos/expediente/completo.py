"""Everything that the case page shows of one case, to one reader. Reads only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import cast

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from casos import calendario
from casos.actos import CON_CONDICIONES
from casos.catalogos import Estado, EstadoAviso
from casos.models import (
    Adjunto,
    Aviso,
    Caso,
    Condicion,
    Evento,
    Motivo,
    TextoEvento,
    Usuario,
    ValorContrato,
)
from casos.models.caso import CasoQuerySet
from casos.models.preparada import Preparada
from casos.permisos import lectura
from casos.reparto_del_tiempo import Anotado

from .carga import Expediente, casos_enteros, conceptos_de, leer_hechos, si_lo_ve
from .condiciones_de_las_areas import Puesta, como_van, que_lee
from .tiempo import anotados_de, decimos_de_su_cierre

CASOS_PREVIOS = 6  # one more than are shown says that there are


@dataclass
class Completo(Expediente):
    """The same, with what only the case page reads beside it."""

    hoja: list[Condicion] = field(default_factory=list)  # the rows this person reads
    recorrido: dict[str, datetime] = field(default_factory=dict)  # section → last entered
    anotados: list[Anotado] = field(default_factory=list)  # of its log, what moved it
    por_venir: list[ValorContrato] = field(default_factory=list)
    archivos: list[Adjunto] = field(default_factory=list)
    previos: list[Caso] = field(default_factory=list)
    motivos: dict[int, str] = field(default_factory=dict)  # the principal first
    no_decir: list[str] = field(default_factory=list)  # what they say must not be told
    otros_visibles: set[int] = field(default_factory=set)  # other cases it names that are seen
    correos_fallidos: bool = False
    se_le_dijo: str = ""

    @cached_property
    def puestas(self) -> list[Puesta]:
        """The areas' conditions, of those whose grounds the reader may know, from 7.4 on."""
        if self.caso.estado not in (*CON_CONDICIONES, Estado.CERRADO) or self.lector is None:
            return []
        return que_lee(como_van(self.hechos), self.hechos, self.lector)


_PAGINA = Preparada(
    lambda folio: (
        casos_enteros()
        .filter(folio=folio)
        .annotate(
            fallidos=Exists(Aviso.objects.filter(caso=OuterRef("pk"), estado=EstadoAviso.FALLIDO)),
            dicho=Subquery(_lo_dicho_al_informar()),
        )
    ),
    str,
)


def completo(usuario: Usuario, folio: str) -> Completo | None:
    """One visible case with everything its page shows ``usuario``."""
    caso = si_lo_ve(usuario, _PAGINA(folio))
    if caso is None:
        return None
    hechos = leer_hechos(caso, usuario)
    suyos: set[int] = set()
    if not lectura.ve_toda_la_hoja(caso, usuario):
        suyos = conceptos_de(usuario.areas_ids)
    anotados = anotados_de(caso.pk)
    motivos, no_decir = _motivos(caso)
    exp = Completo(
        caso,
        hechos,
        usuario,
        hoja=lectura.hoja_para(hechos, usuario, suyos),
        recorrido=_recorrido(anotados),
        anotados=anotados,
        archivos=_ARCHIVOS(caso.pk),
        previos=_previos(caso, usuario),
        motivos=motivos,
        no_decir=no_decir,
        correos_fallidos=caso.fallidos,  # type: ignore[attr-defined]
        se_le_dijo=caso.dicho or "",  # type: ignore[attr-defined]
    )
    exp.por_venir = _por_venir(exp)
    exp.otros_visibles = _otros_visibles(exp)
    return exp


def _lo_dicho_al_informar() -> QuerySet:
    """What the client was told, the last time (§7.8); nothing where they could not be found."""
    ultima = Evento.objects.filter(caso=OuterRef(OuterRef("pk")), accion="informar")
    return TextoEvento.objects.filter(
        evento=Subquery(ultima.order_by("-numero").values("pk")[:1]), campo="que_se_dijo"
    ).values("texto")[:1]


def _recorrido(anotados: list[Anotado]) -> dict[str, datetime]:
    """Section → when it was last entered: where the case has been on the path."""
    return {
        Estado(e.a).seccion: e.en
        for e in anotados
        if e.a != e.de and e.a in Estado.values and Estado(e.a).seccion
    }


_POR_VENIR = Preparada(
    lambda contrato, hoy: (
        ValorContrato.objects.por_venir(contrato, hoy)
        .select_related("concepto", "version")
        .order_by("concepto__orden", "pk")
    ),
    int,
    date,
)


def _por_venir(exp: Completo) -> list[ValorContrato]:
    """What another case agreed for later, of the rows that the reader's sheet has."""
    if exp.caso.contrato_id is None or not exp.caso.es_abierto:
        return []
    de_hoy = {f.concepto_id: f.vigente for f in exp.hoja}
    return [
        v
        for v in _POR_VENIR(exp.caso.contrato_id, calendario.hoy())
        if v.concepto_id in de_hoy
        and v.valor != de_hoy[v.concepto_id]
        and v.version.caso_id != exp.caso.pk
    ]


def _del_contrato(visibles: CasoQuerySet, contrato: int, caso: int) -> QuerySet[Caso]:
    del_contrato = visibles.filter(contrato=contrato).exclude(pk=caso).order_by("-pk")
    filas = cast("QuerySet[Caso]", del_contrato.annotate(decimos=decimos_de_su_cierre()))
    filas = filas.select_related("motivo_principal")
    return filas.only(
        "folio", "estado", "resultado", "vence", "cerrado_en", "recibido_en", "solicitud",
        "motivo_principal__nombre",
    )[:CASOS_PREVIOS]  # fmt: skip


_PREVIOS = Preparada(
    lambda contrato, caso: _del_contrato(Caso.objects.all(), contrato, caso), int, int
)


def _previos(caso: Caso, usuario: Usuario) -> list[Caso]:
    """Other cases of the same contract that the reader may see."""
    if caso.contrato_id is None:
        return []
    if usuario.ve_todos_los_casos:
        return _PREVIOS(caso.contrato_id, caso.pk)
    visibles = Caso.objects.visibles_para(usuario)
    return list(_del_contrato(visibles, caso.contrato_id, caso.pk))


_MOTIVOS = Preparada(
    lambda caso: (
        Motivo.objects.filter(casos=caso)
        .order_by("orden", "nombre")
        .values_list("pk", "nombre", "no_decir")
    ),
    int,
)


def _motivos(caso: Caso) -> tuple[dict[int, str], list[str]]:
    principal = caso.motivo_principal_id
    if principal is None:
        return {}, []
    filas = _MOTIVOS(caso.pk)
    nombres = {pk: nombre for pk, nombre, _ in filas}
    return {principal: nombres.pop(principal, "")} | nombres, [dicho for _, _, dicho in filas]


_ARCHIVOS = Preparada(
    lambda caso: (
        Adjunto.objects.filter(caso=caso)
        .order_by("-pk")
        .only("evento_id", "nombre", "tamano", "subido_en", "sensible", "borrado_en")
    ),
    int,
)


def _otros_visibles(exp: Completo) -> set[int]:
    """Keys of the cases it names that the reader sees; one query where it names any."""
    caso = exp.caso
    otros = {caso.deriva_de_id, caso.duplicado_de_id, *(v.version.caso_id for v in exp.por_venir)}
    otros -= {None, caso.pk}
    if not otros:
        return set()
    assert exp.lector is not None
    visibles = Caso.objects.visibles_para(exp.lector)
    return set(visibles.filter(pk__in=otros).values_list("pk", flat=True))
