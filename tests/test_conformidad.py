"""Whether a case was followed up as the instruction says: each rule, and the pages that tell of it."""

import math
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casos import calendario
from casos.catalogos import Estado
from casos.expediente.acta import actas
from casos.expediente.conformidad import REGLAS, juzgar
from casos.expediente.lo_juzgado import COLUMNAS
from casos.models import Caso, Constancia, Opinion
from casos.pasos.cotejo import cotejar_un_rato
from casos.veredicto import Veredicto
from tests.factories import CasoFactory
from tests.guion import actuar, contacto, hace

E = Estado
V = Veredicto


def acta_de(caso):
    [acta] = actas(Caso.objects.filter(pk=caso.pk))
    return acta


def rotas(acta) -> dict:
    """Rules that find something → the worst of it."""
    return {j.regla.nombre: j.veredicto for j in juzgar(acta) if j.desviaciones}


def test_los_casos_intactos_cumplen(mundo):
    leidas = list(actas(Caso.objects.all()))
    assert set(mundo.listos.values()) <= {acta.caso for acta in leidas}
    assert {acta.folio: rotas(acta) for acta in leidas if rotas(acta)} == {}


# The door refuses what breaks most rules: the log of a whole case is read, and an event of it is changed in memory
# alone, which is what an alteration by SQL would leave to be read.
# -- changes of a log ------------------------------------------------------------------------------


def otros(accion, **columnas):
    """That event with other values."""

    def cambiar(acta):
        assert acta.de(_Acto(accion))
        eventos = [e._replace(**columnas) if e.accion == accion else e for e in acta.eventos]
        return replace(acta, eventos=eventos)

    return cambiar


def datos(accion, **claves):
    """That event with other data; ``None`` takes one away."""

    def cambiar(acta):
        def con(e):
            nuevos = {k: v for k, v in {**e.datos, **claves}.items() if v is not None}
            return e._replace(datos=nuevos) if e.accion == accion else e

        assert acta.de(_Acto(accion))
        return replace(acta, eventos=[con(e) for e in acta.eventos])

    return cambiar


def sin(accion, cual=0):
    """Without that event, those after it counted anew."""

    def cambiar(acta):
        fuera = acta.de(_Acto(accion))[cual]
        quedan = [e for e in acta.eventos if e is not fuera]
        return replace(acta, eventos=[e._replace(numero=n) for n, e in enumerate(quedan, 1)])

    return cambiar


def tarde(accion):
    def cambiar(acta):
        [e, *_] = acta.de(_Acto(accion))
        return otros(accion, en=e.en + timedelta(days=30))(acta)

    return cambiar


class _Acto:
    def __init__(self, nombre):
        self.nombre = nombre


def quien_pidio(accion, pidio):
    """That event done by who asked for it."""
    return lambda acta: otros(accion, actor=acta.de(_Acto(pidio))[0].actor)(acta)


def otro_contrato(acta):
    return replace(acta, contrato=dict.fromkeys(acta.contrato, "1"))


MODIFICADO = {  # of a case that ended in a modified contract: rule → what breaks exactly it
    "pasos_en_orden": (otros("concluir_analisis", a=E.EN_PROPUESTA), V.NO_CUMPLE),
    "responsable_asignado": (datos("asignar", responsable=None), V.NO_CUMPLE),
    "solicitud_registrada": (datos("registrar", recibido_en=None), V.NO_CUMPLE),
    "contacto_antes_de_analizar": (datos("contactar", efectivo="NO"), V.NO_CUMPLE),
    "nadie_se_contesta": (quien_pidio("opinar", "analizar"), V.NO_CUMPLE),
    "opiniones_a_tiempo": (tarde("opinar"), V.OBSERVACION),
    "opinion_antes_de_decidir": (sin("opinar"), V.NO_CUMPLE),
    "respuesta_a_lo_presentado": (datos("aceptar", propuesta=2), V.NO_CUMPLE),
    "aceptada_en_vigencia": (datos("presentar", vigencia="2020-01-01"), V.OBSERVACION),
    "juridico_avisado": (datos("aceptar", ajuste_JUR=None), V.NO_CUMPLE),
    "ajustes_contestados": (sin("confirmar_ajuste"), V.NO_CUMPLE),
    "ajustes_a_tiempo": (tarde("confirmar_ajuste"), V.OBSERVACION),
    "contrato_como_se_acordo": (otro_contrato, V.NO_CUMPLE),
    "cliente_informado": (datos("cerrar_modificado", informo=None), V.NO_CUMPLE),
}
OTROS = {  # of one that ended otherwise
    "motivo_nuestro": ("ya_viable", datos("declarar_no_viable", motivos=None)),
    "motivo_del_cliente": ("por_llamar", datos("rechazar", motivo_principal=None)),
}
POR_LA_PUERTA = {"verbales_confirmadas"}  # below


