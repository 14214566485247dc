"""Accounts: who enters and who does not, the mails that open an account, and the own page."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from casos import cuentas
from casos.calendario import hoy
from casos.lecturas.falta_configurar import lo_que_falta
from casos.models import (
    Area,
    Aviso,
    Configuracion,
    DiaInhabil,
    Membresia,
    Motivo,
    Suplencia,
    Usuario,
)
from casos.panel.gente import revisar_nombre_de_usuario
from tests.factories import SuplenciaFactory, UsuarioFactory
from tests.personas import CON_CLAVE, sesion_vencida
from tests.segundo_factor import codigo_de

ENTRAR = "/cuenta/login/"
NO_SON = "El usuario o la contraseña no son correctos."
DEMASIADOS = "Demasiados intentos fallidos"
CLAVE = "caballo-correcto-9"


def entrar(client, login, clave="demo", **mas):
    return client.post(ENTRAR, {"login": login, "password": clave} | mas)


def sin_pedir_segundo_factor():
    Configuracion.objects.update(segundo_factor_de=[])


def esta_dentro(client) -> bool:
    return client.get("/cuenta/").status_code == 200


def texto(respuesta) -> str:
    """What a person reads, without what is of one answer only (tokens)."""
    cuerpo = respuesta.content.decode().split("<main", 1)[1]
    return " ".join(unescape(re.sub(r"(?s)<[^>]*>", " ", cuerpo)).split())


# -- entering --------------------------------------------------------------------------------------


def test_con_la_contrasena_se_entra_y_se_llega_a_donde_se_iba(client, personas):
    respuesta = client.get("/clientes/?q=a")
    assert respuesta["Location"] == "/cuenta/login/?next=/clientes/%3Fq%3Da"
    assert entrar(client, "ventas", next="/clientes/?q=a")["Location"] == "/clientes/?q=a"
    assert esta_dentro(client)


@pytest.mark.parametrize("fuera", ["//malo.mx/", "https://malo.mx/", "javascript:alert(1)"])
def test_no_se_sale_del_sitio_al_entrar(client, personas, fuera):
    assert entrar(client, "ventas", next=fuera)["Location"] == "/"


@pytest.mark.parametrize("torcida", ["http://[", "//[", "http://[::1]malo.example", "https://]"])
def test_un_destino_que_no_es_direccion_no_lleva_a_ningun_lado(client, personas, torcida):
    assert client.get("/cuenta/login/", {"next": torcida}).status_code == 200
    datos = {"login": "ventas", "password": "demo", "next": torcida}
    assert client.post("/cuenta/login/", datos).url == "/"
    assert client.get("/cuenta/reauthenticate/", {"next": torcida}).status_code in (200, 302)
    assert client.post(f"/cuenta/logout/?next={torcida}", {"next": torcida}).status_code == 302


@pytest.mark.parametrize("login", ["ventas", "nadie"])
def test_la_sexta_contrasena_mala_ya_no_se_prueba(client, personas, login):
    """The right one neither; the same for who exists and who does not, in capitals or not."""
    for variante in (login, login.upper(), f" {login} ", login, login.title()):
        respuesta = entrar(client, variante, "mala")
        assert NO_SON in texto(respuesta)
        assert DEMASIADOS not in texto(respuesta)
    for clave in ("mala", "demo"):
        respuesta = entrar(client, login, clave)
        assert DEMASIADOS in texto(respuesta)
        assert respuesta.status_code == 200 and not esta_dentro(client)
    respuesta = client.post(
        ENTRAR, {"login": login, "password": "demo"}, HTTP_X_FORWARDED_FOR="9.9.9.9"
    )
    assert DEMASIADOS in texto(respuesta)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert NO_SON in texto(entrar(client, login, "mala"))


def test_la_respuesta_no_dice_si_la_persona_existe(client, personas):
    una, otra = entrar(client, "ventas", "mala"), entrar(client, "nadie", "mala")
    assert (una.status_code, texto(una)) == (otra.status_code, texto(otra))
    una = client.post("/cuenta/password/reset/", {"email": "ventas@ejemplo.mx"}, follow=True)
    otra = client.post("/cuenta/password/reset/", {"email": "nadie@ejemplo.mx"}, follow=True)
    assert una.redirect_chain == otra.redirect_chain
    assert texto(una) == texto(otra)


def test_una_sola_conexion_no_prueba_sin_fin(client, db):
    for n in range(30):
        assert entrar(client, f"nadie{n}", "mala").status_code == 200
    assert entrar(client, "nadie", "mala").status_code == 200  # each account is heard once more
    respuesta = entrar(client, "nadie", "mala")
    assert respuesta.status_code == 429
    assert "Demasiados intentos" in texto(respuesta)


def test_quien_fue_desactivado_no_entra_y_su_sesion_termina(client, personas):
    assert entrar(client, "ventas").status_code == 302
    Usuario.objects.filter(username="ventas").update(is_active=False)
    assert not esta_dentro(client)
    respuesta = client.post(ENTRAR, {"login": "ventas", "password": "demo"}, follow=True)
    assert "Tu cuenta está desactivada" in texto(respuesta)
    assert not esta_dentro(client)


def test_se_sale_con_un_boton_y_no_con_un_enlace(client, personas):
    client.force_login(personas.ventas)
    assert client.get("/cuenta/logout/").status_code == 200
    assert esta_dentro(client)
    assert client.post("/cuenta/logout/").status_code == 302
    assert not esta_dentro(client)


def test_nadie_se_registra_por_su_cuenta(client, db):
    respuesta = client.post(
        "/cuenta/signup/", {"username": "intruso", "email": "x@x.mx", "password1": CLAVE}
    )
    assert "Las cuentas las abre quien administra" in texto(respuesta)
    assert not Usuario.objects.exists()


def test_las_personas_de_ejemplo_solo_se_muestran_en_la_demostracion(client, db, settings):
    for demo in (True, False):
        settings.DEMO = demo
        assert ("atencion" in texto(client.get(ENTRAR))) is demo


def test_al_panel_se_entra_por_la_misma_puerta(client, personas):
    sin_pedir_segundo_factor()
    respuesta = client.get("/admin/", follow=True)
    assert respuesta.redirect_chain[-1][0].startswith(ENTRAR)
    assert entrar(client, "admin", next="/admin/")["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("palabra", ["foo", "pendientes", "a.b", "casos:x", "?a=1", "http://x y"])
@pytest.mark.parametrize(
    ("puerta", "casa"),
    [
        ("/admin/login/", "/admin/"),
        ("/cuenta/segundo-factor/", "/"),
        ("/cuenta/segundo-factor/despues/", "/"),
    ],
)
def test_un_destino_que_es_una_palabra_no_es_el_nombre_de_una_pagina(
    client, personas, puerta, casa, palabra
):
    client.force_login(personas.admin)
    envia = client.post if "despues" in puerta else client.get
    assert envia(puerta, {"next": palabra})["Location"] == casa


@pytest.mark.parametrize("campo", ["login", "password"])
@pytest.mark.parametrize("valor", ["", "x" * 20_000, "\x00", "<b>ñ😀</b>", "'; --"])
def test_lo_raro_al_entrar_se_rechaza_con_palabras(client, personas, campo, valor):
    datos = {"login": "ventas", "password": "demo"} | {campo: valor}
    assert client.post(ENTRAR, datos).status_code == 200
    assert not esta_dentro(client)
    assert client.post(ENTRAR).status_code == 200
    assert client.put(ENTRAR).status_code in (200, 405)


def test_con_la_sesion_vencida_no_entra_un_pedazo_de_pagina_sino_toda(client, personas):
    """htmx would put the login form where a row was: the whole page goes there, and says why."""
    sesion_vencida(client, personas.ventas)
    pedazo = {"HX-Request": "true", "HX-Current-URL": "http://testserver/casos/?q=acero"}
    for ruta in ("/casos/?q=acero&estado=RECIBIDO", "/casos/SV-2026-000001/opinar/1/"):
        respuesta = client.get(ruta, headers=pedazo)
        assert respuesta.status_code == 200 and not respuesta.content
        entrada = respuesta["HX-Redirect"]
        assert entrada == "/cuenta/login/?next=/casos/%3Fq%3Dacero&vencida=1"
    assert "Tu sesión venció. Entra para seguir donde estabas." in client.get(entrada).text
    assert "Tu sesión venció" not in Client().get(ENTRAR).text


def test_lo_escrito_cuando_la_sesion_termino_espera_al_otro_lado_de_la_entrada(client, personas):
    escrito = {"suplente": personas.ventas2.pk, "desde": "2026-01-01", "motivo": "Vacaciones ñ"}
    sesion_vencida(client, personas.ventas)
    respuesta = client.post("/cuenta/suplencia/", escrito)
    assert respuesta["Location"] == "/cuenta/login/?next=/cuenta/suplencia/"
    aviso = "Tu sesión venció; guardamos lo que escribiste. Entra para seguir."
    assert aviso in client.get(respuesta["Location"]).text
    equivocada = {"login": "ventas", "password": "otra"}
    assert aviso in client.post(respuesta["Location"], equivocada).text
    assert aviso not in Client().get(ENTRAR).text
    respuesta = client.post(
        ENTRAR, {"login": "ventas", "password": "demo", "next": "/cuenta/suplencia/"}, follow=True
    )
    assert respuesta.status_code == 200
    assert 'value="Vacaciones ñ"' in unescape(respuesta.content.decode())
    assert not Suplencia.objects.exists()


# -- the mails that open an account ----------------------------------------------------------------


def enlace_de(aviso) -> str:
    return re.search(r"https?://\S+", aviso.texto).group()


def elegir(client, enlace, clave=CLAVE):
    """Follow the mail's link and choose the password."""
    ruta = "/" + enlace.split("/", 3)[-1]
    pagina = client.get(ruta, follow=True)
    if not pagina.redirect_chain:
        return pagina
    return client.post(
        pagina.redirect_chain[-1][0], {"password1": clave, "password2": clave}, follow=True
    )


