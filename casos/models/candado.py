"""An area's condition that is looked after (§7.3). Written by ``pasos`` alone."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from casos.cotas import Comparacion, Cota

from .configuracion import Concepto
from .personas import Area, Usuario
from .trabajo import Opinion

LARGO = 200


class Candado(models.Model):
    """One condition of an opinion: a bound of a concept of the sheet, or a short text to be ticked.

    Of a bound the sheet says whether it holds. None is deleted: what an area's later opinion replaced
    is ``quitado``. ``autorizado``: how far Dirección let it be passed; empty, without limit.
    """

    caso = models.ForeignKey("casos.Caso", on_delete=models.PROTECT, related_name="candados")
    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="candados")
    concepto = models.ForeignKey(
        Concepto, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    comparacion = models.CharField(max_length=6, choices=Comparacion.choices, blank=True)
    valor = models.CharField("valor", max_length=LARGO, blank=True)
    texto = models.CharField("condición", max_length=LARGO, blank=True)
    antes_de_presentar = models.BooleanField(default=False)
    quitado_en = models.DateTimeField(null=True, blank=True)
    # A free one: who says that it is met, and by what.
    cumplida_por = models.ForeignKey(
        Usuario, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cumplida_en = models.DateTimeField(null=True, blank=True)
    sustento = models.TextField(blank=True, max_length=1000)
    # What is asked of Dirección, and what it answered.
    pedida_por = models.ForeignKey(
        Usuario, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    pedida_en = models.DateTimeField(null=True, blank=True)
    porque = models.TextField(blank=True, max_length=2000)
    pasada_por = models.ForeignKey(
        Usuario, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    pasada_en = models.DateTimeField(null=True, blank=True)
    motivo = models.TextField(blank=True, max_length=1000)
    autorizado = models.CharField(max_length=LARGO, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "condición de un área"
        verbose_name_plural = "condiciones de las áreas"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(concepto__isnull=False, texto="")
                    & Q(comparacion__in=Comparacion.values)
                    & ~Q(valor="")
                )
                | (Q(concepto__isnull=True, comparacion="", valor="") & ~Q(texto="")),
                name="candado_cota_o_texto",
                violation_error_message="Una condición es un valor con su límite, o un texto.",
            ),
            models.CheckConstraint(
                condition=Q(cumplida_en__isnull=True, cumplida_por__isnull=True)
                | (Q(cumplida_en__isnull=False, cumplida_por__isnull=False) & ~Q(texto="")),
                name="candado_cumplido_es_texto",
                violation_error_message="Solo una condición en palabras se marca como cumplida, con quién.",
            ),
            models.CheckConstraint(
                condition=Q(pasada_en__isnull=True, pasada_por__isnull=True, autorizado="")
                | (Q(pasada_en__isnull=False, pasada_por__isnull=False) & ~Q(motivo="")),
                name="candado_pasado_con_motivo",
                violation_error_message="Lo que se autoriza lleva quién y por qué.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["pedida_en"],
                condition=Q(pedida_en__isnull=False, quitado_en__isnull=True),
                name="candado_pedido",
            )
        ]

    def __str__(self) -> str:
        return self.dicho()

    @property
    def area(self) -> Area:
        return self.opinion.area

    @property
    def area_id(self) -> int:
        return self.opinion.area_id

    @property
    def estado(self) -> str:
        """How it stands by itself; whether the sheet keeps to it, the sheet says."""
        if self.quitado_en:
            return "QUITADO"
        if self.cumplida_en:
            return "CUMPLIDA"
        if self.pedida_en:
            return "PEDIDA"
        return "PASADA" if self.pasada_en else ""

    @property
    def cota(self) -> Cota | None:
        return self._hasta(self.valor)

    def _hasta(self, valor: str) -> Cota | None:
        if self.concepto is None:
            return None
        return Cota(self.concepto.nombre, self.concepto.unidad, self.comparacion, valor)

    def dicho(self, moneda: str = "") -> str:
        return self.cota.dicha(moneda) if self.cota else self.texto

    def se_autorizo(self, valor: str = "") -> bool:
        """Whether Dirección let it be passed: for this value, where it said how far."""
        if self.pasada_en is None:
            return False
        hasta = self._hasta(self.autorizado) if self.autorizado else None
        return hasta is None or hasta.se_cumple(valor)
