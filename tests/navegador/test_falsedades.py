"""What people read is true: each falsehood of the first release, in the place where it was read.

A case is brought to the point through the door; the point itself is pressed and typed in a browser,
and its letters are those that the SMTP server got. The first seven; the others are in
``test_falsedades_de_pantalla``.
"""

import pytest
import time_machine

from casos.correo import envio
from casos.models import Propuesta, ValorContrato
from tests.guion import actuar, consultas, en_dias, fresco, hace
from tests.reloj import mediodia
from tests.test_acuerdo import deshecho

from .gente import cuerpo

pytestmark = pytest.mark.navegador
E = "EN_RESPUESTA"


def cliente_recibio(escena, correo="laura@aceros.example") -> str:
    """The newest mail that went to the client."""
    envio.enviar_pendientes()
    return cuerpo(escena.smtp.para(correo)[-1])


def acepta(ventana, vigor):
    """7.6 yes, as far as it is always the same."""
    ventana.marca("Teléfono", "Cómo lo dijo").pone("A partir del", vigor)
    return ventana.marca("Nóminas", "Qué ajusta cada área").pone(
        "Qué ajusta Nóminas", "Lo acordado."
    )


# -- 1 -----------------------------------------------------------------------------------------------


def test_juridico_lee_todo_lo_que_cambia_y_las_demas_que_hay_mas(escena, ventana):
    """1. Jurídico's letter left out a changed *Turno* and said that the rest stays the same."""
    g = escena.guion
    caso = g.presentar(g.viable(g.hasta("POR_DECIDIR"), propuesto_turno="Nocturno"))
    ventana.turno_de("ventas", caso).abre("Registrar aceptación")
    acepta(ventana, en_dias(20)).envia("Registrar aceptación")
    carta = escena.correo("juridico", "Jurídico: ajustar contrato")
    for tipo in ("text/plain", "text/html"):
        dice = cuerpo(carta, tipo)
        assert "Turno" in dice and "Nocturno" in dice and "14,500.00" in dice
        assert "igual" not in dice
    ventana.desde(carta, "juridico")
    assert "Nocturno" in ventana.renglon("Turno")
    carta = escena.correo("nominas", "Nóminas: ajustar servicio")
    assert "Nocturno" in cuerpo(carta) and "Tarifa" not in cuerpo(carta)
    assert "También cambian otras condiciones, que no tocan a Nóminas." in cuerpo(carta)
    assert "14,500" not in ventana.desde(carta, "nominas").lee("no tocan a esta área").texto


# -- 2 -----------------------------------------------------------------------------------------------


def opciones(ventana) -> tuple[int, int]:
    """How many ways there are to decide the rows, and how many are chosen."""
    todas = ventana.pagina.locator("main [type=radio][name^=decision_]")
    return todas.count(), todas.and_(ventana.pagina.locator(":checked")).count()


def test_se_ofrece_lo_que_aprobaron_y_la_carta_lo_dice(escena, ventana):
    """2. After a counter-offer of 14,250 the decision opened with 14,400, and that went to the client."""
    g = escena.guion
    caso = g.opinar(g.analizar(g.contactar(g.registrar()), solicitado_tarifa="14112"))
    # the first time round nothing is decided by a default either: not even the client's wish
    ventana.turno_de("ventas", caso).abre("Marcar como viable")
    assert opciones(ventana) == (3, 0)
    caso = g.presentar(g.viable(caso, propuesto_tarifa="14400"))
    caso = actuar("contraofertar", caso, g.p.ventas, pide="14,250.", solicitado_tarifa="14250",
                  **consultas("FIN"))  # fmt: skip
    caso = g.opinar(caso)
    ventana.abrir(caso).abre("Marcar como viable")
    assert opciones(ventana) == (3, 0)
    ventana.pone("Alternativa elegida", "28 plazas a 14,250.").pone("Por qué es viable", "Cabe.")
    ventana.envia("Marcar como viable", "Elige qué se ofrece en Tarifa mensual por persona.")
    # what the areas did not see is said before it is saved
    ventana.marca("Otro valor").pone("Tarifa mensual por persona: otro valor", "14300")
    ventana.envia("Marcar como viable", "vieron $14,250.00 y ofreces $14,300.00")
    ventana.marca("Como lo pide: $14,250.00").envia("Marcar como viable")
    ventana.abrir(f"{caso.get_absolute_url()}presentar/").marca(
        "Por teléfono", "Cómo la presentaste"
    )
    ventana.marca("Enviar la propuesta por correo al cliente").envia("Registrar presentación")
    assert Propuesta.objects.get(caso=caso, numero=2).filas[0]["propuesto"] == "14250.00"
    recibio = cliente_recibio(escena)
    assert "14,250.00" in recibio and "14,400" not in recibio
    # past it, the refusal leads to an act that there is here, with what was typed
    ventana.abre("Registrar aceptación")
    acepta(ventana, en_dias(20)).pone("Tarifa mensual por persona", "14100")
    ventana.envia(
        "Registrar aceptación", "Rebasa lo que se declaró viable: registrar contraoferta."
    )
    assert ventana.pagina.get_by_label("A partir del", exact=True).input_value() == str(en_dias(20))
    ventana.va_a("Registrar contraoferta")
    assert (
        ventana.pagina.get_by_label("Tarifa mensual por persona").first.input_value() == "14100.00"
    )


