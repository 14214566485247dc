"""Whose turn it is next, and what a new request should look at first. Reads only."""

from django.db.models import F, Q

from casos.catalogos import Estado, EstadoOpinion, Turno
from casos.models import Caso, Cliente

from .bandejas import deben_mis_areas, le_toca_a
from .busqueda import es_rfc_de_persona, normalizar

CLIENTES_MAXIMO = 12
ABIERTOS_MAXIMO = 6


def a_quien_le_toca(caso) -> str:
    """ "le toca a Ana Ruiz", "le toca al cliente", "les toca a Jurídico y Nóminas"."""
    if caso.turno == Turno.CLIENTE:
        return "le toca al cliente"
    if caso.turno == Turno.GER:
        return "le toca a la gerencia comercial"
    return f"{'les' if _son_varios(caso) else 'le'} toca a {caso.pendiente_de}"


def _son_varios(caso) -> bool:
    """Counted in the rows: an area's own name may have an "y" in it."""
    if caso.estado == Estado.EN_ANALISIS:
        esperan = caso.hechos.opiniones_pendientes
        de_rc = any(o.estado == EstadoOpinion.DEVUELTA for o in esperan)
        areas = {o.area_id for o in esperan if o.estado != EstadoOpinion.DEVUELTA}
        return len(areas) + de_rc > 1
    if caso.estado == Estado.EN_MODIFICACION:
        return len({a.area_id for a in caso.hechos.pendientes_de_ajuste}) > 1
    return False


def siguiente_de(usuario, excepto: int | None = None) -> Caso | None:
    """The most urgent open case that waits for this person: what to go on with after a step."""
    espera = le_toca_a(usuario)
    if usuario.areas_ids:
        for filas in deben_mis_areas(usuario):
            espera |= Q(pk__in=filas.values("caso_id"))
    return (
        Caso.objects.abiertos()
        .filter(espera)
        .exclude(pk=excepto)
        .select_related("cliente")
        .order_by(F("vence").asc(nulls_last=True), "pk")
        .first()
    )


def clientes_parecidos(texto: str) -> list[Cliente]:
    """Clients whose name or RFC holds every word typed, blind to accents and case.

    Asked by who registers: they read a natural person's RFC, which is found only whole.
    """
    palabras = normalizar(texto[:100]).split()[:8]
    if not palabras:
        return []
    clientes = Cliente.objects.filter(activo=True, fusionado_en=None)
    if es_rfc_de_persona(texto):
        clientes, palabras = clientes.filter(rfc=texto.strip().upper()), []
    for palabra in palabras:
        clientes = clientes.filter(texto_busqueda__contains=palabra)
    return list(clientes.order_by("razon_social", "pk")[:CLIENTES_MAXIMO])


def abiertos_del_cliente(cliente, usuario) -> list[Caso]:
    """Open cases of a client that this person may see: the same request may be among them."""
    casos = Caso.objects.visibles_para(usuario).abiertos().filter(cliente=cliente)
    return list(casos.select_related("contrato", "responsable").order_by("-pk")[:ABIERTOS_MAXIMO])
