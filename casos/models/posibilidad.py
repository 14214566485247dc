"""What would make a request that we refused viable (§7.4, §7.7)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from casos.cotas import Comparacion, Cota

from .configuracion import Concepto, Motivo
from .personas import Usuario


class Posibilidad(models.Model):
    """A day, a bound that the contract's conditions would have to meet, or a motive that ceased.

    ``desde``: since when, or from when, it is so; empty while it is not known to be. Whoever writes what
    it depends on (the contract's conditions, the catalogue) writes it, so that a tray reads one column.
    """

    class Clase(models.TextChoices):
        FECHA = "FECHA", "Llega un día"
        COTA = "COTA", "El contrato cumple un límite"
        MOTIVO = "MOTIVO", "El motivo deja de aplicar"

    caso = models.ForeignKey("casos.Caso", on_delete=models.PROTECT, related_name="posibilidades")
    clase = models.CharField(max_length=6, choices=Clase.choices)
    concepto = models.ForeignKey(
        Concepto, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    comparacion = models.CharField(max_length=6, choices=Comparacion.choices, blank=True)
    valor = models.CharField(max_length=200, blank=True)
    motivo = models.ForeignKey(
        Motivo, null=True, blank=True, on_delete=models.PROTECT, related_name="posibilidades"
    )
    escrita_en = models.DateTimeField()
    desde = models.DateField(null=True, blank=True)
    # Handled otherwise than by a new request: who, and why; or said anew.
    atendida_en = models.DateTimeField(null=True, blank=True)
    atendida_por = models.ForeignKey(
        Usuario, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "lo que lo haría viable"
        verbose_name_plural = "lo que lo haría viable"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(clase="FECHA", desde__isnull=False)
                    & Q(concepto__isnull=True, comparacion="", valor="", motivo__isnull=True)
                )
                | (
                    Q(clase="COTA", concepto__isnull=False, motivo__isnull=True)
                    & Q(comparacion__in=Comparacion.values)
                    & ~Q(valor="")
                )
                | (
                    Q(clase="MOTIVO", motivo__isnull=False)
                    & Q(concepto__isnull=True, comparacion="", valor="")
                ),
                name="posibilidad_de_una_clase",
                violation_error_message="Lo que lo haría viable es un día, un límite o un motivo.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["desde"],
                condition=Q(atendida_en__isnull=True, desde__isnull=False),
                name="posibilidad_por_venir",
            )
        ]

    def __str__(self) -> str:
        return self.dicha()

    @property
    def cota(self) -> Cota | None:
        if self.concepto is None:
            return None
        return Cota(self.concepto.nombre, self.concepto.unidad, self.comparacion, self.valor)

    def dicha(self, moneda: str = "") -> str:
        """What has to come about."""
        if self.cota:
            return f"que el contrato diga {self.cota.dicha(moneda)}"
        if self.motivo:
            return f"que deje de aplicar «{self.motivo}»"
        return f"que llegue el {self.desde:%d/%m/%Y}"

    def ya(self, moneda: str = "") -> str:
        """What came about, once it did."""
        if self.cota:
            return f"El contrato ya lo cumple: {self.cota.dicha(moneda)}."
        if self.motivo:
            return f"El motivo «{self.motivo}» dejó de aplicar."
        return f"Llegó el {self.desde:%d/%m/%Y}."
