"""What people read is true: the falsehoods of the first release that stood on a page, and rule 13.

As in ``test_falsedades``: what comes before is done through the door, the point in the browser.
"""

import pytest
import time_machine
from playwright.sync_api import expect

from casos import calendario
from casos.clientes import contratos
from casos.models import Caso, Concepto
from tests.guion import en_dias, fresco, hace, un_contrato
from tests.reloj import mediodia

from .gente import asunto, cuerpo

pytestmark = pytest.mark.navegador


def nueva(ventana, contrato, **mas):
    """The page of 7.1, with what is always told."""
    ventana.turno_de("ventas", f"/casos/nuevo/?cliente={contrato.cliente_id}")
    return ventana.pone("Qué pide el cliente", "Quiere más gente, y que le cueste menos.")


# -- 8 and 9 -----------------------------------------------------------------------------------------


def test_el_plazo_de_7_1_corre_desde_que_se_recibio(escena, ventana):
    """8. The clock of 7.1 began when the request was written down."""
    contrato = un_contrato()
    recibido = mediodia(en_dias(-12))
    nueva(ventana, contrato).pone("Cuándo se recibió en realidad", recibido)
    ventana.envia("Registrar solicitud")
    caso = Caso.objects.get()
    assert caso.vence == calendario.vence_para("RECIBIDO", recibido) < calendario.hoy()
    ventana.lee("Vencido: ")


def test_se_ve_lo_vigente_se_calcula_el_cambio_y_se_pregunta_lo_que_extrana(escena, ventana):
    """9. *Vigente* was "–", and "Aumento de plazas" with fewer than in force passed without a word."""
    contrato = un_contrato()
    otro = un_contrato("CT-OTRO", contrato.cliente)
    contratos.nueva_version(
        contrato=otro, desde_fecha=en_dias(-10),
        valores={Concepto.objects.get(clave="plazas"): "77"},
    )  # fmt: skip
    nueva(ventana, contrato).marca("Aumento de plazas", "Tipo de requerimiento")
    persona = contrato.cliente.personas.first()
    ventana.pone("Quién lo pidió", persona)
    ventana._abrir_plegado(ventana.pagina.locator("#hoja-registrar"))
    for elegido, plazas in ((otro, "77"), (contrato, "20")):
        opcion = ventana.pagina.get_by_role("option", name=elegido.numero).get_attribute("value")
        ventana.pagina.get_by_label("Contrato", exact=False).and_(
            ventana.pagina.locator("select")
        ).select_option(opcion)
        expect(ventana.pagina.locator("#hoja-registrar [data-columna=Vigente]").first).to_have_text(
            plazas
        )
    ventana.pone("Plazas", "+12").pone("Tarifa mensual por persona", "−4 %")
    expect(ventana.pagina.locator("#hoja-registrar")).to_contain_text("= 32 (lo vigente: 20)")
    ventana.pone("Plazas", "12")
    expect(ventana.pagina.locator("#hoja-registrar")).to_contain_text("= $14,400.00")
    ventana.envia("Registrar solicitud", "es menos que lo vigente (20). Si son 12 más")
    ventana.lee("Sí, así lo pide").pone("Plazas", "+12").envia("Registrar solicitud")
    assert [x in ventana.renglon("Plazas") for x in ("20", "32", "–")] == [True, True, False]
    assert "$15,000.00" in ventana.renglon("Tarifa") and "$14,400.00" in ventana.renglon("Tarifa")


# -- 10 ----------------------------------------------------------------------------------------------


def test_lo_primero_que_pidio_se_conserva_al_lado(escena, ventana):
    """10. The counter-offer took the place of what the client asked first, in every summary."""
    g = escena.guion
    caso = g.opinar(g.analizar(g.contactar(g.registrar()), solicitado_tarifa="14112"))
    caso = g.presentar(g.viable(caso, propuesto_tarifa="14200"))
    ventana.turno_de("ventas", f"{caso.get_absolute_url()}contraofertar/")
    ventana.pone("Qué pide el cliente", "14,250.").pone("Tarifa mensual por persona", "14250")
    ventana.envia("Registrar contraoferta")
    assert "$14,250.00" in ventana.renglon("Tarifa")
    assert "Primero pidió $14,112.00" in ventana.renglon("Tarifa")
    ventana.abrir(f"/clientes/{caso.cliente_id}/")
    ventana.lee("pidió $14,112.00 MXN; después $14,250.00 MXN")