def test_la_contrasena_se_recupera_por_correo_una_sola_vez(client, personas, settings):
    settings.URL_BASE = "https://seguimiento.firma.mx"
    client.post("/cuenta/password/reset/", {"email": "VENTAS@ejemplo.mx"}, HTTP_HOST="localhost")
    aviso = Aviso.objects.get()
    assert (aviso.para, aviso.usuario, aviso.confidencial) == (
        "ventas@ejemplo.mx",
        personas.ventas,
        True,
    )
    enlace = enlace_de(aviso)
    assert enlace.startswith("https://seguimiento.firma.mx/cuenta/password/reset/key/")
    respuesta = elegir(client, enlace)
    assert "Contraseña guardada" in texto(respuesta)
    assert not esta_dentro(client)
    assert NO_SON in texto(entrar(client, "ventas", "demo"))
    assert entrar(client, "ventas", CLAVE).status_code == 302
    client.logout()
    assert "Este enlace ya no sirve" in texto(elegir(client, enlace, "otra-distinta-8"))
    assert Usuario.objects.get(username="ventas").check_password(CLAVE)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks no rows")
def test_quien_elige_contrasena_no_detiene_lo_que_se_anota_de_su_cuenta(client, personas):
    client.post("/cuenta/password/reset/", {"email": "ventas@ejemplo.mx"})
    with CaptureQueriesContext(connection) as sentencias:
        assert "Contraseña guardada" in texto(elegir(client, enlace_de(Aviso.objects.get())))
    de_personas = [s["sql"] for s in sentencias if 'FROM "casos_usuario"' in s["sql"]]
    assert any(s.endswith("FOR NO KEY UPDATE") for s in de_personas)
    assert not any(s.endswith("FOR UPDATE") for s in de_personas)


