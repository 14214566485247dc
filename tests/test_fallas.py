"""What stands around the product is away: a page of ours, nothing typed lost, one line, one mail, and no login refused."""

import errno
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import pytest
from django.conf import settings as ajustes
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.core import mail
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.core.exceptions import DisallowedHost, PermissionDenied
from django.core.management import call_command
from django.db import InternalError, OperationalError, connection, transaction
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.utils import timezone

from casos import tareas
from casos.catalogos import EstadoAviso
from casos.models import Aviso, Evento, Latido
from casos.seguridad.sellado import sellar
from seguimiento import cache as modulo_cache
from seguimiento import fallas
from tests.factories import AvisoFactory
from tests.guion import Guion
from tests.reloj import de_otro_proceso

FALLAS = [
    OperationalError("database is locked"),
    OperationalError("server closed the connection unexpectedly"),
    OSError(errno.ENOSPC, "No space left on device"),
    OSError(errno.EROFS, "Read-only file system"),
    ValueError("Missing staticfiles manifest entry for 'img/iconos.svg'"),
]


@pytest.fixture
def quien(personas) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(personas.ventas)
    return client


def _romper(monkeypatch, donde, error):
    def roto(*args, **kwargs):
        raise error

    monkeypatch.setattr(donde, roto)


@pytest.mark.parametrize("error", FALLAS, ids=lambda e: str(e)[:30])
@pytest.mark.parametrize(
    "donde",
    ["casos.pasos.consecuencias._evento", "django.contrib.sessions.backends.db.SessionStore.load"],
)
@override_settings(DEBUG=False)
def test_lo_enviado_esta_en_la_pagina_y_se_envia_otra_vez(
    quien, personas, monkeypatch, donde, error
):
    caso = Guion(personas).registrar()
    ruta = f"/casos/{caso.folio}/anotar/"
    nota = "Quieren que les hablemos el martes;\nya no contestan <b>los demás</b>."
    datos = {"nota": nota, "version": caso.version, "ficha": "00000000-0000-4000-8000-00000000f0f0"}
    with monkeypatch.context() as roto:
        _romper(roto, donde, error)
        respuesta = quien.post(ruta, datos)
    assert (respuesta.status_code, respuesta["Retry-After"]) == (503, "30")
    pagina = respuesta.content.decode()
    assert 'lang="es-MX"' in pagina and "Enviar otra vez" in pagina
    assert "&lt;b&gt;los demás&lt;/b&gt;" in pagina and datos["ficha"] in pagina
    assert f'action="{ruta}"' in pagina
    assert (
        pagina.count("<textarea") == 1
    )  # what was typed; the page's own tokens are not for reading
    for _ in range(2):  # pressed once more than needed
        assert quien.post(ruta, datos).status_code == 302
    assert Evento.objects.filter(caso=caso, accion="anotar").count() == 1


@override_settings(DEBUG=False)
def test_sin_la_base_tambien_las_que_solo_se_leen(quien, monkeypatch):
    _romper(monkeypatch, "django.contrib.sessions.backends.db.SessionStore.load", FALLAS[1])
    for ruta in ("/", "/casos/?q=a", "/cuenta/login/", "/no-existe/", "/admin/"):
        respuesta = quien.get(ruta)
        assert respuesta.status_code == 503, ruta
        pagina = respuesta.content.decode()
        assert "Intentar otra vez" in pagina and "Enviar otra vez" not in pagina


