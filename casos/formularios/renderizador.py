"""How forms are drawn: the renderer and the date inputs. No models, no rules, no queries."""

from django import forms
from django.forms.renderers import TemplatesSetting
from django.template import engines
from jinja2 import TemplateNotFound
from markupsafe import Markup, escape

from casos.fechas import ANIO_MAXIMO, ANIO_MINIMO

CONTROLES = "componentes/controles.html"
# Widgets by the template that Django names for them → our component of each.
DE_DJANGO = {
    f"django/forms/widgets/{plantilla}.html": control
    for control, plantillas in {
        "entrada": "text number email url color search tel password hidden date datetime time "
        "checkbox file clearable_file_input",
        "area_de_texto": "textarea",
        "lista": "select",
        "opciones": "radio checkbox_select",
        "opcion": "radio_option checkbox_option",
    }.items()
    for plantilla in plantillas.split()
}


def componente(plantilla: str, nombre: str):
    """A component (a macro of ``templates/componentes/``) to be called from Python."""
    return getattr(engines["jinja2"].env.get_template(plantilla).module, nombre)


class Renderizador(TemplatesSetting):
    """Draws fields and widgets with Jinja, ours before Django's, so that every form looks the same.

    What only Django's language has, as the panel's own widgets, is drawn in it.
    ``FORM_RENDERER = "casos.formularios.renderizador.Renderizador"`` needs ``django.forms`` installed.
    """

    field_template_name = "django/forms/field.html"

    def __init__(self):
        self.solo_de_django = set()

    def render(self, template_name, context, request=None):
        control = DE_DJANGO.get(template_name)
        if control:
            return componente(CONTROLES, control)(context["widget"])
        if template_name not in self.solo_de_django:
            # Past Django's layer over Jinja: it adds only what a request brings, and here is none.
            try:
                return engines["jinja2"].env.get_template(template_name).render(context)
            except TemplateNotFound as falta:
                if falta.name != template_name:
                    raise
                self.solo_de_django.add(template_name)
        return super().render(template_name, context, request)


def atributos(attrs: dict) -> Markup:
    """Of a control, as Django writes them: ``True`` is the bare name, ``False`` is nothing."""
    return Markup(
        "".join(
            f" {nombre}" if valor is True else f' {nombre}="{escape(valor)}"'
            for nombre, valor in attrs.items()
            if valor is not False
        )
    )


def es_opcional(campo) -> bool:
    """Whether to say "(opcional)". A conditional field is asked for when it shows: no mark."""
    return not (
        campo.field.required
        or getattr(campo.field, "sin_marca", False)
        or "data-muestra-si" in campo.field.widget.attrs
    )


class _SinLargo:
    """A picker takes no ``maxlength``, which a field of text would give it."""

    def build_attrs(self, base_attrs, extra_attrs=None):
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return {k: v for k, v in attrs.items() if k not in ("maxlength", "minlength")}


class FechaInput(_SinLargo, forms.DateInput):
    """Native date picker. The browser only accepts ISO, whatever the language shows."""

    input_type = "date"

    def __init__(self, attrs=None):
        # Without limits the picker accepts six-figure years.
        limites = {"min": f"{ANIO_MINIMO}-01-01", "max": f"{ANIO_MAXIMO}-12-31"}
        super().__init__(limites | (attrs or {}), "%Y-%m-%d")


class FechaHoraInput(_SinLargo, forms.DateTimeInput):
    """Native date and time picker, to the minute."""

    input_type = "datetime-local"

    def __init__(self, attrs=None):
        limites = {"min": f"{ANIO_MINIMO}-01-01T00:00", "max": f"{ANIO_MAXIMO}-12-31T23:59"}
        super().__init__(limites | (attrs or {}), "%Y-%m-%dT%H:%M")


class SinDibujo(forms.MultipleHiddenInput):
    """Several values of one name, each drawn where it belongs by whoever lays the form out."""

    def render(self, name, value, attrs=None, renderer=None):
        return ""


class AreaTexto(forms.Textarea):
    """A textarea that grows with what is typed (CSS ``field-sizing``)."""

    def __init__(self, attrs=None):
        super().__init__({"rows": 3, "cols": 40} | (attrs or {}))
