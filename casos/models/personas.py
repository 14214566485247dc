"""People: users, areas, memberships and substitutes (D§1). No permissions here: see ``permisos``."""

from datetime import date, timedelta

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.utils import timezone
from django.utils.functional import cached_property

from casos import direcciones
from casos.catalogos import (
    ROLES_COMERCIALES,
    ROLES_DE_LECTURA,
    Entrega,
    GrupoDeCartas,
    QueAjusta,
    Rol,
)
from casos.permisos.cargos import Cargo

from .huellas import nueva_sal
from .iguales import Igual, NombreUnico
from .preparada import Preparada

FALTA_EL_ACUSE = "Antes lee la revisión vigente de la instrucción y firma de recibido: ya pasaron los días para hacerlo."
SE_SUPRIMIO = "Sus datos se suprimieron: si regresa, entra con una cuenta nueva."

hasta_90_dias = MaxValueValidator(90, "Escribe hasta 90 días hábiles.")


class Area(NombreUnico):
    """An area of §6 that gives opinions (7.3), adjusts (7.7), or both."""

    REPETIDO = "Ya existe un área con ese nombre."

    codigo = models.SlugField("código", max_length=8, unique=True)
    nombre = models.CharField("nombre", max_length=80)
    nombre_igual = Igual(de="nombre", max_length=200)
    correo = models.CharField(  # several: ``casos.direcciones``
        "correos de avisos",
        max_length=direcciones.LARGO,
        blank=True,
        help_text="Uno o varios, separados por coma; a cada uno le llega el aviso. "
        "Vacío: se avisa a cada persona del área.",
    )
    opina = models.BooleanField("da opinión (7.3)", default=True)
    ajusta = models.BooleanField("hace ajustes (7.7)", default=True)
    que_ajusta = models.CharField(
        "qué ajusta (7.7)",
        max_length=8,
        choices=QueAjusta.choices,
        default=QueAjusta.OTRO,
        blank=True,
        help_text="Decide qué se le pide al confirmar y a quién se notifica siempre.",
    )
    que_se_le_pide = models.CharField(
        "qué se le pide ajustar", max_length=200, blank=True, help_text="Texto que se propone."
    )
    dias_opinion = models.PositiveSmallIntegerField(
        "días hábiles para opinar",
        null=True,
        blank=True,
        validators=[hasta_90_dias],
        help_text="Vacío: el plazo general.",
    )
    dias_ajuste = models.PositiveSmallIntegerField(
        "días hábiles para ajustar",
        null=True,
        blank=True,
        validators=[hasta_90_dias],
        help_text="Vacío: el plazo general.",
    )
    sede = models.ForeignKey(
        "casos.Sede",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name="sede donde trabaja",
        related_name="areas",
        help_text="Sus plazos y su tiempo cuentan con los días inhábiles de ahí. Vacío: los de la empresa.",
    )
    contesta_por_enlace = models.BooleanField(
        "contesta desde el correo sin entrar",
        default=False,
        help_text="Lo que se le pide llega con un enlace que abre la respuesta sin contraseña: sirve una "
        "vez y siete días naturales. Quien reciba el correo reenviado puede contestar en nombre de su destinatario. "
        "A un correo común del área no se le manda.",
    )
    orden = models.PositiveSmallIntegerField("orden", default=10)
    activa = models.BooleanField("activa", default=True)

    class Meta:
        verbose_name = "área"
        verbose_name_plural = "áreas"
        ordering = ["orden", "nombre"]
        constraints = [
            models.UniqueConstraint(
                fields=["nombre_igual"],
                name="area_unica",
                violation_error_message="Ya existe un área con ese nombre.",
            )
        ]

    def __str__(self) -> str:
        return self.nombre

    @property
    def correos(self) -> list[str]:
        return direcciones.partir(self.correo)

    @property
    def lee_toda_la_hoja(self) -> bool:
        """Who adjusts the contract writes all of it: every row of the sheet is theirs (rule 14)."""
        return self.que_ajusta == QueAjusta.CONTRATO


def _entrega(grupo: GrupoDeCartas) -> models.CharField:
    """How a person wants the letters of a group, which only inform."""
    return models.CharField(
        grupo.label, max_length=10, choices=Entrega.choices, default=Entrega.RESUMEN
    )


class UsuarioQuerySet(models.QuerySet):
    def activos(self):
        return self.filter(is_active=True, is_superuser=False)

    def comerciales(self):
        return self.activos().filter(rol__in=ROLES_COMERCIALES)

    def gerencia(self):
        """Active head of the commercial area and general management."""
        return self.activos().filter(Q(es_gerente=True) | Q(rol=Rol.DG))

    def de_area(self, area):
        return self.activos().filter(membresias__area=area, membresias__activa=True)


