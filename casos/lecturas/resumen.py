"""What a person's morning says: what waits for them, by what hurts, and what happened since. Reads only.

A fixed number of statements for each person, however much waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import KW_ONLY, dataclass, field, replace
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from casos import calendario
from casos.actos import ASIGNAR, Acto
from casos.catalogos import Estado, EstadoConstancia, Rol, Turno
from casos.correo.bandeja_de_salida import por_leer
from casos.models import (
    Ajuste,
    Aviso,
    Caso,
    Cita,
    Comprobacion,
    Constancia,
    Membresia,
    Opinion,
    Posibilidad,
    Resumen,
    Satisfaccion,
    Usuario,
)
from casos.models.preparada import DeVarias

from . import datos_de_personas, solicitudes_arco
from .acuses import al_abrir_el_dia
from .asuntos import Asunto, asuntos_de
from .hallazgos_abiertos import en_la_carta
from .le_toca import vencio_propuesta
from .lo_que_duele import pesos_de, por_lo_que_duele
from .pendientes import Pendientes, pendientes_de, respuestas_a
from .por_decidir import PorDecidir
from .siguiente_paso import proxima, que_toca

CABEN = 40  # lines; the rest is in *Mis pendientes*
NOVEDADES = 30
DE_LAS_AREAS = (Estado.EN_ANALISIS, Estado.EN_MODIFICACION)
REBASADOS = 1000  # of each kind: many more than are listed, so that the count is true
# key → heading, and how it is counted in the subject
PARTES = {
    "rebasado": ("Lleva vez y media de su plazo", "con vez y media de su plazo"),
    "vencido": ("Vencido", "vencido,vencidos"),
    "hoy": ("Para hoy", "para hoy"),
    "despues": ("Después", "más adelante"),
}


@dataclass(frozen=True)
class Renglon:
    """One thing that waits, or that happened, and where it is done or read."""

    que: str
    caso: Caso
    ruta: str
    vence: date | None = None
    _: KW_ONLY
    de_quien: str = ""  # whose it is, where it is lent
    es_plazo: bool = True  # or a day that was set: an appointment, a call
    clave: tuple[str, int] = ("", 0)
    detalle: str = ""

    @property
    def url(self) -> str:
        return settings.URL_BASE + self.ruta if self.ruta else ""


@dataclass
class Manana:
    """The letter of one person and day."""

    usuario: Usuario
    hoy: date
    partes: dict[str, list[Renglon]] = field(default_factory=dict)  # by the keys of ``PARTES``
    mas: int = 0  # that wait and are not listed
    cartas: list[Aviso] = field(default_factory=list)
    novedades: list[Renglon] = field(default_factory=list)  # the letters, as lines
    de_la_instruccion: list[tuple[str, bool]] = field(
        default_factory=list
    )  # in words, and whether it urges
    hallazgos: list[tuple[str, bool]] = field(default_factory=list)  # of audits, likewise

    de_privacidad: list[tuple[str, bool]] = field(
        default_factory=list
    )  # the same, of ARCO requests
    bloqueos: list[tuple[str, bool]] = field(default_factory=list)  # and whose term is over

    @property
    def mas_novedades(self) -> int:
        return max(0, len(self.cartas) - NOVEDADES)

    @property
    def vale_la_pena(self) -> bool:
        """Whether it is worth a letter to this person."""
        urge = any(self.partes.get(k) for k in ("rebasado", "vencido", "hoy"))
        espera = bool(self.partes.get("despues")) and not self.usuario.resumen_solo_si_urge
        avisados = (*self.de_la_instruccion, *self.hallazgos, *self.de_privacidad, *self.bloqueos)
        de_leer = any(ya for _, ya in avisados)
        return bool(urge or self.cartas or espera or de_leer)

    @property
    def grupos(self) -> list[dict[str, Any]]:
        """As the letter lists them."""
        en_orden = [(PARTES[k][0], self.partes[k]) for k in PARTES if k in self.partes]
        en_orden += [("Qué pasó", self.novedades)] if self.novedades else []
        return [{"titulo": titulo, "renglones": filas} for titulo, filas in en_orden]

    @property
    def en_breve(self) -> str:
        """ "2 vencidos, 1 para hoy y 3 novedades"."""
        dichos = [_contado(len(self.partes[k]), PARTES[k][1]) for k in PARTES if k in self.partes]
        if self.mas:
            dichos.append(f"{self.mas} más")
        if self.cartas:
            dichos.append(_contado(len(self.cartas), "novedad,novedades"))
        if self.de_la_instruccion:
            dichos.append("algo de la instrucción")
        if self.hallazgos:
            dichos.append(_contado(len(self.hallazgos), "hallazgo,hallazgos"))
        if self.de_privacidad:
            dichos.append(_contado(len(self.de_privacidad), "solicitud ARCO,solicitudes ARCO"))
        if self.bloqueos:
            dichos.append(_contado(len(self.bloqueos), "bloqueo por decidir,bloqueos por decidir"))
        *primeros, ultimo = dichos
        return f"{', '.join(primeros)} y {ultimo}" if primeros else ultimo


def _contado(cuantos: int, formas: str) -> str:
    uno, _, varios = formas.partition(",")
    return f"{cuantos} {uno if cuantos == 1 else varios or uno}"


def sin_resumen(hoy: date) -> QuerySet[Usuario]:
    """Whose morning is not written yet."""
    escrito = Resumen.objects.filter(usuario=OuterRef("pk"), fecha=hoy)
    return Usuario.objects.activos().exclude(email="").exclude(Exists(escrito)).order_by("pk")


def manana_de(usuario: Usuario) -> Manana:
    hoy = calendario.hoy()
    m = Manana(usuario, hoy)
    p = pendientes_de(usuario)
    cuenta = calendario.Cuenta()
    rebasados = _por_lo_que_duele(_rebasados(p, cuenta, hoy))
    dichos = {r.clave for r in rebasados}
    propios = [_en_la_carta(p, a) for a in asuntos_de(p, cuenta)]
    propios = [r for r in propios if r.clave not in dichos]
    _repartir(m, rebasados, propios, cuenta.sumar(hoy, 1) or hoy + timedelta(days=1))
    m.mas += sum(bandeja.mas() for bandeja in p.bandejas)
    m.cartas = list(por_leer(usuario).select_related("caso__cliente").defer("html").order_by("pk"))
    m.novedades = _novedades(m.cartas[:NOVEDADES], usuario)
    m.de_la_instruccion = al_abrir_el_dia(usuario, hoy)
    m.hallazgos = en_la_carta(usuario, hoy)
    m.de_privacidad = solicitudes_arco.al_abrir_el_dia(usuario, hoy)
    m.bloqueos = datos_de_personas.al_abrir_el_dia(usuario, hoy)
    return m


def _novedades(cartas: list[Aviso], usuario: Usuario) -> list[Renglon]:
    """Letters as lines, one a case, which lead to it; of one that its reader cannot open, all it says."""
    if not cartas:
        return []
    de_ellas = Caso.objects.visibles_para(usuario).filter(pk__in={c.caso_id for c in cartas})
    abre = set(de_ellas.order_by().values_list("pk", flat=True))
    renglones: dict[int, Renglon] = {}
    for c in cartas:
        assert c.caso is not None  # what goes into a morning is about a case
        que = c.asunto.removeprefix(f"[{c.caso.folio}] ").partition(" – ")[0]
        dice = "" if c.caso_id in abre else c.texto.partition("\n--\n")[0].strip()
        ruta = c.caso.get_absolute_url() if c.caso_id in abre else ""
        antes = renglones.get(c.caso.pk)
        if antes:
            que = f"{antes.que}; {que[:1].lower()}{que[1:]}" if que != antes.que else que
            dice = "\n\n".join(d for d in (antes.detalle, dice) if d)
        renglones[c.caso.pk] = Renglon(que, c.caso, ruta, detalle=dice)
    return list(renglones.values())


def _por_lo_que_duele(renglones: Iterable[Renglon]) -> list[Renglon]:
    todos = list(renglones)
    pesos = pesos_de(r.caso.pk for r in todos)
    return sorted(todos, key=lambda r: por_lo_que_duele(r.vence, pesos[r.caso.pk], r.caso.pk))


def _repartir(m: Manana, rebasados: list[Renglon], propios: list[Renglon], siguiente: date) -> None:
    """What falls due before the next morning is of today: a Sunday's, on Friday."""
    todos = [("rebasado", r) for r in rebasados]
    for r in propios:
        cuando = "despues"
        if r.vence and r.vence < siguiente:
            cuando = "vencido" if r.vence < m.hoy else "hoy"
        todos.append((cuando, r))
    for cuando, r in todos[:CABEN]:
        m.partes.setdefault(cuando, []).append(r)
    m.mas = len(todos[CABEN:])


