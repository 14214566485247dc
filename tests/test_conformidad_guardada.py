"""What a closed case keeps of its conformance: it is what its log says, and what the list and the figures ask."""

import io
import math
import re
from html import unescape
from urllib.parse import parse_qs

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime
from openpyxl import load_workbook

from casos import tareas
from casos.catalogos import Estado
from casos.expediente.acta import acta_de, actas
from casos.expediente.carga import el_mismo
from casos.expediente.conformidad import REGLAS, juzgar
from casos.expediente.lo_juzgado import BIT_DE_REGLA, COLUMNAS, bits_de, guardado_en, resumir
from casos.models import Caso, Constancia
from casos.pasos import cotejo
from casos.pasos.cotejo import cotejar_un_rato
from casos.veredicto import Veredicto
from tests.guion import actuar, contacto, fresco, hace

E, V = Estado.CERRADO, Veredicto
URL = "/procedimiento/conformidad/"


def lo_de_su_historia(caso):
    [acta] = actas(Caso.objects.filter(pk=caso.pk))
    return resumir(juzgar(acta))


def guardado(caso):
    return guardado_en(Caso.objects.get(pk=caso.pk))


# -- the door --------------------------------------------------------------------------------------


def test_al_cerrar_queda_lo_que_dice_la_historia(mundo):
    cerrados = list(Caso.objects.filter(estado=E))
    assert len({c.resultado for c in cerrados}) > 2
    assert all(c.conformidad is not None for c in cerrados)
    assert cotejar_un_rato(math.inf) == ([], None)
    assert not Caso.objects.exclude(estado=E).exclude(conformidad=None).exists()


def test_el_acta_de_un_acto_es_la_de_las_paginas(mundo):
    for caso in Caso.objects.filter(estado=E):
        [acta] = actas(Caso.objects.filter(pk=caso.pk))
        suya, todas = acta_de(el_mismo(caso.pk).hechos), acta.areas
        assert suya.areas.items() <= todas.items()
        for parte in ("eventos", "opiniones", "ajustes", "constancias", "contrato"):
            assert getattr(suya, parte) == getattr(acta, parte), (caso, parte)


def test_lo_que_pasa_despues_de_cerrar_se_juzga_otra_vez(mundo):
    """A verbal order that is confirmed once the case was closed; a contact; and the case reopened."""
    caso = Caso.objects.get(pk=mundo.listos["por_orden_verbal"])
    caso = actuar("contactar", caso, mundo.p.ventas2, persona=caso.persona_id, **contacto())
    motivo = {"persona": caso.persona_id, "cuando": hace(minutes=0), "motivo": "Ya no."}
    caso = actuar("retirar", caso, mundo.p.ventas2, **motivo)
    assert guardado(caso).conformidad == V.OBSERVACION
    dicha = Constancia.objects.get(caso=caso)
    caso = actuar("confirmar_constancia", caso, dicha.destinatario, dicha)
    assert guardado(caso) == lo_de_su_historia(caso)
    caso = actuar(
        "registrar_contacto", caso, mundo.p.ventas2, persona=caso.persona_id, **contacto()
    )
    assert guardado(caso) == lo_de_su_historia(caso) != (None,) * 4
    caso = actuar("reabrir", fresco(caso), mundo.p.gerente, motivo="Volvió a pedirlo.")
    assert guardado(caso) == (None,) * 4


def test_la_base_no_guarda_conformidad_de_un_caso_abierto(mundo):
    abierto = Caso.objects.exclude(estado=E).first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Caso.objects.filter(pk=abierto.pk).update(conformidad=V.CUMPLE)


# -- the night ---------------------------------------------------------------------------------------


def test_cada_noche_se_compara_y_se_corrige(mundo, caplog):
    alterado, sin_juzgar, *_ = Caso.objects.filter(estado=E).order_by("pk")
    bien = {c.pk: guardado_en(c) for c in Caso.objects.filter(estado=E)}
    Caso.objects.filter(pk=alterado.pk).update(conformidad=V.NO_CUMPLE, reglas_rotas=1)
    Caso.objects.filter(pk=sin_juzgar.pk).update(**dict.fromkeys(COLUMNAS))
    assert tareas.cotejar_conformidad() == 1
    assert f"La conformidad de {alterado.folio} no era la de su historia" in caplog.text
    assert {c.pk: guardado_en(c) for c in Caso.objects.filter(estado=E)} == bien
    assert tareas.cotejar_conformidad() == 0


def test_lo_que_no_cabe_en_una_tarea_sigue_en_otra(mundo, monkeypatch):
    monkeypatch.setattr(cotejo, "POR_TANDA", 2)
    cuantos, vueltas, sigue = Caso.objects.filter(estado=E).count(), 0, 0
    Caso.objects.filter(estado=E).update(**dict.fromkeys(COLUMNAS))
    while sigue is not None:
        _, sigue = cotejar_un_rato(-1, sigue)
        vueltas += 1
    assert vueltas == math.ceil(cuantos / 2) + (cuantos % 2 == 0)
    assert not Caso.objects.filter(estado=E, conformidad=None).exists()


