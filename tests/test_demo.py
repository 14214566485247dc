"""The demonstration: every state and result, told through the door, the same at any hour."""

import hashlib
from collections import Counter

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from casos.catalogos import Estado, Resultado
from casos.lecturas.verificacion import revisar_bitacora
from casos.models import Aviso, Caso, Cliente, Contrato, Empresa, Evento, Satisfaccion, Usuario
from tests.reloj import calendario_de, en_mexico

# Told at one end of the day on one database and at the other on the other: the same story, whose
# digest is written anew on purpose, when the story changes.
HORA = "23:30" if connection.vendor == "sqlite" else "00:30"
HUELLA = "4f77e5c5df9e4357"


def huella() -> str:
    campos = ("folio", "estado", "resultado", "pendiente_de", "vence", "num_eventos")
    casos = list(Caso.objects.order_by("folio").values_list(*campos))
    return hashlib.sha256(repr(casos).encode()).hexdigest()[:16]


@pytest.mark.django_db
def test_la_demostracion_recorre_todo_y_es_la_misma_a_cualquier_hora(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path  # the logo of its firm
    calendario_de(2025, 2026)
    with time_machine.travel(en_mexico(f"2026-11-24T{HORA}"), tick=False):
        call_command("cargar_demo")
    assert (Cliente.objects.count(), Contrato.objects.count(), Caso.objects.count()) == (15, 20, 60)
    assert Usuario.objects.count() == 14
    assert set(Caso.objects.values_list("estado", flat=True)) == set(Estado.values)
    assert set(Caso.objects.values_list("resultado", flat=True)) == {*Resultado.values, ""}
    assert list(revisar_bitacora()) == []
    assert Aviso.objects.filter(estado="FALLIDO").count() == 1
    empresa = Empresa.actual()
    al_cliente = Aviso.objects.filter(plantilla="propuesta")
    assert al_cliente and {(a.remitente, a.logo) for a in al_cliente} == {
        ("Personal de Muestra", empresa.logo)
    }
    assert all(a.html.count("cid:") == 1 and "Ejecutiv" in a.texto for a in al_cliente)
    antiguo, nuevo = (Evento.objects.order_by(o).first().en for o in ("en", "-en"))
    assert 330 < (nuevo - antiguo).days < 370
    assert Counter(Caso.objects.values_list("estado", flat=True))["CERRADO"] == 28
    pagos = Counter(Contrato.objects.values_list("nomina_cada", flat=True))
    assert pagos == {"QUINCENAL": 5, "SEMANAL": 5, "CATORCENAL": 5, "": 5}
    # What is asked after closing was answered, but of the last ones.
    assert Counter(Satisfaccion.objects.values_list("estado", flat=True)).keys() == {
        "CONTESTO", "NO_QUISO", "PENDIENTE",
    }  # fmt: skip
    with pytest.raises(CommandError):
        call_command("cargar_demo")
    assert huella() == HUELLA
