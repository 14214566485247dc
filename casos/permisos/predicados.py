"""Who may do each act (D§2, column *who*): rules made of the hats in ``cargos``.

One name per rule; ``casos.actos`` says which act it is for. Conditions look at the row and the
facts; no queries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casos.catalogos import EstadoAjuste, EstadoCita, EstadoConstancia, EstadoOpinion, Resultado

from .cargos import (
    Permiso,
    Regla,
    atencion,
    comercial,
    cualquiera,
    direccion,
    direccion_ajena,
    en_lugar_de_rc,
    gerencia,
    gerencia_ajena,
    gerente,
    miembro,
    primero,
    rc,
    rc_o_gerencia,
    registrante,
    responsable_de_area,
)

if TYPE_CHECKING:
    from casos.expediente.hechos import Hechos
    from casos.models import Usuario

# -- the case itself -------------------------------------------------------------------------------

# GER or DG; a VEN or AC person for themselves (§6: "de manera verbal").
asignar = gerencia | comercial
registrar_contacto = rc | atencion | en_lugar_de_rc
corregir_datos = registrante | rc
anotar = cualquiera
# Only once another case changed the contract (rule 6).
actualizar_vigente = rc_o_gerencia.si(lambda h, _: not h.vigente_al_dia)
# §7.4: RC; with an opinion against, DG, another than RC where there is one.
declarar_viable = rc_o_gerencia.si(lambda h, _: not h.en_contra) | direccion_ajena.si(
    lambda h, _: bool(h.en_contra)
)
# §7.8: RC, or any AC person when through Atención a Clientes.
informar = rc | atencion.si(lambda h, _: h.caso.por_atencion) | en_lugar_de_rc
# GER; DG for what was closed as MODIFICADO; the one in place when the other is missing.
reabrir = (
    direccion.si(lambda h, _: _la_reabre_direccion(h) and h.hay_direccion)
    | gerente.si(lambda h, _: not _la_reabre_direccion(h) and h.hay_gerente)
    | gerencia.si(lambda h, _: not (h.hay_direccion if _la_reabre_direccion(h) else h.hay_gerente))
)


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


def _vencida(h: Hechos, fila: Any) -> bool:
    return fila.esta_pendiente and h.esta_vencido(fila)


# The area's manager may correct what was given (rule 7).
opinar = miembro.si(_sin_resolver) | responsable_de_area.si(
    lambda h, o: o.estado == EstadoOpinion.DADA
)
pedir_datos = miembro.si(_pendiente)
anotar_verbal = rc_o_gerencia.si(_sin_resolver)
responder_datos = rc_o_gerencia.si(lambda h, o: o.estado == EstadoOpinion.DEVUELTA)
# An unanswered question; the last one cannot be withdrawn.
retirar_consulta = rc_o_gerencia.si(
    lambda h, o: o.esta_sin_resolver and len(h.opiniones_de_la_vuelta) > 1
)
# An overdue opinion only; of one sent back the ball is RC's, not the area's.
dispensar = gerencia_ajena.si(_vencida)

# -- an adjustment (7.7) ---------------------------------------------------------------------------

_RESPONDIDO = (EstadoAjuste.NO_PUEDE, EstadoAjuste.NO_APLICA, EstadoAjuste.CONFIRMADO)


def _por_ajustar(h: Hechos, ajuste: Any) -> bool:
    return ajuste.deshace_id is None and ajuste.esta_pendiente and h.es_actual(ajuste)


def _ajuste_vencido(h: Hechos, ajuste: Any) -> bool:
    return _por_ajustar(h, ajuste) and h.esta_vencido(ajuste)


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
indicar_no_puede = miembro.si(_por_ajustar) | gerencia_ajena.si(_ajuste_vencido)
indicar_no_aplica = responsable_de_area.si(_por_ajustar) | gerencia_ajena.si(_ajuste_vencido)
pedir_deshacer = rc_o_gerencia.si(
    lambda h, a: a in h.confirmados_en_pie and not h.deshacer_abierto(a)
)
retirar_deshacer = rc_o_gerencia.si(_por_deshacer)
responder_deshacer = miembro.si(_por_deshacer)
# What cannot be undone stands with its consequence.
aceptar_como_esta = gerencia_ajena.si(
    lambda h, a: a.deshace_id is not None and a.estado == EstadoAjuste.NO_PUEDE
)

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
            and not barrado & {usuario.pk, c.usuario_id}
        ),
    )
    return Permiso(cargo) if cargo else None


@Regla
def _gerencia_que_no_la_anoto(h: Hechos, usuario: Usuario, constancia: Any) -> Permiso | None:
    """GER or DG who did not write it down."""
    if constancia.opinion_id is None or usuario.pk == constancia.registrada_por_id:
        return None
    return gerencia_ajena(h, usuario, constancia.opinion)


def _sin_confirmar(h: Hechos, constancia: Any) -> bool:
    return constancia.estado == EstadoConstancia.SIN_CONFIRMAR


responder_constancia = _quien_lo_oyo.si(_sin_confirmar)
aceptar_constancia = _gerencia_que_no_la_anoto.si(_sin_confirmar)

# -- a contact, an appointment ---------------------------------------------------------------------


@Regla
def corregir_contacto(h: Hechos, usuario: Usuario, contacto: Any) -> Permiso | None:
    """Who registered it (rule 10)."""
    return cualquiera(h, usuario) if usuario.pk == contacto.registrado_por_id else None


cita = rc_o_gerencia.si(lambda h, c: c.estado == EstadoCita.PROGRAMADA)

# -- rights that are not an act --------------------------------------------------------------------

# §7.6: that a counter-offer past the viable be offered all the same.
consentir = gerencia_ajena