def test_el_enlace_vence_a_los_tres_dias(client, personas):
    enlace = cuentas.enlace_de_clave(personas.ventas)
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)):
        assert "Este enlace ya no sirve" in texto(elegir(client, enlace))


@pytest.mark.parametrize(
    ("clave", "dice"),
    [
        ("corta1", "demasiado corta"),
        ("8675309867", "totalmente numérica"),
        ("password1", "muy común"),
        ("", "Escribe la contraseña nueva."),
    ],
)
def test_una_contrasena_debil_no_se_acepta(client, personas, clave, dice):
    respuesta = elegir(client, cuentas.enlace_de_clave(personas.ventas), clave)
    assert dice in texto(respuesta)
    assert Usuario.objects.get(username="ventas").check_password("demo")


def test_a_un_correo_sin_cuenta_no_se_le_escribe(client, personas):
    Usuario.objects.filter(username="ventas2").update(is_active=False)
    EmailAddress.objects.create(user=personas.ventas, email="antes@ejemplo.mx", verified=True)
    for correo in ("nadie@ejemplo.mx", "ventas2@ejemplo.mx", "antes@ejemplo.mx", "no-es-correo"):
        client.post("/cuenta/password/reset/", {"email": correo})
    assert not Aviso.objects.exists()


def test_quien_se_bloqueo_intentando_entra_con_la_contrasena_nueva(client, personas):
    for _ in range(6):
        respuesta = entrar(client, "ventas", "mala")
    assert DEMASIADOS in texto(respuesta)
    client.post("/cuenta/password/reset/", {"email": "ventas@ejemplo.mx"})
    elegir(client, enlace_de(Aviso.objects.get(asunto__startswith="Elige")))
    assert entrar(client, "ventas", CLAVE).status_code == 302


