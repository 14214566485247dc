"""Beside the steps: a note, and following the case (rule 10)."""

from __future__ import annotations

from casos.actos import ANOTAR, DEJAR_DE_SEGUIR, SEGUIR
from casos.formularios.base import FormularioPaso
from casos.formularios.campos import texto

from .gestion import Gestion
from .hoja import SinDatosForm
from .tabla import paso


class AnotarForm(FormularioPaso):
    nota = texto("Nota", 4000)


class MotivoForm(FormularioPaso):
    """Acts that only need a reason."""

    motivo = texto("Motivo", 1000)


@paso(ANOTAR, AnotarForm)
def anotar(g: Gestion[AnotarForm, None]) -> None:
    """A note without state or mail, at any time."""


@paso(SEGUIR, SinDatosForm)
def seguir(g: Gestion[SinDatosForm, None]) -> None:
    g.caso.seguidores.add(g.usuario)


@paso(DEJAR_DE_SEGUIR, SinDatosForm)
def dejar_de_seguir(g: Gestion[SinDatosForm, None]) -> None:
    g.caso.seguidores.remove(g.usuario)
