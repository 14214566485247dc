"""How forms are drawn: the renderer and the date inputs. No models, no rules, no queries."""

from django import forms
from django.forms.renderers import TemplatesSetting


class Renderizador(TemplatesSetting):
    """Takes the widgets from ``templates/`` first, so that every form looks the same.

    ``FORM_RENDERER = "casos.formularios.renderizador.Renderizador"`` needs ``django.forms`` installed.
    """

    field_template_name = "django/forms/field.html"


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
