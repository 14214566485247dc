"""Two people at once: 30 rounds of two simultaneous posts of one action, always one event."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client
from django.utils import timezone

from casos import calendario
from casos.catalogos import Estado
from casos.clientes import contratos
from casos.models import Caso, Cliente, Contrato, Evento
from casos.pasos import puerta
from casos.pasos.situacion import Rechazo
from tests.guion import Guion, contacto, en_dias, hace

from .guion import pedir

RONDAS = 30


def local(instante) -> str:
    """As a browser sends it."""
    return timezone.localtime(instante).strftime("%Y-%m-%dT%H:%M")


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
    ventas, gerente = Client(), Client()
    ventas.force_login(personas.ventas)
    gerente.force_login(personas.gerente)
    contrato = None
    for i in range(RONDAS):
        caso = g.registrar(contrato)
        contrato = caso.contrato
        datos = contacto(persona=caso.persona_id, resumen=f"Hablamos, ronda {i}.")
        datos |= {"cuando": local(datos["cuando"]), "version": caso.version}
        sustituto = datos | {"motivo_sustitucion": "Está de viaje."}
        url = f"/casos/{caso.folio}/contactar/"
        respuestas = _a_la_vez(
            lambda u=url, d=datos: ventas.post(u, d),
            lambda u=url, d=sustituto: gerente.post(u, d),
        )
        assert Evento.objects.filter(caso=caso, accion="contactar").count() == 1
        assert sorted(r.status_code for r in respuestas) == [302, 409]
        tarde = next(r for r in respuestas if r.status_code == 409).content.decode()
        assert f"ronda {i}." in tarde  # what the slower one typed is still there
        assert "movió este caso" in tarde


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
            *[lambda d=datos: pedir("registrar_contacto", personas.ventas, caso=caso, datos=d)] * 2
        )
        assert [type(r).__name__ for r in resultados] == ["ActoHecho", "ActoHecho"], resultados
        assert resultados[0].evento.pk == resultados[1].evento.pk
    assert Evento.objects.filter(caso=caso, accion="registrar_contacto").count() == RONDAS


@pytest.mark.django_db(transaction=True)
def test_doble_clic_al_registrar_es_un_solo_caso(personas):
    g = Guion(personas)
    caso = g.registrar(responsable=False)
    antes = Caso.objects.count()
    for i in range(10):
        datos = {
            "version": 0,
            "ficha": f"00000000-0000-4000-9000-{i:012d}",
            "cliente": caso.cliente_id,
            "persona": caso.persona_id,
            "recibido_en": caso.recibido_en,
            "solicitud": "Otra solicitud.",
        }
        resultados = _a_la_vez(*[lambda d=datos: pedir("registrar", personas.ventas, datos=d)] * 2)
        assert [type(r).__name__ for r in resultados] == ["ActoHecho", "ActoHecho"], resultados
    assert Caso.objects.count() == antes + 10


@pytest.mark.django_db(transaction=True)
def test_dos_personas_registran_el_mismo_contrato_nuevo(personas):
    """The slower one is told beside the field, though its form was right when it was read."""
    for i in range(10):
        datos = {
            "version": 0, "cliente_razon_social": f"Nueva {i}", "persona_nombre": "Ana",
            "contrato_numero": f"N-{i}", "contrato_servicio": "Limpieza",
            "contrato_desde": en_dias(-30), "recibido_en": hace(hours=1), "solicitud": "Más gente.",
        }  # fmt: skip
        resultados = _a_la_vez(
            lambda d=datos: pedir("registrar", personas.ventas, datos=d),
            lambda d=datos: pedir("registrar", personas.gerente, datos=d),
        )
        [tarde] = [r for r in resultados if not isinstance(r, puerta.ActoHecho)]
        assert isinstance(tarde, Rechazo), repr(tarde)
        # and of the client too, where it was there before the form was read
        assert "contrato_numero" in {f.campo for f in tarde.faltas}
        assert Cliente.objects.filter(razon_social=f"Nueva {i}").count() == 1


@pytest.mark.django_db(transaction=True)
def test_un_contrato_no_termina_mientras_su_caso_pasa_a_ajuste(personas):
    """The one who comes second is told; never an ended contract with a case being adjusted."""
    g = Guion(personas)
    for _ in range(8):
        caso = g.hasta(Estado.EN_RESPUESTA)
        leido = Contrato.objects.get(pk=caso.contrato_id)
        quien = _a_la_vez(
            lambda c=leido: contratos.terminar_contrato(
                c, fecha=calendario.hoy(), motivo="Acuerdo."
            ),
            lambda c=caso: g.aceptar(c),
        )
        assert sum(isinstance(r, (ValidationError, Rechazo)) for r in quien) == 1
        caso.refresh_from_db(fields=["estado"])
        ajusta = caso.estado == Estado.EN_MODIFICACION
        termino = Contrato.objects.get(pk=leido.pk).terminado_fecha
        assert (termino is not None) != ajusta, quien
