"""The one loader of a case with everything a rule or a page may ask of it. Reads only.

A small fixed number of plain statements, whatever the number of rows; what a case cannot have yet
(an opinion before its first round, an adjustment before its acceptance) is not asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from casos import calendario
from casos.catalogos import Estado, EstadoAviso
from casos.models import (
    Adjunto,
    Ajuste,
    Aviso,
    Caso,
    Cita,
    Concepto,
    Condicion,
    Configuracion,
    Constancia,
    Contacto,
    Contrato,
    Evento,
    Opinion,
    Propuesta,
    RevisionInstruccion,
    SeccionInstruccion,
    TextoEvento,
    TipoRequerimiento,
    Usuario,
    ValorContrato,
    VersionContrato,
)
from casos.models.caso import CasoQuerySet
from casos.models.preparada import Preparada
from casos.permisos import lectura

from .hechos import Gerencia, Hechos

CASOS_PREVIOS = 8


@dataclass
class Expediente:
    """A case, its facts, and who reads them (``None``: the machine itself, a letter)."""

    caso: Caso
    hechos: Hechos
    lector: Usuario | None = None

    def __post_init__(self) -> None:
        self.caso._hechos = self.hechos  # what its guards ask
        self._leido = dict(self.caso.__dict__)

    def guardar(self) -> None:
        """Save what is no longer as it was read."""
        ahora = self.caso.__dict__
        columnas = self.caso._meta.concrete_fields
        otras = [c.name for c in columnas if ahora[c.attname] != self._leido[c.attname]]
        if otras:
            self.caso.save(update_fields=otras)


@dataclass
class Completo(Expediente):
    """The same, with what only the case page reads beside it."""

    hoja: list[Condicion] = field(default_factory=list)  # the rows this person reads
    recorrido: dict[str, datetime] = field(default_factory=dict)  # section → last entered
    por_venir: list[ValorContrato] = field(default_factory=list)
    archivos: list[Adjunto] = field(default_factory=list)
    previos: list[Caso] = field(default_factory=list)
    motivos: list[str] = field(default_factory=list)
    otros_visibles: set[int] = field(default_factory=set)  # other cases it names that are seen
    correos_fallidos: bool = False
    se_le_dijo: str = ""


# -- the case itself -------------------------------------------------------------------------------


def _casos() -> CasoQuerySet:
    """A case with what it points to, and the three facts that are one value each."""
    revision = RevisionInstruccion.objects.filter(vigente=True).order_by("-numero")
    otro_en_ajuste = Caso.objects.filter(
        contrato=OuterRef("contrato"), estado=Estado.EN_MODIFICACION
    ).exclude(pk=OuterRef("pk"))
    ultima = VersionContrato.objects.filter(contrato=OuterRef("contrato")).order_by("-desde_fecha")
    return Caso.objects.select_related(
        "cliente", "contrato", "persona", "responsable", "registrado_por", "motivo_principal"
    ).annotate(
        de_revision=Subquery(revision.values("numero")[:1]),
        de_ultima=Subquery(ultima.values("desde_fecha")[:1]),
        en_ajuste_otro=Exists(otro_en_ajuste),
    )


_POR_PK = Preparada(lambda pk: _casos().filter(pk=pk), int)
_POR_FOLIO = Preparada(lambda folio: _casos().filter(folio=folio), str)


def _el(pk: int) -> Caso:
    leidos = _POR_PK(pk)
    if not leidos:
        raise Caso.DoesNotExist
    return leidos[0]


def _si_lo_ve(usuario: Usuario, leidos: list[Caso]) -> Caso | None:
    """The case that was read, where ``usuario`` may see it, masked for them."""
    if not leidos:
        return None
    [caso] = leidos
    visibles = Caso.objects.visibles_para(usuario).filter(pk=caso.pk)
    if not usuario.ve_todos_los_casos and not visibles.exists():
        return None
    lectura.cliente_para(caso.cliente, usuario)
    return caso


def bajo_candado(pk: int) -> Expediente:
    """The case locked until the transaction ends. Raises ``Caso.DoesNotExist``.

    The lock comes first: a statement that waits for it would read the rows as they were before.
    """
    Caso.objects.select_for_update().values_list("pk").get(pk=pk)
    caso = _el(pk)
    return Expediente(caso, leer_hechos(caso))


def de_uno(usuario: Usuario, *, folio: str = "", pk: int = 0) -> Expediente | None:
    """One visible case, as ``usuario`` reads it; ``None`` where they see none."""
    caso = _si_lo_ve(usuario, _POR_FOLIO(folio) if folio else _POR_PK(pk))
    return None if caso is None else Expediente(caso, leer_hechos(caso), usuario)


def el_mismo(pk: int) -> Expediente:
    """A case whoever reads it: for the rules, never to be shown. Raises ``Caso.DoesNotExist``."""
    caso = _el(pk)
    return Expediente(caso, leer_hechos(caso))


def recien_abierto(caso: Caso, revision: int | None) -> Expediente:
    """The expediente of a case that was just registered (§7.1): nothing hangs from it yet."""
    ocupado = caso.contrato_id and Caso.objects.filter(
        contrato=caso.contrato_id, estado=Estado.EN_MODIFICACION
    )
    hechos = Hechos(
        caso=caso,
        opiniones=[],
        ajustes=[],
        propuestas=[],
        constancias=[],
        condiciones=[],
        contactos=[],
        citas=[],
        tipos=[],
        seguidores=[],
        gerencias=_gerencias(),
        configuracion=Configuracion.actual(),
        contrato_libre=not (ocupado and ocupado.exists()),
        ultima_vigencia=None,
        revision_vigente=revision,
    )
    return Expediente(caso, hechos)


# -- what hangs from it ----------------------------------------------------------------------------


_OPINIONES = Preparada(
    lambda caso: (
        Opinion.objects.filter(caso=caso)
        .select_related("area", "pedida_por", "dada_por")
        .order_by("vuelta", "area__orden", "pk")
    ),
    int,
)
_AJUSTES = Preparada(
    lambda caso: (
        Ajuste.objects.filter(caso=caso)
        .select_related("area", "pedido_por", "respondido_por")
        .order_by("aceptacion", "pk")
    ),
    int,
)
_PROPUESTAS = Preparada(
    lambda caso: (
        Propuesta.objects.filter(caso=caso)
        .select_related("presentada_por", "persona")
        .order_by("-numero")
    ),
    int,
)
_CONSTANCIAS = Preparada(
    lambda caso: (
        Constancia.objects.filter(caso=caso)
        .select_related("destinatario", "registrada_por")
        .order_by("pk")
    ),
    int,
)
_CONDICIONES = Preparada(
    lambda caso: (
        Condicion.objects.filter(caso=caso)
        .select_related("concepto")
        .order_by("concepto__orden", "pk")
    ),
    int,
)
_CONTACTOS = Preparada(
    lambda caso: Contacto.objects.filter(caso=caso).defer("resumen").order_by("-cuando", "-pk"),
    int,
)
_CITAS = Preparada(
    lambda caso: Cita.objects.filter(caso=caso).select_related("persona").order_by("inicio", "pk"),
    int,
)
_TIPOS = Preparada(
    lambda caso: TipoRequerimiento.objects.filter(casos=caso).order_by("orden", "nombre"), int
)
_SEGUIDORES = Preparada(
    lambda caso: Usuario.objects.filter(casos_seguidos=caso).order_by("pk"), int
)
_GERENCIAS = Preparada(
    lambda: Usuario.objects.gerencia().order_by("pk").values_list("pk", "rol", "es_gerente")
)


def leer_hechos(caso: Caso) -> Hechos:
    """Every list of a case fetched with ``_casos``. At most eleven statements."""
    analizado = caso.vuelta > 0
    hechos = Hechos(
        caso=caso,
        opiniones=_del_caso(_OPINIONES, caso) if analizado else [],
        ajustes=_del_caso(_AJUSTES, caso) if caso.aceptacion else [],
        propuestas=_del_caso(_PROPUESTAS, caso) if analizado else [],
        constancias=_del_caso(_CONSTANCIAS, caso),
        condiciones=_del_caso(_CONDICIONES, caso),
        contactos=_del_caso(_CONTACTOS, caso),
        citas=_del_caso(_CITAS, caso),
        tipos=_TIPOS(caso.pk),
        seguidores=_SEGUIDORES(caso.pk),
        gerencias=_gerencias(),
        configuracion=Configuracion.actual(),
        contrato_libre=not caso.en_ajuste_otro,  # type: ignore[attr-defined]  # by ``_casos``
        ultima_vigencia=caso.de_ultima,  # type: ignore[attr-defined]
        revision_vigente=caso.de_revision,  # type: ignore[attr-defined]
    )
    opiniones: dict[int | None, Opinion] = {o.pk: o for o in hechos.opiniones}
    ajustes: dict[int | None, Ajuste] = {a.pk: a for a in hechos.ajustes}
    for c in hechos.constancias:
        c.opinion = opiniones.get(c.opinion_id)
        c.ajuste = ajustes.get(c.ajuste_id)
    for a in hechos.ajustes:
        a.deshace = ajustes.get(a.deshace_id)
    return hechos


def _del_caso(filas: Preparada, caso: Caso) -> list:
    leidas = filas(caso.pk)
    for fila in leidas:
        fila.caso = caso
    return leidas


def _gerencias() -> list[Gerencia]:
    return [Gerencia(*fila) for fila in _GERENCIAS()]


# -- the case page ---------------------------------------------------------------------------------


_PAGINA = Preparada(
    lambda folio: (
        _casos()
        .filter(folio=folio)
        .select_related("asignado_por")
        .annotate(
            fallidos=Exists(Aviso.objects.filter(caso=OuterRef("pk"), estado=EstadoAviso.FALLIDO)),
            dicho=Subquery(_lo_dicho_al_informar()),
        )
    ),
    str,
)


def completo(usuario: Usuario, folio: str) -> Completo | None:
    """One visible case with everything its page shows ``usuario``."""
    caso = _si_lo_ve(usuario, _PAGINA(folio))
    if caso is None:
        return None
    hechos = leer_hechos(caso)
    suyos: set[int] = set()
    if not lectura.ve_toda_la_hoja(caso, usuario):
        suyos = conceptos_de(usuario.areas_ids)
    exp = Completo(
        caso,
        hechos,
        usuario,
        hoja=lectura.hoja_para(hechos, usuario, suyos),
        recorrido=_recorrido(caso),
        archivos=_ARCHIVOS(caso.pk),
        previos=_previos(caso, usuario),
        motivos=_motivos(caso),
        correos_fallidos=caso.fallidos,  # type: ignore[attr-defined]
        se_le_dijo=caso.dicho or "",  # type: ignore[attr-defined]
    )
    exp.por_venir = _por_venir(exp)
    exp.otros_visibles = _otros_visibles(exp)
    return exp


def conceptos_de(areas: Iterable[int]) -> set[int]:
    """Rows of the sheet that concern these areas (D§3)."""
    propios = Concepto.areas.through.objects.filter(area_id__in=areas)
    return set(propios.values_list("concepto_id", flat=True))


def _lo_dicho_al_informar() -> QuerySet:
    """What the client was told, the last time (§7.8); nothing where they could not be found."""
    ultima = Evento.objects.filter(caso=OuterRef(OuterRef("pk")), accion="informar")
    return TextoEvento.objects.filter(
        evento=Subquery(ultima.order_by("-numero").values("pk")[:1]), campo="que_se_dijo"
    ).values("texto")[:1]


_ENTRADAS = Preparada(
    lambda caso: (
        Evento.objects.filter(caso=caso)
        .exclude(a=F("de"))
        .order_by("numero")
        .values_list("a", "en")
    ),
    int,
)


def _recorrido(caso: Caso) -> dict[str, datetime]:
    """Section → when it was last entered: where the case has been on the path."""
    return {
        Estado(a).seccion: en
        for a, en in _ENTRADAS(caso.pk)
        if a in Estado.values and Estado(a).seccion
    }


_SECCION = Preparada(
    lambda clave: SeccionInstruccion.objects.filter(revision__vigente=True, clave=clave), str
)


def instruccion(seccion: str) -> SeccionInstruccion | None:
    """The instruction's own words for a section of the revision in force."""
    return next(iter(_SECCION(seccion)), None)


