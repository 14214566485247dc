"""Two people at once: 30 rounds of two simultaneous posts of one action, always one event."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.utils import timezone

from casos import calendario
from casos.catalogos import Estado
from casos.clientes import contratos
from casos.models import Caso, ClausulaISO, Cliente, Contrato, Evento, Hallazgo, Muestra
from casos.pasos import puerta
from casos.pasos.situacion import Rechazo
from casos.personas import arco
from tests.auditoria import un_hallazgo, una_muestra
from tests.factories import CasoFactory
from tests.guion import Guion, contacto, en_dias, hace

from .guion import pedir
from .reparto import en_corto_menos

RONDAS, POCAS = en_corto_menos(30), 6


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


def _una_solicitud(p, i):
    datos = {
        "derecho": "ACCESO", "quien_pide": f"Ana {i}", "calidad": "TITULAR", "contacto": "Su oficina",
        "que_pide": "Qué guardan.", "via": "CORREO", "recibida_fecha": calendario.hoy(), "lleva": p.gerente,
    }  # fmt: skip
    return arco.registrar(quien=p.gerente, **datos).consecutivo


def _un_caso(p, i):
    datos = {
        "version": 0, "cliente_razon_social": f"Molino {i}", "persona_nombre": "Ana",
        "recibido_en": hace(hours=1), "solicitud": "Otra.",
    }  # fmt: skip
    return int(pedir("registrar", p.ventas, datos=datos).caso.folio[8:])


NUMERADOS = {
    "hallazgo": lambda p, i: un_hallazgo(p).numero,
    "muestra": lambda p, i: una_muestra(p, *Caso.objects.all()).numero,
    "solicitud": _una_solicitud,
    "caso": _un_caso,
}


@pytest.mark.parametrize("que", NUMERADOS)
@pytest.mark.django_db(transaction=True)
def test_lo_que_se_numera_a_la_vez_lleva_numeros_seguidos(personas, que):
    """The first of its series too: two at once make its row."""
    if que == "muestra":
        Guion(personas).registrar()
    hacer, numeros = NUMERADOS[que], []
    for i in range(POCAS):
        numeros += _a_la_vez(*[lambda n=n: hacer(personas, n) for n in (f"{i}a", f"{i}b")])
    assert sorted(numeros, key=str) == sorted(range(1, 2 * POCAS + 1), key=str), numeros


@pytest.mark.django_db
def test_lo_que_no_se_levanta_no_gasta_numero(personas):
    un_hallazgo(personas)
    with pytest.raises(IntegrityError), transaction.atomic():
        un_hallazgo(personas, tipo=None)  # what the base refuses is told as what it is
    assert un_hallazgo(personas).numero == 2


def _de_una_muestra(p):
    hoy = calendario.hoy().isoformat()
    return "/auditoria/nueva/", {
        "universo": "RECIBIDOS", "desde": hoy, "hasta": hoy, "tamano": "1", "estrato": "",
        "semilla": "x",
    }  # fmt: skip


def _de_un_hallazgo(p):
    return "/auditoria/hallazgos/nuevo/", {
        "tipo": "MENOR", "clausula": ClausulaISO.objects.get(numero="8.2.3").pk,
        "encontrado": "Falta la opinión.", "evidencia": "Renglón 5.",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("modelo", "que"), [(Muestra, _de_una_muestra), (Hallazgo, _de_un_hallazgo)]
)
@pytest.mark.django_db(transaction=True)
def test_doble_clic_en_auditoria_es_uno(personas, modelo, que):
    CasoFactory(recibido_en=timezone.now())
    url, datos = que(personas)
    uno, otro, ajeno = Client(), Client(), Client()
    for navegador in (uno, otro):
        navegador.force_login(personas.auditor)
    ajeno.force_login(personas.calidad)
    for i in range(POCAS):
        # The token as its page brings it.
        ficha = uno.get(url).context["form"]["ficha"].value()
        enviado = datos | {"ficha": str(ficha)}
        respuestas = _a_la_vez(*[lambda n=n, e=enviado: n.post(url, e) for n in (uno, otro)])
        assert [getattr(r, "status_code", r) for r in respuestas] == [302, 302]
        assert respuestas[0].url == respuestas[1].url
        assert modelo.objects.count() == i + 1
    assert "Ya estaba" in uno.post(url, enviado, follow=True).text
    assert "Esta página ya se envió" in ajeno.post(url, enviado).text
    assert modelo.objects.count() == POCAS
    assert uno.post(url, datos).status_code == 302 and modelo.objects.count() == POCAS + 1
    assert uno.post(url, datos | {"ficha": "no"}).status_code == 422