def test_la_invitacion_abre_la_cuenta(client, db):
    nueva = UsuarioFactory(username="elsa", password="!")
    cuentas.invitar(nueva)
    aviso = Aviso.objects.get(para="elsa@ejemplo.mx")
    assert "elsa" in aviso.texto and aviso.confidencial
    assert NO_SON in texto(entrar(client, "elsa", "!"))
    elegir(client, enlace_de(aviso))
    assert entrar(client, "elsa", CLAVE).status_code == 302
    # an invitation that expired is asked for again like a forgotten password
    otra = UsuarioFactory(username="otra", password="!")
    client.logout()
    client.post("/cuenta/password/reset/", {"email": otra.email})
    assert Aviso.objects.filter(para=otra.email).exists()


def test_se_cambia_la_contrasena_sabiendo_la_de_ahora(client, personas):
    client.force_login(personas.ventas)
    url = "/cuenta/password/change/"
    mala = client.post(url, {"oldpassword": "x", "password1": CLAVE, "password2": "otra"})
    assert "Esa no es tu contraseña actual" in texto(mala)
    assert "No es igual a la de arriba" in texto(mala)
    buena = client.post(url, {"oldpassword": "demo", "password1": CLAVE, "password2": CLAVE})
    assert buena["Location"] == "/cuenta/"
    assert esta_dentro(client)
    assert Usuario.objects.get(username="ventas").check_password(CLAVE)


@pytest.mark.parametrize(
    "url", ["/cuenta/email/", "/cuenta/confirm-email/", "/cuenta/confirm-email/x/"]
)
def test_cada_persona_tiene_un_correo_y_esta_en_su_cuenta(client, personas, url):
    client.force_login(personas.ventas)
    assert client.get(url)["Location"] == "/cuenta/"
    respuesta = client.post(url, {"email": "otro@x.mx", "action_add": ""})
    assert respuesta.status_code == 405
    assert not EmailAddress.objects.exists()


# -- the second factor -----------------------------------------------------------------------------


@pytest.fixture
def con_segundo_factor(client, personas):
    """``ventas`` with the second factor activated through the pages; logged out."""
    client.force_login(personas.ventas)
    url = "/cuenta/2fa/totp/activate/"
    assert client.get(url)["Location"].startswith("/cuenta/reauthenticate/")
    mala = client.post(f"/cuenta/reauthenticate/?next={url}", {"password": "mala"})
    assert "Esa no es tu contraseña" in texto(mala)
    client.post(f"/cuenta/reauthenticate/?next={url}", {"password": "demo"})
    pagina = client.get(url)
    assert 'class="qr" role="img"' in pagina.content.decode()
    assert "style=" not in pagina.content.decode()
    secreto = re.search(r"<code>(\w+)</code>", pagina.content.decode()).group(1)
    assert "Código incorrecto" in texto(client.post(url, {"code": "12"}))
    secreto = re.search(r"<code>(\w+)</code>", client.get(url).content.decode()).group(1)
    respuesta = client.post(url, {"code": codigo_de(secreto)}, follow=True)
    assert respuesta.redirect_chain[-1][0] == "/cuenta/2fa/recovery-codes/"
    codigos = re.findall(r"<code>(\d+)</code>", respuesta.content.decode())
    assert len(codigos) == 10
    client.logout()
    cache.clear()
    return secreto, codigos


