"""The tablero: each figure is the cases it leads to, and what a slow count over the log finds."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Q
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from casos.catalogos import Catalogo, Estado, Resultado
from casos.formularios.valores import MAXIMO
from casos.lecturas.filtro import FiltroCasos
from casos.lecturas.filtros_ofrecidos import Ofrecidos
from casos.lecturas.periodos import Periodo, con_nombre
from casos.lecturas.tablero_pedido import PedidoDeTablero
from casos.models import (
    Ajuste,
    Area,
    Caso,
    Cierre,
    Evento,
    Lapso,
    Motivo,
    Opinion,
    Satisfaccion,
    TipoRequerimiento,
    Usuario,
)
from casos.permisos.lectura import ve_tablero
from tests.escenarios import ya_se_pregunta
from tests.guion import Guion, actuar, fresco
from tests.personas import NOMBRES
from tests.reloj import en_mexico
from tests.reparto import en_corto_menos
from tests.sesion import escena

E, R = Estado, Resultado
VEN = ["gerente", "direccion", "calidad", "auditor", "finanzas", "juridico"]


def pedido(usuario, consulta="") -> PedidoDeTablero:
    usuario = Usuario.objects.get(pk=usuario.pk)
    return PedidoDeTablero(QueryDict(consulta), usuario=usuario, alcance=ve_tablero(usuario))


def tablas(usuario, consulta="") -> dict:
    return {t.clave: t for _, suyas in pedido(usuario, consulta).secciones() for t in suyas}


def en_la_lista(usuario, consulta) -> set[str]:
    usuario = Usuario.objects.get(pk=usuario.pk)
    filtro = FiltroCasos(QueryDict(consulta), usuario=usuario, opciones=Ofrecidos(usuario))
    assert filtro.ignorados == [], consulta
    return set(filtro.filtrar(Caso.objects.visibles_para(usuario)).values_list("folio", flat=True))


def cifras(tabla):
    """Of a table, every figure that leads somewhere."""
    for r in tabla.renglones:
        for titulo, celda in zip(tabla.columnas[1:], r.celdas, strict=True):
            if celda.consulta:
                yield (tabla.clave, r.nombre, titulo), celda.valor, celda.consulta
        for p in r.partes:
            if p.consulta:
                yield (tabla.clave, r.nombre, p.nombre), p.cuantos, p.consulta


# -- a firm with a past ------------------------------------------------------------------------------


def reabrir(g, caso):
    """A closed "no" taken up again, and closed otherwise."""
    caso = actuar("reabrir", caso, g.p.gerente, motivo="El cliente volvió a llamar.")
    return g.retirar(caso)


def califica(g, nota):
    """Closed as modified, and the client gave it a rating, or would not."""
    caso = ya_se_pregunta(g)
    datos = (
        {"que_paso": "NO_QUISO"} if nota is None else {"que_paso": "CONTESTO", "calificacion": nota}
    )
    datos |= {"persona": caso.persona_id, "cuando": timezone.now(), "medio": "TELEFONO"}
    return actuar("registrar_satisfaccion", caso, g.p.atencion, caso.satisfacciones.get(), **datos)


FINALES = [
    lambda g: g.hasta(E.CERRADO),
    lambda g: g.rechazar(g.hasta(E.EN_RESPUESTA), contrato_tras_no="EN_RIESGO"),
    lambda g: g.retirar(g.hasta(E.EN_CONTACTO)),
    lambda g: califica(g, 7),
    lambda g: g.hasta(E.ANULADO),
    lambda g: g.registrar(responsable=False),
    lambda g: g.hasta(E.EN_ANALISIS),
    lambda g: g.hasta(E.EN_MODIFICACION),
    lambda g: g.informar(g.no(g.no_puede(g.hasta(E.EN_MODIFICACION), "NOM"), "declarar_no_ajustable")),
    lambda g: g.hasta(E.EN_RESPUESTA),
    lambda g: califica(g, 0),
    lambda g: califica(g, 10),
    lambda g: califica(g, None),
]  # fmt: skip
HOY = "2026-11-18T12:00"


@escena
def un_pasado(personas):
    """Cases of a year, in the months that are compared; one reopened and closed otherwise the month after."""
    g = Guion(personas)
    for n, cuando in enumerate(["2025-11-05", "2026-10-02", "2026-10-14", "2026-11-03"]):
        with time_machine.travel(en_mexico(f"{cuando}T09:00"), tick=False) as reloj:
            for m, hacer in enumerate(FINALES):
                if (n + m) % 2:
                    reloj.shift(timedelta(minutes=7 * m))
                    hacer(g)
            if n == 2:
                rechazado = g.rechazar(g.hasta(E.EN_RESPUESTA))
    with time_machine.travel(en_mexico("2026-11-06T09:00"), tick=False):
        reabrir(g, rechazado)


@pytest.fixture
def pasado(un_pasado, personas):
    with time_machine.travel(en_mexico(HOY), tick=False):
        yield personas


def test_cada_cifra_lleva_a_sus_casos(pasado):
    """Of everybody who sees them, of this month and of a year, split by whatever there is."""
    vistas, contadas = Counter(), {}
    todo = "desde=2025-11-01&hasta=2026-11-30"
    de_dos = list(TipoRequerimiento.objects.values_list("pk", flat=True)[:2])
    for n, caso in enumerate(Caso.objects.filter(estado=Estado.CERRADO)):
        caso.tipos.set(de_dos[n % 2 :])  # that of two counts in both
    for quien, consulta in [
        ("gerente", ""), ("gerente", f"{todo}&por=tipo"), ("gerente", f"{todo}&por=persona"),
        ("direccion", f"{todo}&por=tamano"), ("calidad", f"{todo}&por=area"), ("auditor", todo),
        ("gerente", f"{todo}&tipo={de_dos[0]}&por=tipo"),
        ("finanzas", f"{todo}&por=area"), ("juridico", f"{todo}&tipo=1&responsable={pasado.ventas.pk}"),
    ]:  # fmt: skip
        usuario = getattr(pasado, quien)
        for tabla in tablas(usuario, consulta).values():
            for que, valor, suya in cifras(tabla):
                if (quien, suya) not in contadas:
                    contadas[quien, suya] = len(en_la_lista(usuario, suya))
                assert contadas[quien, suya] == valor, (quien, que, suya)
                vistas[tabla.clave] += valor
    assert len(vistas) == 11 and all(vistas.values()), vistas


def cierres_de_la_bitacora(desde, hasta) -> dict[int, Evento]:
    """Case → the event of its last closing between two days, read one by one."""
    ultimos = {}
    for evento in Evento.objects.order_by("caso", "numero"):
        dia = timezone.localdate(evento.en)
        if evento.a == E.CERRADO and evento.de != E.CERRADO and desde <= dia <= hasta:
            ultimos[evento.caso_id] = evento
    return ultimos


def resultado_de(evento) -> str:
    """By what was done, and by what led there."""
    por_acto = {
        "rechazar": R.NO_INTERESADO, "cerrar_modificado": R.MODIFICADO,
        "retirar": R.RETIRADO, "cerrar_sin_respuesta": R.SIN_RESPUESTA,
    }  # fmt: skip
    if evento.accion in por_acto:
        return por_acto[evento.accion]
    antes = Evento.objects.filter(caso=evento.caso, numero__lt=evento.numero, a=E.POR_INFORMAR)
    entrada = antes.exclude(de=E.POR_INFORMAR).latest("numero")
    return R.NO_VIABLE if entrada.accion == "declarar_no_viable" else R.NO_AJUSTABLE


def los_del_no(evento) -> set[str]:
    """What was given as a reason for that closing."""
    if evento.accion == "informar":
        evento = Evento.objects.filter(
            caso=evento.caso, numero__lt=evento.numero, accion__startswith="declarar_no_"
        ).latest("numero")
    dichos = [evento.datos.get("motivo_principal"), *evento.datos.get("motivos", [])]
    return {d for d in dichos if d and d.startswith("motivo:")}


def respuestas_de_la_bitacora(desde, hasta) -> dict[int, int | None]:
    """Case → what its client said last between two days, read one by one."""
    dichas = {}
    for evento in Evento.objects.filter(accion="registrar_satisfaccion").order_by("caso", "numero"):
        if desde <= timezone.localdate(evento.en) <= hasta:
            dichas[evento.caso_id] = evento.datos.get("calificacion")
    return dichas


UN_DIA = st.dates(date(2025, 10, 1), date(2026, 12, 31))
AL_AZAR = settings(
    deadline=None,
    phases=(Phase.explicit, Phase.generate),  # what is carried through the door is slow to shrink
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@settings(AL_AZAR, max_examples=en_corto_menos(12))
@given(uno=UN_DIA, otro=UN_DIA)
@example(uno=date(2026, 11, 1), otro=date(2026, 11, 30))
@example(uno=date(2025, 11, 1), otro=date(2026, 11, 30))
@example(uno=date(2024, 1, 1), otro=date(2024, 2, 29))
def test_las_cifras_del_periodo_son_las_de_la_bitacora(pasado, uno, otro):
    """Whatever the period, of a known past; its edges are days on which something was closed."""
    revisar_periodo(pasado, *sorted([uno, otro]))


UN_CASO = st.tuples(
    st.sampled_from(["2026-10-26", "2026-10-30", "2026-11-03", "2026-11-06"]),
    st.integers(9 * 60, 18 * 60),  # minutes of that day
    st.sampled_from(range(len(FINALES))),
    st.sampled_from([None, 0, 30, 400]),  # hours after which a closed one is taken up again
)


@settings(AL_AZAR, max_examples=3)
@given(historia=st.lists(UN_CASO, min_size=4, max_size=7))
def test_las_cifras_de_cualquier_historia_son_las_de_la_bitacora(personas, historia):
    """Cases carried through the door at chance, some reopened and closed otherwise."""
    with transaction.atomic():
        g = Guion(personas)
        for dia, minutos, final, otra_vez in sorted(historia, key=lambda c: c[:2]):
            with time_machine.travel(en_mexico(f"{dia}T00:00"), tick=False) as reloj:
                reloj.shift(timedelta(minutes=minutos))
                caso = FINALES[final](g)
                if otra_vez is not None and fresco(caso).resultado in (R.NO_INTERESADO, R.RETIRADO):
                    reloj.shift(timedelta(hours=otra_vez))
                    reabrir(g, caso)
        for dia in ("2026-10-31T12:00", "2026-11-27T12:00"):
            with time_machine.travel(en_mexico(dia), tick=False):
                revisar_abiertos(personas)
        with time_machine.travel(en_mexico("2026-11-27T12:00"), tick=False):
            for desde, hasta in ((25, 31), (31, 31), (1, 60)):
                de = date(2026, 10, 1) + timedelta(days=desde - 1)
                revisar_periodo(personas, de, date(2026, 10, 1) + timedelta(days=hasta - 1))
        transaction.set_rollback(True)


def revisar_abiertos(gente):
    """By step, by person and by area, one case after the other."""
    hoy = timezone.localdate()
    paso, persona, area = Counter(), defaultdict(Counter), defaultdict(Counter)
    for caso in Caso.objects.exclude(estado__in=[E.CERRADO, E.ANULADO]):
        ultimo = Evento.objects.filter(caso=caso).exclude(a="").latest("numero")
        paso[E(ultimo.a).label] += 1
        quien = str(caso.responsable) if caso.responsable else "Sin asignar"
        persona[quien].update(
            ["abiertos", "vencidos" if caso.vence and caso.vence < hoy else "otros"]
        )
        filas = [f for f in (*caso.opiniones.all(), *caso.ajustes.all()) if f.estado == "PENDIENTE"]
        en_curso = {E.EN_ANALISIS: Opinion, E.EN_MODIFICACION: Ajuste}.get(caso.estado)
        for suya in {f.area: f for f in filas if isinstance(f, en_curso or ())}.values():
            area[str(suya.area)].update(["debe", *(["vencida"] if suya.vence < hoy else [])])
    vistas = tablas(gente.gerente)
    leidos = {r.nombre: r.celdas[0].valor for r in vistas["pasos"].renglones if not r.es_total}
    assert {n: cuantos for n, cuantos in leidos.items() if cuantos} == dict(paso)
    leidos = {
        r.nombre: (r.celdas[0].valor, r.celdas[1].valor) for r in vistas["personas"].renglones
    }
    assert leidos == {n: (c["abiertos"], c["vencidos"]) for n, c in persona.items()}
    leidos = {r.nombre: (r.celdas[0].valor, r.celdas[1].valor) for r in vistas["areas"].renglones}
    assert leidos == {n: (c["debe"], c["vencida"]) for n, c in area.items()}


def revisar_periodo(pasado, desde, hasta):
    vistas = tablas(pasado.gerente, f"desde={desde}&hasta={hasta}")
    cierres = cierres_de_la_bitacora(desde, hasta)
    por_resultado = Counter(resultado_de(e) for e in cierres.values())
    leidos = {r.nombre: r.celdas[0].valor for r in vistas["resultados"].renglones}
    assert leidos == {r.label: por_resultado[r] for r in R} | {"Todos": len(cierres)}

    nombres = {f"motivo:{m.pk}": m for m in Motivo.objects.all()}
    por_motivo = Counter(m for e in cierres.values() for m in los_del_no(e))
    for catalogo in Catalogo:
        leidos = {
            r.nombre: r.celdas[0].valor for r in vistas[f"motivos_{catalogo.lower()}"].renglones
        }
        suyos = {
            nombres[m].nombre: n for m, n in por_motivo.items() if nombres[m].catalogo == catalogo
        }
        assert leidos == suyos

    llegaron = defaultdict(set)
    anulados = set(Evento.objects.filter(a=E.ANULADO).values_list("caso", flat=True))
    for e in Evento.objects.exclude(caso__in=anulados).select_related("caso"):
        if desde <= timezone.localdate(e.caso.recibido_en) <= hasta:
            llegaron[e.a].add(e.caso_id)
    embudo = [r.celdas[0].valor for r in vistas["embudo"].renglones[:-1]]
    assert embudo == [len(llegaron[e]) for e in list(E)[:7]]

    notas = list(respuestas_de_la_bitacora(desde, hasta).values())
    dichas = [n for n in notas if n is not None]
    leidos = [r.celdas[0].valor for r in vistas["satisfaccion"].renglones]
    altas, medias, bajas = (sum(n in c for n in dichas) for c in ((9, 10), (7, 8), range(7)))
    assert leidos == [len(dichas), altas, medias, bajas, notas.count(None)]
    leidos = [r.celdas[0].valor for r in vistas["calificacion"].renglones]
    if dichas:
        promedio, alto, bajo = leidos
        assert abs(promedio - Decimal(sum(dichas)) / len(dichas)) <= Decimal("0.05")
        assert (alto, bajo) == tuple(round(100 * n / len(dichas)) for n in (altas, bajas))
    else:
        assert leidos == [None, None, None]

    riesgo = Counter(e.datos.get("contrato_tras_no") for e in cierres.values())
    assert [r.celdas[0].valor for r in vistas["contratos"].renglones] == [
        riesgo["EN_RIESGO"],
        riesgo["TERMINA"],
    ]


def test_las_medianas_son_las_de_los_tiempos_puestos_en_fila(pasado):
    desde, hasta = con_nombre(timezone.localdate())[3][1].instantes
    vistas = tablas(pasado.gerente, "desde=2026-01-01&hasta=2026-12-31")
    cierres = Cierre.objects.filter(en__gte=desde, en__lt=hasta).exclude(
        Q(siguiente_en__gte=desde) & Q(siguiente_en__lt=hasta)
    )
    for renglon in vistas["tiempo_por_quien"].renglones:
        que = {"Todo el caso": "TOTAL", "Ventas": "VENTAS", "El cliente": "CLIENTE"}
        filas = Lapso.objects.filter(cierre__in=cierres)
        if renglon.nombre in que:
            filas = filas.filter(que=que[renglon.nombre])
        else:
            filas = filas.filter(area__nombre=renglon.nombre)
        en_fila = sorted(filas.values_list("decimos", flat=True))
        assert renglon.celdas[0].valor == en_fila[(len(en_fila) - 1) // 2]
        assert renglon.celdas[1].valor == len(en_fila)


def test_lo_contado_al_cerrar_es_lo_que_se_cuenta_otra_vez(pasado):
    def contado():
        lapsos = Lapso.objects.order_by("cierre__caso", "cierre__numero", "que", "area")
        return (
            list(Cierre.objects.order_by("caso", "numero").values_list(
                "caso", "numero", "en", "siguiente_en", "resultado", "area", "contrato_tras_no",
                "plazas", "valor_mensual", "moneda", "areas_que_participan")),
            list(lapsos.values_list("cierre__caso", "cierre__numero", "que", "area", "decimos")),
            sorted(Cierre.motivos.through.objects.values_list("cierre__caso", "cierre__numero", "motivo")),
            list(Caso.objects.order_by("pk").values_list("pk", "pasos_andados", "areas_que_participan")),
        )  # fmt: skip

    antes = contado()
    assert antes[0] and any(c[3] for c in antes[0])
    call_command("recontar", todos=True)
    assert contado() == antes
    # As the release before left them.
    Cierre.objects.all().delete()
    Caso.objects.update(pasos_andados=1, areas_que_participan="")
    call_command("recontar")
    assert contado() == antes


def test_un_area_que_entra_tras_reabrir_cuenta_tambien_el_cierre_de_antes(personas):
    """Withdrawn before any area was asked, taken up again two weeks later: it is the area's case."""
    g = Guion(personas)
    with time_machine.travel(en_mexico("2026-11-04T09:00"), tick=False):
        caso = g.retirar(g.hasta(E.EN_CONTACTO))
    with time_machine.travel(en_mexico(HOY), tick=False):
        caso = actuar("reabrir", caso, personas.gerente, motivo="El cliente volvió a llamar.")
        assert _retirados(personas) == (0, set())
        g.analizar(caso)
        assert _retirados(personas) == (1, {caso.folio})


