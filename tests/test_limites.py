"""Wrong passwords: whose way they close, whose never; and what the person is told."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import DatabaseError, connection, connections
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from casos.acceso import avisar, dispositivos, limites
from casos.catalogos import Hecho
from casos.cuentas import Adaptador
from casos.models import Aviso, HechoDeSeguridad, Usuario
from casos.seguridad import de_donde
from tests.factories import UsuarioFactory
from tests.test_cuentas import CLAVE, DEMASIADOS, ENTRAR, NO_SON, elegir, enlace_de, texto

CASA, LEJOS, OFICINA = "198.51.100.7", "203.0.113.9", "192.0.2.10"


def fallar(veces, *, desde, client=None, login="ventas"):
    """As often as said; the last answer."""
    for _ in range(veces):
        respuesta = entrar(client or Client(), login, "mala", REMOTE_ADDR=desde)
    return respuesta


def entrar(client, login, clave="demo", **mas):
    return client.post(ENTRAR, {"login": login, "password": clave}, **mas)


def entra(client=None, *, desde, login="ventas", clave="demo") -> bool:
    return entrar(client or Client(), login, clave, REMOTE_ADDR=desde).status_code == 302


@pytest.fixture
def conocido(personas) -> Client:
    """A browser in which ``ventas`` has signed in before."""
    client = Client()
    assert entra(client, desde=CASA)
    client.get("/cuenta/")
    client.post("/cuenta/logout/")
    assert (
        client.cookies["dispositivo"]["httponly"]
        and client.cookies["dispositivo"]["max-age"] > 10**7
    )
    return client


# -- whose way is closed ---------------------------------------------------------------------------


def test_un_extrano_no_deja_fuera_a_nadie(personas):
    """Five wrong ones close that address to that account; not the account, nor the address to others."""
    assert DEMASIADOS in texto(fallar(6, desde=LEJOS))
    assert not entra(desde=LEJOS)
    assert entra(desde=CASA)
    assert entra(desde=LEJOS, login="ventas2")
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        assert entra(desde=LEJOS)


def test_una_direccion_por_si_sola_nunca_cierra_la_cuenta(personas):
    """However long it goes on: it counts five in an hour against the account."""
    ahora = timezone.now()
    for vuelta in range(11):
        with time_machine.travel(ahora + timedelta(seconds=301 * vuelta)):
            assert NO_SON in texto(fallar(5, desde=LEJOS))
    with time_machine.travel(ahora + timedelta(minutes=57)):
        assert entra(desde=CASA)


def contar(llave, cuantos):
    """As if so many had failed: each costs the hash of a password."""
    for n in range(cuantos):
        limites._sumar(llave, limites.POR_CUENTA, de=str(n))


def test_desde_doce_direcciones_la_cuenta_no_se_cierra(personas):
    """Each pair is heard once, so that who knows the password enters from wherever."""
    for n in range(12):
        fallar(5, desde=f"203.0.113.{n}")
    assert entra(desde=CASA)
    assert NO_SON in texto(fallar(1, desde=CASA))
    assert DEMASIADOS in texto(entrar(Client(), "ventas", REMOTE_ADDR=CASA))
    assert entra(desde=OFICINA)


def test_desde_muchisimas_direcciones_la_cuenta_se_cierra_a_los_extranos(conocido, rf):
    contar(limites.Intento(rf.post("/"), "ventas")._en_la_cuenta, 200)
    assert DEMASIADOS in texto(entrar(Client(), "ventas", REMOTE_ADDR=CASA))
    assert entra(conocido, desde=CASA)
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)):
        assert entra(desde=CASA)


def test_quien_prueba_nombres_de_nadie_no_deja_fuera_a_los_de_su_oficina(personas):
    for n in range(32):
        fallar(1, desde=OFICINA, login=f"nadie{n}")
    assert entra(desde=OFICINA)
    assert NO_SON in texto(fallar(1, desde=OFICINA, login="ventas2"))
    assert entrar(Client(), "ventas2", REMOTE_ADDR=OFICINA).status_code == 429
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert entra(desde=OFICINA, login="ventas2")


def test_una_direccion_que_no_para_no_se_oye(conocido, rf):
    contar(limites.Intento(rf.post("/", REMOTE_ADDR=CASA), "nadie")._en_la_red, 120)
    assert entrar(Client(), "ventas", REMOTE_ADDR=CASA).status_code == 429
    assert entra(conocido, desde=CASA)


def test_el_dispositivo_conocido_entra_aunque_desde_su_direccion_se_falle(conocido):
    fallar(6, desde=CASA)
    for n in range(31):
        fallar(1, desde=CASA, login=f"nadie{n}")
    assert entrar(Client(), "ventas", REMOTE_ADDR=CASA).status_code == 429
    assert entra(conocido, desde=CASA)


def test_el_dispositivo_conocido_lleva_su_propia_cuenta(conocido):
    """A stolen cookie is no free pass, and closes nobody else's way."""
    assert NO_SON in texto(fallar(5, desde=CASA, client=conocido))
    assert DEMASIADOS in texto(entrar(conocido, "ventas", REMOTE_ADDR=CASA))
    assert DEMASIADOS in texto(entrar(conocido, "ventas", REMOTE_ADDR=LEJOS))
    assert entra(desde=CASA)


