"""Layer 0: who may do what (D§2, D§5). Plain predicates; buttons, server and tests read these.

A predicate takes ``(caso, usuario, objeto)`` and returns the ``Cargo`` under which the person may
act, or ``None``. No queries, HTTP or models here: it reads ``usuario.cargos`` and ``caso.hechos``.
"""

from casos.catalogos import ROLES_COMERCIALES, EstadoAjuste, EstadoConstancia, EstadoOpinion, Rol


def _cargos(usuario):
    """The hats of a person who acts on cases; the administrator and readers have none."""
    if usuario.is_superuser or not usuario.is_active or usuario.rol in (Rol.CAL, Rol.AUD):
        return ()
    return usuario.cargos


def _primero(cargos, prueba):
    return next((c for c in cargos if prueba(c)), None)


# -- persons -------------------------------------------------------------------------------------


def comercial(caso, usuario, objeto=None):
    """VEN, AC or DG in their own right."""
    return _primero(_cargos(usuario), lambda c: not c.prestado and c.rol in ROLES_COMERCIALES)


def _opina_su_area(caso, usuario) -> bool:
    """Whether an area of the person's own takes part in the case: then no lent right leads it (D§1)."""
    if caso.hechos is None:
        return False
    propias = {a for c in _cargos(usuario) if not c.prestado for a in c.areas}
    filas = (*caso.hechos.opiniones, *caso.hechos.ajustes) if propias else ()
    return any(f.area_id in propias for f in filas)


def rc(caso, usuario, objeto=None):
    """The case's responsible, or their substitute."""
    cargo = _primero(
        _cargos(usuario),
        lambda c: c.usuario_id == caso.responsable_id and c.rol in ROLES_COMERCIALES,
    )
    return None if cargo and cargo.prestado and _opina_su_area(caso, usuario) else cargo


def gerencia(caso, usuario, objeto=None):
    """GER or DG; a lent right does not count where the substitute is RC (rule 4)."""
    return _primero(
        _cargos(usuario),
        lambda c: c.es_gerencia and not (c.prestado and caso.responsable_id == usuario.pk),
    )


def direccion(caso, usuario, objeto=None):
    return _primero(
        _cargos(usuario),
        lambda c: c.rol == Rol.DG and not (c.prestado and caso.responsable_id == usuario.pk),
    )


def rc_o_gerencia(caso, usuario, objeto=None):
    """Rule 3: where the table says RC, GER and DG may act in RC's place."""
    return rc(caso, usuario) or gerencia(caso, usuario)


def actua_en_lugar_de_rc(caso, usuario) -> bool:
    return rc(caso, usuario) is None


def _quienes_pidieron(caso, objeto) -> set:
    pidio = getattr(objeto, "pedida_por_id", None) or getattr(objeto, "pedido_por_id", None)
    return {caso.responsable_id, pidio} - {None}


def _pidio(caso, usuario, objeto) -> bool:
    return usuario.pk in _quienes_pidieron(caso, objeto)


def gerencia_ajena(caso, usuario, objeto=None):
    """Rule 4: GER or DG who is neither RC nor the one who asked, nor lends the right of those.

    With nobody else in gerencia or dirección they do it all the same; see ``falta_segregacion``.
    """
    pidieron = _quienes_pidieron(caso, objeto)
    ajeno = _primero(
        _cargos(usuario),
        lambda c: c.es_gerencia and not pidieron & {usuario.pk, c.usuario_id},
    )
    if ajeno or caso.hechos.hay_gerencia_ajena(pidieron):
        return ajeno
    return gerencia(caso, usuario)


def falta_segregacion(caso, usuario, cargo, objeto=None) -> bool:
    """The act is marked ``sin_segregacion``: who asked also decides, for lack of anyone else."""
    return bool(_quienes_pidieron(caso, objeto) & {usuario.pk, cargo.usuario_id})


# -- areas ---------------------------------------------------------------------------------------


def miembro(caso, usuario, objeto):
    """Member of the area asked; never the case's RC (D§1) nor the one who asked (rule 4)."""
    if _pidio(caso, usuario, objeto):
        return None
    return _primero(
        _cargos(usuario),
        lambda c: objeto.area_id in c.areas and c.usuario_id != caso.responsable_id,
    )


def responsable_de_area(caso, usuario, objeto):
    """Manager of the area asked, with the same bars as any member."""
    if _pidio(caso, usuario, objeto):
        return None
    return _primero(
        _cargos(usuario),
        lambda c: objeto.area_id in c.areas_a_cargo and c.usuario_id != caso.responsable_id,
    )


# -- acts ----------------------------------------------------------------------------------------


