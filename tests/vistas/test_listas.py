"""The list of cases: its cost, its pages, its filters, its views, its workbook, many at once."""

import re
from datetime import timedelta
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from casos.catalogos import Estado, Resultado
from casos.lecturas import paginas
from casos.lecturas.paginas import ORDENES, TAMANO, Cursor, leer_cursor
from casos.models import Caso, Evento, Motivo, TipoRequerimiento, VistaGuardada
from casos.web import ver_lista
from casos.web.formatos import fecha_corta

from ..factories import (
    AreaFactory,
    AvisoFactory,
    CasoFactory,
    ClienteFactory,
    ContactoFactory,
    OpinionFactory,
)
from ..sesion import escena


@pytest.fixture
def entra(client, personas):
    def entrar(quien):
        client.force_login(getattr(personas, quien))
        client.get("/cuenta/")  # the first request of a session writes it
        return client

    return entrar


def folios(respuesta):
    assert respuesta.status_code == 200
    return [c.folio for c in respuesta.context["casos"]]


# -- cost ------------------------------------------------------------------------------------------

SENTENCIAS = {"ventas": 7, "gerente": 7, "juridico": 6, "auditor": 6}


@pytest.mark.parametrize("cuantos", [1, 30])
@pytest.mark.parametrize("quien", SENTENCIAS)
def test_la_lista_cuesta_lo_mismo_con_uno_que_con_treinta(
    entra, personas, django_assert_num_queries, quien, cuantos
):
    for _ in range(cuantos):
        OpinionFactory(caso=CasoFactory(estado=Estado.EN_ANALISIS, responsable=personas.ventas))
    client = entra(quien)
    with django_assert_num_queries(SENTENCIAS[quien]):
        respuesta = client.get("/casos/")
    assert len(folios(respuesta)) == min(cuantos, TAMANO)


@pytest.mark.parametrize(
    "consulta", ["orden=vence", "q=tarifa&estado=ABIERTOS&mios=on", "cliente=1"]
)
def test_ningun_filtro_pasa_de_nueve_sentencias(
    entra, personas, django_assert_max_num_queries, consulta
):
    CasoFactory.create_batch(3, estado=Estado.EN_CONTACTO, responsable=personas.ventas)
    client = entra("ventas")
    with django_assert_max_num_queries(9):
        client.get(f"/casos/?{consulta}")


def test_el_libro_no_cuesta_mas_por_fila(entra, personas, django_assert_max_num_queries):
    client = entra("ventas")
    for cuantos in (3, 27):
        CasoFactory.create_batch(cuantos, estado=Estado.EN_CONTACTO, responsable=personas.ventas)
        with django_assert_max_num_queries(18):  # five of them write down that it was taken out
            client.get("/casos/exportar/")


# -- pages -----------------------------------------------------------------------------------------


@escena
def sesenta(personas):
    """More than two pages; due dates repeat and some cases have none."""
    hoy = timezone.localdate()
    for i in range(60):
        if i % 5 == 0:
            CasoFactory(estado=Estado.CERRADO, responsable=personas.ventas)
        else:
            CasoFactory(
                estado=Estado.EN_CONTACTO,
                responsable=personas.ventas,
                vence=hoy + timedelta(days=i % 3),
            )


def recorrer(client, url, siguiente):
    paginas = []
    while url:
        respuesta = client.get(url)
        paginas.append(folios(respuesta))
        url = respuesta.context[siguiente]
        assert len(paginas) < 10
    return paginas, respuesta


@pytest.mark.parametrize("orden", ORDENES)
def test_las_paginas_dan_cada_caso_una_vez_de_ida_y_de_vuelta(entra, sesenta, orden):
    client = entra("ventas")
    ida, ultima = recorrer(client, f"/casos/?orden={orden}", "siguiente_url")
    todos = [f for pagina in ida for f in pagina]
    assert [len(p) for p in ida] == [25, 25, 10]
    assert len(set(todos)) == 60
    vuelta, _ = recorrer(client, ultima.context["anterior_url"], "anterior_url")
    assert list(reversed(vuelta)) == ida[:-1]


