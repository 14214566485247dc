"""The statements of the lists are written so that the database can use their indexes (D§4.8).

Figures with many rows: ``bench/``. Here only that nothing stands between a statement and its index.
"""

from datetime import date

import pytest
from django.db import connection
from django.db.models import Count

from casos.catalogos import EstadoAviso
from casos.lecturas import correos
from casos.lecturas.filtro import FiltroCasos
from casos.lecturas.filtros_ofrecidos import Ofrecidos
from casos.lecturas.periodos import Periodo
from casos.models import Area, Caso, Cierre, Lapso

pytestmark = pytest.mark.django_db


def plan(consulta) -> str:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # With few rows it would read them all, and sort what it read.
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    return consulta.explain()


@pytest.mark.parametrize(
    ("filtro", "orden", "indice"),
    [
        ({"responsable": 1}, "vence", "caso_abierto_responsable"),
        ({"responsable": None}, "vence", "caso_abierto_responsable"),
        ({"responsable": 1, "proxima_fecha__lte": "2026-01-01"}, "proxima_fecha", "caso_abierto_proxima"),
        ({"turno": "GER"}, "vence", "caso_abierto_turno"),
    ],
)  # fmt: skip
def test_los_abiertos_se_leen_de_su_indice(filtro, orden, indice):
    if connection.vendor == "postgresql" and None in filtro.values():
        pytest.skip("con IS NULL, PostgreSQL elige entre dos índices según cuántos casos haya")
    assert indice in plan(Caso.objects.abiertos().filter(**filtro).order_by(orden)[:26])


def test_lo_que_ve_un_area_no_lee_todos_los_casos(personas):
    leido = plan(Caso.objects.visibles_para(personas.finanzas)[:26])
    assert "opinion_area_caso" in leido or connection.vendor == "postgresql"
    assert "SCAN casos_caso" not in leido and "TEMP B-TREE FOR ORDER BY" not in leido


@pytest.mark.parametrize(
    ("estado", "indice"),
    [(None, "SCAN casos_aviso"), (EstadoAviso.FALLIDO, "aviso_estado_id")],
)
def test_los_correos_se_leen_del_mas_nuevo_al_mas_viejo(personas, estado, indice):
    """Until the page is full: without gathering and sorting those of every case."""
    cartas = correos.visibles_para(personas.finanzas).order_by("-pk")
    leido = plan((cartas.filter(estado=estado) if estado else cartas)[:26])
    assert indice in leido or connection.vendor == "postgresql"
    assert "TEMP B-TREE FOR ORDER BY" not in leido


@pytest.mark.skipif("connection.vendor == 'postgresql'", reason="elige según cuántas filas haya")
def test_las_cifras_de_un_periodo_se_leen_de_su_indice():
    """Of the closings and of what was received in it: nothing of all the other years."""
    mes = Periodo(date(2026, 3, 1), date(2026, 3, 31)).instantes
    cierres = Cierre.objects.del_periodo(*mes)
    leidos = {
        "cierre_en": plan(cierres.order_by().values("resultado").annotate(n=Count("pk"))),
        "lapso_cierre": plan(Lapso.objects.filter(cierre__in=cierres).order_by().values("que", "decimos")),
        "caso_recibido_en": plan(
            Caso.objects.filter(recibido_en__gte=mes[0], recibido_en__lt=mes[1]).order_by().values("pasos_andados")
        ),
    }  # fmt: skip
    assert [i for i, leido in leidos.items() if i not in leido or "SCAN" in leido] == [], leidos


def de_la_lista(personas, **filtros):
    filtro = FiltroCasos(filtros, usuario=personas.gerente, opciones=Ofrecidos(personas.gerente))
    assert not filtro.ignorados
    return plan(filtro.filtrar(Caso.objects.all()).order_by("-pk")[:26])


def test_de_lo_que_se_cerro_en_unos_dias_se_leen_esos(personas):
    leido = de_la_lista(personas, cerrado_desde="2026-03-02", cerrado_hasta="2026-03-31")
    assert (
        "caso_cerrado_en" in leido or connection.vendor == "postgresql"
    )  # by how many rows there are


@pytest.mark.skipif("connection.vendor == 'postgresql'", reason="elige según cuántas filas haya")
@pytest.mark.parametrize(
    ("filtro", "indices"),
    [
        ("area_respondio", ["COVERING INDEX opinion_area_caso", "INDEX ajuste_area_caso"]),
        ("area_debe", ["opinion_", "ajuste_"]),
        ("registro", ["registrado_por"]),
    ],
)
def test_lo_de_un_area_y_de_quien_registro_se_lee_de_su_indice(personas, filtro, indices):
    """Of an area's rows, keys alone."""
    area = str(Area.objects.get(codigo="FIN").pk)
    valor = str(personas.ventas.pk) if filtro == "registro" else area
    leido = de_la_lista(personas, **{filtro: valor})
    assert all(indice in leido for indice in indices), leido
