"""How the cases that were closed in some months were followed up: by step and month, by rule, and which did not comply.

Reads only, and what each case keeps of its rules (``expediente.lo_juzgado``): so each figure has in the list exactly
the cases that it counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django import forms
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.http import QueryDict
from django.utils import timezone

from casos.catalogos import ABIERTOS
from casos.expediente.conformidad import REGLAS, Regla
from casos.expediente.lo_juzgado import BIT_DE_REGLA, COLUMNAS, Juzgado, bits_de
from casos.formularios.campos import CampoFecha
from casos.formularios.fallos import ignorados
from casos.models import Caso, Usuario
from casos.veredicto import Veredicto

from .periodos import Periodo, con_nombre
from .tablas_de_cifras import tanto_por_ciento

MUCHO = 366  # days: a row of twelve months
QUE_SE_NOMBRAN = 50
V = Veredicto
# What is counted by month: of all the case, then of each step.
TODO = ""
PASOS = {
    TODO: "Todo el caso",
    "6": "Responsable y avisos de palabra",
    "7": "Orden de los pasos",
} | {e.seccion: e.label for e in ABIERTOS}


class PedidoDeConformidad(forms.Form):
    """Which days; nonsense is said and ignored."""

    desde = CampoFecha(label="Desde", required=False)
    hasta = CampoFecha(label="Hasta", required=False)

    def __init__(self, datos: QueryDict):
        super().__init__(datos, label_suffix="")
        for campo in self.fields.values():
            campo.sin_marca = True  # type: ignore[attr-defined]
        self.full_clean()

    def clean(self) -> dict[str, object]:
        datos = self.cleaned_data
        desde, hasta = datos.get("desde"), datos.get("hasta")
        if desde and hasta and desde > hasta:
            self.add_error("hasta", "La fecha final es anterior a la inicial.")
        elif (self.periodo.hasta - self.periodo.desde).days > MUCHO:
            self.add_error("hasta" if hasta else "desde", "Pide hasta un año.")
        if {"desde", "hasta"} & set(self.errors):
            datos |= {"desde": None, "hasta": None}
        return datos

    @property
    def periodo(self) -> Periodo:
        """The last three months, where nothing else is asked."""
        desde, hasta = self.cleaned_data.get("desde"), self.cleaned_data.get("hasta")
        de_siempre = con_nombre(timezone.localdate())[2][1]
        if not desde and not hasta:
            return de_siempre
        hasta = hasta or max(de_siempre.hasta, desde)
        return Periodo(desde or hasta.replace(day=1), hasta)

    @property
    def ignorados(self) -> list[str]:
        return ignorados(self)


@dataclass
class Cuenta:
    """Cases by their verdict: of one step in one month, or of one rule; and what the list is asked for them."""

    de: Counter[Veredicto] = field(default_factory=Counter)
    consulta: str = ""

    @property
    def casos(self) -> int:
        return self.de.total()

    @property
    def cumplen(self) -> int:
        """With an observation or without."""
        return self.casos - self.de[V.NO_CUMPLE]

    @property
    def por_ciento(self) -> int:
        return tanto_por_ciento(self.cumplen, self.casos)

    def los_que(self, veredicto: str) -> str:
        """The query of those with a verdict; of all, where none is said."""
        return f"{self.consulta}&conformidad={veredicto}" if veredicto else self.consulta


@dataclass(frozen=True)
class NoCumple:
    """A case that does not comply, and with what."""

    folio: str
    piden: list[str]


@dataclass
class Conformidad:
    """What is said of a period."""

    meses: list[Periodo]
    por_paso: dict[str, dict[date, Cuenta]]
    por_regla: list[tuple[Regla, Cuenta]]
    todos: Cuenta  # of the whole period
    no_cumplen: list[NoCumple] = field(default_factory=list)
    casos: int = 0
    sin_juzgar: int = 0

    def cuenta(self, seccion: str, mes: Periodo) -> Cuenta:
        return self.por_paso[seccion][mes.desde.replace(day=1)]


def conformidad_de(usuario: Usuario, periodo: Periodo) -> Conformidad:
    """Of the cases that ``usuario`` sees and were closed in the period. Two statements."""
    return de_los_cerrados(Caso.objects.visibles_para(usuario), periodo)


def de_los_cerrados(casos: QuerySet[Caso], periodo: Periodo) -> Conformidad:
    """The same of any cases."""
    desde, antes_de = periodo.instantes
    cerrados = casos.filter(cerrado_en__gte=desde, cerrado_en__lt=antes_de).order_by()
    leida = _vacia(periodo)
    de_cada_mes = cerrados.annotate(mes=TruncMonth("cerrado_en")).values_list("mes", *COLUMNAS)
    for mes, *columnas, cuantos in de_cada_mes.annotate(n=Count("pk")):
        leida.casos += cuantos
        if columnas[0] is None:
            leida.sin_juzgar += cuantos
        else:
            _sumar(leida, timezone.localdate(mes), Juzgado(*columnas), cuantos)
    malos = cerrados.filter(conformidad=V.NO_CUMPLE).order_by("pk")
    for folio, rotas in malos.values_list("folio", "reglas_rotas")[:QUE_SE_NOMBRAN]:
        piden = [r.pide for r in REGLAS.values() if rotas & BIT_DE_REGLA[r.nombre]]
        leida.no_cumplen.append(NoCumple(folio, piden))
    return leida


def _vacia(periodo: Periodo) -> Conformidad:
    meses = list(_meses(periodo))
    return Conformidad(
        meses,
        {
            paso: {m.desde.replace(day=1): Cuenta(consulta=_consulta(m, paso)) for m in meses}
            for paso in PASOS
        },
        [(r, Cuenta(consulta=_consulta(periodo, r.nombre))) for r in REGLAS.values()],
        Cuenta(consulta=_consulta(periodo, TODO)),
    )


def _consulta(periodo: Periodo, en: str) -> str:
    """What the list is asked for: those closed in these days that a step's rules, or a rule, were asked of."""
    dias = f"cerrado_desde={periodo.desde}&cerrado_hasta={periodo.hasta}"
    return f"{dias}&conformidad_en={en}" if en else dias


def _meses(periodo: Periodo) -> Iterable[Periodo]:
    """Each month of it, cut to its days."""
    desde = periodo.desde
    while desde <= periodo.hasta:
        siguiente = date(desde.year + desde.month // 12, desde.month % 12 + 1, 1)
        ultimo = date.fromordinal(siguiente.toordinal() - 1)
        yield Periodo(desde, min(ultimo, periodo.hasta))
        desde = siguiente


def _sumar(leida: Conformidad, mes: date, juzgado: Juzgado, cuantos: int) -> None:
    leida.todos.de[V(juzgado.conformidad)] += cuantos
    for paso, de_cada_mes in leida.por_paso.items():
        veredicto = V(juzgado.conformidad) if paso == TODO else juzgado.en(bits_de(paso))
        if veredicto is not None:
            de_cada_mes[mes].de[veredicto] += cuantos
    for regla, cuenta in leida.por_regla:
        veredicto = juzgado.en(BIT_DE_REGLA[regla.nombre])
        if veredicto is not None:
            cuenta.de[veredicto] += cuantos
