"""Who sends little by little, or nothing, or reads nothing, keeps nobody out; a real server on loopback."""

import http.client
import os
import socket
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from aguante import procesos
from aguante.lentas import Lentas
from seguimiento import servidor
from tests.reloj import de_otro_proceso

from .test_mudar import direccion

RAIZ = Path(__file__).resolve().parent.parent
pytestmark = [pytest.mark.django_db(transaction=True), de_otro_proceso]


def url_de_la_base() -> str:
    es_sqlite = connection.vendor == "sqlite"
    return f"sqlite:///{connection.settings_dict['NAME']}" if es_sqlite else direccion()


@pytest.fixture(scope="module")
def sitio(tmp_path_factory, django_db_setup):
    """Deadlines of two seconds instead of half a minute; everything else as the product starts."""
    tmp_path = tmp_path_factory.mktemp("sitio")
    (tmp_path / "apurado.py").write_text(
        "from seguimiento import servidor\n"
        "servidor.OCIO = servidor.CABEZA = servidor.CUERPO = 2\n"
        "servidor.DESAGUE = 2\n"
        "class Trabajador(servidor.Trabajador): pass\n"
    )
    ruta = f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}"
    variables = {
        "DJANGO_SETTINGS_MODULE": "seguimiento.settings_pruebas",
        "PYTHONPATH": ruta,
        "SECRET_KEY": settings.SECRET_KEY,
        "GUNICORN_CMD_ARGS": "",
    }
    web = procesos.web(RAIZ, url_de_la_base(), tmp_path, **variables)
    web._orden += ["--workers", "1", "--threads", "2", "--worker-class", "apurado.Trabajador"]
    with web:
        procesos.hasta_que_sirva(web.puerto)
        yield web


def pedir(puerto, metodo, ruta, cuerpo=None, **cabeceras):
    conexion = http.client.HTTPConnection("127.0.0.1", puerto, timeout=120)
    try:
        conexion.request(metodo, ruta, cuerpo, cabeceras)
        respuesta = conexion.getresponse()
        return respuesta, respuesta.read().decode()
    finally:
        conexion.close()


def test_las_que_gotean_no_quitan_su_lugar_a_nadie(sitio, personas):
    quien = Client()
    quien.force_login(personas.ventas)
    galleta = {"Cookie": f"sessionid={quien.cookies['sessionid'].value}"}
    with Lentas(sitio.puerto, cabezas=8, cuerpos=8, calladas=30, sin_leer=4, cada=0.2) as lentas:
        for ruta in ("/salud/", "/casos/"):
            respuesta, _ = pedir(sitio.puerto, "GET", ruta, **galleta)
            assert respuesta.status == 200, ruta
        fin = time.monotonic() + 120
        while len(lentas.colgadas) < 46 and time.monotonic() < fin:
            time.sleep(0.1)
    # Each was given its time, and hung up on though it went on sending.
    assert len(lentas.colgadas) == 46 and min(lentas.colgadas) > 2


def test_lo_que_llega_despacio_y_llega_entra_entero(sitio, monkeypatch):
    """Slower than any drip's deadline, at more than the least pace."""
    cuerpo = b"login=ventas&password=x&relleno=" + b"a" * 60_000
    cabeza = (
        "POST /cuenta/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(cuerpo)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", sitio.puerto), timeout=120) as enchufe:
        enchufe.sendall(cabeza.encode())
        for i in range(0, len(cuerpo), 5000):
            enchufe.sendall(cuerpo[i : i + 5000])
            time.sleep(0.3)
        dicho = b""
        while trozo := enchufe.recv(65536):
            dicho += trozo
    assert dicho.startswith(b"HTTP/1.1 403"), dicho[
        :200
    ]  # without the page's token, and read whole


def test_lo_que_no_cabe_se_dice_en_espanol_y_que_se_cierra(sitio):
    """Told from its length, while it is still being sent, and the answer gets there."""
    largo = settings.CUERPO_MAXIMO + 1_000_000
    respuesta, pagina = pedir(sitio.puerto, "POST", "/cuenta/login/", b"a" * largo)
    assert (respuesta.status, respuesta.headers["Connection"]) == (413, "close")
    assert 'lang="es-MX"' in pagina
    trozos = (b"a" * 65536 for _ in range(largo // 65536 + 1))
    respuesta, pagina = pedir(
        sitio.puerto, "POST", "/cuenta/login/", trozos, **{"Transfer-Encoding": "chunked"}
    )
    assert respuesta.status == 413 and 'lang="es-MX"' in pagina


def test_lo_que_no_se_entiende_se_dice_con_palabras(sitio):
    for crudo, codigo, dice in (
        (b"GET / HTTP/1.1\r\nHo st: x\r\n\r\n", b"400", servidor.EN_PALABRAS[400]),
        (b"GET / HTTP/1.1\r\nCookie: " + b"a" * 40_000, b"431", servidor.EN_PALABRAS[431]),
    ):
        with socket.create_connection(("127.0.0.1", sitio.puerto), timeout=120) as enchufe:
            enchufe.sendall(crudo)
            dicho = b""
            while trozo := enchufe.recv(65536):
                dicho += trozo
        assert dicho.split()[1] == codigo and dice in dicho.decode()
        assert b"Connection: close" in dicho


def test_lo_que_viene_a_medias_no_llena_la_memoria():
    """Beyond the limit those leave that have been coming for longest; never one that is being answered."""

    class Canal:
        will_close = False

        def __init__(self, desde, trae, espera=True):
            self.desde, self.trae, self.espera, self.pesa = desde, trae, espera, trae

    mega = 1024 * 1024
    vieja, nueva, atendida = Canal(1, 40 * mega), Canal(2, 40 * mega), Canal(0, 40 * mega, False)
    puesto = servidor.PorTcp.__new__(servidor.PorTcp)
    puesto.active_channels = dict(enumerate([nueva, vieja, atendida]))
    puesto.aligerar()
    assert (vieja.will_close, nueva.will_close, atendida.will_close) == (True, False, False)
