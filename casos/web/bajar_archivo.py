"""A file handed in with an act: by its case's visibility and its act's grounds (D§4.1)."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from casos.archivos.tipos import POR_MIME
from casos.catalogos import Hecho
from casos.expediente import de_uno
from casos.lecturas.historia import esta_reservado
from casos.models import Adjunto, Caso
from casos.seguridad.anotar import anotar


@require_safe
def archivo(request: HttpRequest, pk: int) -> FileResponse:
    """Always as an attachment, never as a page."""
    adjunto = get_object_or_404(
        Adjunto.objects.select_related("evento").filter(
            caso__in=Caso.objects.visibles_para(request.user)
        ),
        pk=pk,
    )
    exp = de_uno(request.user, pk=adjunto.caso_id)
    if exp is None or esta_reservado(adjunto.evento, exp, request.user):
        raise Http404
    try:
        contenido = adjunto.archivo.open("rb")
    except OSError:
        raise Http404 from None
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
