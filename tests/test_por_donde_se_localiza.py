"""Telephones and addresses through every door: stored right, or refused beside the field with nothing lost."""

import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casos import direcciones, telefonos
from casos.clientes import altas, supresion
from casos.formularios.clientes import PersonaForm
from casos.formularios.cuenta import DatosForm
from casos.models import Area, Aviso, PersonaContacto, Usuario
from casos.panel.gente import MembresiaForm, UsuarioForm
from casos.panel.parametros import AreaForm
from tests.guion import Guion, formulario, hace, pedir, rechazada
from tests.personas import CON_CLAVE

CASO = {"recibido_en": hace(hours=1), "solicitud": "Más gente."}

ESCRITO, GUARDADO, MOSTRADO = (
    "Cel. +52 1 55 1234 5678 ext. 1234 / 81-8345-2210",
    "+525512345678;ext=1234,+528183452210",
    "55 1234 5678 ext. 1234 / 81 8345 2210",
)
PEGADO, CORREO = "Ana Ruiz <mailto:ana@x.mx>;", "ana@x.mx"
FORMAS_DE_TELEFONO = [
    (PersonaForm, "telefono"), (DatosForm, "telefono"), (UsuarioForm, "telefono"),
]  # fmt: skip
FORMAS_DE_CORREO = [
    (PersonaForm, "correo"), (DatosForm, "email"), (UsuarioForm, "email"), (MembresiaForm, "correo"),
    (AreaForm, "correo"),
]  # fmt: skip
RAROS = st.text(
    st.sampled_from("0123456789+-().,;/# xextana@x.mx<>:\n\t\xa0\u200b\u202e５＠–{}")
    | st.characters(),
    max_size=80,
)


def leido(forma, campo, escrito):
    """What the door makes of it, and what it says."""
    form = forma({campo: escrito})
    form.is_valid()
    return form.cleaned_data.get(campo), form.errors.get(campo, [])


@pytest.mark.parametrize(("forma", "campo"), FORMAS_DE_TELEFONO)
@given(RAROS)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None
)
def test_un_telefono_raro_se_guarda_bien_o_se_dice_en_su_campo(db, forma, campo, escrito):
    queda, errores = leido(forma, campo, escrito)
    assert bool(errores) == (queda is None)
    assert not queda or (telefonos.es_guardado(queda) and len(queda) <= telefonos.LARGO)


@pytest.mark.parametrize(("forma", "campo"), FORMAS_DE_CORREO)
@given(RAROS)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None
)
def test_un_correo_raro_se_guarda_bien_o_se_dice_en_su_campo(db, forma, campo, escrito):
    queda, errores = leido(forma, campo, escrito)
    assert bool(errores) == (queda is None)
    assert not queda or direcciones.leer_varias(queda) == direcciones.partir(queda)


@pytest.mark.parametrize(("forma", "campo"), FORMAS_DE_CORREO)
def test_cada_puerta_entiende_un_correo_pegado(db, forma, campo):
    assert leido(forma, campo, PEGADO) == (CORREO, [])
    _, [dicho] = leido(forma, campo, "ana ruiz@x.mx")
    assert direcciones.EJEMPLO in dicho
    dos, errores = leido(forma, campo, "ana@x.mx, o@x.mx")
    assert dos == "ana@x.mx, o@x.mx" if forma is AreaForm else "Hay 2 correos" in errores[0]


@pytest.fixture
def g(personas):
    return Guion(personas)


@pytest.fixture
def persona(personas):
    cliente = altas.crear_cliente(razon_social="Aceros")
    return altas.agregar_persona(cliente, nombre="Ana", telefono=ESCRITO, correo=PEGADO)