def _retirados(personas) -> tuple[int, set[str]]:
    """As the one in charge of Finanzas reads them, and the cases behind."""
    renglones = tablas(personas.finanzas, NOVIEMBRE)["resultados"].renglones
    [celda] = [r.celdas[0] for r in renglones if r.nombre == R.RETIRADO.label]
    return celda.valor, en_la_lista(personas.finanzas, celda.consulta)


def test_contar_otra_vez_no_cambia_lo_que_valia_el_contrato(pasado):
    cierre = Cierre.objects.exclude(plazas=None).first()
    Cierre.objects.filter(pk=cierre.pk).update(plazas=7, valor_mensual=70)  # as it was then
    call_command("recontar", todos=True)
    otra_vez = Cierre.objects.get(caso=cierre.caso, numero=cierre.numero)
    assert (otra_vez.plazas, otra_vez.valor_mensual) == (7, 70)


def test_un_contrato_imposible_no_impide_cerrar(personas):
    """The sheet takes twelve digits a row; what no contract is worth is no datum."""
    g = Guion(personas)
    caso = g.hasta(E.EN_RESPUESTA)
    for clave in ("plazas", "tarifa"):
        caso.condiciones.filter(concepto__clave=clave).update(vigente=str(MAXIMO))
    caso = g.rechazar(fresco(caso))
    [cierre] = Cierre.objects.filter(caso=caso)
    assert (cierre.plazas, cierre.valor_mensual) == (None, None)
    call_command("recontar", todos=True)


