"""A few hundred of ``make hostil``, without its server: each answer judged, nothing left of what was refused.

The whole, with the real web server and every page: ``python -m herramientas.hostil``.
"""

import io
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test.client import ClientHandler

from herramientas.hostil import mundo as tierra_
from herramientas.hostil.ataque import Ataque
from herramientas.hostil.cable import Peticion, Respuesta
from herramientas.hostil.huella import PUEDE_QUEDAR
from herramientas.hostil.juez import XLSX, Juez
from herramientas.hostil.puertas import direcciones, modelo_de
from herramientas.hostil.surtido import PESOS
from seguimiento.middleware import se_puede_leer
from tests.test_entradas_malas import huella
from tests.test_urls import propias

pytestmark = pytest.mark.django_db
GENTE = ["ventas", "juridico", "auditor", "atencion"]
PETICIONES, PAGINAS = 300, 20
PETICION = Peticion("prueba", "juridico", "POST", "/")


class EnCasa:
    """To the product itself, without a wire: what only the web server would see is left out."""

    anfitrion = "127.0.0.1"

    def __init__(self):
        self.manejador = ClientHandler(enforce_csrf_checks=True)

    def enviar(self, p: Peticion) -> Respuesta:
        ruta, _, consulta = p.ruta.partition("?")
        entorno = {
            "REQUEST_METHOD": p.metodo, "SCRIPT_NAME": "", "PATH_INFO": unquote_to_bytes(ruta).decode("latin-1"),
            "QUERY_STRING": consulta, "SERVER_NAME": self.anfitrion, "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(p.cuerpo),
            "wsgi.errors": io.StringIO(), "wsgi.version": (1, 0), "wsgi.multithread": False,
            "wsgi.multiprocess": False, "wsgi.run_once": False,
        }  # fmt: skip
        for nombre, valor in p.cabeceras:
            llave = nombre.upper().replace("-", "_")
            propia = llave in ("CONTENT_TYPE", "CONTENT_LENGTH")
            entorno[llave if propia else f"HTTP_{llave}"] = valor
        if not se_puede_leer(entorno.get("CONTENT_TYPE", "")):
            entorno["CONTENT_TYPE"] = "text/plain; charset=x-no-se-usa"  # as seguimiento.wsgi does
        respuesta = self.manejador(entorno)
        cuerpo = respuesta.getvalue()
        galletas = [("Set-Cookie", c.OutputString()) for c in respuesta.cookies.values()]
        return Respuesta(respuesta.status_code, (*respuesta.headers.items(), *galletas), cuerpo)


class Vigia:
    def __init__(self):
        self.antes = huella()

    def cambios(self) -> list[str]:
        antes, self.antes = self.antes, huella()
        filas, estados = self.antes
        distintas = [t for t in filas if filas[t] != antes[0][t] and t not in PUEDE_QUEDAR]
        return distintas + ["casos_caso"] * (estados != antes[1])


@pytest.fixture
def ataque(mundo):
    tierra = tierra_.Mundo(GENTE, tierra_.plantar(tierra_.ESTADOS[:3]))
    hecho = Ataque(EnCasa(), Vigia(), tierra, GENTE, 8, alivio=cache.clear, reparar=lambda: None)
    hecho.conocer(PAGINAS)
    yield hecho


def test_unos_cientos_de_peticiones_hostiles(ataque):
    clases = [n for n in PESOS if n != "protocolo"]
    ataque.correr(PETICIONES, clases, sirve=lambda p: not p.es_deforme)
    assert [(f.peticion.clase, f.peticion.ruta[:80], f.que) for f in ataque.faltas] == []
    assert ataque.honestas_mal == 0
    # So few pages need not have a form that takes a file; those have tests of their own.
    assert set(ataque.cuentas) >= set(clases) - {"archivos"}
    assert sum(c.hechas for c in ataque.cuentas.values()) > 0  # some pass, and may leave something


