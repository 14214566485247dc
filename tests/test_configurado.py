"""What is configured is in a chain: whatever door it came by; and what came by none is found (D§3)."""

import json
import threading
from datetime import date, timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from allauth.core import context
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from casos.lecturas import sellos
from casos.lecturas.verificacion_de_configuracion import revisar_configuracion
from casos.models import (
    Area,
    CabezaDeConfiguracion,
    Concepto,
    Configuracion,
    DiaInhabil,
    EventoDeConfiguracion,
    Jornada,
    Membresia,
    Motivo,
    Plazo,
    TipoRequerimiento,
    Usuario,
)
from casos.models.huellas import nueva_sal
from casos.panel.modelos import SoloLectura
from casos.pruebas import PROBADAS, SIN_PROBAR
from casos.seguridad import sellado
from casos.seguridad.lo_configurado import al_migrar, configurando, sin_encadenar
from casos.seguridad.que_se_configura import CALLADAS, ENCADENADAS, SIN_COLUMNAS, SIN_ENCADENAR
from casos.seguridad.texto_de_sello import escribir, leer
from tests.test_bitacora import forzar

pytestmark = pytest.mark.django_db
M = EventoDeConfiguracion.Motivo
LUNES = date(2014, 6, 30)


@pytest.fixture(autouse=True)
def integra(db):
    assert revisar_configuracion() == []


def aparte(sql, *parametros):
    """By somebody with the database in hand."""
    with sin_encadenar():
        return forzar(sql, *parametros)


def ultimo():
    return EventoDeConfiguracion.objects.order_by("-numero").first()


def desde(numero):
    return list(EventoDeConfiguracion.objects.filter(numero__gt=numero).order_by("numero"))


# -- what is in the chain --------------------------------------------------------------------------


def test_cada_tabla_se_encadena_se_prueba_o_se_dice_por_que_no():
    todas = set(apps.get_models(include_auto_created=True))
    dichas = {m for m in todas if m.__name__ in SIN_PROBAR} | set(PROBADAS) | set(ENCADENADAS)
    assert {m._meta.label for m in todas - dichas} == set(SIN_ENCADENAR)
    assert all(SIN_ENCADENAR.values())


def test_lo_que_el_panel_cambia_se_encadena():
    """Also what it writes beside: many to many, rows in line."""
    for modelo, suyo in admin.site._registry.items():
        if isinstance(suyo, SoloLectura) or modelo._meta.label in SIN_ENCADENAR:
            continue
        assert modelo in ENCADENADAS, modelo
        assert all(c.remote_field.through in ENCADENADAS for c in modelo._meta.many_to_many)


@pytest.mark.parametrize("lista", [SIN_COLUMNAS, CALLADAS])
def test_las_columnas_que_se_nombran_existen(lista):
    for modelo, columnas in lista.items():
        assert modelo in ENCADENADAS
        assert set(columnas) <= {c.name for c in modelo._meta.concrete_fields}


# -- the doors -------------------------------------------------------------------------------------


def por_el_panel(p, client):
    client.force_login(p.gerente)
    plazo = Plazo.objects.first()
    datos = {"estado": plazo.estado, "dias": plazo.dias + 1}
    assert client.post(f"/admin/casos/plazo/{plazo.pk}/change/", datos).status_code == 302
    return "casos_plazo", p.gerente, "admin:casos_plazo_change"


def por_guardar(p, client):
    motivo = Motivo.objects.first()
    motivo.orden = 77
    motivo.save()
    return "casos_motivo", None, None


def por_actualizar(p, client):
    Area.objects.update(orden=9)
    return "casos_area", None, None


def por_agregar_varios(p, client):
    with configurando():
        DiaInhabil.objects.bulk_create(
            DiaInhabil(fecha=date(2031, 1, 1) + timedelta(n), motivo="x") for n in range(300)
        )
    return "casos_diainhabil", None, None


def por_borrar(p, client):
    DiaInhabil.objects.filter(pk=DiaInhabil.objects.first().pk).delete()
    return "casos_diainhabil", None, None


def por_relacionar(p, client):
    Concepto.objects.first().areas.set(Area.objects.all()[:3])
    return "casos_concepto_areas", None, None


def por_sql(p, client):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE casos_membresia SET activa = %s WHERE id > 0", [False])
    return "casos_membresia", None, None


