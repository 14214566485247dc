"""What is wrong with a form, said once at its head and once where it is mended. No rules.

A fault is a field's, or a group's: of several fields under one title, none of which is wrong alone.
Its ``ValidationError`` carries the title of the group in its code.
"""

from __future__ import annotations

from typing import NamedTuple

from django.forms import BaseForm, BoundField
from django.utils.text import slugify

DE_GRUPO = "grupo:"


class Fallo(NamedTuple):
    texto: str
    ancla: str = ""  # of whatever mends it


def ancla_de_grupo(form: BaseForm, titulo: str) -> str:
    nombre = f"grupo-{slugify(titulo)}"
    return str(form.auto_id) % nombre if "%s" in str(form.auto_id) else nombre


def ignorados(form: BaseForm) -> list[str]:
    """What a query asked and makes no sense, in words: the page is drawn without it."""
    return [
        f"{form.fields[campo].label}: {e}"
        for campo, errores in form.errors.items()
        for e in errores
    ]


def del_grupo(form: BaseForm, titulo: str) -> list[str]:
    """The faults of one group, in words."""
    generales = form.non_field_errors()
    return [
        texto
        for texto, error in zip(generales, generales.as_data(), strict=True)
        if error.code == f"{DE_GRUPO}{titulo}"
    ]


def fallos(form: BaseForm) -> list[Fallo]:
    """All of them, in the order of the page: what is of nobody, of the groups, of each field."""
    generales = form.non_field_errors()
    dichos = [
        Fallo(texto, _ancla(form, error.code))
        for texto, error in zip(generales, generales.as_data(), strict=True)
    ]
    for campo in form.visible_fields():
        dichos += _de_un_campo(campo)
    return dichos + [Fallo(texto) for campo in form.hidden_fields() for texto in campo.errors]


def _ancla(form: BaseForm, codigo: str | None) -> str:
    if not codigo or not codigo.startswith(DE_GRUPO):
        return ""
    return ancla_de_grupo(form, codigo.removeprefix(DE_GRUPO))


def _de_un_campo(campo: BoundField) -> list[Fallo]:
    ancla = f"{campo.auto_id}_0" if campo.use_fieldset else campo.id_for_label
    return [
        # What is missing says by itself of what; any other fault is told with the field's name.
        Fallo(texto if error.code == "required" else f"{campo.label}: {texto}", ancla)
        for texto, error in zip(campo.errors, campo.errors.as_data(), strict=True)
    ]
