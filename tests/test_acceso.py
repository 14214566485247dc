"""The second factor that is asked by role, how sessions end, and seeds that nobody reads in the database."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from threading import Barrier

import pytest
import time_machine
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casos import cuentas
from casos.acceso import cifrado, sesiones
from casos.apps import tras_migrar
from casos.catalogos import Estado
from casos.models import Aviso, Configuracion, HechoDeSeguridad, Usuario
from casos.seguridad.confirmar import FaltaConfirmar
from seguimiento import entorno
from tests.factories import SuplenciaFactory, UsuarioFactory
from tests.personas import CON_CLAVE
from tests.reloj import LA_SEMANA
from tests.segundo_factor import codigo_de
from tests.test_cuentas import CLAVE, elegir, entrar, esta_dentro, texto

PIDE = "/cuenta/segundo-factor/"
DESPUES = "/cuenta/segundo-factor/despues/"
SEMILLA = "JBSWY3DPEHPK3PXP"


def pedir_a(*clases):
    Configuracion.objects.update(segundo_factor_de=list(clases))


def dentro_de(**cuanto):
    return time_machine.travel(timezone.now() + timedelta(**cuanto))


# -- asked by role ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nombre", "se_le_pide"),
    [
        ("admin", True),
        ("direccion", True),
        ("gerente", False),
        ("ventas", False),
        ("juridico", False),
    ],
)
def test_a_quien_administra_y_a_direccion_se_les_pide(client, personas, nombre, se_le_pide):
    adonde = entrar(client, nombre, next="/clientes/")["Location"]
    assert adonde == (f"{PIDE}?next=%2Fclientes%2F" if se_le_pide else "/clientes/")


@pytest.mark.parametrize(
    ("clase", "nombre"),
    [("GER", "gerente"), ("VEN", "ventas"), ("VEN", "gerente"), ("AC", "atencion"), ("AREA", "juridico"),
     ("CAL", "calidad"), ("AUD", "auditor")],
)  # fmt: skip
def test_la_firma_dice_a_quien(client, personas, clase, nombre):
    pedir_a(clase)
    assert entrar(client, nombre)["Location"].startswith(PIDE)
    assert entrar(Client(), "admin")["Location"] == "/"


def test_a_quien_suple_se_le_pide_lo_que_a_su_titular(client, personas):
    hoy = timezone.localdate()
    SuplenciaFactory(titular=personas.direccion, suplente=personas.gerente, desde=hoy, hasta=hoy)
    assert entrar(client, "gerente")["Location"].startswith(PIDE)
    assert "Dirección General" in texto(client.get(PIDE))


DE_DATOS_PERSONALES = {"arco_dias_respuesta": 20, "arco_dias_efecto": 15, "bloqueo_dias": 30}


def test_dejar_de_pedirlo_pide_la_contrasena_y_se_dice_a_los_demas(client, personas):
    otro = UsuarioFactory(username="otroadmin", admin=True)
    Aviso.objects.all().delete()
    url = f"/admin/casos/configuracion/{Configuracion.objects.get().pk}/change/"
    datos = {
        "vigencia_dias": 15,
        "reapertura_dias": 30,
        "hora_resumen": "8:30",
        "acuse_dias": 30,
        **DE_DATOS_PERSONALES,
        **LA_SEMANA,
    }
    client.force_login(personas.admin)
    respuesta = client.post(url, datos | {"segundo_factor_de": ["DG"]})
    assert "Confirma que eres tú" in respuesta.text
    assert Configuracion.objects.get().segundo_factor_de == ["ADM", "DG"]
    assert client.post(url, datos | {"segundo_factor_de": ["DG"]} | CON_CLAVE).status_code == 302
    assert Configuracion.objects.get().segundo_factor_de == ["DG"]
    [carta] = Aviso.objects.all()
    assert carta.para == otro.email
    assert carta.asunto == "Ya no se pide segundo factor a algunas personas"
    assert "Ya no se pide segundo factor a: Quien administra el sistema." in carta.texto


def test_solo_quien_administra_dice_a_quien(client, personas):
    url = f"/admin/casos/configuracion/{Configuracion.objects.get().pk}/change/"
    datos = {
        "vigencia_dias": 15,
        "reapertura_dias": 30,
        "ventas_ve_todo": "on",
        "hora_resumen": "8:30",
        "acuse_obliga": "on",
        "acuse_dias": 30,
        **DE_DATOS_PERSONALES,
        **LA_SEMANA,
    }
    client.force_login(personas.gerente)
    assert "segundo factor" not in client.get(url).text
    client.post(url, datos | {"segundo_factor_de": []})
    assert Configuracion.objects.get().segundo_factor_de == ["ADM", "DG"]
    client.force_login(personas.admin)
    assert "Quien administra el sistema" in client.get(url).text
    client.post(url, datos | {"segundo_factor_de": ["GER", "AREA"]} | CON_CLAVE)
    assert Configuracion.objects.get().segundo_factor_de == ["GER", "AREA"]
    assert client.post(url, datos | {"segundo_factor_de": ["X"]}).status_code == 200


@pytest.fixture
def direccion(client, personas):
    entrar(client, "direccion")
    return client


def test_antes_de_activarlo_no_abre_nada_mas(direccion):
    for ruta in (
        "/",
        "/casos/?q=a",
        "/cuenta/",
        "/cuenta/2fa/",
        "/cuenta/password/change/",
        "/no/",
    ):
        respuesta = direccion.get(ruta)
        if ruta == "/no/":
            assert respuesta.status_code == 404
        else:
            assert respuesta["Location"].startswith(f"{PIDE}?next="), ruta
    pedazo = {"HX-Request": "true", "HX-Current-URL": "http://testserver/casos/"}
    respuesta = direccion.get("/casos/?q=b", headers=pedazo)
    assert respuesta["HX-Redirect"] == f"{PIDE}?next=%2Fcasos%2F"
    assert direccion.get("/salud/").status_code == 200
    assert "Dirección General" in texto(direccion.get(PIDE))
    assert direccion.get("/cuenta/2fa/totp/activate/")["Location"].startswith(
        "/cuenta/reauthenticate/"
    )
    direccion.post("/cuenta/logout/")
    assert not esta_dentro(direccion)


def test_lo_que_se_enviaba_espera_a_que_se_active(direccion, personas):
    escrito = {"suplente": personas.ventas.pk, "desde": "2026-01-01", "motivo": "Vacaciones ñ"}
    assert direccion.post("/cuenta/suplencia/", escrito)["Location"].startswith(PIDE)
    direccion.post(DESPUES, {"next": "/cuenta/suplencia/"})
    assert 'value="Vacaciones ñ"' in unescape(direccion.get("/cuenta/suplencia/").text)


def test_se_deja_para_despues_tres_veces(client, personas):
    for quedan in (3, 2, 1):
        entrar(client, "direccion")
        veces = "vez" if quedan == 1 else "veces"
        assert f"dejarlo para después {quedan} {veces} más" in texto(client.get(PIDE))
        assert client.post(DESPUES, {"next": "/casos/"})["Location"] == "/casos/"
        assert esta_dentro(client)
        client.post("/cuenta/logout/")
    dichas = HechoDeSeguridad.objects.filter(hecho="POSPUSO", persona=personas.direccion)
    assert [h.datos for h in dichas.order_by("numero")] == [{"quedan": n} for n in (2, 1, 0)]
    entrar(client, "direccion")
    pagina = texto(client.get(PIDE))
    assert "Ya lo dejaste para después tres veces" in pagina and "Ahora no" not in pagina
    assert client.post(DESPUES)["Location"] == PIDE
    assert not esta_dentro(client)


@pytest.mark.parametrize("fuera", ["//malo.mx/", "https://malo.mx/", "javascript:alert(1)"])
def test_de_ahi_no_se_sale_del_sitio(direccion, fuera):
    assert direccion.post(DESPUES, {"next": fuera})["Location"] == "/"


def activar(client, clave="demo"):
    client.post("/cuenta/reauthenticate/", {"password": clave})
    url = "/cuenta/2fa/totp/activate/"
    secreto = re.search(r"<code>(\w+)</code>", client.get(url).text).group(1)
    assert client.post(url, {"code": codigo_de(secreto)}).status_code == 302
    return secreto


def confirmar_con_codigo(client, usuario, clave="demo"):
    suyos = Authenticator.objects.get(user=usuario, type=Authenticator.Type.RECOVERY_CODES)
    codigo = suyos.wrap().get_unused_codes()[0]
    client.post("/cuenta/reauthenticate/", {"password": clave, "code": codigo})


def test_activado_se_sigue_y_la_cuenta_vuelve_a_cero(direccion, personas):
    Usuario.objects.filter(username="direccion").update(veces_pospuesto=3)
    assert not esta_dentro(direccion)
    activar(direccion)
    assert esta_dentro(direccion)
    assert direccion.get(PIDE)["Location"] == "/"
    assert Usuario.objects.get(username="direccion").veces_pospuesto == 0


def test_quien_lo_debe_tener_lo_cambia_por_otro_pero_no_lo_quita(direccion, personas):
    activar(direccion)
    confirmar_con_codigo(direccion, personas.direccion)
    direccion.post("/cuenta/2fa/totp/deactivate/")
    assert not esta_dentro(direccion)
    assert "para seguir, actívalo" in texto(direccion.get(PIDE))
    direccion.post("/cuenta/logout/")
    entrar(direccion, "direccion")
    assert "para seguir, actívalo" in texto(direccion.get(PIDE))
    activar(direccion)
    assert esta_dentro(direccion)


def test_quien_administra_no_se_lo_quita_en_el_panel(client, personas):
    """There the own was taken off without a password, and never asked for again."""
    pedir_a("ADM")
    totp.TOTP.activate(personas.admin, SEMILLA)
    client.force_login(personas.admin)
    url = f"/admin/casos/usuario/{personas.admin.pk}/change/"
    assert "quitar_segundo_factor" not in client.get(url).text
    assert (
        "quitar_segundo_factor"
        in client.get(f"/admin/casos/usuario/{personas.ventas.pk}/change/").text
    )
    datos = de_la_persona(personas.admin) | {"is_superuser": "on", "quitar_segundo_factor": "on"}
    assert client.post(url, datos).status_code == 302
    assert Authenticator.objects.filter(user=personas.admin, type="totp").exists()


def test_ninguna_puerta_lo_quita_sin_confirmar_tampoco_el_propio(personas, rf):
    totp.TOTP.activate(personas.admin, SEMILLA)
    peticion = rf.post("/otra-puerta/")
    peticion.user, peticion.session = personas.admin, {}
    with context.request_context(peticion), pytest.raises(FaltaConfirmar):
        cuentas.quitar_segundo_factor(personas.admin)


def test_quien_perdio_el_telefono_y_se_lo_quitaron_empieza_de_nuevo(client, personas):
    totp.TOTP.activate(personas.direccion, SEMILLA)
    Usuario.objects.filter(username="direccion").update(veces_pospuesto=3)
    assert cuentas.quitar_segundo_factor(Usuario.objects.get(username="direccion"))
    entrar(client, "direccion")
    assert "dejarlo para después 3 veces" in texto(client.get(PIDE))


def test_quien_administra_sin_telefono_ni_codigos_vuelve_por_el_servidor(client, personas, capsys):
    """A new password was no way back: the code is asked of it too."""
    totp.TOTP.activate(personas.admin, SEMILLA)
    assert entrar(client, "admin")["Location"].startswith("/cuenta/2fa/authenticate/")
    call_command("quitar_segundo_factor", "admin")
    assert "entra solo con su contraseña" in capsys.readouterr().out
    assert HechoDeSeguridad.objects.filter(
        hecho="SIN_SEGUNDO_FACTOR", persona=personas.admin, autor=None
    ).exists()
    assert Aviso.objects.filter(
        para=personas.admin.email, asunto="Se quitó el segundo factor de tu cuenta"
    ).exists()
    otra = Client()
    entrar(otra, "admin")
    assert "/cuenta/segundo-factor/" in otra.get("/")["Location"]
    for quien in ("admin", "nadie"):
        with pytest.raises(CommandError):
            call_command("quitar_segundo_factor", quien)


def test_si_deja_de_pedirse_se_sigue(direccion):
    pedir_a()
    assert esta_dentro(direccion)


def test_en_la_demostracion_no_se_le_pide_a_nadie(client, db):
    from casos.datos.demo import crear_personas

    crear_personas()
    assert Configuracion.objects.get().segundo_factor_de == []
    for nombre in ("admin", "direccion"):
        assert not entrar(Client(), nombre)["Location"].startswith(PIDE)


# -- sessions --------------------------------------------------------------------------------------


def abrir(nombre="ventas", agente="", desde="192.0.2.1"):
    client = Client(HTTP_USER_AGENT=agente, REMOTE_ADDR=desde)
    assert entrar(client, nombre).status_code == 302
    assert esta_dentro(client)
    return client


def test_sin_uso_la_sesion_termina_y_con_uso_no(personas):
    client = abrir()
    ahora = timezone.now()
    for horas in (1.5, 3, 4.5):
        with time_machine.travel(ahora + timedelta(hours=horas)):
            assert esta_dentro(client)
    with time_machine.travel(ahora + timedelta(hours=6.6)):
        respuesta = client.get("/casos/")
        assert respuesta["Location"] == "/cuenta/login/?next=/casos/&vencida=1"
        assert "Tu sesión venció. Entra para seguir donde estabas." in texto(
            client.get(respuesta["Location"])
        )


def test_por_mucho_que_se_use_termina(personas):
    client = abrir()
    ahora = timezone.now()
    for horas in range(1, 12):
        with time_machine.travel(ahora + timedelta(hours=horas)):
            assert esta_dentro(client), horas
    with time_machine.travel(ahora + timedelta(hours=12, minutes=1)):
        assert not esta_dentro(client)


def test_lo_escrito_cuando_la_sesion_vencio_sin_uso_no_se_pierde(personas):
    client = abrir()
    with dentro_de(hours=3):
        escrito = {"suplente": personas.ventas2.pk, "desde": "2026-01-01", "motivo": "Vacaciones ñ"}
        respuesta = client.post("/cuenta/suplencia/", escrito)
        assert respuesta["Location"].startswith("/cuenta/login/?next=/cuenta/suplencia/")
        assert "guardamos lo que escribiste" in texto(client.get(respuesta["Location"]))
        entrar(client, "ventas", next="/cuenta/suplencia/")
        assert 'value="Vacaciones ñ"' in unescape(client.get("/cuenta/suplencia/").text)


def test_cuando_se_vio_no_se_escribe_en_cada_peticion(personas):
    client = abrir()

    def escrituras():
        with CaptureQueriesContext(connection) as capturadas:
            client.get("/procedimiento/")
        return [q["sql"] for q in capturadas if q["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]

    assert [escrituras() for _ in range(3)] == [[], [], []]
    with dentro_de(seconds=sesiones.CADA + 1):
        assert len(escrituras()) == 2
        assert escrituras() == []


def test_una_base_que_no_se_deja_escribir_no_cierra_ninguna_pagina(personas, monkeypatch):
    from django.db import OperationalError

    def no_se_puede(*args, **kwargs):
        raise OperationalError("attempt to write a readonly database")

    client = abrir()
    with dentro_de(hours=1):
        monkeypatch.setattr("casos.acceso.sesiones._en_la_lista", no_se_puede)
        assert esta_dentro(client)


def test_cada_quien_ve_donde_esta_abierta_su_cuenta(personas):
    abrir(agente="Mozilla/5.0 (iPhone) Version/18 Safari/604", desde="203.0.113.5")
    abrir("ventas2")
    client = abrir(agente="Mozilla/5.0 (Windows NT 10.0) Firefox/143.0")
    pagina = texto(client.get("/cuenta/"))
    assert "Firefox en Windows Esta Entró" in pagina
    assert "Safari en iPhone Entró" in pagina and "desde 203.0.113.5" in pagina
    assert pagina.count("Entró") == 2


def confirmar(client, clave="demo"):
    return client.post("/cuenta/reauthenticate/", {"password": clave})


def test_se_cierran_las_demas(personas):
    otra, tercera, ajena = abrir(), abrir(), abrir("ventas2")
    client = abrir()
    respuesta = client.post("/cuenta/sesiones/cerrar/")
    assert respuesta["Location"].startswith("/cuenta/reauthenticate/")
    assert esta_dentro(otra)
    # what had been pressed goes on by itself
    respuesta = client.post(respuesta["Location"], {"password": "demo"}, follow=True)
    assert "Listo: cerramos 2 sesiones." in texto(respuesta)
    assert [esta_dentro(c) for c in (otra, tercera, client, ajena)] == [False, False, True, True]
    hecho = HechoDeSeguridad.objects.get(hecho="SESIONES")
    assert (hecho.persona, hecho.autor, hecho.datos) == (
        personas.ventas,
        personas.ventas,
        {"cuantas": 2},
    )


def test_se_cierra_una_y_solo_de_las_propias(personas):
    otra, ajena, client = abrir(), abrir("ventas2"), abrir()
    confirmar(client)
    de_otra = UserSession.objects.get(session_key=otra.session.session_key).pk
    de_ajena = UserSession.objects.get(session_key=ajena.session.session_key).pk
    for pk, dice in (
        (de_ajena, "Ya no había"),
        (de_otra, "Listo: cerramos esa sesión"),
        (99999, "Ya no"),
    ):
        respuesta = client.post(f"/cuenta/sesiones/{pk}/cerrar/", follow=True)
        assert dice in texto(respuesta)
    assert [esta_dentro(c) for c in (otra, ajena, client)] == [False, True, True]


def test_lo_que_ya_no_abre_no_se_lista(personas):
    salida, vencida, client = abrir(), abrir(), abrir()
    salida.post("/cuenta/logout/")
    Session.objects.filter(session_key=vencida.session.session_key).delete()
    assert texto(client.get("/cuenta/")).count("Entró") == 1
    with dentro_de(hours=1.9):
        nueva = abrir()
    with dentro_de(hours=2.5):
        assert texto(nueva.get("/cuenta/")).count("Entró") == 1


def test_quien_cambia_su_contrasena_cierra_las_demas(personas):
    otra, client = abrir(), abrir()
    datos = {"oldpassword": "demo", "password1": CLAVE, "password2": CLAVE}
    client.post("/cuenta/password/change/", datos)
    assert esta_dentro(client) and not esta_dentro(otra)
    assert texto(client.get("/cuenta/")).count("Entró") == 1
    elegir(
        Client(), cuentas.enlace_de_clave(Usuario.objects.get(username="ventas")), "otra-distinta-8"
    )
    assert not esta_dentro(client)
    assert not sesiones.abiertas(Usuario.objects.get(username="ventas"))


def de_la_persona(usuario) -> dict:
    datos = {
        c: getattr(usuario, c)
        for c in ("username", "first_name", "last_name", "email", "telefono", "rol")
    }
    return datos | {"is_active": "on"}


@pytest.mark.django_db(transaction=True)
def test_quien_administra_cierra_las_de_otra_persona(client, personas):
    suya, ajena = abrir(), abrir("ventas2")
    client.force_login(personas.admin)
    url = f"/admin/casos/usuario/{personas.ventas.pk}/change/"
    assert "Tiene: Dispositivo desconocido (192.0.2.1), última vez" in texto(client.get(url))
    datos = de_la_persona(personas.ventas) | {"cerrar_sesiones": "on"}
    assert "Confirma que eres tú" in client.post(url, datos).text and esta_dentro(suya)
    respuesta = client.post(url, datos | CON_CLAVE, follow=True)
    assert "Sus sesiones quedaron cerradas" in respuesta.text
    assert not esta_dentro(suya) and esta_dentro(ajena)
    assert "No tiene ninguna abierta" in texto(client.get(url))


def test_la_sesion_de_quien_se_desactiva_no_vuelve_con_su_cuenta(personas):
    suya, ajena = abrir(), abrir("ventas2")
    persona = Usuario.objects.get(username="ventas")
    for activa in (False, True):
        persona.is_active = activa
        persona.save(update_fields=["is_active"])
        assert not esta_dentro(suya)
    assert not Session.objects.filter(session_key=suya.cookies["sessionid"].value).exists()
    assert esta_dentro(ajena)


@pytest.mark.parametrize("valor", ["4", "721", "x", "-1", "1.5", "²"])
def test_los_minutos_sin_uso_se_revisan_al_arrancar(monkeypatch, valor):
    monkeypatch.setenv("SESION_SIN_USO", valor)
    with pytest.raises(ImproperlyConfigured, match="SESION_SIN_USO son minutos, de 5 a 720"):
        entorno.minutos("SESION_SIN_USO", 120, hasta=720)


# -- seeds -----------------------------------------------------------------------------------------


@pytest.fixture
def con_segundo_factor(personas):
    totp.TOTP.activate(personas.ventas, SEMILLA)
    RecoveryCodes.activate(personas.ventas)
    return personas.ventas


def guardado() -> dict:
    return {
        c: a.data[c] for a in Authenticator.objects.all() for c in cifrado.SEMILLAS if c in a.data
    }


def entrar_con_codigo(client, codigo=None):
    cache.clear()
    entrar(client, "ventas")
    return client.post("/cuenta/2fa/authenticate/", {"code": codigo or codigo_de(SEMILLA)})


def test_las_semillas_se_guardan_cifradas_y_sirven(client, con_segundo_factor):
    assert len(guardado()) == 2
    assert all(s.startswith("cifrado:gAAAA") for s in guardado().values())
    assert SEMILLA not in str(guardado())
    assert entrar_con_codigo(client).status_code == 302
    assert esta_dentro(client)
    assert "Te quedan 10" in texto(client.get("/cuenta/2fa/"))


def test_las_que_estaban_en_claro_sirven_y_se_cifran(client, personas):
    Authenticator.objects.create(user=personas.ventas, type="totp", data={"secret": SEMILLA})
    Authenticator.objects.create(
        user=personas.ventas, type="recovery_codes", data={"seed": "ab" * 20, "used_mask": 1}
    )
    assert entrar_con_codigo(client).status_code == 302
    assert "Te quedan 9" in texto(client.get("/cuenta/2fa/"))
    tras_migrar(None, "default")
    assert all(s.startswith("cifrado:") for s in guardado().values())
    assert "Te quedan 9" in texto(client.get("/cuenta/2fa/"))
    antes = guardado()
    tras_migrar(None, "default")
    assert guardado() == antes


def test_al_cambiar_la_clave_secreta_se_leen_y_se_vuelven_a_cifrar(
    client, con_segundo_factor, settings
):
    anterior, settings.SECRET_KEY = settings.SECRET_KEY, "n" * 60
    settings.SECRET_KEY_FALLBACKS = [anterior]
    assert entrar_con_codigo(client).status_code == 302
    antes = guardado()
    assert cifrado.recifrar() == (2, [])
    assert guardado() != antes
    settings.SECRET_KEY_FALLBACKS = []
    assert cifrado.recifrar() == (0, [])
    client.logout()
    assert entrar_con_codigo(client).status_code == 302


def test_con_la_clave_perdida_se_dice_y_quien_administra_lo_quita(
    client, con_segundo_factor, personas, caplog
):
    for fila in Authenticator.objects.all():
        campo = next(c for c in cifrado.SEMILLAS if c in fila.data)
        fila.data[campo] = cifrado.MARCA + Fernet(Fernet.generate_key()).encrypt(b"x").decode()
        fila.save()
    # No code is right, so none counts as wrong: the sixth is told the same.
    entrar_con_codigo(client)
    for codigo in (*[codigo_de(SEMILLA)] * 5, "12345678", "x"):
        respuesta = client.post("/cuenta/2fa/authenticate/", {"code": codigo})
        assert respuesta.status_code == 200
        assert "No podemos leer tu segundo factor" in texto(respuesta)
    dentro = Client()
    dentro.force_login(personas.ventas)
    confirma = {"password": "demo", "code": "123456"}
    respuesta = dentro.post("/cuenta/reauthenticate/", confirma)
    assert "No podemos leer tu segundo factor" in texto(respuesta)
    assert dentro.get("/cuenta/2fa/").status_code == 409
    for ruta in (
        "recovery-codes/",
        "recovery-codes/download/",
        "recovery-codes/generate/",
        "totp/deactivate/",
    ):
        respuesta = dentro.get(f"/cuenta/2fa/{ruta}")
        assert respuesta["Location"].startswith("/cuenta/reauthenticate/"), ruta
    tras_migrar(None, "default")
    assert "No se puede leer el segundo factor de 1 personas" in caplog.text
    admin = Client()
    admin.force_login(personas.admin)
    confirmar(admin)
    url = f"/admin/casos/usuario/{personas.ventas.pk}/change/"
    admin.post(url, de_la_persona(personas.ventas) | {"quitar_segundo_factor": "on"})
    client.logout()
    cache.clear()
    assert entrar(client, "ventas")["Location"] == "/"


def test_sin_la_tabla_del_segundo_factor_lo_demas_se_siembra(db, monkeypatch):
    """``migrate casos`` alone, on an empty database, comes here before allauth's tables are there."""
    hay = set(connection.introspection.table_names()) - {"mfa_authenticator"}
    monkeypatch.setattr(connection.introspection, "table_names", lambda *a: list(hay))
    monkeypatch.setattr(cifrado, "recifrar", lambda using: pytest.fail("no hay qué cifrar"))
    tras_migrar(None, "default")


