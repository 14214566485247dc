"""What a world's exploration found, in words."""

from __future__ import annotations

import sys
import threading
from typing import Any

from .motor import Exploracion, Grafo, titulo
from .salidas import SILENCIOS, salidas

# What is known not to hold, by how it begins, while it is mended.
SE_SABE: tuple[str, ...] = ()


def contar(grafo: Grafo, en_cola: int, segundos: float) -> int:
    """Print the figures and every violation by its shortest way; how many kinds nobody knew of."""
    fin = "queue empty" if not en_cola else f"{en_cola} states not looked at"
    print(f"\n== {grafo.mundo}: {len(grafo.estados)} distinct states, {len(grafo.expandidos)} expanded,"
          f" {len(grafo.pasos)} edges, {fin}, {segundos:.0f} s of processor")  # fmt: skip
    for nombre, callan in SILENCIOS.items():
        s = salidas(grafo, callan)
        print(f"   exits, {nombre}: {s.con} with one, {s.se_ignora} unknown, {len(s.sin)} without")
        if not callan:
            for una in s.sin:
                grafo.anotar("sin salida", una)
        elif s.sin:
            print(f"      e.g. {' → '.join(grafo.camino(s.sin[0]))} en: {' · '.join(s.sin[0])}")
    print(f"   violations: {len(grafo.violaciones)} kinds, {sum(grafo.veces.values())} times")
    for que, violacion in grafo.violaciones.items():
        print(f"   {grafo.veces[que]:5} × {titulo(violacion)}")
    hechos = {(p.accion, p.variante) for p in grafo.pasos}
    for acto, dicho in sorted(grafo.negados.items()):
        print(f"   refused: {acto}: {dicho}")
    print(f"   acts done: {len({a for a, _ in hechos})} ({len(hechos)} ways)")
    return sum(not que.startswith(SE_SABE) for que in grafo.violaciones)


class Avance:
    """A line now and then on stderr, for who waits."""

    def __init__(self, exploracion: Exploracion, habla: bool, cada: float = 20):
        self._e, self._habla, self._cada = exploracion, habla, cada
        self._fin = threading.Event()

    def __enter__(self) -> Avance:
        if self._habla:
            threading.Thread(target=self._decir, daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._fin.set()

    def _decir(self) -> None:
        while not self._fin.wait(self._cada):
            g = self._e.grafo
            print(f"{g.mundo}: {len(g.expandidos)} of {len(g.estados)} states, {len(g.pasos)} edges",
                  file=sys.stderr, flush=True)  # fmt: skip
