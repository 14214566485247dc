"""*Ayuda*: the manual, the pages of one's role first, and what is searched in it. GET only."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casos.lecturas import ayuda as consulta
from casos.textos import en_un_renglon

RESULTADOS = 15


@require_safe
def indice(request):
    q = en_un_renglon(request.GET.get("q", ""))[: consulta.LARGO_CONSULTA]
    hallados = consulta.buscar(q)
    contexto = {
        "q": q,
        "hallados": hallados[:RESULTADOS],
        "hay_mas": len(hallados) > RESULTADOS,
        "suyas": consulta.suyas(request.user),
        "grupos": consulta.indice(),
    }
    return render(request, "casos/ayuda.html", contexto)


@require_safe
def pagina(request, nombre):
    elegida = consulta.pagina(nombre)
    if elegida is None:
        raise Http404
    return render(request, "casos/ayuda_pagina.html", {"pagina": elegida})
