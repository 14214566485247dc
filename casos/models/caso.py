"""The case and its children (D§3). Every write goes through ``pasos``."""

from datetime import date, datetime, time

from django.db import connections, models
from django.db.models import Q
from django.utils import timezone

from casos.catalogos import (
    ABIERTOS,
    Canal,
    ContratoTrasNo,
    Estado,
    MotivoAnulacion,
    Resultado,
    Rol,
    Turno,
)
from casos.flujo import FlujoCaso

from .bitacora import CERO
from .cliente import MONEDA, Cliente, Contrato, PersonaContacto
from .configuracion import Motivo, TipoRequerimiento
from .de_su_registro import POR_CONFORMIDAD, SOLO_DE_CERRADOS, DeSuRegistro
from .huellas import nueva_sal
from .indices_de_cerrados import INDICES_DE_CERRADOS, DeCerrados, EnElTexto
from .personas import Usuario
from .trabajo import Ajuste, Constancia, Opinion

_ABIERTOS = [str(e.value) for e in ABIERTOS]


def _de_abiertos(*campos: str, name: str) -> models.Index:
    """An index of what is worked on: a small part of the table, however old it grows."""
    return models.Index(fields=campos, condition=Q(estado__in=_ABIERTOS), name=name)


def juntar(primera, *otras):
    """Keys of any of these queries, for ``pk__in``: each is read from its index alone, where an OR
    of them would read whole rows and sort them all.

    SQLite throws repeated keys away in ``IN`` anyway; PostgreSQL must be told, to foresee how many.
    """
    repetidas = connections[primera.db].vendor == "sqlite"
    return primera.order_by().union(*(q.order_by() for q in otras), all=repetidas)


# The client has no answer yet; from the proposal on they have one.
SE_LE_DEBE_RESPUESTA = tuple(
    e for e in ABIERTOS if e not in (Estado.EN_RESPUESTA, Estado.EN_MODIFICACION)
)
# What a row of a list or of a tray shows.
_DE_UNA_FILA = (
    "folio", "estado", "resultado", "solicitud", "turno", "pendiente_de", "vence", "responsable",
    "proxima_accion", "proxima_fecha", "cerrado_en", "estado_desde", "vigor_fecha", "anulacion",
    "espera_fecha",
    "cliente__razon_social", "cliente__nombre_comercial", "cliente__rfc",
)  # fmt: skip


class CasoQuerySet(DeCerrados):
    def en_filas(self, *, con_responsable=True, relaciones=(), campos=()):
        """With no more than a row shows; ``relaciones``, ``campos``: of the columns that somebody adds."""
        if not con_responsable:
            return self.select_related("cliente").only(*_DE_UNA_FILA)
        mas = [f"responsable__{campo}" for campo in ("first_name", "last_name", "username")]
        siempre = ("cliente", "responsable", "motivo_principal")
        return self.select_related(*siempre, *relaciones).only(
            *_DE_UNA_FILA, *mas, "motivo_principal__nombre", *campos
        )

    def abiertos(self):
        return self.filter(estado__in=[EnElTexto(e) for e in _ABIERTOS])

    def visibles_para(self, usuario):
        """The one visibility rule (D§5): list, detail, search, export and files all use it."""
        if not usuario.is_authenticated:
            return self.none()
        if usuario.ve_todos_los_casos:
            return self
        son = {c.usuario_id for c in usuario.cargos}
        reglas = [
            Caso.objects.filter(registrado_por=usuario.pk).values("pk"),
            Caso.seguidores.through.objects.filter(usuario_id=usuario.pk).values("caso_id"),
            Constancia.objects.filter(destinatario__in=son).values("caso_id"),
            Caso.objects.filter(responsable__in=son).values("pk"),
        ]
        for cargo in usuario.cargos:
            if cargo.rol == Rol.AC:
                reglas.append(Caso.objects.filter(paso_por_atencion=True).values("pk"))
            if cargo.areas:
                reglas.append(Opinion.objects.filter(area__in=cargo.areas).values("caso_id"))
                reglas.append(Ajuste.objects.filter(area__in=cargo.areas).values("caso_id"))
        return self.filter(pk__in=juntar(*reglas))

    def lo_ve(self, usuario, pk: int) -> bool:
        """Whether a case that there is is one of those; who sees them all is not looked for among them."""
        return usuario.ve_todos_los_casos or self.visibles_para(usuario).filter(pk=pk).exists()


