"""What is typed against what is in force: ``+12``, ``−4 %``, and whether it goes with the type.

Pure: it is given values as the sheet keeps them. No queries, no forms of steps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms

from casos.catalogos import NUMERICAS, Movimiento, Unidad
from casos.models import Concepto, TipoRequerimiento
from casos.textos import igual

from .cifras import aviso_de
from .renderizador import SinDibujo
from .valores import CampoValor, canonico, en_palabras, numero_de, porcentaje_de

_CON_SIGNO = re.compile(r"([+\-−–])\s*(.*)", re.DOTALL)


@dataclass(frozen=True)
class Base:
    """The value that a change is counted from, and what it is called: «lo vigente»."""

    valor: str = ""
    nombre: str = "lo vigente"  # or what the client answers to


LO_VIGENTE, LO_PROPUESTO = "lo vigente", "lo propuesto"


class CampoPedido(CampoValor):
    """A value of the sheet; a figure may be typed as a change of another one, ``base``."""

    def __init__(self, concepto: Concepto, *, base: Base, **mas: Any):
        self.base = base
        super().__init__(concepto, **mas)
        if base.valor and self.unidad in NUMERICAS:
            # The keyboard of figures has no + nor %.
            self.widget.attrs.pop("inputmode", None)

    def clean(self, value: Any) -> str:
        if isinstance(value, str) and es_un_cambio(self.unidad, value):
            self.aviso = aviso_de(self.unidad, value.strip()[1:])
            return calcular(self.unidad, value, self.base, self.moneda)
        return super().clean(value)


class CampoConfirmado(forms.Field):
    """What was asked about and is so: ``plazas=12``, the row and the value it was said of."""

    widget = SinDibujo

    def clean(self, value: Any) -> list[str]:
        valores = value if isinstance(value, list | tuple) else [value]
        return [str(v) for v in valores if v]


def es_un_cambio(unidad: str, escrito: str) -> bool:
    """``+12`` or ``−4 %`` of a figure: to be counted from another."""
    return unidad in NUMERICAS and bool(_CON_SIGNO.fullmatch(escrito.strip()))


def calcular(unidad: str, escrito: str, base: Base, moneda: str = "") -> str:
    """The value, as the sheet keeps it, of a change. Raises ``ValidationError`` in Spanish."""
    hallado = _CON_SIGNO.fullmatch(escrito.strip())
    assert hallado is not None
    if not base.valor:
        raise forms.ValidationError(
            f"No hay un valor del cual partir ({base.nombre}): escribe la cifra completa."
        )
    signo, cuanto = (1 if hallado[1] == "+" else -1), hallado[2]
    desde = Decimal(base.valor)
    parte = None if unidad == Unidad.PORCENTAJE else porcentaje_de(cuanto)
    if parte is None:
        resultado = desde + signo * numero_de(unidad, cuanto, moneda)
    else:
        resultado = desde * (1 + signo * parte / 100)
    if unidad == Unidad.DINERO:
        resultado = resultado.quantize(Decimal("0.01"), ROUND_HALF_UP)
    if resultado < 0:
        raise forms.ValidationError(f"Da menos de cero: {base.nombre} es {_dicho(unidad, desde)}.")
    if unidad == Unidad.ENTERO and resultado != resultado.to_integral_value():
        raise forms.ValidationError(
            f"Da {resultado.normalize():f}: escribe el número entero que pide."
        )
    return canonico(unidad, f"{resultado:f}")


def explicar(unidad: str, escrito: str, base: Base, moneda: str = "") -> str:
    """ "= 28 (lo vigente: 16)", beside the field; a sentence where it cannot be counted."""
    try:
        valor = calcular(unidad, escrito, base, moneda)
    except forms.ValidationError as error:
        return str(error.messages[0])
    de = en_palabras(unidad, base.valor, moneda)
    return f"= {en_palabras(unidad, valor, moneda)} ({base.nombre}: {de})"


def _dicho(unidad: str, valor: Decimal) -> str:
    return en_palabras(unidad, f"{valor:f}")


# -- what does not go with the type of requirement ---------------------------------------------------


def lo_que_extrana(
    concepto: Concepto, valor: str, vigente: str, tipos: Iterable[TipoRequerimiento]
) -> str:
    """The question about a value that contradicts the types chosen; empty where there is none.

    Where several types move the same row, one that agrees is enough.
    """
    suyos = [t for t in tipos if t.concepto_id == concepto.pk]
    if not (suyos and valor and vigente) or any(_va(t, concepto, valor, vigente) for t in suyos):
        return ""
    unidad, tipo = concepto.unidad, suyos[0]
    pedido, hoy = en_palabras(unidad, valor), en_palabras(unidad, vigente)
    if _iguales(unidad, valor, vigente):
        return f"El tipo es «{tipo}», pero {pedido} es lo que ya está vigente."
    que = "menos" if tipo.sentido == Movimiento.SUBE else "más"
    dicho = f"El tipo es «{tipo}», pero {pedido} es {que} que lo vigente ({hoy})."
    return dicho + _ayuda(tipo, unidad, valor, vigente, pedido)


def _ayuda(tipo: TipoRequerimiento, unidad: str, valor: str, vigente: str, pedido: str) -> str:
    """Most often what was typed is the difference."""
    if unidad not in NUMERICAS:
        return ""
    if tipo.sentido == Movimiento.SUBE:
        return f" Si son {pedido} más, escribe +{pedido}."
    cabe = Decimal(valor) <= Decimal(vigente)
    return f" Si son {pedido} menos, escribe −{pedido}." if cabe else ""


def _iguales(unidad: str, uno: str, otro: str) -> bool:
    if unidad in NUMERICAS:
        return Decimal(uno) == Decimal(otro)
    return igual(uno) == igual(otro)


def _va(tipo: TipoRequerimiento, concepto: Concepto, valor: str, vigente: str) -> bool:
    if _iguales(concepto.unidad, valor, vigente):
        return False
    if tipo.sentido == Movimiento.CAMBIA or concepto.unidad == Unidad.TEXTO:
        return True
    sube = Decimal(valor) > Decimal(vigente) if concepto.unidad in NUMERICAS else valor > vigente
    return sube == (tipo.sentido == Movimiento.SUBE)
