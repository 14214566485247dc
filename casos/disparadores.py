"""What the database itself refuses to change: the log, a proposal once presented, the records.

Triggers, laid after every ``migrate``, idempotently: on SQLite an altered table loses them. Each
table is a line of ``REGLAS``; both engines' triggers are made from it.
"""

import hashlib
from dataclasses import dataclass

from django.db import connections


@dataclass(frozen=True)
class Regla:
    """A table of which no row goes away (``mientras``: none of these), and what of a row may change."""

    nombre: str
    tabla: str
    dicho: str
    llaves: tuple[tuple[str, ...], ...] = (("id",),)  # unique: INSERT OR REPLACE goes by any
    fijas: tuple[str, ...] | None = None  # columns that never change; ``None``: not one does
    salvo: str = ""  # an UPDATE is refused besides where this holds
    # Until a person's data are suppressed, which stamps ``suprimido_en`` anew each time.
    hasta_suprimir: tuple[str, ...] = ()
    mientras: str = ""  # the rule is for rows of which this holds; empty: for all

    def cambia(self, distinto: str) -> str:
        """When an UPDATE is refused, in SQL; empty: always."""
        if self.fijas is None:
            return self.mientras
        motivos = [self.salvo] if self.salvo else []
        motivos += [_difiere(self.fijas, distinto)]
        if self.hasta_suprimir:
            sin_suprimir = (
                f"NEW.suprimido_en IS NULL OR NOT (NEW.suprimido_en {distinto} OLD.suprimido_en)"
            )
            difiere = _difiere((*self.hasta_suprimir, "suprimido_en"), distinto)
            motivos.append(f"(({difiere}) AND ({sin_suprimir}))")
        cuando = " OR ".join(motivos)
        return f"{self.mientras} AND ({cuando})" if self.mientras else cuando

    @property
    def choca(self) -> str:
        """Whether a row that comes in stands there already, in SQL."""
        return " OR ".join(
            "(" + " AND ".join(f"{c} = NEW.{c}" for c in llave) + ")" for llave in self.llaves
        )


def _difiere(columnas: tuple[str, ...], distinto: str) -> str:
    return " OR ".join(f"OLD.{c} {distinto} NEW.{c}" for c in columnas)


