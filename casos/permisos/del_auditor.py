"""Who audits: draws samples, writes notes, raises findings and follows them (ISO 9001, 9.2 and 10.2). No queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casos.catalogos import ROLES_DE_LECTURA, Rol

if TYPE_CHECKING:
    from casos.models import Hallazgo, Usuario


def audita(usuario: Usuario) -> bool:
    """Calidad and Auditoría, in their own right; who administers acts on nothing here."""
    return usuario.rol in ROLES_DE_LECTURA and usuario.is_active and not usuario.is_superuser


def cuida_las_clausulas(usuario: Usuario) -> bool:
    """What is looked for by each clause: Calidad, as the instruction; who administers fills the panel too."""
    return usuario.is_active and (usuario.is_superuser or usuario.rol == Rol.CAL)


def ve_el_hallazgo(usuario: Usuario, hallazgo: Hallazgo) -> bool:
    """Who audits, and whoever has to act on it."""
    return audita(usuario) or hallazgo.responsable_id == usuario.pk


def por_que_no_verifica(usuario: Usuario, hallazgo: Hallazgo) -> str:
    """10.2: that it worked is for another person to say."""
    if usuario.pk in (hallazgo.responsable_id, hallazgo.atendido_por_id):
        return "Lo verifica otra persona: tú lo atendiste."
    return ""


def por_que_no_descarta(usuario: Usuario, hallazgo: Hallazgo) -> str:
    """Nor does whoever has to act close it without acting."""
    if usuario.pk == hallazgo.responsable_id:
        return "Lo cierra sin acción otra persona: tú eres responsable."
    return ""
