"""Settings that fail loudly, headers of every page, and the health check."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import override_settings

RAIZ = Path(__file__).resolve().parent.parent


def arrancar(**entorno):
    limpio = {k: v for k, v in os.environ.items() if not k.endswith("_URL")}
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        cwd=RAIZ,
        env=limpio
        | {"DJANGO_SETTINGS_MODULE": "seguimiento.settings", "SECRET_KEY": "x" * 40}
        | entorno,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("entorno", "dice"),
    [
        ({"DEBUG": "si"}, "DEBUG debe ser 0 o 1"),
        ({"DEMO": "True"}, "DEMO debe ser 0 o 1"),
        ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL debe empezar con"),
        ({"DATABASE_URL": "postgres://x"}, "no dice el nombre de la base"),
        ({"DATABASE_URL": "postgres://u:p@h:abc/y"}, "puerto que no es un número"),
        ({"EMAIL_URL": "correo"}, "EMAIL_URL debe empezar con"),
        ({"EMAIL_URL": "smtp://"}, "EMAIL_URL no dice el servidor"),
        ({"CACHE_URL": "memcached://x"}, "CACHE_URL debe empezar con"),
        ({"COLA_URL": "amqp://x"}, "COLA_URL debe empezar con"),
        ({"ALLOWED_HOSTS": "http://x.mx"}, "ALLOWED_HOSTS lleva nombres"),
        ({"URL_BASE": "x.mx"}, "URL_BASE debe empezar con"),
        ({"SECRET_KEY": "corta"}, "al menos 32 caracteres"),
        ({"CORREO_REMITENTE": "nadie"}, "no es una dirección de correo"),
    ],
)
def test_lo_que_no_tiene_sentido_detiene_el_arranque_con_una_frase(entorno, dice):
    proceso = arrancar(**entorno)
    assert proceso.returncode != 0
    ultima = proceso.stderr.strip().splitlines()[-1]
    assert ultima.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert dice in ultima


def test_lo_que_si_tiene_sentido_arranca():
    proceso = arrancar(
        EMAIL_URL="smtp+tls://u%40x:p@correo.x.mx:587", CACHE_URL="redis://localhost/1",
        COLA_URL="redis://localhost/2", HTTPS="1", URL_BASE="https://seguimiento.x.mx",
        ALLOWED_HOSTS="seguimiento.x.mx", DATABASE_URL="postgres://u:p@h:5432/y",
    )  # fmt: skip
    assert proceso.returncode == 0, proceso.stderr


def test_cabeceras_de_seguridad_en_toda_pagina(client, personas):
    client.force_login(personas.ventas)
    for url in ("/", "/casos/", "/cuenta/", "/no-existe/", "/salud/"):
        cabeceras = client.get(url).headers
        csp = cabeceras["Content-Security-Policy"]
        assert "default-src 'none'" in csp
        assert "unsafe" not in csp and "http" not in csp
        assert cabeceras["X-Content-Type-Options"] == "nosniff"
        assert cabeceras["X-Frame-Options"] == "DENY"
        assert cabeceras["Referrer-Policy"] == "same-origin"
        assert cabeceras["Cross-Origin-Opener-Policy"] == "same-origin"
        assert cabeceras["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in cabeceras["Permissions-Policy"]
        assert "no-store" in cabeceras["Cache-Control"]


@pytest.mark.parametrize("metodo", ["GET", "POST"])
def test_otra_codificacion_del_cuerpo_se_rechaza_con_415(client, metodo):
    tipo = "application/x-www-form-urlencoded; charset=utf-16"
    for url in ("/cuenta/login/", "/casos/", "/no-existe/"):
        respuesta = client.generic(metodo, url, "login=a".encode("utf-16"), content_type=tipo)
        assert respuesta.status_code == 415


def test_bytes_nulos_en_la_direccion_son_400(client, personas):
    client.force_login(personas.ventas)
    for url in ("/casos/?q=%00", "/casos/%00/", "/avisos/?caso=%00"):
        assert client.get(url).status_code == 400


@pytest.mark.django_db
def test_salud_responde_sin_entrar(client):
    respuesta = client.get("/salud/")
    assert (respuesta.status_code, respuesta.json()) == (200, {"base": "ok", "cola": "ok"})


@pytest.mark.django_db
def test_salud_dice_503_si_la_cola_no_responde(client, monkeypatch):
    from casos.views import salud

    def roto():
        raise ConnectionError

    monkeypatch.setattr(salud, "get_broker", roto)
    respuesta = client.get("/salud/")
    assert (respuesta.status_code, respuesta.json()["cola"]) == (503, "no responde")


@override_settings(DEBUG=False)
def test_la_pagina_de_error_no_necesita_nada(client, monkeypatch, personas):
    client.force_login(personas.ventas)
    client.raise_request_exception = False
    monkeypatch.setattr("casos.views.pendientes.render", lambda *a, **k: 1 / 0)
    respuesta = client.get("/")
    assert respuesta.status_code == 500
    assert 'lang="es-MX"' in respuesta.content.decode()
