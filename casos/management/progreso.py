"""How far a long command is: percentage, how many a second and what is left, on the standard error."""

import time
from collections.abc import Callable
from typing import Any

CADA = 2  # seconds between two lines


class Progreso:
    """Says nothing where the error output is no terminal, unless it is asked to (``siempre``)."""

    def __init__(self, salida: Any, siempre: bool = False):
        self.salida, self.en_terminal = salida, salida.isatty()
        self.calla = not (siempre or self.en_terminal)

    def de(self, total: int, que: str = "casos") -> Callable[[int], None]:
        """What is called with how many are done."""
        inicio = dicho = time.monotonic()

        def decir(hechos: int) -> None:
            nonlocal dicho
            ahora = time.monotonic()
            if self.calla or (ahora - dicho < CADA and hechos < total):
                return
            dicho = ahora
            ritmo = hechos / max(ahora - inicio, 0.001)
            falta = max(total - hechos, 0) / max(ritmo, 0.001)
            por_ciento = 100 * hechos // max(total, 1)
            linea = (
                f"{por_ciento} % · {hechos:,} de {total:,} {que} · {ritmo:,.0f} por segundo · "
                f"faltan {falta // 60:.0f} min {falta % 60:02.0f} s"
            )
            # On a terminal, over the line before.
            self.salida.write(f"\r{linea}\x1b[K" if self.en_terminal else linea, ending="")
            self.salida.write("", ending="\n" if hechos >= total or not self.en_terminal else "")

        return decir
