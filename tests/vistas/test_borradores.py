"""What is typed and not sent: kept by person and form, given back to nobody else, gone once sent."""

from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlparse

import pytest
from django import forms
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casos.catalogos import Estado
from casos.clientes.supresion import suprimir_persona
from casos.models import Borrador
from casos.pasos.tabla import PASOS
from casos.personas import a_medias
from casos.tareas import olvidar_borradores
from casos.urls import urlpatterns
from casos.web.ver_borradores import DE_AUDITORIA, DE_CASOS, DE_CLIENTES, DE_PRIVACIDAD
from tests.factories import SuplenciaFactory

E = Estado
ESCRITO = "TEXTO A MEDIAS"
RECUPERADO = "Recuperamos lo que habías escrito"
HTMX = {"HX-Request": "true"}


def donde(client, ruta) -> str:
    """The address that the form of a page, as it is opened now, sends what is typed to."""
    pagina = client.get(ruta).text
    [dicha] = {
        p.split('"')[0] for p in pagina.split('data-hx-post="')[1:] if p.startswith("/borrador/")
    }
    dicha = dicha.replace("&amp;", "&")
    assert parse_qs(urlparse(dicha).query)["ruta"] == [ruta]
    return dicha


def teclea(client, ruta, datos, **mas):
    return client.post(donde(client, ruta), datos, headers=HTMX, **mas)


@pytest.fixture
def caso(mundo):
    return mundo.hasta(E.EN_CONTACTO)


def formularios(caso):
    cliente = f"/clientes/{caso.cliente_id}/"
    return {
        f"{caso.get_absolute_url()}registrar_contacto/": "resumen",
        f"{caso.get_absolute_url()}llamada/": "resumen",
        f"{caso.get_absolute_url()}anotar/": "nota",
        f"{caso.get_absolute_url()}analizar/": "pregunta_FIN",
        "/casos/nuevo/": "solicitud",
        "/clientes/nuevo/": "razon_social",
        f"{cliente}editar/": "notas",
        f"{cliente}contratos/nuevo/": "servicio",
        f"{cliente}contratos/{caso.contrato_id}/pago/": "nomina_corte",
        f"{cliente}contratos/{caso.contrato_id}/terminar/": "motivo",
        f"{cliente}personas/nueva/": "nombre",
        f"{cliente}personas/{caso.persona_id}/": "puesto",
    }


# They give back what was sent without a session, and keep nothing while it is typed.
SOLO_DEVUELVEN = {"cliente_fusionar", "cuenta", "cuenta_correos", "suplencia_nueva"}


def test_lo_que_devuelve_lo_escrito_lo_guarda_mientras_se_escribe():
    devuelven = {p.name for p in urlpatterns if getattr(p.callback, "recupera_borrador", False)}
    guardan = DE_CASOS | DE_CLIENTES | DE_AUDITORIA | DE_PRIVACIDAD
    assert devuelven - guardan == SOLO_DEVUELVEN and guardan <= devuelven


def test_de_cada_formulario_vuelve_en_otro_navegador_y_a_nadie_mas(mundo, client, caso):
    otra = Client()
    otra.force_login(mundo.p.direccion)
    client.force_login(mundo.p.gerente)
    otro_navegador = Client()
    otro_navegador.force_login(mundo.p.gerente)
    for ruta, campo in formularios(caso).items():
        respuesta = teclea(client, ruta, {campo: ESCRITO})
        assert respuesta.status_code == 200 and "Borrador guardado" in respuesta.text, ruta
        vuelto = otro_navegador.get(ruta).text
        assert ESCRITO in vuelto and RECUPERADO in vuelto and "Descartar borrador" in vuelto, ruta
        ajeno = otra.get(ruta).text
        assert ESCRITO not in ajeno and RECUPERADO not in ajeno, ruta
        # In the same browser neither.
        client.force_login(mundo.p.direccion)
        assert ESCRITO not in client.get(ruta).text, ruta
        client.force_login(mundo.p.gerente)


