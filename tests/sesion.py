"""What is made once a session: the people, one ready case per state, and what several tests begin with.

It lives in transactions that stay open between tests, one inside another; each test runs on a savepoint
of them and leaves them as it found them. ``personas`` asks for the people, ``mundo`` for the cases too, a
scene (``@escena``) for what it makes; a test that asks for none finds none, in whatever order tests
come. Threads and other processes would not see what is not committed: a transactional test makes its own
people and walks its own cases.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from casos.calendario import hoy

from . import escenarios
from .guion import Guion
from .personas import crear_gente, leer_gente

GENTE, CASOS = "personas", "mundo"
ESCENAS: dict[str, Callable[[SimpleNamespace], Any]] = {}


def escena(hacer: Callable[[SimpleNamespace], Any]) -> Callable:
    """A fixture whose rows are made once and stay for whoever asks next; it gives what ``hacer`` returned.

    ``hacer`` takes the people. What it returns is given to each test: keys, or a function that reads.
    """
    nombre = hacer.__name__
    assert nombre not in ESCENAS, nombre
    ESCENAS[nombre] = hacer

    @pytest.fixture(name=nombre)
    def dada(personas):
        return SESION.hecho[nombre]

    return dada


class Sesion:
    def __init__(self):
        self.abiertas: list[
            tuple[str, Any]
        ] = []  # what is there, each in the transaction of the one before
        self.hecho: dict[str, Any] = {}
        self.dia = None

    @property
    def hay(self) -> tuple[str, ...]:
        return tuple(que for que, _ in self.abiertas)

    def dejar(self, pedidos: tuple[str, ...]) -> None:
        """Make, or take away, what the next test finds; what was made yesterday is made again."""
        if self.dia != hoy():
            self._quitar_hasta(0)
        comunes = 0
        while comunes < min(len(self.hay), len(pedidos)) and self.hay[comunes] == pedidos[comunes]:
            comunes += 1
        self._quitar_hasta(comunes)
        for que in pedidos[comunes:]:
            self.abiertas.append((que, transaction.atomic()))
            self.abiertas[-1][1].__enter__()
            try:
                self._hacer(que)
            except BaseException:
                self._quitar_hasta(len(self.abiertas) - 1)  # the next test tries again
                raise

    def _hacer(self, que: str) -> None:
        self.dia = hoy()
        if que == GENTE:
            crear_gente()
        elif que == CASOS:
            self.hecho[que] = escenarios.todos(Guion(leer_gente()))
        else:
            self.hecho[que] = ESCENAS[que](leer_gente())
        # What is left to be checked at the end of a transaction bars changes of its tables.
        transaction.get_connection().check_constraints()

    def _quitar_hasta(self, cuantos: int) -> None:
        while len(self.abiertas) > cuantos:
            transaction.set_rollback(True)
            self.abiertas.pop()[1].__exit__(None, None, None)


SESION = Sesion()


def es_transaccional(item) -> bool:
    marca = item.get_closest_marker("django_db")
    pide = {"live_server", "transactional_db"} & set(item.fixturenames)
    return bool(pide or (marca and marca.kwargs.get("transaction")))


def lo_que_pide(item) -> tuple[str, ...]:
    if es_transaccional(item):
        return ()
    pide = set(item.fixturenames)
    sobre = [que for que in (CASOS, *ESCENAS) if que in pide]
    assert len(sobre) <= 1, f"{item.name}: {sobre} no caben a la vez"
    return (GENTE, *sobre) if sobre or GENTE in pide else ()


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef, request):
    """Right before pytest-django opens the test's own transaction (the fixture of ``db``)."""
    if fixturedef.argname == "_django_db_helper":
        with request.getfixturevalue("django_db_blocker").unblock():
            SESION.dejar(lo_que_pide(request.node))


@pytest.fixture(scope="session", autouse=True)
def cerrar_la_sesion(django_db_setup, django_db_blocker):
    yield
    with django_db_blocker.unblock():
        SESION.dejar(())


@pytest.fixture
def personas(db) -> SimpleNamespace:
    """Everybody, each area's person being its manager; all with the password ``demo``."""
    return leer_gente() if SESION.hay else crear_gente()


@pytest.fixture
def mundo(request, personas) -> Guion:
    """Everybody, and the ready cases, which ``hasta`` and ``escenario`` hand out once in each test."""
    if es_transaccional(request.node):
        return Guion(personas)
    assert CASOS in SESION.hay, "mundo se pide en la firma de la prueba o de su fixture"
    return Guion(personas, SESION.hecho[CASOS])


@pytest.fixture
def a_solas(personas) -> Guion:
    """Everybody and no case, for a test that counts all there are in a module that begins with ``mundo``."""
    return Guion(personas)
