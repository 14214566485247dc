"""The matrix: every state × every action × every kind of person, as D§2 and D§5 say.

What is expected is written out here by hand, not derived from ``permisos``.
"""

import re

import pytest

from casos.actos import ACTOS, DE_UN_CASO
from casos.catalogos import ABIERTOS, Estado
from casos.expediente import Expediente
from casos.formularios.base import version_de
from casos.lecturas.botones import cerrados
from casos.models import Caso, Evento, Opinion
from casos.pasos.situacion import LISTA_DE, Clase, Rechazo, situar
from tests.escenarios import escenario
from tests.guion import actuar, consultas, contacto, en_dias, fresco, hace
from tests.personas import DE_CADA_CLASE, NOMBRES

from .guion import botones_de, pedir, rechazada

E = Estado
RC = {"ventas"}
GERENCIA = {"gerente", "direccion"}
RC_O_GERENCIA = RC | GERENCIA
COMERCIALES = {"ventas", "ventas2", "gerente", "atencion", "direccion"}
AREAS = {"juridico", "dh", "operaciones", "finanzas", "nominas", "rys"}
TODOS_LOS_ESTADOS = set(Estado)
ABIERTO = set(ABIERTOS)

# action → {state: persons}. A state that is not named: nobody.
ESPERADO = {
    "asignar": dict.fromkeys(ABIERTO, COMERCIALES - RC),
    "planear": dict.fromkeys(ABIERTO, RC_O_GERENCIA),
    "mover_llamada": {},  # where there is a call to make: ``test_por_llamar``
    "contactar": {E.RECIBIDO: RC_O_GERENCIA},
    "registrar_contacto": dict.fromkeys(
        (ABIERTO | {E.CERRADO}) - {E.RECIBIDO}, RC_O_GERENCIA | {"atencion"}
    ),
    "programar_cita": dict.fromkeys(ABIERTO, RC_O_GERENCIA),
    "mover_cita": {E.EN_CONTACTO: RC_O_GERENCIA},
    "celebrar_cita": {E.EN_CONTACTO: RC_O_GERENCIA},
    "anotar_ausencia": {E.EN_CONTACTO: RC_O_GERENCIA},
    "cancelar_cita": {E.EN_CONTACTO: RC_O_GERENCIA},
    "analizar": {E.EN_CONTACTO: RC_O_GERENCIA},
    "consultar_area": {E.EN_ANALISIS: RC_O_GERENCIA},
    "retirar_consulta": {E.EN_ANALISIS: RC_O_GERENCIA},
    "opinar": {
        E.EN_ANALISIS: {"finanzas", "juridico", "dh", "operaciones"},
        E.POR_DECIDIR: {"finanzas"},
    },
    "opinar_verbal": {E.EN_ANALISIS: RC_O_GERENCIA},
    "pedir_datos": {E.EN_ANALISIS: {"finanzas", "juridico"}},
    "responder_datos": {E.EN_ANALISIS: RC_O_GERENCIA},
    "dispensar": {E.EN_ANALISIS: GERENCIA},
    "pedir_mas_analisis": dict.fromkeys([E.POR_DECIDIR, E.EN_PROPUESTA], RC_O_GERENCIA),
    "editar_hoja": dict.fromkeys(
        [E.RECIBIDO, E.EN_CONTACTO, E.POR_DECIDIR, E.EN_PROPUESTA], RC_O_GERENCIA
    ),
    "actualizar_vigente": {},
    "declarar_viable": {E.POR_DECIDIR: RC_O_GERENCIA},
    "elevar": {},  # with an opinion against: tests/test_en_contra.py
    "devolver": {},
    "cumplir_condicion": {},  # of an area's condition: tests/test_condiciones.py
    "pedir_sin_condicion": {},
    "pasar_condicion": {},
    "mantener_condicion": {},
    "declarar_no_viable": {E.POR_DECIDIR: RC_O_GERENCIA},
    "presentar": {E.EN_PROPUESTA: RC_O_GERENCIA},
    "volver_a_presentar": {E.EN_RESPUESTA: RC_O_GERENCIA},
    "enviar_propuesta": {E.EN_RESPUESTA: RC_O_GERENCIA},
    "enviar_acuerdo": {E.EN_MODIFICACION: RC_O_GERENCIA},  # closed: where it was modified
    "contraofertar": {E.EN_RESPUESTA: RC_O_GERENCIA},
    "aceptar": {E.EN_RESPUESTA: RC_O_GERENCIA},
    "rechazar": {E.EN_RESPUESTA: RC_O_GERENCIA},
    "cerrar_sin_respuesta": dict.fromkeys(
        [E.EN_CONTACTO, E.EN_PROPUESTA, E.EN_RESPUESTA], GERENCIA
    ),
    "confirmar_ajuste": {E.EN_MODIFICACION: {"juridico", "nominas", "rys"}},
    "indicar_no_puede": {E.EN_MODIFICACION: {"juridico"} | GERENCIA},
    # Overdue it is Jurídico's: that the contract needs no change only Dirección may say for it.
    "indicar_no_aplica": {E.EN_MODIFICACION: {"juridico", "direccion"}},
    "anotar_respuesta": {E.EN_MODIFICACION: RC_O_GERENCIA},
    "corregir_acordado": {E.EN_MODIFICACION: GERENCIA},  # an area has confirmed
    "agregar_ajuste": {E.EN_MODIFICACION: RC_O_GERENCIA},
    "pedir_deshacer": {E.EN_MODIFICACION: RC_O_GERENCIA},
    "retirar_deshacer": {E.EN_MODIFICACION: RC_O_GERENCIA},
    "confirmar_deshecho": {E.EN_MODIFICACION: {"finanzas"}},
    "indicar_no_se_deshace": {E.EN_MODIFICACION: {"finanzas"}},
    "aceptar_como_esta": {E.EN_MODIFICACION: GERENCIA},
    "cerrar_modificado": {E.EN_MODIFICACION: RC_O_GERENCIA},
    "declarar_no_ajustable": {E.EN_MODIFICACION: RC_O_GERENCIA},
    "replantear": dict.fromkeys([E.EN_MODIFICACION, E.POR_INFORMAR], GERENCIA),
    "informar": {E.POR_INFORMAR: RC_O_GERENCIA | {"atencion"}},
    "retirar": dict.fromkeys(
        [E.RECIBIDO, E.EN_CONTACTO, E.EN_ANALISIS, E.POR_DECIDIR, E.EN_PROPUESTA,
         E.EN_MODIFICACION], RC_O_GERENCIA
    ),
    "anular": dict.fromkeys(
        [E.RECIBIDO, E.EN_CONTACTO, E.EN_ANALISIS, E.POR_DECIDIR, E.EN_PROPUESTA], GERENCIA
    ),
    "motivo_ceso": {},  # of a "no" that may become a yes: tests/test_ya_viable.py
    "descartar_posibilidad": {},
    "reabrir": {E.CERRADO: {"gerente"}},
    # Closed as modified: tests/test_despues_de_cerrar.py
    "no_reabrir": {},
    "comprobar": {},
    "registrar_satisfaccion": {},
    "confirmar_constancia": {E.POR_DECIDIR: {"finanzas"}},
    "corregir_constancia": {E.POR_DECIDIR: {"finanzas"}},
    "redirigir_constancia": {E.POR_DECIDIR: RC_O_GERENCIA},
    "aceptar_constancia": {E.POR_DECIDIR: GERENCIA},
    "corregir_contacto": dict.fromkeys(TODOS_LOS_ESTADOS - {E.RECIBIDO, E.ANULADO}, RC),
    "corregir_datos": dict.fromkeys(TODOS_LOS_ESTADOS, RC),
    "anotar": dict.fromkeys(TODOS_LOS_ESTADOS, COMERCIALES | AREAS | {"ajena"}),
    "seguir": dict.fromkeys(TODOS_LOS_ESTADOS, COMERCIALES - RC),
    "dejar_de_seguir": {},
}  # fmt: skip

