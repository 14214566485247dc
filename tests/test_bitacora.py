"""The log: the database refuses to change it, and whoever gets past that is found out."""

import json
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from casos import disparadores
from casos.catalogos import Estado
from casos.clientes import supresion
from casos.lecturas.verificacion import revisar_bitacora
from casos.models import Area, Caso, Consecutivo, Evento, PersonaContacto, Plazo, TextoEvento
from casos.models.bitacora import digerir
from tests.guion import Guion, actuar, contacto
from tests.sesion import escena

pytestmark = pytest.mark.django_db

ES_SQLITE = connection.vendor == "sqlite"


@escena
def dos_casos(personas):
    """One with six events, texts among them, and an untouched one beside it."""
    guion = Guion(personas)
    caso = guion.hasta(Estado.EN_PROPUESTA)
    guion.registrar()
    assert list(revisar_bitacora()) == []
    return caso.pk


@pytest.fixture
def caso(dos_casos):
    return Caso.objects.get(pk=dos_casos)


# -- the triggers ----------------------------------------------------------------------------------


def sin_pendientes():
    """Deferred foreign keys pending from the walk would bar TRUNCATE and ALTER TABLE."""
    if not ES_SQLITE:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def rechaza(sql, *parametros):
    sin_pendientes()
    antes = list(Evento.objects.order_by("pk").values())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parametros)
    assert list(Evento.objects.order_by("pk").values()) == antes


def test_no_se_actualiza(caso):
    rechaza("UPDATE casos_evento SET accion = accion WHERE caso_id = %s", caso.pk)


def test_no_se_borra(caso):
    rechaza("DELETE FROM casos_evento WHERE caso_id = %s", caso.pk)