def puede_asignar(caso, usuario, objeto=None):
    """GER or DG; a VEN or AC person for themselves (§6: "de manera verbal")."""
    return gerencia(caso, usuario) or _primero(
        _cargos(usuario), lambda c: not c.prestado and c.rol in (Rol.VEN, Rol.AC)
    )


def puede_registrar_contacto(caso, usuario, objeto=None):
    return rc_o_gerencia(caso, usuario) or _primero(_cargos(usuario), lambda c: c.rol == Rol.AC)


def puede_declarar_viable(caso, usuario, objeto=None):
    """RC; DG when a current opinion is against (§7.4), another than RC where there is one."""
    if not caso.hechos.en_contra:
        return rc_o_gerencia(caso, usuario)
    ajeno = _primero(
        _cargos(usuario),
        lambda c: c.rol == Rol.DG and caso.responsable_id not in (usuario.pk, c.usuario_id),
    )
    if ajeno or caso.hechos.hay_otra_direccion(caso.responsable_id):
        return ajeno
    return direccion(caso, usuario)


def puede_informar(caso, usuario, objeto=None):
    """RC, or any AC person when through Atención a Clientes (§7.8)."""
    cargo = rc(caso, usuario)
    if not cargo and caso.por_atencion:
        cargo = _primero(_cargos(usuario), lambda c: c.rol == Rol.AC)
    return cargo or gerencia(caso, usuario)


def puede_reabrir(caso, usuario, objeto=None):
    """GER; DG for what was closed as MODIFICADO; the one in place when the other is missing."""
    es_de_direccion = caso.resultado == "MODIFICADO"
    hay = caso.hechos.hay_direccion if es_de_direccion else caso.hechos.hay_gerente
    if not hay:
        return gerencia(caso, usuario)
    if es_de_direccion:
        return direccion(caso, usuario)
    return _primero(
        _cargos(usuario),
        lambda c: c.es_gerente and not (c.prestado and caso.responsable_id == usuario.pk),
    )


def puede_opinar(caso, usuario, objeto):
    """A member while it is pending; the area's manager may correct what was given (rule 7)."""
    if objeto.estado == EstadoOpinion.DADA:
        return responsable_de_area(caso, usuario, objeto)
    if objeto.estado in (EstadoOpinion.PENDIENTE, EstadoOpinion.DEVUELTA):
        return miembro(caso, usuario, objeto)
    return None


def puede_pedir_datos(caso, usuario, objeto):
    return miembro(caso, usuario, objeto) if objeto.esta_pendiente else None


def puede_anotar_verbal(caso, usuario, objeto):
    return rc_o_gerencia(caso, usuario) if objeto.esta_sin_resolver else None


def puede_responder_datos(caso, usuario, objeto):
    return rc_o_gerencia(caso, usuario) if objeto.estado == EstadoOpinion.DEVUELTA else None


def puede_retirar_consulta(caso, usuario, objeto):
    """An unanswered question; the last one cannot be withdrawn."""
    if not objeto.esta_sin_resolver or len(caso.hechos.opiniones_de_la_vuelta) < 2:
        return None
    return rc_o_gerencia(caso, usuario)


def puede_dispensar(caso, usuario, objeto):
    """An overdue opinion only; of one sent back the ball is RC's, not the area's."""
    if not objeto.esta_pendiente or not caso.hechos.esta_vencido(objeto):
        return None
    return gerencia_ajena(caso, usuario, objeto)


def _ajuste_vivo(objeto) -> bool:
    return objeto.deshace_id is None and objeto.esta_pendiente


def puede_confirmar_ajuste(caso, usuario, objeto):
    """A member of the area; its manager may correct the answer (rule 7)."""
    if objeto.deshace_id is not None or not caso.hechos.es_actual(objeto):
        return None
    if objeto.esta_pendiente:
        return miembro(caso, usuario, objeto)
    respondido = (EstadoAjuste.NO_PUEDE, EstadoAjuste.NO_APLICA, EstadoAjuste.CONFIRMADO)
    if objeto.estado in respondido and not caso.hechos.deshacimientos(objeto):
        return responsable_de_area(caso, usuario, objeto)
    return None


def puede_indicar_no_puede(caso, usuario, objeto):
    """A member of the area; once overdue GER or DG, with a reason (D§2)."""
    if not _ajuste_vivo(objeto) or not caso.hechos.es_actual(objeto):
        return None
    cargo = miembro(caso, usuario, objeto)
    if not cargo and caso.hechos.esta_vencido(objeto):
        cargo = gerencia_ajena(caso, usuario, objeto)
    return cargo