@override_settings(DEBUG=False)
@contextmanager
def _solo_lectura():
    como = {
        "sqlite": ("PRAGMA query_only=ON", "PRAGMA query_only=OFF"),
        "postgresql": (
            "SET default_transaction_read_only=on",
            "SET default_transaction_read_only=off",
        ),
    }
    antes, despues = como[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(antes)
        try:
            yield
        finally:
            cursor.execute(despues)


@pytest.mark.django_db(transaction=True)
def test_un_caso_se_lee_de_una_base_donde_nada_se_puede_escribir(quien, personas):
    """A standby of PostgreSQL, a file nobody may write: the letters stay for the morning, the page is there."""
    caso = Guion(personas).registrar()
    AvisoFactory(caso=caso, usuario=personas.ventas, estado=EstadoAviso.RESUMEN)
    with _solo_lectura():
        assert quien.get(caso.get_absolute_url()).status_code == 200
    assert Aviso.objects.filter(usuario=personas.ventas, estado=EstadoAviso.RESUMEN).exists()


@pytest.mark.django_db(transaction=True)
def test_leer_un_caso_no_espera_a_quien_escribe(quien, personas):
    """Another connection has the mails (in SQLite, the whole file) for as long as the page takes."""
    caso = Guion(personas).registrar()
    AvisoFactory(caso=caso, usuario=personas.ventas, estado=EstadoAviso.RESUMEN)
    tomado, leido = Event(), Event()

    def escribir():
        with transaction.atomic():
            Aviso.objects.update(error="Otro lo escribe.")
            tomado.set()
            leido.wait(40)
        connection.close()

    with ThreadPoolExecutor(1) as otro:
        escribe = otro.submit(escribir)
        try:
            assert tomado.wait(10)
            desde = time.monotonic()
            assert quien.get(caso.get_absolute_url()).status_code == 200
            assert time.monotonic() - desde < 10
        finally:
            leido.set()
        escribe.result()


def test_una_contrasena_no_vuelve_en_ninguna_pagina(quien, monkeypatch):
    _romper(monkeypatch, "django.contrib.sessions.backends.db.SessionStore.load", FALLAS[1])
    respuesta = quien.post("/cuenta/login/", {"login": "ventas", "password": "secreta-123"})
    assert respuesta.status_code == 503 and "secreta-123" not in respuesta.content.decode()


@override_settings(DEBUG=False)
def test_sin_los_estilos_la_pagina_sigue_en_espanol(quien, monkeypatch):
    """Not even its own style can be found: plain, and whole."""
    _romper(monkeypatch, "django.contrib.staticfiles.storage.StaticFilesStorage.url", FALLAS[4])
    respuesta = quien.get("/casos/")
    assert respuesta.status_code == 503
    pagina = respuesta.content.decode()
    assert "No podemos atenderte" in pagina and "stylesheet" not in pagina
    assert "Algo falló de nuestro lado" in render_to_string(
        "errores/500.html", {"sin_estilo": True}
    )


@pytest.mark.parametrize(
    "error",
    [
        ZeroDivisionError(),
        OperationalError("no such table: casos_caso"),
        OperationalError('near "FROM": syntax error'),
        InternalError("current transaction is aborted"),
    ],
    ids=str,
)
@override_settings(DEBUG=False)
def test_una_falla_nuestra_sigue_siendo_500(quien, monkeypatch, error):
    _romper(monkeypatch, "casos.web.ver_pendientes.render", error)
    assert quien.get("/").status_code == 500


# -- the log and who administers -----------------------------------------------------------------------


def _registro(error) -> logging.LogRecord:
    try:
        raise error
    except Exception as e:
        datos = (type(e), e, e.__traceback__)
    return logging.LogRecord(
        "django.request", logging.ERROR, "x.py", 1, "Falla: %s", ("/casos/",), datos
    )


@pytest.mark.parametrize("error", FALLAS, ids=lambda e: str(e)[:30])
def test_de_una_falla_de_alrededor_el_registro_dice_un_renglon(error):
    record = _registro(error)
    assert fallas.UnRenglon().filter(record)
    dicho = logging.Formatter("%(message)s").format(record)
    assert "\n" not in dicho and "/casos/" in dicho and type(error).__name__ in dicho


@pytest.mark.parametrize(
    ("error", "nivel"),
    [
        (PermissionDenied("Esto lo hace\nla gerencia comercial."), logging.WARNING),
        (DisallowedHost("Invalid HTTP_HOST header: 'malo.example'."), logging.ERROR),
        (DisallowedModelAdminLookup("Filtering by notas not allowed"), logging.ERROR),
    ],
    ids=lambda v: type(v).__name__,
)
def test_lo_que_se_niega_dice_un_renglon_y_no_se_manda(error, nivel, settings, monkeypatch):
    """A refusal is an answer: by the thousand it would fill the disk, and whoever knocks would write to ADMINS."""
    settings.ADMINS = [("Ana", "ana@empresa.mx")]
    record = _registro(error)
    record.levelno = nivel
    monkeypatch.setattr(fallas.AvisaAQuienAdministra, "_toca", lambda *_: pytest.fail("se manda"))
    fallas.AvisaAQuienAdministra().emit(record)
    assert fallas.UnRenglon().filter(record)
    dicho = logging.Formatter("%(message)s").format(record)
    assert dicho == f"Falla: /casos/ ({type(error).__name__}: {' '.join(str(error).split())})"


def test_de_una_nuestra_queda_donde_fue():
    record = _registro(ZeroDivisionError("x"))
    fallas.UnRenglon().filter(record)
    assert "Traceback" in logging.Formatter("%(message)s").format(record)


@de_otro_proceso
def test_quien_administra_se_entera_una_vez_de_cada_clase(settings, tmp_path, monkeypatch):
    settings.ADMINS, settings.VAR = [("", "admin@empresa.example")], tmp_path
    monkeypatch.setattr(fallas.threading, "Thread", _EnSeguida)
    avisa = fallas.AvisaAQuienAdministra()
    for _ in range(3):
        for error in (FALLAS[0], FALLAS[1], ZeroDivisionError("x")):
            avisa.handle(_registro(error))
    assert len(mail.outbox) == 2  # the database, and a fault of ours
    assert {tuple(m.to) for m in mail.outbox} == {("admin@empresa.example",)}
    monkeypatch.setattr(fallas, "CADA", -1)
    avisa.handle(_registro(FALLAS[0]))
    assert len(mail.outbox) == 3
    settings.ADMINS = []
    avisa.handle(_registro(FALLAS[0]))
    assert len(mail.outbox) == 3


class _EnSeguida:
    def __init__(self, target, args, daemon):
        self.start = lambda: target(*args)


def test_los_dos_que_oyen_estan_puestos():
    assert ajustes.LOGGING["root"]["handlers"] == ["administradores", "consola"]


# -- the cache -------------------------------------------------------------------------------------------


@pytest.fixture
def recien(monkeypatch):
    monkeypatch.setattr(modulo_cache.ConRespaldo, "_hasta", 0.0)


CACHES_CAIDOS = {
    "redis": {
        "BACKEND": "seguimiento.cache.Redis",
        "LOCATION": "redis://127.0.0.1:1/0",
        "OPTIONS": {"socket_connect_timeout": 1},
    },
    "tabla": {"BACKEND": "seguimiento.cache.Tabla", "LOCATION": "no_existe"},
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("cual", CACHES_CAIDOS)
def test_sin_el_cache_se_entra_y_los_intentos_se_cuentan(settings, personas, recien, cual):
    settings.CACHES = {"default": CACHES_CAIDOS[cual]}
    clave = {"login": "ventas", "password": "demo"}
    assert Client().post("/cuenta/login/", clave).status_code == 302
    caches["default"]._respaldo.clear()
    malas = [Client().post("/cuenta/login/", clave | {"password": "no"}) for _ in range(6)]
    assert "Demasiados intentos" in malas[-1].content.decode()
    assert "Demasiados intentos" not in malas[0].content.decode()
    assert Client().get("/salud/").status_code == 200


def test_lo_que_no_se_pudo_escribir_no_se_toma_por_ya_escrito(recien, monkeypatch, db):
    """Django's table says "it is there" of what it could not write: the login took it for a limit reached."""
    tabla = modulo_cache.Tabla("no_existe", {})
    monkeypatch.setattr(DatabaseCache, "_base_set", lambda *a, **k: False)
    monkeypatch.setattr(modulo_cache.Tabla, "_hay", lambda *a: False)
    assert tabla.add("llave", 1) is True
    assert tabla.add("llave", 1) is False


def test_redis_que_vuelve_se_vuelve_a_usar(recien, monkeypatch):
    redis = modulo_cache.Redis("redis://127.0.0.1:1/0", {"OPTIONS": {"socket_connect_timeout": 1}})
    redis.set("a", 1)
    assert redis.get("a") == 1
    monkeypatch.setattr(modulo_cache.ConRespaldo, "_hasta", 0.0)
    monkeypatch.setattr("django.core.cache.backends.redis.RedisCache.get", lambda *a, **k: "suyo")
    assert redis.get("a") == "suyo"


# -- what a monitor and the administrator see --------------------------------------------------------------


def _detalle(settings, **cabeceras):
    settings.SALUD_TOKEN = "x" * 20
    return Client().get(
        "/salud/detalle/", headers={"Authorization": f"Bearer {'x' * 20}"} | cabeceras
    )


def test_el_detalle_se_lee_con_su_ficha_y_con_ninguna_otra(settings, db):
    settings.SALUD_TOKEN = ""
    assert Client().get("/salud/detalle/", headers={"Authorization": "Bearer "}).status_code == 404
    assert _detalle(settings, Authorization="Bearer otra").status_code == 404
    assert _detalle(settings).status_code == 503  # nobody has worked, checked or backed up yet


@pytest.fixture
def todo_bien(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for nombre in (Latido.TRABAJADOR, Latido.VERIFICACION, Latido.RESPALDO):
        Latido.dejar(nombre)
    sellar(timezone.localdate())


def test_el_detalle_no_se_da_ni_se_redirige_sin_cifrar(db, settings):
    """Whoever asks by HTTP finds out at once, and not with the token already sent again and again."""
    settings.SALUD_TOKEN, settings.SECURE_SSL_REDIRECT = "una-ficha-de-verdad", True
    con = {"Authorization": "Bearer una-ficha-de-verdad"}
    assert Client().get("/salud/detalle/", headers=con).status_code == 404
    assert Client().get("/salud/detalle/", headers=con, secure=True).status_code in (200, 503)
    assert Client().get("/salud/", headers=con).status_code == 301


def test_cuando_todo_responde_es_200_y_no_queda_nada_escrito(settings, todo_bien):
    respuesta = _detalle(settings)
    assert respuesta.status_code == 200, respuesta.json()
    assert respuesta.json()["mal"] == {} and "Disco" in respuesta.json()["bien"]
    assert Latido.objects.count() == 3 and not list(Path(settings.MEDIA_ROOT).iterdir())


def _atras(nombre, **cuanto):
    Latido.objects.filter(nombre=nombre).update(en=timezone.now() - timedelta(**cuanto))


@pytest.mark.parametrize(
    ("rompe", "nombre", "dice"),
    [
        (lambda s, m: _atras(Latido.TRABAJADOR, minutes=6), "Trabajador", "Revisó la bandeja el"),
        (lambda s, m: _atras(Latido.RESPALDO, hours=27), "Respaldo", "Se hizo el"),
        (lambda s, m: Latido.dejar(Latido.VERIFICACION, bien=False, dicho="No está íntegra: 2 fallas."),
         "Bitácora", "No está íntegra: 2 fallas."),
        (lambda s, m: AvisoFactory(estado="FALLIDO"), "Correos que no salieron", "Fallidos: 1."),
        (lambda s, m: AvisoFactory(estado="PENDIENTE", error="El servidor de correo no responde.",
                                   creado_en=timezone.now() - timedelta(hours=1)),
         "Correos en espera", "El servidor de correo no responde."),
        (lambda s, m: m.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=5 << 20)),
         "Disco", "Quedan 5 MB."),
        (lambda s, m: setattr(s, "MEDIA_ROOT", "/proc/1"), "Archivos", "No responde:"),
        (lambda s, m: m.setattr("casos.lecturas.estado_del_sistema.get_broker", lambda: 1 / 0),
         "Cola", "No responde:"),
        (lambda s, m: m.setattr(Latido, "dejar", classmethod(lambda *a, **k: 1 / 0)),
         "Base de datos", "No responde:"),
    ],
)  # fmt: skip
def test_lo_que_anda_mal_se_dice_con_palabras(
    settings, todo_bien, monkeypatch, rompe, nombre, dice, client
):
    rompe(settings, monkeypatch)
    respuesta = _detalle(settings)
    assert respuesta.status_code == 503
    assert dice in respuesta.json()["mal"][nombre]
    assert list(respuesta.json()["mal"]) == [nombre]


def test_quien_administra_lo_ve_en_una_pagina(todo_bien, personas, client):
    client.force_login(personas.admin)
    pagina = client.get("/configurar/estado/").content.decode()
    assert "Todo responde." in pagina and "Revísalo" not in pagina
    Latido.objects.all().delete()
    pagina = client.get("/configurar/estado/").content.decode()
    assert "3 cosas necesitan que alguien las vea." in pagina and "Nunca ha trabajado" in pagina
    assert "/configurar/estado/" in client.get("/configurar/").content.decode()


def test_lo_que_se_hace_deja_su_hora(db):
    tareas.enviar_avisos()
    call_command("verificar_bitacora", stdout=StringIO())
    call_command("anotar_respaldo", "en la otra máquina")
    assert set(Latido.objects.values_list("nombre", "bien")) == {
        (Latido.TRABAJADOR, True), (Latido.VERIFICACION, True), (Latido.RESPALDO, True),
    }  # fmt: skip
