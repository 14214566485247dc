"""Mis pendientes, the first page: fetch the trays and show them. No rules, no writes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casos.lecturas.falta_configurar import le_falta_configurar
from casos.lecturas.pendientes import LIMITE, pendientes_de


@require_safe
def pendientes(request: HttpRequest) -> HttpResponse:
    """``/``: what waits for me, overdue first, and what I wait for."""
    p = pendientes_de(request.user)
    # Who has nothing waiting is told of what is still to be set up, instead of nothing.
    falta = not p.hay_algo_que_hacer and le_falta_configurar(request.user)
    contexto = {"p": p, "limite": LIMITE, "falta_configurar": falta}
    return render(request, "casos/pendientes.html", contexto)
