"""Beside the steps: a note, and following the case (rule 10)."""

from __future__ import annotations

from casos.actos import ANOTAR, DEJAR_DE_SEGUIR, SEGUIR
from casos.formularios.base import FormularioPaso
from casos.formularios.campos import texto

from .en_curso import ActoEnCurso
from .hoja import SinDatosForm
from .tabla import paso


class AnotarForm(FormularioPaso):
    nota = texto("Nota", 4000)


class MotivoForm(FormularioPaso):
    """Acts that only need a reason."""

    motivo = texto("Motivo", 1000)


@paso(ANOTAR, AnotarForm)
def anotar(en_curso: ActoEnCurso[AnotarForm, None]) -> None:
    """A note without state or mail, at any time."""


@paso(SEGUIR, SinDatosForm)
def seguir(en_curso: ActoEnCurso[SinDatosForm, None]) -> None:
    en_curso.caso.seguidores.add(en_curso.usuario)


@paso(DEJAR_DE_SEGUIR, SinDatosForm)
def dejar_de_seguir(en_curso: ActoEnCurso[SinDatosForm, None]) -> None:
    en_curso.caso.seguidores.remove(en_curso.usuario)
