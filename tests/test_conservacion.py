"""How long personal data are kept: proposed by the result of the cases, and nothing without somebody."""

from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casos.calendario import hoy
from casos.catalogos import Estado
from casos.clientes import bloqueo, conservacion_de_datos, supresion
from casos.clientes.conservacion_de_datos import _hace
from casos.lecturas.datos_de_personas import por_confirmar
from casos.lecturas.resumen import manana_de
from casos.lecturas.verificacion import revisar_bitacora
from casos.models import (
    Bloqueo,
    Caso,
    PersonaContacto,
    PlazoDeConservacion,
    PropuestaDeSupresion,
    Supresion,
)
from casos.tareas import revisar_conservacion

from .escenarios import moviendo
from .factories import CitaFactory, ContactoFactory, PropuestaFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def vieja(mundo):
    """Somebody whose one case closed two years ago."""
    caso = mundo.hasta(Estado.CERRADO)
    with moviendo(caso):
        Caso.objects.filter(pk=caso.pk).update(cerrado_en=timezone.now() - timedelta(days=800))
    caso.refresh_from_db()
    return caso


def propuestas():
    return list(PropuestaDeSupresion.objects.values_list("persona", flat=True))


def test_sin_plazo_no_se_propone_a_nadie_y_con_uno_solo_a_quien_lo_paso(vieja):
    assert revisar_conservacion() == 0 and propuestas() == []
    plazo = PlazoDeConservacion.objects.create(resultado=vieja.resultado, meses=36)
    assert revisar_conservacion() == 0
    plazo.meses = 24
    plazo.save()
    assert revisar_conservacion() == 1 and propuestas() == [vieja.persona_id]
    assert revisar_conservacion() == 0  # once


def test_quien_tiene_otro_caso_no_se_propone(mundo, vieja):
    PlazoDeConservacion.objects.create(resultado=vieja.resultado, meses=24)
    otro = mundo.registrar()
    with moviendo(otro):
        Caso.objects.filter(pk=otro.pk).update(persona=vieja.persona)
    assert revisar_conservacion() == 0


@pytest.mark.parametrize("donde", [ContactoFactory, CitaFactory, PropuestaFactory])
def test_quien_esta_en_otro_caso_sin_ser_quien_lo_pidio_tampoco(vieja, donde):
    PlazoDeConservacion.objects.create(resultado=vieja.resultado, meses=24)
    otro = donde(persona=vieja.persona).caso
    assert otro.persona != vieja.persona and revisar_conservacion() == 0
    assert set(supresion.casos_con(vieja.persona)) == {vieja, otro}


def test_se_confirma_con_un_resultado_por_renglon_y_luego_se_suprime(mundo, vieja, client):
    PlazoDeConservacion.objects.create(resultado=vieja.resultado, meses=24)
    revisar_conservacion()
    propuesta = PropuestaDeSupresion.objects.get()
    client.force_login(mundo.p.direccion)
    url = reverse("conservacion")
    assert vieja.persona.nombre in client.get(url).text
    for mala in ({}, {"que": "CONFIRMAR"}, {"que": "CONSERVAR", "elegida": propuesta.pk}):
        assert client.post(url, mala).status_code == 422
    bien = {"que": "CONFIRMAR", "elegida": [propuesta.pk, 999999]}
    assert "Bloqueada hasta el" in client.post(url, bien).text
    assert "Ya estaba decidida" in client.post(url, bien).text
    bloqueo = Bloqueo.objects.get(persona=vieja.persona_id)
    assert bloqueo.hasta == hoy() + timedelta(days=30)
    revisar_conservacion()
    assert not Supresion.objects.exists()
    Bloqueo.objects.update(hasta=hoy() - timedelta(days=1))
    revisar_conservacion()
    persona = PersonaContacto.objects.get(pk=vieja.persona_id)
    assert persona.suprimida_en and Supresion.objects.get().por == mundo.p.direccion
    assert list(revisar_bitacora()) == []


def test_con_quien_se_hablo_en_otro_caso_abierto_no_se_confirma(mundo, vieja):
    PlazoDeConservacion.objects.create(resultado=vieja.resultado, meses=24)
    revisar_conservacion()
    pks = [PropuestaDeSupresion.objects.get().pk]
    otro = mundo.registrar()
    with moviendo(otro):
        ContactoFactory(caso=otro, persona=vieja.persona)
    [(_, que)] = conservacion_de_datos.decidir(
        pks, confirmar=True, motivo="", por=mundo.p.direccion
    )
    assert "Tiene un caso abierto" in que and not Bloqueo.objects.exists()


@pytest.mark.parametrize("dias, se_propone", [(-1, True), (40, False)])
def test_un_caso_anulado_no_detiene_pasado_el_plazo_mas_corto(mundo, vieja, dias, se_propone):
    """From its annulment; and it is never said to be open."""
    PlazoDeConservacion.objects.create(resultado=vieja.resultado, meses=24)
    otro = "RETIRADO" if vieja.resultado != "RETIRADO" else "NO_VIABLE"
    PlazoDeConservacion.objects.create(resultado=otro, meses=12)
    anulado = mundo.hasta(Estado.ANULADO)
    limite = timezone.make_aware(datetime.combine(_hace(hoy(), 12), time(12)))
    with moviendo(anulado):
        Caso.objects.filter(pk=anulado.pk).update(
            persona=vieja.persona, estado_desde=limite + timedelta(days=dias)
        )
    assert revisar_conservacion() == int(se_propone)
    if se_propone:
        pks = [PropuestaDeSupresion.objects.get().pk]
        [(_, que)] = conservacion_de_datos.decidir(
            pks, confirmar=True, motivo="", por=mundo.p.direccion
        )
        assert "Bloqueada hasta" in que


