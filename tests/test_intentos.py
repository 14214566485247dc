"""Rule 8: whom one looks for and does not find makes nobody late, and nothing is asked of it.

The calendar is the real one, days are counted from a Monday without holidays near.
"""

from datetime import date, timedelta

import pytest
import time_machine

from casos import calendario
from casos.catalogos import Estado, Turno
from casos.lecturas.siguiente_paso import proxima
from casos.models import DiaInhabil
from casos.pasos.recalculo import recalcular
from tests.guion import Guion, actuar, fresco, hace, rechazada
from tests.reloj import calendario_de, en_mexico

E = Estado
LUNES = date(2027, 5, 10)
MARTES, MIERCOLES, JUEVES, VIERNES = (LUNES + timedelta(days=n) for n in range(1, 5))


def a_las(dia, hora="10:00"):
    return time_machine.travel(en_mexico(f"{dia}T{hora}"), tick=False)


@pytest.fixture
def g(personas):
    calendario_de(2027, 2028)
    return Guion(personas)


def intento(g, caso, accion="registrar_contacto", medio="TELEFONO", **mas):
    datos = {"cuando": hace(minutes=1), "medio": medio, "efectivo": "NO"}
    return actuar(accion, caso, g.p.ventas, **(datos | mas))


def en_su_paso(g, estado) -> tuple:
    """A case that entered ``estado`` on the Monday."""
    with a_las(LUNES, "08:00"):
        caso = g.hasta(E.RECIBIDO if estado == E.EN_CONTACTO else estado)
    with a_las(LUNES, "10:30"):
        accion = "contactar" if estado == E.EN_CONTACTO else "registrar_contacto"
        return intento(g, caso, accion), caso


@pytest.mark.parametrize("estado", [E.EN_CONTACTO, E.EN_PROPUESTA, E.POR_INFORMAR])
def test_quien_busca_tres_dias_y_no_encuentra_no_se_atrasa(g, estado):
    caso, _ = en_su_paso(g, estado)
    for dia, medio in [(MARTES, "WHATSAPP"), (MIERCOLES, "TELEFONO")]:
        with a_las(dia):
            assert caso.vence >= dia
            caso = intento(g, caso, medio=medio)
    assert caso.vence == JUEVES
    with a_las(JUEVES):
        assert caso.hechos.intentos.bastan
        # The third different day was the last that moves it.
        assert intento(g, caso).vence == JUEVES


def test_en_otros_pasos_un_intento_no_mueve_el_plazo(g):
    with a_las(LUNES):
        caso = g.hasta(E.POR_DECIDIR)
    antes = caso.vence
    with a_las(MARTES):
        assert intento(g, caso).vence == antes


def test_la_fecha_que_se_escribe_es_la_que_vale_y_hablar_despues_no_la_acorta(g):
    caso, _ = en_su_paso(g, E.POR_INFORMAR)
    with a_las(MARTES):
        caso = intento(g, caso, proxima_accion="Buscarlo al volver", proxima_fecha=VIERNES)
        assert (caso.vence, caso.proxima_fecha) == (VIERNES, VIERNES)
    with a_las(MIERCOLES):
        caso = actuar(
            "registrar_contacto",
            caso,
            g.p.ventas,
            cuando=hace(minutes=1),
            medio="TELEFONO",
            direccion="ENTRANTE",
            efectivo="SI",
            persona=caso.persona_id,
            resumen="Pidió hablar el viernes.",
        )
    assert caso.vence == VIERNES


def test_un_intento_nunca_adelanta_el_plazo(g):
    with a_las(LUNES):
        caso = g.hasta(E.EN_PROPUESTA)
        assert caso.vence == MIERCOLES
        assert intento(g, caso).vence == MIERCOLES


def test_al_cambiar_el_calendario_el_plazo_movido_se_recalcula_igual(g):
    caso, _ = en_su_paso(g, E.POR_INFORMAR)
    assert caso.vence == MARTES
    with a_las(LUNES, "12:00"):
        DiaInhabil.objects.create(fecha=MARTES, motivo="Paro técnico")
        assert recalcular() == 1
        assert fresco(caso).vence == MIERCOLES
        assert recalcular() == 0


