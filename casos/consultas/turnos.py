"""Whose turn it is next, and what a new request should look at first. Reads only."""

from django.db.models import F, Q

from casos.catalogos import ROLES_COMERCIALES, Estado, EstadoAjuste, EstadoOpinion, Rol, Turno
from casos.models import Ajuste, Caso, Cliente, Opinion

from .busqueda import normalizar

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
    espera = Q()
    for cargo in usuario.cargos:
        if cargo.rol in ROLES_COMERCIALES:
            espera |= Q(turno=Turno.RC, responsable=cargo.usuario_id)
        if cargo.es_gerente:
            espera |= Q(turno=Turno.GER)
        if cargo.rol == Rol.DG:
            espera |= Q(turno=Turno.DG)
        if cargo.rol == Rol.AC:
            espera |= Q(turno=Turno.AC)
        if cargo.areas:
            opiniones = Opinion.objects.filter(area__in=cargo.areas, estado=EstadoOpinion.PENDIENTE)
            ajustes = Ajuste.objects.filter(area__in=cargo.areas, estado=EstadoAjuste.PENDIENTE)
            espera |= Q(pk__in=opiniones.values("caso_id")) | Q(pk__in=ajustes.values("caso_id"))
    if not espera or usuario.is_superuser:
        return None
    return (
        Caso.objects.abiertos()
        .filter(espera)
        .exclude(pk=excepto)
        .select_related("cliente")
        .order_by(F("vence").asc(nulls_last=True), "pk")
        .first()
    )


def clientes_parecidos(texto: str) -> list[Cliente]:
    """Clients whose name or RFC holds every word typed, blind to accents and case."""
    palabras = normalizar(texto[:100]).split()[:8]
    if not palabras:
        return []
    clientes = Cliente.objects.filter(activo=True, fusionado_en=None)
    for palabra in palabras:
        clientes = clientes.filter(texto_busqueda__contains=palabra)
    return list(clientes.order_by("razon_social", "pk")[:CLIENTES_MAXIMO])


def abiertos_del_cliente(cliente, usuario) -> list[Caso]:
    """Open cases of a client that this person may see: the same request may be among them."""
    casos = Caso.objects.visibles_para(usuario).abiertos().filter(cliente=cliente)
    return list(casos.select_related("contrato", "responsable").order_by("-pk")[:ABIERTOS_MAXIMO])
