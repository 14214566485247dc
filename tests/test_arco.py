"""ARCO requests (LFPDPPP): their clock, what each step asks, and a history that nobody changes."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfReader

from casos.calendario import hoy, sumar_habiles
from casos.catalogos import Estado
from casos.clientes import supresion
from casos.clientes.altas import cambiar_persona
from casos.clientes.bloqueo import bloquear
from casos.lecturas import datos_de_personas
from casos.lecturas.resumen import manana_de
from casos.models import Borrador, Configuracion, MovimientoARCO, SolicitudARCO
from casos.personas import arco

from .factories import PersonaContactoFactory
from .guion import actuar, fresco

pytestmark = pytest.mark.django_db


def bien(**otros):
    return {
        "derecho": "ACCESO",
        "quien_pide": "Ana Ruiz Ibsen",
        "calidad": "TITULAR",
        "contacto": "ana@x.example",
        "que_pide": "Quiere saber qué guardan de ella.",
        "via": "CORREO",
        "recibida_fecha": hoy() - timedelta(days=4),
    } | otros


@pytest.fixture
def pedida(a_solas):
    return arco.registrar(quien=a_solas.p.direccion, lleva=a_solas.p.direccion, **bien())


def test_se_registra_con_su_numero_y_su_plazo(a_solas, client):
    client.force_login(a_solas.p.direccion)
    url = reverse("solicitud_nueva")
    for campo in bien():
        respuesta = client.post(url, bien(**{campo: ""}))
        assert respuesta.status_code == 422 and not SolicitudARCO.objects.exists(), campo
    assert client.post(url, bien(recibida_fecha="2999-01-01")).status_code == 422
    assert client.post(url, bien(persona="999999")).status_code == 422
    assert client.post(url, bien(persona="Nadie Así")).status_code == 422
    assert not SolicitudARCO.objects.exists()
    for n in (1, 2):
        assert client.post(url, bien()).status_code == 302
        assert str(SolicitudARCO.objects.first()) == f"SD-{hoy().year}-{n:03d}"
    assert SolicitudARCO.objects.first().vence == sumar_habiles(bien()["recibida_fecha"], 20)


def test_la_misma_pagina_enviada_dos_veces_es_una(a_solas, client):
    client.force_login(a_solas.p.direccion)
    url = reverse("solicitud_nueva")
    fichas = [
        re.search(r'name="ficha" value="([0-9a-f-]{36})"', client.get(url).text)[1] for _ in "12"
    ]
    assert len(set(fichas)) == 2
    lleva = {client.post(url, bien(ficha=f)).url for f in (fichas[0], fichas[0], fichas[1])}
    assert len(lleva) == SolicitudARCO.objects.count() == 2
    assert MovimientoARCO.objects.count() == 2


@pytest.mark.parametrize(
    "escrito",
    ["Iñaki Ordóñez", "inaki ORDONEZ", "ordoñez iñaki", "IO@x.example", "55 8111 2233", "pk"],
)
@pytest.mark.parametrize("bloqueada", [False, True])
def test_de_quien_son_se_dice_como_se_le_conoce(mundo, client, escrito, bloqueada):
    persona = mundo.registrar().persona
    cambiar_persona(
        persona, nombre="Iñaki Ordóñez", correo="io@x.example", telefono="+525581112233"
    )
    if bloqueada:
        bloquear(persona, motivo="Lo pidió", hasta=hoy(), por=mundo.p.direccion)
    client.force_login(mundo.p.direccion)
    q = str(persona.pk) if escrito == "pk" else escrito
    hallada = f'{reverse("privacidad_persona", args=[persona.pk])}">Iñaki Ordóñez<'
    assert hallada in client.get(reverse("privacidad"), {"q": q}).text
    respuesta = client.post(reverse("solicitud_nueva"), bien(persona=q))
    assert respuesta.status_code == 302
    assert SolicitudARCO.objects.get().persona == persona


def test_de_las_tocayas_se_pide_cual_y_la_busqueda_dice_si_hay_mas(mundo, client):
    una = mundo.registrar().persona
    varias = [PersonaContactoFactory(nombre="Ida Paz Sol", cliente=una.cliente) for _ in "12"]
    client.force_login(mundo.p.direccion)
    respuesta = client.post(reverse("solicitud_nueva"), bien(persona="ida paz"))
    assert respuesta.status_code == 422 and not SolicitudARCO.objects.exists()
    assert all(f"{p.pk}, Ida Paz Sol" in respuesta.text for p in varias)
    assert 'value="ida paz"' in respuesta.text  # nothing typed is lost
    url = reverse("privacidad")
    assert "Hay más" not in client.get(url, {"q": "Ida Paz"}).text
    assert "No hay nadie con «Xyz Qwerty»" in client.get(url, {"q": "Xyz Qwerty"}).text
    for _ in range(20):
        PersonaContactoFactory(nombre="Ida Paz Sol", cliente=una.cliente)
    texto = client.get(url, {"q": "Ida Paz"}).text
    assert "Hay más" in texto and texto.count(">Ida Paz Sol<") == 20


def test_lo_que_se_ha_hecho_no_nombra_de_quien_son(mundo, pedida):
    persona = mundo.registrar().persona
    arco.completar(pedida.pk, quien=mundo.p.direccion, persona=persona)
    dicho = pedida.movimientos.last().texto
    assert f"nº {persona.pk}" in dicho and persona.nombre not in dicho


@pytest.mark.parametrize("cual, sobra", [("solicitudes", "hoja"), ("bloqueadas", "bloqueadas")])
def test_de_un_registro_largo_se_llega_al_final(mundo, client, monkeypatch, cual, sobra):
    p = mundo.p
    for n in range(3):
        if cual == "solicitudes":
            arco.registrar(quien=p.direccion, lleva=p.direccion, **bien(quien_pide=f"Pide {n}."))
        else:
            quien = PersonaContactoFactory(nombre=f"Pide {n}.")
            bloquear(quien, motivo="x", hasta=hoy() + timedelta(days=n), por=p.direccion)
    monkeypatch.setattr(datos_de_personas, "A_LA_VISTA", 2)
    client.force_login(p.direccion)
    url = reverse("solicitudes" if cual == "solicitudes" else "privacidad")
    primera, segunda = client.get(url).text, client.get(url, {sobra: "2"}).text
    vistas = [re.findall(r"Pide (\d)\.", t) for t in (primera, segunda)]
    assert [len(set(v)) for v in vistas] == [2, 1] and not set(vistas[0]) & set(vistas[1])
    assert f"?{sobra}=2" in primera and f"?{sobra}=1" in segunda
    assert f"?{sobra}=3" not in segunda
    for mala in ("x", "-1", "9" * 9, "²"):
        assert client.get(url, {sobra: mala}).status_code == 200


def test_los_plazos_son_parametros_y_se_amplian_una_vez(a_solas):
    Configuracion.objects.update_or_create(pk=1, defaults={"arco_dias_respuesta": 10})
    p = a_solas.p
    s = arco.registrar(quien=p.direccion, lleva=p.direccion, **bien())
    diez = sumar_habiles(bien()["recibida_fecha"], 10)
    assert s.vence == diez
    otra = arco.ampliar(s.pk, quien=p.direccion, motivo="Son muchos")
    assert otra.vence == sumar_habiles(diez, 10)
    with pytest.raises(ValidationError, match="una vez"):
        arco.ampliar(s.pk, quien=p.direccion, motivo="Otra vez")


def test_no_procede_sin_comprobar_quien_es_y_luego_se_hace_efectiva(pedida, a_solas, client):
    client.force_login(a_solas.p.direccion)

    def pedir(que, **datos):
        dicho = {"version": arco.version_de(pedida)} | datos
        return client.post(reverse("solicitud_acto", args=[pedida.pk, que]), dicho)

    dice = {"procede": "SI", "respuesta": "Va lo que guardamos.", "evidencia": "Correo del 5"}
    respuesta = pedir("contestar", **dice)
    assert respuesta.status_code == 422 and "cómo se comprobó quién es" in respuesta.text
    assert "Va lo que guardamos." in respuesta.text  # nothing typed is lost
    assert pedir("efectiva", evidencia="x").status_code == 422
    completa = {"identidad": "INE", "lleva": a_solas.p.direccion.pk, "persona": "", "usuario": ""}
    assert pedir("completar", **completa).status_code == 302
    igual = client.get(pedir("completar", **completa).url).text
    assert "No cambió nada de la solicitud" in igual
    assert pedir("contestar", **dice).status_code == 302
    pedida.refresh_from_db()
    assert (pedida.estado, pedida.vence) == ("PROCEDE", sumar_habiles(hoy(), 15))
    assert pedir("contestar", **dice).status_code == 422
    assert pedir("efectiva", evidencia="Acuse").status_code == 302
    pedida.refresh_from_db()
    assert (pedida.estado, pedida.vence) == ("HECHA", None)
    for que in ("completar", "contestar", "efectiva", "ampliar"):
        cerrada = pedir(que, **completa, **dice, motivo="x")
        assert cerrada.status_code == 422 and "ya está cerrada" in cerrada.text, que
    assert pedir("otra_cosa").status_code == 404
    pagina = client.get(reverse("solicitud", args=[pedida.pk])).text
    for que in ("Se registró", "Se completó", "Se contestó que procede", "Se hizo efectiva"):
        assert que in pagina
    with pytest.raises(IntegrityError), transaction.atomic():
        MovimientoARCO.objects.update(texto="Otra cosa")
    with pytest.raises(IntegrityError), transaction.atomic():
        MovimientoARCO.objects.all().delete()


def test_lo_que_se_escribe_de_datos_personales_no_se_pierde(mundo, client):
    p, persona = mundo.p, mundo.registrar().persona
    s = arco.registrar(quien=p.direccion, lleva=p.direccion, persona=persona, **bien())
    for url, campo in (
        (reverse("solicitud_nueva"), "que_pide"),
        (reverse("solicitud_acto", args=[s.pk, "contestar"]), "respuesta"),
        (reverse("privacidad_bloquear", args=[persona.pk]), "motivo"),
        (reverse("privacidad_suprimir", args=[persona.pk]), "otras_formas"),
    ):
        client.force_login(p.direccion)
        guarda = unescape(re.search(r'data-hx-post="([^"]+)"', client.get(url).text)[1])
        assert client.post(guarda, {campo: "A medio escribir."}).status_code == 200, url
        assert "A medio escribir." in client.get(url).text, url
        client.force_login(p.gerente)
        assert client.post(guarda, {campo: "Otra cosa."}).status_code == 404, url
    client.force_login(p.direccion)
    assert client.post(reverse("solicitud_nueva"), bien()).status_code == 302
    assert "A medio escribir." not in client.get(reverse("solicitud_nueva")).text
    supresion.suprimir_persona(persona, por=p.direccion)
    assert not Borrador.objects.filter(datos__icontains="A medio").exists()


@pytest.mark.parametrize("que", ["completar", "ampliar", "contestar", "efectiva"])
def test_sobre_una_pagina_vieja_no_se_hace_nada(pedida, a_solas, client, que):
    """What another did meanwhile is not overwritten, nor is another term extended than the one seen."""
    direccion = a_solas.p.direccion
    client.force_login(direccion)
    datos = {"identidad": "", "lleva": direccion.pk, "persona": "", "usuario": "", "motivo": "Mucho",
             "procede": "NO", "respuesta": "No.", "evidencia": "Correo"}  # fmt: skip
    url = reverse("solicitud_acto", args=[pedida.pk, que])
    arco.completar(pedida.pk, quien=direccion, identidad="INE")
    if que == "efectiva":
        arco.contestar(pedida.pk, quien=direccion, procede=True, respuesta="Sí", evidencia="x")
    vista = arco.version_de(pedida)
    assert f'name="version" value="{vista}"' in client.get(url).text
    if que != "efectiva":
        arco.completar(pedida.pk, quien=direccion, identidad="INE 1")
    else:
        arco.ampliar(pedida.pk, quien=direccion, motivo="x")
    antes = arco.version_de(pedida)
    for version, dice in ((vista, "Alguien más movió"), ("", "vuelve a abrirla")):
        respuesta = client.post(url, datos | {"version": version})
        assert respuesta.status_code == 422 and dice in respuesta.text
    assert arco.version_de(pedida) == antes
    assert client.post(url, datos | {"version": antes}).status_code == 302


@pytest.mark.parametrize(
    "quien, la_ve", [("direccion", True), ("gerente", False), ("ventas", False)]
)
def test_espera_a_quien_lleva_los_datos_y_se_le_recuerda(pedida, a_solas, client, quien, la_ve):
    usuario = getattr(a_solas.p, quien)
    client.force_login(usuario)
    assert ("1 solicitud ARCO" in client.get("/").text) == la_ve
    SolicitudARCO.objects.update(vence=hoy() + timedelta(days=3))
    manana = manana_de(usuario)
    assert bool(manana.de_privacidad) == la_ve
    if la_ve:
        assert manana.vale_la_pena and str(pedida) in manana.de_privacidad[0][0]


def test_al_suprimir_a_la_persona_su_solicitud_queda_sin_ella(mundo):
    persona = mundo.registrar().persona
    p = mundo.p
    datos = bien(quien_pide="Ana Ruiz Ibsen", que_pide="Soy Ana Ruiz Ibsen.")
    s = arco.registrar(quien=p.direccion, lleva=p.direccion, persona=persona, **datos)
    supresion.suprimir_persona(persona, otras_formas=["Ana Ruiz Ibsen"])
    s.refresh_from_db()
    assert "Ana" not in s.quien_pide + s.que_pide + s.movimientos.get().texto
    assert persona.pk == s.persona_id


@pytest.mark.parametrize(
    ("numero", "puesto"), [("7", 'value="7"'), ("", ""), ("x", ""), ("-1", ""), ("9" * 10, "")]
)
def test_se_empieza_desde_la_pagina_de_la_persona(a_solas, client, numero, puesto):
    client.force_login(a_solas.p.direccion)
    respuesta = client.get(reverse("solicitud_nueva"), {"persona": numero})
    assert respuesta.status_code == 200
    assert respuesta.context["form"].initial == ({"persona": int(numero)} if puesto else {})
    assert puesto in respuesta.text


@pytest.mark.parametrize("identidad", ["", "Su INE"])
def test_lo_primero_es_comprobar_quien_es(a_solas, client, identidad):
    p = a_solas.p
    s = arco.registrar(quien=p.direccion, lleva=p.direccion, **bien(identidad=identidad))
    client.force_login(p.direccion)
    texto = client.get(reverse("solicitud", args=[s.pk])).text
    principal = texto.split("boton--primario")[-1].split("</a>")[0]
    assert ("contestar" if identidad else "completar") in principal


@pytest.mark.parametrize("bloqueada", [False, True])
def test_lo_que_se_guarda_de_una_persona_en_pdf(mundo, client, bloqueada):
    caso = mundo.hasta(Estado.EN_PROPUESTA)
    persona = cambiar_persona(caso.persona, nombre="Ida Ñuño Paz", correo="ida@x.example")
    actuar("anotar", caso, mundo.p.gerente, nota="Habló Ida Ñuño Paz.")
    if bloqueada:
        bloquear(persona, motivo="Lo pidió", hasta=hoy(), por=mundo.p.direccion)
    client.force_login(mundo.p.direccion)
    respuesta = client.get(reverse("privacidad_persona_pdf", args=[persona.pk]))
    assert respuesta["Content-Type"] == "application/pdf"
    texto = texto_de(respuesta.content)
    numero = fresco(caso).num_eventos
    for dato in ("Ida Ñuño Paz", "ida@x.example", caso.folio, f"renglón {numero}", "no se sabe"):
        assert dato in texto, dato


def test_lo_que_se_guarda_de_alguien_de_la_empresa_en_pdf(mundo, client):
    client.force_login(mundo.p.direccion)
    respuesta = client.get(reverse("privacidad_usuario_pdf", args=[mundo.p.ventas.pk]))
    texto = texto_de(respuesta.content)
    assert mundo.p.ventas.email in texto and "Historia de los casos" in texto
    suya = reverse("privacidad_usuario", args=[mundo.p.ventas.pk])
    assert suya in client.get(reverse("privacidad_empresa")).text
    assert reverse("privacidad_usuario_pdf", args=[mundo.p.ventas.pk]) in client.get(suya).text


def texto_de(pdf: bytes) -> str:
    return " ".join(" ".join(p.extract_text() for p in PdfReader(BytesIO(pdf)).pages).split())
