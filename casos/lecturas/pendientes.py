"""Mis pendientes: what waits for a person, and what they wait for, overdue first (D§6).

One statement a tray, each along its index, whatever the number of rows. Reads only; no HTTP.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from casos import actos
from casos.actos import Acto
from casos.calendario import UN_DIA, medianoche
from casos.catalogos import ROLES_COMERCIALES, EstadoAviso, EstadoCita, EstadoConstancia, Turno
from casos.models import (
    Ajuste,
    Aviso,
    Caso,
    Cita,
    Comprobacion,
    Constancia,
    Contacto,
    Opinion,
    Satisfaccion,
    Usuario,
)
from casos.permisos.cargos import Cargo, actua

from .le_toca import le_toca_a, vencio_propuesta
from .por_cargos import DeSusCargos
from .por_decidir import PorDecidir, por_decidir
from .por_llamar import LIMITE, POR_LLAMAR, Memoria, memoria_de
from .por_preguntar import SATISFACCIONES, comprobaciones
from .siguiente_paso import que_toca
from .ya_viables import YA_VIABLES

# Of the case only what a row of a tray shows.
_DEL_CASO = ("caso__folio", "caso__estado", "caso__cliente__razon_social",
             "caso__cliente__nombre_comercial")  # fmt: skip

_POR_ETIQUETA = {a.etiqueta: a for a in actos.DE_UN_CASO if not a.sobre}


@dataclass
class Bandeja:
    """Up to ``LIMITE`` rows, and whether there are more."""

    filas: list[Any] = field(default_factory=list)
    hay_mas: bool = False
    consulta: Callable[[], QuerySet[Any]] | None = None

    def __bool__(self) -> bool:
        return bool(self.filas)

    @classmethod
    def de(cls, leidas: list[Any], consulta: Callable[[], QuerySet[Any]] | None = None) -> Bandeja:
        """Of rows read with one more than fit, and of which statement."""
        return cls(leidas[:LIMITE], len(leidas) > LIMITE, consulta)

    def mas(self) -> int:
        """How many are not among them: counted only where there are more."""
        if not self.hay_mas or self.consulta is None:
            return 0
        todas = self.consulta()
        todas.query.clear_limits()
        return todas.order_by().count() - LIMITE


@dataclass
class Pendientes:
    """Everything on the page of one person."""

    cargos: list[Cargo] = field(default_factory=list)
    titulares: dict[int, str] = field(default_factory=dict)  # whom they stand in for
    me_toca: Bandeja = field(default_factory=Bandeja)
    opiniones: Bandeja = field(default_factory=Bandeja)
    ajustes: Bandeja = field(default_factory=Bandeja)
    comprobaciones: Bandeja = field(default_factory=Bandeja)
    satisfacciones: Bandeja = field(default_factory=Bandeja)
    constancias: Bandeja = field(default_factory=Bandeja)
    citas: Bandeja = field(default_factory=Bandeja)
    acciones: Bandeja = field(default_factory=Bandeja)
    correos: Bandeja = field(default_factory=Bandeja)
    llamadas: Bandeja = field(default_factory=Bandeja)
    ya_viables: Bandeja = field(default_factory=Bandeja)
    decidir: list[PorDecidir] = field(default_factory=list)  # what waits for gerencia (rule 13)
    espero: Bandeja = field(default_factory=Bandeja)
    que_toca: dict[int, str] = field(default_factory=dict)  # case → the next move, in words
    memoria: dict[int, Memoria] = field(default_factory=dict)  # closed case → how it ended

    @property
    def actua(self) -> bool:
        return bool(self.cargos)

    @property
    def es_comercial(self) -> bool:
        return bool(_comerciales(self.cargos))

    @property
    def hay_algo_que_hacer(self) -> bool:
        return any([self.decidir, *self.bandejas])

    @property
    def bandejas(self) -> list[Bandeja]:
        """Those of what the person has to do."""
        return [self.me_toca, self.opiniones, self.ajustes, self.comprobaciones,
                self.satisfacciones, self.constancias, self.citas, self.acciones, self.correos,
                self.llamadas, self.ya_viables]  # fmt: skip

    @property
    def vencidos(self) -> int:
        """Overdue work among what is shown."""
        hoy = timezone.localdate()
        con_plazo = [*self.me_toca.filas, *self.opiniones.filas, *self.ajustes.filas,
                     *self.comprobaciones.filas, *self.satisfacciones.filas]  # fmt: skip
        return sum(1 for fila in con_plazo if fila.vence and fila.vence < hoy)

    de_ya_viable = (actos.REGISTRAR_CONTACTO, actos.DESCARTAR_POSIBILIDAD)
    de_una_llamada = (actos.MOVER_LLAMADA,)

    def acto_que_toca(self, caso: Caso) -> Acto | None:
        """Of a case itself, the act that its move is, one press away."""
        return _POR_ETIQUETA.get(self.que_toca[caso.pk])

    def respuestas(self, fila: Any) -> list[Acto]:
        return respuestas_a(fila)

    def es_principal(self, acto: Acto) -> bool:
        """Whether its button is the one to be seen first."""
        return not acto.junto_a and acto not in (actos.MOVER_CITA, actos.ANOTAR_AUSENCIA)

    def de_quien(self, fila: Any) -> str:
        """Whose work a row is, where it is not the person's own: the name of whom they stand in."""
        if not self.titulares:
            return ""
        if isinstance(fila, Opinion | Ajuste | Comprobacion):
            return self._del_area(fila.area_id)
        if isinstance(fila, Constancia):
            return self.titulares.get(fila.destinatario_id, "")
        caso = fila if isinstance(fila, Caso) else fila.caso
        return self.titulares.get(caso.responsable_id, "")

    def _del_area(self, area_id: int) -> str:
        propio, *prestados = self.cargos
        if area_id in propio.areas:
            return ""
        suyos = (c.usuario_id for c in prestados if area_id in c.areas)
        return next((self.titulares.get(pk, "") for pk in suyos), "")


