"""The action pages: who gets in, what is refused and how, and that nothing typed is lost."""

import uuid
from collections import Counter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from casos import calendario
from casos.actos import ACTOS, DE_UN_CASO, ETIQUETAS
from casos.catalogos import Estado, EstadoOpinion
from casos.clientes.altas import crear_cliente
from casos.models import Caso, Cliente, Concepto, Evento, PersonaContacto, Suplencia
from casos.pasos.tabla import PASOS
from tests.guion import Guion, actuar, en_dias, fresco, hace, un_contrato
from tests.personas import NOMBRES, sesion_vencida

from ..guion import botones_de

E = Estado
DIFICILES = [
    "",
    "x" * 5_000,
    "🙂" * 50,
    "\u202eotla\u202c",
    "<script>alert(1)</script>",
    "'; DROP TABLE casos_caso; --",
    "-1",
    "99999999999999999999",
    "0001-01-01",
    "9999-12-31T23:59",
]


@pytest.fixture
def guion(personas):
    return Guion(personas)


def url(caso, accion, fila=None):
    return f"/casos/{caso.folio}/{accion}/" + (f"{fila.pk}/" if fila else "")


def opinion_de(caso, area):
    return next(o for o in caso.hechos.opiniones if o.area.codigo == area)


def local(instante):
    return instante.strftime("%Y-%m-%dT%H:%M")


def contacto_tecleado(caso, **mas):
    return {
        "version": caso.version,
        "cuando": local(timezone.localtime(hace(minutes=5))),
        "medio": "TELEFONO",
        "direccion": "SALIENTE",
        "efectivo": "SI",
        "persona": caso.persona_id,
        "resumen": "Quedamos en vernos el lunes.",
        "proxima_accion": "Llamar",
        "proxima_fecha": en_dias(3).isoformat(),
    } | mas


# -- every page of every action --------------------------------------------------------------------


@pytest.mark.parametrize("estado", list(E))
def test_cada_accion_disponible_tiene_su_pagina(client, mundo, estado):
    """Every option offered opens, and pressing it empty is refused without leaving a trace.

    Of each act and row, to the first two who are offered it: whoever leads the case and whoever
    stands in their place are drawn different pages.
    """
    caso, vistas = mundo.hasta(estado), Counter()
    for nombre in NOMBRES:
        persona = getattr(mundo.p, nombre)
        client.force_login(persona)
        if not Caso.objects.visibles_para(persona).filter(pk=caso.pk).exists():
            continue
        for opcion in botones_de(caso, persona):
            vistas[opcion.url] += 1
            if vistas[opcion.url] > 2:
                continue
            respuesta = client.get(opcion.url)
            assert respuesta.status_code == 200, opcion
            assert f"<h1>{opcion.etiqueta}" in respuesta.text
            assert bool(opcion.faltas) == (respuesta.context["form"] is None)
            antes = Evento.objects.count()
            assert client.post(opcion.url, {}).status_code in (409, 422), opcion
            assert Evento.objects.count() == antes


@pytest.mark.parametrize("estado", list(E))
def test_quien_no_puede_no_entra(client, mundo, estado):
    """404 unseen; 403 or 409 for what is not theirs or not now; never a page with a form.

    One who sees all, one who sees some and one who only reads, each of a third of the acts, by turns of
    the states: who may do what, where and for everybody, is asked of the door itself in ``test_matriz``.
    """
    caso = mundo.hasta(estado)
    for vez, nombre in enumerate(("ventas", "finanzas", "auditor"), list(E).index(estado)):
        persona = getattr(mundo.p, nombre)
        client.force_login(persona)
        visible = Caso.objects.visibles_para(persona).filter(pk=caso.pk).exists()
        suyas = {o.acto.nombre for o in botones_de(caso, persona)}
        for accion in map(str, DE_UN_CASO[vez % 3 :: 3]):
            if ACTOS[accion].sobre or accion in suyas:
                continue
            estados = {client.get(url(caso, accion)).status_code}
            estados.add(client.post(url(caso, accion), {"version": caso.version}).status_code)
            assert estados <= ({403, 409} if visible else {404}), (nombre, accion, estados)
    assert Evento.objects.filter(caso=caso).count() == caso.num_eventos


