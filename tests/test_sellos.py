"""Seals: what was sealed is still reached, or it is told what is not; never an alarm on untouched data."""

import ast
import json
import threading
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from django_q.tasks import async_task

from casos import pruebas, tareas
from casos.actos import ANOTAR
from casos.catalogos import Estado
from casos.lecturas import estado_del_sistema, sellos
from casos.lecturas.sellos import Dictamen
from casos.lecturas.verificacion import revisar_bitacora
from casos.management.commands import trabajador
from casos.models import Aviso, Caso, CertificadoDeSello, Evento, HojaDeSello, Prueba, Sello
from casos.models.bitacora import CERO
from casos.seguridad import llave, sellado
from casos.seguridad.certificado import Certificado
from casos.seguridad.texto_de_sello import SelloIlegible, escribir, leer
from tests.guion import Guion, actuar
from tests.test_bitacora import borrar, forzar, otro_evento, sin_pendientes

pytestmark = pytest.mark.django_db
LUNES = date(2014, 6, 30)  # none of its days is today
DE_NUMERO = ("casos", "eventos", "hechos", "configurado", "regla")


@pytest.fixture(autouse=True)
def llave_propia(settings, tmp_path):
    settings.LLAVE_DE_SELLOS = tmp_path / "llave"


@pytest.fixture
def caso(mundo):
    caso = mundo.hasta(Estado.EN_PROPUESTA)
    assert sellado.sellar(LUNES) is not None
    return Caso.objects.get(pk=caso.pk)


def guardar(con_cabezas=False, numero=1):
    sello = Sello.objects.get(numero=numero)
    return "\n".join(escribir(sello, sellos.cabezas_de(sello) if con_cabezas else ()))


def clases(texto, **mas):
    return {f.clase for f in sellos.revisar(*leer(texto), **mas).fallas}


def rehacer(caso, desde):
    """What an insider does: every digest again, from an event on, and the head."""
    previo = CERO
    for evento in caso.eventos.order_by("numero"):
        evento.previo = previo
        if evento.numero == desde:
            evento.seccion = "9.9"
        previo = evento.calcular_huella()
        forzar(
            "UPDATE casos_evento SET seccion = %s, previo = %s, huella = %s WHERE id = %s",
            evento.seccion, evento.previo, previo, evento.pk,
        )  # fmt: skip
    Caso.objects.filter(pk=caso.pk).update(huella_cabeza=previo)
    return previo


def test_lo_escrito_de_nuevo_con_su_prueba_lo_halla_el_sello_de_fuera(caso):
    """An insider alters a row and makes its proof, and all that follow it, anew: the database agrees with itself."""
    texto = guardar()
    caso = actuar(ANOTAR.nombre, caso, caso.responsable, nota="Sigue.")
    opinion = caso.opiniones.first()
    forzar("UPDATE casos_opinion SET pregunta = 'otra' WHERE id = %s", opinion.pk)
    assert list(revisar_bitacora(archivos=False))
    modelo, previo = type(opinion), CERO
    valores = modelo.objects.values_list(*pruebas.COLUMNAS[modelo]).get(pk=opinion.pk)
    ahora = pruebas.digerir_fila(modelo, caso.sal, valores)
    for prueba in Prueba.objects.filter(caso=caso).order_by("numero"):
        if str(opinion.pk) in prueba.filas.get("opinion", {}):
            prueba.filas["opinion"][str(opinion.pk)] = ahora
        prueba.previo = previo
        previo = prueba.calcular_huella()
        forzar(
            "UPDATE casos_prueba SET filas = %s, previo = %s, huella = %s WHERE id = %s",
            json.dumps(prueba.filas), prueba.previo, previo, prueba.pk,
        )  # fmt: skip
    assert not list(revisar_bitacora(archivos=False))
    assert clases(texto) == {Dictamen.ALTERADO}


@pytest.mark.parametrize("con_cabezas", [False, True])
def test_sin_tocar_coincide_y_tambien_mientras_se_trabaja(caso, con_cabezas):
    texto = guardar(con_cabezas)
    assert sellos.revisar(*leer(texto)).integro
    actuar(ANOTAR.nombre, caso, caso.responsable, nota="Sigue.")
    assert sellos.revisar(*leer(texto)).integro
    sellado.sellar(LUNES + timedelta(1))
    assert sellos.revisar(*leer(texto)).integro
    assert sellos.revisar(*leer(guardar(numero=2))).integro
    assert sellos.revisar().integro


