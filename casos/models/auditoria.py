"""The auditor's desk: clauses, samples, notes and findings (ISO 9001, 9.2 and 10.2).

A sample, a note and the history of a finding never change (``disparadores``); what changes a finding is in
``auditorias.hallazgos``. Of cases nothing is written here.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from casos.vocabulario_de_auditoria import (
    CON_RESPONSABLE,
    HALLAZGOS_ABIERTOS,
    EstadoHallazgo,
    Estrato,
    Evidencia,
    PasoDeHallazgo,
    TipoHallazgo,
    Universo,
)

from .caso import Caso
from .personas import Usuario

ABIERTOS = [e.value for e in HALLAZGOS_ABIERTOS]
CON_DUENO = [e.value for e in CON_RESPONSABLE]
HECHOS = [EstadoHallazgo.ATENDIDO.value, EstadoHallazgo.CERRADO.value]


class ClausulaISO(models.Model):
    """A clause that is audited: what is looked for, in our words, and what of a case answers it."""

    numero = models.CharField("cláusula", max_length=12, unique=True)
    titulo = models.CharField("título", max_length=120)
    que_se_busca = models.TextField("qué se busca", max_length=1000)
    evidencias = models.JSONField("qué evidencia la responde", default=list)
    orden = models.PositiveSmallIntegerField("orden", default=0)
    activa = models.BooleanField("activa", default=True)

    class Meta:
        verbose_name = "cláusula de ISO 9001"
        verbose_name_plural = "cláusulas de ISO 9001"
        ordering = ["orden", "numero"]

    def __str__(self) -> str:
        return f"{self.numero} {self.titulo}"

    @property
    def clases(self) -> list[Evidencia]:
        """What answers it, in the order of the code; what is no longer known is passed over."""
        return [e for e in Evidencia if e.value in self.evidencias]


class Muestra(models.Model):
    """Cases drawn at random and how to draw them again (``auditorias.muestreo``). Frozen.

    ``estratos``: key, cases and drawn of each; ``folios``: each with the key of its stratum, as drawn.
    Keys, not names: who they are is told as its reader may know it.
    """

    numero = models.PositiveIntegerField("número", unique=True)
    alcance = models.CharField("alcance", max_length=200, blank=True)
    hecha_por = models.ForeignKey(Usuario, on_delete=models.PROTECT, related_name="+")
    hecha_en = models.DateTimeField("hecha", default=timezone.now)
    universo = models.CharField("de qué casos", max_length=10, choices=Universo.choices)
    desde = models.DateField("desde")
    hasta = models.DateField("hasta")
    estrato = models.CharField("estratos", max_length=12, choices=Estrato.choices, blank=True)
    tamano = models.PositiveSmallIntegerField("cuántos casos")
    semilla = models.CharField("semilla", max_length=40)
    metodo = models.PositiveSmallIntegerField(default=1)
    poblacion = models.PositiveIntegerField("población")
    huella = models.CharField("huella de la población", max_length=64)
    estratos = models.JSONField(default=list)
    folios = models.JSONField(default=list)
    ficha = models.UUIDField(
        null=True, unique=True, editable=False
    )  # of the page: sent twice is one

    class Meta:
        verbose_name = "muestra"
        verbose_name_plural = "muestras"
        ordering = ["-numero"]
        constraints = [
            models.CheckConstraint(
                condition=Q(desde__lte=F("hasta")),
                name="muestra_de_un_periodo",
                violation_error_message="La fecha final es anterior a la inicial.",
            ),
            models.CheckConstraint(
                condition=Q(tamano__gte=1, tamano__lte=F("poblacion")),
                name="muestra_cabe_en_su_poblacion",
                violation_error_message="Una muestra tiene de uno a todos los casos.",
            ),
        ]

    def __str__(self) -> str:
        return f"Muestra {self.numero}"


class NotaDeAuditoria(models.Model):
    """What an auditor wrote of a case by a clause. Each saving is a row; the last one counts, empty: none.

    Only suppressing a person's data changes a row.
    """

    muestra = models.ForeignKey(Muestra, on_delete=models.PROTECT, related_name="notas")
    caso = models.ForeignKey(Caso, on_delete=models.PROTECT, related_name="+")
    clausula = models.ForeignKey(ClausulaISO, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    texto = models.TextField("nota", max_length=4000, blank=True)
    autor = models.ForeignKey(Usuario, on_delete=models.PROTECT, related_name="+")
    en = models.DateTimeField(default=timezone.now)
    suprimido_en = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "nota de auditoría"
        verbose_name_plural = "notas de auditoría"
        ordering = ["muestra", "caso", "clausula", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["muestra", "caso", "clausula", "version"], name="nota_version_unica"
            )
        ]

    def __str__(self) -> str:
        return f"{self.muestra}, {self.caso}, {self.clausula}"


class Hallazgo(models.Model):
    """What an audit found, followed to its closure (10.2). What was found never changes."""

    anio = models.PositiveSmallIntegerField("año")
    numero = models.PositiveIntegerField("número")
    tipo = models.CharField("clase", max_length=12, choices=TipoHallazgo.choices)
    clausula = models.ForeignKey(
        ClausulaISO, on_delete=models.PROTECT, related_name="hallazgos", verbose_name="cláusula"
    )
    caso = models.ForeignKey(
        Caso, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="caso"
    )
    muestra = models.ForeignKey(
        Muestra, null=True, on_delete=models.PROTECT, related_name="hallazgos"
    )
    encontrado = models.TextField("qué se encontró", max_length=4000)
    evidencia = models.TextField("evidencia", max_length=2000)
    levantado_por = models.ForeignKey(
        Usuario, on_delete=models.PROTECT, related_name="+", verbose_name="lo levantó"
    )
    levantado_en = models.DateTimeField("levantado", default=timezone.now)
    estado = models.CharField(
        "estado",
        max_length=10,
        choices=EstadoHallazgo.choices,
        default=EstadoHallazgo.ABIERTO,
    )
    responsable = models.ForeignKey(
        Usuario,
        null=True,
        on_delete=models.PROTECT,
        related_name="hallazgos",
        verbose_name="responsable",
    )
    vence = models.DateField("fecha compromiso", null=True)
    accion = models.TextField("acción correctiva", max_length=4000, blank=True)
    hecho_fecha = models.DateField("se hizo el", null=True)
    como = models.TextField("qué se hizo", max_length=4000, blank=True)
    atendido_por = models.ForeignKey(Usuario, null=True, on_delete=models.PROTECT, related_name="+")
    verificado_por = models.ForeignKey(
        Usuario, null=True, on_delete=models.PROTECT, related_name="+"
    )
    verificado_en = models.DateTimeField("verificado", null=True)
    verificacion = models.TextField("cómo se verificó", max_length=4000, blank=True)
    cerrado_en = models.DateTimeField("cerrado", null=True)
    suprimido_en = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    ficha = models.UUIDField(
        null=True, unique=True, editable=False
    )  # of the page: sent twice is one

    class Meta:
        verbose_name = "hallazgo"
        verbose_name_plural = "hallazgos"
        ordering = ["-anio", "-numero"]
        constraints = [
            models.UniqueConstraint(fields=["anio", "numero"], name="hallazgo_numero_unico"),
            models.CheckConstraint(
                condition=Q(estado__in=EstadoHallazgo.values), name="hallazgo_estado_conocido"
            ),
            models.CheckConstraint(
                condition=~Q(estado__in=CON_DUENO)
                | Q(responsable__isnull=False, vence__isnull=False),
                name="hallazgo_con_responsable_y_fecha",
                violation_error_message="Un hallazgo en acción tiene responsable y fecha.",
            ),
            models.CheckConstraint(
                condition=~Q(estado__in=HECHOS)
                | (Q(hecho_fecha__isnull=False) & ~Q(como="") & ~Q(accion="")),
                name="hallazgo_atendido_dice_como",
                violation_error_message="Un hallazgo atendido dice qué se hizo y cuándo.",
            ),
            models.CheckConstraint(
                condition=~Q(estado=EstadoHallazgo.CERRADO) | Q(verificado_por__isnull=False),
                name="hallazgo_cerrado_verificado",
                violation_error_message="Un hallazgo se cierra cuando alguien lo verificó.",
            ),
            models.CheckConstraint(
                condition=Q(verificado_por=None)
                | (
                    (Q(responsable=None) | ~Q(verificado_por=F("responsable")))
                    & (Q(atendido_por=None) | ~Q(verificado_por=F("atendido_por")))
                ),
                name="hallazgo_verificado_por_otra_persona",
                violation_error_message="Lo verifica otra persona que su responsable.",
            ),
            models.CheckConstraint(
                condition=Q(estado__in=ABIERTOS, cerrado_en__isnull=True)
                | (~Q(estado__in=ABIERTOS) & Q(cerrado_en__isnull=False)),
                name="hallazgo_cerrado_con_fecha",
            ),
        ]
        indexes = [
            models.Index(
                fields=["vence"], condition=Q(estado__in=ABIERTOS), name="hallazgo_abierto_vence"
            ),
            models.Index(
                fields=["responsable"],
                condition=Q(estado=EstadoHallazgo.EN_ACCION.value),
                name="hallazgo_por_responsable",
            ),
        ]

    def __str__(self) -> str:
        return self.clave

    @property
    def clave(self) -> str:
        """HA-2026-001."""
        return f"HA-{self.anio}-{self.numero:03}"

    @property
    def esta_abierto(self) -> bool:
        return self.estado in ABIERTOS

    def get_absolute_url(self) -> str:
        return f"/auditoria/hallazgos/{self.pk}/"


class CambioDeHallazgo(models.Model):
    """A line of a finding's history: who, when, old and new. Only suppression changes a row."""

    hallazgo = models.ForeignKey(Hallazgo, on_delete=models.PROTECT, related_name="historia")
    numero = models.PositiveIntegerField()
    paso = models.CharField(max_length=10, choices=PasoDeHallazgo.choices)
    autor = models.ForeignKey(Usuario, on_delete=models.PROTECT, related_name="+")
    en = models.DateTimeField(default=timezone.now)
    de = models.CharField(max_length=10, choices=EstadoHallazgo.choices, blank=True)
    a = models.CharField(max_length=10, choices=EstadoHallazgo.choices)
    cambios = models.JSONField(default=list)  # [column, before, after] of each datum
    suprimido_en = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "cambio de un hallazgo"
        verbose_name_plural = "cambios de hallazgos"
        ordering = ["hallazgo", "numero"]
        constraints = [
            models.UniqueConstraint(fields=["hallazgo", "numero"], name="cambio_de_hallazgo_unico")
        ]

    def __str__(self) -> str:
        return f"{self.hallazgo} {self.numero}"