def test_un_caso_reabierto_se_queda_en_la_cifra_de_su_mes(pasado):
    """Closed in October, reopened and withdrawn in November: each month keeps its own."""
    octubre = tablas(pasado.gerente, "desde=2026-10-01&hasta=2026-10-31")["resultados"]
    [no_acepto] = [r for r in octubre.renglones if r.nombre == R.NO_INTERESADO.label]
    folios = en_la_lista(pasado.gerente, no_acepto.celdas[0].consulta)
    reabiertos = Evento.objects.filter(accion="reabrir").values_list("caso__folio", flat=True)
    assert len(folios & set(reabiertos)) == 1


def test_quien_contesta_dos_veces_cuenta_una_en_cada_periodo(pasado):
    """Answered in October, reopened, and answered anew in November: each keeps its own; of both, the last."""
    de_octubre = Satisfaccion.objects.filter(respondida_en__gte=en_mexico("2026-10-01T00:00"))
    primera = de_octubre.filter(calificacion=10).earliest("respondida_en")
    otra = Satisfaccion.objects.get(pk=primera.pk)
    otra.pk, otra.calificacion = None, 3
    otra.respondida_en = en_mexico("2026-11-17T10:00")
    antes = [altas_y_bajas(pasado, c) for c in (OCTUBRE, NOVIEMBRE, LOS_DOS)]
    otra.save()
    despues = [altas_y_bajas(pasado, c) for c in (OCTUBRE, NOVIEMBRE, LOS_DOS)]
    cambios = [(d[0] - a[0], d[1] - a[1], d[2] - a[2]) for a, d in zip(antes, despues, strict=True)]
    assert cambios == [(0, 0, 0), (1, 0, 1), (0, -1, 1)]


