"""The table act → form and function. Each module of the steps adds its own; nothing else here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