def test_enviado_se_va_y_lo_que_llega_tarde_no_lo_revive(mundo, client, caso):
    client.force_login(mundo.p.ventas)
    ruta = f"{caso.get_absolute_url()}anotar/"
    abierta = donde(client, ruta)
    client.post(abierta, {"nota": ESCRITO}, headers=HTMX)
    form = client.get(ruta).context["form"]
    datos = {n: form[n].value() for n in ("version", "ficha")}
    assert client.post(ruta, datos | {"nota": ESCRITO}).status_code == 302
    assert not Borrador.objects.exclude(datos={}).exists()
    tarde = client.post(abierta, {"nota": ESCRITO}, headers=HTMX)
    assert "Sin guardar" in tarde.text
    assert RECUPERADO not in client.get(ruta).text
    # The form that is opened after it is another.
    assert "Borrador guardado" in teclea(client, ruta, {"nota": "Otra nota"}).text
    assert "Otra nota" in client.get(ruta).text


def test_lo_enviado_sin_borrador_tampoco_revive(mundo, client, caso):
    client.force_login(mundo.p.ventas)
    ruta = f"{caso.get_absolute_url()}anotar/"
    abierta = donde(client, ruta)
    form = client.get(ruta).context["form"]
    client.post(ruta, {"version": form["version"].value(), "nota": "Hecho."})
    assert "Sin guardar" in client.post(abierta, {"nota": ESCRITO}).text


def test_un_rechazo_no_lo_borra(mundo, client, caso):
    client.force_login(mundo.p.ventas)
    ruta = f"{caso.get_absolute_url()}registrar_contacto/"
    teclea(client, ruta, {"resumen": ESCRITO})
    assert client.post(ruta, {"version": "1", "resumen": ESCRITO}).status_code == 422
    assert ESCRITO in client.get(ruta).text


def test_descartar(mundo, client, caso):
    client.force_login(mundo.p.ventas)
    ruta = f"{caso.get_absolute_url()}anotar/"
    teclea(client, ruta, {"nota": ESCRITO})
    descarta = f"/borrador/descartar/?{urlencode({'ruta': ruta})}"
    assert client.get(descarta).status_code == 405 and ESCRITO in client.get(ruta).text
    assert client.post(descarta, {"nota": ESCRITO}).url == ruta
    assert ESCRITO not in client.get(ruta).text
    for ajena in ("https://malo.example/", "//malo.example/", "/casos/", "/no/existe/", ""):
        assert client.post(f"/borrador/descartar/?{urlencode({'ruta': ajena})}").status_code == 404


def test_dice_si_el_caso_cambio(mundo, client, caso):
    client.force_login(mundo.p.ventas)
    ruta = f"{caso.get_absolute_url()}analizar/"
    version = client.get(ruta).context["form"]["version"].value()
    teclea(client, ruta, {"version": version, "pregunta_FIN": ESCRITO})
    assert "Desde entonces cambió algo" not in client.get(ruta).text
    type(caso).objects.filter(pk=caso.pk).update(version=version + 1)
    pagina = client.get(ruta)
    assert "Desde entonces cambió algo" in pagina.text
    assert pagina.context["form"]["version"].value() == version + 1


def test_dice_si_el_cliente_cambio(mundo, client, caso):
    client.force_login(mundo.p.gerente)
    ruta = f"/clientes/{caso.cliente_id}/editar/"
    teclea(client, ruta, {"razon_social": caso.cliente.razon_social, "notas": ESCRITO})
    assert "Desde entonces cambió algo" not in client.get(ruta).text
    type(caso.cliente).objects.filter(pk=caso.cliente_id).update(nombre_comercial="Otro nombre")
    assert "Desde entonces cambió algo" in client.get(ruta).text


@pytest.mark.parametrize("accion", PASOS)
def test_de_cada_acto_se_guarda_todo_lo_que_se_escribe(accion):
    """Whatever its fields are called: none is taken for something of the page (the place of an appointment was)."""
    campos = PASOS[accion].formulario.base_fields
    escritos = {
        n: ["x"]
        for n, c in campos.items()
        if not (c.widget.is_hidden or isinstance(c, forms.FileField))
    }
    assert a_medias.lo_que_se_guarda(escritos) == escritos


