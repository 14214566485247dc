"""The product under attack: a copy of this checkout with its own ``var/``, a throw-away database, its real web server."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import bases
from bench.codigo import RAIZ, Codigo
from bench.servidor import Servidor, entorno

# What is run, and the tests' own guide through it.
SE_COPIAN = (
    "casos",
    "seguimiento",
    "static",
    "templates",
    "tests",
    "manage.py",
    "Procfile",
    "requirements.txt",
)


@dataclass
class Sitio:
    codigo: Codigo
    url: str
    carpeta: Path
    servidor: Servidor

    def manage(self, *orden: str) -> None:
        self.codigo.manage(self.url, *orden)

    def espera(self) -> float:
        """Seconds that all its threads have waited for a processor, as the kernel counts them."""
        nanos = 0
        for pid in self.servidor.procesos():
            for hilo in Path(f"/proc/{pid}/task").glob("*/schedstat"):
                nanos += int(hilo.read_text().split()[1])
        return nanos / 1e9

    @property
    def bitacora(self) -> str:
        return (self.carpeta / "web.log").read_text(errors="replace")


@contextmanager
def abrir(opciones, carpeta: Path, plantar) -> Iterator[Sitio]:
    """``plantar()`` runs with Django ready, before the server starts."""
    copia = carpeta / "producto"
    copia.mkdir()
    for nombre in SE_COPIAN:
        origen = RAIZ / nombre
        copiar = shutil.copytree if origen.is_dir() else shutil.copy
        copiar(origen, copia / nombre)
    codigo = Codigo("ours", copia)
    servidor = opciones.servidor if opciones.motor == "postgres" else ""
    with bases.abrir(opciones.motor, carpeta, servidor) as donde:
        url = donde.crear(f"hostil{opciones.parte or 0}")
        codigo.manage(url, "preparar")
        _django(copia, codigo.python, url)
        plantar()
        orden = codigo.orden_web
        with Servidor(orden, codigo.python, copia, url, carpeta / "web.log") as servidor:
            yield Sitio(codigo, url, carpeta, servidor)
            _soltar()


def _django(copia: Path, python: Path, url: str) -> None:
    """Of the copy, so that what is planted lies beside what is served."""
    os.environ.update(entorno(python, DATABASE_URL=url))
    os.environ["DJANGO_SETTINGS_MODULE"] = "seguimiento.settings"
    sys.path.insert(0, str(copia))
    import django

    django.setup()


def _soltar() -> None:
    from django.db import connections

    connections.close_all()