def test_lo_que_no_existe_es_404(client, guion):
    caso, otro = guion.hasta(E.EN_ANALISIS), guion.hasta(E.EN_ANALISIS)
    client.force_login(guion.p.finanzas)
    propia, ajena = opinion_de(caso, "FIN"), opinion_de(otro, "FIN")
    assert client.get(url(caso, "opinar", propia)).status_code == 200
    for ruta in (
        url(caso, "opinar", ajena),
        url(caso, "opinar"),
        url(caso, "bailar"),
        url(caso, "registrar"),
        url(caso, "anotar", propia),
        f"/casos/{caso.folio}/opinar/9999999999/",
        f"/casos/{caso.folio}/opinar/0/",
        f"/casos/{caso.folio}/OPINAR/{propia.pk}/",
        f"/casos/SV-2020-000001/opinar/{propia.pk}/",
    ):
        assert client.get(ruta).status_code == 404, ruta
        assert client.post(ruta, {"version": 1}).status_code == 404, ruta


def test_metodo_equivocado(client, guion):
    caso = guion.registrar()
    client.force_login(guion.p.ventas)
    assert client.put(url(caso, "anotar")).status_code == 405
    assert client.delete(url(caso, "anotar")).status_code == 405


def test_sin_sesion_se_manda_a_entrar(client, guion):
    caso = guion.registrar()
    assert client.get(url(caso, "anotar")).status_code == 302
    assert client.get("/casos/nuevo/").status_code == 302


def test_sin_ficha_csrf_se_rechaza(guion):
    caso = guion.registrar()
    client = Client(enforce_csrf_checks=True)
    client.force_login(guion.p.ventas)
    assert client.post(url(caso, "anotar"), {"nota": "Hola"}).status_code == 403


# -- success ---------------------------------------------------------------------------------------


def test_un_contacto_se_registra_y_dice_a_quien_le_toca(client, guion):
    caso = guion.registrar()
    client.force_login(guion.p.ventas)
    respuesta = client.post(url(caso, "contactar"), contacto_tecleado(caso), follow=True)
    assert respuesta.redirect_chain == [(caso.get_absolute_url(), 302)]
    caso.refresh_from_db()
    assert caso.estado == E.EN_CONTACTO
    assert "Ahora te toca a ti." in respuesta.text
    assert "Quedamos en vernos el lunes." in respuesta.text


def test_despues_de_un_paso_el_camino_al_siguiente_pendiente(client, guion):
    caso, otro = guion.registrar(), guion.registrar()
    client.force_login(guion.p.ventas)
    datos = {"version": caso.version, "nota": "Hola"}
    respuesta = client.post(url(caso, "anotar"), datos, follow=True)
    assert f'href="{otro.get_absolute_url()}">Seguir con el siguiente pendiente' in respuesta.text


def test_el_nombre_del_cliente_no_mete_html_en_el_mensaje(client, guion):
    caso, otro = guion.registrar(), guion.registrar()
    Cliente.objects.filter(pk=otro.cliente_id).update(nombre_comercial="<b>Malo</b>")
    client.force_login(guion.p.ventas)
    datos = {"version": caso.version, "nota": "<i>Nota</i>"}
    respuesta = client.post(url(caso, "anotar"), datos, follow=True)
    assert "<b>Malo" not in respuesta.text and "<i>Nota" not in respuesta.text
    assert "&lt;b&gt;Malo" in respuesta.text


def test_doble_clic_es_un_solo_evento(client, guion):
    caso = guion.registrar()
    client.force_login(guion.p.ventas)
    datos = {"version": caso.version, "nota": "Una vez", "ficha": str(uuid.uuid4())}
    for _ in range(2):
        assert client.post(url(caso, "anotar"), datos).status_code == 302
    assert Evento.objects.filter(caso=caso, accion="anotar").count() == 1


def test_seguir_y_confirmar_constancia_con_un_toque(client, guion):
    caso = guion.registrar()
    client.force_login(guion.p.ventas2)
    pagina = client.get(caso.get_absolute_url())
    assert f'action="{url(caso, "seguir")}"' in pagina.text
    assert client.post(url(caso, "seguir"), {"version": caso.version}).status_code == 302
    assert caso.seguidores.get() == guion.p.ventas2


# -- refusals --------------------------------------------------------------------------------------


def test_lo_que_falta_se_dice_junto_y_lo_escrito_queda(client, guion):
    caso = guion.registrar()
    client.force_login(guion.p.ventas)
    respuesta = client.post(
        url(caso, "contactar"), contacto_tecleado(caso, medio="", proxima_fecha="ayer")
    )
    assert respuesta.status_code == 422
    assert "Quedamos en vernos el lunes." in respuesta.text
    assert 'href="#contactar-medio_0"' in respuesta.text
    assert 'href="#contactar-proxima_fecha"' in respuesta.text
    assert 'id="contactar-proxima_fecha_error"' in respuesta.text
    assert not Evento.objects.filter(caso=caso, accion="contactar").exists()


