"""Whose time a case took, against a reference that looks at every quarter of an hour."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casos.catalogos import Estado, Turno
from casos.expediente.carga import el_mismo
from casos.expediente.tiempo import anotados_de, claves_de
from casos.lecturas.de_quien_fue import en_dias
from casos.reparto_del_tiempo import Marcha, Quien, pasos, sumar, tramos
from casos.tiempo_habil import DIA, Calendario, Calendarios, en_decimos
from tests.guion import Guion, actuar
from tests.reloj import en_mexico

MEXICO = ZoneInfo("America/Mexico_City")
CUARTO = timedelta(minutes=15)
# With the last day on which clocks were moved in Mexico: 30 October 2022 has 25 hours.
INSTANTES = st.integers(0, 22 * 96).map(lambda n: datetime(2022, 10, 20, tzinfo=UTC) + n * CUARTO)
CALENDARIOS = st.frozensets(st.dates(date(2022, 10, 20), date(2022, 11, 20)), max_size=6).map(
    lambda dias: Calendario(dict.fromkeys(dias, 0), MEXICO)
)


def es_habil(calendario, instante) -> bool:
    dia = instante.astimezone(MEXICO).date()
    return dia.weekday() < 5 and dia not in calendario.cortos


def cuartos(desde, hasta):
    """One by one."""
    while desde < hasta:
        yield desde
        desde += CUARTO


@given(INSTANTES, st.integers(0, 9 * 96), CALENDARIOS)
def test_el_tiempo_habil_es_el_de_los_cuartos_de_hora_de_dias_habiles(desde, cuantos, calendario):
    hasta = desde + cuantos * CUARTO
    habiles = sum(es_habil(calendario, i) for i in cuartos(desde, hasta))
    assert calendario.habil(desde, hasta) / CUARTO == habiles


@pytest.mark.parametrize(
    ("desde", "hasta", "dias"),
    [
        ("2026-03-09T10:00", "2026-03-10T10:00", 10),
        ("2026-03-13T17:00", "2026-03-16T10:00", 7),  # Friday to Monday: seven hours and ten
        ("2026-03-14T00:00", "2026-03-16T00:00", 0),
        ("2026-03-09T00:00", "2026-03-16T00:00", 50),
        ("2026-03-09T10:00", "2026-03-09T11:12", 1),  # a twentieth is rounded up
        ("2026-03-09T10:00", "2026-03-09T11:11", 0),
    ],
)
def test_en_dias_habiles_de_veinticuatro_horas(desde, hasta, dias):
    calendario = Calendario({}, MEXICO)
    assert en_decimos(calendario.habil(en_mexico(desde), en_mexico(hasta))) == dias


def test_como_se_dicen():
    assert [en_dias(n) for n in (0, 5, 10, 12, 12340)] == [
        "0 días hábiles", "0.5 días hábiles", "1 día hábil", "1.2 días hábiles", "1,234 días hábiles",
    ]  # fmt: skip


# -- the log of cases that were walked ---------------------------------------------------------------


def seguir(anotados, claves) -> Marcha:
    marcha = Marcha(claves)
    for e in anotados:
        marcha.anotar(e)
    return marcha


def quienes_en(anotados, claves, instante) -> tuple:
    """Who had it then: the log read up to that minute, and the day its proposal expired."""
    hasta_ahi = [e for e in anotados if e.en <= instante]
    marcha = seguir(hasta_ahi or anotados[:1], claves)
    dia = instante.astimezone(MEXICO).date()
    if marcha.estado == Estado.EN_RESPUESTA and dia > marcha.vigencia:
        return marcha.estado, (Quien(Turno.RC),)
    return marcha.estado, marcha.tienen()


RECORRIDOS = {
    "analizado por dos áreas": lambda g: _dos_areas(g),
    "aceptado": lambda g: g.confirmar(g.confirmar(g.hasta(Estado.EN_MODIFICACION), "JUR"), "NOM"),
    "no se puede": lambda g: g.no_puede(g.hasta(Estado.EN_MODIFICACION), "NOM"),
    "no viable": lambda g: g.hasta(Estado.CERRADO),
    "presentado": lambda g: g.hasta(Estado.EN_RESPUESTA),
    "sin asignar": lambda g: g.registrar(responsable=False),
}


def _dos_areas(g):
    caso = g.analizar(g.contactar(g.registrar()), "FIN", "JUR", "OPE")
    opinion = next(o for o in caso.hechos.opiniones if o.area.codigo == "JUR")
    caso = actuar("pedir_datos", caso, g.p.juridico, opinion, datos_pedidos="¿Desde cuándo?")
    caso = g.opinar(caso, "FIN")
    opinion = next(o for o in caso.hechos.opiniones if o.area.codigo == "JUR")
    caso = actuar("responder_datos", caso, g.p.ventas, opinion, datos_dados="Desde enero.")
    return g.opinar(caso, "OPE", sentido="EN_CONTRA")


@pytest.mark.parametrize("nombre", RECORRIDOS)
def test_cada_quien_tiene_el_tiempo_en_que_lo_tuvo(personas, nombre):
    """The log of a real case, told again with other pauses and another calendar."""
    caso = RECORRIDOS[nombre](Guion(personas))
    contado, claves = anotados_de(caso.pk), claves_de(el_mismo(caso.pk).hechos)
    pausas = st.lists(st.integers(0, 60), min_size=len(contado), max_size=len(contado))

    @settings(max_examples=15)
    @given(INSTANTES, pausas, st.integers(0, 300), CALENDARIOS, CALENDARIOS)
    def comparar(recibido, pausas, al_final, calendario, de_su_sede):
        # One area in two works at another site, whose days off are others.
        en_otra = [area for area in claves.areas.values() if area % 2]
        dias = Calendarios(calendario, {5: de_su_sede}, dict.fromkeys(en_otra, 5))

        def el_suyo(quien):
            return de_su_sede if quien.area in en_otra else calendario

        anotados, en = [], recibido
        for e, pausa in zip(contado, pausas, strict=True):
            en += pausa * CUARTO
            vence = {"vigencia": (en + DIA * (pausa % 3)).astimezone(MEXICO).date().isoformat()}
            anotados.append(e._replace(en=en, datos={**e.datos, **vence}))
        fin = en + al_final * CUARTO
        hechos = list(pasos(anotados, claves, recibido=recibido, hasta=fin, dias=calendario))
        sumas = sumar(hechos, dias)

        por_quien, por_paso, total, alguna = Counter(), Counter(), 0, 0
        for cuarto in cuartos(recibido, fin):
            estado, tienen = quienes_en(anotados, claves, cuarto)
            trabajan = [q for q in tienen if es_habil(el_suyo(q), cuarto)]
            por_quien.update(trabajan)
            alguna += any(q.area for q in trabajan)
            if es_habil(calendario, cuarto):
                total += bool(tienen)
                por_paso.update([estado] if tienen else [])
        assert sumas.total / CUARTO == total and sumas.alguna_area / CUARTO == alguna
        assert {q: t / CUARTO for q, t in sumas.por_quien.items() if t} == por_quien
        assert {e: t / CUARTO for e, t in sumas.por_paso.items() if t} == por_paso
        # Its stretches are the same time.
        de_tramos = Counter()
        for t in tramos(hechos):
            de_tramos[t.quien] += el_suyo(t.quien).habil(t.desde, t.hasta) / CUARTO
        assert +de_tramos == por_quien

    comparar()


def test_lo_que_pasa_no_es_la_suma_de_las_areas(personas):
    g = Guion(personas)
    caso = g.analizar(g.contactar(g.registrar()), "FIN", "JUR")
    marcha = seguir(anotados_de(caso.pk), claves_de(el_mismo(caso.pk).hechos))
    areas = {q.area for q in marcha.tienen()}
    assert {q.turno for q in marcha.tienen()} == {Turno.AREAS} and len(areas) == 2


# -- on the page -------------------------------------------------------------------------------------


def test_la_pagina_dice_quien_lo_ha_tenido(personas, client):
    g = Guion(personas)
    caso = g.hasta(Estado.EN_ANALISIS)
    client.force_login(personas.auditor)
    html = client.get(caso.get_absolute_url()).text
    assert "Quién lo ha tenido" in html and "Finanzas" in html and "días hábiles" in html
    assert html.count('class="tira__linea') == 3  # nobody's, RC's, the area's


def test_de_lo_anulado_no_se_cuenta(personas, client):
    caso = Guion(personas).hasta(Estado.ANULADO)
    client.force_login(personas.ventas)
    assert "Quién lo ha tenido" not in client.get(caso.get_absolute_url()).text