@pytest.mark.parametrize(
    ("hechos", "dicho"),
    [
        ([], "0 de 3 intentos: se hacen en días distintos y por 2 medios o más"),
        ([(LUNES, "TELEFONO")], "1 de 3 intentos: faltan otros 2 días y otro medio"),
        (
            [(LUNES, "TELEFONO"), (LUNES, "WHATSAPP")],
            "1 de 3 intentos: faltan otros 2 días",
        ),
        (
            [(LUNES, "TELEFONO"), (MARTES, "TELEFONO")],
            "2 de 3 intentos: falta otro día y otro medio",
        ),
        (
            [(LUNES, "TELEFONO"), (MARTES, "TELEFONO"), (MIERCOLES, "TELEFONO")],
            "3 de 3 intentos: falta otro medio",
        ),
        (
            [(LUNES, "TELEFONO"), (MARTES, "VISITA"), (MIERCOLES, "TELEFONO")],
            "3 de 3 intentos",
        ),
    ],
)
def test_dice_cuantos_van_y_que_falta(g, hechos, dicho):
    with a_las(LUNES, "08:00"):
        caso = g.contactar(g.registrar())
    for dia, medio in hechos:
        with a_las(dia):
            caso = intento(g, caso, medio=medio)
    assert caso.hechos.intentos.dicho == dicho


def test_los_mismos_intentos_los_dice_la_guarda_y_el_formulario_de_informar(g):
    with a_las(LUNES):
        caso = intento(g, g.hasta(E.EN_CONTACTO))
        with rechazada(match="Van 1 de 3 intentos: faltan otros 2 días y otro medio"):
            actuar("cerrar_sin_respuesta", caso, g.p.gerente)
        caso = g.hasta(E.POR_INFORMAR)
    with a_las(LUNES, "11:00"):
        caso = intento(g, caso)
        with rechazada(match="Van 1 de 3 intentos: faltan otros 2 días y otro medio"):
            g.informar(caso, localizado="NO", aviso_en=hace(minutes=1), aviso_medio="CORREO")


# -- what is asked ---------------------------------------------------------------------------------


@pytest.mark.parametrize("accion", ["contactar", "registrar_contacto"])
def test_de_un_intento_no_se_pide_que_se_hablo_ni_que_sigue(g, accion):
    caso = g.hasta(E.RECIBIDO if accion == "contactar" else E.EN_CONTACTO)
    caso = intento(g, caso, accion)
    contacto = caso.hechos.contactos[0]
    assert (contacto.efectivo, contacto.direccion, contacto.persona) == (False, "SALIENTE", None)


@pytest.mark.parametrize("accion", ["contactar", "registrar_contacto"])
def test_de_una_conversacion_si_se_pide_con_quien_y_que_se_hablo(g, accion):
    caso = g.hasta(E.RECIBIDO if accion == "contactar" else E.EN_CONTACTO)
    with rechazada() as error:
        actuar(accion, caso, g.p.ventas, cuando=hace(minutes=1), medio="TELEFONO", efectivo="SI")
    assert {f.campo for f in error.value.faltas} == {"persona", "direccion", "resumen"}


def test_lo_que_se_escriba_de_un_intento_se_conserva_en_el_campo_que_sea(g):
    """Without JavaScript both fields stand on the page."""
    caso = intento(g, g.hasta(E.EN_CONTACTO), resumen="Sale hasta el lunes.")
    ultimo = caso.contactos.order_by("-pk")[0]
    assert ultimo.resumen == "Sale hasta el lunes."


# -- the next action -------------------------------------------------------------------------------


def test_mientras_nos_toca_siempre_hay_siguiente_accion_y_es_la_del_paso(g):
    for estado in (E.RECIBIDO, E.EN_CONTACTO, E.POR_DECIDIR, E.EN_PROPUESTA, E.POR_INFORMAR):
        caso = g.hasta(estado)
        actual = proxima(caso)
        assert caso.turno in (Turno.RC, Turno.AC, Turno.GER)
        assert actual and actual.accion and actual.fecha == (caso.proxima_fecha or caso.vence)


def test_si_alguien_pone_otra_es_esa_y_lo_que_falte_lo_pone_el_paso(g):
    caso = g.hasta(E.POR_DECIDIR)
    assert proxima(caso) == ("Decidir si es viable", caso.vence, False)
    manana = calendario.hoy() + timedelta(days=1)
    caso.proxima_fecha = manana
    assert proxima(caso) == ("Decidir si es viable", manana, True)
    caso.proxima_accion, caso.proxima_fecha = "Preguntar a Rosa", None
    assert proxima(caso) == ("Preguntar a Rosa", caso.vence, True)


def test_lo_que_ya_se_hizo_no_se_queda_como_pendiente(g):
    with a_las(LUNES):
        caso = g.contactar(g.registrar(), proxima_accion="Llamar", proxima_fecha=MARTES)
    with a_las(MARTES):
        caso = intento(g, caso)
    assert (caso.proxima_accion, caso.proxima_fecha) == ("", None)


def test_una_siguiente_accion_posterior_se_queda(g):
    with a_las(LUNES):
        caso = g.contactar(g.registrar(), proxima_accion="Visitarlo", proxima_fecha=JUEVES)
    with a_las(MARTES):
        caso = intento(g, caso)
    assert (caso.proxima_accion, caso.proxima_fecha) == ("Visitarlo", JUEVES)
