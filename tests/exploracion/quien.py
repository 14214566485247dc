"""The table of D§2 with its rules 3, 4, 7, 9, 11 and 13, written by hand from the design.

Nothing here comes from ``casos.permisos`` nor from the facts that it reads: only rows and their states.
An act that is not in ``QUIEN`` is nobody's to check (following a case).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from .elenco import TODOS, Elenco

Regla = Callable[[Any, Elenco, Any], set[str]]


# -- what the rows say -----------------------------------------------------------------------------


def vencida(fila: Any) -> bool:
    return fila.vence < timezone.localdate()


def en_contra(caso: Any) -> set[int]:
    """Areas whose standing opinion is against (rule 11), by key."""
    h = caso.hechos
    confirmadas = {c.opinion_id for c in h.constancias if c.estado == "CONFIRMADA"}
    contra: dict[int, bool] = {}
    for o in sorted(h.opiniones, key=lambda o: o.vuelta):
        if o.estado != "DADA":
            continue
        if o.sentido == "EN_CONTRA":
            contra[o.area_id] = True
        elif not o.verbal or o.pk in confirmadas:
            contra[o.area_id] = False
    return {area for area, esta in contra.items() if esta}


def _actuales(caso: Any) -> dict[int, Any]:
    """Area → its newest adjustment of the last acceptance (rule 2)."""
    suyos = [a for a in caso.hechos.ajustes if a.aceptacion == caso.aceptacion]
    return {
        a.area_id: a
        for a in sorted(suyos, key=lambda a: a.pk)
        if a.deshace_id is None and a.estado != "CANCELADO"
    }


def _deshacen(caso: Any, ajuste: Any) -> list[Any]:
    suyos = [a for a in caso.hechos.ajustes if a.deshace_id == ajuste.pk]
    return [a for a in suyos if a.estado != "CANCELADO"]


def _en_pie(caso: Any) -> list[Any]:
    """Confirmed, neither undone nor accepted as it stands."""
    return [
        a
        for a in caso.hechos.ajustes
        if a.aceptacion == caso.aceptacion and a.deshace_id is None and a.estado == "CONFIRMADO"
        if not {d.estado for d in _deshacen(caso, a)} & {"DESHECHO", "ACEPTADO"}
    ]


def _algo_ajustado(caso: Any) -> bool:
    """Some area adjusted something and it was not undone."""
    return any(
        a.estado == "CONFIRMADO" and "DESHECHO" not in {d.estado for d in _deshacen(caso, a)}
        for a in caso.hechos.ajustes
        if a.aceptacion == caso.aceptacion and a.deshace_id is None
    )


def _por_ajustar(caso: Any, a: Any) -> bool:
    return a.deshace_id is None and a.estado == "PENDIENTE" and _actuales(caso)[a.area_id] == a


def _de_juridico(a: Any) -> bool:
    return a.area.codigo == "JUR"


# -- the rules that depend on more than who one is -------------------------------------------------


def _asignar(caso: Any, e: Elenco, _: Any) -> set[str]:
    # GER and DG to anybody; a VEN or AC person for themselves, where it is not theirs already.
    return e.gerencia | (e.comerciales - e.responsable)


def _opinar(caso: Any, e: Elenco, o: Any) -> set[str]:
    # Each area's person is its manager, who may correct it until 7.4 is decided.
    abierta = o.estado in ("PENDIENTE", "DEVUELTA") and caso.estado == "EN_ANALISIS"
    return e.area(o) if abierta or o.estado == "DADA" else set()


def _retirar_consulta(caso: Any, e: Elenco, o: Any) -> set[str]:
    otras = [
        x
        for x in caso.hechos.opiniones
        if x.vuelta == caso.vuelta and x.estado not in ("RETIRADA", "CANCELADA") and x != o
    ]
    return e.rc_o_gerencia if o.estado in ("PENDIENTE", "DEVUELTA") and otras else set()


def _dispensar(caso: Any, e: Elenco, o: Any) -> set[str]:
    return e.ajena(e.gerencia, o) if o.estado == "PENDIENTE" and vencida(o) else set()


def _declarar_viable(caso: Any, e: Elenco, _: Any) -> set[str]:
    # An opinion against: only Dirección; with none, nobody (rule 4).
    return e.ajena(e.direccion) if en_contra(caso) else e.rc_o_gerencia


def _elevar(caso: Any, e: Elenco, _: Any) -> set[str]:
    otra = e.direccion - e.pidieron()
    return e.rc_o_gerencia if en_contra(caso) and otra and not caso.elevado_en else set()


def _devolver(caso: Any, e: Elenco, _: Any) -> set[str]:
    return e.ajena(e.direccion) if caso.elevado_en and en_contra(caso) else set()


def _obliga(_: Any, c: Any) -> bool:
    return not (c.quitado_en or c.cumplida_en) and (c.pasada_en is None or bool(c.autorizado))


def _pasar(condicion: Callable[[Any, Any], bool]) -> Regla:
    """Dirección that did not ask; where there is none, gerencia."""

    def quienes(caso: Any, e: Elenco, c: Any) -> set[str]:
        return e.ajena(e.direccion or e.gerencia, c) if condicion(caso, c) else set()

    return quienes


def _cumplir(caso: Any, e: Elenco, c: Any) -> set[str]:
    en_palabras = _obliga(caso, c) and c.concepto_id is None and c.pasada_en is None
    return e.rc_o_gerencia | e.area(c) if en_palabras else set()


def _confirmar_ajuste(caso: Any, e: Elenco, a: Any) -> set[str]:
    corrige = (
        a.deshace_id is None
        and a.estado in ("CONFIRMADO", "NO_PUEDE", "NO_APLICA")
        and _actuales(caso).get(a.area_id) == a
        and not _deshacen(caso, a)
    )
    return e.area(a) if corrige or _por_ajustar(caso, a) else set()


def _no_puede(caso: Any, e: Elenco, a: Any) -> set[str]:
    if not _por_ajustar(caso, a):
        return set()
    return e.area(a) | (e.ajena(e.gerencia, a) if vencida(a) else set())


def _no_aplica(caso: Any, e: Elenco, a: Any) -> set[str]:
    if not _por_ajustar(caso, a):
        return set()
    quienes = e.direccion if _de_juridico(a) else e.gerencia
    return e.area(a) | (e.ajena(quienes, a) if vencida(a) else set())


def _corregir_acordado(caso: Any, e: Elenco, _: Any) -> set[str]:
    return e.gerencia if _algo_ajustado(caso) else e.rc_o_gerencia


def _pedir_deshacer(caso: Any, e: Elenco, a: Any) -> set[str]:
    abierto = {d.estado for d in _deshacen(caso, a)} & {"PENDIENTE", "NO_PUEDE"}
    return e.rc_o_gerencia if a in _en_pie(caso) and not abierto else set()


def _deshacer_abierto(caso: Any, a: Any) -> bool:
    return a.deshace_id is not None and a.estado == "PENDIENTE"


def _aceptar_como_esta(caso: Any, e: Elenco, a: Any) -> set[str]:
    callada = _deshacer_abierto(caso, a) and vencida(a)
    no_se_deshace = a.deshace_id is not None and a.estado == "NO_PUEDE"
    return e.ajena(e.gerencia, a) if no_se_deshace or callada else set()


def _reabrir(caso: Any, e: Elenco, _: Any) -> set[str]:
    quienes, si_no = e.gerente, e.direccion
    if caso.resultado == "MODIFICADO":
        quienes, si_no = si_no, quienes
    return quienes or si_no


def _responder_constancia(caso: Any, e: Elenco, c: Any) -> set[str]:
    if c.estado != "SIN_CONFIRMAR":
        return set()
    destinatario = {e.nombres[c.destinatario_id]} & e.activos
    fila = c.opinion or c.ajuste
    oyeron = destinatario | e.area(fila) if fila else destinatario
    rc = e.responsable if fila else set()
    return oyeron - {e.nombres[c.registrada_por_id]} - rc


def _aceptar_constancia(caso: Any, e: Elenco, c: Any) -> set[str]:
    """What an area said verbally: GER or DG who did not write it; Jurídico's "does not apply", DG."""
    if c.estado != "SIN_CONFIRMAR":
        return set()
    anoto = {e.nombres[c.registrada_por_id]}
    if c.tipo == "OPINION" and caso.estado in ("EN_ANALISIS", "POR_DECIDIR"):
        return e.ajena(e.gerencia, c.opinion) - anoto
    if c.tipo == "RESPUESTA" and caso.estado == "EN_MODIFICACION" and _por_ajustar(caso, c.ajuste):
        solo_dg = c.ajuste.respuesta_verbal == "NO_APLICA" and _de_juridico(c.ajuste)
        return e.ajena(e.direccion if solo_dg else e.gerencia, c.ajuste) - anoto
    return set()


