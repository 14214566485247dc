"""The table: printed, and put into the guide as it was measured."""

import os
import time
from pathlib import Path
from statistics import median

from .escena import Fila

GUIA = Path(__file__).resolve().parent.parent / "docs" / "operacion.md"
DESDE, HASTA = "<!-- aguante -->", "<!-- /aguante -->"
CABEZA = [
    "| fault | times | steps | lost or half-done | mails | lost | doubled | seconds until it serves | what was seen |",
    "|---|--:|--:|--:|--:|--:|--:|---|---|",
]


def contar(filas: list[Fila], mal: list[str], duro: float, escribir: bool) -> int:
    """Prints it; 1 where anything was lost, or a person could not go on."""
    tabla = [*CABEZA, *map(renglon, filas)]
    print("\n".join(tabla))
    for que in [*mal, *(f"{f.falla}: {f.bitacora}" for f in filas if f.bitacora)]:
        print(f"MAL: {que}")
    if escribir:
        _a_la_guia(tabla, filas, duro)
    return 1 if mal or not all(f.bien for f in filas) else 0


def renglon(f: Fila) -> str:
    tiempo = "–"
    if f.segundos:
        tiempo = f"p50 {median(f.segundos):.1f}, max {max(f.segundos):.1f}"
    visto = "; ".join(f"{n} × {q}" if n > 1 else q for q, n in f.visto.most_common(5)) or "nothing"
    log = "" if not f.bitacora else " **log broken**"
    return (
        f"| {f.falla}{log} | {f.veces} | {f.pasos} | {f.perdidos + f.a_medias} | {f.correos} | {f.sin_llegar} |"
        f" {f.dobles} | {tiempo} | {visto} |"
    )


def _a_la_guia(tabla: list[str], filas: list[Fila], duro: float) -> None:
    pasos, correos = sum(f.pasos for f in filas), sum(f.correos for f in filas)
    dicho = (
        f"`make aguante`, {time.strftime('%Y-%m-%d')}, {os.cpu_count()} processors (load {os.getloadavg()[1]:.0f}),"
        f" {duro / 60:.0f} minutes: {pasos} steps answered, {correos} mails. The log was checked after each line."
    )
    guia = GUIA.read_text()
    antes, _, resto = guia.partition(DESDE)
    despues = resto.partition(HASTA)[2]
    GUIA.write_text("\n".join([antes + DESDE, dicho, "", *tabla, HASTA]) + despues)
