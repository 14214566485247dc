"""Where an answer that began elsewhere goes back to. Names of pages only: no address comes from outside."""

from django.urls import reverse

from casos.actos import Acto
from casos.models import Ajuste, Opinion
from casos.permisos.lectura import puede_administrar

AL_PANEL = "volver=panel"  # in the query of a step's page


def desde_el_panel(acto: Acto, fila: Opinion | Ajuste) -> str:
    """The one page on which this is answered, which comes back to the panel."""
    return f"{reverse('paso_objeto', args=[fila.caso.folio, acto, fila.pk])}?{AL_PANEL}"


def vuelve_al_panel(request) -> bool:
    return request.META["QUERY_STRING"] == AL_PANEL and puede_administrar(request.user)
