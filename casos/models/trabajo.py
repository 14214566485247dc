"""The areas' work on a case (7.3, 7.7) and its verbal evidence. Written by ``pasos`` alone."""

from django.db import models
from django.db.models import Q

from casos.catalogos import (
    RESPUESTAS_DE_AJUSTE,
    Estado,
    EstadoAjuste,
    EstadoConstancia,
    EstadoOpinion,
    Sentido,
    TipoConstancia,
)

from .personas import Area, Usuario


class _DeUnArea(models.QuerySet):
    """Rows that an area answers: ``pidio`` is who asked, ``en`` the state of the case meanwhile."""

    pidio: str
    pendiente: EstadoOpinion | EstadoAjuste
    en: Estado

    def pendientes(self):
        """What its case waits for (§7.3, §7.7)."""
        return self.filter(estado=self.pendiente, caso__estado=self.en)

    def por_responder(self, usuario):
        """What the person's areas owe and they may answer (as ``permisos.cargos.miembro``).

        Never responsible and area in the same case (D§1); nobody answers what they asked (rule 4).
        """
        suyas = Q(pk__in=[])
        for cargo in usuario.cargos:
            if cargo.areas:
                suyas |= Q(area__in=cargo.areas) & ~Q(caso__responsable=cargo.usuario_id)
        return (
            self.pendientes()
            .filter(suyas & ~Q(caso__responsable=usuario.pk))
            .exclude(**{self.pidio: usuario.pk})
        )


class OpinionQuerySet(_DeUnArea):
    pidio, pendiente, en = "pedida_por", EstadoOpinion.PENDIENTE, Estado.EN_ANALISIS


class AjusteQuerySet(_DeUnArea):
    pidio, pendiente, en = "pedido_por", EstadoAjuste.PENDIENTE, Estado.EN_MODIFICACION


class Opinion(models.Model):
    """What one area says in one round of analysis (§7.3)."""

    caso = models.ForeignKey("casos.Caso", on_delete=models.PROTECT, related_name="opiniones")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="opiniones")
    vuelta = models.PositiveSmallIntegerField()
    pregunta = models.TextField("pregunta", max_length=2000)
    pedida_por = models.ForeignKey(Usuario, on_delete=models.PROTECT, related_name="+")
    pedida_en = models.DateTimeField()
    vence = models.DateField("vence")
    estado = models.CharField(
        max_length=10, choices=EstadoOpinion.choices, default=EstadoOpinion.PENDIENTE
    )
    sentido = models.CharField("opinión", max_length=11, choices=Sentido.choices, blank=True)
    fundamento = models.TextField("fundamento", blank=True, max_length=4000)
    condiciones = models.TextField("condiciones", blank=True, max_length=2000)
    alternativas = models.TextField("alternativas", blank=True, max_length=2000)
    datos_pedidos = models.TextField(blank=True, max_length=2000)
    datos_dados = models.TextField(blank=True, max_length=2000)
    verbal = models.BooleanField(default=False)
    dada_por = models.ForeignKey(
        Usuario, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    dada_en = models.DateTimeField(null=True, blank=True)
    motivo_dispensa = models.TextField(blank=True, max_length=1000)
    version = models.PositiveIntegerField(default=1)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = "opinión"
        verbose_name_plural = "opiniones"
        ordering = ["vuelta", "area__orden", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["caso", "area", "vuelta"], name="opinion_por_vuelta"),
            models.CheckConstraint(
                condition=(
                    Q(estado=EstadoOpinion.DADA.value, dada_en__isnull=False) & ~Q(sentido="")
                )
                | (~Q(estado=EstadoOpinion.DADA.value) & Q(sentido="", dada_en__isnull=True)),
                name="opinion_dada_completa",
                violation_error_message="Una opinión dada lleva sentido y fecha; las demás, no.",
            ),
            models.CheckConstraint(
                condition=Q(estado__in=EstadoOpinion.values), name="opinion_estado_conocido"
            ),
        ]
        indexes = [
            models.Index(
                fields=["area", "vence"],
                condition=Q(estado=EstadoOpinion.PENDIENTE.value),
                name="opinion_pendiente_area",
            ),
            models.Index(fields=["area", "caso", "estado"], name="opinion_area_caso"),
        ]

    def __str__(self) -> str:
        return f"{self.area} ({self.vuelta})"

    @property
    def esta_pendiente(self) -> bool:
        return self.estado == EstadoOpinion.PENDIENTE

    @property
    def esta_sin_resolver(self) -> bool:
        return self.estado in (EstadoOpinion.PENDIENTE, EstadoOpinion.DEVUELTA)


