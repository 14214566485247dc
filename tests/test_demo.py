"""The demonstration: every state and result, told through the door, the same at any hour."""

from collections import Counter

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction

from casos.catalogos import Estado, Resultado
from casos.lecturas.verificacion import revisar_bitacora
from casos.models import Aviso, Caso, Cliente, Contrato, Evento, Usuario


def huella():
    campos = ("folio", "estado", "resultado", "pendiente_de", "vence", "num_eventos")
    return list(Caso.objects.order_by("folio").values_list(*campos))


@pytest.mark.django_db
def test_la_demostracion_recorre_todo_y_es_la_misma_a_cualquier_hora(capsys):
    with time_machine.travel("2026-11-24T06:30:00Z", tick=False), transaction.atomic():
        call_command("cargar_demo")
        de_madrugada = huella()
        transaction.set_rollback(True)
    with time_machine.travel("2026-11-25T05:30:00Z", tick=False):
        call_command("cargar_demo")
    assert len(de_madrugada) == 60
    assert huella() == de_madrugada
    assert (Cliente.objects.count(), Contrato.objects.count(), Caso.objects.count()) == (15, 20, 60)
    assert Usuario.objects.count() == 14
    assert set(Caso.objects.values_list("estado", flat=True)) == set(Estado.values)
    assert set(Caso.objects.values_list("resultado", flat=True)) == {*Resultado.values, ""}
    assert list(revisar_bitacora()) == []
    assert Aviso.objects.filter(estado="FALLIDO").count() == 1
    antiguo, nuevo = (Evento.objects.order_by(o).first().en for o in ("en", "-en"))
    assert 330 < (nuevo - antiguo).days < 370
    assert Counter(Caso.objects.values_list("estado", flat=True))["CERRADO"] == 28
    with pytest.raises(CommandError):
        call_command("cargar_demo")