def por_una_orden(p, client):
    call_command("createsuperuser", username="otra", email="", interactive=False, verbosity=0)
    return "casos_usuario", None, None


PUERTAS = [
    por_el_panel,
    por_guardar,
    por_actualizar,
    por_agregar_varios,
    por_borrar,
    por_relacionar,
    por_sql,
    por_una_orden,
]


@pytest.mark.parametrize("puerta", PUERTAS)
def test_por_cualquier_puerta_se_anota_quien_cuando_y_que(personas, client, puerta):
    antes = ultimo().numero
    tabla, autor, por = puerta(personas, client)
    nuevos = desde(antes)
    assert {t for e in nuevos for t in e.filas} == {tabla}
    assert len(nuevos) == (2 if puerta is por_relacionar else 1)  # what goes, and what comes
    assert nuevos[0].autor == autor
    if por:
        assert nuevos[0].por == por
    assert revisar_configuracion() == []
    cabeza = CabezaDeConfiguracion.objects.get()
    assert (cabeza.numero, cabeza.huella) == (nuevos[-1].numero, nuevos[-1].huella)


def test_se_dice_de_que_a_que(personas):
    plazo = Plazo.objects.first()
    Plazo.objects.filter(pk=plazo.pk).update(dias=44)
    evento = ultimo()
    assert evento.cambios == {"casos_plazo": {str(plazo.pk): {"dias": [str(plazo.dias), "44"]}}}
    [(antes, ahora)] = evento.filas["casos_plazo"].values()
    assert antes != ahora and len(antes) == len(ahora) == 64


def test_de_una_persona_no_se_dice_nada_que_la_nombre(personas):
    Usuario.objects.create_user(
        username="zoraida",
        email="zoraida@casa.example",
        first_name="Zoraida",
        last_name="Quetzalli",
        telefono="55 1234 0987",
        password="caballo-correcto-9",
    )
    persona = Usuario.objects.get(username="zoraida")
    persona.last_name = "Xicoténcatl"
    persona.save()
    assert ultimo().cambios["casos_usuario"][str(persona.pk)] == {"last_name": None}
    todo = json.dumps(list(EventoDeConfiguracion.objects.values("filas", "cambios")))
    for dicho in ("oraida", "uetzalli", "icot", "55 1234", persona.password):
        assert dicho not in todo
    # Suppressed: another salt, and nothing of before can be guessed.
    persona.username, persona.first_name = f"suprimida{persona.pk}", "Cuenta suprimida"
    persona.last_name = persona.email = persona.telefono = ""
    persona.sal = nueva_sal()
    persona.save()
    assert revisar_configuracion() == []


def test_lo_que_no_se_configura_no_hace_eventos(personas, client):
    antes = ultimo().numero
    client.force_login(personas.ventas)
    Usuario.objects.filter(pk=personas.ventas.pk).update(columnas="folio", con_teclas=False)
    Configuracion.objects.update(vigencia_dias=Configuracion.objects.get().vigencia_dias)
    assert desde(antes) == []


def test_lo_de_una_sola_vez_es_un_evento(personas):
    antes = ultimo().numero
    with transaction.atomic(), configurando():
        for fila in Motivo.objects.all():
            fila.orden += 1
            fila.save()
        Jornada.objects.create(dia=6, se_trabaja=False)
    [evento] = desde(antes)
    assert set(evento.filas) == {"casos_motivo", "casos_jornada"}
    assert len(evento.filas["casos_motivo"]) == Motivo.objects.count()
    assert revisar_configuracion() == []


def test_lo_que_se_deshace_no_se_anota(personas):
    antes = ultimo().numero
    with pytest.raises(IntegrityError), transaction.atomic():
        Plazo.objects.update(dias=5)
        Plazo.objects.create(estado=Plazo.objects.first().estado, dias=5)
    with configurando():
        Plazo.objects.update(dias=7)
        with pytest.raises(IntegrityError), transaction.atomic():
            Motivo.objects.update(orden=3)
            Plazo.objects.create(estado=Plazo.objects.first().estado, dias=5)
    [evento] = desde(antes)
    assert list(evento.filas) == ["casos_plazo"]
    assert revisar_configuracion() == []


