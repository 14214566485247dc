"""A file handed in with an act: by its case's visibility and its act's grounds (D§4.1)."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from casos.archivos.tipos import POR_MIME
from casos.catalogos import Hecho
from casos.datos_tratados import PorDonde
from casos.expediente import Expediente, de_uno
from casos.lecturas.datos_de_personas import lecturas
from casos.lecturas.historia import esta_reservado
from casos.models import Adjunto, Caso, LecturaSensible
from casos.pasos.sensibles import marcar, puede_marcar
from casos.permisos.de_privacidad import lee_las_lecturas
from casos.seguridad.anotar import anotar


def _suyo(request: HttpRequest, pk: int) -> tuple[Adjunto, Expediente]:
    """The file, and its case as this person sees it. Raises ``Http404`` where they may not."""
    adjunto = get_object_or_404(
        Adjunto.objects.select_related("evento", "subido_por").filter(
            caso__in=Caso.objects.visibles_para(request.user)
        ),
        pk=pk,
    )
    exp = de_uno(request.user, pk=adjunto.caso_id)
    if exp is None or esta_reservado(adjunto.evento, exp, request.user):
        raise Http404
    return adjunto, exp


@require_safe
def archivo(request: HttpRequest, pk: int) -> FileResponse:
    """Always as an attachment, never as a page. A read of one marked sensitive is written down first."""
    adjunto, exp = _suyo(request, pk)
    if adjunto.borrado_en:
        raise Http404
    try:
        contenido = adjunto.archivo.open("rb")
    except OSError:
        raise Http404 from None
    if adjunto.sensible and request.method == "GET":
        LecturaSensible.objects.create(
            adjunto=adjunto, usuario=request.user, por_donde=PorDonde.CASO
        )
    anotar(
        Hecho.DESCARGA, que=exp.caso.folio, archivo=adjunto.pk, aparte={"archivo": adjunto.nombre}
    )
    tipo = adjunto.tipo if adjunto.tipo in POR_MIME else "application/octet-stream"
    respuesta = FileResponse(
        contenido, content_type=tipo, as_attachment=True, filename=adjunto.nombre
    )
    respuesta["X-Content-Type-Options"] = "nosniff"
    respuesta["Content-Security-Policy"] = "default-src 'none'; sandbox"
    respuesta["Cache-Control"] = "private, no-store"
    return respuesta


@require_safe
def ficha(request: HttpRequest, pk: int) -> HttpResponse:
    """What is known of a file; of a sensitive one, that its reads are recorded, and for whom may, which."""
    adjunto, exp = _suyo(request, pk)
    contexto = {
        "adjunto": adjunto,
        "caso": exp.caso,
        "puede_marcar": puede_marcar(request.user, adjunto),
        "lecturas": lecturas(request.user, adjunto) if lee_las_lecturas(request.user) else [],
    }
    return render(request, "casos/archivo.html", contexto)


@require_POST
def sensible(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a file as sensitive, or no longer."""
    adjunto, _ = _suyo(request, pk)
    si = bool(request.POST.get("sensible"))
    marcar(adjunto, si, request.user)
    messages.success(
        request,
        "Listo: se anota quién lo lea." if si else "Listo: ya no se anota quién lo lea.",
    )
    return redirect("archivo_ficha", pk=pk)