OCTUBRE, NOVIEMBRE, LOS_DOS = (
    f"desde=2026-{de}-01&hasta=2026-{a}"
    for de, a in (("10", "10-31"), ("11", "11-30"), ("10", "11-30"))
)


def altas_y_bajas(pasado, consulta) -> tuple[int, int, int]:
    contestaron, altas, _, bajas, _ = tablas(pasado.gerente, consulta)["satisfaccion"].renglones
    for r in (contestaron, altas, bajas):
        assert len(en_la_lista(pasado.gerente, r.celdas[0].consulta)) == r.celdas[0].valor
    return contestaron.celdas[0].valor, altas.celdas[0].valor, bajas.celdas[0].valor


# -- who, and what they read -------------------------------------------------------------------------


def test_quien_lo_ve(personas, client):
    ven = set()
    for nombre in NOMBRES:
        client.force_login(getattr(personas, nombre))
        codigo = client.get("/tablero/").status_code
        assert codigo == client.get("/tablero/exportar/").status_code
        assert codigo in (200, 404)
        ven |= {nombre} if codigo == 200 else set()
        assert ("/tablero/" in client.get("/").text) == (codigo == 200)
    assert ven == {
        "gerente", "direccion", "calidad", "auditor",
        "juridico", "dh", "operaciones", "finanzas", "nominas", "rys",
    }  # fmt: skip