_EN_VIGOR = Preparada(
    lambda contrato, hoy: (
        ValorContrato.objects.en_vigor(contrato, hoy)
        .order_by("pk")
        .values_list("concepto_id", "valor")
    ),
    int,
    date,
)


def vigentes(contrato: Contrato | None) -> dict[int, str]:
    """Concept → value in force today, before the sheet has its own column."""
    return {} if contrato is None else dict(_EN_VIGOR(contrato.pk, calendario.hoy()))


_POR_VENIR = Preparada(
    lambda contrato, hoy: (
        ValorContrato.objects.por_venir(contrato, hoy)
        .select_related("concepto", "version")
        .order_by("concepto__orden", "pk")
    ),
    int,
    date,
)


def _por_venir(exp: Completo) -> list[ValorContrato]:
    """What another case agreed for later, of the rows that the reader's sheet has."""
    if exp.caso.contrato_id is None or not exp.caso.es_abierto:
        return []
    de_hoy = {f.concepto_id: f.vigente for f in exp.hoja}
    return [
        v
        for v in _POR_VENIR(exp.caso.contrato_id, calendario.hoy())
        if v.concepto_id in de_hoy
        and v.valor != de_hoy[v.concepto_id]
        and v.version.caso_id != exp.caso.pk
    ]


