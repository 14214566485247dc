"""``/salud/``: for a load balancer, without login."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_q.brokers import get_broker


@login_not_required
@never_cache
@require_safe
def salud(request):
    """200 when a step can be done, 503 otherwise: for that the database has to answer, the queue has not.

    What waits in the outbox leaves when the queue is back.
    """
    estado = {"base": _prueba(_base), "cola": _prueba(_cola)}
    return JsonResponse(estado, status=200 if estado["base"] == "ok" else 503)


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