def test_una_sesion_sola_no_hace_conocido_a_ningun_dispositivo(conocido):
    """Whoever stole a session would get a number, and five guesses more, with each request."""
    assert entra(conocido, desde=CASA)
    ladron = Client(REMOTE_ADDR=LEJOS)
    ladron.cookies["sessionid"] = conocido.cookies["sessionid"].value
    assert ladron.get("/cuenta/").status_code == 200
    assert "dispositivo" not in ladron.cookies
    for n in range(9):  # beyond ten in a minute allauth hears nothing
        ladron.cookies.pop("dispositivo", None)
        dicho = texto(ladron.post("/cuenta/reauthenticate/", {"password": "mala"}))
        assert (DEMASIADOS in dicho) == (n >= 5)
    assert "dispositivo" not in ladron.cookies
    assert entra(desde=CASA)


def test_un_dispositivo_conocido_no_es_una_direccion_mas_de_la_cuenta(personas):
    """Nor do those who know the password close the account by numbers they gather."""
    for _ in range(11):
        client = Client()
        assert entra(client, desde=LEJOS)
        client.post("/cuenta/logout/")
        fallar(5, desde=LEJOS, client=client)
        cache.delete(f"direccion:{LEJOS}")
    assert entra(desde=CASA)


def test_el_dispositivo_es_conocido_de_quien_entro_en_el_y_de_nadie_mas(conocido):
    fallar(6, desde=CASA, login="ventas2")
    assert DEMASIADOS in texto(entrar(conocido, "ventas2", REMOTE_ADDR=CASA))


def test_al_cambiar_la_contrasena_se_olvidan_los_dispositivos(conocido, rf):
    peticion = rf.get("/")
    peticion.COOKIES = {"dispositivo": conocido.cookies["dispositivo"].value}
    ventas = Usuario.objects.get(username="ventas")
    assert dispositivos.dispositivo_de(peticion, ventas)
    ventas.set_password(CLAVE)
    assert not dispositivos.dispositivo_de(peticion, ventas)


def test_una_marca_de_dispositivo_inventada_no_vale(conocido, rf):
    buena = conocido.cookies["dispositivo"].value
    ventas = Usuario.objects.get(username="ventas")
    for mala in ("", "x", buena[:-1] + "x", buena.replace(":", "", 1), '{"1": ["a", "b"]}'):
        peticion = rf.get("/")
        peticion.COOKIES = {"dispositivo": mala}
        assert not dispositivos.dispositivo_de(peticion, ventas)


def test_varias_personas_comparten_un_dispositivo(personas):
    client = Client()
    for login in ("ventas", "ventas2", "atencion"):
        assert entra(client, desde=CASA, login=login)
        client.get("/cuenta/")
        client.post("/cuenta/logout/")
    fallar(6, desde=CASA)
    assert entra(client, desde=CASA)


def test_la_oficina_entera_entra_a_las_nueve(db):
    """Only failures count by address: a hundred who enter within a minute are a hundred who work."""
    for n in range(100):
        UsuarioFactory(username=f"p{n}")
    assert all(entra(desde=OFICINA, login=f"p{n}") for n in range(100))


# -- what counts -----------------------------------------------------------------------------------


class SeCayo(BaseException):
    """What no ``except Exception`` catches, as the end of a process."""


