"""The case page: whose move it is, what each reader sees, what it costs; its files."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from casos.actos import ACTOS
from casos.calendario import hoy
from casos.catalogos import Estado
from casos.lecturas import historia
from casos.models import Adjunto, Contacto, Evento, PersonaContacto, Suplencia, TextoEvento
from casos.pasos.tabla import PASOS
from casos.web.formatos import fecha_corta
from tests.escenarios import con_muchas_notas
from tests.guion import actuar, contacto, en_dias, hace, sin_responsable

from .. import reloj
from ..guion import botones_de, pedir

E = Estado
PRESUPUESTO = 30
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def guion(mundo):
    return mundo


def abrir(client, persona, url):
    client.force_login(persona)
    return client.get(url)


def pagina(client, persona, caso, **consulta):
    client.force_login(persona)
    return client.get(caso.get_absolute_url(), consulta)


# -- whose move ------------------------------------------------------------------------------------

TOCA = [
    (E.RECIBIDO, "ventas", "contactar"),
    (E.EN_CONTACTO, "ventas", "analizar"),
    (E.EN_ANALISIS, "finanzas", "opinar"),
    (E.POR_DECIDIR, "ventas", "declarar_viable"),
    (E.EN_PROPUESTA, "ventas", "presentar"),
    (E.EN_RESPUESTA, "ventas", "aceptar"),
    (E.EN_MODIFICACION, "juridico", "confirmar_ajuste"),
    (E.POR_INFORMAR, "ventas", "informar"),
]


def test_quien_lleva_el_caso_y_es_de_atencion_no_se_espera_a_si_misma(client, guion):
    caso = guion.no(guion.hasta(E.POR_DECIDIR), por_atencion="SI")
    caso = guion.asignar(caso, a=guion.p.atencion)
    respuesta = pagina(client, guion.p.atencion, caso)
    assert respuesta.context["pagina"].siguiente.boton.acto.nombre == "informar"


@pytest.mark.parametrize(("estado", "quien", "accion"), TOCA)
def test_el_siguiente_paso_esta_en_la_pagina_de_quien_lo_da(client, mundo, estado, quien, accion):
    caso = mundo.hasta(estado)
    respuesta = pagina(client, getattr(mundo.p, quien), caso)
    siguiente = respuesta.context["pagina"].siguiente
    assert siguiente.boton.acto.nombre == accion
    assert f'{siguiente.boton.url}"' in respuesta.text
    seccion = ACTOS[accion].seccion if accion != "asignar" else "6"
    assert respuesta.context["pagina"].instruccion.clave == seccion
    assert escape(respuesta.context["pagina"].instruccion.texto.split("\n")[0]) in respuesta.text


@pytest.mark.parametrize("estado", [e for e, *_ in TOCA])
@pytest.mark.parametrize("quien", ["ventas2", "calidad", "auditor"])
def test_a_quien_no_le_toca_se_le_dice_a_quien_se_espera(client, mundo, estado, quien):
    caso = mundo.hasta(estado)
    respuesta = pagina(client, getattr(mundo.p, quien), caso)
    siguiente = respuesta.context["pagina"].siguiente
    if estado == E.RECIBIDO and quien == "ventas2":
        return
    assert siguiente is None
    quien = "al cliente" if estado == E.EN_RESPUESTA else f"a {caso.pendiente_de}"
    assert f"Espera {quien}" in respuesta.text


def test_sin_responsable_le_toca_asignar_a_gerencia(client, guion):
    caso = guion.registrar(responsable=False)
    respuesta = pagina(client, guion.p.gerente, caso)
    assert respuesta.context["pagina"].siguiente.boton.acto.nombre == "asignar"


def test_presentado_ofrece_tres_respuestas_claras(client, guion):
    caso = guion.hasta(E.EN_RESPUESTA)
    respuesta = pagina(client, guion.p.ventas, caso)
    siguiente = respuesta.context["pagina"].siguiente
    assert [b.acto.nombre for b in siguiente.junto] == ["rechazar", "contraofertar"]
    assert siguiente.formulario is None
    for accion in ("aceptar", "rechazar", "contraofertar"):
        assert f'href="/casos/{caso.folio}/{accion}/"' in respuesta.text


def test_con_un_solo_intento_sigue_tocando_hablar_con_el_cliente(client, guion):
    caso = guion.contactar(guion.registrar(), efectivo="NO")
    respuesta = pagina(client, guion.p.ventas, caso)
    assert respuesta.context["pagina"].siguiente.boton.acto.nombre == "registrar_contacto"


def test_ajustes_listos_toca_cerrar_y_si_no_se_puede_declararlo(client, guion):
    caso = guion.aceptar(
        guion.hasta(E.EN_RESPUESTA), "JUR", servicio_sin_cambio="Solo cambia la tarifa."
    )
    assert pagina(client, guion.p.ventas, caso).context["pagina"].siguiente is None
    confirmado = guion.confirmar(caso, "JUR")
    respuesta = pagina(client, guion.p.ventas, confirmado)
    assert respuesta.context["pagina"].siguiente.boton.acto.nombre == "cerrar_modificado"
    otro = guion.aceptar(guion.hasta(E.EN_RESPUESTA), "JUR", "NOM")
    otro = guion.no_puede(guion.no_puede(otro, "JUR"), "NOM")
    respuesta = pagina(client, guion.p.ventas, otro)
    assert respuesta.context["pagina"].siguiente.boton.acto.nombre == "declarar_no_ajustable"


@pytest.mark.parametrize("quien", ["gerente", "direccion", "ventas"])
def test_lo_que_se_informa_por_atencion_espera_a_atencion(client, guion, quien):
    caso = guion.no(guion.hasta(E.POR_DECIDIR), por_atencion="SI")
    respuesta = pagina(client, getattr(guion.p, quien), caso)
    assert respuesta.context["pagina"].siguiente is None
    assert "Espera a Atención a Clientes" in respuesta.text
    suplente = guion.p.ajena
    Suplencia.objects.create(titular=guion.p.atencion, suplente=suplente, desde=hoy(), hasta=hoy())
    assert (
        pagina(client, suplente, caso).context["pagina"].siguiente.boton.acto.nombre == "informar"
    )


def test_los_datos_que_pide_un_area_los_da_el_responsable(client, guion):
    caso = guion.hasta(E.EN_ANALISIS)
    caso = actuar(
        "pedir_datos",
        caso,
        guion.p.finanzas,
        caso.hechos.opiniones[0],
        datos_pedidos="¿Cuántos turnos?",
    )
    for quien in ("gerente", "direccion"):
        assert pagina(client, getattr(guion.p, quien), caso).context["pagina"].siguiente is None
    respuesta = pagina(client, guion.p.ventas, caso)
    assert respuesta.context["pagina"].siguiente.boton.acto.nombre == "responder_datos"


def test_con_todo_contestado_y_algo_que_no_se_pudo_se_dicen_las_salidas(client, guion):
    caso = guion.confirmar(guion.no_puede(guion.hasta(E.EN_MODIFICACION), "NOM"), "JUR")
    respuesta = pagina(client, guion.p.ventas, caso)
    siguiente = respuesta.context["pagina"].siguiente
    assert siguiente.formulario is None
    assert f"Espera a {guion.p.ventas}" not in respuesta.text
    assert respuesta.text.count('id="siguiente"') == 1
    tarjeta = respuesta.text.split('id="siguiente"')[1].split("</section>")[0]
    assert "Nóminas: no se puede" in tarjeta and "Te toca decidir qué sigue" in tarjeta
    deshacer = f"pedir_deshacer/{guion.ajuste(caso, 'JUR').pk}/"
    assert f'href="/casos/{caso.folio}/agregar_ajuste/"' in tarjeta
    assert f'href="/casos/{caso.folio}/{deshacer}">' in tarjeta
    assert "Pedir que se deshaga\n · Jurídico" in tarjeta or "deshaga · Jurídico" in tarjeta
    assert "Declarar que no se puede ajustar:" in tarjeta and "confirmados en pie" in tarjeta
    assert pagina(client, guion.p.gerente, caso).context["pagina"].siguiente is None


@pytest.mark.parametrize("estado", [e for e, *_ in TOCA if e != E.RECIBIDO])
def test_un_caso_que_se_quedo_sin_responsable_lo_asigna_gerencia(client, guion, estado):
    """A corrected order leaves it so in any step: who must answer goes on, gerencia assigns."""
    caso = guion.hasta(estado)
    caso = sin_responsable(caso, guion.p)
    assert caso.responsable is None
    respuesta = pagina(client, guion.p.gerente, caso)
    assert respuesta.context["pagina"].siguiente.boton.acto.nombre == "asignar"
    assert pagina(client, guion.p.ventas, caso).context["pagina"].siguiente is None
    de_direccion = pagina(client, guion.p.direccion, caso).context["pagina"].siguiente
    # There is a gerente.
    assert de_direccion is None or de_direccion.boton.acto.nombre != "asignar"
    for area, en in (("finanzas", E.EN_ANALISIS), ("juridico", E.EN_MODIFICACION)):
        if estado == en:
            suya = pagina(client, getattr(guion.p, area), caso).context["pagina"].siguiente
            assert suya.boton.acto.nombre in ("opinar", "confirmar_ajuste")
    p = abrir(client, guion.p.gerente, "/").context["p"]
    assert [(c.pk, p.que_toca[c.pk]) for c in p.me_toca.filas] == [(caso.pk, "Asignar responsable")]
    lista = client.get("/casos/")
    [vista] = [v for v in lista.context["vistas"] if v["nombre"] == "Por asignar"]
    lista = client.get(vista["url"])
    assert [c.pk for c in lista.context["casos"]] == [caso.pk]
    assert [v["nombre"] for v in lista.context["vistas"] if v["aqui"]] == ["Por asignar"]


def test_sin_responsable_atencion_sigue_informando(client, a_solas):
    caso = a_solas.no(a_solas.hasta(E.POR_DECIDIR), por_atencion="SI")
    caso = sin_responsable(caso, a_solas.p)
    respuesta = pagina(client, a_solas.p.atencion, caso)
    assert respuesta.context["pagina"].siguiente.boton.acto.nombre == "informar"
    p = abrir(client, a_solas.p.atencion, "/").context["p"]
    assert [p.que_toca[c.pk] for c in p.me_toca.filas] == ["Registrar que se informó"]


def test_lo_contestado_se_corrige_y_lo_demas_se_contesta(client, guion):
    """Rule 7: to the area's manager the same act is another thing once it was answered."""
    caso = guion.opinar(guion.analizar(guion.hasta(E.EN_CONTACTO), "FIN", "JUR"), "FIN")
    for quien, etiqueta in (("finanzas", "Corregir opinión"), ("juridico", "Dar opinión")):
        texto = pagina(client, getattr(guion.p, quien), caso).text
        opcion = next(
            o for o in botones_de(caso, getattr(guion.p, quien)) if o.acto.nombre == "opinar"
        )
        assert f">{etiqueta}</a>" in texto or f">{etiqueta}</button>" in texto
        paso = client.get(opcion.url).text
        assert f"<h1>{etiqueta} · " in paso
        assert f'type="submit">{etiqueta}</button>' in paso
        assert f"<title>{etiqueta} · " in paso


