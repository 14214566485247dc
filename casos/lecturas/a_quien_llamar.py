"""Whose calls a person may write down, known of a row alone: where the list offers *Registrar llamada*. Reads only.

The door decides: a substitute whose area gives an opinion in the case is told so on the page.
"""

from __future__ import annotations

from casos.actos import CONTACTAR, REGISTRAR_CONTACTO
from casos.catalogos import ROLES_COMERCIALES, Rol
from casos.models import Caso, Usuario
from casos.permisos.cargos import manda

CON_LLAMADA = frozenset({*CONTACTAR.estados, *REGISTRAR_CONTACTO.estados})


def puede_llamar(caso: Caso, usuario: Usuario) -> bool:
    """No statements: the case's row and the person's hats are enough."""
    if caso.estado not in CON_LLAMADA:
        return False
    for cargo in usuario.cargos:
        if cargo.usuario_id == caso.responsable_id and cargo.rol in ROLES_COMERCIALES:
            return True
        if cargo.rol == Rol.AC and caso.estado in REGISTRAR_CONTACTO.estados:
            return True
    return manda(usuario, caso.responsable_id) is not None
