"""The verdict of the rules of conformance as a case keeps it, to be counted and found by: the one place that writes it.

A closed case has one; it is made anew with each event that comes after its closing, and goes when it is reopened. Each
night the worker makes them all anew and compares. No queries of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from casos.catalogos import Estado
from casos.models import Caso
from casos.veredicto import Veredicto

from .acta import Acta, acta_de
from .conformidad import REGLAS, Juicio, juzgar, veredicto_de
from .hechos import Hechos

# The bit of each rule. A new one comes last: what is stored says them by their place.
LUGARES = (
    "pasos_en_orden", "responsable_asignado", "verbales_confirmadas", "solicitud_registrada",
    "contacto_antes_de_analizar", "nadie_se_contesta", "opiniones_a_tiempo",
    "opinion_antes_de_decidir", "motivo_nuestro", "respuesta_a_lo_presentado",
    "aceptada_en_vigencia", "motivo_del_cliente", "juridico_avisado", "ajustes_contestados",
    "ajustes_a_tiempo", "contrato_como_se_acordo", "cliente_informado",
)  # fmt: skip
BIT_DE_REGLA = {nombre: 1 << lugar for lugar, nombre in enumerate(LUGARES)}
if set(BIT_DE_REGLA) != set(REGLAS):
    raise RuntimeError(f"Sin lugar en LUGARES: {set(BIT_DE_REGLA) ^ set(REGLAS)}")


class Juzgado(NamedTuple):
    """As the columns of a case have it; of one that is open, nothing."""

    conformidad: int | None = None
    reglas_aplicadas: int | None = None
    reglas_observadas: int | None = None
    reglas_rotas: int | None = None

    def en(self, bits: int) -> Veredicto | None:
        """The worst of some rules; nothing where none of them applied."""
        if not (self.reglas_aplicadas or 0) & bits:
            return None
        if (self.reglas_rotas or 0) & bits:
            return Veredicto.NO_CUMPLE
        return Veredicto.OBSERVACION if (self.reglas_observadas or 0) & bits else Veredicto.CUMPLE


COLUMNAS = Juzgado._fields


def resumir(juicios: Iterable[Juicio]) -> Juzgado:
    juicios = list(juicios)
    return Juzgado(
        veredicto_de(juicios).value,
        _bits(juicios),
        _bits(j for j in juicios if j.veredicto is Veredicto.OBSERVACION),
        _bits(j for j in juicios if j.veredicto is Veredicto.NO_CUMPLE),
    )


def _bits(juicios: Iterable[Juicio]) -> int:
    return sum(BIT_DE_REGLA[j.regla.nombre] for j in juicios)


def bits_de(paso_o_regla: str) -> int:
    """Of a rule by its name, or of all those of a section; 0 where there is none."""
    if paso_o_regla in BIT_DE_REGLA:
        return BIT_DE_REGLA[paso_o_regla]
    return sum(BIT_DE_REGLA[r.nombre] for r in REGLAS.values() if r.seccion == paso_o_regla)


def guardado_en(caso: Caso) -> Juzgado:
    return Juzgado(*(getattr(caso, columna) for columna in COLUMNAS))


def poner_lo_juzgado(h: Hechos) -> Acta | None:
    """On the case, which its act saves; what was read for it, of a closed one.

    Once the event is written. Two statements at most, of a closed case; of an open one, none.
    """
    acta = acta_de(h) if h.caso.estado == Estado.CERRADO else None
    juzgado = Juzgado() if acta is None else resumir(juzgar(acta))
    for columna, valor in juzgado._asdict().items():
        setattr(h.caso, columna, valor)
    return acta