def puede_indicar_no_aplica(caso, usuario, objeto):
    """The area's manager; once overdue GER or DG."""
    if not _ajuste_vivo(objeto) or not caso.hechos.es_actual(objeto):
        return None
    cargo = responsable_de_area(caso, usuario, objeto)
    if not cargo and caso.hechos.esta_vencido(objeto):
        cargo = gerencia_ajena(caso, usuario, objeto)
    return cargo


def puede_pedir_deshacer(caso, usuario, objeto):
    if objeto not in caso.hechos.confirmados_en_pie or caso.hechos.deshacer_abierto(objeto):
        return None
    return rc_o_gerencia(caso, usuario)


def puede_retirar_deshacer(caso, usuario, objeto):
    if objeto.deshace_id is None or not objeto.esta_pendiente:
        return None
    return rc_o_gerencia(caso, usuario)


def puede_responder_deshacer(caso, usuario, objeto):
    if objeto.deshace_id is None or not objeto.esta_pendiente:
        return None
    return miembro(caso, usuario, objeto)


def puede_aceptar_como_esta(caso, usuario, objeto):
    """What cannot be undone stands with its consequence, accepted by GER or DG."""
    if objeto.deshace_id is None or objeto.estado != EstadoAjuste.NO_PUEDE:
        return None
    return gerencia_ajena(caso, usuario, objeto)


def puede_responder_constancia(caso, usuario, objeto):
    """Who received the verbal notice; for an area's, any member of it but never RC (D§1)."""
    if objeto.estado != EstadoConstancia.SIN_CONFIRMAR or usuario.pk == objeto.registrada_por_id:
        return None
    area = getattr(objeto.opinion or objeto.ajuste, "area_id", None)
    if area is None:
        return _primero(_cargos(usuario), lambda c: c.usuario_id == objeto.destinatario_id)
    return _primero(
        _cargos(usuario),
        lambda c: (
            (c.usuario_id == objeto.destinatario_id or area in c.areas)
            and caso.responsable_id not in (usuario.pk, c.usuario_id)
        ),
    )


def puede_aceptar_constancia(caso, usuario, objeto):
    """A verbal opinion may be accepted by GER or DG who did not write it down."""
    if objeto.estado != EstadoConstancia.SIN_CONFIRMAR or objeto.opinion_id is None:
        return None
    if usuario.pk == objeto.registrada_por_id:
        return None
    return gerencia_ajena(caso, usuario, objeto.opinion)


def puede_corregir_contacto(caso, usuario, objeto):
    """Who registered it (rule 10)."""
    return _primero(_cargos(usuario), lambda c: usuario.pk == objeto.registrado_por_id)


def puede_corregir_datos(caso, usuario, objeto=None):
    return _primero(_cargos(usuario), lambda c: usuario.pk == caso.registrado_por_id) or rc(
        caso, usuario
    )


def puede_anotar(caso, usuario, objeto=None):
    """Whoever sees the case and acts on cases at all."""
    return _primero(_cargos(usuario), lambda c: True)


def puede_seguir(caso, usuario, objeto=None):
    """The registrant who is not RC (rule 10), and any commercial person who sees the case."""
    if usuario.pk == caso.responsable_id or usuario.pk in caso.hechos.seguidores_ids:
        return None
    return comercial(caso, usuario)


def puede_dejar_de_seguir(caso, usuario, objeto=None):
    return comercial(caso, usuario) if usuario.pk in caso.hechos.seguidores_ids else None


def puede_actualizar_vigente(caso, usuario, objeto=None):
    """Only when another case changed the contract since (rule 6)."""
    return None if caso.hechos.vigente_al_dia else rc_o_gerencia(caso, usuario)


def puede_cita(caso, usuario, objeto):
    return rc_o_gerencia(caso, usuario) if objeto.estado == "PROGRAMADA" else None