class Caso(DeSuRegistro, FlujoCaso):
    """One request to renegotiate (§7.1). ``folio`` = SV-year-number."""

    folio = models.CharField("folio", max_length=16, unique=True)
    cliente = models.ForeignKey(Cliente, on_delete=models.PROTECT, related_name="casos")
    contrato = models.ForeignKey(
        Contrato, null=True, blank=True, on_delete=models.PROTECT, related_name="casos"
    )
    version_contrato = models.PositiveIntegerField(null=True, blank=True, editable=False)
    persona = models.ForeignKey(PersonaContacto, on_delete=models.PROTECT, related_name="casos")
    recibido_en = models.DateTimeField("recibido")
    registrado_en = models.DateTimeField("registrado")
    registrado_por = models.ForeignKey(Usuario, on_delete=models.PROTECT, related_name="+")
    canal = models.CharField("canal", max_length=10, choices=Canal.choices, blank=True)
    solicitud = models.TextField("qué pide el cliente", max_length=4000)
    espera_fecha = models.DateField("espera respuesta a más tardar el", null=True, blank=True)
    tipos = models.ManyToManyField(TipoRequerimiento, blank=True, related_name="casos")

    responsable = models.ForeignKey(
        Usuario, null=True, blank=True, on_delete=models.PROTECT, related_name="casos_a_cargo"
    )
    asignado_por = models.ForeignKey(
        Usuario, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    asignado_en = models.DateTimeField(null=True, blank=True)
    seguidores = models.ManyToManyField(Usuario, blank=True, related_name="casos_seguidos")

    version = models.PositiveIntegerField(default=1, editable=False)
    # Of the instruction: the one it obeys; 0 where none was in force.
    revision = models.PositiveSmallIntegerField(default=0, editable=False)
    estado_desde = models.DateTimeField()
    turno = models.CharField(max_length=8, choices=Turno.choices, blank=True)
    pendiente_de = models.CharField("pendiente de", max_length=200, blank=True)
    vence = models.DateField("vence", null=True, blank=True)
    proxima_accion = models.CharField("siguiente acción", max_length=200, blank=True)
    proxima_fecha = models.DateField("fecha de la siguiente acción", null=True, blank=True)
    contestado_en = models.DateTimeField(null=True, blank=True, editable=False)  # client, 7.6
    intentos_completos = models.BooleanField(default=False, editable=False)

    elevado_en = models.DateTimeField("llevado a Dirección", null=True, blank=True)
    porque_elevar = models.TextField(blank=True, max_length=2000)
    porque_devolver = models.TextField(blank=True, max_length=1000)
    alternativa = models.TextField(blank=True, max_length=4000)
    texto_cliente = models.TextField(blank=True, max_length=4000)
    paso_por_atencion = models.BooleanField(default=False, editable=False)
    decidido_en = models.DateTimeField(null=True, blank=True)
    vigor_fecha = models.DateField("a partir del", null=True, blank=True)
    servicio_sin_cambio = models.TextField(blank=True, max_length=1000)

    motivos = models.ManyToManyField(Motivo, blank=True, related_name="casos")
    motivo_principal = models.ForeignKey(
        Motivo, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    contrato_tras_no = models.CharField(max_length=10, choices=ContratoTrasNo.choices, blank=True)
    contrato_termina_fecha = models.DateField(null=True, blank=True)
    llamar_fecha = models.DateField("volver a llamar el", null=True, blank=True)
    # Closed as modified, and somebody says that it did not come out so: for who reopens it to decide.
    reapertura_pedida_en = models.DateTimeField(null=True, blank=True, editable=False)
    reapertura_motivo = models.TextField(blank=True, max_length=3000, editable=False)

    cerrado_en = models.DateTimeField(null=True, blank=True)
    cerrado_primera_vez_en = models.DateTimeField(null=True, blank=True, editable=False)
    primer_resultado = models.CharField(max_length=14, choices=Resultado.choices, blank=True)
    anulacion = models.CharField(max_length=12, choices=MotivoAnulacion.choices, blank=True)
    duplicado_de = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="duplicados"
    )
    deriva_de = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="derivados"
    )

    # Of one that came in open from a workbook: until when 7.1 is given, which ran elsewhere until then.
    primer_plazo_fecha = models.DateField(null=True, blank=True, editable=False)

    num_eventos = models.PositiveIntegerField(default=0, editable=False)
    huella_cabeza = models.CharField(max_length=64, default=CERO, editable=False)
    sal = models.CharField(max_length=32, default=nueva_sal, editable=False)  # of ``Prueba``

    objects = CasoQuerySet.as_manager()

    class Meta:
        verbose_name = "caso"
        verbose_name_plural = "casos"
        ordering = ["-pk"]
        constraints = [
            SOLO_DE_CERRADOS,
            models.CheckConstraint(
                condition=Q(estado__in=Estado.values),
                name="caso_estado_conocido",
                violation_error_message="Ese estado no existe en la instrucción.",
            ),
            models.CheckConstraint(
                condition=(Q(estado=Estado.CERRADO, cerrado_en__isnull=False) & ~Q(resultado=""))
                | (~Q(estado=Estado.CERRADO) & Q(resultado="", cerrado_en__isnull=True)),
                name="caso_cerrado_con_resultado",
                violation_error_message="Un caso cerrado lleva resultado y fecha; uno abierto, no.",
            ),
            models.CheckConstraint(
                condition=Q(resultado="") | Q(resultado__in=Resultado.values),
                name="caso_resultado_conocido",
                violation_error_message="Ese resultado no existe.",
            ),
            models.CheckConstraint(
                condition=~Q(estado__in=[e.value for e in ABIERTOS[2:]], contrato__isnull=True),
                name="caso_analizado_con_contrato",
                violation_error_message="Un caso en análisis lleva contrato.",
            ),
            models.UniqueConstraint(
                fields=["contrato"],
                condition=Q(estado=Estado.EN_MODIFICACION),
                name="un_caso_en_ajuste_por_contrato",
                violation_error_message="Otro caso del mismo contrato está en ajuste.",
            ),
        ]
        indexes = [
            POR_CONFORMIDAD,
            _de_abiertos("vence", "id", name="caso_abierto_vence"),
            # All that says whose move it is: the first of many are found in the index alone.
            _de_abiertos(
                *("responsable", "vence", "id", "turno", "estado"), name="caso_abierto_responsable"
            ),
            _de_abiertos("turno", "vence", name="caso_abierto_turno"),
            _de_abiertos("responsable", "proxima_fecha", name="caso_abierto_proxima"),
            models.Index(
                fields=["id"], condition=Q(paso_por_atencion=True), name="caso_paso_por_atencion"
            ),
            _de_abiertos("estado", "id", name="caso_abierto_estado"),
            models.Index(
                fields=["vence", "id"],
                condition=Q(intentos_completos=True),
                name="caso_intentos_completos",
            ),
            *INDICES_DE_CERRADOS,
            models.Index(fields=["estado", "-id"], name="caso_estado_id"),
            models.Index(fields=["cliente", "-id"], name="caso_cliente_id"),
            models.Index(fields=["responsable", "-id"], name="caso_responsable_id"),
            models.Index(
                fields=["llamar_fecha", "id"],
                condition=Q(llamar_fecha__isnull=False),
                name="caso_por_llamar",
            ),
            models.Index(
                fields=["reapertura_pedida_en", "id"],
                condition=Q(reapertura_pedida_en__isnull=False),
                name="caso_reapertura_pedida",
            ),
            models.Index(
                fields=["recibido_en", "pasos_andados", "resultado"], name="caso_recibido_en"
            ),
            models.Index(
                fields=["cerrado_en"], condition=Q(cerrado_en__isnull=False), name="caso_cerrado_en"
            ),
        ]

    def __str__(self) -> str:
        return self.folio

    def get_absolute_url(self) -> str:
        return f"/casos/{self.folio}/"

    @property
    def se_recibio(self) -> datetime | date:
        """Of one that came from a sheet with days alone, the day: nobody knows the hour."""
        cuando = timezone.localtime(self.recibido_en)
        sin_hora = bool(self.primer_plazo_fecha) and cuando.time() == time.min
        return cuando.date() if sin_hora else self.recibido_en

    @property
    def se_cuenta_desde(self) -> datetime:
        """From when its time is counted: what passed before it came here was written down nowhere."""
        return self.registrado_en if self.primer_plazo_fecha else self.recibido_en

    @property
    def es_abierto(self) -> bool:
        return self.estado in ABIERTOS

    @property
    def espera_respuesta(self) -> date | None:
        """The day on which the client expects an answer, while they have none."""
        return self.espera_fecha if self.estado in SE_LE_DEBE_RESPUESTA else None

    @property
    def rebasa_lo_que_espera(self) -> bool:
        """Whether its deadline or what is planned falls after that day, which is still to come."""
        espera = self.espera_respuesta
        if espera is None or espera < timezone.localdate():
            return False
        return any(dia and dia > espera for dia in (self.vence, self.proxima_fecha))

    @property
    def sin_calendario(self) -> bool:
        """Its step has a deadline in business days, of which the calendar has not so many."""
        return self.es_abierto and self.vence is None and self.estado != Estado.EN_RESPUESTA

    @property
    def vencio_la_propuesta(self) -> bool:
        """From the day after its validity the move is RC's: computed from its date (rule 8)."""
        vigencia = self.vence if self.estado == Estado.EN_RESPUESTA else None
        return vigencia is not None and vigencia < timezone.localdate()

    @property
    def turno_hoy(self) -> str:
        if not self.vencio_la_propuesta:
            return self.turno
        return Turno.RC if self.responsable_id else Turno.GER

    @property
    def pendiente_hoy(self) -> str:
        """*Pendiente de*, in words."""
        if not self.vencio_la_propuesta:
            return self.pendiente_de
        return str(self.responsable or Turno.GER.label)

    @property
    def moneda(self) -> str:
        """Of the amounts of its sheet: the contract's."""
        return self.contrato.moneda if self.contrato else MONEDA

    @property
    def etiqueta_estado(self) -> str:
        """State, or the result once closed: what a person reads."""
        return Resultado(self.resultado).label if self.resultado else Estado(self.estado).label


