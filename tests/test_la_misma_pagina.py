"""The same page sent twice, whatever the act: one event, and the second is answered with it."""

from uuid import uuid4

import pytest

from casos.actos import ACTOS
from casos.formularios.base import version_de
from casos.models import Caso, Evento
from casos.pasos.tabla import PASOS
from tests.escenarios import lograr
from tests.guion import pedir


def dos_veces(pedido):
    version = version_de(ACTOS[pedido.accion], pedido.caso, pedido.fila)
    datos = pedido.datos | {"version": version, "ficha": str(uuid4())}
    eventos, casos = Evento.objects.count(), Caso.objects.count()
    primera = pedir(
        pedido.accion, pedido.usuario, caso=pedido.caso, objeto=pedido.fila, datos=datos
    )
    quedaron = Evento.objects.count(), Caso.objects.count()
    segunda = pedir(
        pedido.accion, pedido.usuario, caso=pedido.caso, objeto=pedido.fila, datos=datos
    )
    assert segunda.evento == primera.evento
    assert segunda.mensaje.startswith("Ya estaba registrado.")
    assert (Evento.objects.count(), Caso.objects.count()) == quedaron > (eventos, casos)


@pytest.mark.parametrize("accion", list(PASOS))
def test_es_un_solo_acto(mundo, accion):
    lograr(mundo, accion, hacer=dos_veces)