def test_un_ajuste_contestado_se_corrige(client, guion):
    caso = guion.confirmar(guion.hasta(E.EN_MODIFICACION), "JUR")
    ajuste = guion.ajuste(caso, "JUR")
    ruta = f"/casos/{caso.folio}/confirmar_ajuste/{ajuste.pk}/"
    texto = pagina(client, guion.p.juridico, caso).text
    assert f'href="{ruta}">Corregir respuesta</a>' in texto
    assert ">Confirmar ajuste</a>" not in texto
    assert "<h1>Corregir respuesta · Jurídico" in client.get(ruta).text
    assert ">Corregir respuesta</a>" in client.get(f"/admin/casos/ajuste/{ajuste.pk}/change/").text


def test_lo_que_falta_se_dice_con_enlace(client, guion):
    caso = guion.contactar(guion.registrar(), efectivo="NO")
    respuesta = pagina(client, guion.p.ventas, caso)
    assert "Falta al menos un contacto efectivo con el cliente." in respuesta.text
    assert 'href="registrar_contacto/"' in respuesta.text


def test_cerrado_y_anulado_no_piden_nada(client, guion):
    for estado in (E.CERRADO, E.ANULADO):
        respuesta = pagina(client, guion.p.ventas, guion.hasta(estado))
        assert respuesta.context["pagina"].siguiente is None
        assert "Te toca" not in respuesta.text


