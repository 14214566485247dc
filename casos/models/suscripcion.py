"""The private address by which a person's own calendar reads what waits for them."""

from django.db import models


class EnlaceDeCalendario(models.Model):
    """One per person. The address itself is told once and not kept: only its digest."""

    usuario = models.OneToOneField(
        "casos.Usuario", on_delete=models.CASCADE, related_name="enlace_de_calendario"
    )
    huella = models.CharField(max_length=64, unique=True)
    # Of the password as it was then: whoever changes it ends the address too.
    contrasena = models.CharField(max_length=64)
    creado_en = models.DateTimeField("creado")

    class Meta:
        verbose_name = "enlace de calendario"
        verbose_name_plural = "enlaces de calendario"

    def __str__(self) -> str:
        return str(self.usuario)