QUIEN = {
    "asignar": puede_asignar,
    "planear": rc_o_gerencia,
    "contactar": rc_o_gerencia,
    "registrar_contacto": puede_registrar_contacto,
    "programar_cita": rc_o_gerencia,
    "mover_cita": puede_cita,
    "celebrar_cita": puede_cita,
    "cancelar_cita": puede_cita,
    "analizar": rc_o_gerencia,
    "consultar_area": rc_o_gerencia,
    "retirar_consulta": puede_retirar_consulta,
    "opinar": puede_opinar,
    "opinar_verbal": puede_anotar_verbal,
    "pedir_datos": puede_pedir_datos,
    "responder_datos": puede_responder_datos,
    "dispensar": puede_dispensar,
    "pedir_mas_analisis": rc_o_gerencia,
    "editar_hoja": rc_o_gerencia,
    "actualizar_vigente": puede_actualizar_vigente,
    "declarar_viable": puede_declarar_viable,
    "declarar_no_viable": rc_o_gerencia,
    "presentar": rc_o_gerencia,
    "volver_a_presentar": rc_o_gerencia,
    "contraofertar": rc_o_gerencia,
    "aceptar": rc_o_gerencia,
    "rechazar": rc_o_gerencia,
    "cerrar_sin_respuesta": gerencia,
    "confirmar_ajuste": puede_confirmar_ajuste,
    "indicar_no_puede": puede_indicar_no_puede,
    "indicar_no_aplica": puede_indicar_no_aplica,
    "agregar_ajuste": rc_o_gerencia,
    "pedir_deshacer": puede_pedir_deshacer,
    "retirar_deshacer": puede_retirar_deshacer,
    "confirmar_deshecho": puede_responder_deshacer,
    "indicar_no_se_deshace": puede_responder_deshacer,
    "aceptar_como_esta": puede_aceptar_como_esta,
    "cerrar_modificado": rc_o_gerencia,
    "declarar_no_ajustable": rc_o_gerencia,
    "replantear": gerencia,
    "informar": puede_informar,
    "retirar": rc_o_gerencia,
    "anular": gerencia,
    "reabrir": puede_reabrir,
    "confirmar_constancia": puede_responder_constancia,
    "corregir_constancia": puede_responder_constancia,
    "aceptar_constancia": puede_aceptar_constancia,
    "corregir_contacto": puede_corregir_contacto,
    "corregir_datos": puede_corregir_datos,
    "anotar": puede_anotar,
    "seguir": puede_seguir,
    "dejar_de_seguir": puede_dejar_de_seguir,
}

# The model of the row an act is done on; the others act on the case itself.
SOBRE = {
    **dict.fromkeys(
        [
            "retirar_consulta",
            "opinar",
            "opinar_verbal",
            "pedir_datos",
            "responder_datos",
            "dispensar",
        ],
        "opinion",
    ),
    **dict.fromkeys(
        [
            "confirmar_ajuste",
            "indicar_no_puede",
            "indicar_no_aplica",
            "pedir_deshacer",
            "retirar_deshacer",
            "confirmar_deshecho",
            "indicar_no_se_deshace",
            "aceptar_como_esta",
        ],
        "ajuste",
    ),
    **dict.fromkeys(
        ["confirmar_constancia", "corregir_constancia", "aceptar_constancia"], "constancia"
    ),
    **dict.fromkeys(["mover_cita", "celebrar_cita", "cancelar_cita"], "cita"),
    "corregir_contacto": "contacto",
}

# Acts whose permission is RC's: GER and DG do them in RC's place, giving a reason (rule 3).
DE_RC = frozenset(
    a
    for a, p in QUIEN.items()
    if p
    in (
        rc_o_gerencia,
        puede_retirar_consulta,
        puede_anotar_verbal,
        puede_responder_datos,
        puede_pedir_deshacer,
        puede_retirar_deshacer,
        puede_cita,
        puede_actualizar_vigente,
    )
)


def cargo_para(accion: str, caso, usuario, objeto=None):
    """The hat under which ``usuario`` may do ``accion`` now, or ``None``."""
    return QUIEN[accion](caso, usuario, objeto)


def exige_motivo_de_sustitucion(accion: str, caso, usuario) -> bool:
    """Rule 3: GER or DG in RC's place must say why."""
    if accion == "declarar_viable" and caso.hechos.en_contra:
        return False
    if accion in ("declarar_viable", "informar", "registrar_contacto") or accion in DE_RC:
        if accion in ("informar", "registrar_contacto") and _es_ac(caso, usuario, accion):
            return False
        return caso.responsable_id is not None and actua_en_lugar_de_rc(caso, usuario)
    return False


def _es_ac(caso, usuario, accion) -> bool:
    en_turno = accion == "registrar_contacto" or caso.por_atencion
    return en_turno and any(c.rol == Rol.AC for c in _cargos(usuario))


def puede_registrar(usuario):
    """VEN, AC or DG (§7.1)."""
    return comercial(None, usuario)


def ve_fundamentos(caso, usuario, opinion) -> bool:
    """Who reads an area's grounds (D§5): RC, management, readers, and the area itself."""
    if usuario.ve_todo:
        return True
    return any(
        c.usuario_id == caso.responsable_id or opinion.area_id in c.areas for c in usuario.cargos
    )


def puede_administrar(usuario) -> bool:
    """Enters the admin panel: administrator, commercial manager, area managers."""
    if not usuario.is_active:
        return False
    return usuario.is_superuser or usuario.es_gerente or bool(usuario.areas_a_cargo_ids)
