"""Which cases count as one state: what a rule of D§2 may still ask of the case, and no more.

Counters (rounds, versions, acceptances) and figures are left out; areas are not told apart in 7.3, where
no rule does. What lies behind is kept only while a later step can ask for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from casos.catalogos import (
    Estado,
    EstadoAjuste,
    EstadoConstancia,
    EstadoOpinion,
    EstadoPropuesta,
    QueAjusta,
    Sentido,
    TipoConstancia,
)

E = Estado
Clave = tuple[str, ...]
DECIDEN = (E.EN_ANALISIS, E.POR_DECIDIR)
CON_PROPUESTA = (E.EN_PROPUESTA, E.EN_RESPUESTA)


def clave(caso: Any, otro_pendiente: bool) -> Clave:
    """The abstract state of a case read afresh, as words a person can read."""
    h, estado = caso.hechos, E(caso.estado)
    partes: list[str] = [estado.value]
    if estado == E.ANULADO:
        return tuple(partes)
    if estado == E.CERRADO:
        partes += [caso.resultado, "reabrible" if h.puede_reabrirse else "fuera de plazo"]
        partes += [f"se cerró en {caso.estado_al_cerrar}"] * (caso.resultado == "SIN_RESPUESTA")
        if not h.puede_reabrirse:
            return tuple(partes)
    partes.append(f"RC {_rol(caso)}")
    if estado == E.EN_MODIFICACION or caso.resultado == "MODIFICADO":
        partes += _ajustes(h)
    else:
        partes += _opiniones(h, estado)
    partes += _con_el_cliente(h, estado)
    partes += _condiciones(h, estado)
    partes += ["elevado"] * bool(caso.elevado_en) + ["por Atención"] * caso.por_atencion
    if estado == E.POR_INFORMAR:
        partes += ["viene de ajuste"] * caso.viene_de_ajuste
    if estado in (E.EN_CONTACTO, E.EN_PROPUESTA):
        nunca = not h.propuestas and caso.cerrado_primera_vez_en is None
        partes += ["anulable"] * nunca
    return tuple(partes + _contrato(caso, otro_pendiente))


def _rol(caso: Any) -> str:
    rc = caso.responsable
    return "nadie" if rc is None else "GER" if rc.es_gerente else str(rc.rol)


def _condiciones(h: Any, estado: Estado) -> list[str]:
    """Each that stands, while it binds: asked to be passed, passed, or neither."""
    if estado in (E.CERRADO, E.POR_INFORMAR):
        return []
    de = {True: "condición pasada", False: "condición"}
    return sorted(
        "condición pedida" if c.pedida_en else de[c.pasada_en is not None]
        for c in h.candados
        if c.quitado_en is None
    )


def _opiniones(h: Any, estado: Estado) -> list[str]:
    contra = {o.area_id for o in h.en_contra}
    if estado not in DECIDEN:
        # What each area said is asked again in 7.4 only; that one is against, also in 7.6.
        return ["en contra"] * bool(contra) + ["opinaron"] * h.hay_opinion_dada
    dichas = []
    for o in h.opiniones_actuales:
        como = _opinion(h, o)
        antes = " y en contra antes" if o.area_id in contra and como != "en contra" else ""
        dichas.append(como + antes)
    # A question withdrawn or cancelled since leaves what the area said before.
    actuales = {o.area_id for o in h.opiniones_actuales}
    dichas += ["en contra antes"] * len(contra - actuales)
    if estado == E.EN_ANALISIS:
        dichas += ["única"] * (len(h.opiniones_de_la_vuelta) == 1)
    return [f"opiniones: {', '.join(sorted(dichas))}"]


def _opinion(h: Any, o: Any) -> str:
    if o.estado == EstadoOpinion.PENDIENTE:
        return "vencida" if h.esta_vencido(o) else "pendiente"
    if o.estado != EstadoOpinion.DADA:
        return {EstadoOpinion.DEVUELTA: "devuelta", EstadoOpinion.DISPENSADA: "sin decir"}[o.estado]
    como = {Sentido.EN_CONTRA: "en contra", Sentido.NO_APLICA: "sin decir"}.get(
        o.sentido, "a favor"
    )
    return f"{como} de palabra" if _sin_confirmar(h, opinion=o) else como


def _sin_confirmar(h: Any, opinion: Any = None, ajuste: Any = None) -> bool:
    tipo = TipoConstancia.OPINION if opinion else TipoConstancia.RESPUESTA
    return any(
        c.tipo == tipo
        and c.estado == EstadoConstancia.SIN_CONFIRMAR
        and (c.opinion if opinion else c.ajuste) == (opinion or ajuste)
        for c in h.constancias
    )


def _con_el_cliente(h: Any, estado: Estado) -> list[str]:
    """Contacts, attempts, the proposal and the consent it rests on."""
    partes: list[str] = []
    if estado == E.EN_CONTACTO:
        partes.append("se habló" if h.hay_contacto_efectivo else "sin hablar")
    if estado in (E.EN_CONTACTO, *CON_PROPUESTA, E.POR_INFORMAR):
        partes += ["tres intentos"] * h.intentos.bastan
    if estado == E.EN_RESPUESTA:
        viva = next(p for p in h.propuestas if p.estado == EstadoPropuesta.PRESENTADA)
        vence = viva.vigencia < timezone.localdate()
        partes.append("propuesta vencida" if vence else "propuesta viva")
    if estado == E.EN_PROPUESTA and h.consentimiento_sin_confirmar:
        partes.append("consentimiento sin confirmar")
    if estado == E.EN_PROPUESTA and h.exceden_lo_viable(
        {f.pk: f.propuesto for f in h.condiciones if f.propuesto}
    ):
        partes.append("lo propuesto rebasa")
    return partes


def _ajustes(h: Any) -> list[str]:
    """Per area its current adjustment, then older ones confirmed that still stand."""
    actuales = h.ajustes_actuales
    dichos = []
    for a in actuales:
        quien = "Jurídico" if a.area.que_ajusta == QueAjusta.CONTRATO else "otra área"
        dichos.append(f"{quien}: {_ajuste(h, a)}")
    viejos = [a for a in h.confirmados_en_pie if a not in actuales]
    dichos += [f"anterior: {_ajuste(h, a)}" for a in viejos]
    return [f"ajustes: {', '.join(sorted(dichos))}"]


def _ajuste(h: Any, a: Any) -> str:
    if a.estado == EstadoAjuste.PENDIENTE:
        if _sin_confirmar(h, ajuste=a):
            return f"de palabra {a.respuesta_verbal.lower()}"
        return "vencido" if h.esta_vencido(a) else "pendiente"
    partes = [a.estado.lower()]
    for d in h.deshacimientos(a):
        callada = d.estado == EstadoAjuste.PENDIENTE and h.esta_vencido(d)
        partes.append(f"deshacer {'vencido' if callada else d.estado.lower()}")
    return ", ".join(partes)


def _contrato(caso: Any, otro_pendiente: bool) -> list[str]:
    if caso.contrato is None:
        return []
    partes = ["otro caso por cerrar"] * otro_pendiente
    partes += ["contrato cambiado por otro"] * (
        caso.version_contrato is not None and not caso.hechos.vigente_al_dia
    )
    ultima = caso.contrato.versiones.order_by("-numero").first()
    if ultima and ultima.caso_id == caso.pk and ultima.regresa_id is None:
        partes.append("el contrato dice lo de este caso")
    return partes


def en_texto(una: Iterable[str]) -> str:
    return " · ".join(una)
