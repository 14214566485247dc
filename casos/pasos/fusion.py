"""A duplicate client merged into the one that stays: each of its cases says so in its log."""

from django.core.exceptions import ValidationError
from django.db import transaction

from casos.actos import FUSIONAR_CLIENTE
from casos.clientes.cambios import dejar_paso_a
from casos.clientes.indice import poner_al_dia, reindexar
from casos.expediente import Expediente
from casos.models import Caso, Cliente, Contrato, PersonaContacto, Usuario
from casos.rfc import GENERICOS

from .puerta import Cambio, fuera_de_paso


@transaction.atomic
def fusionar_clientes(origen: Cliente, destino: Cliente, *, actor: Usuario) -> None:
    """Contracts, persons and cases of a duplicate pass to ``destino``; the duplicate is kept.

    Each case says in its log whose it was and who merged.
    """
    if origen.pk == destino.pk:
        raise ValidationError("Elige otro cliente: es el mismo.")
    # Two mergers at once, in any direction, wait for each other.
    pareja = Cliente.objects.select_for_update().order_by("pk").in_bulk([origen.pk, destino.pk])
    if any(c.fusionado_en_id for c in pareja.values()):
        raise ValidationError("Uno de los dos ya está fusionado.")
    if pareja[destino.pk].rfc in GENERICOS and origen.contratos.exists():
        raise ValidationError("El RFC genérico no sirve para un cliente con contrato.")
    suyos: list[Contrato | PersonaContacto] = [*origen.contratos.all(), *origen.personas.all()]
    for fila in suyos:
        fila.cliente = destino
        fila.save(update_fields=["cliente"])
        dejar_paso_a(fila, origen, destino, actor)
    casos = list(origen.casos.order_by("pk").values_list("pk", flat=True))

    def pasar(exp: Expediente) -> Cambio:
        antes, exp.caso.cliente = exp.caso.cliente, destino
        return (
            {"cambios": {"cliente": [f"cliente:{antes.pk}", f"cliente:{destino.pk}"]}},
            {
                "cliente_anterior": (
                    "Cliente anterior",
                    antes.razon_social,
                    antes.es_persona_fisica,
                ),
                "cliente_nuevo": (
                    "Cliente que queda",
                    destino.razon_social,
                    destino.es_persona_fisica,
                ),
            },
        )

    for pk in casos:
        fuera_de_paso(pk, FUSIONAR_CLIENTE, actor=actor, cambiar=pasar)
    # Those merged into it before follow, so that one look says where a client lives on.
    Cliente.objects.filter(fusionado_en=origen).update(fusionado_en=destino)
    origen.fusionado_en, origen.activo = destino, False
    origen.save(update_fields=["fusionado_en", "activo"])
    dejar_paso_a(origen, origen, destino, actor)
    for cliente in (origen, destino):
        poner_al_dia(cliente)
    reindexar(Caso.objects.filter(pk__in=casos))
