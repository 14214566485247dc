"""Mis pendientes: what waits for a person, and what they wait for, overdue first (D§6).

The trays' small lists come as JSON columns of one statement, so that the page costs the same with
one row or a hundred. Reads only; no HTTP.
"""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from casos import flujo, permisos
from casos.catalogos import (
    ROLES_COMERCIALES,
    Estado,
    EstadoAviso,
    EstadoCita,
    EstadoConstancia,
    Rol,
    Turno,
)
from casos.expediente.listas import ListaJSON, rehacer
from casos.models import Ajuste, Aviso, Caso, Cita, Constancia, Contacto, Opinion, Usuario

LIMITE = 25
_CASO = ("caso", "caso__folio", "caso__estado", "caso__cliente", "caso__cliente__razon_social",
         "caso__cliente__nombre_comercial")  # fmt: skip
_NOMBRE = ("first_name", "last_name", "username")
# What the person with the ball is asked to do, where it is not the label of one action.
_QUE_TOCA = {
    Estado.POR_DECIDIR: "Decidir si es viable",
    Estado.EN_MODIFICACION: "Revisar los ajustes",
}
_ACCION = {
    Estado.RECIBIDO: "contactar",
    Estado.EN_CONTACTO: "analizar",
    Estado.EN_ANALISIS: "responder_datos",
    Estado.EN_PROPUESTA: "presentar",
    Estado.POR_INFORMAR: "informar",
}


@dataclass
class Bandeja:
    """Up to ``LIMITE`` rows, and whether there are more."""

    filas: list = field(default_factory=list)
    hay_mas: bool = False

    def __bool__(self) -> bool:
        return bool(self.filas)

    @classmethod
    def de(cls, filas) -> "Bandeja":
        filas = list(filas)
        return cls(filas[:LIMITE], len(filas) > LIMITE)


@dataclass
class Pendientes:
    """Everything on the page of one person."""

    actua: bool = False
    es_comercial: bool = False
    me_toca: Bandeja = field(default_factory=Bandeja)
    opiniones: Bandeja = field(default_factory=Bandeja)
    ajustes: Bandeja = field(default_factory=Bandeja)
    constancias: Bandeja = field(default_factory=Bandeja)
    citas: Bandeja = field(default_factory=Bandeja)
    acciones: Bandeja = field(default_factory=Bandeja)
    correos: Bandeja = field(default_factory=Bandeja)
    espero: Bandeja = field(default_factory=Bandeja)

    @property
    def hay_algo_que_hacer(self) -> bool:
        return any([self.me_toca, self.opiniones, self.ajustes, self.constancias, self.citas,
                    self.acciones, self.correos])  # fmt: skip

    @property
    def indice(self) -> list[tuple[str, str, str]]:
        """The trays with something in them: anchor, short title and how many, in reading order."""
        bandejas = [
            ("toca", "Te toca", self.me_toca),
            ("opiniones", "Opiniones", self.opiniones),
            ("ajustes", "Ajustes", self.ajustes),
            ("constancias", "Por confirmar", self.constancias),
            ("citas", "Citas", self.citas),
            ("acciones", "Por hacer", self.acciones),
            ("correos", "Correos", self.correos),
            ("espero", "Espero", self.espero),
        ]
        return [(a, t, f"{len(b.filas)}{'+' if b.hay_mas else ''}") for a, t, b in bandejas if b]

    @property
    def vencidos(self) -> int:
        """Overdue work among what is shown."""
        hoy = timezone.localdate()
        con_plazo = [*self.me_toca.filas, *self.opiniones.filas, *self.ajustes.filas]
        return sum(1 for fila in con_plazo if fila.vence and fila.vence < hoy)


def le_toca_a(usuario) -> Q:
    """The open cases whose next move is this person's, in their own right or lent."""
    espera = Q(pk__in=[])
    if permisos.puede_anotar(None, usuario) is None:
        return espera
    for cargo in usuario.cargos:
        if cargo.rol in ROLES_COMERCIALES:
            espera |= Q(turno=Turno.RC, responsable=cargo.usuario_id)
        if cargo.es_gerente:
            # Whatever the step waits for, nobody leads it: it is to be assigned.
            espera |= Q(responsable=None)
        if cargo.rol == Rol.AC:
            espera |= Q(turno=Turno.AC)
        if cargo.rol == Rol.DG:
            # Without an active head of the area, nobody else would see what is to be assigned.
            sin_gerente = ~Exists(Usuario.objects.activos().filter(es_gerente=True))
            espera |= Q(turno=Turno.DG) | (Q(responsable=None) & Q(sin_gerente))
    return espera


