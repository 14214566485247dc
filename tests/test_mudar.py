"""From one database to another and back: every row, to the microsecond, the log verified each time."""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from casos.catalogos import Estado
from casos.datos import mudanza
from casos.models import Evento
from tests.guion import Guion
from tests.reloj import de_otro_proceso

RAIZ = Path(__file__).resolve().parent.parent


def direccion(nombre: str = "") -> str:
    """The address of the test's database, or of another one of its server."""
    b = connection.settings_dict
    return f"postgres://{b['USER']}:{b['PASSWORD']}@{b['HOST']}:{b['PORT']}/{nombre or b['NAME']}"


@pytest.fixture
def de_vuelta():
    """A new database of the server: where it comes back to."""
    nombre = f"vuelta_{uuid.uuid4().hex[:8]}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {nombre}")
    yield direccion(nombre)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {nombre} WITH (FORCE)")


def en(url: str, *orden: str, falla: bool = False) -> str:
    """What a command says on the database at ``url``."""
    proceso = subprocess.run(
        [sys.executable, "manage.py", *orden],
        env=os.environ | {"DATABASE_URL": url, "SECRET_KEY": settings.SECRET_KEY},
        cwd=RAIZ,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert bool(proceso.returncode) is falla, proceso.stderr
    return proceso.stderr if falla else proceso.stdout


# Rows per table, and the log with its instants, as the other process reads them.
LEER = """
import json
from casos.datos import mudanza
from casos.models import Evento, TipoRequerimiento
eventos = Evento.objects.order_by("pk").values_list("huella", "en")
cuentas = mudanza.contar("default")
cuentas.pop("casos_latido")  # the check has left its hour
print(json.dumps([cuentas, [[h, e.isoformat()] for h, e in eventos]]))
TipoRequerimiento.objects.create(nombre="Uno nuevo no choca con los que llegaron")
"""


@de_otro_proceso
@pytest.mark.skipif(connection.vendor == "sqlite", reason="va de PostgreSQL a SQLite y vuelve")
@pytest.mark.django_db(transaction=True)
def test_va_y_vuelve_y_la_bitacora_se_comprueba_cada_vez(personas, tmp_path, de_vuelta):
    otra = f"sqlite:///{tmp_path}/otra.sqlite3"
    g = Guion(personas)
    for estado in (Estado.EN_ANALISIS, Estado.EN_RESPUESTA, Estado.CERRADO):
        g.hasta(estado)
    assert any(en.microsecond % 1000 for en in Evento.objects.values_list("en", flat=True))
    antes = mudanza.contar("default")
    antes.pop("casos_latido")
    eventos = [
        [h, e.isoformat()] for h, e in Evento.objects.order_by("pk").values_list("huella", "en")
    ]
    for de, a in ((direccion(), otra), (otra, de_vuelta)):
        dicho = en(de, "mudar", "--a", a)
        assert f"casos_evento: {len(eventos)}" in dicho
        assert f"Bitácora íntegra: {len(eventos)} eventos." in dicho
    assert json.loads(en(de_vuelta, "shell", "-v", "0", "-c", LEER).splitlines()[-1]) == [
        antes,
        eventos,
    ]
    assert "ya tiene personas o casos" in en(direccion(), "mudar", "--a", otra, falla=True)
    assert "--a debe empezar con" in en(direccion(), "mudar", "--a", "mysql://x/y", falla=True)
