"""``manage.py exportar_eventos``: the log for process mining, without names or free texts."""

import os
import sqlite3
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from casos.lecturas.registro_de_eventos import ocel_json, ocel_sqlite, xes

FORMATOS = ("ocel", "ocel-sqlite", "xes")


class Command(BaseCommand):
    help = (
        "Escribe la bitácora como registro de eventos: OCEL 2.0 (JSON o SQLite) o XES (IEEE 1849). "
        "Sin nombres ni textos libres: personas y clientes van por su número."
    )

    def add_arguments(self, parser):
        parser.add_argument("--formato", choices=FORMATOS, default="ocel")
        parser.add_argument(
            "--a", required=True, help="El archivo que se escribe; no debe existir."
        )

    def handle(self, *args, formato, a, **kwargs):
        destino = Path(a)
        if destino.exists():
            raise CommandError(f"Ya existe {destino}: dile otro nombre.")
        # Written beside and given its name at the end: nobody takes half of it for the whole.
        a_medias = destino.with_name(f"{destino.name}.{os.getpid()}.parte")
        try:
            if formato == "ocel-sqlite":
                cuantos = ocel_sqlite(a_medias)
            else:
                with a_medias.open("x", encoding="utf-8") as salida:
                    cuantos = (xes if formato == "xes" else ocel_json)(salida)
            a_medias.rename(destino)
        except (OSError, sqlite3.Error) as error:
            raise CommandError(f"No se pudo escribir {destino}: {error}") from error
        finally:
            a_medias.unlink(missing_ok=True)
        self.stdout.write(f"{destino}: {cuantos} eventos.")