def test_lo_que_no_se_puede_se_dice_arriba_a_quien_decide_y_a_quien_debe_detenerse(client, guion):
    """§7.7: RC with the ways on; the areas still working, to stop; nobody else is told to act."""
    caso = guion.no_puede(guion.hasta(E.EN_MODIFICACION), "NOM")
    assert [a.area.codigo for a in caso.hechos.pendientes_de_ajuste] == ["JUR"]
    for quien, decide, detente in (
        ("ventas", True, False),
        ("juridico", False, True),
        ("nominas", False, False),
        ("calidad", False, False),
    ):
        respuesta = pagina(client, getattr(guion.p, quien), caso)
        antes = respuesta.text.split('aria-label="Dónde va el caso"')[0]
        assert "Nóminas: no se puede" in antes, quien
        assert ("Detente hasta nuevo aviso" in antes) == detente, quien
        for acto in ("agregar_ajuste", "declarar_no_ajustable"):
            assert (f"/{acto}/" in antes) == decide, (quien, acto)
    # it may have been done already: that is written down by a button, not by an open form
    suya = pagina(client, guion.p.juridico, caso).context["pagina"].siguiente
    assert (suya.boton.acto.nombre, suya.rotulo, suya.formulario) == (
        "confirmar_ajuste",
        "Detenido",
        None,
    )