# action → {state: persons} who could look for it there and are told why it is not theirs, or not now.
BAJO_LLAVE = {
    "asignar": dict.fromkeys(ABIERTO, RC),
    "registrar_contacto": dict.fromkeys((ABIERTO | {E.CERRADO}) - {E.RECIBIDO}, {"ventas2"}),
    "corregir_datos": dict.fromkeys(TODOS_LOS_ESTADOS, GERENCIA),
    "analizar": {E.RECIBIDO: RC_O_GERENCIA},
    "dispensar": {E.EN_ANALISIS: RC},
    "pedir_mas_analisis": {E.EN_RESPUESTA: RC_O_GERENCIA},
    "editar_hoja": dict.fromkeys([E.EN_ANALISIS, E.EN_RESPUESTA], RC_O_GERENCIA),
    "declarar_viable": {E.EN_ANALISIS: RC_O_GERENCIA},
    "declarar_no_viable": {E.EN_ANALISIS: RC_O_GERENCIA},
    "aceptar": {E.EN_PROPUESTA: RC_O_GERENCIA},
    "rechazar": {E.EN_PROPUESTA: RC_O_GERENCIA},
    "cerrar_sin_respuesta": dict.fromkeys([E.EN_CONTACTO, E.EN_PROPUESTA, E.EN_RESPUESTA], RC),
    "indicar_no_puede": {E.EN_MODIFICACION: RC},
    "indicar_no_aplica": {E.EN_MODIFICACION: RC},
    "aceptar_como_esta": {E.EN_MODIFICACION: RC},
    "corregir_acordado": {E.EN_MODIFICACION: RC},
    "replantear": dict.fromkeys([E.EN_MODIFICACION, E.POR_INFORMAR], RC),
    "retirar": dict.fromkeys([E.EN_RESPUESTA, E.POR_INFORMAR], RC_O_GERENCIA),
    "anular": dict.fromkeys(
        [E.RECIBIDO, E.EN_CONTACTO, E.EN_ANALISIS, E.POR_DECIDIR, E.EN_PROPUESTA], RC
    ) | dict.fromkeys([E.EN_RESPUESTA, E.EN_MODIFICACION, E.POR_INFORMAR, E.CERRADO], GERENCIA),
    "reabrir": {E.CERRADO: RC | {"direccion"}, E.ANULADO: GERENCIA},
    "aceptar_constancia": {E.POR_DECIDIR: RC},
}  # fmt: skip


