"""How a contract's payroll is paid, as the page of a contract, the panel and a workbook ask for it.

All of it may be left out; said in part, it says what is missing.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from casos.nomina import CORTE_MAXIMO, DIAS, Periodicidad

from .campos import CampoFecha

DE_PAGO = ("nomina_cada", "nomina_ancla", "nomina_corte")
TITULO = "Pago de la nómina"
CON_ANCLA = f"nomina_cada={'|'.join(c.value for c in DIAS)}"


def campos_de_pago() -> dict[str, forms.Field]:
    """In the order they are asked."""
    campos: dict[str, forms.Field] = {
        "nomina_cada": forms.ChoiceField(
            label="Periodo de pago",
            choices=[("", "Sin decir"), *Periodicidad.choices],
            required=False,
            error_messages={"invalid_choice": "Elige una opción de la lista."},
        ),
        "nomina_ancla": CampoFecha(
            label="Un día en que empieza un periodo",
            required=False,
            help_text="De cualquier semana o catorcena: desde ahí se cuentan.",
        ),
        "nomina_corte": forms.IntegerField(
            label="Corte",
            required=False,
            min_value=0,
            max_value=max(CORTE_MAXIMO.values()),
            help_text="Días naturales antes de que termine el periodo; 0, el último día. Si cae en día inhábil, "
            "es el hábil anterior.",
            error_messages={"invalid": "Escribe un número de días naturales, sin decimales."},
        ),
    }
    campos["nomina_ancla"].widget.attrs["data-muestra-si"] = CON_ANCLA
    campos["nomina_corte"].widget.attrs["data-muestra-si"] = "nomina_cada=*"
    return campos


def revisar_pago(
    cada: str, ancla: date | None, corte: int | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """What is stored, and what is wrong with it, by field.

    What belongs to no periodicity is dropped, as the page leaves out what it does not show.
    """
    if not cada:
        return dict(zip(DE_PAGO, ("", None, None), strict=True)), {}
    como = Periodicidad(cada)
    faltas = {}
    if como in DIAS and ancla is None:
        faltas["nomina_ancla"] = "Falta un día en que empiece un periodo."
    if corte is None:
        faltas["nomina_corte"] = "Falta cuántos días naturales antes cierra; 0, si es el último."
    elif not 0 <= corte <= CORTE_MAXIMO[como]:
        faltas["nomina_corte"] = (
            f"Usa de 0 a {CORTE_MAXIMO[como]} días naturales: el corte cae en el periodo."
        )
    return {
        "nomina_cada": como.value,
        "nomina_ancla": ancla if como in DIAS else None,
        "nomina_corte": corte,
    }, faltas


class ConPago(forms.Form):
    """The part of a contract's form; its fields are put by ``poner_pago`` where they are asked."""

    def poner_pago(self) -> None:
        self.fields |= campos_de_pago()

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or self.cleaned_data
        if any(campo in self.errors for campo in DE_PAGO):
            return datos
        pago, faltas = revisar_pago(*(datos.get(campo) for campo in DE_PAGO))
        for campo, falta in faltas.items():
            self.add_error(campo, forms.ValidationError(falta, code="required"))
        return datos | {c: v for c, v in pago.items() if c not in faltas}
