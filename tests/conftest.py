"""Infrastructure of the tests: real database, real SMTP, real browser, and strictness."""

import gc
import os
import threading
from importlib import import_module

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

import jinja2
import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.template import base
from django.test import Client
from django.test.signals import template_rendered
from hypothesis import settings as settings_de_hypothesis

# Playwright keeps an event loop running in the thread of the tests, and with one Django would give
# them another connection than before: theirs is the thread's, loop or no loop.
connections._connections = threading.local()

# A twelfth of the suite went into looking for cycles among what dies young.
gc.set_threshold(50_000, 20, 100)

# The same examples every time: what fails here fails tomorrow too, and on another machine.
settings_de_hypothesis.register_profile("fijo", derandomize=True, database=None, deadline=None)
settings_de_hypothesis.load_profile("fijo")

pytest_plugins = ["tests.reloj", "tests.sesion", "tests.reparto", "tests.infraestructura"]


# What migrating writes and no test changes: made anew it was half of what it costs to empty the database.
SE_QUEDAN = ("django_content_type", "auth_permission", "django_migrations")


@pytest.fixture(scope="session", autouse=True)
def vaciar_con_disparadores(django_db_setup, django_db_blocker):
    """The flush between transactional tests gets past the triggers of the log, and empties what has rows."""
    from casos.seguridad.lo_configurado import sin_encadenar

    with django_db_blocker.unblock():
        clase = type(connections["default"].ops)
    original = clase.execute_sql_flush

    def vaciar(self, _):
        conexion = self.connection
        tablas = [t for t in conexion.introspection.table_names() if t not in SE_QUEDAN]
        de_cada_una = (f"SELECT '{t}' WHERE EXISTS (SELECT 1 FROM \"{t}\")" for t in tablas)
        en_una = transaction.atomic(using=conexion.alias)
        with sin_encadenar(), en_una, conexion.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(de_cada_una))
            borra = [f'DELETE FROM "{t}"' for (t,) in cursor.fetchall()]
            if conexion.vendor == "postgresql":  # neither triggers nor foreign keys
                cursor.execute("SET LOCAL session_replication_role = replica")
                for sql in borra:
                    cursor.execute(sql)
                return
            cursor.execute("PRAGMA defer_foreign_keys = ON")
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            disparadores = cursor.fetchall()
            for nombre, _ in disparadores:
                cursor.execute(f'DROP TRIGGER "{nombre}"')
            for sql in [*borra, *(sql for _, sql in disparadores)]:
                cursor.execute(sql)

    clase.execute_sql_flush = vaciar
    yield
    clase.execute_sql_flush = original


@pytest.fixture(scope="session", autouse=True)
def busqueda_con_indices(request, django_db_setup, django_db_blocker):
    """What no model says and the migrations bring; ``make test`` makes its tables of the models, in a tenth of the time.

    That both ways lead to the same tables is asked in tests/test_migraciones.py.
    """
    if request.config.option.nomigrations and connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.schema_editor() as editor:
            for modulo in (
                "0002_busqueda",
                "0024_personas_en_la_busqueda",
                "0091_clientes_en_la_busqueda",
            ):
                import_module(f"casos.migrations.{modulo}").crear(apps, editor)


@pytest.fixture(scope="session", autouse=True)
def plantillas_estrictas():
    """A variable that one of the panel's templates prints and nobody gave it fails the test.

    ``|default`` says that it may be missing; the libraries' own templates are their own matter, and
    Jinja's are strict by themselves.
    """
    original = base.VariableNode.render
    nuestras = str(settings.BASE_DIR / "templates" / "panel")

    def render(self, context):
        expresion = self.filter_expression
        opcional = {f.__name__ for f, _ in expresion.filters} & {"default", "default_if_none"}
        if expresion.is_var and not opcional and str(self.origin).startswith(nuestras):
            try:
                expresion.var.resolve(context)
            except base.VariableDoesNotExist as error:
                raise AssertionError(f"{self.origin}: falta «{expresion}»") from error
        return original(self, context)

    base.VariableNode.render = render
    yield
    base.VariableNode.render = original


@pytest.fixture(scope="session", autouse=True)
def contexto_de_jinja():
    """``respuesta.context`` of Jinja's pages too: the test client only hears of Django's engine."""
    original = jinja2.Template.render

    def render(self, *args, **kwargs):
        if args and not self.name.startswith(("django/", "seguimiento/")):
            template_rendered.send(sender=self, template=self, context=args[0])
        return original(self, *args, **kwargs)

    jinja2.Template.render = render
    yield
    jinja2.Template.render = original


def pytest_runtest_setup():
    """The counts of failed tries are of the process: none meets those of the test before it."""
    cache.clear()


@pytest.fixture
def client_con_csrf() -> Client:
    """A browser's client: without the token its POST is refused, as outside the tests."""
    return Client(enforce_csrf_checks=True)