def test_lo_que_guarda_la_maquina_se_dice_con_lo_tecleado(client, guion):
    """Guards and form errors come in one message, each with the way to where it is given."""
    caso = guion.registrar(responsable=False)
    client.force_login(guion.p.gerente)
    respuesta = client.post(url(caso, "contactar"), contacto_tecleado(caso, medio=""))
    assert respuesta.status_code == 422
    assert f'href="{url(caso, "asignar")}">Falta asignar responsable.' in respuesta.text
    assert "Quedamos en vernos el lunes." in respuesta.text


def test_antes_de_teclear_se_dice_lo_que_falta(client, guion):
    caso = guion.contactar(guion.registrar(), efectivo="NO")
    client.force_login(guion.p.ventas)
    respuesta = client.get(url(caso, "analizar"))
    assert respuesta.context["form"] is None
    assert f'href="{url(caso, "registrar_contacto")}"' in respuesta.text


def test_accion_que_el_estado_no_permite_lo_dice_con_cortesia(client, guion):
    caso = guion.hasta(E.EN_RESPUESTA)
    client.force_login(guion.p.ventas)
    for respuesta in (
        client.get(url(caso, "analizar")),
        client.post(url(caso, "analizar"), {"version": caso.version, "que_falta": "Algo" * 10}),
    ):
        assert respuesta.status_code == 409
        assert f"El caso está en «{caso.get_estado_display()}»" in respuesta.text
    assert "Algo" * 10 in respuesta.text


def test_pagina_vieja_dice_que_cambio_y_conserva_lo_escrito(client, guion):
    caso = guion.hasta(E.POR_DECIDIR)
    vieja = caso.version
    actuar("editar_hoja", caso, guion.p.gerente, propuesto_tarifa="14800")
    client.force_login(guion.p.ventas)
    datos = {
        "version": vieja,
        "alternativa": "ALTERNATIVA-TECLEADA",
        "fundamento": "Se conserva.",
        "decision_tarifa": "PIDE",
    }
    respuesta = client.post(url(caso, "declarar_viable"), datos)
    assert respuesta.status_code == 409
    assert "Alguien más movió este caso" in respuesta.text
    assert "Se guardaron las condiciones" in respuesta.text
    assert "ALTERNATIVA-TECLEADA" in respuesta.text
    caso.refresh_from_db()
    assert caso.estado == E.POR_DECIDIR
    assert respuesta.context["form"]["version"].value() == str(caso.version)
    datos["version"] = caso.version
    assert client.post(url(caso, "declarar_viable"), datos).status_code == 302


def test_pagina_vieja_de_lo_que_ya_no_se_puede_devuelve_lo_escrito(client, guion):
    caso = guion.hasta(E.POR_DECIDIR)
    vieja = caso.version
    guion.no(caso)
    client.force_login(guion.p.ventas)
    datos = {
        "version": vieja,
        "alternativa": "Una alternativa larga y pensada",
        "fundamento": "Sí.",
    }
    respuesta = client.post(url(caso, "declarar_viable"), datos)
    assert respuesta.status_code == 409
    assert respuesta.context["form"] is None
    assert "Una alternativa larga y pensada" in respuesta.text
    assert "La solución quedó como no viable" in respuesta.text


def test_el_area_que_llega_tarde_recibe_respuesta(client, guion):
    caso = guion.analizar(guion.contactar(guion.registrar()), "FIN", "JUR")
    opinion = opinion_de(caso, "FIN")
    ruta = url(caso, "pedir_datos", opinion)
    guion.opinar(caso)
    client.force_login(guion.p.finanzas)
    respuesta = client.get(ruta)
    assert respuesta.status_code == 409
    assert "ya dio la opinión" in respuesta.text
    opinion.refresh_from_db()
    assert opinion.estado == EstadoOpinion.DADA


def test_un_archivo_que_no_se_acepta_se_rechaza_sin_perder_lo_demas(client, guion):
    caso = guion.registrar()
    client.force_login(guion.p.ventas)
    malo = SimpleUploadedFile("foto.pdf", b"<html>no soy un pdf</html>")
    respuesta = client.post(url(caso, "contactar"), contacto_tecleado(caso, archivo=malo))
    assert respuesta.status_code == 422
    assert "imprímela como PDF y sube ese" in respuesta.text
    assert "Quedamos en vernos el lunes." in respuesta.text
    assert "El archivo no se conserva" in respuesta.text
    assert 'enctype="multipart/form-data"' in respuesta.text


def test_obtener_una_pagina_no_cambia_nada(client, mundo):
    caso = mundo.hasta(E.EN_MODIFICACION)
    antes = (Evento.objects.count(), Caso.objects.values().get(pk=caso.pk))
    for nombre in NOMBRES:
        persona = getattr(mundo.p, nombre)
        client.force_login(persona)
        for opcion in botones_de(caso, persona):
            client.get(opcion.url)
    assert (Evento.objects.count(), Caso.objects.values().get(pk=caso.pk)) == antes