def test_una_persona_de_contacto_en_su_pagina(client, personas, persona):
    assert (persona.telefono, persona.correo) == (GUARDADO, CORREO)
    client.force_login(personas.ventas)
    url = f"/clientes/{persona.cliente_id}/personas/{persona.pk}/"
    assert f'value="{MOSTRADO}"' in client.get(url).text
    pagina = client.get(f"/clientes/{persona.cliente_id}/").text
    assert '<a href="tel:+525512345678;ext=1234">55 1234 5678 ext. 1234</a>' in pagina
    assert (
        '<a href="tel:+528183452210">81 8345 2210</a>' in pagina
        and "+5255" not in pagina.replace("tel:+5255", "")
    )
    malo = {"nombre": "Ana", "telefono": "0000000000", "correo": "ana@", "activa": "on"}
    respuesta = client.post(url, malo)
    assert respuesta.status_code == 422
    assert telefonos.EJEMPLO in respuesta.text and direcciones.EJEMPLO in respuesta.text
    assert 'value="0000000000"' in respuesta.text and 'value="ana@"' in respuesta.text
    # Saved again as it is shown, nothing changes.
    client.post(url, malo | {"telefono": MOSTRADO, "correo": CORREO})
    assert not persona.rastros.exclude(campo="alta").exists()
    client.post(url, malo | {"telefono": "33 3615 7742", "correo": CORREO})
    [rastro] = persona.rastros.exclude(campo="alta")
    assert (rastro.antes, rastro.despues) == (MOSTRADO, "33 3615 7742")


def test_al_registrar_y_en_la_historia_se_lee_como_se_marca(client, g):
    nuevo = {"version": 0, "cliente_razon_social": "Nueva", "persona_nombre": "Ana"}
    caso = pedir(
        "registrar",
        g.p.ventas,
        datos=CASO | nuevo | {"persona_telefono": ESCRITO, "persona_correo": PEGADO},
    ).caso
    assert (caso.persona.telefono, caso.persona.correo) == (GUARDADO, CORREO)
    client.force_login(g.p.ventas)
    pagina = client.get(caso.get_absolute_url()).text
    assert MOSTRADO in pagina and "+52" not in pagina.replace('href="tel:+52', "")
    client.force_login(g.p.auditor)
    assert "1234 5678" not in client.get(caso.get_absolute_url()).text
    with rechazada() as error:
        pedir(
            "registrar",
            g.p.ventas,
            datos=CASO
            | nuevo
            | {
                "cliente_razon_social": "Otra",
                "persona_telefono": "1",
                "persona_correo": "a@x.mx b@x.mx",
            },
        )
    assert [f.campo for f in error.value.faltas] == ["persona_telefono", "persona_correo"]
    assert formulario("registrar", g.p.ventas).fields["persona_telefono"].widget.input_type == "tel"


def test_mi_cuenta_y_el_panel(client, personas):
    client.force_login(personas.ventas)
    datos = {"first_name": "Eva", "last_name": "Paz", "email": personas.ventas.email}
    assert client.post("/cuenta/", datos | {"telefono": ESCRITO}).status_code == 302
    assert Usuario.objects.get(pk=personas.ventas.pk).telefono == GUARDADO
    assert MOSTRADO in client.get("/cuenta/").text
    client.force_login(personas.admin)
    url = f"/admin/casos/usuario/{personas.ventas.pk}/change/"
    assert MOSTRADO in client.get(url).text
    suyos = datos | {
        "username": "ventas",
        "rol": "VEN",
        "is_active": "on",
        "telefono": "x",
        "email": PEGADO,
        **CON_CLAVE,
    }
    assert escape(telefonos.EJEMPLO) in client.post(url, suyos).text
    assert client.post(url, suyos | {"telefono": "33 3615 7742"}).status_code == 302
    ventas = Usuario.objects.get(pk=personas.ventas.pk)
    assert (ventas.telefono, ventas.email) == ("+523336157742", CORREO)


