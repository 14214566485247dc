"""The controlled document as data: its revisions, their text, and who was handed each one (sections 9, 10).

A revision that is or was in force is never altered: ``disparadores``. Who may do what with it is in
``permisos.del_documento``; what changes it, in ``instruccion``.
"""

from __future__ import annotations

import hashlib

from django.db import models
from django.db.models import F, Q

from casos.estado_de_revision import EstadoRevision

from .personas import Usuario

CLAVES = (
    *"1 2 3 4 5 6 7 7.1 7.2 7.3 7.4 7.5 7.6 7.7 7.8 8 9 10 11".split(),
)  # the sections of the document; the steps are the machine's


class RevisionInstruccion(models.Model):
    """A revision of the controlled document; once in force its text is kept unaltered."""

    codigo = models.CharField("código", max_length=30)
    titulo = models.CharField("título", max_length=120)
    operacion = models.CharField("número de operación", max_length=10, blank=True)
    numero = models.PositiveSmallIntegerField("revisión", unique=True)
    fecha = models.DateField("fecha de revisión", null=True, blank=True)  # of a draft, none yet
    estado = models.CharField(
        "estado", max_length=10, choices=EstadoRevision.choices, default=EstadoRevision.BORRADOR
    )
    # Section 10: what its line of the register says.
    descripcion = models.TextField("qué cambia", max_length=1000, blank=True)
    paginas = models.CharField("páginas que cambian", max_length=40, blank=True)
    motivo = models.TextField("por qué cambia", max_length=1000, blank=True)
    editores = models.ManyToManyField(Usuario, blank=True, related_name="+")  # whoever wrote of it
    editada_por = models.ForeignKey(
        Usuario, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    editada_en = models.DateTimeField(null=True, blank=True)
    revisada_por = models.ForeignKey(
        Usuario, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    revisada_en = models.DateTimeField(null=True, blank=True)
    aprobada_por = models.ForeignKey(
        Usuario, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    aprobada_en = models.DateTimeField(null=True, blank=True)
    sustituida_en = models.DateTimeField(null=True, blank=True)
    devuelta_porque = models.TextField("por qué se devolvió", max_length=1000, blank=True)
    huella = models.CharField(max_length=64, blank=True)  # of its text, from when it is in force
    reparto = models.JSONField(
        default=list, blank=True
    )  # to whom besides section 9 names it is handed
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "revisión de la instrucción"
        verbose_name_plural = "revisiones de la instrucción"
        ordering = ["-numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["estado"],
                condition=Q(estado=EstadoRevision.VIGENTE),
                name="una_revision_vigente",
                violation_error_message="Solo puede haber una revisión vigente.",
            ),
            models.CheckConstraint(
                condition=Q(estado__in=EstadoRevision.values),
                name="revision_estado_conocido",
            ),
            models.CheckConstraint(
                condition=Q(estado__in=[EstadoRevision.BORRADOR, EstadoRevision.REVISADA])
                | Q(fecha__isnull=False),
                name="revision_con_fecha",
                violation_error_message="Una revisión que rige lleva su fecha.",
            ),
            models.CheckConstraint(
                condition=Q(aprobada_por=None)
                | Q(editada_por=None)
                | ~Q(aprobada_por=F("editada_por")),
                name="revision_aprobada_por_otra_persona",
                violation_error_message="La aprueba otra persona que quien la escribió.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.codigo} rev. {self.numero}"

    @property
    def es_vigente(self) -> bool:
        return self.estado == EstadoRevision.VIGENTE

    @property
    def rigio(self) -> bool:
        """Whether it is or was in force."""
        return self.estado in (EstadoRevision.VIGENTE, EstadoRevision.SUSTITUIDA)

    @property
    def esta_en_preparacion(self) -> bool:
        return not self.rigio


class SeccionInstruccion(models.Model):
    revision = models.ForeignKey(
        RevisionInstruccion, on_delete=models.PROTECT, related_name="secciones"
    )
    clave = models.CharField("sección", max_length=6)
    titulo = models.CharField("título", max_length=160)
    texto = models.TextField("texto", blank=True)
    orden = models.PositiveSmallIntegerField("orden")
    congelada = models.BooleanField(
        default=False, editable=False
    )  # its revision is or was in force

    class Meta:
        verbose_name = "sección de la instrucción"
        verbose_name_plural = "secciones de la instrucción"
        ordering = ["revision", "orden"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "clave"], name="seccion_unica"),
            # Nothing is added to a text either: a revision has these, each once.
            models.CheckConstraint(condition=Q(clave__in=CLAVES), name="seccion_conocida"),
        ]

    def __str__(self) -> str:
        return f"{self.clave} {self.titulo}"


def huella_del_texto(secciones) -> str:
    """SHA-256 of the text of a revision, section by section, each part preceded by its length."""
    suma = hashlib.sha256()
    for s in sorted(secciones, key=lambda s: s.orden):
        for parte in (s.clave, s.titulo, s.texto):
            crudo = parte.encode()
            suma.update(f"{len(crudo)}:".encode() + crudo)
    return suma.hexdigest()


class Acuse(models.Model):
    """A revision handed to a person (section 9), and when they said they had read it."""

    revision = models.ForeignKey(
        RevisionInstruccion, on_delete=models.PROTECT, related_name="acuses"
    )
    persona = models.ForeignKey(Usuario, on_delete=models.PROTECT, related_name="acuses")
    como = models.CharField("en calidad de", max_length=120)
    entregado_en = models.DateTimeField("entregado")
    entregado_por = models.ForeignKey(Usuario, on_delete=models.PROTECT, related_name="+")
    leido_en = models.DateTimeField("acuse de recibo", null=True, blank=True)
    huella = models.CharField(max_length=64, blank=True)  # of the text that was read

    class Meta:
        verbose_name = "acuse de recibo"
        verbose_name_plural = "acuses de recibo"
        ordering = ["-revision__numero", "persona__first_name", "persona__last_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "persona"], name="acuse_unico"),
            models.CheckConstraint(
                condition=Q(leido_en=None, huella="") | (Q(leido_en__isnull=False) & ~Q(huella="")),
                name="acuse_de_un_texto",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.persona}: {self.revision}"
