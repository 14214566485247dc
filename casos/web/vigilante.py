"""What stands before every page of who is in: sessions end, and a second factor that is owed comes first."""

from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from casos.acceso import segundo_factor, sesiones
from casos.acceso.cifrado import ILEGIBLE, SemillaIlegible
from seguimiento.middleware import guardar_borrador

# What opens to who must activate a second factor: that, proving who they are, and leaving.
ANTES_DE_ACTIVAR = frozenset(
    """segundo_factor segundo_factor_posponer mfa_activate_totp account_reauthenticate
    mfa_reauthenticate account_logout favicon""".split()
)


class Vigilante:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, args, kwargs):
        if not getattr(view_func, "login_required", True) or not request.user.is_authenticated:
            return None
        request.user = get_user(
            request
        )  # themselves: a page asks some seven hundred times, each through the lazy one
        if sesiones.vencio(request.session):
            # Not ``logout``: nobody pressed it, and so it is not told.
            sesiones.olvidar(request)
            request.session.flush()
            request.user = AnonymousUser()
            request.sesion_vencio = True  # the login page says why one is there
            return None
        sesiones.anotar_uso(request)
        if request.resolver_match.view_name in ANTES_DE_ACTIVAR or not segundo_factor.detiene(
            request
        ):
            return None
        return self._a_activar(request, view_func)

    def process_exception(self, request, exception):
        if isinstance(exception, SemillaIlegible):
            return render(request, "mfa/ilegible.html", {"dice": ILEGIBLE}, status=409)
        return None

    def _a_activar(self, request, view_func):
        """What was being sent waits on the other side, as it does for a login."""
        if getattr(view_func, "en_segundo_plano", False):
            return HttpResponse(status=401)
        guardar_borrador(request, view_func, request.user.pk)
        vuelve = request.htmx.current_url_abs_path if request.htmx else request.get_full_path()
        destino = f"{reverse('segundo_factor')}?{urlencode({'next': vuelve or '/'})}"
        return (
            HttpResponseClientRedirect(destino) if request.htmx else HttpResponseRedirect(destino)
        )