class UsuarioManager(UserManager.from_queryset(UsuarioQuerySet)):
    pass


class Usuario(AbstractUser):
    """A person of the firm. One commercial role or none, any number of areas."""

    email = models.EmailField("correo", blank=True)
    rol = models.CharField("rol", max_length=3, choices=Rol.choices, blank=True)
    es_gerente = models.BooleanField(
        "gerente comercial", default=False, help_text="Encabeza el área comercial."
    )
    puesto = models.CharField(
        "puesto",
        max_length=80,
        blank=True,
        help_text="Con él y su teléfono firma los correos a clientes.",
    )
    telefono = models.CharField("teléfono", max_length=100, blank=True)  # ``casos.telefonos``
    areas = models.ManyToManyField(Area, through="Membresia", verbose_name="áreas")
    veces_pospuesto = models.PositiveSmallIntegerField(
        "veces que dejó para después el segundo factor", default=0, editable=False
    )
    entrega_respuestas = _entrega(GrupoDeCartas.RESPUESTAS)
    entrega_decisiones = _entrega(GrupoDeCartas.DECISIONES)
    entrega_novedades = _entrega(GrupoDeCartas.NOVEDADES)
    resumen_solo_si_urge = models.BooleanField(
        "solo las mañanas en que algo venza o haya novedades",
        default=False,
        help_text="Si no, cada mañana hábil en que algo te espere.",
    )

    lleva_privacidad = models.BooleanField(
        "lleva los datos personales",
        default=False,
        help_text="Atiende solicitudes ARCO, bloquea y suprime datos. Dirección y quien administra también lo hacen.",
    )
    suprimida_en = models.DateTimeField(null=True, blank=True, editable=False)
    # Of the list of cases, by their keys (``lecturas/columnas_de_la_lista.py``); empty: the ordinary ones.
    columnas = models.CharField(max_length=200, blank=True, editable=False)
    con_teclas = models.BooleanField("teclas rápidas", default=True)
    # Since when the revision in force was handed to them and they have not said they read it (section 9).
    # What ``Acuse`` says, kept here: every page and act asks it of who is at it.
    debe_acuse_desde = models.DateField(null=True, blank=True, editable=False)
    # Of the digests of this row: with another one, what they said of the person can no longer be guessed.
    sal = models.CharField(max_length=32, default=nueva_sal, editable=False)

    objects = UsuarioManager()

    class Meta:
        verbose_name = "persona"
        verbose_name_plural = "personas"
        ordering = ["first_name", "last_name", "username"]
        constraints = [
            models.CheckConstraint(
                condition=Q(es_gerente=False) | Q(rol=Rol.VEN),
                name="gerente_es_de_ventas",
                violation_error_message="La gerencia comercial debe tener el rol de Ventas.",
            ),
            models.CheckConstraint(
                condition=Q(rol="") | Q(rol__in=Rol.values),
                name="rol_conocido",
                violation_error_message="Elige un rol de la lista.",
            ),
            models.CheckConstraint(
                condition=Q(suprimida_en=None) | Q(is_active=False),
                name="suprimida_no_entra",
                violation_error_message=SE_SUPRIMIO,
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def entrega_de(self, grupo: GrupoDeCartas) -> Entrega:
        """How they want the letters of that group."""
        return Entrega(getattr(self, f"entrega_{grupo.value}"))

    @property
    def funcion(self) -> str:
        """What the person is in the firm: "Gerente comercial", "Dirección General"."""
        return "Gerente comercial" if self.es_gerente else str(self.get_rol_display() or "")

    @cached_property
    def cargos(self) -> list[Cargo]:
        """The hats this person may wear today, their own first. One query; two of who stands in for somebody."""
        suyas, titulares = [], []
        for pk, area, a_cargo, rol, es_gerente in _DE_QUIEN(self.pk, timezone.localdate()):
            if area is None:
                titulares.append((pk, rol, es_gerente))
            else:
                suyas.append((pk, area, a_cargo))
        if titulares:
            suyas += _activas().filter(usuario__in=[pk for pk, *_ in titulares])
        return [
            Cargo(
                usuario_id=pk,
                rol=rol,
                es_gerente=es_gerente,
                areas=frozenset(a for u, a, _ in suyas if u == pk),
                areas_a_cargo=frozenset(a for u, a, r in suyas if u == pk and r),
                prestado=pk != self.pk,
            )
            for pk, rol, es_gerente in [(self.pk, self.rol, self.es_gerente), *sorted(titulares)]
        ]

    @property
    def areas_ids(self) -> frozenset:
        return frozenset().union(*(c.areas for c in self.cargos))

    @property
    def areas_a_cargo_ids(self) -> frozenset:
        """Areas this person manages themselves (a substitute does not configure)."""
        return self.cargos[0].areas_a_cargo

    @property
    def sin_acuse(self) -> str:
        """Why they do not decide: the days to say they read the revision in force are over; "" elsewhere."""
        desde = self.debe_acuse_desde
        if desde is None or not self.configuracion.acuse_obliga:
            return ""
        if timezone.localdate() <= desde + timedelta(days=self.configuracion.acuse_dias):
            return ""
        return FALTA_EL_ACUSE

    @property
    def es_comercial(self) -> bool:
        return self.rol in ROLES_COMERCIALES and not self.is_superuser

    @cached_property
    def ve_todo(self) -> bool:
        return self.is_superuser or any(
            c.es_gerencia or c.rol in ROLES_DE_LECTURA for c in self.cargos
        )

    @cached_property
    def configuracion(self):
        """The firm's parameters, asked for once in a request."""
        from .configuracion import Configuracion

        return Configuracion.actual()

    @cached_property
    def ve_todos_los_casos(self) -> bool:
        """Every case there is: who sees all, and Ventas where the firm says so (D§5)."""
        es_de_ventas = any(c.rol == Rol.VEN for c in self.cargos)
        return self.ve_todo or (es_de_ventas and self.configuracion.ventas_ve_todo)


class Membresia(models.Model):
    usuario = models.ForeignKey(
        Usuario, on_delete=models.PROTECT, related_name="membresias", verbose_name="persona"
    )
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, related_name="membresias", verbose_name="área"
    )
    es_responsable = models.BooleanField("responsable del área", default=False)
    activa = models.BooleanField("activa", default=True)

    class Meta:
        verbose_name = "persona del área"
        verbose_name_plural = "personas del área"
        ordering = ["area__orden", "-es_responsable", "usuario__first_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["usuario", "area"],
                name="membresia_unica",
                violation_error_message="Esa persona ya está en el área.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.usuario} en {self.area}"


def _activas() -> models.QuerySet:
    activas = Membresia.objects.filter(activa=True, area__activa=True)
    return activas.order_by().values_list("usuario_id", "area_id", "es_responsable")


class Suplencia(models.Model):
    """Lends a person another's work between two dates; both names go into the log (D§5)."""

    titular = models.ForeignKey(
        Usuario, on_delete=models.PROTECT, related_name="suplencias_dadas", verbose_name="titular"
    )
    suplente = models.ForeignKey(
        Usuario,
        on_delete=models.PROTECT,
        related_name="suplencias_tomadas",
        verbose_name="suplente",
    )
    desde = models.DateField("desde")
    hasta = models.DateField("hasta")
    motivo = models.CharField("motivo", max_length=200, blank=True)

    class Meta:
        verbose_name = "suplencia"
        verbose_name_plural = "suplencias"
        ordering = ["-desde"]
        constraints = [
            models.CheckConstraint(
                condition=Q(hasta__gte=F("desde")),
                name="suplencia_fechas",
                violation_error_message="La fecha final no puede ser anterior a la inicial.",
            ),
            models.CheckConstraint(
                condition=~Q(titular=F("suplente")),
                name="suplencia_otra_persona",
                violation_error_message="Elige a otra persona como suplente.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.suplente} suple a {self.titular}"


def _suplidos(suplente: int, hoy: date) -> models.QuerySet:
    """Whom a person stands in for on a day.

    Who became a reader since acts nowhere, and what a reader sees is not lent.
    """
    suplencias = Suplencia.objects.filter(suplente=suplente, desde__lte=hoy, hasta__gte=hoy)
    suplidos = Usuario.objects.filter(pk__in=suplencias.values("titular"), is_active=True)
    return suplidos.filter(is_superuser=False).exclude(rol__in=ROLES_DE_LECTURA).order_by()


# The areas a person is in, and whom they stand in for: these have no area here.
_DE_QUIEN = Preparada(
    lambda usuario, hoy: (
        _activas()
        .filter(usuario=usuario)
        .annotate(de_rol=Value(""), gerencia=Value(False))
        .union(
            _suplidos(usuario, hoy)
            .annotate(
                area=Value(None, models.BigIntegerField()),
                a_cargo=Value(None, models.BooleanField()),
            )
            .values_list("pk", "area", "a_cargo", "rol", "es_gerente"),
            all=True,
        )
    ),
    int,
    date,
)
