"""What is made once a session: the people, one ready case per state, and the scenarios.

Both live in a transaction that stays open between tests; each test runs on a savepoint of it and
leaves them as it found them. ``personas`` asks for the people, ``mundo`` for the cases too; a test
that asks for neither finds neither, in whatever order tests come. Threads and other processes would
not see what is not committed: a transactional test makes its own people and walks its own cases.
"""

from types import SimpleNamespace

import pytest
from django.db import transaction

from casos.calendario import hoy

from . import escenarios
from .guion import Guion
from .personas import crear_gente, leer_gente

NADIE, GENTE, CASOS = range(3)


class Sesion:
    def __init__(self):
        self.abiertas, self.listos, self.dia = [], {}, None

    @property
    def nivel(self) -> int:
        """A transaction is open per level."""
        return len(self.abiertas)

    def llevar_a(self, nivel: int) -> None:
        """Make, or take away, what the next test finds; what was made yesterday is made again."""
        if self.dia != hoy():
            self._bajar_a(NADIE)
        self._bajar_a(nivel)
        while self.nivel < nivel:
            self.abiertas.append(transaction.atomic())
            self.abiertas[-1].__enter__()
            try:
                self._hacer()
            except BaseException:
                self._bajar_a(self.nivel - 1)  # the next test tries again
                raise

    def _hacer(self) -> None:
        self.dia = hoy()
        if self.nivel == GENTE:
            crear_gente()
        else:
            self.listos = escenarios.todos(Guion(leer_gente()))
        # What is left to be checked at the end of a transaction bars changes of its tables.
        transaction.get_connection().check_constraints()

    def _bajar_a(self, nivel: int) -> None:
        while self.nivel > nivel:
            transaction.set_rollback(True)
            self.abiertas.pop().__exit__(None, None, None)


SESION = Sesion()


def es_transaccional(item) -> bool:
    marca = item.get_closest_marker("django_db")
    pide = {"live_server", "transactional_db"} & set(item.fixturenames)
    return bool(pide or (marca and marca.kwargs.get("transaction")))


def nivel_de(item) -> int:
    if es_transaccional(item):
        return NADIE
    pide = item.fixturenames
    return CASOS if "mundo" in pide else GENTE if "personas" in pide else NADIE


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef, request):
    """Right before pytest-django opens the test's own transaction (the fixture of ``db``)."""
    if fixturedef.argname == "_django_db_helper":
        with request.getfixturevalue("django_db_blocker").unblock():
            SESION.llevar_a(nivel_de(request.node))


@pytest.fixture(scope="session", autouse=True)
def cerrar_la_sesion(django_db_setup, django_db_blocker):
    yield
    with django_db_blocker.unblock():
        SESION.llevar_a(NADIE)


@pytest.fixture
def personas(db) -> SimpleNamespace:
    """Everybody, each area's person being its manager; all with the password ``demo``."""
    return leer_gente() if SESION.nivel >= GENTE else crear_gente()


@pytest.fixture
def mundo(request, personas) -> Guion:
    """Everybody, and the ready cases, which ``hasta`` and ``escenario`` hand out once in each test."""
    if es_transaccional(request.node):
        return Guion(personas)
    assert SESION.nivel == CASOS, "mundo se pide en la firma de la prueba o de su fixture"
    return Guion(personas, SESION.listos)