def test_nunca_claves_ni_archivos(mundo, client, caso):
    client.force_login(mundo.p.ventas)
    ruta = f"{caso.get_absolute_url()}registrar_contacto/"
    secreto = {
        "password": "s",
        "oldpassword": "s",
        "code": "s",
        "csrfmiddlewaretoken": "s",
        "archivo": "s",
    }
    teclea(client, ruta, {"resumen": ESCRITO} | secreto)
    assert Borrador.objects.get().datos == {"resumen": [ESCRITO]}
    for cuenta in (
        "/cuenta/",
        "/cuenta/suplencia/",
        "/cuenta/login/",
        "/cuenta/password/change/",
        "/admin/",
    ):
        pedido = {"ruta": cuenta, "abierto": "1", "vista": ""}
        assert client.post(f"/borrador/?{urlencode(pedido)}", {"x": "y"}).status_code == 404


@pytest.mark.parametrize(
    "pedido",
    [
        {},
        {"ruta": "/casos/SV-2026-999999/anotar/", "abierto": "1"},
        {"ruta": "{caso}no_existe/", "abierto": "1"},
        {"ruta": "{caso}registrar/", "abierto": "1"},
        {"ruta": "{caso}", "abierto": "1"},
        {"ruta": "{caso}anotar/", "abierto": "ayer"},
        {"ruta": "{caso}anotar/", "abierto": "1e400"},
        {"ruta": "{caso}anotar/", "abierto": "NaN"},
        {"ruta": "{caso}anotar/", "abierto": "9" * 30},
        {"ruta": "{caso}anotar/\n", "abierto": "1"},
        {"ruta": "/clientes/999999999/editar/", "abierto": "1"},
        {"ruta": "x" * 5000, "abierto": "1"},
    ],
)
def test_de_lo_que_no_es_un_formulario_suyo_nada(mundo, client, caso, pedido):
    client.force_login(mundo.p.ventas)
    url = caso.get_absolute_url()
    consulta = urlencode({k: v.replace("{caso}", url) for k, v in pedido.items()})
    assert client.post(f"/borrador/?{consulta}", {"nota": ESCRITO}).status_code == 404
    assert not Borrador.objects.exists()


@pytest.mark.parametrize("quien", ["atencion", "nominas", "ajena", "auditor", "calidad", "admin"])
def test_de_un_caso_que_no_se_ve_o_no_se_mueve_tampoco(mundo, client, caso, quien):
    client.force_login(getattr(mundo.p, quien))
    consulta = urlencode({"ruta": f"{caso.get_absolute_url()}anotar/", "abierto": "1"})
    assert client.post(f"/borrador/?{consulta}", {"nota": ESCRITO}).status_code == 404
    assert not Borrador.objects.exists()


def test_sin_sesion_no_lleva_a_ningun_lado(mundo, client, caso):
    client.force_login(mundo.p.ventas)
    abierta = donde(client, f"{caso.get_absolute_url()}anotar/")
    client.logout()
    respuesta = client.post(abierta, {"nota": ESCRITO}, headers=HTMX)
    assert respuesta.status_code == 401 and "HX-Redirect" not in respuesta
    assert not Borrador.objects.exists()


def test_lo_enorme_y_lo_raro(mundo, client, caso):
    client.force_login(mundo.p.ventas)
    abierta = donde(client, f"{caso.get_absolute_url()}anotar/")
    assert client.post(abierta, {"nota": "x" * (a_medias.LARGO + 1)}).status_code == 413
    assert client.post(abierta, {f"c{n}": "x" for n in range(2000)}).status_code in (400, 413)
    assert not Borrador.objects.exists()
    utf16 = client.post(
        abierta, b"n", content_type="application/x-www-form-urlencoded; charset=utf-16"
    )
    assert utf16.status_code == 415
    raro = "\0 \ud7ff \u202e <script> ' \" \U0001f600"
    assert client.post(abierta, {"nota": raro, "no\0mbre": "x", "version": "\0"}).status_code == 200
    pagina = client.get(f"{caso.get_absolute_url()}anotar/").text
    assert "&lt;script&gt;" in pagina and "\0" not in pagina


