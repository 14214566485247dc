"""Acts on several cases of the list at once; what is refused is said beside it, and nothing typed is lost."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from casos.actos import ASIGNAR, PLANEAR, Acto
from casos.permisos.cargos import cargo_de_gerencia, cargos
from casos.web.borrador import solo_post
from casos.web.tanda import Tanda
from casos.web.ver_lista import limpia, ver_lista


@solo_post(vuelve_a="../")
def asignar(request: HttpRequest) -> HttpResponse:
    """§6: GER or DG give several cases to one person."""
    if cargo_de_gerencia(request.user) is None:
        raise PermissionDenied
    return _en_la_lista(request, ASIGNAR)


@solo_post(vuelve_a="../")
def planear(request: HttpRequest) -> HttpResponse:
    """Rule 8: the next action and its date, of several cases."""
    if not any(c.rol for c in cargos(request.user)):
        raise PermissionDenied
    return _en_la_lista(request, PLANEAR)


def _en_la_lista(request: HttpRequest, acto: Acto) -> HttpResponse:
    tanda = Tanda(request.user, acto, request.POST)
    aqui = limpia(request.POST.get("aqui", ""))
    if not tanda.hacer():
        # Here and not back by a link: what was typed and ticked stays so.
        return ver_lista(request, QueryDict(aqui), tanda, status=422)
    tanda.decir(request)
    return HttpResponseRedirect(reverse("casos") + (f"?{aqui}" if aqui else ""))