def test_lo_largo_y_lo_que_termina_es_un_boton_y_lo_corto_esta_abierto(client, mundo):
    abiertos = {
        estado: bool(pagina(client, getattr(mundo.p, quien), mundo.hasta(estado)).context["pagina"].siguiente.formulario)
        for estado, quien, _ in TOCA
    }  # fmt: skip
    assert abiertos == {
        E.RECIBIDO: True,
        E.EN_CONTACTO: False,
        E.EN_ANALISIS: True,
        E.POR_DECIDIR: False,
        E.EN_PROPUESTA: False,
        E.EN_RESPUESTA: False,
        E.EN_MODIFICACION: True,
        E.POR_INFORMAR: True,
    }


def test_una_propuesta_vencida_se_renueva_o_se_cierra(client, guion):
    caso = guion.hasta(E.EN_RESPUESTA)
    vencida = caso.propuestas.get().vigencia + timedelta(days=1)
    with time_machine.travel(reloj.mediodia(vencida)):
        respuesta = pagina(client, guion.p.ventas, caso)
    siguiente = respuesta.context["pagina"].siguiente
    assert siguiente.boton.acto.nombre == "volver_a_presentar"
    assert (siguiente.rotulo, siguiente.titulo) == ("Te toca", "La propuesta venció")
    # what was answered in time is still written down
    assert {"aceptar", "rechazar"} <= {b.acto.nombre for b in siguiente.junto}
    assert (
        "Cerrar sin respuesta" in respuesta.text.split('id="siguiente"')[1].split("</section>")[0]
    )


def test_los_intentos_se_cuentan_donde_importan(client, guion):
    def dichos(caso):
        return pagina(client, guion.p.ventas, caso).text

    caso = guion.contactar(guion.registrar(recibido_en=hace(days=9)), efectivo="NO")
    assert "1 de 3 intentos: faltan otros 2 días y otro medio" in dichos(caso)
    Contacto.objects.filter(caso=caso).update(cuando=hace(days=3))
    caso = actuar(
        "registrar_contacto", caso, guion.p.ventas, persona=caso.persona_id, **contacto("NO")
    )
    assert "2 de 3 intentos: falta otro día y otro medio" in dichos(caso)
    caso = guion.contactar(guion.registrar())
    assert "Sin encontrar al cliente" not in dichos(caso)


def test_un_caso_cerrado_es_una_oracion(client, guion):
    caso = guion.hasta(E.EN_MODIFICACION)
    for area in ("JUR", "NOM"):
        caso = guion.confirmar(caso, area)
    caso = guion.cerrar_modificado(caso)
    texto = pagina(client, guion.p.ventas, caso).text
    tarjeta = texto.split('id="siguiente"')[1].split("</section>")[0]
    assert re.search(r"Contrato modificado el \d+ \w+", tarjeta)
    for fila in caso.hechos.condiciones:
        if fila.acordado != fila.vigente and fila.acordado:
            assert fila.concepto.nombre.lower() in tarjeta
    assert f"a partir del {fecha_corta(caso.vigor_fecha)}" in tarjeta
    # in the path, in that sentence, and nowhere else
    assert texto.split("<main")[1].count("Contrato modificado") == 2
    assert "Lo último" not in texto


