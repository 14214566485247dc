"""*Tablero*: the figures, and their workbook. GET only; ``lecturas.tablero`` counts them."""

import tempfile

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from casos.catalogos import Hecho
from casos.lecturas.periodos import con_nombre
from casos.lecturas.tablero_en_libro import escribir_tablero
from casos.lecturas.tablero_pedido import PedidoDeTablero
from casos.permisos.lectura import ve_tablero
from casos.seguridad.anotar import anotar


def _pedido(request: HttpRequest) -> PedidoDeTablero:
    alcance = ve_tablero(request.user)
    if alcance is None:
        raise Http404
    return PedidoDeTablero(request.GET, usuario=request.user, alcance=alcance)


@require_safe
def tablero(request: HttpRequest) -> HttpResponse:
    pedido = _pedido(request)
    aqui = pedido.periodo
    periodos = [
        {"nombre": n, "url": f"?{pedido.consulta(p)}", "aqui": p == aqui}
        for n, p in con_nombre(timezone.localdate())
    ]
    contexto = {
        "pedido": pedido,
        "periodo": aqui,
        "periodos": periodos,
        "secciones": pedido.secciones(),
        "ahora": timezone.now(),
        "exportar_url": f"{reverse('tablero_exportar')}?{pedido.consulta()}",
    }
    return render(request, "casos/tablero.html", contexto)


@require_safe
def exportar(request: HttpRequest) -> HttpResponse:
    pedido = _pedido(request)
    archivo = tempfile.TemporaryFile()
    escribir_tablero(pedido, archivo)
    anotar(Hecho.EXPORTACION, que="tablero", aparte={"filtro": pedido.consulta()})
    archivo.seek(0)
    return FileResponse(
        archivo,
        as_attachment=True,
        filename=f"tablero-{pedido.periodo.desde}-a-{pedido.periodo.hasta}.xlsx",
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
