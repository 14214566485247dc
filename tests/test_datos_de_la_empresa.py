"""Personal data of our own people (LFPDPPP): the notice they were given, and suppression of who left."""

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from casos.calendario import hoy
from casos.catalogos import Hecho
from casos.datos_tratados import ComoSeDioElAviso, DerechoARCO, ViaARCO
from casos.lecturas.verificacion import revisar_bitacora
from casos.lecturas.verificacion_de_configuracion import revisar_configuracion
from casos.lecturas.verificacion_de_seguridad import revisar_registro
from casos.models import AvisoPrivacidad, Borrador, HechoDeSeguridad, Supresion, Usuario
from casos.personas import arco, salidas
from casos.personas.supresion_de_cuentas import suprimir_cuenta
from casos.seguridad.anotar import anotar

from .auditoria import un_hallazgo, una_muestra
from .factories import UsuarioFactory
from .personas import CON_CLAVE

pytestmark = pytest.mark.django_db
CORREO, TELEFONO = "zoe.quien@se-fue.example", "+525587654321"


@pytest.fixture
def zoe(mundo):
    """Who left, with what the product keeps of somebody."""
    zoe = UsuarioFactory(
        username="zoe", first_name="Zoé", last_name="Ñuño", email=CORREO, telefono=TELEFONO
    )
    Borrador.objects.create(
        usuario=zoe, ruta="/casos/nuevo/", datos={"notas": ["x"]}, guardado_en=timezone.now()
    )
    anotar(Hecho.CORREO, persona=zoe, aparte={"antes": "otro@x.example", "despues": CORREO})
    zoe.is_active = False
    zoe.save()
    return zoe


def suprimir(client, usuario, **datos):
    escrito = {"cuenta": usuario.username} | CON_CLAVE | datos
    return client.post(reverse("privacidad_usuario_suprimir", args=[usuario.pk]), escrito)


def test_de_quien_se_fue_se_suprime_lo_que_no_dice_quien_actuo(mundo, zoe, client):
    mundo.registrar()
    client.force_login(mundo.p.direccion)
    pagina = client.get(reverse("privacidad_usuario", args=[zoe.pk])).text
    assert CORREO in pagina and "Suprimir datos" in pagina
    # Who does it says again who they are.
    url = reverse("privacidad_usuario_suprimir", args=[zoe.pk])
    assert "suprimir los datos de Zoé Ñuño" in client.post(url, {"cuenta": "zoe"}).text
    mal = suprimir(client, zoe, cuenta="otra")
    assert mal.status_code == 422 and "No es ese: escribe zoe." in mal.text
    assert not Supresion.objects.exists()
    assert suprimir(client, zoe).status_code == 302
    zoe.refresh_from_db()
    assert (zoe.email, zoe.telefono, zoe.has_usable_password()) == ("", "", False)
    assert zoe.get_full_name() == "Zoé Ñuño" and not zoe.borradores.exists()
    suyos = HechoDeSeguridad.objects.filter(persona=zoe).exclude(hecho=Hecho.SUPRESION)
    assert suyos and {(h.aparte, h.direccion, h.dispositivo) for h in suyos} == {("",) * 3}
    ultimo = HechoDeSeguridad.objects.get(persona=zoe, hecho=Hecho.SUPRESION)
    assert ultimo.autor_id == mundo.p.direccion.pk
    assert revisar_registro() == "" and list(revisar_bitacora()) == []
    assert revisar_configuracion() == []
    pagina = client.get(reverse("privacidad_usuario", args=[zoe.pk])).text
    assert CORREO not in pagina and "Suprimida" in pagina and "Suprimir datos" not in pagina
    assert "Zoé Ñuño" in client.get(reverse("privacidad")).text
    # Another time is refused, whoever has the page open.
    assert "ya se suprimieron" in suprimir(client, zoe).text and Supresion.objects.count() == 1


def con_casos(mundo, zoe):
    caso = mundo.registrar()
    caso._meta.model.objects.filter(pk=caso.pk).update(responsable=zoe)


def con_una_solicitud(mundo, zoe):
    arco.registrar(
        quien=mundo.p.direccion, lleva=zoe, derecho=DerechoARCO.ACCESO, quien_pide="Ana",
        calidad="TITULAR", contacto="a@x.example", que_pide="x", via=ViaARCO.CORREO,
        recibida_fecha=hoy(),
    )  # fmt: skip


def con_un_hallazgo(mundo, zoe):
    caso = mundo.registrar()
    hallazgo = un_hallazgo(mundo.p, caso, una_muestra(mundo.p, caso))
    type(hallazgo).objects.filter(pk=hallazgo.pk).update(responsable=zoe)


@pytest.mark.parametrize(
    "debe, dice",
    [
        (con_casos, "Tiene casos abiertos"),
        (con_una_solicitud, "Atiende solicitudes ARCO abiertas"),
        (con_un_hallazgo, "Es responsable de hallazgos abiertos"),
    ],
)
def test_quien_debe_algo_no_se_suprime(mundo, zoe, client, debe, dice):
    debe(mundo, zoe)
    client.force_login(mundo.p.direccion)
    assert dice in client.get(reverse("privacidad_usuario", args=[zoe.pk])).text
    respuesta = suprimir(client, zoe)
    assert respuesta.status_code == 422 and dice in respuesta.text
    assert not Supresion.objects.exists() and Usuario.objects.get(pk=zoe.pk).email == CORREO