class Ajuste(models.Model):
    """What one area must adjust after an acceptance (§7.7); ``deshace`` points to the undone one."""

    caso = models.ForeignKey("casos.Caso", on_delete=models.PROTECT, related_name="ajustes")
    aceptacion = models.PositiveSmallIntegerField()
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="ajustes")
    deshace = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="deshacimientos"
    )
    que = models.TextField("qué hay que ajustar", max_length=2000)
    vence = models.DateField("vence")
    verbal = models.BooleanField("se avisó de palabra", default=False)
    pedido_por = models.ForeignKey(Usuario, on_delete=models.PROTECT, related_name="+")
    pedido_en = models.DateTimeField()
    estado = models.CharField(
        max_length=10, choices=EstadoAjuste.choices, default=EstadoAjuste.PENDIENTE
    )
    respuesta = models.TextField("respuesta", blank=True, max_length=4000)
    respuesta_verbal = models.CharField(max_length=10, choices=RESPUESTAS_DE_AJUSTE, blank=True)
    vigor_fecha = models.DateField("en vigor a partir del", null=True, blank=True)
    periodo_inicio = models.DateField("primer periodo de nómina, del", null=True, blank=True)
    periodo_fin = models.DateField("al", null=True, blank=True)
    convenio_requerido = models.BooleanField(null=True, blank=True)
    convenio_referencia = models.CharField("referencia del convenio", max_length=120, blank=True)
    convenio_fecha = models.DateField("fecha del convenio", null=True, blank=True)
    respondido_por = models.ForeignKey(
        Usuario, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    respondido_en = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = AjusteQuerySet.as_manager()

    class Meta:
        verbose_name = "ajuste"
        verbose_name_plural = "ajustes"
        ordering = ["aceptacion", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(estado__in=[EstadoAjuste.PENDIENTE.value, EstadoAjuste.CANCELADO.value])
                | Q(respondido_en__isnull=False),
                name="ajuste_respondido_con_fecha",
                violation_error_message="Un ajuste respondido lleva fecha.",
            ),
            models.CheckConstraint(
                condition=Q(estado__in=EstadoAjuste.values), name="ajuste_estado_conocido"
            ),
            models.CheckConstraint(
                condition=Q(deshace__isnull=False)
                | ~Q(estado__in=[EstadoAjuste.DESHECHO, EstadoAjuste.ACEPTADO]),
                name="ajuste_deshecho_apunta",
                violation_error_message="Lo deshecho apunta al ajuste que deshace.",
            ),
            models.UniqueConstraint(
                fields=["caso", "aceptacion", "area"],
                condition=Q(estado=EstadoAjuste.PENDIENTE.value, deshace__isnull=True),
                name="un_ajuste_pendiente_por_area",
                violation_error_message="El área ya tiene un ajuste pendiente.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["area", "vence"],
                condition=Q(estado=EstadoAjuste.PENDIENTE.value),
                name="ajuste_pendiente_area",
            ),
            models.Index(fields=["area", "caso", "respondido_en"], name="ajuste_area_caso"),
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.que[:40]}"

    @property
    def esta_pendiente(self) -> bool:
        return self.estado == EstadoAjuste.PENDIENTE


class Constancia(models.Model):
    """A verbal notice turned into evidence: who received it confirms or corrects (D§2 rule 9)."""

    caso = models.ForeignKey("casos.Caso", on_delete=models.PROTECT, related_name="constancias")
    tipo = models.CharField(max_length=10, choices=TipoConstancia.choices)
    destinatario = models.ForeignKey(
        Usuario, on_delete=models.PROTECT, related_name="constancias_recibidas"
    )
    registrada_por = models.ForeignKey(Usuario, on_delete=models.PROTECT, related_name="+")
    registrada_en = models.DateTimeField()
    # When it was sent on to the right person, having gone to a wrong one.
    reenviada_en = models.DateTimeField(null=True, blank=True, editable=False)
    # Of an assignment: who led the case until then, and by whose order, in case it is denied.
    antes = models.ForeignKey(
        Usuario, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    antes_por = models.ForeignKey(
        Usuario, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    antes_en = models.DateTimeField(null=True, blank=True, editable=False)
    dicho_en = models.DateTimeField("cuándo se dijo")
    texto = models.TextField("qué se dijo", max_length=2000)
    opinion = models.ForeignKey(
        Opinion, null=True, blank=True, on_delete=models.PROTECT, related_name="constancias"
    )
    ajuste = models.ForeignKey(
        Ajuste, null=True, blank=True, on_delete=models.PROTECT, related_name="constancias"
    )
    estado = models.CharField(
        max_length=13, choices=EstadoConstancia.choices, default=EstadoConstancia.SIN_CONFIRMAR
    )
    correccion = models.TextField(blank=True, max_length=2000)
    respondida_por = models.ForeignKey(
        Usuario, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    respondida_en = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "constancia"
        verbose_name_plural = "constancias"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(estado=EstadoConstancia.SIN_CONFIRMAR, respondida_en__isnull=True)
                | (~Q(estado=EstadoConstancia.SIN_CONFIRMAR) & Q(respondida_en__isnull=False)),
                name="constancia_respondida_con_fecha",
            )
        ]
        indexes = [
            models.Index(
                fields=["destinatario", "registrada_en", "id"],
                condition=Q(estado=EstadoConstancia.SIN_CONFIRMAR),
                name="constancia_sin_confirmar",
            )
        ]

    def __str__(self) -> str:
        return self.get_tipo_display()

    @property
    def esta_sin_confirmar(self) -> bool:
        return self.estado == EstadoConstancia.SIN_CONFIRMAR