def test_tampoco_desde_el_orm(caso):
    evento = caso.eventos.first()
    for intento in (
        lambda: Evento.objects.filter(pk=evento.pk).update(seccion="9"),
        lambda: Evento.objects.filter(pk=evento.pk)._raw_delete("default"),
        evento.save,
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            intento()


@pytest.mark.skipif(ES_SQLITE, reason="SQLite has no TRUNCATE")
def test_no_se_vacia(caso):
    rechaza("TRUNCATE casos_evento CASCADE")


COLUMNAS = ", ".join(f'"{f.column}"' for f in Evento._meta.concrete_fields if f.column != "id")


@pytest.mark.skipif(not ES_SQLITE, reason="PostgreSQL has no INSERT OR REPLACE")
@pytest.mark.parametrize("id_nuevo", ["id", "NULL"])
def test_no_se_reemplaza_por_ninguna_llave(caso, id_nuevo):
    """``INSERT OR REPLACE`` deletes without firing DELETE triggers, also by the other unique keys."""
    rechaza(
        f"INSERT OR REPLACE INTO casos_evento (id, {COLUMNAS}) "
        f"SELECT {id_nuevo}, {COLUMNAS} FROM casos_evento WHERE caso_id = %s AND numero = 2",
        caso.pk,
    )


@pytest.mark.parametrize(
    "cambio",
    [
        "texto = 'Otra cosa.'",
        "filas = '[]'",
        "vigencia = '2030-01-01'",
        "presentada_en = '2020-01-01'",
        "numero = 9",
    ],
)
def test_una_propuesta_presentada_no_se_cambia(mundo, cambio):
    """What the client was shown stays as it was; only what became of it changes (§7.5)."""
    caso = mundo.hasta(Estado.EN_RESPUESTA)
    [antes] = caso.propuestas.values()
    sin_pendientes()
    for sql in (f"UPDATE casos_propuesta SET {cambio}", "DELETE FROM casos_propuesta"):
        with (
            pytest.raises(IntegrityError, match="se corrige con otra"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
    assert list(caso.propuestas.values()) == [antes]
    caso.propuestas.update(estado="SUPERADA")


def disparadores_que_hay():
    with connection.cursor() as cursor:
        if ES_SQLITE:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
            )
        return {n for (n,) in cursor.fetchall()}


def test_instalar_repone_lo_que_falte_y_no_repite():
    todos = set(disparadores.SQLITE if ES_SQLITE else disparadores.POSTGRESQL)
    assert disparadores_que_hay() == todos
    quitar_disparadores()
    assert disparadores_que_hay() == set()
    disparadores.instalar("default")
    disparadores.instalar("default")
    assert disparadores_que_hay() == todos


# -- forging ---------------------------------------------------------------------------------------


def quitar_disparadores():
    with connection.cursor() as cursor:
        todos = disparadores.SQLITE if ES_SQLITE else disparadores.POSTGRESQL
        for nombre, (cuando, _) in todos.items():
            tabla = re.search(r"ON (\w+)", cuando)[1]
            cursor.execute(f"DROP TRIGGER {nombre}" + ("" if ES_SQLITE else f" ON {tabla}"))


def forzar(sql, *parametros):
    """What somebody with the database in their hands could do."""
    sin_pendientes()
    quitar_disparadores()
    with connection.cursor() as cursor:
        cursor.execute(sql, parametros)
        tocadas = cursor.rowcount
    disparadores.instalar("default")
    return tocadas


def borrar(caso, numero):
    """Delete an event with all that hangs from it."""
    evento = caso.eventos.get(numero=numero)
    for relacion in Evento._meta.related_objects:
        relacion.related_model.objects.filter(**{relacion.field.name: evento})._raw_delete(
            "default"
        )
    forzar("DELETE FROM casos_evento WHERE id = %s", evento.pk)


def falla_unica(caso):
    fallas = list(revisar_bitacora())
    assert len(fallas) == 1, fallas
    assert fallas[0].startswith(caso.folio)
    assert list(revisar_bitacora(caso.folio)) == fallas
    return fallas[0]


ALTERACIONES = {
    "regla": 1,
    "seccion": "'9.9'",
    "revision": "revision + 1",
    "accion": "'anotar'",
    "de": "'CERRADO'",
    "a": "'CERRADO'",
    "actor_id": "(SELECT MAX(id) FROM casos_usuario)",
    "suple_a_id": "(SELECT MAX(id) FROM casos_usuario)",
    "en_lugar_de_id": "(SELECT MAX(id) FROM casos_usuario)",
    "sin_segregacion": "NOT sin_segregacion",
    "en": "'2020-01-01 00:00:00+00:00'",
    "ficha": "'" + ("0" * 32 if ES_SQLITE else "00000000-0000-0000-0000-000000000000") + "'",
    "datos": "'{}'",
    "previo": "huella",
    "huella": "previo",
}


@pytest.mark.parametrize("columna", ALTERACIONES)
def test_se_halla_cualquier_columna_alterada(caso, columna):
    tocadas = forzar(
        f'UPDATE casos_evento SET "{columna}" = {ALTERACIONES[columna]} '
        "WHERE caso_id = %s AND numero = 3",
        caso.pk,
    )
    assert tocadas == 1
    falla = falla_unica(caso)
    assert "el evento 3 (" in falla
    assert "fue alterado" in falla


def test_se_halla_un_documento_alterado(mundo):
    """What the client was given is beside the log; the event of its act has its digest."""
    caso = mundo.presentar(mundo.hasta(Estado.EN_PROPUESTA))
    assert not list(revisar_bitacora(caso.folio))
    datos = json.dumps({"referencia": "Otra cosa"})
    assert forzar("UPDATE casos_impreso SET datos = %s WHERE caso_id = %s", datos, caso.pk) == 1
    assert "el documento que se le dio al cliente fue alterado" in falla_unica(caso)
    assert forzar("DELETE FROM casos_impreso WHERE caso_id = %s", caso.pk) == 1
    assert "falta el documento que se le dio al cliente" in falla_unica(caso)


def test_la_lista_de_columnas_esta_completa():
    """A column added to the log and left out of the hash would be forged in silence."""
    columnas = {f.column for f in Evento._meta.concrete_fields}
    assert columnas - set(ALTERACIONES) == {"id", "caso_id", "numero"}


def test_se_halla_una_fila_que_falta(caso):
    borrar(caso, 3)
    assert "falta el evento 3" in falla_unica(caso)


def test_se_halla_que_falta_la_ultima(caso):
    ultima = caso.eventos.latest("numero").numero
    borrar(caso, ultima)
    assert f"el caso dice {ultima} eventos y hay {ultima - 1}" in falla_unica(caso)


def test_se_halla_que_falta_una_y_las_demas_se_recorrieron(caso):
    borrar(caso, 3)
    for numero in range(4, caso.num_eventos + 1):
        forzar(
            "UPDATE casos_evento SET numero = %s WHERE caso_id = %s AND numero = %s",
            numero - 1,
            caso.pk,
            numero,
        )
    Caso.objects.filter(pk=caso.pk).update(num_eventos=caso.num_eventos - 1)
    assert "el evento 3 (" in falla_unica(caso)


def otro_evento(caso, numero, previo):
    evento = Evento(
        caso=caso,
        numero=numero,
        seccion="",
        revision=3,
        accion="anotar",
        de=caso.estado,
        a=caso.estado,
        actor=caso.responsable,
        en=timezone.now(),
        datos={},
        previo=previo,
    )
    evento.huella = evento.calcular_huella()
    return evento


def test_se_halla_una_fila_agregada_aunque_encadene(caso):
    otro_evento(caso, caso.num_eventos + 1, caso.huella_cabeza).save()
    esperados = f"el caso dice {caso.num_eventos} eventos y hay {caso.num_eventos + 1}"
    assert esperados in falla_unica(caso)


def test_se_halla_una_fila_metida_en_medio(caso):
    for numero in range(caso.num_eventos, 2, -1):
        forzar(
            "UPDATE casos_evento SET numero = %s WHERE caso_id = %s AND numero = %s",
            numero + 1,
            caso.pk,
            numero,
        )
    otro_evento(caso, 3, caso.eventos.get(numero=2).huella).save()
    Caso.objects.filter(pk=caso.pk).update(num_eventos=caso.num_eventos + 1)
    assert "el evento" in falla_unica(caso)


def test_se_hallan_filas_en_otro_orden(caso):
    for de, a in ((3, 999), (4, 3), (999, 4)):
        forzar(
            "UPDATE casos_evento SET numero = %s WHERE caso_id = %s AND numero = %s",
            a,
            caso.pk,
            de,
        )
    assert "el evento 3 (" in falla_unica(caso)


def test_se_halla_una_fila_pasada_a_otro_caso(caso):
    otro = Caso.objects.exclude(pk=caso.pk).get()
    forzar(
        "UPDATE casos_evento SET caso_id = %s, numero = %s WHERE caso_id = %s AND numero = %s",
        otro.pk,
        otro.num_eventos + 1,
        caso.pk,
        caso.num_eventos,
    )
    fallas = list(revisar_bitacora())
    assert [f.split(":")[0] for f in fallas] == sorted([caso.folio, otro.folio])


@pytest.mark.parametrize(
    ("cambio", "dice"),
    [
        ({"huella_cabeza": "f" * 64}, "la huella del último evento"),
        ({"num_eventos": 1}, "el caso dice 1 eventos"),
        ({"estado": Estado.EN_CONTACTO}, "el caso está en «EN_CONTACTO»"),
    ],
)
def test_se_halla_un_caso_que_no_es_el_de_su_bitacora(caso, cambio, dice):
    Caso.objects.filter(pk=caso.pk).update(**cambio)
    assert dice in falla_unica(caso)


def test_se_halla_un_texto_alterado(caso):
    TextoEvento.objects.filter(evento__caso=caso, campo="solicitud").update(texto="Pide subirla.")
    assert "fue alterado" in falla_unica(caso)


def test_se_hallan_textos_que_faltan_y_que_sobran(caso):
    texto = TextoEvento.objects.filter(evento__caso=caso).first()
    campo = texto.campo
    TextoEvento.objects.filter(pk=texto.pk).update(campo="otro")
    assert "faltan o sobran textos" in falla_unica(caso)
    TextoEvento.objects.filter(pk=texto.pk).update(campo=campo)
    nuevo = TextoEvento.objects.create(
        evento=texto.evento, campo="otro", etiqueta="Otro", texto="", sal="x"
    )
    assert "faltan o sobran textos" in falla_unica(caso)
    nuevo.delete()
    assert list(revisar_bitacora()) == []
    texto.delete()
    assert "faltan o sobran textos" in falla_unica(caso)


def test_un_texto_suprimido_no_rompe_la_cadena_pero_uno_puesto_en_su_lugar_si(caso):
    datos = contacto(persona="", persona_nombre="Zoila")
    caso = actuar("registrar_contacto", caso, caso.responsable, **datos)
    supresion.suprimir_persona(PersonaContacto.objects.get(nombre="Zoila"))
    assert list(revisar_bitacora()) == []
    TextoEvento.objects.exclude(suprimido_en=None).update(texto="Otra cosa.")
    assert "fue alterado" in falla_unica(caso)


def test_se_halla_un_caso_que_falta_entre_los_folios(caso):
    contador = Consecutivo.objects.get()
    Consecutivo.objects.update(ultimo=contador.ultimo + 1)
    assert list(revisar_bitacora()) == [f"De los 3 folios de {contador.serie[3:]} hay 2 casos."]


def test_los_textos_no_entran_en_claro_en_lo_que_se_sella(caso):
    textos = TextoEvento.objects.filter(evento__caso=caso).select_related("evento")
    assert textos
    for texto in textos:
        assert texto.texto not in str(texto.evento.datos)
        assert texto.evento.datos["textos"][texto.campo] == digerir(texto)


@pytest.mark.parametrize("estado", Estado)
def test_lo_que_escribe_la_puerta_siempre_verifica(personas, estado):
    caso = Guion(personas).hasta(estado)
    actuar("anotar", caso, personas.gerente, nota="Ñandú 😀 «comillas» \" ' \\ \u202e fin")
    assert list(revisar_bitacora()) == []


# -- the command -----------------------------------------------------------------------------------


def test_la_orden_dice_que_esta_integra(caso):
    salida = StringIO()
    call_command("verificar_bitacora", stdout=salida)
    assert f"{Evento.objects.count()} eventos" in salida.getvalue()


def test_la_orden_nombra_la_primera_fila_rota_y_termina_con_error(caso):
    fila = caso.eventos.get(numero=2)
    for numero in (2, 4):
        forzar(
            "UPDATE casos_evento SET accion = 'x' WHERE caso_id = %s AND numero = %s",
            caso.pk,
            numero,
        )
    errores = StringIO()
    with pytest.raises(CommandError) as fallo:
        call_command("verificar_bitacora", stderr=errores)
    assert fallo.value.returncode == 1
    assert f"{caso.folio}: el evento 2 (x, fila {fila.pk}) fue alterado." in errores.getvalue()
    assert "evento 4" not in errores.getvalue()


def test_un_folio_que_no_existe_no_pasa_por_integro():
    with pytest.raises(CommandError):
        call_command("verificar_bitacora", caso="SV-1999-000001")


def test_cuesta_lo_mismo_con_un_caso_que_con_varios(personas, django_assert_num_queries):
    guion = Guion(personas)
    for _ in range(3):
        guion.registrar()
    with django_assert_num_queries(
        37
    ):  # one of each table that is proved, and five of what is numbered
        assert list(revisar_bitacora()) == []


@pytest.mark.django_db(transaction=True)
def test_los_disparadores_y_los_catalogos_siguen_tras_vaciar_la_base(personas):
    """A transactional test flushes the database; the next one must start like a new one."""
    Guion(personas).registrar()
    call_command("flush", interactive=False, verbosity=0)
    assert not Evento.objects.exists()
    assert disparadores_que_hay()
    assert Area.objects.count() == 6
    assert Plazo.objects.count() == 8


def test_un_motor_que_rechaza_lo_dice_en_espanol(caso):
    with pytest.raises(DatabaseError, match="no se modifica ni se borra"), transaction.atomic():
        Evento.objects.filter(caso=caso).update(accion="x")


def test_dice_por_donde_va(caso):
    """Percentage, how many a second, what is left; on what is no terminal only where it is asked to."""
    for pedido, dice in ((True, True), (False, False)):
        dicho = StringIO()
        call_command(
            "verificar_bitacora",
            sin_archivos=True,
            progreso=pedido,
            stdout=StringIO(),
            stderr=dicho,
        )
        assert ("100 % · 2 de 2 casos" in dicho.getvalue()) is dice
        assert ("faltan 0 min" in dicho.getvalue()) is dice


@pytest.mark.skipif(not ES_SQLITE, reason="PostgreSQL no guarda lo que no es de la columna")
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE casos_evento SET datos = '[]' WHERE caso_id = %s",
        "UPDATE casos_evento SET regla = 'ab' WHERE caso_id = %s",
        "UPDATE casos_prueba SET filas = '[]' WHERE caso_id = %s",
        "UPDATE casos_evento SET en = 'ayer' WHERE caso_id = %s",
    ],
)
def test_lo_que_ni_se_puede_leer_se_dice_y_lo_demas_se_revisa(caso, sql):
    otro = Caso.objects.exclude(pk=caso.pk).get()
    forzar(sql, caso.pk)
    forzar("UPDATE casos_evento SET seccion = '9.9' WHERE caso_id = %s", otro.pk)
    fallas = list(revisar_bitacora(archivos=False))
    assert [f.split(":")[0] for f in fallas] == [caso.folio, otro.folio]
