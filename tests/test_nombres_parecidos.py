"""Names that are nearly equal are asked about, through every door; whoever says that it is another goes on."""

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from casos.clientes import altas
from casos.formularios.clientes import parecidos, tocaya_de
from casos.models import Caso, Cliente, PersonaContacto
from casos.razon_social import parecida
from casos.textos import punto
from tests.guion import Guion, contacto, hace, pedir, rechazada
from tests.test_importacion import ver

NOMBRE = "Aceros del Norte, S.A. de C.V."
CASO = {
    "version": 0,
    "recibido_en": hace(hours=1),
    "solicitud": "Más gente.",
    "persona_nombre": "Ana",
}
CASI_IGUALES = [
    "ACEROS DEL NORTE SA DE CV", "Aceros del Norte, S. A. de C. V.", "Aceros  del Norte S.A.de C.V.",
    "Aceros del Norte", "aceros del norte SADECV", "Aceros-del-Norte, S. de R.L. de C.V.", "Aceros del Norte, S.C.",
    "Aceros del Norte A.C.", "Aceros del Norte S.A.P.I. de C.V.", "Aceros del Norte, S.A.B. de C.V.",
    "«Aceros del Norte» Sociedad Anónima de Capital Variable", "Aceros del Norte SA de CV SOFOM E.N.R.",
    "Aceros del Norte S.P.R. de R.L.", "Aceros del Norte S.A.S.", "Aceros del Norté. S.A de C.V",
]  # fmt: skip
OTROS = [
    "Aceros del Sur, S.A. de C.V.",
    "Aceros del Norte Dos, S.A.",
    "Casa",
    "Rosa, S.A.",
    "S.A. de C.V.",
    "Norte S.C.",
]


@pytest.fixture
def g(personas):
    return Guion(personas)


@pytest.fixture
def cliente(personas):
    return altas.crear_cliente(razon_social=NOMBRE, rfc="APN980312QX4")


@pytest.mark.parametrize("nombre", CASI_IGUALES)
def test_la_forma_de_la_empresa_y_la_puntuacion_no_cuentan(nombre):
    assert parecida(nombre) == parecida(NOMBRE) == "acerosdelnorte"


def test_lo_que_se_llama_de_otro_modo_no_se_parece():
    assert len({parecida(n) for n in [NOMBRE, *OTROS]}) == len(OTROS) + 1
    assert parecida("Grupo A, S.A.") == parecida("Grupo A") != parecida("Grupo B")
    assert parecida("Santa Rosa") == "santarosa" and parecida("Jugos & Más") == parecida(
        "jugos y mas SA"
    )


@given(st.text(max_size=60))
def test_de_lo_que_no_dice_nada_no_hay_parecidos(texto):
    assert parecida(texto) == parecida(texto.strip())
    assert not parecida("¿?") and not parecida("")