def deben_mis_areas(usuario) -> list:
    """What the person's areas owe and they may answer: opinions, then adjustments."""
    abiertas = Q(pk__in=[])
    for cargo in usuario.cargos:
        if cargo.areas:
            # Never responsible and area in the same case (D§1).
            abiertas |= Q(area__in=cargo.areas) & ~Q(caso__responsable=cargo.usuario_id)
    abiertas &= ~Q(caso__responsable=usuario.pk)
    opiniones = Opinion.objects.filter(
        abiertas, estado="PENDIENTE", caso__estado=Estado.EN_ANALISIS
    ).exclude(pedida_por=usuario.pk)
    ajustes = Ajuste.objects.filter(
        abiertas, estado="PENDIENTE", caso__estado=Estado.EN_MODIFICACION
    ).exclude(pedido_por=usuario.pk)
    return [opiniones, ajustes]


def que_toca(caso, es_gerencia: bool) -> str:
    """The next move of an open case (annotated ``hablado``), in the words of its button."""
    estado = Estado(caso.estado)
    if caso.responsable_id is None and es_gerencia:
        return flujo.ETIQUETAS["asignar"]
    if estado == Estado.EN_CONTACTO and not caso.hablado:
        return flujo.ETIQUETAS["registrar_contacto"]
    return _QUE_TOCA.get(estado) or flujo.ETIQUETAS.get(_ACCION.get(estado, ""), estado.label)


def pendientes_de(usuario) -> Pendientes:
    """All the trays of ``usuario``, with the work lent to them and whose it is."""
    if permisos.puede_anotar(None, usuario) is None:
        return Pendientes()
    cargos = usuario.cargos
    comerciales = {c.usuario_id for c in cargos if c.rol in ROLES_COMERCIALES}
    p = Pendientes(actua=True, es_comercial=bool(comerciales))
    titulares = _listas(p, usuario, cargos, comerciales)
    if comerciales:
        _casos(p, usuario, comerciales)
    _decir_de_quien(p, cargos, titulares)
    return p


def _casos(p, usuario, comerciales) -> None:
    base = (
        Caso.objects.abiertos()
        .select_related("cliente", "responsable")
        .defer("alternativa", "texto_cliente", "servicio_sin_cambio")
        .order_by(F("vence").asc(nulls_last=True), "pk")
    )
    hoy = timezone.localdate()
    hablado = Contacto.objects.filter(caso=OuterRef("pk"), efectivo=True)
    p.me_toca = Bandeja.de(
        base.filter(le_toca_a(usuario)).annotate(hablado=Exists(hablado))[: LIMITE + 1]
    )
    mios = base.filter(responsable__in=comerciales).exclude(turno=Turno.RC)
    p.acciones = Bandeja.de(
        mios.filter(proxima_fecha__lte=hoy).order_by("proxima_fecha", "pk")[: LIMITE + 1]
    )
    p.espero = Bandeja.de(
        mios.filter(Q(proxima_fecha=None) | Q(proxima_fecha__gt=hoy)).exclude(
            pk__in=[c.pk for c in p.me_toca.filas]
        )[: LIMITE + 1]
    )
    es_gerencia = any(c.es_gerencia for c in usuario.cargos)
    for caso in p.me_toca.filas:
        caso.que_toca = que_toca(caso, es_gerencia)


