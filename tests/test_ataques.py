"""What an attack found once: each stays closed."""

from io import BytesIO

import pytest

from casos.catalogos import Estado
from casos.clientes import altas
from casos.lecturas.verificacion import revisar_bitacora
from casos.models import Aviso, Borrador, Caso, Evento, TextoEvento, Usuario
from seguimiento.wsgi import application
from tests.factories import SuplenciaFactory
from tests.guion import contacto, fresco, hace
from tests.personas import CON_CLAVE, sesion_vencida

from .guion import botones_de, pedir, rechazada

E = Estado
pytestmark = pytest.mark.django_db


@pytest.fixture
def g(mundo):
    return mundo


# -- login and account -----------------------------------------------------------------------------


def test_el_limite_de_intentos_no_depende_del_host(client, personas, settings):
    settings.ALLOWED_HOSTS = ["*"]
    hosts = ["a.mx", "a.mx:1", "a.mx:2", "b.mx", "b.mx:3", "c.mx", "d.mx"]
    for host in hosts[:5]:
        client.post("/cuenta/login/", {"login": "ventas", "password": "x"}, headers={"Host": host})
    respuesta = client.post(
        "/cuenta/login/", {"login": "ventas", "password": "demo"}, headers={"Host": hosts[-1]}
    )
    assert respuesta.status_code == 200
    assert "Demasiados intentos" in respuesta.text


def test_el_panel_no_prueba_contrasenas_por_su_lado(client, personas):
    client.force_login(personas.juridico)
    respuesta = client.post("/admin/password_change/", {"old_password": "x"})
    assert (respuesta.status_code, respuesta.url) == (302, "/cuenta/password/change/")


def test_cambiar_el_correo_pide_la_contrasena_y_avisa_al_anterior(client, personas):
    client.force_login(personas.ventas)
    datos = {"first_name": "Ana", "last_name": "B", "email": "nuevo@ejemplo.mx", "telefono": ""}
    respuesta = client.post("/cuenta/", datos)
    assert "Confirma que eres tú" in respuesta.text
    personas.ventas.refresh_from_db()
    assert personas.ventas.email == "ventas@ejemplo.mx"
    client.post("/cuenta/", datos | CON_CLAVE)
    personas.ventas.refresh_from_db()
    assert personas.ventas.email == "nuevo@ejemplo.mx"
    carta = Aviso.objects.get(plantilla="cuenta", para="ventas@ejemplo.mx")
    assert "ahora es nuevo@ejemplo.mx" in carta.texto


def test_lo_escrito_sin_sesion_solo_se_guarda_de_quien_ya_estuvo(client, personas):
    client.post("/casos/nuevo/", {"solicitud": "x" * 50_000})
    assert not client.session.keys()


def test_lo_escrito_por_una_persona_no_le_llega_a_otra(client, personas):
    sesion_vencida(client, personas.ventas)
    client.post("/casos/nuevo/", {"solicitud": "Secreto de Ana"})
    assert Borrador.objects.get().usuario == personas.ventas
    client.post("/cuenta/login/", {"login": "ventas2", "password": "demo"})
    assert "Secreto de Ana" not in client.get("/casos/nuevo/").text


# -- what comes in ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tipo",
    [
        "a; b*=nope''%ff",
        "text/plain; charset*=UTF-8''idna",
        "text/plain; charset =idna",
        "text/plain; charset=utf-8; charset=idna",
        "text/plain; charset=rot13",
        'text/plain; charset="utf-16"',
    ],
)
def test_un_tipo_de_contenido_torcido_es_415(tipo):
    estados = []
    entorno = {
        "REQUEST_METHOD": "GET", "PATH_INFO": "/cuenta/login/", "QUERY_STRING": "next=%ff",
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "CONTENT_TYPE": tipo,
        "wsgi.input": BytesIO(), "wsgi.url_scheme": "http", "wsgi.errors": BytesIO(),
    }  # fmt: skip
    cuerpo = b"".join(application(entorno, lambda estado, cabeceras: estados.append(estado)))
    assert estados == ["415 Unsupported Media Type"]
    assert "codificación".encode() in cuerpo


def test_un_superindice_no_es_un_numero(client, g):
    client.force_login(g.p.ventas)
    caso = g.hasta(E.EN_CONTACTO).get_absolute_url()
    assert client.get("/clientes/?despues=a|²").status_code == 200
    assert client.post("/casos/nuevo/", {"cliente": "²", "version": "0"}).status_code == 422
    assert client.post("/casos/nuevo/", {"elegir": "²"}).status_code == 200
    assert client.post(f"{caso}aceptar/", {"version": "²"}).status_code == 409
    datos = {"version": "1", "cuando": "²²²²-01-01T00:00"}
    assert client.post(f"{caso}registrar_contacto/", datos).status_code == 422


