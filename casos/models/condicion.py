"""The sheet of conditions of a case (D§3). Every write goes through ``pasos``."""

from decimal import Decimal

from django.db import models

from casos.catalogos import NUMERICAS, Limite

from .caso import Caso
from .configuracion import Concepto


class Condicion(models.Model):
    """One row of the sheet in force / asked / proposed / agreed: the only source of figures."""

    caso = models.ForeignKey(Caso, on_delete=models.PROTECT, related_name="condiciones")
    concepto = models.ForeignKey(Concepto, on_delete=models.PROTECT)
    vigente = models.CharField("vigente", max_length=200, blank=True)
    solicitado = models.CharField("solicitado", max_length=200, blank=True)
    # What was asked when it was first analysed, or the first time since: kept beside the last.
    pedido_primero = models.CharField("pidió primero", max_length=200, blank=True, editable=False)
    propuesto = models.CharField("propuesto", max_length=200, blank=True)
    viable = models.CharField(max_length=200, blank=True, editable=False)
    acordado = models.CharField("acordado", max_length=200, blank=True)

    class Meta:
        verbose_name = "condición"
        verbose_name_plural = "hoja de condiciones"
        ordering = ["concepto__orden", "pk"]
        constraints = [models.UniqueConstraint(fields=["caso", "concepto"], name="condicion_unica")]

    def __str__(self) -> str:
        return str(self.concepto)

    @property
    def antes_pidio(self) -> str:
        """What was asked first, where the client asks something else now."""
        return self.pedido_primero if self.pedido_primero != self.solicitado else ""

    def rebasa(self, pedido: str) -> bool:
        """Whether a value goes past the alternative declared viable (§7.6)."""
        tope = self.viable or self.vigente
        if pedido == tope:
            return False
        limite = self.concepto.limite
        if limite == Limite.EXACTO or not tope or self.concepto.unidad not in NUMERICAS:
            return True
        if limite == Limite.MAXIMO:
            return Decimal(pedido) > Decimal(tope)
        return Decimal(pedido) < Decimal(tope)
