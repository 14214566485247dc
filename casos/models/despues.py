"""What is asked once a contract was modified (§7.7): did it arrive, and what does the client say of it.

Created when the case closes, to be answered from a day on; written by ``pasos.despues_de_cerrar`` alone.
"""

from __future__ import annotations

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.lookups import IsNull
from django.utils import timezone

from casos.catalogos import Estado, Medio

from .cliente import PersonaContacto
from .personas import Area, Usuario

CALIFICACION_MAXIMA = 10
ALTA, BAJA = 9, 6  # from which it is high, and up to which it is low


class EstadoComprobacion(models.TextChoices):
    PENDIENTE = "PENDIENTE", "Falta responder"
    LLEGO = "LLEGO", "Llegó como se acordó"
    NO_LLEGO = "NO_LLEGO", "No llegó como se acordó"
    CANCELADA = "CANCELADA", "Ya no se pregunta"


class EstadoSatisfaccion(models.TextChoices):
    PENDIENTE = "PENDIENTE", "Falta preguntarle"
    CONTESTO = "CONTESTO", "Contestó"
    NO_QUISO = "NO_QUISO", "No quiso contestar"
    NO_SE_LOCALIZO = "NO_SE_LOC", "No se le localizó"
    CANCELADA = "CANCELADA", "Ya no se pregunta"


# What may be said of the question to the client.
RESPUESTAS_DEL_CLIENTE = [
    (e.value, str(e.label))
    for e in (
        EstadoSatisfaccion.CONTESTO,
        EstadoSatisfaccion.NO_QUISO,
        EstadoSatisfaccion.NO_SE_LOCALIZO,
    )
]


class _TrasElCierre(models.QuerySet):
    def por_responder(self, hoy):
        """What waits for an answer on that day."""
        return self.filter(estado="PENDIENTE", desde_fecha__lte=hoy, caso__estado=Estado.CERRADO)


class ComprobacionQuerySet(_TrasElCierre):
    def de_las_areas(self, usuario, hoy):
        """What the person's areas may answer (as ``permisos.cargos.miembro``): never who leads the case."""
        suyas = Q(pk__in=[])
        for cargo in usuario.cargos:
            if cargo.areas:
                suyas |= Q(area__in=cargo.areas) & ~Q(caso__responsable=cargo.usuario_id)
        return self.por_responder(hoy).filter(suyas & ~Q(caso__responsable=usuario.pk))


def respondidas(desde, hasta) -> Q:
    """Per case the last answer from an instant until before another: no case counts twice.

    Each is looked for by itself: an anti join would read every answer there ever was.
    """
    de_su_caso = Satisfaccion.objects.filter(caso=OuterRef("caso"), pk__gt=OuterRef("pk"))
    otra = de_su_caso.filter(respondida_en__lt=hasta).order_by().values("pk")[:1]
    en_el_periodo = Q(respondida_en__gte=desde, respondida_en__lt=hasta)
    return en_el_periodo & Q(IsNull(Subquery(otra), True))


class SatisfaccionQuerySet(_TrasElCierre):
    def respondidas(self, desde, hasta):
        return self.filter(respondidas(desde, hasta))