# -- what waits for the person -------------------------------------------------------


def _en_la_carta(p: Pendientes, a: Asunto) -> Renglon:
    """What waits, as a line of the letter."""
    f = a.fila
    if isinstance(f, PorDecidir):
        return _de_decidir(f)
    ruta = a.caso.get_absolute_url()
    if a.clase == "toca":
        sin_nadie = not f.responsable_id and any(k.es_gerencia for k in p.cargos)
        que, ruta = p.que_toca[f.pk], _ruta(f, ASIGNAR) if sin_nadie else ruta
    elif isinstance(f, Cita):
        que = f"Cita a las {timezone.localtime(f.inicio):%H:%M}: {f.asunto}"
    elif isinstance(f, Opinion | Ajuste | Constancia | Comprobacion | Satisfaccion):
        acto = respuestas_a(f)[0]
        area = f" · {f.area}" if isinstance(f, Opinion | Ajuste | Comprobacion) else ""
        que, ruta = f"{acto.etiqueta}{area}", _ruta(a.caso, acto, f)
    elif isinstance(f, Posibilidad):
        que = f"Ya sería viable: {f.ya(f.caso.moneda)}"
    elif isinstance(f, Aviso):
        que, ruta = f"No salió un correo para {f.para}", reverse("aviso", args=[f.pk])
    else:
        que = "Volver a llamar" if a.clase == "llamada" else proxima(f).accion
    return replace(_renglon(p, f, que, a.caso, ruta, a.fecha), es_plazo=a.es_plazo)