def respuestas_a(fila: Any) -> list[Acto]:
    """What may be answered to a row right where it is listed, the likely answer first."""
    if isinstance(fila, Opinion):
        return [actos.OPINAR, actos.PEDIR_DATOS]
    if isinstance(fila, Ajuste) and fila.deshace_id:
        return [actos.CONFIRMAR_DESHECHO, actos.INDICAR_NO_SE_DESHACE]
    if isinstance(fila, Ajuste):
        return [actos.CONFIRMAR_AJUSTE, actos.INDICAR_NO_PUEDE]
    if isinstance(fila, Comprobacion):
        return [actos.COMPROBAR]
    if isinstance(fila, Satisfaccion):
        return [actos.REGISTRAR_SATISFACCION]
    if isinstance(fila, Constancia):
        return [actos.CONFIRMAR_CONSTANCIA, actos.CORREGIR_CONSTANCIA]
    if not fila.ya_paso:
        return [actos.MOVER_CITA]
    return [actos.CELEBRAR_CITA, actos.ANOTAR_AUSENCIA, actos.MOVER_CITA]


def _comerciales(cargos: Iterable[Cargo]) -> list[int]:
    """Whose cases these are: the person's own, and of whom they stand in for."""
    return [c.usuario_id for c in cargos if c.rol in ROLES_COMERCIALES]


def pendientes_de(usuario: Usuario) -> Pendientes:
    """All the trays of ``usuario``, with the work lent to them and whose it is."""
    if not actua(usuario):
        return Pendientes()
    p = Pendientes(cargos=usuario.cargos, titulares=_titulares(usuario.cargos))
    if usuario.areas_ids:
        _de_mis_areas(p, usuario)
    p.constancias = _constancias(usuario)
    if p.es_comercial:
        _de_mis_casos(p)
    p.decidir = por_decidir(usuario)
    return p


