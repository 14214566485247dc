from django.db import models
from django.utils import timezone

from casos.catalogos import Estado


class RecalculoPedido(models.Model):
    """What moves deadlines or turns changed, and not every open case, or those in ``estado``, knows it yet.

    Written with the change itself, taken away when the last case is done: whatever is killed between the
    two, the worker finds it and goes on.
    """

    en = models.DateTimeField(default=timezone.now)
    estado = models.CharField(max_length=20, choices=Estado.choices, blank=True)  # empty: of any
    despues_de = models.BigIntegerField(default=0)  # the cases up to this key are done

    class Meta:
        verbose_name = "recálculo pedido"
        verbose_name_plural = "recálculos pedidos"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.en:%d/%m/%Y %H:%M}"