def test_los_que_no_vencen_van_al_final(entra, sesenta):
    ida, _ = recorrer(entra("ventas"), "/casos/?orden=vence", "siguiente_url")
    vencen = [Caso.objects.get(folio=f).vence for p in ida for f in p]
    con_fecha = [v for v in vencen if v]
    assert vencen == sorted(con_fecha) + [None] * 12
    ida, _ = recorrer(entra("ventas"), "/casos/?orden=-vence", "siguiente_url")
    vencen = [Caso.objects.get(folio=f).vence for p in ida for f in p]
    assert vencen == sorted(con_fecha, reverse=True) + [None] * 12


def test_un_caso_nuevo_no_mueve_la_pagina_siguiente(entra, sesenta, personas):
    client = entra("ventas")
    primera = client.get("/casos/")
    esperada = folios(client.get(primera.context["siguiente_url"]))
    CasoFactory(responsable=personas.ventas)
    assert folios(client.get(primera.context["siguiente_url"])) == esperada


@pytest.mark.parametrize(
    "ficha",
    [
        "x",
        "%",
        "AAAA",
        "ñandú",
        "MC4uOTk5OTk5OTk5OTk5OTk5OTk5OTk5",
        "a" * 500,
        Cursor(1, 5).codigo(),
        Cursor(0, 5, timezone.datetime(2026, 1, 1).date()).codigo(),
    ],
)
def test_un_enlace_de_pagina_falso_vuelve_al_principio_y_lo_dice(entra, sesenta, ficha):
    client = entra("ventas")
    for hacia in ("antes", "despues"):
        respuesta = client.get("/casos/", {hacia: ficha})
        assert folios(respuesta) == folios(client.get("/casos/"))
        assert "Ese enlace de página ya no sirve" in respuesta.text
    assert leer_cursor(ficha, "") is None


def test_la_pagina_enlaza_sin_numeros_ni_totales(entra, sesenta):
    respuesta = entra("ventas").get("/casos/?estado=ABIERTOS")
    siguiente = parse_qs(urlsplit(respuesta.context["siguiente_url"]).query)
    assert set(siguiente) == {"estado", "despues"}
    assert respuesta.context["anterior_url"] == ""
    assert 'rel="next"' in respuesta.text


@pytest.mark.parametrize(
    ("hay", "dice"),
    [(1, "1 caso"), (25, "25 casos"), (26, "25 de 26 casos"), (28, "25 de más de 27 casos")],
)
def test_se_cuentan_hasta_un_tope(entra, personas, monkeypatch, hay, dice):
    monkeypatch.setattr(paginas, "TOPE", 27)
    monkeypatch.setattr(ver_lista, "TOPE", 27)
    CasoFactory.create_batch(hay, estado=Estado.EN_CONTACTO, responsable=personas.ventas)
    client = entra("ventas")
    with CaptureQueriesContext(connection) as hechas:
        respuesta = client.get("/casos/?estado=ABIERTOS")
    assert f">{dice}</p>" in respuesta.text and f'data-dice="{dice}"' in respuesta.text
    [cuenta] = [q["sql"] for q in hechas if "COUNT(" in q["sql"]]
    assert "LIMIT 28" in cuenta


def test_de_lo_terminado_se_lee_cuando_y_por_que(entra, personas):
    motivo = Motivo.objects.filter(catalogo="CLIENTE").first()
    cerrado = CasoFactory(estado=Estado.CERRADO, resultado=Resultado.NO_INTERESADO)
    Caso.objects.filter(pk=cerrado.pk).update(motivo_principal=motivo)
    CasoFactory(estado=Estado.EN_CONTACTO, responsable=personas.ventas)
    texto = entra("gerente").get("/casos/?estado=CERRADO").text
    assert f'<td class="caso__pendiente" role="cell">{motivo}</td>' in texto
    assert f">Terminó {fecha_corta(cerrado.cerrado_en)}</time>" in texto


# -- filters ---------------------------------------------------------------------------------------


