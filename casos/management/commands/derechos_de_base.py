"""``manage.py derechos_de_base``: who may do what in PostgreSQL, as SQL for its owner to run.

By introspection: of the tables that there are and of what the triggers keep (``disparadores``), so it cannot
drift from them. Run it after each upgrade: a new table has nobody's rights.
"""

import re

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from casos.disparadores import REGLAS, Regla
from casos.models import Latido

_ROL = re.compile(r"[a-z_][a-z0-9_]{0,62}", re.ASCII)
ENTERAS = ("casos_hallazgo",)  # the product saves all columns of a row that goes on changing
SOLO_SE_LEE = ("django_migrations",)


class Command(BaseCommand):
    help = "Escribe los GRANT de PostgreSQL: la web y el trabajador no pueden tocar lo que ya quedó; quien verifica solo lee."

    def add_arguments(self, parser):
        parser.add_argument("--web", default="seguimiento_web", help="De la web y el trabajador.")
        parser.add_argument("--lectura", default="seguimiento_lectura", help="De quien verifica.")

    def handle(self, *args, web, lectura, **kwargs):
        if connection.vendor != "postgresql":
            raise CommandError("Es de PostgreSQL: SQLite no tiene usuarios.")
        for rol in (web, lectura):
            if not _ROL.fullmatch(rol):
                raise CommandError(f"«{rol}» no es un nombre de usuario de PostgreSQL.")
        for orden in ordenes(web, lectura):
            self.stdout.write(f"{orden};")


def ordenes(web: str, lectura: str) -> list[str]:
    """Statements for the owner of the tables, in one transaction; they may be repeated."""
    nombre = connection.ops.quote_name
    hechas = ["REVOKE CREATE ON SCHEMA public FROM PUBLIC"]
    for rol in (web, lectura):
        hechas += [
            f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {rol}",
            f"GRANT USAGE ON SCHEMA public TO {rol}",
            f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {rol}",
        ]
    hechas.append(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {web}")
    reglas = {regla.tabla: regla for regla in REGLAS}
    for tabla in sorted(connection.introspection.table_names()):
        if tabla not in SOLO_SE_LEE:
            hechas.append(
                f"GRANT {', '.join(_lo_de_la_web(tabla, reglas.get(tabla)))} ON {nombre(tabla)} TO {web}"
            )
    # Whoever verifies says when, and how it came out: nothing else.
    latido = Latido._meta.db_table
    hechas.append(f"GRANT INSERT, UPDATE ON {nombre(latido)} TO {lectura}")
    return hechas


def _lo_de_la_web(tabla: str, regla: Regla | None) -> list[str]:
    if regla is None:
        return ["INSERT", "UPDATE", "DELETE"]
    if regla.mientras or tabla in ENTERAS:
        return ["INSERT", "UPDATE"]  # what still changes, changes; the triggers hold the rest
    libres = _libres(tabla, regla)
    return ["INSERT", f"UPDATE ({', '.join(libres)})"] if libres else ["INSERT"]


def _libres(tabla: str, regla: Regla) -> list[str]:
    """Columns that the triggers let change: all the web may write of a row that stands."""
    if regla.fijas is None:
        return []
    with connection.cursor() as cursor:
        columnas = [c.name for c in connection.introspection.get_table_description(cursor, tabla)]
    return [c for c in columnas if c not in (*regla.fijas, "id")]