@pytest.mark.django_db
def test_se_buscan_por_una_columna(cliente, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert parecidos("aceros del norte sa de cv") == [cliente]
    with django_assert_num_queries(0):
        assert parecidos("...") == []
    assert parecidos(NOMBRE, menos=cliente.pk) == [] == parecidos("Aceros del Sur")
    altas.cambiar_cliente(cliente, razon_social="Otra, S.C.")
    assert parecidos("OTRA") == [cliente] and parecidos(NOMBRE) == []


@pytest.mark.parametrize("donde", ["/clientes/nuevo/", "/admin/casos/cliente/add/"])
def test_al_dar_de_alta_se_pregunta_y_se_puede_ver_el_que_hay(client, personas, cliente, donde):
    client.force_login(personas.gerente)
    datos = {
        "razon_social": "Aceros del Norte SA de CV",
        "nombre_comercial": "",
        "rfc": "",
        "notas": "Ojo",
    }
    pregunta = client.post(donde, datos)
    assert pregunta.status_code in (200, 422) and Cliente.objects.count() == 1
    assert f"Ya está «{NOMBRE}», con un nombre casi igual. Si es otro cliente" in pregunta.text
    assert f'href="/clientes/{cliente.pk}/"' in pregunta.text and "Ojo" in pregunta.text
    assert client.post(donde, datos | {"es_otro": "on"}).status_code == 302
    assert Cliente.objects.count() == 2
    # Equal is still refused, whatever the box says.
    igual = client.post(donde, datos | {"es_otro": "on"})
    assert igual.status_code in (200, 422) and "también sin RFC" in igual.text


def test_quien_cambia_otra_cosa_del_cliente_no_contesta_por_su_nombre(client, personas, cliente):
    altas.crear_cliente(razon_social="Aceros del Norte")
    client.force_login(personas.ventas)
    url = f"/clientes/{cliente.pk}/editar/"
    datos = {"razon_social": NOMBRE, "rfc": cliente.rfc, "notas": "x"}
    assert client.post(url, datos).status_code == 302
    assert client.post(url, datos | {"razon_social": NOMBRE.upper()}).status_code == 302
    otro = altas.crear_cliente(razon_social="Minas")
    url = f"/clientes/{otro.pk}/editar/"
    assert client.post(url, {"razon_social": "aceros del norte sc"}).status_code == 422


def test_al_registrar_una_solicitud_se_ofrece_el_que_hay(client, g, cliente):
    client.force_login(g.p.ventas)
    cuando = timezone.localtime(hace(hours=1)).strftime("%Y-%m-%dT%H:%M")
    datos = CASO | {"cliente_razon_social": "Aceros del Norte SA de CV", "recibido_en": cuando}
    pregunta = client.post("/casos/nuevo/", datos)
    assert pregunta.status_code == 422 and "con un nombre casi igual" in pregunta.text
    assert f'name="elegir" value="{cliente.pk}"' in pregunta.text
    assert 'type="checkbox" name="cliente_es_otro"' in pregunta.text
    # Chosen, what was typed stays.
    elegido = client.post("/casos/nuevo/", datos | {"elegir": cliente.pk})
    assert "Más gente." in elegido.text and NOMBRE in elegido.text
    assert client.post("/casos/nuevo/", datos | {"cliente_es_otro": "on"}).status_code == 302
    assert Caso.objects.get().cliente.razon_social == "Aceros del Norte SA de CV"


def test_una_persona_con_el_nombre_de_otra_del_cliente_se_pregunta(client, g, cliente):
    ana = altas.agregar_persona(cliente, nombre="Ana Ruiz", puesto="Compras")
    eva = altas.agregar_persona(cliente, nombre="Eva")
    altas.agregar_persona(altas.crear_cliente(razon_social="Minas"), nombre="Juan")
    assert tocaya_de(cliente.pk, "ANA RUIZ") == ana and tocaya_de(cliente.pk, "Juan") is None
    client.force_login(g.p.gerente)
    nueva = f"/clientes/{cliente.pk}/personas/nueva/"
    pregunta = client.post(nueva, {"nombre": "Ana  Ruíz"})
    assert pregunta.status_code == 422 and "Ya está «Ana Ruiz», Compras." in pregunta.text
    for url in (
        f"/clientes/{cliente.pk}/personas/{eva.pk}/",
        f"/admin/casos/personacontacto/{eva.pk}/change/",
    ):
        assert "Ya está «Ana Ruiz»" in client.post(url, {"nombre": "Ana Ruiz", "activa": "on"}).text
        assert client.post(url, {"nombre": "Eva", "activa": "on"}).status_code == 302
    assert client.post(nueva, {"nombre": "Ana Ruiz", "es_otra": "on"}).status_code == 302
    assert PersonaContacto.objects.filter(cliente=cliente, nombre="Ana Ruiz").count() == 2


def test_tambien_al_registrar_y_en_los_pasos(g, cliente):
    ana = altas.agregar_persona(cliente, nombre="Ana Ruiz")
    altas.agregar_persona(cliente, nombre="Eva")
    datos = CASO | {"cliente": cliente.pk, "persona_nombre": "ana ruiz"}
    with rechazada() as error:
        pedir("registrar", g.p.ventas, datos=datos)
    assert [f.campo for f in error.value.faltas] == ["persona_es_otra"]
    caso = pedir("registrar", g.p.ventas, datos=datos | {"persona_es_otra": "on"}).caso
    assert (
        caso.persona != ana and PersonaContacto.objects.filter(nombre_igual="ana ruiz").count() == 2
    )
    g.asignar(caso, a=g.p.ventas)
    caso = Caso.objects.get(pk=caso.pk)
    hablo = contacto() | {"persona_nombre": "EVA", "persona": "", "version": caso.version}
    with rechazada() as error:
        pedir("contactar", g.p.ventas, caso=caso, datos=hablo)
    assert [f.campo for f in error.value.faltas] == ["persona_es_otra"]
    form = error.value.form
    assert not form["persona_es_otra"].is_hidden and "elige a esa persona" in str(form.errors)
    pedir("contactar", g.p.ventas, caso=caso, datos=hablo | {"persona_es_otra": "on"})
    assert PersonaContacto.objects.filter(nombre_igual="eva").count() == 2


def test_una_frase_que_acaba_en_nombre_lleva_un_punto():
    assert punto(f"Ese RFC ya es de {NOMBRE}") == "Ese RFC ya es de Aceros del Norte, S.A. de C.V."
    assert punto("Listo") == "Listo."


@pytest.mark.django_db
def test_ninguna_pagina_dice_dos_puntos_seguidos(client, personas, cliente):
    client.force_login(personas.gerente)
    datos = {"razon_social": "Minas", "rfc": cliente.rfc}
    for url in ("/clientes/nuevo/", "/admin/casos/cliente/add/"):
        assert "C.V.." not in client.post(url, datos).text
    respuesta = client.post(
        "/clientes/nuevo/", {"razon_social": "Minas, S.A. de C.V."}, follow=True
    )
    assert "C.V.." not in respuesta.text


def test_al_importar_se_dice_y_un_rfc_igual_es_el_mismo(personas, cliente):
    hecha = ver(
        personas.gerente,
        ["Razón social", "RFC", "Nombre comercial"],
        ["Aceros del Norte SA de CV", "", ""],
        ["ACEROS DEL NORTE S DE RL", cliente.rfc, "Norte"],
        ["Aceros del Sur", "", ""],
    )
    avisos = {r.numero: " ".join(r.datos["avisos"]) for r in hecha.renglones.all()}
    assert avisos[2] == f"Ya está «{NOMBRE}», con un nombre casi igual. Revisa que no sea el mismo."
    assert f"Ya está como «{NOMBRE}»" in avisos[3] and not avisos[4]