def test_lo_que_no_cambia_va_aparte_y_la_moneda_se_dice_una_vez(client, guion):
    caso = guion.hasta(E.EN_RESPUESTA)
    condiciones = pagina(client, guion.p.ventas, caso).context["pagina"].condiciones
    de_la_hoja = {f.concepto.nombre for f in caso.hechos.condiciones}
    cambian = {f.concepto for f in condiciones.cambian}
    iguales = {c.columna for c in condiciones.iguales}
    assert cambian and cambian | iguales == de_la_hoja and not cambian & iguales
    assert condiciones.columnas == ["Vigente", "Solicitado", "Propuesto"]
    hoja = pagina(client, guion.p.ventas, caso).text.split('id="hoja"')[1].split("</section>")[0]
    assert hoja.count("MXN") == 1


def test_antes_de_analizar_la_columna_vigente_es_la_del_contrato(client, guion):
    caso = guion.hasta(E.RECIBIDO)
    actuar("editar_hoja", caso, guion.p.ventas, solicitado_tarifa="99")
    condiciones = pagina(client, guion.p.ventas, caso).context["pagina"].condiciones
    [fila] = [f for f in condiciones.cambian if "arifa" in f.concepto]
    vigente = caso.contrato.versiones.latest("numero").valores.get(concepto__clave="tarifa").valor
    assert fila.celdas[0].valor == f"${float(vigente):,.2f}"


# -- what each one sees ----------------------------------------------------------------------------


def test_quien_no_ve_el_caso_recibe_404(client, guion):
    caso = guion.hasta(E.EN_ANALISIS)
    for nadie in ("juridico", "ajena", "nominas"):
        assert pagina(client, getattr(guion.p, nadie), caso).status_code == 404
    assert pagina(client, guion.p.finanzas, caso).status_code == 200
    assert abrir(client, guion.p.ventas, "/casos/SV-2026-999999/").status_code == 404
    assert abrir(client, guion.p.ventas, "/casos/SV-2026-1/").status_code == 404


def con_dos_opiniones(guion):
    caso = guion.contactar(guion.registrar())
    caso = guion.analizar(caso, "FIN", "JUR", solicitado_plazas="30")
    for area, razon in (("FIN", "RAZON-DE-FINANZAS"), ("JUR", "RAZON-DE-JURIDICO")):
        opinion = next(o for o in caso.hechos.opiniones if o.area.codigo == area)
        caso = actuar("opinar", caso, guion.de(area), opinion, sentido="A_FAVOR", fundamento=razon)
    return caso


def test_fundamentos_de_otra_area_solo_el_resultado(client, guion):
    caso = con_dos_opiniones(guion)
    ven = {"ventas", "gerente", "direccion", "calidad", "auditor", "finanzas"}
    for nombre in [*sorted(ven), "ventas2", "juridico"]:
        respuesta = pagina(client, getattr(guion.p, nombre), caso)
        assert ("RAZON-DE-FINANZAS" in respuesta.text) == (nombre in ven), nombre
        assert respuesta.text.count("A favor") >= 2
    assert "RAZON-DE-JURIDICO" in pagina(client, guion.p.juridico, caso).text


def test_opinion_verbal_y_su_correccion_no_dejan_ver_el_fundamento(client, guion):
    caso = guion.analizar(guion.contactar(guion.registrar()), "FIN", "JUR")
    opinion = next(o for o in caso.hechos.opiniones if o.area.codigo == "FIN")
    caso = actuar(
        "opinar_verbal",
        caso,
        guion.p.ventas,
        opinion,
        quien=guion.p.finanzas.pk,
        dicho_en=hace(minutes=3),
        sentido="A_FAVOR",
        fundamento="SECRETO-UNO",
    )
    caso = actuar(
        "corregir_constancia",
        caso,
        guion.p.finanzas,
        caso.hechos.constancias[0],
        sentido="EN_CONTRA",
        correccion="SECRETO-DOS",
    )
    assert "SECRETO-DOS" in pagina(client, guion.p.ventas, caso).text
    ajena = pagina(client, guion.p.juridico, caso).text
    assert "SECRETO-UNO" not in ajena and "SECRETO-DOS" not in ajena