def test_cada_regla_tiene_un_caso_que_rompe_solo_esa():
    assert set(MODIFICADO) | set(OTROS) | POR_LA_PUERTA == set(REGLAS)


@pytest.mark.parametrize("nombre", MODIFICADO)
def test_una_regla_rota_de_un_contrato_modificado(mundo, nombre):
    romper, veredicto = MODIFICADO[nombre]
    acta = acta_de(Caso(pk=mundo.listos["ya_se_pregunta"]))
    assert rotas(acta) == {}
    assert rotas(romper(acta)) == {nombre: veredicto}


@pytest.mark.parametrize("nombre", OTROS)
def test_una_regla_rota_de_otro_final(mundo, nombre):
    cual, romper = OTROS[nombre]
    acta = acta_de(Caso(pk=mundo.listos[cual]))
    assert rotas(acta) == {}
    assert rotas(romper(acta)) == {nombre: V.NO_CUMPLE}


def test_se_cerro_con_una_orden_de_palabra_sin_confirmar(mundo):
    """The door lets it pass: nothing rests on who gave the order."""
    caso = Caso.objects.get(pk=mundo.listos["por_orden_verbal"])
    caso = actuar("contactar", caso, mundo.p.ventas2, persona=caso.persona_id, **contacto())
    assert rotas(acta_de(caso)) == {}
    caso = actuar(
        "retirar",
        caso,
        mundo.p.ventas2,
        persona=caso.persona_id,
        cuando=hace(minutes=0),
        motivo="Ya no.",
    )
    assert rotas(acta_de(caso)) == {"verbales_confirmadas": V.OBSERVACION}


def test_se_decidio_con_una_opinion_de_palabra_sin_confirmar(mundo):
    """Which the door refuses: of the log, the confirmation is taken away."""
    verbal = Caso.objects.get(pk=mundo.listos["por_decidir"])
    dicha = Constancia.objects.get(caso=verbal, opinion__isnull=False)
    caso = actuar("confirmar_constancia", verbal, mundo.p.finanzas, dicha)
    caso = mundo.viable(caso)
    assert rotas(acta_de(caso)) == {}
    instante = min(e.en for e in acta_de(caso).eventos)
    a_la_vez = replace(
        acta_de(caso), eventos=[e._replace(en=instante) for e in acta_de(caso).eventos]
    )
    a_la_vez.constancias[:] = [c._replace(anotada_en=instante) for c in a_la_vez.constancias]
    assert rotas(a_la_vez) == {}
    assert rotas(sin("confirmar_constancia")(acta_de(caso))) == {
        "verbales_confirmadas": V.NO_CUMPLE
    }


def test_lo_dispensado_se_observa_y_de_quien_lo_pidio_no_cumple(mundo):
    caso = Caso.objects.get(pk=mundo.listos["en_analisis"])
    fila = Opinion.objects.get(caso=caso, area__codigo="FIN")
    caso = actuar("dispensar", caso, mundo.p.direccion, fila, motivo="No contesta.")
    assert rotas(acta_de(caso)) == {"opiniones_a_tiempo": V.OBSERVACION}
    quien = quien_pidio("dispensar", "analizar")
    assert rotas(quien(acta_de(caso)))["nadie_se_contesta"] == V.NO_CUMPLE
    ajena = otros("dispensar", sin_segregacion=True)
    assert rotas(ajena(quien(acta_de(caso))))["nadie_se_contesta"] == V.OBSERVACION


