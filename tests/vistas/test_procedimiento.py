"""*Instrucción de trabajo*: the text unaltered, and the machine drawn whole on page, PDF and BPMN."""

import html
import io
import re
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from casos import bpmn, diagrama
from casos.actos import ACTOS, ETIQUETAS
from casos.catalogos import ABIERTOS, Estado
from casos.estado_de_revision import EstadoRevision
from casos.expediente import Expediente
from casos.flujo import TRANSICIONES, destinos_de
from casos.models import Caso, RevisionInstruccion, SeccionInstruccion
from tests.factories import CasoFactory
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


def test_cada_paso_tiene_su_ancla(client, personas):
    respuesta = pagina(client, personas.ventas)
    for estado in ABIERTOS:
        assert f'id="s{estado.seccion.replace(".", "-")}"' in respuesta.text


def test_no_dice_donde_estan_los_casos(client, personas):
    """That is the tablero's: the procedure says what is to be done, and costs the same with any number of cases."""
    client.force_login(personas.gerente)
    client.get("/cuenta/")  # the first request of a session writes it

    def consultas():
        with CaptureQueriesContext(connection) as captura:
            texto = client.get("/procedimiento/").text
        assert "/casos/?estado=" not in texto
        return texto.split("<main")[1], len(captura)

    antes = consultas()
    for estado in [*ABIERTOS, Estado.CERRADO]:
        CasoFactory(estado=estado)
    assert consultas() == antes
    assert antes[1] <= PRESUPUESTO


def test_sin_revision_vigente_lo_dice(client, personas):
    RevisionInstruccion.objects.update(estado=EstadoRevision.SUSTITUIDA)
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


# -- as documents ----------------------------------------------------------------------------------


def en_la_maquina() -> set:
    return {
        (accion, Estado(origen), destino)
        for accion, por_estado in TRANSICIONES.items()
        for origen, transicion in por_estado.items()
        for destino in destinos_de(transicion)
    }


def del_bpmn(client, persona) -> ET.Element:
    client.force_login(persona)
    respuesta = client.get("/procedimiento/anexo-11.bpmn")
    assert "attachment" in respuesta["Content-Disposition"]
    return ET.fromstring(respuesta.content)


def test_el_bpmn_tiene_cada_estado_y_cada_transicion_de_la_maquina(client, personas):
    raiz = del_bpmn(client, personas.calidad)
    tareas = {t.get("id"): t.get("name") for t in raiz.iter(f"{{{bpmn.BPMN}}}userTask")}
    finales = {t.get("id") for t in raiz.iter(f"{{{bpmn.BPMN}}}endEvent")}
    assert set(tareas) == {f"estado_{e.value}" for e in Estado if e != Estado.ANULADO}
    assert f"estado_{Estado.ANULADO.value}" in finales
    for e in ABIERTOS:
        assert tareas[f"estado_{e.value}"] == f"{e.seccion} {e.label}"
    hallados = set()
    for f in raiz.iter(f"{{{bpmn.BPMN}}}sequenceFlow"):
        clave, origen, destino = f.get("id"), f.get("sourceRef"), f.get("targetRef")
        if origen.startswith("salida_") and destino.startswith("estado_"):
            de, a = (Estado(x.partition("_")[2]) for x in (origen, destino))
            accion = clave.removeprefix("f_").removesuffix(f"_{de.value}_{a.value}")
            assert f.get("name").endswith(ETIQUETAS[accion])
            hallados.add((accion, de, a))
    assert hallados == en_la_maquina()