# -- 3 -----------------------------------------------------------------------------------------------


def test_lo_que_no_se_sostuvo_sale_del_contrato(escena, ventana):
    """3. Reopened, undone and closed as not adjustable, the contract kept what had failed."""
    g = escena.guion
    caso = g.cerrar_modificado(g.confirmar(g.confirmar(g.hasta("EN_MODIFICACION"), "JUR"), "NOM"))
    cliente = f"/clientes/{caso.cliente_id}/"
    ventana.turno_de("ventas", cliente)
    assert "15,000" in ventana.renglon("Tarifa") and "14,500" in ventana.renglon("Tarifa")
    caso = actuar(
        "reabrir", caso, g.p.direccion, motivo="No se pudo.", ajuste_FIN="on", que_FIN="Revisar",
        para_FIN=en_dias(5), aviso_FIN="CORREO",
    )  # fmt: skip
    caso = deshecho(g, caso)
    ventana.abrir(f"{caso.get_absolute_url()}declarar_no_ajustable/")
    ventana.marca("El margen no alcanza").pone("Área de la que viene el motivo", "Finanzas")
    ventana.pone("Detalle interno", "No se sostuvo.").marca("No se sabe", "¿Podría cambiar")
    ventana.marca("Yo directamente", "¿Quién le informa?")
    ventana.envia("Declarar que no se puede ajustar").abrir(cliente)
    assert "14,500" not in ventana.renglon("Tarifa")
    en_vigor = ValorContrato.objects.en_vigor(caso.contrato_id, en_dias(60))
    assert {v.concepto.clave: v.valor for v in en_vigor}["tarifa"] == "15000.00"


def test_lo_acordado_se_corrige_y_se_les_dice_lo_de_antes_y_lo_de_ahora(escena, ventana):
    """3. A wrong figure in the acceptance, or in what was reopened, could not be mended."""
    caso = escena.guion.hasta("EN_MODIFICACION")
    ventana.turno_de("ventas", f"{caso.get_absolute_url()}corregir_acordado/")
    ventana.pone("Por qué se corrige", "Se anotó mal.").pone("Tarifa mensual por persona", "14800")
    ventana.envia("Corregir lo acordado")
    assert "14,800" in ventana.renglon("Tarifa")
    carta = cuerpo(escena.correo("juridico", "orrigió"))
    assert "14,500.00" in carta and "14,800.00" in carta
    assert "14,800" not in cuerpo(escena.correo("nominas", "orrigió"))


