"""Who has a move, by the design (D§2, rules 8, 11, 13), and whether *Mis pendientes* says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from casos.lecturas.pendientes import Bandeja, pendientes_de
from casos.models import Caso

from .elenco import Elenco
from .quien import segun_la_tabla, vencida

# What one waits for of others, and letters that failed, are no move.
NO_SON_JUGADA = ("espero", "correos")


class Jugada(NamedTuple):
    """Somebody whose turn it is, and what waits for them."""

    quien: str
    que: str


def jugadas(caso: Any, e: Elenco) -> Iterator[Jugada]:
    """Each person with a move in the case, with what it is."""
    yield from _de_quien_lo_lleva(caso, e)
    yield from _de_las_areas(caso, e)
    yield from _de_gerencia(caso, e)


def _de_quien_lo_lleva(caso: Any, e: Elenco) -> Iterator[Jugada]:
    estado, h = caso.estado, caso.hechos
    if estado in ("CERRADO", "ANULADO"):
        return
    if caso.responsable_id is None:
        yield from (Jugada(n, "asignar") for n in e.gerente or e.direccion)
        return
    suya = {
        "EN_ANALISIS": any(o.estado == "DEVUELTA" for o in h.opiniones_pendientes),
        "POR_DECIDIR": not caso.elevado_en,
        "EN_RESPUESTA": not h.propuesta_con_vigencia,
        "EN_MODIFICACION": not h.pendientes_de_ajuste,
        "POR_INFORMAR": not caso.por_atencion,
    }.get(estado, True)
    if suya:
        yield from (Jugada(n, f"RC en {estado}") for n in e.responsable)
    if estado == "POR_INFORMAR" and caso.por_atencion:
        yield from (Jugada(n, "informar") for n in e.atencion)
    if estado == "POR_DECIDIR" and caso.elevado_en:
        yield from (
            Jugada(n, "decidir lo elevado") for n in segun_la_tabla("devolver", caso, e, None) or ()
        )


def _de_las_areas(caso: Any, e: Elenco) -> Iterator[Jugada]:
    h = caso.hechos
    if caso.estado == "EN_ANALISIS":
        for o in h.opiniones_pendientes:
            if o.estado == "PENDIENTE":
                yield from (Jugada(n, "opinar") for n in e.area(o))
    if caso.estado == "EN_MODIFICACION":
        for a in h.pendientes_de_ajuste:
            yield from (Jugada(n, "ajustar") for n in e.area(a))
    for c in h.constancias:
        for n in segun_la_tabla("confirmar_constancia", caso, e, c) or ():
            yield Jugada(n, f"constancia {c.tipo.lower()}")


def _de_gerencia(caso: Any, e: Elenco) -> Iterator[Jugada]:
    """Rule 13: what waits for gerencia or Dirección stands in their tray."""
    h = caso.hechos
    for c in h.constancias:
        if c.estado == "SIN_CONFIRMAR" and caso.estado in ("POR_DECIDIR", "EN_MODIFICACION"):
            for n in segun_la_tabla("aceptar_constancia", caso, e, c) or ():
                yield Jugada(n, f"aceptar {c.tipo.lower()} de palabra")
    if caso.estado == "EN_ANALISIS":
        for o in h.opiniones_pendientes:
            if o.estado == "PENDIENTE" and vencida(o):
                yield from (Jugada(n, "opinión vencida") for n in e.ajena(e.gerencia, o))
    if caso.estado == "EN_MODIFICACION":
        for a in h.pendientes_de_ajuste:
            if a.deshace_id is None and vencida(a):
                yield from (Jugada(n, "ajuste vencido") for n in e.ajena(e.gerencia, a))
        for a in h.ajustes_de_la_aceptacion:
            if a.deshace_id and a.estado == "NO_PUEDE":
                yield from (Jugada(n, "no se deshace") for n in e.ajena(e.gerencia, a))
    vencio = caso.estado != "EN_RESPUESTA" or not h.propuesta_con_vigencia
    if caso.estado in ("EN_CONTACTO", "EN_PROPUESTA", "EN_RESPUESTA") and vencio:
        if h.intentos.bastan:
            yield from (Jugada(n, "cerrar sin respuesta") for n in e.gerencia)


def sin_bandeja(caso: Any, e: Elenco, p: Any) -> list[Jugada]:
    """Who has a move and does not find the case in any tray of theirs."""
    tienen: dict[str, set[str]] = {}
    for quien, que in jugadas(caso, e):
        tienen.setdefault(quien, set()).add(que)
    faltan = []
    for quien, ques in sorted(tienen.items()):
        if caso.pk not in _en_bandejas(getattr(p, quien)):
            faltan += [Jugada(quien, que) for que in sorted(ques)]
    return faltan


def _en_bandejas(usuario: Any) -> set[int]:
    """Keys of the cases in the trays of moves, whatever these are called."""
    pendientes = pendientes_de(usuario)
    hallados = set()
    for nombre, valor in vars(pendientes).items():
        if isinstance(valor, Bandeja) and nombre not in NO_SON_JUGADA:
            hallados |= {f.pk if isinstance(f, Caso) else f.caso_id for f in valor.filas}
    return hallados
