"""How the areas' conditions are laid out in a form. No rules here."""

from crispy_forms.layout import LayoutObject
from django.urls import reverse

from casos.formularios.condiciones_puestas import CON_CONDICIONES, OTRA_CONDICION
from casos.formularios.renderizador import componente


class LoPuesto(LayoutObject):
    """The areas' conditions that what is fixed here must keep to."""

    fields: list = []

    def render(self, form, context, template_pack=None, **kwargs):
        return componente("componentes/caso/condiciones.html", "lo_puesto")(form.lo_puesto)


class CondicionesPorPoner(LayoutObject):
    """The rows in which an area lays its conditions down, and the press for one more."""

    def __init__(self, *campos: str):
        self.fields = list(campos)

    def render(self, form, context, template_pack=None, **kwargs):
        caso, fila = form.caso, form.fila
        return componente("componentes/caso/condiciones.html", "por_poner")(
            form.filas_de_condicion,
            id=f"condiciones-{form.acto}-{fila.pk}",
            otra=OTRA_CONDICION if form.puede_otra else "",
            url=reverse("paso_objeto", args=[caso.folio, form.acto.nombre, fila.pk]),
            muestra_si=CON_CONDICIONES,
        )