def test_quien_encabeza_un_area_ve_lo_suyo(pasado):
    vistas = tablas(pasado.finanzas)
    assert {r.nombre for r in vistas["areas"].renglones} == {"Finanzas"}
    suyos = Caso.objects.filter(Q(opiniones__area__codigo="FIN") | Q(ajustes__area__codigo="FIN"))
    abiertos = suyos.abiertos().distinct().count()
    assert vistas["pasos"].renglones[-1].celdas[0].valor == abiertos > 0
    assert "Valor mensual, MXN" not in vistas["motivos_nuestro"].columnas
    # Another's area, or what a contract is worth, is not to be had by asking.
    ajena, suya = (Area.objects.get(codigo=c) for c in ("JUR", "FIN"))
    assert pedido(pasado.finanzas, f"area={ajena.pk}").comunes["area"] == str(suya.pk)
    assert pedido(pasado.finanzas, "por=tamano").desglose == ""


def test_el_auditor_no_ve_personas(pasado, client):
    client.force_login(pasado.auditor)
    html = client.get("/tablero/?por=persona&desde=2025-11-01&hasta=2026-11-30").text
    assert "personas" not in tablas(pasado.auditor)
    assert 'name="responsable"' not in html
    assert str(pasado.ventas) not in html and str(pasado.gerente) not in html