def test_un_area_solo_lee_las_filas_que_le_importan(client, guion):
    caso = guion.contactar(guion.registrar())
    caso = guion.analizar(
        caso, "FIN", "DH", solicitado_turno="NOCTURNO-DE-PRUEBA", solicitado_plazas="30"
    )
    completa = pagina(client, guion.p.ventas, caso)
    assert len(completa.context["pagina"].exp.hoja) == len(caso.hechos.condiciones)
    respuesta = pagina(client, guion.p.finanzas, caso)
    filas = respuesta.context["pagina"].exp.hoja
    finanzas = guion.p.finanzas.areas.get()
    assert filas and all(finanzas in f.concepto.areas.all() for f in filas)
    assert len(filas) < len(caso.hechos.condiciones)
    turno = next(f for f in caso.hechos.condiciones if f.concepto.clave == "turno")
    assert (finanzas in turno.concepto.areas.all()) == ("NOCTURNO-DE-PRUEBA" in respuesta.text)


def test_el_auditor_no_lee_datos_personales(client, guion):
    caso = guion.hasta(E.EN_RESPUESTA)
    caso.cliente.rfc = "GODE561231GR8"
    caso.cliente.save()
    persona = caso.persona
    PersonaContacto.objects.filter(pk=persona.pk).update(telefono="+528112345678")
    caso = actuar(
        "registrar_contacto",
        caso,
        guion.p.ventas,
        **contacto(persona="", persona_nombre="Gervasio Confidencial"),
    )
    for nombre, debe in (("ventas", True), ("auditor", False)):
        texto = pagina(client, getattr(guion.p, nombre), caso).text
        datos = (persona.nombre, persona.correo, "+528112345678", "GODE561231GR8")
        for dato in (*datos, "Gervasio Confidencial"):
            assert (dato in texto) == debe, (nombre, dato)
    assert f"Persona {persona.pk}" in texto
    assert "Dato personal" in texto


def test_el_rfc_con_que_se_dio_de_alta_una_persona_fisica_no_es_del_auditor(client, guion):
    """Created in place, the RFC is also a text of the first event; a company's is public."""
    for rfc, debe in (("GODE561231GR8", False), ("APN980312QX4", True)):
        caso = actuar(
            "registrar",
            None,
            guion.p.ventas,
            cliente_razon_social=f"Cliente {len(rfc)}",
            cliente_rfc=rfc,
            persona_nombre="Ana",
            recibido_en=hace(hours=2),
            canal="CORREO",
            solicitud="Más gente.",
        )
        assert rfc in pagina(client, guion.p.ventas, caso).text
        assert (rfc in pagina(client, guion.p.auditor, caso).text) == debe, rfc


def test_un_texto_suprimido_no_vuelve(client, guion):
    caso = guion.registrar()
    evento = Evento.objects.get(caso=caso, accion="registrar")
    TextoEvento.objects.filter(evento=evento, campo="solicitud").update(
        texto="", suprimido_en=hace(days=1)
    )
    assert "Dato suprimido" in pagina(client, guion.p.gerente, caso).text


def test_los_otros_casos_del_contrato_son_los_visibles(client, guion):
    primero = guion.hasta(E.CERRADO)
    segundo = guion.registrar(contrato=primero.contrato)
    respuesta = pagina(client, guion.p.ventas, segundo)
    assert [c.folio for c in respuesta.context["pagina"].exp.previos] == [primero.folio]
    de_area = guion.analizar(guion.contactar(segundo), "JUR")
    respuesta = pagina(client, guion.p.juridico, de_area)
    assert respuesta.context["pagina"].exp.previos == []


def test_lectores_sin_acciones(client, guion):
    caso = guion.hasta(E.EN_MODIFICACION)
    for nombre in ("calidad", "auditor", "admin"):
        respuesta = pagina(client, getattr(guion.p, nombre), caso)
        de_actos = {f"{caso.get_absolute_url()}{a}/" for a in PASOS}
        lleva_a = set(re.findall(r'href="([^"?#]+)', respuesta.text))
        assert not lleva_a & de_actos
        assert "<form" not in respuesta.text.split("<main")[1]


# -- the path and the timeline ---------------------------------------------------------------------


def test_el_camino_dice_por_donde_paso(client, guion):
    caso = guion.hasta(E.POR_INFORMAR)
    respuesta = pagina(client, guion.p.ventas, caso)
    assert sorted(respuesta.context["pagina"].exp.recorrido) == ["7.1", "7.2", "7.3", "7.4", "7.8"]


