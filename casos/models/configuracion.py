"""Catalogues and parameters that the firm edits in the admin panel."""

from datetime import time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from casos.catalogos import (
    Catalogo,
    Estado,
    Limite,
    Movimiento,
    PideSegundoFactor,
    Unidad,
)

from .iguales import Igual, NombreUnico
from .personas import Area
from .preparada import Preparada


def a_quien_se_le_pide() -> list[str]:
    return [PideSegundoFactor.ADMINISTRA.value, PideSegundoFactor.DIRECCION.value]


class Configuracion(models.Model):
    """One row: the firm's parameters (D§2)."""

    vigencia_dias = models.PositiveSmallIntegerField(
        "vigencia de una propuesta (días naturales)",
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    reapertura_dias = models.PositiveSmallIntegerField(
        "días naturales para reabrir un caso",
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
    )
    ventas_ve_todo = models.BooleanField(
        "Ventas ve todos los casos",
        default=True,
        help_text="Si no, cada persona de Ventas ve solo los suyos, los que registró y los que sigue.",
    )
    segundo_factor_de = models.JSONField(
        "a quién se le pide segundo factor", default=a_quien_se_le_pide, blank=True
    )

    hora_resumen = models.TimeField(
        "hora del resumen de la mañana",
        default=time(8, 30),
        validators=[
            MinValueValidator(time(6), "Elige una hora entre las 6:00 y las 18:00."),
            MaxValueValidator(time(18), "Elige una hora entre las 6:00 y las 18:00."),
        ],
        help_text="Cada día hábil, de la Ciudad de México, se le escribe a cada persona lo que le espera.",
    )

    acuse_obliga = models.BooleanField(
        "quien no acusa de recibo la instrucción no decide",
        default=True,
        help_text="Pasados los días de gracia lee todo, pero no decide 7.4 ni cierra 7.7 hasta que la lea.",
    )
    acuse_dias = models.PositiveSmallIntegerField(
        "días naturales para acusar de recibo la instrucción",
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text="Desde que Calidad se la entregó a cada persona.",
    )

    arco_dias_respuesta = models.PositiveSmallIntegerField(
        "días hábiles para contestar una solicitud ARCO",
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text="Desde que se recibe; se amplía una vez.",
    )
    arco_dias_efecto = models.PositiveSmallIntegerField(
        "días hábiles para hacer efectiva una solicitud ARCO que procede",
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text="Desde que se contesta; se amplía una vez.",
    )
    bloqueo_dias = models.PositiveSmallIntegerField(
        "días naturales de bloqueo antes de suprimir datos",
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text="De quien se confirma que ya pasó su plazo de conservación.",
    )

    class Meta:
        verbose_name = "configuración"
        verbose_name_plural = "configuración"

    def __str__(self) -> str:
        return "Configuración"

    @classmethod
    def actual(cls) -> "Configuracion":
        return next(iter(_LA_QUE_HAY()), None) or cls()


_LA_QUE_HAY = Preparada(lambda: Configuracion.objects.order_by("pk")[:1])


class Plazo(models.Model):
    """Default deadline of a step, in business days."""

    estado = models.CharField("paso", max_length=16, choices=Estado.choices, unique=True)
    dias = models.PositiveSmallIntegerField(
        "días hábiles", validators=[MinValueValidator(1), MaxValueValidator(90)]
    )

    class Meta:
        verbose_name = "plazo"
        verbose_name_plural = "plazos"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_estado_display()}: {self.dias} días hábiles"


class Concepto(NombreUnico):
    """A row that a sheet of conditions may have, and the areas it concerns."""

    REPETIDO = "Ya existe un concepto con ese nombre."

    clave = models.SlugField("clave", max_length=30, unique=True)
    nombre = models.CharField("nombre", max_length=80)
    nombre_igual = Igual(de="nombre", max_length=200)
    unidad = models.CharField("unidad", max_length=10, choices=Unidad.choices, default=Unidad.TEXTO)
    limite = models.CharField(
        "límite de lo viable", max_length=6, choices=Limite.choices, default=Limite.EXACTO
    )
    areas = models.ManyToManyField(Area, blank=True, verbose_name="áreas a las que les importa")
    interno = models.BooleanField(
        "interno: no se dice al cliente",
        default=False,
        help_text="Lo que se ofrece en ese renglón no va en el correo al cliente, salvo que él lo haya pedido. "
        "Las áreas y el caso lo ven igual.",
    )
    orden = models.PositiveSmallIntegerField("orden", default=10)
    activo = models.BooleanField("activo", default=True)

    class Meta:
        verbose_name = "concepto de la hoja"
        verbose_name_plural = "conceptos de la hoja"
        ordering = ["orden", "nombre"]
        constraints = [
            models.UniqueConstraint(
                fields=["nombre_igual"],
                name="concepto_unico",
                violation_error_message="Ya existe un concepto con ese nombre.",
            )
        ]

    def __str__(self) -> str:
        return self.nombre

    @classmethod
    def activos(cls) -> "list[Concepto]":
        """What a sheet asks about today."""
        return _CONCEPTOS()