def test_son_pocos_y_se_olvidan(mundo, client, caso):
    ventas = mundo.p.ventas
    ahora = timezone.now()
    for n in range(a_medias.MAXIMO + 3):
        a_medias.guardar(ventas.pk, f"/casos/{n}/", {"a": ["b"]}, abierto=ahora)
    assert Borrador.objects.count() == a_medias.MAXIMO
    assert not Borrador.objects.filter(ruta="/casos/0/").exists()
    client.force_login(ventas)
    ruta = f"{caso.get_absolute_url()}anotar/"
    teclea(client, ruta, {"nota": ESCRITO})
    Borrador.objects.update(guardado_en=ahora - timedelta(days=a_medias.DIAS, minutes=1))
    assert ESCRITO not in client.get(ruta).text
    a_medias.cerrar(ventas.pk, "/casos/nuevo/")
    assert olvidar_borradores() == a_medias.MAXIMO and Borrador.objects.count() == 1


def test_se_va_con_los_datos_de_la_persona(mundo, client, caso):
    client.force_login(mundo.p.ventas)
    teclea(client, f"{caso.get_absolute_url()}anotar/", {"nota": "Algo del cliente"})
    teclea(client, "/casos/nuevo/", {"solicitud": f"Lo pide {caso.persona.nombre}"})
    teclea(client, "/clientes/nuevo/", {"razon_social": "Nada que ver"})
    suprimir_persona(caso.persona)
    assert [b.ruta for b in Borrador.objects.exclude(datos={})] == ["/clientes/nuevo/"]


def test_dos_pestanas(mundo, client, caso):
    """The last that is written counts; what one sends, the other cannot bring back."""
    client.force_login(mundo.p.ventas)
    ruta = f"{caso.get_absolute_url()}anotar/"
    una, otra = donde(client, ruta), donde(client, ruta)
    for abierta, dicho in ((una, "uno"), (otra, "dos"), (una, "tres")):
        assert "Borrador guardado" in client.post(abierta, {"nota": dicho}).text
    assert "tres" in client.get(ruta).text and Borrador.objects.count() == 1


def test_lo_que_cuesta(mundo, client, caso):
    client.force_login(mundo.p.ventas)
    ruta = f"{caso.get_absolute_url()}anotar/"

    def cuantas(hacer):
        with CaptureQueriesContext(connection) as hechas:
            assert hacer().status_code == 200
        return len([q for q in hechas if "borrador" in q["sql"].lower()]), len(hechas)

    client.get(ruta)
    assert cuantas(lambda: client.get(ruta))[0] == 1
    abierta = donde(client, ruta)
    primera, todas = cuantas(lambda: client.post(abierta, {"nota": "a"}))
    assert primera <= 2, todas
    otra, todas = cuantas(lambda: client.post(abierta, {"nota": "b"}))
    assert otra == 2, todas


def test_con_un_enlace_que_nombra_a_otro_cliente_no_vuelve(mundo, client, caso):
    client.force_login(mundo.p.ventas)
    teclea(client, "/casos/nuevo/", {"solicitud": ESCRITO})
    assert ESCRITO in client.get("/casos/nuevo/").text
    assert ESCRITO not in client.get(f"/casos/nuevo/?cliente={caso.cliente_id}").text


def test_quien_suple_no_lo_ve(mundo, client, caso):
    client.force_login(mundo.p.ventas)
    ruta = f"{caso.get_absolute_url()}anotar/"
    teclea(client, ruta, {"nota": ESCRITO})
    SuplenciaFactory(titular=mundo.p.ventas, suplente=mundo.p.ventas2)
    client.force_login(mundo.p.ventas2)
    assert ESCRITO not in client.get(ruta).text


def test_la_pagina_del_caso_lo_da_en_su_formulario(mundo, client):
    client.force_login(mundo.p.ventas)
    caso = mundo.hasta(E.RECIBIDO)
    teclea(client, f"{caso.get_absolute_url()}contactar/", {"resumen": ESCRITO, "efectivo": "SI"})
    pagina = client.get(caso.get_absolute_url()).text
    assert ESCRITO in pagina and RECUPERADO in pagina
