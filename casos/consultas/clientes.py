"""Clients a person may see, and what a contract remembers (D§6). Reads only."""

from django.db.models import Prefetch

from casos.consultas.busqueda import normalizar
from casos.models import Caso, Cliente, Contrato, ValorContrato

TAMANO = 25


def visibles_para(usuario):
    """Commercial people and readers see all; an area, the clients of the cases it may see."""
    clientes = Cliente.objects.filter(fusionado_en=None)
    if usuario.es_comercial or usuario.ve_todo:
        return clientes
    casos = Caso.objects.visibles_para(usuario).order_by()
    return clientes.filter(pk__in=casos.values("cliente_id"))


def pagina(usuario, *, q="", despues_de=""):
    """A page by name: (rows, key of the next). Keyset on (razon_social, pk)."""
    clientes = visibles_para(usuario)
    for palabra in normalizar(q).split()[:6]:
        clientes = clientes.filter(texto_busqueda__contains=palabra)
    if despues_de:
        nombre, _, pk = despues_de.rpartition("|")
        if pk.isdigit() and len(pk) < 10:
            clientes = clientes.filter(razon_social__gte=nombre).exclude(
                razon_social=nombre, pk__lte=int(pk)
            )
    filas = list(clientes.order_by("razon_social", "pk")[: TAMANO + 1])
    ultimo = filas[TAMANO - 1] if len(filas) > TAMANO else None
    return filas[:TAMANO], f"{ultimo.razon_social}|{ultimo.pk}" if ultimo else ""


def contratos_de(cliente: Cliente, usuario) -> list[Contrato]:
    """Contracts with their versions and the cases of each that this person may see."""
    casos = (
        Caso.objects.visibles_para(usuario)
        .filter(cliente=cliente)
        .select_related("cliente", "responsable", "motivo_principal")
        .prefetch_related("condiciones__concepto")
        .order_by("-pk")
    )
    valores = ValorContrato.objects.select_related("concepto")
    return list(
        cliente.contratos.prefetch_related(
            Prefetch("versiones__valores", queryset=valores), Prefetch("casos", queryset=casos)
        ).order_by("terminado_fecha", "numero")
    )
