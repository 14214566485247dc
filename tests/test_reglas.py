"""Corners of the rules of D§2 where two cases, two hats or two days meet."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from casos import calendario
from casos.catalogos import Estado, EstadoConstancia, Turno
from casos.clientes import supresion
from casos.models import Aviso, TipoRequerimiento, Usuario
from casos.pasos.situacion import Clase
from tests.factories import MembresiaFactory, SuplenciaFactory, UsuarioFactory
from tests.guion import actuar, ajustes, consultas, contacto, en_dias, fresco, hace

from .guion import ofrecidas, otra_vez, rechazada

E = Estado
pytestmark = pytest.mark.django_db


@pytest.fixture
def g(mundo):
    return mundo


def suple(quien, a) -> Usuario:
    SuplenciaFactory(titular=a, suplente=quien)
    return otra_vez(quien)


def asuntos(caso, plantilla, usuario) -> int:
    return Aviso.objects.filter(caso=caso, plantilla=plantilla, usuario=usuario).count()


def modificado(g, contrato=None, tarifa="14500"):
    caso = g.viable(
        g.opinar(g.analizar(g.contactar(g.registrar(contrato)))), propuesto_tarifa=tarifa
    )
    return g.cerrar_modificado(ajustado(g, g.aceptar(g.presentar(caso))))


def ajustado(g, caso):
    return g.confirmar(g.confirmar(caso, "JUR"), "NOM")


def de(caso, area):
    return next(o for o in caso.hechos.opiniones if o.area.codigo == area)


def reabrir_modificado(g, caso):
    return actuar("reabrir", caso, g.p.direccion, motivo="Faltó algo.", **ajustes("RYS"))


# -- one contract, several cases (rule 6) ----------------------------------------------------------


def test_un_caso_no_se_reabre_sobre_lo_que_otro_acordo_despues(g):
    primero = modificado(g)
    modificado(g, primero.contrato, tarifa="13000")
    with rechazada(match="solicitud nueva"):
        reabrir_modificado(g, primero)
    primero.contrato.refresh_from_db()
    assert primero.contrato.version == 3


def test_un_caso_no_se_reabre_mientras_otro_del_contrato_esta_en_ajuste(g):
    primero = modificado(g)
    g.hasta(E.EN_MODIFICACION, contrato=primero.contrato)
    with rechazada(match="solicitud nueva"):
        reabrir_modificado(g, primero)


def test_lo_acordado_no_se_escribe_sobre_otra_version_sin_mirarla(g):
    """Two steps at the same instant: the version of another case may come in between."""
    caso = ajustado(g, g.hasta(E.EN_MODIFICACION))
    type(caso.contrato).objects.filter(pk=caso.contrato_id).update(
        version=caso.contrato.version + 1
    )
    with rechazada(match="Vigente"):
        g.cerrar_modificado(caso)
    assert "actualizar_vigente" in ofrecidas(caso, g.p.ventas)
    caso = actuar("actualizar_vigente", caso, g.p.ventas)
    assert g.cerrar_modificado(caso).estado == E.CERRADO


def test_un_contrato_terminado_no_se_modifica(g):
    caso = g.hasta(E.EN_RESPUESTA)
    type(caso.contrato).objects.filter(pk=caso.contrato_id).update(terminado_fecha=en_dias(-1))
    with rechazada(match="El contrato ya terminó"):
        g.aceptar(fresco(caso))
    assert "rechazar" in ofrecidas(caso, g.p.ventas)


# -- nobody answers or waives what they asked (rule 4, D§1) ----------------------------------------


def test_quien_suple_al_que_pidio_tampoco_dispensa(g):
    caso = g.asignar(g.hasta(E.EN_CONTACTO), a=g.p.gerente)
    tipos = [TipoRequerimiento.objects.first().pk]
    datos = {"solicitado_tarifa": "14000", "tipos": tipos, **consultas("FIN")}
    caso = actuar("analizar", caso, g.p.gerente, **datos)
    caso.opiniones.update(vence=en_dias(-3))
    suplente = suple(g.p.ventas2, g.p.gerente)
    assert "dispensar" not in ofrecidas(caso, suplente)
    assert "dispensar" in ofrecidas(caso, g.p.direccion)


def test_quien_suple_a_la_direccion_responsable_no_declara_viable_contra_una_opinion(g):
    otra = UsuarioFactory(username="dg2", direccion=True)
    caso = g.opinar(g.hasta(E.EN_ANALISIS), sentido="EN_CONTRA")
    caso = g.asignar(caso, a=g.p.direccion)
    suplente = suple(g.p.atencion, g.p.direccion)
    assert "declarar_viable" not in ofrecidas(caso, suplente)
    assert "declarar_viable" not in ofrecidas(caso, g.p.direccion)
    assert "declarar_viable" in ofrecidas(caso, otra)


def test_el_responsable_no_confirma_la_opinion_de_su_area(g):
    MembresiaFactory(usuario=g.p.ventas, area=g.p.finanzas.membresias.get().area)
    caso = g.hasta(E.EN_ANALISIS)
    caso = actuar(
        "opinar_verbal",
        caso,
        g.p.gerente,
        caso.hechos.opiniones[0],
        quien=g.p.finanzas.pk,
        dicho_en=hace(minutes=1),
        sentido="A_FAVOR",
        fundamento="x",
    )
    assert not ofrecidas(caso, g.p.ventas) & {"confirmar_constancia", "corregir_constancia"}
    suple(g.p.ventas, g.p.finanzas)
    assert not ofrecidas(caso, g.p.ventas) & {"confirmar_constancia", "corregir_constancia"}
    assert "confirmar_constancia" in ofrecidas(caso, g.p.finanzas)


def test_quien_suple_a_gerencia_no_reasigna_su_propio_caso(g):
    caso = g.hasta(E.EN_CONTACTO)
    suplente = suple(g.p.ventas, g.p.gerente)
    with rechazada(match="pídeselo a gerencia"):
        actuar(
            "asignar",
            caso,
            suplente,
            responsable=g.p.ventas2.pk,
            ordeno=g.p.gerente.pk,
            ordeno_en=hace(minutes=1),
        )
    assert fresco(caso).responsable == g.p.ventas


# -- verbal evidence (rule 9) ----------------------------------------------------------------------


def verbal(g, caso, sentido="A_FAVOR"):
    return actuar(
        "opinar_verbal",
        caso,
        g.p.ventas,
        de(caso, "FIN"),
        quien=g.p.finanzas.pk,
        dicho_en=hace(minutes=1),
        sentido=sentido,
        fundamento="Lo dijo.",
    )


def test_lo_que_el_area_escribe_toma_el_lugar_de_lo_que_se_anoto(g):
    caso = g.analizar(g.hasta(E.EN_CONTACTO), "FIN", "JUR")
    caso = verbal(g, caso)
    caso = actuar(
        "opinar",
        caso,
        g.p.finanzas,
        de(caso, "FIN"),
        sentido="EN_CONTRA",
        fundamento="No cabe.",
        condiciones="",
    )
    [constancia] = caso.hechos.constancias
    assert constancia.estado == EstadoConstancia.CORREGIDA
    with rechazada(Clase.YA_NO):
        actuar(
            "corregir_constancia",
            caso,
            g.p.finanzas,
            constancia,
            correccion="Sí.",
            sentido="A_FAVOR",
        )
    assert [o.sentido for o in fresco(caso).hechos.en_contra] == ["EN_CONTRA"]


def test_corregir_una_opinion_verbal_en_contra_deja_la_decision_a_quien_se_lleve(g):
    caso = verbal(g, g.hasta(E.EN_ANALISIS))
    assert caso.estado == E.POR_DECIDIR
    caso = actuar(
        "corregir_constancia",
        caso,
        g.p.finanzas,
        caso.hechos.constancias[0],
        correccion="Dije que no.",
        sentido="EN_CONTRA",
    )
    assert caso.turno == Turno.RC
    assert not ofrecidas(caso, g.p.ventas) & {"declarar_viable"}
    assert {"elevar", "declarar_no_viable"} <= ofrecidas(caso, g.p.ventas)


def test_corregir_una_orden_vieja_no_quita_a_quien_se_asigno_despues(g):
    caso = g.registrar(responsable=False)
    caso = actuar(
        "asignar",
        caso,
        g.p.ventas,
        responsable=g.p.ventas.pk,
        ordeno=g.p.gerente.pk,
        ordeno_en=hace(hours=1),
    )
    caso = g.asignar(caso, a=g.p.ventas2)
    caso = actuar(
        "corregir_constancia",
        caso,
        g.p.gerente,
        caso.hechos.constancias[0],
        correccion="Yo no lo dije.",
    )
    assert caso.responsable == g.p.ventas2
    assert asuntos(caso, "relevado", g.p.ventas2) == 0


def test_quedar_sin_responsable_se_le_dice_a_gerencia(g):
    caso = g.registrar(responsable=False)
    caso = actuar(
        "asignar",
        caso,
        g.p.ventas,
        responsable=g.p.ventas.pk,
        ordeno=g.p.direccion.pk,
        ordeno_en=hace(hours=1),
    )
    antes = asuntos(caso, "por_asignar", g.p.gerente)
    caso = actuar(
        "corregir_constancia",
        caso,
        g.p.direccion,
        caso.hechos.constancias[0],
        correccion="Yo no lo dije.",
    )
    assert caso.responsable is None
    assert asuntos(caso, "por_asignar", g.p.gerente) == antes + 1
    carta = Aviso.objects.filter(caso=caso, plantilla="por_asignar").latest("pk")
    assert "se quedó sin responsable" in carta.texto


def test_declarar_viable_contra_una_opinion_se_le_dice_al_responsable(g):
    caso = g.opinar(g.hasta(E.EN_ANALISIS), sentido="EN_CONTRA")
    caso = g.viable(caso, por=g.p.direccion)
    carta = Aviso.objects.get(caso=caso, plantilla="viable", usuario=g.p.ventas)
    assert "Prepara la propuesta" in carta.texto


def test_la_propuesta_sin_responsable_la_firma_quien_la_presenta(g):
    caso = g.hasta(E.EN_PROPUESTA)
    type(caso).objects.filter(pk=caso.pk).update(responsable=None)
    datos = {
        "como": "TELEFONO",
        "cuando": hace(minutes=2),
        "persona": caso.persona_id,
        "vigencia": en_dias(15),
        "propuesto_tarifa": "14500",
        "enviar_al_cliente": "on",
    }
    actuar("presentar", fresco(caso), g.p.gerente, **datos)
    texto = Aviso.objects.get(caso=caso, plantilla="propuesta").texto
    assert str(g.p.gerente) in texto
    assert "None" not in texto


# -- clocks (rule 8) -------------------------------------------------------------------------------


def test_una_nota_no_estrena_el_plazo(g):
    hecho = ajustado(g, g.hasta(E.EN_MODIFICACION))
    devuelto = g.hasta(E.EN_ANALISIS)
    devuelto = actuar(
        "pedir_datos",
        devuelto,
        g.p.finanzas,
        devuelto.hechos.opiniones[0],
        datos_pedidos="¿Cuántos?",
    )
    vencen = [hecho.vence, devuelto.vence]
    assert vencen == [calendario.sumar_habiles(calendario.hoy(), 2)] * 2
    with time_machine.travel(timezone.now() + timedelta(days=20), tick=False):
        for caso in (hecho, devuelto):
            actuar("anotar", caso, g.p.ventas2, nota="Sigo pendiente.")
    assert [fresco(c).vence for c in (hecho, devuelto)] == vencen


def test_lo_que_un_area_devolvio_no_se_dispensa_por_vencido(g):
    caso = g.hasta(E.EN_ANALISIS)
    caso = actuar(
        "pedir_datos", caso, g.p.finanzas, caso.hechos.opiniones[0], datos_pedidos="¿Cuántos?"
    )
    caso.opiniones.update(vence=en_dias(-3))
    assert "dispensar" not in ofrecidas(caso, g.p.gerente)


def test_un_contacto_no_es_anterior_a_la_solicitud(g):
    caso = g.registrar()
    with rechazada(match="antes de que se recibiera"):
        actuar(
            "contactar",
            caso,
            g.p.ventas,
            persona=caso.persona_id,
            **contacto("NO", cuando=hace(days=800)),
        )


def test_los_intentos_de_antes_de_la_solicitud_no_cuentan(g):
    caso = g.contactar(g.registrar(), efectivo="NO")
    for dias in (900, 800, 700):
        caso.contactos.create(
            cuando=hace(days=dias),
            medio=("CORREO", "VISITA")[dias == 800],
            direccion="SALIENTE",
            efectivo=False,
            resumen="x",
            registrado_por=g.p.ventas,
            registrado_en=timezone.now(),
        )
    assert not fresco(caso).hechos.tres_intentos


# -- reopening -------------------------------------------------------------------------------------


def test_reabrir_no_se_lo_deja_a_quien_ya_se_fue(g):
    caso = g.hasta(E.CERRADO)
    Usuario.objects.filter(pk=g.p.ventas.pk).update(is_active=False)
    caso = actuar("reabrir", caso, g.p.gerente, motivo="Cambió algo.", **consultas("FIN"))
    assert caso.responsable is None
    caso = g.opinar(caso)
    assert (caso.estado, caso.turno) == (E.POR_DECIDIR, Turno.GER)


def test_las_palabras_de_un_no_anterior_no_se_quedan(g):
    caso = g.hasta(E.CERRADO)
    assert caso.texto_cliente and caso.motivos.exists()
    caso = actuar("reabrir", caso, g.p.gerente, motivo="Cambió algo.", **consultas("FIN"))
    assert (caso.texto_cliente, caso.motivo_principal, caso.motivos.count()) == ("", None, 0)


def test_replantear_borra_lo_acordado(g):
    caso = g.no_puede(g.hasta(E.EN_MODIFICACION), "JUR")
    assert any(f.acordado for f in caso.hechos.condiciones)
    caso = actuar("replantear", caso, g.p.gerente, que_cambio="x", **consultas("FIN"))
    assert not any(f.acordado for f in caso.hechos.condiciones)
    assert caso.vigor_fecha is None


def test_si_se_va_la_direccion_le_toca_a_quien_queda(g, client, django_capture_on_commit_callbacks):
    caso = g.opinar(g.hasta(E.EN_ANALISIS), sentido="EN_CONTRA")
    caso = actuar("elevar", caso, g.p.ventas, porque="Conviene.")
    assert caso.turno == Turno.DG
    client.force_login(g.p.admin)
    dg = g.p.direccion
    datos = {
        "username": dg.username,
        "first_name": dg.first_name,
        "last_name": dg.last_name,
        "email": dg.email,
        "rol": "DG",
    }
    with django_capture_on_commit_callbacks(execute=True):
        respuesta = client.post(f"/admin/casos/usuario/{dg.pk}/change/", datos)
    assert respuesta.status_code == 302, respuesta.context["errors"]
    caso = fresco(caso)
    assert (caso.turno, caso.pendiente_de) == (Turno.RC, str(g.p.ventas))
    assert caso.eventos.last().datos["cambios"]["turno"] == ["DG", "RC"]


# -- what is agreed for later (rule 6) -------------------------------------------------------------


def vigentes(caso) -> dict:
    return {f.concepto.clave: f.vigente for f in caso.hechos.condiciones if f.vigente}


def test_lo_acordado_para_despues_todavia_no_esta_vigente(g):
    primero = modificado(g)  # 14,500 from within 20 days
    caso = g.analizar(g.contactar(g.registrar(primero.contrato)))
    assert vigentes(caso) == {"plazas": "20", "tarifa": "15000.00"}
    with time_machine.travel(timezone.now() + timedelta(days=25), tick=False):
        otro = g.analizar(g.contactar(g.registrar(primero.contrato)))
        assert vigentes(otro)["tarifa"] == "14500.00"


def test_lo_que_no_se_renegocio_queda_como_estara_ese_dia(g):
    primero = modificado(g)
    caso = g.analizar(
        g.contactar(g.registrar(primero.contrato)), solicitado_tarifa="", solicitado_plazas="30"
    )
    caso = g.viable(g.opinar(caso), propuesto_tarifa="", propuesto_plazas="30")
    caso = g.cerrar_modificado(ajustado(g, g.aceptar(g.presentar(caso), vigor_fecha=en_dias(60))))
    nueva = caso.contrato.versiones.get(numero=3)
    assert {v.concepto.clave: v.valor for v in nueva.valores.all()} == {
        "plazas": "30",
        "tarifa": "14500.00",
    }


def test_nada_empieza_antes_de_lo_ya_acordado(g):
    primero = modificado(g)
    caso = g.viable(g.opinar(g.analizar(g.contactar(g.registrar(primero.contrato)))))
    with rechazada(match="Ya hay condiciones acordadas a partir del"):
        g.aceptar(g.presentar(caso), vigor_fecha=en_dias(10))


def test_la_pagina_del_cliente_separa_lo_de_hoy_de_lo_que_viene(g, client):
    primero = modificado(g)
    client.force_login(g.p.ventas)
    pagina = client.get(f"/clientes/{primero.cliente_id}/").text
    hoja = pagina.split("Condiciones del contrato</caption>")[1].split("</table>")[0]
    [columnas] = re.findall(r"<thead.*?</thead>", hoja, re.S)
    assert re.findall(r">([^<>]+)</th>", columnas)[1] == "Vigente"
    [tarifa] = [fila for fila in hoja.split("<tr") if "$15,000.00" in fila]
    assert tarifa.index("$15,000.00") < tarifa.index("$14,500.00")


# -- 7.5 and 7.6 -----------------------------------------------------------------------------------


def test_una_cita_que_no_estaba_programada_tambien_queda(g):
    caso = g.presentar(g.hasta(E.EN_PROPUESTA), como="CITA", cita_lugar="Su oficina")
    [cita] = caso.hechos.citas
    assert (cita.estado, cita.lugar, cita.organizada_por) == ("CELEBRADA", "Su oficina", g.p.ventas)
    assert cita.inicio == caso.hechos.propuesta_viva.presentada_en


def test_la_cita_programada_que_ya_empezo_se_celebra_al_presentar(g):
    caso = actuar(
        "programar_cita",
        g.hasta(E.EN_PROPUESTA),
        g.p.ventas,
        asunto="Presentar",
        inicio=hace(minutes=-30),
        minutos=30,
        medio="VISITA",
        lugar="Allá",
    )
    [cita] = caso.hechos.citas
    with rechazada(match="En qué cita"):
        g.presentar(caso, como="CITA", cita=cita.pk)
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        caso = g.presentar(caso, como="CITA", cita=cita.pk)
    assert [c.estado for c in caso.hechos.citas] == ["CELEBRADA"]


def test_en_una_cita_hace_falta_decir_cual(g):
    with rechazada(match="Elige la cita, o di dónde fue"):
        g.presentar(g.hasta(E.EN_PROPUESTA), como="CITA")


def test_una_contraoferta_solo_cambia_lo_que_cambia(g):
    caso = g.analizar(g.contactar(g.registrar()), solicitado_plazas="46")
    caso = g.viable(g.opinar(caso), propuesto_plazas="40")
    caso = actuar(
        "contraofertar",
        g.presentar(caso),
        g.p.ventas,
        pide="Un poco menos.",
        solicitado_plazas="40",
        solicitado_tarifa="14800",
    )
    hoja = {f.concepto.clave: (f.solicitado, f.propuesto) for f in caso.hechos.condiciones}
    assert hoja["plazas"] == ("46", "40")
    assert hoja["tarifa"] == ("14800.00", "14800.00")
    with rechazada(match="Cambia al menos una condición"):
        actuar(
            "contraofertar", g.presentar(caso), g.p.ventas, pide="Lo mismo.", solicitado_plazas="40"
        )


def test_la_pagina_del_caso_dice_lo_que_otro_acordo_para_despues(g, client):
    primero = modificado(g)
    caso = g.analizar(g.contactar(g.registrar(primero.contrato)))
    client.force_login(g.p.ventas)
    pagina = client.get(caso.get_absolute_url()).text
    dicho = pagina.split("Ya está acordado a partir del")[1].split("</p>")[0]
    assert primero.folio in dicho
    assert "$14,500.00" in dicho
    assert "Ya está acordado" not in client.get(primero.get_absolute_url()).text


# -- when it happened ------------------------------------------------------------------------------


def test_la_propuesta_no_se_presenta_antes_de_la_solicitud_ni_de_la_anterior(g):
    caso = g.hasta(E.EN_PROPUESTA)
    with rechazada(match="antes de que se recibiera la solicitud"):
        g.presentar(caso, cuando=hace(days=2))
    caso = actuar("volver_a_presentar", g.presentar(caso), g.p.ventas, motivo="Se corrigió.")
    with rechazada(match="antes de que se presentara la anterior"):
        g.presentar(caso, cuando=hace(minutes=30))


@pytest.mark.parametrize("paso", ["aceptar", "rechazar"])
def test_el_cliente_no_contesta_antes_de_ver_la_propuesta(g, paso):
    caso = g.hasta(E.EN_RESPUESTA)
    with rechazada(match="antes de que se le presentara la propuesta"):
        getattr(g, paso)(caso, cuando=hace(minutes=30))
    assert getattr(g, paso)(caso).estado != E.EN_RESPUESTA


def test_el_cliente_no_se_entera_antes_de_que_se_decida(g):
    caso = g.hasta(E.POR_INFORMAR)
    with rechazada(match="antes del día en que se decidió"):
        g.informar(caso, cuando=hace(days=1))
    # Written down the same day, after both had happened.
    mediodia = timezone.localtime().replace(hour=12, minute=0)
    with time_machine.travel(mediodia + timedelta(days=1), tick=False):
        caso = g.no(g.opinar(g.analizar(g.contactar(g.registrar()))))
        assert g.informar(caso, cuando=hace(hours=3)).estado == E.CERRADO


def test_ni_se_retira_antes_de_pedirlo_ni_empieza_antes_de_proponerlo(g):
    with rechazada(match="antes de que se recibiera la solicitud"):
        g.retirar(g.hasta(E.EN_CONTACTO), cuando=hace(days=2))
    caso = g.confirmar(g.confirmar(g.hasta(E.EN_MODIFICACION), "JUR"), "NOM")
    with rechazada(match="antes de que se le presentara la propuesta"):
        g.cerrar_modificado(caso, cuando=hace(days=1))


def test_lo_que_se_escribe_dias_despues_conserva_su_fecha(g):
    """Accepted on the 2nd, told on the 3rd, written down on the 4th."""
    caso = g.hasta(E.EN_RESPUESTA)
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        caso = g.confirmar(g.confirmar(g.aceptar(caso, cuando=hace(days=2)), "JUR"), "NOM")
        assert g.cerrar_modificado(caso, cuando=hace(days=1)).resultado == "MODIFICADO"


def test_una_opinion_de_palabra_no_es_anterior_a_la_solicitud(g):
    caso = g.hasta(E.EN_ANALISIS)
    with rechazada(match="antes de que se recibiera la solicitud"):
        actuar(
            "opinar_verbal",
            caso,
            g.p.ventas,
            caso.hechos.opiniones[0],
            quien=g.p.finanzas.pk,
            dicho_en=hace(days=3),
            sentido="A_FAVOR",
            fundamento="x",
        )


# -- who is spoken of ------------------------------------------------------------------------------


def test_el_responsable_no_es_el_area_que_hablo(g):
    MembresiaFactory(usuario=g.p.ventas, area=g.p.finanzas.membresias.get().area)
    caso = g.hasta(E.EN_ANALISIS)
    with rechazada(match="Elige una opción"):
        actuar(
            "opinar_verbal",
            caso,
            g.p.gerente,
            caso.hechos.opiniones[0],
            quien=g.p.ventas.pk,
            dicho_en=hace(minutes=1),
            sentido="A_FAVOR",
            fundamento="x",
        )


@pytest.mark.parametrize("quien", ["ventas", "gerente"])
def test_avisarse_a_si_mismo_no_es_avisar_al_area(g, quien):
    persona = getattr(g.p, quien)
    MembresiaFactory(usuario=persona, area=g.p.nominas.membresias.get().area)
    caso = g.hasta(E.EN_MODIFICACION)
    caso = actuar("indicar_no_aplica", caso, g.p.nominas, g.ajuste(caso, "NOM"), respuesta="x")
    with rechazada(match="Elige una opción"):
        actuar("agregar_ajuste", caso, g.p.gerente, **ajustes("NOM", verbal={"NOM": persona}))


def test_corregir_no_cambia_de_persona_por_su_cuenta(g):
    caso = g.contactar(g.registrar())
    supresion.suprimir_persona(caso.persona)
    persona = caso.persona_id
    caso = actuar(
        "corregir_datos",
        caso,
        g.p.ventas,
        solicitud="Pide otra tarifa.",
        persona=persona,
        canal="",
        motivo="Oí mal.",
    )
    caso = actuar(
        "corregir_contacto",
        caso,
        g.p.ventas,
        caso.hechos.contactos[0],
        resumen="Otra cosa.",
        persona=persona,
        motivo="Oí mal.",
    )
    assert caso.persona_id == caso.hechos.contactos[0].persona_id == persona


def test_las_condiciones_son_solo_de_una_opinion_con_condiciones(g):
    caso = g.opinar(g.analizar(g.hasta(E.EN_CONTACTO), "FIN", "JUR"), sentido="CONDICIONES")
    opinion = next(o for o in caso.hechos.opiniones if o.area.codigo == "FIN")
    datos = {"fundamento": "Ahora sí.", "condiciones": "Con pago a 15 días."}
    caso = actuar("opinar", caso, g.p.finanzas, opinion, sentido="A_FAVOR", **datos)
    opinion.refresh_from_db()
    assert (opinion.sentido, opinion.condiciones) == ("A_FAVOR", "")
    caso = verbal(g, g.analizar(g.hasta(E.EN_CONTACTO), "FIN", "JUR"))
    caso = actuar(
        "corregir_constancia",
        caso,
        g.p.finanzas,
        caso.hechos.constancias[0],
        correccion="No.",
        sentido="EN_CONTRA",
        condiciones="Si paga.",
    )
    assert de(caso, "FIN").condiciones == ""
