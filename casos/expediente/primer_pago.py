"""The payroll that first has what was agreed (§7.7): its period, its cut-off, and what is said of them.

Of a contract without a pay calendar nothing is said. Reads only: one statement a contract.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from casos import calendario
from casos.models import Contrato
from casos.nomina import CalendarioDePago, Periodo

# A closure of the firm longer than this leaves the cut-off where it falls.
CIERRE_MAXIMO = timedelta(days=60)
OFRECIDOS = 3


@dataclass(frozen=True)
class Pago:
    """A period of a contract, as it stands on a day."""

    calendario: CalendarioDePago
    periodo: Periodo
    corte: date
    hoy: date

    @property
    def esta_cerrado(self) -> bool:
        return self.corte < self.hoy

    @property
    def clave(self) -> str:
        """How it is chosen in a form."""
        return f"{self.periodo.inicio}/{self.periodo.fin}"

    @property
    def fechas(self) -> str:
        return f"del {self.periodo.inicio:%d/%m/%Y} al {self.periodo.fin:%d/%m/%Y}"

    def __str__(self) -> str:
        """ "La quincena del 16/03/2026 al 31/03/2026; corte el 27/03/2026"."""
        nombre = self.calendario.se_llama
        corte = "cerró" if self.esta_cerrado else "corte"
        return f"{nombre[0].upper()}{nombre[1:]} {self.fechas}; {corte} el {self.corte:%d/%m/%Y}"


class Pagos:
    """The periods of one contract, with the firm's non-working days."""

    def __init__(self, de: CalendarioDePago, desde: date):
        self.calendario, self.hoy = de, calendario.hoy()
        antes = min(desde, self.hoy) - 2 * CIERRE_MAXIMO
        self._firma = calendario.leer(antes).de()

    def _habil_hasta(self, dia: date) -> date:
        return self._firma.ultimo_habil(dia, dia - CIERRE_MAXIMO) or dia

    def _el(self, periodo: Periodo) -> Pago:
        corte = self.calendario.corte_de(periodo, self._habil_hasta)
        return Pago(self.calendario, periodo, corte, self.hoy)

    def primero(self, desde: date) -> Pago:
        """The first that is paid with what applies from ``desde`` on."""
        return self._el(self.calendario.periodo_de(desde))

    def abierto(self, desde: date) -> Pago:
        """The same, of those that are not closed today."""
        return self._el(self.calendario.primero_abierto(desde, self.hoy, self._habil_hasta))

    def desde(self, dia: date) -> Iterator[Pago]:
        """That of a day and those after it."""
        periodo = self.calendario.periodo_de(dia)
        while True:
            yield self._el(periodo)
            periodo = self.calendario.siguiente(periodo)


def pagos_de(contrato: Contrato | None, desde: date) -> Pagos | None:
    """``None`` where the contract does not say how it is paid."""
    de = contrato.pago if contrato else None
    return Pagos(de, desde) if de else None


def que_se_paga(pagos: Pagos, desde: date) -> list[str]:
    """Sentences beside an effective date: the period, that it is begun already, that it is closed."""
    pago = pagos.primero(desde)
    corte = "cerró" if pago.esta_cerrado else "corte"
    dicho = [
        f"Se paga desde {pago.calendario.se_llama} {pago.fechas}; {corte} el {pago.corte:%d/%m/%Y}."
    ]
    if desde > pago.periodo.inicio:
        dicho.append(f"Ese periodo ya va empezado: el cambio cuenta desde el {desde:%d/%m/%Y}.")
    if pago.esta_cerrado:
        abierto = pagos.abierto(desde)
        dicho.append(
            f"Ya cerró: esos días se pagan de forma retroactiva. El primero abierto es el "
            f"{abierto.fechas}; corte el {abierto.corte:%d/%m/%Y}."
        )
    return dicho


def que_esta_abierto(pagos: Pagos) -> str:
    """Beside an effective date that nobody has typed yet: which periods are closed and which is open."""
    actual, abierto = pagos.primero(pagos.hoy), pagos.abierto(pagos.hoy)
    if abierto.periodo == actual.periodo:
        return f"Periodo abierto: {abierto.fechas}; corte el {abierto.corte:%d/%m/%Y}."
    return (
        f"El periodo {actual.fechas} ya cerró. El abierto es el {abierto.fechas}; "
        f"corte el {abierto.corte:%d/%m/%Y}."
    )
