"""The record of security: append-only, one chain of its own, with its head in a table of its own.

Persons go by their key. What tells where somebody was, or what an address or a name was, stands
beside the chain: the hash covers only its salted digest, so that it can be suppressed later.
"""

import json
import secrets
from datetime import UTC

from django.db import models
from django.db.models import Q
from django.utils import timezone

from casos.catalogos import Hecho

from .bitacora import CERO
from .huellas import canonico, digerir_canonicos

VERSION = 1  # of what is hashed and how


def digerir_partes(dominio: str, *partes, version: int = VERSION) -> str:
    """``digerir_canonicos`` over the canonical text of each part."""
    return digerir_canonicos(dominio, *map(canonico, partes), version=version)


class CabezaDeSeguridad(models.Model):
    """How many facts there are and the hash of the last. One row; whoever writes a fact locks it."""

    numero = models.PositiveBigIntegerField(default=0)
    huella = models.CharField(max_length=64, default=CERO)

    class Meta:
        verbose_name = "cabeza del registro de seguridad"
        verbose_name_plural = "cabezas del registro de seguridad"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="una_sola_cabeza")]

    def __str__(self) -> str:
        return str(self.numero)


class HechoDeSeguridad(models.Model):
    """One fact. Suppression blanks what stands beside the chain; nothing else changes a row."""

    numero = models.PositiveBigIntegerField("número", unique=True)
    version = models.PositiveSmallIntegerField(default=VERSION)
    en = models.DateTimeField("cuándo", default=timezone.now)
    hecho = models.CharField("qué pasó", max_length=24, choices=Hecho.choices)
    persona = models.ForeignKey(
        "casos.Usuario",
        null=True,
        on_delete=models.PROTECT,
        related_name="hechos_de_seguridad",
        verbose_name="de quién es la cuenta",
    )
    autor = models.ForeignKey(
        "casos.Usuario",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="quién lo hizo",
    )
    datos = models.JSONField(default=dict)
    # Beside the chain, under ``sello``:
    direccion = models.CharField("dirección de red", max_length=45, blank=True)
    dispositivo = models.CharField("dispositivo", max_length=80, blank=True)
    aparte = models.TextField(blank=True)  # canonical JSON of texts
    sal = models.CharField(max_length=32, blank=True)
    suprimido_en = models.DateTimeField(null=True)
    sello = models.CharField(max_length=64)
    previo = models.CharField(max_length=64)
    huella = models.CharField(max_length=64)

    class Meta:
        verbose_name = "hecho de seguridad"
        verbose_name_plural = "registro de seguridad"
        ordering = ["-numero"]
        indexes = [
            models.Index(fields=["persona", "-numero"], name="hecho_persona_numero"),
            models.Index(fields=["autor", "-numero"], name="hecho_autor_numero"),
            models.Index(fields=["hecho", "-numero"], name="hecho_hecho_numero"),
        ]

    def __str__(self) -> str:
        return f"{self.numero} {self.get_hecho_display()}"

    @property
    def textos(self) -> dict[str, str]:
        """What stands beside the chain; empty once suppressed."""
        return json.loads(self.aparte) if self.aparte else {}

    def sellar(self) -> None:
        """Salt what stands beside, then hash the row over the one before (``previo``)."""
        self.sal = secrets.token_hex(16)
        self.sello = self.calcular_sello()
        self.huella = self.calcular_huella()

    def calcular_sello(self) -> str:
        return digerir_partes(
            "aparte", self.sal, self.direccion, self.dispositivo, self.aparte, version=self.version
        )

    def calcular_huella(self) -> str:
        """Over every column that never changes, but ``huella`` itself."""
        return digerir_partes(
            "hecho",
            self.numero,
            self.en.astimezone(UTC).isoformat(timespec="microseconds"),
            self.hecho,
            self.persona_id,
            self.autor_id,
            self.datos,
            self.sello,
            self.previo,
            version=self.version,
        )