def test_toda_accion_tiene_paso(db):
    assert set(PASOS) == set(ACTOS) | {"registrar"}
    assert set(PASOS) <= set(ETIQUETAS)


# -- a row that is not one's own -------------------------------------------------------------------


def verbal(guion):
    """Finanzas said it: an opinion with grounds and its unconfirmed *constancia*."""
    caso = guion.analizar(guion.hasta(E.EN_CONTACTO), "FIN", "JUR")
    caso = actuar(
        "opinar_verbal",
        caso,
        guion.p.ventas,
        opinion_de(caso, "FIN"),
        sentido="EN_CONTRA",
        fundamento="FUNDAMENTO-RESERVADO",
        quien=guion.p.finanzas.pk,
        dicho_en=hace(minutes=5),
    )
    return caso, opinion_de(caso, "FIN"), caso.hechos.constancias[0]


@pytest.mark.parametrize("version", [77, None])
def test_una_version_equivocada_no_abre_el_renglon_de_otro(client, guion, version):
    """What a GET refuses, a POST with any version refuses too: no text of the row, no sheet."""
    caso, opinion, constancia = verbal(guion)
    ajenos = [
        ("ventas2", "confirmar_constancia", constancia),
        ("ventas2", "opinar", opinion),
        ("ventas2", "retirar_consulta", opinion),
        ("juridico", "opinar", opinion),
        ("juridico", "confirmar_constancia", constancia),
        ("ventas", "opinar", opinion),
        ("ventas", "confirmar_ajuste", None),
        ("gerente", "pedir_datos", opinion),
        ("auditor", "dispensar", opinion),
        ("admin", "aceptar_constancia", constancia),
    ]
    caso_en_ajuste = guion.hasta(E.EN_MODIFICACION)
    for nombre, accion, fila in ajenos:
        de = caso if fila else caso_en_ajuste
        fila = fila or guion.ajuste(caso_en_ajuste, "JUR")
        client.force_login(getattr(guion.p, nombre))
        datos = {"version": version or fila.version, "fundamento": "Algo."}
        assert client.get(url(de, accion, fila)).status_code == 403, (nombre, accion)
        respuesta = client.post(url(de, accion, fila), datos)
        assert respuesta.status_code == 403, (nombre, accion)
        assert "FUNDAMENTO-RESERVADO" not in respuesta.text


def test_lo_que_no_se_puede_se_dice_en_infinitivo(client, guion):
    """The buttons of a *constancia* speak as whoever presses them."""
    caso, _, constancia = verbal(guion)
    vista = url(caso, "corregir_constancia", constancia)
    client.force_login(guion.p.ventas2)
    assert "No puedes corregir constancia en este caso." in client.post(vista).text
    actuar("confirmar_constancia", caso, guion.p.finanzas, constancia)
    client.force_login(guion.p.finanzas)
    tarde = client.get(vista)
    assert tarde.status_code == 409
    assert "Ya no hace falta corregir constancia" in tarde.text
    assert "Ahora no se puede corregir constancia" in tarde.text and "orrijo" not in tarde.text


def test_solo_en_los_pasos_se_habla_de_un_caso_al_negar(client, guion):
    caso, opinion, _ = verbal(guion)
    client.force_login(guion.p.ventas2)
    assert "No te toca este paso" in client.get(url(caso, "opinar", opinion)).text
    for quien, ruta in (
        ("finanzas", "/clientes/nuevo/"),
        ("ventas", "/configurar/"),
        ("auditor", "/casos/nuevo/"),
    ):
        client.force_login(getattr(guion.p, quien))
        negado = client.get(ruta)
        assert negado.status_code == 403, ruta
        assert "No tienes permiso" in negado.text and "este caso" not in negado.text


@pytest.mark.parametrize("version", [77, None])
def test_tampoco_cuando_el_caso_ya_va_en_otro_paso(client, guion, version):
    caso, opinion, _ = verbal(guion)
    guion.retirar(caso)
    client.force_login(guion.p.ventas2)
    datos = {"version": version or opinion.version}
    assert client.post(url(caso, "retirar_consulta", opinion), datos).status_code == 403


