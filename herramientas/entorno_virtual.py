"""Create the virtual environment with nothing but python3 (and say what is missing otherwise).

Debian's python3 comes without ensurepip: then virtualenv makes it, or the system's own pip puts
a pip into an environment made without. Runs on older Pythons, to be able to say that they are old.
"""

import shutil
import subprocess
import sys
from pathlib import Path


def corre(*orden):
    return subprocess.call(orden, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def sirve():
    return Path(propio).exists() and corre(propio, "-m", "pip", "--version")


if sys.version_info < (3, 11):
    sys.exit(f"Hace falta Python 3.11 o posterior; «python3» es {sys.version.split()[0]}.")

carpeta = Path(sys.argv[1])
propio = str(carpeta / "bin" / "python")
es_nueva = not carpeta.exists()
FORMAS = (
    [[sys.executable, "-m", "venv", str(carpeta)]],
    [[sys.executable, "-m", "virtualenv", str(carpeta)]],
    [
        [sys.executable, "-m", "venv", "--without-pip", str(carpeta)],
        [sys.executable, "-m", "pip", "--python", propio, "install", "pip"],
    ],
)
for ordenes in FORMAS:
    if sirve() or (all(corre(*orden) for orden in ordenes) and sirve()):
        sys.exit(0)
    if es_nueva:
        shutil.rmtree(carpeta, ignore_errors=True)  # what this attempt left half made
sys.exit(
    "No se pudo crear el entorno virtual: instala el paquete python3-venv del sistema "
    "(o python3-pip) y vuelve a intentarlo."
)
