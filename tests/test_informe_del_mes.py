"""The month's report for the management review: given once, on the first business day, and the same ever after."""

import json
import math
from datetime import date, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casos import calendario, tareas
from casos.catalogos import Estado
from casos.correo.armado import mensaje
from casos.lecturas.informe_del_mes import NADA, informe_de, mes_de
from casos.models import Aviso, Caso, Cierre, InformeMensual, PersonaContacto, Usuario
from casos.models.auditoria import ClausulaISO, Hallazgo
from casos.pasos.cotejo import cotejar_un_rato
from tests.factories import CasoFactory
from tests.reloj import mediodia
from tests.test_impresos import leido, sin_blancos

UN_DIA = timedelta(days=1)
URL = "/tablero/informes/"


def primer_habil(dia: date) -> date:
    """Of the month after that of a day."""
    return calendario.sumar_habiles(mes_de(dia).hasta, 1)


def correr(dia: date, hora: int = 12):
    with time_machine.travel(mediodia(dia) + timedelta(hours=hora - 12), tick=False):
        return tareas.informar_del_mes()


def dichos(documento) -> str:
    return json.dumps(documento, ensure_ascii=False)


# -- when, to whom, how often --------------------------------------------------------------------------


def test_se_da_una_vez_el_primer_dia_habil_desde_la_hora_del_resumen(personas):
    hoy = calendario.hoy()
    dia = primer_habil(hoy)
    assert [correr(dia, hora) for hora in (7, 8, 21)] == [0, 0, 0]
    assert correr(dia, 9) == 3
    assert [correr(dia, 12), correr(calendario.sumar_habiles(dia, 1))] == [0, 0]
    [informe] = InformeMensual.objects.all()
    assert informe.mes == mes_de(hoy).desde
    avisos = Aviso.objects.filter(informes=informe).select_related("usuario")
    assert {a.usuario for a in avisos} == {personas.direccion, personas.gerente, personas.calidad}
    assert avisos.count() == 3
    assert not avisos.exclude(estado="PENDIENTE").exists()


def test_el_dia_que_no_es_habil_espera_y_quien_no_estuvo_lo_da_despues(personas):
    dia = primer_habil(calendario.hoy())
    antes = [
        dia - n * UN_DIA for n in range(1, dia.day)
    ]  # of its month, before the first business day
    assert [correr(d) for d in antes] == [0] * len(antes)
    assert correr(calendario.sumar_habiles(dia, 2)) == 3


def test_sin_nadie_a_quien_darlo_no_se_da_por_dado(personas):
    Usuario.objects.update(email="")
    assert correr(primer_habil(calendario.hoy())) == 0
    assert not InformeMensual.objects.exists()


def test_dos_trabajadores_lo_dan_una_vez(personas):
    mes = mes_de(calendario.hoy()).anterior
    assert [tareas.dar_informe(mes), tareas.dar_informe(mes)] == [3, 0]
    assert Aviso.objects.exclude(informes=None).count() == 3


# -- the same ever after ---------------------------------------------------------------------------------


def test_el_correo_lo_lleva_y_la_pagina_da_los_mismos_bytes_aunque_cambien_los_datos(mundo, client):
    mes = mes_de(calendario.hoy())
    dia = primer_habil(mes.desde)
    assert correr(dia) == 3
    [aviso, *_] = Aviso.objects.exclude(informes=None).order_by("pk")
    correo = mensaje(aviso)
    [adjunto] = [p for p in correo.message().walk() if p.get_content_type() == "application/pdf"]
    assert adjunto.get_filename() == f"informe-{mes.desde:%Y-%m}.pdf"
    Caso.objects.filter(estado=Estado.CERRADO).update(conformidad=2, reglas_rotas=1)
    CasoFactory(estado=Estado.CERRADO, resultado="RETIRADO", cerrado_en=timezone.now())
    with time_machine.travel(mediodia(dia), tick=False):
        client.force_login(mundo.p.calidad)
        pdf = client.get(f"{URL}{mes.desde:%Y-%m}.pdf")
        assert pdf["Content-Type"] == "application/pdf"
        assert pdf.content == client.get(f"{URL}{mes.desde:%Y-%m}.pdf").content
        assert pdf.content == adjunto.get_payload(decode=True)
        assert "Enviado el" in client.get(f"{URL}?anio={mes.desde.year}").content.decode()
        detalle = client.get(f"/avisos/{aviso.pk}/")
        assert detalle.status_code == 404 or f"{URL}{mes.desde:%Y-%m}.pdf" in detalle.text


