"""What each closing of a case leaves to be counted. Written by ``pasos.cuentas_del_cierre`` alone."""

from django.db import models
from django.db.models import Q

from casos.catalogos import ContratoTrasNo, Moneda, Resultado, Tiempo

from .configuracion import Motivo
from .personas import Area


def del_periodo(desde, hasta) -> Q:
    """Per case its last closing from an instant until before another: no case counts twice."""
    return Q(Q(siguiente_en=None) | Q(siguiente_en__gte=hasta), en__gte=desde, en__lt=hasta)


class CierreQuerySet(models.QuerySet):
    def del_periodo(self, desde, hasta):
        return self.filter(del_periodo(desde, hasta))


class Cierre(models.Model):
    """One closing. It stays when the case is reopened: the figures of its month do not change (D§2)."""

    caso = models.ForeignKey("casos.Caso", on_delete=models.PROTECT, related_name="veces_que_cerro")
    numero = models.PositiveIntegerField()  # of its event in the log
    en = models.DateTimeField()
    siguiente_en = models.DateTimeField(null=True, blank=True)  # of the same case, reopened
    resultado = models.CharField(max_length=14, choices=Resultado.choices)
    motivos = models.ManyToManyField(Motivo, blank=True, related_name="+")
    # From which our "no" comes (7.4, 7.7).
    area = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # The case's (``DeSuRegistro``): of one that was reopened, those of after this closing too.
    areas_que_participan = models.TextField(default="", blank=True, editable=False)
    contrato_tras_no = models.CharField(max_length=10, choices=ContratoTrasNo.choices, blank=True)
    # What the contract had in force, where the sheet says it.
    plazas = models.PositiveIntegerField(null=True, blank=True)
    valor_mensual = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    moneda = models.CharField(max_length=3, choices=Moneda.choices)

    objects = CierreQuerySet.as_manager()

    class Meta:
        verbose_name = "cierre"
        verbose_name_plural = "cierres"
        ordering = ["en", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["caso", "numero"], name="cierre_de_un_evento")
        ]
        indexes = [models.Index(fields=["en", "resultado", "caso"], name="cierre_en")]

    def __str__(self) -> str:
        return f"{self.get_resultado_display()}, {self.en:%d/%m/%Y}"


class Lapso(models.Model):
    """Business time of a closed case: in a step, of sales, of the client, of an area, or all of it."""

    cierre = models.ForeignKey(Cierre, on_delete=models.CASCADE, related_name="lapsos")
    que = models.CharField(max_length=16, choices=Tiempo.choices)
    area = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decimos = models.PositiveIntegerField("décimos de día hábil")

    class Meta:
        verbose_name = "lapso"
        verbose_name_plural = "lapsos"
        ordering = ["pk"]
        indexes = [models.Index(fields=["cierre", "que", "area", "decimos"], name="lapso_cierre")]

    def __str__(self) -> str:
        return f"{self.get_que_display()}: {self.decimos / 10}"
