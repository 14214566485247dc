"""*Instrucción de trabajo*: the text unaltered, the machine drawn whole, and only visible cases."""

import html
import re
from itertools import combinations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casos import diagrama
from casos.actos import ACTOS, ETIQUETAS
from casos.catalogos import ABIERTOS, Estado
from casos.expediente import Expediente
from casos.flujo import TRANSICIONES
from casos.lecturas.procedimiento import pasos_del_procedimiento
from casos.models import Caso, Configuracion, RevisionInstruccion, SeccionInstruccion
from tests.factories import AreaFactory, CasoFactory, OpinionFactory
from tests.personas import NOMBRES

pytestmark = pytest.mark.django_db
PRESUPUESTO = 8


def pagina(client, persona):
    client.force_login(persona)
    respuesta = client.get("/procedimiento/")
    assert respuesta.status_code == 200
    return respuesta


@pytest.mark.parametrize("quien", NOMBRES)
def test_todos_la_leen(client, personas, quien):
    respuesta = pagina(client, getattr(personas, quien))
    assert "IT-AC-VTA-VTAS-21 · revisión 3 · 24/06/2014" in respuesta.text


def test_el_texto_esta_completo_y_sin_cambios(client, personas):
    """Also what Calidad should correct (a section said to be removed, its spelling) stays as it is."""
    texto = html.unescape(re.sub(r"<[^>]+>", " ", pagina(client, personas.calidad).text))
    texto = " ".join(texto.split())
    for seccion in SeccionInstruccion.objects.all():
        assert f"{seccion.clave} {seccion.titulo}" in texto
        for renglon in re.split(r"[\n\t]+", seccion.texto):
            assert " ".join(renglon.split()) in texto
    assert 'Se eliminó sección "9. Distribución".' in texto


def test_cada_paso_tiene_su_ancla_y_el_enlace_a_sus_casos(client, personas):
    respuesta = pagina(client, personas.ventas)
    for estado in ABIERTOS:
        assert f'id="s{estado.seccion.replace(".", "-")}"' in respuesta.text
        lista = client.get(f"/casos/?estado={estado.value}")
        assert f'href="/casos/?estado={estado.value}"' in respuesta.text
        assert lista.status_code == 200


def test_cuenta_los_abiertos_que_cada_quien_puede_ver(personas):
    Configuracion.objects.update(ventas_ve_todo=False)
    CasoFactory(estado=Estado.EN_CONTACTO, responsable=personas.ventas)
    CasoFactory(estado=Estado.EN_CONTACTO, responsable=personas.ventas2)
    analisis = CasoFactory(estado=Estado.EN_ANALISIS, responsable=personas.ventas2)
    OpinionFactory(caso=analisis, area=AreaFactory(codigo="JUR"))
    CasoFactory(estado=Estado.CERRADO, responsable=personas.ventas)

    def cuentas(persona):
        return {p.estado: p.casos for p in pasos_del_procedimiento(persona) if p.casos}

    assert cuentas(personas.gerente) == {Estado.EN_CONTACTO: 2, Estado.EN_ANALISIS: 1}
    assert cuentas(personas.ventas) == {Estado.EN_CONTACTO: 1}
    assert cuentas(personas.juridico) == {Estado.EN_ANALISIS: 1}
    assert cuentas(personas.ajena) == {}


def test_cuesta_lo_mismo_con_uno_que_con_treinta(client, personas):
    client.force_login(personas.gerente)
    client.get("/cuenta/")  # the first request of a session writes it

    def consultas():
        with CaptureQueriesContext(connection) as captura:
            client.get("/procedimiento/")
        return len(captura)

    CasoFactory(estado=Estado.EN_CONTACTO)
    una = consultas()
    for estado in [*ABIERTOS, Estado.CERRADO] * 4:
        CasoFactory(estado=estado)
    assert consultas() == una <= PRESUPUESTO


