"""Clients, their contact persons and their contracts with dated conditions (D§3)."""

from django.db import models
from django.db.models import Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from casos.catalogos import Moneda
from casos.datos_tratados import OrigenDeDatos
from casos.nomina import CORTE_MAXIMO, DIAS, CalendarioDePago, Periodicidad

from .configuracion import Concepto
from .iguales import Igual, NombreUnico, Parecida

LARGO_DE_PERSONA = 13  # of a natural person's RFC; a company's has 12
MONEDA = Moneda.MXN  # of amounts asked for before there is a contract


class Cliente(models.Model):
    razon_social = models.CharField("razón social", max_length=300)
    razon_social_igual = Igual(de="razon_social", db_index=True)
    razon_social_parecida = Parecida(de="razon_social", db_index=True)
    nombre_comercial = models.CharField("nombre comercial", max_length=120, blank=True)
    rfc = models.CharField("RFC", max_length=13, blank=True, db_index=True)
    notas = models.TextField("notas", blank=True, max_length=2000)
    # What it is found by, in parts by who may read them (``clientes.indice``).
    texto_busqueda = models.TextField(editable=False, default="", blank=True)
    texto_nombres = models.TextField(editable=False, default="", blank=True)
    texto_contacto = models.TextField(editable=False, default="", blank=True)
    texto_version = models.PositiveSmallIntegerField(editable=False, default=0, db_index=True)
    fusionado_en = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="fusionados"
    )
    activo = models.BooleanField("activo", default=True)
    creado_en = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "cliente"
        verbose_name_plural = "clientes"
        ordering = ["razon_social", "pk"]
        constraints = [
            # Two people at the same instant: what the form asks, it cannot see yet.
            models.UniqueConstraint(
                fields=["razon_social_igual", "rfc"],
                condition=Q(fusionado_en=None),
                name="cliente_unico",
                violation_error_message="Ya existe un cliente con ese nombre y ese RFC.",
            )
        ]

    def __str__(self) -> str:
        return self.nombre_comercial or self.razon_social

    @property
    def es_persona_fisica(self) -> bool:
        return len(self.rfc) == LARGO_DE_PERSONA


class PersonaContacto(models.Model):
    """A person at the client: the personal data of the system; may be suppressed (LFPDPPP)."""

    cliente = models.ForeignKey(Cliente, on_delete=models.PROTECT, related_name="personas")
    nombre = models.CharField("nombre", max_length=120)
    nombre_igual = Igual(de="nombre")
    puesto = models.CharField("puesto", max_length=80, blank=True)
    telefono = models.CharField("teléfono", max_length=100, blank=True)  # ``casos.telefonos``
    correo = models.EmailField("correo", blank=True)
    activa = models.BooleanField("activa", default=True)
    # Where its data came from, if somebody said or the product saw it: by which case, or in which import.
    origen = models.CharField(
        "de dónde vienen sus datos", max_length=11, choices=OrigenDeDatos.choices, blank=True
    )
    origen_folio = models.CharField(max_length=14, blank=True, editable=False)
    origen_importacion = models.ForeignKey(
        "casos.Importacion", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        editable=False,
    )  # fmt: skip
    # Since when its data stand apart, where only who looks after privacy reads them (``Bloqueo``).
    bloqueada_en = models.DateTimeField(null=True, blank=True, editable=False)
    suprimida_en = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "persona de contacto"
        verbose_name_plural = "personas de contacto"
        ordering = ["cliente", "nombre", "pk"]

    def __str__(self) -> str:
        return self.nombre

    @property
    def se_fue(self) -> bool:
        """Blocked or suppressed: it is offered nowhere."""
        return self.suprimida_en is not None or self.bloqueada_en is not None


class ContratoQuerySet(models.QuerySet):
    def vigentes(self):
        """Those that have not ended: with an end that is still to come, they are in force."""
        hoy = timezone.localdate()
        return self.filter(Q(terminado_fecha=None) | Q(terminado_fecha__gte=hoy))


def _pago_completo() -> Q:
    """A cut-off inside the period, and a day to count from where it is not the month's."""
    todo = Q()
    for cada, maximo in CORTE_MAXIMO.items():
        todo |= Q(
            nomina_cada=cada.value,
            nomina_ancla__isnull=cada not in DIAS,
            nomina_corte__isnull=False,
            nomina_corte__lte=maximo,
        )
    return todo


