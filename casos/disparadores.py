"""What the database itself refuses to change: the log, and a proposal once presented.

Triggers, laid after every ``migrate``, idempotently: on SQLite an altered table loses them.
"""

from django.db import connections

EVENTO, PROPUESTA, RASTRO = "casos_evento", "casos_propuesta", "casos_rastro"
DE_LA_BITACORA = "La bitácora no se modifica ni se borra."
DE_LA_PROPUESTA = "Una propuesta presentada no se modifica: se corrige con otra."
DEL_RASTRO = "Los cambios de un cliente no se modifican ni se borran."
# All that suppressing a person's data leaves as it is.
DEL_RASTRO_FIJAS = ("cliente_id", "persona_id", "contrato_id", "en", "autor_id", "campo",
                    "etiqueta", "motivo")  # fmt: skip
# Only once, and only to blank it.
SOLO_SE_SUPRIME = "NEW.suprimido_en IS NULL OR OLD.suprimido_en IS NOT NULL OR NEW.antes <> '' OR NEW.despues <> ''"
# All but what became of it (``estado``).
CONGELADAS = ("caso_id", "numero", "texto", "filas", "vigencia", "como", "persona_id",
              "presentada_en", "presentada_por_id")  # fmt: skip

# name → when, on which table, and what is said
SQLITE = {
    "bitacora_sin_cambios": (f"BEFORE UPDATE ON {EVENTO}", DE_LA_BITACORA),
    "bitacora_sin_borrado": (f"BEFORE DELETE ON {EVENTO}", DE_LA_BITACORA),
    # INSERT OR REPLACE deletes the row it collides with, by any unique key, past the trigger above.
    "bitacora_sin_reemplazo": (
        f"BEFORE INSERT ON {EVENTO} WHEN EXISTS (SELECT 1 FROM {EVENTO} WHERE id = NEW.id "
        "OR (caso_id = NEW.caso_id AND numero = NEW.numero) OR ficha = NEW.ficha)",
        DE_LA_BITACORA,
    ),
    "propuesta_sin_cambios": (
        f"BEFORE UPDATE ON {PROPUESTA} WHEN "
        + " OR ".join(f"OLD.{c} IS NOT NEW.{c}" for c in CONGELADAS),
        DE_LA_PROPUESTA,
    ),
    "propuesta_sin_borrado": (f"BEFORE DELETE ON {PROPUESTA}", DE_LA_PROPUESTA),
    "propuesta_sin_reemplazo": (
        f"BEFORE INSERT ON {PROPUESTA} WHEN EXISTS (SELECT 1 FROM {PROPUESTA} "
        "WHERE id = NEW.id OR (caso_id = NEW.caso_id AND numero = NEW.numero))",
        DE_LA_PROPUESTA,
    ),
    "rastro_sin_cambios": (
        f"BEFORE UPDATE ON {RASTRO} WHEN {SOLO_SE_SUPRIME} OR "
        + " OR ".join(f"OLD.{c} IS NOT NEW.{c}" for c in DEL_RASTRO_FIJAS),
        DEL_RASTRO,
    ),
    "rastro_sin_borrado": (f"BEFORE DELETE ON {RASTRO}", DEL_RASTRO),
    "rastro_sin_reemplazo": (
        f"BEFORE INSERT ON {RASTRO} WHEN EXISTS (SELECT 1 FROM {RASTRO} WHERE id = NEW.id)",
        DEL_RASTRO,
    ),
}
POSTGRESQL = {
    "bitacora_sin_cambios": (
        f"BEFORE UPDATE OR DELETE ON {EVENTO} FOR EACH ROW", DE_LA_BITACORA,
    ),
    "bitacora_sin_vaciado": (f"BEFORE TRUNCATE ON {EVENTO} FOR EACH STATEMENT", DE_LA_BITACORA),
    "propuesta_sin_cambios": (
        f"BEFORE UPDATE ON {PROPUESTA} FOR EACH ROW WHEN ("
        + " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in CONGELADAS)
        + ")",
        DE_LA_PROPUESTA,
    ),
    "propuesta_sin_borrado": (f"BEFORE DELETE ON {PROPUESTA} FOR EACH ROW", DE_LA_PROPUESTA),
    "propuesta_sin_vaciado": (
        f"BEFORE TRUNCATE ON {PROPUESTA} FOR EACH STATEMENT", DE_LA_PROPUESTA,
    ),
    "rastro_sin_cambios": (
        f"BEFORE UPDATE ON {RASTRO} FOR EACH ROW WHEN ({SOLO_SE_SUPRIME} OR "
        + " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in DEL_RASTRO_FIJAS)
        + ")",
        DEL_RASTRO,
    ),
    "rastro_sin_borrado": (f"BEFORE DELETE ON {RASTRO} FOR EACH ROW", DEL_RASTRO),
    "rastro_sin_vaciado": (f"BEFORE TRUNCATE ON {RASTRO} FOR EACH STATEMENT", DEL_RASTRO),
}  # fmt: skip
DE_CADA_UNO = {"bitacora": EVENTO, "propuesta": PROPUESTA, "rastro": RASTRO}
FUNCION = """CREATE OR REPLACE FUNCTION bitacora_intocable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$"""


def tablas() -> set[str]:
    return {EVENTO, PROPUESTA, RASTRO}


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
    for nombre, (cuando, mensaje) in SQLITE.items():
        orden = f"CREATE TRIGGER {nombre} {cuando} BEGIN SELECT RAISE(ABORT, '{mensaje}'); END"
        if hay.get(nombre) == orden:
            continue
        cursor.execute(f"DROP TRIGGER IF EXISTS {nombre}")
        cursor.execute(orden)


def _en_postgresql(cursor) -> None:
    # Those that stand and are enabled are left alone: replacing one would lock the table.
    cursor.execute(
        "SELECT tgname, tgnargs FROM pg_trigger WHERE tgrelid IN "
        "(%s::regclass, %s::regclass, %s::regclass) AND tgenabled <> 'D'",
        [EVENTO, PROPUESTA, RASTRO],
    )
    hay = {nombre for nombre, argumentos in cursor.fetchall() if argumentos}
    if hay >= set(POSTGRESQL):
        return
    cursor.execute(FUNCION)
    for nombre, (cuando, mensaje) in POSTGRESQL.items():
        tabla = DE_CADA_UNO[nombre.partition("_")[0]]
        cursor.execute(f"DROP TRIGGER IF EXISTS {nombre} ON {tabla}")
        cursor.execute(
            f"CREATE TRIGGER {nombre} {cuando} EXECUTE FUNCTION bitacora_intocable('{mensaje}')"
        )
