"""Who may do each act (D§2, column *who*): rules made of the hats in ``cargos``.

One name per rule; ``casos.actos`` says which act it is for. Conditions look at the row and the
facts; no queries.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from casos.catalogos import (
    Estado,
    EstadoAjuste,
    EstadoCita,
    EstadoConstancia,
    EstadoOpinion,
    QueAjusta,
    Resultado,
    TipoConstancia,
)

from .cargos import (
    Condicion,
    Permiso,
    Regla,
    atencion,
    comercial,
    cualquiera,
    cuenta,
    direccion,
    direccion_ajena,
    en_lugar_de_rc,
    es_del_area,
    gerencia,
    gerencia_ajena,
    gerente,
    miembro,
    primero,
    quien_decide,
    quienes_pidieron,
    rc,
    rc_o_gerencia,
    registrante,
    responsable_de_area,
)

if TYPE_CHECKING:
    from casos.expediente.hechos import Hechos
    from casos.models import Usuario

# -- the case itself -------------------------------------------------------------------------------

# -- acts that others than their own would look for: locked, with the reason ------------------------


@Regla
def _comercial_que_no_lo_lleva(h: Hechos, usuario: Usuario, fila: Any) -> Permiso | None:
    return None if usuario.pk == h.caso.responsable_id else comercial(h, usuario)


def _quien_lo_lleva(h: Hechos) -> str:
    return str(h.caso.responsable or "gerencia, que todavía no lo asigna")


registrante_o_rc = registrante | rc
# §6 and the endings outside the numbered steps are of gerencia; RC would look for them.
de_gerencia = gerencia.esperada_por(rc, "Esto lo hace gerencia o dirección: avísale.")
anular = gerencia.esperada_por(
    registrante_o_rc, "Un registro lo anula gerencia o dirección: avísale por qué."
)
# GER or DG; a VEN or AC person for themselves (§6: "de manera verbal").
asignar = gerencia | _comercial_que_no_lo_lleva.esperada_por(
    comercial, "Ya lo llevas tú: para pasarlo a otra persona, pídeselo a gerencia."
)
registrar_contacto = (rc | atencion | en_lugar_de_rc).esperada_por(
    comercial,
    lambda h, _: f"Lo registra {_quien_lo_lleva(h)}; lo que sepas, escríbelo en una nota.",
)
# To call again is written in a closed case: by who led it, or gerencia in their place.
mover_llamada = rc_o_gerencia.si(lambda h, _: h.caso.llamar_fecha is not None)
# What was agreed is confirmed to the client while it holds: in 7.7, and once it is in the contract.
enviar_acuerdo = rc_o_gerencia.si(
    lambda h, _: h.caso.estado == Estado.EN_MODIFICACION or h.caso.resultado == Resultado.MODIFICADO
)
# The version that the client has, while it is in force.
enviar_propuesta = rc_o_gerencia.si(lambda h, _: h.propuesta_con_vigencia)
# What would make our "no" a yes, of a case closed by it.
motivo_ceso = rc_o_gerencia.si(lambda h, _: bool(h.motivos_que_siguen))
descartar_posibilidad = rc_o_gerencia.si(lambda h, _: bool(h.ya_posibles))
corregir_datos = registrante_o_rc.esperada_por(
    gerencia, "Los corrige quien registró la solicitud o quien lleva el caso."
)
anotar = cualquiera
# Only once another case changed the contract (rule 6).
actualizar_vigente = rc_o_gerencia.si(lambda h, _: not h.vigente_al_dia)


def _sin_contra(h: Hechos, _: Any) -> bool:
    return not h.en_contra


def _con_contra(h: Hechos, _: Any) -> bool:
    return bool(h.en_contra)


def _quien_esta_en_contra(h: Hechos, _: Any) -> str:
    areas = ", ".join(str(o.area) for o in h.en_contra)
    if not h.hay_direccion:
        return f"En contra: {areas}. Márcalo como no viable: no hay Dirección General activa que decida otra cosa."
    return f"En contra: {areas}. Márcalo como no viable o, si conviene de todos modos, llévalo a Dirección."


# §7.4: RC; with an opinion against that stands, DG, another than RC where there is one (rule 11).
# Who owes the acknowledgement of the instruction reads, and decides neither 7.4 nor the end of 7.7 (section 9).
declarar_viable = (
    rc_o_gerencia.si(_sin_contra, falta=_quien_esta_en_contra) | direccion_ajena.si(_con_contra)
).al_corriente()
declarar_no_viable = rc_o_gerencia.al_corriente()
cerrar_modificado = rc_o_gerencia.al_corriente()
# RC thinks it should be done all the same: Dirección decides.
elevar = rc_o_gerencia.si(
    lambda h, _: (
        bool(h.en_contra)
        and not h.esta_elevado
        and h.hay_direccion_ajena(quienes_pidieron(h.caso.responsable_id, None))
    )
)
devolver = direccion_ajena.si(lambda h, _: h.esta_elevado)
# §7.8: RC, or any AC person when through Atención a Clientes.
informar = rc | atencion.si(lambda h, _: h.caso.por_atencion) | en_lugar_de_rc
# GER; DG for what was closed as MODIFICADO; the one in place when the other is missing.
reabre = (
    direccion.si(lambda h, _: _la_reabre_direccion(h) and h.hay_direccion)
    | gerente.si(lambda h, _: not _la_reabre_direccion(h) and h.hay_gerente)
    | gerencia.si(lambda h, _: not (h.hay_direccion if _la_reabre_direccion(h) else h.hay_gerente))
)

reabrir = reabre.esperada_por(
    gerencia | rc, lambda h, _: f"Lo reabre {_quien_reabre(h)}: explícale por qué."
)


def _quien_reabre(h: Hechos) -> str:
    de_direccion = h.hay_direccion if _la_reabre_direccion(h) else not h.hay_gerente
    return "Dirección General" if de_direccion else "la gerencia comercial"


def _la_reabre_direccion(h: Hechos) -> bool:
    return h.caso.resultado == Resultado.MODIFICADO


@Regla
def seguir(h: Hechos, usuario: Usuario, fila: Any) -> Permiso | None:
    """The registrant who is not RC (rule 10), and any commercial person who sees the case."""
    if usuario.pk == h.caso.responsable_id or usuario.pk in h.seguidores_ids:
        return None
    return comercial(h, usuario)


@Regla
def dejar_de_seguir(h: Hechos, usuario: Usuario, fila: Any) -> Permiso | None:
    return comercial(h, usuario) if usuario.pk in h.seguidores_ids else None


# -- an opinion (7.3) ------------------------------------------------------------------------------


def _pendiente(h: Hechos, fila: Any) -> bool:
    return fila.esta_pendiente


def _sin_resolver(h: Hechos, opinion: Any) -> bool:
    return opinion.esta_sin_resolver


def _todavia_no_vence(h: Hechos, fila: Any) -> str:
    return f"Todavía está a tiempo: vence el {fila.vence:%d/%m/%Y}. Podrás hacerlo si no contesta."


def _de_gerencia_si_vence(pendiente: Condicion, quien: Regla = gerencia_ajena) -> Regla:
    """What gerencia may do for a silent area: once it is overdue (§7.3, §7.7)."""
    vencida = quien.si(lambda h, f: h.esta_vencido(f), falta=_todavia_no_vence)
    # Before that RC has nothing to ask of gerencia.
    de_rc = rc.si(lambda h, f: h.esta_vencido(f))
    return vencida.esperada_por(
        de_rc, "Ya se venció: gerencia o dirección puede decidirlo. Avísale."
    ).si(pendiente)


# The area's manager may correct what was given (rule 7).
opinar = miembro.si(_sin_resolver) | responsable_de_area.si(
    lambda h, o: o.estado == EstadoOpinion.DADA
)
pedir_datos = miembro.si(_pendiente)
anotar_verbal = rc_o_gerencia.si(_sin_resolver)
responder_datos = rc_o_gerencia.si(lambda h, o: o.estado == EstadoOpinion.DEVUELTA)
# An unanswered question; the last one cannot be withdrawn.
retirar_consulta = rc_o_gerencia.si(
    lambda h, o: len(h.opiniones_de_la_vuelta) > 1,
    falta="Es la única área consultada: consulta a otra antes de retirarla.",
).si(_sin_resolver)
# An overdue opinion only; of one sent back the ball is RC's, not the area's.
dispensar = _de_gerencia_si_vence(_pendiente)

# -- an area's condition (7.3 to 7.7) --------------------------------------------------------------


def _obliga(h: Hechos, candado: Any) -> bool:
    """It stands, and nothing let it go: what was passed only so far may be asked for again."""
    if candado.quitado_en or candado.cumplida_en:
        return False
    return candado.pasada_en is None or candado.autorizado != ""


def _esta_pedida(h: Hechos, candado: Any) -> bool:
    return _obliga(h, candado) and candado.pedida_en is not None


@Regla
def _quien_la_pasa(h: Hechos, usuario: Usuario, candado: Any) -> Permiso | None:
    """DG who did not ask; where no DG is active gerencia does it, and the event says so (rule 4)."""
    hay = h.hay_direccion
    permiso = quien_decide(usuario, h.caso.responsable_id, candado, h.gerencias, solo_direccion=hay)
    return permiso if hay or permiso is None else replace(permiso, sin_segregacion=True)


pasar_condicion = _quien_la_pasa.si(_obliga)
mantener_condicion = _quien_la_pasa.si(_esta_pedida)
pedir_sin_condicion = rc_o_gerencia.si(lambda h, c: _obliga(h, c) and c.pedida_en is None)
# One in words: the area itself, or RC by what supports it.
cumplir_condicion = (rc_o_gerencia | es_del_area).si(
    lambda h, c: _obliga(h, c) and c.concepto_id is None and c.pasada_en is None
)

# -- an adjustment (7.7) ---------------------------------------------------------------------------

_RESPONDIDO = (EstadoAjuste.NO_PUEDE, EstadoAjuste.NO_APLICA, EstadoAjuste.CONFIRMADO)


def _por_ajustar(h: Hechos, ajuste: Any) -> bool:
    return ajuste.deshace_id is None and ajuste.esta_pendiente and h.es_actual(ajuste)


def _es_del_contrato(ajuste: Any) -> bool:
    return ajuste.area.que_ajusta == QueAjusta.CONTRATO


def _corregible(h: Hechos, ajuste: Any) -> bool:
    """Its manager may correct an answer that nobody has asked to undo (rule 7)."""
    return (
        ajuste.deshace_id is None
        and ajuste.estado in _RESPONDIDO
        and h.es_actual(ajuste)
        and not h.deshacimientos(ajuste)
    )


def _por_deshacer(h: Hechos, ajuste: Any) -> bool:
    return ajuste.deshace_id is not None and ajuste.esta_pendiente


confirmar_ajuste = miembro.si(_por_ajustar) | responsable_de_area.si(_corregible)
# Once overdue GER or DG, with a reason (D§2).
indicar_no_puede = miembro.si(_por_ajustar) | _de_gerencia_si_vence(_por_ajustar)
# That the contract needs no change is Jurídico's word, or Dirección's.
indicar_no_aplica = (
    miembro.si(_por_ajustar)
    | _de_gerencia_si_vence(lambda h, a: _por_ajustar(h, a) and not _es_del_contrato(a))
    | _de_gerencia_si_vence(
        lambda h, a: _por_ajustar(h, a) and _es_del_contrato(a), direccion_ajena
    )
)
# Said verbally, written down by RC: it counts once the area confirms it, or gerencia accepts it.
anotar_respuesta = rc_o_gerencia.si(_por_ajustar)
# RC while no area adjusted anything to it; then GER or DG.
corregir_acordado = rc_o_gerencia.si(
    lambda h, _: not h.algo_confirmado,
    falta="Ya hay un ajuste confirmado: lo corrige gerencia o dirección. Avísale.",
) | gerencia.si(lambda h, _: h.algo_confirmado)
pedir_deshacer = rc_o_gerencia.si(
    lambda h, a: a in h.confirmados_en_pie and not h.deshacer_abierto(a)
)
retirar_deshacer = rc_o_gerencia.si(_por_deshacer)
responder_deshacer = miembro.si(_por_deshacer)


def _no_se_deshara(h: Hechos, ajuste: Any) -> bool:
    """The area says that it cannot be undone, or says nothing in time."""
    if ajuste.deshace_id is None:
        return False
    return ajuste.estado == EstadoAjuste.NO_PUEDE or (
        ajuste.esta_pendiente and h.esta_vencido(ajuste)
    )


# What is not undone stands with its consequence.
aceptar_como_esta = gerencia_ajena.esperada_por(
    rc, "Lo acepta gerencia o dirección, con su consecuencia: avísale."
).si(_no_se_deshara)

# -- a verbal notice (rule 9) ----------------------------------------------------------------------


@Regla
def _quien_lo_oyo(h: Hechos, usuario: Usuario, constancia: Any) -> Permiso | None:
    """Who received it; for an area's, any member of it but never RC (D§1)."""
    if usuario.pk == constancia.registrada_por_id:
        return None
    area = getattr(constancia.opinion or constancia.ajuste, "area_id", None)
    barrado = set() if area is None else {h.caso.responsable_id}
    cargo = primero(
        usuario,
        lambda c: (
            (c.usuario_id == constancia.destinatario_id or area in c.areas)
            and cuenta(c, usuario, h.caso.responsable_id)
            and not barrado & {usuario.pk, c.usuario_id}
        ),
    )
    return Permiso(cargo) if cargo else None


