"""What was configured, by whom and when: a chain of its own beside the log of the cases (D§3).

An event holds the digest of each row before and after; what of a row may be told stands in ``cambios``,
which names no person: they go by their key, and what tells who they are by its digest alone.
"""

from datetime import UTC

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .bitacora import CERO
from .huellas import nueva_sal
from .seguridad import digerir_partes

REGLA = 1  # of what is hashed and how


class CabezaDeConfiguracion(models.Model):
    """How many events there are and the digest of the last. ``sal``: of the digests of rows."""

    numero = models.PositiveBigIntegerField(default=0)
    huella = models.CharField(max_length=64, default=CERO)
    sal = models.CharField(max_length=32, default=nueva_sal)

    class Meta:
        verbose_name = "cabeza de la configuración"
        verbose_name_plural = "cabezas de la configuración"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="una_sola_cabeza_de_configuracion")
        ]

    def __str__(self) -> str:
        return str(self.numero)


class EventoDeConfiguracion(models.Model):
    """One change, of one row or of many. ``filas``: table → key → [digest before, digest after].

    Append-only: triggers refuse UPDATE and DELETE.
    """

    class Motivo(models.TextChoices):
        ENCONTRADO = "ENCONTRADO", "Estado encontrado"
        CAMBIO = "CAMBIO", "Un cambio"
        VERSION = "VERSION", "Otra versión del sistema"

    numero = models.PositiveBigIntegerField("número", unique=True)
    regla = models.PositiveSmallIntegerField(default=REGLA)
    en = models.DateTimeField("cuándo", default=timezone.now)
    motivo = models.CharField(max_length=10, choices=Motivo.choices, default=Motivo.CAMBIO)
    autor = models.ForeignKey(
        "casos.Usuario",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="quién lo hizo",
    )
    por = models.CharField("por dónde", max_length=80, blank=True)
    filas = models.JSONField(default=dict)
    # Table → key → column → [before, after]; of what is personal or secret, nothing but that it changed.
    cambios = models.JSONField(default=dict)
    previo = models.CharField(max_length=64)
    huella = models.CharField(max_length=64)

    class Meta:
        verbose_name = "evento de configuración"
        verbose_name_plural = "eventos de configuración"
        ordering = ["-numero"]

    def __str__(self) -> str:
        return f"{self.numero} {self.get_motivo_display()}"

    def calcular_huella(self) -> str:
        """Over every column but ``huella`` itself."""
        return digerir_partes(
            "configuracion",
            self.numero,
            self.en.astimezone(UTC).isoformat(timespec="microseconds"),
            self.motivo,
            self.autor_id,
            self.por,
            self.filas,
            self.cambios,
            self.previo,
            version=self.regla,
        )
