"""Mails a person may read: those of the cases they may see (D§4.1). Reads only."""

from django.db.models import Case, Q, Value, When

from casos.catalogos import EstadoAviso
from casos.correo.reglas import AL_CLIENTE
from casos.models import Aviso, Caso
from casos.permisos import lectura
from casos.permisos.cargos import cargos

TAMANO = 25


def visibles_para(usuario):
    """Mails of visible cases and one's own mornings; account mails only for the administrator."""
    avisos = Aviso.objects.select_related("caso__cliente", "usuario", "area").defer("texto", "html")
    if usuario.is_superuser:
        return avisos
    casos = Caso.objects.visibles_para(usuario)
    sus_mananas = Q(usuario=usuario.pk, plantilla=Aviso.DE_LA_MANANA)
    if not casos.query.has_filters():  # who sees every case
        return avisos.filter(Q(caso__isnull=False) | sus_mananas)
    # CASE is asked of each mail, newest first, until the page is full; what a planner may turn into
    # a join gathers the mails of all those cases and sorts them.
    del_caso = When(caso__in=casos.order_by().values("pk"), then=Value(True))
    return avisos.filter(Case(When(sus_mananas, then=Value(True)), del_caso, default=Value(False)))


def para_lector(aviso, usuario):
    """The mail with the subject that this person may read."""
    # "[folio] what – client, from when", or "[folio] Propuesta 1 para client".
    al_cliente = aviso.plantilla in {c.plantilla for c in AL_CLIENTE}
    corte = " para " if al_cliente else " – "
    aviso.asunto = lectura.asunto_para(aviso, usuario, corte)
    return aviso


def reenviables(usuario):
    """Those that failed which this person may send again: of the cases they lead, gerencia of all they see."""
    fallidos = visibles_para(usuario).filter(estado=EstadoAviso.FALLIDO)
    fallidos = fallidos.exclude(para=Aviso.SUPRIMIDO).order_by()
    if usuario.is_superuser:
        return fallidos
    suyos = cargos(usuario)
    la_suya = Q(usuario=usuario.pk, plantilla=Aviso.DE_LA_MANANA)
    if any(c.es_gerencia for c in suyos):
        return fallidos.filter(Q(caso__isnull=False) | la_suya)
    return fallidos.filter(Q(caso__responsable__in={c.usuario_id for c in suyos}) | la_suya)


def de_un_caso(avisos, folio: str):
    """Those of that case, or all where none is named."""
    return avisos.filter(caso__folio=folio) if folio else avisos


FALLADOS_MAXIMO = 10


def que_fallaron(usuario) -> list[Aviso]:
    """The newest that did not leave: what somebody has to do something about."""
    fallidos = visibles_para(usuario).filter(estado=EstadoAviso.FALLIDO).order_by("-pk")
    return [para_lector(aviso, usuario) for aviso in fallidos[: FALLADOS_MAXIMO + 1]]


def pagina(usuario, *, estado="", folio="", evento=None, antes_de=None):
    """A page of mails, newest first, and the key of the next one (``None`` at the end).

    ``evento``: the number of one event of the case ``folio``.
    """
    avisos = visibles_para(usuario)
    if estado in EstadoAviso.values:
        avisos = avisos.filter(estado=estado)
    avisos = de_un_caso(avisos, folio)
    if folio and evento:
        avisos = avisos.filter(evento__numero=evento)
    if antes_de:
        avisos = avisos.filter(pk__lt=antes_de)
    filas = list(avisos.order_by("-pk")[: TAMANO + 1])
    for aviso in filas:
        para_lector(aviso, usuario)
    return filas[:TAMANO], filas[TAMANO - 1].pk if len(filas) > TAMANO else None
