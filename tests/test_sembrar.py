"""Bulk data: copies that keep every rule, make no mail, and never land in a real database."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casos import pruebas
from casos.actos import ANOTAR
from casos.catalogos import Estado
from casos.datos import siembra
from casos.datos.volcado import PorCopy, PorInsert
from casos.lecturas.verificacion import revisar_bitacora
from casos.models import (
    Adjunto,
    Aviso,
    BusquedaCaso,
    Caso,
    Cita,
    Consecutivo,
    Evento,
    Impreso,
    Opinion,
    Procedencia,
    Prueba,
    TextoEvento,
    Usuario,
    VersionContrato,
)
from casos.pasos.puerta import fuera_de_paso
from tests import test_recorridos
from tests.guion import Guion, actuar, fresco, un_contrato
from tests.test_citas import programar

E = Estado


@pytest.fixture
def demo(db, settings):
    settings.DEMO = True


@pytest.fixture
def guion(personas, demo):
    """A few cases through the door: open ones with work of others, and two ends."""
    guion = Guion(personas)
    for estado in (E.RECIBIDO, E.EN_ANALISIS, E.EN_MODIFICACION):
        guion.hasta(estado)
    modificado = guion.hasta(E.EN_MODIFICACION)
    for area in ("JUR", "NOM"):
        modificado = guion.confirmar(modificado, area)
    guion.cerrar_modificado(modificado)
    guion.rechazar(guion.hasta(E.EN_RESPUESTA))
    return guion


def sembrar(**opciones):
    call_command("sembrar", **({"casos": 60, "meses": 2} | opciones))


def test_lo_sembrado_cumple_todas_las_reglas(guion, client, monkeypatch):
    originales = list(Caso.objects.values_list("pk", flat=True))
    avisos = Aviso.objects.count()
    sembrar()
    nuevos = Caso.objects.exclude(pk__in=originales)
    assert nuevos.count() == 60
    assert list(revisar_bitacora()) == []
    assert Aviso.objects.count() == avisos, "a mail would be sent"
    # The letters are all that is left out: every other invariant of D§2 holds.
    monkeypatch.setattr(test_recorridos, "revisar_correos", lambda *_: None)
    for caso in nuevos:
        test_recorridos.revisar(guion, fresco(caso))
        assert caso.num_eventos == caso.eventos.count() > 0
    assert set(nuevos.values_list("estado", flat=True)) == set(
        Caso.objects.filter(pk__in=originales).values_list("estado", flat=True)
    )
    # What a copy says of itself names itself.
    for caso in nuevos.select_related("cliente", "contrato", "persona"):
        datos = caso.eventos.get(numero=1).datos
        assert (datos["folio"], datos["cliente"], datos["persona"], datos["contrato"]) == (
            caso.folio,
            f"cliente:{caso.cliente_id}",
            f"personacontacto:{caso.persona_id}",
            f"contrato:{caso.contrato_id}",
        )
        assert caso.contrato.cliente_id == caso.persona.cliente_id == caso.cliente_id
        assert caso.folio.lower() in BusquedaCaso.objects.get(caso=caso).texto
    # Every date moved with its case.
    for o in Opinion.objects.filter(caso__in=nuevos).select_related("caso"):
        assert o.caso.registrado_en <= o.pedida_en
        assert 0 <= (o.vence - timezone.localdate(o.caso.registrado_en)).days < 30
        pedida = o.caso.eventos.get(accion="analizar").datos["vence_FIN"]
        assert pedida == o.vence.isoformat()
    for v in VersionContrato.objects.filter(caso__in=nuevos).select_related("caso"):
        assert abs(v.creada_en - v.caso.cerrado_en) < timedelta(minutes=1)
    # Folios and keys go on in the order of the dates, and never into the future.
    fechas = list(nuevos.order_by("pk").values_list("registrado_en", flat=True))
    assert fechas == sorted(fechas)
    assert Evento.objects.order_by("-en").first().caso_id in originales
    client.force_login(guion.p.ventas)
    folio = nuevos.order_by("-pk").first().folio
    for url in (
        "/",
        reverse("casos"),
        f"{reverse('casos')}?q={folio}",
        f"/casos/{folio}/",
    ):
        assert client.get(url).status_code == 200, url


def test_a_quien_apunta_cada_renglon_esta_aunque_la_base_no_lo_mire(guion, monkeypatch):
    """After the first batch PostgreSQL is told not to check: every key that was written has its row."""
    monkeypatch.setattr(PorInsert, "tanda", 20)
    monkeypatch.setattr(PorCopy, "tanda", 20)
    with CaptureQueriesContext(connection) as capturadas:
        sembrar()
    sin_mirar = [c for c in capturadas if "session_replication_role = replica" in c["sql"]]
    assert len(sin_mirar) == (2 if connection.vendor == "postgresql" else 0)
    with connection.cursor() as cursor:
        for modelo in siembra.ORDEN:
            for campo in modelo._meta.concrete_fields:
                if campo.is_relation:
                    de, a = modelo._meta.db_table, campo.related_model._meta.db_table
                    cursor.execute(
                        f"SELECT count(*) FROM {de} LEFT JOIN {a} AS otra ON otra.id = {de}.{campo.column}"
                        f" WHERE {de}.{campo.column} IS NOT NULL AND otra.id IS NULL"
                    )
                    assert cursor.fetchone() == (0,), campo


def test_despues_de_sembrar_se_puede_seguir(guion):
    sembrar(casos=20)
    caso = guion.registrar()
    folios = Caso.objects.filter(folio__startswith=caso.folio[:8])
    assert caso.folio == folios.order_by("-folio").first().folio
    copia = fresco(Caso.objects.filter(estado=E.EN_ANALISIS).last())
    actuar(
        "opinar",
        copia,
        guion.de("FIN"),
        copia.hechos.opiniones_pendientes[0],
        sentido="A_FAVOR",
        fundamento="Cabe.",
    )
    assert list(revisar_bitacora()) == []


def test_la_misma_semilla_da_lo_mismo_y_otra_vez_agrega(personas, demo):
    guion, veces = Guion(personas), []
    guion.registrar()
    guion.registrar(responsable=False)
    for semilla in (3, 3, 4):
        with transaction.atomic():
            sembrar(casos=40, semilla=semilla)
            veces.append(list(Evento.objects.order_by("pk").values_list("caso", "ficha", "en")))
            transaction.set_rollback(True)
    assert veces[0] == veces[1] != veces[2]
    sembrar(casos=5)
    sembrar(casos=5)
    assert list(revisar_bitacora()) == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="COPY is PostgreSQL's")
def test_con_copy_se_escribe_lo_mismo_que_con_insert(guion):
    """What is measured on PostgreSQL is what a newcomer sees on SQLite."""
    escrito, ahora = [], timezone.now()
    for volcado in (PorCopy(), PorInsert()):
        with transaction.atomic(), time_machine.travel(ahora, tick=False):
            hechos = siembra.Siembra(40, semilla=3, meses=2, ahora=ahora, volcado=volcado).hacer()
            assert list(hechos) == [40]
            escrito.append({m: list(m.objects.order_by("pk").values()) for m in siembra.ORDEN})
            transaction.set_rollback(True)
    con_copy, con_insert = escrito
    assert con_copy.keys() == con_insert.keys()
    for modelo, filas in con_copy.items():
        assert filas == con_insert[modelo], modelo


def test_lo_que_escribio_una_persona_se_copia_letra_por_letra(personas, demo):
    """Line breaks, tabs and signs that mean something to COPY, to JSON or to a format."""
    pedido = "Bajar 5 %:\\N, «100%s»\tde la tarifa\ny \"{0}\" 'así' \\. ñ\\"
    original = Guion(personas).registrar(solicitud=pedido)
    cifras = {"acordado": 'Turno "B"\t100%s\\n', "nada": [], "casos": [f"caso:{original.pk}"]}
    fuera_de_paso(original.pk, ANOTAR, actor=None, cambiar=lambda _: (dict(cifras), {}))
    sembrar(casos=5)
    copias = Caso.objects.exclude(pk=original.pk)
    assert copias.count() == 5
    for copia in copias:
        assert copia.solicitud.startswith(f"{pedido} ")
        assert copia.eventos.get(numero=1).textos.get(campo="solicitud").texto == copia.solicitud
        assert copia.eventos.last().datos == cifras | {"casos": [f"caso:{copia.pk}"]}
    assert list(revisar_bitacora()) == []


def test_de_una_cita_copiada_nadie_tiene_la_invitacion(guion):
    """Two appointments of one UID would be one in every calendar; no mail of a copy ever left."""
    original = programar(guion, guion.hasta(E.EN_PROPUESTA))
    sembrar(casos=60)
    assert Cita.objects.get(caso=original).uid
    copiadas = Cita.objects.exclude(caso=original)
    assert copiadas and set(copiadas.values_list("uid", flat=True)) == {""}


def test_si_la_bitacora_se_encadenara_de_otro_modo_no_se_siembra(guion, monkeypatch):
    monkeypatch.setattr(Evento, "calcular_huella", lambda evento: "0" * 64)
    with pytest.raises(RuntimeError, match="calcular_huella"):
        sembrar()


def test_si_las_filas_se_probaran_de_otro_modo_no_se_siembra(guion, monkeypatch):
    monkeypatch.setattr(pruebas, "digerir_fila", lambda *_: "0" * 64)
    with pytest.raises(RuntimeError, match="leer_todo"):
        sembrar()
    assert Prueba.objects.filter(motivo=Prueba.Motivo.PARTIDA).count() == 0


def test_no_se_copia_lo_que_apunta_fuera(personas):
    """Files, ties to other cases and suppressed texts stay with the case they belong to."""
    guion = Guion(personas)
    con_archivo, derivado, suprimido, _ = (guion.registrar() for _ in range(4))
    Adjunto.objects.create(
        caso=con_archivo,
        evento=con_archivo.eventos.first(),
        archivo="x",
        nombre="x",
        tipo="x",
        tamano=1,
        sha256="0" * 64,
        subido_por=guion.p.ventas,
    )
    Caso.objects.filter(pk=derivado.pk).update(deriva_de=con_archivo)
    TextoEvento.objects.filter(evento__caso=suprimido).update(
        texto="", suprimido_en=suprimido.registrado_en
    )
    fuera = {con_archivo.pk, derivado.pk, suprimido.pk}
    assert {m.caso.pk for m in siembra.leer_moldes()} == (
        set(Caso.objects.values_list("pk", flat=True)) - fuera
    )


def test_todo_lo_que_cuelga_de_un_caso_se_copia_o_se_deja_a_sabiendas():
    # A copy came from no workbook, and nobody was given anything of it.
    aparte = {Caso, BusquedaCaso, Adjunto, Aviso, Impreso, Procedencia, Prueba}
    cuelga = {r.related_model for r in Caso._meta.related_objects} | {
        c.remote_field.through for c in Caso._meta.many_to_many
    }
    assert cuelga - aparte == {m for m, ruta in siembra.HIJOS.items() if ruta == "caso"}


@pytest.mark.parametrize("opciones", [{"casos": 0}, {"casos": 1_000_001}, {"meses": 0}])
def test_rechaza_cantidades_sin_sentido(demo, opciones):
    with pytest.raises(CommandError, match="entre 1 y|meses"):
        sembrar(**opciones)


def test_no_toca_una_base_de_verdad(personas, settings):
    settings.DEMO = settings.DEBUG = False
    Guion(personas).registrar()
    with pytest.raises(CommandError, match="DEMO=1"):
        sembrar()
    assert Caso.objects.count() == 1


@pytest.mark.parametrize("hay_contratos", [False, True])
def test_sin_casos_pide_la_demostracion(demo, hay_contratos):
    if hay_contratos:
        un_contrato()
    assert not Usuario.objects.exists()
    with pytest.raises(CommandError, match="cargar_demo"):
        sembrar()
    assert not Consecutivo.objects.exists()
