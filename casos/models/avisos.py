"""The outbox: the truth about mail (D§3). Rendered in the step's transaction, sent later."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from casos.catalogos import EstadoAviso


class Aviso(models.Model):
    """One mail to one address. ``confidencial``: its body is wiped once sent (account links)."""

    # Stands for the address of who had their data suppressed; no server delivers to ``.invalid``.
    SUPRIMIDO = "suprimido@correo.invalid"
    DE_LA_MANANA = "resumen"  # the ``plantilla`` of a person's morning, which is nobody else's
    DEL_MES = "informe"

    caso = models.ForeignKey(
        "casos.Caso", null=True, blank=True, on_delete=models.PROTECT, related_name="avisos"
    )
    evento = models.ForeignKey(
        "casos.Evento", null=True, blank=True, on_delete=models.PROTECT, related_name="avisos"
    )
    plantilla = models.CharField(max_length=60)
    remitente = models.CharField(
        max_length=200, blank=True
    )  # the firm's name, in a letter to a client
    logo = models.ForeignKey(
        "casos.Logo", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # The document it carries, made when it leaves; the digest is of the bytes that left.
    impreso = models.ForeignKey(
        "casos.Impreso", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    adjunto_sha256 = models.CharField(max_length=64, blank=True)
    usuario = models.ForeignKey(
        "casos.Usuario", null=True, blank=True, on_delete=models.PROTECT, related_name="avisos"
    )
    area = models.ForeignKey("casos.Area", null=True, blank=True, on_delete=models.PROTECT)
    para = models.EmailField("para", max_length=254)
    asunto = models.CharField("asunto", max_length=255)
    texto = models.TextField("texto")
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=120, unique=True)
    en_respuesta_a = models.CharField(max_length=120, blank=True)
    # An invitation: to which appointment, and what its reader's calendar is given (RFC 5545).
    cita = models.ForeignKey(
        "casos.Cita", null=True, blank=True, on_delete=models.PROTECT,
        related_name="avisos", db_index=False,
    )  # fmt: skip
    calendario = models.TextField(blank=True)
    responder_a = models.EmailField(max_length=254, blank=True)
    confidencial = models.BooleanField(default=False)
    estado = models.CharField(
        max_length=9, choices=EstadoAviso.choices, default=EstadoAviso.PENDIENTE
    )
    intentos = models.PositiveSmallIntegerField(default=0)
    proximo_en = models.DateTimeField(default=timezone.now)
    tomado_hasta = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)
    # The morning's letter that carried it, where it was not sent by itself.
    resumen = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="cartas"
    )
    rechazado_desde = models.DateTimeField(null=True, blank=True)  # asked to wait, time and again
    creado_en = models.DateTimeField(default=timezone.now)
    enviado_en = models.DateTimeField(null=True, blank=True)
    # Of a person it names: once sent, nothing else lets its text be touched.
    suprimido_en = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "correo"
        verbose_name_plural = "correos"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(estado=EstadoAviso.ENVIADO, enviado_en__isnull=False)
                | (~Q(estado=EstadoAviso.ENVIADO) & Q(enviado_en__isnull=True)),
                name="aviso_enviado_con_fecha",
            ),
            models.CheckConstraint(
                condition=Q(estado=EstadoAviso.RESUMIDO, resumen__isnull=False)
                | (~Q(estado=EstadoAviso.RESUMIDO) & Q(resumen__isnull=True)),
                name="aviso_resumido_en_alguno",
            ),
        ]
        indexes = [
            models.Index(
                fields=["proximo_en"],
                condition=Q(estado__in=[EstadoAviso.PENDIENTE.value, EstadoAviso.ENVIANDO.value]),
                name="aviso_por_enviar",
            ),
            models.Index(fields=["estado", "-id"], name="aviso_estado_id"),
            models.Index(
                fields=["caso"],
                condition=Q(estado=EstadoAviso.FALLIDO.value),
                name="aviso_fallido_por_caso",
            ),
            models.Index(
                fields=["usuario", "caso"],
                condition=Q(estado=EstadoAviso.RESUMEN.value),
                name="aviso_espera_el_resumen",
            ),
            models.Index(fields=["cita"], condition=Q(cita__isnull=False), name="aviso_de_cita"),
        ]

    def __str__(self) -> str:
        return self.asunto

    @property
    def informe(self) -> Any:
        """The month's report that it carries, where it is the letter of one."""
        return self.informes.first() if self.plantilla == self.DEL_MES else None

    @property
    def es_resumen(self) -> bool:
        return self.plantilla == self.DE_LA_MANANA


class Resumen(models.Model):
    """The morning of a person: written once, whether or not there was something to tell."""

    usuario = models.ForeignKey("casos.Usuario", on_delete=models.CASCADE, related_name="resumenes")
    fecha = models.DateField("fecha")
    aviso = models.OneToOneField(
        Aviso, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "resumen de la mañana"
        verbose_name_plural = "resúmenes de la mañana"
        constraints = [
            models.UniqueConstraint(
                fields=["usuario", "fecha"],
                name="un_resumen_por_persona_y_dia",
                violation_error_message="A esa persona ya se le escribió hoy.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.usuario}, {self.fecha:%d/%m/%Y}"
