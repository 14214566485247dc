"""Writes on areas that need a rule. Who may is asked by the panel."""

from django.core.exceptions import ValidationError

from casos.catalogos import EstadoAjuste, EstadoOpinion
from casos.models import Ajuste, Area, Opinion

CUANTOS = 6  # folios named in a refusal


def lo_que_debe(area: Area) -> list[str]:
    """Opinions and adjustments that somebody of the area must still answer, in words."""
    opiniones = Opinion.objects.filter(
        area=area, estado__in=(EstadoOpinion.PENDIENTE, EstadoOpinion.DEVUELTA)
    )
    ajustes = Ajuste.objects.filter(area=area, estado=EstadoAjuste.PENDIENTE)
    return [
        f"{que} ({_folios(filas)})"
        for que, filas in (("opiniones sin dar", opiniones), ("ajustes sin responder", ajustes))
        if filas.exists()
    ]


def revisar_desactivacion(area: Area) -> None:
    """Raise ``ValidationError`` where the area still owes something: nobody could answer it."""
    debe = lo_que_debe(area)
    if debe:
        raise ValidationError(f"No se puede desactivar: el área tiene {' y '.join(debe)}.")


def _folios(filas) -> str:
    folios = sorted(set(filas.order_by("caso__folio").values_list("caso__folio", flat=True)))
    mas = f" y {len(folios) - CUANTOS} más" if len(folios) > CUANTOS else ""
    return ", ".join(folios[:CUANTOS]) + mas
