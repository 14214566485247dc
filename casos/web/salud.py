"""``/salud/``: for a load balancer, without login; its detail, for who runs the product."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_q.brokers import get_broker

from casos.lecturas.estado_del_sistema import revisiones


@login_not_required
@never_cache
@require_safe
def salud(request):
    """200 when a step can be done, 503 otherwise: for that the database has to answer, the queue has not.

    What waits in the outbox leaves when the queue is back.
    """
    estado = {"base": _prueba(_base), "cola": _prueba(_cola)}
    return JsonResponse(estado, status=200 if estado["base"] == "ok" else 503)


@login_not_required
@never_cache
@require_safe
def detalle(request):
    """All that stands around the product, in words, for a monitor with the token of ``SALUD_TOKEN``.

    In clear where HTTPS is asked for it is not there: a redirection would hide that the token travels so.
    """
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        raise Http404
    dado = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if not settings.SALUD_TOKEN or not constant_time_compare(dado, settings.SALUD_TOKEN):
        raise Http404
    vistas = revisiones()
    mal = {r.nombre: r.dicho for r in vistas if not r.bien}
    estado = {"mal": mal, "bien": {r.nombre: r.dicho for r in vistas if r.bien}}
    return JsonResponse(
        estado, status=503 if mal else 200, json_dumps_params={"ensure_ascii": False}
    )


@require_safe
def pagina(request):
    """The same as a page, for the administrator."""
    if not request.user.is_superuser:
        raise PermissionDenied("Esta página es de quien administra el sistema.")
    return render(request, "casos/estado_del_sistema.html", {"revisiones": revisiones()})


def _prueba(funcion) -> str:
    try:
        funcion()
    except Exception:  # whatever it is, the balancer only needs to know that it does not answer
        return "no responde"
    return "ok"


def _base():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _cola():
    get_broker().queue_size()
