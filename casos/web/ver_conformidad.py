"""How a case was followed up, for who audits: its eight points; and how all were, month by month. GET only."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from casos.expediente.carga import instruccion
from casos.expediente.completo import completo
from casos.lecturas.conformidad_del_periodo import PASOS, PedidoDeConformidad, conformidad_de
from casos.lecturas.periodos import con_nombre
from casos.lecturas.puntos import ocho_puntos
from casos.models import Usuario
from casos.permisos.lectura import ve_conformidad
from casos.veredicto import Veredicto


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


@require_safe
def conformidad(request: HttpRequest) -> HttpResponse:
    """Of the cases closed in a period, how many comply with each step: for who reads everything."""
    assert isinstance(request.user, Usuario)
    if not ve_conformidad(request.user):
        raise Http404
    pedido = PedidoDeConformidad(request.GET)
    periodo = pedido.periodo
    contexto = {
        "pedido": pedido,
        "periodo": periodo,
        "periodos": [
            {"nombre": n, "url": f"?desde={p.desde}&hasta={p.hasta}", "aqui": p == periodo}
            for n, p in con_nombre(timezone.localdate())
        ],
        "leida": conformidad_de(request.user, periodo),
        "pasos": PASOS.items(),
        "veredictos": list(Veredicto),
        "ahora": timezone.now(),
    }
    return render(request, "casos/conformidad.html", contexto)
