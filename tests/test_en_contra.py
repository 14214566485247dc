"""Rule 11: an opinion against stands until its area gives another one; past it only Dirección goes."""

import pytest

from casos.catalogos import Estado, Turno
from casos.expediente.hechos import Hechos
from casos.models import Aviso, Evento, Usuario
from casos.pasos.situacion import Clase

from .guion import actuar, consultas, fresco, hace, ofrecidas, rechaza, rechazada

E = Estado
pytestmark = pytest.mark.django_db


@pytest.fixture
def g(mundo):
    return mundo


@pytest.fixture
def en_contra(g):
    """A case to be decided, with Jurídico against and Finanzas in favour."""
    caso = g.analizar(g.contactar(g.registrar()), "JUR", "FIN")
    caso = g.opinar(caso, "JUR", sentido="EN_CONTRA")
    return g.opinar(caso, "FIN")


def areas_en_contra(caso):
    return [o.area.codigo for o in caso.hechos.en_contra]


def volver_a_preguntar(g, caso):
    return actuar("pedir_mas_analisis", caso, g.p.ventas, que_falta="Otra vez.", **consultas("JUR"))


def dispensada(g, caso):
    opinion = caso.hechos.opiniones_pendientes[0]
    caso.opiniones.filter(pk=opinion.pk).update(vence=hace(days=5).date())
    return actuar("dispensar", caso, g.p.gerente, opinion, motivo="No contesta.")


def verbal_aceptada(g, caso):
    opinion = caso.hechos.opiniones_pendientes[0]
    caso = actuar(
        "opinar_verbal", caso, g.p.ventas, opinion, quien=g.p.juridico.pk,
        dicho_en=hace(minutes=1), sentido="A_FAVOR", fundamento="Que siempre sí.",
    )  # fmt: skip
    return actuar(
        "aceptar_constancia", caso, g.p.gerente, caso.hechos.constancias[-1], motivo="Va."
    )


@pytest.mark.parametrize("lo_que_no_la_quita", [dispensada, verbal_aceptada])
def test_nada_que_no_diga_su_area_quita_una_opinion_en_contra(g, en_contra, lo_que_no_la_quita):
    caso = lo_que_no_la_quita(g, volver_a_preguntar(g, en_contra))
    assert (caso.estado, areas_en_contra(caso)) == (E.POR_DECIDIR, ["JUR"])
    for quien in (g.p.ventas, g.p.gerente):
        assert "declarar_viable" not in ofrecidas(caso, quien)
        with rechazada(Clase.BAJO_LLAVE):
            g.viable(caso, por=quien)
    assert g.viable(caso, por=g.p.direccion).estado == E.EN_PROPUESTA


def test_la_quita_su_area_al_contestar_otra_cosa(g, en_contra):
    caso = g.opinar(volver_a_preguntar(g, en_contra), "JUR", sentido="A_FAVOR")
    assert areas_en_contra(caso) == []
    assert g.viable(caso).estado == E.EN_PROPUESTA


def test_la_quita_lo_verbal_solo_cuando_su_area_lo_confirma(g, en_contra):
    caso = volver_a_preguntar(g, en_contra)
    caso = actuar(
        "opinar_verbal", caso, g.p.ventas, caso.hechos.opiniones_pendientes[0],
        quien=g.p.juridico.pk, dicho_en=hace(minutes=1), sentido="A_FAVOR", fundamento="Va.",
    )  # fmt: skip
    assert areas_en_contra(caso) == ["JUR"]
    caso = actuar("confirmar_constancia", caso, g.p.juridico, caso.hechos.constancias[-1])
    assert areas_en_contra(caso) == []


def test_su_area_la_corrige_mientras_no_se_decide(g, en_contra):
    opinion = en_contra.hechos.en_contra[0]
    caso = actuar("elevar", en_contra, g.p.ventas, porque="Es nuestro mayor cliente.")
    caso = actuar(
        "opinar", caso, g.p.juridico, opinion, sentido="A_FAVOR", fundamento="Ya lo revisamos."
    )
    assert (caso.turno, areas_en_contra(caso), caso.elevado_en) == (Turno.RC, [], None)
    assert g.viable(caso).estado == E.EN_PROPUESTA


def test_el_responsable_conserva_el_caso_y_puede_llevarlo_a_direccion(g, en_contra, client):
    assert en_contra.turno == Turno.RC
    caso = actuar("elevar", en_contra, g.p.ventas, porque="Es nuestro mayor cliente.")
    assert (caso.turno, caso.estado) == (Turno.DG, E.POR_DECIDIR)
    carta = Aviso.objects.get(caso=caso, plantilla="elevado")
    assert carta.usuario == g.p.direccion
    for dicho in ("Jurídico", "Es nuestro mayor cliente.", caso.hechos.en_contra[0].fundamento):
        assert dicho in carta.texto
    assert "elevar" not in ofrecidas(caso, g.p.ventas)
    caso = actuar("devolver", caso, g.p.direccion, motivo="No vale el riesgo.")
    assert (caso.turno, caso.elevado_en) == (Turno.RC, None)
    assert "No vale el riesgo." in Aviso.objects.get(caso=caso, plantilla="devuelto").texto
    client.force_login(g.p.ventas)
    pagina = client.get(caso.get_absolute_url()).text
    assert "Dirección no lo autorizó:</strong> No vale el riesgo." in pagina
    assert "solo Dirección puede decidirlo" in pagina
    # Once more is possible: there may be a new reason.
    assert "elevar" in ofrecidas(caso, g.p.ventas)


