"""When what was refused became possible: written by whoever changes what it depends on (§7.4)."""

from datetime import date

from casos import calendario
from casos.models import Contrato, Motivo, Posibilidad, ValorContrato, VersionContrato

Clase = Posibilidad.Clase


def revisar_las_del_contrato(contrato: Contrato) -> None:
    """After its conditions changed. What holds no longer is taken back; what held, stays as of then."""
    abiertas = Posibilidad.objects.filter(
        caso__contrato=contrato, clase=Clase.COTA, atendida_en=None
    ).select_related("concepto")
    for p in abiertas:
        dia = cuando_se_cumple(p, contrato)
        nueva = min(p.desde, dia) if p.desde and dia else dia
        if nueva != p.desde:
            p.desde = nueva
            p.save(update_fields=["desde"])


def cuando_se_cumple(p: Posibilidad, contrato: Contrato) -> date | None:
    """The first day, from today on, on which the contract's conditions meet the bound."""
    cota = p.cota
    assert cota is not None
    hoy = calendario.hoy()
    versiones = list(VersionContrato.objects.filter(contrato=contrato).order_by("numero"))
    if not versiones:
        return None
    valores = dict(
        ValorContrato.objects.filter(version__in=versiones, concepto=p.concepto).values_list(
            "version_id", "valor"
        )
    )
    for dia in sorted({hoy, *(v.desde_fecha for v in versiones if v.desde_fecha > hoy)}):
        empezadas = [v for v in versiones if v.desde_fecha <= dia]
        vigente = (
            max(empezadas, key=lambda v: (v.desde_fecha, v.numero)) if empezadas else versiones[0]
        )
        if cota.se_cumple(valores.get(vigente.pk, "")):
            return dia
    return None


def poner_desde_cuando_ceso(motivo: Motivo) -> None:
    """A motive of the catalogue ceased on a day, or holds again (empty)."""
    suyas = Posibilidad.objects.filter(motivo=motivo, atendida_en=None)
    suyas.update(desde=motivo.ceso_fecha)