def test_a_quien_le_tocaba_se_le_dice_que_cambio(client, guion):
    """Came late by a moment: the area, the responsible, gerencia, and the responsible of before."""
    caso = guion.analizar(guion.hasta(E.EN_CONTACTO), "FIN", "JUR")
    opinion, otra = opinion_de(caso, "FIN"), opinion_de(caso, "JUR")
    guion.opinar(caso, "FIN")
    guion.asignar(caso, a=guion.p.ventas2)
    for nombre, accion, fila, ve in [
        ("finanzas", "pedir_datos", opinion, True),
        ("ventas2", "retirar_consulta", opinion, True),
        ("gerente", "dispensar", opinion, True),
        ("ventas", "opinar_verbal", otra, False),
    ]:
        client.force_login(getattr(guion.p, nombre))
        datos = {"version": fila.version, "motivo": "LO-QUE-TECLEE con cuidado"}
        respuesta = client.post(url(caso, accion, fila), datos)
        assert respuesta.status_code == 409, (nombre, accion)
        assert "LO-QUE-TECLEE" in respuesta.text, (nombre, accion)
        assert ("Qué se pregunta a" in respuesta.text) == ve, (nombre, accion)


def _por_orden(guion, caso):
    return guion.asignar(caso, a=guion.p.ventas2)


def _por_correccion(guion, caso):
    """Nobody leads it any more: who is said to have ordered it did not."""
    [constancia] = caso.hechos.constancias
    return actuar("corregir_constancia", caso, guion.p.gerente, constancia, correccion="No fui yo.")


@pytest.mark.parametrize("estado", [E.EN_ANALISIS, E.EN_MODIFICACION, E.EN_CONTACTO])
def test_a_quien_relevan_no_se_le_pierde_lo_de_un_renglon(client, guion, estado):
    """Of a case that they no longer see, whatever the row was: the words of the form, and theirs."""
    caso = guion.asignar(guion.hasta(estado), a=guion.p.atencion)
    actuar(
        "programar_cita",
        caso,
        guion.p.atencion,
        asunto="Verse",
        inicio=en_dias(2),
        minutos=30,
        medio="VISITA",
        lugar="Allá",
    )
    de_una_fila = [b for b in botones_de(fresco(caso), guion.p.atencion) if b.fila is not None]
    assert de_una_fila
    guion.asignar(fresco(caso), a=guion.p.ventas2)
    client.force_login(guion.p.atencion)
    for boton in de_una_fila:
        escrito = {"version": "0", "motivo": "LO-QUE-TECLEE", "fundamento": "LO-QUE-TECLEE"}
        respuesta = client.post(boton.url, escrito)
        assert respuesta.status_code == 409, boton.acto
        assert client.get(boton.url).status_code == 404, boton.acto


@pytest.mark.parametrize("ve", [True, False])
@pytest.mark.parametrize("quitar", [_por_orden, _por_correccion])
def test_a_quien_relevan_mientras_escribe_no_se_le_pierde(client, guion, quitar, ve):
    """Of a case they may no longer see they get back what they typed, and nothing more."""
    caso = guion.registrar(responsable=False, solicitud="SOLICITUD-DEL-CLIENTE")
    quien = guion.p.ventas if ve else guion.p.atencion
    caso = actuar(
        "asignar",
        caso,
        quien,
        responsable=quien.pk,
        ordeno=guion.p.gerente.pk,
        ordeno_verbal="on",
        ordeno_en=hace(minutes=5),
    )
    client.force_login(quien)
    abierta = client.get(url(caso, "contactar")).context["form"]
    quitar(guion, caso)
    datos = contacto_tecleado(caso, resumen="LO-QUE-TECLEE", proxima_accion="Llamar")
    datos["version"] = abierta["version"].value()
    respuesta = client.post(url(caso, "contactar"), datos)
    assert respuesta.status_code == 409
    assert "LO-QUE-TECLEE" in respuesta.text and "ya no está a tu cargo" in respuesta.text
    assert ("SOLICITUD-DEL-CLIENTE" in respuesta.text) == ve
    assert (str(caso.cliente) in respuesta.text) == ve
    assert not Evento.objects.filter(caso=caso, accion="contactar").exists()
    # With the session ended besides, it waits for the login all the same.
    sesion_vencida(client, quien)
    entrada = client.post(url(caso, "contactar"), datos).url
    client.post(entrada, {"login": quien.username, "password": "demo"})
    respuesta = client.get(url(caso, "contactar"))
    assert respuesta.status_code == 409 and "LO-QUE-TECLEE" in respuesta.text
    # It is theirs until they throw it away.
    descarta = f"/borrador/descartar/?ruta={url(caso, 'contactar')}"
    assert client.post(descarta).status_code == 302
    assert client.get(url(caso, "contactar")).status_code == (403 if ve else 404)