def test_lo_que_una_caida_corta_no_es_una_contrasena_equivocada(personas, monkeypatch):
    def caer(*args, **kwargs):
        raise SeCayo

    with monkeypatch.context() as m:
        m.setattr("allauth.account.adapter.authenticate", caer)
        for _ in range(8):
            with pytest.raises(SeCayo):
                entrar(Client(), "ventas", REMOTE_ADDR=CASA)
    assert entra(desde=CASA)


def test_lo_que_un_proceso_muerto_dejo_a_medias_se_olvida_en_segundos(personas, rf):
    for _ in range(5):
        assert limites.Intento(rf.post("/", REMOTE_ADDR=CASA), "ventas").empezar() is None
    assert not entra(desde=CASA)
    with time_machine.travel(timezone.now() + timedelta(seconds=limites.EN_CURSO + 1)):
        assert entra(desde=CASA)


def test_entrar_borra_lo_que_se_habia_fallado(personas):
    for _ in range(3):
        fallar(4, desde=CASA)
        assert entra(desde=CASA)


def test_entrar_borra_tambien_lo_que_se_fallo_mas_tarde(personas):
    """The first wrong one was forgotten by itself, and the rest stood after the right one."""
    with time_machine.travel(timezone.now(), tick=False) as reloj:
        fallar(1, desde=CASA)
        reloj.shift(limites.POR_PAR.segundos - 10)
        fallar(4, desde=CASA)
        reloj.shift(20)
        assert entra(desde=CASA)
        fallar(4, desde=CASA)
        assert entra(desde=CASA)


def test_adivinar_al_cambiar_la_contrasena_se_cuenta_y_se_anota(personas):
    suyo = Client(REMOTE_ADDR=CASA)
    entra(suyo, desde=CASA)
    suyo.get("/cuenta/")
    datos = {"oldpassword": "mala", "password1": CLAVE, "password2": CLAVE}
    for _ in range(5):
        respuesta = suyo.post("/cuenta/password/change/", datos)
        assert "Esa no es tu contraseña actual" in respuesta.text
    respuesta = suyo.post("/cuenta/password/change/", datos | {"oldpassword": "demo"})
    assert "Demasiados intentos" in respuesta.text
    fallos = HechoDeSeguridad.objects.filter(hecho=Hecho.CONFIRMACION_FALLIDA)
    assert fallos.filter(persona=personas.ventas).count() == 5
    assert HechoDeSeguridad.objects.filter(hecho=Hecho.BLOQUEO).exists()


@pytest.mark.django_db(transaction=True)
def test_muchos_a_la_vez_no_prueban_mas_que_los_que_se_oyen(personas):
    def uno(_):
        try:
            return texto(entrar(Client(), "ventas", "mala", REMOTE_ADDR=LEJOS))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as grupo:
        dichos = list(grupo.map(uno, range(24)))
    assert sum(NO_SON in d for d in dichos) == 5
    assert sum(DEMASIADOS in d for d in dichos) == 19