class BusquedaCaso(models.Model):
    """Search text off the row that every step updates (D§4.8): lower case, without accents.

    ``nombres`` and ``contacto`` are its client's, apart because not everybody reads persons.
    """

    caso = models.OneToOneField(
        Caso, on_delete=models.CASCADE, primary_key=True, related_name="busqueda"
    )
    texto = models.TextField()
    nombres = models.TextField(default="", blank=True)
    contacto = models.TextField(default="", blank=True)
    version = models.PositiveSmallIntegerField(default=0, db_index=True)

    class Meta:
        verbose_name = "texto de búsqueda"
        verbose_name_plural = "textos de búsqueda"


class Para(models.TextChoices):
    """With whom a saved view is shared. Not with Auditoría, which reads no names."""

    NADIE = "", "Nadie más"
    TODOS = "TODOS", "Todos"
    VEN = "VEN", "Ventas"
    AC = "AC", "Atención a Clientes"
    DG = "DG", "Dirección General"
    CAL = "CAL", "Calidad"
    AREAS = "AREAS", "Las áreas"


class VistaGuardada(models.Model):
    """A named filter of the list, of one person, who may share it; each sees their own cases through it."""

    usuario = models.ForeignKey(Usuario, on_delete=models.CASCADE, related_name="vistas")
    nombre = models.CharField("nombre", max_length=60)
    consulta = models.CharField(max_length=1000)
    para = models.CharField(
        "compartida con", max_length=8, choices=Para.choices, default=Para.NADIE, blank=True
    )

    class Meta:
        verbose_name = "vista guardada"
        verbose_name_plural = "vistas guardadas"
        ordering = ["nombre"]
        constraints = [
            models.UniqueConstraint(
                fields=["usuario", "nombre"],
                name="vista_unica",
                violation_error_message="Ya tienes una vista con ese nombre.",
            )
        ]

    def __str__(self) -> str:
        return self.nombre
