"""Rule 13: what waits for somebody is in their tray and in their mail; RC hears of what others did."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casos.actos import ACTOS
from casos.catalogos import Estado, Turno
from casos.lecturas import por_decidir as modulo
from casos.lecturas.pendientes import pendientes_de
from casos.lecturas.resumen import manana_de
from casos.models import Aviso, Caso, Usuario
from casos.models.preparada import Preparada

from . import escenarios
from .factories import SuplenciaFactory
from .guion import actuar, ajustes, en_dias, fresco, hace, ofrecidas, otra_vez
from .reloj import mediodia
from .test_acuerdo import anotar

E = Estado
pytestmark = pytest.mark.django_db


@pytest.fixture
def g(mundo):
    return mundo


def opinion_verbal(g):
    return escenarios.por_decidir(g)


def respuesta_verbal(g):
    return anotar(g, g.hasta(E.EN_MODIFICACION))


def opinion_vencida(g):
    caso = g.hasta(E.EN_ANALISIS)
    caso.opiniones.update(vence=en_dias(-2))
    return caso


def ajuste_vencido(g):
    caso = g.hasta(E.EN_MODIFICACION)
    caso.ajustes.filter(area__codigo="NOM").update(vence=en_dias(-2))
    return caso


def no_se_deshace(g):
    caso = g.confirmar(g.hasta(E.EN_MODIFICACION), "NOM")
    caso = actuar(
        "pedir_deshacer", caso, g.p.ventas, g.ajuste(caso, "NOM"), que="Ya no va.", para=en_dias(3)
    )
    deshace = next(a for a in caso.hechos.ajustes if a.deshace_id)
    return actuar("indicar_no_se_deshace", caso, g.p.nominas, deshace, respuesta="Ya se pagó.")


def no_deshace(g):
    """The area was asked to undo, and says nothing in time."""
    caso = g.confirmar(g.hasta(E.EN_MODIFICACION), "NOM")
    caso = actuar(
        "pedir_deshacer", caso, g.p.ventas, g.ajuste(caso, "NOM"), que="Ya no va.", para=en_dias(3)
    )
    caso.ajustes.filter(deshace__isnull=False).update(vence=en_dias(-2))
    return fresco(caso)


def intentos_hechos(g):
    caso = escenarios.sin_respuesta(g)
    return actuar(
        "registrar_contacto", caso, g.p.ventas, cuando=hace(minutes=1), medio="CORREO",
        direccion="SALIENTE", efectivo="NO", persona=caso.persona_id,
    )  # fmt: skip


SITUACIONES = {
    opinion_verbal: {"aceptar_constancia"},
    respuesta_verbal: {"aceptar_constancia"},
    opinion_vencida: {"dispensar"},
    ajuste_vencido: {"indicar_no_puede", "indicar_no_aplica"},
    no_se_deshace: {"aceptar_como_esta"},
    no_deshace: {"aceptar_como_esta"},
    intentos_hechos: {"cerrar_sin_respuesta"},
}


def por_decidir(caso, usuario) -> set:
    decidir = pendientes_de(otra_vez(usuario)).decidir
    return {acto.nombre for d in decidir if d.caso == caso for acto in d.actos}


def suyo_en_la_manana(caso, usuario) -> list:
    """What the person's morning letter says of a case."""
    partes = manana_de(otra_vez(usuario)).partes
    return [r for filas in partes.values() for r in filas if r.caso.pk == caso.pk]


@pytest.mark.parametrize("situacion", SITUACIONES, ids=lambda s: s.__name__)
def test_lo_que_espera_a_gerencia_esta_en_sus_pendientes_y_en_su_correo(g, client, situacion):
    caso = situacion(g)
    for quien in (g.p.gerente, g.p.direccion):
        assert por_decidir(caso, quien) == SITUACIONES[situacion]
        [dicho] = suyo_en_la_manana(caso, quien)
        client.force_login(quien)
        assert client.get(dicho.ruta).status_code == 200
        assert dicho.ruta.split("/")[3] in SITUACIONES[situacion]
        pagina = client.get("/").text
        assert all(ACTOS[a].etiqueta in pagina for a in SITUACIONES[situacion])
        caso_de_ella = client.get(caso.get_absolute_url()).context["pagina"]
        assert caso_de_ella.siguiente.boton.acto.nombre in SITUACIONES[situacion]
    for quien in Usuario.objects.exclude(pk__in=[g.p.gerente.pk, g.p.direccion.pk]):
        assert not por_decidir(caso, quien)


@pytest.mark.parametrize("situacion", SITUACIONES, ids=lambda s: s.__name__)
def test_lo_de_su_propio_caso_lo_decide_otro(g, situacion):
    """Where GER leads the case DG decides (rule 4)."""
    caso = situacion(g)
    type(caso).objects.filter(pk=caso.pk).update(responsable=g.p.gerente)
    # To give a case up is of both: it waives nothing that was asked of others.
    suya = situacion is intentos_hechos
    assert bool(por_decidir(caso, g.p.gerente)) is suya
    assert por_decidir(caso, g.p.direccion) == SITUACIONES[situacion]


