"""How a case was followed up, for who audits: its eight points. GET only."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from casos.expediente.carga import instruccion
from casos.expediente.completo import completo
from casos.lecturas.puntos import ocho_puntos
from casos.models import Usuario


@require_safe
def puntos(request: HttpRequest, folio: str) -> HttpResponse:
    """*Los ocho puntos* of a case: for whoever may see it."""
    assert isinstance(request.user, Usuario)
    exp = completo(request.user, folio=folio)
    if exp is None:
        raise Http404
    seccion = instruccion("7.1", exp.caso.revision)
    contexto = {
        "caso": exp.caso,
        "leido": ocho_puntos(exp),
        "documento": str(seccion.revision) if seccion else "",
        "ahora": timezone.now(),
    }
    return render(request, "casos/puntos.html", contexto)