@pytest.mark.parametrize(
    ("cuantos", "dicho", "direccion"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6,203.0.113.9:5123", "203.0.113.9"),
        (1, "", "10.0.0.1"),
        (1, "no-es", ""),
        (2, "6.6.6.6", "10.0.0.1"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_la_direccion_es_la_que_dice_el_proxy_de_confianza(settings, cuantos, dicho, direccion):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = cuantos
    mas = {"HTTP_X_FORWARDED_FOR": dicho} if dicho else {}
    peticion = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", **mas)
    assert de_donde.direccion(peticion) == direccion
    assert Adaptador(peticion).get_client_ip(peticion) == (direccion or "0.0.0.0")


def test_detras_del_proxy_quien_inventa_direcciones_no_se_libra(personas, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for n in range(6):
        dicho = {"HTTP_X_FORWARDED_FOR": f"6.6.6.{n}, {LEJOS}"}
        respuesta = entrar(Client(), "ventas", "mala", **dicho)
    assert DEMASIADOS in texto(respuesta)
    dicho = {"HTTP_X_FORWARDED_FOR": f"6.6.6.6, {CASA}"}
    assert entrar(Client(), "ventas", **dicho).status_code == 302


def test_lo_que_pasa_al_entrar_queda_en_el_registro_de_seguridad(conocido):
    fallar(6, desde=LEJOS)
    entrar(Client(), "ventas", REMOTE_ADDR=CASA)
    hechos = [(h.hecho, h.direccion) for h in HechoDeSeguridad.objects.order_by("numero")]
    assert hechos.count(("BLOQUEO", LEJOS)) == 1
    assert ("DISPOSITIVO", CASA) in hechos


# -- known and unknown -----------------------------------------------------------------------------


def trabajo(hacer) -> list[str]:
    """The statements, without their values."""
    with CaptureQueriesContext(connection) as capturadas:
        hacer()
    sql = [re.sub(r"'[^']*'", "?", q["sql"]) for q in capturadas.captured_queries]
    sql = [re.sub(r"\"?(s\d+_x\d+|_django_curs_\w+)\"?", "s", s) for s in sql]
    sql = [s.replace("ROLLBACK TO SAVEPOINT s", "RELEASE SAVEPOINT s") for s in sql]
    # Rolled back, a savepoint is let go too.
    sql = [s for i, s in enumerate(sql) if i == 0 or s != sql[i - 1] or "SAVEPOINT" not in s]
    return [re.sub(r"\b(\d+|NULL|\?)\b", "#", s).replace("?", "#") for s in sql]


def test_conocidos_y_desconocidos_cuestan_el_mismo_trabajo_al_entrar(personas):
    hecho = {}
    fallar(5, desde=CASA, login="otra")  # the record of security has its first row
    for login in ("ventas", "nadie12"):
        cache.clear()
        hecho[login] = [trabajo(lambda u=login: fallar(1, desde=LEJOS, login=u)) for _ in range(7)]
    assert hecho["ventas"] == hecho["nadie12"]
    assert Aviso.objects.count() == 1


def test_conocidos_y_desconocidos_cuestan_el_mismo_trabajo_al_recuperar(personas):
    url, hecho = "/cuenta/password/reset/", {}
    for correo in ("ventas@ejemplo.mx", "nadie@ejemplo.mx"):
        cache.clear()
        hecho[correo] = trabajo(lambda c=correo: Client().post(url, {"email": c}))
    assert hecho["ventas@ejemplo.mx"] == hecho["nadie@ejemplo.mx"]
    assert [a.para for a in Aviso.objects.all()] == ["ventas@ejemplo.mx"]


@pytest.mark.parametrize("correo", ["ventas@ejemplo.mx", "nadie@ejemplo.mx"])
def test_quien_pide_recuperar_por_otra_no_le_quita_su_carta_ni_la_llena_de_ellas(personas, correo):
    def pedir(desde, veces):
        for _ in range(veces):
            datos = {"email": correo}
            respuesta = Client().post("/cuenta/password/reset/", datos, REMOTE_ADDR=desde)
            assert respuesta["Location"] == "/cuenta/password/reset/done/"
        return Aviso.objects.count()

    es = correo.startswith("ventas")
    assert pedir(LEJOS, 8) == 2 * es
    assert pedir(CASA, 1) == 3 * es
    for n in range(10):
        pedir(f"203.0.113.{100 + n}", 1)
    assert Aviso.objects.count() == 6 * es
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)):
        assert pedir(CASA, 1) == 7 * es


# -- what the person is told -----------------------------------------------------------------------


def test_de_una_serie_de_intentos_se_avisa_una_vez_al_dia(personas):
    fallar(4, desde=LEJOS)
    assert not Aviso.objects.exists()
    fallar(3, desde=LEJOS)
    [aviso] = Aviso.objects.all()
    assert (aviso.para, aviso.usuario) == ("ventas@ejemplo.mx", personas.ventas)
    assert aviso.asunto == "Intentaron entrar a tu cuenta"
    assert (
        LEJOS in aviso.texto
        and "«ventas»" in aviso.texto
        and "Dispositivo desconocido" in aviso.texto
    )
    assert "/cuenta/password/reset/" in aviso.texto
    fallar(5, desde=CASA)
    assert Aviso.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        fallar(5, desde=LEJOS)
    assert Aviso.objects.count() == 2


def test_de_intentos_desde_varias_direcciones_tambien(personas):
    for n in range(5):
        fallar(1, desde=f"203.0.113.{n}")
    assert Aviso.objects.count() == 1


def test_a_quien_no_tiene_cuenta_o_correo_no_se_le_escribe(personas):
    Usuario.objects.filter(username="ventas").update(email="")
    Usuario.objects.filter(username="ventas2").update(is_active=False)
    for login in ("nadie", "ventas", "ventas2"):
        fallar(6, desde=LEJOS, login=login)
    assert not Aviso.objects.exists()


CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"
)


def test_de_un_dispositivo_nuevo_se_avisa(personas):
    suyo = Client()
    assert entra(suyo, desde=CASA)
    suyo.get("/cuenta/")
    assert not Aviso.objects.exists(), "la primera vez no hay otro dispositivo"
    suyo.post("/cuenta/logout/")
    assert entra(suyo, desde=CASA)
    assert not Aviso.objects.exists(), "ya había entrado en este"
    for _ in range(2):
        entrar(Client(HTTP_USER_AGENT=CHROME), "ventas", REMOTE_ADDR=LEJOS)
    [aviso] = Aviso.objects.all()
    assert aviso.asunto == "Entraron a tu cuenta desde un dispositivo nuevo"
    assert "Chrome en Windows" in aviso.texto and LEJOS in aviso.texto


def test_quien_ya_entraba_antes_del_registro_no_recibe_que_su_dispositivo_es_nuevo(personas):
    """After an upgrade everybody was told of themselves."""
    Usuario.objects.filter(username="ventas").update(last_login=timezone.now())
    assert entra(desde=CASA)
    assert not Aviso.objects.exists()


def test_al_encarecerse_la_contrasena_el_dispositivo_no_es_nuevo(personas):
    barata = make_password("demo", hasher="md5")
    Usuario.objects.filter(username="ventas").update(password=barata)
    otra = Client()
    entra(otra, desde=CASA)
    otra.get("/cuenta/")
    otra.post("/cuenta/logout/")
    Aviso.objects.all().delete()
    with override_settings(PASSWORD_HASHERS=[
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]):  # fmt: skip
        assert entra(otra, desde=CASA)
    assert Usuario.objects.get(username="ventas").password.startswith("pbkdf2")
    assert not Aviso.objects.exists()


def test_una_carta_que_no_se_pudo_escribir_se_escribe_la_siguiente_vez(personas, monkeypatch, rf):
    def sin_base(*a, **k):
        raise DatabaseError

    with monkeypatch.context() as m, pytest.raises(DatabaseError):
        m.setattr(avisar.bandeja_de_salida, "cuenta", sin_base)
        avisar.de_codigos(rf.get("/"), personas.ventas)
    avisar.de_codigos(rf.get("/"), personas.ventas)
    assert Aviso.objects.count() == 1


def test_quien_cambia_su_contrasena_no_hace_nuevo_al_dispositivo_en_que_la_cambia(personas):
    suyo = Client()
    entra(suyo, desde=CASA)
    suyo.get("/cuenta/")
    nueva = {"oldpassword": "demo", "password1": CLAVE, "password2": CLAVE}
    assert suyo.post("/cuenta/password/change/", nueva)["Location"] == "/cuenta/"
    suyo.get("/cuenta/")
    suyo.post("/cuenta/logout/")
    antes = Aviso.objects.filter(asunto__contains="dispositivo nuevo").count()
    assert entra(suyo, desde=CASA, clave=CLAVE)
    assert Aviso.objects.filter(asunto__contains="dispositivo nuevo").count() == antes


def test_quien_se_bloqueo_y_elige_otra_entra_desde_donde_sea(personas):
    fallar(6, desde=CASA)
    Aviso.objects.all().delete()
    client = Client(REMOTE_ADDR=LEJOS)
    client.post("/cuenta/password/reset/", {"email": "ventas@ejemplo.mx"})
    elegir(client, enlace_de(Aviso.objects.get()))
    assert entra(desde=CASA, clave=CLAVE)


@pytest.mark.parametrize(
    ("agente", "dicho"),
    [
        (CHROME, "Chrome en Windows"),
        (CHROME + " Edg/140.0.0.0", "Edge en Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari en iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome en Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox en Linux"),
        ("x/8", "Dispositivo desconocido"),
        ("", "Dispositivo desconocido"),
    ],
)  # fmt: skip
def test_el_dispositivo_se_dice_en_palabras(agente, dicho):
    assert de_donde.en_palabras(agente) == dicho
