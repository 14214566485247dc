"""What the panel's templates, in Django's language, take from the product's words and components."""

import re

from django import template
from django.template.backends.utils import csrf_input
from django.utils.html import escape
from django.utils.safestring import mark_safe

from casos.formularios.renderizador import componente
from casos.significado import esta_vencido
from casos.web import entorno_jinja, formatos

register = template.Library()
register.filter("fecha", formatos.fecha)
register.filter("fecha_hora", formatos.fecha_hora)
register.filter("plural", formatos.plural)
register.filter("esta_vencido", esta_vencido)
register.simple_tag(entorno_jinja.icono, name="icono")

MARCO, CAMPOS = "componentes/marco.html", "componentes/campos.html"

# Django draws a yes with a picture, whose text is English.
DIBUJO = re.compile(r'<img src="[^"]*/icon-(yes|no|unknown)[^"]*" alt="[^"]*">')
VACIA = "–"  # of ``Panel.empty_value_display``
DICHO = {"yes": "Sí", "no": "No", "unknown": VACIA}


@register.simple_tag(takes_context=True)
def barra(context) -> str:
    """The header of every page, by the product's own component."""
    return componente(MARCO, "barra")(
        context["user"],
        context["papel"],
        context["navegacion"],
        context["busca_por"],
        "",
        context["puede_registrar"],
        csrf_input(context["request"]),
    )


@register.simple_tag(takes_context=True)
def menu(context) -> str:
    return componente(MARCO, "navegacion")(context["navegacion"])


@register.simple_tag(takes_context=True)
def mensajes(context) -> str:
    return componente(MARCO, "mensajes")(context["messages"])


@register.simple_tag
def sin_red() -> str:
    return componente(MARCO, "sin_red")()


@register.simple_tag
def resumen_errores(form) -> str:
    return componente(CAMPOS, "resumen_errores")(form)


@register.filter
def en_palabras(contenido) -> str:
    """What Django draws, said: it is read on a phone, printed, and heard."""
    if not DIBUJO.search(str(contenido)):
        return contenido
    return mark_safe(DIBUJO.sub(lambda m: DICHO[m[1]], str(contenido)))


@register.filter
def con_columnas(celdas, encabezados) -> list[str]:
    """The cells of a row, each with the name of its column, which a phone shows beside it."""
    dichas = []
    for celda, encabezado in zip(celdas, encabezados, strict=True):
        nombre = str(encabezado["text"])
        nombre = escape(nombre[:1].upper() + nombre[1:])
        celda = str(en_palabras(celda))
        if celda.startswith("<td"):  # the first, a <th>, is the row's own name
            # A phone's card has no line for what is not there.
            vacia = " data-vacia" if celda.endswith(f">{VACIA}</td>") else ""
            celda = f'<td data-columna="{nombre}"{vacia}{celda[3:]}'
        dichas.append(mark_safe(celda))
    return dichas
