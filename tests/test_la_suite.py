"""The suite itself: what its lists name is there, and no test meets what another did."""

from datetime import date
from types import SimpleNamespace

import pytest
import time_machine

from casos.catalogos import Estado
from casos.models import Caso, Cliente, Usuario
from tests import reparto
from tests.escenarios import ADEMAS, DE_ESTADO
from tests.personas import NOMBRES
from tests.reparto import CON_OTRO_RELOJ, EN_LAS_DOS, LARGOS, RAIZ

NOMBRADAS = [
    *sum(EN_LAS_DOS.values(), CON_OTRO_RELOJ + LARGOS),
    *reparto.POR_TURNOS,
    *reparto.SOLO_COMPLETA,
    *reparto.EN_SQLITE_SOLO_COMPLETA,
    *reparto.EN_POSTGRES_SOLO_COMPLETA,
]


@pytest.mark.parametrize("parte", sorted({*NOMBRADAS}))
def test_lo_que_se_nombra_existe(parte):
    archivo, _, prueba = parte.partition("[")[0].partition("::")
    donde = RAIZ / archivo
    assert donde.is_dir() or f"def {prueba}" in donde.read_text(encoding="utf-8")


def test_el_reloj_que_estorba_pregunta_todo_lo_suyo(request, monkeypatch):
    """No list of what the short form leaves out takes from it."""
    monkeypatch.setattr(reparto, "CORTA", True)
    suyas = [
        i for i in request.session.items if reparto.esta_en(i, reparto.EN_SQLITE_SOLO_COMPLETA)
    ]
    assert suyas
    ajustes = SimpleNamespace(option=SimpleNamespace(markexpr="con_otro_reloj"))
    quedan = list(suyas)
    reparto.pytest_collection_modifyitems(ajustes, quedan)
    assert {*quedan} == {*suyas}


# -- in whatever order, what one changes or leaves behind is not noticed by the next -------------------

dos_veces = pytest.mark.parametrize("vez", range(2))


def halla_y_revuelve(gente, casos, vez):
    assert Usuario.objects.count() == gente
    assert Caso.objects.count() == casos
    Usuario.objects.filter(username="ajena").update(username="otra")  # never deleted
    Usuario.objects.create_user(f"alguien{vez}")
    Caso.objects.filter(estado=Estado.RECIBIDO).update(solicitud="Otra.")
    Cliente.objects.create(razon_social="Se queda")


@dos_veces
def test_sin_pedir_nada_no_hay_nadie(db, vez):
    halla_y_revuelve(0, 0, vez)


@dos_veces
def test_en_una_transaccion_de_verdad_tampoco(transactional_db, vez):
    halla_y_revuelve(0, 0, vez)


@dos_veces
def test_con_personas_no_hay_casos(personas, vez):
    halla_y_revuelve(len(NOMBRES), 0, vez)


@dos_veces
def test_con_mundo_estan_todos_los_casos(mundo, vez):
    assert len(mundo.listos) == len(Estado) + len(DE_ESTADO) + len(ADEMAS)
    de_paso = {"con_vigente_atrasado"}  # another case changed its contract
    halla_y_revuelve(len(NOMBRES), len(mundo.listos) + len(de_paso), vez)


def test_un_caso_listo_se_entrega_una_vez(mundo):
    uno, otro = mundo.hasta(Estado.RECIBIDO), mundo.hasta(Estado.RECIBIDO)
    assert uno.estado == otro.estado == Estado.RECIBIDO
    assert uno.pk != otro.pk and uno.contrato_id != otro.contrato_id
    assert uno.solicitud != "Otra."


def test_no_se_viaja_a_una_fecha_ni_a_una_hora_sin_zona():
    for destino in (date(2026, 11, 30), "2026-11-30T09:00"):
        with pytest.raises(RuntimeError):
            time_machine.travel(destino)
