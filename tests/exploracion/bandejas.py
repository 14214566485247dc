"""Who has a move, by the design (D§2, rules 8, 11, 13), and whether *Mis pendientes* says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from casos.lecturas.pendientes import Pendientes, pendientes_de

from .elenco import Elenco
from .quien import segun_la_tabla, vencida


class Jugada(NamedTuple):
    """Somebody whose turn it is, what waits for them, and in which tray on which row."""

    quien: str
    que: str
    bandeja: str
    fila: Any
    acto: str = ""  # of what waits for gerencia: the act that decides it


def jugadas(caso: Any, e: Elenco) -> Iterator[Jugada]:
    """Each person with a move in the case, with what it is."""
    yield from _de_quien_lo_lleva(caso, e)
    yield from _de_las_areas(caso, e)
    yield from _de_gerencia(caso, e)


def _de_quien_lo_lleva(caso: Any, e: Elenco) -> Iterator[Jugada]:
    estado, h = caso.estado, caso.hechos
    if estado in ("CERRADO", "ANULADO"):
        return

    def toca(quienes: set[str], que: str) -> Iterator[Jugada]:
        return (Jugada(n, que, "me_toca", caso) for n in quienes)

    if caso.responsable_id is None:
        yield from toca(e.gerente or e.direccion, "asignar")
        return
    suya = {
        "EN_ANALISIS": any(o.estado == "DEVUELTA" for o in h.opiniones_pendientes),
        "POR_DECIDIR": not caso.elevado_en,
        "EN_RESPUESTA": not h.propuesta_con_vigencia,
        "EN_MODIFICACION": not h.pendientes_de_ajuste,
        "POR_INFORMAR": not caso.por_atencion,
    }.get(estado, True)
    if suya:
        yield from toca(e.responsable, f"le toca en {estado} a quien lo lleva")
    if estado == "POR_INFORMAR" and caso.por_atencion:
        yield from toca(e.atencion, "informar")
    if estado == "POR_DECIDIR" and caso.elevado_en:
        yield from toca(segun_la_tabla("devolver", caso, e, None) or set(), "decidir lo elevado")


def _de_las_areas(caso: Any, e: Elenco) -> Iterator[Jugada]:
    h = caso.hechos
    if caso.estado == "EN_ANALISIS":
        for o in h.opiniones_pendientes:
            if o.estado == "PENDIENTE":
                yield from (Jugada(n, "opinar", "opiniones", o) for n in e.area(o))
    if caso.estado == "EN_MODIFICACION":
        for a in h.pendientes_de_ajuste:
            yield from (Jugada(n, "ajustar", "ajustes", a) for n in e.area(a))
    for c in h.constancias:
        for n in segun_la_tabla("confirmar_constancia", caso, e, c) or ():
            yield Jugada(n, f"constancia {c.tipo.lower()}", "constancias", c)


def _de_gerencia(caso: Any, e: Elenco) -> Iterator[Jugada]:
    """Rule 13: what waits for gerencia or Dirección stands in their tray."""
    h = caso.hechos

    def decide(acto: str, fila: Any) -> Iterator[Jugada]:
        quienes = segun_la_tabla(acto, caso, e, fila if fila is not caso else None) or set()
        return (Jugada(n, acto, "decidir", fila, acto) for n in quienes & e.gerencia)

    for c in h.constancias:
        yield from decide("aceptar_constancia", c)
    for c in h.candados:
        yield from decide("mantener_condicion", c)
    if caso.estado == "EN_ANALISIS":
        for o in h.opiniones_pendientes:
            yield from decide("dispensar", o)
    if caso.estado == "EN_MODIFICACION":
        for a in h.pendientes_de_ajuste:
            # Of what was answered verbally it is that which is accepted, or not.
            if a.deshace_id is None and vencida(a) and not a.respuesta_verbal:
                yield from decide("indicar_no_puede", a)
                yield from decide("indicar_no_aplica", a)
        for a in h.ajustes_de_la_aceptacion:
            yield from decide("aceptar_como_esta", a)
    vencio = caso.estado != "EN_RESPUESTA" or not h.propuesta_con_vigencia
    if vencio and h.intentos.bastan:
        yield from decide("cerrar_sin_respuesta", caso)


def sin_bandeja(caso: Any, e: Elenco, p: Any) -> list[Jugada]:
    """Who has a move and does not find it in the tray where it belongs."""
    suyos: dict[str, Pendientes] = {}
    faltan = []
    for jugada in sorted(jugadas(caso, e), key=lambda j: j[:2]):
        if jugada.quien not in suyos:
            suyos[jugada.quien] = pendientes_de(getattr(p, jugada.quien))
        if not _esta(suyos[jugada.quien], jugada):
            faltan.append(jugada)
    return faltan


def _esta(pendientes: Pendientes, jugada: Jugada) -> bool:
    if jugada.acto:
        return any(
            d.fila == jugada.fila and jugada.acto in {a.nombre for a in d.actos}
            for d in pendientes.decidir
        )
    return jugada.fila in getattr(pendientes, jugada.bandeja).filas
