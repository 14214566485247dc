"""Rule 9: a notice that went to a wrong person reaches the right one, and one denied restores what was."""

import pytest
import time_machine

from casos.catalogos import Estado
from casos.lecturas.resumen import manana_de
from casos.models import Area, Aviso, Evento, Membresia
from casos.pasos.situacion import Clase
from tests.factories import UsuarioFactory
from tests.guion import actuar, formulario, hace, otra_vez, rechazada
from tests.reloj import calendario_de, en_mexico

E = Estado


@pytest.fixture
def g(mundo):
    return mundo


def por_orden_de(g, caso, quien, para=None):
    """``ventas2`` takes the case, by a verbal order that ``quien`` is said to have given."""
    return actuar(
        "asignar",
        caso,
        para or g.p.ventas2,
        responsable=(para or g.p.ventas2).pk,
        ordeno=quien.pk,
        ordeno_en=hace(minutes=5),
    )


def redirigir(g, caso, a_quien, por=None):
    return actuar(
        "redirigir_constancia",
        caso,
        por or g.p.ventas2,
        caso.hechos.constancias[-1],
        a_quien=a_quien.pk,
    )


def cartas(caso, plantilla):
    return {a.usuario.username for a in Aviso.objects.filter(caso=caso, plantilla=plantilla)}


def test_la_orden_que_se_anoto_a_otro_se_envia_a_quien_la_dio(g):
    caso = por_orden_de(g, g.registrar(responsable=False), g.p.direccion)
    caso = redirigir(g, caso, g.p.gerente)
    [constancia] = caso.hechos.constancias
    assert (constancia.destinatario, caso.asignado_por) == (g.p.gerente, g.p.gerente)
    assert constancia.texto == f"{g.p.gerente} asignó este caso a {g.p.ventas2}."
    assert cartas(caso, "constancia") == {"direccion", "gerente"}
    assert cartas(caso, "constancia_reenviada") == {"direccion"}
    evento = Evento.objects.get(caso=caso, accion="redirigir_constancia")
    assert evento.datos["destinatario_anterior"] == f"usuario:{g.p.direccion.pk}"
    assert evento.datos["a_quien"] == f"usuario:{g.p.gerente.pk}"
    with rechazada(Clase.AJENO, Clase.YA_NO, Clase.BAJO_LLAVE):
        actuar("confirmar_constancia", caso, g.p.direccion, constancia)
    caso = actuar("confirmar_constancia", caso, g.p.gerente, constancia)
    assert caso.hechos.constancias[0].estado == "CONFIRMADA"


def test_tambien_en_un_caso_cerrado(g):
    caso = por_orden_de(g, g.hasta(E.EN_ANALISIS), g.p.direccion)
    caso = actuar(
        "retirar",
        caso,
        g.p.ventas2,
        persona=caso.persona_id,
        cuando=hace(minutes=1),
        motivo="Ya no lo necesita.",
    )
    assert caso.estado == E.CERRADO
    caso = redirigir(g, caso, g.p.gerente)
    caso = actuar("confirmar_constancia", caso, g.p.gerente, caso.hechos.constancias[-1])
    assert caso.hechos.constancias[-1].estado == "CONFIRMADA"


def test_la_opinion_verbal_pasa_a_quien_la_dio_y_solo_a_su_area(g):
    otra = UsuarioFactory()
    Membresia.objects.create(usuario=otra, area=Area.objects.get(codigo="FIN"))
    caso = g.hasta(E.EN_ANALISIS)
    caso = actuar(
        "opinar_verbal",
        caso,
        g.p.ventas,
        caso.hechos.opiniones[0],
        quien=g.p.finanzas.pk,
        dicho_en=hace(minutes=1),
        sentido="A_FAVOR",
        fundamento="Cabe.",
    )
    constancia = caso.hechos.constancias[0]
    ofrece = formulario("redirigir_constancia", g.p.ventas, caso, constancia).fields["a_quien"]
    assert set(ofrece.queryset) == {otra}
    with rechazada(match="lista"):
        redirigir(g, caso, g.p.juridico, por=g.p.ventas)
    caso = redirigir(g, caso, otra, por=g.p.ventas)
    assert caso.hechos.opiniones[0].dada_por == otra


def test_la_envian_quien_la_anoto_y_el_responsable_o_gerencia_en_su_lugar(g):
    caso = por_orden_de(g, g.registrar(responsable=False), g.p.direccion)
    with rechazada(Clase.AJENO):
        redirigir(g, caso, g.p.gerente, por=g.p.atencion)
    caso = g.asignar(caso, a=g.p.atencion)
    # Neither any more, but it was ventas2 who wrote it down.
    caso = redirigir(g, caso, g.p.gerente)
    caso = redirigir(g, caso, g.p.direccion, por=g.p.atencion)
    assert caso.hechos.constancias[0].destinatario == g.p.direccion
    # The order in force is another's by now: it is not touched.
    assert caso.asignado_por == g.p.gerente


