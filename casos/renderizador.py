"""How forms are drawn: the renderer and the date inputs. No models, no rules, no queries."""

from django import forms
from django.forms.renderers import TemplatesSetting
from django.template import engines
from jinja2 import TemplateNotFound
from markupsafe import Markup, escape

_WIDGETS = "django/forms/widgets/"
# Django's own templates of these only include another one.
SON_OTRO = {
    f"{_WIDGETS}{nombre}.html": f"{_WIDGETS}{otro}.html"
    for otro, nombres in {
        "input": "text number email url color search tel password hidden date datetime time "
        "checkbox file",
        "multiple_input": "radio checkbox_select",
    }.items()
    for nombre in nombres.split()
} | {"django/forms/errors/list/default.html": "django/forms/errors/list/ul.html"}


def componente(plantilla: str, nombre: str):
    """A component (a macro of ``templates/componentes/``) to be called from Python."""
    return getattr(engines["jinja2"].env.get_template(plantilla).module, nombre)


class Renderizador(TemplatesSetting):
    """Draws fields and widgets with Jinja, ours before Django's, so that every form looks the same.

    What only Django's language has, as the panel's own widgets, is drawn in it.
    ``FORM_RENDERER = "casos.renderizador.Renderizador"`` needs ``django.forms`` installed.
    """

    field_template_name = "django/forms/field.html"

    def __init__(self):
        self.solo_de_django = set()

    def render(self, template_name, context, request=None):
        if template_name not in self.solo_de_django:
            # Past Django's layer over Jinja: it adds only what a request brings, and here is none.
            nombre = SON_OTRO.get(template_name, template_name)
            try:
                return engines["jinja2"].env.get_template(nombre).render(context)
            except TemplateNotFound as falta:
                if falta.name != nombre:
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


class FechaInput(forms.DateInput):
    """Native date picker. The browser only accepts ISO, whatever the language shows."""

    input_type = "date"

    def __init__(self, attrs=None):
        # Without limits the picker accepts six-figure years.
        super().__init__({"min": "2000-01-01", "max": "2099-12-31"} | (attrs or {}), "%Y-%m-%d")


class FechaHoraInput(forms.DateTimeInput):
    """Native date and time picker, to the minute."""

    input_type = "datetime-local"

    def __init__(self, attrs=None):
        limites = {"min": "2000-01-01T00:00", "max": "2099-12-31T23:59"}
        super().__init__(limites | (attrs or {}), "%Y-%m-%dT%H:%M")


class AreaTexto(forms.Textarea):
    """A textarea that grows with what is typed (CSS ``field-sizing``)."""

    def __init__(self, attrs=None):
        super().__init__({"rows": 3, "cols": 40} | (attrs or {}))
