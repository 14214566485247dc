"""What the database keeps of a request: exact, and cheap where nothing was written.

PostgreSQL numbers every transaction that writes. Where no number was given away between two looks nothing can have
changed. Else each table is asked for its rows and for the newest number on them (``xmin``): a row that was added
or changed bears a newer one than any there was, and one that was taken away is missing from the count. SQLite says
by ``data_version`` whether anybody has written; if so, every row is read.
"""

import hashlib
import re
import sqlite3
from contextlib import closing

import psycopg2

# What a refused request may leave, and why.
PUEDE_QUEDAR = {
    "django_session": "who knocks has a session: what was typed, when they were last here",
    "usersessions_usersession": "from where and when a session was last used",
    "cache": "attempts are counted",
    "casos_hechodeseguridad": "the security record: that it was refused",
    "casos_cabezadeseguridad": "its head",
}


class Huella:
    """What each table was when it was last looked at; ``_numero`` moves with every write of anybody."""

    _conexion: psycopg2.extensions.connection | sqlite3.Connection

    def _numero(self) -> int:
        raise NotImplementedError

    def _por_tabla(self) -> dict:
        raise NotImplementedError

    def mirar(self) -> None:
        self._vista = (self._numero(), self._por_tabla())

    def cambios(self) -> list[str]:
        """Tables that are not as they were when this was last asked."""
        numero, tablas = self._vista
        if self._numero() == numero:
            return []
        self.mirar()
        nuevas = self._vista[1]
        return [t for t in nuevas if nuevas[t] != tablas[t]]

    def cerrar(self) -> None:
        self._conexion.close()


class EnPostgres(Huella):
    def __init__(self, url: str):
        self._conexion = psycopg2.connect(url)
        self._conexion.autocommit = True
        self.mandar("SET synchronous_commit = off")
        tablas = self.preguntar("SELECT relname FROM pg_stat_user_tables ORDER BY relname")
        self._tablas = [t for (t,) in tablas if t not in PUEDE_QUEDAR]
        todas = " UNION ALL ".join(
            f"SELECT '{t}', count(*), max(xmin::text::bigint) FROM \"{t}\"" for t in self._tablas
        )
        self.mandar(f"PREPARE cada_tabla AS {todas}")  # to plan it takes longer than to do it
        self.mirar()

    def preguntar(self, sql: str) -> list[tuple]:
        with self._conexion.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def mandar(self, sql: str) -> None:
        with self._conexion.cursor() as cursor:
            cursor.execute(sql)

    def _numero(self) -> int:
        return self.preguntar("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")[0][0]

    def _por_tabla(self) -> dict:
        return {t: (n, x) for t, n, x in self.preguntar("EXECUTE cada_tabla")}


class EnSqlite(Huella):
    def __init__(self, url: str):
        ruta = url.removeprefix("sqlite:///")
        self._ruta = ruta
        self._conexion = sqlite3.connect(ruta, timeout=30, isolation_level=None)
        tablas = self._conexion.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        self._tablas = [
            t for (t,) in tablas if t not in PUEDE_QUEDAR and not re.match("sqlite_", t)
        ]
        self.mirar()

    def preguntar(self, sql: str) -> list[tuple]:
        return self._conexion.execute(sql).fetchall()

    def mandar(self, sql: str) -> None:
        # By another connection: one's own writes do not move ``data_version``.
        with closing(sqlite3.connect(self._ruta, timeout=30)) as otra, otra:
            otra.execute(sql)

    def _numero(self) -> int:
        return self.preguntar("PRAGMA data_version")[0][0]

    def _por_tabla(self) -> dict:
        return {t: self._suma(t) for t in self._tablas}

    def _suma(self, tabla: str) -> str:
        suma = hashlib.sha256()
        for fila in self._conexion.execute(f'SELECT * FROM "{tabla}" ORDER BY rowid'):
            suma.update(repr(fila).encode())
        return suma.hexdigest()


def abrir(url: str) -> EnPostgres | EnSqlite:
    return EnSqlite(url) if url.startswith("sqlite") else EnPostgres(url)
