"""What the panel's templates, in Django's language, take from the product's words and components."""

from django import template

from casos.formularios.renderizador import componente
from casos.significado import esta_vencido
from casos.web import formatos

register = template.Library()
register.filter("fecha", formatos.fecha)
register.filter("plural", formatos.plural)
register.filter("esta_vencido", esta_vencido)


@register.simple_tag
def hoja(condiciones) -> str:
    """The sheet of conditions, as the pages draw it."""
    return componente("componentes/hoja.html", "hoja")(condiciones)
