"""In what order things wait for somebody: by what hurts. Of *Mis pendientes* and of the morning's letter. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery

from casos.catalogos import ContratoTrasNo
from casos.models import Caso, Condicion
from casos.models.caso import SE_LE_DEBE_RESPUESTA
from casos.models.cliente import MONEDA
from casos.models.preparada import DeVarias
from casos.pasos.cuentas_del_cierre import PLAZAS, TARIFA, lo_que_vale

Orden = tuple[date, bool, date, Decimal, int]


@dataclass(frozen=True)
class Peso:
    """What makes a case hurt more than another of the same day."""

    en_riesgo: bool = False  # the last no of its contract left it so
    termina: date | None = None  # the contract's last day, where it has one
    espera: date | None = None  # until when the client expects an answer
    valor: Decimal = Decimal(0)  # a month, in pesos; 0 where it is not known


SIN_PESO = Peso()


def por_lo_que_duele(fecha: date | None, peso: Peso, caso: int) -> Orden:
    """What is overdue longest, then what is due first. Of one day: a contract at risk or ending, then the client
    who expects an answer first, then what is worth most, then the oldest case.
    """
    seguro = not (peso.en_riesgo or peso.termina)
    return (fecha or date.max, seguro, peso.espera or date.max, -peso.valor, caso)


def pesos_de(casos: Iterable[int]) -> dict[int, Peso]:
    """Of those cases, however many: two statements, none where there are none."""
    claves = set(casos)
    if not claves:
        return {}
    vigentes: dict[int, dict[str, str]] = {}
    for caso, clave, vigente in _VIGENTES(claves):
        vigentes.setdefault(caso, {})[clave] = vigente
    return {
        pk: Peso(
            quedo == ContratoTrasNo.EN_RIESGO,
            termina,
            espera if estado in SE_LE_DEBE_RESPUESTA else None,
            _valor(vigentes.get(pk, {}), moneda),
        )
        for pk, estado, quedo, termina, espera, moneda in _COMO_ESTAN(claves)
    }


def _como_estan(claves: tuple[int, ...]) -> QuerySet[Caso]:
    cerrados = Caso.objects.cerrados().filter(contrato=OuterRef("contrato"))
    ultimo = cerrados.order_by("-cerrado_en").values("contrato_tras_no")[:1]
    leidos = Caso.objects.filter(pk__in=claves).order_by().annotate(quedo=Subquery(ultimo))
    return leidos.values_list(
        "pk", "estado", "quedo", "contrato__terminado_fecha", "espera_fecha", "contrato__moneda"
    )


_COMO_ESTAN = DeVarias(_como_estan)
_VIGENTES = DeVarias(
    lambda claves: (
        Condicion.objects.filter(caso__in=claves, concepto__clave__in=(PLAZAS, TARIFA))
        .order_by()
        .values_list("caso", "concepto__clave", "vigente")
    )
)


def _valor(vigentes: dict[str, str], moneda: str | None) -> Decimal:
    """In another currency it is not compared."""
    return (lo_que_vale(vigentes)[1] if moneda == MONEDA else None) or Decimal(0)
