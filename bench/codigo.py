"""A checkout of the product: its Python, its commands, its ``Procfile``."""

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from .cliente import Fallo
from .servidor import entorno

RAIZ = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Codigo:
    nombre: str
    raiz: Path

    @property
    def python(self) -> Path:
        propio = self.raiz / ".venv/bin/python"
        return propio if propio.exists() else Path(sys.executable)

    @property
    def orden_web(self) -> str:
        hallada = re.search(r"^web: *(.+)$", (self.raiz / "Procfile").read_text(), re.M)
        if not hallada:
            raise Fallo(f"{self.raiz}/Procfile says no «web:».")
        return hallada[1]

    @property
    def migraciones(self) -> str:
        """Two checkouts whose tables are made alike may share what was sown."""
        suma = hashlib.sha256()
        for archivo in sorted(self.raiz.glob("casos/migrations/*.py")):
            suma.update(archivo.name.encode() + archivo.read_bytes())
        return suma.hexdigest()

    @property
    def commit(self) -> str:
        orden = ["git", "-C", str(self.raiz), "log", "-1", "--format=%h %s"]
        return subprocess.run(orden, capture_output=True, text=True).stdout.strip()

    def manage(self, url: str, *orden: str) -> tuple[float, float]:
        """Run a command of the product; seconds and the peak of its memory in MiB."""
        return correr(
            [str(self.python), "manage.py", *orden],
            self.raiz,
            entorno(self.python, DATABASE_URL=url),
        )


def correr(orden: list[str], raiz: Path, variables: dict) -> tuple[float, float]:
    inicio = monotonic()
    proceso = subprocess.Popen(
        orden,
        cwd=raiz,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        dicho = proceso.stdout.read()
        _, codigo, gastado = os.wait4(proceso.pid, 0)
        proceso.returncode = os.waitstatus_to_exitcode(codigo)
    finally:
        if proceso.returncode is None:
            proceso.terminate()
            proceso.wait()
    if proceso.returncode:
        raise Fallo(f"{' '.join(orden)} (in {raiz}):\n{dicho[-2000:]}")
    return monotonic() - inicio, gastado.ru_maxrss / 1024


def nombrar(rutas: list[str]) -> list[Codigo]:
    """This checkout and the others, each under a short name; raises ``Fallo`` for what is none."""
    codigos = [Codigo("ours", RAIZ)]
    for ruta in map(Path, rutas):
        nombre, _, hay = str(ruta).rpartition("=")
        raiz = Path(hay).resolve()
        if not (raiz / "manage.py").exists():
            raise Fallo(f"{raiz} is no checkout of the product.")
        codigos.append(Codigo(nombre or raiz.name, raiz))
    if len({c.nombre for c in codigos}) < len(codigos):
        raise Fallo("Two checkouts have one name: write --codigo NAME=PATH.")
    return codigos
