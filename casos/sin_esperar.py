"""A write that a page can do without: at once, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

ESPERA = 500  # milliseconds for whoever else is writing


@contextmanager
def sin_esperar() -> Iterator[None]:
    """A transaction that raises ``DatabaseError`` soon where another holds what it writes.

    Elsewhere SQLite waits twenty seconds for its one lock, and PostgreSQL for a row without end.
    """
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        ejecutar = connection.connection.execute  # before the transaction, which takes the lock
        [antes] = ejecutar("PRAGMA busy_timeout").fetchone()
        ejecutar(f"PRAGMA busy_timeout={ESPERA}")
        try:
            with transaction.atomic():
                yield
        finally:
            ejecutar(f"PRAGMA busy_timeout={antes}")
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {ESPERA}")
        yield
