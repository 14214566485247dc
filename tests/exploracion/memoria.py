"""A whole database in memory, kept and given back in about a millisecond, and a clock that stands still."""

from __future__ import annotations

import gc
import os
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import time_machine

# A Monday, at noon in Mexico City.
COMIENZO = datetime.fromisoformat("2026-03-02T12:00:00-06:00")
ENTRE_ACTOS = timedelta(minutes=10)


@dataclass(frozen=True)
class Foto:
    """Everything that is stored at an instant."""

    paginas: bytes
    instante: datetime


class Reloj:
    """The time goes on only when it is told to."""

    def __init__(self) -> None:
        time_machine.naive_mode = time_machine.NaiveMode.ERROR
        self.ahora = COMIENZO
        self._viaje = time_machine.travel(COMIENZO, tick=False)
        self._viajero = self._viaje.start()

    def poner(self, instante: datetime) -> None:
        self.ahora = instante
        self._viajero.move_to(instante)

    def adelantar(self, cuanto: timedelta) -> None:
        self.poner(self.ahora + cuanto)


class Memoria:
    """Django on SQLite in memory: one connection, whose content is replaced at will."""

    def __init__(self) -> None:
        gc.set_threshold(50_000, 20, 100)  # almost all of it dies young
        self.reloj = Reloj()
        os.environ["DJANGO_SETTINGS_MODULE"] = "seguimiento.settings_pruebas"
        os.environ.pop("DATABASE_URL", None)  # SQLite, whatever the shell says
        import django
        from django.conf import settings

        settings.DATABASES["default"]["NAME"] = ":memory:"
        django.setup()
        from django.apps import apps

        # The tables as the models say; that migrating leads there, other tests say.
        settings.MIGRATION_MODULES = {a.label: None for a in apps.get_app_configs()}
        from django.core.management import call_command

        call_command("migrate", run_syncdb=True, verbosity=0)

    @property
    def _conexion(self) -> Any:
        from django.db import connection

        connection.ensure_connection()
        return connection.connection

    def foto(self) -> Foto:
        # A frontier holds hundreds: packed, each takes a tenth.
        return Foto(zlib.compress(self._conexion.serialize(), 1), self.reloj.ahora)

    def revelar(self, foto: Foto) -> bytes:
        return zlib.decompress(foto.paginas)

    def volver(self, paginas: bytes, instante: datetime) -> None:
        self._conexion.deserialize(paginas)
        self.reloj.poner(instante)
