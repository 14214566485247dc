"""The order of the faults, from an empty database on. Django is set up by whoever imports this."""

import subprocess
import sys
import time
from pathlib import Path

from casos.clientes import altas
from casos.models import Contrato
from tests.guion import un_contrato
from tests.personas import crear_gente

from . import alrededor, correo_malo, muertes
from .escena import Escena, Fila
from .informe import renglon

CAMINAN = 2


def preparar(raiz: Path, variables: dict[str, str]) -> None:
    orden = [sys.executable, "manage.py", "preparar", "--sin-demo"]
    subprocess.run(orden, cwd=raiz, env=variables, check=True, stdout=subprocess.DEVNULL)
    crear_gente()


def contratos(cuantos: int) -> list[tuple[int, int]]:
    pares = []
    for i in range(cuantos):
        razon = f"Empresa de prueba {i}, S.A. de C.V."
        cliente = altas.crear_cliente(razon_social=razon, nombre_comercial="", rfc="")
        contrato: Contrato = un_contrato(f"AG-{i}", cliente)
        pares.append((cliente.pk, contrato.pk))
    return pares


def correr(args, raiz, variables, web, trabajador, buzon, postgres, carpeta):
    escena = Escena(raiz, variables, web, trabajador, buzon, contratos(CAMINAN))
    escena.empezar()
    filas: list[Fila] = []
    plazo = args.minutos * 60
    n = args.muertes

    def fin(parte: float) -> float:
        return time.monotonic() + plazo * parte

    def quedan() -> int:
        return n - sum(f.veces for f in filas)

    pasos = [
        # Those that take long to stand up again have a bound; the workers of the web make up the number.
        ("SIGKILL, the web's master", lambda: muertes.del_maestro(escena, n * 3 // 20, fin(0.15))),
        (
            "SIGKILL, the queue worker or one of its own",
            lambda: muertes.del_trabajador(escena, n * 8 // 20, fin(0.2)),
        ),
        ("SIGKILL, a worker of the web", lambda: muertes.de_la_web(escena, quedan(), fin(0.3))),
        (
            "PostgreSQL: every connection terminated",
            lambda: muertes.de_conexiones_con_la_base(escena, postgres, 16),
        ),
        ("PostgreSQL: restart -m immediate", lambda: muertes.de_la_base(escena, postgres, 4)),
        ("A person's connection cut after sending", lambda: muertes.de_lo_que_llevan(escena, 8)),
        ("50 dripping connections and 200 silent ones", lambda: alrededor.lentas(escena)),
        ("Disk full for uploads", lambda: alrededor.disco_lleno(escena)),
    ]
    todo = [(f, lambda f=f, r=r: escena.medir(f, r, CAMINAN)) for f, r in pasos]
    todo += [(f"Mail: {m}", lambda m=m: correo_malo.fallar(escena, m)) for m in correo_malo.MODOS]
    todo += [(f, lambda f=f, h=h: h(f)) for f, h in alrededor.aparte(escena, postgres, carpeta)]
    for nombre, hacer in todo:
        if not args.solo or any(s.casefold() in nombre.casefold() for s in args.solo):
            try:
                filas.append(_dicha(hacer()))
            except Exception as error:  # the others are still to be tried
                escena.mal.append(f"{nombre}: {type(error).__name__}: {error}")
                print(escena.mal[-1], flush=True)
    return filas, escena.mal


def _dicha(fila: Fila) -> Fila:
    print(f"{time.strftime('%H:%M:%S')}  {renglon(fila)}", flush=True)
    return fila
