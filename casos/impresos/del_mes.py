"""The month's report for the management review as plain data: figures, what they are drawn of, seals and findings.

What comes in was already read (``lecturas.informe_del_mes``): no queries, no persons.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .piezas import Documento, Pieza, una_tabla

PLANTILLA = "informe"


def documento(mes: str, clave: str, empresa: str, marca: str, piezas: Iterable[Pieza]) -> Documento:
    """``marca``: what it is where it is not the one that was given; "" where it is."""
    return {
        "plantilla": PLANTILLA,
        "edicion": 1,
        "titulo": f"Informe de {mes}",
        "referencia": f"Informe {clave}",
        "pie": f"Informe {clave}",
        "cabeza": {
            "empresa": empresa,
            "clase": "INFORME PARA LA REVISIÓN POR LA DIRECCIÓN",
            "titulo": f"Seguimiento de venta · {mes}",
            "marca": marca,
        },
        "piezas": list(piezas),
    }


def resumen(cifras: Iterable[tuple[str, str, str]]) -> Pieza:
    """Of the month at a glance: what, how much, and beside it what it is compared with."""
    return {"tipo": "resumen", "cifras": [list(c) for c in cifras]}


def tabla(
    nombre: str,
    columnas: Sequence[str],
    filas: Sequence[Sequence[str]],
    *,
    anchos: Sequence[float] = (),
    letra: bool = False,
    total: bool = False,
) -> Pieza:
    """``letra``: its columns are words, not figures; ``total``: its last row is one."""
    return una_tabla(
        columnas,
        filas,
        anchos or (2.4, *[1] * (len(columnas) - 1)),
        nombre=nombre,
        letra=letra,
        total=total,
    )


def pareto(barras: Sequence[tuple[str, int]]) -> Pieza:
    """From the highest to the lowest, with the line of what they add up to."""
    todas = sum(n for _, n in barras)
    suma, dichas = 0, []
    for nombre, cuantos in barras:
        suma += cuantos
        dichas.append([nombre, cuantos, suma])
    return {"tipo": "pareto", "barras": dichas, "total": todas}