def test_con_segundo_factor_la_contrasena_no_basta(client, con_segundo_factor):
    secreto, _ = con_segundo_factor
    respuesta = entrar(client, "ventas", next="/clientes/")
    assert respuesta["Location"].startswith("/cuenta/2fa/authenticate/")
    assert not esta_dentro(client)
    url = "/cuenta/2fa/authenticate/"
    assert "Código incorrecto" in texto(client.post(url, {"code": "000"}))
    assert client.post(url, {"code": codigo_de(secreto)})["Location"] == "/clientes/"
    assert esta_dentro(client)


def test_un_codigo_de_recuperacion_sirve_una_vez(client, con_segundo_factor):
    _, codigos = con_segundo_factor
    url = "/cuenta/2fa/authenticate/"
    entrar(client, "ventas")
    assert client.post(url, {"code": codigos[0]}).status_code == 302
    assert esta_dentro(client)
    assert "Te quedan 9" in texto(client.get("/cuenta/2fa/"))
    client.logout()
    entrar(client, "ventas")
    assert "Código incorrecto" in texto(client.post(url, {"code": codigos[0]}))
    assert not esta_dentro(client)


def test_el_sexto_codigo_malo_ya_no_se_prueba(client, con_segundo_factor):
    secreto, _ = con_segundo_factor
    entrar(client, "ventas")
    for _ in range(5):
        respuesta = client.post("/cuenta/2fa/authenticate/", {"code": "000000"})
        assert "Código incorrecto" in texto(respuesta)
    respuesta = client.post("/cuenta/2fa/authenticate/", {"code": codigo_de(secreto)})
    assert DEMASIADOS in texto(respuesta)
    assert not esta_dentro(client)


@pytest.mark.parametrize(
    "datos", [{}, {"code": ""}, {"code": "x" * 5000}, {"code": "\x00"}, {"credential": "{}"}]
)
def test_un_codigo_sin_sentido_no_tira_la_pagina(client, con_segundo_factor, datos):
    entrar(client, "ventas")
    assert client.post("/cuenta/2fa/authenticate/", datos).status_code in (200, 302, 400)
    assert not esta_dentro(client)


