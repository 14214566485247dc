"""A workbook that somebody brings in: what was read of it, and what becomes of each row."""

from django.db import models
from django.utils import timezone

from casos.catalogos import EN_MARCHA, EstadoImportacion, Que, TipoImportacion

from .caso import Caso
from .iguales import Igual
from .personas import Usuario


class Importacion(models.Model):
    """Its author's alone. File and rows are wiped when they are of no more use (``olvidada``)."""

    autor = models.ForeignKey(Usuario, on_delete=models.PROTECT, related_name="importaciones")
    tipo = models.CharField(max_length=12, choices=TipoImportacion.choices)
    archivo = models.FileField(upload_to="importaciones", max_length=120, blank=True)
    nombre = models.CharField(max_length=255)
    estado = models.CharField(
        max_length=10, choices=EstadoImportacion.choices, default=EstadoImportacion.RECIBIDA
    )
    avance = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    leido = models.JSONField(
        default=dict
    )  # what of the workbook was read, and under which headings
    mapa = models.JSONField(default=dict)  # position of a heading → column chosen by hand, "" none
    opciones = models.JSONField(default=dict)  # of open cases: what is done about what is not there
    mensaje = models.CharField(max_length=500, blank=True)
    intentos = models.PositiveSmallIntegerField(default=0)  # since it last went on
    tomada_hasta = models.DateTimeField(null=True)  # by a worker
    creada_en = models.DateTimeField(default=timezone.now)
    movida_en = models.DateTimeField(default=timezone.now)
    olvidada = models.BooleanField(default=False)

    class Meta:
        verbose_name = "importación"
        verbose_name_plural = "importaciones"
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["movida_en"],
                condition=models.Q(estado__in=[e.value for e in EN_MARCHA]),
                name="importacion_en_marcha",
            )
        ]

    def __str__(self) -> str:
        return self.nombre

    @property
    def esta_en_marcha(self) -> bool:
        return self.estado in EN_MARCHA


class RenglonImportado(models.Model):
    """``datos``: texts by column, the cells as they came, and what would change or is wrong."""

    importacion = models.ForeignKey(Importacion, on_delete=models.CASCADE, related_name="renglones")
    numero = models.PositiveIntegerField()  # as the sheet counts it
    que = models.PositiveSmallIntegerField(choices=Que.choices)
    guardado = models.BooleanField(default=False)
    nombre = models.CharField(max_length=400, blank=True)
    datos = models.JSONField(default=dict)

    class Meta:
        verbose_name = "renglón importado"
        verbose_name_plural = "renglones importados"
        ordering = ["pk"]
        indexes = [models.Index(fields=["importacion", "que", "id"], name="renglon_por_que")]

    def __str__(self) -> str:
        return self.nombre


class Procedencia(models.Model):
    """Of a case that came in open from a workbook: which row it was, and what that row is known by."""

    caso = models.OneToOneField(
        Caso, on_delete=models.CASCADE, primary_key=True, related_name="procedencia"
    )
    importacion = models.ForeignKey(Importacion, on_delete=models.PROTECT, related_name="casos")
    renglon = models.PositiveIntegerField()
    referencia = models.CharField(max_length=60, blank=True)  # how the firm's sheet calls it
    referencia_igual = Igual(de="referencia", max_length=120, db_index=True)
    # A keyed digest of what the row says (``de_casos.clave_de``): the same row is the same case.
    clave = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = "procedencia"
        verbose_name_plural = "procedencias"

    def __str__(self) -> str:
        return self.referencia or f"renglón {self.renglon}"