@pytest.fixture
def variados(personas):
    hoy, ahora = timezone.localdate(), timezone.now()
    v, v2 = personas.ventas, personas.ventas2
    nuevo = CasoFactory(recibido_en=ahora - timedelta(days=40), vence=hoy - timedelta(days=1))
    analisis = CasoFactory(estado=Estado.EN_ANALISIS, responsable=v)
    OpinionFactory(caso=analisis, area=AreaFactory(codigo="DH"))
    cerrado = CasoFactory(estado=Estado.CERRADO, responsable=v2, seguidores=[v])
    modificado = CasoFactory(
        estado=Estado.CERRADO,
        responsable=v2,
        resultado=Resultado.MODIFICADO,
        estado_al_cerrar=Estado.EN_MODIFICACION,
    )
    tipo, _ = TipoRequerimiento.objects.get_or_create(nombre="Precio de prueba")
    analisis.tipos.add(tipo)
    cerrado.motivos.add(Motivo.objects.filter(catalogo="CLIENTE").first())
    return {
        "nuevo": nuevo,
        "analisis": analisis,
        "cerrado": cerrado,
        "modificado": modificado,
        "tipo": tipo,
    }


@pytest.mark.parametrize(
    ("consulta", "esperados"),
    [
        ("", {"nuevo", "analisis", "cerrado", "modificado"}),
        ("estado=ABIERTOS", {"nuevo", "analisis"}),
        ("estado=RECIBIDO&estado=CERRADO", {"nuevo", "cerrado", "modificado"}),
        ("estado=ABIERTOS&estado=CERRADO", {"nuevo", "analisis", "cerrado", "modificado"}),
        ("turno=GER", {"nuevo"}),
        ("turno=AREAS", {"analisis"}),
        ("responsable=0", {"nuevo"}),
        ("responsable={ventas}", {"analisis"}),
        ("cliente={cliente}", {"cerrado"}),
        ("area={dh}", {"analisis"}),
        ("area={jur}", set()),
        ("tipo={tipo}", {"analisis"}),
        ("resultado=MODIFICADO", {"modificado"}),
        ("vencidos=on", {"nuevo"}),
        ("mios=on", {"analisis"}),
        ("sigo=on", {"cerrado"}),
        ("registro={ventas}", {"analisis"}),
        ("motivo={motivo}", {"cerrado"}),
        ("area_debe={dh}", {"analisis"}),
        ("area_respondio={dh}", set()),
        ("cerrado_desde={hoy}", {"cerrado", "modificado"}),
        ("cerrado_hasta={hace_mes}", set()),
        ("cerrado_desde={hace_mes}&cerrado_hasta={hoy}&resultado=MODIFICADO", {"modificado"}),
        ("hasta={hace_mes}", {"nuevo"}),
        ("desde={hace_mes}", {"analisis", "cerrado", "modificado"}),
        ("q=tarifa&estado=EN_ANALISIS", {"analisis"}),
        ("resultado=MODIFICADO&estado=ABIERTOS", set()),
    ],
)
def test_cada_filtro(entra, personas, variados, consulta, esperados):
    consulta = consulta.format(
        ventas=personas.ventas.pk,
        cliente=variados["cerrado"].cliente_id,
        dh=AreaFactory(codigo="DH").pk,
        jur=AreaFactory(codigo="JUR").pk,
        tipo=variados["tipo"].pk,
        motivo=Motivo.objects.filter(catalogo="CLIENTE").first().pk,
        hoy=timezone.localdate(),
        hace_mes=timezone.localdate() - timedelta(days=30),
    )
    hallados = set(folios(entra("ventas").get(f"/casos/?{consulta}")))
    assert hallados == {variados[n].folio for n in esperados}


