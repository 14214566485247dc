"""Create the virtual environment with nothing but python3 (and say what is missing otherwise)."""

import subprocess
import sys
from pathlib import Path

carpeta = Path(sys.argv[1])
if (carpeta / "bin" / "pip").exists():
    sys.exit(0)
for orden in (["venv"], ["virtualenv"]):
    if subprocess.run([sys.executable, "-m", *orden, carpeta], capture_output=True).returncode == 0:
        sys.exit(0)
sys.exit(
    "No se pudo crear el entorno virtual: instala el paquete python3-venv del sistema "
    "(o «python3 -m pip install virtualenv») y vuelve a intentarlo."
)
