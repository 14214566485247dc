"""*Instrucción de trabajo*: its text, annex 11 drawn from the machine, and both as documents. GET only."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casos import bpmn, diagrama
from casos.impresos.de_la_instruccion import de_la_revision, del_anexo, tabla_de
from casos.impresos.imprenta import NoSeImprimio, imprimir
from casos.lecturas import procedimiento as consulta
from casos.models import Empresa, RevisionInstruccion
from casos.permisos.del_documento import (
    escribe_la_instruccion,
    lee_la_revision,
    lee_los_acuses,
    lee_los_sellos,
)

from .formularios_de_la_instruccion import AcuseForm
from .ver_impresos import como_pdf


@require_safe
def procedimiento(request):
    return con_lo_suyo(request)


def con_lo_suyo(request, **mas):
    """The procedure in force, for who reads it: the register, and what they owe."""
    lo = consulta.lo_suyo(request.user)
    return pintar(request, lo.pop("revision"), **(lo | mas))


def pintar(request, revision, status=200, **mas):
    """A revision as a page, with what the machine does beside each step."""
    pasos = consulta.pasos_del_procedimiento()
    secciones = revision.secciones.all() if revision else ()
    contexto = {
        "revision": revision,
        "secciones": [_seccion(s, pasos) for s in secciones],
        "pasos": pasos,
        "diagrama": diagrama.dibujar(titulos={s.clave: s.titulo for s in secciones}),
        "salidas": diagrama.salidas_generales(),
        "escribe": escribe_la_instruccion(request.user),
        "lee_acuses": lee_los_acuses(request.user),
        "lee_sellos": lee_los_sellos(request.user),
        "acuse_form": AcuseForm(),
    }
    return render(request, "casos/procedimiento.html", contexto | mas, status=status)


def _seccion(fila, pasos) -> dict:
    """A section as drawn: its text, or its table where the lines are tabulated (§10)."""
    filas = tabla_de(fila.texto)
    return {
        "fila": fila,
        "ancla": "s" + fila.clave.replace(".", "-"),
        "paso": next((p for p in pasos if p.seccion == fila.clave), None),
        "columnas": filas[0] if filas else None,
        "renglones": [list(zip(filas[0], r, strict=False)) for r in filas[1:]],
    }


def la_que_lee(request: HttpRequest, numero: int) -> RevisionInstruccion:
    """A revision, for who may read it; one in preparation exists for who prepares it."""
    revision = consulta.por_numero(numero)
    if revision is None or not lee_la_revision(request.user, revision):
        raise Http404
    return revision


@require_safe
def en_pdf(request: HttpRequest, numero: int) -> HttpResponse:
    """The document, with the head of the original."""
    revision = la_que_lee(request, numero)
    documento = de_la_revision(revision, revision.secciones.all(), empresa(), _marca(revision))
    return imprimir_documento(request, documento, f"{revision.codigo}-rev-{revision.numero}.pdf")


@require_safe
def anexo_pdf(request: HttpRequest) -> HttpResponse:
    revision = _la_vigente()
    documento = del_anexo(revision, empresa(), "")
    return imprimir_documento(request, documento, f"{revision.codigo}-anexo-11.pdf")


@require_safe
def anexo_bpmn(request: HttpRequest) -> HttpResponse:
    """Annex 11 to be opened in an editor of processes."""
    revision = consulta.vigente()
    codigo = revision.codigo if revision else ""
    xml = bpmn.escribir(codigo, revision.numero if revision else None)
    nombre = f"{codigo or 'instruccion'}-anexo-11.bpmn"
    cabeceras = {"Content-Disposition": f'attachment; filename="{nombre}"'}
    return HttpResponse(xml, content_type=bpmn.MIME, headers=cabeceras)


def _la_vigente() -> RevisionInstruccion:
    revision = consulta.vigente()
    if revision is None:
        raise Http404
    return revision


def empresa() -> str:
    return Empresa.actual().nombre


def _marca(revision: RevisionInstruccion) -> str:
    return "" if revision.es_vigente else f"NO VIGENTE: {revision.get_estado_display()}".upper()


def imprimir_documento(request: HttpRequest, documento, nombre: str) -> HttpResponse:
    try:
        return como_pdf(request, imprimir(documento), nombre)
    except NoSeImprimio as error:
        contexto = {"caso": None, "dichos": [str(error)], "falta_escribir": False}
        return render(request, "casos/sin_pdf.html", contexto, status=503)
