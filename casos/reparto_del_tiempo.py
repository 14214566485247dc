"""Whose time a case took: its log read from the beginning, and the business time of each holder.

Plain values in, plain values out: no queries, no clock. Whoever holds a case at the same time (areas in parallel,
an area and who owes it data) has their own time each; what passed is not their sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from casos import actos
from casos.catalogos import (
    ABIERTOS,
    Estado,
    EstadoAjuste,
    Sentido,
    SiNo,
    TipoConstancia,
    Turno,
)
from casos.tiempo_habil import DIA, NADA, Calendario, Calendarios

E = Estado
DE_VENTAS = (Turno.GER, Turno.RC, Turno.DG, Turno.AC)


class Quien(NamedTuple):
    """Who holds the case: sales in one of its hats, an area, or the client."""

    turno: Turno
    area: int = 0

    @property
    def es_de_ventas(self) -> bool:
        return self.turno in DE_VENTAS


class Anotado(NamedTuple):
    """An event of the log."""

    en: datetime
    accion: str
    de: str
    a: str
    datos: Mapping[str, Any]
    numero: int = 0


@dataclass(frozen=True)
class Claves:
    """What the log names by its key, and never changes."""

    areas: Mapping[str, int] = field(default_factory=dict)  # by code, in small letters
    opiniones: Mapping[int, tuple[int, int]] = field(default_factory=dict)  # area, round
    ajustes: Mapping[int, tuple[int, int | None]] = field(default_factory=dict)  # area, undoes
    # kind, opinion, adjustment
    constancias: Mapping[int, tuple[str, int | None, int | None]] = field(default_factory=dict)


class Tramo(NamedTuple):
    """From when to when somebody held the case in a step."""

    quien: Quien
    estado: str
    desde: datetime
    hasta: datetime


class Paso(NamedTuple):
    """Between two moments nothing changed hands."""

    desde: datetime
    hasta: datetime
    estado: str
    tienen: tuple[Quien, ...]


# The acts that may change who holds a case; a change of state does anyway.
QUE_MUEVEN = tuple(
    a.nombre
    for a in actos.SUCESOS.values()
    if (isinstance(a, actos.Acto) and a.es_transicion)
    or a
    in (
        actos.REGISTRAR, actos.ASIGNAR, actos.CONSULTAR_AREA, actos.RETIRAR_CONSULTA, actos.OPINAR,
        actos.OPINAR_VERBAL, actos.PEDIR_DATOS, actos.RESPONDER_DATOS, actos.DISPENSAR,
        actos.CONCLUIR_ANALISIS, actos.ELEVAR, actos.DEVOLVER, actos.CONFIRMAR_AJUSTE,
        actos.INDICAR_NO_PUEDE, actos.INDICAR_NO_APLICA, actos.ANOTAR_RESPUESTA,
        actos.CORREGIR_ACORDADO, actos.AGREGAR_AJUSTE, actos.PEDIR_DESHACER, actos.RETIRAR_DESHACER,
        actos.CONFIRMAR_DESHECHO, actos.INDICAR_NO_SE_DESHACE, actos.ACEPTAR_COMO_ESTA,
        actos.CONFIRMAR_CONSTANCIA, actos.CORREGIR_CONSTANCIA, actos.ACEPTAR_CONSTANCIA,
    )
)  # fmt: skip
_RESPONDEN_DESHACER = (
    actos.CONFIRMAR_DESHECHO.nombre,
    actos.INDICAR_NO_SE_DESHACE.nombre,
    actos.ACEPTAR_COMO_ESTA.nombre,
    actos.RETIRAR_DESHACER.nombre,
)
_CONTESTA = {
    actos.CONFIRMAR_AJUSTE.nombre: EstadoAjuste.CONFIRMADO,
    actos.INDICAR_NO_PUEDE.nombre: EstadoAjuste.NO_PUEDE,
    actos.INDICAR_NO_APLICA.nombre: EstadoAjuste.NO_APLICA,
}
_OPINAN = (actos.OPINAR.nombre, actos.OPINAR_VERBAL.nombre)
_QUITAN = (*_OPINAN, actos.RETIRAR_CONSULTA.nombre, actos.DISPENSAR.nombre)
_CUENTAN_LO_DICHO = (actos.CONFIRMAR_CONSTANCIA.nombre, actos.ACEPTAR_CONSTANCIA.nombre)


@dataclass
class _Dicha:
    """What an area answered in a round."""

    sentido: str
    de_palabra: bool


@dataclass
class Marcha:
    """Who holds a case after each event; as ``expediente.turno`` says it of a case as it stands."""

    claves: Claves
    estado: str = ""
    con_responsable: bool = False
    elevado: bool = False
    por_atencion: bool = False
    vigencia: date | None = None
    vuelta: int = 0
    preguntas: dict[int, bool] = field(default_factory=dict)  # area → whether it asked for data
    dichas: dict[int, _Dicha] = field(default_factory=dict)  # by the key of the opinion
    confirmadas: set[int] = field(default_factory=set)  # opinions said verbally
    ajustes: set[int] = field(default_factory=set)  # areas that have yet to answer
    no_pueden: set[int] = field(default_factory=set)
    deshacen: dict[int, int] = field(default_factory=dict)  # adjustment to be undone → area
    dichos: dict[int, str] = field(
        default_factory=dict
    )  # adjustment → what it is said to have answered

    # -- who -------------------------------------------------------------------------------------

    def tienen(self) -> tuple[Quien, ...]:
        if self.estado not in ABIERTOS:
            return ()
        if self.estado == E.EN_ANALISIS:
            areas = [a for a, devuelta in self.preguntas.items() if not devuelta]
            de_rc = any(self.preguntas.values()) or not areas
            return (*((self._responsable,) if de_rc else ()), *_de_areas(areas))
        if self.estado == E.EN_MODIFICACION:
            # Where one cannot, the others stop until told; what is to be undone goes on.
            siguen = () if self.no_pueden else self.ajustes
            areas = [*siguen, *self.deshacen.values()]
            return _de_areas(areas) or (self._responsable,)
        if self.estado == E.EN_RESPUESTA:
            return (Quien(Turno.CLIENTE),)
        if self.estado == E.POR_DECIDIR and self.elevado:
            return (Quien(Turno.DG),)
        if self.estado == E.POR_INFORMAR and self.por_atencion:
            return (Quien(Turno.AC),)
        return (self._responsable,)

    @property
    def _responsable(self) -> Quien:
        return Quien(Turno.RC if self.con_responsable else Turno.GER)

    @property
    def vencida(self) -> tuple[Quien, ...]:
        """Who holds it from the day after its proposal expired (rule 8)."""
        return (self._responsable,)

    # -- an event --------------------------------------------------------------------------------

    def anotar(self, e: Anotado) -> None:
        if e.de != e.a:
            self._cambiar_de_estado(e)
        self.estado = e.a
        self._quien_lo_lleva(e)
        if e.a == E.EN_ANALISIS:
            self.vuelta = e.datos.get("vuelta", self.vuelta)
            self.preguntas |= dict.fromkeys(self._areas(e.datos, "area_"), False)
        if e.a == E.EN_MODIFICACION:
            pedidas = self._areas(e.datos, "ajuste_")
            self.ajustes |= pedidas
            self.no_pueden -= pedidas
        self._de_una_fila(e)
        if self.elevado and not self._en_contra():
            self.elevado = False

    def _cambiar_de_estado(self, e: Anotado) -> None:
        self.elevado = False
        self.preguntas.clear()
        self.ajustes.clear()
        self.no_pueden.clear()
        self.deshacen.clear()
        self.dichos.clear()
        if e.a == E.POR_INFORMAR:
            self.por_atencion = e.datos.get("por_atencion") == SiNo.SI
        if e.accion == actos.PRESENTAR.nombre:
            self.vigencia = date.fromisoformat(e.datos["vigencia"])

    def _quien_lo_lleva(self, e: Anotado) -> None:
        if e.accion in (actos.REGISTRAR.nombre, actos.ASIGNAR.nombre):
            self.con_responsable = "responsable" in e.datos
        elif e.accion == actos.CORREGIR_CONSTANCIA.nombre and "anterior" in e.datos:
            self.con_responsable = "regresa_a" in e.datos  # the order was denied
        elif "ya_no_lo_lleva" in e.datos:  # reopened, and who led it had left
            self.con_responsable = False

    def _areas(self, datos: Mapping[str, Any], prefijo: str) -> set[int]:
        codigos = (c.removeprefix(prefijo) for c, v in datos.items() if v and c.startswith(prefijo))
        return {self.claves.areas[c.lower()] for c in codigos if c.lower() in self.claves.areas}

    def _de_una_fila(self, e: Anotado) -> None:
        modelo, _, pk = str(e.datos.get("sobre", "")).partition(":")
        if modelo == "opinion":
            self._de_opinion(e, int(pk))
        elif modelo == "ajuste":
            self._de_ajuste(e, int(pk))
        elif modelo == "constancia":
            self._de_constancia(e, int(pk))
        elif e.accion == actos.ELEVAR.nombre:
            self.elevado = True
        elif e.accion == actos.DEVOLVER.nombre:
            self.elevado = False
        elif e.accion == actos.CORREGIR_ACORDADO.nombre:
            self._pedir_otra_vez(self._areas(e.datos.get("textos", {}), "respuesta_anterior_"))

    # -- 7.3 -------------------------------------------------------------------------------------

    def _de_opinion(self, e: Anotado, pk: int) -> None:
        area, vuelta = self.claves.opiniones[pk]
        if e.accion in _OPINAN:
            de_palabra = e.accion == actos.OPINAR_VERBAL.nombre
            self.dichas[pk] = _Dicha(e.datos["sentido"], de_palabra)
        if vuelta != self.vuelta:
            return  # an answer of an earlier round, corrected
        if e.accion in _QUITAN:
            self.preguntas.pop(area, None)
        elif e.accion == actos.PEDIR_DATOS.nombre:
            self.preguntas[area] = True
        elif e.accion == actos.RESPONDER_DATOS.nombre:
            self.preguntas[area] = False

    def _en_contra(self) -> set[int]:
        """Areas whose opinion against stands (rule 11)."""
        en_pie: set[int] = set()
        for pk in sorted(self.dichas, key=lambda pk: (self.claves.opiniones[pk][1], pk)):
            area, dicha = self.claves.opiniones[pk][0], self.dichas[pk]
            if dicha.sentido == Sentido.EN_CONTRA:
                en_pie.add(area)
            elif not dicha.de_palabra or pk in self.confirmadas:
                en_pie.discard(area)
        return en_pie

    # -- 7.7 -------------------------------------------------------------------------------------

    def _de_ajuste(self, e: Anotado, pk: int) -> None:
        area, deshace = self.claves.ajustes[pk]
        if e.accion == actos.PEDIR_DESHACER.nombre:
            self.deshacen[pk] = area
        elif e.accion in _RESPONDEN_DESHACER and deshace is not None:
            self.deshacen.pop(deshace, None)
        elif e.accion in _CONTESTA:
            self._contesto(pk, _CONTESTA[e.accion])
        elif e.accion == actos.ANOTAR_RESPUESTA.nombre:
            self.dichos[pk] = e.datos["dijo"]

    def _contesto(self, pk: int, estado: str) -> None:
        area, _ = self.claves.ajustes[pk]
        self.ajustes.discard(area)
        self.dichos.pop(pk, None)
        (self.no_pueden.add if estado == EstadoAjuste.NO_PUEDE else self.no_pueden.discard)(area)

    def _pedir_otra_vez(self, areas: set[int]) -> None:
        self.ajustes |= areas
        for pk in [pk for pk in self.dichos if self.claves.ajustes[pk][0] in areas]:
            del self.dichos[pk]

    # -- what was said verbally --------------------------------------------------------------------

    def _de_constancia(self, e: Anotado, pk: int) -> None:
        tipo, opinion, ajuste = self.claves.constancias[pk]
        if e.accion in _CUENTAN_LO_DICHO:
            if opinion and e.accion == actos.CONFIRMAR_CONSTANCIA.nombre:
                self.confirmadas.add(opinion)
            if tipo == TipoConstancia.RESPUESTA and ajuste in self.dichos:
                self._contesto(ajuste, self.dichos[ajuste])
        elif e.accion == actos.CORREGIR_CONSTANCIA.nombre:
            if tipo == TipoConstancia.RESPUESTA and ajuste:
                self.dichos.pop(ajuste, None)
            dicha = self.dichas.get(opinion or 0)
            if dicha and dicha.de_palabra and e.a in (E.EN_ANALISIS, E.POR_DECIDIR):
                dicha.sentido, dicha.de_palabra = e.datos["sentido"], False


def _de_areas(areas: Iterable[int]) -> tuple[Quien, ...]:
    return tuple(Quien(Turno.AREAS, area) for area in sorted(set(areas)))


# -- from the log to the sums ------------------------------------------------------------------------


def pasos(
    anotados: Iterable[Anotado],
    claves: Claves,
    *,
    recibido: datetime,
    hasta: datetime,
    dias: Calendario,
) -> Iterator[Paso]:
    """What stood between one event and the next, the first from when it was received."""
    marcha, desde = Marcha(claves), recibido
    anotados = list(anotados)
    for n, e in enumerate(anotados):
        marcha.anotar(e)
        # In the order of the log: where the machine's clock went back nothing passed meanwhile.
        fin = max(desde, anotados[n + 1].en if n + 1 < len(anotados) else hasta)
        yield from _hasta_que_vence(marcha, desde, fin, dias)
        desde = fin


def _hasta_que_vence(
    marcha: Marcha, desde: datetime, hasta: datetime, dias: Calendario
) -> Iterator[Paso]:
    tienen = marcha.tienen()
    if marcha.estado == E.EN_RESPUESTA and marcha.vigencia:
        vence = min(max(dias.empieza(marcha.vigencia + DIA), desde), hasta)
        yield Paso(desde, vence, marcha.estado, tienen)
        desde, tienen = vence, marcha.vencida
    if tienen:
        yield Paso(desde, hasta, marcha.estado, tienen)


def tramos(pasos: Iterable[Paso]) -> list[Tramo]:
    """Each holder's stretches, by when they begin; what follows on without a break is one."""
    abiertos: dict[tuple[Quien, str], Tramo] = {}
    hechos: list[Tramo] = []
    for p in pasos:
        if p.desde == p.hasta:
            continue
        for quien in p.tienen:
            previo = abiertos.get((quien, p.estado))
            if previo and previo.hasta == p.desde:
                abiertos[quien, p.estado] = previo._replace(hasta=p.hasta)
                continue
            if previo:
                hechos.append(previo)
            abiertos[quien, p.estado] = Tramo(quien, p.estado, p.desde, p.hasta)
    return sorted(
        [*hechos, *abiertos.values()], key=lambda t: (t.desde, t.quien.turno, t.quien.area)
    )


