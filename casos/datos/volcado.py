"""Rows straight into their tables: ``COPY`` on PostgreSQL, ``executemany`` elsewhere. Knows no case.

A row is a list of cells, one per column, as the way of writing takes them. A cell that differs in each copy is a
function of the copy; what a JSON column holds comes as its text. Nothing passes through ``save()``.
"""

import io
import json
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date

from django.db import connection, models

Tablas = dict[type[models.Model], list[list]]  # in the order in which they are written


class PorInsert:
    """Cells are parameters of a statement, on any database."""

    tanda = 1000  # cases of a transaction: on SQLite nobody else writes meanwhile

    def fija(self, campo: models.Field, valor):
        """The cell of a value."""
        if isinstance(campo, models.JSONField):
            return valor
        return campo.get_db_prep_save(valor, connection)

    def viva(self, campo: models.Field, hacer: Callable) -> Callable:
        """The cell that ``hacer`` makes for each copy."""
        if isinstance(campo, models.DateTimeField):
            adaptar = connection.ops.adapt_datetimefield_value
            return lambda c: adaptar(hacer(c))
        if isinstance(campo, models.UUIDField) and not connection.features.has_native_uuid_field:
            return lambda c: hacer(c).replace("-", "")
        return hacer

    def fila(self, objeto: models.Model) -> list:
        """The cells of an instance that is not stored yet."""
        return [
            self.fija(c, _json(v) if isinstance(c, models.JSONField) else v)
            for c in objeto._meta.concrete_fields
            for v in (c.pre_save(objeto, add=True),)
        ]

    def escribir(self, modelo: type[models.Model], filas: list[list]) -> None:
        with connection.cursor() as cursor:
            marcas = ", ".join(["%s"] * len(filas[0]))
            cursor.executemany(f"INSERT INTO {_tabla(modelo)} VALUES ({marcas})", filas)

    @contextmanager
    def escribiendo(self, *, seguro: bool = False) -> Iterator[tuple[Callable, Callable]]:
        """A function that writes tables with their rows, and one that waits until they are written.

        ``seguro``: rows like these were written already, so that the base need not check whom they point to.
        """

        def escribir(tablas: Tablas) -> None:
            for modelo, filas in tablas.items():
                self.escribir(modelo, filas)

        yield escribir, lambda: None


class PorCopy(PorInsert):
    """Cells are the text of ``COPY``, which PostgreSQL reads several times faster than statements."""

    tanda = 4000

    def fija(self, campo, valor) -> str:
        return _texto(valor)

    def viva(self, campo, hacer):
        if isinstance(campo, (models.CharField, models.TextField, models.JSONField)):
            return lambda c: _escapar(hacer(c))
        if isinstance(campo, models.DateField):  # an instant, too
            return lambda c: hacer(c).isoformat()
        return lambda c: str(hacer(c))

    def escribir(self, modelo, filas) -> None:
        with connection.cursor() as cursor:
            _copiar(cursor, modelo, filas)

    @contextmanager
    def escribiendo(self, *, seguro=False):
        """The base takes the rows, and checks whom they point to, while the next ones are made.

        Where they are ``seguro`` it does not check them, if it is told by who may tell it (a superuser).

        Nothing else may be asked of the connection until ``esperar``. The thread needs Python for an instant
        between one table and the next, and would wait each time as long as ``sys`` lets the other one go on.
        """
        antes = sys.getswitchinterval()
        with connection.cursor() as cursor, ThreadPoolExecutor(1) as hilo:
            pendiente: list[Future] = []

            if sin_mirar := seguro and _puede_todo(cursor):
                cursor.execute("SET LOCAL session_replication_role = replica")

            def copiar(tablas: Tablas) -> None:
                for modelo, filas in tablas.items():
                    _copiar(cursor, modelo, filas)
                if sin_mirar:
                    return
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")

            def esperar(cuantas: int = 0) -> None:
                while len(pendiente) > cuantas:
                    pendiente.pop(0).result()

            def escribir(tablas: Tablas) -> None:
                esperar(EN_CAMINO)
                pendiente.append(hilo.submit(copiar, tablas))

            sys.setswitchinterval(CEDE)
            try:
                yield escribir, esperar
                esperar()
                if sin_mirar:
                    cursor.execute("SET LOCAL session_replication_role = origin")
            finally:
                sys.setswitchinterval(antes)


def _puede_todo(cursor) -> bool:
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    return cursor.fetchone()[0]


def _copiar(cursor, modelo: type[models.Model], filas: list[list]) -> None:
    texto = "".join(["\t".join(fila) + "\n" for fila in filas])
    cursor.copy_expert(f"COPY {_tabla(modelo)} FROM STDIN", io.StringIO(texto), LOTE)


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
LOTE = 1 << 16  # characters handed over at a time
EN_CAMINO = 3  # groups of tables that wait to be written: one that takes longer stops nobody
CEDE = 0.0002  # seconds after which one thread lets the other go on


def de_esta_base() -> PorInsert:
    return PorCopy() if connection.vendor == "postgresql" else PorInsert()


def _tabla(modelo) -> str:
    nombre = connection.ops.quote_name
    columnas = ", ".join(nombre(c.column) for c in modelo._meta.concrete_fields)
    return f"{nombre(modelo._meta.db_table)} ({columnas})"


def _texto(valor) -> str:
    if valor is None:
        return r"\N"
    if isinstance(valor, bool):
        return "t" if valor else "f"
    if isinstance(valor, date):
        return valor.isoformat()
    return _escapar(valor) if isinstance(valor, str) else str(valor)


_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def _escapar(texto: str) -> str:
    # Most have nothing to escape, and to look is cheaper than to translate.
    if "\\" in texto or "\n" in texto or "\t" in texto or "\r" in texto:
        return texto.translate(_ESCAPES)
    return texto
