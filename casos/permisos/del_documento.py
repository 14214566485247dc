"""Who writes, approves, distributes and reads the instruction (sections 9, 10). No queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casos.catalogos import Rol
from casos.estado_de_revision import EstadoRevision

if TYPE_CHECKING:
    from casos.models import RevisionInstruccion, Usuario

OTRA_PERSONA = "La aprueba otra persona: tú escribiste en ella."


def escribe_la_instruccion(usuario: Usuario) -> bool:
    """Calidad, in their own right (D§1); who administers acts on nothing here."""
    return usuario.rol == Rol.CAL and usuario.is_active and not usuario.is_superuser


def aprueba_la_instruccion(usuario: Usuario) -> bool:
    """Calidad or Dirección General; never who wrote of it: ``por_que_no_aprueba``."""
    dirige = usuario.rol == Rol.DG and usuario.is_active and not usuario.is_superuser
    return dirige or escribe_la_instruccion(usuario)


def por_que_no_aprueba(usuario: Usuario, editores: set[int]) -> str:
    """Section 10: approved by another person than its editors."""
    return OTRA_PERSONA if usuario.pk in editores else ""


def lee_la_revision(usuario: Usuario, revision: RevisionInstruccion) -> bool:
    """What is or was in force, everybody; a draft, Calidad; one to be approved, who approves it too."""
    if revision.rigio or escribe_la_instruccion(usuario):
        return True
    return revision.estado == EstadoRevision.REVISADA and aprueba_la_instruccion(usuario)


def lee_los_acuses(usuario: Usuario) -> bool:
    """Who acknowledged, person by person: Calidad, Auditoría, Dirección, gerencia and who administers."""
    return bool(
        usuario.is_superuser or usuario.rol in (Rol.CAL, Rol.AUD, Rol.DG) or usuario.es_gerente
    )


def lee_los_sellos(usuario: Usuario) -> bool:
    """The seals, and what one kept elsewhere says: Calidad, Auditoría, Dirección and who administers."""
    return bool(usuario.is_superuser or usuario.rol in (Rol.CAL, Rol.AUD, Rol.DG))
