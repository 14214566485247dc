"""The columns of the list of cases that each person chooses. The case and its step are always there. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from casos.models import Usuario

MAXIMO = 6


class Columna(NamedTuple):
    titulo: str
    campos: tuple[str, ...] = ()  # what a row needs besides
    relaciones: tuple[str, ...] = ()


COLUMNAS = {
    "pendiente": Columna("Pendiente de o motivo"),
    "vence": Columna("Vence"),
    "responsable": Columna("Responsable"),
    "siguiente": Columna("Siguiente acción"),
    "espera": Columna("Espera respuesta"),
    "recibido": Columna("Recibido", ("recibido_en",)),
    "desde": Columna("En este paso desde"),
    "contrato": Columna("Contrato", ("contrato__numero",), ("contrato",)),
    "servicio": Columna("Servicio", ("contrato__servicio",), ("contrato",)),
    "registro": Columna(
        "Registró",
        tuple(f"registrado_por__{c}" for c in ("first_name", "last_name", "username")),
        ("registrado_por",),
    ),
    "canal": Columna("Canal", ("canal",)),
    "conformidad": Columna("Conformidad", ("conformidad",)),
}
LAS_DE_SIEMPRE = ("pendiente", "vence", "responsable")
LAS_DE_ESPERA = ("pendiente", "vence")  # of what waits for others, all one's own


def columnas_de(usuario: Usuario) -> tuple[str, ...]:
    """Theirs, of those that there are; else the ordinary ones."""
    suyas = usuario.columnas.split(",")
    return tuple(c for c in COLUMNAS if c in suyas) or LAS_DE_SIEMPRE


def por_guardar(elegidas: Iterable[str]) -> str:
    """As they are kept with the person; the ordinary ones as nothing, so that they stay so."""
    elegidas = set(elegidas)
    claves = tuple(c for c in COLUMNAS if c in elegidas)
    return "" if claves == LAS_DE_SIEMPRE else ",".join(claves)


def lo_que_piden(claves: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For ``CasoQuerySet.en_filas``."""
    columnas = [COLUMNAS[c] for c in claves]
    return {
        "campos": tuple(dict.fromkeys(c for col in columnas for c in col.campos)),
        "relaciones": tuple(dict.fromkeys(r for col in columnas for r in col.relaciones)),
    }