_CONCEPTOS = Preparada(lambda: Concepto.objects.filter(activo=True))


class TipoRequerimiento(NombreUnico):
    """What a client may ask to renegotiate (§7.1); several per case."""

    REPETIDO = "Ya existe un tipo con ese nombre."

    nombre = models.CharField("nombre", max_length=80)
    nombre_igual = Igual(de="nombre", max_length=200)
    areas = models.ManyToManyField(Area, blank=True, verbose_name="áreas que suelen opinar")
    concepto = models.ForeignKey(
        Concepto,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name="condición que mueve",
        help_text="Si lo que se pide no va con el tipo, se pregunta antes de guardar.",
    )
    sentido = models.CharField(
        "hacia dónde la mueve", max_length=6, choices=Movimiento.choices, blank=True
    )
    orden = models.PositiveSmallIntegerField("orden", default=10)
    activo = models.BooleanField("activo", default=True)

    class Meta:
        verbose_name = "tipo de requerimiento"
        verbose_name_plural = "tipos de requerimiento"
        ordering = ["orden", "nombre"]
        constraints = [
            models.UniqueConstraint(
                fields=["nombre_igual"],
                name="tipo_unico",
                violation_error_message="Ya existe un tipo con ese nombre.",
            ),
            models.CheckConstraint(
                condition=models.Q(concepto=None, sentido="")
                | (models.Q(concepto__isnull=False) & ~models.Q(sentido="")),
                name="tipo_mueve_algo_hacia_algun_lado",
                violation_error_message="Di qué condición mueve y hacia dónde, o ninguna de las dos.",
            ),
        ]

    def __str__(self) -> str:
        return self.nombre


class Motivo(NombreUnico):
    """A reason: ours (7.4, 7.7) or the client's (7.6). Two catalogues, never mixed."""

    DENTRO_DE = ("catalogo",)
    REPETIDO = "Ya existe ese motivo en el catálogo."

    catalogo = models.CharField("catálogo", max_length=8, choices=Catalogo.choices)
    nombre = models.CharField("nombre", max_length=100)
    nombre_igual = Igual(de="nombre", max_length=250)
    area = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.PROTECT, verbose_name="área"
    )
    texto_cliente = models.TextField(
        "texto sugerido para el cliente",
        blank=True,
        max_length=1000,
        help_text="Sin razones internas: es lo que se le dirá al cliente.",
    )
    no_decir = models.TextField(
        "no decir al cliente",
        blank=True,
        max_length=1000,
        help_text="Lo que no se debe decir al explicar este motivo. Lo lee quien informa.",
    )
    pide_detalle = models.BooleanField(
        "pide detalle",
        default=False,
        help_text="Para «Otro»: quien lo elige escribe de qué se trata, y no sugiere ningún texto.",
    )
    ceso_fecha = models.DateField(
        "dejó de aplicar el",
        null=True,
        blank=True,
        help_text="Los casos que esperaban esto aparecen en los pendientes de quien los llevó.",
    )
    orden = models.PositiveSmallIntegerField("orden", default=10)
    activo = models.BooleanField("activo", default=True)

    class Meta:
        verbose_name = "motivo"
        verbose_name_plural = "motivos"
        ordering = ["catalogo", "orden", "nombre"]
        constraints = [
            models.UniqueConstraint(
                fields=["catalogo", "nombre_igual"],
                name="motivo_unico",
                violation_error_message="Ya existe ese motivo en el catálogo.",
            ),
            # Ticked for want of a better one, what it suggested to the client would not be so.
            models.CheckConstraint(
                condition=models.Q(pide_detalle=False) | models.Q(texto_cliente=""),
                name="motivo_con_detalle_no_sugiere",
                violation_error_message="Un motivo que pide detalle no sugiere texto: déjalo vacío.",
            ),
            # Nobody explains to the client a motive of the client's.
            models.CheckConstraint(
                condition=models.Q(catalogo=Catalogo.NUESTRO) | models.Q(no_decir=""),
                name="motivo_del_cliente_sin_no_decir",
                violation_error_message="Solo un motivo nuestro dice qué no decir: déjalo vacío.",
            ),
        ]

    def __str__(self) -> str:
        return self.nombre
