"""The pieces that documents share, as plain data: what ``templates/impresos`` draws. What one document draws alone is its own's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

Pieza = dict[str, Any]
Documento = dict[str, Any]


def un_titulo(texto: str) -> Pieza:
    return {"tipo": "titulo", "texto": texto}


def un_paso(texto: str) -> Pieza:
    """A title under a title."""
    return {"tipo": "paso", "texto": texto}


def un_texto(texto: str) -> Pieza:
    return {"tipo": "texto", "texto": texto}


def una_nota(texto: str) -> Pieza:
    """In small letters."""
    return {"tipo": "nota", "texto": texto}


def unos_datos(*pares: tuple[str, str]) -> Pieza:
    """What and its value; without those that say nothing."""
    return {"tipo": "datos", "pares": [list(p) for p in pares if p[1]]}


def una_tabla(
    columnas: Sequence[str],
    filas: Iterable[Sequence[str]],
    anchos: Sequence[float] = (),
    **mas: Any,
) -> Pieza:
    """Each row cut or filled to its columns; ``anchos``: their parts of the width, 1 where none is said."""
    n = len(columnas)
    hecha: Pieza = {
        "tipo": "tabla",
        "columnas": list(columnas),
        "filas": [[*f, *[""] * n][:n] for f in filas],
    }
    if anchos:
        hecha["anchos"] = [*anchos, *[1] * n][:n]
    return hecha | mas