# Only once, and only to blank it.
SOLO_SE_SUPRIME = "NEW.suprimido_en IS NULL OR OLD.suprimido_en IS NOT NULL"
# Of the instruction: what a revision says from when it is in force; what may follow is its end.
DE_LA_REVISION = (
    "codigo",
    "titulo",
    "operacion",
    "numero",
    "fecha",
    "descripcion",
    "paginas",
    "motivo",
    "huella",
)
CUANDO_FUE = ("editada_en", "revisada_en", "aprobada_en")
DE_QUIEN_ES = ("editada_por_id", "revisada_por_id", "aprobada_por_id")
YA_RIGE = "(OLD.estado IN ('VIGENTE', 'SUSTITUIDA') AND ({}))".format(
    " OR ".join(
        [
            "NEW.estado NOT IN ('VIGENTE', 'SUSTITUIDA')",
            "(OLD.estado = 'SUSTITUIDA' AND NEW.estado <> 'SUSTITUIDA')",
            *(f"OLD.{c} <> NEW.{c}" for c in DE_LA_REVISION),
            # In both engines' words, NULL or not.
            *(
                f"OLD.{c} <> NEW.{c} OR (OLD.{c} IS NULL) <> (NEW.{c} IS NULL)"
                for c in DE_QUIEN_ES + CUANDO_FUE
            ),
        ]
    )
)
NO_SE_TOCA = "Una revisión que rige o rigió no se modifica ni se borra: se sustituye por otra."
LO_HALLADO = (
    "anio",
    "numero",
    "tipo",
    "clausula_id",
    "caso_id",
    "muestra_id",
    "levantado_por_id",
    "levantado_en",
    "ficha",
)
# Suppression of a person's data may take their name out of what was written, and says when.
DE_LOS_SELLOS = "Los sellos no se modifican ni se borran."
DE_PRIVACIDAD = "Lo que se anota de datos personales no se modifica ni se borra."
REGLAS = (
    Regla(
        "bitacora",
        "casos_evento",
        "La bitácora no se modifica ni se borra.",
        llaves=(("id",), ("caso_id", "numero"), ("ficha",)),
    ),
    Regla(
        "prueba",
        "casos_prueba",
        "Lo que prueba la bitácora no se modifica ni se borra.",
        llaves=(("id",), ("caso_id", "numero")),
    ),
    Regla(
        "propuesta",
        "casos_propuesta",
        "Una propuesta presentada no se modifica: se corrige con otra.",
        llaves=(("id",), ("caso_id", "numero")),
        # All but what became of it (``estado``), and names of persons whose data are suppressed.
        fijas=("caso_id", "numero", "vigencia", "como", "persona_id",
               "presentada_en", "presentada_por_id"),
        hasta_suprimir=("texto", "filas"),
    ),
    Regla(
        "impreso",
        "casos_impreso",
        "Un documento entregado no se modifica ni se borra.",
        llaves=(("id",), ("caso_id", "clase", "numero")),
        # All but the names of persons whose data are suppressed; it may tell several.
        fijas=("caso_id", "clase", "numero", "logo_id", "persona_id", "sal", "huella", "hecho_en"),
        hasta_suprimir=("datos",),
    ),
    Regla(
        "aviso",
        "casos_aviso",
        "Un correo enviado no se modifica ni se borra.",
        llaves=(("id",), ("message_id",)),
        # All but how it was being sent.
        fijas=("caso_id", "evento_id", "plantilla", "remitente", "logo_id", "impreso_id",
               "adjunto_sha256", "usuario_id", "area_id", "message_id", "en_respuesta_a", "cita_id",
               "responder_a", "confidencial", "estado", "resumen_id", "creado_en", "enviado_en"),
        hasta_suprimir=("para", "asunto", "texto", "html", "calendario"),
        mientras="OLD.estado = 'ENVIADO'",
    ),
    Regla(
        "rastro",
        "casos_rastro",
        "Los cambios de un cliente no se modifican ni se borran.",
        # All that suppressing a person's data leaves as it is; a row may tell several.
        fijas=("cliente_id", "persona_id", "contrato_id", "en", "autor_id", "campo", "etiqueta"),
        hasta_suprimir=("antes", "despues", "motivo"),
    ),
    Regla(
        "seguridad",
        "casos_hechodeseguridad",
        "El registro de seguridad no se modifica ni se borra.",
        llaves=(("id",), ("numero",)),
        fijas=("id", "numero", "version", "en", "hecho", "persona_id", "autor_id", "datos", "sello",
               "previo", "huella"),
        salvo=f"{SOLO_SE_SUPRIME} OR NEW.direccion <> '' OR NEW.dispositivo <> '' "
        "OR NEW.aparte <> '' OR NEW.sal <> ''",
    ),
    Regla(
        "cabeza",
        "casos_cabezadeseguridad",
        "La cabeza del registro de seguridad solo avanza.",
        fijas=("id",),
        salvo="NEW.numero <> OLD.numero + 1",
    ),
    Regla(
        "revision",
        "casos_revisioninstruccion",
        NO_SE_TOCA,
        llaves=(("id",), ("numero",)),
        fijas=("id",),
        salvo=YA_RIGE,
    ),
    Regla(
        "seccion",
        "casos_seccioninstruccion",
        NO_SE_TOCA,
        llaves=(("id",), ("revision_id", "clave")),
        fijas=("revision_id", "clave"),
        salvo="OLD.congelada",
    ),
    Regla(
        "acuse",
        "casos_acuse",
        "Un acuse de recibo no se modifica ni se borra.",
        llaves=(("id",), ("revision_id", "persona_id")),
        fijas=("revision_id", "persona_id", "como", "entregado_en", "entregado_por_id"),
        salvo="OLD.leido_en IS NOT NULL",
    ),
    Regla(
        "configurado",
        "casos_eventodeconfiguracion",
        "Lo que se configuró no se modifica ni se borra.",
        llaves=(("id",), ("numero",)),
    ),
    Regla(
        "cabeza_de_configuracion",
        "casos_cabezadeconfiguracion",
        "La cabeza de la configuración solo avanza.",
        fijas=("id", "sal"),
        salvo="NEW.numero <> OLD.numero + 1",
    ),
    Regla("entrega_de_aviso", "casos_entregadeaviso", DE_PRIVACIDAD),
    Regla("supresion", "casos_supresion", DE_PRIVACIDAD),
    # A kept file's reason may name somebody else whose data are suppressed later.
    Regla("decision_de_archivo", "casos_decisionsobrearchivo", DE_PRIVACIDAD,
          fijas=("supresion_id", "adjunto_id", "decision")),
    Regla("movimiento_arco", "casos_movimientoarco", DE_PRIVACIDAD,
          fijas=("solicitud_id", "en", "quien_id", "que", "estado", "vence"),
          hasta_suprimir=("texto",)),
    Regla("lectura_sensible", "casos_lecturasensible", DE_PRIVACIDAD),
    Regla(
        "informe",
        "casos_informemensual",
        "El informe de un mes no se modifica ni se borra.",
        llaves=(("id",), ("mes",)),
    ),
    Regla("sello", "casos_sello", DE_LOS_SELLOS, llaves=(("id",), ("numero",), ("dia",))),
    Regla(
        "hoja_de_sello", "casos_hojadesello", DE_LOS_SELLOS, llaves=(("id",), ("folio", "sello"))
    ),
    Regla(
        "certificado", "casos_certificadodesello", DE_LOS_SELLOS, llaves=(("id",), ("sello_id",))
    ),
    Regla(
        "muestra",
        "casos_muestra",
        "Una muestra no se modifica ni se borra: se sortea otra.",
        llaves=(("id",), ("numero",), ("ficha",)),
    ),
    Regla(
        "nota",
        "casos_notadeauditoria",
        "Una nota de auditoría no se modifica ni se borra: se escribe otra.",
        llaves=(("id",), ("muestra_id", "caso_id", "clausula_id", "version")),
        fijas=("muestra_id", "caso_id", "clausula_id", "version", "autor_id", "en"),
        hasta_suprimir=("texto",),
    ),
    Regla(
        "hallazgo",
        "casos_hallazgo",
        "Lo que halló una auditoría no se modifica ni se borra.",
        llaves=(("id",), ("anio", "numero"), ("ficha",)),
        fijas=LO_HALLADO,
        hasta_suprimir=("encontrado", "evidencia"),
    ),
    Regla(
        "cambio_de_hallazgo",
        "casos_cambiodehallazgo",
        "La historia de un hallazgo no se modifica ni se borra.",
        llaves=(("id",), ("hallazgo_id", "numero")),
        fijas=("hallazgo_id", "numero", "paso", "autor_id", "en", "de", "a"),
        hasta_suprimir=("cambios",),
    ),
)  # fmt: skip


