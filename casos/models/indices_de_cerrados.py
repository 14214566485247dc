"""Indexes of closed cases that few pages need, each a small part of the table."""

from django.db import models
from django.db.models import Q

from casos.catalogos import Estado, Resultado

INDICES_DE_CERRADOS = (
    # What its contract was last left with: one entry for each case of a page.
    models.Index(
        fields=["contrato", "-cerrado_en"],
        condition=Q(estado=Estado.CERRADO.value),
        name="caso_cerrado_contrato",
    ),
    # The few whose client is asked by who led them, out of all that wait to be asked.
    models.Index(
        fields=["id"],
        condition=Q(
            estado=Estado.CERRADO.value,
            resultado=Resultado.MODIFICADO.value,
            paso_por_atencion=False,
        ),
        name="caso_sin_atencion",
    ),
)