# -- the page of the eight points ------------------------------------------------------------------


def leer(client, quien, pk):
    client.force_login(quien)
    folio = Caso.objects.get(pk=pk).folio
    r = client.get(f"/casos/{folio}/puntos/")
    return r, r.content.decode()


def test_los_ocho_puntos_de_un_contrato_modificado(mundo, client):
    r, dicho = leer(client, mundo.p.auditor, mundo.listos["ya_se_pregunta"])
    leido = r.context["leido"]
    assert [p.seccion for p in leido.puntos] == [f"7.{n}" for n in range(1, 9)]
    assert [[f.que for f in p.faltas] for p in leido.puntos] == [[]] * 7 + [["No aplica"]]
    assert leido.veredicto is V.CUMPLE
    assert dicho.count('<tr role="row" id="p7-') == 8
    numeros = [e.numero for e in Caso.objects.get(pk=mundo.listos["ya_se_pregunta"]).eventos.all()]
    assert {r.numero for p in leido.puntos for r in p.renglones} <= set(numeros)
    assert f"?todo=1#e{numeros[-1]}" in dicho


QUE_FALTA = {
    "EN_CONTACTO": ["Todavía no"] * 6,
    "en_analisis": ["Falta"] + ["Todavía no"] * 5,
    "por_llamar": ["No aplica"] * 2,
    "ya_viable": ["No aplica"] * 3,
}


@pytest.mark.parametrize("cual", QUE_FALTA)
def test_lo_que_falta_se_dice_con_palabras(mundo, client, cual):
    r, dicho = leer(client, mundo.p.calidad, mundo.listos[cual])
    faltas = [f for p in r.context["leido"].puntos for f in p.faltas]
    assert [f.que for f in faltas] == QUE_FALTA[cual]
    assert all(f"<strong>{f.que}:</strong>" in dicho and f.dicho in dicho for f in faltas)


def test_una_falta_lleva_a_su_renglon(mundo, client):
    caso = Caso.objects.get(pk=mundo.listos["en_analisis"])
    fila = Opinion.objects.get(caso=caso, area__codigo="FIN")
    caso = actuar("dispensar", caso, mundo.p.direccion, fila, motivo="No contesta.")
    r, dicho = leer(client, mundo.p.auditor, caso.pk)
    assert r.context["leido"].veredicto is V.OBSERVACION
    assert f"?todo=1#e{caso.num_eventos}" in dicho and "se siguió sin su opinión" in dicho


LLEVADOS = ("ventas", "gerente", "direccion", "calidad", "auditor")


@pytest.mark.parametrize("quien", ["finanzas", "ventas2", *LLEVADOS])
def test_a_los_ocho_puntos_se_llega_de_la_pagina_del_caso(mundo, client, quien):
    caso = Caso.objects.get(pk=mundo.listos["por_cerrar"])
    client.force_login(getattr(mundo.p, quien))
    esta = f"/casos/{caso.folio}/puntos/" in client.get(caso.get_absolute_url()).content.decode()
    assert esta is (quien in LLEVADOS)


def test_los_ocho_puntos_no_dicen_mas_que_la_pagina_del_caso(mundo, client):
    """Neither the name of a person to the auditor, nor the grounds of an area to another."""
    caso = Caso.objects.get(pk=mundo.listos["por_cerrar"])
    for quien in (mundo.p.auditor, mundo.p.finanzas):
        _, dicho = leer(client, quien, caso.pk)
        assert caso.persona.nombre not in dicho and "Cabe en el margen" not in dicho


