"""With the rights of the web's own role the product does its work, and cannot touch what stands."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.utils import timezone

from casos.catalogos import Estado
from casos.correo.envio import enviar_pendientes
from casos.disparadores import REGLAS
from casos.lecturas import sellos
from casos.lecturas.verificacion import revisar_bitacora
from casos.lecturas.verificacion_de_configuracion import revisar_configuracion
from casos.lecturas.verificacion_de_seguridad import revisar_registro
from casos.management.commands.derechos_de_base import ENTERAS
from casos.models import Area, Aviso, Configuracion, Latido
from casos.seguridad import sellado
from tests.guion import Guion
from tests.test_bitacora import ES_SQLITE, sin_pendientes

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(ES_SQLITE, reason="SQLite no tiene usuarios"),
]
WEB, LECTURA = "prueba_web", "prueba_lectura"


@pytest.fixture
def como(settings, tmp_path, personas):
    """Be one of the two, for the rest of the test."""
    settings.LLAVE_DE_SELLOS = tmp_path / "llave"
    sin_pendientes()
    salida = StringIO()
    with connection.cursor() as cursor:
        for rol in (WEB, LECTURA):
            cursor.execute(f"CREATE ROLE {rol}")
        call_command("derechos_de_base", web=WEB, lectura=LECTURA, stdout=salida)
        cursor.execute(salida.getvalue())

    def ser(rol):
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {rol}")

    return ser


def rechaza(*ordenes):
    for orden in ordenes:
        with (
            pytest.raises(ProgrammingError, match="permission denied|must be owner"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(orden)


def test_con_lo_de_la_web_se_hace_todo_un_caso_y_lo_demas(como, personas, client):
    como(WEB)
    guion = Guion(personas)
    caso = guion.hasta(Estado.CERRADO)
    enviar_pendientes(segundos=5)
    assert Aviso.objects.filter(caso=caso, estado="ENVIADO").exists()
    client.force_login(personas.admin)
    assert client.get(f"/casos/{caso.folio}/").status_code == 200
    Area.objects.update(orden=4)
    Configuracion.objects.update(vigencia_dias=9)
    sellado.sellar(timezone.localdate())
    assert list(revisar_bitacora(archivos=False)) == []
    assert (revisar_registro(), revisar_configuracion()) == ("", [])


def test_con_lo_de_la_web_no_se_toca_lo_que_ya_quedo(como, personas):
    caso = Guion(personas).hasta(Estado.EN_PROPUESTA)
    sellado.sellar(timezone.localdate())
    sin_pendientes()
    como(WEB)
    for regla in REGLAS:
        tabla = regla.tabla
        rechaza(
            f"DELETE FROM {tabla}",
            f"TRUNCATE {tabla}",
            f"ALTER TABLE {tabla} DISABLE TRIGGER ALL",
            f"DROP TRIGGER {regla.nombre}_sin_cambios ON {tabla}",
        )
        fijas = () if regla.mientras or tabla in ENTERAS else regla.fijas or ("id",)
        rechaza(*(f"UPDATE {tabla} SET {c} = {c}" for c in fijas))
    rechaza("SET session_replication_role = replica", "CREATE TABLE public.otra (id int)")
    assert list(revisar_bitacora(caso.folio, archivos=False)) == []


def test_quien_verifica_solo_lee(como, personas):
    caso = Guion(personas).hasta(Estado.EN_PROPUESTA)
    sellado.sellar(timezone.localdate())
    como(LECTURA)
    call_command("verificar_bitacora", "--sin-archivos", stdout=StringIO())
    assert sellos.revisar().integro
    assert Latido.objects.get(nombre=Latido.VERIFICACION).bien
    rechaza(
        f"UPDATE casos_caso SET vence = NULL WHERE id = {caso.pk}",
        "DELETE FROM casos_borrador",
        "INSERT INTO casos_consecutivo (serie, ultimo) VALUES ('SV-1999', 1)",
    )


def test_quien_verifica_tambien_dice_que_algo_esta_mal(como, personas):
    """What looks wrong is looked at again with a lock, which it may not take."""
    caso = Guion(personas).hasta(Estado.EN_PROPUESTA)
    sin_pendientes()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE casos_opinion SET pregunta = 'otra' WHERE caso_id = %s", [caso.pk])
        cursor.execute("UPDATE casos_motivo SET orden = 99")
    como(LECTURA)
    dicho = StringIO()
    with pytest.raises(CommandError):
        call_command("verificar_bitacora", "--sin-archivos", stdout=StringIO(), stderr=dicho)
    assert caso.folio in dicho.getvalue()


@pytest.mark.parametrize("rol", ["x; drop table", "Web", ""])
def test_un_nombre_que_no_es_de_usuario_no_se_escribe(rol):
    with pytest.raises(CommandError):
        call_command("derechos_de_base", web=rol, stdout=StringIO())


def test_en_un_error_no_se_esconde_otra_cosa(como, personas):
    como(LECTURA)
    with pytest.raises(DatabaseError), transaction.atomic():
        Area.objects.update(orden=1)