@pytest.mark.parametrize(
    ("campo", "valor", "dice"),
    [
        ("estado", "ABC", "Elige estados de la lista."),
        ("responsable", "abc", "Elige una opción de la lista."),
        ("responsable", "99999999999999999999", "Elige una opción de la lista."),
        ("cliente", "abc", "Ese cliente no existe."),
        ("cliente", "9" * 40, "Ese cliente no existe."),
        ("cliente", "-1", "Ese cliente no existe."),
        ("turno", "ñ", "Elige una opción de la lista."),
        ("area", "1e9", "Elige una opción de la lista."),
        ("tipo", "0x1", "Elige una opción de la lista."),
        ("resultado", "<script>", "Elige una opción de la lista."),
        ("registro", "0", "Elige una opción de la lista."),
        ("motivo", "9" * 30, "Elige una opción de la lista."),
        ("area_debe", "FIN", "Elige una opción de la lista."),
        ("area_respondio", "-1", "Elige una opción de la lista."),
        ("cerrado_desde", "31/02/2026", "Ese mes no tiene día 31: revisa la fecha."),
        ("cerrado_hasta", "1999-12-31", "Escribe una fecha entre el año 2000 y el 2099."),
        ("desde", "ayer", "Escribe la fecha como 16/03/2026."),
        ("desde", "0001-01-01", "Escribe una fecha entre el año 2000 y el 2099."),
        ("hasta", "99999-01-01", "Escribe la fecha como 16/03/2026."),
        ("hasta", "9999-12-31", "Escribe una fecha entre el año 2000 y el 2099."),
        ("orden", "; DROP", "Ese orden no existe."),
        ("q", "x" * 101, "Busca con menos de 100 letras."),
    ],
)
def test_lo_absurdo_se_dice_y_se_ignora(entra, variados, campo, valor, dice):
    client = entra("ventas")
    respuesta = client.get("/casos/", {campo: valor})
    assert set(folios(respuesta)) == {c.folio for n, c in variados.items() if n != "tipo"}
    assert dice in respuesta.context["filtro"].errors[campo]
    assert dice in respuesta.text
    assert "<script>" not in respuesta.text
    assert client.get("/casos/exportar/", {campo: valor}).status_code == 200


def test_las_fechas_al_reves_se_dicen_junto_al_campo(entra, variados):
    respuesta = entra("ventas").get("/casos/?desde=2026-02-01&hasta=2026-01-01")
    assert "La fecha final es anterior a la inicial." in respuesta.text
    assert respuesta.context["filtro"].puestos.keys() == {"desde"}


def test_cada_filtro_puesto_se_quita_con_su_ficha(entra, personas, variados):
    respuesta = entra("ventas").get("/casos/?estado=RECIBIDO&estado=EN_ANALISIS&mios=on&q=tarifa")
    fichas = {f["texto"]: parse_qs(urlsplit(f["url"]).query) for f in respuesta.context["fichas"]}
    todo = {"q": ["tarifa"], "estado": ["RECIBIDO", "EN_ANALISIS"], "mios": ["on"]}
    assert fichas == {
        "«tarifa»": {k: v for k, v in todo.items() if k != "q"},
        "Recibido": todo | {"estado": ["EN_ANALISIS"]},
        "En análisis": todo | {"estado": ["RECIBIDO"]},
        "Solo los míos": {k: v for k, v in todo.items() if k != "mios"},
    }


def test_el_cliente_de_la_ficha_solo_se_nombra_si_se_ve(entra, variados):
    """An area asks for a client of which it sees no case: not even its name."""
    ajeno = variados["cerrado"].cliente
    assert str(ajeno) in entra("ventas").get(f"/casos/?cliente={ajeno.pk}").text
    assert str(ajeno) not in entra("juridico").get(f"/casos/?cliente={ajeno.pk}").text


def test_sin_coincidencias_se_dice_como_salir(entra, variados):
    respuesta = entra("ventas").get("/casos/?q=inexistente")
    assert "Ningún caso coincide" in respuesta.text
    assert "Quitar todos los filtros" in respuesta.text


def test_lo_vencido_lleva_palabra_e_icono(entra, personas):
    CasoFactory(estado=Estado.EN_CONTACTO, responsable=personas.ventas, vencido=True)
    texto = entra("ventas").get("/casos/").text
    assert '<span class="oculto">Vencido: </span>' in texto
    assert "#i-vencido" in texto


# -- saved views -----------------------------------------------------------------------------------


