"""What comes of what is being typed: a change in a figure of the sheet, an effective date. Reads only."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.html import escape
from django.views.decorators.http import require_safe

from casos import calendario
from casos.catalogos import NUMERICAS, Moneda
from casos.expediente.primer_pago import pagos_de, que_esta_abierto, que_se_paga
from casos.fechas import en_rango, leer_fecha
from casos.formularios.sobre_lo_vigente import (
    LO_PROPUESTO,
    LO_VIGENTE,
    Base,
    es_un_cambio,
    explicar,
)
from casos.formularios.valores import canonico
from casos.models import Caso, Concepto

LARGO = 40


@require_safe
def calculo(request: HttpRequest, clave: str) -> HttpResponse:
    """Told beside the field, as it is typed; what is saved is counted anew by the form."""
    concepto = get_object_or_404(Concepto, clave=clave)
    columnas = [v for c, v in request.GET.items() if c.endswith(f"_{clave}")]
    escrito = (columnas or [""])[0][:LARGO]
    if concepto.unidad not in NUMERICAS or not es_un_cambio(concepto.unidad, escrito):
        return HttpResponse("")
    try:
        valor = canonico(concepto.unidad, request.GET.get("base", "")[:LARGO])
    except ValidationError:
        raise Http404 from None
    nombre = LO_PROPUESTO if request.GET.get("propuesto") else LO_VIGENTE
    pedida = request.GET.get("moneda", "")
    moneda = pedida if pedida in Moneda.values else ""
    return HttpResponse(escape(explicar(concepto.unidad, escrito, Base(valor, nombre), moneda)))


@require_safe
def primer_pago(request: HttpRequest, folio: str) -> HttpResponse:
    """Beside an effective date: the payroll that first has the change; what is no date says nothing."""
    visibles = Caso.objects.visibles_para(request.user).select_related("contrato")
    caso = get_object_or_404(visibles, folio=folio)
    try:
        vigor = leer_fecha(request.GET.get("vigor_fecha", "")[:LARGO])
        en_rango(vigor)
    except ValueError:
        vigor = None
    pagos = pagos_de(caso.contrato, vigor or calendario.hoy())
    if pagos is None:
        return HttpResponse("")
    dicho = " ".join(que_se_paga(pagos, vigor)) if vigor else que_esta_abierto(pagos)
    return HttpResponse(escape(dicho))
