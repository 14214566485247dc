"""What the actions of D§2 do, through the door, one promise a test."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from casos import calendario
from casos.catalogos import Estado, EstadoAjuste, Resultado
from casos.clientes import supresion
from casos.lecturas.verificacion import revisar_bitacora
from casos.models import Caso, Concepto, Evento, PersonaContacto, TextoEvento, ValorContrato
from casos.pasos.periodo_de_nomina import periodos_de
from casos.pasos.situacion import Clase
from tests.guion import actuar, ajustes, consultas, contacto, en_dias, fresco, hace

from .guion import botones_de, rechaza, rechazada
from .reloj import mediodia

E = Estado


@pytest.fixture
def g(mundo):
    return mundo


# -- 7.1, §6 -----------------------------------------------------------------------------------------


def test_folios_consecutivos_del_anio(g):
    uno = g.registrar(responsable=False)
    dos = g.registrar(uno.contrato, responsable=False)
    assert uno.folio[:8] == f"SV-{timezone.localdate().year}-"
    assert int(dos.folio[8:]) == int(uno.folio[8:]) + 1


def test_cliente_contrato_y_persona_se_crean_al_registrar(g):
    caso = actuar(
        "registrar",
        None,
        g.p.ventas,
        cliente_razon_social="Molinos, S.A.",
        cliente_rfc="",
        contrato_numero="CT-9",
        contrato_servicio="Costura",
        contrato_desde=en_dias(-30),
        persona_nombre="Inés Mora",
        persona_correo="ines@molinos.example",
        recibido_en=hace(hours=1),
        solicitud="Más plazas.",
    )
    assert (caso.cliente.razon_social, caso.contrato.numero, caso.persona.nombre) == (
        "Molinos, S.A.",
        "CT-9",
        "Inés Mora",
    )
    assert (caso.turno, caso.pendiente_de) == ("GER", "Gerencia comercial")


def test_asignacion_verbal_deja_constancia_y_corregirla_lo_desasigna(g):
    caso = actuar(
        "asignar",
        g.registrar(responsable=False),
        g.p.ventas2,
        responsable=g.p.ventas2.pk,
        ordeno=g.p.gerente.pk,
        ordeno_en=hace(minutes=9),
    )
    [constancia] = caso.hechos.constancias
    assert (constancia.destinatario, constancia.estado) == (g.p.gerente, "SIN_CONFIRMAR")
    caso = actuar("corregir_constancia", caso, g.p.gerente, constancia, correccion="No lo dije.")
    assert caso.responsable is None
    assert caso.turno == "GER"


def test_ventas_solo_se_asigna_a_si_mismo(g):
    caso = g.registrar(responsable=False)
    falta = rechaza(
        "asignar",
        caso,
        g.p.ventas2,
        responsable=g.p.ventas.pk,
        ordeno=g.p.gerente.pk,
        ordeno_en=hace(minutes=1),
    )
    assert "Responsable" in falta


def test_quien_es_del_area_del_caso_no_puede_ser_responsable(g):
    from casos.models import Area, Membresia

    Membresia.objects.create(usuario=g.p.ventas2, area=Area.objects.get(codigo="FIN"))
    caso = g.hasta(E.EN_ANALISIS)
    falta = rechaza(
        "asignar",
        caso,
        g.p.gerente,
        responsable=g.p.ventas2.pk,
        ordeno=g.p.gerente.pk,
        ordeno_en=hace(minutes=1),
    )
    assert "Su área participa" in falta


# -- 7.2, 7.3 ----------------------------------------------------------------------------------------


def test_no_se_analiza_sin_contacto_efectivo_y_dice_todo_lo_que_falta(g):
    caso = g.contactar(g.hasta(E.RECIBIDO), efectivo="NO")
    falta = rechaza("analizar", caso, g.p.ventas)
    assert "contacto efectivo" in falta
    assert "tipo de requerimiento" in falta
    assert "al menos un área" in falta
    assert "al menos una condición" in falta


def test_la_ultima_opinion_concluye_el_analisis_por_si_sola(g):
    caso = g.analizar(g.hasta(E.EN_CONTACTO), "FIN", "JUR")
    caso = g.opinar(caso, "FIN")
    assert caso.estado == E.EN_ANALISIS
    caso = g.opinar(caso, "JUR")
    assert caso.estado == E.POR_DECIDIR
    ultimo = caso.eventos.order_by("-numero").first()
    assert (ultimo.accion, ultimo.actor) == ("concluir_analisis", None)


def test_pedir_datos_pasa_el_reloj_al_responsable_y_responder_lo_devuelve(g):
    caso = g.hasta(E.EN_ANALISIS)
    [o] = caso.hechos.opiniones
    caso = actuar("pedir_datos", caso, g.p.finanzas, o, datos_pedidos="¿Desde cuándo?")
    assert (caso.turno, caso.pendiente_de) == ("RC", str(g.p.ventas))
    caso = actuar("responder_datos", caso, g.p.ventas, o, datos_dados="Desde enero.")
    assert (caso.turno, caso.pendiente_de) == ("AREAS", "Finanzas")


def test_una_opinion_de_otra_vuelta_no_cuenta_si_el_area_opino_despues(g):
    caso = g.opinar(g.hasta(E.EN_ANALISIS), sentido="EN_CONTRA")
    assert caso.hechos.en_contra
    caso = actuar(
        "pedir_mas_analisis", caso, g.p.ventas, que_falta="Otro dato.", **consultas("FIN")
    )
    caso = g.opinar(caso)
    assert (caso.vuelta, len(caso.hechos.opiniones), caso.hechos.en_contra) == (2, 2, [])


def test_retirar_la_consulta_de_una_vuelta_revive_la_opinion_anterior(g):
    caso = g.opinar(g.hasta(E.EN_ANALISIS), sentido="EN_CONTRA")
    caso = actuar(
        "pedir_mas_analisis", caso, g.p.ventas, que_falta="Otro dato.", **consultas("FIN", "JUR")
    )
    fin = next(o for o in caso.hechos.opiniones_pendientes if o.area.codigo == "FIN")
    caso = actuar("retirar_consulta", caso, g.p.ventas, fin, motivo="Era para otra área.")
    assert [o.area.codigo for o in caso.hechos.en_contra] == ["FIN"]


def test_opinion_verbal_sin_confirmar_impide_declarar_viable(g):
    caso = g.hasta(E.EN_ANALISIS)
    caso = actuar(
        "opinar_verbal",
        caso,
        g.p.ventas,
        caso.hechos.opiniones[0],
        quien=g.p.finanzas.pk,
        dicho_en=hace(minutes=4),
        sentido="A_FAVOR",
        fundamento="Dijo que sí.",
    )
    datos = {"alternativa": "a", "fundamento": "b", "decision_tarifa": "PIDE"}
    assert "verbal sin confirmar" in rechaza("declarar_viable", caso, g.p.ventas, **datos)
    caso = actuar("confirmar_constancia", caso, g.p.finanzas, caso.hechos.constancias[0])
    assert g.viable(caso).estado == E.EN_PROPUESTA


def test_solo_dispensadas_no_bastan_para_viable(g):
    caso = g.hasta(E.EN_ANALISIS)
    caso.opiniones.update(vence=hace(days=3).date())
    caso = actuar("dispensar", caso, g.p.gerente, caso.hechos.opiniones[0], motivo="No contesta.")
    datos = {"alternativa": "a", "fundamento": "b", "decision_tarifa": "PIDE"}
    assert "opinión real" in rechaza("declarar_viable", caso, g.p.ventas, **datos)


# -- 7.5, 7.6 ----------------------------------------------------------------------------------------


def test_la_propuesta_queda_congelada_y_numerada(g):
    caso = g.hasta(E.EN_RESPUESTA)
    caso = actuar("volver_a_presentar", caso, g.p.ventas, motivo="Cambió la fecha.")
    caso = g.presentar(caso)
    assert [(p.numero, p.estado) for p in caso.hechos.propuestas] == [
        (2, "PRESENTADA"),
        (1, "SUPERADA"),
    ]


def test_no_se_ofrece_mas_de_lo_que_se_declaro_viable(g):
    caso = g.hasta(E.EN_PROPUESTA)
    with rechazada() as error:
        g.presentar(caso, propuesto_tarifa="13000")
    assert [f.campo for f in error.value.faltas] == ["propuesto_tarifa"]


def test_contraoferta_dentro_de_lo_viable_vuelve_a_presentarse(g):
    caso = actuar(
        "contraofertar",
        g.hasta(E.EN_RESPUESTA),
        g.p.ventas,
        pide="Algo menos.",
        solicitado_tarifa="14800",
    )
    assert caso.estado == E.EN_PROPUESTA
    assert next(f for f in caso.hechos.condiciones if f.solicitado).propuesto == "14800.00"


def test_contraoferta_que_rebasa_va_a_las_areas_o_la_consiente_gerencia(g):
    caso = g.hasta(E.EN_RESPUESTA)
    pide = {"pide": "Mucho menos.", "solicitado_tarifa": "12000"}
    assert "Rebasa lo que se declaró viable (Tarifa mensual" in rechaza(
        "contraofertar", caso, g.p.ventas, **pide
    )
    assert "Rebasa lo que se declaró viable (Tarifa mensual" in rechaza(
        "contraofertar", caso, g.p.gerente, **pide
    )
    consentido = actuar("contraofertar", caso, g.p.gerente, consiente="on", **pide)
    assert consentido.estado == E.EN_PROPUESTA
    otro = actuar(
        "contraofertar",
        g.presentar(consentido),
        g.p.ventas,
        pide="Menos aún.",
        solicitado_tarifa="11000",
        **consultas("FIN"),
    )
    assert (otro.estado, otro.vuelta) == (E.EN_ANALISIS, 2)


def test_propuesta_vencida_no_se_acepta(g):
    caso = g.hasta(E.EN_RESPUESTA)
    vencida = caso.propuestas.get().vigencia + timedelta(days=1)
    with time_machine.travel(mediodia(vencida)), rechazada() as error:
        g.aceptar(fresco(caso))
    assert "La propuesta venció el" in str(error.value)
    assert [f.campo for f in error.value.faltas] == ["cuando"]


def test_lo_aceptado_a_tiempo_se_anota_otro_dia_con_su_fecha(g):
    """The day of the acceptance counts, not that of writing it down (§7.6)."""
    caso = g.hasta(E.EN_RESPUESTA)
    ultimo = mediodia(caso.propuestas.get().vigencia)
    with time_machine.travel(ultimo + timedelta(days=1)):
        assert ofrece(fresco(caso), g.p.ventas, "aceptar")
        caso = g.aceptar(fresco(caso), cuando=ultimo)
    assert caso.estado == E.EN_MODIFICACION
    assert caso.eventos.get(accion="aceptar").datos["cuando"].startswith(f"{ultimo:%Y-%m-%d}")


def ofrece(caso, usuario, accion) -> bool:
    return any(b.acto.nombre == accion and not b.faltas for b in botones_de(caso, usuario))


@pytest.mark.parametrize(
    ("dias", "periodo", "campo"),
    [
        (20, (0, 14), "periodo_fin"),  # it ends before what it pays is in force
        (-300, (20, 34), "porque_fecha"),  # not the day that was agreed
        (-20, (-30, -15), "porque_fecha"),  # a pay period that has closed
    ],
)
def test_las_fechas_de_un_ajuste_son_las_acordadas_o_se_dice_por_que(g, dias, periodo, campo):
    caso = g.hasta(E.EN_MODIFICACION)
    inicio, fin = map(en_dias, periodo)
    fechas = {"vigor_fecha": en_dias(dias), "periodo_inicio": inicio, "periodo_fin": fin}
    with rechazada() as error:
        g.confirmar(caso, "NOM", **fechas)
    assert campo in [f.campo for f in error.value.faltas]
    if campo == "porque_fecha":
        caso = g.confirmar(caso, "NOM", **fechas, porque_fecha="Se paga retroactivo.")
        assert g.ajuste(caso, "NOM").estado == "CONFIRMADO"


@pytest.mark.parametrize(
    ("dia", "quincena", "semana"),
    [
        ("2026-02-28", "2026-02-16/2026-02-28", "2026-02-23/2026-03-01"),
        ("2028-02-16", "2028-02-16/2028-02-29", "2028-02-14/2028-02-20"),
        ("2026-12-31", "2026-12-16/2026-12-31", "2026-12-28/2027-01-03"),
        ("2026-11-15", "2026-11-01/2026-11-15", "2026-11-09/2026-11-15"),
    ],
)
def test_los_periodos_de_nomina_que_se_ofrecen(dia, quincena, semana):
    assert [valor for valor, _ in periodos_de(date.fromisoformat(dia))] == [quincena, semana]


def test_el_periodo_de_nomina_se_elige_o_se_escribe(g):
    caso = g.hasta(E.EN_MODIFICACION)
    sin_fechas = {"periodo_inicio": "", "periodo_fin": ""}
    for dicho, falta in (({}, "periodo"), ({"periodo": "OTRO"}, "periodo_inicio")):
        with rechazada() as error:
            g.confirmar(caso, "NOM", **sin_fechas, **dicho)
        assert falta in [f.campo for f in error.value.faltas]
    (quincena, _), _ = periodos_de(max(caso.vigor_fecha, calendario.hoy()))
    caso = g.confirmar(caso, "NOM", **sin_fechas, periodo=quincena)
    ajuste = g.ajuste(caso, "NOM")
    assert f"{ajuste.periodo_inicio}/{ajuste.periodo_fin}" == quincena


def test_el_plazo_de_7_1_corre_desde_que_se_recibio(g):
    hace_una_semana = hace(days=7)
    caso = g.registrar(recibido_en=hace_una_semana)
    assert caso.vence == calendario.vence_para(E.RECIBIDO, hace_una_semana)
    assert caso.vence < calendario.hoy()


def test_juridico_siempre_y_el_servicio_o_por_que_no(g):
    caso = g.hasta(E.EN_RESPUESTA)
    with rechazada() as error:
        g.aceptar(caso, "OPE")
    assert "Jurídico siempre" in str(error.value)
    assert "por qué no cambia el servicio" in str(error.value)
    assert g.aceptar(caso, "JUR", servicio_sin_cambio="Solo cambia el precio.").estado == (
        E.EN_MODIFICACION
    )


def test_si_otro_caso_cambio_el_contrato_hay_que_actualizar_vigente(g):
    uno = g.hasta(E.EN_PROPUESTA)
    otro = g.hasta(E.EN_MODIFICACION, contrato=uno.contrato)
    otro = g.cerrar_modificado(g.confirmar(g.confirmar(otro, "JUR"), "NOM"))
    assert otro.resultado == Resultado.MODIFICADO
    with rechazada() as error:
        g.presentar(fresco(uno))
    assert "actualiza la columna Vigente" in str(error.value)
    uno = actuar("actualizar_vigente", uno, g.p.ventas)
    tarifa = next(f for f in uno.hechos.condiciones if f.concepto.clave == "tarifa")
    assert tarifa.vigente == "15000.00"  # what the other agreed begins later
    assert g.presentar(uno).estado == E.EN_RESPUESTA


def test_un_solo_caso_en_ajuste_por_contrato(g):
    uno = g.hasta(E.EN_MODIFICACION)
    otro = g.hasta(E.EN_RESPUESTA, contrato=uno.contrato)
    with rechazada() as error:
        g.aceptar(otro)
    assert "Otro caso del mismo contrato" in str(error.value)
    with pytest.raises(IntegrityError), transaction.atomic():
        Caso.objects.filter(pk=otro.pk).update(estado=E.EN_MODIFICACION)


def test_sin_respuesta_pide_tres_intentos_en_dias_y_medios_distintos(g):
    caso = g.contactar(g.hasta(E.RECIBIDO))
    for dia, medio in ((3, "TELEFONO"), (2, "TELEFONO"), (1, "TELEFONO")):
        with time_machine.travel(timezone.now() + timedelta(days=4 - dia), tick=False):
            caso = actuar(
                "registrar_contacto",
                caso,
                g.p.ventas,
                **contacto("NO", medio, persona=caso.persona_id),
            )
    with time_machine.travel(timezone.now() + timedelta(days=5), tick=False):
        falta = rechaza("cerrar_sin_respuesta", caso, g.p.gerente, detalle="No contesta.")
        assert "3 intentos" in falta
        caso = actuar(
            "registrar_contacto",
            caso,
            g.p.ventas,
            **contacto("NO", "WHATSAPP", persona=caso.persona_id),
        )
        caso = actuar("cerrar_sin_respuesta", caso, g.p.gerente, detalle="No contesta.")
    assert caso.resultado == Resultado.SIN_RESPUESTA


# -- 7.7, 7.8 ----------------------------------------------------------------------------------------


def test_cerrar_modificado_escribe_lo_acordado_en_el_contrato(g):
    caso = g.hasta(E.EN_MODIFICACION)
    assert "Faltan ajustes" in rechaza("cerrar_modificado", caso, g.p.ventas)
    caso = g.cerrar_modificado(g.confirmar(g.confirmar(caso, "JUR"), "NOM"))
    caso.contrato.refresh_from_db()
    version = caso.contrato.versiones.first()
    assert (version.numero, version.caso, version.desde_fecha) == (2, caso, caso.vigor_fecha)
    valores = ValorContrato.objects.filter(version=version)
    assert dict(valores.values_list("concepto__clave", "valor")) == {
        "tarifa": "14500.00",
        "plazas": "20",
    }


def test_un_ajuste_confirmado_en_pie_impide_salir_de_otra_forma(g):
    caso = g.no_puede(g.confirmar(g.hasta(E.EN_MODIFICACION), "JUR"), "NOM")
    for accion in ("declarar_no_ajustable", "retirar"):
        with rechazada() as error:
            g.no(caso, accion) if accion != "retirar" else g.retirar(caso)
        assert "confirmados en pie" in str(error.value)
    caso = actuar(
        "pedir_deshacer", caso, g.p.ventas, g.ajuste(caso, "JUR"), que="Ya no va.", para=en_dias(3)
    )
    deshace = next(a for a in caso.hechos.ajustes if a.deshace_id)
    caso = actuar("confirmar_deshecho", caso, g.p.juridico, deshace, respuesta="Cancelado.")
    assert g.no(caso, "declarar_no_ajustable").estado == E.POR_INFORMAR


def test_lo_que_no_se_puede_deshacer_lo_acepta_gerencia_con_su_consecuencia(g):
    caso = g.no_puede(g.confirmar(g.hasta(E.EN_MODIFICACION), "JUR"), "NOM")
    caso = actuar(
        "pedir_deshacer", caso, g.p.ventas, g.ajuste(caso, "JUR"), que="Ya no va.", para=en_dias(3)
    )
    deshace = next(a for a in caso.hechos.ajustes if a.deshace_id)
    caso = actuar("indicar_no_se_deshace", caso, g.p.juridico, deshace, respuesta="Ya se firmó.")
    with rechazada(Clase.BAJO_LLAVE, match="gerencia o dirección"):
        actuar("aceptar_como_esta", caso, g.p.ventas, deshace, consecuencia="Ninguna.")
    caso = actuar(
        "aceptar_como_esta", caso, g.p.gerente, deshace, consecuencia="Queda el convenio."
    )
    caso = g.informar(g.no(caso, "declarar_no_ajustable"))
    assert caso.resultado == Resultado.NO_AJUSTABLE


def test_al_salir_de_un_paso_lo_abierto_queda_cancelado(g):
    caso = g.retirar(g.hasta(E.EN_ANALISIS))
    assert [o.estado for o in caso.hechos.opiniones] == ["CANCELADA"]
    caso = g.no_puede(g.hasta(E.EN_MODIFICACION), "NOM")
    caso = g.no(caso, "declarar_no_ajustable")
    assert {a.area.codigo: a.estado for a in caso.hechos.ajustes} == {
        "JUR": EstadoAjuste.CANCELADO,
        "NOM": EstadoAjuste.NO_PUEDE,
    }


def test_no_localizado_pide_intentos_y_aviso_por_escrito(g):
    caso = g.hasta(E.POR_INFORMAR)
    with rechazada() as error:
        g.informar(caso, localizado="NO")
    assert "3 intentos" in str(error.value)
    assert "aviso por escrito" in str(error.value)


@pytest.mark.parametrize(
    ("fin", "destino", "quien"),
    [
        ("NO_VIABLE", E.EN_ANALISIS, "gerente"),
        ("NO_INTERESADO", E.EN_PROPUESTA, "gerente"),
        ("RETIRADO", E.EN_CONTACTO, "gerente"),
        ("MODIFICADO", E.EN_MODIFICACION, "direccion"),
    ],
)
def test_reabrir_aterriza_donde_dice_el_resultado(g, fin, destino, quien):
    caso = {
        "NO_VIABLE": lambda: g.hasta(E.CERRADO),
        "NO_INTERESADO": lambda: g.rechazar(g.hasta(E.EN_RESPUESTA)),
        "RETIRADO": lambda: g.retirar(g.hasta(E.EN_CONTACTO)),
        "MODIFICADO": lambda: g.cerrar_modificado(
            g.confirmar(g.confirmar(g.hasta(E.EN_MODIFICACION), "JUR"), "NOM")
        ),
    }[fin]()
    assert caso.resultado == fin
    cerrado = caso.cerrado_primera_vez_en
    datos = {"EN_ANALISIS": consultas("FIN"), "EN_MODIFICACION": ajustes("RYS")}.get(destino, {})
    caso = actuar("reabrir", caso, getattr(g.p, quien), motivo="Volvió a llamar.", **datos)
    assert (caso.estado, caso.resultado, caso.cerrado_en) == (destino, "", None)
    assert (caso.primer_resultado, caso.cerrado_primera_vez_en) == (fin, cerrado)


def test_despues_del_plazo_ya_no_se_reabre(g):
    caso = g.hasta(E.CERRADO)
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        falta = rechaza("reabrir", caso, g.p.gerente, motivo="Tarde.", **consultas("FIN"))
    assert "Ya pasó el plazo" in falta


# -- the log -----------------------------------------------------------------------------------------


def test_los_textos_y_las_personas_no_estan_en_claro_en_lo_sellado(g):
    caso = g.contactar(
        g.registrar(), resumen="Platicamos con Laura Treviño.", persona_nombre="Raúl Peña"
    )
    crudo = " ".join(str(e.datos) for e in caso.eventos.all())
    assert "Laura" not in crudo and "Raúl" not in crudo and "Platicamos" not in crudo
    assert "Platicamos con Laura Treviño." in caso_textos(caso)


def caso_textos(caso):
    return list(TextoEvento.objects.filter(evento__caso=caso).values_list("texto", flat=True))


def test_suprimir_a_una_persona_no_rompe_la_cadena(g):
    caso = actuar("contactar", g.registrar(), g.p.ventas, persona_nombre="Zoila Peña", **contacto())
    assert "Zoila Peña" in caso_textos(caso)
    supresion.suprimir_persona(PersonaContacto.objects.get(nombre="Zoila Peña"))
    assert "Zoila Peña" not in caso_textos(caso)
    assert list(revisar_bitacora()) == []


def test_corregir_un_contacto_conserva_lo_que_decia(g):
    caso = g.contactar(g.registrar(), resumen="Pidió cinco plazas.")
    actuar(
        "corregir_contacto",
        caso,
        g.p.ventas,
        caso.hechos.contactos[0],
        resumen="Pidió siete plazas.",
        persona=caso.persona_id,
        motivo="Oí mal.",
    )
    assert {"Pidió cinco plazas.", "Pidió siete plazas."} <= set(caso_textos(caso))


def test_una_pagina_vieja_dice_que_cambio_y_no_escribe(g):
    caso = g.hasta(E.EN_CONTACTO)
    vieja = caso.version
    g.analizar(caso)
    eventos = Evento.objects.count()
    with rechazada(Clase.VIEJA) as error:
        g.analizar(caso, version=vieja)
    assert error.value.situacion.cambios[0].accion == "analizar"
    assert Evento.objects.count() == eventos


def test_contactos_notas_y_archivos_no_vuelven_vieja_la_pagina_de_otro(g):
    caso = g.hasta(E.EN_PROPUESTA)
    version = caso.version
    actuar("anotar", caso, g.p.gerente, nota="Ojo con la fecha.")
    actuar("registrar_contacto", caso, g.p.atencion, **contacto(persona=caso.persona_id))
    assert g.presentar(fresco(caso), version=version).estado == E.EN_RESPUESTA


def test_editar_la_hoja_si_vuelve_vieja_la_pagina(g):
    caso = g.hasta(E.EN_PROPUESTA)
    version = caso.version
    actuar("editar_hoja", caso, g.p.gerente, propuesto_tarifa="14900")
    with rechazada(Clase.VIEJA):
        g.presentar(fresco(caso), version=version)


def test_los_valores_de_la_hoja_se_guardan_normalizados(g):
    caso = g.hasta(E.EN_CONTACTO)
    caso = actuar(
        "editar_hoja",
        caso,
        g.p.ventas,
        solicitado_tarifa="$12,500.5",
        solicitado_plazas="1,200",
        solicitado_margen="12.50 %",
    )
    assert {f.concepto.clave: f.solicitado for f in caso.hechos.condiciones} == {
        "tarifa": "12500.50",
        "plazas": "1200",
        "margen": "12.5",
    }
    assert Concepto.objects.get(clave="plazas").unidad == "ENTERO"
