"""Error pages. They never touch ``request.POST``: reading it may be what failed."""

import re
import sys

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import OperationalError
from django.http import HttpResponse, HttpResponseServerError
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string

from .dar_paso import SinPermiso

CSRF = "csrfmiddlewaretoken"
DEMASIADO = (RequestDataTooBig, TooManyFilesSent)


@login_not_required
def peticion_invalida(request, exception=None):
    if isinstance(exception, DEMASIADO):
        mensaje = "También cuenta el texto: si pegaste uno muy largo, acórtalo."
        return render(request, "errores/413.html", {"mensaje": mensaje}, status=413)
    return render(request, "errores/400.html", status=400)


@login_not_required
def sin_permiso(request, exception=None):
    contexto = {"mensaje": str(exception or ""), "es_paso": isinstance(exception, SinPermiso)}
    return render(request, "errores/403.html", contexto, status=403)


@login_not_required
def no_encontrado(request, exception=None):
    return render(request, "errores/404.html", status=404)


OCUPADA = re.compile(
    "database (table )?is locked|deadlock|lock timeout|could not (obtain lock|serialize)"
)
SECRETOS = re.compile("password|^code$|^csrf")


@login_not_required
def falla(request):
    """Drawn without the request: who is here, and their messages, would ask what just failed."""
    if _esta_ocupada(sys.exc_info()[1]):
        return _ocupada(request)
    return HttpResponseServerError(render_to_string("errores/500.html"))


def _esta_ocupada(error) -> bool:
    """Somebody else was writing: what was asked was not done, and done again it may well be."""
    while error is not None:
        if isinstance(error, OperationalError) and OCUPADA.search(str(error)):
            return True
        error = error.__cause__ or error.__context__
    return False


def _ocupada(request):
    """The same again by a button, with all that was typed; what is secret is typed once more."""
    enviado = request.POST if request.method == "POST" else {}
    contexto = {
        "url": request.get_full_path(),
        "es_envio": request.method == "POST"
        and not any(map(SECRETOS.search, set(enviado) - {CSRF})),
        "campos": [(n, v) for n in enviado if n != CSRF for v in enviado.getlist(n)],
        "con_archivos": request.method == "POST" and bool(request.FILES),
        "csrf": (CSRF, get_token(request)),
    }
    respuesta = HttpResponse(render_to_string("errores/ocupada.html", contexto), status=503)
    respuesta["Retry-After"] = "5"
    return respuesta


@login_not_required
def csrf(request, reason=""):
    """The page expired: says how to go back without losing the text."""
    return render(request, "errores/403_csrf.html", status=403)
