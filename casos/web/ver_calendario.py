"""A person's calendar by its private address, and the address itself: made, renewed, ended in *Mi cuenta*."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from casos.acceso import enlace_de_calendario
from casos.acceso.limites import hay_que_esperar, no_sirvio
from casos.catalogos import Hecho
from casos.lecturas.calendario_suscrito import calendario_de
from casos.models import Usuario
from casos.permisos.cargos import actua
from casos.seguridad import de_donde
from casos.seguridad.anotar import anotar
from casos.web.confirmacion import con_confirmacion

CON_FORMULARIO = ["GET", "HEAD", "POST"]
UN_DIA = 24 * 3600  # seconds


@login_not_required
@require_safe
def suscrito(request: HttpRequest, clave: str) -> HttpResponse:
    """What waits for whose address it is. One that is wrong or ended: as if there were nothing."""
    if hay_que_esperar(request):
        return HttpResponse(status=429, content_type="text/plain; charset=utf-8")
    usuario = enlace_de_calendario.de_quien(clave)
    if usuario is None:
        no_sirvio(request)
        raise Http404
    _anotar_que_se_leyo(request, usuario)
    respuesta = HttpResponse(calendario_de(usuario), content_type="text/calendar; charset=utf-8")
    respuesta.headers["Content-Disposition"] = 'inline; filename="seguimiento.ics"'
    respuesta.headers["Referrer-Policy"] = "no-referrer"
    return respuesta


def _anotar_que_se_leyo(request: HttpRequest, usuario: Usuario) -> None:
    """Once a day from each place: calendars ask every hour, and a key that leaked is read from another."""
    if cache.add(f"calendario:{usuario.pk}:{de_donde.direccion(request)}", True, UN_DIA):
        anotar(Hecho.DESCARGA, persona=usuario, que="su calendario")


@require_http_methods(CON_FORMULARIO)
@con_confirmacion
def crear(request: HttpRequest) -> HttpResponse:
    """A new address, which is shown this once; the former ends. A GET only leads back to the account."""
    if request.method != "POST":
        return redirect("cuenta")
    if not actua(request.user):
        raise PermissionDenied(
            "Tu cuenta no lleva trabajo en los casos: no hay qué poner en un calendario."
        )
    clave = enlace_de_calendario.crear(request.user)
    direccion = settings.URL_BASE + reverse("calendario_suscrito", args=[clave])
    return render(request, "casos/calendario.html", {"direccion": direccion})


@require_http_methods(CON_FORMULARIO)
def anular(request: HttpRequest) -> HttpResponse:
    """It ends now. A GET only leads back to the account."""
    pide = request.method == "POST" and "anular" in request.POST
    if pide and enlace_de_calendario.anular(request.user):
        messages.success(request, "Listo: el enlace de tu calendario ya no sirve.")
    return redirect("cuenta")
