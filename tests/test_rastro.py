"""Who changed what of a client, and the contract that ends when the client says (rule 12)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from casos.catalogos import Estado
from casos.clientes import altas, contratos, supresion
from casos.models import Aviso, Concepto, Contrato, Rastro, VersionContrato
from casos.pasos import fusion
from tests.guion import actuar, en_dias, formulario, fresco, hace, rechazada, un_contrato

E = Estado


@pytest.fixture
def g(mundo):
    return mundo


def ultimo():
    r = Rastro.objects.first()
    return r.autor, r.campo, r.antes, r.despues


# -- through every door ------------------------------------------------------------------------------


def por_la_pagina(g, client, contrato):
    persona = contrato.cliente.personas.get()
    client.force_login(g.p.ventas)
    url = f"/clientes/{contrato.cliente_id}/personas/{persona.pk}/"
    client.post(url, {"nombre": "Eva Ríos", "correo": persona.correo, "activa": "on"})
    return g.p.ventas, "nombre", "Laura Treviño", "Eva Ríos"


def por_el_panel(g, client, contrato):
    client.force_login(g.p.gerente)
    url = reverse("admin:casos_contrato_change", args=[contrato.pk])
    datos = {"servicio": "Otro servicio", "sede": "", "moneda": "MXN",
             "desde_fecha": contrato.desde_fecha.isoformat()}  # fmt: skip
    assert client.post(url, datos).status_code == 302
    return g.p.gerente, "servicio", contrato.servicio, "Otro servicio"


def la_persona_por_el_panel(g, client, contrato):
    persona = contrato.cliente.personas.get()
    client.force_login(g.p.gerente)
    url = reverse("admin:casos_personacontacto_change", args=[persona.pk])
    datos = {"nombre": persona.nombre, "puesto": "Compras", "correo": persona.correo}
    assert client.post(url, datos | {"activa": "on"}).status_code == 302
    return g.p.gerente, "puesto", "", "Compras"


def al_fusionar(g, client, contrato):
    destino = altas.crear_cliente(razon_social="Aceros, S.A.")
    fusion.fusionar_clientes(contrato.cliente, destino, actor=g.p.gerente)
    return g.p.gerente, "cliente", "Aceros del Norte", "Aceros, S.A."


def en_un_paso(g, client, contrato):
    caso = g.registrar(contrato)
    datos = {"persona_nombre": "Ana Gil", "cuando": hace(minutes=1), "motivo": "Ya no."}
    actuar("retirar", caso, g.p.ventas, **datos)
    return g.p.ventas, "alta", "", "Ana Gil"


@pytest.mark.parametrize(
    "puerta", [por_la_pagina, por_el_panel, la_persona_por_el_panel, al_fusionar, en_un_paso]
)
def test_cada_puerta_deja_rastro(g, client, puerta):
    contrato = un_contrato()
    assert puerta(g, client, contrato) == ultimo()


def test_lo_que_no_cambia_no_deja_rastro(g):
    cliente = altas.crear_cliente(razon_social="Zapatos León", autor=g.p.ventas)
    altas.cambiar_cliente(cliente, razon_social="Zapatos León", autor=g.p.ventas)
    assert list(cliente.rastros.values_list("campo", flat=True)) == ["alta"]


def test_se_lee_en_la_pagina_del_cliente(g, client):
    cliente = altas.crear_cliente(razon_social="Zapatos León", autor=g.p.ventas)
    altas.cambiar_cliente(cliente, nombre_comercial="Zapatería", autor=g.p.gerente)
    for quien, lee in (("ventas2", True), ("calidad", True), ("auditor", False)):
        client.force_login(getattr(g.p, quien))
        cambios = client.get(f"/clientes/{cliente.pk}/").context["cambios"]
        assert cambios[0]["fila"].autor == g.p.gerente
        assert (cambios[0]["despues"] == "Zapatería") == lee, quien


def test_las_versiones_del_contrato_tienen_autor(g, client):
    contrato = un_contrato()
    valores = {Concepto.objects.get(clave="plazas"): "24"}
    contratos.nueva_version(
        contrato=contrato, desde_fecha=en_dias(-1), valores=valores, autor=g.p.ventas
    )
    assert VersionContrato.objects.latest("pk").autor == g.p.ventas
    client.force_login(g.p.gerente)
    pagina = client.get(f"/clientes/{contrato.cliente_id}/").text
    assert f"las escribió {g.p.ventas}" in pagina


def test_suprimir_a_una_persona_suprime_su_rastro(g, client):
    persona = un_contrato().cliente.personas.get()
    altas.cambiar_persona(persona, nombre="Laura T.", autor=g.p.ventas)
    supresion.suprimir_persona(persona)
    assert not persona.rastros.exclude(antes="", despues="").exists()
    client.force_login(g.p.ventas)
    pagina = client.get(f"/clientes/{persona.cliente_id}/").text
    assert "Laura" not in pagina and "Dato suprimido" in pagina


@pytest.mark.en_las_dos
@pytest.mark.django_db
@pytest.mark.parametrize(
    "cambiar",
    [lambda: Rastro.objects.update(despues="x"), lambda: Rastro.objects.update(motivo="x"),
     lambda: Rastro.objects.all().delete()],
)  # fmt: skip
def test_la_base_no_deja_tocar_el_rastro(cambiar):
    altas.crear_cliente(razon_social="Zapatos León")
    with pytest.raises(IntegrityError), transaction.atomic():
        cambiar()


# -- the contract that the client ends ---------------------------------------------------------------


def terminado(g, dias):
    caso = g.hasta(E.EN_RESPUESTA)
    return g.rechazar(caso, contrato_tras_no="TERMINA", contrato_termina_fecha=en_dias(dias))


def test_el_contrato_que_el_cliente_termina_termina(g, client):
    caso = terminado(g, 30)
    contrato = Contrato.objects.get(pk=caso.contrato_id)
    assert contrato.terminado_fecha == en_dias(30) and not contrato.esta_terminado
    assert caso.folio in contrato.motivo_termino
    assert ultimo()[0] == g.p.ventas
    client.force_login(g.p.ventas)
    assert f"Termina el {en_dias(30):%d/%m/%Y}" in client.get(f"/clientes/{caso.cliente_id}/").text
    otro = g.contactar(g.registrar(contrato))
    assert "El contrato termina" in client.get(otro.get_absolute_url()).text
    with rechazada(match="empezó el"):
        terminado(g, -500)


def test_despues_de_esa_fecha_no_hay_solicitudes_nuevas(g):
    caso = terminado(g, -1)
    contrato = Contrato.objects.get(pk=caso.contrato_id)
    with rechazada(match="Elige un contrato vigente"):
        g.registrar(contrato)
    otro = g.contactar(g.registrar(contrato, con_contrato=False))
    with rechazada():
        g.analizar(otro, contrato=contrato.pk)
    assert contrato not in formulario("analizar", g.p.ventas, otro).contratos_posibles()


def test_no_se_acuerda_nada_para_despues_de_que_termine(g):
    caso = g.hasta(E.EN_RESPUESTA)
    Contrato.objects.filter(pk=caso.contrato_id).update(terminado_fecha=en_dias(10))
    with rechazada(match="El contrato termina antes"):
        g.aceptar(caso, vigor_fecha=en_dias(11))


def test_gerencia_quita_el_termino_con_su_motivo_y_se_le_dice_al_responsable(g, client):
    caso = terminado(g, 30)
    url = f"/clientes/{caso.cliente_id}/contratos/{caso.contrato_id}/sigue/"
    client.force_login(g.p.ventas)
    assert client.post(url, {"motivo": "Se arrepintió."}).status_code == 403
    client.force_login(g.p.gerente)
    assert client.post(url, {"motivo": ""}).status_code == 422
    assert client.post(url, {"motivo": "Se arrepintió."}).status_code == 302
    contrato = Contrato.objects.get(pk=caso.contrato_id)
    assert (contrato.terminado_fecha, contrato.motivo_termino) == (None, "")
    rastro = contrato.rastros.get(campo="terminado_fecha", despues="")
    assert (rastro.autor, rastro.motivo) == (g.p.gerente, "Se arrepintió.")
    assert Aviso.objects.get(plantilla="contrato_sigue").usuario == g.p.ventas
    assert fresco(caso).eventos.latest("numero").accion == "contrato_sigue"
    assert "Se arrepintió." in client.get(caso.get_absolute_url()).text
    assert client.post(url, {"motivo": "Otra vez."}).status_code == 422


def test_la_ultima_palabra_del_cliente_es_la_que_vale(g):
    contrato = terminado(g, 30).contrato
    caso = g.presentar(g.viable(g.opinar(g.analizar(g.contactar(g.registrar(contrato))))))
    g.rechazar(caso, contrato_tras_no="TERMINA", contrato_termina_fecha=en_dias(15))
    assert Contrato.objects.get(pk=contrato.pk).terminado_fecha == en_dias(15)
    with pytest.raises(ValidationError):
        contratos.terminar_contrato(
            contrato, fecha=contrato.desde_fecha - timedelta(days=1), motivo="x"
        )


def test_de_un_contrato_que_ya_termino_no_se_pregunta_que_pasa(g):
    """Another date would be told to gerencia, and the contract kept the first."""
    caso = g.hasta(Estado.EN_RESPUESTA)
    contratos.terminar_contrato(caso.contrato, fecha=en_dias(-1), motivo="Acuerdo.")
    caso = g.rechazar(fresco(caso), contrato_tras_no="TERMINA", contrato_termina_fecha=en_dias(9))
    assert (caso.contrato_tras_no, caso.contrato_termina_fecha) == ("", None)
    assert not Aviso.objects.filter(caso=caso, plantilla="en_riesgo").exists()
    caso.contrato.refresh_from_db()
    assert caso.contrato.terminado_fecha == en_dias(-1)