def test_guardar_usar_y_borrar_una_vista(entra, personas, variados):
    client = entra("ventas")
    client.post("/casos/vistas/", {"nombre": "Mis análisis", "consulta": "estado=EN_ANALISIS&x=1"})
    vista = VistaGuardada.objects.get()
    assert (vista.usuario, vista.consulta) == (personas.ventas, "estado=EN_ANALISIS")
    pagina = client.get("/casos/")
    assert "Mis análisis" in pagina.text
    assert folios(client.get(f"/casos/?{vista.consulta}")) == [variados["analisis"].folio]
    client.post(f"/casos/vistas/{vista.pk}/borrar/")
    assert not VistaGuardada.objects.exists()


def test_una_vista_ajena_no_se_ve_ni_se_borra(entra, personas):
    vista = VistaGuardada.objects.create(
        usuario=personas.ventas2, nombre="Secreta de ventas2", consulta="mios=on"
    )
    client = entra("ventas")
    assert "Secreta de ventas2" not in client.get("/casos/").text
    assert client.post(f"/casos/vistas/{vista.pk}/borrar/").status_code == 404
    assert VistaGuardada.objects.filter(pk=vista.pk).exists()


@pytest.mark.parametrize(
    ("datos", "dice"),
    [
        ({"nombre": "", "consulta": "mios=on"}, "Escribe un nombre para la vista."),
        ({"nombre": "x" * 61, "consulta": "mios=on"}, "Usa un nombre de 60 letras o menos."),
        ({"nombre": "Nada", "consulta": ""}, "No hay filtros que guardar"),
        ({"nombre": "Nada", "consulta": "estado=abc"}, "No hay filtros que guardar"),
        ({"nombre": "Repetida", "consulta": "sigo=on"}, "Ya tienes una vista con ese nombre."),
    ],
)
def test_una_vista_mal_pedida_no_se_guarda(entra, personas, datos, dice):
    VistaGuardada.objects.create(usuario=personas.ventas, nombre="Repetida", consulta="mios=on")
    respuesta = entra("ventas").post("/casos/vistas/", datos, follow=True)
    assert dice in respuesta.text
    assert VistaGuardada.objects.count() == 1


@pytest.mark.parametrize("url", ["/casos/vistas/", "/casos/vistas/1/borrar/", "/casos/asignar/"])
def test_por_get_no_se_cambia_nada(entra, url):
    assert entra("gerente").get(url).status_code == 405


# -- workbook --------------------------------------------------------------------------------------


def libro(respuesta):
    assert respuesta.status_code == 200
    hoja = load_workbook(BytesIO(respuesta.getvalue()))["Casos"]
    titulos, *filas = [list(fila) for fila in hoja.iter_rows()]
    return [dict(zip([t.value for t in titulos], fila, strict=True)) for fila in filas]


def test_el_libro_trae_todo_lo_filtrado_en_su_orden(entra, sesenta):
    client = entra("ventas")
    ida, _ = recorrer(client, "/casos/?estado=ABIERTOS&orden=-vence", "siguiente_url")
    filas = libro(client.get("/casos/exportar/?estado=ABIERTOS&orden=-vence"))
    assert [f["Folio"].value for f in filas] == [x for p in ida for x in p]
    assert len(filas) == 48


@pytest.mark.parametrize(
    "texto", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", '=HYPERLINK("http://x")']
)
def test_lo_que_escribe_un_cliente_nunca_es_formula(entra, personas, texto):
    CasoFactory(
        responsable=personas.ventas, solicitud=texto, cliente=ClienteFactory(razon_social=texto)
    )
    (fila,) = libro(entra("ventas").get("/casos/exportar/"))
    for columna in ("Qué pide el cliente", "Cliente"):
        assert fila[columna].data_type in ("s", "inlineStr")
        assert fila[columna].value == texto


def test_un_caracter_de_control_no_rompe_el_libro(entra, personas):
    CasoFactory(responsable=personas.ventas, solicitud="antes\x0bdespués")
    (fila,) = libro(entra("ventas").get("/casos/exportar/"))
    assert fila["Qué pide el cliente"].value == "antesdespués"


def test_las_fechas_van_en_hora_de_mexico(entra, personas):
    instante = timezone.datetime(2026, 3, 17, 2, 30, tzinfo=timezone.get_fixed_timezone(0))
    CasoFactory(responsable=personas.ventas, recibido_en=instante)
    (fila,) = libro(entra("ventas").get("/casos/exportar/"))
    assert fila["Recibido"].value == timezone.datetime(2026, 3, 16, 20, 30)


