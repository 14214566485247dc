"""What was typed when the session had ended: which pages give it back after the login, and how.

The middleware keeps only what goes to a page marked here, and the login page says so.
"""

from django import forms
from django.contrib import messages
from django.views.decorators.http import require_POST

from casos.formularios.base import apagados

NO_SE_RESTAURA = ("csrfmiddlewaretoken", "version", "ficha")
RECUPERADO = "Recuperamos lo que habías escrito."


def recupera(vista):
    """Mark a page that gives back, with ``borrador``, what was sent to it without a session."""
    vista.recupera_borrador = True
    return vista


def solo_post(vuelve_a: str):
    """Only by POST; who must log in first is led to the page of the button, ``vuelve_a`` from it."""

    def decorar(vista):
        vista = require_POST(vista)
        vista.vuelve_a = vuelve_a
        return vista

    return decorar


def borrador(request) -> dict:
    """What was typed when the session ran out, once."""
    guardado = request.session.get("borrador")
    if not guardado or guardado.get("ruta") != request.path:
        return {}
    if guardado.get("de") != request.user.pk:
        del request.session["borrador"]  # somebody else's, who used this browser before
        return {}
    del request.session["borrador"]
    messages.info(request, RECUPERADO)
    return como_inicial(guardado.get("datos") or {})


def desmarcar(formulario, datos: dict) -> None:
    """A box that was left empty does not come in what was typed: it is not ticked again."""
    if not datos:
        return
    ausentes = set(formulario.fields) - set(datos) - apagados(formulario, datos)
    for nombre in ausentes:
        if isinstance(formulario.fields[nombre], forms.BooleanField):
            formulario.initial[nombre] = False


def como_inicial(datos) -> dict:
    """Posted values as initial ones of a fresh form: nothing typed is lost, nothing is judged."""
    pares = datos.lists() if hasattr(datos, "lists") else datos.items()
    inicial = {}
    for nombre, valor in pares:
        valores = valor if isinstance(valor, list) else [valor]
        if nombre not in NO_SE_RESTAURA and valores:
            inicial[nombre] = valores if len(valores) > 1 else valores[0]
    return inicial
