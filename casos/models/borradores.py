"""What somebody is typing and has not sent. Of the person alone: in no export, in no panel, of no case's history."""

from django.db import models

from .cliente import Cliente
from .personas import Usuario


class Borrador(models.Model):
    """One per person and form, named by the form's address; empty once it was sent or discarded.

    The empty row stays a day: what was opened before it was closed comes too late to be kept.
    """

    usuario = models.ForeignKey(Usuario, on_delete=models.CASCADE, related_name="borradores")
    ruta = models.CharField(max_length=200)
    datos = models.JSONField(default=dict)
    vista = models.CharField(
        max_length=64, blank=True
    )  # what it was typed upon, as the page knew it
    cliente = models.ForeignKey(
        Cliente, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    guardado_en = models.DateTimeField(db_index=True)
    cerrado_en = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "borrador"
        verbose_name_plural = "borradores"
        ordering = ["-guardado_en", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["usuario", "ruta"], name="un_borrador_por_formulario")
        ]

    def __str__(self) -> str:
        return self.ruta
