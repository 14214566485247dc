"""What the rows of a case were when an act ended: salted digests in a chain of their own (D§3)."""

from datetime import UTC

from django.db import models
from django.utils import timezone

from .bitacora import REGLA
from .huellas import canonico, digerir_canonicos


class Prueba(models.Model):
    """The rows that one act wrote, by table and key; ``None``: it took the row away.

    ``tras`` and ``huella_evento`` say after which event; ``todo``: these are all the rows that the case
    has, whatever was said before. Append-only: triggers refuse UPDATE and DELETE.
    """

    class Motivo(models.TextChoices):
        ACTO = "ACTO", "Un acto"
        PARTIDA = "PARTIDA", "Punto de partida"
        SUPRESION = "SUPRESION", "Supresión de datos"
        RECUENTO = "RECUENTO", "Recuento de cifras"
        MARCA = "MARCA", "Marca de un archivo"

    caso = models.ForeignKey("casos.Caso", on_delete=models.PROTECT, related_name="pruebas")
    numero = models.PositiveIntegerField()
    regla = models.PositiveSmallIntegerField(default=REGLA)
    motivo = models.CharField(max_length=9, choices=Motivo.choices)
    en = models.DateTimeField(default=timezone.now)
    tras = models.PositiveIntegerField()
    huella_evento = models.CharField(max_length=64)
    todo = models.BooleanField(default=False)
    filas = models.JSONField(default=dict)
    # Rows that were no longer what the log had left when the act came to write beside them.
    ajenas = models.JSONField(default=list)
    previo = models.CharField(max_length=64)
    huella = models.CharField(max_length=64)

    class Meta:
        verbose_name = "prueba"
        verbose_name_plural = "pruebas"
        ordering = ["caso", "numero"]
        constraints = [models.UniqueConstraint(fields=["caso", "numero"], name="prueba_en_orden")]

    def __str__(self) -> str:
        return f"{self.numero} {self.motivo}"

    def calcular_huella(self) -> str:
        """Over every stored column but ``huella`` itself."""
        cuerpo = {
            c.name: getattr(self, c.attname)
            for c in self._meta.concrete_fields
            if c.name not in ("id", "huella", "en")
        }
        cuerpo["en"] = self.en.astimezone(UTC).isoformat(timespec="microseconds")
        return digerir_canonicos("prueba", canonico(cuerpo), version=self.regla)
