"""Settings that fail loudly, headers of every page, and the health check."""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from casos.catalogos import Estado
from casos.models import Aviso, Borrador
from seguimiento import entorno
from tests.guion import Guion
from tests.personas import sesion_vencida

RAIZ = Path(__file__).resolve().parent.parent
CLAVE = "x" * 50


def arrancar(codigo="import django; django.setup()", **entorno):
    limpio = {k: v for k, v in os.environ.items() if not k.endswith("_URL")}
    return subprocess.run(
        [sys.executable, "-c", codigo],
        cwd=RAIZ,
        env=limpio
        | {"DJANGO_SETTINGS_MODULE": "seguimiento.settings", "SECRET_KEY": CLAVE}
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
        ({"DATABASE_URL": "sqlite://"}, "no dice el nombre de la base"),
        ({"DATABASE_URL": "postgres://u:p@h:abc/y"}, "puerto que no es un número"),
        ({"DATABASE_URL": "postgres://u:p@h:99999/y"}, "puerto que no es un número"),
        ({"DATABASE_URL": "postgres://u:p@[h/y"}, "no se entiende como dirección"),
        ({"DATABASE_URL": "postgres://u:p@h/y?planes=tal+vez"}, "planes=…"),
        ({"DATABASE_URL": "postgres://u:p@h/y?ssl=si"}, "lleva algo que no se usa: «ssl»"),
        ({"EMAIL_URL": "correo"}, "EMAIL_URL debe empezar con"),
        ({"EMAIL_URL": "smtp://"}, "EMAIL_URL no dice el servidor"),
        ({"EMAIL_URL": "smtp://correo.x.mx:0"}, "puerto que no es un número"),
        ({"EMAIL_URL": "smtp://correo.x.mx?tls=1"}, "lleva algo que no se usa: «tls»"),
        ({"CACHE_URL": "memcached://x"}, "CACHE_URL debe empezar con"),
        ({"COLA_URL": "amqp://x"}, "COLA_URL debe empezar con"),
        ({"ALLOWED_HOSTS": "http://x.mx"}, "ALLOWED_HOSTS lleva nombres"),
        ({"URL_BASE": "x.mx"}, "URL_BASE debe empezar con"),
        ({"URL_BASE": "https://x.mx/ventas"}, "sin nada después"),
        ({"HTTPS": "true"}, "HTTPS debe ser 0 o 1"),
        ({"SECRET_KEY": "corta"}, "al menos 50 caracteres"),
        ({"CORREO_REMITENTE": "nadie"}, "no es una dirección de correo"),
    ],
)
def test_lo_que_no_tiene_sentido_detiene_el_arranque_con_una_frase(entorno, dice):
    proceso = arrancar(**entorno)
    assert proceso.returncode != 0
    ultima = proceso.stderr.strip().splitlines()[-1]
    assert ultima.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert dice in ultima


def test_manage_py_dice_la_frase_y_nada_mas():
    proceso = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=RAIZ,
        env=os.environ | {"DEBUG": "si", "DJANGO_SETTINGS_MODULE": "seguimiento.settings"},
        capture_output=True,
        text=True,
    )
    assert proceso.returncode == 1
    assert proceso.stderr == "No arranca: DEBUG debe ser 0 o 1; dice «si».\n"