def test_la_instruccion_documenta_cada_regla():
    filas = re.findall(r"^\| (6|7|7\.\d) \| `(\w+)` · (.+?) \|", leer_doc(), re.M)
    assert filas == [(r.seccion, r.nombre, r.pide) for r in REGLAS.values()]


def leer_doc():
    return Path("docs/instruccion.md").read_text().partition("## Conformance")[2]


# -- by month --------------------------------------------------------------------------------------

URL = "/procedimiento/conformidad/"


def cerrado(**mas):
    """Closed, with no log behind it: written past the door, which is what does not comply."""
    caso = CasoFactory(estado=E.CERRADO, resultado="RETIRADO", **mas)
    cotejar_un_rato(math.inf)
    return caso


def test_la_conformidad_se_cuenta_por_paso_y_mes(mundo, client):
    client.force_login(mundo.p.auditor)
    leida = client.get(URL).context["leida"]
    cerrados = Caso.objects.filter(estado=E.CERRADO)
    assert len(leida.meses) == 3
    # Those of the world may have been closed on the last day of the month before.
    assert leida.casos == sum(p.casos for p in leida.por_paso[""].values()) == cerrados.count()
    assert {p.por_ciento for p in leida.por_paso[""].values() if p.casos} == {100}
    modificados = cerrados.filter(resultado="MODIFICADO").count()
    assert sum(p.casos for p in leida.por_paso["7.7"].values()) == modificados
    sin_historia = cerrado(cerrado_en=timezone.now())
    r = client.get(URL)
    con_uno = r.context["leida"]
    mes = con_uno.meses[-1]
    assert con_uno.cuenta("", mes).de[V.NO_CUMPLE] == con_uno.cuenta("7", mes).de[V.NO_CUMPLE] == 1
    assert sum(p.casos for p in con_uno.por_paso["7.7"].values()) == modificados
    assert [c.folio for c in con_uno.no_cumplen] == [sin_historia.folio]
    assert f"/casos/{sin_historia.folio}/puntos/" in r.content.decode()


def test_lo_que_no_es_del_periodo_no_cuenta(personas, client):
    cerrado(cerrado_en=hace(days=200))
    client.force_login(personas.calidad)
    assert client.get(URL).context["leida"].casos == 0
    desde = calendario.hoy() - timedelta(days=201)
    assert client.get(f"{URL}?desde={desde}").context["leida"].casos == 1


@pytest.mark.parametrize(
    ("consulta", "dicho"),
    [
        ("desde=2026-05-02&hasta=2026-05-01", "La fecha final es anterior"),
        ("desde=2020-01-01&hasta=2026-05-01", "Pide hasta un año."),
        ("desde=x", "desde"),
    ],
)
def test_un_periodo_que_no_es_se_dice(personas, client, consulta, dicho):
    client.force_login(personas.calidad)
    r = client.get(f"{URL}?{consulta}")
    assert any(dicho.lower() in i.lower() for i in r.context["pedido"].ignorados)
    assert len(r.context["leida"].meses) == 3


def test_lo_que_nadie_ha_juzgado_se_dice_y_no_cuenta(personas, client):
    cerrado(cerrado_en=hace(minutes=1))
    Caso.objects.update(**dict.fromkeys(COLUMNAS))
    client.force_login(personas.calidad)
    r = client.get(URL)
    assert (r.context["leida"].sin_juzgar, r.context["leida"].todos.casos) == (1, 0)
    assert "1 caso cerrado sin revisar todavía" in " ".join(r.content.decode().split())


def test_la_conformidad_cuesta_lo_mismo_de_muchos_casos(mundo, client):
    client.force_login(mundo.p.auditor)
    client.get("/cuenta/")

    def cuantas():
        with CaptureQueriesContext(connection) as capturadas:
            client.get(URL)
        return len(capturadas)

    antes = cuantas()
    for _ in range(30):
        CasoFactory(estado=E.CERRADO, resultado="RETIRADO", cerrado_en=hace(minutes=1))
    cotejar_un_rato(math.inf)
    assert cuantas() == antes <= 12
