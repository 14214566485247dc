"""Entering through the whole system: a real mail server, pages in Spanish, text that waits.

Each rule of an account page by itself is in ``test_cuentas``.
"""

import re
from html import unescape

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.urls import reverse

from casos.catalogos import Estado
from casos.correo import envio
from casos.models import Evento, Usuario
from tests.guion import Guion
from tests.personas import sesion_vencida
from tests.segundo_factor import codigo_de
from tests.test_urls import CUENTAS

ENTRAR = "/cuenta/login/"
INGLES = re.compile(
    r"\b(sign|log|login|password|save|cancel|submit|welcome|please|required|enter|your|change|"
    r"activate|authenticator|authenticate|recovery|codes?|deactivate|view|download|generate|home|"
    r"search|back|continue|confirm|verify|the|this|you|and|with|email|account)\b",
    re.I,
)


def texto(respuesta) -> str:
    pagina = re.sub(r"(?s)<(script|style|code)\b.*?</\1>", " ", respuesta.content.decode())
    return " ".join(unescape(re.sub(r"(?s)<[^>]+>", " ", pagina)).split())


def entrar(client, quien, clave, **mas):
    return client.post(ENTRAR, {"login": quien, "password": clave} | mas)


def esta_dentro(client) -> bool:
    return client.get("/").status_code == 200


def cuerpo(mensaje) -> str:
    parte = next(p for p in mensaje.walk() if p.get_content_type() == "text/plain")
    return parte.get_payload(decode=True).decode()


def test_la_contrasena_se_recupera_por_un_servidor_de_correo_de_verdad(
    client, personas, smtp, settings
):
    """The mail's link ignores Host and X-Forwarded-Host, and answers look alike for nobody."""
    settings.URL_BASE = "https://seguimiento.firma.mx"
    falsos = {"HTTP_HOST": "localhost", "HTTP_X_FORWARDED_HOST": "malo.example"}
    pedir = "/cuenta/password/reset/"
    conocida = client.post(pedir, {"email": personas.ventas.email}, follow=True, **falsos)
    nadie = client.post(pedir, {"email": "nadie@ejemplo.mx"}, follow=True, **falsos)
    assert texto(conocida) == texto(nadie)
    assert (conocida.status_code, conocida.redirect_chain) == (200, nadie.redirect_chain)
    assert client.post(pedir, {"email": "x@x.mx"}, HTTP_HOST="malo.example").status_code == 400
    envio.enviar_pendientes()
    [mensaje] = smtp.mensajes
    assert mensaje.destinatarios == [personas.ventas.email]
    carta = cuerpo(mensaje)
    assert not INGLES.search(re.sub(r"https?://\S+", "", carta)), carta
    assert "malo.example" not in str(mensaje) and "localhost" not in carta
    enlace = re.search(r"https?://\S+", carta).group()
    assert enlace.startswith("https://seguimiento.firma.mx/cuenta/password/reset/key/")
    pagina = client.get("/" + enlace.split("/", 3)[-1], follow=True)
    nueva = {"password1": "grapa-pila-caballo", "password2": "grapa-pila-caballo"}
    client.post(pagina.redirect_chain[-1][0], nueva)
    assert entrar(client, "ventas", "demo").status_code == 200
    assert entrar(client, "ventas", "grapa-pila-caballo").status_code == 302
    assert esta_dentro(client)


@pytest.mark.parametrize("quien", ["ventas", "nadie"])
def test_al_sexto_error_ni_la_buena_entra(client, personas, quien):
    respuestas = [entrar(client, quien, "mala") for _ in range(6)]
    buena = entrar(client, quien, "demo")
    quinta, sexta = respuestas[-2:]
    assert texto(sexta) != texto(quinta)
    assert texto(buena) == texto(sexta)
    assert not esta_dentro(client)


