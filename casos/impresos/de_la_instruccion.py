"""The controlled document as a PDF (sections 1–11): its own head, its text unaltered, annex 11 from the machine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from casos import diagrama
from casos.models import RevisionInstruccion, SeccionInstruccion

from .piezas import Documento, Pieza, un_paso, un_texto, un_titulo, una_nota, una_tabla

PLANTILLA = "instruccion"
MESES = "Ene Feb Mar Abr May Jun Jul Ago Sep Oct Nov Dic".split()
ANEXOS = "11"
CON_DIAGRAMA = "El diagrama se dibuja con las mismas reglas que mueven los casos."


def fecha_del_original(dia: date) -> str:
    """24/Jun/14, as the head of the document writes it."""
    return f"{dia.day}/{MESES[dia.month - 1]}/{dia:%y}"


def fecha_del_registro(dia: date) -> str:
    """24 / Jun / 14, as section 10 writes it."""
    return f"{dia.day} / {MESES[dia.month - 1]} / {dia:%y}"


def tabla_de(texto: str) -> list[list[str]]:
    """The rows of a tabulated text (§10); empty where it is prose."""
    renglones = [r.split("\t") for r in texto.split("\n")]
    return renglones if len(renglones) > 1 and all(len(r) > 1 for r in renglones) else []


def de_la_revision(
    revision: RevisionInstruccion, secciones: Iterable[SeccionInstruccion], empresa: str, marca: str
) -> Documento:
    """The whole document. ``marca``: what it is where it is not in force; "" where it is."""
    piezas: list[Pieza] = []
    titulos = {}
    for s in secciones:
        es_paso = "." in s.clave
        titulos[s.clave] = s.titulo
        if s.clave == ANEXOS:
            piezas.append({"tipo": "salto"})
        encabezado = f"{s.clave} {s.titulo}" if es_paso else f"{s.clave}. {s.titulo}"
        piezas.append(un_paso(encabezado) if es_paso else un_titulo(encabezado))
        filas = tabla_de(s.texto)
        if filas:
            piezas.append(una_tabla(filas[0], filas[1:], (1, 2, 1.4, 5)[: len(filas[0])]))
        elif s.texto:
            piezas.append(un_texto(s.texto))
    piezas += anexo(titulos)
    return documento(revision, piezas, empresa, marca)


def del_anexo(revision: RevisionInstruccion, empresa: str, marca: str) -> Documento:
    """Annex 11 alone."""
    titulos = {s.clave: s.titulo for s in revision.secciones.all()}
    titulo = un_titulo("Anexo 11. Diagrama de flujo")
    return documento(revision, [titulo, *anexo(titulos)], empresa, marca, "anexo 11")


def documento(
    revision: RevisionInstruccion,
    piezas: Sequence[Pieza],
    empresa: str,
    marca: str,
    que: str = "",
) -> Documento:
    referencia = f"{revision.codigo} rev. {revision.numero}{f', {que}' if que else ''}"
    fecha = fecha_del_original(revision.fecha) if revision.fecha else "sin aprobar"
    return {
        "plantilla": PLANTILLA,
        "edicion": 1,
        "titulo": revision.titulo,
        "referencia": referencia,
        "pie": referencia,
        "cabeza": {
            "empresa": empresa,
            "clase": "INSTRUCCIÓN DE TRABAJO",
            "area": "AREA COMERCIAL · VENTAS",
            "titulo": revision.titulo.upper(),
            "codigo": f"Código: {revision.codigo}",
            "operacion": f"No. Operación: {revision.operacion}",
            "revision": f"Revisión: {revision.numero}",
            "fecha": f"Fecha revisión: {fecha}",
            "marca": marca,
        },
        "piezas": list(piezas),
    }


def anexo(titulos: dict[str, str]) -> list[Pieza]:
    """The drawing, and in words what leaves from several steps."""
    d = diagrama.dibujar(titulos=titulos)
    dibujo: dict[str, Any] = {
        "tipo": "diagrama",
        "ancho": d.ancho,
        "alto": d.alto,
        "nodos": [
            {
                "x": n.x,
                "y": n.y,
                "ancho": n.ancho,
                "alto": n.alto,
                "forma": n.forma,
                "puntos": [[int(v) for v in p.split(",")] for p in n.puntos.split()],
                "renglones": [[texto, y] for texto, y in n.renglones],
            }
            for n in d.nodos
        ],
        "trazos": [
            {"puntos": _puntos(t.camino), "etiqueta": t.etiqueta, "x": t.x, "y": t.y, "ancla": t.ancla}
            for t in d.trazos
        ],
    }  # fmt: skip
    dichas = "\n".join(_en_palabras(s) for s in diagrama.salidas_generales())
    return [
        dibujo,
        una_nota(f"Desde varios pasos:\n{dichas}"),
        una_nota(CON_DIAGRAMA),
    ]


def _en_palabras(s: diagrama.Salida) -> str:
    origenes = ", ".join(e.seccion or e.label for e in s.origenes)
    destinos = ", ".join(f"{e.seccion} {e.label}".strip() for e in s.destinos)
    return f"{s.etiqueta}: de {origenes} a {destinos}."


def _puntos(camino: str) -> list[list[int]]:
    """The corners of a path made of M, H and V."""
    puntos: list[list[int]] = []
    x = y = 0
    for orden, valores in re.findall(r"([MHV])([-\d ]+)", camino):
        numeros = [int(v) for v in valores.split()]
        if orden == "M":
            x, y = numeros
        elif orden == "H":
            x = numeros[0]
        else:
            y = numeros[0]
        puntos.append([x, y])
    return puntos