# -- the table -------------------------------------------------------------------------------------

_RC: Regla = lambda caso, e, fila: e.rc_o_gerencia  # noqa: E731
_GERENCIA: Regla = lambda caso, e, fila: e.gerencia  # noqa: E731
_TODOS_LOS_ESTADOS = None


def _si(condicion: Callable[[Any, Any], bool], quienes: Regla = _RC) -> Regla:
    return lambda caso, e, fila: quienes(caso, e, fila) if condicion(caso, fila) else set()


def _miembro(condicion: Callable[[Any, Any], bool]) -> Regla:
    return lambda caso, e, fila: e.area(fila) if condicion(caso, fila) else set()


def _mientras_vale(caso: Any, e: Elenco, _: Any) -> set[str]:
    viva = next((p for p in caso.hechos.propuestas if p.estado == "PRESENTADA"), None)
    return e.rc_o_gerencia if viva and viva.vigencia >= timezone.localdate() else set()


def _si_se_acordo(caso: Any, e: Elenco, _: Any) -> set[str]:
    acordado = caso.estado == "EN_MODIFICACION" or caso.resultado == "MODIFICADO"
    return e.rc_o_gerencia if acordado else set()


def _ya_se_pregunta(caso: Any, fila: Any) -> bool:
    """Closed as modified, from the day on that it is asked, until it is answered."""
    ya = fila.desde_fecha <= timezone.localdate()
    return caso.resultado == "MODIFICADO" and fila.estado == "PENDIENTE" and ya