def test_el_bpmn_se_dibuja_entero_y_nada_encima_de_otro(client, personas):
    """Every shape and line has its coordinates, inside the sheet; no shape lies on another."""
    raiz = del_bpmn(client, personas.calidad)
    proceso = raiz.find(f"{{{bpmn.BPMN}}}process")
    cajas = {}
    for forma in raiz.iter(f"{{{bpmn.DI_BPMN}}}BPMNShape"):
        b = forma.find(f"{{{bpmn.DC}}}Bounds")
        x, y, w, h = (int(b.get(n)) for n in ("x", "y", "width", "height"))
        assert x >= 0 <= y
        cajas[forma.get("bpmnElement")] = (x, x + w, y, y + h)
    lineas = {
        linea.get("bpmnElement"): [
            (int(p.get("x")), int(p.get("y"))) for p in linea.iter(f"{{{bpmn.DI}}}waypoint")
        ]
        for linea in raiz.iter(f"{{{bpmn.DI_BPMN}}}BPMNEdge")
    }
    flujos = {f.get("id"): f for f in proceso.iter(f"{{{bpmn.BPMN}}}sequenceFlow")}
    assert set(cajas) | set(lineas) == {e.get("id") for e in proceso}
    assert set(lineas) == set(flujos)
    for a, b in combinations(cajas.values(), 2):
        assert not se_tocan(a, b)
    for clave, puntos in lineas.items():
        for (x, y), extremo in ((puntos[0], "sourceRef"), (puntos[-1], "targetRef")):
            assert se_tocan((x, x, y, y), cajas[flujos[clave].get(extremo)]), clave
    nombrados = {
        (e.get("id"), f.text)
        for e in proceso
        for f in e
        if f.tag.endswith(("incoming", "outgoing"))
    }
    assert nombrados == {
        (f.get(x), c) for c, f in flujos.items() for x in ("sourceRef", "targetRef")
    }


def test_un_lector_ajeno_entiende_el_bpmn(client, personas):
    """SpiffWorkflow (only in the tests) reads every state and flow of it."""
    lector = pytest.importorskip("SpiffWorkflow.bpmn.parser")
    xml = del_bpmn(client, personas.calidad)
    proceso = xml.find(f"{{{bpmn.BPMN}}}process")
    proceso.set(
        "isExecutable", "true"
    )  # it reads only what could be run: the drawing is to be read
    for f in proceso.iter(f"{{{bpmn.BPMN}}}sequenceFlow"):
        if f.get("sourceRef").startswith("salida_"):
            ET.SubElement(f, f"{{{bpmn.BPMN}}}conditionExpression").text = "True"
    parser = lector.BpmnParser()
    parser.add_bpmn_str(ET.tostring(xml))
    spec = parser.get_spec(bpmn.PROCESO)
    leidos = {
        (t.bpmn_id, otra.bpmn_id)
        for t in spec.task_specs.values()
        for otra in t.outputs
        if t.bpmn_id and otra.bpmn_id
    }
    assert {(bpmn.salida(de), f"estado_{a.value}") for _, de, a in en_la_maquina()} <= leidos
    flujos = proceso.iter(f"{{{bpmn.BPMN}}}sequenceFlow")
    escritos = {(f.get("sourceRef"), f.get("targetRef")) for f in flujos}
    assert leidos == escritos


def texto_del_pdf(client, persona, url) -> tuple[str, int]:
    client.force_login(persona)
    respuesta = client.get(url)
    assert respuesta["Content-Type"] == "application/pdf"
    lector = PdfReader(io.BytesIO(respuesta.content))
    return " ".join(" ".join(p.extract_text() for p in lector.pages).split()), len(lector.pages)


def test_la_instruccion_en_pdf_lleva_su_texto_y_la_cabeza_del_original(client, personas):
    texto, paginas = texto_del_pdf(client, personas.ventas, "/procedimiento/3.pdf")
    for n in range(1, paginas + 1):
        assert f"Página {n} de {paginas}" in texto
    for dicho in (
        "INSTRUCCIÓN DE TRABAJO", "AREA COMERCIAL", "VENTAS", "SEGUIMIENTO DE VENTA",
        "Código: IT-AC-VTA-VTAS-21", "No. Operación: 21", "Revisión: 3", "Fecha revisión: 24/Jun/14",
    ):  # fmt: skip
        assert texto.count(dicho) >= paginas
    # Without blanks: where a line ends is of the page, not of the text.
    junto = re.sub(r"\s", "", texto)
    for s in SeccionInstruccion.objects.filter(revision__numero=3):
        for renglon in re.split(r"[\n\t]+", f"{s.titulo}\n{s.texto}"):
            assert re.sub(r"\s", "", renglon) in junto


def test_el_anexo_en_pdf_tiene_todo_el_dibujo(client, personas):
    texto, _ = texto_del_pdf(client, personas.ventas, "/procedimiento/anexo-11.pdf")
    for t in diagrama.dibujar().trazos:
        assert t.etiqueta in texto
    for s in diagrama.salidas_generales():
        assert s.etiqueta in texto
    for e in ABIERTOS:
        assert f"{e.seccion} {e.label}" in texto