def test_sin_clave_solo_arranca_la_demostracion(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    archivo = tmp_path / "var" / "clave"
    with pytest.raises(ImproperlyConfigured, match="Falta SECRET_KEY"):
        entorno.clave(archivo, generar=False)
    clave = entorno.clave(archivo, generar=True)
    assert len(clave) >= 50
    assert archivo.stat().st_mode & 0o777 == 0o600
    assert entorno.clave(archivo, generar=False) == entorno.clave(archivo, generar=True) == clave
    assert list(archivo.parent.iterdir()) == [archivo]


def test_lo_que_si_tiene_sentido_arranca():
    proceso = arrancar(
        EMAIL_URL="smtp+tls://u%40x:p@correo.x.mx:587",
        CACHE_URL="redis://localhost/1",
        COLA_URL="redis://localhost/2",
        HTTPS="1",
        URL_BASE="https://seguimiento.x.mx",
        ALLOWED_HOSTS="seguimiento.x.mx",
        DATABASE_URL="postgres://u:p@h:5432/y?sslmode=require",
    )
    assert proceso.returncode == 0, proceso.stderr


def test_una_base_que_calla_se_suelta_en_medio_minuto():
    """Packets swallowed while a statement runs: without this every thread hangs until the system gives up."""
    opciones = entorno.base_de_datos_en("postgres://u:p@h/y?sslmode=require")["OPTIONS"]
    assert opciones["sslmode"] == "require" and opciones["connect_timeout"] <= 5
    assert opciones["tcp_user_timeout"] <= 30_000
    vueltas = opciones["keepalives_interval"] * opciones["keepalives_count"]
    assert opciones["keepalives_idle"] + vueltas <= 30


def test_lo_que_se_pide_a_postgres_es_de_cada_conexion_y_no_de_la_de_todos():
    """Not to compile, and one plan for what is prepared; whoever hands connections out would refuse to be asked."""
    suya = entorno.base_de_datos_en("postgres://u:p@h/y")["OPTIONS"]
    de_todos = entorno.base_de_datos_en("postgres://u:p@h/y?planes=no")["OPTIONS"]
    assert "jit=off" in suya["options"] and "force_generic_plan" in suya["options"]
    assert "options" not in de_todos


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite no compila")
@pytest.mark.django_db
def test_lo_que_pide_una_pagina_no_se_compila():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setting, source FROM pg_settings WHERE name IN ('jit', 'plan_cache_mode') ORDER BY name"
        )
        assert cursor.fetchall() == [("off", "client"), ("force_generic_plan", "client")]


CON_HTTPS = """
import json, django
django.setup()
from django.test import Client
r = Client().get("/cuenta/login/", secure=True, headers={"Host": "localhost"})
print(json.dumps({"estado": r.status_code, "hsts": r["Strict-Transport-Security"],
                  "cookies": [c.OutputString() for c in r.cookies.values()]}))
"""