def test_un_dia_sin_eventos_tambien_se_sella_y_una_vez(caso):
    assert sellado.sellar(LUNES) is None
    segundo = sellado.sellar(LUNES + timedelta(1))
    primero = Sello.objects.get(numero=1)
    assert (segundo.previo, segundo.raiz) == (primero.huella, primero.raiz)
    assert not HojaDeSello.objects.filter(sello=2).exists()


def test_de_dos_a_la_vez_queda_uno(caso, monkeypatch):
    hecho = Sello.objects.get()
    monkeypatch.setattr(sellado, "_hacer", lambda dia: Sello.objects.create(**_copia(hecho)))
    preguntas = iter([False, True])
    monkeypatch.setattr(
        type(Sello.objects.all()), "exists", lambda self: next(preguntas), raising=True
    )
    assert sellado.sellar(LUNES) is None


def _copia(sello):
    return {c.attname: getattr(sello, c.attname) for c in Sello._meta.fields if c.name != "id"}


@pytest.mark.parametrize("con_cabezas", [False, True])
def test_se_halla_la_cola_cortada_aunque_se_regrese_la_cabeza(caso, con_cabezas):
    texto = guardar(con_cabezas)
    borrar(caso, caso.num_eventos)
    ultimo = caso.eventos.order_by("numero").last()
    Caso.objects.filter(pk=caso.pk).update(num_eventos=ultimo.numero, huella_cabeza=ultimo.huella)
    informe = sellos.revisar(*leer(texto))
    assert informe.dictamenes == [Dictamen.CORTO]
    assert informe.fallas[0].dicho.startswith(caso.folio)
    assert f"sello 1 ({LUNES:%d/%m/%Y})" in informe.desde


def test_se_halla_un_caso_borrado_con_su_contador(caso):
    texto, ultimo = guardar(), Caso.objects.order_by("-folio").first()
    anio, numero = int(ultimo.folio[3:7]), int(ultimo.folio[8:])
    otro = f"SV-{anio - 50}-000001"
    # As good as deleted, with all that hangs from it: its folio is no longer there.
    forzar("UPDATE casos_caso SET folio = %s WHERE id = %s", otro, ultimo.pk)
    forzar("UPDATE casos_consecutivo SET ultimo = %s WHERE serie = %s", numero - 1, f"SV-{anio}")
    dichos = [f.dicho for f in sellos.revisar(*leer(texto)).fallas]
    assert any(d.startswith(f"{ultimo.folio}: falta el caso") for d in dichos), dichos
    assert any("contador de folios" in d for d in dichos)


def test_se_halla_lo_que_rehace_quien_tiene_la_base(caso):
    texto, cabezas = guardar(), guardar(con_cabezas=True)
    nueva = rehacer(caso, 3)
    informe = sellos.revisar(*leer(texto))
    assert informe.dictamenes == [Dictamen.ALTERADO]
    assert caso.folio in informe.fallas[0].dicho
    # The heads kept here too: only what was kept elsewhere knows.
    cabeza = sellado.cabeza_de(nueva, "")
    forzar("UPDATE casos_hojadesello SET huella = %s WHERE folio = %s", cabeza, caso.folio)
    assert clases(texto) == {Dictamen.REESCRITO}
    assert clases(cabezas) == {Dictamen.REESCRITO, Dictamen.ALTERADO}


def test_se_halla_lo_intercalado(caso):
    texto = guardar()
    for numero in range(caso.num_eventos, 2, -1):
        forzar(
            "UPDATE casos_evento SET numero = %s WHERE caso_id = %s AND numero = %s",
            numero + 1, caso.pk, numero,
        )  # fmt: skip
    otro_evento(caso, 3, caso.eventos.get(numero=2).huella).save()
    assert clases(texto) == {Dictamen.LARGO}


def test_lo_que_sigue_debe_continuar_lo_sellado(caso):
    texto = guardar()
    otro_evento(caso, caso.num_eventos + 1, CERO).save()
    assert clases(texto) == {Dictamen.LARGO}


def test_se_halla_un_caso_metido_entre_los_sellados(caso):
    texto = guardar()
    forzar("DELETE FROM casos_hojadesello WHERE folio = %s", caso.folio)
    assert clases(texto) == {Dictamen.REESCRITO, Dictamen.LARGO}


def test_se_hallan_los_contadores_regresados(caso):
    texto = guardar()
    forzar("UPDATE casos_consecutivo SET ultimo = 0")
    assert clases(texto) == {Dictamen.CORTO}