def _titulares(cargos: Iterable[Cargo]) -> dict[int, str]:
    prestados = [c.usuario_id for c in cargos if c.prestado]
    if not prestados:
        return {}
    return {u.pk: str(u) for u in Usuario.objects.filter(pk__in=prestados)}


def _de_mis_areas(p: Pendientes, usuario: Usuario) -> None:
    p.opiniones = _leida(lambda: _opiniones(usuario))
    p.ajustes = _leida(lambda: _ajustes(usuario))
    p.comprobaciones = _leida(lambda: comprobaciones(usuario))


def _leida(consulta: Callable[[], QuerySet[Any]]) -> Bandeja:
    return Bandeja.de(list(consulta()), consulta)


def _opiniones(usuario: Usuario) -> QuerySet[Opinion]:
    return (
        Opinion.objects.por_responder(usuario)
        .select_related("area", "pedida_por", "caso__cliente")
        .only(
            "pregunta",
            "datos_pedidos",
            "datos_dados",
            "vence",
            "version",
            "estado",
            "sentido",
            "area__nombre",
            *_persona("pedida_por"),
            *_DEL_CASO,
        )
        .order_by("vence", "pk")[: LIMITE + 1]
    )


def _ajustes(usuario: Usuario) -> QuerySet[Ajuste]:
    return (
        Ajuste.objects.por_responder(usuario)
        .select_related("area", "pedido_por", "caso__cliente")
        .only(
            "que",
            "vence",
            "version",
            "estado",
            "deshace",
            "area__nombre",
            *_persona("pedido_por"),
            *_DEL_CASO,
        )
        .order_by("vence", "pk")[: LIMITE + 1]
    )


def _constancias(usuario: Usuario) -> Bandeja:
    if not usuario.areas_ids:
        return _de_sus_cargos(_PARA_MI, usuario.cargos, usuario.pk)
    areas = usuario.areas_ids
    de_mis_areas = Q(opinion__area__in=areas) | Q(ajuste__area__in=areas)
    quien = _para(usuario.cargos, usuario.pk) | de_mis_areas
    return _leida(lambda: _sin_confirmar(quien, usuario.pk))


def _de_sus_cargos(consulta: DeSusCargos, cargos: list[Cargo], *valores: Any) -> Bandeja:
    return Bandeja.de(consulta(cargos, *valores), lambda: consulta.consulta(cargos, *valores))


def _para(cargos: list[Cargo], usuario: int) -> Q:
    """As ``permisos.predicados.responder_constancia``: a lent right is none in a case one leads."""
    de_ellos = Q(destinatario__in=[c.usuario_id for c in cargos])
    if len(cargos) == 1:
        return de_ellos  # nothing is lent
    return Q(destinatario=usuario) | (de_ellos & ~Q(caso__responsable=usuario))


def _sin_confirmar(de_quien: Q, usuario: int) -> QuerySet[Constancia]:
    return (
        Constancia.objects.filter(de_quien, estado=EstadoConstancia.SIN_CONFIRMAR)
        .exclude(registrada_por=usuario)
        .select_related("registrada_por", "caso__cliente")
        .only(
            "tipo",
            "texto",
            "dicho_en",
            "registrada_en",
            "reenviada_en",
            "version",
            "estado",
            "destinatario",
            *_persona("registrada_por"),
            *_DEL_CASO,
        )
        # Not by key alone: all that there ever were would be read by it, to find one's own among them.
        .order_by("registrada_en", "pk")[: LIMITE + 1]
    )


_PARA_MI = DeSusCargos(lambda cargos, usuario: _sin_confirmar(_para(cargos, usuario), usuario), int)


# -- of the cases of who is responsible ------------------------------------------------------------


_POR_VENCER = (F("vence").asc(nulls_last=True), "pk")


def _abiertos() -> QuerySet[Caso]:
    return Caso.objects.abiertos().en_filas(con_responsable=False).order_by(*_POR_VENCER)


