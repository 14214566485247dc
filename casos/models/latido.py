"""When what nobody looks at was done last: the worker's sweep, the check of the log, the backup."""

from django.db import models
from django.utils import timezone


class Latido(models.Model):
    """One row per thing; written again each time it is done."""

    TRABAJADOR, VERIFICACION, RESPALDO = "trabajador", "verificación", "respaldo"

    nombre = models.CharField(max_length=20, primary_key=True)
    en = models.DateTimeField(default=timezone.now)
    bien = models.BooleanField(default=True)
    dicho = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "latido"
        verbose_name_plural = "latidos"
        ordering = ["nombre"]

    def __str__(self) -> str:
        return self.nombre

    @classmethod
    def dejar(cls, nombre: str, *, bien: bool = True, dicho: str = "") -> None:
        valores = {"en": timezone.now(), "bien": bien, "dicho": dicho[:300]}
        cls.objects.update_or_create(nombre=nombre, defaults=valores)