@pytest.fixture
def g(mundo):
    return mundo


def test_la_tabla_nombra_todas_las_acciones():
    assert set(ESPERADO) == {acto.nombre for acto in DE_UN_CASO}


@pytest.mark.parametrize("estado", list(Estado))
def test_cada_accion_la_ofrece_a_quien_toca(g, estado):
    caso = fresco(escenario(g, estado))
    assert caso.estado == estado
    ofrecen = {a: set() for a in ESPERADO}
    for nombre in NOMBRES:
        for opcion in botones_de(caso, getattr(g.p, nombre)):
            ofrecen[opcion.acto.nombre].add(nombre)
    assert ofrecen == {a: set(por_estado.get(estado, ())) for a, por_estado in ESPERADO.items()}


@pytest.mark.parametrize("estado", list(Estado))
def test_lo_que_alguien_buscaria_queda_bajo_llave_con_su_razon(g, estado):
    caso = fresco(escenario(g, estado))
    exp = Expediente(caso, caso.hechos)
    buscan = {a: set() for a in BAJO_LLAVE}
    for nombre in NOMBRES:
        for boton in cerrados(exp, getattr(g.p, nombre)):
            buscan.setdefault(boton.acto.nombre, set()).add(nombre)
            for falta in boton.faltas:
                assert re.fullmatch(r"[A-ZÁÉÍÓÚÑ].{20,}\.", falta.mensaje), falta
    assert buscan == {a: set(por_estado.get(estado, ())) for a, por_estado in BAJO_LLAVE.items()}


@pytest.mark.parametrize("estado", list(Estado))
def test_la_puerta_dice_la_misma_razon(g, estado):
    """What is locked on the page is refused with its words, by whoever sends it all the same."""
    caso = fresco(escenario(g, estado))
    exp = Expediente(caso, caso.hechos)
    for nombre in NOMBRES:
        for boton in cerrados(exp, getattr(g.p, nombre)):
            pk = boton.fila and boton.fila.pk
            with rechazada(Clase.BAJO_LLAVE) as error:
                pedir(boton.acto.nombre, getattr(g.p, nombre), caso=caso, objeto=pk, datos={})
            assert error.value.faltas == boton.faltas


