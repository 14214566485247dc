"""What is laid down in a case and few have: the areas' conditions, what would make a "no" viable. Reads only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casos.catalogos import Resultado, Sentido
from casos.models import Candado, Caso, Posibilidad
from casos.models.preparada import Preparada

if TYPE_CHECKING:
    from .hechos import Hechos

_CANDADOS = Preparada(
    lambda caso: (
        Candado.objects.filter(caso=caso, quitado_en=None)
        .select_related("concepto", "cumplida_por", "pedida_por", "pasada_por")
        .order_by("pk")
    ),
    int,
)
_POSIBILIDADES = Preparada(
    lambda caso: (
        Posibilidad.objects.filter(caso=caso, atendida_en=None)
        .select_related("concepto", "motivo")
        .order_by("pk")
    ),
    int,
)


def leer_candados(h: Hechos) -> list[Candado]:
    """Conditions that stand, each with its opinion; where no area laid down any nothing is asked."""
    opiniones = {o.pk: o for o in h.opiniones}
    if not any(o.sentido == Sentido.CONDICIONES for o in opiniones.values()):
        return []
    leidos: list[Candado] = _CANDADOS(h.caso.pk)
    for c in leidos:
        c.caso = h.caso
        c.opinion = opiniones[c.opinion_id]
    return leidos


def leer_posibilidades(caso: Caso) -> list[Posibilidad]:
    """Only of our "no": the others keep none."""
    nuestro = caso.resultado in (Resultado.NO_VIABLE, Resultado.NO_AJUSTABLE)
    leidas: list[Posibilidad] = _POSIBILIDADES(caso.pk) if nuestro else []
    for p in leidas:
        p.caso = caso
    return leidas
