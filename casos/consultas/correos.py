"""Mails a person may read: those of the cases they may see (D§4.1). Reads only."""

from django.db.models import Exists, OuterRef

from casos.catalogos import EstadoAviso
from casos.models import Aviso, Caso

TAMANO = 25


def visibles_para(usuario):
    """Mails of visible cases; account mails only for the administrator."""
    avisos = Aviso.objects.select_related("caso__cliente", "usuario", "area").defer("texto", "html")
    if usuario.is_superuser:
        return avisos
    # Asked of each mail, newest first: as a list of cases it would gather the mails of all of them.
    return avisos.filter(Exists(Caso.objects.visibles_para(usuario).filter(pk=OuterRef("caso"))))


def pagina(usuario, *, estado="", folio="", antes_de=None):
    """A page of mails, newest first, and the key of the next one (``None`` at the end)."""
    avisos = visibles_para(usuario)
    if estado in EstadoAviso.values:
        avisos = avisos.filter(estado=estado)
    if folio:
        avisos = avisos.filter(caso__folio=folio)
    if antes_de:
        avisos = avisos.filter(pk__lt=antes_de)
    filas = list(avisos.order_by("-pk")[: TAMANO + 1])
    return filas[:TAMANO], filas[TAMANO - 1].pk if len(filas) > TAMANO else None