class _Pregunta(models.Model):
    """A question that waits from a day on, and who answered it."""

    desde_fecha = models.DateField("se pregunta desde el")
    vence = models.DateField("vence")
    respondida_por = models.ForeignKey(
        Usuario, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    respondida_en = models.DateTimeField("respondida", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    @property
    def ya_se_pregunta(self) -> bool:
        return self.desde_fecha <= timezone.localdate()

    @property
    def esta_pendiente(self) -> bool:
        return self.estado == "PENDIENTE"  # type: ignore[attr-defined]


class Comprobacion(_Pregunta):
    """Of the area that pays: did what was agreed arrive, once its first period ended."""

    caso = models.ForeignKey("casos.Caso", on_delete=models.PROTECT, related_name="comprobaciones")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    estado = models.CharField(
        max_length=9, choices=EstadoComprobacion.choices, default=EstadoComprobacion.PENDIENTE
    )
    diferencia = models.TextField("qué llegó distinto", blank=True, max_length=2000)

    objects = ComprobacionQuerySet.as_manager()

    class Meta:
        verbose_name = "comprobación"
        verbose_name_plural = "comprobaciones"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["caso", "area"],
                condition=Q(estado=EstadoComprobacion.PENDIENTE.value),
                name="una_comprobacion_pendiente",
                violation_error_message="Al área ya se le pregunta si llegó.",
            ),
            models.CheckConstraint(
                condition=Q(
                    estado__in=[
                        EstadoComprobacion.PENDIENTE.value,
                        EstadoComprobacion.CANCELADA.value,
                    ],
                    respondida_en=None,
                    diferencia="",
                )
                | Q(
                    estado=EstadoComprobacion.LLEGO.value,
                    respondida_en__isnull=False,
                    diferencia="",
                )
                | (
                    Q(estado=EstadoComprobacion.NO_LLEGO.value, respondida_en__isnull=False)
                    & ~Q(diferencia="")
                ),
                name="comprobacion_completa",
                violation_error_message="Si no llegó, falta decir qué llegó distinto.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["area", "desde_fecha"],
                condition=Q(estado=EstadoComprobacion.PENDIENTE.value),
                name="comprobacion_pendiente",
            )
        ]

    def __str__(self) -> str:
        return str(self.area)


class Satisfaccion(_Pregunta):
    """The one question to the client: 0 to 10 and why, or that there is no answer; never a forced number."""

    caso = models.ForeignKey("casos.Caso", on_delete=models.PROTECT, related_name="satisfacciones")
    estado = models.CharField(
        max_length=9, choices=EstadoSatisfaccion.choices, default=EstadoSatisfaccion.PENDIENTE
    )
    calificacion = models.PositiveSmallIntegerField("calificación", null=True, blank=True)
    comentario = models.TextField("comentario", blank=True, max_length=2000)
    pide_reabrir = models.BooleanField("pide que se revise", default=False)
    persona = models.ForeignKey(
        PersonaContacto, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cuando = models.DateTimeField("cuándo", null=True, blank=True)
    medio = models.CharField("medio", max_length=12, choices=Medio.choices, blank=True)

    objects = SatisfaccionQuerySet.as_manager()

    class Meta:
        verbose_name = "satisfacción"
        verbose_name_plural = "satisfacción de clientes"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["caso"],
                condition=Q(estado=EstadoSatisfaccion.PENDIENTE.value),
                name="una_satisfaccion_pendiente",
                violation_error_message="Al cliente ya se le pregunta.",
            ),
            models.CheckConstraint(
                condition=Q(
                    estado=EstadoSatisfaccion.CONTESTO.value,
                    calificacion__isnull=False,
                    calificacion__gte=0,
                    calificacion__lte=CALIFICACION_MAXIMA,
                )
                | (~Q(estado=EstadoSatisfaccion.CONTESTO.value) & Q(calificacion=None)),
                name="satisfaccion_con_calificacion",
                violation_error_message="Solo lo que contestó el cliente lleva calificación, de 0 a 10.",
            ),
            models.CheckConstraint(
                condition=Q(pide_reabrir=False)
                | Q(calificacion__isnull=False, calificacion__lte=BAJA),
                name="satisfaccion_se_revisa_si_es_baja",
            ),
            models.CheckConstraint(
                condition=Q(
                    estado__in=[
                        EstadoSatisfaccion.PENDIENTE.value,
                        EstadoSatisfaccion.CANCELADA.value,
                    ],
                    respondida_en=None,
                )
                | (
                    ~Q(
                        estado__in=[
                            EstadoSatisfaccion.PENDIENTE.value,
                            EstadoSatisfaccion.CANCELADA.value,
                        ]
                    )
                    & Q(respondida_en__isnull=False)
                ),
                name="satisfaccion_con_fecha",
            ),
        ]
        indexes = [
            models.Index(
                fields=["vence", "id"],
                condition=Q(estado=EstadoSatisfaccion.PENDIENTE.value),
                name="satisfaccion_pendiente",
            ),
            models.Index(
                fields=["respondida_en", "caso"],
                condition=Q(respondida_en__isnull=False),
                name="satisfaccion_respondida",
            ),
        ]

    def __str__(self) -> str:
        if self.calificacion is not None:
            return f"{self.calificacion} de {CALIFICACION_MAXIMA}"
        return str(self.get_estado_display())
