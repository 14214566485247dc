"""The report of an audit as a PDF: scope, the sample and how to draw it again, cases, evidence, notes, findings.

It says what its reader may know and nothing of when it was printed: the same state gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from casos.vocabulario_de_auditoria import COMO_SE_REPITE

from .de_la_instruccion import PLANTILLA
from .documentos import dia
from .piezas import Documento, Pieza, un_paso, un_texto, un_titulo, una_nota, una_tabla

CABEN = 8  # pieces of evidence of one kind that are listed; how many more is told


def informe(leida: Any, empresa: str, instruccion: str) -> Documento:
    """``leida``: what ``lecturas.muestras.leer`` read of the whole sample."""
    m = leida.muestra
    referencia = f"Informe de auditoría, muestra {m.numero}"
    return {
        "plantilla": PLANTILLA,
        "edicion": 1,
        "titulo": "Informe de auditoría",
        "referencia": f"muestra {m.numero}",
        "pie": f"{referencia} · semilla {m.semilla} · población {m.huella}",
        "cabeza": {
            "empresa": empresa,
            "clase": "INFORME DE AUDITORÍA",
            "area": "ISO 9001 · SEGUIMIENTO DE VENTA",
            "titulo": f"MUESTRA {m.numero}",
            "codigo": f"Instrucción: {instruccion}",
            "operacion": f"{m.get_universo_display()}",
            "revision": f"Del {dia(m.desde)} al {dia(m.hasta)}",
            "fecha": f"Muestra del {dia(m.hecha_en)}",
            "marca": "",
        },
        "piezas": [
            *_la_muestra(leida),
            *_los_casos(leida),
            *_las_clausulas(leida),
            *_los_hallazgos(leida),
            *(p for caso in leida.casos for p in _un_caso(caso)),
        ],
    }


def _la_muestra(leida: Any) -> Iterable[Pieza]:
    m = leida.muestra
    yield un_titulo("Alcance y muestra")
    filas = [
        ("Alcance", leida.cubre(m.alcance)),
        ("De qué casos", f"{m.get_universo_display()}, del {dia(m.desde)} al {dia(m.hasta)}"),
        ("Población", f"{m.poblacion} casos"),
        ("Muestra", f"{m.tamano} casos"),
        ("Estratos", m.get_estrato_display()),
        ("Semilla", m.semilla),
        ("Huella de la población", m.huella),
        ("Sacó la muestra", f"{m.hecha_por}, {_instante(m.hecha_en)}"),
    ]
    yield una_tabla(("Dato", "Valor"), [list(f) for f in filas if f[1]], (1, 3))
    if m.estrato:
        estratos = [[nombre, str(hay), str(van)] for nombre, hay, van in leida.estratos]
        yield una_tabla(("Estrato", "Casos", "En la muestra"), estratos, (3, 1, 1))
    yield una_nota(f"Cómo se repite el sorteo: {COMO_SE_REPITE}")


def _los_casos(leida: Any) -> Iterable[Pieza]:
    yield un_titulo("Casos de la muestra")
    dichos = ", ".join(f"{v.dicho.lower()}: {n}" for v, n in leida.veredictos)
    yield un_texto(f"Conformidad con la instrucción: {dichos}.")
    filas = [
        [
            c.caso.folio,
            str(c.caso.cliente),
            c.caso.etiqueta_estado,
            c.de.veredicto.dicho,
            str(c.notas or "–"),
            str(c.hallazgos or "–"),
        ]
        for c in leida.casos
    ]
    columnas = ("Folio", "Cliente", "Estado", "Conformidad", "Notas", "Hallazgos")
    yield una_tabla(columnas, filas, (1.5, 2.2, 1.6, 1.5, 0.7, 1))


def _las_clausulas(leida: Any) -> Iterable[Pieza]:
    yield un_titulo("Cláusulas de ISO 9001")
    filas = []
    for n, c in enumerate(leida.clausulas):
        suyas = [caso.clausulas[n] for caso in leida.casos]
        con = sum(1 for s in suyas if s.cuantas)
        filas.append([str(c), c.que_se_busca, f"{con} de {len(suyas)}"])
    yield una_tabla(("Cláusula", "Qué se busca", "Casos con evidencia"), filas, (1.4, 3, 1))


def _los_hallazgos(leida: Any) -> Iterable[Pieza]:
    yield un_titulo("Hallazgos")
    if not leida.hallazgos:
        yield un_texto("De esta muestra no se levantó ninguno.")
    for h in leida.hallazgos:
        de = f", caso {h.caso.folio}" if h.caso else ""
        yield un_paso(f"{h.clave}. {h.get_tipo_display()}")
        filas = [
            ("Cláusula", f"{h.clausula}{de}"),
            ("Qué se encontró", leida.cubre(h.encontrado)),
            ("Evidencia", leida.cubre(h.evidencia)),
            ("Levantó", f"{h.levantado_por}, {dia(h.levantado_en)}"),
            ("Estado", h.get_estado_display()),
            ("Responsable", str(h.responsable or "")),
            ("Fecha compromiso", dia(h.vence) if h.vence else ""),
            ("Acción correctiva", leida.cubre(h.accion)),
            ("Qué se hizo", _lo_hecho(h, leida)),
            ("Verificación", _lo_verificado(h, leida)),
        ]
        yield una_tabla(("Dato", "Valor"), [list(f) for f in filas if f[1]], (1, 3))


def _lo_hecho(h: Any, leida: Any) -> str:
    return f"{dia(h.hecho_fecha)}: {leida.cubre(h.como)}" if h.hecho_fecha else ""


def _lo_verificado(h: Any, leida: Any) -> str:
    de = f" ({h.verificado_por}, {dia(h.verificado_en)})" if h.verificado_en else ""
    return f"{leida.cubre(h.verificacion)}{de}" if h.verificacion else ""


def _un_caso(caso: Any) -> Iterable[Pieza]:
    yield un_titulo(f"{caso.caso.folio} · {caso.de.veredicto.dicho}")
    filas = [[str(c.clausula), _evidencia(c)] for c in caso.clausulas]
    yield una_tabla(("Cláusula", "Evidencia"), filas, (1, 3))
    for c in caso.clausulas:
        if c.texto:
            quien = f"{c.nota.autor}, {dia(c.nota.en)}"
            yield un_texto(f"Nota de {c.clausula.numero} ({quien}): {c.texto}")


def _evidencia(clausula: Any) -> str:
    """Each kind on its line: what there is, with its line of the history and its day."""
    renglones = []
    for clase, datos in clausula.con_algo:
        dichos = [_dato(d) for d in datos[:CABEN]]
        if len(datos) > CABEN:
            dichos.append(f"y {len(datos) - CABEN} más")
        renglones.append(f"{clase.label}: {'; '.join(dichos)}.")
    if clausula.sin_nada:
        renglones.append(f"Nada consta de: {'; '.join(clausula.sin_nada).lower()}.")
    return "\n".join(renglones)


def _dato(d: Any) -> str:
    donde = [f"renglón {d.renglon}"] if d.renglon else []
    donde += [dia(d.en)] if d.en else []
    return f"{d.que} ({', '.join(donde)})" if donde else d.que


def _instante(valor: Any) -> str:
    return f"{timezone.localtime(valor):%d/%m/%Y %H:%M}"