def _de_decidir(d: PorDecidir) -> Renglon:
    fila = None if d.fila is d.caso else d.fila
    area = getattr(fila, "area", None)
    que = d.actos[0].etiqueta + (f" · {area}" if area else "")
    # The case itself may be told besides as what its responsible owes: that is another thing.
    clave = _clave(d.fila) if fila else (str(d.actos[0]), d.caso.pk)
    return Renglon(que, d.caso, _ruta(d.caso, d.actos[0], fila), d.vence, clave=clave)


def _renglon(
    p: Pendientes, fila: Any, que: str, caso: Caso, ruta: str, vence: date | None
) -> Renglon:
    return Renglon(que, caso, ruta, vence, de_quien=p.de_quien(fila), clave=_clave(fila))


def _clave(fila: Any) -> tuple[str, int]:
    return type(fila).__name__, fila.pk


def _ruta(caso: Caso, acto: Acto, fila: Any = None) -> str:
    ruta = f"{caso.get_absolute_url()}{acto}/"
    return ruta if fila is None else f"{ruta}{fila.pk}/"


# -- one and a half times over its time: to who is in charge of who owes it ------------------------


def _rebasados(p: Pendientes, cuenta: calendario.Cuenta, hoy: date) -> Iterator[Renglon]:
    a_cargo = frozenset().union(*(c.areas_a_cargo for c in p.cargos)) if p.cargos else frozenset()
    if a_cargo:
        preguntas = Opinion.objects.pendientes().filter(area__in=a_cargo)
        ajustes = Ajuste.objects.pendientes().filter(area__in=a_cargo)
        yield from _de_las_areas(p, preguntas, "pedida_en", cuenta, hoy)
        yield from _de_las_areas(p, ajustes, "pedido_en", cuenta, hoy)
    if any(c.es_gerencia for c in p.cargos):
        yield from _de_quien_lleva(p, cuenta, hoy)
    if sin_confirmar := _constancias_de_otros(p, a_cargo):
        yield from _sin_confirmar(p, sin_confirmar, cuenta, hoy)


def _de_las_areas(
    p: Pendientes, pendientes: QuerySet[Any], pidio_en: str, cuenta: calendario.Cuenta, hoy: date
) -> Iterator[Renglon]:
    vencidas = pendientes.filter(vence__lt=hoy).select_related("area", "caso__cliente")
    for fila in vencidas.order_by("vence", "pk")[:REBASADOS]:
        if getattr(fila, "datos_dados", ""):  # its clock began again with the data
            rebasa = cuenta.vez_y_media_de(Estado.EN_ANALISIS, fila.vence, fila.area)
        else:
            desde = timezone.localdate(getattr(fila, pidio_en))
            rebasa = cuenta.vez_y_media(desde, fila.vence, fila.area)
        if rebasa is None or rebasa > hoy:
            continue
        acto = respuestas_a(fila)[0]
        que = f"{acto.etiqueta} · {fila.area}"
        yield _renglon(p, fila, que, fila.caso, _ruta(fila.caso, acto, fila), fila.vence)


