"""The one loader of a case with everything a rule or a page may ask of it. Reads only.

A small fixed number of plain statements, whatever the number of rows; what a case cannot have yet
(an opinion before its first round, an adjustment before its acceptance) is not asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from casos import calendario
from casos.catalogos import Estado, QueAjusta
from casos.estado_de_revision import EstadoRevision
from casos.models import (
    Ajuste,
    Area,
    Caso,
    Cita,
    Concepto,
    Condicion,
    Configuracion,
    Constancia,
    Contacto,
    Contrato,
    Opinion,
    Propuesta,
    SeccionInstruccion,
    TipoRequerimiento,
    Usuario,
    ValorContrato,
    VersionContrato,
)
from casos.models.caso import CasoQuerySet
from casos.models.preparada import Preparada
from casos.permisos import lectura

from .carga_de_lo_puesto import leer_candados, leer_posibilidades
from .gerencias import Gerencia
from .hechos import Hechos
from .lo_que_se_pregunta import leer_comprobaciones, leer_satisfacciones


@dataclass
class Expediente:
    """A case, its facts, and who reads them (``None``: the machine itself, a letter)."""

    caso: Caso
    hechos: Hechos
    lector: Usuario | None = None

    def __post_init__(self) -> None:
        self.caso._hechos = self.hechos  # what its guards ask
        self._leido = dict(self.caso.__dict__)

    @property
    def se_completaron_los_intentos(self) -> bool:
        """The client may be given up by now, and could not when the case was read."""
        antes = self._leido["intentos_completos"]
        return self.caso.intentos_completos and not antes and not self._vale_una_propuesta

    @property
    def _vale_una_propuesta(self) -> bool:
        return self.caso.estado == Estado.EN_RESPUESTA and self.hechos.propuesta_con_vigencia

    def guardar(self) -> None:
        """Save what is no longer as it was read."""
        ahora = self.caso.__dict__
        columnas = self.caso._meta.concrete_fields
        otras = [c.name for c in columnas if ahora[c.attname] != self._leido[c.attname]]
        if otras:
            self.caso.save(update_fields=otras)


# -- the case itself -------------------------------------------------------------------------------


def casos_enteros() -> CasoQuerySet:
    """A case with what it is about, and the two facts that are one value each.

    Its people come apart: PostgreSQL plans a statement of nine tables longer than it runs.
    """
    otro_en_ajuste = Caso.objects.filter(
        contrato=OuterRef("contrato"), estado=Estado.EN_MODIFICACION
    ).exclude(pk=OuterRef("pk"))
    # Of the other cases: what this one agreed before it was reopened may be corrected.
    ajenas = VersionContrato.objects.filter(contrato=OuterRef("contrato"))
    ultima = ajenas.exclude(caso=OuterRef("pk")).order_by("-desde_fecha")
    return Caso.objects.select_related("cliente", "contrato", "persona").annotate(
        de_ultima=Subquery(ultima.values("desde_fecha")[:1]),
        en_ajuste_otro=Exists(otro_en_ajuste),
    )


_POR_PK = Preparada(lambda pk: casos_enteros().filter(pk=pk), int)
_POR_FOLIO = Preparada(lambda folio: casos_enteros().filter(folio=folio), str)


_GENTE = Preparada(
    lambda uno, otro, otra: Usuario.objects.filter(pk__in=[uno, otro, otra]).order_by(),
    int, int, int,
)  # fmt: skip


def _con_su_gente(caso: Caso) -> Caso:
    de_quien = ("responsable", "registrado_por", "asignado_por")
    claves = {rol: getattr(caso, f"{rol}_id") for rol in de_quien}
    gente = {u.pk: u for u in _GENTE(*(pk or 0 for pk in claves.values()))}
    for rol, pk in claves.items():
        setattr(caso, rol, gente.get(pk))
    return caso


def _el(pk: int) -> Caso:
    leidos = _POR_PK(pk)
    if not leidos:
        raise Caso.DoesNotExist
    return _con_su_gente(leidos[0])


def si_lo_ve(usuario: Usuario, leidos: list[Caso]) -> Caso | None:
    """The case that was read, where ``usuario`` may see it, masked for them."""
    if not leidos:
        return None
    [caso] = leidos
    if not Caso.objects.lo_ve(usuario, caso.pk):
        return None
    lectura.cliente_para(caso.cliente, usuario)
    return _con_su_gente(caso)


_PK_DE_FOLIO = Preparada(lambda folio: Caso.objects.filter(folio=folio).values_list("pk"), str)


def pk_si_lo_ve(usuario: Usuario, folio: str) -> int | None:
    """The key of a case, where ``usuario`` may see it."""
    visibles = (pk for (pk,) in _PK_DE_FOLIO(folio) if Caso.objects.lo_ve(usuario, pk))
    return next(visibles, None)


_CON_CANDADO = Preparada(
    lambda pk: Caso.objects.select_for_update().filter(pk=pk).values_list("pk"), int
)


def bajo_candado(pk: int) -> Expediente:
    """The case locked until the transaction ends. Raises ``Caso.DoesNotExist``.

    The lock comes first: a statement that waits for it would read the rows as they were before.
    """
    if not _CON_CANDADO(pk):
        raise Caso.DoesNotExist
    caso = _el(pk)
    return Expediente(caso, leer_hechos(caso))


def de_uno(usuario: Usuario, *, folio: str = "", pk: int = 0) -> Expediente | None:
    """One visible case, as ``usuario`` reads it; ``None`` where they see none."""
    caso = si_lo_ve(usuario, _POR_FOLIO(folio) if folio else _POR_PK(pk))
    return None if caso is None else Expediente(caso, leer_hechos(caso, usuario), usuario)


def el_mismo(pk: int) -> Expediente:
    """A case whoever reads it: for the rules, never to be shown. Raises ``Caso.DoesNotExist``."""
    caso = _el(pk)
    return Expediente(caso, leer_hechos(caso))


def recien_abierto(caso: Caso) -> Expediente:
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
        condiciones=_con_lo_vigente(caso, []),
        contactos=[],
        contrato_libre=not (ocupado and ocupado.exists()),
        ultima_vigencia=None,
        al_pedirlo=_AL_ABRIR,
    )
    return Expediente(caso, hechos)


# -- what its contract has in force ---------------------------------------------------------------

_EN_VIGOR = Preparada(
    lambda contrato, dia: (
        ValorContrato.objects.en_vigor(contrato, dia).select_related("concepto").order_by("pk")
    ),
    int,
    date,
)


def vigentes(contrato: Contrato) -> dict[int, str]:
    """Concept → value in force today."""
    return {v.concepto_id: v.valor for v in _EN_VIGOR(contrato.pk, calendario.hoy())}


def sin_copiar(caso: Caso) -> bool:
    """Whether *Vigente* is still the contract's own: ``analizar`` copies it (rule 6)."""
    return caso.version_contrato is None or caso.estado in (Estado.RECIBIDO, Estado.EN_CONTACTO)


