"""A second look at what seemed wrong, while nobody writes there: by its lock, or as of one instant."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, models, transaction


@contextmanager
def sin_que_cambie(modelo: type[models.Model], pk: int) -> Iterator[None]:
    """Whoever may only read takes no lock: PostgreSQL gives them all that is read as of one instant."""
    fuera, bloquea = not connection.in_atomic_block, _puede_bloquear(modelo)
    with transaction.atomic():
        if bloquea:
            modelo._base_manager.select_for_update().filter(pk=pk).first()
        elif fuera:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _puede_bloquear(modelo: type[models.Model]) -> bool:
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_any_column_privilege(%s::regclass, 'UPDATE')", [modelo._meta.db_table]
        )
        return cursor.fetchone()[0]