def test_a_quien_nunca_lo_llevo_no_se_le_dice_nada(client, guion):
    caso = guion.registrar()
    for quien, estado in (("ventas2", 403), ("atencion", 404), ("ajena", 404)):
        client.force_login(getattr(guion.p, quien))
        respuesta = client.post(url(caso, "contactar"), contacto_tecleado(caso))
        assert respuesta.status_code == estado, quien


def test_quien_suple_a_quien_relevan_tampoco_lo_pierde(client, guion):
    caso = guion.registrar()
    Suplencia.objects.create(
        titular=guion.p.ventas,
        suplente=guion.p.ajena,
        desde=calendario.hoy(),
        hasta=calendario.hoy(),
    )
    guion.asignar(caso, a=guion.p.ventas2)
    client.force_login(guion.p.ajena)
    respuesta = client.post(url(caso, "contactar"), contacto_tecleado(caso, resumen="LO-TECLEADO"))
    assert respuesta.status_code == 409 and "LO-TECLEADO" in respuesta.text


def test_lo_escrito_se_devuelve_con_los_nombres_de_la_pagina(client, guion):
    """Every value that was typed, also one word or a figure; not what was chosen or ticked."""
    caso = guion.hasta(E.EN_CONTACTO)
    vieja = caso.version
    guion.analizar(caso)
    client.force_login(guion.p.ventas)
    datos = {
        "version": vieja,
        "solicitado_tarifa": "14500",
        "area_FIN": "on",
        "tipos": ["1"],
        "pregunta_FIN": "¿Cabe?",
        "vence_FIN": "2026-12-01",
        "solicitado_plazas": "",
    }
    respuesta = client.post(url(caso, "analizar"), datos)
    assert respuesta.status_code == 409
    tarifa = Concepto.objects.get(clave="tarifa").nombre
    assert respuesta.context["escrito"] == [
        (tarifa, "14500"),
        ("Pregunta para Finanzas", "¿Cabe?"),
        ("Para cuándo (Finanzas)", "2026-12-01"),
    ]


OTRA_PESTANIA = "Tú moviste este caso en otra pestaña mientras tenías abierta esta"


def test_otra_pestania_de_uno_mismo_no_es_otra_persona(client, guion):
    """Of the case or of one row: who moved it is read in the log."""
    caso = guion.hasta(E.EN_PROPUESTA)
    vieja = caso.version
    guion.presentar(caso)
    client.force_login(guion.p.ventas)
    respuesta = client.post(url(caso, "presentar"), {"version": vieja, "texto": "LO-QUE-TECLEE"})
    assert respuesta.status_code == 409
    assert OTRA_PESTANIA in respuesta.text and "Alguien más" not in respuesta.text
    # An area's answer that concluded the analysis by itself, given by this very person.
    caso = guion.hasta(E.EN_ANALISIS)
    opinion = opinion_de(caso, "FIN")
    client.force_login(guion.p.finanzas)
    escrito = {"version": opinion.version, "sentido": "A_FAVOR", "fundamento": "Sí."}
    assert client.post(url(caso, "opinar", opinion), escrito).status_code == 302
    respuesta = client.post(url(caso, "opinar", opinion), escrito | {"fundamento": "Otra vez."})
    assert respuesta.status_code == 409 and OTRA_PESTANIA in respuesta.text


def test_si_tambien_la_movio_otra_persona_se_dice(client, guion):
    caso = guion.hasta(E.POR_DECIDIR)
    vieja = caso.version
    caso = actuar("editar_hoja", caso, guion.p.gerente, propuesto_tarifa="14800")
    actuar("editar_hoja", caso, guion.p.ventas, propuesto_tarifa="14700")
    client.force_login(guion.p.ventas)
    datos = {
        "version": vieja,
        "alternativa": "Una.",
        "fundamento": "Sí.",
        "decision_tarifa": "PIDE",
    }
    respuesta = client.post(url(caso, "declarar_viable"), datos)
    assert "Alguien más movió este caso mientras lo tenías abierto" in respuesta.text
    datos["version"] = vieja + 1
    respuesta = client.post(url(caso, "declarar_viable"), datos)
    assert respuesta.status_code == 409 and OTRA_PESTANIA in respuesta.text


# -- drafts ----------------------------------------------------------------------------------------


def test_lo_escrito_con_la_sesion_vencida_se_recupera(client, guion):
    caso = guion.registrar()
    ruta = url(caso, "contactar")
    sesion_vencida(client, guion.p.ventas)
    respuesta = client.post(ruta, contacto_tecleado(caso, resumen="TEXTO-QUE-VUELVE"))
    assert respuesta.status_code == 302
    client.force_login(guion.p.ventas)
    respuesta = client.get(ruta)
    assert "Recuperamos lo que habías escrito" in respuesta.text
    assert "TEXTO-QUE-VUELVE" in respuesta.text
    assert respuesta.context["form"]["version"].value() == caso.version


