"""An area's answer by the link of its letter: no session is opened, and by GET nothing happens.

The link is what is known and what is proved: whoever has it may read what the letter asked, and answer it,
once, as the person it was written to. What stands on the page is what that person may read of it.
"""

from __future__ import annotations

from dataclasses import replace

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from casos.acceso.limites import hay_que_esperar, no_sirvio
from casos.actos import ACTOS, DE_UN_CASO, Acto
from casos.correo.por_enlace import Enlace, buzon_de
from casos.expediente.carga import hoja_de
from casos.expediente.condiciones_de_las_areas import puestas_por
from casos.formularios.escrito import lo_escrito
from casos.formularios.presentacion import condiciones_de, helper_de
from casos.models import Usuario
from casos.pasos.puerta import ejecutar
from casos.pasos.situacion import Clase, Rechazo, Situacion, situacion, situar

from .borrador import como_inicial, desmarcar
from .dar_paso import FALTA_ARCHIVO, formulario_de, formulario_para_leer, pide_otra_condicion

VENCIDO = "Este enlace venció: sirve siete días naturales."
USADO = "Lo que se pedía con este enlace ya se contestó o cambió."
NO_SIRVE = "Este enlace ya no sirve."
MUCHOS = "Se abrieron muchos enlaces que no sirven: espera unos minutos."


@csrf_exempt  # the link is the proof, in the address itself; and this page sends no origin
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def por_enlace(request: HttpRequest, firma: str, accion: str = "") -> HttpResponse:
    respuesta = _responder(request, firma, accion)
    # The address opens the answer: no page that is left for is told it, and no cache keeps it.
    respuesta.headers["Referrer-Policy"] = "no-referrer"
    return respuesta


def _responder(request: HttpRequest, firma: str, accion: str) -> HttpResponse:
    if hay_que_esperar(request):
        return _no(request, MUCHOS, status=429)
    try:
        enlace, vencio = Enlace.leer(firma)
        de_la_carta = enlace.a_que_lleva
    except (signing.BadSignature, TypeError, KeyError):
        no_sirvio(request)
        return _no(request, NO_SIRVE, status=404)
    acto = ACTOS.get(accion) if accion else de_la_carta
    if acto is None or not acto.del_area or acto.sobre is not de_la_carta.sobre:
        return _no(request, NO_SIRVE, status=404)  # a 404 of ours would write the address down
    fila = enlace.busca()
    quien = Usuario.objects.filter(pk=enlace.usuario, is_active=True).first()
    if fila is None or quien is None:
        no_sirvio(request)
        return _no(request, NO_SIRVE, status=410)
    actual = situacion(quien, fila.caso.folio, acto, fila.pk)
    ya_no_es_suyo = actual.clase in (Clase.AJENO, Clase.NO_EXISTE, Clase.RELEVADO)
    a_su_correo = enlace.buzon == buzon_de(quien.email, quien)
    if ya_no_es_suyo or not fila.area.contesta_por_enlace or not a_su_correo:
        no_sirvio(request)
        return _no(
            request, NO_SIRVE, _entrando(fila, acto), _tecleado(request, actual, fila), status=410
        )
    if vencio:
        return _no(
            request, VENCIDO, _entrando(fila, acto), _tecleado(request, actual, fila), status=410
        )
    dibuja = pide_otra_condicion(request)
    if request.method == "POST" and not dibuja:
        return _enviar(request, enlace, actual, firma)
    if actual.fila.version != enlace.version or actual.clase is not Clase.PUEDE:
        return _no(request, USADO, _entrando(fila, acto), status=410)
    escrito = como_inicial(request.POST) if dibuja else None
    formulario = formulario_de(actual, initial=escrito)
    desmarcar(formulario, escrito or {})
    return _pagina(request, actual, formulario, firma)


def _enviar(request: HttpRequest, enlace: Enlace, actual: Situacion, firma: str) -> HttpResponse:
    """The ordinary act through the one door, as that person, on the row as the letter knew it."""
    assert actual.exp is not None
    caso = actual.exp.caso
    datos = request.POST.copy()
    datos["version"] = str(enlace.version)
    try:
        hecho = ejecutar(
            actual.acto,
            actual.usuario,
            caso=caso.pk,
            fila=enlace.fila,
            datos=datos,
            archivos=request.FILES,
            por_enlace=True,
        )
    except Rechazo as rechazo:
        if rechazo.form is not None and rechazo.situacion.clase is Clase.FALTA:
            return _pagina(request, actual, rechazo.form, firma, status=422)
        no_sirvio(request)
        entrando = _entrando(actual.fila, actual.acto)
        return _no(request, USADO, entrando, _tecleado(request, actual, actual.fila), status=409)
    contexto = {"titulo": "Listo", "hecho": hecho.mensaje, "caso": hecho.caso}
    return render(request, "casos/por_enlace_hecho.html", contexto)


def _pagina(request, actual: Situacion, formulario, firma: str, *, status=200) -> HttpResponse:
    assert actual.exp is not None
    exp, acto = actual.exp, actual.acto
    contexto = {
        "caso": exp.caso,
        "fila": actual.fila,
        "quien": actual.usuario,
        "titulo": acto.etiqueta_para(actual.fila),
        "condiciones": condiciones_de(hoja_de(exp, actual.fila), exp),
        "puestas": puestas_por(exp, actual.fila),
        "form": formulario,
        "presentacion": helper_de(formulario),
        "pide_archivo": FALTA_ARCHIVO if request.FILES else "",
        "otras": [
            (s.acto.etiqueta_para(s.fila), reverse("por_enlace_acto", args=[firma, s.acto.nombre]))
            for s in (situar(exp, actual.usuario, a, actual.fila.pk) for a in _hermanos(acto))
            if s.clase is Clase.PUEDE
        ],
        "entrando": _entrando(actual.fila, acto),
    }
    return render(request, "casos/por_enlace.html", contexto, status=status)


def _hermanos(acto: Acto) -> list[Acto]:
    """What else the area may answer on the same row."""
    return [a for a in DE_UN_CASO if a.del_area and a.sobre is acto.sobre and a is not acto]


def _entrando(fila, acto: Acto) -> str:
    """The ordinary page, which asks to enter first and then opens the answer."""
    return reverse("paso_objeto", args=[fila.caso.folio, acto.nombre, fila.pk])


def _tecleado(request: HttpRequest, actual: Situacion, fila) -> list[tuple[str, str]]:
    """What was sent with a link that no longer holds, to be copied."""
    if request.method != "POST":
        return []
    return lo_escrito(formulario_para_leer(replace(actual, fila=fila)), request.POST)


def _no(request, mensaje: str, entrando="", escrito=(), *, status: int) -> HttpResponse:
    contexto = {"titulo": mensaje, "entrando": entrando or "/", "escrito": escrito}
    return render(request, "casos/por_enlace_no.html", contexto, status=status)