def test_la_base_no_deja_cambiarlo_ni_borrarlo(personas):
    tareas.dar_informe(mes_de(calendario.hoy()).anterior)
    for sql in ("UPDATE casos_informemensual SET datos = '{}'", "DELETE FROM casos_informemensual"):
        with pytest.raises(DatabaseError, match="informe de un mes"), transaction.atomic():
            connection.cursor().execute(sql)


# -- what it says ----------------------------------------------------------------------------------------


def test_lo_que_dice_es_lo_que_se_cuenta(mundo, client):
    """Of all months with closings in the world: figures, motives, conformance; nobody's name."""
    malo = CasoFactory(estado=Estado.CERRADO, resultado="RETIRADO", cerrado_en=timezone.now())
    cotejar_un_rato(math.inf)
    meses = {mes_de(timezone.localdate(c)) for c in Cierre.objects.values_list("en", flat=True)}
    meses.add(mes_de(calendario.hoy()))
    todo = ""
    for mes in meses:
        documento = informe_de(mundo.p.direccion, mes)
        cerrados = Cierre.objects.del_periodo(*mes.instantes).count()
        [resumen] = [p for p in documento["piezas"] if p["tipo"] == "resumen"]
        assert resumen["cifras"][1][:2] == ["Cerrados", f"{cerrados:,}"]
        todo += dichos(documento)
    for motivo in Cierre.motivos.through.objects.values_list("motivo__nombre", flat=True):
        assert motivo in todo
    assert malo.folio in todo and "Cada paso está y va en su orden" in todo
    gente = [*Usuario.objects.all(), *PersonaContacto.objects.all()]
    assert [str(g) for g in gente if str(g) in todo] == []


def test_el_mes_vacio_lo_dice_y_nunca_falla(personas, client):
    client.force_login(personas.direccion)
    for dia in (date(2020, 2, 1), date(2000, 1, 1), calendario.hoy()):
        respuesta = client.get(f"{URL}{dia:%Y-%m}.pdf")
        assert respuesta.status_code == 200
        assert sin_blancos(NADA) in sin_blancos(leido(respuesta.content))
    tareas.dar_informe(mes_de(date(2020, 2, 1)))
    assert NADA in dichos(InformeMensual.objects.get().datos)


@pytest.mark.parametrize("mes", ["1999-12", "9999-12", "2026-13", "2026-00", "0000-01"])
def test_un_mes_que_no_es_no_existe(personas, client, mes):
    client.force_login(personas.calidad)
    assert client.get(f"{URL}{mes}.pdf").status_code == 404
    mañana = mes_de(mes_de(calendario.hoy()).hasta + UN_DIA)
    assert client.get(f"{URL}{mañana.desde:%Y-%m}.pdf").status_code == 404


def test_los_sellos_del_mes_y_los_habiles_sin_sello(personas):
    mes = mes_de(calendario.hoy())
    primero = calendario.sumar_habiles(mes.desde - UN_DIA, 1)
    tercero = calendario.sumar_habiles(primero, 2)
    for dia in (primero, tercero):
        with time_machine.travel(mediodia(dia), tick=False):
            sello = tareas.sellar_el_dia()
    with time_machine.travel(mediodia(tercero), tick=False):
        dicho = dichos(informe_de(personas.direccion, mes))
    assert sello.huella in dicho
    segundo = calendario.sumar_habiles(primero, 1)
    assert f"Días hábiles sin sello: {segundo:%d/%m/%Y}." in dicho


def test_los_hallazgos_abiertos(personas):
    clausula = ClausulaISO.objects.first() or ClausulaISO.objects.create(
        numero="8.2.1", titulo="Comunicación con el cliente", que_se_busca="–"
    )
    hallazgo = Hallazgo.objects.create(
        anio=2026, numero=7, tipo="MENOR", clausula=clausula, encontrado="Falta algo.",
        evidencia="–", levantado_por=personas.calidad,
    )  # fmt: skip
    mes = mes_de(calendario.hoy())
    dicho = dichos(informe_de(personas.direccion, mes))
    assert hallazgo.clave in dicho and "Asignar responsable y fecha" in dicho


def test_cuesta_lo_mismo_de_muchos_casos(mundo):
    mes = mes_de(calendario.hoy())

    def cuantas():
        with CaptureQueriesContext(connection) as hechas:
            informe_de(Usuario.objects.get(pk=mundo.p.direccion.pk), mes)
        return len(hechas)

    def crecer(cuantos):
        for _ in range(cuantos):
            CasoFactory(estado=Estado.CERRADO, resultado="RETIRADO", cerrado_en=timezone.now())
        cotejar_un_rato(math.inf)

    crecer(1)
    con_uno = cuantas()
    crecer(30)
    assert cuantas() == con_uno <= 32