def test_lo_que_un_area_no_deshace_a_tiempo_no_deja_el_caso_sin_salida(g):
    caso = no_deshace(g)
    deshace = next(a for a in caso.hechos.ajustes if a.deshace_id)
    caso = actuar("aceptar_como_esta", caso, g.p.direccion, deshace, consecuencia="Se paga así.")
    assert not caso.hechos.confirmados_en_pie
    assert "replantear" in ofrecidas(caso, g.p.gerente)


def test_quien_contesto_ya_no_es_un_cliente_que_calla(g):
    """A counter-offer is an answer: the attempts before it do not close the case."""
    caso = g.hasta(E.EN_RESPUESTA)
    for dias, medio in ((1, "TELEFONO"), (2, "CORREO"), (3, "TELEFONO")):
        with time_machine.travel(mediodia(en_dias(dias)), tick=False):
            caso = actuar(
                "registrar_contacto", fresco(caso), g.p.ventas, cuando=hace(minutes=1), medio=medio,
                direccion="SALIENTE", efectivo="NO",
            )  # fmt: skip
    assert caso.intentos_completos
    with time_machine.travel(mediodia(en_dias(4)), tick=False):
        pide = {"pide": "Otra cosa.", "solicitado_tarifa": "14600"}
        caso = actuar("contraofertar", fresco(caso), g.p.ventas, **pide)
        assert (caso.estado, caso.intentos_completos) == (E.EN_PROPUESTA, False)
        assert not por_decidir(caso, g.p.gerente)


# -- an expired proposal is RC's move --------------------------------------------------------------


@pytest.fixture
def vencida(a_solas):
    caso = a_solas.hasta(E.EN_RESPUESTA)
    with time_machine.travel(mediodia(en_dias(20)), tick=False):
        yield fresco(caso)


def test_una_propuesta_vencida_le_toca_al_responsable(a_solas, vencida, client):
    caso = vencida
    assert (caso.turno, caso.turno_hoy, caso.pendiente_hoy) == (
        Turno.CLIENTE, Turno.RC, str(a_solas.p.ventas),
    )  # fmt: skip
    p = pendientes_de(otra_vez(a_solas.p.ventas))
    assert [c.pk for c in p.me_toca.filas] == [caso.pk] and not p.espero
    assert p.que_toca[caso.pk] == "Renovar la propuesta o cerrar"
    client.force_login(a_solas.p.ventas)
    siguiente = client.get(caso.get_absolute_url()).context["pagina"].siguiente
    assert siguiente.boton.acto.nombre == "volver_a_presentar"
    assert {b.acto.nombre for b in siguiente.junto} >= {"aceptar", "rechazar"}
    [dicho] = manana_de(otra_vez(a_solas.p.ventas)).partes["vencido"]
    assert (dicho.que, dicho.caso.pk) == ("Renovar la propuesta o cerrar", caso.pk)


def test_la_que_vence_hoy_todavia_es_del_cliente(a_solas):
    caso = a_solas.presentar(a_solas.hasta(E.EN_PROPUESTA), vigencia=timezone.localdate())
    assert caso.turno_hoy == Turno.CLIENTE
    assert not pendientes_de(otra_vez(a_solas.p.ventas)).me_toca


# -- RC hears of it --------------------------------------------------------------------------------


def test_al_responsable_se_le_dice_lo_que_otro_hizo_en_su_caso(g):
    caso = g.hasta(E.EN_RESPUESTA)
    caso = actuar(
        "volver_a_presentar", caso, g.p.gerente, motivo="Cambió la fecha.",
        motivo_sustitucion="Está de viaje.",
    )  # fmt: skip
    carta = Aviso.objects.get(caso=caso, usuario=g.p.ventas, plantilla="en_tu_caso")
    assert "Está de viaje." in carta.texto and str(g.p.gerente) in carta.texto
    # Her own acts are not told to her, nor twice what another letter tells.
    antes = Aviso.objects.filter(usuario=g.p.ventas).count()
    caso = g.presentar(caso)
    assert Aviso.objects.filter(usuario=g.p.ventas).count() == antes


def test_quien_informa_por_medio_de_atencion_se_lo_dice_al_responsable(g):
    caso = escenarios.por_informar(g)
    actuar(
        "informar", caso, g.p.atencion, localizado="SI", informo=g.p.atencion.pk,
        persona=caso.persona_id, cuando=hace(minutes=1), medio="TELEFONO", que_se_dijo="No se pudo.",
        reaccion="Bien.", contrato_tras_no="EN_RIESGO",
    )  # fmt: skip
    carta = Aviso.objects.filter(caso=caso, usuario=g.p.ventas).latest("pk")
    assert "está informado" in carta.asunto


# -- substitutes: the tray and the letters ask what the door asks ----------------------------------


