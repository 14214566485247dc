"""The log is append-only in the database itself: triggers refuse UPDATE, DELETE and TRUNCATE.

Installed after every ``migrate``, idempotently: on SQLite an altered table loses its triggers.
"""

from django.db import connections

TABLA = "casos_evento"
MENSAJE = "La bitácora no se modifica ni se borra."

SQLITE = {
    "bitacora_sin_cambios": f"BEFORE UPDATE ON {TABLA}",
    "bitacora_sin_borrado": f"BEFORE DELETE ON {TABLA}",
    # INSERT OR REPLACE deletes the row it collides with, by any unique key, past the trigger above.
    "bitacora_sin_reemplazo": f"BEFORE INSERT ON {TABLA} WHEN EXISTS (SELECT 1 FROM {TABLA} "
    "WHERE id = NEW.id OR (caso_id = NEW.caso_id AND numero = NEW.numero) OR ficha = NEW.ficha)",
}
POSTGRESQL = {
    "bitacora_sin_cambios": f"BEFORE UPDATE OR DELETE ON {TABLA} FOR EACH ROW",
    "bitacora_sin_vaciado": f"BEFORE TRUNCATE ON {TABLA} FOR EACH STATEMENT",
}
FUNCION = f"""CREATE OR REPLACE FUNCTION bitacora_intocable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '{MENSAJE}' USING ERRCODE = 'integrity_constraint_violation';
END $$"""


def instalar(using: str) -> None:
    """Create on ``using`` the triggers that do not stand there yet."""
    conexion = connections[using]
    with conexion.cursor() as cursor:
        if conexion.vendor == "sqlite":
            _en_sqlite(cursor)
        else:
            _en_postgresql(cursor)


def _en_sqlite(cursor) -> None:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    hay = dict(cursor.fetchall())
    for nombre, cuando in SQLITE.items():
        orden = f"CREATE TRIGGER {nombre} {cuando} BEGIN SELECT RAISE(ABORT, '{MENSAJE}'); END"
        if hay.get(nombre) == orden:
            continue
        cursor.execute(f"DROP TRIGGER IF EXISTS {nombre}")
        cursor.execute(orden)


def _en_postgresql(cursor) -> None:
    # Those that stand and are enabled are left alone: replacing one would lock the table.
    cursor.execute(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled <> 'D'", [TABLA]
    )
    hay = {nombre for (nombre,) in cursor.fetchall()}
    if hay >= set(POSTGRESQL):
        return
    cursor.execute(FUNCION)
    for nombre, cuando in POSTGRESQL.items():
        cursor.execute(f"DROP TRIGGER IF EXISTS {nombre} ON {TABLA}")
        cursor.execute(f"CREATE TRIGGER {nombre} {cuando} EXECUTE FUNCTION bitacora_intocable()")
