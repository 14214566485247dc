"""How the cases that were closed in some months were followed up: by step and month, by rule, and which did not comply.

Reads only. As many statements for one case as for thousands: ``acta.actas`` reads them side by side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django import forms
from django.http import QueryDict
from django.utils import timezone

from casos.catalogos import ABIERTOS
from casos.formularios.campos import CampoFecha
from casos.formularios.fallos import ignorados
from casos.models import Caso, Usuario

from .acta import Acta, actas
from .conformidad import REGLAS, Juicio, Regla, Veredicto, juzgar, veredicto_de
from .periodos import Periodo, con_nombre
from .tablas_de_cifras import tanto_por_ciento

MUCHO = 366  # days: a row of twelve months
LIMITE = 20_000  # closed cases that are judged while somebody waits
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
    """Cases by their verdict: of one step in one month, or of one rule."""

    de: Counter[Veredicto] = field(default_factory=Counter)

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
    no_cumplen: list[NoCumple]
    casos: int
    no_caben: bool = False

    def cuenta(self, seccion: str, mes: Periodo) -> Cuenta:
        return self.por_paso[seccion][mes.desde.replace(day=1)]


def conformidad_de(usuario: Usuario, periodo: Periodo) -> Conformidad:
    """Of the cases that ``usuario`` sees and were closed in the period. Eight statements."""
    desde, antes_de = periodo.instantes
    casos = Caso.objects.visibles_para(usuario).filter(
        cerrado_en__gte=desde, cerrado_en__lt=antes_de
    )
    cuantos = casos.count()
    leida = _vacia(periodo, cuantos)
    if not leida.no_caben:
        for acta in actas(casos):
            _sumar(leida, acta, juzgar(acta))
    return leida


def _vacia(periodo: Periodo, cuantos: int) -> Conformidad:
    meses = list(_meses(periodo))
    return Conformidad(
        meses,
        {paso: {m.desde.replace(day=1): Cuenta() for m in meses} for paso in PASOS},
        [(regla, Cuenta()) for regla in REGLAS.values()],
        [],
        cuantos,
        no_caben=cuantos > LIMITE,
    )


def _meses(periodo: Periodo) -> Iterable[Periodo]:
    """Each month of it, cut to its days."""
    desde = periodo.desde
    while desde <= periodo.hasta:
        siguiente = date(desde.year + desde.month // 12, desde.month % 12 + 1, 1)
        ultimo = date.fromordinal(siguiente.toordinal() - 1)
        yield Periodo(desde, min(ultimo, periodo.hasta))
        desde = siguiente


def _sumar(leida: Conformidad, acta: Acta, juicios: list[Juicio]) -> None:
    assert acta.cerrado_en is not None
    mes = timezone.localdate(acta.cerrado_en).replace(day=1)
    de_cada_paso: dict[str, list[Juicio]] = {TODO: juicios}
    for j in juicios:
        de_cada_paso.setdefault(j.regla.seccion, []).append(j)
    for paso, suyos in de_cada_paso.items():
        leida.por_paso[paso][mes].de[veredicto_de(suyos)] += 1
    por_nombre = {j.regla.nombre: j for j in juicios}
    for regla, cuenta in leida.por_regla:
        if regla.nombre in por_nombre:
            cuenta.de[por_nombre[regla.nombre].veredicto] += 1
    rotas = [j.regla.pide for j in juicios if j.veredicto is V.NO_CUMPLE]
    if rotas and len(leida.no_cumplen) < QUE_SE_NOMBRAN:
        leida.no_cumplen.append(NoCumple(acta.folio, rotas))