BUENAS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
)
MALAS = {  # what an answer may not be → what is said of it
    "5xx": (Respuesta(500, BUENAS), "500"),
    "silencio": (Respuesta(0, error="ConnectionResetError"), "sin respuesta"),
    "sin cabeceras": (Respuesta(200, BUENAS[:1]), "sin nosniff"),
    "sin CSP": (Respuesta(200, BUENAS[:2]), "sin CSP"),
    "eco": (Respuesta(200, BUENAS, b"<p><xq1 onx=1></p>"), "sin escapar"),
    "atributo": (Respuesta(200, BUENAS, b'<input value="" onfocus=xq7 x="">'), "sin escapar"),
    "enlace": (Respuesta(200, BUENAS, b'<a href="javascript:xq9()">'), "sin escapar"),
    "plantilla": (Respuesta(200, BUENAS, b"<p>49xq</p>"), "sin escapar"),
    "ingles": (Respuesta(422, BUENAS, b"<p>This field is required.</p>"), "en ingl"),
    "traza": (Respuesta(404, BUENAS, b"psycopg2.errors"), "se ve por dentro"),
    "fuera": (Respuesta(302, (*BUENAS, ("Location", "//malo.example/"))), "lleva fuera"),
    "fuera con diagonal": (Respuesta(302, (*BUENAS, ("Location", "/\\malo.example/"))), "lleva fuera"),
    "htmx": (Respuesta(204, (*BUENAS, ("HX-Redirect", "https://malo.example/"))), "lleva fuera"),
    "cabecera": (Respuesta(200, (*BUENAS, ("X-Xq", "inyectada"))), "cabecera inyectada"),
    "galleta": (Respuesta(200, (*BUENAS, ("Set-Cookie", "sessionid=x; SameSite=Lax"))), "sin HttpOnly"),
    "oculto": (Respuesta(200, BUENAS, b"<p>PeticionAoculta</p>"), "se lee"),
    "libro": (Respuesta(200, (("Content-Type", XLSX), *BUENAS[1:]), b"PK"), "no se abre"),
}  # fmt: skip


@pytest.mark.parametrize("mala", MALAS)
def test_el_juez_nota(mundo, mala):
    tierra = tierra_.Mundo(["juridico"], tierra_.plantar(tierra_.ESTADOS[:1]))
    respuesta, dice = MALAS[mala]
    faltas = Juez(tierra, "127.0.0.1").faltas(PETICION, respuesta, [])
    assert any(dice in f for f in faltas), faltas


def test_el_juez_nota_lo_que_quedo_de_lo_rechazado_y_lo_ajeno_atendido(mundo):
    juez = Juez(tierra_.Mundo(["juridico"], []), "127.0.0.1")
    assert juez.faltas(PETICION, Respuesta(422, BUENAS), ["casos_caso"])
    assert juez.faltas(PETICION, Respuesta(302, (*BUENAS, ("Location", "/cuenta/login/"))), ["x"])
    assert not juez.faltas(PETICION, Respuesta(302, (*BUENAS, ("Location", "/"))), ["casos_caso"])
    assert juez.faltas(replace(PETICION, ajena=True), Respuesta(200, BUENAS), [])
    assert not juez.faltas(replace(PETICION, ajena=True), Respuesta(404, BUENAS), [])


def test_se_atacan_todas_las_direcciones_y_una_nueva_por_si_misma():
    """What is attacked comes from the resolver: all of it, and with its parameters filled in."""
    todas = direcciones()
    assert {d.nombre for d in todas} >= propias()
    assert all(set(re.findall(r"%\((\w+)\)s", d.plantilla)) == set(d.parametros) for d in todas)
    de = {d.nombre: d for d in todas}
    assert modelo_de(de["archivo"], "pk") == "adjunto"
    assert modelo_de(de["persona_editar"], "persona") == "personacontacto"
    assert modelo_de(de["admin:casos_opinion_change"], "object_id") == "opinion"


def test_la_pagina_de_seguridad_nombra_lo_que_hay():
    """A «met» leads to a file or a test that exists."""
    dicho = Path(settings.BASE_DIR, "docs/seguridad.md").read_text()
    faltan = [
        r for r in re.findall(r"`((?:casos|seguimiento|tests|static|templates|herramientas)/[\w./-]*)", dicho)
        if not Path(settings.BASE_DIR, r).exists()
    ]  # fmt: skip
    for ruta, prueba in re.findall(r"`(tests/[\w/]+\.py)::(\w+)", dicho):
        if f"def {prueba}(" not in Path(settings.BASE_DIR, ruta).read_text():
            faltan.append(prueba)
    assert faltan == []