def test_cotejar_cuesta_lo_mismo_de_uno_que_de_muchos(mundo):
    def cuantas(**solo):
        with CaptureQueriesContext(connection) as hechas:
            cotejar_un_rato(math.inf, **solo)
        return len(hechas)

    uno = Caso.objects.filter(estado=E).first()
    assert cuantas(pk=uno.pk) == cuantas() <= 10


# -- the figures, and the cases behind them ------------------------------------------------------------


@pytest.fixture
def variados(mundo):
    """Each closed case with rules observed and broken of its own."""
    for n, caso in enumerate(Caso.objects.filter(estado=E).order_by("pk")):
        aplican = [r for r in BIT_DE_REGLA if caso.reglas_aplicadas & BIT_DE_REGLA[r]]
        rotas = sum(BIT_DE_REGLA[r] for r in aplican[n % 3 :: 5]) if n % 2 else 0
        vistas = sum(BIT_DE_REGLA[r] for r in aplican[1 + n % 4 :: 4]) & ~rotas if n % 3 else 0
        peor = V.NO_CUMPLE if rotas else V.OBSERVACION if vistas else V.CUMPLE
        Caso.objects.filter(pk=caso.pk).update(
            conformidad=peor, reglas_rotas=rotas, reglas_observadas=vistas
        )
    return list(Caso.objects.filter(estado=E))


def peor_de(caso, reglas):
    """Told rule by rule; nothing where none of them was asked of it."""
    dichos = [
        V.NO_CUMPLE if caso.reglas_rotas & BIT_DE_REGLA[r]
        else V.OBSERVACION if caso.reglas_observadas & BIT_DE_REGLA[r]
        else V.CUMPLE
        for r in reglas
        if caso.reglas_aplicadas & BIT_DE_REGLA[r]
    ]  # fmt: skip
    return max(dichos, default=None)


def los_de(casos, en, como):
    """Folios, by the rules themselves."""
    reglas = [r.nombre for r in REGLAS.values() if not en or en in (r.nombre, r.seccion)]
    buenos = {"": list(V), "CUMPLEN": [V.CUMPLE, V.OBSERVACION]}.get(como) or [V[como]]
    return {c.folio for c in casos if peor_de(c, reglas) in buenos}


def hallados(client, consulta):
    r = client.get(f"/casos/?{consulta}")
    assert not r.context["ignorados"] and not r.context["siguiente_url"]
    return {c.folio for c in r.context["casos"]}


def test_cada_cifra_lleva_a_los_casos_que_cuenta(variados, mundo, client):
    client.force_login(mundo.p.calidad)
    desde = min(c.cerrado_en for c in variados)
    dicho = client.get(f"{URL}?desde={localtime(desde):%Y-%m-%d}").content.decode()
    cifras = re.findall(r'href="/casos/\?(cerrado_desde[^"]+)"[^>]*>(\d+)</a>', dicho)
    consultas = {unescape(c): int(n) for c, n in cifras}
    vistas = set()
    for consulta, n in consultas.items():
        pide = {k: v[0] for k, v in parse_qs(consulta).items()}
        en, como = pide.get("conformidad_en", ""), pide.get("conformidad", "")
        de_esos_dias = [
            c for c in variados
            if pide["cerrado_desde"] <= f"{localtime(c.cerrado_en):%Y-%m-%d}" <= pide["cerrado_hasta"]
        ]  # fmt: skip
        suyos = hallados(client, consulta)
        assert suyos == los_de(de_esos_dias, en, como), consulta
        assert len(suyos) == n, consulta
        vistas.add((bool(en), como))
    assert vistas >= {(True, v) for v in ("", "CUMPLEN", "CUMPLE", "OBSERVACION", "NO_CUMPLE")}


@pytest.mark.parametrize("en", ["", "7", "7.3", "7.7", "pasos_en_orden", "ajustes_a_tiempo"])
def test_la_lista_se_filtra_por_conformidad(variados, mundo, client, en):
    client.force_login(mundo.p.gerente)
    for como in ("CUMPLE", "OBSERVACION", "NO_CUMPLE", "CUMPLEN"):
        consulta = f"conformidad={como}" + (f"&conformidad_en={en}" if en else "")
        assert hallados(client, consulta) == los_de(variados, en, como), consulta
    assert bits_de("8") == bits_de("") == 0


def test_el_excel_lleva_los_filtrados_con_su_conformidad(variados, mundo, client):
    client.force_login(mundo.p.gerente)
    r = client.get("/casos/exportar/?conformidad=NO_CUMPLE")
    libro = load_workbook(io.BytesIO(b"".join(r.streaming_content)), read_only=True)
    titulos, *filas = libro["Casos"].iter_rows(values_only=True)
    folio, como = titulos.index("Folio"), titulos.index("Conformidad")
    assert {f[folio]: f[como] for f in filas} == dict.fromkeys(
        los_de(variados, "", "NO_CUMPLE"), "No cumple"
    )


def test_la_conformidad_puede_ser_columna_de_la_lista(variados, mundo, client):
    client.force_login(mundo.p.gerente)
    client.post("/casos/columnas/", {"columna": ["conformidad"]})
    dicho = client.get("/casos/?conformidad=OBSERVACION").content.decode()
    assert dicho.count(">Cumple con observación</span>") == len(los_de(variados, "", "OBSERVACION"))
