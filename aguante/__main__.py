"""``python -m aguante``: break everything around the product, and count what is lost."""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import django

from . import procesos
from .base import Postgres
from .buzon import Buzon

RAIZ = Path(__file__).resolve().parent.parent
NO_VA = shutil.ignore_patterns(
    ".git", ".venv", "var", "__pycache__", ".mypy_cache", ".ruff_cache", "*.pyc"
)


def main() -> int:
    pide = argparse.ArgumentParser(prog="python -m aguante", description=__doc__)
    pide.add_argument("--muertes", type=int, default=200, help="SIGKILLs in all (200)")
    pide.add_argument(
        "--minutos",
        type=float,
        default=15,
        help="of the whole, about; the kills get what is said in corrida.py (15)",
    )
    pide.add_argument(
        "--solo", nargs="*", default=[], help="only the faults whose name has one of these"
    )
    pide.add_argument(
        "--escribir", action="store_true", help="put the table into docs/operacion.md"
    )
    args = pide.parse_args()
    # Told to stop, it ends what it began, as after Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with ExitStack() as pila:
        carpeta = Path(pila.enter_context(tempfile.TemporaryDirectory(prefix="aguante-")))
        raiz = carpeta / "producto"
        shutil.copytree(RAIZ, raiz, ignore=NO_VA)  # its var/ is of this run alone
        postgres = pila.enter_context(Postgres())
        buzon = pila.enter_context(Buzon())
        puerto = procesos.puerto_libre()
        propias = {"EMAIL_URL": f"smtp://127.0.0.1:{buzon.puerto}", "DEMO": "1"}
        variables = procesos.entorno(postgres.url, puerto, **propias)
        os.environ |= variables | {"DJANGO_SETTINGS_MODULE": "seguimiento.settings"}
        django.setup()  # what follows reads the settings
        from .corrida import correr, preparar

        preparar(raiz, variables)
        web = pila.enter_context(procesos.web(raiz, postgres.url, carpeta, puerto, **propias))
        worker = procesos.trabajador(raiz, postgres.url, carpeta, puerto, **propias)
        trabajador = pila.enter_context(worker)
        procesos.hasta_que_sirva(puerto, 120)
        from .informe import contar

        inicio = time.monotonic()
        filas, mal = correr(args, raiz, variables, web, trabajador, buzon, postgres, carpeta)
        return contar(filas, mal, time.monotonic() - inicio, args.escribir)


if __name__ == "__main__":
    sys.exit(main())