def test_lo_que_vale_el_contrato_es_plazas_por_tarifa(pasado):
    vistas = tablas(pasado.gerente, "desde=2025-11-01&hasta=2026-11-30")["motivos_cliente"]
    [dinero] = [n for n, c in enumerate(vistas.columnas) if c.startswith("Valor mensual")]
    [renglon] = vistas.renglones
    assert renglon.celdas[dinero - 1].valor == 20 * 15000 * renglon.celdas[0].valor


# -- with nothing to count -----------------------------------------------------------------------------


@pytest.mark.parametrize("cuantos", [0, 1])
def test_de_nada_y_de_un_solo_caso_se_lee_bien(personas, client, cuantos):
    if cuantos:
        Guion(personas).registrar()
    client.force_login(personas.gerente)
    html = client.get("/tablero/").text
    assert "No se cerró ningún caso en estos días." in html
    assert "A ningún cliente se le preguntó en estos días." in html
    assert ("No hay casos abiertos." in html) == (cuantos == 0)
    assert ("No se recibieron casos en estos días." in html) == (cuantos == 0)
    assert '<svg class="pareto' not in html
    assert client.get("/tablero/exportar/").status_code == 200


MALAS = (
    ["desde=x", "desde=2026-02-30&hasta=2026-01-01", "desde=2026-03-02&hasta=2026-03-01", "tipo=99999",
     "por=nada", "area=0", "desde=1900-01-01&hasta=2099-01-01", "hasta=2026-03-31", "desde=2099-12-31",
     "responsable=x", "desde=0001-01-01&hasta=0001-01-02", "desde=2005-01-01&hasta=2026-01-01", "desde=2005-01-01"]
)  # fmt: skip


