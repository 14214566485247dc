"""*Falta configurar* says all that would stop a case, and who sets the system up is led there."""

import pytest

from casos import calendario
from casos.lecturas.falta_configurar import EN_ARCHIVOS, lo_que_falta
from casos.models import Area, Membresia, Motivo, Usuario
from tests.personas import CON_CLAVE
from tests.reloj import calendario_de


@pytest.fixture
def p(personas):
    Usuario.objects.filter(email="").update(email="x@firma.example")
    Membresia.objects.update(es_responsable=True)
    return personas


def dichos():
    return [f.texto for f in lo_que_falta()]


@pytest.mark.parametrize(
    ("quien", "dice"),
    [
        ("gerente", "No hay gerente comercial"),
        ("direccion", "No hay nadie en Dirección General"),
        ("ventas", "No hay nadie en Ventas, además de la gerencia,"),
        ("atencion", "No hay nadie en Atención a Clientes"),
    ],
)
def test_dice_el_papel_que_nadie_tiene(p, quien, dice):
    antes = dichos()
    persona = getattr(p, quien)
    Usuario.objects.filter(rol=persona.rol, es_gerente=persona.es_gerente).update(is_active=False)
    [nuevo] = [f for f in lo_que_falta() if f.texto not in antes]
    assert nuevo.texto.startswith(dice) and f"rol={persona.rol}" in nuevo.enlace


def test_dice_el_area_que_nadie_tiene_a_su_cargo(p):
    antes = dichos()
    Membresia.objects.filter(area__codigo="FIN").update(es_responsable=False)
    assert [t for t in dichos() if t not in antes] == [
        "Finanzas no tiene a nadie a cargo que corrija sus respuestas."
    ]
    # One that is not in use answers nothing.
    Area.objects.filter(codigo="FIN").update(activa=False)
    assert dichos() == antes


def en_archivos(settings, carpeta):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = EN_ARCHIVOS, str(carpeta)


def test_dice_que_los_correos_se_quedan_en_archivos(p, settings, tmp_path, client):
    assert not any("EMAIL_URL" in t for t in dichos())
    en_archivos(settings, tmp_path)
    assert any("quedan en archivos" in t and str(tmp_path) in t for t in dichos())
    client.force_login(p.admin)
    assert "Lo hace quien instaló el sistema." in client.get("/configurar/").text


ALTA = {
    "username": "rosa", "first_name": "Rosa", "last_name": "Gil", "email": "rosa@firma.example",
    "rol": "VEN", "is_active": "on", **CON_CLAVE,
}  # fmt: skip
DEL_AREA = {
    "nombre": "Eva", "apellidos": "Luna", "usuario_nuevo": "eva", "correo": "rosa@firma.example",
    "activa": "on", **CON_CLAVE,
}  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("por", ["persona", "area"])
def test_no_se_dice_que_se_envio_una_invitacion_que_quedo_en_un_archivo(
    p, settings, tmp_path, client, por
):
    client.force_login(p.admin)
    url, datos = "/admin/casos/usuario/add/", ALTA
    if por == "area":
        url, datos = "/admin/casos/membresia/add/", DEL_AREA | {"area": Area.objects.first().pk}
    en_archivos(settings, tmp_path)
    texto = client.post(url, datos, follow=True).text
    assert "La invitación para rosa@firma.example no salió" in texto
    assert "Se envió la invitación" not in texto


@pytest.mark.django_db(transaction=True)
def test_con_servidor_de_correo_si_se_dice(p, client):
    client.force_login(p.admin)
    texto = client.post("/admin/casos/usuario/add/", ALTA, follow=True).text
    assert "Se envió la invitación a rosa@firma.example." in texto


def test_sin_nada_pendiente_la_primera_pagina_lleva_a_lo_que_falta(p, client):
    Usuario.objects.filter(rol="AC").update(is_active=False)
    client.force_login(p.gerente)
    texto = client.get("/").text
    assert 'href="/configurar/">Ver qué falta' in texto
    assert "No tienes pendientes" not in texto and "Estás al día" not in texto


def test_cada_falta_abre_su_formulario_y_el_primer_administrador_llega_ahi(p, client):
    """Not a list to look for it in: the form itself, which comes back; the end is the first case."""
    Usuario.objects.filter(rol__in=["AC", "DG"]).update(is_active=False)
    Usuario.objects.filter(username="ventas2").update(email="")
    Membresia.objects.filter(area__codigo="FIN").update(es_responsable=False)
    Membresia.objects.filter(area__codigo="OPE").update(activa=False)
    Area.objects.filter(codigo="JUR").update(ajusta=False)
    Motivo.objects.update(activo=False)
    client.force_login(p.admin)
    assert client.get("/").url == "/configurar/"
    enlaces = [f.enlace for f in lo_que_falta() if f.url]
    assert len(enlaces) >= 8
    for enlace in enlaces:
        pagina = client.get(enlace)
        assert pagina.status_code == 200, enlace
        assert "adminform" in pagina.context and 'href="/configurar/">\nCancelar' in pagina.text, (
            enlace
        )
    finanzas = Membresia.objects.filter(area__codigo="FIN").first()
    [enlace] = [e for e in enlaces if f"/membresia/{finanzas.pk}/" in e]
    assert client.post(enlace, {"es_responsable": "on", "activa": "on"}).url == "/configurar/"
    assert not any("nadie a cargo" in t for t in dichos())


def test_a_los_demas_no_se_les_dice(p, client):
    Usuario.objects.filter(rol="AC").update(is_active=False)
    client.force_login(p.ventas)
    assert "/configurar/" not in client.get("/").text


def test_completo_no_lleva_a_ningun_lado(p, client):
    calendario_de(calendario.hoy().year, calendario.hoy().year + 1)
    assert dichos() == []
    client.force_login(p.gerente)
    assert "/configurar/" not in client.get("/").text
    listo = client.get("/configurar/").text
    assert "Todo está listo" in listo and 'href="/casos/nuevo/">Registrar solicitud' in listo
    client.force_login(p.admin)
    assert client.get("/").status_code == 200
    assert "pueden registrar solicitudes" in client.get("/configurar/").text