# -- 11 ----------------------------------------------------------------------------------------------
# Two of them open at once: ``test_accesibilidad.test_dos_respuestas_abiertas_en_su_lugar``.


def test_la_respuesta_abierta_en_su_lugar_dice_de_que_es(escena, ventana):
    """11. The opened answer showed neither what the client asks nor the conditions."""
    g = escena.guion
    g.analizar(g.contactar(g.registrar(solicitud="Pide que la tarifa baje.")), "FIN")
    caso = g.hasta("EN_MODIFICACION")
    for quien, abre, dice in (
        ("finanzas", "A favor", ("Pide que la tarifa baje.", "$15,000.00", "$14,000.00")),
        ("juridico", "Confirmar ajuste", (caso.solicitud, "$15,000.00", "$14,500.00")),
    ):
        ventana.turno_de(quien).abre(abre)
        abierta = ventana.pagina.locator("[id^=aqui-]:has(form)")
        for dicho in dice:
            expect(abierta).to_contain_text(dicho)
        # what it is about comes before what is to be filled in
        arriba = [abierta.locator(x).first.bounding_box()["y"] for x in ("[data-de-que]", "form")]
        assert arriba == sorted(arriba)


# -- 12 ----------------------------------------------------------------------------------------------


def test_sin_sesion_toda_la_pagina_va_a_entrar_y_vuelve(escena, ventana):
    """12. The filter left a blank page; an answer, a login form inside its row."""
    caso, pagina = escena.guion.hasta("EN_ANALISIS"), ventana.pagina
    ventana.turno_de("finanzas", "/casos/")
    pagina.locator("a.plegado__abre").click()
    pagina.locator("#filtros [name=desde]").fill("2001-01-01")
    sin_sesion(ventana, lambda: pagina.locator("#filtros button[type=submit]").first.click())
    ventana.lee("Tu sesión venció. Entra para seguir donde estabas.")
    entra(ventana, "Casos")
    ventana.abrir("/")
    sin_sesion(ventana, lambda: pagina.get_by_role("button", name="En contra").click())
    ventana.lee("Tu sesión venció. Entra para seguir donde estabas.")
    entra(ventana, "Mis pendientes")
    # what was typed comes back too
    ventana.abre("En contra").pone("Fundamento", "Todavía cabe.")
    enviar = pagina.locator("form.formulario").get_by_role("button", name="Dar opinión")
    sin_sesion(ventana, enviar.click)
    ventana.lee("guardamos lo que escribiste")
    entra(ventana, "Recuperamos lo que habías escrito")
    assert caso.folio in pagina.url
    assert pagina.get_by_label("Fundamento", exact=True).input_value() == "Todavía cabe."


def sin_sesion(ventana, hace_algo):
    ventana.contexto.clear_cookies(name="sessionid")
    with ventana.pagina.expect_navigation():
        hace_algo()
    expect(ventana.pagina.get_by_role("heading", name="Entrar")).to_be_visible()


def entra(ventana, dice):
    ventana.pagina.locator("[name=login]").fill("finanzas")
    ventana.pagina.locator("[name=password]").fill("demo")
    ventana.envia("Entrar", dice)


# -- 13 ----------------------------------------------------------------------------------------------