@Regla
def _gerencia_que_no_la_anoto(h: Hechos, usuario: Usuario, constancia: Any) -> Permiso | None:
    """GER or DG who did not write it down; of Jurídico's "does not apply", DG."""
    return quien_decide(
        usuario,
        h.caso.responsable_id,
        constancia.opinion or constancia.ajuste,
        h.gerencias,
        solo_direccion=solo_la_acepta_direccion(constancia),
        anotada_por=constancia.registrada_por_id,
    )


def solo_la_acepta_direccion(constancia: Any) -> bool:
    ajuste = constancia.ajuste
    if ajuste is None or ajuste.respuesta_verbal != EstadoAjuste.NO_APLICA:
        return False
    return _es_del_contrato(ajuste)


def _sin_confirmar(h: Hechos, constancia: Any) -> bool:
    return constancia.estado == EstadoConstancia.SIN_CONFIRMAR


def _es_lo_que_dijo_un_area(h: Hechos, constancia: Any) -> bool:
    """An opinion until 7.4 is decided, or an answer of 7.7 still waiting; not yet confirmed."""
    if not _sin_confirmar(h, constancia):
        return False
    if constancia.tipo == TipoConstancia.RESPUESTA:
        return h.caso.estado == Estado.EN_MODIFICACION and _por_ajustar(h, constancia.ajuste)
    return constancia.opinion_id is not None and h.caso.estado in (
        Estado.EN_ANALISIS,
        Estado.POR_DECIDIR,
    )


