"""Error pages. They never touch ``request.POST``: reading it may be what failed."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from casos.catalogos import Hecho
from casos.seguridad.anotar import anotar
from seguimiento.fallas import es_de_alrededor

from .dar_paso import SinPermiso

ESPERA = 30  # seconds until it is worth asking again
DEMASIADO = (RequestDataTooBig, TooManyFilesSent)


@login_not_required
def peticion_invalida(request, exception=None):
    if isinstance(exception, DEMASIADO):
        mensaje = "También cuenta el texto: si pegaste uno muy largo, acórtalo."
        return render(request, "errores/413.html", {"mensaje": mensaje}, status=413)
    return render(request, "errores/400.html", status=400)


@login_not_required
def sin_permiso(request, exception=None):
    _anotar(request, Hecho.NEGADO)
    contexto = {"mensaje": str(exception or ""), "es_paso": isinstance(exception, SinPermiso)}
    return render(request, "errores/403.html", contexto, status=403)


@login_not_required
def no_encontrado(request, exception=None):
    if request.resolver_match is not None:  # an address of ours: somebody's row, or nobody's
        _anotar(request, Hecho.NO_EXISTE)
    return render(request, "errores/404.html", status=404)


@login_not_required
def falla(request):
    """A fault of ours, or of what stands around us (503: it passes, and what was sent can be sent again).

    Drawn without the request: who is here, and their messages, would ask what just failed.
    """
    if es_de_alrededor(sys.exc_info()[1]):
        respuesta = HttpResponse(_dibujar("errores/503.html", **_lo_enviado(request)), status=503)
        respuesta.headers["Retry-After"] = str(ESPERA)
        return respuesta
    return HttpResponse(_dibujar("errores/500.html"), status=500)


def _anotar(request, hecho) -> None:
    usuario = getattr(request, "user", None)
    if usuario is not None and usuario.is_authenticated:
        anotar(hecho, peticion=request, que=request.method, aparte={"ruta": request.path})


def _dibujar(plantilla, **contexto) -> str:
    """Plain where the style itself is what is missing."""
    try:
        return render_to_string(plantilla, contexto | {"sin_estilo": False})
    except Exception:
        return render_to_string(plantilla, contexto | {"sin_estilo": True})


def _lo_enviado(request) -> dict:
    """What a POST brought, to be sent again with its own token; never a password, nor what cannot be read."""
    nada = {"ruta": request.get_full_path(), "campos": [], "archivos": []}
    if request.method != "POST":
        return nada
    try:
        campos = [(k, v) for k, valores in request.POST.lists() for v in valores]
        archivos = list(request.FILES)
    except Exception:
        return nada
    if any("password" in k or k == "code" for k, _ in campos):
        return nada
    return nada | {"campos": campos, "archivos": archivos}


@login_not_required
def csrf(request, reason=""):
    """The page expired: says how to go back without losing the text."""
    return render(request, "errores/403_csrf.html", status=403)
