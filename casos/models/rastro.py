"""Who changed what of a client, a contact person or a contract. Append-only, held by triggers."""

from django.db import models
from django.utils import timezone

from .cliente import Cliente, Contrato, PersonaContacto
from .personas import Usuario


class Rastro(models.Model):
    """One datum, old and new. Suppression of its person blanks both; nothing else changes a row."""

    cliente = models.ForeignKey(Cliente, on_delete=models.PROTECT, related_name="rastros")
    persona = models.ForeignKey(
        PersonaContacto, null=True, on_delete=models.PROTECT, related_name="rastros"
    )
    contrato = models.ForeignKey(
        Contrato, null=True, on_delete=models.PROTECT, related_name="rastros"
    )
    en = models.DateTimeField(default=timezone.now)
    autor = models.ForeignKey(Usuario, null=True, on_delete=models.PROTECT, related_name="+")
    campo = models.CharField(max_length=30)
    etiqueta = models.CharField(max_length=60)
    antes = models.TextField(blank=True)
    despues = models.TextField(blank=True)
    motivo = models.CharField(max_length=500, blank=True)
    suprimido_en = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "cambio de un cliente"
        verbose_name_plural = "cambios de clientes"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["cliente", "-id"], name="rastro_cliente_id")]

    def __str__(self) -> str:
        return self.etiqueta
