"""What a contract remembers, wherever it is; and that the same was refused within twelve months, which blocks nothing."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casos.catalogos import Estado, Resultado
from casos.lecturas.memoria import lo_mismo_negado, lo_pedido_negado, memoria
from casos.models import Caso, Lapso, Satisfaccion, TipoRequerimiento

from .factories import CasoFactory
from .guion import en_dias, fresco, hace

pytestmark = pytest.mark.django_db
E = Estado
SE_NEGO = "Se pidió lo mismo el"


@pytest.fixture
def g(mundo):
    return mundo


def negado(g) -> Caso:
    """A closed "no" of a type and a concept."""
    return g.hasta(E.CERRADO)


def tipos_de(caso):
    return list(caso.tipos.values_list("pk", flat=True))


def conceptos_de(caso):
    return list(caso.condiciones.exclude(solicitado="").values_list("concepto", flat=True))


def test_cada_caso_en_un_renglon_con_lo_que_se_pidio_su_motivo_y_lo_que_tardo(g, client):
    caso = negado(g)
    Lapso.objects.filter(cierre__caso=caso, que="TOTAL").update(decimos=35)
    m = memoria(caso.contrato, g.p.ventas)
    (r,) = m.recuerdos
    assert (r.caso, m.cuantos, r.tardo) == (caso, 1, "3.5 días hábiles")
    assert "pidió $" in r.pidio and r.motivo == str(caso.motivo_principal)
    otro = g.analizar(g.contactar(g.registrar(contrato=caso.contrato)), "FIN")
    otro = g.opinar(otro)
    client.force_login(g.p.ventas)
    paginas = {
        "el caso": otro.get_absolute_url(),
        "la decisión": f"{otro.get_absolute_url()}declarar_no_viable/",
        "el cliente": f"/clientes/{otro.cliente_id}/",
        "al registrar": f"/casos/nuevo/?cliente={otro.cliente_id}&contrato={otro.contrato_id}",
    }
    for cual, url in paginas.items():
        texto = client.get(url).text
        for dicho in (caso.folio, "3.5 días hábiles", r.motivo):
            assert dicho in texto, (cual, dicho)
    assert otro.contrato.pk and memoria(otro.contrato, g.p.ventas, otro.pk).cuantos == 1


@pytest.mark.parametrize(
    "dichas, dice",
    [((), ""), (("",), ""), ((8,), "8 de 10"), ((9, 0), "0 de 10"), ((3, ""), "3 de 10")],
)
def test_recuerda_la_ultima_calificacion_que_dio_el_cliente(g, client, dichas, dice):
    """Only a figure that was given: of who did not answer nothing is said, and their words are nowhere."""
    caso = negado(g)
    for n in dichas:
        estado = "CONTESTO" if n != "" else "NO_SE_LOC"
        Satisfaccion.objects.create(
            caso=caso, estado=estado, calificacion=None if n == "" else n,
            comentario="PALABRAS" if n != "" else "", desde_fecha=en_dias(0), vence=en_dias(0),
            respondida_por=g.p.ventas, respondida_en=hace(minutes=1),
            persona=caso.persona, cuando=hace(minutes=2), medio="TELEFONO",
        )  # fmt: skip
    (r,) = memoria(caso.contrato, g.p.ventas).recuerdos
    assert r.califico == dice
    client.force_login(g.p.ventas)
    texto = client.get(f"/casos/nuevo/?cliente={caso.cliente_id}&contrato={caso.contrato_id}").text
    assert (f"El cliente calificó el cambio con {dice}" in texto) == bool(dice)
    assert "PALABRAS" not in texto


def test_los_cinco_mas_nuevos_y_cuantos_hay(g, client):
    uno = negado(g)
    for _ in range(6):
        CasoFactory(contrato=uno.contrato, cliente=uno.cliente, estado=E.CERRADO)
    m = memoria(uno.contrato, g.p.gerente)
    assert len(m.recuerdos) == 5 and m.cuantos == 7
    assert [r.caso.pk for r in m.recuerdos] == sorted(
        (r.caso.pk for r in m.recuerdos), reverse=True
    )
    client.force_login(g.p.gerente)
    texto = client.get(f"/casos/nuevo/?cliente={uno.cliente_id}&contrato={uno.contrato_id}").text
    assert re.search(r"Ver las\s+7 solicitudes", texto)
    assert "Ver las 7" in client.get(f"/clientes/{uno.cliente_id}/").text


def test_no_cuesta_mas_con_mas_casos(g):
    uno = negado(g)
    for _ in range(5):
        CasoFactory(contrato=uno.contrato, cliente=uno.cliente, estado=E.CERRADO)

    def medir():
        with CaptureQueriesContext(connection) as hechas:
            memoria(uno.contrato, g.p.gerente)
            lo_pedido_negado(uno, g.p.gerente)
        return len(hechas)

    medir()  # who asks is read once
    antes = medir()
    for _ in range(20):
        CasoFactory(contrato=uno.contrato, cliente=uno.cliente, estado=E.CERRADO)
    assert medir() == antes <= 6


def test_solo_se_recuerda_lo_que_se_ve(g, client):
    caso = negado(g)  # never passed to Atención
    assert memoria(caso.contrato, g.p.atencion).recuerdos == []
    args = caso.contrato, g.p.atencion, tipos_de(caso), conceptos_de(caso)
    assert lo_mismo_negado(*args) is None
    assert lo_mismo_negado(args[0], g.p.ventas, *args[2:]).caso == caso


@pytest.mark.parametrize("resultado", Resultado)
def test_avisa_solo_de_lo_que_se_nego(g, resultado):
    caso = negado(g)
    Caso.objects.filter(pk=caso.pk).update(resultado=resultado)
    hallado = lo_mismo_negado(caso.contrato, g.p.ventas, tipos_de(caso), [])
    negativos = {Resultado.NO_VIABLE, Resultado.NO_AJUSTABLE, Resultado.NO_INTERESADO}
    assert bool(hallado) == (resultado in negativos)


@pytest.mark.parametrize(
    ("dias", "avisa"), [(0, True), (364, True), (367, False)], ids=["hoy", "casi un año", "más"]
)
def test_avisa_durante_doce_meses(g, dias, avisa):
    caso = negado(g)
    Caso.objects.filter(pk=caso.pk).update(cerrado_en=timezone.now() - timedelta(days=dias))
    hallado = lo_mismo_negado(caso.contrato, g.p.ventas, [], conceptos_de(caso))
    assert bool(hallado) == avisa


def test_lo_mismo_es_el_mismo_tipo_o_la_misma_condicion_del_mismo_contrato(g):
    caso = negado(g)
    tipos, conceptos = tipos_de(caso), conceptos_de(caso)
    otro_tipo = TipoRequerimiento.objects.exclude(pk__in=tipos).first().pk
    otro_contrato = CasoFactory(contrato=g.registrar().contrato).contrato

    def avisa(contrato, tipos, conceptos):
        return lo_mismo_negado(contrato, g.p.ventas, tipos, conceptos) is not None

    assert tipos and conceptos
    assert avisa(caso.contrato, tipos, []) and avisa(caso.contrato, [], conceptos)
    assert not avisa(caso.contrato, [], []) and not avisa(caso.contrato, [otro_tipo], [])
    assert otro_contrato == caso.contrato or not avisa(otro_contrato, tipos, conceptos)


def test_se_avisa_al_registrar_al_analizar_y_al_decidir_y_nada_se_detiene(g, client):
    viejo = negado(g)
    dicho = f"{SE_NEGO} {timezone.localdate(viejo.recibido_en):%d/%m/%Y} y no fue viable: {viejo.motivo_principal}."
    client.force_login(g.p.ventas)
    datos = {
        "cliente": viejo.cliente_id, "contrato": viejo.contrato_id, "persona": viejo.persona_id,
        "recibido_en": timezone.localtime(hace(minutes=1)).strftime("%Y-%m-%dT%H:%M"),
        "solicitud": "Otra vez.", "tipos": tipos_de(viejo), "asignacion": "", "version": 0,
    }  # fmt: skip
    # As one chooses, before anything is sent; and once it was registered.
    visto = client.post("/casos/nuevo/", datos | {"ver_vigente": "1"})
    respuesta = client.post("/casos/nuevo/", datos, follow=True)
    assert re.search(r"/casos/SV-[0-9-]+/$", respuesta.redirect_chain[-1][0]), (
        "it was not registered"
    )
    assert dicho in respuesta.text
    assert dicho in visto.text and viejo.get_absolute_url() in visto.text
    caso = g.registrar(contrato=viejo.contrato)
    caso.tipos.set(tipos_de(viejo))
    caso = g.contactar(caso)
    pagina = client.get(f"{caso.get_absolute_url()}analizar/").text
    assert dicho in pagina and viejo.folio in pagina and viejo.get_absolute_url() in pagina
    caso = g.opinar(g.analizar(caso, "FIN"))
    for acto in ("declarar_viable", "declarar_no_viable"):
        pagina = client.get(f"{caso.get_absolute_url()}{acto}/").text
        assert dicho in pagina and 'El margen no alcanza."' not in pagina
    assert g.viable(fresco(caso)).estado == E.EN_PROPUESTA