def _les_toca(cargos: list[Cargo], hoy: date) -> QuerySet[Caso]:
    """Which first: of the many that may wait for a person, no more than a page is read whole."""
    suyos = Caso.objects.abiertos().filter(le_toca_a(cargos, hoy)).order_by(*_POR_VENCER)
    return suyos[: LIMITE + 1]


def _espera_a_otros(cargos: list[Cargo], hoy: date) -> QuerySet[Caso]:
    suyos = _abiertos().filter(responsable__in=_comerciales(cargos))
    return suyos.exclude(vencio_propuesta(hoy) | Q(turno=Turno.RC))


def _es_de_ellos(cargos: list[Cargo]) -> Exists:
    # Asked of each row found, not joined: SQLite would begin with all the cases of a person.
    return Exists(Caso.objects.filter(pk=OuterRef("caso"), responsable__in=_comerciales(cargos)))


_ME_TOCA = DeSusCargos(
    lambda cargos, hoy: (
        _abiertos()
        .filter(pk__in=_les_toca(cargos, hoy).values("pk"))
        .annotate(hablado=Exists(Contacto.objects.filter(caso=OuterRef("pk"), efectivo=True)))
    ),
    date,
)
_POR_HACER = DeSusCargos(
    lambda cargos, hoy: (
        _espera_a_otros(cargos, hoy)
        .filter(proxima_fecha__lte=hoy)
        .order_by("proxima_fecha", "pk")[: LIMITE + 1]
    ),
    date,
)
_ESPERO = DeSusCargos(
    lambda cargos, hoy: (
        _espera_a_otros(cargos, hoy)
        .filter(Q(proxima_fecha=None) | Q(proxima_fecha__gt=hoy))
        .exclude(le_toca_a(cargos, hoy))[: LIMITE + 1]
    ),
    date,
)
_CITAS = DeSusCargos(
    lambda cargos, fin: (
        Cita.objects.filter(_es_de_ellos(cargos), estado=EstadoCita.PROGRAMADA, inicio__lt=fin)
        .select_related("caso__cliente")
        .only(
            "inicio",
            "minutos",
            "lugar",
            "asunto",
            "version",
            "estado",
            "caso__responsable",
            *_DEL_CASO,
        )
        .order_by("inicio", "pk")[: LIMITE + 1]
    ),
    datetime,
)
_CORREOS = DeSusCargos(
    lambda cargos: (
        Aviso.objects.filter(_es_de_ellos(cargos), estado=EstadoAviso.FALLIDO)
        .select_related("caso__cliente")
        .only("asunto", "para", "caso__responsable", *_DEL_CASO)
        .order_by("-pk")[: LIMITE + 1]
    )
)


def _de_mis_casos(p: Pendientes) -> None:
    hoy = timezone.localdate()
    p.me_toca = Bandeja.de(_ME_TOCA(p.cargos, hoy), lambda: _les_toca(p.cargos, hoy))
    p.acciones = _de_sus_cargos(_POR_HACER, p.cargos, hoy)
    p.espero = _de_sus_cargos(_ESPERO, p.cargos, hoy)
    p.citas = _de_sus_cargos(_CITAS, p.cargos, medianoche(hoy + UN_DIA))
    p.correos = _de_sus_cargos(_CORREOS, p.cargos)
    p.satisfacciones = _de_sus_cargos(SATISFACCIONES, p.cargos, hoy)
    p.llamadas = _de_sus_cargos(POR_LLAMAR, p.cargos, hoy)
    p.ya_viables = _de_sus_cargos(YA_VIABLES, p.cargos, hoy)
    p.memoria = memoria_de(p.llamadas.filas)
    asigna = any(c.es_gerencia for c in p.cargos)
    p.que_toca = {c.pk: que_toca(c, hablado=c.hablado, asigna=asigna) for c in p.me_toca.filas}


def _persona(campo: str) -> list[str]:
    return [f"{campo}__{c}" for c in ("first_name", "last_name", "username")]
