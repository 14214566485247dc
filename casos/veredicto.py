"""How a case was followed up, in three words. No imports from ``casos``."""

from django.db.models import IntegerChoices


class Veredicto(IntegerChoices):
    """The worse, the higher: a case has the worst of its rules."""

    CUMPLE = 0, "Cumple"
    OBSERVACION = 1, "Cumple con observación"
    NO_CUMPLE = 2, "No cumple"

    @property
    def dicho(self) -> str:
        return str(self.label)

    @property
    def trato(self) -> str:
        return ("hecho", "espera", "rechazado")[self]
