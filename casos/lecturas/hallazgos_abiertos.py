"""The findings of an audit that are not closed: for the month's report, *Mis pendientes* and the morning's letter."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q, QuerySet

from casos.models import Hallazgo, Usuario
from casos.models.preparada import Preparada
from casos.permisos.del_auditor import audita
from casos.vocabulario_de_auditoria import HALLAZGOS_ABIERTOS, EstadoHallazgo

CABEN = 50  # that wait for one person and are listed


def hallazgos_abiertos() -> QuerySet[Hallazgo]:
    """All that are not closed, what is due first; without a date last. One statement when it is read."""
    return (
        Hallazgo.objects.filter(estado__in=[e.value for e in HALLAZGOS_ABIERTOS])
        .select_related("clausula", "caso", "responsable")
        .order_by(F("vence").asc(nulls_last=True), "anio", "numero")
    )


def los_de(usuario: Usuario) -> list[Hallazgo]:
    """What a person has to do about findings: their own to act on; who audits, to assign and to verify.

    Nobody verifies what is theirs. One statement.
    """
    return (_DE_QUIEN_AUDITA if audita(usuario) else _DE_QUIEN_ATIENDE)(usuario.pk)


def _por_atender(usuario: int) -> Q:
    return Q(estado=EstadoHallazgo.EN_ACCION.value, responsable=usuario)


def _por_auditar(usuario: int) -> Q:
    ajeno = ~Q(responsable=usuario) & ~Q(atendido_por=usuario)
    por_verificar = Q(estado=EstadoHallazgo.ATENDIDO.value) & ajeno
    return _por_atender(usuario) | Q(estado=EstadoHallazgo.ABIERTO.value) | por_verificar


_DE_QUIEN_ATIENDE = Preparada(lambda u: hallazgos_abiertos().filter(_por_atender(u))[:CABEN], int)
_DE_QUIEN_AUDITA = Preparada(lambda u: hallazgos_abiertos().filter(_por_auditar(u))[:CABEN], int)


def que_espera(hallazgo: Hallazgo) -> str:
    """The move that it waits for."""
    return {
        EstadoHallazgo.ABIERTO: "Asignar responsable y fecha",
        EstadoHallazgo.EN_ACCION: "Atender",
        EstadoHallazgo.ATENDIDO: "Verificar si fue eficaz",
    }[EstadoHallazgo(hallazgo.estado)]


def en_la_carta(usuario: Usuario, hoy: date) -> list[tuple[str, bool]]:
    """For the morning's letter: in words, and whether it is worth a letter by itself."""
    dichos = []
    for h in los_de(usuario):
        urge = h.vence is not None and (h.vence - hoy).days <= 3
        cuando = ""
        if h.estado == EstadoHallazgo.EN_ACCION and h.vence is not None:
            vencio = "; ya venció" if h.vence < hoy else ""
            cuando = f" a más tardar el {h.vence:%d/%m/%Y}{vencio}"
        dichos.append((f"Hallazgo {h.clave}: {que_espera(h).lower()}{cuando}", urge))
    return dichos