def test_la_historia_se_filtra(client, guion):
    caso = guion.hasta(E.EN_ANALISIS)
    caso = actuar("anotar", caso, guion.p.ventas, nota="NOTA-SUELTA")
    acciones = {
        ver: [r.accion for r in pagina(client, guion.p.ventas, caso, ver=ver).context["renglones"]]
        for ver in ("", "contactos", "pasos", "notas", "nada-de-esto")
    }
    assert acciones[""] == ["anotar", "analizar", "contactar", "asignar", "registrar"]
    assert acciones["contactos"] == ["contactar"]
    assert acciones["pasos"] == ["analizar", "contactar", "registrar"]
    assert acciones["notas"] == ["anotar"]
    assert acciones["nada-de-esto"] == acciones[""]


def test_la_historia_larga_va_por_partes(client, guion):
    caso = con_muchas_notas(guion.contactar(guion.registrar()), 120)
    primera = pagina(client, guion.p.ventas, caso)
    numeros = [r.numero for r in primera.context["renglones"]]
    assert numeros == list(range(caso.num_eventos, caso.num_eventos - historia.AL_ABRIR, -1))
    assert f"antes={numeros[-1]}" in primera.text
    vistos = set(numeros)
    sigue = primera.context["sigue"]
    while sigue:
        parte = pagina(client, guion.p.ventas, caso, antes=sigue)
        vistos |= {r.numero for r in parte.context["renglones"]}
        sigue = parte.context["sigue"]
    assert vistos == set(range(1, caso.num_eventos + 1))


@pytest.mark.parametrize("antes", ["-1", "abc", "9" * 40, "٣", "", "0"])
def test_paginas_imposibles_no_fallan(client, guion, antes):
    caso = guion.registrar()
    assert pagina(client, guion.p.ventas, caso, antes=antes, ver="x" * 300).status_code == 200


def test_lo_anterior_de_la_historia_se_agrega(client, guion):
    """Only the lines that follow, told to who listens, the first with the focus."""
    caso = con_muchas_notas(guion.contactar(guion.registrar()), 40)
    sigue = pagina(client, guion.p.ventas, caso).context["sigue"]
    respuesta = client.get(
        caso.get_absolute_url(),
        {"antes": sigue},
        headers={"HX-Request": "true", "HX-Target": "historia-mas"},
    )
    assert respuesta.text.lstrip().startswith('<ol class="linea" data-dice="20 renglones más">')
    assert respuesta.text.count("data-foco") == 1 and 'id="historia-mas"' in respuesta.text
    assert f'id="e{sigue - 1}" tabindex="-1" data-foco' in respuesta.text


def test_toda_la_historia_para_imprimir(client, guion):
    caso = con_muchas_notas(guion.contactar(guion.registrar()), 40)
    respuesta = pagina(client, guion.p.ventas, caso, todo="")
    assert len(respuesta.context["renglones"]) == caso.num_eventos
    assert "IT-AC-VTA-VTAS-21 rev. 3" in respuesta.text and "Impreso el" in respuesta.text


def test_htmx_recibe_solo_la_historia(client, guion):
    caso = guion.registrar()
    client.force_login(guion.p.ventas)
    respuesta = client.get(
        caso.get_absolute_url(), headers={"HX-Request": "true", "HX-Target": "historia"}
    )
    assert respuesta.text.lstrip().startswith('<section class="seccion" id="historia"')


def test_quien_actua_en_lugar_de_otro_queda_dicho(client, guion):
    caso = guion.contactar(guion.registrar())
    caso = actuar(
        "registrar_contacto",
        caso,
        guion.p.gerente,
        **contacto(persona=caso.persona_id),
        motivo_sustitucion="Está de vacaciones.",
    )
    assert f"en lugar de {guion.p.ventas}" in pagina(client, guion.p.auditor, caso).text


# -- cost ------------------------------------------------------------------------------------------


def sentencias(client, persona, caso):
    client.force_login(persona)
    client.get(
        caso.get_absolute_url()
    )  # the first request of a session writes it, and what was read
    with CaptureQueriesContext(connection) as hechas:
        assert client.get(caso.get_absolute_url()).status_code == 200
    return len(hechas)


