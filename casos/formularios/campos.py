"""The kinds of field that the steps' forms are made of: dates in range, one line, options.

``con`` says of any field when it shows, how the log reads it and by whom.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.forms.models import ModelChoiceIterator
from django.utils import timezone

from casos import calendario, fechas
from casos.permisos.lectura import Lee

from .renderizador import AreaTexto, FechaHoraInput, FechaInput


class CampoFecha(forms.DateField):
    """A day; ``palabras`` reads it as people write it."""

    widget = FechaInput

    def to_python(self, value):
        dia = super().to_python(value)
        if dia:
            _leida(fechas.en_rango, dia)
        return dia


class CampoFechaHora(forms.DateTimeField):
    """An instant typed in Mexico City time."""

    widget = FechaHoraInput

    def to_python(self, value):
        # The range is checked before the conversion to UTC, which year 1 or 9999 overflows.
        if isinstance(value, str) and value not in self.empty_values:
            value = _leida(fechas.leer_momento, value)
        if isinstance(value, date):
            _leida(fechas.en_rango, value)
        return super().to_python(value)


def _leida(leer: Callable[[Any], Any], valor: Any) -> Any:
    try:
        return leer(valor)
    except ValueError as error:
        raise forms.ValidationError(str(error)) from None


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


class _Opciones(ModelChoiceIterator):
    """Few rows, read at once: Django's own would open and close a cursor of the server for them."""

    def __init__(self, field: forms.ModelChoiceField):
        self.field = field

    @property
    def queryset(self) -> QuerySet:
        """The field's of now: it may not have looked for it when this was made."""
        return self.field.queryset

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        yield from (self.choice(fila) for fila in self.queryset)


class UnaDeLaLista(forms.ModelChoiceField):
    """Its rows are looked for once somebody asks for them: to draw the list, or to read another one of it."""

    iterator = _Opciones
    por_buscar: Callable[[], QuerySet] | None = None
    ya_leida: Model | None = None  # one of them that is at hand

    @property
    def queryset(self) -> QuerySet:
        if self.por_buscar is not None:
            self.queryset = self.por_buscar()
        return self._get_queryset()

    @queryset.setter
    def queryset(self, filas: QuerySet) -> None:
        self.por_buscar = None
        self._set_queryset(filas)

    def to_python(self, value):
        if self.ya_leida is not None and str(value) == str(self.ya_leida.pk):
            return self.ya_leida
        return super().to_python(value)


class PersonaConFuncion(UnaDeLaLista):
    """Among several, the one meant is known by what they are: "Patricia Luna · Gerente comercial"."""

    def label_from_instance(self, obj):
        return " · ".join(filter(None, [str(obj), obj.funcion]))


class UnaDeEstas(forms.TypedChoiceField):
    """One of rows that were read already: what is chosen is not asked for again."""

    def __init__(self, filas: Iterable[Any], *, vacio: str, **mas: Any):
        por_clave = {str(fila.pk): fila for fila in filas}
        opciones = [("", vacio), *((pk, str(fila)) for pk, fila in por_clave.items())]
        super().__init__(choices=opciones, coerce=por_clave.__getitem__, empty_value=None, **mas)


class VariasDeLaLista(forms.ModelMultipleChoiceField):
    """Several of a catalogue. A key of more than nine digits is nobody's: SQLite cannot read it."""

    iterator = _Opciones

    def _check_values(self, value):
        if isinstance(value, list | tuple) and any(
            len(str(getattr(v, "pk", v))) > 9 for v in value
        ):
            raise forms.ValidationError("Elige opciones de la lista.")
        return super()._check_values(value)


class CampoLinea(forms.CharField):
    """A text of one line: the history shows it beside its label."""


class CampoNombre(CampoLinea):
    """Of a person: what would read as somebody else's address in a list or a mail is no name."""

    AJENOS = "<>@"

    def validate(self, value):
        super().validate(value)
        if any(c in self.AJENOS for c in value or ""):
            raise forms.ValidationError("Escribe solo el nombre, sin < > ni @.")


class CampoJunto(forms.BooleanField):
    """A box that is drawn right after another field."""

    def __init__(self, *, junto_a: str, **mas: Any):
        super().__init__(**mas)
        self.junto_a = junto_a


