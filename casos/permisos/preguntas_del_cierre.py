"""Who answers what is asked once a case was closed as modified (§7.7), and who decides to leave it closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casos.catalogos import Resultado

from . import predicados
from .cargos import Regla, atencion, en_lugar_de_rc, miembro, rc

if TYPE_CHECKING:
    from casos.expediente.hechos import Hechos

# Asked for, it is reopened, or it is said why not: by the same.
no_reabrir = predicados.reabre.si(lambda h, _: h.caso.reapertura_pedida_en is not None)


# -- once it was closed as modified (7.7) ----------------------------------------------------------


def _todavia_no_se_pregunta(h: Hechos, fila: Any) -> str:
    return f"Se pregunta a partir del {fila.desde_fecha:%d/%m/%Y}."


def _se_espera(h: Hechos, fila: Any) -> bool:
    return fila.esta_pendiente and h.caso.resultado == Resultado.MODIFICADO


def _despues(quien: Regla) -> Regla:
    """A question that is still waiting; before its day, locked, with the day."""
    return quien.si(lambda h, fila: fila.ya_se_pregunta, falta=_todavia_no_se_pregunta).si(
        _se_espera
    )


comprobar = _despues(miembro)
registrar_satisfaccion = _despues(rc | atencion | en_lugar_de_rc)
