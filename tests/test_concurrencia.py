"""Two people at once: 30 rounds of two simultaneous posts of one action, always one event."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from casos.acciones import puerta
from casos.catalogos import Estado
from casos.models import Evento
from tests.guion import Guion, contacto

RONDAS = 30


def _a_la_vez(*trabajos):
    """Run the jobs in threads that start together; returns each one's result or exception."""
    barrera = Barrier(len(trabajos))

    def correr(trabajo):
        barrera.wait()
        try:
            return trabajo()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(trabajos)) as grupo:
        return list(grupo.map(correr, trabajos))


@pytest.mark.django_db(transaction=True)
def test_dos_personas_a_la_vez_un_solo_evento(personas):
    g = Guion(personas)
    contrato = None
    for _ in range(RONDAS):
        caso = g.registrar(contrato)
        contrato = caso.contrato
        datos = contacto(persona=caso.persona_id) | {"version": caso.version}
        sustituto = datos | {"motivo_sustitucion": "Está de viaje."}
        resultados = _a_la_vez(
            lambda caso=caso, d=datos: puerta.ejecutar(
                "contactar", personas.ventas, caso=caso, datos=d
            ),
            lambda caso=caso, d=sustituto: puerta.ejecutar(
                "contactar", personas.gerente, caso=caso, datos=d
            ),
        )
        assert Evento.objects.filter(caso=caso, accion="contactar").count() == 1
        clases = sorted(type(r).__name__ for r in resultados)
        assert clases == ["Hecho", "PaginaVieja"], resultados


@pytest.mark.django_db(transaction=True)
def test_doble_clic_un_solo_evento(personas):
    g = Guion(personas)
    caso = g.hasta(Estado.EN_CONTACTO)
    for i in range(RONDAS):
        datos = contacto(persona=caso.persona_id, resumen=f"Llamada {i}") | {
            "version": caso.version,
            "ficha": f"00000000-0000-4000-8000-{i:012d}",
        }
        resultados = _a_la_vez(
            *[
                lambda d=datos: puerta.ejecutar(
                    "registrar_contacto", personas.ventas, caso=caso, datos=d
                )
            ]
            * 2
        )
        assert [type(r).__name__ for r in resultados] == ["Hecho", "Hecho"], resultados
        assert resultados[0].evento.pk == resultados[1].evento.pk
    assert Evento.objects.filter(caso=caso, accion="registrar_contacto").count() == RONDAS


@pytest.mark.django_db(transaction=True)
def test_doble_clic_al_registrar_es_un_solo_caso(personas):
    g = Guion(personas)
    caso = g.registrar(responsable=False)
    antes = puerta.Caso.objects.count()
    for i in range(10):
        datos = {
            "version": 0,
            "ficha": f"00000000-0000-4000-9000-{i:012d}",
            "cliente": caso.cliente_id,
            "persona": caso.persona_id,
            "recibido_en": caso.recibido_en,
            "solicitud": "Otra solicitud.",
        }
        resultados = _a_la_vez(
            *[lambda d=datos: puerta.ejecutar("registrar", personas.ventas, datos=d)] * 2
        )
        assert [type(r).__name__ for r in resultados] == ["Hecho", "Hecho"], resultados
    assert puerta.Caso.objects.count() == antes + 10
