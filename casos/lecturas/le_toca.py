"""Whose move an open case waits for, as a query. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, F, Q, QuerySet

from casos import calendario
from casos.catalogos import ROLES_COMERCIALES, Estado, Rol, Turno
from casos.models import Ajuste, Caso, Opinion, Usuario
from casos.permisos.cargos import Cargo
from casos.permisos.cargos import cargos as sus_cargos

from .por_cargos import DeSusCargos


def le_toca_a(cargos: Iterable[Cargo], hoy: date) -> Q:
    """The open cases whose next move is, on that day, of who wears these hats."""
    espera = Q(pk__in=[])
    for cargo in cargos:
        if cargo.rol in ROLES_COMERCIALES:
            espera |= Q(vencio_propuesta(hoy) | Q(turno=Turno.RC), responsable=cargo.usuario_id)
        if cargo.es_gerente:
            # Whatever the step waits for, nobody leads it: it is to be assigned.
            espera |= Q(responsable=None)
        if cargo.rol == Rol.AC:
            espera |= Q(turno=Turno.AC)
        if cargo.rol == Rol.DG:
            # Without an active head of the area, nobody else would see what is to be assigned.
            sin_gerente = ~Exists(Usuario.objects.activos().filter(es_gerente=True))
            espera |= Q(turno=Turno.DG) | (Q(responsable=None) & Q(sin_gerente))
    return espera


def vencio_propuesta(hoy: date) -> Q:
    """As ``Caso.vencio_la_propuesta``."""
    return Q(estado=Estado.EN_RESPUESTA, vence__lt=hoy)


def siguiente_de(usuario: Usuario, excepto: int = 0) -> Caso | None:
    """The most urgent open case that waits for this person: what to go on with after a step."""
    cargos = list(sus_cargos(usuario))
    if not cargos:
        return None
    if not usuario.areas_ids:
        return next(iter(_SIGUIENTE(cargos, excepto, calendario.hoy())), None)
    espera = le_toca_a(cargos, calendario.hoy())
    for filas in (Opinion.objects, Ajuste.objects):
        espera |= Q(pk__in=filas.por_responder(usuario).values("caso_id"))
    return _el_primero(espera, excepto).first()


def _el_primero(espera: Q, excepto: int) -> QuerySet[Caso]:
    return (
        Caso.objects.abiertos()
        .filter(espera)
        .exclude(pk=excepto)
        .select_related("cliente")
        .only("folio", "estado", "cliente__razon_social", "cliente__nombre_comercial")
        .order_by(F("vence").asc(nulls_last=True), "pk")[:1]
    )


_SIGUIENTE = DeSusCargos(
    lambda cargos, excepto, hoy: _el_primero(le_toca_a(cargos, hoy), excepto), int, date
)
