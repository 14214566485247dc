"""What the list of cases offers to filter by, and the person's saved views; each read when asked.

Reads only; no forms, no HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from casos.catalogos import ROLES_COMERCIALES, Catalogo
from casos.models import Area, Motivo, TipoRequerimiento, Usuario, VistaGuardada
from casos.models.preparada import Preparada

VISTAS_MAXIMO = 20

_AREAS = Preparada(lambda: Area.objects.order_by().values_list("orden", "nombre", "pk"))
_TIPOS = Preparada(
    lambda: TipoRequerimiento.objects.order_by().values_list("orden", "nombre", "pk")
)
_MOTIVOS = Preparada(
    lambda: Motivo.objects.order_by().values_list("catalogo", "orden", "nombre", "pk")
)
_COMERCIALES = Preparada(
    lambda: (
        Usuario.objects.filter(rol__in=ROLES_COMERCIALES, is_superuser=False)
        .order_by()
        .only("first_name", "last_name", "username", "is_active")
    )
)
_VISTAS = Preparada(
    lambda usuario: (
        VistaGuardada.objects.filter(usuario=usuario)
        .order_by()
        .values_list("pk", "nombre", "consulta")
    ),
    int,
)

Opcion = tuple[int, str]


@dataclass
class Ofrecidos:
    usuario: Usuario

    @cached_property
    def areas(self) -> list[Opcion]:
        return _en_orden(_AREAS)

    @cached_property
    def tipos(self) -> list[Opcion]:
        return _en_orden(_TIPOS)

    @cached_property
    def motivos(self) -> list[tuple[int, str, str]]:
        """Key, name and catalogue: ours first, those no longer in use too."""
        por_orden = sorted(
            _MOTIVOS(), key=lambda f: (Catalogo.values.index(f[0]), f[1], f[2].casefold())
        )
        return [(pk, nombre, catalogo) for catalogo, _, nombre, pk in por_orden]

    @cached_property
    def responsables(self) -> list[Opcion]:
        """Everybody who may have had a case."""
        return [(u.pk, str(u)) for u in self._comerciales]

    @cached_property
    def activos(self) -> list[Opcion]:
        """Those who may be given one."""
        return [(u.pk, str(u)) for u in self._comerciales if u.is_active]

    @cached_property
    def vistas(self) -> list[tuple[int, str, str]]:
        """Key, name and query."""
        return sorted(_VISTAS(self.usuario.pk), key=lambda v: v[1].casefold())

    @cached_property
    def _comerciales(self) -> list[Usuario]:
        return sorted(_COMERCIALES(), key=lambda u: str(u).casefold())


def _en_orden(filas: Preparada) -> list[Opcion]:
    por_orden = sorted(filas(), key=lambda f: (f[0], f[1].casefold()))
    return [(pk, nombre) for _, nombre, pk in por_orden]
