"""Budgets in SQL statements (D§4.8): every list at 1, 3 and 30 rows, every step, the case page."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casos.calendario import hoy
from casos.catalogos import Estado
from casos.formularios.quien_lo_pide import es_de_las_de, personas_de
from casos.panel.modelos import LaUnica
from casos.pasos.tabla import PASOS
from tests.escenarios import con_muchas_notas, engrosar, lograr, sin_que_quede
from tests.factories import (
    AjusteFactory,
    AvisoFactory,
    CasoFactory,
    OpinionFactory,
    PersonaContactoFactory,
    SuplenciaFactory,
)
from tests.guion import Guion, un_contrato
from tests.test_importacion import ver

E = Estado
# Of *Mis pendientes* seven are what waits for gerencia (one, the areas' conditions that it is asked to pass; one, what
# it is asked to reopen), one the clients to be asked what they say, one the calls to make, one what became viable,
# three what hurts, and five what is missing to set up, asked where nothing else waits.
# A step with somebody new at the client takes seven more: whether somebody of that name is there, asked again under a
# lock, and what client and cases are found by; one with letters asks which letter each of them answers.
# Of a case one is the calendar, to count its business time, and one the draft of the form that stands open on it. A step
# closes its draft. A step reads the rows of its case before and after, each in one, and writes down their digests.
# Of *Mis pendientes* one more: the findings of audits that are theirs.
LISTA, PENDIENTES, CASO, PASO = 7, 27, 29, 41
LEIDO = 3
EQUIPO = 9  # the figures, who there is (twice: they are read of the rows, and to be chosen), the cases of one
# What a closing leaves to be counted: its log and the calendar read, the closing, its motives and times written.
AL_CERRAR = dict.fromkeys(
    ("rechazar", "cerrar_modificado", "retirar", "informar", "cerrar_sin_respuesta"), PASO + 5
)
# Closed as modified, also what is asked of it: the calendar, of Nóminas, of the client, and whether Atención is there;
# and of its conformance, whether the contract's version has what was agreed (its log is read once for all of this).
AL_CERRAR["cerrar_modificado"] += 4
CLIENTES = 10  # the list, and a statement for each of the five figures of a client
LISTAS = {"/": PENDIENTES, "/clientes/{cliente}/": CASO, "/clientes/": CLIENTES} | dict.fromkeys(
    ["/casos/", "/avisos/", "/procedimiento/"], LISTA
)
# A batch of the book: sheets, motives, opinions, adjustments, whether it arrived, what the client says and who closed,
# besides the cases.
# And that it was taken out: a transaction, the head, the fact.
LISTAS["/casos/exportar/"] = 18
LEEN = ["ventas", "gerente", "atencion", "finanzas", "auditor", "admin"]


def cuantas(client, url):
    with CaptureQueriesContext(connection) as capturadas:
        assert client.get(url).status_code == 200
    return len(capturadas)


def de_cada_lista(g, client, urls, leen, **valores) -> dict:
    medidas = {}
    for nombre in leen:
        client.force_login(getattr(g.p, nombre))
        client.get("/cuenta/")  # the first request of a session writes it
        medidas |= {(nombre, url): cuantas(client, url.format(**valores)) for url in urls}
    return medidas


def test_una_lista_cuesta_lo_mismo_con_1_con_3_y_con_30(personas, client):
    """Thirty fill more than a page; three already show what is asked row by row."""
    g, contrato = Guion(personas), un_contrato()

    def medir():
        return de_cada_lista(g, client, LISTAS, LEEN, cliente=contrato.cliente_id)

    g.hasta(E.EN_ANALISIS, contrato=contrato)
    con_uno = medir()
    for n in range(2):
        g.hasta(E.EN_ANALISIS, contrato=contrato)
        g.registrar(un_contrato(f"CT-OTRO-{n}", contrato.cliente))
    assert medir() == con_uno
    for _ in range(6):
        g.hasta(E.EN_ANALISIS, contrato=contrato)
    for _ in range(20):
        g.registrar(contrato)
    assert medir() == con_uno
    assert {clave: n for clave, n in con_uno.items() if n > LISTAS[clave[1]]} == {}


def test_mi_equipo_cuesta_lo_mismo_con_muchas_personas_y_casos(personas, client):
    client.force_login(personas.gerente)
    url = f"/equipo/?de={personas.ventas.pk}"

    def medir(cuantos):
        for _ in range(cuantos):
            CasoFactory(estado=E.EN_CONTACTO)  # of a person of their own
            CasoFactory(estado=E.EN_CONTACTO, responsable=personas.ventas)
        client.get("/cuenta/")
        return cuantas(client, url)

    assert medir(1) == medir(30) <= EQUIPO


def test_la_pagina_de_una_importacion_cuesta_lo_mismo_con_muchos_renglones(personas, client):
    client.force_login(personas.gerente)
    client.get("/cuenta/")
    pocos, muchos = (
        cuantas(client, f"/importaciones/{ver(personas.gerente, ['Empresa'], *filas).pk}/")
        for filas in ([["Uno"]], [[f"Cliente {n}"] for n in range(60)])
    )
    assert pocos == muchos <= LISTA


def test_la_previa_de_casos_cuesta_lo_mismo_con_muchos_renglones(personas):
    def sentencias(cuantos):
        filas = [
            [f"Cliente {n}, S.A.", f"CT-{n}", "Ana", hoy(), "Pide algo"] for n in range(cuantos)
        ]
        titulos = ["Cliente", "Contrato", "Contacto", "Fecha", "Solicitud"]
        with CaptureQueriesContext(connection) as hechas:
            ver(personas.gerente, titulos, *filas, tipo="casos")
        return len(hechas)

    assert sentencias(1) == sentencias(60)


def test_las_listas_del_panel_cuestan_lo_mismo_con_1_con_3_y_con_30(personas, client):
    g = Guion(personas)
    con_lista = [
        m._meta.model_name for m, a in admin.site._registry.items() if not isinstance(a, LaUnica)
    ]
    urls = [reverse(f"admin:casos_{nombre}_changelist") for nombre in con_lista]

    def llenar(veces):
        for _ in range(veces):
            AjusteFactory()
            OpinionFactory()
            SuplenciaFactory()
            AvisoFactory()

    g.hasta(E.EN_MODIFICACION)
    SuplenciaFactory()
    con_pocas = de_cada_lista(g, client, urls, ["admin"])
    g.hasta(E.EN_MODIFICACION)
    llenar(2)
    assert de_cada_lista(g, client, urls, ["admin"]) == con_pocas
    llenar(26)
    assert de_cada_lista(g, client, urls, ["admin"]) == con_pocas
    assert {clave: n for clave, n in con_pocas.items() if n > LISTA} == {}


@pytest.mark.parametrize("nombre", ["ventas", "gerente", "finanzas", "auditor"])
def test_la_pagina_de_un_caso(mundo, client, nombre):
    client.force_login(getattr(mundo.p, nombre))
    client.get("/cuenta/")
    for estado in Estado:
        caso = mundo.hasta(estado)
        if nombre == "finanzas" and not caso.hechos.opiniones:
            assert client.get(caso.get_absolute_url()).status_code == 404
        else:
            # Once, that what waited for the morning was read.
            assert cuantas(client, caso.get_absolute_url()) <= CASO + LEIDO, estado
            assert cuantas(client, caso.get_absolute_url()) <= CASO, estado


def test_la_pagina_de_un_caso_largo_cuesta_lo_mismo(mundo, client):
    caso = mundo.hasta(E.EN_PROPUESTA)
    client.force_login(mundo.p.ventas)
    client.get(caso.get_absolute_url())
    corto = cuantas(client, caso.get_absolute_url())
    con_muchas_notas(engrosar(caso, 5), 200)
    assert cuantas(client, caso.get_absolute_url()) == corto <= CASO


# -- steps -------------------------------------------------------------------------------------------


def sentencias(pedido) -> list[str]:
    """Those of an act inside its one transaction, as the door runs it."""
    with CaptureQueriesContext(connection) as capturadas:
        pedido.ejecutar()
    # The test's own transaction makes the door's a savepoint.
    sql = [q["sql"] for q in capturadas.captured_queries]
    abre = next(i for i, s in enumerate(sql) if s.startswith("SAVEPOINT"))
    cierra = max(i for i, s in enumerate(sql) if s.startswith("RELEASE"))
    return [s[:100] for s in sql[abre + 1 : cierra]]


def con_uno(caso):
    return engrosar(caso, 1)


@pytest.fixture
def con_cargos(mundo):
    for persona in vars(mundo.p).values():
        assert persona.cargos  # a request has them before it comes to the door
    return mundo


@pytest.mark.parametrize("accion", list(PASOS))
def test_cada_paso_cabe_en_su_presupuesto_y_no_crece_con_las_filas(con_cargos, accion):
    """On a case with one of everything, and on a long one."""
    pedido, corto = lograr(con_cargos, accion, hacer=sentencias, antes=con_uno)
    assert len(corto) <= AL_CERRAR.get(accion, PASO), "\n".join(corto)
    if pedido.caso is not None:
        largo = sentencias(pedido._replace(caso=engrosar(pedido.caso, 5)))
        assert len(largo) == len(corto), "\n".join(largo)


@pytest.mark.parametrize("accion", list(PASOS))
def test_tambien_con_todo_su_formulario_lleno(con_cargos, accion):
    _, hechas = lograr(con_cargos, accion, hacer=sentencias, todo=True, antes=con_uno)
    assert len(hechas) <= AL_CERRAR.get(accion, PASO), "\n".join(hechas)


def test_un_paso_no_vuelve_a_buscar_a_la_persona_del_caso(con_cargos):
    caso = con_cargos.hasta(E.EN_PROPUESTA)
    otra = PersonaContactoFactory(cliente=caso.cliente)
    for quien, leidas in ((caso.persona, 0), (otra, 1)):
        with sin_que_quede(), CaptureQueriesContext(connection) as capturadas:
            con_cargos.presentar(caso, persona=quien.pk)
        sql = [q["sql"] for q in capturadas.captured_queries]
        assert sum('FROM "casos_personacontacto"' in s for s in sql) == leidas


@pytest.mark.parametrize("de_otro_cliente", [False, True])
@pytest.mark.parametrize("activa", [False, True])
@pytest.mark.parametrize("ida", [None, "suprimida_en", "bloqueada_en"])
def test_la_persona_que_ya_se_leyo_se_elige_solo_si_esta_en_la_lista(
    db, de_otro_cliente, activa, ida
):
    persona = PersonaContactoFactory(activa=activa, **({ida: timezone.now()} if ida else {}))
    cliente = persona.cliente_id + de_otro_cliente
    esta = personas_de(cliente).filter(pk=persona.pk).exists()
    assert es_de_las_de(cliente, persona) == esta == (activa and not ida and not de_otro_cliente)