def test_se_desactiva_y_se_generan_otros_codigos(client, personas, con_segundo_factor):
    secreto, codigos = con_segundo_factor
    entrar(client, "ventas")
    client.post("/cuenta/2fa/authenticate/", {"code": codigos[0]})
    respuesta = client.post("/cuenta/2fa/recovery-codes/generate/", follow=True)
    assert "Confirma que eres tú" in texto(respuesta)
    url = "/cuenta/reauthenticate/?next=/cuenta/2fa/recovery-codes/generate/"
    assert "uno de recuperación" in texto(client.get(url))
    # what had been pressed goes on by itself
    respuesta = client.post(url, {"password": "demo", "code": codigos[1]}, follow=True)
    nuevos = re.findall(r"<code>(\d+)</code>", respuesta.content.decode())
    assert len(nuevos) == 10 and not set(nuevos) & set(codigos)
    assert "dejarán de servir" in texto(client.get("/cuenta/2fa/totp/deactivate/"))
    client.post("/cuenta/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=personas.ventas).exists()
    client.logout()
    assert entrar(client, "ventas")["Location"] == "/"


@pytest.mark.parametrize(
    "url",
    [
        "/cuenta/2fa/recovery-codes/",
        "/cuenta/2fa/recovery-codes/generate/",
        "/cuenta/2fa/totp/deactivate/",
        "/cuenta/sesiones/cerrar/",
    ],
)
def test_ni_la_contrasena_ni_el_codigo_solos_abren_la_seguridad_de_la_cuenta(
    client, personas, con_segundo_factor, url
):
    """With the password alone the recovery codes were shown, and with them the second factor was void."""
    _, codigos = con_segundo_factor
    entrar(client, "ventas")
    client.post("/cuenta/2fa/authenticate/", {"code": codigos[0]})
    confirma = f"/cuenta/reauthenticate/?next={url}"
    for puerta, datos in (
        (confirma, {"password": "demo"}),
        (confirma, {"password": "demo", "code": "000000"}),
        (confirma, {"code": codigos[1]}),
        (f"/cuenta/2fa/reauthenticate/?next={url}", {"code": codigos[1]}),
    ):
        client.post(puerta, datos)
        cerrada = client.get(url)
        assert cerrada.status_code == 302, datos
        assert cerrada["Location"].startswith("/cuenta/reauthenticate/"), datos
    client.post(confirma, {"password": "demo", "code": codigos[2]})
    assert not client.get(url).get("Location", "").startswith("/cuenta/reauthenticate/")


def test_quien_perdio_telefono_y_codigos_pide_que_se_lo_quiten(
    client, personas, con_segundo_factor
):
    assert cuentas.quitar_segundo_factor(personas.ventas)
    assert not cuentas.quitar_segundo_factor(personas.ventas)
    assert entrar(client, "ventas")["Location"] == "/"


# -- Mi cuenta -------------------------------------------------------------------------------------

DATOS = {
    "first_name": "Inés",
    "last_name": "Ñandú",
    "email": "ines@ejemplo.mx",
    "telefono": "+528183452210",
}


def entrar_con_clave(client, usuario):
    """The password just typed is what a new address asks for."""
    client.force_login(usuario)
    client.post("/cuenta/reauthenticate/", {"password": "demo"})


def test_cada_quien_cambia_sus_datos_y_nada_mas(client, personas):
    entrar_con_clave(client, personas.ventas)
    mas = {"rol": "DG", "es_gerente": "on", "is_superuser": "on", "username": "otro", "id": "1"}
    assert client.post("/cuenta/", DATOS | mas)["Location"] == "/cuenta/"
    yo = Usuario.objects.get(pk=personas.ventas.pk)
    assert {k: getattr(yo, k) for k in DATOS} == DATOS
    assert (yo.rol, yo.es_gerente, yo.is_superuser, yo.username) == ("VEN", False, False, "ventas")


@pytest.mark.parametrize(
    "malo",
    [
        {"email": ""},
        {"email": "no-es"},
        {"first_name": ""},
        {"first_name": "x" * 999},
        {"telefono": "1" * 99},
    ],
)
def test_datos_malos_se_dicen_y_lo_escrito_queda(client, personas, malo):
    client.force_login(personas.ventas)
    respuesta = client.post("/cuenta/", DATOS | malo)
    assert respuesta.status_code == 422
    assert "No se guardó todavía" in texto(respuesta)
    assert 'value="Ñandú"' in unescape(respuesta.content.decode())
    assert Usuario.objects.get(pk=personas.ventas.pk).last_name == "Pruebas"


@pytest.mark.parametrize(
    ("campo", "valor", "dice"),
    [
        ("first_name", "Dirección General <dg@x.example>", "Escribe solo el nombre"),
        ("last_name", "a@b", "Escribe solo el nombre"),
        ("email", "DIRECCION@ejemplo.mx", "Esa dirección es de otra cuenta."),
    ],
)
def test_nadie_se_llama_como_otro_ni_tiene_su_correo(client, personas, campo, valor, dice):
    """Refused before the password is asked, at *Mi cuenta*, in the panel and where an area invites."""
    u = personas.ventas
    suyo = {
        "first_name": "Ana",
        "last_name": "Ruiz",
        "email": u.email,
        "telefono": "",
        "puesto": "",
    }
    client.force_login(u)
    respuesta = client.post("/cuenta/", suyo | CON_CLAVE | {campo: valor})
    assert respuesta.status_code == 422 and dice in unescape(respuesta.text)
    client.force_login(personas.admin)
    mas = {"username": "ventas", "rol": "VEN", "is_active": "on"}
    url = f"/admin/casos/usuario/{u.pk}/change/"
    assert dice in unescape(client.post(url, suyo | mas | CON_CLAVE | {campo: valor}).text)
    en_el_area = {"first_name": "nombre", "last_name": "apellidos", "email": "correo"}[campo]
    nueva = {"area": Area.objects.get(codigo="JUR").pk, "usuario_nuevo": "eva", "nombre": "Eva",
             "apellidos": "Paz", "correo": "eva@x.example", "activa": "on"}  # fmt: skip
    client.force_login(personas.juridico)
    datos = nueva | CON_CLAVE | {en_el_area: valor}
    assert dice in unescape(client.post("/admin/casos/membresia/add/", datos).text)
    assert Usuario.objects.get(pk=u.pk).email == u.email


def test_dos_que_ya_comparten_correo_guardan_lo_demas(client, personas):
    Usuario.objects.filter(pk=personas.ventas2.pk).update(email=personas.ventas.email)
    client.force_login(personas.ventas)
    datos = {"first_name": "Ana", "last_name": "Ruiz", "email": personas.ventas.email}
    assert client.post("/cuenta/", datos | {"telefono": "", "puesto": ""}).status_code == 302


def test_una_suplencia_se_presta_se_ve_y_se_termina(client, personas):
    client.force_login(personas.ventas)
    datos = {
        "suplente": personas.ventas2.pk,
        "desde": hoy(),
        "hasta": hoy() + timedelta(days=5),
        "motivo": "Vacaciones",
    }
    assert client.post("/cuenta/suplencia/", datos | CON_CLAVE).status_code == 302
    suplencia = Suplencia.objects.get()
    assert (suplencia.titular, suplencia.suplente) == (personas.ventas, personas.ventas2)
    assert "Ventas2 Pruebas" in texto(client.get("/cuenta/"))
    repetida = client.post("/cuenta/suplencia/", datos)
    assert repetida.status_code == 422
    assert "Ya tienes una suplencia en esas fechas" in texto(repetida)
    url = f"/cuenta/suplencia/{suplencia.pk}/"
    client.force_login(personas.ventas2)
    assert "A quién suplo Ventas Pruebas" in texto(client.get("/cuenta/"))
    assert client.post(url).status_code == 404  # only who lent it ends it
    client.force_login(personas.ventas)
    assert client.get(url)["Location"] == "/cuenta/"
    assert Suplencia.objects.exists()
    client.post(url)
    assert not Usuario.objects.get(pk=personas.ventas2.pk).cargos[1:]


@pytest.mark.parametrize(
    "cambio",
    [
        {"suplente": "99999999999999999999"},
        {"suplente": "x"},
        {"suplente": "0"},
        {"suplente": ""},
        {"desde": "0001-01-01"},
        {"hasta": "9999-12-31"},
        {"hasta": "2020-01-01"},
        {"desde": "ayer"},
        {"motivo": "x" * 999},
    ],
)
def test_una_suplencia_sin_sentido_se_rechaza(client, personas, cambio):
    client.force_login(personas.ventas)
    datos = {"suplente": personas.ventas2.pk, "desde": hoy(), "hasta": hoy(), "motivo": "Sí"}
    respuesta = client.post("/cuenta/suplencia/", datos | cambio)
    assert respuesta.status_code == 422
    assert not Suplencia.objects.exists()


@pytest.mark.parametrize("nombre", ["calidad", "auditor", "admin"])
def test_quien_no_actua_en_casos_no_tiene_que_prestar(client, personas, nombre):
    client.force_login(getattr(personas, nombre))
    assert "Quién me suple" not in texto(client.get("/cuenta/"))
    datos = {"suplente": personas.ventas.pk, "desde": hoy(), "hasta": hoy()}
    assert client.post("/cuenta/suplencia/", datos).status_code == 422
    assert not Suplencia.objects.exists()


@pytest.mark.parametrize("nombre", ["calidad", "auditor", "admin", "ventas"])
def test_no_suple_quien_no_actua_ni_uno_mismo(client, personas, nombre):
    client.force_login(personas.ventas)
    datos = {"suplente": getattr(personas, nombre).pk, "desde": hoy(), "hasta": hoy()}
    assert client.post("/cuenta/suplencia/", datos).status_code == 422


def test_la_suplencia_de_otra_persona_no_se_toca(client, personas):
    ajena = SuplenciaFactory(titular=personas.gerente, suplente=personas.ventas2)
    client.force_login(personas.ventas)
    assert client.post(f"/cuenta/suplencia/{ajena.pk}/").status_code == 404
    ajena.refresh_from_db()
    assert ajena.hasta >= hoy()


# -- Falta configurar ------------------------------------------------------------------------------


def test_al_administrador_se_le_lleva_a_lo_que_falta(client, db):
    sin_pedir_segundo_factor()
    UsuarioFactory(username="admin", admin=True)
    assert entrar(client, "admin")["Location"] == "/configurar/"
    pagina = texto(client.get("/configurar/"))
    assert "No hay gerente comercial" in pagina
    assert "Jurídico no tiene a nadie que conteste" in pagina


def test_cuando_nada_falta_entra_como_todos(client, personas):
    sin_pedir_segundo_factor()
    assert [str(f) for f in lo_que_falta()] == []
    assert entrar(client, "admin")["Location"] == "/"
    assert "Todo está listo" in texto(client.get("/configurar/"))


@pytest.mark.parametrize(
    ("romper", "dice"),
    [
        (lambda: Usuario.objects.filter(es_gerente=True).update(is_active=False), "No hay gerente"),
        (lambda: Membresia.objects.filter(area__codigo="NOM").update(activa=False), "Nóminas no tiene"),
        (lambda: Usuario.objects.filter(username="juridico").update(is_active=False), "Jurídico no tiene"),
        (lambda: Usuario.objects.filter(username="dh").update(email=""), "Sin correo no reciben avisos: Dh"),
        (lambda: Motivo.objects.filter(catalogo="CLIENTE").update(activo=False), "«Motivos del cliente»"),
        (lambda: Motivo.objects.filter(catalogo="NUESTRO").delete(), "«Motivos nuestros»"),
        (lambda: DiaInhabil.objects.filter(fecha__year=hoy().year).delete(), f"inhábiles de {hoy().year}"),
        (lambda: DiaInhabil.objects.filter(fecha__year=hoy().year + 1).delete(), f"inhábiles de {hoy().year + 1}"),
    ],
)  # fmt: skip
def test_cada_hueco_se_dice_con_la_pagina_donde_se_cierra(client, personas, romper, dice):
    romper()
    client.force_login(personas.admin)
    [falta] = lo_que_falta()
    assert dice in falta.texto
    assert f'href="{escape(falta.enlace)}"' in client.get("/configurar/").content.decode()
    assert client.get(falta.url).status_code == 200


def test_el_gerente_solo_recibe_los_enlaces_que_abre(client, personas):
    """Of the rest it says whose it is; an area without people is given one, not its own page."""
    Membresia.objects.filter(area__codigo="NOM").update(activa=False)
    Usuario.objects.filter(username="dh").update(email="")
    Motivo.objects.filter(catalogo="CLIENTE").update(activo=False)
    enlaces = {}
    for quien in ("admin", "gerente"):
        client.force_login(getattr(personas, quien))
        pagina = client.get("/configurar/").text
        enlaces[quien] = re.findall(r'href="(/admin/[^"]*)">Resolver', pagina)
        assert all(client.get(url).status_code == 200 for url in enlaces[quien])
        assert pagina.count("Lo hace quien administra el sistema") == 3 - len(enlaces[quien])
    assert enlaces["gerente"] == ["/admin/casos/motivo/add/?catalogo=CLIENTE&amp;volver=configurar"]
    nominas = Membresia.objects.get(area__codigo="NOM").area_id
    alta = f"/admin/casos/membresia/add/?area={nominas}&amp;volver=configurar"
    assert len(enlaces["admin"]) == 3 and alta in enlaces["admin"]
    client.force_login(personas.admin)
    assert f'<option value="{nominas}" selected>' in client.get(alta).text


@pytest.mark.parametrize(("nombre", "estado"), [
    ("admin", 200), ("gerente", 200), ("direccion", 403), ("ventas", 403), ("juridico", 403),
    ("auditor", 403),
])  # fmt: skip
def test_lo_que_falta_es_de_quien_configura(client, personas, nombre, estado):
    client.force_login(getattr(personas, nombre))
    assert client.get("/configurar/").status_code == estado


@pytest.mark.parametrize("parecido", ["dirесcion", "dirección", "Direccion", "данные"])
def test_un_nombre_de_usuario_no_se_lee_como_el_de_otra(client, personas, parecido):
    """Neither who administers nor who runs an area gives one."""
    client.force_login(personas.admin)
    datos = {
        "username": parecido,
        "first_name": "Otra",
        "email": "otra@x.mx",
        "rol": "VEN",
        "is_active": "on",
    }
    respuesta = client.post("/admin/casos/usuario/add/", datos)
    assert respuesta.status_code == 200
    assert respuesta.context["adminform"].form.errors["username"]
    datos = {"area": Area.objects.get(codigo="JUR").pk, "usuario_nuevo": parecido, "nombre": "Otra",
             "correo": "otra@x.mx", "activa": "on"}  # fmt: skip
    respuesta = client.post("/admin/casos/membresia/add/", datos)
    assert respuesta.context["adminform"].form.errors["usuario_nuevo"]


def test_un_nombre_de_usuario_con_acentos_sirve(personas):
    revisar_nombre_de_usuario("íñigo.peña_1")
