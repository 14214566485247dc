"""What was typed in a form that can no longer be sent, in the words of its page, to be copied."""

from django import forms

# Chosen or ticked: there is nothing to copy. The version and the page's token are hidden.
NO_SE_TECLEA = (forms.ChoiceField, forms.BooleanField, forms.FileField)
NO_ES_TEXTO = ("csrfmiddlewaretoken", "version", "ficha")


def lo_escrito(formulario: forms.Form, datos) -> list[tuple[str, str]]:
    """Label and value of all that was typed; ``datos`` is what was posted."""
    pares = datos.lists() if hasattr(datos, "lists") else datos.items()
    filas = []
    for nombre, valor in pares:
        for texto in valor if isinstance(valor, list) else [valor]:
            texto = str(texto).strip()
            if texto and _se_teclea(formulario.fields.get(nombre), nombre, texto):
                filas.append((_etiqueta(formulario, nombre), texto))
    return filas


def _se_teclea(campo, nombre: str, texto: str) -> bool:
    if nombre in NO_ES_TEXTO:
        return False
    if campo is None:
        # Of a field that this page no longer has only its text tells it from a choice.
        return len(texto) > 20 or " " in texto
    return not isinstance(campo, NO_SE_TECLEA) and not campo.widget.is_hidden


def _etiqueta(formulario, nombre: str) -> str:
    campo = formulario.fields.get(nombre)
    return str(campo.label) if campo and campo.label else nombre.replace("_", " ").capitalize()
