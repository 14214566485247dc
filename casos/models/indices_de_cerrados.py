"""Closed cases as few pages ask for them, and the indexes for it, each a small part of the table."""

from django.db import models
from django.db.models import Q

from casos.catalogos import Estado, Resultado


class EnElTexto(models.Value):
    """A state written in the statement itself: SQLite uses a partial index only if it reads it."""

    def as_sql(self, compiler, connection):
        return f"'{self.value}'", []


class DeCerrados(models.QuerySet):
    def cerrados(self):
        return self.filter(estado=EnElTexto(Estado.CERRADO.value))

    def modificados_sin_atencion(self):
        """Closed as modified while nobody of Atención a Clientes was there."""
        return self.cerrados().filter(
            resultado=EnElTexto(Resultado.MODIFICADO.value), paso_por_atencion=False
        )


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
