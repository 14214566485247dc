"""The clock of the tests: noon of a day, and a whole session begun at an awkward instant.

``RELOJ=2026-11-27T17:00 pytest`` runs the session as if it began then, in Mexico City: seeds,
fixtures and tests, and time goes on from there. ``herramientas/relojes.sh`` runs the short form.
A test that travels says the instant with its time zone: a date alone would be midnight in UTC,
which is the evening before in Mexico, so it is an error here.
"""

import os
from datetime import date, datetime, time
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from casos.models import DiaInhabil

time_machine.naive_mode = time_machine.NaiveMode.ERROR

RELOJ = os.environ.get("RELOJ", "")


def en_mexico(texto: str) -> datetime:
    """``2026-11-27T17:00`` → that instant in Mexico City."""
    return timezone.make_aware(datetime.fromisoformat(texto))


def mediodia(fecha: date) -> datetime:
    """Noon of ``fecha`` in Mexico City: the same date there and in UTC."""
    return timezone.make_aware(datetime.combine(fecha, time(12)))


def calendario_de(*anios: int) -> None:
    """The non-working days of those years and of no other: the seeds bring the years around today."""
    DiaInhabil.objects.all().delete()
    for anio in anios:
        call_command("proponer_inhabiles", str(anio), aplicar=True, stdout=StringIO())


# What another process does, the database's own clock or the disk's: they go by the machine's.
de_otro_proceso = pytest.mark.skipif(
    bool(RELOJ), reason="lo de fuera del proceso no viaja en el tiempo"
)


def pytest_configure(config):
    if RELOJ:
        viaje = time_machine.travel(en_mexico(RELOJ))
        viaje.start()
        config.add_cleanup(viaje.stop)


def pytest_report_header():
    return f"reloj: {RELOJ} en la Ciudad de México" if RELOJ else None


# The week as *Configuración* shows it where nobody set another.
LA_SEMANA = {f"trabaja_{dia}": "on" for dia in range(5)}
