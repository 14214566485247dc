"""What clients say once their contract was modified: how many answered, how they rate it, how many did not."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce
from operator import or_

from django.db.models import Count, Q

from casos.models import Satisfaccion
from casos.models.despues import ALTA, BAJA, CALIFICACION_MAXIMA, respondidas

from .filtro_de_cifras import CALIFICAN, CONTESTO, SIN_CONTESTAR
from .periodos import Periodo
from .tablas_de_cifras import Celda, Renglon, Tabla, tanto_por_ciento
from .tablero import Base

VACIA = "A ningún cliente se le preguntó en estos días."


def satisfaccion(base: Base) -> list[Tabla]:
    """Of the period, of the one before and of a year ago. One statement."""
    periodos = base.comparados
    cuentas = _cuentas(base, periodos)

    def renglon(nombre: str, clave: str) -> Renglon:
        celdas = [
            Celda(_cuantos(c, clave), _consulta(base, p, clave))
            for c, p in zip(cuentas, periodos, strict=True)
        ]
        return Renglon(nombre, celdas, medidas=[_cuantos(cuentas[0], clave)])

    titulos = [p.corto for p in periodos]
    partes = [(f"Con {nombre}", clave) for clave, nombre, *_ in CALIFICAN]
    return [
        Tabla(
            "satisfaccion",
            "Qué contestaron los clientes",
            ["Respuesta", *titulos],
            [
                renglon("Contestaron", CONTESTO),
                *(renglon(nombre, clave) for nombre, clave in partes),
                renglon("No contestaron", SIN_CONTESTAR),
            ],
            vacia=VACIA,
            nota="Tras modificar su contrato se le pregunta, del 0 al 10, qué tan satisfecho está con el cambio. "
            "Cada caso, por su última respuesta del periodo.",
        ),
        Tabla(
            "calificacion",
            "Cómo califican los clientes",
            ["De los que contestaron", *titulos],
            [
                Renglon(
                    "Promedio, de 0 a 10", [Celda(_promedio(c), "", "decimal") for c in cuentas]
                ),
                *(
                    Renglon(f"Con {nombre}", [Celda(_parte(c, clave), "", "%") for c in cuentas])
                    for clave, nombre, desde, hasta in CALIFICAN
                    if desde >= ALTA or hasta <= BAJA
                ),
            ],
            vacia="Ningún cliente contestó en estos días.",
        ),
    ]


Cuenta = Counter[int | None]  # rating → cases; None: those that gave none


def _cuentas(base: Base, periodos: list[Periodo]) -> list[Cuenta]:
    del_periodo = [respondidas(*p.instantes) for p in periodos]
    alguno = reduce(or_, (Q(respondida_en__range=p.instantes) for p in periodos))
    dichas = base.de_sus_casos(Satisfaccion.objects.filter(alguno)).order_by()
    cuentas: list[Cuenta] = [Counter() for _ in periodos]
    for calificacion, *cuantas in dichas.values_list("calificacion").annotate(
        **{f"n{k}": Count("pk", filter=q) for k, q in enumerate(del_periodo)}
    ):
        for cuenta, n in zip(cuentas, cuantas, strict=True):
            cuenta[calificacion] += n
    return cuentas


def _cuantos(cuenta: Cuenta, clave: str) -> int:
    if clave == SIN_CONTESTAR:
        return cuenta[None]
    desde, hasta = next(
        ((c[2], c[3]) for c in CALIFICAN if c[0] == clave), (0, CALIFICACION_MAXIMA)
    )
    return sum(cuenta[n] for n in range(desde, hasta + 1))


def _consulta(base: Base, periodo: Periodo, clave: str) -> str:
    return base.consulta(califico=clave, califico_desde=periodo.desde, califico_hasta=periodo.hasta)


def _promedio(cuenta: Cuenta) -> Decimal | None:
    """With one decimal, halves upwards; ``None`` where nobody answered."""
    todos = _cuantos(cuenta, CONTESTO)
    if not todos:
        return None
    suma = sum(nota * n for nota, n in cuenta.items() if nota)
    return (Decimal(suma) / todos).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _parte(cuenta: Cuenta, clave: str) -> int | None:
    todos = _cuantos(cuenta, CONTESTO)
    return tanto_por_ciento(_cuantos(cuenta, clave), todos) if todos else None