responder_constancia = _quien_lo_oyo.si(_sin_confirmar)
aceptar_constancia = _gerencia_que_no_la_anoto.esperada_por(
    rc_o_gerencia, "La acepta gerencia o dirección, y no quien la anotó ni quien lleva el caso."
).si(_es_lo_que_dijo_un_area)


@Regla
def _quien_la_anoto(h: Hechos, usuario: Usuario, constancia: Any) -> Permiso | None:
    return cualquiera(h, usuario) if usuario.pk == constancia.registrada_por_id else None


# Sent to a wrong person it is sent on to the right one, be the case closed or not.
redirigir_constancia = (_quien_la_anoto | rc_o_gerencia).si(_sin_confirmar)

# -- a contact, an appointment ---------------------------------------------------------------------


@Regla
def corregir_contacto(h: Hechos, usuario: Usuario, contacto: Any) -> Permiso | None:
    """Who registered it (rule 10)."""
    return cualquiera(h, usuario) if usuario.pk == contacto.registrado_por_id else None


cita = rc_o_gerencia.si(lambda h, c: c.estado == EstadoCita.PROGRAMADA)

# -- rights that are not an act --------------------------------------------------------------------

# §7.6: that a counter-offer past the viable be offered all the same; only DG over an opinion against.
consentir = gerencia_ajena.si(_sin_contra) | direccion_ajena.si(_con_contra)
