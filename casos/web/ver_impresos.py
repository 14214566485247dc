"""What the client is given in writing, as PDF: seen, downloaded, and the draft before it is presented (§7.5).

A PDF is only ever served as one, by the case's visibility and ``lectura.lee_impresos``. Nothing is recorded here but
that somebody took a document away.
"""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from casos import calendario
from casos.actos import PRESENTAR
from casos.catalogos import Estado, EstadoPropuesta, Hecho, Resultado
from casos.expediente import Expediente, de_uno
from casos.expediente.carga import conceptos_de
from casos.impresos.congelar import bytes_de, pdf_de
from casos.impresos.documentos import Documento
from casos.impresos.imprenta import MIME, NoSeImprimio, imprimir
from casos.lecturas import correos as consulta
from casos.models import Empresa, Impreso, Propuesta, Usuario
from casos.pasos.entregas import acuerdo_de, borrador_de, documento_de, lo_aceptado, ultimo_acuerdo
from casos.pasos.propuesta import PresentarForm
from casos.pasos.situacion import situacion
from casos.permisos import lectura
from casos.seguridad.anotar import anotar

from .dar_paso import formulario_de, responder

# A PDF brings nothing of ours along; the viewers of the browsers draw it with a frame and styles of their own.
CSP = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
CON_LOS_DATOS_DE_HOY = "hecho con los datos de hoy"


@require_safe
def propuesta(request: HttpRequest, folio: str, numero: int) -> HttpResponse:
    """A version that was presented. Of one that another replaced, with that mark; ``?original``: as it was given."""
    exp = _de_quien_lo_lee(request, folio)
    suya = next((p for p in exp.hechos.propuestas if p.numero == numero), None)
    if suya is None:
        raise Http404
    impreso = exp.caso.impresos.filter(clase=Impreso.Clase.PROPUESTA, numero=numero)
    guardado = impreso.select_related("logo").first()
    por = 0 if "original" in request.GET else _la_que_sigue(exp, suya)
    try:
        if guardado is None:  # presented before they were kept
            contenido = _de_hoy(documento_de(exp, suya, Empresa.actual()))
        else:
            contenido = pdf_de(guardado, sustituida_por=por)
    except NoSeImprimio as error:
        return _no_se_pudo(request, exp, [str(error)], 503)
    anotar(Hecho.DESCARGA, que=folio, propuesta=numero)
    return como_pdf(request, contenido, f"{suya}{'-sustituida' if por and guardado else ''}.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
def borrador(request: HttpRequest, folio: str) -> HttpResponse:
    """The version that is being written: of the sheet, or (POST) of what is typed. Nothing is recorded."""
    actual = situacion(request.user, folio, PRESENTAR)
    if not actual.se_hace:
        return responder(request, actual)
    exp = actual.exp
    assert exp is not None and isinstance(request.user, Usuario)
    try:
        if request.method == "POST":
            form = formulario_de(actual, request.POST)
            assert isinstance(form, PresentarForm)
            form.is_valid()
            documento = form.borrador()
        else:
            hasta = calendario.hoy() + timedelta(days=exp.hechos.configuracion.vigencia_dias)
            documento = borrador_de(exp, request.user, vigencia=hasta)
        contenido = imprimir(documento, bytes_de(Empresa.actual().logo))
    except ValidationError as error:
        return _no_se_pudo(request, exp, error.messages, 422)
    except NoSeImprimio as error:
        return _no_se_pudo(request, exp, [str(error)], 503)
    return como_pdf(request, contenido, f"{documento['referencia']}-borrador.pdf")


@require_safe
def acuerdo(request: HttpRequest, folio: str) -> HttpResponse:
    """What was agreed, as it stands; once the case left 7.7 without it, no more."""
    exp = _de_quien_lo_lee(request, folio)
    caso = exp.caso
    if caso.estado != Estado.EN_MODIFICACION and caso.resultado != Resultado.MODIFICADO:
        raise Http404
    ultimo = ultimo_acuerdo(caso)
    assert isinstance(request.user, Usuario)
    try:
        if ultimo is None:  # accepted before they were kept
            acepto, _ = lo_aceptado(caso)
            contenido, nombre = _de_hoy(acuerdo_de(exp, request.user, acepto)), f"{folio}-A1.pdf"
        else:
            contenido, nombre = pdf_de(ultimo), ultimo.nombre
    except NoSeImprimio as error:
        return _no_se_pudo(request, exp, [str(error)], 503)
    anotar(Hecho.DESCARGA, que=folio, acuerdo=ultimo.numero if ultimo else 1)
    return como_pdf(request, contenido, nombre)


@require_safe
def del_correo(request: HttpRequest, pk: int) -> HttpResponse:
    """The document that a mail carries, as it left, for who reads the mail."""
    aviso = consulta.visibles_para(request.user).filter(pk=pk).exclude(impreso=None)
    hallado = aviso.select_related("impreso__logo", "caso").first()
    assert isinstance(request.user, Usuario)
    if hallado is None or not lectura.lee_correo(hallado, request.user):
        raise Http404
    exp = _de_quien_lo_lee(request, hallado.caso.folio)
    try:
        contenido = pdf_de(hallado.impreso)
    except NoSeImprimio as error:
        return _no_se_pudo(request, exp, [str(error)], 503)
    anotar(Hecho.DESCARGA, que=exp.caso.folio, correo=pk)
    return como_pdf(request, contenido, hallado.impreso.nombre)


def _de_quien_lo_lee(request: HttpRequest, folio: str) -> Expediente:
    """The case, for who may be given its documents; for the rest they are not there."""
    assert isinstance(request.user, Usuario)
    exp = de_uno(request.user, folio=folio)
    if exp is None:
        raise Http404
    suyos: set[int] = set()
    if not lectura.ve_toda_la_hoja(exp.caso, request.user):
        suyos = conceptos_de(request.user.areas_ids)
    if not lectura.lee_impresos(exp.hechos, request.user, suyos):
        raise Http404
    return exp


def _la_que_sigue(exp: Expediente, suya: Propuesta) -> int:
    """Number of the version that replaced it; 0 where none did."""
    if suya.estado != EstadoPropuesta.SUPERADA:
        return 0
    posteriores = [p.numero for p in exp.hechos.propuestas if p.numero > suya.numero]
    return min(posteriores, default=0)


def _de_hoy(documento: Documento) -> bytes:
    """Of what was given before documents were kept: it says that it was made today."""
    return imprimir(documento | {"pie": CON_LOS_DATOS_DE_HOY}, bytes_de(Empresa.actual().logo))


def como_pdf(request: HttpRequest, contenido: bytes, nombre: str) -> HttpResponse:
    respuesta = HttpResponse(contenido, content_type=MIME)
    disposicion = content_disposition_header("bajar" in request.GET, nombre)
    # ``None`` where it would only say that it is to be seen: the name it is saved by is said all the same.
    respuesta["Content-Disposition"] = disposicion or f'inline; filename="{nombre}"'
    respuesta["X-Content-Type-Options"] = "nosniff"
    respuesta["Content-Security-Policy"] = CSP
    respuesta["Cache-Control"] = "private, no-store"
    return respuesta


def _no_se_pudo(
    request: HttpRequest, exp: Expediente, dichos: list[str], status: int
) -> HttpResponse:
    contexto = {"caso": exp.caso, "dichos": dichos, "falta_escribir": status == 422}
    return render(request, "casos/sin_pdf.html", contexto, status=status)