@pytest.mark.parametrize("columna", [c.attname for c in Sello._meta.fields if c.name != "id"])
def test_se_halla_cualquier_columna_de_un_sello(caso, columna):
    sellado.sellar(LUNES + timedelta(1))
    texto = guardar(numero=2)
    valores = {"numero": 7, "dia": "2020-01-01", "en": "2020-01-01 00:00:00+00:00", "folios": "{}"}
    valor = valores.get(columna, 7 if columna in DE_NUMERO else "ab" * 32)
    forzar(f"UPDATE casos_sello SET {columna} = %s WHERE numero = 1", valor)
    assert Dictamen.REESCRITO in clases(texto)
    assert not sellos.revisar().integro


def test_se_halla_un_sello_que_falta_y_uno_sin_la_llave(caso, settings, tmp_path):
    for dias in (1, 2):
        sellado.sellar(LUNES + timedelta(dias))
    primero, segundo = guardar(numero=1), guardar(numero=2)
    forzar("DELETE FROM casos_sello WHERE numero = 3")
    assert clases(segundo) == set()
    # Made by somebody who has the database and not the key.
    settings.LLAVE_DE_SELLOS = tmp_path / "otra"
    forzar("DELETE FROM casos_hojadesello WHERE sello = 3")
    falso = sellado.sellar(LUNES + timedelta(3))
    assert clases(segundo) == {Dictamen.LLAVE}
    assert clases(segundo, llaves=[llave.corta(falso.llave)]) == set()
    settings.LLAVE_DE_SELLOS = tmp_path / "llave"
    assert not sellos.revisar().integro
    forzar("DELETE FROM casos_sello WHERE numero = 3")
    forzar("UPDATE casos_sello SET firma = %s WHERE numero = 2", "0" * 128)
    assert clases(segundo) == {Dictamen.REESCRITO}
    forzar("DELETE FROM casos_sello WHERE numero = 2")
    assert clases(segundo) == {Dictamen.CORTO}
    assert clases(primero) == set()


def test_el_archivo_de_otra_instalacion(caso, settings, tmp_path):
    texto = guardar()
    forzar("DELETE FROM casos_hojadesello")
    forzar("DELETE FROM casos_sello")
    settings.LLAVE_DE_SELLOS = tmp_path / "otra"
    sellado.sellar(LUNES)
    assert Dictamen.AJENO in clases(texto)


