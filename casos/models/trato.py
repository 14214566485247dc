"""What is dealt with the client (7.2, 7.5): conversations, proposals, appointments."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from casos.catalogos import (
    ComoSePresento,
    Direccion,
    EstadoCita,
    EstadoPropuesta,
    Medio,
)
from casos.direcciones import es_enlace

from .cliente import PersonaContacto
from .personas import Usuario

# How an appointment may be held, in the words of who makes it.
MEDIOS_DE_CITA = (
    (Medio.VISITA, "En persona"),
    (Medio.VIDEOLLAMADA, "Por videollamada"),
    (Medio.TELEFONO, "Por teléfono"),
)


class Contacto(models.Model):
    """A conversation with the client, or an attempt at one (§7.2)."""

    caso = models.ForeignKey("casos.Caso", on_delete=models.PROTECT, related_name="contactos")
    cuando = models.DateTimeField("cuándo")
    medio = models.CharField("medio", max_length=12, choices=Medio.choices)
    direccion = models.CharField(
        "quién llamó a quién", max_length=8, choices=Direccion.choices, default=Direccion.SALIENTE
    )
    persona = models.ForeignKey(PersonaContacto, null=True, blank=True, on_delete=models.PROTECT)
    resumen = models.TextField("resumen", max_length=4000, blank=True)
    efectivo = models.BooleanField("hubo comunicación")
    proxima_fecha = models.DateField("se sigue el", null=True, blank=True, editable=False)
    registrado_por = models.ForeignKey(Usuario, on_delete=models.PROTECT, related_name="+")
    registrado_en = models.DateTimeField()

    class Meta:
        verbose_name = "contacto"
        verbose_name_plural = "contactos"
        ordering = ["-cuando", "-pk"]
        indexes = [models.Index(fields=["caso", "-cuando"], name="contacto_caso_cuando")]

    def __str__(self) -> str:
        return f"{self.get_medio_display()} {self.cuando:%d/%m/%Y}"


class Propuesta(models.Model):
    """A numbered version of the offer, frozen once presented (§7.5)."""

    caso = models.ForeignKey("casos.Caso", on_delete=models.PROTECT, related_name="propuestas")
    numero = models.PositiveSmallIntegerField()
    texto = models.TextField("texto para el cliente", blank=True, max_length=4000)
    filas = models.JSONField(default=list)
    vigencia = models.DateField("vigencia")
    como = models.CharField("cómo se presentó", max_length=12, choices=ComoSePresento.choices)
    persona = models.ForeignKey(PersonaContacto, null=True, on_delete=models.PROTECT)
    presentada_en = models.DateTimeField("presentada")
    presentada_por = models.ForeignKey(Usuario, on_delete=models.PROTECT, related_name="+")
    estado = models.CharField(
        max_length=10, choices=EstadoPropuesta.choices, default=EstadoPropuesta.PRESENTADA
    )
    suprimido_en = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "propuesta"
        verbose_name_plural = "propuestas"
        ordering = ["-numero"]
        constraints = [
            models.UniqueConstraint(fields=["caso", "numero"], name="propuesta_numerada"),
            models.UniqueConstraint(
                fields=["caso"],
                condition=Q(estado=EstadoPropuesta.PRESENTADA),
                name="una_propuesta_viva",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.caso.folio}-P{self.numero}"


class Cita(models.Model):
    """An appointment with the client (§7.5: "en cita agendada")."""

    caso = models.ForeignKey("casos.Caso", on_delete=models.PROTECT, related_name="citas")
    inicio = models.DateTimeField("inicio")
    minutos = models.PositiveSmallIntegerField("duración (minutos)", default=60)
    medio = models.CharField(
        "cómo será", max_length=12, choices=MEDIOS_DE_CITA, default=Medio.VISITA
    )
    lugar = models.CharField("lugar o enlace", max_length=200)
    asunto = models.CharField("asunto", max_length=160)
    persona = models.ForeignKey(PersonaContacto, null=True, blank=True, on_delete=models.PROTECT)
    estado = models.CharField(
        max_length=10, choices=EstadoCita.choices, default=EstadoCita.PROGRAMADA
    )
    organizada_por = models.ForeignKey(Usuario, on_delete=models.PROTECT, related_name="+")
    movimientos = models.PositiveSmallIntegerField(default=0)
    # Of its invitation, for ever (RFC 5545); empty while nobody was invited.
    uid = models.CharField(max_length=300, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "cita"
        verbose_name_plural = "citas"
        ordering = ["inicio", "pk"]
        indexes = [
            models.Index(
                fields=["inicio"],
                condition=Q(estado=EstadoCita.PROGRAMADA.value),
                name="cita_programada",
            )
        ]

    def __str__(self) -> str:
        return self.asunto

    @property
    def esta_programada(self) -> bool:
        return self.estado == EstadoCita.PROGRAMADA

    @property
    def fin(self) -> datetime:
        return self.inicio + timedelta(minutes=self.minutos)

    @property
    def ya_paso(self) -> bool:
        return self.fin < timezone.now()

    @property
    def enlace(self) -> str:
        """Its place, where that is an address of the web and nothing else."""
        return self.lugar if es_enlace(self.lugar) else ""
