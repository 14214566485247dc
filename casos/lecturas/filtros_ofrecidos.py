"""What the list of cases offers to filter by, and the person's saved views; each read when asked.

Reads only; no forms, no HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from casos.catalogos import ROLES_COMERCIALES, Catalogo, Rol
from casos.models import Area, Motivo, Para, TipoRequerimiento, Usuario, VistaGuardada
from casos.models.preparada import Preparada
from casos.permisos.lectura import enmascara

VISTAS_MAXIMO = 20

# Whoever is no longer there, or no longer in charge, shares nothing.
_QUIEN_COMPARTE = Q(usuario__is_active=True) & (
    Q(usuario__es_gerente=True) | Q(usuario__rol=Rol.DG) | Q(usuario__is_superuser=True)
)


def puede_compartir(usuario: Usuario) -> bool:
    """Gerencia, Dirección and the administrator: in their own right, not in one lent."""
    return usuario.is_superuser or usuario.es_gerente or usuario.rol == Rol.DG


def _nombre(relacion: str) -> list[str]:
    return [f"{relacion}__{c}" for c in ("first_name", "last_name", "username")]


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
    lambda usuario, publico: (
        VistaGuardada.objects.filter(
            Q(usuario=usuario) | ((Q(para=publico) | Q(para=Para.TODOS.value)) & _QUIEN_COMPARTE)
        )
        .select_related("usuario")
        .order_by()
        .only("usuario", "nombre", "consulta", "para", *_nombre("usuario"))
    ),
    int,
    str,
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
    def vistas(self) -> list[VistaGuardada]:
        """The person's own."""
        return [v for v in self._vistas if v.usuario_id == self.usuario.pk]

    @cached_property
    def compartidas(self) -> list[VistaGuardada]:
        """Those of others; none for whom persons are masked, since their names are free."""
        if enmascara(self.usuario):
            return []
        ajenas = [v for v in self._vistas if v.usuario_id != self.usuario.pk]
        return ajenas[:VISTAS_MAXIMO]

    @cached_property
    def _vistas(self) -> list[VistaGuardada]:
        publico = self.usuario.rol or Para.AREAS.value
        todas = _VISTAS(self.usuario.pk, publico)
        return sorted(todas, key=lambda v: (v.nombre.casefold(), v.pk))

    @cached_property
    def _comerciales(self) -> list[Usuario]:
        return sorted(_COMERCIALES(), key=lambda u: str(u).casefold())


def _en_orden(filas: Preparada) -> list[Opcion]:
    por_orden = sorted(filas(), key=lambda f: (f[0], f[1].casefold()))
    return [(pk, nombre) for _, nombre, pk in por_orden]