class Contrato(NombreUnico):
    REPETIDO = "Ya existe un contrato con ese número."

    cliente = models.ForeignKey(
        Cliente, on_delete=models.PROTECT, related_name="contratos", verbose_name="cliente"
    )
    numero = models.CharField("número", max_length=40)
    numero_igual = Igual(de="numero", max_length=120)
    servicio = models.CharField("servicio", max_length=160)
    sede = models.CharField("sede", max_length=120, blank=True)
    moneda = models.CharField("moneda", max_length=3, default=MONEDA, choices=Moneda.choices)
    desde_fecha = models.DateField("vigente desde")
    # How its payroll is paid (``casos.nomina``); one that nobody said is as before.
    nomina_cada = models.CharField(
        "periodo de pago", max_length=10, choices=Periodicidad.choices, blank=True
    )
    nomina_ancla = models.DateField("un día en que empieza un periodo", null=True, blank=True)
    nomina_corte = models.PositiveSmallIntegerField(
        "corte (días naturales antes de que termine)", null=True, blank=True
    )
    terminado_fecha = models.DateField("terminado el", null=True, blank=True)
    motivo_termino = models.CharField("motivo de término", max_length=200, blank=True)
    version = models.PositiveIntegerField("versión", default=0, editable=False)

    objects = ContratoQuerySet.as_manager()

    class Meta:
        verbose_name = "contrato"
        verbose_name_plural = "contratos"
        ordering = ["numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["numero_igual"],
                name="contrato_numero_unico",
                violation_error_message="Ya existe un contrato con ese número.",
            ),
            models.CheckConstraint(
                condition=Q(terminado_fecha=None) | Q(terminado_fecha__gte=models.F("desde_fecha")),
                name="contrato_fechas",
                violation_error_message="El término no puede ser anterior al inicio.",
            ),
            models.CheckConstraint(
                condition=Q(nomina_cada="", nomina_ancla=None, nomina_corte=None)
                | _pago_completo(),
                name="contrato_pago_completo",
                violation_error_message="El calendario de pago está incompleto.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.numero} · {self.servicio}"

    @property
    def pago(self) -> CalendarioDePago | None:
        if not self.nomina_cada or self.nomina_corte is None:
            return None
        return CalendarioDePago(
            Periodicidad(self.nomina_cada), self.nomina_ancla, self.nomina_corte
        )

    @property
    def esta_terminado(self) -> bool:
        """Its last day in force is ``terminado_fecha``, which may be to come."""
        return self.terminado_fecha is not None and self.terminado_fecha < timezone.localdate()


class VersionContrato(models.Model):
    """The conditions of a contract from a date on; written when a case closes as MODIFICADO.

    ``regresa``: the one that it takes back, since what was agreed did not hold (rule 12).
    """

    contrato = models.ForeignKey(Contrato, on_delete=models.PROTECT, related_name="versiones")
    numero = models.PositiveIntegerField()
    desde_fecha = models.DateField("a partir del")
    caso = models.ForeignKey(
        "casos.Caso", null=True, blank=True, on_delete=models.PROTECT, related_name="versiones"
    )
    regresa = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    creada_en = models.DateTimeField(auto_now_add=True)
    autor = models.ForeignKey(
        "casos.Usuario", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "versión de contrato"
        verbose_name_plural = "versiones de contrato"
        ordering = ["contrato", "-numero"]
        constraints = [
            models.UniqueConstraint(fields=["contrato", "numero"], name="version_contrato_unica")
        ]

    def __str__(self) -> str:
        return f"{self.contrato.numero} v{self.numero}"


class ValorContratoQuerySet(models.QuerySet):
    def en_vigor(self, contrato, fecha):
        """Conditions in force on ``fecha``; those of the first version where none has begun yet.

        What was agreed for later is not in force today. ``contrato`` may be an ``OuterRef``.
        """
        versiones = VersionContrato.objects.filter(contrato=contrato)
        empezada = versiones.filter(desde_fecha__lte=fecha).order_by("-desde_fecha", "-numero")
        primera = versiones.order_by("numero")
        cual = Coalesce(Subquery(empezada.values("pk")[:1]), Subquery(primera.values("pk")[:1]))
        return self.filter(version=cual)

    def por_venir(self, contrato, fecha):
        """Conditions already agreed that begin after ``fecha``; the last of them."""
        versiones = VersionContrato.objects.filter(contrato=contrato, desde_fecha__gt=fecha)
        ultima = versiones.order_by("-desde_fecha", "-numero")
        return self.filter(version=Subquery(ultima.values("pk")[:1]))


class ValorContrato(models.Model):
    version = models.ForeignKey(VersionContrato, on_delete=models.PROTECT, related_name="valores")
    concepto = models.ForeignKey(Concepto, on_delete=models.PROTECT)
    valor = models.CharField(max_length=200)

    objects = ValorContratoQuerySet.as_manager()

    class Meta:
        verbose_name = "condición del contrato"
        verbose_name_plural = "condiciones del contrato"
        ordering = ["concepto__orden", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "concepto"], name="valor_contrato_unico")
        ]

    def __str__(self) -> str:
        return f"{self.concepto}: {self.valor}"
