"""Of every form, also of the panel and of the libraries: its stock sentences in the words of this product (they
come in *usted*), its texts taken in as ``casos.textos`` says and its dates as ``casos.fechas``.

No field, no rule. ``instalar`` is called once, when the app is ready.
"""

from django import forms
from django.core import validators

from casos import fechas, textos

COMO_PAGINA = "Escribe la dirección completa de la página, como https://www.empresa.com.mx"
DE_CAMPO = {
    forms.IntegerField: {"invalid": "Escribe un número entero."},
    forms.DecimalField: {"invalid": "Escribe un número."},
    forms.DateField: {"invalid": fechas.COMO_FECHA},
    forms.DateTimeField: {"invalid": fechas.COMO_MOMENTO},
    forms.ChoiceField: {"invalid_choice": "Elige una opción de la lista."},
    forms.MultipleChoiceField: {
        "invalid_choice": "Elige opciones de la lista.",
        "invalid_list": "Elige opciones de la lista.",
    },
    forms.ModelChoiceField: {"invalid_choice": "Elige una opción de la lista."},
    forms.ModelMultipleChoiceField: {
        "invalid_choice": "Elige opciones de la lista.",
        "invalid_list": "Elige opciones de la lista.",
        "invalid_pk_value": "Elige opciones de la lista.",
    },
    forms.FileField: {
        "missing": "No llegó el archivo: elígelo otra vez.",
        "contradiction": "Sube un archivo o marca que se quite, no las dos cosas.",
    },
    forms.URLField: {"invalid": COMO_PAGINA},
    forms.UUIDField: {"invalid": "La página llegó incompleta: vuelve a abrirla."},
}
DE_VALIDADOR = {
    validators.MaxLengthValidator: "Usa %(limit_value)d letras o menos: escribiste %(show_value)d.",
    validators.MinLengthValidator: "Usa al menos %(limit_value)d letras: escribiste %(show_value)d.",
    validators.MaxValueValidator: "Escribe un número de %(limit_value)s o menos.",
    validators.MinValueValidator: "Escribe un número de %(limit_value)s o más.",
    validators.ProhibitNullCharactersValidator: "Hay un carácter que no se puede guardar: quítalo.",
    validators.EmailValidator: "Escribe un correo válido.",
    validators.URLValidator: COMO_PAGINA,
    validators.RegexValidator: "Así no se escribe ese dato: revísalo.",
}


_leer = forms.CharField.to_python
_leer_fecha = forms.DateField.to_python


def leer_texto(campo: forms.CharField, valor):
    """What was typed, in one line unless the box has several. A password is what was typed."""
    valor = _leer(campo, valor)
    if not campo.strip or not isinstance(valor, str):
        return valor
    varios = isinstance(campo.widget, forms.Textarea)
    limpio = (textos.limpio if varios else textos.en_un_renglon)(valor)
    return limpio or campo.empty_value


def leer_fecha(campo: forms.DateField, valor):
    """As people write it, also in the panel."""
    if not isinstance(valor, str) or valor in campo.empty_values:
        return _leer_fecha(campo, valor)
    try:
        return fechas.leer_fecha(valor)
    except ValueError as error:
        raise forms.ValidationError(str(error), code="invalid") from None


def contar(validador: validators.BaseValidator, texto: str) -> int:
    return textos.largo(texto)


def instalar() -> None:
    forms.CharField.to_python = leer_texto
    forms.DateField.to_python = leer_fecha
    validators.MaxLengthValidator.clean = contar
    for campo, mensajes in DE_CAMPO.items():
        campo.default_error_messages = campo.default_error_messages | mensajes
    for validador, mensaje in DE_VALIDADOR.items():
        validador.message = mensaje
