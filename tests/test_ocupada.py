"""While somebody else writes: nobody is told that it failed, or that they tried too often; nothing typed is lost."""

import re

import pytest
from django.core.management import call_command
from django.db import OperationalError

from casos.catalogos import Estado
from casos.pasos import puerta
from casos.web import dar_paso
from seguimiento.cache_de_base import CacheDeBase


@pytest.mark.parametrize(
    "dice", ["database is locked", "deadlock detected", "canceling: lock timeout"]
)
def test_un_paso_que_no_se_pudo_guardar_se_intenta_de_nuevo_sin_perder_lo_escrito(
    mundo, client, monkeypatch, dice
):
    caso = mundo.hasta(Estado.EN_CONTACTO)
    client.force_login(mundo.p.ventas)
    url = f"/casos/{caso.folio}/anotar/"
    pagina = client.get(url)
    datos = dict(re.findall(r'name="(\w+)"[^>]* value="([^"]*)"', pagina.text))
    [campo] = re.findall(r'<textarea name="(\w+)"', pagina.text)
    datos[campo] = 'Llamó "Ana" & colgó\nvuelve mañana'

    def ocupada(*_, **__):
        raise OperationalError(dice)

    monkeypatch.setattr(dar_paso, "ejecutar", ocupada)
    client.raise_request_exception = False
    respuesta = client.post(url, datos)
    assert respuesta.status_code == 503
    assert "inténtalo de nuevo" in respuesta.text and "Intentar de nuevo" in respuesta.text
    assert "&#34;Ana&#34; &amp; colgó\nvuelve" in respuesta.text
    monkeypatch.setattr(dar_paso, "ejecutar", puerta.ejecutar)
    assert client.post(url, datos).status_code == 302


def test_lo_demas_que_falla_sigue_siendo_una_falla(mundo, client, monkeypatch):
    def rota(*_, **__):
        raise OperationalError("no such table: casos_caso")

    monkeypatch.setattr(dar_paso, "ejecutar", rota)
    client.force_login(mundo.p.ventas)
    client.raise_request_exception = False
    caso = mundo.hasta(Estado.EN_CONTACTO)
    assert client.post(f"/casos/{caso.folio}/anotar/", {"texto": "x"}).status_code == 500


def test_una_contrasena_no_va_en_la_pagina(client, db, monkeypatch):
    from allauth.account import views

    def ocupada(*_, **__):
        raise OperationalError("database is locked")

    monkeypatch.setattr(views.LoginView, "form_valid", ocupada)
    monkeypatch.setattr(views.LoginView, "form_invalid", ocupada)
    client.raise_request_exception = False
    respuesta = client.post("/cuenta/login/", {"login": "ventas", "password": "secreta-9"})
    assert respuesta.status_code == 503 and "secreta-9" not in respuesta.text
    assert 'href="/cuenta/login/"' in respuesta.text


def test_la_cache_bajo_llave_no_cuenta_como_intento(db, monkeypatch):
    call_command("createcachetable", "cache_de_prueba")
    cache = CacheDeBase("cache_de_prueba", {})
    assert cache.add("llave", 1) and not cache.add("llave", 1)
    cache.delete("llave")
    # As Django's answers when the table cannot be written.
    monkeypatch.setattr(
        "django.core.cache.backends.db.DatabaseCache._base_set", lambda *a, **k: False
    )
    assert cache.add("llave", 1)

    def rota(*_, **__):
        raise OperationalError("database is locked")

    monkeypatch.setattr("django.core.cache.backends.db.DatabaseCache._base_delete_many", rota)
    assert cache.delete("llave") is False