# -- many at once ----------------------------------------------------------------------------------


def elegir(*casos):
    return [f"{c.folio}:{c.responsable_id or 0}" for c in casos]


def test_gerencia_asigna_varios_de_una_vez(entra, personas):
    casos = [CasoFactory(), CasoFactory(), CasoFactory(estado=Estado.EN_CONTACTO)]
    otro = CasoFactory()
    client = entra("gerente")
    respuesta = client.post(
        "/casos/asignar/",
        {"caso": elegir(*casos), "responsable": personas.ventas.pk, "aqui": "turno=GER"},
    )
    assert respuesta["Location"] == "/casos/?turno=GER"
    assert "3 casos quedaron asignados" in client.get("/casos/").text
    assert set(Caso.objects.filter(responsable=personas.ventas)) == set(casos)
    assert Caso.objects.get(pk=otro.pk).responsable is None
    assert Evento.objects.filter(accion="asignar", actor=personas.gerente).count() == 3


def test_cada_rechazo_se_dice_por_su_folio_y_los_demas_pasan(entra, personas):
    bien = CasoFactory()
    suyo = CasoFactory(estado=Estado.EN_CONTACTO, responsable=personas.ventas)
    movido = CasoFactory()
    cerrado = CasoFactory(estado=Estado.CERRADO)
    elegidos = elegir(bien, suyo, movido, cerrado)
    Caso.objects.filter(pk=movido.pk).update(responsable=personas.ventas2)
    respuesta = entra("gerente").post(
        "/casos/asignar/", {"caso": elegidos, "responsable": personas.ventas.pk}
    )
    texto = respuesta.text
    assert respuesta.status_code == 422 and "1 caso quedó asignado" in texto
    # What was refused stays ticked, and to whom stays chosen.
    assert f'value="{movido.folio}:{personas.ventas2.pk}" checked' in texto
    assert f'value="{bien.folio}:{personas.ventas.pk}" checked' not in texto
    assert f'<option value="{personas.ventas.pk}" selected>' in texto
    assert f"{suyo.folio}: Responsable: Ya es responsable de este caso." in texto
    assert f"{movido.folio}: Alguien más movió este caso" in texto
    assert f"{cerrado.folio}: El caso está en «Cerrado»" in texto
    assert Caso.objects.get(pk=movido.pk).responsable == personas.ventas2


@pytest.mark.parametrize(
    "quien", ["ventas", "atencion", "juridico", "calidad", "auditor", "admin", "ajena"]
)
def test_solo_gerencia_y_direccion_asignan_varios(entra, personas, quien):
    caso = CasoFactory(registrado_por=personas.ventas)
    client = entra(quien)
    datos = {"caso": elegir(caso), "responsable": personas.ventas.pk}
    assert client.post("/casos/asignar/", datos).status_code == 403
    assert Caso.objects.get(pk=caso.pk).responsable is None
    assert 'name="caso"' not in client.get("/casos/").text


@pytest.mark.parametrize(
    ("cambio", "dice"),
    [
        ({"caso": []}, "Elige al menos un caso."),
        ({"caso": ["SV-2026-1:0"]}, "Elige casos de la lista."),
        ({"caso": ["'; DROP"]}, "Elige casos de la lista."),
        (
            {"caso": [f"SV-2026-{i:06d}:0" for i in range(60)]},
            "Elige los casos de una sola página.",
        ),
        ({"caso": ["SV-1999-000001:0"]}, "Esos casos ya no están en tu lista."),
        ({"responsable": ""}, "Elige a quién se los asignas."),
        ({"responsable": "abc"}, "Elige a una persona activa de la lista."),
        ({"responsable": "9" * 30}, "Elige a una persona activa de la lista."),
    ],
)
def test_una_asignacion_absurda_se_dice(entra, personas, cambio, dice):
    caso = CasoFactory()
    datos = {"caso": elegir(caso), "responsable": personas.ventas.pk} | cambio
    respuesta = entra("gerente").post("/casos/asignar/", datos, follow=True)
    assert respuesta.status_code == (200 if "1999" in str(cambio) else 422)
    assert dice in respuesta.text