@pytest.mark.parametrize(
    "quien, dice",
    [("ventas", "sigue activa"), ("direccion", "los suprime otra persona")],
)
def test_ni_quien_sigue_ni_los_propios(mundo, client, quien, dice):
    client.force_login(mundo.p.direccion)
    suyo = getattr(mundo.p, quien)
    assert dice.lower() in suprimir(client, suyo).text.lower()
    assert not Supresion.objects.exists()


def test_ni_la_ultima_cuenta_que_administra(mundo, zoe):
    Usuario.objects.filter(is_superuser=True).update(is_active=False)
    Usuario.objects.filter(pk=zoe.pk).update(is_superuser=True)
    with pytest.raises(ValidationError, match="última cuenta que administra"):
        suprimir_cuenta(zoe, por=mundo.p.direccion)


def test_quien_se_suprimio_no_vuelve_a_entrar_por_ninguna_puerta(mundo, zoe, client):
    suprimir_cuenta(zoe, por=mundo.p.direccion)
    with pytest.raises(ValidationError, match="cuenta nueva"):
        salidas.revisar_cambio(zoe, rol="", es_gerente=False, activa=True, administra=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Usuario.objects.filter(pk=zoe.pk).update(is_active=True)
    client.force_login(mundo.p.admin)
    panel = client.get(f"/admin/casos/usuario/{zoe.pk}/change/").text
    assert 'name="email"' not in panel and "Zoé" in panel


def test_sus_sesiones_se_van_y_las_de_otros_siguen(mundo, zoe, client):
    client.force_login(mundo.p.direccion)
    Usuario.objects.filter(pk=zoe.pk).update(is_active=True)
    otro = type(client)()
    otro.force_login(zoe)
    otro.get("/")
    Usuario.objects.filter(pk=zoe.pk).update(is_active=False)
    suya = otro.session.session_key
    suprimir_cuenta(zoe)
    assert not zoe.usersession_set.exists()
    assert not Session.objects.filter(session_key=suya).exists()
    assert client.get(reverse("privacidad")).status_code == 200


def test_se_anota_que_aviso_se_le_dio_y_la_lista_lo_dice(mundo, zoe, client):
    client.force_login(mundo.p.direccion)
    url = reverse("privacidad_usuario_aviso", args=[zoe.pk])
    assert "Todavía no hay ninguno" in client.get(url).text
    aviso = AvisoPrivacidad.objects.create(version="V-7", desde_fecha=hoy(), texto="x")
    bien = {"aviso": aviso.pk, "como": ComoSeDioElAviso.values[0], "fecha": hoy().isoformat()}
    antes = client.post(url, bien | {"fecha": "2020-01-01"})
    assert antes.status_code == 422 and "Ese aviso rige desde" in antes.text
    assert client.post(url, bien).status_code == 302
    assert zoe.avisos_dados.get().anotada_por_id == mundo.p.direccion.pk
    assert "V-7" in client.get(reverse("privacidad_usuario", args=[zoe.pk])).text
    assert "V-7" in client.get(reverse("privacidad_empresa")).text
    suprimir_cuenta(zoe)
    assert "ya se suprimieron" in client.get(url).text
    tarde = client.post(url, bien)
    assert tarde.status_code == 422 and "ya se suprimieron" in tarde.text


def test_su_solicitud_sigue_siendo_suya(mundo, zoe, client):
    """Who was suppressed is still in the form that completes their request."""
    solicitud = arco.registrar(
        quien=mundo.p.direccion, lleva=mundo.p.direccion, usuario=zoe, derecho=DerechoARCO.ACCESO,
        quien_pide="Zoé", calidad="TITULAR", contacto="a@x.example", que_pide="x",
        via=ViaARCO.CORREO, recibida_fecha=timezone.localdate(),
    )  # fmt: skip
    suprimir_cuenta(zoe)
    client.force_login(mundo.p.direccion)
    texto = client.get(reverse("solicitud_acto", args=[solicitud.pk, "completar"])).text
    assert f'<option value="{zoe.pk}" selected>' in texto
    nueva = client.get(reverse("solicitud_nueva"), {"usuario": mundo.p.ventas.pk}).text
    assert f'<option value="{mundo.p.ventas.pk}" selected>' in nueva


def test_se_listan_por_su_nombre_lleve_o_no_acento(mundo, client):
    mundo.p.ventas.first_name, mundo.p.ventas2.first_name = "Óscar", "Zacarías"
    mundo.p.ventas.save()
    mundo.p.ventas2.save()
    client.force_login(mundo.p.direccion)
    pagina = client.get(reverse("privacidad_empresa")).text
    assert 0 < pagina.index(">Óscar") < pagina.index(">Zacarías")
