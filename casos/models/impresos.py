"""A document as the client was given it: what it says is kept, and its PDF is made again from that."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import models

from .cliente import PersonaContacto
from .empresa import Logo


class Impreso(models.Model):
    """Frozen: the same data make the same bytes. Suppression blanks a person's name in it; the rest stays."""

    class Clase(models.TextChoices):
        PROPUESTA = "PROPUESTA", "Propuesta"
        ACUERDO = "ACUERDO", "Confirmación de lo acordado"

    caso = models.ForeignKey("casos.Caso", on_delete=models.PROTECT, related_name="impresos")
    clase = models.CharField(max_length=9, choices=Clase.choices)
    numero = models.PositiveSmallIntegerField()  # the proposal's; of confirmations, the case's
    datos = models.JSONField()  # all that the PDF says (``casos.impresos.documentos``)
    logo = models.ForeignKey(
        Logo, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    persona = models.ForeignKey(
        PersonaContacto, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sal = models.CharField(max_length=32)
    huella = models.CharField(max_length=64)
    hecho_en = models.DateTimeField()
    suprimido_en = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "documento para el cliente"
        verbose_name_plural = "documentos para el cliente"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["caso", "clase", "numero"], name="impreso_numerado")
        ]

    def __str__(self) -> str:
        return self.nombre

    @property
    def referencia(self) -> str:
        """SV-2026-000123-P1, or -A1 of what was agreed."""
        return str(self.datos["referencia"])

    @property
    def nombre(self) -> str:
        """Of its file: folio and version, never anything that somebody typed."""
        return f"{self.referencia}.pdf"

    def calcular_huella(self) -> str:
        """Digest of what it says, salted: it stands in the event of its act."""
        return huella_de(self.sal, self.logo_id, self.datos)


def huella_de(sal: str, logo: int | None, datos: Any) -> str:
    texto = json.dumps(datos, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{sal}:{logo or ''}:{texto}".encode()).hexdigest()
