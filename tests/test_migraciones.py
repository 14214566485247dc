"""The migrations lead to the tables that the models say: ``make test`` makes its own of the models."""

import os
import subprocess
import sys
import uuid

import pytest
from django.conf import settings
from django.db import connection

from tests.reloj import de_otro_proceso
from tests.test_mudar import direccion

# Names of constraints carry a digest of when they were made; what they say does not.
COMO_ES = {
    "columns": """SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default,
        is_identity FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": """SELECT conrelid::regclass::text, contype::text, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace""",
    "indexes": """SELECT tablename, regexp_replace(indexdef, 'INDEX \\S+ ON', 'INDEX ON') FROM pg_indexes
        WHERE schemaname = 'public'""",
    "triggers": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
}


def como_es(cursor) -> dict[str, set]:
    hecho = {}
    for que, sql in COMO_ES.items():
        cursor.execute(sql)
        hecho[que] = {f for f in cursor.fetchall() if f[0].startswith("casos_")}
    return hecho


@pytest.fixture
def migrada():
    """A new database of the server, gone through every migration in another process."""
    nombre = f"migrada_{uuid.uuid4().hex[:8]}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {nombre}")
    entorno = os.environ | {
        "DATABASE_URL": direccion(nombre),
        "SECRET_KEY": settings.SECRET_KEY,
    }
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v", "0"],
        env=entorno, cwd=settings.BASE_DIR, check=True, timeout=200,
    )  # fmt: skip
    otra = connection.copy()
    otra.settings_dict = otra.settings_dict | {"NAME": nombre}
    yield otra
    otra.close()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {nombre} WITH (FORCE)")


@de_otro_proceso
@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="en SQLite lo dice makemigrations --check"
)
@pytest.mark.django_db(transaction=True)
def test_llevan_a_las_tablas_de_los_modelos(migrada):
    with connection.cursor() as cursor, migrada.cursor() as otro:
        aqui, alla = como_es(cursor), como_es(otro)
    for que in COMO_ES:
        assert len(aqui[que]) > 50
        assert aqui[que] == alla[que], sorted(aqui[que] ^ alla[que], key=str)
