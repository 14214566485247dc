"""What the firm keeps to itself is not told to the client, unless the client asked for it; areas and case see all."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from casos.catalogos import Estado
from casos.expediente.lo_que_cambia import SE_CALLA
from casos.models import Aviso, Caso, Concepto, Condicion, TipoRequerimiento
from tests.guion import actuar, formulario, fresco, rechazada

pytestmark = pytest.mark.django_db
E = Estado
SUELDO = "Sueldo mensual por persona"


@pytest.fixture
def g(mundo):
    return mundo


def carta_de(caso) -> Aviso:
    return Aviso.objects.get(caso=caso, plantilla="propuesta")


def por_presentar(g, **propuesto) -> Caso:
    return g.viable(g.hasta(E.POR_DECIDIR), **propuesto)


def test_las_semillas_marcan_lo_que_la_empresa_gana_y_lo_que_paga():
    internos = Concepto.objects.filter(interno=True).values_list("clave", flat=True)
    assert set(internos) == {"margen", "sueldo"}


def test_una_base_de_antes_los_marca_por_su_clave():
    Concepto.objects.update(interno=False)
    migracion = import_module("casos.migrations.0036_conceptos_internos")

    migracion.marcar(apps, SimpleNamespace(connection=connection))
    test_las_semillas_marcan_lo_que_la_empresa_gana_y_lo_que_paga()


def test_lo_interno_no_llega_al_cliente_y_las_areas_lo_ven(g, client):
    caso = por_presentar(g, propuesto_sueldo="9100", propuesto_margen="9.75")
    caso = g.presentar(caso, enviar_al_cliente="on")
    carta = carta_de(caso)
    assert "Tarifa mensual por persona: $14,500.00 MXN" in carta.texto
    for interno in ("Sueldo", "9,100", "Margen", "9.75", "igual"):
        assert interno not in carta.texto + carta.html, interno
    assert [f["clave"] for f in caso.propuestas.get().filas] == ["tarifa"]
    # Who decided and the areas see it where it is.
    viable = Aviso.objects.get(caso=caso, plantilla="viable", usuario=g.p.finanzas)
    assert SUELDO in viable.texto and "9,100" in viable.texto
    client.force_login(g.p.ventas)
    assert "9,100" in client.get(caso.get_absolute_url()).text


@pytest.mark.parametrize("como", ["cifra", "tipo", "contraoferta"])
def test_lo_que_el_cliente_pidio_se_le_contesta(g, como):
    """«Suban el sueldo del guardia a…»: an answer without it would be none."""
    caso = g.hasta(E.POR_DECIDIR)
    if como == "cifra":
        Condicion.objects.create(
            caso=caso, concepto=Concepto.objects.get(clave="sueldo"), solicitado="9500.00"
        )
        decide = {"decision_sueldo": "OTRO"}
    else:
        decide = {}
    if como == "tipo":
        caso.tipos.add(TipoRequerimiento.objects.get(concepto__clave="sueldo"))
    caso = g.viable(fresco(caso), propuesto_sueldo="9100", confirma="on", **decide)
    if como == "contraoferta":
        caso = actuar(
            "contraofertar", g.presentar(caso), g.p.ventas, pide="Que el sueldo sea menor.",
            solicitado_tarifa="14500", solicitado_sueldo="9000",
        )  # fmt: skip
    caso = g.presentar(caso, enviar_al_cliente="on")
    dicho = "$9,000.00" if como == "contraoferta" else "$9,100.00"
    assert f"{SUELDO}: {dicho} MXN" in carta_de(caso).texto


def test_la_empresa_decide_que_conceptos_calla(g):
    Concepto.objects.filter(clave="sueldo").update(interno=False)
    Concepto.objects.filter(clave="tarifa").update(interno=True)
    Condicion.objects.update(solicitado="", pedido_primero="")
    caso = por_presentar(g, propuesto_sueldo="9100")
    Condicion.objects.filter(caso=caso).update(solicitado="", pedido_primero="")
    caso = g.presentar(fresco(caso), enviar_al_cliente="on")
    assert SUELDO in carta_de(caso).texto and "Tarifa" not in carta_de(caso).texto


def solo_sueldo(g) -> Caso:
    """Nothing of what is offered is told: the client asked for something in words."""
    caso = por_presentar(g, propuesto_sueldo="9100")
    Condicion.objects.filter(caso=caso, concepto__clave="tarifa").update(propuesto="")
    return fresco(caso)


def test_ninguna_carta_sale_vacia_y_nadie_deja_de_registrar(g):
    caso = solo_sueldo(g)
    with rechazada(match="Ningún renglón se le dice al cliente") as error:
        g.presentar(caso, enviar_al_cliente="on")
    assert [f.campo for f in error.value.faltas] == ["texto"]
    caso = g.presentar(caso, enviar_al_cliente="on", texto="Mejoramos lo que gana su personal.")
    carta = carta_de(caso)
    assert "Mejoramos lo que gana su personal." in carta.texto and "Sueldo" not in carta.texto
    assert "Propuesta:" not in carta.texto  # no table without rows
    assert g.presentar(solo_sueldo(g)).estado == E.EN_RESPUESTA  # by telephone


def test_solo_cambia_lo_interno_y_nadie_lee_que_lo_demas_sigue_igual(g):
    """Operaciones does not read that row: it is told that something else changes (rule 14)."""
    caso = g.analizar(g.hasta(E.EN_CONTACTO), "FIN", "OPE")
    caso = g.opinar(g.opinar(caso, "FIN"), "OPE")
    caso = g.viable(caso, propuesto_tarifa="", propuesto_sueldo="9100")
    de = {
        quien: Aviso.objects.get(caso=caso, plantilla="viable", usuario=getattr(g.p, quien)).texto
        for quien in ("finanzas", "operaciones")
    }
    assert SUELDO in de["finanzas"] and SUELDO not in de["operaciones"]
    assert (
        "De lo que toca a Operaciones nada cambia; cambian otras condiciones." in de["operaciones"]
    )
    assert "igual" not in de["operaciones"]
    caso = g.presentar(caso, enviar_al_cliente="on", texto="Cuidamos a su personal.")
    assert "igual" not in carta_de(caso).texto and "cambian" not in carta_de(caso).texto


def test_quien_presenta_ve_que_renglones_no_se_dicen(g, client):
    caso = por_presentar(g, propuesto_sueldo="9100", propuesto_margen="9.75")
    form = formulario("presentar", g.p.ventas, caso)
    callan = {c.clave for c in form.conceptos if form.se_calla(c)}
    assert callan == {"margen", "sueldo"}
    client.force_login(g.p.ventas)
    texto = client.get(f"{caso.get_absolute_url()}presentar/").text
    assert texto.count(SE_CALLA) == 2
    # Once the client asks for it, it is told.
    fila = Condicion.objects.get(caso=caso, concepto__clave="sueldo")
    Condicion.objects.filter(pk=fila.pk).update(solicitado="9500.00")
    assert client.get(f"{caso.get_absolute_url()}presentar/").text.count(SE_CALLA) == 1


def test_quien_decide_tambien_lo_ve(g):
    form = formulario("declarar_viable", g.p.ventas, g.hasta(E.POR_DECIDIR))
    callan = {n for n, campo in form.fields.items() if SE_CALLA in str(campo.help_text)}
    assert callan == {"propuesto_sueldo", "propuesto_margen"}


def test_lo_presentado_se_queda_como_se_presento(g, client):
    caso = g.presentar(por_presentar(g, propuesto_sueldo="9100"))
    antes = caso.propuestas.get().filas
    Concepto.objects.filter(clave="sueldo").update(interno=False)
    Concepto.objects.filter(clave="tarifa").update(interno=True)
    assert (
        fresco(caso).propuestas.get().filas == antes == [f for f in antes if f["clave"] == "tarifa"]
    )


def test_la_pagina_del_concepto_lo_pregunta_con_su_ayuda(g, client):
    client.force_login(g.p.gerente)
    sueldo = Concepto.objects.get(clave="sueldo")
    texto = client.get(f"/admin/casos/concepto/{sueldo.pk}/change/").text
    assert "Interno: no se dice al cliente" in texto and "salvo que él lo haya pedido" in texto