def test_un_contrato_que_termina_no_recibe_mas_solicitudes(escena, ventana):
    """3. "El contrato termina el …" ended nothing."""
    caso = escena.guion.hasta(E)
    ventana.turno_de("ventas", f"{caso.get_absolute_url()}rechazar/")
    ventana.pone("Motivo principal del cliente", "Eligió a otro proveedor")
    ventana.marca("Teléfono", "Cómo lo dijo").marca("Termina", "El contrato")
    ventana.pone("Termina el", en_dias(9)).envia("Registrar que no aceptó")
    ventana.abrir(f"/clientes/{caso.cliente_id}/").lee(f"Termina el {en_dias(9):%d/%m/%Y}")
    # a page that was open when the day came
    ventana.abrir(f"/casos/nuevo/?cliente={caso.cliente_id}").pone(
        "Qué pide el cliente", "Otra cosa."
    )
    contrato = type(caso.contrato).objects.filter(pk=caso.contrato_id)
    contrato.update(terminado_fecha=en_dias(-1))  # the day passes
    ventana.envia("Registrar solicitud", "Elige un contrato vigente de este cliente.")
    ventana.lee("Otra cosa.")
    ventana.abrir(f"/casos/nuevo/?cliente={caso.cliente_id}")
    assert not ventana.pagina.get_by_role("option", name=caso.contrato.numero).count()


# -- 4 -----------------------------------------------------------------------------------------------


def volver_a_preguntar(g):
    caso = g.opinar(
        g.analizar(g.contactar(g.registrar()), "JUR", "FIN"), "JUR", sentido="EN_CONTRA"
    )
    caso = g.opinar(caso, "FIN")
    return actuar("pedir_mas_analisis", caso, g.p.ventas, que_falta="Otra vez.", **consultas("JUR"))


def test_una_opinion_en_contra_solo_la_pasa_direccion(escena, ventana):
    """4. "En contra" vanished by waiving it, by hearsay, or by gerencia's own consent."""
    g = escena.guion
    callada = volver_a_preguntar(g)
    callada.opiniones.filter(estado="PENDIENTE").update(vence=en_dias(-3))
    ventana.turno_de("gerente", callada).abrir("/").va_a("Continuar sin esta opinión")
    ventana.pone("Motivo", "No contesta.").envia("Continuar sin esta opinión")
    de_oidas = volver_a_preguntar(g)
    de_oidas = actuar(
        "opinar_verbal", de_oidas, g.p.ventas, de_oidas.hechos.opiniones_pendientes[0],
        quien=g.p.juridico.pk, dicho_en=hace(minutes=1), sentido="A_FAVOR", fundamento="Que sí.",
    )  # fmt: skip
    ventana.abrir("/").va_a("Aceptar lo dicho de palabra")
    ventana.pone("Motivo", "Me consta.").envia("Aceptar lo dicho de palabra")
    for caso in (callada, de_oidas):
        ventana.turno_de("gerente", caso).lee("Jurídico")
        assert not ventana.ofrece("Marcar como viable")
        ventana.turno_de("ventas", caso)
        assert not ventana.ofrece("Marcar como viable")
    # the ordinary answer is no; the other one, Dirección's, who reads who is against and why
    ventana.va_a("Llevar a Dirección").lee("Jurídico está en contra")
    ventana.pone("Por qué conviene hacerlo de todos modos", "Es el mayor cliente.")
    ventana.envia("Llevar a Dirección")
    carta = escena.correo("direccion", "pide que decidas")
    for dicho in ("Jurídico", "Cabe en el margen.", "Es el mayor cliente."):
        assert dicho in cuerpo(carta)
    ventana.desde(carta, "direccion").lee("Vas contra Jurídico")
    ventana.abrir(f"{de_oidas.get_absolute_url()}devolver/").pone("Motivo", "No vale el riesgo.")
    ventana.envia("No autorizar")
    assert "No vale el riesgo." in cuerpo(escena.correo("ventas", de_oidas.folio))
    # once Dirección went against it, nobody else consents to more than that
    caso = actuar("elevar", fresco(callada), g.p.ventas, porque="Conviene.")
    caso = g.presentar(g.viable(caso, por=g.p.direccion))
    for quien, consiente in (("gerente", False), ("direccion", True)):
        ventana.turno_de(quien, f"{caso.get_absolute_url()}contraofertar/")
        assert bool(ventana.pagina.get_by_label("Consiento que se ofrezca").count()) is consiente


# -- 5 -----------------------------------------------------------------------------------------------