class CampoConfirmacion(forms.BooleanField):
    """A box that appears once what was typed is asked about (``FormularioBase.confirmar``)."""

    widget = forms.HiddenInput

    def __init__(self, *, junto_a: str = "", **mas: Any):
        super().__init__(required=False, **mas)
        self.junto_a = junto_a  # the field that it is drawn after

    def mostrar(self, se_ve: bool) -> None:
        self.widget = forms.CheckboxInput() if se_ve else forms.HiddenInput()


C = TypeVar("C", bound=forms.Field)


@dataclass(frozen=True)
class EnBitacora:
    """How the log reads what was typed in a field."""

    etiqueta: str | None = None  # ``None``: the field's own label; "": it is not shown
    palabras: Mapping[str, str] | None = None  # instead of those of its choices
    lee: Lee = Lee.QUIEN_VE_EL_CASO


def con(
    campo: C,
    *,
    muestra_si: str = "",
    bitacora: str | None = None,
    palabras: Mapping[str, str] | None = None,
    lee: Lee = Lee.QUIEN_VE_EL_CASO,
    sin_marca: bool = False,
) -> C:
    """``campo``, shown only under a condition, without "(opcional)", or read otherwise in the log."""
    if muestra_si:
        campo.widget.attrs["data-muestra-si"] = muestra_si
    campo.bitacora = EnBitacora(bitacora, palabras, lee)
    campo.sin_marca = sin_marca
    return campo


def texto(
    etiqueta: str,
    largo: int = 2000,
    *,
    requerido: bool = True,
    ayuda: str = "",
    filas: int = 3,
    **mas: Any,
) -> forms.CharField:
    """A free text in several lines."""
    campo = forms.CharField(
        label=etiqueta,
        max_length=largo,
        required=requerido,
        help_text=ayuda,
        widget=AreaTexto({"rows": filas}),
    )
    return con(campo, **mas)


def linea(
    etiqueta: str, largo: int = 120, *, requerido: bool = True, ayuda: str = "", **mas: Any
) -> CampoLinea:
    campo = CampoLinea(label=etiqueta, max_length=largo, required=requerido, help_text=ayuda)
    return con(campo, **mas)


def radios(
    etiqueta: str,
    choices: Iterable[tuple[str, str]],
    *,
    requerido: bool = True,
    ayuda: str = "",
    inicial: Any = None,
    **mas: Any,
) -> forms.ChoiceField:
    """One of a few, as radio buttons."""
    campo = forms.ChoiceField(
        label=etiqueta,
        choices=choices,
        required=requerido,
        help_text=ayuda,
        initial=inicial,
        widget=forms.RadioSelect,
    )
    return con(campo, **mas)


def de_lista(
    etiqueta: str,
    queryset: Any,
    *,
    vacio: str | None = "Elige a la persona",
    requerido: bool = True,
    falta: str = "",
    ajena: str = "",
    ayuda: str = "",
    clase: type[UnaDeLaLista] = UnaDeLaLista,
    **mas: Any,
) -> forms.ModelChoiceField:
    """One row of a catalogue, in a list; ``ajena`` is said of one that is not in it."""
    errores = {"required": falta, "invalid_choice": ajena}
    campo = clase(
        label=etiqueta,
        queryset=queryset,
        empty_label=vacio,
        required=requerido,
        help_text=ayuda,
        error_messages={k: v for k, v in errores.items() if v},
    )
    return con(campo, **mas)


def marca(
    etiqueta: str, *, ayuda: str = "", inicial: bool = False, **mas: Any
) -> forms.BooleanField:
    """A box to tick; it may stay empty."""
    campo = forms.BooleanField(label=etiqueta, required=False, help_text=ayuda, initial=inicial)
    return con(campo, **mas)


def espera_respuesta() -> CampoFecha:
    """Until when the client expects to hear from us (7.1, 7.3)."""
    campo = CampoFecha(
        label="¿Para cuándo espera respuesta?",
        required=False,
        help_text="Si lo dijo. Las áreas la verán al opinar.",
    )
    return con(campo, bitacora="Espera respuesta a más tardar")


def ahora_local() -> datetime:
    return timezone.localtime().replace(second=0, microsecond=0, tzinfo=None)