def test_las_claves_anteriores_se_revisan_al_arrancar(monkeypatch):
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", f"{'a' * 50}  {'b' * 60}")
    assert entorno.claves_anteriores() == ["a" * 50, "b" * 60]
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", "corta")
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FALLBACKS"):
        entorno.claves_anteriores()


def test_de_codigos_equivocados_con_la_contrasena_buena_se_avisa(client, con_segundo_factor):
    Aviso.objects.all().delete()  # that of the second factor itself
    entrar(client, "ventas")
    for _ in range(5):
        assert not Aviso.objects.exists()
        client.post("/cuenta/2fa/authenticate/", {"code": "000000"})
    [aviso] = Aviso.objects.all()
    assert aviso.asunto == "Alguien escribió tu contraseña, pero no tu código"
    assert "elige otra ahora mismo" in aviso.texto


def test_los_codigos_que_falla_otro_no_le_cierran_el_paso_a_su_duena(con_segundo_factor):
    """Who has the password tries codes; the person enters from another place, or a device of theirs."""
    suyo, ladron = Client(REMOTE_ADDR="198.51.100.7"), Client(REMOTE_ADDR="203.0.113.9")
    assert entrar_con_codigo(suyo).status_code == 302
    suyo.post("/cuenta/logout/")
    entrar(ladron, "ventas")
    for n in range(7):
        dicho = texto(ladron.post("/cuenta/2fa/authenticate/", {"code": "000000"}))
        assert ("Demasiados intentos" in dicho) == (n >= 5)
    for n, client in enumerate((suyo, Client(REMOTE_ADDR="192.0.2.10"))):
        with time_machine.travel(
            timezone.now() + timedelta(seconds=90 * (n + 1))
        ):  # a code is used once
            entrar(client, "ventas")
            dado = client.post("/cuenta/2fa/authenticate/", {"code": codigo_de(SEMILLA)})
            assert dado.status_code == 302
            assert esta_dentro(client)