def test_las_sentencias_no_crecen_con_los_renglones(personas):
    cuantas = []
    for n in (3, 150):
        dias = [DiaInhabil(fecha=date(2032 + n, 1, 1) + timedelta(k), motivo="x") for k in range(n)]
        with CaptureQueriesContext(connection) as hechas:
            DiaInhabil.objects.bulk_create(dias, batch_size=1000)
        cuantas.append(len(hechas))
    assert cuantas[0] == cuantas[1]
    assert ultimo().cambios == {}  # of so many, only their digests


@pytest.mark.django_db(transaction=True)
def test_sin_transaccion_tambien_y_las_dos_cosas_o_ninguna(monkeypatch):
    """In the shell: each statement with its event, and what it returns is read as always."""
    antes = ultimo().numero
    nuevo = Plazo.objects.order_by("pk").last()
    nuevo.pk = None
    Plazo.objects.filter(estado=nuevo.estado).delete()
    nuevo.save(force_insert=True)
    assert nuevo.pk and len(desde(antes)) == 2
    area = Area.objects.create(codigo="ZZZ", nombre="Otra")
    assert Area.objects.get(pk=area.pk).nombre == "Otra"
    assert not connection.in_atomic_block
    monkeypatch.setattr(EventoDeConfiguracion, "calcular_huella", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        Area.objects.filter(pk=area.pk).update(nombre="Otra más")
    monkeypatch.undo()
    assert Area.objects.get(pk=area.pk).nombre == "Otra"
    assert revisar_configuracion() == []


# -- what came by no door --------------------------------------------------------------------------


def fila_de(modelo):
    return modelo._base_manager.order_by("pk").last().pk


def cambiada(tabla, pk):
    aparte(f"UPDATE {tabla} SET orden = orden + 1 WHERE id = %s", pk)
    return "no es como la dejó"


def quitada(tabla, pk):
    aparte(f"UPDATE {tabla} SET id = 990001 WHERE id = %s", pk)
    return "falta"


def sobrante(tabla, pk):
    aparte(
        "INSERT INTO casos_diainhabil (fecha, motivo, origen) VALUES ('2040-01-01', 'x', 'EMPRESA')"
    )
    return "sobra"


@pytest.mark.parametrize("como", [cambiada, quitada, sobrante])
def test_se_halla_lo_que_se_altera_por_fuera_y_se_dice_donde(personas, como):
    motivo = Motivo.objects.create(catalogo="CLIENTE", nombre="Nadie lo usa")
    dicho = como("casos_motivo", motivo.pk)
    falla = revisar_configuracion()[0]
    assert dicho in falla
    if como is not sobrante:
        assert f"la fila {motivo.pk} de «motivo»" in falla
    salida = StringIO()
    with pytest.raises(CommandError):
        call_command("verificar_bitacora", stdout=StringIO(), stderr=salida)
    assert f"Configuración: {falla}" in salida.getvalue()


def test_lo_alterado_no_se_cuela_con_el_siguiente_cambio(personas):
    motivo = Motivo.objects.first()
    aparte("UPDATE casos_motivo SET texto_cliente = 'otro' WHERE id = %s", motivo.pk)
    Motivo.objects.update(orden=5)
    [falla] = revisar_configuracion()
    assert f"la fila {motivo.pk} de «motivo» ya no era la que dejó la cadena" in falla


@pytest.mark.parametrize(
    ("sql", "dice"),
    [
        ("UPDATE casos_usuario SET is_superuser = NOT is_superuser WHERE id = {u}", "«persona»"),
        ("UPDATE casos_usuario SET password = 'x' WHERE id = {u}", "«persona»"),
        ("UPDATE casos_usuario SET sal = 'x' WHERE id = {u}", "«persona»"),
        ("UPDATE casos_membresia SET es_responsable = NOT es_responsable", "«persona del área»"),
        ("DELETE FROM casos_tiporequerimiento_areas", "falta la fila"),
        ("UPDATE casos_seccioninstruccion SET texto = 'otro' WHERE clave = '7.4'", "«sección"),
        ("UPDATE casos_configuracion SET reapertura_dias = 1", "«configuración»"),
        ("UPDATE casos_eventodeconfiguracion SET autor_id = {u} WHERE numero = 2", "el evento 2 "),
        ("UPDATE casos_eventodeconfiguracion SET cambios = '{{}}' WHERE numero = {n}", "alterado"),
        ("UPDATE casos_eventodeconfiguracion SET por = 'x' WHERE numero = {n}", "fue alterado"),
        ("DELETE FROM casos_eventodeconfiguracion WHERE numero = 2", "falta el evento 2"),
        ("DELETE FROM casos_eventodeconfiguracion WHERE numero = {n}", "su cabeza dice"),
        ("UPDATE casos_cabezadeconfiguracion SET numero = numero + 1", "su cabeza dice"),
        ("DELETE FROM casos_cabezadeconfiguracion", "falta la cabeza"),
    ],
)
def test_se_halla_cada_alteracion(personas, sql, dice):
    Motivo.objects.update(orden=5)
    aparte(sql.format(u=personas.ventas.pk, n=ultimo().numero))
    fallas = revisar_configuracion()
    assert fallas and dice in fallas[0], fallas


def test_la_cola_cortada_con_su_cabeza_y_sus_filas_la_halla_el_sello(personas, settings, tmp_path):
    settings.LLAVE_DE_SELLOS = tmp_path / "llave"
    Motivo.objects.update(orden=5)
    sello = sellado.sellar(LUNES)
    guardado = leer("\n".join(escribir(sello)))
    assert sello.configurado == ultimo().numero and sellos.revisar(*guardado).integro
    evento = ultimo()
    aparte("DELETE FROM casos_eventodeconfiguracion WHERE id = %s", evento.pk)
    aparte(
        "UPDATE casos_cabezadeconfiguracion SET numero = %s, huella = %s",
        evento.numero - 1, evento.previo,
    )  # fmt: skip
    [falla] = sellos.revisar(*guardado).fallas
    assert falla.clase is sellos.Dictamen.CORTO and "configuración" in falla.dicho


def test_una_instalacion_de_antes_empieza_con_lo_que_se_halla(personas):
    aparte("DELETE FROM casos_eventodeconfiguracion")
    aparte("DELETE FROM casos_cabezadeconfiguracion")
    Plazo.objects.update(dias=6)  # nothing is told before it begins
    assert not EventoDeConfiguracion.objects.exists()
    al_migrar(subio=True)
    [evento] = EventoDeConfiguracion.objects.all()
    assert evento.motivo == M.ENCONTRADO
    assert len(evento.filas["casos_usuario"]) == Usuario.objects.count()
    assert revisar_configuracion() == []
    al_migrar(subio=True)
    assert EventoDeConfiguracion.objects.count() == 1


def test_lo_que_reescribe_una_version_nueva_se_dice_y_nada_mas_entonces(personas):
    plazo = Plazo.objects.first()
    aparte("UPDATE casos_plazo SET dias = 33 WHERE id = %s", plazo.pk)
    al_migrar(subio=False)
    assert revisar_configuracion()
    al_migrar(subio=True)
    evento = ultimo()
    assert evento.motivo == M.VERSION
    assert list(evento.filas) == ["casos_plazo"]
    assert revisar_configuracion() == []


def test_quien_lo_hizo_es_quien_esta(personas):
    peticion = SimpleNamespace(user=personas.gerente, resolver_match=None)
    with context.request_context(peticion):
        Membresia.objects.update(activa=False)
        TipoRequerimiento.objects.update(orden=3)
    assert ultimo().autor == personas.gerente


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("misma", [True, False])
def test_dos_que_cambian_a_la_vez_lo_dicen_cada_uno(misma):
    """Whoever looked before the other wrote tells its own change and no more; nobody waits for ever."""
    filas = list(Plazo.objects.order_by("pk")[:2])
    antes, fallas, listos = ultimo().numero, [], threading.Barrier(2)

    def cambia(n):
        try:
            listos.wait(10)
            for vez in range(4):
                fila = Plazo.objects.get(pk=filas[0 if misma else n].pk)
                with transaction.atomic():
                    Plazo.objects.select_for_update().get(pk=fila.pk)
                    Plazo.objects.filter(pk=fila.pk).update(dias=10 + 20 * n + vez)
        except Exception as error:  # told by the test
            fallas.append(error)
        finally:
            connection.close()

    hilos = [threading.Thread(target=cambia, args=[n]) for n in range(2)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join(60)
    assert not fallas
    assert all(len(e.filas["casos_plazo"]) == 1 for e in desde(antes))
    assert revisar_configuracion() == []