def _del_contrato(visibles: CasoQuerySet, contrato: int, caso: int) -> QuerySet[Caso]:
    del_contrato = visibles.filter(contrato=contrato).exclude(pk=caso).order_by("-pk")
    return del_contrato.only(
        "folio", "estado", "resultado", "vence", "cerrado_en", "recibido_en", "solicitud"
    )[:CASOS_PREVIOS]


_PREVIOS = Preparada(
    lambda contrato, caso: _del_contrato(Caso.objects.all(), contrato, caso), int, int
)


def _previos(caso: Caso, usuario: Usuario) -> list[Caso]:
    """Other cases of the same contract that the reader may see."""
    if caso.contrato_id is None:
        return []
    if usuario.ve_todos_los_casos:
        return _PREVIOS(caso.contrato_id, caso.pk)
    visibles = Caso.objects.visibles_para(usuario)
    return list(_del_contrato(visibles, caso.contrato_id, caso.pk))


_MOTIVOS = Preparada(
    lambda caso: (
        Caso.motivos.through.objects.filter(caso=caso)
        .order_by("motivo__orden", "motivo__nombre")
        .values_list("motivo__nombre", flat=True)
    ),
    int,
)


def _motivos(caso: Caso) -> list[str]:
    """Names of the motives, the principal first."""
    if caso.motivo_principal is None:
        return []
    principal = caso.motivo_principal.nombre
    return [principal, *(n for n in _MOTIVOS(caso.pk) if n != principal)]


_ARCHIVOS = Preparada(
    lambda caso: (
        Adjunto.objects.filter(caso=caso)
        .order_by("-pk")
        .only("evento_id", "nombre", "tamano", "subido_en")
    ),
    int,
)


def _otros_visibles(exp: Completo) -> set[int]:
    """Keys of the cases it names that the reader sees; one query where it names any."""
    caso = exp.caso
    otros = {caso.deriva_de_id, caso.duplicado_de_id, *(v.version.caso_id for v in exp.por_venir)}
    otros -= {None, caso.pk}
    if not otros:
        return set()
    assert exp.lector is not None
    visibles = Caso.objects.visibles_para(exp.lector)
    return set(visibles.filter(pk__in=otros).values_list("pk", flat=True))


def hoja_de(exp: Expediente, fila: object) -> list[Condicion]:
    """Rows of the sheet that concern the area whose opinion or adjustment this is (D§3)."""
    origen = getattr(fila, "opinion", None) or getattr(fila, "ajuste", None) or fila
    area = getattr(origen, "area_id", None)
    if area is None:
        return []
    suyos = conceptos_de([area])
    return [f for f in exp.hechos.condiciones if f.concepto_id in suyos]