@dataclass
class Sumas:
    """Business time of a case: what passed while it was open, in each step, and of each holder."""

    total: timedelta = NADA
    por_paso: dict[str, timedelta] = field(default_factory=dict)
    por_quien: dict[Quien, timedelta] = field(default_factory=dict)
    alguna_area: timedelta = NADA  # while one or more of them had it

    @property
    def ventas(self) -> timedelta:
        return sum((t for q, t in self.por_quien.items() if q.es_de_ventas), NADA)

    @property
    def cliente(self) -> timedelta:
        return self.por_quien.get(Quien(Turno.CLIENTE), NADA)

    @property
    def areas(self) -> dict[int, timedelta]:
        return {q.area: t for q, t in self.por_quien.items() if q.turno == Turno.AREAS}


def sumar(pasos: Iterable[Paso], dias: Calendarios) -> Sumas:
    """By the firm's calendar; of an area, by the one of the site where it works."""
    sumas = Sumas()
    for p in pasos:
        tiempo = dias.firma.habil(p.desde, p.hasta)
        sumas.total += tiempo
        sumas.por_paso[p.estado] = sumas.por_paso.get(p.estado, NADA) + tiempo
        areas = [quien.area for quien in p.tienen if quien.turno == Turno.AREAS]
        if areas:
            sumas.alguna_area += dias.de_areas(*areas).habil(p.desde, p.hasta)
        for quien in p.tienen:
            suyo = dias.de_areas(quien.area).habil(p.desde, p.hasta) if quien.area else tiempo
            sumas.por_quien[quien] = sumas.por_quien.get(quien, NADA) + suyo
    return sumas
