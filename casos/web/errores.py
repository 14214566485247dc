"""Error pages. They never touch ``request.POST``: reading it may be what failed."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string

from .dar_paso import SinPermiso

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


@login_not_required
def falla(request):
    """Drawn without the request: who is here, and their messages, would ask what just failed."""
    return HttpResponseServerError(render_to_string("errores/500.html"))


@login_not_required
def csrf(request, reason=""):
    """The page expired: says how to go back without losing the text."""
    return render(request, "errores/403_csrf.html", status=403)
