"""Throw-away databases: a PostgreSQL cluster of this run, or a folder of SQLite files."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from .cliente import Fallo


class Postgres:
    """Databases of one server, copied as templates. ``servidor``: ``postgres://user:pass@host:port``."""

    motor = "postgres"

    def __init__(self, servidor: str):
        self.donde, self._hechas = servidor.rstrip("/"), []

    def url(self, nombre: str) -> str:
        return f"{self.donde}/{nombre}"

    def crear(self, nombre: str, de: str = "") -> str:
        self._mandar(f'CREATE DATABASE "{nombre}"' + (f' TEMPLATE "{de}"' if de else ""))
        self._hechas.append(nombre)
        return self.url(nombre)

    def reposar(self, nombre: str) -> None:
        """What autovacuum would do some minutes later, in the middle of the measure."""
        self._mandar("VACUUM (ANALYZE)", nombre)
        self._mandar("CHECKPOINT")

    def borrar(self, nombre: str) -> None:
        self._mandar(f'DROP DATABASE IF EXISTS "{nombre}" WITH (FORCE)')
        self._hechas.remove(nombre)

    def borrar_todo(self) -> None:
        for nombre in list(self._hechas):
            self.borrar(nombre)

    def version(self) -> str:
        return self.preguntar("postgres", "SHOW server_version")[0][0].split()[0]

    def preguntar(self, nombre: str, sql: str, *valores) -> list:
        with closing(psycopg2.connect(self.url(nombre))) as conexion, conexion.cursor() as cursor:
            cursor.execute(sql.replace("?", "%s"), valores)
            return cursor.fetchall() if cursor.description else conexion.commit() or []

    def columnas(self, nombre: str, tabla: str) -> list[str]:
        sql = "SELECT column_name FROM information_schema.columns WHERE table_name = ?"
        return [fila[0] for fila in self.preguntar(nombre, sql, tabla)]

    def _mandar(self, orden: str, nombre: str = "postgres") -> None:
        with closing(psycopg2.connect(self.url(nombre))) as conexion:
            conexion.autocommit = True
            with conexion.cursor() as cursor:
                cursor.execute(orden)


class Sqlite:
    motor = "sqlite"

    def __init__(self, carpeta: Path | str):
        self.donde = str(carpeta)

    def _ruta(self, nombre: str) -> Path:
        return Path(self.donde) / f"{nombre}.sqlite3"

    def url(self, nombre: str) -> str:
        return f"sqlite:///{self._ruta(nombre)}"

    def crear(self, nombre: str, de: str = "") -> str:
        if de:
            self._mandar(de, "PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copyfile(self._ruta(de), self._ruta(nombre))
        return self.url(nombre)

    def reposar(self, nombre: str) -> None:
        self._mandar(nombre, "PRAGMA wal_checkpoint(TRUNCATE)")

    def borrar(self, nombre: str) -> None:
        for archivo in Path(self.donde).glob(f"{nombre}.sqlite3*"):
            archivo.unlink()

    def borrar_todo(self) -> None:
        for archivo in Path(self.donde).glob("*.sqlite3*"):
            archivo.unlink()

    def version(self) -> str:
        return sqlite3.sqlite_version

    def preguntar(self, nombre: str, sql: str, *valores) -> list:
        with closing(sqlite3.connect(self._ruta(nombre))) as conexion, conexion:
            return conexion.execute(sql, valores).fetchall()

    def columnas(self, nombre: str, tabla: str) -> list[str]:
        return [
            fila[0]
            for fila in self.preguntar(nombre, "SELECT name FROM pragma_table_info(?)", tabla)
        ]

    def _mandar(self, nombre: str, orden: str) -> None:
        with closing(sqlite3.connect(self._ruta(nombre), isolation_level=None)) as conexion:
            conexion.execute(orden)


@contextmanager
def abrir(motor: str, carpeta: Path, servidor: str = "") -> Iterator[Postgres | Sqlite]:
    """The databases of ``motor``; whatever was made is gone afterwards."""
    with _cluster() if motor == "postgres" and not servidor else _prestado(servidor) as donde:
        bases = Postgres(donde) if motor == "postgres" else Sqlite(carpeta)
        try:
            yield bases
        finally:
            bases.borrar_todo()


@contextmanager
def _prestado(servidor: str) -> Iterator[str]:
    if servidor and urlsplit(servidor).scheme not in ("postgres", "postgresql"):
        raise Fallo("--servidor takes postgres://user:password@host:port")
    yield servidor


@contextmanager
def _cluster() -> Iterator[str]:
    """Debian's throw-away cluster: it lives as long as the ``cat`` inside it has an open input."""
    if not shutil.which("pg_virtualenv"):
        raise Fallo("pg_virtualenv (postgresql-common) is missing; give --servidor instead.")
    dentro = 'echo "=postgres://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT"; exec cat'
    # A session of its own: Ctrl-C is for us, and we close it.
    proceso = subprocess.Popen(
        ["pg_virtualenv", "-t", "sh", "-c", dentro],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ
        | {"LC_ALL": "C.UTF-8"},  # else, where the machine has no language, not in UTF-8
        start_new_session=True,
    )
    try:
        for linea in proceso.stdout:
            if linea.startswith("="):
                yield linea[1:].strip()
                break
        else:
            raise Fallo("PostgreSQL did not start.")
    finally:
        proceso.stdin.close()
        proceso.stdout.read()
        proceso.wait(timeout=60)
