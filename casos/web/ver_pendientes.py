"""Mis pendientes, the first page: fetch the trays and show them. No rules, no writes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casos.lecturas.pendientes import LIMITE, pendientes_de


@require_safe
def pendientes(request: HttpRequest) -> HttpResponse:
    """``/``: what waits for me, overdue first, and what I wait for."""
    contexto = {"p": pendientes_de(request.user), "limite": LIMITE}
    return render(request, "casos/pendientes.html", contexto)