def _listas(p, usuario, cargos, comerciales) -> dict:
    """The trays that are not cases, and the names of whom the person stands in for."""
    columnas = {}
    areas = usuario.areas_ids
    if areas:
        opiniones, ajustes = deben_mis_areas(usuario)
        columnas["lista_opiniones"] = ListaJSON(
            opiniones.order_by("vence", "pk")[: LIMITE + 1],
            "id", "pregunta", "datos_pedidos", "datos_dados", "vence", "version",
            "area", "area__nombre", *_CASO, "pedida_por", *_de("pedida_por"),
        )  # fmt: skip
        columnas["lista_ajustes"] = ListaJSON(
            ajustes.order_by("vence", "pk")[: LIMITE + 1],
            "id", "que", "vence", "version", "deshace",
            "area", "area__nombre", *_CASO, "pedido_por", *_de("pedido_por"),
        )  # fmt: skip
    para_mi = Q(destinatario__in={c.usuario_id for c in cargos})
    if areas:
        para_mi |= Q(opinion__area__in=areas) | Q(ajuste__area__in=areas)
    columnas["lista_constancias"] = ListaJSON(
        Constancia.objects.filter(para_mi, estado=EstadoConstancia.SIN_CONFIRMAR)
        .exclude(registrada_por=usuario.pk)
        .order_by("pk")[: LIMITE + 1],
        "id", "tipo", "texto", "dicho_en", "version", *_CASO, "destinatario",
        "registrada_por", *_de("registrada_por"),
    )  # fmt: skip
    if comerciales:
        # Asked of each row found, not joined: SQLite would begin with all the cases of a person.
        de_ellos = Exists(Caso.objects.filter(pk=OuterRef("caso"), responsable__in=comerciales))
        columnas["lista_citas"] = ListaJSON(
            Cita.objects.filter(
                de_ellos, estado=EstadoCita.PROGRAMADA, inicio__lt=_fin_del_dia()
            ).order_by("inicio", "pk")[: LIMITE + 1],
            "id", "inicio", "minutos", "lugar", "asunto", "version", *_CASO, "caso__responsable",
        )  # fmt: skip
        columnas["lista_correos"] = ListaJSON(
            Aviso.objects.filter(de_ellos, estado=EstadoAviso.FALLIDO).order_by("-pk")[
                : LIMITE + 1
            ],
            "id", "asunto", "para", *_CASO, "caso__responsable",
        )  # fmt: skip
    if len(cargos) > 1:
        prestados = [c.usuario_id for c in cargos if c.prestado]
        columnas["lista_titulares"] = ListaJSON(
            Usuario.objects.filter(pk__in=prestados).order_by("pk"), "id", *_NOMBRE
        )
    fila = Usuario.objects.filter(pk=usuario.pk).values(**columnas).get()
    for columna, modelo in (
        ("opiniones", Opinion),
        ("ajustes", Ajuste),
        ("constancias", Constancia),
        ("citas", Cita),
        ("correos", Aviso),
    ):
        setattr(p, columna, Bandeja.de(rehacer(modelo, fila.get(f"lista_{columna}"))))
    ahora = timezone.now()
    for cita in p.citas.filas:
        cita.ya_paso = cita.inicio + timedelta(minutes=cita.minutos) < ahora
    return {t.pk: str(t) for t in rehacer(Usuario, fila.get("lista_titulares"))}


def _de(campo: str) -> list[str]:
    return [f"{campo}__{c}" for c in _NOMBRE]


def _fin_del_dia() -> datetime:
    manana = timezone.localdate() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(manana, time.min))


def _decir_de_quien(p, cargos, titulares) -> None:
    """Mark what is another's work: ``fila.suples_a`` is the name of whom the person stands in for."""
    propio, *prestados = cargos
    if not prestados:
        return

    def del_area(area_id):
        if area_id in propio.areas:
            return ""
        return next((titulares.get(c.usuario_id, "") for c in prestados if area_id in c.areas), "")

    for bandeja in (p.me_toca, p.acciones, p.espero):
        for caso in bandeja.filas:
            caso.suples_a = titulares.get(caso.responsable_id, "")
    for bandeja in (p.opiniones, p.ajustes):
        for fila in bandeja.filas:
            fila.suples_a = del_area(fila.area_id)
    for constancia in p.constancias.filas:
        constancia.suples_a = titulares.get(constancia.destinatario_id, "")
    for bandeja in (p.citas, p.correos):
        for fila in bandeja.filas:
            fila.suples_a = titulares.get(fila.caso.responsable_id, "")