def test_presupuesto_con_de_todo(client, guion):
    """Two rounds, two proposals, notices said verbally, appointments, adjustments, followers."""
    p = guion.p
    caso = guion.hasta(E.EN_RESPUESTA)
    caso = actuar("volver_a_presentar", caso, p.ventas, motivo="Se corrige la fecha.")
    caso = actuar(
        "programar_cita",
        caso,
        p.ventas,
        asunto="Presentar",
        minutos=30,
        medio="VISITA",
        lugar="Planta",
        inicio=f"{en_dias(3)}T10:00",
    )
    caso = actuar("seguir", caso, p.ventas2)
    caso = guion.presentar(caso)
    caso = guion.aceptar(caso, "JUR", "NOM", "RYS", verbal={"RYS": p.rys})
    caso = guion.confirmar(caso, "JUR")
    for nombre in ("ventas", "gerente", "juridico", "rys", "calidad", "auditor", "admin"):
        assert sentencias(client, getattr(p, nombre), caso) <= PRESUPUESTO, nombre


# -- files -----------------------------------------------------------------------------------------


@pytest.fixture
def con_archivo(guion, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    caso = guion.analizar(guion.contactar(guion.registrar()), "FIN", "JUR")
    opinion = next(o for o in caso.hechos.opiniones if o.area.codigo == "FIN")
    pedir(
        "opinar",
        guion.p.finanzas,
        caso=caso,
        objeto=opinion.pk,
        datos={"version": opinion.version, "sentido": "A_FAVOR", "fundamento": "Cabe."},
        archivos={"archivo": SimpleUploadedFile("cálculo del año.pdf", PDF)},
    )
    return Adjunto.objects.get()


def test_un_archivo_sale_como_descarga(client, guion, con_archivo):
    respuesta = abrir(client, guion.p.ventas, f"/archivos/{con_archivo.pk}/")
    assert respuesta.status_code == 200
    assert b"".join(respuesta.streaming_content) == PDF
    assert respuesta["Content-Type"] == "application/pdf"
    assert respuesta["X-Content-Type-Options"] == "nosniff"
    disposicion = respuesta["Content-Disposition"]
    assert disposicion.startswith("attachment;")
    assert "filename*=utf-8''c%C3%A1lculo%20del%20a%C3%B1o.pdf" in disposicion


def test_un_tipo_extranio_se_sirve_sin_tipo(client, guion, con_archivo):
    Adjunto.objects.update(tipo="text/html")
    respuesta = abrir(client, guion.p.ventas, f"/archivos/{con_archivo.pk}/")
    assert respuesta["Content-Type"] == "application/octet-stream"


def test_archivos_por_la_regla_de_visibilidad_y_del_fundamento(client, guion, con_archivo):
    url = f"/archivos/{con_archivo.pk}/"
    ven = {"ventas", "gerente", "direccion", "calidad", "auditor", "finanzas", "admin"}
    for nombre in [*sorted(ven), "ventas2", "juridico", "dh", "ajena", "nominas"]:
        respuesta = abrir(client, getattr(guion.p, nombre), url)
        assert (respuesta.status_code == 200) == (nombre in ven), nombre
        if nombre in ("ventas2", "juridico"):
            texto = abrir(
                client, getattr(guion.p, nombre), con_archivo.caso.get_absolute_url()
            ).text
            assert url not in texto
    assert url in abrir(client, guion.p.finanzas, con_archivo.caso.get_absolute_url()).text


def test_archivo_que_no_existe_o_se_perdio(client, guion, con_archivo):
    assert abrir(client, guion.p.ventas, "/archivos/999999999/").status_code == 404
    assert abrir(client, guion.p.ventas, "/archivos/9999999999999/").status_code == 404
    con_archivo.archivo.storage.delete(con_archivo.archivo.name)
    assert abrir(client, guion.p.ventas, f"/archivos/{con_archivo.pk}/").status_code == 404


def test_solo_se_lee(client, guion):
    caso = guion.registrar()
    client.force_login(guion.p.ventas)
    assert client.post(caso.get_absolute_url()).status_code == 405


def test_lo_que_pidieron_las_areas_esta_junto_a_la_decision(client, guion):
    caso = guion.opinar(guion.hasta(E.EN_ANALISIS), sentido="CONDICIONES")
    for visto in (caso, guion.viable(caso)):
        tarjeta = pagina(client, guion.p.ventas, visto).text.split('id="siguiente"')[1]
        assert "Con pago a 15 días." in tarjeta.split("<form")[0]