def test_con_los_mismos_pasos_conocidos_y_desconocidos_leen_lo_mismo(client, personas):
    leido = {}
    for quien in ("ventas", "nadie"):
        cache.clear()
        respuestas = [entrar(client, quien, "mala") for _ in range(7)]
        leido[quien] = [(r.status_code, texto(r)) for r in respuestas]
    assert leido["ventas"] == leido["nadie"]


def test_quien_fue_dado_de_baja_no_entra_y_un_extrano_no_lo_nota(client, personas):
    Usuario.objects.filter(username="ventas").update(is_active=False)
    baja, nadie = entrar(client, "ventas", "mala"), entrar(client, "nadie", "mala")
    assert (baja.status_code, texto(baja)) == (nadie.status_code, texto(nadie))
    assert entrar(client, "ventas", "demo")["Location"] == "/cuenta/inactive/"
    assert not esta_dentro(client)


@pytest.mark.parametrize("nombre", CUENTAS)
def test_ninguna_pagina_de_cuenta_habla_en_ingles(client, personas, nombre):
    """As nobody, inside, and inside with the second factor; empty and sent with nothing."""
    url = reverse(nombre, args=CUENTAS[nombre][0])
    for modo in ("fuera", "dentro", "con segundo factor", "a medias"):
        client.logout()
        cache.clear()
        if modo == "con segundo factor":
            totp.TOTP.activate(personas.ventas, "JBSWY3DPEHPK3PXP")
            RecoveryCodes.activate(personas.ventas)
        if modo != "fuera":
            entrar(client, "ventas", "demo")
        if modo == "con segundo factor":
            codigo = codigo_de("JBSWY3DPEHPK3PXP")
            client.post("/cuenta/2fa/authenticate/", {"code": codigo})
        for respuesta in (client.get(url, follow=True), client.post(url, {}, follow=True)):
            tipo = respuesta.get("Content-Type", "")
            if "text/html" not in tipo:
                continue
            leido = texto(respuesta)
            assert respuesta.status_code < 500
            assert not INGLES.findall(leido), (modo, url, leido[:600])


@pytest.mark.parametrize("accion", ["anotar", "registrar_contacto", "planear"])
def test_lo_escrito_en_un_paso_espera_a_que_se_vuelva_a_entrar(client, personas, accion):
    caso = Guion(personas).hasta(Estado.EN_CONTACTO)
    eventos = Evento.objects.count()
    url = f"/casos/{caso.folio}/{accion}/"
    escrito = {
        "nota": "Quieren <tres> turnos & más plazas.",
        "resumen": "Quedó en pensarlo «bien».",
        "proxima_accion": "Llamar el jueves.",
        "version": "1",
    }
    sesion_vencida(client, personas.ventas)
    respuesta = client.post(url, escrito)
    assert respuesta["Location"] == f"{ENTRAR}?next={url}"
    respuesta = entrar(client, "ventas", "demo", next=url)
    assert respuesta["Location"] == url
    pagina = unescape(client.get(url).content.decode())
    campo = {"anotar": "nota", "registrar_contacto": "resumen", "planear": "proxima_accion"}[accion]
    assert escrito[campo] in pagina
    assert "Recuperamos lo que habías escrito" in pagina
    assert Evento.objects.count() == eventos
    client.post(f"/borrador/descartar/?ruta={url}")
    assert "Recuperamos" not in unescape(client.get(url).content.decode())


def test_lo_escrito_por_una_persona_no_lo_lee_otra_que_no_ve_el_caso(client, personas):
    caso = Guion(personas).hasta(Estado.EN_CONTACTO)
    url = f"/casos/{caso.folio}/anotar/"
    sesion_vencida(client, personas.ventas)
    client.post(url, {"nota": "Solo para quien lo escribió."})
    entrar(client, "ajena", "demo", next=url)
    respuesta = client.get(url)
    assert respuesta.status_code == 404
    assert "Solo para" not in respuesta.content.decode()
