"""The demonstration: every state and result, told through the door, the same at any hour."""

from collections import Counter

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction

from casos.catalogos import Estado, Resultado
from casos.datos import relato
from casos.lecturas.verificacion import revisar_bitacora
from casos.models import Aviso, Caso, Cliente, Contrato, Evento, Usuario
from tests.reloj import en_mexico


def huella():
    campos = ("folio", "estado", "resultado", "pendiente_de", "vence", "num_eventos")
    return list(Caso.objects.order_by("folio").values_list(*campos))


@pytest.mark.django_db
def test_la_demostracion_recorre_todo():
    with time_machine.travel(en_mexico("2026-11-24T23:30"), tick=False):
        call_command("cargar_demo")
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


@pytest.mark.django_db
def test_la_demostracion_es_la_misma_a_cualquier_hora(monkeypatch):
    """Told in short at both ends of a day: every case that stays open, and one closed in each way."""
    monkeypatch.setattr(relato, "CERRADOS", sorted(set(relato.CERRADOS)))
    contadas = []
    for hora in ("00:30", "23:30"):
        with time_machine.travel(en_mexico(f"2026-11-24T{hora}"), tick=False), transaction.atomic():
            call_command("cargar_demo")
            contadas.append(huella())
            transaction.set_rollback(True)
    assert len(contadas[0]) > 20
    assert contadas[0] == contadas[1]
