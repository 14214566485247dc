"""The table act → form and function, to which each module of the steps adds its own; its fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from casos.actos import ACTOS, Acto
from casos.formularios.base import FormularioBase

Funcion = TypeVar("Funcion", bound=Callable[[Any], Any])


@dataclass(frozen=True)
class Paso:
    """An act with its form and the function that carries it out."""

    acto: Acto
    formulario: type[FormularioBase]
    funcion: Callable[[Any], Any]


PASOS: dict[str, Paso] = {}


def paso(acto: Acto, formulario: type[FormularioBase]) -> Callable[[Funcion], Funcion]:
    """Say which function carries out ``acto``, with the form it is given."""

    def decorar(funcion: Funcion) -> Funcion:
        if acto.nombre in PASOS:
            raise LookupError(f"«{acto}» ya tiene quien lo haga.")
        PASOS[acto.nombre] = Paso(acto, formulario, funcion)
        return funcion

    return decorar


def revisar() -> None:
    """Raise ``LookupError`` for an act that nobody carries out."""
    faltan = [nombre for nombre in ACTOS if nombre not in PASOS]
    if faltan:
        raise LookupError(f"Falta el formulario y la función de: {', '.join(faltan)}.")


def campo_de(accion: str, nombre: str) -> Any:
    """The field of the act's form where something was typed; ``None`` where there is none."""
    return PASOS[accion].formulario.base_fields.get(nombre) if accion in PASOS else None


@cache
def orden_de(accion: str) -> dict[str, int]:
    """The place of each field of the act's form, as its page asks for them."""
    if accion not in PASOS:
        return {}
    formulario = PASOS[accion].formulario
    agrupados = [campo for _, campos in formulario.secciones for campo in campos]
    return {c: n for n, c in enumerate(dict.fromkeys([*agrupados, *formulario.base_fields]))}
