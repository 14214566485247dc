"""One table and its notes; an index for each thing that is asked of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Registro(models.Model):
    class Estado(models.TextChoices):
        NUEVO = "NUEVO", "Nuevo"
        EN_CURSO = "EN_CURSO", "En curso"
        EN_ESPERA = "EN_ESPERA", "En espera"
        CERRADO = "CERRADO", "Cerrado"

    folio = models.CharField(max_length=16, unique=True)
    cliente = models.CharField(max_length=120)
    asunto = models.TextField()
    texto = models.TextField()  # what it is found by
    estado = models.CharField(max_length=10, choices=Estado.choices)
    responsable = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    vence = models.DateField()
    creado_en = models.DateTimeField()
    cambiado_en = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["estado", "-id"], name="registro_estado"),
            models.Index(
                fields=["responsable", "vence", "id"],
                condition=~Q(estado="CERRADO"),
                name="registro_abierto",
            ),
        ]

    def __str__(self) -> str:
        return self.folio


class Nota(models.Model):
    registro = models.ForeignKey(Registro, on_delete=models.CASCADE, related_name="notas")
    texto = models.TextField()
    autor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    creada_en = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.texto[:40]