def test_lo_aceptado_a_tiempo_se_anota_despues(escena, ventana):
    """5. Accepted in time and written down late: refused. What counts is the day it was accepted."""
    g = escena.guion
    with time_machine.travel(mediodia(en_dias(-6)), tick=False):
        caso = g.hasta("EN_PROPUESTA")
    with time_machine.travel(mediodia(en_dias(-5)), tick=False):
        caso = g.presentar(caso, vigencia=en_dias(2))
    ventana.turno_de("ventas", f"{caso.get_absolute_url()}aceptar/")
    acepta(ventana, en_dias(20))
    ventana.envia("Registrar aceptación", "Si aceptó antes, escribe cuándo")
    ventana.pone("Cuándo aceptó", mediodia(en_dias(-4))).envia("Registrar aceptación")
    caso = fresco(caso)
    assert caso.estado == "EN_MODIFICACION"
    assert "14,500.00" in cuerpo(escena.correo("juridico", "Jurídico: ajustar contrato"))


# -- 6 -----------------------------------------------------------------------------------------------


def test_lo_que_un_area_contesto_de_palabra_se_anota_y_ella_lo_confirma(escena, ventana):
    """6. A silent area forced a false "no aplica", and gerencia's for Jurídico closed the case."""
    g = escena.guion
    caso, vigor = g.hasta("EN_MODIFICACION"), en_dias(20)
    nominas = g.ajuste(caso, "NOM")
    ventana.turno_de("ventas", f"{caso.get_absolute_url()}anotar_respuesta/{nominas.pk}/")
    ventana.marca("Confirmado", "Qué contestó").pone("Quién lo dijo", g.p.nominas)
    ventana.pone("Qué dijo", "Ya quedó en la nómina.").pone("Primer periodo de nómina, del", vigor)
    ventana.pone("Primer periodo de nómina, al", en_dias(34)).envia("Anotar respuesta verbal")
    assert g.ajuste(fresco(caso), "NOM").estado == "PENDIENTE"
    carta = escena.correo("nominas", "onstancia")
    assert "Ya quedó en la nómina." in cuerpo(carta)
    ventana.desde(carta, "nominas").lee("Ya quedó en la nómina.").envia("Confirmar constancia")
    assert g.ajuste(fresco(caso), "NOM").estado == "CONFIRMADO"
    # that the contract does not change is Jurídico's word, or Dirección's
    caso.ajustes.filter(area__codigo="JUR").update(vence=en_dias(-3))
    ventana.turno_de("gerente", caso)
    assert ventana.ofrece("Indicar que no se puede") and not ventana.ofrece("Indicar que no aplica")
    ventana.turno_de("direccion", caso)
    assert ventana.ofrece("Indicar que no aplica")


# -- 7 -----------------------------------------------------------------------------------------------


def test_las_fechas_de_lo_ajustado_se_comparan_con_lo_acordado(escena, ventana):
    """7. A pay period that ended before the effective date, and "en vigor" 300 days ago, passed."""
    g = escena.guion
    caso, vigor = g.hasta("EN_MODIFICACION"), en_dias(20)
    ventana.desde(escena.correo("nominas", "Nóminas: ajustar servicio"), "nominas")
    ventana.pone("Qué se ajustó", "La nómina.").marca("Otro periodo", "Primer periodo de nómina")
    ventana.pone("Primer periodo de nómina, del", en_dias(-45))
    ventana.pone("Primer periodo de nómina, al", en_dias(-30))
    ventana.envia("Confirmar ajuste", "termina antes de que esto entre en vigor")
    ventana.lee("di cómo se paga de forma retroactiva").lee("La nómina.")
    ventana.pone("Primer periodo de nómina, del", vigor)
    ventana.pone("Primer periodo de nómina, al", en_dias(34)).envia("Confirmar ajuste")
    ventana.desde(escena.correo("juridico", "Jurídico: ajustar contrato"), "juridico")
    ventana.pone("Qué se ajustó", "El contrato.").marca("No se requiere", "Convenio modificatorio")
    ventana.pone("En vigor a partir del", en_dias(-300))
    ventana.envia("Confirmar ajuste", f"Se acordó a partir del {vigor:%d/%m/%Y}: di por qué no.")
    ventana.pone("En vigor a partir del", vigor).envia("Confirmar ajuste")
    assert all(a.vigor_fecha == vigor for a in fresco(caso).hechos.ajustes_actuales)
