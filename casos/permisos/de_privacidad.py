"""Who looks after personal data (LFPDPPP), and who reads what was done with them. No queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casos.catalogos import Rol

if TYPE_CHECKING:
    from casos.models import Usuario


def lleva_privacidad(usuario: Usuario) -> bool:
    """Dirección, who administers, and whom the administrator says; never who reads without persons."""
    if not usuario.is_active or usuario.rol == Rol.AUD:
        return False
    return bool(usuario.lleva_privacidad or usuario.is_superuser or usuario.rol == Rol.DG)


def lee_las_lecturas(usuario: Usuario) -> bool:
    """Who read the files marked sensitive: who looks after privacy, and Auditoría."""
    return lleva_privacidad(usuario) or (usuario.is_active and usuario.rol == Rol.AUD)
