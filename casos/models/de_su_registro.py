"""What a case keeps of its own log, to be counted and found by: derived, made anew by ``recontar``."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from casos.catalogos import Estado
from casos.veredicto import Veredicto


class DeSuRegistro(models.Model):
    """Which steps it went through; of a closed one, how it was followed up by each rule."""

    # Every state it was ever in (``BIT_DE_PASO``).
    pasos_andados = models.PositiveIntegerField(default=1, editable=False)
    # Keys of the areas it ever asked anything: ",3,8,".
    areas_que_participan = models.TextField(default="", blank=True, editable=False)
    # The worst of its rules; none while it is open, or not judged yet.
    conformidad = models.PositiveSmallIntegerField(null=True, editable=False)
    # A bit per rule (``expediente.lo_juzgado``): those that applied, and what was found of them.
    reglas_aplicadas = models.PositiveIntegerField(null=True, editable=False)
    reglas_observadas = models.PositiveIntegerField(null=True, editable=False)
    reglas_rotas = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def veredicto(self) -> Veredicto | None:
        return None if self.conformidad is None else Veredicto(self.conformidad)


def claves_en_fila(areas: Iterable[int]) -> str:
    """Keys of areas as ``areas_que_participan`` keeps them; of none, nothing."""
    suyas = sorted(set(areas))
    return f",{','.join(map(str, suyas))}," if suyas else ""


def claves_de_la_fila(texto: str) -> list[int]:
    return [int(clave) for clave in texto.split(",") if clave]


def participa(area: int) -> Q:
    """Whether an area was asked, read from the row itself: for what is counted; of a list, ``juntar``."""
    return Q(areas_que_participan__contains=claves_en_fila([area]))


SOLO_DE_CERRADOS = models.CheckConstraint(
    condition=Q(conformidad=None)
    | Q(estado=Estado.CERRADO, conformidad__in=[v.value for v in Veredicto]),
    name="caso_conformidad_de_cerrado",
    violation_error_message="Solo un caso cerrado tiene conformidad.",
)
POR_CONFORMIDAD = models.Index(
    fields=["conformidad", "-id"],
    condition=Q(conformidad__isnull=False),
    name="caso_conformidad",
)
