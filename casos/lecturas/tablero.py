"""*Tablero*: the figures of the cases that a person sees, each with the cases behind it. Reads only; no HTML.

A fixed number of statements, over the open cases, over those received in the period, over its closings.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.db.models import Case, CharField, Count, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import QueryDict
from django.utils import timezone

from casos.catalogos import ABIERTOS, BIT_DE_PASO, ContratoTrasNo, Estado, Resultado
from casos.models import Ajuste, Caso, Cierre, Opinion, Usuario
from casos.models.cierres import del_periodo
from casos.models.de_su_registro import participa

from .filtro import SIN_ASIGNAR, TODOS_LOS_ABIERTOS, FiltroCasos
from .filtro_de_cifras import EDADES, de_edad, de_la_semana
from .filtros_ofrecidos import Ofrecidos
from .periodos import Periodo
from .tablas_de_cifras import Celda, Renglon, Tabla, tanto_por_ciento

E = Estado
COMUNES = ("tipo", "responsable", "area")
# What each step of the funnel is called, of those that came so far.
EMBUDO = [
    (E.RECIBIDO, "Se recibieron"),
    (E.EN_CONTACTO, "Se buscó al cliente"),
    (E.EN_ANALISIS, "Pasaron a las áreas"),
    (E.POR_DECIDIR, "Pasaron a decisión"),
    (E.EN_PROPUESTA, "Fueron viables"),
    (E.EN_RESPUESTA, "Se presentaron"),
    (E.EN_MODIFICACION, "El cliente aceptó"),
]


@dataclass
class Base:
    """Whose figures, of which days, and narrowed to what."""

    usuario: Usuario
    opciones: Ofrecidos
    periodo: Periodo
    comunes: dict[str, str]  # filters that the list has too
    solo_areas: frozenset[int] | None = None  # those of an area's manager
    ve_personas: bool = True
    ve_dinero: bool = True

    @cached_property
    def filtro(self) -> FiltroCasos:
        datos = QueryDict(mutable=True)
        datos.update(self.comunes)
        return FiltroCasos(datos, usuario=self.usuario, opciones=self.opciones, de_pocos=True)

    def consulta(self, **mas: Any) -> str:
        return self.filtro.consulta(**mas)

    def del_cierre(self, periodo: Periodo | None = None, **mas: Any) -> str:
        p = periodo or self.periodo
        return self.consulta(cerro_desde=p.desde, cerro_hasta=p.hasta, **mas)

    @cached_property
    def casos(self) -> Any:
        casos = Caso.objects.all()
        return self.filtro.filtrar(casos if self.los_ve else casos.visibles_para(self.usuario))

    @property
    def los_ve(self) -> bool:
        """What is asked for is theirs to see as it is: everything, or the cases of an area of their own."""
        de_su_area = self.comunes.get("area") in map(str, self.solo_areas or ())
        return de_su_area or self.usuario.ve_todos_los_casos

    def de_sus_casos(self, filas: QuerySet) -> QuerySet:
        """Rows that hang from the cases counted."""
        puestos = set(self.filtro.puestos)
        if self.los_ve and puestos <= {"area"}:  # nothing of the case itself is asked
            return self._de_su_area(filas) if puestos else filas
        return filas.filter(caso__in=self.casos.values("pk"))

    def _de_su_area(self, filas: QuerySet) -> QuerySet:
        """A closing keeps it by itself; of other rows each case is looked up, where a join would read them all."""
        if filas.model is not Cierre:
            suyo = Caso.objects.filter(pk=OuterRef("caso")).order_by()
            suyas = Subquery(suyo.values("areas_que_participan")[:1])
            filas = filas.alias(areas_que_participan=suyas)
        return filas.filter(participa(int(self.comunes["area"])))

    def cierres(self) -> QuerySet:
        return self.de_sus_casos(Cierre.objects.del_periodo(*self.periodo.instantes))

    @property
    def comparados(self) -> list[Periodo]:
        """The period, the one before it and that of a year ago, each once."""
        return list(dict.fromkeys([self.periodo, self.periodo.anterior, self.periodo.hace_un_anio]))

    @cached_property
    def responsables(self) -> dict[int, str]:
        return dict(self.opciones.responsables)

    @cached_property
    def areas(self) -> dict[int, str]:
        suyas = self.solo_areas
        return {pk: n for pk, n in self.opciones.areas if suyas is None or pk in suyas}


# -- the open ones -----------------------------------------------------------------------------------


def _en_partes(casos: Any, hoy: Any) -> list[tuple[str, str, int | None, str, int]]:
    """Open cases by step, age, who leads them and when they fall due. One statement."""
    edades = [When(de_edad(e[0], hoy), then=Value(e[0])) for e in EDADES]
    vence = Case(
        When(vence__lt=hoy, then=Value("vencido")),
        When(**de_la_semana(hoy), then=Value("semana")),
        default=Value(""),
        output_field=CharField(),
    )
    return list(
        casos.abiertos()
        .order_by()
        .annotate(de_edad=Case(*edades, default=Value(""), output_field=CharField()), cuando=vence)
        .values_list("estado", "de_edad", "responsable", "cuando")
        .annotate(n=Count("pk"))
    )


def abiertos(base: Base) -> list[Tabla]:
    hoy = timezone.localdate()
    partes = _en_partes(base.casos, hoy)
    tablas = [_por_paso(base, partes)]
    if base.ve_personas:
        tablas.append(_por_persona(base, partes))
    return [*tablas, _por_area(base, hoy)]


def _por_paso(base: Base, partes: list) -> Tabla:
    cuenta: Counter = Counter()
    for estado, edad, _, _, n in partes:
        cuenta[estado, edad] += n
    renglones = [_de_un_paso(base, e.label, cuenta, [e.value], estado=[e.value]) for e in ABIERTOS]
    todos = [e.value for e in ABIERTOS]
    total = _de_un_paso(base, "Todos", cuenta, todos, estado=[TODOS_LOS_ABIERTOS])
    total.es_total, total.medidas = True, ()
    return Tabla(
        "pasos",
        "Abiertos, por paso y antigüedad",
        ["Paso", "Casos", *(e[2] for e in EDADES)],
        [*renglones, total],
        vacia="No hay casos abiertos.",
        nota="Antigüedad en días naturales desde que se recibió.",
        series=[(f"edad{n}", e[1].removesuffix(" naturales")) for n, e in enumerate(EDADES)],
    )


def _de_un_paso(base: Base, nombre: str, cuenta: Counter, estados: list, **pide: Any) -> Renglon:
    por_edad = [sum(cuenta[e, edad[0]] for e in estados) for edad in EDADES]
    celdas = [
        Celda(n, base.consulta(**pide, edad=edad[0]))
        for n, edad in zip(por_edad, EDADES, strict=True)
    ]
    return Renglon(nombre, [Celda(sum(por_edad), base.consulta(**pide)), *celdas], medidas=por_edad)


VENCIDOS = [("vencido", "vencidos"), ("espera", "vencen esta semana"), ("neutro", "después")]


OTRAS = 0  # persons: no key of anybody


def _por_persona(base: Base, partes: list) -> Tabla:
    nombres, cuenta = base.responsables, Counter()
    for _, _, quien, cuando, n in partes:
        # Whoever the list cannot be asked for is told with the others.
        cuenta[quien if quien is None or quien in nombres else OTRAS, cuando] += n
    filas = []
    for pk in {quien for quien, _ in cuenta}:
        nombre = "Sin asignar" if pk is None else nombres.get(pk, "Otras personas")
        abre = {"responsable": SIN_ASIGNAR if pk is None else str(pk)}
        se_pide = pk is None or pk in nombres
        vencidos, semana = cuenta[pk, "vencido"], cuenta[pk, "semana"]
        otros = cuenta[pk, ""]
        cifras = [
            (vencidos + semana + otros, {"estado": [TODOS_LOS_ABIERTOS]}),
            (vencidos, {"vencidos": True}),
            (semana, {"semana": True}),
        ]
        celdas = [Celda(n, base.consulta(**abre, **p) if se_pide else "") for n, p in cifras]
        filas.append(Renglon(nombre, celdas, medidas=[vencidos, semana, otros]))
    filas.sort(key=lambda r: (-r.medidas[0], -sum(r.medidas), r.nombre))
    return Tabla(
        "personas",
        "Abiertos, por persona",
        ["Responsable", "Abiertos", "Vencidos", "Vencen esta semana"],
        filas,
        vacia="Nadie tiene casos abiertos.",
        series=VENCIDOS,
    )


def _por_area(base: Base, hoy: Any) -> Tabla:
    """What areas owe, each by its own dates. Two statements."""
    cuenta: Counter = Counter()
    for modelo in (Opinion, Ajuste):
        filas = base.de_sus_casos(modelo.objects.pendientes()).order_by()
        for area, *cuantos in filas.values_list("area").annotate(
            n=Count("caso", distinct=True),
            vencidos=Count("caso", distinct=True, filter=Q(vence__lt=hoy)),
            semana=Count("caso", distinct=True, filter=Q(**de_la_semana(hoy))),
        ):
            for que, n in zip(("debe", "vencida", "semana"), cuantos, strict=True):
                cuenta[area, que] += n
    filas = []
    for pk, nombre in base.areas.items():
        if not cuenta[pk, "debe"]:
            continue
        cifras = [(q, cuenta[pk, q]) for q in ("debe", "vencida", "semana")]
        celdas = [Celda(n, base.consulta(**{f"area_{q}": str(pk)})) for q, n in cifras]
        debe, vencida, semana = (n for _, n in cifras)
        medidas = [vencida, semana, max(0, debe - vencida - semana)]
        filas.append(Renglon(nombre, celdas, medidas=medidas))
    filas.sort(key=lambda r: (-r.medidas[0], -r.medidas[1], r.nombre))
    return Tabla(
        "areas",
        "Lo que deben las áreas",
        ["Área", "Deben", "Vencidas", "Vencen esta semana"],
        filas,
        vacia="Ningún área debe respuesta.",
        nota="Casos que esperan su opinión o su ajuste, por la fecha que se le puso al área.",
        series=VENCIDOS,
    )


# -- of the period -----------------------------------------------------------------------------------


def embudo(base: Base) -> Tabla:
    """How far the cases received in the period came. One statement."""
    desde, hasta = base.periodo.instantes
    recibidos = base.casos.filter(recibido_en__gte=desde, recibido_en__lt=hasta)
    partes = (
        recibidos.exclude(estado=E.ANULADO)
        .order_by()
        .values_list("pasos_andados", "resultado")
        .annotate(n=Count("pk"))
    )
    llegaron: Counter = Counter()
    for andados, resultado, n in partes:
        for estado, _ in EMBUDO:
            llegaron[estado] += n if andados & BIT_DE_PASO[estado] else 0
        llegaron["modificado"] += n if resultado == Resultado.MODIFICADO else 0
    del_periodo = {"desde": base.periodo.desde, "hasta": base.periodo.hasta}
    filas = [
        (nombre, llegaron[e], base.consulta(**del_periodo, llego=e.value)) for e, nombre in EMBUDO
    ]
    modificados = base.consulta(**del_periodo, resultado=Resultado.MODIFICADO.value)
    filas.append(("Contrato modificado", llegaron["modificado"], modificados))
    todos = llegaron[E.RECIBIDO]
    return Tabla(
        "embudo",
        "De lo que se recibió, hasta dónde llegó",
        ["Paso", "Casos", "De los recibidos"],
        [
            Renglon(nombre, [Celda(n, c), Celda(tanto_por_ciento(n, todos), "", "%")], medidas=[n])
            for nombre, n, c in filas
        ],
        vacia="No se recibieron casos en estos días.",
        nota="Casos recibidos en el periodo, hasta hoy; los anulados no cuentan.",
    )


def resultados(base: Base) -> list[Tabla]:
    """Closings of the period, of the one before and of a year ago. One statement."""
    periodos = base.comparados
    de_cada = [del_periodo(*p.instantes) for p in periodos]
    cierres = base.de_sus_casos(Cierre.objects.filter(reduce(or_, de_cada))).order_by()
    cuentas: list[Counter] = [Counter() for _ in periodos]
    riesgo: Counter = Counter()
    for resultado, contrato, *cuantos in cierres.values_list(
        "resultado", "contrato_tras_no"
    ).annotate(**{f"n{k}": Count("pk", filter=q) for k, q in enumerate(de_cada)}):
        for cuenta, n in zip(cuentas, cuantos, strict=True):
            cuenta[resultado] += n
        riesgo[contrato] += cuantos[0]
    renglones = [
        Renglon(
            r.label,
            [
                Celda(c[r.value], base.del_cierre(p, cerro_como=r.value))
                for c, p in zip(cuentas, periodos, strict=True)
            ],
            medidas=[cuentas[0][r.value]],
        )
        for r in Resultado
    ]
    totales = [Celda(c.total(), base.del_cierre(p)) for c, p in zip(cuentas, periodos, strict=True)]
    tabla = Tabla(
        "resultados",
        "Cómo terminaron",
        ["Resultado", *(p.corto for p in periodos)],
        [*renglones, Renglon("Todos", totales, es_total=True)],
        vacia="No se cerró ningún caso en estos días.",
        nota="Cada caso, por su último cierre del periodo; si se reabrió después, ahí se queda.",
    )
    return [tabla, _en_riesgo(base, riesgo)]


def _en_riesgo(base: Base, cuenta: Counter) -> Tabla:
    return Tabla(
        "contratos",
        "Contratos en riesgo",
        ["Qué pasó con el contrato", "Casos"],
        [
            Renglon(c.label, [Celda(cuenta[c.value], base.del_cierre(cerro_contrato=c.value))],
                    medidas=[cuenta[c.value]])
            for c in (ContratoTrasNo.EN_RIESGO, ContratoTrasNo.TERMINA)
        ],
        vacia="Ningún contrato quedó en riesgo ni termina por los casos que se cerraron en estos días.",
        nota="Lo que se registró al cerrar con un no.",
    )  # fmt: skip
