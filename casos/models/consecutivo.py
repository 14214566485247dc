"""Numbers given one after another: of cases, findings, samples, requests. Each series has one row, and it is its lock."""

from django.db import models
from django.db.models import F

# The series; all but the last begin anew each year.
DE_CASOS, DE_HALLAZGOS, DE_SOLICITUDES, DE_MUESTRAS = "SV-", "HA-", "SD-", "muestra"


class LosConsecutivos(models.Manager["Consecutivo"]):
    def siguiente(self, serie: str) -> int:
        """The next number of ``serie``, in the transaction of what bears it: undone with it, it leaves no gap.

        Whoever asks meanwhile waits for its end.
        """
        suya = self.filter(pk=serie)
        if not suya.update(ultimo=F("ultimo") + 1):
            # The first of all; two at once create one row.
            self.bulk_create([Consecutivo(serie=serie)], ignore_conflicts=True)
            suya.update(ultimo=F("ultimo") + 1)
        return suya.values_list("ultimo", flat=True).get()

    def de_casos(self) -> dict[int, int]:
        """Year → last folio given."""
        series = self.filter(serie__startswith=DE_CASOS).values_list("serie", "ultimo")
        return {int(s.removeprefix(DE_CASOS)): n for s, n in series if s[3:].isdecimal()}

    def de_lo_demas(self) -> dict[str, int]:
        """Series → last number given, of what is no case."""
        return dict(self.exclude(serie__startswith=DE_CASOS).values_list("serie", "ultimo"))


class Consecutivo(models.Model):
    """The last number of a series (``SV-2026``), locked while the next one is taken."""

    serie = models.CharField(primary_key=True, max_length=20)
    ultimo = models.PositiveIntegerField(default=0)

    objects = LosConsecutivos()

    class Meta:
        verbose_name = "consecutivo"
        verbose_name_plural = "consecutivos"

    def __str__(self) -> str:
        return f"{self.serie}: {self.ultimo}"