def test_lo_que_no_tiene_sentido_se_dice_y_no_cuenta(personas, client):
    client.force_login(personas.gerente)
    for consulta in MALAS:
        assert client.get(f"/tablero/?{consulta}").status_code == 200, consulta
        assert client.get(f"/tablero/exportar/?{consulta}").status_code == 200, consulta
        pide = pedido(personas.gerente, consulta)
        dias = (pide.periodo.hasta - pide.periodo.desde).days
        assert 0 <= dias <= 5 * 366 + 1, consulta
        assert not pide.comunes and not pide.desglose, consulta
        # A day that has not come, or the end of a month, is no nonsense: nothing is counted.
        assert pide.ignorados or consulta in ("hasta=2026-03-31", "desde=2099-12-31"), consulta


def test_los_periodos_que_se_comparan():
    def entre(desde, hasta):
        return Periodo(*(en_mexico(f"{d}T12:00").date() for d in (desde, hasta)))

    noviembre = entre("2026-11-01", "2026-11-30")
    assert noviembre.anterior == entre("2026-10-01", "2026-10-31")
    assert noviembre.hace_un_anio == entre("2025-11-01", "2025-11-30")
    febrero = entre("2028-02-01", "2028-02-29")
    assert febrero.hace_un_anio == entre("2027-02-01", "2027-02-28")
    assert entre("2028-02-29", "2028-02-29").hace_un_anio == entre("2027-02-28", "2027-02-28")
    semana = entre("2026-11-09", "2026-11-15")
    assert semana.anterior == entre("2026-11-02", "2026-11-08")
    assert [str(p) for p in (noviembre, entre("2026-01-01", "2026-12-31"), semana)] == [
        "noviembre 2026", "2026", "del 9 nov 2026 al 15 nov 2026",
    ]  # fmt: skip


# -- its cost, and its workbook ------------------------------------------------------------------------


def test_las_sentencias_no_crecen_con_los_casos(personas, client):
    g = Guion(personas)

    def cuantas(nombre, consulta):
        client.force_login(getattr(personas, nombre))
        client.get("/cuenta/")
        with CaptureQueriesContext(connection) as capturadas:
            assert client.get(f"/tablero/?{consulta}").status_code == 200
        return len(capturadas)

    def medir():
        return {(n, c): cuantas(n, c) for n in ("gerente", "finanzas") for c in ("", "por=persona")}

    g.hasta(E.CERRADO)
    g.hasta(E.EN_ANALISIS)
    con_pocos = medir()
    for _ in range(3):
        g.hasta(E.CERRADO)
        g.rechazar(g.hasta(E.EN_RESPUESTA))
        g.hasta(E.EN_MODIFICACION)
    assert medir() == con_pocos
    assert max(con_pocos.values()) <= 25


def test_el_excel_lleva_las_mismas_cifras(pasado, client):
    client.force_login(pasado.gerente)
    respuesta = client.get("/tablero/exportar/?desde=2025-11-01&hasta=2026-11-30&por=tipo")
    libro = load_workbook(BytesIO(b"".join(respuesta.streaming_content)))
    vistas = tablas(pasado.gerente, "desde=2025-11-01&hasta=2026-11-30&por=tipo")
    assert len(libro.sheetnames) == len(vistas) + 1
    hoja = libro[vistas["resultados"].titulo[:31]]
    filas = list(hoja.iter_rows(min_row=2, values_only=True))
    assert [f[1] for f in filas] == [r.celdas[0].valor for r in vistas["resultados"].renglones]
    filas = libro[vistas["calificacion"].titulo].iter_rows(min_row=2, max_row=2, values_only=True)
    [(promedio, *de_cada)] = filas
    assert promedio == "Promedio, de 0 a 10" and de_cada[0] == pytest.approx(
        float(vistas["calificacion"].renglones[0].celdas[0].valor)
    )
    que = list(libro["Qué se cuenta"].iter_rows(values_only=True))
    assert ("Motivos, por", "tipo de requerimiento") in [f[:2] for f in que]
