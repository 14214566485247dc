"""``/tablero/informes/``: the report of each month for the management review, and its PDF. GET only."""

from __future__ import annotations

from datetime import date

from django import forms
from django.db.models import Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from casos.catalogos import Hecho
from casos.formularios.fallos import ignorados
from casos.impresos.imprenta import NoSeImprimio, imprimir
from casos.lecturas.informe_del_mes import clave_de, informe_de, mes_de
from casos.models import Caso, InformeMensual, Usuario
from casos.permisos.lectura import ve_conformidad
from casos.seguridad.anotar import anotar

from .ver_impresos import como_pdf

DESDE = 2000  # the first year that is taken


class AnioForm(forms.Form):
    anio = forms.IntegerField(
        label="Año",
        min_value=DESDE,
        max_value=9998,
        required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "Ese año no existe."),
    )


@require_safe
def informes(request: HttpRequest) -> HttpResponse:
    """The months of a year, the last first; of this one, to this month."""
    assert isinstance(request.user, Usuario)
    if not ve_conformidad(request.user):
        raise Http404
    hoy = timezone.localdate()
    form = AnioForm(request.GET)
    primero = Caso.objects.aggregate(en=Min("recibido_en"))["en"]
    anios = list(range(hoy.year, (timezone.localdate(primero) if primero else hoy).year - 1, -1))
    pedido = form.cleaned_data.get("anio") if form.is_valid() else None
    anio = pedido if pedido in anios else hoy.year
    dados = {i.mes: i for i in InformeMensual.objects.filter(mes__year=anio).defer("datos")}
    ultimo = hoy.month if anio == hoy.year else 12
    meses = [mes_de(date(anio, n, 1)) for n in range(ultimo, 0, -1)]
    contexto = {
        "anio": anio,
        "anios": anios,
        "meses": [
            {
                "nombre": str(m).capitalize(),
                "clave": clave_de(m.desde),
                "dado": dados.get(m.desde),
                "en_curso": m.hasta >= hoy,
            }
            for m in meses
        ],
        "ignorados": ignorados(form),
    }
    return render(request, "casos/informes.html", contexto)


@require_safe
def informe(request: HttpRequest, mes: date) -> HttpResponse:
    """As it was given; of a month whose report was not, with today's data, and it says so."""
    assert isinstance(request.user, Usuario)
    if not ve_conformidad(request.user) or mes > timezone.localdate() or mes.year < DESDE:
        raise Http404
    dado = InformeMensual.objects.filter(mes=mes).first()
    try:
        contenido = imprimir(dado.datos if dado else informe_de(request.user, mes_de(mes)))
    except NoSeImprimio as error:
        contexto = {"caso": None, "dichos": [str(error)], "falta_escribir": False}
        return render(request, "casos/sin_pdf.html", contexto, status=503)
    anotar(Hecho.DESCARGA, que="informe", mes=clave_de(mes))
    return como_pdf(request, contenido, f"informe-{clave_de(mes)}.pdf")
