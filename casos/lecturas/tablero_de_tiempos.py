"""How long the cases closed in the period took: in each step, of sales, of each area, of the client."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Count

from casos.catalogos import ABIERTOS, Tiempo
from casos.models import Lapso

from .tablas_de_cifras import Celda, Renglon, Tabla, mediana
from .tablero import Base

DE_QUIEN = [
    (Tiempo.TOTAL, "Todo el caso"),
    (Tiempo.VENTAS, "Ventas"),
    (Tiempo.CLIENTE, "El cliente"),
]


def tiempos(base: Base) -> list[Tabla]:
    """Medians, in business days, from how many cases took how long. One statement."""
    por_valor: dict[tuple[str, int | None], list[tuple[int, int]]] = defaultdict(list)
    for que, area, decimos, n in (
        Lapso.objects.filter(cierre__in=base.cierres())
        .order_by()
        .values_list("que", "area", "decimos")
        .annotate(n=Count("*"))  # the index has all that is asked
    ):
        por_valor[que, area].append((decimos, n))

    def renglon(nombre: str, que: str, area: int | None = None) -> Renglon:
        medio, cuantos = mediana(por_valor[que, area])
        pide = {"cerro_tiempo": que} if area is None else {"cerro_tiempo_area": str(area)}
        consulta = base.del_cierre(**pide)
        return Renglon(
            nombre,
            [Celda(medio, "", "dias"), Celda(cuantos, consulta)],
            medidas=[medio or 0],
        )

    titulos = ["Mediana, en días hábiles", "Casos"]
    de_paso = [renglon(f"{e.seccion} {e.label}", Tiempo(e.value)) for e in ABIERTOS]
    de_quien = [renglon(nombre, que) for que, nombre in DE_QUIEN]
    de_quien += [renglon(nombre, Tiempo.AREA, pk) for pk, nombre in base.areas.items()]
    vacia = "No se cerró ningún caso en estos días."
    return [
        Tabla(
            "tiempo_por_paso",
            "Cuánto tardó cada paso",
            ["Paso", *titulos],
            [r for r in de_paso if r.celdas[1].valor],
            vacia=vacia,
            nota="Casos cerrados en el periodo; todas las veces que estuvieron en el paso.",
        ),
        Tabla(
            "tiempo_por_quien",
            "Quién tuvo el caso, y cuánto",
            ["Quién", *titulos],
            [r for r in de_quien if r.celdas[1].valor],
            vacia=vacia,
            nota="Las áreas trabajan a la vez: lo que tardó el caso no es la suma.",
        ),
    ]
