"""When the firm works: the hours of each weekday, the days that do not count, and where."""

from django.db import models
from django.db.models import F, Q

from casos.catalogos import OrigenInhabil

from .iguales import Igual, NombreUnico


class Sede(NombreUnico):
    """A place where areas work. A day may be non-working only there."""

    REPETIDO = "Ya existe una sede con ese nombre."

    nombre = models.CharField("nombre", max_length=80)
    nombre_igual = Igual(de="nombre", max_length=200)

    class Meta:
        verbose_name = "sede"
        verbose_name_plural = "sedes"
        ordering = ["nombre"]
        constraints = [
            models.UniqueConstraint(
                fields=["nombre_igual"],
                name="sede_unica",
                violation_error_message="Ya existe una sede con ese nombre.",
            )
        ]

    def __str__(self) -> str:
        return self.nombre


class Jornada(models.Model):
    """The hours of a weekday. Without its row it is as always: whole from Monday to Friday."""

    DIAS = tuple(
        enumerate(("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"))
    )

    dia = models.PositiveSmallIntegerField("día", choices=DIAS, unique=True)
    se_trabaja = models.BooleanField("se trabaja")
    desde = models.TimeField("desde", null=True, blank=True)
    hasta = models.TimeField("hasta", null=True, blank=True)

    class Meta:
        verbose_name = "jornada"
        verbose_name_plural = "jornadas"
        ordering = ["dia"]
        constraints = [
            models.CheckConstraint(
                condition=Q(dia__lt=7),
                name="jornada_de_un_dia_de_la_semana",
                violation_error_message="Ese día de la semana no existe.",
            ),
            models.CheckConstraint(
                condition=Q(desde=None, hasta=None)
                | Q(se_trabaja=True, desde__isnull=False, hasta__gt=F("desde")),
                name="jornada_empieza_antes_de_terminar",
                violation_error_message="La jornada debe terminar después de empezar.",
            ),
        ]

    def __str__(self) -> str:
        dia = str(self.get_dia_display())
        if not self.se_trabaja:
            return f"{dia}: no se trabaja"
        if self.desde is None or self.hasta is None:
            return f"{dia}: todo el día"
        return f"{dia}: de {self.desde:%H:%M} a {self.hasta:%H:%M}"


class DiaInhabil(models.Model):
    """A day that does not count for deadlines, or only until an hour; proposed from LFT art. 74."""

    fecha = models.DateField("fecha")
    motivo = models.CharField("motivo", max_length=120)
    hasta = models.TimeField(
        "se trabaja hasta",
        null=True,
        blank=True,
        help_text="Solo si es medio día, por ejemplo 14:00. Vacío: no se trabaja.",
    )
    sede = models.ForeignKey(
        Sede,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name="solo en la sede",
        help_text="Cuenta para los plazos de las áreas que trabajan ahí. Vacío: toda la empresa.",
    )
    origen = models.CharField(
        "origen", max_length=10, choices=OrigenInhabil.choices, default=OrigenInhabil.EMPRESA
    )

    class Meta:
        verbose_name = "día inhábil"
        verbose_name_plural = "días inhábiles"
        ordering = ["fecha", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fecha"],
                condition=Q(sede=None),
                name="dia_inhabil_unico",
                violation_error_message="Ese día ya está registrado.",
            ),
            models.UniqueConstraint(
                fields=["fecha", "sede"],
                condition=Q(sede__isnull=False),
                name="dia_inhabil_unico_en_su_sede",
                violation_error_message="Ese día ya está registrado en esa sede.",
            ),
        ]

    def __str__(self) -> str:
        donde = f" ({self.sede})" if self.sede else ""
        cuanto = f" hasta las {self.hasta:%H:%M}" if self.hasta else ""
        return f"{self.fecha:%d/%m/%Y}{cuanto} {self.motivo}{donde}"
