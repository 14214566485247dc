"""Deadlines and business time against a reference that looks at every quarter of an hour.

Any week, any hours, half days, and days off at one site only; and what nobody's calendar can count.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casos import calendario
from casos.catalogos import Estado
from casos.lecturas.estado_del_sistema import revisiones
from casos.lecturas.falta_configurar import lo_que_falta
from casos.models import Area, Configuracion, DiaInhabil, Jornada, Sede
from casos.pasos.recalculo import recalcular
from casos.tiempo_habil import DIA, Calendario, Calendarios, Horas, juntar
from tests.guion import Guion, actuar, fresco
from tests.reloj import LA_SEMANA, en_mexico

MEXICO = ZoneInfo("America/Mexico_City")
CUARTO = timedelta(minutes=15)
PRIMERO = date(2022, 10, 20)  # clocks were moved back on Sunday 30 October 2022

# Nothing begins or ends in the hour that is twice.
HORAS = st.one_of(
    st.none(),
    st.just(Horas()),
    st.tuples(st.integers(8, 40), st.integers(41, 96)).map(lambda h: Horas(h[0] * 15, h[1] * 15)),
)
SEMANAS = st.tuples(*[HORAS] * 7)
CORTOS = st.dictionaries(
    st.dates(PRIMERO, PRIMERO + 30 * DIA),
    st.sampled_from([0, *range(8, 96)]).map(lambda n: n * 15),
    max_size=8,
)
CALENDARIOS = st.builds(Calendario, CORTOS, st.just(MEXICO), SEMANAS)
DIAS = st.dates(PRIMERO, PRIMERO + 20 * DIA)
INSTANTES = st.integers(0, 14 * 96).map(
    lambda n: datetime(2022, 10, 21, 6, tzinfo=UTC) + n * CUARTO
)


def del_dia(dia: date) -> list[datetime]:
    """Its quarters of an hour: 96, or 100 on the day that has 25 hours."""
    instante = datetime.combine(dia, time.min, MEXICO).astimezone(UTC)
    hechos = []
    while instante.astimezone(MEXICO).date() == dia:
        hechos.append(instante)
        instante += CUARTO
    return hechos


def minuto(instante: datetime) -> int:
    local = instante.astimezone(MEXICO)
    return local.hour * 60 + local.minute


def ordinarios(c: Calendario, dia: date) -> list[datetime]:
    """The quarters in which its weekday is worked."""
    horas = c.semana[dia.weekday()]
    return [i for i in del_dia(dia) if horas and horas.desde <= minuto(i) < horas.hasta]


def trabajados(c: Calendario, dia: date) -> list[datetime]:
    return [i for i in ordinarios(c, dia) if minuto(i) < c.cortos.get(dia, 24 * 60)]


def pasado(c: Calendario, desde: datetime, hasta: datetime) -> Fraction:
    """In days: each quarter is its part of what its weekday has."""
    suma, dia = Fraction(0), desde.astimezone(MEXICO).date()
    while dia <= hasta.astimezone(MEXICO).date():
        dentro = [i for i in trabajados(c, dia) if desde <= i < hasta]
        if dentro:
            suma += Fraction(len(dentro), len(ordinarios(c, dia)))
        dia += DIA
    return suma


def casi(tiempo: timedelta, dias: Fraction) -> bool:
    return abs(tiempo - float(dias) * DIA) < timedelta(milliseconds=1)


@settings(max_examples=40)
@given(CALENDARIOS, INSTANTES, st.integers(0, 9 * 96))
def test_el_tiempo_habil_es_el_de_sus_cuartos_de_hora(c, desde, cuantos):
    hasta = desde + cuantos * CUARTO
    assert casi(c.habil(desde, hasta), pasado(c, desde, hasta))


@settings(max_examples=40)
@given(CALENDARIOS, DIAS, st.integers(1, 6))
def test_el_plazo_vence_el_dia_en_que_se_completan_sus_dias_habiles(c, desde, dias):
    """Minute by minute from the midnight that ends ``desde``; and the time that passed says the same."""
    vence = c.sumar(desde, dias)
    dia, van = desde, Fraction(0)
    for _ in range(400):
        dia += DIA
        suyos = trabajados(c, dia)
        # On a day of 25 hours a part of it is still told by the clock on the wall.
        van += Fraction(
            len({minuto(i) for i in suyos}), len({minuto(i) for i in ordinarios(c, dia)}) or 1
        )
        if suyos and van >= dias:
            break
    else:
        dia = None
    assert vence == dia
    if vence and vence < PRIMERO + 300 * DIA:
        assert c.entre(desde, vence) >= dias > c.entre(desde, vence - DIA)
        completo = c.habil(c.empieza(desde + DIA), c.empieza(vence + DIA))
        assert completo > dias * DIA - timedelta(hours=2)


@settings(max_examples=25)
@given(SEMANAS, CORTOS, CORTOS, INSTANTES, st.integers(0, 5 * 96))
def test_cada_area_cuenta_con_su_sede_y_alguna_donde_se_trabaja(
    semana, unos, otros, desde, cuantos
):
    aqui, alla = (Calendario(cortos, MEXICO, semana) for cortos in (unos, otros))
    juntos = Calendarios(aqui, {7: alla}, {1: None, 2: 7, 3: 8})
    assert juntos.de_areas(1) == juntos.de_areas(3) == aqui and juntos.de_areas(2) == alla
    hasta, dia, alguna = desde + cuantos * CUARTO, desde.astimezone(MEXICO).date(), Fraction(0)
    while dia <= hasta.astimezone(MEXICO).date():
        quien = {*trabajados(aqui, dia), *trabajados(alla, dia)}
        dentro = [i for i in quien if desde <= i < hasta]
        alguna += Fraction(len(dentro), len(ordinarios(aqui, dia)) or 1)
        dia += DIA
    assert casi(juntos.de_areas(1, 2).habil(desde, hasta), alguna)
    assert juntar([aqui]) is aqui


@pytest.mark.parametrize(
    ("desde", "dias", "vence"),
    [
        (date(2026, 12, 23), 1, date(2026, 12, 28)),  # the 24th is not a whole one
        (date(2026, 12, 23), 2, date(2026, 12, 29)),
        (date(2026, 12, 24), 1, date(2026, 12, 28)),
    ],
)
def test_medio_dia_es_lo_que_tiene_de_su_jornada(desde, dias, vence):
    c = Calendario({date(2026, 12, 24): 14 * 60, date(2026, 12, 25): 0}, MEXICO)
    assert c.sumar(desde, dias) == vence and c.es_habil(date(2026, 12, 24))
    nueve_a_seis = (Horas(9 * 60, 18 * 60),) * 5 + (None, None)
    c = Calendario({date(2026, 12, 24): 14 * 60}, MEXICO, nueve_a_seis)
    assert c.parte(date(2026, 12, 24)) == Fraction(5, 9)
    # An hour after the day has ended adds nothing to it.
    hasta_las_dos = (Horas(9 * 60, 14 * 60),) * 5 + (None, None)
    c = replace(c, cortos={date(2026, 12, 24): 15 * 60}, semana=hasta_las_dos)
    assert c.parte(date(2026, 12, 24)) == 1
    c = Calendario({}, MEXICO, nueve_a_seis)
    viernes, lunes = en_mexico("2026-03-13T17:00"), en_mexico("2026-03-16T10:00")
    assert casi(c.habil(viernes, lunes), Fraction(2, 9))


# -- what is stored ------------------------------------------------------------------------------------


def sin_dias():
    """No weekday is worked: rows that no form would save."""
    Jornada.objects.bulk_create(Jornada(dia=d, se_trabaja=False) for d, _ in Jornada.DIAS)


def test_lo_guardado_es_lo_que_se_cuenta(db, django_assert_num_queries):
    merida = Sede.objects.create(nombre="Mérida")
    DiaInhabil.objects.all().delete()
    DiaInhabil.objects.create(fecha=date(2026, 12, 24), hasta=time(14), motivo="Nochebuena")
    DiaInhabil.objects.create(fecha=date(2026, 12, 22), motivo="Fiesta local", sede=merida)
    DiaInhabil.objects.create(fecha=date(2026, 12, 24), motivo="Cerrado", sede=merida)
    Jornada.objects.create(dia=5, se_trabaja=True, desde=time(9), hasta=time(13))
    en_merida = Area.objects.get(codigo="JUR")
    en_merida.sede = merida
    lunes = en_mexico("2026-12-21T10:00")
    Area.objects.filter(codigo="FIN").update(dias_opinion=1)
    with django_assert_num_queries(1):
        plazos = calendario.Plazos(Estado.EN_ANALISIS, lunes)
        # Tuesday, Wednesday, Friday; there, without Tuesday and Thursday, Saturday too.
        assert plazos.vence() == date(2026, 12, 25)
        assert plazos.vence(en_merida) == date(2026, 12, 26)
        assert plazos.antes(en_merida, date(2026, 12, 24)) == date(2026, 12, 23)
        assert plazos.antes(en_merida, date(2026, 12, 22)) is None
    leidos = calendario.leer(date(2026, 12, 1)).calendarios
    assert leidos.firma.horas(date(2026, 12, 26)) == Horas(9 * 60, 13 * 60)
    assert leidos.firma.cortos == {date(2026, 12, 24): 14 * 60}
    assert leidos.sede(merida.pk).cortos == {date(2026, 12, 22): 0, date(2026, 12, 24): 0}


def test_sin_dias_habiles_la_cuenta_termina_y_se_dice_por_que(personas, client):
    g = Guion(personas)
    caso, analizado = g.registrar(), g.hasta(Estado.EN_ANALISIS)
    sin_dias()
    recalcular()
    caso = fresco(caso)
    assert caso.vence is None and caso.es_abierto
    # Whoever works goes on working; what must have a date has one.
    caso = g.contactar(caso)
    opinion = analizado.hechos.opiniones[0]
    actuar("pedir_datos", fresco(analizado), personas.finanzas, opinion, datos_pedidos="¿Cuántos?")
    opinion.refresh_from_db()
    assert opinion.vence > calendario.hoy()
    client.force_login(personas.ventas)
    for ruta in (caso.get_absolute_url(), f"{caso.get_absolute_url()}analizar/", "/", "/casos/"):
        assert client.get(ruta).status_code == 200, ruta
    assert (
        "Sin fecha: el calendario no tiene días hábiles" in client.get(caso.get_absolute_url()).text
    )
    assert calendario.sin_habiles() == ["la empresa"]
    assert any("ningún día hábil" in p.texto for p in lo_que_falta())
    [revision] = [r for r in revisiones() if r.nombre == "Calendario"]
    assert not revision.bien and "la empresa" in revision.dicho
    for dia in (date.max, date.max - DIA):
        assert calendario.sumar_habiles(dia, 3) is None


# -- the panel -----------------------------------------------------------------------------------------


@pytest.fixture
def g(personas):
    return Guion(personas)


def del_horario(**cambios) -> dict:
    datos = {"vigencia_dias": 15, "reapertura_dias": 30, "hora_resumen": "08:30"}
    return {c: v for c, v in (datos | LA_SEMANA | cambios).items() if v is not None}


@pytest.mark.django_db(transaction=True)
def test_gerencia_pone_el_horario_y_medio_dia(g, client):
    caso = g.registrar()
    client.force_login(g.p.gerente)
    pk = Configuracion.objects.get_or_create()[0].pk
    url = f"/admin/casos/configuracion/{pk}/change/"
    html = client.get(url).text
    assert html.count('type="time"') == 15 and html.count("checked") >= 5
    malos = {
        "Marca al menos un día": {f"trabaja_{d}": None for d in range(5)},
        "Falta hasta qué hora.": {"desde_0": "09:00"},
        "Debe terminar después de las 09:00.": {"desde_0": "09:00", "hasta_0": "08:00"},
        "Márcalo, o quita sus horas.": {"desde_5": "09:00", "hasta_5": "14:00"},
        "Escribe la hora como 14:00.": {"desde_0": "nueve"},
    }
    for dicho, cambios in malos.items():
        assert dicho in client.post(url, del_horario(**cambios)).text
    assert not Jornada.objects.exists()
    # The day on which it falls due is no longer worked.
    quita = {f"trabaja_{caso.vence.weekday()}": None}
    respuesta = client.post(
        url, del_horario(**quita, trabaja_5="on", desde_5="09:00", hasta_5="14:00"), follow=True
    )
    assert "Se recalculó el vencimiento de 1 caso." in respuesta.text
    assert fresco(caso).vence != caso.vence
    assert Jornada.objects.count() == 2  # what is as always has no row

    alta = "/admin/casos/diainhabil/add/"
    sabado = caso.vence + (5 - caso.vence.weekday()) % 7 * DIA + 7 * DIA
    nuevo = {"fecha": sabado.isoformat(), "motivo": "Inventario", "origen": "EMPRESA"}
    for hora, dicho in (
        ("08:00", "se empieza a las 9:00"),
        ("15:00", "termina de por sí a las 14:00"),
    ):
        assert dicho in client.post(alta, nuevo | {"hasta": hora}).text
    domingo = {"fecha": (sabado + DIA).isoformat(), "hasta": "12:00"}
    assert "El domingo no se trabaja: quita la hora." in client.post(alta, nuevo | domingo).text
    client.post(alta, nuevo | {"hasta": "12:00"})
    assert DiaInhabil.objects.get(fecha=sabado).hasta == time(12)
    repetido = client.post(alta, nuevo)
    assert repetido.status_code == 200 and "ya está registrado" in repetido.text
    # The last one of a year is not taken away.
    de_2031 = [date(2031, 1, 1) + n * DIA for n in range(365)]
    *casi_todos, ultimo = [d for d in de_2031 if calendario.es_habil(d)]
    DiaInhabil.objects.bulk_create(DiaInhabil(fecha=d, motivo="Paro") for d in casi_todos)
    respuesta = client.post(alta, nuevo | {"fecha": ultimo.isoformat()})
    assert "no quedaría ninguno hábil en 2031" in respuesta.text
