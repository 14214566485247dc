"""The kinds of field that the steps' forms are made of: dates in range, one line, options."""

from datetime import date, datetime, timedelta

from django import forms
from django.utils import timezone

from casos import calendario
from casos.formularios.renderizador import AreaTexto, FechaHoraInput, FechaInput

ANIO_MINIMO, ANIO_MAXIMO = 2000, 2099


def en_rango(valor: date | datetime) -> None:
    if not ANIO_MINIMO <= valor.year <= ANIO_MAXIMO:
        raise forms.ValidationError("Escribe una fecha entre el año 2000 y el 2099.")


class CampoFecha(forms.DateField):
    widget = FechaInput
    default_error_messages = {"invalid": "Escribe una fecha válida."}
    default_validators = [en_rango]


class CampoFechaHora(forms.DateTimeField):
    """An instant typed in Mexico City time."""

    widget = FechaHoraInput
    default_error_messages = {"invalid": "Escribe una fecha y hora válidas."}

    def to_python(self, value):
        # Year 1 or 9999 overflows in the conversion to UTC; the range is checked before it.
        if isinstance(value, str):
            anio = value.strip()[:5].split("-")[0]
            if anio.isdecimal() and len(value.strip()) >= 10 and value.strip()[4:5] == "-":
                if not ANIO_MINIMO <= int(anio) <= ANIO_MAXIMO:
                    raise forms.ValidationError("Escribe una fecha entre el año 2000 y el 2099.")
        try:
            instante = super().to_python(value)
        except OverflowError:
            raise forms.ValidationError("Escribe una fecha entre el año 2000 y el 2099.") from None
        if instante is not None:
            en_rango(instante)
        return instante


class CampoPasado(CampoFechaHora):
    """When something really happened: never later than now (a minute of grace for clocks)."""

    def validate(self, value):
        super().validate(value)
        if value and value > timezone.now() + timedelta(minutes=1):
            raise forms.ValidationError("Todavía no llega esa fecha: escribe cuándo ocurrió.")


class CampoFuturo(CampoFecha):
    def validate(self, value):
        super().validate(value)
        if value and value < calendario.hoy():
            raise forms.ValidationError("Esa fecha ya pasó.")


class VariasDeLaLista(forms.ModelMultipleChoiceField):
    """Several of a catalogue. A key of more than nine digits is nobody's: SQLite cannot read it."""

    def _check_values(self, value):
        if isinstance(value, list | tuple) and any(
            len(str(getattr(v, "pk", v))) > 9 for v in value
        ):
            raise forms.ValidationError("Elige opciones de la lista.")
        return super()._check_values(value)


class CampoLinea(forms.CharField):
    """A text of one line, whatever was pasted: a line break in a name ends up in letters."""

    def to_python(self, value):
        valor = super().to_python(value)
        return " ".join(valor.split()) if isinstance(valor, str) else valor


def texto(etiqueta: str, largo: int = 2000, *, requerido=True, ayuda="", muestra_si="", filas=3):
    """A free text in several lines."""
    attrs = {"rows": filas} | ({"data-muestra-si": muestra_si} if muestra_si else {})
    return forms.CharField(
        label=etiqueta,
        max_length=largo,
        required=requerido,
        help_text=ayuda,
        widget=AreaTexto(attrs),
    )


def linea(etiqueta: str, largo: int = 120, *, requerido=True, ayuda="", muestra_si=""):
    attrs = {"data-muestra-si": muestra_si} if muestra_si else {}
    return CampoLinea(
        label=etiqueta,
        max_length=largo,
        required=requerido,
        help_text=ayuda,
        widget=forms.TextInput(attrs),
    )


def opciones(etiqueta: str, choices, *, requerido=True, ayuda="", inicial=None, muestra_si=""):
    """One of a few, as radio buttons."""
    attrs = {"data-muestra-si": muestra_si} if muestra_si else {}
    return forms.ChoiceField(
        label=etiqueta,
        choices=choices,
        required=requerido,
        help_text=ayuda,
        initial=inicial,
        widget=forms.RadioSelect(attrs),
    )


def ahora_local() -> datetime:
    return timezone.localtime().replace(second=0, microsecond=0, tzinfo=None)