# -- 7.1 -------------------------------------------------------------------------------------------


def solicitud(contrato, **mas):
    return {
        "version": 0,
        "cliente": contrato.cliente_id,
        "contrato": contrato.pk,
        "persona": contrato.cliente.personas.first().pk,
        "recibido_en": local(hace(days=1)),
        "canal": "TELEFONO",
        "solicitud": "Pide bajar la tarifa.",
        "asignacion": "",
    } | mas


def test_solo_ventas_atencion_y_direccion_registran(client, guion):
    pueden = {"ventas", "ventas2", "gerente", "atencion", "direccion"}
    for nombre in NOMBRES:
        client.force_login(getattr(guion.p, nombre))
        esperado = 200 if nombre in pueden else 403
        assert client.get("/casos/nuevo/").status_code == esperado, nombre


def test_se_busca_al_cliente_y_se_registra(client, guion):
    contrato = un_contrato()
    Cliente.objects.update(texto_busqueda="aceros del norte sa de cv")
    client.force_login(guion.p.ventas)
    hallados = client.get("/casos/nuevo/", {"buscar": "ÁCEROS  norte"})
    assert f'name="elegir" value="{contrato.cliente_id}"' in hallados.text
    elegido = client.post(
        "/casos/nuevo/", {"elegir": contrato.cliente_id, "solicitud": "YA-TECLEADO", "tipos": ["1"]}
    )
    assert elegido.status_code == 200
    assert "YA-TECLEADO" in elegido.text
    assert "errorlist" not in elegido.text
    assert contrato.numero in elegido.text
    assert not Caso.objects.exists()
    respuesta = client.post("/casos/nuevo/", solicitud(contrato), follow=True)
    caso = Caso.objects.get()
    assert respuesta.redirect_chain[0][0] == caso.get_absolute_url()
    assert caso.contrato == contrato


@pytest.mark.parametrize("boton", [{}, {"buscando": "1"}])
def test_buscar_sin_javascript_no_pierde_lo_tecleado(client, guion, boton):
    contrato = un_contrato()
    Cliente.objects.update(texto_busqueda="aceros del norte sa de cv")
    client.force_login(guion.p.ventas)
    datos = {"version": 0, "buscar": "Aceros", "cliente": "", "solicitud": "YA-TECLEADO"} | boton
    respuesta = client.post("/casos/nuevo/", datos)
    assert respuesta.status_code == 200
    assert "YA-TECLEADO" in respuesta.text and "errorlist" not in respuesta.text
    assert f'name="elegir" value="{contrato.cliente_id}"' in respuesta.text


def test_cambiar_de_cliente_no_pierde_lo_tecleado(client, guion):
    contrato = un_contrato()
    client.force_login(guion.p.ventas)
    datos = solicitud(contrato, cambiar="1", solicitud="SIGUE-AQUI")
    respuesta = client.post("/casos/nuevo/", datos)
    assert "SIGUE-AQUI" in respuesta.text
    assert respuesta.context["cliente"] is None


def test_cliente_contrato_y_persona_en_la_misma_pagina(client, guion):
    client.force_login(guion.p.ventas)
    datos = {
        "version": 0, "cliente": "", "cliente_razon_social": "Muebles Sáenz, S.A. de C.V.",
        "persona_nombre": "Inés Sáenz", "persona_correo": "ines@saenz.example",
        "contrato_numero": "CT-900", "contrato_servicio": "Ensamble",
        "contrato_desde": "2025-01-01",
        "recibido_en": local(hace(days=1)), "solicitud": "Más plazas.", "asignacion": "AHORA",
        "responsable": guion.p.ventas.pk, "ordeno": guion.p.gerente.pk, "ordeno_verbal": "on",
        "ordeno_en": local(hace(days=1)),
    }  # fmt: skip
    respuesta = client.post("/casos/nuevo/", datos)
    assert respuesta.status_code == 302, respuesta.context["form"].errors
    caso = Caso.objects.get()
    assert (caso.cliente.razon_social, caso.persona.nombre) == (
        "Muebles Sáenz, S.A. de C.V.",
        "Inés Sáenz",
    )
    assert caso.contrato.numero == "CT-900"
    assert caso.responsable == guion.p.ventas
    assert caso.constancias.get().destinatario == guion.p.gerente


def test_registrar_incompleto_abre_lo_que_tiene_error(client, guion):
    client.force_login(guion.p.ventas)
    respuesta = client.post("/casos/nuevo/", {"version": 0, "contrato_numero": "CT-1"})
    assert respuesta.status_code == 422
    assert respuesta.context["abre"]["contrato"]
    assert "Falta el servicio del contrato." in respuesta.text
    assert not Caso.objects.exists() and not PersonaContacto.objects.exists()


