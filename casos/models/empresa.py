"""The firm itself, as its clients are told of it: one row, edited in the panel."""

from __future__ import annotations

import uuid

from django.core.files.storage import default_storage
from django.core.validators import URLValidator
from django.db import models

from .preparada import Preparada


def ruta_de_logo(instancia: models.Model | None, nombre: str) -> str:
    """Random: the name a person gave never reaches the file system."""
    return f"empresa/{uuid.uuid4().hex}"


class Logo(models.Model):
    """A logo the firm has, or had when a mail was written: what was sent is sent again as it was."""

    archivo = models.FileField("archivo", upload_to=ruta_de_logo, max_length=120)
    tipo = models.CharField("tipo", max_length=40)
    ancho = models.PositiveSmallIntegerField("ancho")
    alto = models.PositiveSmallIntegerField("alto")

    # In a letter, in CSS pixels.
    ANCHO_MAXIMO, ALTO_MAXIMO = 200, 56

    class Meta:
        verbose_name = "logotipo"
        verbose_name_plural = "logotipos"

    def __str__(self) -> str:
        return f"Logotipo {self.pk}"

    @property
    def medidas(self) -> tuple[int, int]:
        """As it is drawn in a letter: never larger than it is."""
        razon = min(self.ANCHO_MAXIMO / self.ancho, self.ALTO_MAXIMO / self.alto, 1)
        return max(1, round(self.ancho * razon)), max(1, round(self.alto * razon))

    @property
    def cid(self) -> str:
        """What the HTML of a mail calls the part that holds it."""
        return f"logo-{self.pk}@empresa"

    def bytes(self) -> bytes:
        """Raises ``OSError`` where the file is not there."""
        with default_storage.open(self.archivo.name) as abierto:
            return abierto.read()


class Empresa(models.Model):
    """Name, where it is and how it is reached: the letters to clients say so."""

    razon_social = models.CharField("razón social", max_length=200)
    nombre_comercial = models.CharField(
        "nombre comercial",
        max_length=120,
        blank=True,
        help_text="Si lo hay, es el que ve el cliente como remitente y en el asunto.",
    )
    direccion = models.TextField("dirección", max_length=400, blank=True)
    telefono = models.CharField("teléfono", max_length=100, blank=True)  # ``casos.telefonos``
    sitio = models.URLField(
        "página web", max_length=200, blank=True, validators=[URLValidator(["http", "https"])]
    )
    logo = models.ForeignKey(
        Logo,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="logotipo",
    )

    class Meta:
        verbose_name = "datos de la empresa"
        verbose_name_plural = "datos de la empresa"

    def __str__(self) -> str:
        return self.nombre or "Datos de la empresa"

    @property
    def nombre(self) -> str:
        """What clients know it by; empty where nobody has written it."""
        return self.nombre_comercial or self.razon_social

    @property
    def razon_aparte(self) -> str:
        """Its legal name, where it is known by another."""
        return self.razon_social if self.razon_social != self.nombre else ""

    @classmethod
    def actual(cls) -> Empresa:
        return next(iter(_LA_QUE_HAY()), None) or cls()


_LA_QUE_HAY = Preparada(lambda: Empresa.objects.select_related("logo").order_by("pk")[:1])