def test_lo_marcado_y_lo_filtrado_siguen_tras_una_asignacion_a_nadie(entra, personas):
    marcado, otro = CasoFactory(), CasoFactory()
    CasoFactory(estado=Estado.EN_CONTACTO, responsable=personas.ventas)
    datos = {"caso": elegir(marcado), "responsable": "", "aqui": "estado=RECIBIDO"}
    respuesta = entra("gerente").post("/casos/asignar/", datos)
    assert {c.folio for c in respuesta.context["casos"]} == {marcado.folio, otro.folio}
    assert f'value="{marcado.folio}:0" checked' in respuesta.text
    assert f'value="{otro.folio}:0" checked' not in respuesta.text
    assert "novalidate" in respuesta.text  # or the browser would say it, in its own language


def test_volver_nunca_lleva_fuera(entra, personas):
    datos = {
        "caso": elegir(CasoFactory()),
        "responsable": personas.ventas.pk,
        "aqui": "//malo.example/?x=1#y\r\nSet-Cookie: a=b",
    }
    destino = entra("gerente").post("/casos/asignar/", datos)["Location"]
    assert destino.startswith("/casos/?")
    assert "\n" not in destino


def test_un_contacto_no_multiplica_el_caso(entra, personas):
    caso = CasoFactory(estado=Estado.EN_CONTACTO, responsable=personas.ventas)
    ContactoFactory.create_batch(3, caso=caso)
    OpinionFactory(caso=caso, vuelta=1)
    OpinionFactory(caso=caso, vuelta=2)
    client = entra("ventas")
    jur = AreaFactory(codigo="JUR").pk
    assert folios(client.get(f"/casos/?area={jur}&q=tarifa")) == [caso.folio]


def test_con_htmx_la_barra_guarda_solo_lo_que_se_pide(entra, variados):
    campos = {"turno": "AREAS", "q": "", "responsable": "", "orden": ""}
    respuesta = entra("ventas").get("/casos/", campos, headers={"HX-Request": "true"})
    assert respuesta["HX-Push-Url"] == "/casos/?turno=AREAS"
    assert folios(respuesta) == [variados["analisis"].folio]


def test_abrir_los_filtros_no_mueve_la_direccion(client, personas):
    client.force_login(personas.ventas)
    encabezados = {"HX-Request": "true", "HX-Target": "filtros"}
    respuesta = client.get("/casos/?orden=vence&filtros=1", headers=encabezados)
    assert respuesta.context["abre_filtros"] and "HX-Push-Url" not in respuesta


# -- mails -----------------------------------------------------------------------------------------


def test_lo_que_no_salio_va_primero_y_aparte(entra, personas):
    viejo = AvisoFactory(estado="FALLIDO", asunto="No salió este")
    AvisoFactory.create_batch(3, estado="PENDIENTE")
    client = entra("gerente")
    respuesta = client.get("/avisos/")
    assert respuesta.context["fallaron"] == [viejo]
    assert respuesta.text.index("No salieron") < respuesta.text.index('id="t-todos"')
    assert "<details" in respuesta.text and '<details class="plegado" open' not in respuesta.text
    filtrada = client.get("/avisos/?estado=PENDIENTE")
    assert filtrada.context["fallaron"] == [] and '<details class="plegado" open' in filtrada.text


@pytest.mark.parametrize(
    ("filtro", "dice"),
    [("estado=ABIERTOS", "Vence"), ("estado=CERRADO", "Cerró"), ("", "Vence o cerró")],
)
def test_la_columna_de_fechas_dice_de_que_son(entra, sesenta, filtro, dice):
    pagina = entra("ventas").get(f"/casos/?{filtro}").content.decode()
    encabezados = re.findall(r'columnheader".*?</th>', pagina, re.S)
    fechas = [re.sub(r"<.*?>|\s+", " ", h) for h in encabezados if "Venc" in h or "Cerr" in h]
    assert len(fechas) == 1 and re.search(rf"\b{dice}\b(?! o)", fechas[0]), fechas
