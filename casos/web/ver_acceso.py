"""How a person gets in, and where they are in: the second factor that is asked of them, their sessions."""

from allauth.account.decorators import reauthentication_required
from allauth.account.views import ReauthenticateView
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from casos.acceso import segundo_factor, sesiones
from casos.web.borrador import solo_post


@require_safe
def pide_segundo_factor(request):
    """Where who must activate it is led, from whatever they wanted to open."""
    if not segundo_factor.detiene(request):
        return HttpResponseRedirect(_a_donde_iba(request))
    contexto = {
        "clase": segundo_factor.por_que_se_le_pide(request.user),
        "quedan": segundo_factor.quedan(request.user),
        "siguiente": _a_donde_iba(request),
    }
    return render(request, "mfa/se_pide.html", contexto)


@solo_post("../")
def posponer(request):
    if segundo_factor.detiene(request) and not segundo_factor.posponer(request):
        return redirect("segundo_factor")
    return HttpResponseRedirect(_a_donde_iba(request))


class Confirmar(ReauthenticateView):
    """allauth's page, whose form may ask a code too: it says what was confirmed."""

    def form_valid(self, form):
        form.save(self.request)
        return super(ReauthenticateView, self).form_valid(form)


@require_http_methods(["GET", "POST"])
@reauthentication_required
def cerrar_las_demas(request):
    """A GET comes back from the page that asked for the password, or from the login."""
    if request.method == "POST":
        cerradas = sesiones.cerrar(request.user, menos=request.session.session_key)
        messages.success(request, _dicho(cerradas))
    return redirect("cuenta")


@require_http_methods(["GET", "POST"])
@reauthentication_required
def cerrar_una(request, pk):
    if request.method == "POST":
        # One's own is left by its own button.
        cerradas = sesiones.cerrar(request.user, menos=request.session.session_key, solo=pk)
        messages.success(request, _dicho(cerradas))
    return redirect("cuenta")


def _dicho(cerradas: int) -> str:
    if not cerradas:
        return "Ya no había otra sesión abierta."
    return (
        "Listo: cerramos esa sesión." if cerradas == 1 else f"Listo: cerramos {cerradas} sesiones."
    )


def _a_donde_iba(request) -> str:
    """A path: ``redirect`` would take the name of a page for one, and fail on any other word."""
    siguiente = request.POST.get("next") or request.GET.get("next") or "/"
    es_de_aqui = url_has_allowed_host_and_scheme(
        siguiente, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return siguiente if es_de_aqui and siguiente.startswith("/") else "/"
