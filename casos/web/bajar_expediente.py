"""The file of one case, to be taken away: as PDF, with its files (ZIP), and with the names covered.

Whoever may see the case has it, and reads in it what its page tells them; who may know no names has only the covered
one. That it was taken stands in the record of security.
"""

from __future__ import annotations

import logging

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casos.catalogos import Hecho
from casos.datos_tratados import PorDonde
from casos.expediente.completo import completo
from casos.impresos.imprenta import NoSeImprimio, imprimir_para_archivar
from casos.lecturas.expediente_en_papel import EnPapel, documento, leer
from casos.lecturas.expediente_en_zip import hacer
from casos.models import LecturaSensible, Usuario
from casos.permisos.lectura import enmascara
from casos.seguridad.anotar import anotar

from .ver_impresos import como_pdf

log = logging.getLogger(__name__)
SIN_DISCO = (
    "El ZIP no se pudo hacer: el disco del sistema no tiene lugar. Avísale a quien lo administra."
)


@require_safe
def en_pdf(request: HttpRequest, folio: str) -> HttpResponse:
    return _en_pdf(request, folio, cubierto=False)


@require_safe
def cubierto(request: HttpRequest, folio: str) -> HttpResponse:
    """Each person by one stand-in throughout; no files."""
    return _en_pdf(request, folio, cubierto=True)


@require_safe
def en_zip(request: HttpRequest, folio: str) -> HttpResponseBase:
    """The PDF, the files and SHA256SUMS."""
    papel = _leido(request, folio, cubierto=False)
    try:
        hecho = hacer(papel)
    except NoSeImprimio as error:
        return _no_se_pudo(request, papel, str(error))
    except OSError as error:
        log.error("No se pudo hacer el ZIP de %s: %s", folio, error)
        return _no_se_pudo(request, papel, SIN_DISCO)
    if request.method == "GET":
        LecturaSensible.objects.bulk_create(
            LecturaSensible(adjunto=g.adjunto, usuario=papel.usuario, por_donde=PorDonde.EXPEDIENTE)
            for g in papel.archivos
            if g.adjunto.sensible and g.hoy
        )
    anotar(Hecho.DESCARGA, que=folio, expediente="zip")
    respuesta = FileResponse(
        hecho,
        content_type="application/zip",
        as_attachment=True,
        filename=f"{folio}-expediente.zip",
    )
    respuesta["X-Content-Type-Options"] = "nosniff"
    respuesta["Cache-Control"] = "private, no-store"
    return respuesta


def _en_pdf(request: HttpRequest, folio: str, *, cubierto: bool) -> HttpResponse:
    papel = _leido(request, folio, cubierto=cubierto)
    try:
        contenido = imprimir_para_archivar(documento(papel))
    except NoSeImprimio as error:
        return _no_se_pudo(request, papel, str(error))
    clase = "expediente-cubierto" if cubierto else "expediente"
    anotar(Hecho.DESCARGA, que=folio, expediente="cubierto" if cubierto else "pdf")
    return como_pdf(request, contenido, f"{folio}-{clase}.pdf")


def _leido(request: HttpRequest, folio: str, *, cubierto: bool) -> EnPapel:
    """Raises ``Http404`` for who may not see the case, or may know no names."""
    assert isinstance(request.user, Usuario)
    exp = completo(request.user, folio=folio)
    if exp is None or (enmascara(request.user) and not cubierto):
        raise Http404
    return leer(exp, request.user, cubierto=cubierto)


def _no_se_pudo(request: HttpRequest, papel: EnPapel, dicho: str) -> HttpResponse:
    contexto = {"caso": papel.exp.caso, "dichos": [dicho], "falta_escribir": False}
    return render(request, "casos/sin_pdf.html", contexto, status=503)
