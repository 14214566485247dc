"""The log: append-only, one SHA-256 chain per case (D§3). Triggers refuse UPDATE and DELETE.

What identifies a person never enters the hash in clear: free text lives in ``TextoEvento``
beside its salt, and the hash covers only its salted digest, so that it can be suppressed later.
"""

import hashlib
import uuid
from datetime import UTC

from django.db import models
from django.utils import timezone

from .huellas import canonico, digerir_canonicos

CERO = "0" * 64
# What is hashed and how. 1: bare JSON, and ``salt:label:text`` for a text. 2: each digest of its own
# domain, with lengths and a version byte; a text's covers its field and whether it tells a person.
REGLA = 2


class Evento(models.Model):
    """One act on a case. ``numero`` counts from 1 within the case."""

    caso = models.ForeignKey("casos.Caso", on_delete=models.PROTECT, related_name="eventos")
    numero = models.PositiveIntegerField()
    seccion = models.CharField(max_length=6)
    revision = models.PositiveSmallIntegerField()
    accion = models.CharField(max_length=40)
    de = models.CharField(max_length=16, blank=True)
    a = models.CharField(max_length=16)
    actor = models.ForeignKey(
        "casos.Usuario", null=True, on_delete=models.PROTECT, related_name="eventos"
    )
    suple_a = models.ForeignKey(
        "casos.Usuario", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    en_lugar_de = models.ForeignKey(
        "casos.Usuario", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sin_segregacion = models.BooleanField(default=False)
    en = models.DateTimeField(default=timezone.now)
    ficha = models.UUIDField(
        unique=True,
        default=uuid.uuid4,
        help_text="De la página enviada: un doble clic es uno solo.",
    )
    datos = models.JSONField(default=dict)
    regla = models.PositiveSmallIntegerField(default=REGLA)
    previo = models.CharField(max_length=64)
    huella = models.CharField(max_length=64)

    class Meta:
        verbose_name = "evento"
        verbose_name_plural = "bitácora"
        ordering = ["caso", "numero"]
        constraints = [models.UniqueConstraint(fields=["caso", "numero"], name="evento_en_orden")]

    def __str__(self) -> str:
        return f"{self.numero} {self.accion}"

    def calcular_huella(self) -> str:
        """SHA-256 over every stored column but ``huella`` itself, in canonical JSON."""
        cuerpo = {
            "caso": self.caso_id,
            "numero": self.numero,
            "seccion": self.seccion,
            "revision": self.revision,
            "accion": self.accion,
            "de": self.de,
            "a": self.a,
            "actor": self.actor_id,
            "suple_a": self.suple_a_id,
            "en_lugar_de": self.en_lugar_de_id,
            "sin_segregacion": self.sin_segregacion,
            "en": self.en.astimezone(UTC).isoformat(),
            "ficha": str(self.ficha),
            "datos": self.datos,
            "previo": self.previo,
        }
        if self.regla > 1:
            cuerpo["regla"] = self.regla
        return huella_de_evento(canonico(cuerpo), self.regla)


def huella_de_evento(texto: str, regla: int = REGLA) -> str:
    """Of the canonical JSON of its columns."""
    if regla == 1:
        return hashlib.sha256(texto.encode()).hexdigest()
    return digerir_canonicos("evento", texto, version=regla)


def digerir(fila, regla: int = REGLA) -> str:
    """Digest of a ``TextoEvento`` for the chain: what it says and under which label, salted."""
    if regla == 1:
        return hashlib.sha256(f"{fila.sal}:{fila.etiqueta}:{fila.texto}".encode()).hexdigest()
    personal = "1" if fila.personal else "0"
    return digerir_canonicos(
        "texto", fila.sal, fila.campo, fila.etiqueta, fila.texto, personal, version=regla
    )


class TextoEvento(models.Model):
    """A free text of an event, kept beside the chain. Suppression blanks it; the chain holds."""

    evento = models.ForeignKey(Evento, on_delete=models.PROTECT, related_name="textos")
    campo = models.CharField(max_length=60)
    etiqueta = models.CharField(max_length=120)
    texto = models.TextField(blank=True)
    sal = models.CharField(max_length=32)
    personal = models.BooleanField(default=False)
    suprimido_en = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "texto de evento"
        verbose_name_plural = "textos de eventos"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["evento", "campo"], name="texto_por_campo")]

    def __str__(self) -> str:
        return self.etiqueta


def ruta_adjunto(instancia, nombre) -> str:
    """Random path: the name a person gave never reaches the file system."""
    return f"adjuntos/{timezone.now():%Y/%m}/{uuid.uuid4().hex}"


class Adjunto(models.Model):
    """A file handed in with an act; served only as attachment, by the case's visibility."""

    caso = models.ForeignKey("casos.Caso", on_delete=models.PROTECT, related_name="adjuntos")
    evento = models.ForeignKey(Evento, on_delete=models.PROTECT, related_name="adjuntos")
    archivo = models.FileField("archivo", upload_to=ruta_adjunto, max_length=120)
    nombre = models.CharField("nombre", max_length=150)
    tipo = models.CharField("tipo", max_length=100)
    tamano = models.PositiveIntegerField("tamaño")
    sha256 = models.CharField(max_length=64)
    subido_por = models.ForeignKey("casos.Usuario", on_delete=models.PROTECT)
    subido_en = models.DateTimeField(auto_now_add=True)
    # Each time it is read, that is written down (``LecturaSensible``).
    sensible = models.BooleanField("tiene datos sensibles", default=False)
    # Its content was deleted with the data of a person; name and SHA-256 stay as proof.
    borrado_en = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "archivo"
        verbose_name_plural = "archivos"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.nombre
