"""What waits once a contract was modified: whether it arrived, and the question to the client. Reads only."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import In
from django.utils import timezone

from casos.catalogos import ROLES_COMERCIALES, Rol
from casos.models import Caso, Comprobacion, Satisfaccion, Usuario
from casos.permisos.cargos import Cargo

from .por_cargos import DeSusCargos
from .por_llamar import LIMITE


def comprobaciones(usuario: Usuario) -> QuerySet[Comprobacion]:
    return (
        Comprobacion.objects.de_las_areas(usuario, timezone.localdate())
        .select_related("area", "caso__cliente")
        .order_by("vence", "pk")[: LIMITE + 1]
    )


def _pregunta_al_cliente(cargos: list[Cargo]) -> Q:
    """Atención a Clientes puts the question, of a case that came to them; of another, who leads it."""
    de_atencion = Q(caso__paso_por_atencion=True)
    if any(c.rol == Rol.AC for c in cargos):
        return de_atencion
    sin_atencion = ~Exists(Usuario.objects.activos().filter(rol=Rol.AC))
    suyos = [c.usuario_id for c in cargos if c.rol in ROLES_COMERCIALES]
    # Of each question by itself: those that wait are few, the cases that a person ever led are not.
    este = Caso.objects.filter(pk=OuterRef("caso"))
    return Q(In(_lleva(este.modificados_sin_atencion()), suyos)) | (
        Q(sin_atencion) & In(_lleva(este), suyos)
    )


def _lleva(casos: QuerySet[Caso]) -> Subquery:
    return Subquery(casos.values("responsable")[:1])


SATISFACCIONES = DeSusCargos(
    lambda cargos, hoy: (
        Satisfaccion.objects.por_responder(hoy)
        .filter(_pregunta_al_cliente(cargos))
        .select_related("caso__cliente", "caso__persona")
        .order_by("vence", "pk")[: LIMITE + 1]
    ),
    date,
)
