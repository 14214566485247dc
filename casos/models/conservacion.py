"""How long personal data are kept after a case, by how it ended; and of whom it is proposed to let them go."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from casos.catalogos import Resultado
from casos.datos_tratados import EstadoDePropuesta

from .cliente import PersonaContacto
from .personas import Usuario


class PlazoDeConservacion(models.Model):
    """Of a result without its row nothing is ever proposed."""

    resultado = models.CharField(
        "cómo terminó el caso", max_length=14, choices=Resultado.choices, unique=True
    )
    meses = models.PositiveSmallIntegerField(
        "meses que se conservan los datos",
        validators=[MinValueValidator(1), MaxValueValidator(360)],
        help_text="Desde que se cerró. Jurídico lo decide.",
    )

    class Meta:
        verbose_name = "plazo de conservación"
        verbose_name_plural = "plazos de conservación"
        ordering = ["resultado"]

    def __str__(self) -> str:
        meses = "1 mes" if self.meses == 1 else f"{self.meses} meses"
        return f"{self.get_resultado_display()}: {meses}"


class PropuestaDeSupresion(models.Model):
    """All the cases of a person are past their term: somebody confirms it, or says why not."""

    persona = models.ForeignKey(
        PersonaContacto, on_delete=models.PROTECT, related_name="propuestas_de_supresion"
    )
    estado = models.CharField(
        max_length=10, choices=EstadoDePropuesta.choices, default=EstadoDePropuesta.ESPERA
    )
    creada_en = models.DateTimeField(default=timezone.now)
    ultimo_cierre = models.DateTimeField()
    decidida_por = models.ForeignKey(Usuario, null=True, on_delete=models.PROTECT, related_name="+")
    decidida_en = models.DateTimeField(null=True)
    motivo = models.CharField("por qué", max_length=300, blank=True)

    class Meta:
        verbose_name = "propuesta de supresión"
        verbose_name_plural = "propuestas de supresión"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["persona"],
                condition=models.Q(estado=EstadoDePropuesta.ESPERA.value),
                name="una_propuesta_que_espera",
            )
        ]

    def __str__(self) -> str:
        return f"Propuesta {self.pk}"