@pytest.mark.parametrize("tabla", ["casos_sello", "casos_hojadesello", "casos_certificadodesello"])
def test_la_base_no_deja_cambiarlos_ni_borrarlos(caso, tabla):
    CertificadoDeSello.objects.create(
        sello=Sello.objects.get(), emisor="x", huella="x", contenido=b"x", en=timezone.now()
    )
    sin_pendientes()
    for orden in (f"UPDATE {tabla} SET huella = 'x'", f"DELETE FROM {tabla}"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(orden)


def danados():
    bueno = "Sello: 1"
    yield "nada", lambda t: ""
    yield "basura", lambda t: "\x00\ud800basura" * 100
    yield "a medias", lambda t: t[: len(t) // 2]
    yield "cambiado", lambda t: t.replace("Eventos: ", "Eventos: 1")
    yield "repetido", lambda t: t.replace(bueno, f"{bueno}\n{bueno}")
    yield "de más", lambda t: t + "\n" + t
    yield "enorme", lambda t: t + "x" * (11 * 1024 * 1024)
    yield "bloque enorme", lambda t: t.replace(bueno, f"{bueno}\n" + "\n" * 9000)
    yield "número enorme", lambda t: t.replace(bueno, "Sello: " + "9" * 5000)
    yield "fecha", lambda t: t.replace(f"Dia: {LUNES}", "Dia: 2014-13-99")
    yield "cabeza", lambda t: t.replace("SV-", "XX-", 1)
    yield "desorden", lambda t: t + "\nSV-2000-000001 1 " + "a" * 64


@pytest.mark.parametrize("dano", [d for _, d in danados()], ids=[n for n, _ in danados()])
def test_un_archivo_danado_se_dice(caso, dano):
    with pytest.raises(SelloIlegible):
        sellos.revisar(*leer(dano(guardar(con_cabezas=True))))


def test_se_lee_de_un_correo_citado(caso):
    citado = "Hola:\n" + "\n".join(f"> {linea}" for linea in guardar().splitlines())
    assert sellos.revisar(*leer(citado)).integro


def test_la_noche_lo_manda_a_calidad_y_nunca_dos_veces(caso, personas, monkeypatch):
    monkeypatch.setattr(tareas.calendario, "es_habil", lambda dia: True)
    assert [tareas.sellar_la_noche(), tareas.sellar_la_noche()] == [1, 0]
    (carta,) = Aviso.objects.filter(asunto="Sello 2 del registro", usuario=personas.calidad)
    assert leer(carta.texto)[0].numero == 2
    assert llave.corta(leer(carta.texto)[0].llave) in carta.texto
    monkeypatch.setattr(tareas.calendario, "es_habil", lambda dia: False)
    assert tareas.sellar_la_noche() == 0


def test_la_llave_es_de_quien_la_hizo_y_no_se_cambia_sola(settings):
    primera = llave.publica()
    archivo = Path(settings.LLAVE_DE_SELLOS)
    assert archivo.stat().st_mode & 0o777 == 0o600
    assert llave.publica() == primera
    archivo.write_text("x")
    with pytest.raises(llave.LlaveIlegible):
        llave.publica()


def test_las_ordenes_y_el_estado_de_otra_maquina(caso, tmp_path):
    salida, estado, aparte = StringIO(), tmp_path / "estado", tmp_path / "sello"
    call_command("mostrar_sello", con_cabezas=True, stdout=salida)
    aparte.write_text(salida.getvalue())

    def verificar(**mas):
        dicho = StringIO()
        call_command("verificar_bitacora", sin_archivos=True, stdout=dicho, stderr=dicho, **mas)
        return dicho.getvalue()

    assert "Coincide" in verificar(sello=str(aparte), estado=str(estado))
    sellado.sellar(LUNES + timedelta(1))
    verificar(estado=str(estado))
    assert leer(estado.read_text())[0].numero == 2
    rehacer(caso, 3)
    with pytest.raises(CommandError, match="no coincide"):
        verificar(estado=str(estado))
    assert leer(estado.read_text())[0].numero == 2
    for malo in (tmp_path, tmp_path / "no", tmp_path / "bin"):
        (tmp_path / "bin").write_bytes(b"\xff\xfe")
        with pytest.raises(CommandError):
            verificar(sello=str(malo))


class Certifica:
    def certificar(self, huella):
        return Certificado("Notaría", huella, b"acuse")


class CertificaOtra:
    def certificar(self, huella):
        return Certificado("Notaría", "0" * 64, b"acuse")


class Falla:
    def certificar(self, huella):
        raise OSError


@pytest.mark.parametrize("quien,cuantos", [(Certifica, 1), (CertificaOtra, 0), (Falla, 0)])
def test_el_lugar_de_un_certificado_compara_su_huella(caso, settings, quien, cuantos):
    sello = Sello.objects.get()
    assert sellado.certificar(sello) is None
    settings.CERTIFICADOR = f"tests.test_sellos.{quien.__name__}"
    sellado.certificar(sello)
    assert CertificadoDeSello.objects.count() == cuantos


def test_las_consultas_no_crecen_con_los_casos(caso, django_assert_max_num_queries):
    assert Evento.objects.count() > 50
    with django_assert_max_num_queries(14):
        assert sellos.revisar(*leer(guardar())).integro


def test_la_pagina_lo_dice_con_palabras(caso, personas, client):
    client.force_login(personas.calidad)
    url, texto = reverse("sellos"), guardar()
    dicho = client.post(url, {"sello": texto}).content.decode()
    assert "Coincide" in dicho
    rehacer(caso, 3)
    dicho = client.post(url, {"sello": texto}).content.decode()
    assert "Alterado" in dicho and caso.folio in dicho
    malo = client.post(url, {"sello": "<b>nada</b>"})
    assert malo.status_code == 422
    assert "No trae un sello" in malo.content.decode()


class Relee(Certifica):
    """What it sends names no digest."""

    def huella_de(self, contenido):
        return contenido.decode()


class ReleeBien(Relee):
    def certificar(self, huella):
        return Certificado("Notaría", huella, huella.encode())


@pytest.mark.parametrize(
    "sql,dice",
    [
        ("UPDATE casos_certificadodesello SET huella = 'ab'", "es de otra huella"),
        ("", "no certifica lo que dice"),
    ],
)
def test_un_certificado_guardado_se_compara_otra_vez(caso, settings, sql, dice):
    settings.CERTIFICADOR = f"tests.test_sellos.{(ReleeBien if sql else Relee).__name__}"
    sellado.certificar(Sello.objects.get())
    assert sellos.revisar().integro is bool(sql)
    if sql:
        forzar(sql)
    [falla] = sellos.revisar().fallas
    assert dice in falla.dicho


@pytest.mark.parametrize(
    ("sql", "dice"),
    [
        ("DELETE FROM casos_certificadodesello", "Falta el certificado del sello 1"),
        (
            "DELETE FROM casos_hechodeseguridad WHERE hecho = 'CERTIFICADO'",
            "no consta en el registro",
        ),
        (r"UPDATE casos_certificadodesello SET contenido = '\x00'", "no es el que llegó"),
    ],
)
def test_un_certificado_que_alguien_quita_o_cambia_se_halla(caso, settings, sql, dice):
    settings.CERTIFICADOR = "tests.test_sellos.Certifica"
    sellado.certificar(Sello.objects.get())
    assert sellos.revisar().integro
    forzar(sql)
    [falla] = sellos.revisar().fallas
    assert dice in falla.dicho


def test_el_estado_es_solo_de_su_dueno_y_se_escribe_entero(caso, tmp_path, monkeypatch):
    estado = tmp_path / "estado"
    call_command("verificar_bitacora", sin_archivos=True, estado=str(estado), stdout=StringIO())
    assert estado.stat().st_mode & 0o777 == 0o600
    antes = estado.read_text()
    sellado.sellar(LUNES + timedelta(1))
    monkeypatch.setattr("os.fsync", lambda archivo: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        call_command("verificar_bitacora", sin_archivos=True, estado=str(estado), stdout=StringIO())
    assert estado.read_text() == antes
    assert list(tmp_path.glob("estado*")) == [estado]


def test_la_tarea_del_sello_tiene_su_propio_tiempo(db):
    """The queue ends any other at 30 s."""
    trabajador.poner_agenda()
    agenda = Schedule.objects.get(name="sello de la noche")
    OrmQ.objects.all().delete()
    async_task(agenda.func, **ast.literal_eval(agenda.kwargs))  # as the queue's scheduler does
    [puesta] = OrmQ.objects.all()
    assert puesta.task["func"] == "casos.tareas.sellar_la_noche"
    assert puesta.task["timeout"] == trabajador.LARGAS["sello de la noche"] > 600


def test_se_avisa_si_falta_el_sello_de_la_ultima_noche_habil(db):
    def del_sello():
        return next(r for r in estado_del_sistema.revisiones() if r.nombre == "Sello")

    with time_machine.travel("2014-07-07 18:00Z", tick=False):  # a Monday
        assert not del_sello().bien
        sellado.sellar(date(2014, 7, 4))
        assert not del_sello().bien and "07/07/2014" in del_sello().dicho
        sellado.sellar(date(2014, 7, 7))
        assert del_sello().bien
    with time_machine.travel("2014-07-08 09:00Z", tick=False):  # before it is made
        assert del_sello().bien
    with time_machine.travel("2014-07-08 18:00Z", tick=False):
        assert not del_sello().bien


@pytest.mark.django_db(transaction=True)
def test_dos_sellos_de_verdad_a_la_vez_dejan_uno(personas):
    """Each in its own connection; one of them says that it is done, and Calidad gets one letter."""
    Guion(personas).registrar()
    listos, hechos, fallas = threading.Barrier(2), [], []

    def sella():
        try:
            listos.wait(10)
            hechos.append(tareas.sellar_el_dia())
        except Exception as error:  # told by the test
            fallas.append(error)
        finally:
            connection.close()

    hilos = [threading.Thread(target=sella) for _ in range(2)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join(60)
    assert not fallas
    assert sorted(s is None for s in hechos) == [False, True]
    assert Sello.objects.count() == 1
    assert Aviso.objects.filter(asunto__startswith="Sello 1").count() == 1
    assert sellos.revisar().integro


def test_un_sello_de_antes_se_lee_y_coincide(mundo, monkeypatch):
    """Made before the configuration had its chain: neither its text nor its digest tells of it."""
    mundo.hasta(Estado.EN_PROPUESTA)
    with monkeypatch.context() as antes:
        antes.setattr(sellado, "REGLA", 1)
        sellado.sellar(LUNES)
    texto = guardar()
    assert "Formato: 1" in texto and "onfiguracion" not in texto
    assert leer(texto)[0].huella == Sello.objects.get().huella
    with pytest.raises(SelloIlegible):
        leer(texto.replace("Raiz:", "Configuracion: 3\nRaiz:"))