@pytest.mark.parametrize("estado", list(Estado))
def test_a_los_demas_se_les_niega(g, estado):
    """Of every row: with the right refusal, which is what the door raises (the next test)."""
    caso = escenario(g, estado)
    exp = Expediente(caso, caso.hechos)
    for accion, por_estado in ESPERADO.items():
        for nombre in set(DE_CADA_CLASE) - set(por_estado.get(estado, ())):
            for fila in _objetos(caso, accion):
                actual = situar(exp, getattr(g.p, nombre), ACTOS[accion], fila)
                assert actual.clase in NEGADA, (accion, nombre)
                espera = _lo_que_se_dice(accion, nombre, estado, fila)
                assert re.search(espera, str(Rechazo(actual))), (accion, nombre)


@pytest.mark.parametrize("estado", list(Estado))
def test_la_puerta_refuta_lo_que_no_ofrece(g, estado):
    """Through the door, empty-handed: refused, and nothing is written.

    Each act is tried by who could do it in another state or at another moment, and by who never can.
    """
    caso = escenario(g, estado)
    eventos = Evento.objects.count()
    for accion, por_estado in ESPERADO.items():
        for nombre in {_uno_de(por_estado), "ajena"} - set(por_estado.get(estado, ())):
            fila = _objetos(caso, accion)[0]
            with rechazada(*NEGADA, match=_lo_que_se_dice(accion, nombre, estado, fila)):
                pedir(accion, getattr(g.p, nombre), caso=caso, objeto=fila, datos={})
    assert Evento.objects.count() == eventos


NEGADA = (Clase.AJENO, Clase.YA_NO, Clase.NO_EXISTE, Clase.BAJO_LLAVE)


def _lo_que_se_dice(accion, nombre, estado, fila) -> str:
    """Who could do it elsewhere is told why not here; who never can, only that."""
    if nombre in BAJO_LLAVE.get(accion, {}).get(estado, ()):
        return "."  # its own reason: tested above
    if fila == 999_999_999:
        return "Eso ya no existe"
    if estado in ACTOS[accion].estados:
        return "No puedes|Ahora no se puede"
    if fila is None and any(nombre in quienes for quienes in ESPERADO[accion].values()):
        return "ahí no se puede"
    return "No puedes" if nombre in ("calidad", "auditor", "admin") else "No puedes|ahí no se puede"


def _uno_de(por_estado) -> str:
    return min(min(por_estado.values(), key=len, default={"ventas"}))


def _objetos(caso, accion):
    sobre = ACTOS[accion].sobre
    if not sobre:
        return [None]
    return [o.pk for o in getattr(caso.hechos, LISTA_DE[sobre])] or [999_999_999]


@pytest.mark.parametrize("nombre", NOMBRES)
def test_registrar_solo_ventas_atencion_y_direccion(g, nombre):
    usuario = getattr(g.p, nombre)
    with rechazada(Clase.FALTA if nombre in COMERCIALES else Clase.AJENO):
        pedir("registrar", usuario, datos={"version": 0})


