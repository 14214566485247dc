"""From when what was agreed applies, and which payroll first has it (§7.6, §7.7)."""

from __future__ import annotations

from datetime import date

from django import forms
from django.urls import reverse

from casos import calendario
from casos.expediente.primer_pago import pagos_de, que_esta_abierto, que_se_paga

from .base import Datos, FormularioPaso
from .campos import CampoConfirmacion, CampoFecha, con

ANIOS_MAXIMO = 3


class ConVigor(FormularioPaso):
    """From when what was agreed applies (§7.6, §7.7).

    Where the contract says how it is paid, the date names the payroll that first has it; of one that is
    closed already, it is asked whether it is so.
    """

    vigor_fecha = con(CampoFecha(label="A partir del"))
    es_retroactivo = con(
        CampoConfirmacion(label="Sí, se paga de forma retroactiva", junto_a="vigor_fecha"),
        bitacora="Se paga de forma retroactiva",
    )

    def preparar(self) -> None:
        super().preparar()
        # Without a day to go by, from today: a late acceptance reads its own closures.
        self.pagos = pagos_de(self.caso.contrato, calendario.hoy())
        if self.pagos is None:
            del self.fields["es_retroactivo"]
            return
        campo = self.fields["vigor_fecha"]
        campo.help_text = que_esta_abierto(self.pagos)
        campo.widget.attrs |= {
            "data-hx-get": reverse("primer_pago", args=[self.caso.folio]),
            "data-hx-trigger": "change",
            "data-hx-target": f"#{self.auto_id % 'vigor_fecha'}_helptext",
            "data-hx-swap": "innerHTML",
        }

    def clean(self) -> Datos:
        datos = super().clean()
        vigor = datos.get("vigor_fecha")
        if self.pagos is None or vigor is None:
            return datos
        pagos = pagos_de(self.caso.contrato, vigor)
        assert pagos is not None
        self["vigor_fecha"].help_text = " ".join(que_se_paga(pagos, vigor))
        if not pagos.primero(vigor).esta_cerrado:
            datos["es_retroactivo"] = False
        elif vigor != self.caso.vigor_fecha:  # of the date that stands it was asked before
            self.confirmar(
                "es_retroactivo",
                f"{pagos.primero(vigor)}: confirma que se paga de forma retroactiva.",
            )
        return datos

    @property
    def avisos(self) -> list[str]:
        """What comes of the date, also said once it is done."""
        vigor = self.cleaned_data.get("vigor_fecha")
        dicho = [str(self["vigor_fecha"].help_text)] if self.pagos and vigor else []
        return [*super().avisos, *dicho]

    def clean_vigor_fecha(self) -> date:
        valor = self.cleaned_data["vigor_fecha"]
        if abs((valor - calendario.hoy()).days) > ANIOS_MAXIMO * 366:
            raise forms.ValidationError("Revisa la fecha: está a más de tres años.")
        contrato = self.caso.contrato
        if contrato and contrato.terminado_fecha and valor > contrato.terminado_fecha:
            termina = f"{contrato.terminado_fecha:%d/%m/%Y}"
            raise forms.ValidationError(f"El contrato termina antes, el {termina}.")
        # The version of another case may begin later than today.
        ultima = self.hechos.ultima_vigencia
        if ultima and valor < ultima:
            raise forms.ValidationError(
                f"Ya hay condiciones acordadas a partir del {ultima:%d/%m/%Y}: "
                "elige ese día o uno posterior."
            )
        return valor