def test_sin_personas_no_se_pregunta_si_es_alguien_mas(client, guion):
    cliente = Cliente.objects.create(razon_social="Muebles Sáenz, S.A. de C.V.")
    client.force_login(guion.p.ventas)
    nadie = client.get("/casos/nuevo/", {"cliente": cliente.pk}).text
    assert "¿Es alguien más?" not in nadie and 'name="persona"' not in nadie
    assert '<label for="id_persona_nombre">Quién lo pidió</label>' in nadie
    PersonaContacto.objects.create(cliente=cliente, nombre="Inés Sáenz")
    alguien = client.get("/casos/nuevo/", {"cliente": cliente.pk}).text
    assert "¿Es alguien más?" in alguien and 'name="persona"' in alguien


def test_lo_que_se_escribe_gana_a_lo_que_estaba_elegido(client, guion):
    """A link chose the person and the contract of the case it derives from."""
    contrato = un_contrato()
    vieja = contrato.cliente.personas.get()
    client.force_login(guion.p.ventas)
    datos = solicitud(
        contrato,
        persona_nombre="Inés Sáenz",
        persona_correo="ines@aceros.example",
        contrato_numero="CT-901",
        contrato_servicio="Ensamble",
        contrato_desde="2025-01-01",
    )
    respuesta = client.post("/casos/nuevo/", datos)
    assert respuesta.status_code == 302, respuesta.context["form"].errors
    caso = Caso.objects.get()
    assert (caso.persona.nombre, caso.persona.correo) == ("Inés Sáenz", "ines@aceros.example")
    assert (caso.contrato.numero, caso.persona.pk == vieja.pk) == ("CT-901", False)


@pytest.mark.parametrize(
    ("mas", "campo"),
    [({"persona_correo": "otra@aceros.example"}, "persona_nombre"),
     ({"persona_nombre": "laura  TREVINO"}, "persona_nombre"),
     ({"contrato_servicio": "Ensamble"}, "contrato_numero"),
     ({"contrato_desde": "2025-01-01"}, "contrato_numero")],
)  # fmt: skip
def test_lo_que_no_se_sabe_de_quien_es_se_pregunta(client, guion, mas, campo):
    contrato = un_contrato()
    client.force_login(guion.p.ventas)
    respuesta = client.post("/casos/nuevo/", solicitud(contrato, **mas))
    assert respuesta.status_code == 422
    assert set(respuesta.context["form"].errors) == {campo}
    assert respuesta.context["abre"][campo.split("_")[0]]


def test_se_busca_a_una_persona_fisica_por_su_rfc_completo(client, guion):
    cliente = crear_cliente(razon_social="Ana Gómez", rfc="GODE561231GR8")
    client.force_login(guion.p.ventas)
    boton = f'name="elegir" value="{cliente.pk}"'
    assert boton in client.get("/casos/nuevo/", {"buscar": " gode561231gr8 "}).text
    assert boton not in client.get("/casos/nuevo/", {"buscar": "gode561231"}).text


def test_avisa_del_caso_abierto_del_cliente_sin_estorbar(client, guion):
    caso = guion.registrar()
    client.force_login(guion.p.ventas)
    respuesta = client.get("/casos/nuevo/", {"cliente": caso.cliente_id})
    assert f'href="{caso.get_absolute_url()}">{caso.folio}' in respuesta.text
    assert client.post("/casos/nuevo/", solicitud(caso.contrato)).status_code == 302


def test_derivar_de_un_caso_lo_prellena(client, guion):
    caso = guion.hasta(E.CERRADO)
    client.force_login(guion.p.ventas)
    formulario = client.get("/casos/nuevo/", {"deriva_de": caso.folio}).context["form"]
    assert formulario["deriva_de"].value() == caso.folio
    assert formulario.cliente_elegido == caso.cliente


@pytest.mark.parametrize("malo", DIFICILES)
def test_registrar_con_entradas_dificiles_nunca_es_500(client, guion, malo):
    client.force_login(guion.p.ventas)
    campos = client.get("/casos/nuevo/").context["form"].fields
    consulta = {"buscar": malo[:2000], "cliente": malo[:2000], "deriva_de": malo[:2000]}
    assert client.get("/casos/nuevo/", consulta).status_code == 200
    assert client.post("/casos/nuevo/", dict.fromkeys(campos, malo)).status_code in (302, 422)
    assert client.post("/casos/nuevo/", {"elegir": malo}).status_code == 200
