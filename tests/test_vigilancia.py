"""What changes of accounts and settings: written down, told by mail, and confirmed by whoever does it."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
import time_machine
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from casos.catalogos import EstadoAviso, Hecho
from casos.clientes import supresion
from casos.lecturas.verificacion_de_seguridad import revisar_registro
from casos.models import (
    Area,
    Aviso,
    Caso,
    Concepto,
    Configuracion,
    HechoDeSeguridad,
    Motivo,
    PersonaContacto,
    Suplencia,
    Usuario,
)
from casos.seguridad.anotar import anotar
from casos.seguridad.confirmar import FaltaConfirmar
from casos.web import ver_seguridad
from tests.factories import AvisoFactory, UsuarioFactory
from tests.guion import Guion
from tests.personas import CON_CLAVE
from tests.segundo_factor import codigo_de

ENTRAR = "/cuenta/login/"
CLAVE = "caballo-correcto-9"
DESDE = {"REMOTE_ADDR": "10.1.2.3", "HTTP_USER_AGENT": "Mozilla/5.0 (Windows NT 10.0) Firefox/145"}


@pytest.fixture(autouse=True)
def sin_intentos(personas):
    """The accounts of the test are there, and nothing has been told yet."""
    Aviso.objects.all().delete()
    yield
    assert revisar_registro() == ""


@pytest.fixture
def entra(client):
    def entrar(usuario):
        client.force_login(usuario)
        client.defaults |= DESDE
        return client

    return entrar


def hechos(*tipos, **filtro):
    filas = HechoDeSeguridad.objects.filter(**filtro).order_by("numero")
    return list(filas.filter(hecho__in=tipos) if tipos else filas)


def uno(tipo, **filtro):
    [hecho] = hechos(tipo, **filtro)
    return hecho


def cartas(**filtro):
    """(to, subject, text) of what was written, the first first."""
    filas = Aviso.objects.filter(**filtro).order_by("pk")
    return [(a.para, a.asunto, a.texto) for a in filas]


def datos_de(u, **mas):
    """What the form of the panel sends of an account as it is."""
    datos = {"username": u.username, "first_name": u.first_name, "last_name": u.last_name,
             "email": u.email, "telefono": u.telefono, "rol": u.rol}  # fmt: skip
    casillas = {
        "es_gerente": u.es_gerente,
        "is_active": u.is_active,
        "is_superuser": u.is_superuser,
    }
    datos |= {k: "on" for k, v in casillas.items() if v}
    return {k: v for k, v in (datos | mas).items() if v is not None}


def url_de(u):
    return f"/admin/casos/usuario/{u.pk}/change/"


# -- coming in -------------------------------------------------------------------------------------


def test_entradas_fallos_y_salidas(client, personas):
    client.defaults |= DESDE
    client.post(ENTRAR, {"login": "VENTAS", "password": "mala"})
    client.post(ENTRAR, {"login": "mi-contraseña-secreta", "password": "x"})
    client.post(ENTRAR, {"login": "ventas", "password": "demo"})
    client.post("/cuenta/reauthenticate/", {"password": "mala"})
    client.post("/cuenta/logout/")
    filas = hechos(hecho__in=["ENTRADA", "ENTRADA_FALLIDA", "CONFIRMACION_FALLIDA", "SALIDA"])
    assert [(h.hecho, h.persona, h.autor) for h in filas] == [
        ("ENTRADA_FALLIDA", personas.ventas, None),
        ("ENTRADA_FALLIDA", None, None),
        ("ENTRADA", personas.ventas, personas.ventas),
        ("CONFIRMACION_FALLIDA", personas.ventas, personas.ventas),
        ("SALIDA", personas.ventas, personas.ventas),
    ]
    assert {(h.direccion, h.dispositivo) for h in filas} == {("10.1.2.3", "Firefox en Windows")}
    # people type their password where the name goes
    assert not any("secreta" in str(vars(h)) for h in filas)


def test_quien_ya_no_esta_y_prueba_su_contrasena_se_anota(client, personas):
    Usuario.objects.filter(username="ventas").update(is_active=False)
    client.post(ENTRAR, {"login": "ventas", "password": "demo"})
    hecho = uno(Hecho.ENTRADA_FALLIDA)
    assert (hecho.persona, hecho.datos) == (personas.ventas, {"con": "cuenta desactivada"})


# -- what is told ----------------------------------------------------------------------------------


def test_un_correo_cambiado_por_el_administrador_se_dice_a_los_dos(entra, personas):
    """The administrator made the address of Dirección their own, and nobody heard of it."""
    cliente = entra(personas.admin)
    jefe = personas.direccion
    datos = datos_de(jefe, email="otro@ejemplo.mx", **CON_CLAVE)
    assert cliente.post(url_de(jefe), datos).status_code == 302
    hecho = uno(Hecho.CORREO)
    assert (hecho.persona, hecho.autor) == (jefe, personas.admin)
    assert hecho.textos == {"antes": "direccion@ejemplo.mx", "despues": "otro@ejemplo.mx"}
    assert "@" not in str(hecho.datos)
    dos = cartas()
    assert [c[0] for c in dos] == ["direccion@ejemplo.mx", "otro@ejemplo.mx"]
    for _, asunto, texto in dos:
        assert asunto == "Cambió el correo de tu cuenta"
        for dicho in ("era direccion@ejemplo.mx", "Admin Pruebas (administra el sistema)", "10.1.2.3",
                      "Firefox en Windows", "avísale hoy mismo"):  # fmt: skip
            assert dicho in texto, dicho
        assert "/key/" not in texto  # nothing that opens


@pytest.mark.parametrize(
    ("nombre", "cambio", "tipo", "dice"),
    [
        ("ventas", {"rol": "DG"}, Hecho.ROL, "era Ventas y ahora es Dirección General"),
        ("ventas2", {"es_gerente": "on"}, Hecho.GERENCIA, "Ahora eres gerente comercial"),
        ("ajena", {"is_superuser": "on"}, Hecho.ADMINISTRACION, "Ahora administras el sistema"),
        ("ventas2", {"is_active": None}, Hecho.ACTIVIDAD, "Se desactivó tu cuenta"),
    ],
)
def test_lo_que_el_administrador_cambia_se_anota_y_se_dice(
    entra, personas, nombre, cambio, tipo, dice
):
    u = getattr(personas, nombre)
    assert (
        entra(personas.admin).post(url_de(u), datos_de(u, **cambio, **CON_CLAVE)).status_code == 302
    )
    hecho = uno(tipo)
    assert (hecho.persona, hecho.autor) == (u, personas.admin)
    assert {"antes", "despues"} < set(hecho.datos)
    [(para, _, texto)] = cartas()
    assert para == u.email and dice in texto and "Si no lo esperabas" in texto


def test_a_quien_le_cambian_el_nombre_de_usuario_se_le_dice(entra, personas):
    """They could not come in any more, and were not told."""
    u = personas.ventas
    entra(personas.admin).post(url_de(u), datos_de(u, username="otro", **CON_CLAVE))
    assert uno(Hecho.DATOS).textos == {"antes": "ventas", "despues": "otro"}
    [(para, asunto, texto)] = cartas()
    assert (para, asunto) == (u.email, "Cambió tu nombre de usuario")
    assert "era ventas y ahora entras con otro" in texto


def test_a_quien_avisar_no_es_quien_lo_hizo(entra, personas):
    """Where the only administrator did it, to complain to them is no remedy."""
    u = personas.direccion
    entra(personas.admin).post(url_de(u), datos_de(u, email="otro@ejemplo.mx", **CON_CLAVE))
    assert "avísale hoy mismo a tu gerente o a Dirección General" in cartas()[0][2]
    otra = UsuarioFactory(username="otra", admin=True)
    Aviso.objects.all().delete()
    u.refresh_from_db()
    client = entra(personas.admin)
    client.post(url_de(u), datos_de(u, email="tercero@ejemplo.mx", **CON_CLAVE))
    assert f"a quien administra el sistema ({otra})" in cartas()[0][2]


def test_de_otro_administrador_se_enteran_los_que_hay(entra, personas):
    otra = UsuarioFactory(username="otra", admin=True)
    Aviso.objects.all().delete()
    u = personas.ajena
    entra(personas.admin).post(url_de(u), datos_de(u, is_superuser="on", **CON_CLAVE))
    assert [c[0] for c in cartas()] == [u.email, otra.email]
    assert "ahora administra el sistema" in cartas(para=otra.email)[0][2]


def test_una_orden_del_servidor_tambien_se_anota_y_se_dice(personas, monkeypatch):
    """``changepassword`` and a shell pass no page: what is watched is the row."""
    personas.ventas.set_password(CLAVE)
    personas.ventas.save()
    hecho = uno(Hecho.CONTRASENA)
    assert (hecho.persona, hecho.autor, hecho.direccion) == (personas.ventas, None, "")
    assert "alguien con acceso al servidor" in cartas()[0][2]
    Aviso.objects.all().delete()
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", CLAVE)
    call_command(
        "createsuperuser", username="root", email="root@x.mx", interactive=False, verbosity=0
    )
    alta = uno(Hecho.ALTA, persona__username="root")
    assert alta.datos["administra"] is True
    assert [c[0] for c in cartas()] == [personas.admin.email]


def test_la_contrasena_propia_y_la_recuperada(client, personas):
    client.force_login(personas.ventas)
    client.defaults |= DESDE
    nueva = {"oldpassword": "demo", "password1": CLAVE, "password2": CLAVE}
    client.post("/cuenta/password/change/", nueva)
    assert uno(Hecho.CONTRASENA).autor == personas.ventas
    [(para, asunto, texto)] = cartas()
    assert (para, asunto) == ("ventas@ejemplo.mx", "Cambió la contraseña de tu cuenta")
    assert "Quién: tú" in texto and "Si no fuiste tú" in texto and CLAVE not in texto
    client.logout()
    client.post("/cuenta/password/reset/", {"email": "ventas@ejemplo.mx"})
    assert uno(Hecho.RECUPERACION).persona == personas.ventas
    enlace = re.search(r"https?://\S+key/\S+", Aviso.objects.latest("pk").texto)[0]
    pagina = client.get("/" + enlace.split("/", 3)[-1], follow=True)
    otra = {"password1": CLAVE + "x", "password2": CLAVE + "x"}
    client.post(pagina.redirect_chain[-1][0], otra)
    assert [h.autor for h in hechos(Hecho.CONTRASENA)] == [personas.ventas, None]
    assert "con el enlace que se mandó a tu correo" in cartas()[-1][2]


def test_que_django_guarde_la_misma_contrasena_de_otra_manera_no_es_un_cambio(
    client, personas, settings
):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    client.post(ENTRAR, {"login": "ventas", "password": "demo"})
    assert Usuario.objects.get(username="ventas").password.startswith("pbkdf2")
    assert not hechos(Hecho.CONTRASENA) and not cartas()


def test_el_segundo_factor_se_dice_al_ponerlo_al_quitarlo_y_con_codigos_nuevos(entra, personas):
    cliente = entra(personas.ventas)
    cliente.post("/cuenta/reauthenticate/", {"password": "demo"})
    url = "/cuenta/2fa/totp/activate/"
    secreto = re.search(r"<code>(\w+)</code>", cliente.get(url).text)[1]
    cliente.post(url, {"code": codigo_de(secreto)})
    assert [c[1] for c in cartas()] == ["Se activó el segundo factor de tu cuenta"]
    Authenticator.objects.filter(type="totp").update(created_at="2026-01-01T00:00Z")
    uno_de_ellos = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    cliente.post("/cuenta/reauthenticate/", {"password": "demo", "code": uno_de_ellos})
    cliente.post("/cuenta/2fa/recovery-codes/generate/")
    assert cartas()[-1][1].startswith("Se hicieron códigos de recuperación nuevos")
    cliente.post("/cuenta/2fa/totp/deactivate/")
    assert cartas()[-1][1] == "Se quitó el segundo factor de tu cuenta"
    assert all("Quién: tú" in c[2] for c in cartas())
    tipos = (Hecho.SEGUNDO_FACTOR, Hecho.CODIGOS, Hecho.SIN_SEGUNDO_FACTOR)
    assert [h.hecho for h in hechos(*tipos)] == [
        "SEGUNDO_FACTOR", "CODIGOS", "CODIGOS", "SIN_SEGUNDO_FACTOR",
    ]  # fmt: skip


def test_a_quien_agregan_a_un_area_se_le_dice(entra, personas):
    mia = Area.objects.get(codigo="JUR")
    datos = {
        "area": mia.pk,
        "usuario": personas.direccion.pk,
        "es_responsable": "on",
        "activa": "on",
    }
    assert entra(personas.juridico).post("/admin/casos/membresia/add/", datos).status_code == 302
    hecho = uno(Hecho.MEMBRESIA, persona=personas.direccion)
    assert hecho.autor == personas.juridico and hecho.datos["responsable"] is True
    [(para, asunto, texto)] = cartas()
    assert (
        para == "direccion@ejemplo.mx"
        and asunto == "Te agregaron al área de Jurídico como responsable"
    )
    assert str(personas.juridico) in texto


def test_el_correo_anterior_de_un_area_se_entera(entra, personas):
    area = Area.objects.get(codigo="JUR")
    area.correo = "juridico@x.example, legal@x.example"
    area.save()
    Aviso.objects.all().delete()
    datos = {"correo": "mio@malo.example", "dias_opinion": "", "dias_ajuste": ""}
    entra(personas.juridico).post(f"/admin/casos/area/{area.pk}/change/", datos)
    assert [c[0] for c in cartas()] == ["juridico@x.example", "legal@x.example"]
    assert hechos(Hecho.CORREO_DE_AREA)[-1].textos["despues"] == "mio@malo.example"


def test_lo_que_se_configura_queda_con_lo_de_antes_y_lo_de_ahora(entra, personas):
    Configuracion.objects.get_or_create()
    cliente = entra(personas.gerente)
    motivo = Motivo.objects.filter(catalogo="NUESTRO").first()
    pagina = cliente.get(f"/admin/casos/motivo/{motivo.pk}/change/")
    datos = {
        k: v for k, v in pagina.context["adminform"].form.initial.items() if v not in (None, False)
    }
    assert (
        cliente.post(
            f"/admin/casos/motivo/{motivo.pk}/change/", datos | {"nombre": "Otro nombre"}
        ).status_code
        == 302
    )
    hecho = uno(Hecho.CATALOGO)
    assert hecho.datos == {
        "que": f"motivo «{motivo.nombre}»", "campo": "nombre", "antes": motivo.nombre, "despues": "Otro nombre",
    }  # fmt: skip
    config = Configuracion.objects.get()
    config.vigencia_dias += 1
    config.save()
    assert uno(Hecho.CONFIGURACION).datos["despues"] == str(config.vigencia_dias)
    assert not cartas()


def test_las_areas_de_un_concepto_se_anotan(entra, personas):
    concepto = Concepto.objects.first()
    concepto.areas.clear()
    cliente = entra(personas.gerente)
    pagina = cliente.get(f"/admin/casos/concepto/{concepto.pk}/change/")
    datos = {
        k: v for k, v in pagina.context["adminform"].form.initial.items() if v not in (None, False)
    }
    datos["areas"] = [Area.objects.get(codigo="FIN").pk]
    assert cliente.post(f"/admin/casos/concepto/{concepto.pk}/change/", datos).status_code == 302
    hecho = uno(Hecho.CATALOGO)
    assert (hecho.datos["campo"], hecho.datos["despues"]) == ("áreas", "Finanzas")


def test_una_suplencia_se_anota(entra, personas):
    datos = {"suplente": personas.ventas2.pk, "desde": "2099-01-05", "hasta": "2099-01-09"}
    cliente = entra(personas.ventas)
    cliente.post("/cuenta/suplencia/", datos | CON_CLAVE)
    hecho = uno(Hecho.SUPLENCIA)
    assert (hecho.persona, hecho.datos["suplente"]) == (personas.ventas, personas.ventas2.pk)
    mia, suya = cartas()
    assert mia[:2] == ("ventas@ejemplo.mx", f"{personas.ventas2} te suple")
    assert "del 5 de enero de 2099 al 9 de enero de 2099 puede" in mia[2]
    assert suya[:2] == ("ventas2@ejemplo.mx", f"Suples a {personas.ventas}")
    cliente.post(f"/cuenta/suplencia/{Suplencia.objects.get().pk}/")
    assert cartas()[2:][0][:2] == ("ventas2@ejemplo.mx", f"Ya no suples a {personas.ventas}")


def test_prestar_el_trabajo_pide_la_contrasena_y_de_direccion_lo_sabe_la_gerencia(entra, personas):
    """A session left open lent all that Dirección decides, and nobody was told."""
    datos = {"suplente": personas.ventas2.pk, "desde": "2099-01-05", "hasta": "2099-01-09"}
    cliente = entra(personas.direccion)
    respuesta = cliente.post("/cuenta/suplencia/", datos)
    assert f"Vas a prestar tu trabajo a {personas.ventas2}" in respuesta.text
    assert not Suplencia.objects.exists() and not hechos(Hecho.SUPLENCIA)
    assert cliente.post("/cuenta/suplencia/", datos | CON_CLAVE).status_code == 302
    assert [c[0] for c in cartas()] == [
        "direccion@ejemplo.mx", "ventas2@ejemplo.mx", "gerente@ejemplo.mx",
    ]  # fmt: skip
    assert "lo que le toca a Dirección General" in cartas()[2][2]


def test_nadie_llena_el_registro_con_cambios_de_su_cuenta(entra, personas):
    """Forty telephones in a second were forty rows, which are kept for ever."""
    cliente = entra(personas.ventas)
    base = {
        "first_name": "Ventas",
        "last_name": "Pruebas",
        "email": "ventas@ejemplo.mx",
        "puesto": "",
    }
    ultima = [cliente.post("/cuenta/", base | {"telefono": f"55123456{n}"}) for n in range(10, 40)][
        -1
    ]
    assert len(hechos(Hecho.DATOS, persona=personas.ventas)) == 20
    assert ultima.status_code == 422 and "muchas veces seguidas" in ultima.text
    assert "5512345639" in ultima.text.replace(" ", "")  # what was typed is there
    datos = {"suplente": personas.ventas2.pk, "desde": "2099-01-05", "hasta": "2099-01-09"}
    assert cliente.post("/cuenta/suplencia/", datos | CON_CLAVE).status_code == 422
    # another's hand is not held
    url = url_de(personas.ventas)
    cliente = entra(personas.admin)
    u = Usuario.objects.get(pk=personas.ventas.pk)
    assert cliente.post(url, datos_de(u, last_name="Otro")).status_code == 302
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        cliente = entra(personas.ventas)
        assert cliente.post("/cuenta/", base | {"telefono": "5512345699"}).status_code == 302


# -- refusals, and what goes out -------------------------------------------------------------------


def test_lo_negado_y_lo_que_no_se_puede_ver_se_anota_una_vez(entra, personas):
    caso = Guion(personas).registrar()
    cliente = entra(personas.juridico)
    for _ in range(5):
        assert cliente.get(f"/casos/{caso.folio}/").status_code == 404
        assert cliente.get("/casos/nuevo/").status_code == 403
    cliente.get("/no-es-nada-de-aqui.php")
    assert uno(Hecho.NO_EXISTE).textos == {"ruta": f"/casos/{caso.folio}/"}
    assert uno(Hecho.NEGADO).textos == {"ruta": "/casos/nuevo/"}
    cache.clear()
    cliente.get(f"/admin/casos/area/{Area.objects.get(codigo='FIN').pk}/change/")
    assert len(hechos(Hecho.NO_EXISTE, autor=personas.juridico)) == 2


def test_el_panel_no_dice_el_folio_de_un_caso_que_no_se_ve(entra, personas):
    caso = Guion(personas).registrar()
    tipo = ContentType.objects.get_for_model(Caso)
    for quien in (personas.juridico, personas.admin):
        respuesta = entra(quien).get(f"/admin/r/{tipo.pk}/{caso.pk}/")
        assert respuesta.status_code == 404 and caso.folio not in respuesta.text


def test_lo_que_se_exporta_baja_y_reenvia_se_anota(entra, personas):
    g = Guion(personas)
    g.registrar()
    cliente = entra(personas.gerente)
    b"".join(cliente.get("/casos/exportar/?estado=ABIERTOS"))
    cliente.get("/clientes/exportar/clientes/")
    uno_, otro = hechos(Hecho.EXPORTACION)
    assert (uno_.datos, uno_.textos) == (
        {"que": "casos", "filas": 1},
        {"filtro": "estado=ABIERTOS"},
    )
    assert otro.datos["que"] == "clientes" and otro.datos["filas"] >= 1
    caso = g.registrar()
    Aviso.objects.all().delete()
    AvisoFactory(caso=caso, estado=EstadoAviso.FALLIDO)
    cliente.post("/avisos/reenviar/")
    assert uno(Hecho.REENVIO).datos["cuantos"] == 1


def test_la_supresion_de_una_persona_se_anota_sin_su_nombre(personas):
    caso = Guion(personas).registrar()
    persona = PersonaContacto.objects.get(pk=caso.persona_id)
    nombre = persona.nombre
    supresion.suprimir_persona(persona)
    hecho = uno(Hecho.SUPRESION)
    assert str(persona.pk) in hecho.datos["que"] and nombre not in str(vars(hecho))


# -- whoever changes an account says again who they are --------------------------------------------

DELICADO = {
    "correo": {"email": "otro@ejemplo.mx"},
    "usuario": {"username": "otro"},
    "rol": {"rol": "DG"},
    "gerencia": {"es_gerente": "on"},
    "administra": {"is_superuser": "on", "rol": ""},
    "segundo factor": {"quitar_segundo_factor": "on"},
}


@pytest.mark.parametrize("que", DELICADO)
def test_sin_la_contrasena_propia_no_se_cambia_y_con_ella_si(entra, personas, que):
    u = personas.ventas2
    Authenticator.objects.create(user=u, type="totp", data={})
    antes = Usuario.objects.filter(pk=u.pk).values().get()
    cliente = entra(personas.admin)
    datos = datos_de(u, last_name='Escrito &amp; "ñ"', **DELICADO[que])
    respuesta = cliente.post(url_de(u), datos)
    assert respuesta.status_code == 200 and "Confirma que eres tú" in respuesta.text
    assert Usuario.objects.filter(pk=u.pk).values().get() == antes
    assert Authenticator.objects.filter(user=u).exists()
    # what was typed is all there, and goes again with the password
    escrito = {k: unescape(v) for k, v in re.findall(
        r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', respuesta.text)}  # fmt: skip
    assert escrito["last_name"] == 'Escrito &amp; "ñ"' and datos == {k: escrito[k] for k in datos}
    mala = cliente.post(url_de(u), escrito | {"confirma-password": "mala"})
    assert mala.status_code == 422 and "Esa no es tu contraseña" in mala.text
    assert 'value="mala"' not in mala.text
    assert Usuario.objects.filter(pk=u.pk).values().get() == antes
    assert cliente.post(url_de(u), escrito | CON_CLAVE).status_code == 302
    u.refresh_from_db()
    assert u.last_name == 'Escrito &amp; "ñ"'


def test_de_lo_que_se_deshizo_no_se_dice_que_se_hizo(entra, personas):
    """The invitation went before the question, and away with it."""
    cliente, u = entra(personas.admin), personas.ventas2
    Authenticator.objects.create(user=u, type="totp", data={})
    datos = datos_de(u, invitar_otra_vez="on", quitar_segundo_factor="on")
    respuesta = cliente.post(url_de(u), datos)
    assert "Confirma que eres tú" in respuesta.text
    assert not Aviso.objects.filter(para=u.email, confidencial=True).exists()
    for pagina in (respuesta, cliente.get(url_de(u))):
        assert "Se envió la invitación" not in pagina.text


def test_lo_que_no_es_delicado_no_pide_nada(entra, personas):
    u = personas.ventas2
    assert entra(personas.admin).post(url_de(u), datos_de(u, last_name="Otro")).status_code == 302


@pytest.mark.parametrize("puerta", ["usuario", "membresia"])
def test_crear_una_cuenta_pide_la_contrasena_por_cualquier_puerta(entra, personas, puerta):
    if puerta == "usuario":
        quien, datos = personas.admin, {
            "username": "nueva", "first_name": "N", "email": "n@x.mx", "is_active": "on", "is_superuser": "on",
        }  # fmt: skip
    else:
        quien, datos = personas.juridico, {
            "area": Area.objects.get(codigo="JUR").pk, "usuario": "", "nombre": "N", "apellidos": "",
            "usuario_nuevo": "nueva", "correo": "n@x.mx", "activa": "on",
        }  # fmt: skip
    cliente = entra(quien)
    url = f"/admin/casos/{puerta}/add/"
    assert "Confirma que eres tú" in cliente.post(url, datos).text
    assert not Usuario.objects.filter(username="nueva").exists() and not cartas()
    assert cliente.post(url, datos | CON_CLAVE).status_code == 302
    nueva = Usuario.objects.get(username="nueva")
    assert uno(Hecho.ALTA, persona=nueva).autor == quien
    assert uno(Hecho.INVITACION, persona=nueva).autor == quien


def test_con_segundo_factor_se_pide_tambien_el_codigo(entra, personas):
    secreto = totp.generate_totp_secret()
    totp.TOTP.activate(personas.admin, secreto)
    cliente, u = entra(personas.admin), personas.ventas2
    datos = datos_de(u, rol="AC", **CON_CLAVE)
    sin = cliente.post(url_de(u), datos)
    assert sin.status_code == 422 and 'name="confirma-code"' in sin.text
    assert Usuario.objects.get(pk=u.pk).rol == "VEN"
    assert cliente.post(url_de(u), datos | {"confirma-code": "000000"}).status_code == 422
    bien = cliente.post(url_de(u), datos | {"confirma-code": codigo_de(secreto)})
    assert bien.status_code == 302 and Usuario.objects.get(pk=u.pk).rol == "AC"


def test_el_correo_propio_pide_lo_mismo(entra, personas):
    cliente = entra(personas.ventas)
    datos = {"first_name": "Inés", "last_name": "Ñ", "email": "ines@ejemplo.mx", "telefono": ""}
    respuesta = cliente.post("/cuenta/", datos)
    assert "Confirma que eres tú" in respuesta.text and "tu cuenta" in respuesta.text
    assert cliente.post("/cuenta/", datos | CON_CLAVE)["Location"] == "/cuenta/"
    assert [c[0] for c in cartas()] == ["ventas@ejemplo.mx", "ines@ejemplo.mx"]


def test_ningun_acceso_directo_se_salta_la_pregunta(client, personas):
    """Not by a page: by the row. Whatever door a request comes through, the account is not saved."""
    peticion = RequestFactory().post("/otra-puerta/")
    peticion.user, peticion.session = personas.admin, {}
    personas.ventas.rol = "DG"
    with context.request_context(peticion), pytest.raises(FaltaConfirmar):
        personas.ventas.save()
    assert Usuario.objects.get(pk=personas.ventas.pk).rol == "VEN"


# -- the page --------------------------------------------------------------------------------------


def test_se_lee_filtra_pasa_de_pagina_y_exporta(entra, personas, monkeypatch):
    monkeypatch.setattr(ver_seguridad.registro, "TAMANO", 3)
    for n in range(5):
        anotar(Hecho.ROL, persona=personas.ventas, autor=personas.admin, antes=f"a{n}", despues="b")
    cliente = entra(personas.admin)
    pagina = cliente.get("/configurar/seguridad/?hecho=ROL")
    assert [h.datos["antes"] for h in pagina.context["hechos"]] == ["a4", "a3", "a2"]
    assert "a4 → b" in pagina.text
    otra = cliente.get("/configurar/seguridad/" + pagina.context["siguiente_url"])
    assert [h.datos["antes"] for h in otra.context["hechos"]] == ["a1", "a0"]
    suyos = cliente.get(f"/configurar/seguridad/?persona={personas.ventas.pk}&desde=2020-01-01")
    assert {h.persona for h in suyos.context["hechos"]} == {personas.ventas}
    assert not cliente.get("/configurar/seguridad/?hasta=2020-01-01").context["hechos"]
    mala = cliente.get("/configurar/seguridad/?persona=99999&hecho=zzz&desde=ayer&antes=x")
    assert mala.status_code == 200 and "Elige a una persona de la lista." in mala.text
    libro = cliente.get(pagina.context["exportar_url"])
    hoja = load_workbook(BytesIO(b"".join(libro))).active
    assert hoja.max_row == 6 and hoja["F2"].value == "a4 → b"
    assert uno(Hecho.EXPORTACION).textos == {"filtro": "hecho=ROL"}


def test_auditoria_lee_el_registro_sin_datos_personales(entra, personas):
    entra(personas.admin).post(
        url_de(personas.ventas), datos_de(personas.ventas, email="nuevo@ejemplo.mx", **CON_CLAVE)
    )
    texto = entra(personas.auditor).get("/configurar/seguridad/?hecho=CORREO").text
    assert "Cambió el correo" in texto and "/configurar/seguridad/" in texto
    assert "nuevo@ejemplo.mx" not in texto and "10.1.2.3" not in texto
    assert "nuevo@ejemplo.mx" in entra(personas.admin).get("/configurar/seguridad/").text


def test_las_sentencias_no_crecen_con_los_hechos(entra, personas):
    cliente = entra(personas.admin)
    cliente.get("/configurar/seguridad/")  # a new session writes where it is
    cuantas = []
    for _ in range(2):
        for _ in range(10):
            anotar(Hecho.ROL, persona=personas.ventas, autor=personas.dh)
        with CaptureQueriesContext(connection) as hechas:
            cliente.get("/configurar/seguridad/")
        cuantas.append(len(hechas))
    assert cuantas[0] == cuantas[1] <= 10


@pytest.mark.parametrize("nombre", ["gerente", "direccion", "calidad", "ventas", "juridico"])
def test_para_los_demas_no_existe(entra, personas, nombre):
    cliente = entra(getattr(personas, nombre))
    for url in ("/configurar/seguridad/", "/configurar/seguridad/exportar/"):
        assert cliente.get(url).status_code == 404
    assert "/configurar/seguridad/" not in cliente.get("/").text


def test_todo_hecho_esta_en_un_grupo_del_filtro():
    dichos = [h for hechos_ in ver_seguridad.registro.GRUPOS.values() for h in hechos_]
    assert sorted(dichos) == sorted(Hecho.values)
