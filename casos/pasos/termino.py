"""The end of a contract taken back by management: each of its cases says so, and RC is told."""

from django.db import transaction
from django.db.models import Q

from casos.actos import CONTRATO_SIGUE
from casos.catalogos import ContratoTrasNo
from casos.clientes import contratos
from casos.models import Caso, Contrato, Usuario

from .puerta import fuera_de_paso


@transaction.atomic
def quitar_termino(contrato: Contrato, *, motivo: str, actor: Usuario) -> None:
    """Raises ``ValidationError`` where it has none any more."""
    de_este = Caso.objects.filter(contrato=contrato)
    que_lo_terminaron = Q(contrato_tras_no=ContratoTrasNo.TERMINA)
    abiertos = Q(pk__in=Caso.objects.abiertos().filter(contrato=contrato).values("pk"))
    dicho = {"motivo": ("Por qué sigue", motivo, False)}
    # The cases first, as the door does, then the contract.
    pks = de_este.filter(que_lo_terminaron | abiertos).order_by("pk").values_list("pk", flat=True)
    for pk in list(pks):
        fuera_de_paso(pk, CONTRATO_SIGUE, actor=actor, cambiar=lambda _: ({}, dicho))
    contratos.quitar_termino(contrato, motivo=motivo, autor=actor)
