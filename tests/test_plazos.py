"""Business days: weekends, holidays, the firm's own days, and a calendar that changes."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casos import calendario
from casos.apps import tras_migrar
from casos.catalogos import Estado, Hecho, OrigenInhabil
from casos.models import Area, Caso, DiaInhabil, Evento, HechoDeSeguridad, Plazo
from casos.pasos.recalculo import recalcular
from tests import escenarios
from tests.guion import Guion, fresco
from tests.reloj import calendario_de, en_mexico

VIERNES, SABADO, DOMINGO, LUNES = (date(2026, 3, d) for d in (13, 14, 15, 16))
MARTES = date(2026, 3, 17)  # Monday 16 is the holiday of Benito Juárez


@pytest.fixture(autouse=True)
def dos_anios(db):
    calendario_de(2026, 2027)


@pytest.mark.parametrize("dia", [SABADO, DOMINGO, LUNES])
def test_no_son_habiles_el_fin_de_semana_ni_el_descanso_obligatorio(dia):
    assert not calendario.es_habil(dia)


@pytest.mark.parametrize("dia", [VIERNES, MARTES])
def test_son_habiles_los_demas(dia):
    assert calendario.es_habil(dia)


@pytest.mark.parametrize(
    ("desde", "dias", "vence"),
    [
        (VIERNES, 1, MARTES),
        (SABADO, 1, MARTES),
        (LUNES, 1, MARTES),
        (MARTES, 1, date(2026, 3, 18)),
        (date(2026, 3, 12), 2, MARTES),
        (date(2026, 12, 24), 1, date(2026, 12, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
        (date(2026, 4, 30), 5, date(2026, 5, 8)),
    ],
)
def test_el_plazo_cuenta_desde_el_dia_siguiente(desde, dias, vence):
    assert calendario.sumar_habiles(desde, dias) == vence


def test_un_cierre_largo_no_se_corta():
    """A closure of two months is jumped whole, however short the deadline."""
    dias = [date.fromordinal(MARTES.toordinal() + n) for n in range(1, 60)]
    DiaInhabil.objects.bulk_create(
        DiaInhabil(fecha=d, motivo="Paro técnico") for d in dias if d.month != 5 or d.day != 1
    )
    assert calendario.sumar_habiles(MARTES, 1) == date(2026, 5, 18)


def test_una_consulta_por_llamada(django_assert_num_queries):
    with django_assert_num_queries(1):
        calendario.sumar_habiles(VIERNES, 60)


def test_el_dia_es_el_de_mexico_no_el_de_utc():
    """23:30 on Thursday in Mexico City is already Friday in UTC."""
    instante = en_mexico("2026-03-12T23:30")
    assert calendario.vence_para(Estado.RECIBIDO, instante) == VIERNES


def test_los_plazos_son_los_de_la_tabla_y_si_falta_los_de_siempre():
    assert calendario.dias_de(Estado.EN_ANALISIS) == 3
    Plazo.objects.filter(estado=Estado.EN_ANALISIS).update(dias=7)
    assert calendario.dias_de(Estado.EN_ANALISIS) == 7
    Plazo.objects.all().delete()
    assert {e: calendario.dias_de(e) for e in calendario.DIAS} == calendario.DIAS


def test_cada_area_puede_tener_el_suyo():
    area = Area.objects.get(codigo="JUR")
    assert calendario.dias_de(Estado.EN_MODIFICACION, area) == 5
    area.dias_opinion, area.dias_ajuste = 4, 9
    assert calendario.dias_de(Estado.EN_ANALISIS, area) == 4
    assert calendario.dias_de(Estado.EN_MODIFICACION, area) == 9


def test_si_cambia_el_calendario_los_plazos_abiertos_se_recalculan(personas):
    caso = Guion(personas).registrar()
    antes = caso.vence
    DiaInhabil.objects.create(fecha=antes, motivo="Aniversario", origen=OrigenInhabil.EMPRESA)
    assert recalcular() == 1
    caso.refresh_from_db()
    assert caso.vence == calendario.sumar_habiles(antes, 1)
    assert Evento.objects.filter(caso=caso).latest("numero").accion == "recalcular_plazo"
    assert recalcular() == 0


# -- proponer_inhabiles ----------------------------------------------------------------------------


def proponer(capsys, *args, **kwargs):
    call_command("proponer_inhabiles", *args, **kwargs)
    return capsys.readouterr().out


def test_proponer_solo_muestra_y_con_aplicar_agrega(capsys):
    assert "falta   01/10/2030 Transmisión del Poder Ejecutivo Federal" in proponer(capsys, "2030")
    assert not DiaInhabil.objects.filter(fecha__year=2030).exists()
    antes = list(HechoDeSeguridad.objects.values_list("pk", flat=True))
    assert "Agregados: 8" in proponer(capsys, "2030", aplicar=True)
    del_catalogo = HechoDeSeguridad.objects.filter(hecho=Hecho.CATALOGO)
    anotados = [h.datos["que"] for h in del_catalogo.exclude(pk__in=antes)]
    assert len(anotados) == 8
    assert "día inhábil «01/10/2030 Transmisión del Poder Ejecutivo Federal»" in anotados
    assert "No falta ninguno de 2030" in proponer(capsys, "2030", aplicar=True)


def test_proponer_respeta_lo_de_la_empresa(capsys):
    DiaInhabil.objects.create(fecha=date(2030, 5, 2), motivo="Puente")
    DiaInhabil.objects.create(fecha=date(2030, 5, 1), motivo="Cerrado", origen="EMPRESA")
    salida = proponer(capsys, "2030", aplicar=True)
    assert "propio  02/05/2030 Puente" in salida
    assert "está    01/05/2030 Cerrado" in salida
    assert DiaInhabil.objects.get(fecha=date(2030, 5, 1)).motivo == "Cerrado"


def test_proponer_rechaza_un_anio_sin_sentido():
    with pytest.raises(CommandError):
        call_command("proponer_inhabiles", "1")


def test_al_subir_de_version_lo_abierto_queda_en_la_bandeja_de_quien_le_toca(personas):
    g = Guion(personas)
    en_contra = escenarios.en_contra(g)
    buscado = escenarios.sin_respuesta(g)
    # As the release before left them.
    Caso.objects.filter(pk=en_contra.pk).update(turno="DG", pendiente_de="Dirección General")
    Caso.objects.filter(pk=buscado.pk).update(intentos_completos=False)
    app = apps.get_app_config("casos")
    tras_migrar(app, "default", plan=[])
    assert fresco(en_contra).turno == "DG"
    tras_migrar(app, "default", plan=[(SimpleNamespace(app_label="casos"), False)])
    assert fresco(en_contra).turno == "RC"
    assert fresco(buscado).intentos_completos


def test_migrar_solo_lo_propio_en_una_base_vacia_no_pide_las_tablas_de_otros(monkeypatch):
    """``manage.py migrate casos``: those of the second factor are not there yet."""
    hay = [t for t in connection.introspection.table_names() if not t.startswith("mfa_")]
    monkeypatch.setattr(connection.introspection, "table_names", lambda *args, **kwargs: hay)
    with CaptureQueriesContext(connection) as sentencias:
        tras_migrar(apps.get_app_config("casos"), "default", plan=[])
    assert not any("mfa_authenticator" in s["sql"] for s in sentencias)
    assert len(sentencias)