# What each act asks for that was not given: fields, or the first words of a sentence (D§2, *data*).
PIDE = {
    "aceptar": {"Escribe al menos una condición.", "Elige al menos un área", "Jurídico siempre se notifica: elige", "cuando", "medio", "persona", "servicio_sin_cambio", "vigor_fecha"},
    "agregar_ajuste": {"Elige al menos un área"},
    "anotar_respuesta": {"dicho_en", "dijo", "quien", "respuesta"},
    "corregir_acordado": {"Condiciones acordadas: falta al menos", "motivo", "vigor_fecha"},
    "analizar": {"Escribe al menos una condición.", "Elige al menos un área,", "tipos"},
    "anotar": {"nota"},
    "asignar": {"ordeno", "ordeno_en", "responsable"},
    "anotar_ausencia": {"La cita todavía no empieza:"},
    "cancelar_cita": {"motivo"},
    "celebrar_cita": {"La cita es otro día:", "resumen"},
    "cerrar_modificado": {"Faltan ajustes por confirmar o", "Hay ajustes que se están", "Jurídico todavía no contesta su", "cuando", "informo", "medio", "persona"},
    "consultar_area": {"Elige al menos un área,"},
    "contactar": {"cuando", "efectivo", "medio"},
    "contraofertar": {"Escribe al menos una condición.", "pide"},
    "corregir_contacto": {"motivo", "resumen"},
    "corregir_datos": {"motivo", "persona", "solicitud"},
    "declarar_no_ajustable": {"Hay ajustes confirmados en pie:", "area", "detalle", "motivos", "podria_cambiar", "por_atencion", "texto_cliente"},
    "declarar_no_viable": {"area", "detalle", "motivos", "podria_cambiar", "por_atencion", "texto_cliente"},
    "declarar_viable": {"Hay una opinión verbal sin", "alternativa", "decision_tarifa", "fundamento"},
    "editar_hoja": set(),
    "informar": {"contrato_tras_no", "informo", "localizado"},
    "mover_cita": {"inicio", "lugar", "medio", "minutos", "motivo"},
    "opinar_verbal": {"dicho_en", "fundamento", "quien", "sentido"},
    "pedir_deshacer": {"para", "que"},
    "pedir_mas_analisis": {"Elige al menos un área,", "que_falta"},
    "presentar": {"Escribe al menos una condición.", "como", "cuando", "persona", "vigencia"},
    "programar_cita": {"asunto", "inicio", "lugar", "medio", "minutos"},
    "redirigir_constancia": {"a_quien"},
    "rechazar": {"contrato_tras_no", "cuando", "medio", "motivo_principal", "persona"},
    "responder_datos": {"datos_dados"},
    "retirar": {"cuando", "motivo", "persona"},
    "retirar_consulta": {"motivo"},
    "retirar_deshacer": {"motivo"},
    "volver_a_presentar": {"motivo"},
}  # fmt: skip
SIN_DATOS = {
    "enviar_propuesta",
    "enviar_acuerdo",
    "confirmar_constancia",
    "seguir",
    "dejar_de_seguir",
    "actualizar_vigente",
    "registrar_contacto",
    "planear",
}


@pytest.mark.parametrize("estado", list(Estado))
def test_sin_datos_dice_todo_lo_que_falta(g, estado):
    """Who may do it, empty-handed: one refusal that says all that is missing, and no event."""
    caso = escenario(g, estado)
    eventos = Evento.objects.count()
    for opcion in botones_de(fresco(caso), g.p.ventas):
        if opcion.acto.nombre in SIN_DATOS:
            continue
        pk = opcion.fila.pk if opcion.fila else None
        datos = {"version": version_de(ACTOS[opcion.acto.nombre], caso, opcion.fila)}
        with rechazada() as error:
            pedir(opcion.acto.nombre, g.p.ventas, caso=caso, objeto=pk, datos=datos)
        faltan = {f.campo or " ".join(f.mensaje.split()[:5]) for f in error.value.faltas}
        assert faltan >= PIDE[opcion.acto.nombre], opcion.acto.nombre
    assert Evento.objects.count() == eventos


def test_en_lugar_del_responsable_pide_motivo_y_quedan_los_dos(g):
    caso = g.hasta(E.RECIBIDO)
    datos = contacto(persona=caso.persona_id) | {"version": caso.version}
    with rechazada() as error:
        pedir("contactar", g.p.gerente, caso=caso, datos=datos)
    assert "motivo_sustitucion" in [f.campo for f in error.value.faltas]
    hecho = pedir(
        "contactar", g.p.gerente, caso=caso, datos=datos | {"motivo_sustitucion": "Está fuera."}
    )
    assert (hecho.evento.actor, hecho.evento.en_lugar_de) == (g.p.gerente, g.p.ventas)