def test_la_respuesta_ordinaria_es_no_viable_y_es_del_responsable(g, en_contra):
    assert g.no(en_contra).estado == E.POR_INFORMAR


def test_devolver_y_decidir_son_de_direccion(g, en_contra):
    caso = actuar("elevar", en_contra, g.p.ventas, porque="Conviene.")
    quienes = [u for u in Usuario.objects.all() if "devolver" in ofrecidas(caso, u)]
    assert quienes == [g.p.direccion]


def test_sin_direccion_no_hay_a_quien_llevarlo(g, en_contra):
    Usuario.objects.filter(pk=g.p.direccion.pk).update(is_active=False)
    caso = fresco(en_contra)
    assert "elevar" not in ofrecidas(caso, g.p.ventas)
    assert g.no(caso).estado == E.POR_INFORMAR


def test_si_el_responsable_es_la_unica_direccion_decide_ella_y_queda_marcado(g, en_contra):
    caso = g.asignar(en_contra, a=g.p.direccion)
    assert "elevar" not in ofrecidas(caso, g.p.direccion)
    caso = g.viable(caso, por=g.p.direccion)
    assert Evento.objects.get(caso=caso, accion="declarar_viable").sin_segregacion


@pytest.fixture
def presentada_en_contra(g, en_contra):
    """Dirección went against Jurídico, and the client has the proposal."""
    caso = actuar("elevar", en_contra, g.p.ventas, porque="Conviene.")
    return g.presentar(g.viable(caso, por=g.p.direccion))


REBASA = {"pide": "Mucho menos.", "solicitado_tarifa": "12000"}


def test_lo_que_rebase_lo_autorizado_en_contra_solo_lo_consiente_direccion(g, presentada_en_contra):
    caso = presentada_en_contra
    assert "Rebasa" in rechaza("contraofertar", caso, g.p.gerente, consiente="on", **REBASA)
    por_gerente = {"consintio": g.p.gerente.pk, "consintio_en": hace(minutes=1)}
    assert rechaza("contraofertar", caso, g.p.ventas, **REBASA, **por_gerente)
    caso = actuar("contraofertar", caso, g.p.direccion, consiente="on", **REBASA)
    assert caso.estado == E.EN_PROPUESTA


def test_el_consentimiento_de_palabra_se_confirma_antes_de_presentar(g):
    caso = g.hasta(E.EN_RESPUESTA)
    caso = actuar(
        "contraofertar", caso, g.p.ventas, consintio=g.p.gerente.pk, consintio_en=hace(minutes=1),
        **REBASA,
    )  # fmt: skip
    assert caso.estado == E.EN_PROPUESTA
    constancia = caso.hechos.constancias[-1]
    assert (constancia.tipo, constancia.destinatario) == ("CONSIENTE", g.p.gerente)
    assert "12,000.00" in constancia.texto
    with rechazada() as error:
        g.presentar(caso, propuesto_tarifa="12000")
    assert str(g.p.gerente) in str(error.value)
    # The rest of the sheet may be edited meanwhile.
    assert actuar("editar_hoja", caso, g.p.ventas, propuesto_tarifa="12000", propuesto_plazas="")
    caso = actuar("confirmar_constancia", fresco(caso), g.p.gerente, constancia)
    assert g.presentar(caso, propuesto_tarifa="12000").estado == E.EN_RESPUESTA


def test_un_consentimiento_que_se_niega_no_deja_presentar(g):
    caso = actuar(
        "contraofertar", g.hasta(E.EN_RESPUESTA), g.p.ventas, consintio=g.p.gerente.pk,
        consintio_en=hace(minutes=1), **REBASA,
    )  # fmt: skip
    constancia = caso.hechos.constancias[-1]
    caso = actuar("corregir_constancia", caso, g.p.gerente, constancia, correccion="No dije eso.")
    with rechazada() as error:
        g.presentar(caso, propuesto_tarifa="12000")
    assert "pedir más análisis" in str(error.value)
    assert Aviso.objects.filter(caso=caso, plantilla="constancia_corregida").exists()
    # Back to what was viable, or to the areas: both are there.
    assert "pedir_mas_analisis" in ofrecidas(caso, g.p.ventas)
    assert g.presentar(caso, propuesto_tarifa="14500").estado == E.EN_RESPUESTA


def test_lo_que_se_pregunta_despues_deja_sin_efecto_un_consentimiento(g):
    caso = actuar(
        "contraofertar", g.hasta(E.EN_RESPUESTA), g.p.ventas, consintio=g.p.gerente.pk,
        consintio_en=hace(minutes=1), **REBASA,
    )  # fmt: skip
    constancia = caso.hechos.constancias[-1]
    caso = actuar(
        "pedir_mas_analisis", caso, g.p.ventas, que_falta="Mejor que lo vean.", **consultas("FIN")
    )
    caso = actuar("confirmar_constancia", caso, g.p.gerente, constancia)
    tope = {f.concepto.clave: f.viable for f in caso.hechos.condiciones}
    assert tope["tarifa"] == "14500.00"
    assert Hechos.consentimiento_sin_confirmar.fget(caso.hechos) is None