def test_no_acepta_lo_dicho_quien_suple_a_quien_lo_anoto(g):
    caso = anotar(g, g.hasta(E.EN_MODIFICACION), quien=g.p.gerente)
    SuplenciaFactory(titular=g.p.gerente, suplente=g.p.ventas2)
    assert "aceptar_constancia" not in ofrecidas(caso, g.p.ventas2)
    assert not por_decidir(caso, g.p.ventas2)


def test_quien_lleva_el_caso_no_confirma_por_otro_lo_que_se_le_consintio(g):
    caso = actuar(
        "contraofertar", g.hasta(E.EN_RESPUESTA), g.p.ventas, pide="Menos.",
        solicitado_tarifa="13000", consintio=g.p.gerente.pk, consintio_en=hace(minutes=1),
    )  # fmt: skip
    caso = g.asignar(caso, a=g.p.ventas2)
    SuplenciaFactory(titular=g.p.gerente, suplente=g.p.ventas2)
    assert "confirmar_constancia" not in ofrecidas(caso, g.p.ventas2)
    assert not pendientes_de(otra_vez(g.p.ventas2)).constancias
    assert "confirmar_constancia" in ofrecidas(caso, g.p.gerente)
    assert pendientes_de(otra_vez(g.p.gerente)).constancias


def test_quien_suple_a_gerencia_no_cierra_su_propio_caso(g):
    caso = intentos_hechos(g)
    SuplenciaFactory(titular=g.p.gerente, suplente=g.p.ventas)
    assert "cerrar_sin_respuesta" not in ofrecidas(caso, g.p.ventas)
    assert not por_decidir(caso, g.p.ventas)


def test_quien_suple_a_quien_lleva_el_caso_decide_por_su_propio_cargo(g):
    caso = opinion_vencida(g)
    type(caso).objects.filter(pk=caso.pk).update(responsable=g.p.direccion)
    SuplenciaFactory(titular=g.p.direccion, suplente=g.p.gerente)
    assert "dispensar" in ofrecidas(caso, g.p.gerente)
    assert por_decidir(caso, g.p.gerente) == {"dispensar"}


def test_que_el_contrato_no_cambia_solo_se_le_pide_aceptarlo_a_direccion(g):
    caso = anotar(g, g.hasta(E.EN_MODIFICACION), area="JUR", dijo="NO_APLICA")
    cartas = Aviso.objects.filter(caso=caso, plantilla="por_decidir")
    assert [c.usuario for c in cartas] == [g.p.direccion]
    # Nobody else can accept it; once overdue, GER has what there is for a silent area.
    caso.ajustes.filter(area__codigo="JUR").update(vence=en_dias(-2))
    assert por_decidir(caso, g.p.direccion) == {"aceptar_constancia"}
    assert por_decidir(caso, g.p.gerente) == {"indicar_no_puede"}


def test_cuando_un_area_no_puede_le_toca_al_responsable(a_solas):
    """The others were told to stop until it is decided: they wait for nobody else."""
    caso = a_solas.no_puede(a_solas.hasta(E.EN_MODIFICACION), "NOM")
    p = pendientes_de(otra_vez(a_solas.p.ventas))
    assert [c.pk for c in p.me_toca.filas] == [caso.pk] and not p.espero
    assert (caso.turno, caso.pendiente_de) == (Turno.RC, f"{a_solas.p.ventas} y Jurídico")
    # Asked again, it is the areas' turn again.
    caso = actuar("agregar_ajuste", caso, a_solas.p.ventas, **ajustes("NOM"))
    assert caso.turno == Turno.AREAS


def test_lo_que_no_puede_decidir_no_le_esconde_lo_que_si(a_solas, monkeypatch):
    """Of their own case they decide nothing: however many of those there are, the others are shown."""
    monkeypatch.setattr("casos.lecturas.por_decidir.LIMITE", 1)
    suyos = [opinion_vencida(a_solas) for _ in range(2)]
    for caso in suyos:
        caso.opiniones.update(vence=en_dias(-9))
        type(caso).objects.filter(pk=caso.pk).update(responsable=a_solas.p.gerente)
    ajeno = opinion_vencida(a_solas)
    assert por_decidir(ajeno, a_solas.p.gerente) == {"dispensar"}
    assert not any(por_decidir(caso, a_solas.p.gerente) for caso in suyos)


def test_lo_que_no_cabe_en_la_primera_lectura_se_lee_cuando_hace_falta(mundo, monkeypatch):
    monkeypatch.setattr(modulo, "PRIMERAS", 2)
    hay = list(Caso.objects.order_by("pk")[: modulo.MIRADAS])
    assert len(hay) > 2
    de_todos = modulo._PorTandas(lambda: Caso.objects.order_by("pk"))
    with CaptureQueriesContext(connection) as capturadas:
        filas = de_todos()
        assert [next(filas), next(filas)] == hay[:2] and len(capturadas) == 1
        assert list(filas) == hay[2:] and len(capturadas) == 2
    for preparada in (de_todos._primeras, de_todos._demas):
        Preparada.TODAS.remove(preparada)