@pytest.mark.parametrize("dias, llego", [(1, False), (0, True), (-3, True)])
@pytest.mark.parametrize("quien, la_ve", [("direccion", True), ("ventas", False)])
def test_llegada_la_fecha_de_un_bloqueo_se_le_dice_a_quien_lo_lleva(
    mundo, client, dias, llego, quien, la_ve
):
    persona = mundo.registrar().persona
    nombre, hasta = persona.nombre, hoy() + timedelta(days=dias)
    bloqueo.bloquear(persona, motivo="Lo pidió", hasta=hasta, por=mundo.p.direccion)
    usuario = getattr(mundo.p, quien)
    client.force_login(usuario)
    assert ("1 bloqueo de datos personales" in client.get("/").text) == (llego and la_ve)
    manana = manana_de(usuario)
    assert len(manana.bloqueos) == int(llego and la_ve)
    for dicho, urge in manana.bloqueos:
        assert urge and str(persona.pk) in dicho and nombre not in dicho
        assert manana.vale_la_pena and "1 bloqueo por decidir" in manana.en_breve


def test_el_bloqueo_que_se_suprime_solo_no_se_pregunta(mundo, vieja):
    confirmada(mundo, vieja)
    Bloqueo.objects.update(hasta=hoy())
    assert not conservacion_de_datos.por_decidir(hoy()).exists()
    Bloqueo.objects.update(hasta=hoy() - timedelta(days=1))  # the night left it
    assert conservacion_de_datos.por_decidir(hoy()).exists()


def test_a_quien_se_conserva_no_se_le_propone_otra_vez_por_lo_mismo(mundo, vieja):
    PlazoDeConservacion.objects.create(resultado=vieja.resultado, meses=24)
    revisar_conservacion()
    pks = [PropuestaDeSupresion.objects.get().pk]
    [(_, que)] = conservacion_de_datos.decidir(
        pks, confirmar=False, motivo="Es fiador", por=mundo.p.direccion
    )
    assert que == "Se conservan sus datos." and revisar_conservacion() == 0
    assert not Bloqueo.objects.exists()


def confirmada(mundo, vieja):
    """Blocked by a proposal that was confirmed, and past its term."""
    PlazoDeConservacion.objects.create(resultado=vieja.resultado, meses=24)
    revisar_conservacion()
    pks = [PropuestaDeSupresion.objects.get().pk]
    conservacion_de_datos.decidir(pks, confirmar=True, motivo="", por=mundo.p.direccion)
    Bloqueo.objects.update(hasta=hoy() - timedelta(days=1))
    return vieja.persona


def test_lo_confirmado_vale_para_ese_bloqueo_y_no_para_otro(mundo, vieja):
    persona = confirmada(mundo, vieja)
    bloqueo.desbloquear(persona, motivo="Volvió", por=mundo.p.direccion)
    bloqueo.bloquear(persona, motivo="Lo pidió", hasta=hoy(), por=mundo.p.direccion)
    Bloqueo.objects.update(hasta=hoy() - timedelta(days=1))
    revisar_conservacion()
    assert not Supresion.objects.exists()


def test_a_quien_se_le_devuelven_sus_datos_mientras_tanto_no_se_le_suprimen(
    mundo, vieja, monkeypatch
):
    persona = confirmada(mundo, vieja)
    formas_de = supresion.formas_de

    def y_mientras(suya, *otras):
        formas = formas_de(suya, *otras)
        if Bloqueo.objects.exists():
            bloqueo.desbloquear(persona, motivo="Volvió", por=mundo.p.direccion)
        return formas

    monkeypatch.setattr(supresion, "formas_de", y_mientras)
    revisar_conservacion()
    assert not Supresion.objects.exists() and not Bloqueo.objects.exists()


def test_a_quien_ya_se_suprimio_no_se_le_propone(mundo, vieja, client):
    PlazoDeConservacion.objects.create(resultado=vieja.resultado, meses=24)
    revisar_conservacion()
    assert list(por_confirmar())
    bloqueo.bloquear(vieja.persona, motivo="Lo pidió", hasta=hoy(), por=mundo.p.direccion)
    assert not list(por_confirmar())
    supresion.suprimir_persona(vieja.persona, por=mundo.p.direccion)
    assert not list(por_confirmar())


@pytest.mark.parametrize(
    "dia, meses, antes",
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2028, 3, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 31), 13, date(2025, 11, 30)),
        (date(2026, 12, 1), 24, date(2024, 12, 1)),
    ],
)
def test_tantos_meses_antes(dia, meses, antes):
    assert _hace(dia, meses) == antes
