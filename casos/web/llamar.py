"""*Registrar llamada*: the short form of 7.2, on its page or in the row of a list. No rules, no ``save()``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect, reselect, retarget

from casos.actos import REGISTRAR_CONTACTO
from casos.catalogos import SiNo
from casos.formularios.base import version_de
from casos.lecturas.columnas_de_la_lista import LAS_DE_ESPERA, columnas_de, lo_que_piden
from casos.models import Caso
from casos.pasos.llamada import LUGAR, LlamadaForm, acto_de_llamada
from casos.pasos.puerta import ActoHecho, ejecutar
from casos.pasos.situacion import Clase, Rechazo, Situacion, situacion, situar
from casos.permisos.lectura import cliente_para, lee_datos_de_contacto, persona_para

from .borrador import borrador, desmarcar, recupera, terminar
from .dar_paso import decir_lo_hecho, responder
from .tanda import Tanda

LISTA, ESPERA, CASO = "lista", "espero", "caso"


@recupera
@require_http_methods(["GET", "HEAD", "POST"])
def llamada(request: HttpRequest, folio: str) -> HttpResponse:
    """§7.2: as ``dar_paso``, with the act that a call is now."""
    actual = _situacion(request, folio)
    if request.method == "POST" and actual.exp is not None:
        return _enviar(request, actual)
    if actual.clase is not Clase.PUEDE:
        return responder(request, actual)
    escrito = borrador(request)
    formulario = _formulario(actual, initial=escrito | {"lugar": _lugar(request)})
    desmarcar(formulario, escrito)
    return _pagina(request, actual, formulario)


def _situacion(request: HttpRequest, folio: str) -> Situacion:
    actual = situacion(request.user, folio, REGISTRAR_CONTACTO)
    if actual.exp is None:
        return actual
    acto = acto_de_llamada(actual.exp.caso)
    return actual if acto is actual.acto else situar(actual.exp, request.user, acto)


def _lugar(request: HttpRequest) -> str:
    """The row that asks for the form: htmx says where it puts it, ``aqui-lista-12``."""
    lugar = (request.htmx.target or "").removeprefix("aqui-") if request.htmx else ""
    return lugar if LUGAR.match(lugar) else ""


def _formulario(actual: Situacion, datos: Any = None, initial: Any = None) -> LlamadaForm:
    assert actual.exp is not None
    return LlamadaForm(
        datos,
        exp=actual.exp,
        usuario=actual.usuario,
        acto=actual.acto,
        permiso=actual.permiso,
        initial=initial,
    )


def _enviar(request: HttpRequest, actual: Situacion) -> HttpResponse:
    assert actual.exp is not None
    try:
        hecho = ejecutar(
            actual.acto,
            request.user,
            caso=actual.exp.caso.pk,
            datos=request.POST,
            formulario=LlamadaForm,
        )
    except Rechazo as rechazo:
        return _rechazada(request, rechazo)
    lugar = request.POST.get("lugar", "")
    if request.htmx:
        terminar(request)
    if request.htmx and LUGAR.match(lugar) and not lugar.startswith(f"{CASO}-"):
        return _en_su_renglon(request, hecho, lugar)
    decir_lo_hecho(request, hecho)
    destino = hecho.caso.get_absolute_url()
    return HttpResponseClientRedirect(destino) if request.htmx else HttpResponseRedirect(destino)


def _rechazada(request: HttpRequest, rechazo: Rechazo) -> HttpResponse:
    ahora = _situacion(request, rechazo.situacion.folio)
    vieja = rechazo.situacion.clase is Clase.VIEJA
    if ahora.clase is Clase.PUEDE and vieja:
        assert ahora.exp is not None
        datos = request.POST.copy()
        datos["version"] = str(version_de(ahora.acto, ahora.exp.caso))
        ahora = replace(ahora, que_paso=rechazo.situacion.que_paso)
        return _pagina(request, ahora, _formulario(ahora, datos), status=409)
    if ahora.exp is not None and isinstance(rechazo.form, LlamadaForm) and not vieja:
        return _pagina(request, replace(rechazo.situacion, exp=ahora.exp), rechazo.form, status=422)
    return responder(request, ahora if vieja else rechazo.situacion)


def _pagina(
    request: HttpRequest, actual: Situacion, formulario: LlamadaForm, status: int = 200
) -> HttpResponse:
    assert actual.exp is not None
    caso = actual.exp.caso
    contexto = {
        "form": formulario,
        "caso": caso,
        "persona": persona_para(caso.persona, actual.usuario),
        "ve_contacto": lee_datos_de_contacto(actual.usuario),
        "que_paso": actual.que_paso,
        "ahora": timezone.localtime(),
        "url_llamada": reverse("llamada", args=[caso.folio]),
    }
    # htmx puts in place what was refused; a page answers with what happened.
    status = 422 if request.htmx and status == 409 else status
    return render(request, "casos/llamada.html", contexto, status=status)


def _en_su_renglon(request: HttpRequest, hecho: ActoHecho, lugar: str) -> HttpResponse:
    """The row drawn again, with what was recorded and what comes next."""
    grupo = lugar.partition("-")[0]
    columnas = LAS_DE_ESPERA if grupo == ESPERA else columnas_de(request.user)
    filas = Caso.objects.visibles_para(request.user).en_filas(**lo_que_piden(columnas))
    caso = filas.get(pk=hecho.caso.pk)
    cliente_para(caso.cliente, request.user)
    contesto = request.POST.get("efectivo") == SiNo.SI
    contexto = {
        "caso": caso,
        "lugar": lugar,
        "grupo": grupo,
        "en_tabla": grupo in (LISTA, ESPERA),
        "columnas": columnas,
        "marcables": Tanda(request.user).marcables([caso]) if grupo == LISTA else (),
        "recien": f"{'Contestó' if contesto else 'No contestó'}, {timezone.localtime():%H:%M}",
    }
    respuesta = render(request, "casos/_llamada_hecha.html", contexto)
    fila = f"#fila-{lugar}"
    return reselect(retarget(respuesta, fila), fila)
