"""Why cases ended in a no: both catalogues of motives, the most frequent first, and what was at stake."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

from django.db.models import Case, CharField, Count, F, Sum, Value, When

from casos.catalogos import Catalogo, Moneda

from .filtro_de_cifras import SIN_DATO, TAMANOS, entre
from .tablas_de_cifras import Celda, Parte, Renglon, Tabla, pareto, tanto_por_ciento
from .tablero import Base


class Desglose(NamedTuple):
    """A way to split a motive's cases: its name, by what, and the filter of the list."""

    nombre: str
    filtro: str


DESGLOSES = {
    "tipo": Desglose("tipo de requerimiento", "tipo"),
    "tamano": Desglose("tamaño del contrato", "cerro_tamano"),
    "area": Desglose("área de la que vino", "cerro_area"),
    "persona": Desglose("responsable", "responsable"),
}
_TAMANO = Case(
    *(When(entre("plazas", desde, hasta), then=Value(c)) for c, _, desde, hasta in TAMANOS),
    default=Value(SIN_DATO),
    output_field=CharField(),
)
_POR = {
    "tipo": F("caso__tipos"),
    "tamano": _TAMANO,
    "area": F("area"),
    "persona": F("caso__responsable"),
}


def motivos(base: Base, por: str) -> list[Tabla]:
    """One statement, and another where they are split."""
    dichos = base.cierres().filter(motivos__isnull=False).order_by()
    filas = list(
        dichos.values_list("motivos", "moneda").annotate(
            n=Count("*"), con_valor=Count("valor_mensual"), valor=Sum("valor_mensual")
        )
    )
    partes = _partes(base, dichos, por) if por else {}
    return [_tabla(base, catalogo, filas, partes) for catalogo in Catalogo]


OTROS = "otros"


def _partes(base: Base, dichos: Any, por: str) -> dict[int, list[Parte]]:
    nombres, filtro = _nombres(base, por), DESGLOSES[por].filtro
    partes: dict[int, list[Parte]] = defaultdict(list)
    for motivo, grupo, n in (
        dichos.annotate(grupo=_POR[por]).values_list("motivos", "grupo").annotate(n=Count("*"))
    ):
        clave = SIN_DATO if grupo is None else str(grupo)
        # What the list cannot be asked for is said without a way to it.
        sin_camino = grupo is not None and clave not in nombres or por == "tipo" and grupo is None
        # A case of two types counts in both, and the list is asked for one.
        sin_camino |= base.comunes.get(filtro, clave) != clave
        consulta = "" if sin_camino else base.del_cierre(cerro_por=str(motivo), **{filtro: clave})
        partes[motivo].append(Parte(nombres.get(clave, OTROS), n, consulta))
    for motivo, suyas in partes.items():
        de_otros = [p for p in suyas if p.nombre == OTROS]
        if de_otros:
            suyas = [p for p in suyas if p.nombre != OTROS]
            suyas.append(Parte(OTROS, sum(p.cuantos for p in de_otros), ""))
            partes[motivo] = suyas
        suyas.sort(key=lambda p: (-p.cuantos, p.nombre))
    return partes


def _nombres(base: Base, por: str) -> dict[str, str]:
    if por == "tamano":
        return {c: nombre for c, nombre, *_ in TAMANOS} | {SIN_DATO: "sin dato"}
    de_cada = {
        "tipo": base.opciones.tipos,
        "area": base.opciones.areas,
        "persona": base.opciones.responsables,
    }[por]
    return {SIN_DATO: "sin dato"} | {str(pk): nombre for pk, nombre in de_cada}


def _tabla(base: Base, catalogo: Any, filas: list, partes: dict[int, list[Parte]]) -> Tabla:
    cuantos: dict[int, int] = defaultdict(int)
    valores: dict[int, dict[str, Any]] = defaultdict(dict)
    sin_dato: dict[int, int] = defaultdict(int)
    for motivo, moneda, n, con_valor, valor in filas:
        cuantos[motivo] += n
        sin_dato[motivo] += n - con_valor
        if con_valor:
            valores[motivo][moneda] = valor
    suyos = [
        (pk, nombre) for pk, nombre, c in base.opciones.motivos if c == catalogo and cuantos[pk]
    ]
    suyos.sort(key=lambda m: (-cuantos[m[0]], m[1]))
    total = sum(cuantos[pk] for pk, _ in suyos)
    # A currency that no contract has gets no column; pesos do, to say that there is no figure.
    usadas = [m for m in Moneda if any(valores[pk].get(m.value) for pk, _ in suyos)]
    monedas = (usadas or [Moneda.MXN]) if base.ve_dinero else []
    renglones, suma = [], 0
    for pk, nombre in suyos:
        suma += cuantos[pk]
        renglones.append(
            Renglon(
                nombre,
                [
                    Celda(cuantos[pk], base.del_cierre(cerro_por=str(pk))),
                    Celda(tanto_por_ciento(suma, total), "", "%"),
                    *(Celda(valores[pk].get(m.value), "", f"dinero {m.value}") for m in monedas),
                    *([Celda(sin_dato[pk])] if monedas else []),
                ],
                medidas=[cuantos[pk]],
                partes=partes.get(pk, []),
            )
        )
    return Tabla(
        f"motivos_{catalogo.value.lower()}",
        str(catalogo.label),
        [
            "Motivo", "Casos", "Acumulado",
            *(f"Valor mensual, {m.value}" for m in monedas), *(["Sin dato"] if monedas else []),
        ],
        renglones,
        vacia=VACIAS[catalogo],
        nota=f"{VARIOS} {VALOR}" if monedas else VARIOS,
        pareto=pareto([cuantos[pk] for pk, _ in suyos]),
    )  # fmt: skip


VACIAS = {
    Catalogo.NUESTRO: "Ningún caso se cerró en estos días por motivos nuestros.",
    Catalogo.CLIENTE: "Ningún cliente dijo que no en estos días.",
}
VARIOS = "Un caso puede tener varios motivos: cuenta en cada uno."
VALOR = (
    "Valor mensual: plazas por tarifa mensual por persona, vigentes en el contrato; sin dato, si la hoja "
    "del caso no las dice."
)