def test_sin_revision_vigente_lo_dice(client, personas):
    RevisionInstruccion.objects.update(vigente=False)
    assert "Falta el texto de la instrucción" in pagina(client, personas.ventas).text


# -- the drawing -----------------------------------------------------------------------------------


def test_el_diagrama_tiene_toda_la_maquina():
    """Every transition is a line of the drawing or a sentence below it, once per origin and target."""
    d = diagrama.dibujar()
    letreros = [t.etiqueta.split(" · ")[-1] for t in d.trazos]
    salidas = {s.etiqueta: s for s in diagrama.salidas_generales()}
    for accion, por_estado in TRANSICIONES.items():
        etiqueta = ETIQUETAS[accion]
        destinos = diagrama.destinos_de(next(iter(por_estado.values())))
        if etiqueta in salidas:
            assert set(salidas[etiqueta].origenes) == set(por_estado)
            assert salidas[etiqueta].destinos == destinos
            assert etiqueta not in letreros
        else:
            assert letreros.count(etiqueta) == len(por_estado) * len(destinos)
    assert len(letreros) + len(salidas) >= len(TRANSICIONES)


def test_las_respuestas_de_los_rombos_son_las_de_la_instruccion():
    for accion, respuesta in diagrama.RESPUESTAS.items():
        assert set(ACTOS[accion].estados) <= set(diagrama.DECISIONES)
        assert respuesta in ("Sí", "No")


@pytest.mark.parametrize("accion", diagrama.RESULTADOS)
def test_los_resultados_dibujados_son_los_que_da_la_maquina(accion):
    dados = set()
    for de_ajuste in (False, True):
        caso = Caso(estado=ACTOS[accion].estados[0], viene_de_ajuste=de_ajuste)
        Expediente(caso, HechosFavorables())
        getattr(caso, accion)()
        assert caso.estado == Estado.CERRADO
        dados.add(caso.resultado)
    assert dados == set(diagrama.RESULTADOS[accion])


class HechosFavorables:
    deshaciendo = False

    def por_cumplir(self, **_):
        return []

    def __getattr__(self, nombre):
        return True


def segmentos(trazo):
    """The straight pieces of a path made of M, H and V."""
    x, y = map(int, re.match(r"M(-?\d+) (-?\d+)", trazo.camino).groups())
    for orden, valor in re.findall(r"([HV])(-?\d+)", trazo.camino):
        antes = (x, y)
        x, y = (int(valor), y) if orden == "H" else (x, int(valor))
        yield (*sorted([antes[0], x]), *sorted([antes[1], y]))


def se_tocan(a, b):
    return a[0] <= b[1] and b[0] <= a[1] and a[2] <= b[3] and b[2] <= a[3]


def test_ninguna_linea_cruza_ni_pisa_a_otra():
    for a, b in combinations(diagrama.dibujar().trazos, 2):
        for s in segmentos(a):
            for t in segmentos(b):
                assert not se_tocan(s, t), (a.etiqueta, b.etiqueta)


def test_ningun_letrero_choca_con_otro_ni_se_sale():
    d = diagrama.dibujar()
    cajas = []
    for t in d.trazos:
        ancho = round(len(t.etiqueta) * 7)
        izquierda = t.x - ancho if t.ancla == "end" else t.x
        cajas.append((t.etiqueta, (izquierda, izquierda + ancho, t.y - 11, t.y + 3)))
        assert izquierda >= 0 and izquierda + ancho <= d.ancho
        assert 0 < t.y < d.alto
    for (_, a), (_, b) in combinations(cajas, 2):
        assert not se_tocan(a, b)


def test_el_dibujo_es_siempre_el_mismo_y_no_trae_estilos(client, personas):
    assert diagrama.dibujar() == diagrama.dibujar()
    svg = re.search(r'<svg class="diagrama".*?</svg>', pagina(client, personas.ventas).text, re.S)[
        0
    ]
    assert "style=" not in svg
    assert "<title" in svg
    assert "<desc" in svg
    assert 'role="img"' in svg