def test_nadie_dispensa_lo_que_pidio(g):
    """Rule 4: the gerente is responsible; only Dirección General may waive."""
    caso = g.asignar(g.registrar(responsable=False), a=g.p.gerente)
    caso = actuar("contactar", caso, g.p.gerente, **contacto(persona=caso.persona_id))
    caso = actuar(
        "analizar",
        caso,
        g.p.gerente,
        tipos=[Caso.tipos.rel.model.objects.first().pk],
        solicitado_tarifa="14000",
        **consultas("FIN"),
    )
    Opinion.objects.filter(caso=caso).update(vence=hace(days=3).date())
    opinion = caso.hechos.opiniones[0]
    with rechazada(Clase.BAJO_LLAVE, match="otra persona de gerencia o de dirección"):
        actuar("dispensar", caso, g.p.gerente, opinion, motivo="No contesta.")
    caso = actuar("dispensar", caso, g.p.direccion, opinion, motivo="No contesta.")
    assert caso.estado == E.POR_DECIDIR
    assert not Evento.objects.get(caso=caso, accion="dispensar").sin_segregacion


def test_sin_direccion_dispensa_gerencia_y_queda_marcado(g):
    caso = g.asignar(g.registrar(responsable=False), a=g.p.gerente)
    caso = actuar("contactar", caso, g.p.gerente, **contacto(persona=caso.persona_id))
    caso = actuar(
        "analizar",
        caso,
        g.p.gerente,
        tipos=[Caso.tipos.rel.model.objects.first().pk],
        solicitado_tarifa="14000",
        **consultas("FIN"),
    )
    Opinion.objects.filter(caso=caso).update(vence=hace(days=3).date())
    g.p.direccion.is_active = False
    g.p.direccion.save()
    caso = actuar("dispensar", caso, g.p.gerente, caso.hechos.opiniones[0], motivo="No contesta.")
    assert Evento.objects.get(caso=caso, accion="dispensar").sin_segregacion


def test_contra_la_opinion_de_un_area_solo_decide_direccion(g):
    caso = g.opinar(g.hasta(E.EN_ANALISIS), sentido="EN_CONTRA")
    assert caso.turno == "RC"  # the ordinary answer, no viable, is RC's
    for quien in (g.p.ventas, g.p.gerente):
        with rechazada(Clase.BAJO_LLAVE):
            g.viable(caso, por=quien)
    caso = g.viable(caso, por=g.p.direccion)
    assert caso.estado == E.EN_PROPUESTA


def test_sin_direccion_una_opinion_en_contra_es_no_viable(g):
    caso = g.opinar(g.hasta(E.EN_ANALISIS), sentido="EN_CONTRA")
    g.p.direccion.is_active = False
    g.p.direccion.save()
    for quien in (g.p.ventas, g.p.gerente):
        with rechazada(Clase.BAJO_LLAVE):
            g.viable(fresco(caso), por=quien)
    assert g.no(fresco(caso)).estado == E.POR_INFORMAR


def test_suplente_actua_y_quedan_los_dos_nombres(g):
    from casos.models import Suplencia, Usuario

    caso = g.hasta(E.EN_ANALISIS)
    suplente = Usuario.objects.create(username="suplente")
    Suplencia.objects.create(
        titular=g.p.finanzas, suplente=suplente, desde=en_dias(-1), hasta=en_dias(1)
    )
    caso = actuar(
        "opinar", caso, suplente, caso.hechos.opiniones[0], sentido="A_FAVOR", fundamento="Sí."
    )
    evento = Evento.objects.get(caso=caso, accion="opinar")
    assert (evento.actor, evento.suple_a) == (suplente, g.p.finanzas)


def test_un_derecho_prestado_no_cuenta_si_el_suplente_es_responsable(g):
    from casos.models import Suplencia

    caso = g.hasta(E.EN_ANALISIS)
    Opinion.objects.filter(caso=caso).update(vence=hace(days=3).date())
    for titular in (g.p.gerente, g.p.finanzas):
        Suplencia.objects.create(
            titular=titular, suplente=g.p.ventas, desde=en_dias(-1), hasta=en_dias(1)
        )
    ventas = type(g.p.ventas).objects.get(pk=g.p.ventas.pk)
    acciones = {o.acto.nombre for o in botones_de(fresco(caso), ventas)}
    assert not acciones & {"dispensar", "opinar", "anular"}
