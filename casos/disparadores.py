"""The log is append-only in the database itself: triggers refuse UPDATE, DELETE and TRUNCATE.

Installed after every ``migrate``, idempotently: on SQLite an altered table loses its triggers.
"""

from django.db import connections

TABLA = "casos_evento"
MENSAJE = "La bitácora no se modifica ni se borra."

SQLITE = [
    f"CREATE TRIGGER IF NOT EXISTS bitacora_sin_cambios BEFORE UPDATE ON {TABLA} "
    f"BEGIN SELECT RAISE(ABORT, '{MENSAJE}'); END",
    f"CREATE TRIGGER IF NOT EXISTS bitacora_sin_borrado BEFORE DELETE ON {TABLA} "
    f"BEGIN SELECT RAISE(ABORT, '{MENSAJE}'); END",
    # INSERT OR REPLACE deletes without firing the trigger above.
    f"CREATE TRIGGER IF NOT EXISTS bitacora_sin_reemplazo BEFORE INSERT ON {TABLA} "
    f"WHEN EXISTS (SELECT 1 FROM {TABLA} WHERE id = NEW.id) "
    f"BEGIN SELECT RAISE(ABORT, '{MENSAJE}'); END",
]
POSTGRESQL = [
    f"""CREATE OR REPLACE FUNCTION bitacora_intocable() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION '{MENSAJE}' USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
    f"DROP TRIGGER IF EXISTS bitacora_sin_cambios ON {TABLA}",
    f"CREATE TRIGGER bitacora_sin_cambios BEFORE UPDATE OR DELETE ON {TABLA} "
    "FOR EACH ROW EXECUTE FUNCTION bitacora_intocable()",
    f"DROP TRIGGER IF EXISTS bitacora_sin_vaciado ON {TABLA}",
    f"CREATE TRIGGER bitacora_sin_vaciado BEFORE TRUNCATE ON {TABLA} "
    "FOR EACH STATEMENT EXECUTE FUNCTION bitacora_intocable()",
]
POR_MOTOR = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def instalar(using: str) -> None:
    """Create the triggers on ``using``; does nothing where they already stand."""
    conexion = connections[using]
    with conexion.cursor() as cursor:
        if TABLA not in conexion.introspection.table_names(cursor):
            return
        for orden in POR_MOTOR[conexion.vendor]:
            cursor.execute(orden)
