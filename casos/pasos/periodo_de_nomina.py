"""7.7: the first pay period of an adjustment: one of the usual ones with a press, or any other with its dates."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

from django import forms

from casos import calendario
from casos.expediente.primer_pago import pagos_de
from casos.formularios.base import Datos, FormularioPaso
from casos.formularios.campos import CampoFecha, con, radios
from casos.models import Ajuste

DE_NOMINA = ("periodo_inicio", "periodo_fin")
OTRO_PERIODO = "OTRO"


def periodos_de(dia: date) -> list[tuple[str, str]]:
    """The half month and the week that ``dia`` is in, to be chosen."""
    mitad = (1, 15) if dia.day <= 15 else (16, monthrange(dia.year, dia.month)[1])
    lunes = dia - timedelta(days=dia.weekday())
    usuales = {
        "Quincena": (dia.replace(day=mitad[0]), dia.replace(day=mitad[1])),
        "Semana": (lunes, lunes + timedelta(days=6)),
    }
    return [
        (f"{del_}/{al}", f"{como}, del {del_:%d/%m/%Y} al {al:%d/%m/%Y}")
        for como, (del_, al) in usuales.items()
    ]


class ConPeriodo(FormularioPaso):
    """Nothing is chosen beforehand, but what was answered before."""

    fila: Ajuste
    ofrece_periodos = True

    periodo = radios("Primer periodo de nómina", (), requerido=False, sin_marca=True, bitacora="")
    periodo_inicio = con(CampoFecha(label="Primer periodo de nómina, del"))
    periodo_fin = con(CampoFecha(label="Primer periodo de nómina, al"), bitacora="al")

    def ofrecer_periodo(self) -> None:
        for campo in DE_NOMINA:
            self.proponer(campo, getattr(self.fila, campo))
        vigor = self.fila.vigor_fecha or self.caso.vigor_fecha
        if not self.ofrece_periodos or vigor is None:
            return self.quitar(("periodo",))
        periodo = self.fields["periodo"]
        assert isinstance(periodo, forms.ChoiceField)
        usuales = self._los_del_contrato(vigor) or periodos_de(max(vigor, calendario.hoy()))
        periodo.choices = [*usuales, (OTRO_PERIODO, "Otro periodo")]
        self.proponer("periodo", OTRO_PERIODO if self.fila.periodo_inicio else None)
        for campo in DE_NOMINA:
            self.fields[campo].required = False
            self.fields[campo].widget.attrs["data-muestra-si"] = f"periodo={OTRO_PERIODO}"

    def _los_del_contrato(self, vigor: date) -> list[tuple[str, str]]:
        """That of the effective date first; the first open one and the next, to be chosen."""
        pagos = pagos_de(self.caso.contrato, vigor)
        if pagos is None:
            return []
        primero, abierto = pagos.primero(vigor), pagos.abierto(vigor)
        siguiente = pagos.primero(abierto.periodo.fin + timedelta(days=1))
        return list({p.clave: (p.clave, str(p)) for p in (primero, abierto, siguiente)}.values())

    def cerro(self, inicio: date, fin: date) -> date | None:
        """The day a period closed on, where it did: by the contract's calendar, or by its last day."""
        pagos = pagos_de(self.caso.contrato, inicio)
        pago = pagos.primero(inicio) if pagos else None
        corte = pago.corte if pago and pago.periodo == (inicio, fin) else fin
        return corte if corte < calendario.hoy() else None

    def leer_periodo(self, datos: Datos) -> None:
        """Fill in the dates of the one that was chosen, or say what is missing."""
        if "periodo" not in self.fields:
            return
        elegido = datos.get("periodo")
        if elegido and elegido != OTRO_PERIODO:
            datos |= zip(DE_NOMINA, map(date.fromisoformat, elegido.split("/")), strict=True)
        elif elegido or any(datos.get(c) for c in DE_NOMINA):
            self.exigir("periodo_inicio", "Falta desde cuándo.")
            self.exigir("periodo_fin", "Falta hasta cuándo.")
        else:
            self.exigir("periodo", "Elige el primer periodo de nómina.")

    def quitar(self, campos: Iterable[str]) -> None:
        for campo in campos:
            del self.fields[campo]
