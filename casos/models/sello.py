"""Seals: one digest a working night over the heads of all cases, chained and signed (D§3).

A row never changes. The key that signs is not in the database (``casos/seguridad/llave.py``).
"""

from datetime import UTC

from django.db import models

from .bitacora import CERO
from .seguridad import digerir_partes

REGLA = 2  # 1: without what was configured


class Sello(models.Model):
    """What stood in the log at ``en``. ``folios``: year → last folio; ``llave``: the public key, in hex."""

    numero = models.PositiveIntegerField("número", unique=True)
    dia = models.DateField("día", unique=True)
    en = models.DateTimeField("hecho")
    casos = models.PositiveBigIntegerField("casos")
    eventos = models.PositiveBigIntegerField("eventos")
    folios = models.JSONField("último folio de cada año", default=dict)
    regla = models.PositiveSmallIntegerField(default=1)  # of what its digest covers
    hechos = models.PositiveBigIntegerField("hechos de seguridad", default=0)
    cabeza_de_hechos = models.CharField(max_length=64, default=CERO)
    configurado = models.PositiveBigIntegerField("eventos de configuración", default=0)
    cabeza_de_configuracion = models.CharField(max_length=64, default=CERO)
    raiz = models.CharField("raíz", max_length=64)
    previo = models.CharField("huella del sello anterior", max_length=64, default=CERO)
    llave = models.CharField("llave pública", max_length=64)
    huella = models.CharField("huella", max_length=64)
    firma = models.CharField("firma", max_length=128)

    class Meta:
        verbose_name = "sello"
        verbose_name_plural = "sellos"
        ordering = ["-numero"]

    def __str__(self) -> str:
        return f"Sello {self.numero}"

    def calcular_huella(self) -> str:
        """Over every column but ``huella`` and ``firma``, and the key that signs it."""
        configurado = [self.configurado, self.cabeza_de_configuracion] if self.regla > 1 else []
        return digerir_partes(
            "sello",
            self.numero,
            self.dia.isoformat(),
            self.en.astimezone(UTC).isoformat(timespec="microseconds"),
            self.casos,
            self.eventos,
            self.folios,
            self.hechos,
            self.cabeza_de_hechos,
            self.raiz,
            self.previo,
            self.llave,
            *configurado,
            version=self.regla,
        )


class HojaDeSello(models.Model):
    """The head of a case that had moved since the former seal. By folio: it outlives the case."""

    sello = models.PositiveIntegerField()  # its number; written before it, in its transaction
    folio = models.CharField(max_length=14)
    numero = models.PositiveIntegerField()
    huella = models.CharField(max_length=64)

    class Meta:
        verbose_name = "hoja de sello"
        verbose_name_plural = "hojas de sellos"
        ordering = ["folio", "sello"]
        constraints = [
            models.UniqueConstraint(fields=["folio", "sello"], name="hoja_por_caso_y_sello")
        ]

    def __str__(self) -> str:
        return f"{self.folio} {self.numero}"


class CertificadoDeSello(models.Model):
    """What a third party certified of a seal, as it came (``casos/seguridad/certificado.py``)."""

    sello = models.OneToOneField(Sello, on_delete=models.PROTECT, related_name="certificado")
    emisor = models.CharField(max_length=120)
    huella = models.CharField("huella que certifica", max_length=64)
    contenido = models.BinaryField()
    en = models.DateTimeField()

    class Meta:
        verbose_name = "certificado de sello"
        verbose_name_plural = "certificados de sellos"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.emisor}, {self.sello}"
