"""The register of controlled distribution as a PDF (section 9): persons by revisions."""

from __future__ import annotations

from typing import Any

from casos.models import Acuse, RevisionInstruccion

from .de_la_instruccion import documento
from .documentos import dia
from .piezas import Documento, un_texto, un_titulo, una_nota, una_tabla


def del_registro(revision: RevisionInstruccion, matriz: Any, empresa: str) -> Documento:
    """``matriz``: what ``lecturas.acuses.matriz`` read."""
    leyeron, todos = matriz.cuenta
    piezas = [
        un_titulo("Registro de distribución controlada y acuse de recibo"),
        un_texto(f"Revisión {revision.numero}: la leyeron {leyeron} de {todos}."),
    ]
    columnas = ["Persona", "En calidad de", *(f"Revisión {r.numero}" for r in matriz.revisiones)]
    filas = [[str(f.persona), f.como, *map(celda, f.celdas)] for f in matriz.filas]
    if filas:
        piezas.append(una_tabla(columnas, filas, (2, 2.4, *[1.6] * len(matriz.revisiones))))
    if matriz.faltan:
        nombres = "\n".join(f"{p}, {como}" for p, como in matriz.faltan)
        piezas.append(una_nota(f"Falta entregarla a:\n{nombres}"))
    return documento(revision, piezas, empresa, "", "registro de distribución")


def celda(acuse: Acuse | None) -> str:
    if acuse is None:
        return "–"
    if acuse.leido_en:
        return f"Leída el {dia(acuse.leido_en)}"
    return f"Entregada el {dia(acuse.entregado_en)}, sin acuse"
