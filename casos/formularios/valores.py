"""Values of the sheet: typed by people, kept as canonical strings by unit (D§3)."""

from datetime import date
from decimal import Decimal

from django import forms

from casos.catalogos import Unidad
from casos.cotas import en_palabras
from casos.fechas import leer_fecha
from casos.formularios.cifras import aviso_de, leer_cifra
from casos.formularios.renderizador import FechaInput
from casos.textos import en_un_renglon

MAXIMO = Decimal("999999999999.99")


class CampoValor(forms.CharField):
    """A value of one concept; ``clean`` returns its canonical string."""

    es_valor = True

    def __init__(self, concepto, *, moneda: str = "", **kwargs):
        self.unidad, self.moneda = Unidad(concepto.unidad), moneda
        self.aviso = ""  # what was typed and is not kept: «+ IVA»
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
        canonica = canonico(self.unidad, valor, self.moneda) if valor else ""
        self.aviso = aviso_de(self.unidad, valor)
        return canonica


def canonico(unidad: str, valor: str, moneda: str = "") -> str:
    """Canonical string of ``valor``; raises ``ValidationError`` in Spanish.

    ``moneda``: the contract's, where there is one; what was typed and is not kept, ``aviso_de``.
    """
    if unidad == Unidad.TEXTO:
        return en_un_renglon(valor)
    if unidad == Unidad.FECHA:
        try:
            return leer_fecha(valor).isoformat()
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None
    numero = numero_de(unidad, valor, moneda)
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


def numero_de(unidad: str, valor: str, moneda: str = "") -> Decimal:
    return leer_cifra(unidad, valor, moneda).numero


def porcentaje_de(valor: str) -> Decimal | None:
    """``4`` of "4 %"; ``None`` where it is no percentage."""
    return numero_de(Unidad.PORCENTAJE, valor) if valor.rstrip().endswith("%") else None


def _con_decimales(numero: Decimal, cuantos: int) -> Decimal:
    justo = numero.quantize(Decimal(1).scaleb(-cuantos))
    if justo != numero:
        palabra = {2: "dos", 4: "cuatro"}[cuantos]
        raise forms.ValidationError(f"Escribe hasta {palabra} decimales: {numero:f} tiene más.")
    return justo


def campo_de_valor(concepto, **kwargs) -> CampoValor:
    return CampoValor(concepto, **kwargs)


def mostrar_valor(concepto, valor: str, moneda: str = "") -> str:
    return en_palabras(concepto.unidad, valor, moneda)