def test_cada_quien_lee_lo_suyo(escena, ventana):
    """13. "S.A. de C.V..", one's own name as another's, what one did told to everybody, orders."""
    g = escena.guion
    caso = g.registrar(responsable=False)
    ventana.turno_de("gerente", f"{caso.get_absolute_url()}asignar/")
    ventana.pone("Responsable", g.p.ventas).envia("Asignar responsable")
    ventana.lee(f"Ahora le toca a {g.p.ventas}")
    carta = escena.correo("ventas", caso.folio)
    assert "te toca" in (asunto(carta) + cuerpo(carta)).lower()
    assert f"le toca a {g.p.ventas}" not in cuerpo(carta)
    ventana.desde(carta, "ventas").no_lee("Asignaste", f"toca a {g.p.ventas}").lee("Te toca")
    caso = g.presentar(g.viable(g.opinar(g.analizar(g.contactar(fresco(caso))))))
    ventana.abrir(caso).lee("Se registró la presentación").no_lee(
        "Te toca", "Registrar presentación"
    )
    ventana.lee("Pendiente de")
    ventana.turno_de("auditor", caso).no_lee("Asignaste")
    caso = g.confirmar(g.confirmar(g.aceptar(caso), "JUR"), "NOM")
    ventana.turno_de("ventas", caso).no_lee("las áreas están ajustando")
    escena.correo("juridico", caso.folio)
    for mensaje in escena.smtp.mensajes:
        assert "C.V.." not in asunto(mensaje) + cuerpo(mensaje) + cuerpo(mensaje, "text/html")


# -- 14 ----------------------------------------------------------------------------------------------


def test_un_cambio_del_cliente_deja_rastro(escena, ventana):
    """14. Who changed a client, a person or a contract, when, and what it said: nowhere."""
    contrato = un_contrato()
    cliente, persona = contrato.cliente, contrato.cliente.personas.get()
    ventana.turno_de("ventas", f"/clientes/{cliente.pk}/").va_a("Cambiar datos")
    ventana.pone("Nombre comercial", "Aceros Regios").envia("Guardar", "Aceros Regios")
    ventana.abrir(f"/clientes/{cliente.pk}/personas/{persona.pk}/").pone("Puesto", "Compras")
    ventana.envia("Guardar", "Compras")
    ventana.turno_de("gerente", f"/clientes/{cliente.pk}/contratos/{contrato.pk}/terminar/")
    ventana.pone("Motivo", "Cerró la planta.").pone("Termina el", en_dias(5))
    ventana.envia("Terminar contrato", "Cerró la planta.")
    ventana.pagina.locator("#cambios summary").click()
    cambios = " ".join(ventana.pagina.locator("#cambios").inner_text().split())
    for dicho in (
        "nombre comercial: Aceros del Norte → Aceros Regios", "puesto: (vacío) → Compras",
        f"{en_dias(5):%d/%m/%Y}", str(escena.p.ventas), str(escena.p.gerente),
    ):  # fmt: skip
        assert dicho in cambios, f"{dicho} no está en {cambios}"


# -- rule 13 -----------------------------------------------------------------------------------------


def test_una_opinion_vencida_la_decide_gerencia_desde_sus_pendientes(escena, ventana):
    """What waited for gerencia stood in nobody's tray and in no mail."""
    caso = escena.guion.hasta("EN_ANALISIS")
    caso.opiniones.update(vence=en_dias(-2))
    escena.amanece()
    carta = escena.correo("gerente", "Tu resumen de hoy")
    assert caso.folio in cuerpo(carta)
    ventana.turno_de("gerente").lee("Te toca decidir").va_a("Continuar sin esta opinión")
    ventana.pone("Motivo", "No contestan y el cliente espera.").envia("Continuar sin esta opinión")
    assert fresco(caso).opiniones.get().estado == "DISPENSADA"
    ventana.abrir("/").no_lee(caso.folio)


def test_una_propuesta_vencida_le_toca_a_quien_lleva_el_caso(escena, ventana):
    """An expired proposal stayed "Pendiente de: Cliente", in nobody's tray."""
    g = escena.guion
    with time_machine.travel(mediodia(en_dias(-5)), tick=False):
        caso = g.hasta("EN_PROPUESTA")
        caso = g.presentar(caso, vigencia=en_dias(2), cuando=hace(minutes=1))
    escena.amanece()
    carta = escena.correo("ventas", "Tu resumen de hoy")
    assert "venció" in cuerpo(carta) and caso.folio in cuerpo(carta)
    ventana.turno_de("ventas").lee("Renovar la propuesta o cerrar")
    ventana.abrir(f"{caso.get_absolute_url()}volver_a_presentar/")
    ventana.pone("Por qué se corrige o se renueva", "Venció.")
    ventana.envia("Corregir o renovar propuesta")
    assert fresco(caso).estado == "EN_PROPUESTA"
