"""``python -m tests.exploracion --mundo ordinario --estados 3000``: explore a world and say what was found."""

from __future__ import annotations

import argparse
import math
import os
import sys
import time

from .memoria import Memoria
from .mundos import MUNDOS, montar

# The short form of ``make test``: so many states of the ordinary world, and of each of the others.
CORTA, CORTA_DE_OTROS = (8, 1) if os.environ.get("CORTA") else (60, 2)


def main() -> int:
    pide = argparse.ArgumentParser(prog="python -m tests.exploracion", description=__doc__)
    pide.add_argument("--mundo", nargs="+", choices=[*MUNDOS, "todos"], default=["ordinario"])
    pide.add_argument("--estados", type=int, default=3000, help="distinct states, at most")
    pide.add_argument("--segundos", type=float, default=math.inf, help="of processor, at most")
    pide.add_argument("--parejo", action="store_true", help="every step alike, not breadth first")
    pide.add_argument("--corta", action="store_true", help="a few states of every step and world")
    pide.add_argument("--avance", action="store_true", help="a line now and then")
    args = pide.parse_args()

    memoria = Memoria()  # Django begins here: what needs its models is imported after
    vacia = memoria.foto()
    from .informe import Avance, contar
    from .motor import Exploracion

    mundos = [m for m in MUNDOS.values() if m.nombre in args.mundo or "todos" in args.mundo]
    if args.corta:
        mundos = [m for m in MUNDOS.values() if m.hondo or m.nombre == "ordinario"]
    violaciones = 0
    for mundo in mundos:
        memoria.volver(memoria.revelar(vacia), vacia.instante)
        comienzo = time.process_time()
        exploracion = Exploracion(memoria, montar(mundo, mundo.hondo if args.corta else ""))
        with Avance(exploracion, args.avance):
            if args.corta:
                cuantos = CORTA_DE_OTROS if mundo.hondo else CORTA
                grafo = exploracion.explorar(3000, expandir=cuantos, parejo=True, otros=False)
            else:
                grafo = exploracion.explorar(args.estados, args.segundos, parejo=args.parejo)
        violaciones += contar(grafo, exploracion.en_cola, time.process_time() - comienzo)
    return 1 if violaciones else 0


if __name__ == "__main__":
    sys.exit(main())