def _de_sqlite(regla: Regla) -> dict[str, tuple[str, str]]:
    cuando = regla.cambia("IS NOT")
    return {
        f"{regla.nombre}_sin_cambios": (
            f"BEFORE UPDATE ON {regla.tabla}" + (f" WHEN {cuando}" if cuando else ""),
            regla.dicho,
        ),
        f"{regla.nombre}_sin_borrado": (
            f"BEFORE DELETE ON {regla.tabla}"
            + (f" WHEN {regla.mientras}" if regla.mientras else ""),
            regla.dicho,
        ),
        # INSERT OR REPLACE deletes the row it collides with, by any unique key, past the trigger above.
        f"{regla.nombre}_sin_reemplazo": (
            f"BEFORE INSERT ON {regla.tabla} WHEN EXISTS (SELECT 1 FROM {regla.tabla} "
            f"WHERE {regla.choca})",
            regla.dicho,
        ),
    }


def _de_postgresql(regla: Regla) -> dict[str, tuple[str, str]]:
    cuando = regla.cambia("IS DISTINCT FROM")
    fila = f"ON {regla.tabla} FOR EACH ROW"
    return {
        f"{regla.nombre}_sin_cambios": (
            f"BEFORE UPDATE {fila}" + (f" WHEN ({cuando})" if cuando else ""),
            regla.dicho,
        ),
        f"{regla.nombre}_sin_borrado": (
            f"BEFORE DELETE {fila}" + (f" WHEN ({regla.mientras})" if regla.mientras else ""),
            regla.dicho,
        ),
        f"{regla.nombre}_sin_vaciado": (
            f"BEFORE TRUNCATE ON {regla.tabla} FOR EACH STATEMENT",
            regla.dicho,
        ),
    }


# name → when, on which table, and what is said
SQLITE = {n: d for regla in REGLAS for n, d in _de_sqlite(regla).items()}
POSTGRESQL = {n: d for regla in REGLAS for n, d in _de_postgresql(regla).items()}
FUNCION = """CREATE OR REPLACE FUNCTION bitacora_intocable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$"""


def tablas() -> set[str]:
    return {regla.tabla for regla in REGLAS}


def retirar(using: str, *de_tablas: str) -> None:
    """Drop those of some tables: to empty what a new database begins with. ``instalar`` puts them back."""
    conexion = connections[using]
    with conexion.cursor() as cursor:
        for regla in REGLAS:
            if regla.tabla not in de_tablas:
                continue
            sqlite = conexion.vendor == "sqlite"
            for nombre in _de_sqlite(regla) if sqlite else _de_postgresql(regla):
                cursor.execute(
                    f"DROP TRIGGER IF EXISTS {nombre}" + ("" if sqlite else f" ON {regla.tabla}")
                )


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
    # Those that stand as they are written here, enabled, are left alone: replacing one locks the table.
    marcas = ", ".join(["%s::regclass"] * len(REGLAS))
    cursor.execute(
        f"SELECT tgname, tgargs FROM pg_trigger WHERE tgrelid IN ({marcas}) AND tgenabled <> 'D'",
        [regla.tabla for regla in REGLAS],
    )
    hay = {nombre: bytes(argumentos).split(b"\0") for nombre, argumentos in cursor.fetchall()}
    puesta = False
    for regla in REGLAS:
        for nombre, (cuando, mensaje) in _de_postgresql(regla).items():
            # Its second argument is read by nobody but here: it tells a trigger of another version.
            sello = hashlib.sha256(cuando.encode()).hexdigest()[:16]
            if hay.get(nombre, [])[:2] == [mensaje.encode(), sello.encode()]:
                continue
            if not puesta:
                cursor.execute(FUNCION)
                puesta = True
            cursor.execute(f"DROP TRIGGER IF EXISTS {nombre} ON {regla.tabla}")
            cursor.execute(
                f"CREATE TRIGGER {nombre} {cuando} "
                f"EXECUTE FUNCTION bitacora_intocable('{mensaje}', '{sello}')"
            )