def _con_lo_vigente(caso: Caso, filas: list[Condicion]) -> list[Condicion]:
    """The sheet with what its contract has today; where it ended without analysis, had that day.

    So whoever reads the sheet, a page, a form or a letter, reads the same.
    """
    if caso.contrato_id is None or not sin_copiar(caso):
        return filas
    dia = calendario.hoy()
    if not caso.es_abierto:
        dia = timezone.localdate(caso.cerrado_en or caso.estado_desde)
    en_vigor = {v.concepto_id: v for v in _EN_VIGOR(caso.contrato_id, dia)}
    for fila in filas:
        suyo = en_vigor.pop(fila.concepto_id, None)
        fila.vigente = suyo.valor if suyo else ""
    filas += [Condicion(caso=caso, concepto=v.concepto, vigente=v.valor) for v in en_vigor.values()]
    return sorted(filas, key=lambda f: (f.concepto.orden, f.concepto_id))


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


def leer_hechos(caso: Caso, lector: Usuario | None = None) -> Hechos:
    """Every list of a case fetched with ``casos_enteros``; what few steps ask, when they do.

    At most eleven statements.
    """
    analizado = caso.vuelta > 0
    hechos = Hechos(
        caso=caso,
        opiniones=_del_caso(_OPINIONES, caso) if analizado else [],
        ajustes=_del_caso(_AJUSTES, caso) if caso.aceptacion else [],
        propuestas=_del_caso(_PROPUESTAS, caso) if analizado else [],
        constancias=_del_caso(_CONSTANCIAS, caso),
        condiciones=_con_lo_vigente(caso, _del_caso(_CONDICIONES, caso)),
        contactos=_del_caso(_CONTACTOS, caso),
        contrato_libre=not caso.en_ajuste_otro,  # type: ignore[attr-defined]  # by ``casos_enteros``
        ultima_vigencia=caso.de_ultima,  # type: ignore[attr-defined]
        al_pedirlo={
            "citas": lambda: _del_caso(_CITAS, caso),
            "comprobaciones": lambda: leer_comprobaciones(caso),
            "satisfacciones": lambda: leer_satisfacciones(caso),
            "tipos": lambda: _TIPOS(caso.pk),
            "candados": lambda: leer_candados(hechos),
            "posibilidades": lambda: leer_posibilidades(caso),
            "seguidores": lambda: _SEGUIDORES(caso.pk),
            "gerencias": _gerencias,
            "configuracion": lambda: lector.configuracion if lector else Configuracion.actual(),
        },
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


_AL_ABRIR = {
    "candados": list,
    "posibilidades": list,
    "citas": list,
    "comprobaciones": list,
    "satisfacciones": list,
    "tipos": list,
    "seguidores": list,
    "gerencias": _gerencias,
    "configuracion": Configuracion.actual,
}


# -- beside it -------------------------------------------------------------------------------------


def areas_de(conceptos: Iterable[int]) -> set[int]:
    """Areas that these rows of the sheet concern, besides who reads all of it (D§3). One query."""
    pares = Concepto.areas.through.objects.filter(concepto__in=conceptos)
    return set(pares.values_list("area_id", flat=True))


def conceptos_de(areas: Iterable[int]) -> set[int]:
    """Rows of the sheet that concern these areas (D§3); all, where one adjusts the contract."""
    contrato = Area.objects.filter(pk__in=areas, que_ajusta=QueAjusta.CONTRATO)
    propios = Concepto.objects.filter(Exists(contrato) | Q(areas__in=areas))
    return set(propios.values_list("pk", flat=True))


_SECCION = Preparada(
    lambda clave, revision: SeccionInstruccion.objects.filter(
        revision__numero=revision, clave=clave
    ).select_related("revision"),
    str, int,
)  # fmt: skip


def instruccion(seccion: str, revision: int) -> SeccionInstruccion | None:
    """The instruction's own words for a step (§7), of the revision that the case obeys."""
    if not revision or not seccion.startswith("7."):
        return None
    return next(iter(_SECCION(seccion, revision)), None)


def instruccion_vigente(seccion: str) -> SeccionInstruccion | None:
    """The same of the revision in force, for who is about to open a case."""
    del_vigente = SeccionInstruccion.objects.filter(revision__estado=EstadoRevision.VIGENTE)
    return del_vigente.select_related("revision").filter(clave=seccion).first()


def hoja_de(exp: Expediente, fila: object) -> list[Condicion]:
    """Rows of the sheet that concern the area whose opinion or adjustment this is (D§3)."""
    origen = getattr(fila, "opinion", None) or getattr(fila, "ajuste", None) or fila
    area = getattr(origen, "area_id", None)
    if area is None:
        return []
    suyos = conceptos_de([area])
    return [f for f in exp.hechos.condiciones if f.concepto_id in suyos]
