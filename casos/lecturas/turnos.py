"""Whose turn it is next, and what a new request should look at first. Reads only."""

from django.db.models import F, Q

from casos.busqueda import es_rfc_de_persona, normalizar
from casos.lecturas.pendientes import deben_mis_areas, le_toca_a
from casos.models import Caso, Cliente

CLIENTES_MAXIMO = 12
ABIERTOS_MAXIMO = 6


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