# -- one link, once --------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_un_enlace_enviado_dos_veces_a_la_vez_sirve_una(personas):
    for ronda in range(8):
        cache.clear()
        enlace = cuentas.enlace_de_clave(Usuario.objects.get(username="ventas"))
        ruta = "/" + enlace.split("/", 3)[-1]
        quienes = [Client(), Client()]
        paginas = [c.get(ruta, follow=True).redirect_chain[-1][0] for c in quienes]
        barrera = Barrier(2)

        def elegir(n, paginas=paginas, quienes=quienes, ronda=ronda, barrera=barrera):
            barrera.wait()
            clave = f"caballo-correcto-{ronda}{n}"
            try:
                return quienes[n].post(
                    paginas[n], {"password1": clave, "password2": clave}, follow=True
                )
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as grupo:
            dichos = [texto(r) for r in grupo.map(elegir, range(2))]
        assert sorted("Contraseña guardada" in d for d in dichos) == [False, True], dichos
        assert sum("ya no sirve" in d for d in dichos) == 1
        gano = next(n for n, d in enumerate(dichos) if "Contraseña guardada" in d)
        assert Usuario.objects.get(username="ventas").check_password(
            f"caballo-correcto-{ronda}{gano}"
        )


def test_con_un_caso_abierto_en_otra_pestana_nada_se_pierde(client, mundo):
    """The session ends between reading the page and sending it."""
    caso = mundo.hasta(Estado.EN_CONTACTO)
    url = f"/casos/{caso.folio}/anotar/"
    entrar(client, "ventas")
    client.get(url)
    with dentro_de(hours=2, minutes=1):
        assert client.post(url, {"nota": "Quieren tres turnos.", "version": "1"})[
            "Location"
        ].startswith(f"/cuenta/login/?next={url}")
        entrar(client, "ventas", next=url)
        assert "Quieren tres turnos." in client.get(url).text
