"""Annex 11 as BPMN 2.0 XML, drawn from the machine, with coordinates: what an ordinary editor opens.

A state is a task, its ways out leave by an exclusive gateway, each transition is one flow for each
origin and target. ``Cerrado`` is a task too: a case may be opened again from it. No queries, no HTML.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from casos.actos import ETIQUETAS, REGISTRAR
from casos.catalogos import ABIERTOS, Estado
from casos.diagrama import RESPUESTAS
from casos.flujo import TRANSICIONES, destinos_de

MIME = "application/xml"
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI_BPMN = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
PROCESO = "seguimiento_de_venta"

# In a row, from left to right; a lane of its own for each line that is not straight.
ANCHO, ALTO, ROMBO, FIN = 150, 80, 50, 36
PASO, PRIMERO, CARRIL, MARGEN = 300, 140, 30, 60
ESTADOS = (*ABIERTOS, Estado.CERRADO)

Punto = tuple[int, int]
Caja = tuple[int, int, int, int]  # x, y, width, height


@dataclass(frozen=True)
class Flujo:
    """A line between two shapes; ``accion`` is empty where no transition of the machine makes it."""

    clave: str
    nombre: str
    de: str
    a: str
    accion: str = ""

    @property
    def es_derecho(self) -> bool:
        return not self.accion or self.accion == REGISTRAR.nombre


def flujos_de_la_maquina() -> Iterator[Flujo]:
    """Every transition, once for each origin and target."""
    for accion, por_estado in TRANSICIONES.items():
        nombre = ETIQUETAS[accion]
        if accion in RESPUESTAS:
            nombre = f"{RESPUESTAS[accion]} · {nombre}"
        for origen, transicion in por_estado.items():
            for destino in destinos_de(transicion):
                clave = f"f_{accion}_{Estado(origen).value}_{destino.value}"
                yield Flujo(clave, nombre, salida(Estado(origen)), _forma(destino), accion)


def salida(estado: Estado) -> str:
    """The gateway by which a state is left."""
    return f"salida_{estado.value}"


def _forma(estado: Estado) -> str:
    return f"estado_{estado.value}"


def _formas() -> dict[str, tuple[str, str, Caja]]:
    """id → kind, name, where it stands."""
    arriba = MARGEN + CARRIL * sum(_hacia_delante(f) for f in flujos_de_la_maquina()) + 40
    medio = arriba + ALTO // 2
    formas = {"inicio": ("startEvent", "Llega una solicitud", (MARGEN, medio - FIN // 2, FIN, FIN))}
    for n, estado in enumerate(ESTADOS):
        x = PRIMERO + n * PASO
        nombre = f"{estado.seccion} {estado.label}".strip()
        formas[_forma(estado)] = ("userTask", nombre, (x, arriba, ANCHO, ALTO))
        rombo = (x + ANCHO + 45, medio - ROMBO // 2, ROMBO, ROMBO)
        formas[salida(estado)] = ("exclusiveGateway", "", rombo)
    x = PRIMERO + len(ESTADOS) * PASO
    formas["fin"] = ("endEvent", "Termina el caso", (x, medio - FIN // 2, FIN, FIN))
    formas[_forma(Estado.ANULADO)] = (
        "endEvent",
        Estado.ANULADO.label,
        (x + 110, medio - FIN // 2, FIN, FIN),
    )
    return formas


def _flujos() -> list[Flujo]:
    recibido = _forma(Estado.RECIBIDO)
    inicial = Flujo("f_registrar", REGISTRAR.etiqueta, "inicio", recibido, REGISTRAR.nombre)
    de_cada_uno = [Flujo(f"f_de_{e.value}", "", _forma(e), salida(e)) for e in ESTADOS]
    termina = Flujo("f_termina", "", salida(Estado.CERRADO), "fin")
    return [inicial, *de_cada_uno, *flujos_de_la_maquina(), termina]


def _orden(forma: str) -> int:
    estado = forma.partition("_")[2]
    return ESTADOS.index(estado) if estado in ESTADOS else len(ESTADOS)


def _hacia_delante(f: Flujo) -> bool:
    return _orden(f.a) > _orden(f.de)


def escribir(codigo: str, revision: int | None) -> bytes:
    """The XML document; ``codigo`` and ``revision`` of the instruction it is the annex of."""
    for prefijo, espacio in (("bpmn", BPMN), ("bpmndi", DI_BPMN), ("dc", DC), ("di", DI)):
        ET.register_namespace(prefijo, espacio)
    raiz = ET.Element(
        f"{{{BPMN}}}definitions",
        {"id": "anexo_11", "targetNamespace": "urn:seguimiento-de-venta", "name": "Anexo 11"},
    )
    nombre = f"{codigo} rev. {revision}: seguimiento de venta" if codigo else "Seguimiento de venta"
    proceso = ET.SubElement(
        raiz,
        f"{{{BPMN}}}process",
        {"id": PROCESO, "name": nombre, "isExecutable": "false"},
    )
    formas, flujos = _formas(), _flujos()
    for clave, (clase, titulo, _) in formas.items():
        elemento = ET.SubElement(proceso, f"{{{BPMN}}}{clase}", {"id": clave})
        if titulo:
            elemento.set("name", titulo)
        for sentido, suyos in (
            ("incoming", [f for f in flujos if f.a == clave]),
            ("outgoing", [f for f in flujos if f.de == clave]),
        ):
            for f in suyos:
                ET.SubElement(elemento, f"{{{BPMN}}}{sentido}").text = f.clave
    for f in flujos:
        datos = {"id": f.clave, "sourceRef": f.de, "targetRef": f.a}
        ET.SubElement(
            proceso, f"{{{BPMN}}}sequenceFlow", datos | ({"name": f.nombre} if f.nombre else {})
        )
    _dibujar(raiz, formas, flujos)
    ET.indent(raiz)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(raiz, encoding="utf-8")


def _dibujar(raiz: ET.Element, formas: dict, flujos: list[Flujo]) -> None:
    diagrama = ET.SubElement(raiz, f"{{{DI_BPMN}}}BPMNDiagram", {"id": "diagrama"})
    plano = ET.SubElement(
        diagrama, f"{{{DI_BPMN}}}BPMNPlane", {"id": "plano", "bpmnElement": PROCESO}
    )
    for clave, (clase, titulo, caja) in formas.items():
        datos = {"id": f"{clave}_di", "bpmnElement": clave}
        if clase == "exclusiveGateway":
            datos["isMarkerVisible"] = "true"
        forma = ET.SubElement(plano, f"{{{DI_BPMN}}}BPMNShape", datos)
        _caja(forma, caja)
        if titulo and clase.endswith("Event"):
            x, y, ancho, alto = caja
            letrero = ET.SubElement(forma, f"{{{DI_BPMN}}}BPMNLabel")
            _caja(letrero, (x + ancho // 2 - 45, y + alto + 6, 90, 28))
    lineas = _lineas(formas, flujos)
    for f in flujos:
        puntos = lineas[f.clave]
        linea = ET.SubElement(
            plano, f"{{{DI_BPMN}}}BPMNEdge", {"id": f"{f.clave}_di", "bpmnElement": f.clave}
        )
        for x, y in puntos:
            ET.SubElement(linea, f"{{{DI}}}waypoint", {"x": str(x), "y": str(y)})
        if f.nombre:
            letrero = ET.SubElement(linea, f"{{{DI_BPMN}}}BPMNLabel")
            if len(puntos) == 2:
                _caja(letrero, (puntos[0][0] + 4, puntos[0][1] - 34, 96, 28))
            else:
                x = min(puntos[1][0], puntos[2][0]) + 8
                _caja(letrero, (x, puntos[1][1] - 14, 6 * len(f.nombre), 14))


def _caja(padre: ET.Element, caja: Caja) -> None:
    nombres = ("x", "y", "width", "height")
    ET.SubElement(padre, f"{{{DC}}}Bounds", {n: str(v) for n, v in zip(nombres, caja, strict=True)})


def _lineas(formas: dict, flujos: list[Flujo]) -> dict[str, list[Punto]]:
    """Where each line runs: straight to what stands beside it, ahead above, back below."""
    lineas: dict[str, list[Punto]] = {}
    carriles = {True: 0, False: 0}
    llegadas: dict[tuple[str, bool], int] = {}
    # The longest in the outermost lane, so that few cross.
    por_largo = sorted(flujos, key=lambda f: (abs(_orden(f.a) - _orden(f.de)), f.clave))
    for f in por_largo:
        x, y, ancho, alto = formas[f.de][2]
        hx, hy, hancho, halto = formas[f.a][2]
        if f.es_derecho:
            lineas[f.clave] = [(x + ancho, y + alto // 2), (hx, hy + halto // 2)]
            continue
        delante = _hacia_delante(f)
        carriles[delante] += 1
        n = llegadas[f.a, delante] = llegadas.get((f.a, delante), 0) + 1
        llega = hx + min(hancho - 8, 8 * n) if hancho > FIN else hx + hancho // 2
        sale = x + ancho // 2
        if delante:
            carril = hy - 30 - CARRIL * carriles[True]
            lineas[f.clave] = [(sale, y), (sale, carril), (llega, carril), (llega, hy)]
        else:
            carril = hy + halto + 40 + CARRIL * carriles[False]
            lineas[f.clave] = [
                (sale, y + alto), (sale, carril), (llega, carril), (llega, hy + halto),
            ]  # fmt: skip
    return lineas
