"""Requests of persons about their data (ARCO, LFPDPPP), each with its own clock and its own history."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from casos.datos_tratados import (
    ABIERTAS,
    CalidadDeQuienPide,
    DerechoARCO,
    EstadoARCO,
    ViaARCO,
)

from .cliente import PersonaContacto
from .personas import Usuario


class SolicitudARCO(models.Model):
    """Whom it is about may not be known yet, or not be here at all."""

    anio = models.PositiveSmallIntegerField()
    consecutivo = models.PositiveIntegerField()
    derecho = models.CharField("qué derecho", max_length=13, choices=DerechoARCO.choices)
    quien_pide = models.CharField("quién la hace", max_length=120)
    calidad = models.CharField("en calidad de", max_length=13, choices=CalidadDeQuienPide.choices)
    contacto = models.CharField("dónde se le contesta", max_length=200)
    que_pide = models.TextField("qué pide", max_length=4000)
    via = models.CharField("cómo llegó", max_length=10, choices=ViaARCO.choices)
    recibida_fecha = models.DateField("recibida el")
    persona = models.ForeignKey(
        PersonaContacto, null=True, blank=True, on_delete=models.PROTECT, related_name="solicitudes"
    )
    usuario = models.ForeignKey(
        Usuario, null=True, blank=True, on_delete=models.PROTECT, related_name="solicitudes"
    )
    identidad = models.CharField("cómo se comprobó quién es", max_length=300, blank=True)
    lleva = models.ForeignKey(Usuario, on_delete=models.PROTECT, related_name="+")
    estado = models.CharField(max_length=9, choices=EstadoARCO.choices, default=EstadoARCO.RECIBIDA)
    vence = models.DateField("vence", null=True, blank=True)  # of what its state waits for
    ampliada = models.BooleanField(default=False)  # once in each state that waits
    respuesta = models.TextField("qué se contestó", max_length=4000, blank=True)
    evidencia = models.CharField("con qué se prueba", max_length=300, blank=True)
    creada_en = models.DateTimeField(default=timezone.now)
    ficha = models.UUIDField(null=True, unique=True, editable=False)  # of the page it was sent from

    class Meta:
        verbose_name = "solicitud ARCO"
        verbose_name_plural = "solicitudes ARCO"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["anio", "consecutivo"], name="solicitud_numerada"),
            models.CheckConstraint(
                condition=Q(persona=None) | Q(usuario=None), name="solicitud_de_una_persona"
            ),
        ]
        indexes = [
            models.Index(
                fields=["vence"],
                condition=Q(estado__in=[e.value for e in ABIERTAS]),
                name="solicitud_abierta",
            )
        ]

    def __str__(self) -> str:
        return f"SD-{self.anio}-{self.consecutivo:03d}"

    @property
    def esta_abierta(self) -> bool:
        return self.estado in ABIERTAS


class MovimientoARCO(models.Model):
    """What was done with a request. Append-only; suppression takes names out of ``texto`` only."""

    solicitud = models.ForeignKey(
        SolicitudARCO, on_delete=models.PROTECT, related_name="movimientos"
    )
    en = models.DateTimeField(default=timezone.now)
    quien = models.ForeignKey(Usuario, on_delete=models.PROTECT, related_name="+")
    que = models.CharField(max_length=60)
    estado = models.CharField(max_length=9, choices=EstadoARCO.choices)
    vence = models.DateField(null=True)
    texto = models.TextField(blank=True)
    suprimido_en = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "movimiento de una solicitud"
        verbose_name_plural = "movimientos de solicitudes"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.que
