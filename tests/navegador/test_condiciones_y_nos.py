"""A broken condition that Dirección lets pass; a "no" that becomes a new request."""

import pytest

from casos.catalogos import Estado
from casos.models import Caso
from tests.guion import en_dias, fresco

pytestmark = pytest.mark.navegador
E = Estado


def test_una_condicion_rota_la_pasa_direccion_con_un_motivo(escena, ventana):
    g = escena.guion
    caso = g.hasta(E.EN_ANALISIS)
    opinion = caso.hechos.opiniones[0]
    ventana.turno_de("finanzas", f"{caso.get_absolute_url()}opinar/{opinion.pk}/")
    ventana.marca("A favor con condiciones").pone("Fundamento", "Por el flujo.")
    pagina = ventana.pagina
    pagina.get_by_role("button", name="Agregar otra condición").click()
    segunda = pagina.get_by_role("group", name="Condición 2")
    segunda.get_by_label("Sobre qué").select_option(label="Tarifa mensual por persona")
    segunda.get_by_label("Debe ser").select_option(label="A lo menos")
    segunda.get_by_label("Valor, o la condición en palabras").fill("14600")
    assert pagina.get_by_label("Fundamento").input_value() == "Por el flujo.", (
        "nothing typed is lost"
    )
    ventana.envia("Dar opinión")

    ventana.turno_de("ventas", f"{caso.get_absolute_url()}declarar_viable/").lee(
        "Condiciones de las áreas"
    )
    ventana.marca("Otro valor").pone("Tarifa mensual por persona: otro valor", "14500")
    ventana.pone("Alternativa elegida", "Bajar.").pone("Por qué es viable", "Cabe.")
    ventana.envia("Marcar como viable", "No cumple la condición de Finanzas")
    ventana.va_a("Pedir que se autorice sin ella")
    ventana.pone("Por qué conviene seguir sin ella", "Es el mayor cliente.")
    ventana.envia("Pedir que se autorice sin ella")

    ventana.desde(escena.correo("direccion", "sin una condición de Finanzas"), "direccion")
    ventana.lee("Es el mayor cliente.").pone("Por qué se autoriza", "Vale el riesgo.")
    ventana.envia("Autorizar sin esta condición")

    caso = g.viable(fresco(caso), decision_tarifa="OTRO")
    assert caso.estado == E.EN_PROPUESTA
    ventana.turno_de("ventas", caso).lee("Dirección autorizó sin ella")


def test_del_no_a_la_solicitud_nueva(escena, ventana):
    g = escena.guion
    caso = g.hasta(E.POR_DECIDIR)
    caso = g.informar(g.no(caso, podria_cambiar="SI", viable_fecha=en_dias(0)))
    ventana.turno_de("ventas").lee("Ya sería viable")
    ventana.va_a("Registrar otra solicitud").lee(caso.cliente.razon_social)
    assert ventana.pagina.get_by_label("Qué pide el cliente").input_value() == caso.solicitud
    ventana.envia("Registrar solicitud")
    nuevo = Caso.objects.get(deriva_de=caso)
    assert nuevo.condiciones.get(concepto__clave="tarifa").solicitado == "14000.00"
    assert not nuevo.condiciones.exclude(propuesto="").exists(), "what we offer is never copied"
    ventana.turno_de("ventas").no_lee("Ya sería viable")
