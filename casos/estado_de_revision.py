"""In what state a revision of the instruction stands (section 10)."""

from django.db.models import TextChoices


class EstadoRevision(TextChoices):
    BORRADOR = "BORRADOR", "En borrador"
    REVISADA = "REVISADA", "Revisada, por aprobar"
    VIGENTE = "VIGENTE", "Vigente"
    SUSTITUIDA = "SUSTITUIDA", "Sustituida"
