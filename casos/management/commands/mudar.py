"""``manage.py mudar --a URL``: this database into another one, SQLite ↔ PostgreSQL, the log intact."""

import os
import subprocess
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from casos import disparadores
from casos.datos.mudanza import contar, mudar
from seguimiento import entorno

DESTINO = "destino"


class Command(BaseCommand):
    help = "Copia toda la base a otra, vacía, y termina comprobando la bitácora. Detén antes la web y el trabajador."

    def add_arguments(self, parser):
        parser.add_argument(
            "--a", required=True, help="postgres://… o sqlite:////ruta/base.sqlite3"
        )

    def handle(self, *args, a, **kwargs):
        try:
            base = entorno.base_de_datos_en(a)
        except ImproperlyConfigured as error:
            raise CommandError(str(error).replace("DATABASE_URL", "--a")) from None
        self._en_el_destino(a, "migrate", "--verbosity", "0", "--no-input")
        connections.settings[DESTINO] = connections.configure_settings(
            {"default": base, DESTINO: base}
        )[DESTINO]
        try:
            # What a new database begins with (its first revision, what was configured) may stand guarded too.
            disparadores.retirar(DESTINO, *disparadores.tablas())
            total = mudar("default", DESTINO, self._avance)
            if contar("default") != contar(DESTINO):
                raise CommandError("No llegaron todas las filas: no uses la base de destino.")
            disparadores.instalar(DESTINO)
        except ValueError as error:
            raise CommandError(str(error)) from None
        finally:
            connections[DESTINO].close()
            del connections.settings[DESTINO]
        self.stdout.write(f"{total:,} filas. Falta comprobar la bitácora…")
        self._en_el_destino(a, "verificar_bitacora")
        self.stdout.write(
            "Listo. Pon esa dirección en DATABASE_URL; var/archivos/ se queda donde está."
        )

    def _avance(self, tabla: str, filas: int) -> None:
        if filas:
            self.stdout.write(f"  {tabla}: {filas:,}")

    def _en_el_destino(self, url: str, *orden: str) -> None:
        """In a process of its own: what these do, they do on the database of the settings."""
        proceso = subprocess.run(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), *orden],
            env=os.environ | {"DATABASE_URL": url},
            capture_output=True,
            text=True,
        )
        self.stdout.write(proceso.stdout, ending="")
        if proceso.returncode:
            raise CommandError(f"En la base de destino: {proceso.stderr.strip()[-2000:]}")
