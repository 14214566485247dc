"""When what was refused became possible: written by whoever changes what it depends on (§7.4)."""

from collections import defaultdict
from datetime import date

from casos import calendario
from casos.models import Contrato, Motivo, Posibilidad, ValorContrato, VersionContrato

Clase = Posibilidad.Clase


def revisar_las_del_contrato(contrato: Contrato) -> None:
    """After its conditions changed. What holds no longer is taken back; what held, stays as of then."""
    abiertas = list(
        Posibilidad.objects.filter(
            caso__contrato=contrato, clase=Clase.COTA, atendida_en=None
        ).select_related("concepto")
    )
    if not abiertas:
        return
    hojas = hojas_desde_hoy(contrato)
    for p in abiertas:
        dia = cuando_se_cumple(p, hojas)
        p.desde = min(p.desde, dia) if p.desde and dia else dia
    Posibilidad.objects.bulk_update(abiertas, ["desde"])


def hojas_desde_hoy(contrato: Contrato) -> list[tuple[date, dict[int, str]]]:
    """The contract's conditions by concept: of today, and of each later day on which they change.

    Today's as ``ValorContrato.objects.en_vigor`` says. Two statements.
    """
    hoy, valores = calendario.hoy(), defaultdict[int, dict[int, str]](dict)
    versiones = list(VersionContrato.objects.filter(contrato=contrato).order_by("numero"))
    filas = ValorContrato.objects.filter(version__contrato=contrato)
    for version, concepto, valor in filas.values_list("version", "concepto", "valor"):
        valores[version][concepto] = valor
    hojas = []
    for dia in sorted({hoy, *(v.desde_fecha for v in versiones if v.desde_fecha > hoy)}):
        empezadas = [v for v in versiones if v.desde_fecha <= dia] or versiones[:1]
        if empezadas:
            cual = max(empezadas, key=lambda v: (v.desde_fecha, v.numero))
            hojas.append((dia, valores[cual.pk]))
    return hojas


def cuando_se_cumple(p: Posibilidad, hojas: list[tuple[date, dict[int, str]]]) -> date | None:
    """The first of those days on which the contract's conditions meet the bound."""
    cota = p.cota
    assert cota is not None and p.concepto_id is not None
    return next((dia for dia, h in hojas if cota.se_cumple(h.get(p.concepto_id, ""))), None)


def poner_desde_cuando_ceso(motivo: Motivo) -> None:
    """A motive of the catalogue ceased on a day, or holds again (empty)."""
    suyas = Posibilidad.objects.filter(motivo=motivo, atendida_en=None)
    suyas.update(desde=motivo.ceso_fecha)