def test_con_https_las_cookies_son_de_este_sitio_y_se_pide_cifrar_siempre(tmp_path):
    """As a browser gets them: ``__Host-`` wants Secure, the root path, and no domain."""
    base = f"sqlite:///{tmp_path / 'base.sqlite3'}"
    de_veras = {"HTTPS": "1", "URL_BASE": "https://seguimiento.x.mx", "DATABASE_URL": base}
    de_veras["DJANGO_SETTINGS_MODULE"] = "seguimiento.settings_pruebas"  # no collected files
    proceso = arrancar(CON_HTTPS, **de_veras)
    dicho = json.loads(proceso.stdout)
    assert dicho["estado"] == 200, proceso.stderr
    assert dicho["hsts"] == "max-age=31536000; includeSubDomains; preload"
    assert any(c.startswith("__Host-csrftoken=") for c in dicho["cookies"])
    for cookie in dicho["cookies"]:
        assert cookie.startswith("__Host-")
        assert {"Secure", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


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
        assert cabeceras["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in cabeceras["Cache-Control"]


def test_la_politica_va_en_toda_respuesta_tambien_de_archivos_y_redirecciones(client, settings):
    settings.WHITENOISE_USE_FINDERS = settings.SECURE_SSL_REDIRECT = True
    de_estilo = client.get("/static/css/seguimiento.css", secure=True)
    assert de_estilo.status_code == 200
    a_https = client.get("/")
    assert (a_https.status_code, a_https.url) == (301, "https://testserver/")
    for respuesta in (de_estilo, a_https):
        assert "frame-ancestors 'none'" in respuesta.headers["Content-Security-Policy"]
        assert respuesta.headers["X-Content-Type-Options"] == "nosniff"


def test_a_las_maquinas_se_les_dice_lo_suyo(client, settings):
    """Nothing is indexed, and who finds a hole knows whom to tell, for less than a year."""
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
    assert '<meta name="robots" content="noindex, nofollow">' in client.get("/cuenta/login/").text
    settings.CONTACTO_SEGURIDAD = "seguridad@empresa.mx"
    dicho = dict(
        r.split(": ", 1) for r in client.get("/.well-known/security.txt").text.splitlines()
    )
    assert dicho["Contact"] == "mailto:seguridad@empresa.mx"
    vence = datetime.fromisoformat(dicho["Expires"])
    assert timedelta(30) < vence - timezone.now() < timedelta(365)


def test_cabeceras_tambien_en_lo_que_se_rechaza_de_entrada(client):
    respuestas = [
        client.get("/casos/?q=%00"),
        client.post("/casos/", "a", content_type="text/plain; charset=utf-16"),
    ]
    assert [r.status_code for r in respuestas] == [400, 415]
    for respuesta in respuestas:
        assert "default-src 'none'" in respuesta.headers["Content-Security-Policy"]
        assert respuesta.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in respuesta.headers["Cache-Control"]


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
@pytest.mark.parametrize("url", ["/casos/", "/cuenta/login/", "/salud/"])
def test_un_byte_nulo_en_una_cookie_es_400(client, url):
    # PostgreSQL refuses it when the session is looked up.
    respuesta = client.get(url, headers={"Cookie": r'sessionid="\000aaaaaaaaaaaaaaaa"'})
    assert respuesta.status_code == 400


def test_lo_demasiado_grande_es_413_con_su_pagina(client, personas):
    client.force_login(personas.ventas)
    respuesta = client.post("/casos/nuevo/", {"solicitud": "x" * 1_100_000})
    assert respuesta.status_code == 413
    assert "demasiado grande" in respuesta.content.decode()


def test_un_cuerpo_enorme_se_rechaza_sin_leerlo(client, personas):
    client.force_login(personas.ventas)
    respuesta = client.post("/casos/nuevo/", {"a": "b"}, CONTENT_LENGTH=str(13 * 1024 * 1024))
    assert respuesta.status_code == 413


def test_un_metodo_que_no_se_usa_tiene_su_pagina(client, personas):
    client.force_login(personas.ventas)
    respuesta = client.delete("/casos/")
    assert (respuesta.status_code, respuesta.headers["Allow"]) == (405, "GET, HEAD")
    assert "no se usa así" in respuesta.content.decode()


def test_un_403_dice_por_que(client, personas):
    client.force_login(personas.ventas)
    respuesta = client.get("/configurar/")
    assert respuesta.status_code == 403
    assert "Esta página es de quien administra el sistema." in respuesta.content.decode()


def test_sin_el_token_la_pagina_dice_que_se_vencio(client_con_csrf, personas):
    client_con_csrf.force_login(personas.ventas)
    respuesta = client_con_csrf.post("/casos/nuevo/", {"solicitud": "algo"})
    assert respuesta.status_code == 403
    assert "abierta demasiado tiempo" in respuesta.content.decode()


def test_lo_escrito_espera_al_login_pero_no_las_claves(client, personas):
    escrito = {"solicitud": "Quieren renegociar", "oldpassword": "s", "password1": "s", "code": "1"}
    sesion_vencida(client, personas.ventas)
    respuesta = client.post("/casos/nuevo/", escrito)
    assert respuesta.status_code == 302
    assert respuesta.url == "/cuenta/login/?next=/casos/nuevo/"
    borrador = Borrador.objects.get()
    assert (borrador.usuario, borrador.ruta) == (personas.ventas, "/casos/nuevo/")
    assert borrador.datos == {"solicitud": ["Quieren renegociar"]}
    client.post(respuesta.url, {"login": "ventas", "password": "demo"})
    assert "Quieren renegociar" in client.get("/casos/nuevo/").content.decode()


def test_lo_escrito_de_mas_de_100_kb_no_se_guarda(client, personas):
    sesion_vencida(client, personas.ventas)
    client.post("/casos/nuevo/", {"solicitud": "x" * 100_001})
    assert "borrador" not in client.session and not Borrador.objects.exists()


RECUPERADO = "Recuperamos lo que habías escrito"
GUARDADO = "guardamos lo que escribiste"


def con_sesion_vencida(client, persona, ruta, datos):
    """Send ``datos`` with the session gone and log in again: the login page and the way back."""
    sesion_vencida(client, persona)
    entrada = client.post(ruta, datos).url
    pagina = client.get(entrada).text
    destino = client.post(entrada, {"login": persona.username, "password": "demo"}).url
    return pagina, destino


@pytest.mark.parametrize(
    ("ruta", "datos"),
    [
        ("/clientes/nuevo/", {"razon_social": "LO TECLEADO"}),
        ("/clientes/{cliente}/editar/", {"razon_social": "LO TECLEADO"}),
        ("/clientes/{cliente}/personas/nueva/", {"nombre": "LO TECLEADO"}),
        ("/clientes/{cliente}/personas/{persona}/", {"nombre": "LO TECLEADO"}),
        ("/clientes/{cliente}/contratos/nuevo/", {"numero": "LO TECLEADO", "moneda": "USD"}),
        ("/clientes/{cliente}/contratos/{contrato}/terminar/", {"motivo": "LO TECLEADO"}),
        ("/cuenta/", {"first_name": "LO TECLEADO"}),
        ("/cuenta/suplencia/", {"motivo": "LO TECLEADO"}),
        ("/casos/nuevo/", {"solicitud": "LO TECLEADO"}),
        ("/casos/{folio}/anotar/", {"nota": "LO TECLEADO"}),
    ],
)
def test_donde_se_dice_que_se_guardo_lo_escrito_vuelve(client, personas, ruta, datos):
    caso = Guion(personas).registrar()
    ruta = ruta.format(
        cliente=caso.cliente_id,
        contrato=caso.contrato_id,
        persona=caso.persona_id,
        folio=caso.folio,
    )
    pagina, destino = con_sesion_vencida(client, personas.gerente, ruta, datos)
    assert GUARDADO in pagina and destino == ruta
    respuesta = client.get(ruta)
    assert RECUPERADO in respuesta.text and "LO TECLEADO" in respuesta.text
    if "moneda" in datos:
        assert '<option value="USD" selected>' in respuesta.text
    if "/personas/" in ruta and "nueva" not in ruta:
        assert not respuesta.context["form"]["activa"].value()  # it had been unticked
    assert client.post(f"/borrador/descartar/?ruta={ruta}").url == ruta
    assert "LO TECLEADO" not in client.get(ruta).text


def test_lo_que_contesta_un_area_desde_el_panel_tambien_vuelve(client, personas):
    caso = Guion(personas).hasta(Estado.EN_ANALISIS)
    ruta = f"{caso.get_absolute_url()}opinar/{caso.hechos.opiniones[0].pk}/?volver=panel"
    pagina, destino = con_sesion_vencida(
        client, personas.finanzas, ruta, {"version": 1, "fundamento": "LO TECLEADO"}
    )
    assert GUARDADO in pagina and destino == ruta
    respuesta = client.get(ruta)
    assert RECUPERADO in respuesta.text and "LO TECLEADO" in respuesta.text


@pytest.mark.parametrize(
    ("ruta", "boton"),
    [
        ("/casos/asignar/", "/casos/"),
        ("/casos/vistas/", "/casos/"),
        ("/casos/vistas/7/borrar/", "/casos/"),
        ("/avisos/{aviso}/reenviar/", "/avisos/{aviso}/"),
        ("/admin/casos/tiporequerimiento/add/", "/admin/casos/tiporequerimiento/add/"),
    ],
)
def test_lo_demas_no_promete_nada_y_vuelve_a_donde_esta_el_boton(client, personas, ruta, boton):
    caso = Guion(personas).registrar()
    aviso = Aviso.objects.filter(caso=caso).first().pk
    pagina, destino = con_sesion_vencida(
        client, personas.gerente, ruta.format(aviso=aviso), {"nombre": "LO TECLEADO"}
    )
    assert GUARDADO not in pagina and "borrador" not in client.session
    assert destino == boton.format(aviso=aviso)
    assert client.get(destino).status_code == 200


@pytest.mark.django_db
def test_salud_responde_sin_entrar(client):
    respuesta = client.get("/salud/")
    assert (respuesta.status_code, respuesta.json()) == (200, {"base": "ok", "cola": "ok"})


@pytest.mark.django_db
def test_salud_dice_si_la_cola_no_responde_y_los_pasos_se_dan(client, monkeypatch):
    from casos.web import salud

    def roto():
        raise ConnectionError

    monkeypatch.setattr(salud, "get_broker", roto)
    respuesta = client.get("/salud/")
    assert (respuesta.status_code, respuesta.json()["cola"]) == (200, "no responde")


@override_settings(DEBUG=False)
def test_la_pagina_de_error_no_necesita_nada(client, monkeypatch, personas):
    client.force_login(personas.ventas)
    client.raise_request_exception = False
    monkeypatch.setattr("casos.web.ver_pendientes.render", lambda *a, **k: 1 / 0)
    respuesta = client.get("/")
    assert respuesta.status_code == 500
    assert 'lang="es-MX"' in respuesta.content.decode()