def test_lo_que_estaba_se_reescribe_si_se_entiende_y_si_no_se_queda(client, personas, persona):
    viejos = {
        "55 1234 5678": "+525512345678",
        "5512": "5512",
        "": "",
        "+1 210-736-5000": "+12107365000",
    }
    for viejo, queda in viejos.items():
        PersonaContacto.objects.update(telefono=viejo)
        Usuario.objects.update(telefono=viejo)
        migracion = importlib.import_module("casos.migrations.0021_telefonos")
        migracion.escribir(apps, SimpleNamespace(connection=connection))
        assert PersonaContacto.objects.get().telefono == queda
        assert set(Usuario.objects.values_list("telefono", flat=True)) == {queda}
    # Nobody is asked to mend what they did not touch.
    PersonaContacto.objects.update(telefono="5512")
    client.force_login(personas.ventas)
    url = f"/clientes/{persona.cliente_id}/personas/{persona.pk}/"
    assert (
        client.post(url, {"nombre": "Eva", "telefono": "5512", "activa": "on"}).status_code == 302
    )
    assert (
        client.post(url, {"nombre": "Eva", "telefono": "5513", "activa": "on"}).status_code == 422
    )
    persona = PersonaContacto.objects.get()
    assert (persona.nombre, persona.telefono) == ("Eva", "5512")


@pytest.mark.parametrize(
    "visto",
    ["+525512345678", "55 1234 5678", "(55) 1234-5678", "+52 1 55 1234 5678", "tel:+525512345678;ext=1234",
     "55 1234 5678 ext. 1234", "5512345678", "81 8345 2210", "01 55 1234 5678"],
)  # fmt: skip
def test_quien_se_suprime_no_queda_en_los_correos_como_se_haya_escrito(g, persona, visto):
    caso = g.registrar(con_contrato=False, cliente=persona.cliente_id, persona=persona.pk)
    Aviso.objects.create(
        caso=caso, plantilla="propuesta", para=CORREO, asunto=f"De {visto}",
        texto=f"Le marcamos al {visto}, gracias. Folio 99.", html=f"<p>{escape(visto)}</p>", message_id="<a@x>",
    )  # fmt: skip
    supresion.suprimir_persona(persona)
    aviso = Aviso.objects.get(message_id="<a@x>")
    for texto in (aviso.asunto, aviso.texto, aviso.html):
        assert "5678" not in texto and "2210" not in texto and "1234" not in texto, texto
    assert "Folio 99." in aviso.texto


def test_un_area_con_varios_correos_avisa_a_cada_uno_una_vez(client, g):
    client.force_login(g.p.admin)
    area = Area.objects.get(codigo="FIN")
    url = f"/admin/casos/area/{area.pk}/change/"
    datos = {"nombre": area.nombre, "correo": "Ana <ana@x.mx>;\no@x.mx, ANA@x.mx", "opina": "on", "ajusta": "on",
             "que_ajusta": area.que_ajusta, "orden": area.orden, "activa": "on"}  # fmt: skip
    assert client.post(url, datos).status_code == 302
    area.refresh_from_db()
    assert (area.correo, area.correos) == ("ana@x.mx, o@x.mx", ["ana@x.mx", "o@x.mx"])
    respuesta = client.post(url, datos | {"correo": "ana@x.mx, ruiz"})
    assert respuesta.status_code == 200 and direcciones.EJEMPLO in respuesta.text
    # Who also stands in the list as a person of another area is not written twice about the same.
    Usuario.objects.filter(pk=g.p.finanzas.pk).update(email="O@x.mx")
    g.analizar(g.contactar(g.registrar()), "FIN")
    pedidas = Aviso.objects.filter(plantilla="opinion_pedida")
    assert sorted(pedidas.values_list("para", "area")) == [
        ("ana@x.mx", area.pk),
        ("o@x.mx", area.pk),
    ]


def test_el_usuario_no_se_escribe_con_mayuscula_sola(client, db):
    assert 'autocapitalize="none"' in client.get("/cuenta/login/").text


def test_quien_olvido_su_contrasena_pega_su_correo(client, personas):
    Usuario.objects.filter(pk=personas.ventas.pk).update(email=CORREO)
    assert client.post("/cuenta/password/reset/", {"email": PEGADO}).status_code == 302
    assert Aviso.objects.filter(para=CORREO, plantilla="cuenta").exists()
    respuesta = client.post("/cuenta/password/reset/", {"email": "ana ruiz@x.mx"})
    assert direcciones.EJEMPLO in respuesta.text