def _constancias_de_otros(p: Pendientes, a_cargo: frozenset[int]) -> Q | None:
    """Verbal notices that others owe an answer to: an area's, for who has it in charge; the rest, for gerencia.

    Those of an area that nobody has in charge too. Those of a gerente, and those of who has that very
    area in charge, for Dirección.
    """
    jefes = Membresia.objects.filter(
        activa=True, area__activa=True, es_responsable=True, usuario__is_active=True
    )
    del_area = (
        jefes.filter(area=OuterRef("opinion__area")),
        jefes.filter(area=OuterRef("ajuste__area")),
    )
    de_jefe = reduce(or_, (Exists(j.filter(usuario=OuterRef("destinatario"))) for j in del_area))
    sin_area = Q(opinion=None, ajuste=None) | ~Q(reduce(or_, (Exists(j) for j in del_area)))
    de_gerente = Q(destinatario__es_gerente=True)
    suyas = []
    if a_cargo:
        suyas.append(Q(opinion__area__in=a_cargo) | Q(ajuste__area__in=a_cargo))
    if any(c.es_gerente for c in p.cargos):
        suyas.append(sin_area & ~de_gerente)
    if any(c.rol == Rol.DG for c in p.cargos):
        suyas.append((sin_area & de_gerente) | Q(de_jefe))
    return reduce(or_, suyas) if suyas else None


_DICHAS = DeVarias(
    lambda claves: (
        Constancia.objects.filter(pk__in=claves)
        .select_related("caso__cliente", "destinatario", "opinion__area", "ajuste__area")
        .order_by("pk")
    )
)


def _sin_confirmar(
    p: Pendientes, cuales: Q, cuenta: calendario.Cuenta, hoy: date
) -> Iterator[Renglon]:
    """It is due a business day after it was said to them (rule 9)."""
    sin_confirmar = (
        Constancia.objects.filter(cuales, estado=EstadoConstancia.SIN_CONFIRMAR)
        .exclude(destinatario__in=[c.usuario_id for c in p.cargos])
        .order_by("registrada_en", "pk")
    )
    # Who waits, and then what is told of each: in one, PostgreSQL planned for longer than it looked.
    claves = list(sin_confirmar.values_list("pk", flat=True)[:REBASADOS])
    for c in sorted(_DICHAS(claves), key=lambda c: (c.registrada_en, c.pk)):
        dicha = timezone.localdate(c.reenviada_en or c.registrada_en)
        de = c.opinion or c.ajuste
        area = de.area if de else None
        vence = cuenta.sumar(dicha, 1)
        rebasa = vence and cuenta.vez_y_media(dicha, vence, area)
        if rebasa and rebasa <= hoy:
            que = f"{respuestas_a(c)[0].etiqueta} · {c.destinatario}"
            yield Renglon(que, c.caso, c.caso.get_absolute_url(), vence, clave=_clave(c))


def _de_quien_lleva(p: Pendientes, cuenta: calendario.Cuenta, hoy: date) -> Iterator[Renglon]:
    """Moves of who leads a case, for gerencia; of what gerencia leads or does not assign, for Dirección."""
    de_gerencia = Q(responsable__es_gerente=True) | Q(responsable=None)
    manda = Q(pk__in=[])
    if any(c.es_gerente for c in p.cargos):
        manda |= ~de_gerencia
    if any(c.rol == Rol.DG for c in p.cargos):
        sin_gerente = ~Exists(Usuario.objects.activos().filter(es_gerente=True))
        manda |= de_gerencia | Q(sin_gerente)
    suyos = {c.usuario_id for c in p.cargos}
    le_toca = Q(turno__in=[Turno.RC, Turno.AC, Turno.GER]) | vencio_propuesta(hoy)
    casos = (
        Caso.objects.abiertos()
        .filter(le_toca, manda, vence__lt=hoy)
        .exclude(responsable__in=suyos)
        .select_related("cliente", "responsable")
        .order_by("vence", "pk")[:REBASADOS]
    )
    for caso in casos:
        if caso.estado in DE_LAS_AREAS:  # it came to them in the middle of the step
            rebasa = cuenta.vez_y_media_de(Estado.EN_CONTACTO, caso.vence)
        else:
            rebasa = cuenta.vez_y_media(timezone.localdate(caso.estado_desde), caso.vence)
        if rebasa and rebasa <= hoy:
            que = f"{que_toca(caso, hablado=True, asigna=True)} · {caso.pendiente_hoy}"
            yield Renglon(que, caso, caso.get_absolute_url(), caso.vence, clave=_clave(caso))
