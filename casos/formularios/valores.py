"""Values of the sheet: typed by people, kept as canonical strings by unit (D§3)."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from django import forms

from casos.catalogos import Unidad
from casos.formularios.renderizador import FechaInput
from casos.textos import en_un_renglon

MAXIMO = Decimal("999999999999.99")


class CampoValor(forms.CharField):
    """A value of one concept; ``clean`` returns its canonical string."""

    es_valor = True

    def __init__(self, concepto, **kwargs):
        self.unidad = Unidad(concepto.unidad)
        kwargs.setdefault("label", concepto.nombre)
        kwargs.setdefault("max_length", 200)
        if self.unidad == Unidad.FECHA:
            kwargs.setdefault("widget", FechaInput)
        elif self.unidad == Unidad.TEXTO:
            kwargs.setdefault("widget", forms.TextInput)
        else:
            kwargs.setdefault("widget", forms.TextInput({"inputmode": "decimal"}))
        super().__init__(**kwargs)

    def clean(self, value):
        if isinstance(value, (date, Decimal, int)):
            value = str(value)
        valor = super().clean(value)
        return canonico(self.unidad, valor) if valor else ""


def canonico(unidad: str, valor: str) -> str:
    """Canonical string of ``valor``; raises ``ValidationError`` in Spanish."""
    if unidad == Unidad.TEXTO:
        return en_un_renglon(valor)
    if unidad == Unidad.FECHA:
        try:
            fecha = date.fromisoformat(valor.strip())
        except ValueError:
            raise forms.ValidationError("Escribe una fecha válida.") from None
        if not 2000 <= fecha.year <= 2099:
            raise forms.ValidationError("Escribe una fecha entre el año 2000 y el 2099.")
        return fecha.isoformat()
    numero = numero_de(unidad, valor)
    if numero > MAXIMO:
        raise forms.ValidationError("Ese número es demasiado grande.")
    if unidad == Unidad.ENTERO:
        if numero != numero.to_integral_value():
            raise forms.ValidationError("Escribe un número entero.")
        return str(int(numero))
    if unidad == Unidad.PORCENTAJE:
        if numero > 100:
            raise forms.ValidationError("Un porcentaje no pasa de 100.")
        return f"{_con_decimales(numero, 4).normalize():f}"
    return f"{_con_decimales(numero, 2):f}"


def numero_de(unidad: str, valor: str) -> Decimal:
    """Commas and spaces only between thousands: ``12,50`` must never be read as 1250."""
    limpio = re.sub(r"^(\$|MXN|USD|\s)+|(MXN|USD|\s)+$", "", valor, flags=re.IGNORECASE)
    if "%" in limpio and unidad != Unidad.PORCENTAJE:
        raise forms.ValidationError(
            "Escribe la cifra, sin %. Si es un cambio, ponle el signo: +5 % o −5 %."
        )
    limpio = re.sub(r"[%\s]+$", "", limpio)
    if re.fullmatch(r"\d{1,3}(?:[,\s]\d{3})+(?:\.\d{1,6})?", limpio):
        limpio = re.sub(r"[,\s]", "", limpio)
    if "," in limpio:
        raise forms.ValidationError(
            "La coma separa millares y el punto, decimales: escribe, por ejemplo, 12,500.50."
        )
    if not re.fullmatch(r"\d{1,14}(\.\d{1,6})?", limpio):
        raise forms.ValidationError("Escribe un número, sin signo.")
    return Decimal(limpio)


def porcentaje_de(valor: str) -> Decimal | None:
    """``4`` of "4 %"; ``None`` where it is no percentage."""
    return numero_de(Unidad.PORCENTAJE, valor) if valor.rstrip().endswith("%") else None


def _con_decimales(numero: Decimal, cuantos: int) -> Decimal:
    justo = numero.quantize(Decimal(1).scaleb(-cuantos))
    if justo != numero:
        palabra = {2: "dos", 4: "cuatro"}[cuantos]
        raise forms.ValidationError(f"Escribe hasta {palabra} decimales.")
    return justo


def campo_de_valor(concepto, **kwargs) -> CampoValor:
    return CampoValor(concepto, **kwargs)


def mostrar_valor(concepto, valor: str, moneda: str = "") -> str:
    return en_palabras(concepto.unidad, valor, moneda)


def en_palabras(unidad: str, valor: str, moneda: str = "") -> str:
    """As a person reads it: ``$12,500.00 MXN``, ``8.125 %``, ``16/03/2026``; else as it was typed."""
    if not valor:
        return ""
    try:
        if unidad == Unidad.DINERO:
            return f"${Decimal(valor):,.2f} {moneda}".rstrip()
        if unidad == Unidad.ENTERO:
            return f"{int(valor):,}"
        if unidad == Unidad.PORCENTAJE:
            return f"{Decimal(valor).normalize():f}\u00a0%"
        if unidad == Unidad.FECHA:
            return f"{date.fromisoformat(valor):%d/%m/%Y}"
    except (ValueError, InvalidOperation):
        return valor
    return valor
