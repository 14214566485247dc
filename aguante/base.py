"""A PostgreSQL of this run alone (Debian's ``pg_virtualenv``), which can be knocked over and stood up again."""

import os
import subprocess
import time
from contextlib import closing

import psycopg2

DENTRO = """
echo "=postgres://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT/postgres"
while read orden; do eval "$orden" >&2; echo "=hecho"; done
"""


class Postgres:
    """It lives as long as the shell inside it has an open input."""

    def __enter__(self):
        self._proceso = subprocess.Popen(
            ["pg_virtualenv", "-t", "sh", "-c", DENTRO],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"LC_ALL": "C.UTF-8"},
            start_new_session=True,
        )
        self.url = self._leer()
        return self

    def __exit__(self, *_):
        self._proceso.stdin.close()
        self._proceso.stdout.read()
        self._proceso.wait(timeout=90)

    def _leer(self) -> str:
        for linea in self._proceso.stdout:
            if linea.startswith("="):
                return linea[1:].strip()
        raise RuntimeError("PostgreSQL no arrancó.")

    def otra(self, nombre: str) -> str:
        """Another, empty database; its address."""
        with closing(psycopg2.connect(self.url)) as conexion:
            conexion.autocommit = True
            with conexion.cursor() as cursor:
                cursor.execute(f"CREATE DATABASE {nombre}")
        return f"{self.url.rpartition('/')[0]}/{nombre}"

    def reiniciar_de_golpe(self) -> float:
        """``restart -m immediate``, as after a power cut; seconds that PostgreSQL itself was away."""
        inicio = time.monotonic()
        orden = "set -- $(pg_lsclusters -h | head -1); pg_ctlcluster $1 $2 restart -m immediate"
        self._proceso.stdin.write(orden + "\n")
        self._proceso.stdin.flush()
        self._leer()
        while True:
            try:
                with closing(psycopg2.connect(self.url, connect_timeout=2)):
                    return time.monotonic() - inicio
            except psycopg2.OperationalError:
                time.sleep(0.1)

    def cortar_todas(self) -> None:
        with closing(psycopg2.connect(self.url)) as conexion, conexion.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND"
                " backend_type = 'client backend'"
            )