_ABIERTOS = {"RECIBIDO", "EN_CONTACTO", "EN_ANALISIS", "POR_DECIDIR", "EN_PROPUESTA",
             "EN_RESPUESTA", "EN_MODIFICACION", "POR_INFORMAR"}  # fmt: skip
_HASTA_PROPUESTA = {"RECIBIDO", "EN_CONTACTO", "EN_ANALISIS", "POR_DECIDIR", "EN_PROPUESTA"}
_7_3, _7_4, _7_6, _7_7 = {"EN_ANALISIS"}, {"POR_DECIDIR"}, {"EN_RESPUESTA"}, {"EN_MODIFICACION"}
_CON_CONDICIONES = _7_4 | _7_6 | _7_7 | {"EN_PROPUESTA"}

# act → (states, who)
QUIEN: dict[str, tuple[set[str] | None, Regla]] = {
    "asignar": (_ABIERTOS, _asignar),
    "planear": (_ABIERTOS, _RC),
    "motivo_ceso": (
        {"CERRADO"},
        _si(lambda caso, _: any(p.motivo_id and not p.desde for p in caso.hechos.posibilidades)),
    ),
    "descartar_posibilidad": (
        {"CERRADO"},
        _si(
            lambda caso, _: any(
                p.desde and p.desde <= timezone.localdate() for p in caso.hechos.posibilidades
            )
        ),
    ),
    "mover_llamada": ({"CERRADO"}, _si(lambda caso, _: caso.llamar_fecha is not None)),
    "contactar": ({"RECIBIDO"}, _RC),
    "registrar_contacto": (
        (_ABIERTOS | {"CERRADO"}) - {"RECIBIDO"},
        lambda caso, e, _: e.rc_o_gerencia | e.atencion,
    ),
    "analizar": ({"EN_CONTACTO"}, _RC),
    "consultar_area": (_7_3, _RC),
    "retirar_consulta": (_7_3, _retirar_consulta),
    "opinar": (_7_3 | _7_4, _opinar),
    "opinar_verbal": (_7_3, _si(lambda _, o: o.estado in ("PENDIENTE", "DEVUELTA"))),
    "pedir_datos": (_7_3, _miembro(lambda _, o: o.estado == "PENDIENTE")),
    "responder_datos": (_7_3, _si(lambda _, o: o.estado == "DEVUELTA")),
    "dispensar": (_7_3, _dispensar),
    "pedir_mas_analisis": (_7_4 | {"EN_PROPUESTA"}, _RC),
    "declarar_viable": (_7_4, _declarar_viable),
    "elevar": (_7_4, _elevar),
    "devolver": (_7_4, _devolver),
    "cumplir_condicion": (_CON_CONDICIONES, _cumplir),
    "pedir_sin_condicion": (
        _CON_CONDICIONES,
        _si(lambda caso, c: _obliga(caso, c) and c.pedida_en is None),
    ),
    "pasar_condicion": (_CON_CONDICIONES, _pasar(_obliga)),
    "mantener_condicion": (
        _CON_CONDICIONES,
        _pasar(lambda caso, c: _obliga(caso, c) and c.pedida_en is not None),
    ),
    "declarar_no_viable": (_7_4, _RC),
    "presentar": ({"EN_PROPUESTA"}, _RC),
    "volver_a_presentar": (_7_6, _RC),
    "enviar_propuesta": (_7_6, _mientras_vale),
    "enviar_acuerdo": (_7_7 | {"CERRADO"}, _si_se_acordo),
    "contraofertar": (_7_6, _RC),
    "aceptar": (_7_6, _RC),
    "rechazar": (_7_6, _RC),
    "cerrar_sin_respuesta": ({"EN_CONTACTO", "EN_PROPUESTA", "EN_RESPUESTA"}, _GERENCIA),
    "confirmar_ajuste": (_7_7, _confirmar_ajuste),
    "indicar_no_puede": (_7_7, _no_puede),
    "indicar_no_aplica": (_7_7, _no_aplica),
    "anotar_respuesta": (_7_7, _si(_por_ajustar)),
    "corregir_acordado": (_7_7, _corregir_acordado),
    "agregar_ajuste": (_7_7, _RC),
    "pedir_deshacer": (_7_7, _pedir_deshacer),
    "retirar_deshacer": (_7_7, _si(_deshacer_abierto)),
    "confirmar_deshecho": (_7_7, _miembro(_deshacer_abierto)),
    "indicar_no_se_deshace": (_7_7, _miembro(_deshacer_abierto)),
    "aceptar_como_esta": (_7_7, _aceptar_como_esta),
    "cerrar_modificado": (_7_7, _RC),
    "declarar_no_ajustable": (_7_7, _RC),
    "replantear": (_7_7 | {"POR_INFORMAR"}, _GERENCIA),
    "informar": (
        {"POR_INFORMAR"},
        lambda caso, e, _: e.rc_o_gerencia | (e.atencion if caso.por_atencion else set()),
    ),
    "retirar": (_HASTA_PROPUESTA | _7_7, _RC),
    "anular": (_HASTA_PROPUESTA, _GERENCIA),
    "reabrir": ({"CERRADO"}, _reabrir),
    "no_reabrir": (
        {"CERRADO"},
        lambda caso, e, fila: _reabrir(caso, e, fila) if caso.reapertura_pedida_en else set(),
    ),
    "comprobar": ({"CERRADO"}, _miembro(_ya_se_pregunta)),
    "registrar_satisfaccion": (
        {"CERRADO"},
        lambda caso, e, f: e.rc_o_gerencia | e.atencion if _ya_se_pregunta(caso, f) else set(),
    ),
    "actualizar_vigente": (
        _ABIERTOS - {"RECIBIDO", "EN_CONTACTO", "POR_INFORMAR"},
        _si(lambda caso, _: caso.version_contrato != caso.contrato.version),
    ),
    "editar_hoja": ({"RECIBIDO", "EN_CONTACTO", "POR_DECIDIR", "EN_PROPUESTA"}, _RC),
    "confirmar_constancia": (_TODOS_LOS_ESTADOS, _responder_constancia),
    "corregir_constancia": (_TODOS_LOS_ESTADOS, _responder_constancia),
    "aceptar_constancia": (_7_3 | _7_4 | _7_7, _aceptar_constancia),
}


def segun_la_tabla(accion: str, caso: Any, e: Elenco, fila: Any) -> set[str] | None:
    """Who may do it now, the data apart; ``None`` for an act that the table does not name."""
    if accion not in QUIEN:
        return None
    estados, regla = QUIEN[accion]
    if estados is not None and caso.estado not in estados:
        return set()
    quienes = regla(caso, e, fila)
    assert quienes <= set(TODOS)
    return quienes
