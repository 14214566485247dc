"""Writes on areas that need a rule. Who may is asked by the panel."""

from django.core.exceptions import ValidationError

from casos.models import Ajuste, Area, Opinion

from .personas import ABIERTAS

CUANTOS = 6  # folios named in a refusal


def revisar_desactivacion(area: Area) -> None:
    """Raise ``ValidationError`` where the area still owes something: nobody could answer it."""
    opiniones = Opinion.objects.filter(area=area, estado__in=ABIERTAS)
    ajustes = Ajuste.objects.filter(area=area, estado="PENDIENTE")
    debe = [
        f"{que} ({_folios(filas)})"
        for que, filas in (("opiniones sin dar", opiniones), ("ajustes sin responder", ajustes))
        if filas.exists()
    ]
    if debe:
        raise ValidationError(f"No se puede desactivar: el área tiene {' y '.join(debe)}.")


def _folios(filas) -> str:
    folios = sorted(set(filas.order_by("caso__folio").values_list("caso__folio", flat=True)))
    mas = f" y {len(folios) - CUANTOS} más" if len(folios) > CUANTOS else ""
    return ", ".join(folios[:CUANTOS]) + mas