def test_contestada_ya_no_se_envia_a_nadie(g):
    caso = por_orden_de(g, g.registrar(responsable=False), g.p.gerente)
    caso = actuar("confirmar_constancia", caso, g.p.gerente, caso.hechos.constancias[0])
    with rechazada(Clase.YA_NO, Clase.AJENO):
        redirigir(g, caso, g.p.direccion)


def test_a_quien_se_le_reenvia_se_le_pide_para_un_dia_habil_despues_de_eso(a_solas):
    calendario_de(2027, 2028)
    with time_machine.travel(en_mexico("2027-05-10T10:00"), tick=False):
        caso = por_orden_de(a_solas, a_solas.registrar(responsable=False), a_solas.p.direccion)
    with time_machine.travel(en_mexico("2027-05-11T10:00"), tick=False):
        redirigir(a_solas, caso, a_solas.p.gerente)
    with time_machine.travel(en_mexico("2027-05-12T10:00"), tick=False):
        [suya] = manana_de(otra_vez(a_solas.p.gerente)).partes["hoy"]
        assert suya.que == "Confirmar constancia"
        assert not manana_de(otra_vez(a_solas.p.direccion)).partes


# -- an order that was not given -------------------------------------------------------------------


def negar(g, caso, por=None):
    return actuar(
        "corregir_constancia",
        caso,
        por or g.p.gerente,
        caso.hechos.constancias[-1],
        correccion="Yo no lo dije.",
    )


def test_negar_una_orden_le_regresa_el_caso_a_quien_lo_llevaba(g):
    caso = g.hasta(E.EN_CONTACTO)
    orden = (caso.asignado_por, caso.asignado_en)
    caso = negar(g, por_orden_de(g, caso, g.p.gerente))
    assert caso.responsable == g.p.ventas
    assert (caso.asignado_por, caso.asignado_en) == orden
    assert caso.pendiente_de == str(g.p.ventas)
    assert "ventas" in cartas(caso, "asignado")
    corregida = Aviso.objects.get(caso=caso, plantilla="constancia_corregida")
    assert f"El caso regresó a quien lo llevaba: {g.p.ventas}." in corregida.texto


@pytest.mark.parametrize("cambio", [{"is_active": False}, {"rol": "CAL"}])
def test_si_quien_lo_llevaba_ya_no_puede_queda_por_asignar(g, cambio):
    caso = por_orden_de(g, g.hasta(E.EN_CONTACTO), g.p.gerente)
    type(g.p.ventas).objects.filter(pk=g.p.ventas.pk).update(**cambio)
    caso = negar(g, caso)
    assert (caso.responsable, caso.asignado_por, caso.turno) == (None, None, "GER")


def test_sin_nadie_antes_queda_por_asignar(g):
    caso = negar(g, por_orden_de(g, g.registrar(responsable=False), g.p.gerente))
    assert (caso.responsable, caso.turno) == (None, "GER")


def test_una_orden_posterior_sigue_en_pie(g):
    caso = por_orden_de(g, g.hasta(E.EN_CONTACTO), g.p.gerente)
    caso = g.asignar(caso, a=g.p.atencion, por=g.p.direccion)
    caso = negar(g, caso)
    assert caso.responsable == g.p.atencion
    corregida = Aviso.objects.get(caso=caso, plantilla="constancia_corregida")
    assert "regresó" not in corregida.texto
    assert "sin responsable" not in corregida.texto


def test_quien_lo_ordeno_dice_que_es_cada_quien(g):
    campo = formulario("asignar", g.p.ventas2, g.registrar(responsable=False)).fields["ordeno"]
    dichos = {str(etiqueta) for valor, etiqueta in campo.choices if valor}
    assert dichos == {
        f"{g.p.gerente} · Gerente comercial",
        f"{g.p.direccion} · Dirección General",
    }


def test_la_constancia_de_una_opinion_dice_tambien_su_condicion(g):
    caso = g.hasta(E.EN_ANALISIS)
    caso = actuar(
        "opinar_verbal",
        caso,
        g.p.ventas,
        caso.hechos.opiniones[0],
        quien=g.p.finanzas.pk,
        dicho_en=hace(minutes=1),
        sentido="CONDICIONES",
        fundamento="Cabe.",
        condiciones="Un supervisor más.",
    )
    assert "Un supervisor más." in caso.hechos.constancias[0].texto