def test_la_ficha_ya_usada_se_rechaza_tambien_sobre_un_renglon_y_al_registrar(client, g):
    caso = g.hasta(E.EN_ANALISIS)
    ficha = "0b8b1f0e-0000-4000-8000-000000000002"
    client.force_login(g.p.ventas)
    nota = {"version": "0", "ficha": ficha, "nota": "La primera."}
    assert client.post(f"{caso.get_absolute_url()}anotar/", nota).status_code == 302
    for boton in botones_de(fresco(caso), g.p.ventas):
        respuesta = client.post(boton.url, {"version": "0", "ficha": ficha, "motivo": "LO-ESCRITO"})
        assert respuesta.status_code in (302, 409), boton.acto
        if boton.acto.nombre != "anotar":
            assert "ya se envió" in respuesta.text, boton.acto
    respuesta = client.post(
        "/casos/nuevo/", {"version": "0", "ficha": ficha, "solicitud": "ESCRITO"}
    )
    assert respuesta.status_code == 422
    assert "ya se envió" in respuesta.text and "ESCRITO" in respuesta.text


def test_la_ficha_de_otra_pagina_se_rechaza_con_palabras(client, g):
    uno, otro = g.hasta(E.EN_CONTACTO), g.hasta(E.EN_CONTACTO)
    ficha = "0b8b1f0e-0000-4000-8000-000000000001"
    nota = {"version": "0", "ficha": ficha, "nota": "La primera."}
    client.force_login(g.p.ventas)
    assert client.post(f"{uno.get_absolute_url()}anotar/", nota).status_code == 302
    respuesta = client.post(f"{otro.get_absolute_url()}anotar/", nota | {"nota": "Otra nota."})
    assert respuesta.status_code in (409, 422)
    assert "ya se envió" in respuesta.text
    assert Evento.objects.filter(accion="anotar").count() == 1
    with rechazada(match="ya se envió"):
        pedir(
            "registrar_contacto",
            g.p.ventas,
            caso=uno,
            datos=contacto(persona=uno.persona_id) | {"version": uno.version, "ficha": ficha},
        )


# -- who may see and do ----------------------------------------------------------------------------


def test_quien_opina_por_su_area_no_decide_en_lugar_del_responsable(g):
    caso = g.opinar(g.hasta(E.EN_ANALISIS))
    SuplenciaFactory(titular=g.p.ventas, suplente=g.p.finanzas)
    SuplenciaFactory(titular=g.p.ventas, suplente=g.p.rys)
    acciones = {
        n: {o.acto.nombre for o in botones_de(fresco(caso), Usuario.objects.get(username=n))}
        for n in ("finanzas", "rys")
    }
    assert "declarar_viable" not in acciones["finanzas"]
    assert "declarar_viable" in acciones["rys"]


def test_el_rfc_de_una_persona_no_se_adivina_por_pedazos(client, g):
    cliente = altas.crear_cliente(razon_social="Juana Pérez", rfc="GODE561231GR8")
    caso = g.registrar()
    Caso.objects.filter(pk=caso.pk).update(cliente=cliente)
    altas.reindexar(Caso.objects.filter(pk=caso.pk))
    client.force_login(g.p.auditor)
    for pedazo in ("GODE", "GODE5612", "1231GR8"):
        assert caso.folio not in client.get(f"/casos/?q={pedazo}").text
        assert "Juana Pérez" not in client.get(f"/clientes/?q={pedazo}").text
    client.force_login(g.p.ventas)
    assert caso.folio in client.get("/casos/?q=gode561231gr8").text
    assert "Juana Pérez" in client.get("/clientes/?q=GODE561231GR8").text


def test_un_area_no_lee_el_telefono_ni_el_correo_del_cliente(client, g):
    caso = g.hasta(E.EN_ANALISIS)
    persona = caso.persona
    persona.telefono, persona.correo, persona.puesto = "8112345678", "laura@x.mx", "Compras"
    persona.save()
    datos = ("8112345678", "laura@x.mx", "Compras")
    client.force_login(g.p.ventas2)
    assert all(d in client.get(caso.get_absolute_url()).text for d in datos)
    client.force_login(g.p.finanzas)
    assert not any(d in client.get(caso.get_absolute_url()).text for d in datos)


def test_borrar_un_texto_como_si_se_hubiera_suprimido_se_nota(g):
    caso = g.analizar(g.hasta(E.EN_CONTACTO))
    assert list(revisar_bitacora()) == []
    textos = TextoEvento.objects.filter(evento__caso=caso)
    for personal in (False, True):
        original = textos.first()
        textos.filter(pk=original.pk).update(texto="", suprimido_en=hace(days=1), personal=personal)
        [falla] = revisar_bitacora()
        assert "fue alterado" in falla
        original.save()
    textos.filter(pk=original.pk).update(etiqueta="Otra cosa")
    [falla] = revisar_bitacora()
    assert "fue alterado" in falla
