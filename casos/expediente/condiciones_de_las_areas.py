"""The areas' conditions of a case against a sheet: which hold, which are broken. No queries.

The one comparison: forms, pages and letters ask it. A row without a value of its own stays as the
contract has it, so it is what is in force that is compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from casos.catalogos import Estado, EstadoOpinion, Unidad
from casos.cotas import Comparacion, Cota
from casos.models import Ajuste, Candado, Usuario
from casos.permisos.lectura import ve_fundamentos

if TYPE_CHECKING:
    from datetime import date

    from .carga import Expediente
    from .hechos import Hechos

NO_HAY_VALOR = "Ningún valor cumple esta condición y la que puso otra área: Dirección puede autorizar sin una de ellas."
YA_PASO = "Esa fecha ya pasó: no hay propuesta que la cumpla. Dirección puede autorizar sin ella."


class ConCandados:
    """What of the conditions the machine's guards ask."""

    al_pedirlo: Mapping[str, Callable[[], Any]]

    @cached_property
    def candados(self) -> list[Candado]:
        return self.al_pedirlo["candados"]()

    def por_cumplir(self, *, antes_de_presentar: bool = False) -> list[Candado]:
        """Those in words that nobody has ticked nor passed."""
        return [
            c
            for c in self.candados
            if c.concepto_id is None
            and not (c.quitado_en or c.cumplida_en or c.pasada_en)
            and (c.antes_de_presentar or not antes_de_presentar)
        ]

    def de_quien_son(self, *, antes_de_presentar: bool = False) -> str:
        """By the names of their areas alone, which are everybody's."""
        faltan = self.por_cumplir(antes_de_presentar=antes_de_presentar)
        return f"Son de: {', '.join(sorted({str(c.area) for c in faltan}))}."


def en_pie(h: Hechos) -> list[Candado]:
    return [c for c in h.candados if c.quitado_en is None]


def reemplazados(h: Hechos) -> list[Candado]:
    """Those whose area gave another opinion since (rule 11), which is the one that counts.

    A question waived, withdrawn or still open replaces nothing; nor does a verbal answer that the area
    has not confirmed: then what it wrote itself stands beside what it is said to have said.
    """
    valen: dict[int, set[int]] = {}
    for o in h.opiniones:
        if o.estado != EstadoOpinion.DADA:
            continue
        if h.la_dijo_su_area(o):
            valen[o.area_id] = {o.pk}
        else:
            valen.setdefault(o.area_id, set()).add(o.pk)
    return [c for c in en_pie(h) if c.opinion_id not in valen.get(c.area_id, ())]


@dataclass(frozen=True)
class Puesta:
    """A condition that stands, and how it fares with a sheet."""

    candado: Candado
    valor: str = ""  # what is compared; empty where nothing says it, or it is in words
    ofrecido: bool = True  # or nothing has been offered yet, so nothing is broken
    moneda: str = ""
    choca: str = ""  # why no proposal could meet it

    @property
    def dicha(self) -> str:
        return self.candado.dicho(self.moneda)

    @property
    def autorizada(self) -> bool:
        return self.candado.se_autorizo(self.valor)

    @property
    def se_cumple(self) -> bool:
        cota = self.candado.cota
        return cota.se_cumple(self.valor) if cota else self.candado.cumplida_en is not None

    @property
    def rota(self) -> bool:
        """Of a bound: the sheet goes past it, or does not say, and Dirección did not let it."""
        return bool(self.candado.cota and self.ofrecido) and not (self.se_cumple or self.autorizada)

    @property
    def falta(self) -> bool:
        """Of one in words: nobody has said that it is met."""
        return self.candado.cota is None and not (self.se_cumple or self.autorizada)

    @property
    def estado(self) -> str:
        if self.autorizada and not self.se_cumple:
            return "Dirección autorizó sin ella"
        if self.rota:
            return "No se cumple"
        if self.falta:
            return "Por cumplir"
        return "Se cumple" if self.candado.cota is None or self.ofrecido else "Por revisar"

    @property
    def clase(self) -> str:
        """What it means to the eye (``significado``)."""
        if self.rota:
            return "rechazado"
        if self.estado in ("Por cumplir", "Por revisar"):
            return "espera"
        return "hecho" if self.se_cumple else "info"

    @property
    def por_que_no(self) -> str:
        """For who fixes the sheet: what is broken, and who alone can let it be."""
        de = f"No cumple la condición de {self.candado.area} ({self.dicha})"
        if not self.valor:
            de += ": la hoja no dice ese valor"
        return f"{de}. Solo Dirección puede autorizar sin ella."


def revisar(h: Hechos, valores: Mapping[int, str], *, ofrecido: bool = True) -> list[Puesta]:
    """Every condition that stands against ``valores`` (by concept; empty: as it is in force)."""
    vigente = {f.concepto_id: f.vigente for f in h.condiciones}
    puestas = []
    for c in en_pie(h):
        clave = c.concepto_id
        propio = valores.get(clave, "") if clave is not None else ""
        valor = (propio or vigente.get(clave, "")) if clave is not None else ""
        puestas.append(
            Puesta(c, valor, ofrecido or bool(propio), h.caso.moneda, choca=_choca(c, h))
        )
    return puestas


def como_van(h: Hechos) -> list[Puesta]:
    """Against what the case offers or agreed by now."""
    caso = h.caso
    acordado = caso.aceptacion and caso.estado in (Estado.EN_MODIFICACION, Estado.CERRADO)
    columna = "acordado" if acordado and any(f.acordado for f in h.condiciones) else "propuesto"
    decidido = caso.estado not in (Estado.EN_ANALISIS, Estado.POR_DECIDIR)
    return revisar(
        h, {f.concepto_id: getattr(f, columna) for f in h.condiciones}, ofrecido=decidido
    )


def que_lee(puestas: Iterable[Puesta], h: Hechos, usuario: Usuario) -> list[Puesta]:
    """A condition is of an area's grounds (D§5): who reads those reads it."""
    return [p for p in puestas if ve_fundamentos(h.caso, usuario, p.candado.opinion)]


def puestas_por(exp: Expediente, fila: object) -> list[Puesta]:
    """Of the area whose adjustment this is (7.7): its own, beside what it is asked to do."""
    if not isinstance(fila, Ajuste):
        return []
    return [p for p in como_van(exp.hechos) if p.candado.area_id == fila.area_id]


def rotas_por_concepto(exp: Expediente) -> dict[int, list[Puesta]]:
    """Row of the sheet → what it breaks, of what its reader may know."""
    por_concepto: dict[int, list[Puesta]] = {}
    if exp.lector is not None:
        for p in que_lee(rotas(como_van(exp.hechos)), exp.hechos, exp.lector):
            por_concepto.setdefault(p.candado.concepto_id or 0, []).append(p)
    return por_concepto


def rotas(puestas: Iterable[Puesta]) -> list[Puesta]:
    return [p for p in puestas if p.rota]


def _choca(candado: Candado, h: Hechos) -> str:
    cota = candado.cota
    if cota is None or candado.pasada_en:
        return ""
    for otro in en_pie(h):
        misma = otro.concepto_id == candado.concepto_id and otro.pk != candado.pk
        if misma and not otro.pasada_en and otro.cota and cota.se_contradice(otro.cota):
            return NO_HAY_VALOR
    return ""


def ya_paso(cota: Cota, hoy: date) -> bool:
    """A bound of a date that only a day behind us could meet."""
    de_antes = cota.comparacion in (Comparacion.MAXIMO, Comparacion.EXACTO)
    return cota.unidad == Unidad.FECHA and de_antes and cota.valor < hoy.isoformat()
