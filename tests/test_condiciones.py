"""The areas' conditions: laid down with an opinion, kept to wherever the sheet is fixed, passed by Dirección."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from casos.catalogos import Estado, Unidad
from casos.cotas import Comparacion, Cota
from casos.lecturas.por_decidir import por_decidir
from casos.models import Aviso, Candado, TextoEvento
from casos.permisos.lectura import lee_correo
from tests.guion import actuar, consultas, en_dias, fresco, hace, ofrecidas, rechaza

E = Estado
DATOS = {
    "alternativa": "Bajar la tarifa.", "fundamento": "Cabe.", "confirma": "on",
    "decision_tarifa": "OTRO",
}  # fmt: skip


def puesta(n=1, sobre="tarifa", como="MINIMO", valor="14600", **mas):
    return {f"cond_{n}_sobre": sobre, f"cond_{n}_como": como, f"cond_{n}_valor": valor} | {
        f"cond_{n}_{k}": v for k, v in mas.items()
    }


EN_PALABRAS = puesta(sobre="LIBRE", como="", valor="Que firme el aval.")


def con_condicion(g, **condicion):
    """In 7.4: Finanzas is for it, with one condition."""
    return g.opinar(g.hasta(E.EN_ANALISIS), sentido="CONDICIONES", **(condicion or puesta()))


def el_candado(caso) -> Candado:
    return fresco(caso).hechos.candados[0]


def autoriza(caso, g, **mas):
    return actuar(
        "pasar_condicion", caso, g.p.direccion, el_candado(caso), motivo="Conviene.", **mas
    )


# -- the bound itself ------------------------------------------------------------------------------

dias = st.dates(date(2024, 1, 1), date(2030, 1, 1))
NUMEROS = st.decimals(0, 1000, places=2).map(str)
VALORES = {
    Unidad.ENTERO: st.integers(0, 50).map(str),
    Unidad.DINERO: NUMEROS,
    Unidad.PORCENTAJE: NUMEROS,
    Unidad.FECHA: dias.map(date.isoformat),
}
cualquiera = st.sampled_from(list(VALORES)).flatmap(
    lambda u: st.tuples(st.just(u), VALORES[u], VALORES[u], VALORES[u])
)
comparaciones = st.sampled_from(list(Comparacion))


def a_mano(unidad, como, tope, valor) -> bool:
    leer = (lambda v: date.fromisoformat(v)) if unidad == Unidad.FECHA else Decimal
    uno, otro = leer(valor), leer(tope)
    return (
        (como == "MINIMO" and not uno < otro)
        or (como == "MAXIMO" and not uno > otro)
        or uno == otro
    )


@given(cualquiera, comparaciones, comparaciones)
def test_una_cota_dice_lo_que_la_comparacion_lenta(caso, como, otro_como):
    unidad, tope, otro_tope, valor = caso
    una, otra = Cota("x", unidad, como, tope), Cota("x", unidad, otro_como, otro_tope)
    assert una.se_cumple(valor) is a_mano(unidad, como, tope, valor)
    # Of two bounds only their own ends need be tried, and one step past each.
    cumplen = [v for v in (tope, otro_tope, valor) if una.se_cumple(v) and otra.se_cumple(v)]
    assert una.se_contradice(otra) is (not cumplen)
    assert una.se_contradice(otra) is otra.se_contradice(una)
    assert not una.se_cumple(""), "what says nothing is not within it"


def test_un_texto_es_ese_o_no_lo_es():
    cota = Cota("Turno", Unidad.TEXTO, Comparacion.EXACTO, "Diurno")
    assert cota.se_cumple("  DIURNO ") and not cota.se_cumple("Nocturno")
    assert cota.dicha() == "Turno: exactamente Diurno"
    assert Cota("Inicio", Unidad.FECHA, "MAXIMO", "2027-03-01").dicha() == (
        "Inicio: a más tardar el 01/03/2027"
    )


# -- every door that fixes the sheet ---------------------------------------------------------------


def en(g, estado, condicion):
    """A case in ``estado`` whose proposal keeps to the condition."""
    caso = con_condicion(g, **condicion)
    if estado == E.POR_DECIDIR:
        return caso
    caso = g.viable(caso, propuesto_tarifa="14600", decision_tarifa="OTRO")
    if estado == E.EN_PROPUESTA:
        return caso
    caso = g.presentar(caso)
    return caso if estado == E.EN_RESPUESTA else g.aceptar(caso)


PUERTAS = {
    "declarar_viable": (E.POR_DECIDIR, lambda g, c: DATOS | {"propuesto_tarifa": "14500"}),
    "presentar": (
        E.EN_PROPUESTA,
        lambda g, c: {
            "como": "TELEFONO", "cuando": hace(minutes=1), "persona": c.persona_id,
            "vigencia": en_dias(15), "propuesto_tarifa": "14500",
        },
    ),
    "contraofertar": (
        E.EN_RESPUESTA,
        lambda g, c: {
            "pide": "Menos.", "solicitado_tarifa": "14500", "consintio": g.p.gerente.pk,
            "consintio_en": hace(minutes=1),
        },
    ),
    "aceptar": (
        E.EN_RESPUESTA,
        lambda g, c: {
            "persona": c.persona_id, "cuando": hace(seconds=20), "medio": "TELEFONO",
            "vigor_fecha": en_dias(20), "acordado_tarifa": "14500",
        },
    ),
    "corregir_acordado": (
        E.EN_MODIFICACION,
        lambda g, c: {"motivo": "Mal.", "vigor_fecha": c.vigor_fecha, "acordado_tarifa": "14500"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("accion", PUERTAS)
def test_por_ninguna_puerta_pasa_lo_que_no_cumple(mundo, accion):
    estado, datos = PUERTAS[accion]
    caso = en(mundo, estado, puesta())
    dicho = rechaza(accion, caso, mundo.p.ventas, **datos(mundo, caso))
    assert "No cumple la condición de Finanzas (Tarifa" in dicho, dicho
    autoriza(caso, mundo)
    otra_vez = fresco(caso)
    if accion in ("presentar", "aceptar", "corregir_acordado"):  # past the viable, still
        assert "No cumple" not in rechaza(
            accion, otra_vez, mundo.p.ventas, **datos(mundo, otra_vez)
        )
    else:
        actuar(accion, otra_vez, mundo.p.ventas, **datos(mundo, otra_vez))


def test_lo_que_sigue_igual_se_compara_con_lo_vigente(mundo):
    caso = con_condicion(mundo, **puesta(sobre="plazas", como="MAXIMO", valor="15"))
    datos = DATOS | {"propuesto_tarifa": "14500"}
    assert "No cumple la condición de Finanzas (Plazas" in rechaza(
        "declarar_viable", caso, mundo.p.ventas, **datos
    ), "twenty are in force"
    caso = actuar("declarar_viable", caso, mundo.p.ventas, **datos, propuesto_plazas="15")
    assert caso.estado == E.EN_PROPUESTA


def test_lo_que_la_hoja_no_dice_no_se_cumple_hasta_que_lo_diga(mundo):
    caso = con_condicion(mundo, **puesta(sobre="margen", valor="8"))
    datos = DATOS | {"propuesto_tarifa": "14500"}
    assert "la hoja no dice ese valor" in rechaza("declarar_viable", caso, mundo.p.ventas, **datos)
    actuar("declarar_viable", caso, mundo.p.ventas, **datos, propuesto_margen="8")


# -- what stands -----------------------------------------------------------------------------------


def test_la_opinion_siguiente_de_su_area_la_reemplaza_y_nada_mas(mundo):
    g = mundo
    caso = con_condicion(g)
    caso = actuar("pedir_mas_analisis", caso, g.p.ventas, que_falta="x", **consultas("FIN"))
    assert len(caso.hechos.candados) == 1, "a question that is open replaces nothing"
    o = caso.hechos.opiniones[-1]
    dicho = {
        "sentido": "A_FAVOR",
        "fundamento": "x",
        "quien": g.p.finanzas.pk,
        "dicho_en": hace(minutes=1),
    }
    caso = actuar("opinar_verbal", caso, g.p.ventas, o, **dicho)
    assert len(caso.hechos.candados) == 1, "nor does hearsay"
    caso = actuar("confirmar_constancia", caso, g.p.finanzas, caso.hechos.constancias[-1])
    assert caso.hechos.candados == []


@pytest.mark.parametrize("sentido", ["A_FAVOR", "EN_CONTRA", "NO_APLICA"])
def test_corregida_la_opinion_no_deja_condicion(mundo, sentido):
    caso = mundo.opinar(con_condicion(mundo), sentido=sentido)
    assert caso.hechos.candados == []


def test_lo_que_no_se_corrige_queda_como_estaba(mundo):
    g = mundo
    caso = autoriza(con_condicion(g), g)
    caso = g.opinar(caso, sentido="CONDICIONES", **puesta(), **puesta(2, "plazas", "MAXIMO", "30"))
    viejo, nuevo = caso.hechos.candados
    assert viejo.pasada_en and not nuevo.pasada_en


def test_de_palabra_se_confirma_con_sus_condiciones(mundo):
    g = mundo
    caso = g.hasta(E.EN_ANALISIS)
    datos = {
        "sentido": "CONDICIONES",
        "fundamento": "x",
        "quien": g.p.finanzas.pk,
        "dicho_en": hace(minutes=1),
    }
    caso = actuar("opinar_verbal", caso, g.p.ventas, caso.hechos.opiniones[0], **datos, **puesta())
    [constancia] = [c for c in caso.hechos.constancias if c.opinion_id]
    assert "a lo menos $14,600.00" in constancia.texto
    assert len(caso.hechos.candados) == 1


# -- one in words ----------------------------------------------------------------------------------


def test_una_en_palabras_se_marca_o_se_pasa_antes_de_cerrar(mundo):
    g = mundo
    caso = en(g, E.EN_MODIFICACION, EN_PALABRAS)
    caso = g.confirmar(g.confirmar(caso, "JUR"), "NOM")
    cierre = {
        "informo": g.p.ventas.pk, "persona": caso.persona_id, "cuando": hace(minutes=0), "medio": "CORREO",
    }  # fmt: skip
    assert "Son de: Finanzas" in rechaza("cerrar_modificado", caso, g.p.ventas, **cierre)
    assert "cumplir_condicion" in ofrecidas(caso, g.p.finanzas)
    assert "cumplir_condicion" not in ofrecidas(caso, g.p.juridico)
    caso = actuar("cumplir_condicion", caso, g.p.ventas, el_candado(caso), sustento="Aval firmado.")
    assert Aviso.objects.filter(caso=caso, area__codigo="FIN", asunto__contains="cumplida").exists()
    assert actuar("cerrar_modificado", caso, g.p.ventas, **cierre).resultado == "MODIFICADO"


def test_antes_de_presentar_solo_si_el_area_lo_pide(mundo):
    g = mundo
    caso = en(g, E.EN_PROPUESTA, EN_PALABRAS | {"cond_1_antes": "on"})
    assert "antes de presentar" in rechaza("presentar", caso, g.p.ventas)
    caso = actuar("cumplir_condicion", caso, g.p.finanzas, el_candado(caso), sustento="Firmado.")
    assert g.presentar(caso).estado == E.EN_RESPUESTA


# -- Dirección -------------------------------------------------------------------------------------


def test_la_pide_el_responsable_y_la_pasa_direccion(mundo):
    g = mundo
    caso = con_condicion(g)
    candado = el_candado(caso)
    quienes = {n for n in vars(g.p) if "pasar_condicion" in ofrecidas(caso, getattr(g.p, n))}
    assert quienes == {"direccion"}
    caso = actuar("pedir_sin_condicion", caso, g.p.ventas, candado, porque="Es el mayor cliente.")
    carta = Aviso.objects.get(
        caso=caso, usuario=g.p.direccion, asunto__contains="sin una condición"
    )
    assert "a lo menos $14,600.00" in carta.texto and "Es el mayor cliente." in carta.texto
    assert [d.fila.pk for d in por_decidir(g.p.direccion) if d.fila == candado] == [candado.pk]
    assert not [d for d in por_decidir(g.p.gerente) if d.fila == candado]
    caso = actuar("mantener_condicion", caso, g.p.direccion, candado, motivo="No conviene.")
    assert not [d for d in por_decidir(g.p.direccion) if d.fila == candado]
    caso = autoriza(caso, g, hasta="14500")
    assert Aviso.objects.filter(caso=caso, area__codigo="FIN", texto__contains="Conviene.").exists()
    assert "No cumple" in rechaza(
        "declarar_viable", caso, g.p.ventas, **DATOS, propuesto_tarifa="14400"
    ), "only so far"
    caso = actuar("declarar_viable", caso, g.p.ventas, **DATOS, propuesto_tarifa="14500")
    decision = Aviso.objects.get(caso=caso, area__codigo="FIN", asunto__contains="viable")
    assert "Dirección autorizó sin ella: Conviene." in decision.texto
    assert TextoEvento.objects.filter(evento__caso=caso, campo="condicion").count() == 3


def test_sin_direccion_la_pasa_gerencia_y_se_dice(mundo):
    g = mundo
    caso = con_condicion(g)
    type(g.p.direccion).objects.filter(rol="DG").update(is_active=False)
    caso = actuar("pasar_condicion", caso, g.p.gerente, el_candado(caso), motivo="x")
    assert caso.eventos.latest("numero").sin_segregacion


def test_autorizar_hasta_un_valor_que_ya_cumple_no_es_autorizar(mundo):
    caso = con_condicion(mundo)
    dicho = rechaza(
        "pasar_condicion", caso, mundo.p.direccion, el_candado(caso), motivo="x", hasta="14700"
    )
    assert "ya cumple" in dicho


# -- what cannot be --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condicion", "dicho"),
    [
        (puesta(valor=""), "Escribe el valor."),
        (puesta(como=""), "Elige si es a lo menos"),
        (puesta(sobre=""), "Elige sobre qué"),
        (puesta(valor="mucho"), "Condición"),
        (puesta(valor="9" * 300), "200"),
        (puesta(sobre="turno", valor="Diurno"), "elige «Exactamente»"),
        (puesta() | puesta(2, como="MAXIMO", valor="100"), "ningún valor cumple las dos"),
        (puesta(sobre="nada"), "nada"),
        ({}, "Faltan las condiciones."),
    ],
)
def test_una_condicion_mal_escrita_se_dice_en_su_campo(mundo, condicion, dicho, client):
    g = mundo
    caso = g.hasta(E.EN_ANALISIS)
    o = caso.hechos.opiniones[0]
    client.force_login(g.p.finanzas)
    url = reverse("paso_objeto", args=[caso.folio, "opinar", o.pk])
    datos = {"sentido": "CONDICIONES", "fundamento": "x", "version": o.version} | condicion
    pagina = client.post(url, datos)
    assert pagina.status_code == 422
    if dicho not in ("Condición", "nada"):
        assert dicho in pagina.content.decode()
    assert Candado.objects.filter(caso=caso).count() == 0


def test_lo_que_ninguna_oferta_cumple_se_dice_y_se_puede_escribir(mundo):
    g = mundo
    caso = g.analizar(g.hasta(E.EN_CONTACTO), "FIN", "JUR")
    caso = g.opinar(caso, sentido="CONDICIONES", **puesta())
    o = next(o for o in caso.hechos.opiniones if o.area.codigo == "JUR")
    from casos.actos import OPINAR
    from casos.pasos.puerta import ejecutar

    hecho = ejecutar(
        OPINAR, g.p.juridico, caso=caso, fila=o,
        datos={"sentido": "CONDICIONES", "fundamento": "x", "version": o.version} | puesta(como="MAXIMO", valor="100"),
    )  # fmt: skip
    assert "Ningún valor cumple esta condición" in hecho.mensaje
    assert "Finanzas" not in hecho.mensaje, "another area's grounds are not told"


@pytest.mark.parametrize("mal", [
    {"valor": ""}, {"comparacion": "OTRA"}, {"texto": "y además"}, {"concepto": None},
])  # fmt: skip
def test_la_base_no_guarda_media_condicion(mundo, mal):
    candado = el_candado(con_condicion(mundo))
    with pytest.raises(IntegrityError), transaction.atomic():
        Candado.objects.filter(pk=candado.pk).update(**mal)


def test_la_base_no_guarda_un_pase_sin_quien(mundo):
    candado = el_candado(con_condicion(mundo))
    for mal in ({"pasada_en": hace(days=1)}, {"cumplida_en": hace(days=1)}, {"autorizado": "9"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Candado.objects.filter(pk=candado.pk).update(**mal)


# -- sight -----------------------------------------------------------------------------------------

LA_LEEN = {"ventas", "gerente", "direccion", "calidad", "auditor", "finanzas"}


def test_la_lee_quien_lee_los_fundamentos(mundo, client):
    g = mundo
    caso = g.analizar(g.hasta(E.EN_CONTACTO), "FIN", "JUR")
    caso = g.opinar(g.opinar(caso, "JUR"), sentido="CONDICIONES", **puesta(valor="14,677"))
    candado = el_candado(caso)
    caso = actuar("pedir_sin_condicion", caso, g.p.ventas, candado, porque="Por XYZZY.")
    caso = autoriza(caso, g)
    leen = set()
    for nombre in (
        "ventas",
        "ventas2",
        "gerente",
        "direccion",
        "calidad",
        "auditor",
        "finanzas",
        "juridico",
    ):
        client.force_login(getattr(g.p, nombre))
        pagina = client.get(caso.get_absolute_url() + "?todo").content.decode()
        dice = {"14,677" in pagina, "XYZZY" in pagina}
        assert len(dice) == 1, nombre
        leen |= {nombre} if dice == {True} else set()
    assert leen == LA_LEEN
    for aviso in Aviso.objects.filter(caso=caso, texto__contains="14,677"):
        assert not lee_correo(aviso, g.p.juridico), aviso.asunto


def test_la_hoja_la_marca_en_su_renglon(mundo, client):
    g = mundo
    caso = g.viable(con_condicion(g), propuesto_tarifa="14600", decision_tarifa="OTRO")
    caso.condiciones.filter(concepto__clave="tarifa").update(propuesto="14500.00")
    client.force_login(g.p.ventas)
    pagina = client.get(caso.get_absolute_url()).content.decode()
    assert "No se cumple · Finanzas: Tarifa" in pagina


def test_otra_condicion_no_envia_nada_ni_pierde_nada(mundo, client):
    g = mundo
    caso = g.hasta(E.EN_ANALISIS)
    o = caso.hechos.opiniones[0]
    client.force_login(g.p.finanzas)
    url = reverse("paso_objeto", args=[caso.folio, "opinar", o.pk])
    datos = {"sentido": "CONDICIONES", "fundamento": "Por el flujo."} | puesta(valor="14,611")
    pagina = client.post(url, datos | {"otra_condicion": "1"})
    texto = pagina.content.decode()
    assert pagina.status_code == 200
    assert "14,611" in texto and "Por el flujo." in texto and "cond_2_sobre" in texto
    assert fresco(caso).estado == E.EN_ANALISIS


def test_al_ajustar_su_area_las_tiene_a_la_vista(mundo, client):
    g = mundo
    caso = con_condicion(g)
    caso = g.viable(caso, propuesto_tarifa="14600", decision_tarifa="OTRO")
    caso = g.aceptar(g.presentar(caso), "JUR", "NOM", "FIN")
    for nombre, area, dice in (("finanzas", "FIN", True), ("juridico", "JUR", False)):
        client.force_login(getattr(g.p, nombre))
        url = reverse("paso_objeto", args=[caso.folio, "confirmar_ajuste", g.ajuste(caso, area).pk])
        assert ("Las condiciones que pusieron" in client.get(url).content.decode()) is dice
        carta = Aviso.objects.get(caso=caso, area__codigo=area, asunto__contains="ajustar")
        assert ("Condición de Finanzas" in carta.texto) is dice


def test_la_pagina_dice_la_que_se_autorizo(mundo, client):
    g = mundo
    caso = g.viable(autoriza(con_condicion(g), g), propuesto_tarifa="14500", decision_tarifa="OTRO")
    for nombre in ("ventas", "direccion", "finanzas"):
        client.force_login(getattr(g.p, nombre))
        pagina = client.get(caso.get_absolute_url())
        assert "Dirección autorizó sin ella" in pagina.content.decode(), nombre
