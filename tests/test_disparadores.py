"""What the database itself refuses to change or to delete: of each table, every column (D§3)."""

import random

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from casos import disparadores
from casos.catalogos import EstadoAviso
from casos.clientes import supresion
from casos.lecturas.verificacion import revisar_bitacora
from casos.models import Acuse, Aviso, Caso, CertificadoDeSello, InformeMensual, RevisionInstruccion
from casos.seguridad import sellado
from tests.escenarios import moviendo
from tests.test_bitacora import ES_SQLITE, sin_pendientes
from tests.test_pruebas import otro_valor

pytestmark = pytest.mark.django_db
MODELOS = {m._meta.db_table: m for m in apps.get_models()}
# Of a row that no longer changes, what still may, by itself.
SE_PUEDE = {
    "casos_propuesta": {"estado", "suprimido_en"},
    "casos_rastro": {"suprimido_en"},
    "casos_aviso": {
        "intentos", "proximo_en", "tomado_hasta", "error", "rechazado_desde", "suprimido_en",
    },
    "casos_revisioninstruccion": {"sustituida_en", "devuelta_porque", "reparto", "version"},
    "casos_impreso": {"suprimido_en"},  # with the names of who was suppressed covered
}  # fmt: skip
SOLO_AVANZAN = {"casos_cabezadeseguridad", "casos_cabezadeconfiguracion"}


@pytest.fixture
def llenas(mundo, settings, tmp_path):
    """A row in each table, past where it no longer changes."""
    settings.LLAVE_DE_SELLOS = tmp_path / "llave"
    sello = sellado.sellar(timezone.localdate())
    CertificadoDeSello.objects.create(
        sello=sello, emisor="x", huella="x", contenido=b"x", en=timezone.now()
    )
    vigente = RevisionInstruccion.objects.get(estado="VIGENTE")
    Acuse.objects.create(
        revision=vigente, persona=mundo.p.calidad, entregado_por=mundo.p.calidad,
        entregado_en=timezone.now(), leido_en=timezone.now(), huella="ab" * 32,
    )  # fmt: skip
    for aviso in Aviso.objects.filter(estado=EstadoAviso.PENDIENTE):
        Aviso.objects.filter(pk=aviso.pk).update(
            estado=EstadoAviso.ENVIADO, enviado_en=timezone.now()
        )
    mes = timezone.localdate().replace(day=1)
    InformeMensual.objects.create(mes=mes, datos={"a": 1}, hecho_en=timezone.now())
    sin_pendientes()
    return mundo


def una(regla):
    filas = MODELOS[regla.tabla]._base_manager.all()
    if regla.tabla == "casos_revisioninstruccion":
        filas = filas.filter(estado="VIGENTE")
    elif regla.mientras:
        filas = filas.filter(estado=EstadoAviso.ENVIADO)
    return filas.order_by("-pk").first()


def dice(regla, sql, pk=None):
    """Whether the rule's own sentence is what came of it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [] if pk is None else [pk])
            transaction.set_rollback(True)
    except IntegrityError as error:
        return regla.dicho in str(error)
    return False


@pytest.mark.parametrize("regla", disparadores.REGLAS, ids=lambda r: r.nombre)
def test_no_se_cambia_ninguna_columna_ni_se_borra(llenas, regla):
    modelo, azar = MODELOS[regla.tabla], random.Random(7)
    fila = una(regla)
    if fila is None:
        pytest.skip(f"sin filas en {regla.tabla}")
    cambian = set()
    for campo in modelo._meta.concrete_fields:
        if campo.primary_key and regla.tabla not in SOLO_AVANZAN:
            continue
        nombre, valor = connection.ops.quote_name(campo.column), otro_valor(campo, azar)
        if campo.get_internal_type() == "BinaryField":
            valor = "NULL"
        elif campo.get_internal_type() == "UUIDField":
            valor = "'00000000000000000000000000000001'"
        if not dice(regla, f"UPDATE {regla.tabla} SET {nombre} = {valor} WHERE id = %s", fila.pk):
            cambian.add(campo.column)
    if regla.tabla in SOLO_AVANZAN:
        cambian -= {"numero", "huella"} if "configuracion" in regla.tabla else {"numero"}
        for suma in (0, 2, -1):
            sql = f"UPDATE {regla.tabla} SET numero = numero + {suma} WHERE id = %s"
            assert dice(regla, sql, fila.pk)
    assert cambian == SE_PUEDE.get(regla.tabla, set())
    assert dice(regla, f"DELETE FROM {regla.tabla} WHERE id = %s", fila.pk)
    if not ES_SQLITE:
        assert dice(regla, f"TRUNCATE {regla.tabla} CASCADE")


def test_un_correo_que_no_salio_si_cambia(llenas):
    enviado = Aviso.objects.filter(estado=EstadoAviso.ENVIADO).exclude(caso=None).first()
    with moviendo(enviado.caso):
        otro = Aviso.objects.get(pk=enviado.pk)
        otro.pk, otro.message_id = None, "<otro@x>"
        otro.estado, otro.enviado_en = EstadoAviso.PENDIENTE, None
        otro.save()
        Aviso.objects.filter(pk=otro.pk).update(texto="Corregido.")
        assert Aviso.objects.filter(pk=otro.pk).delete()[0] == 1


def test_suprimir_es_la_unica_puerta_a_un_correo_enviado(llenas):
    """It masks, leaves its mark, and the record still says that it is whole."""
    caso = Caso.objects.exclude(persona=None).first()
    persona, nombre = caso.persona, caso.persona.nombre
    with moviendo(caso):
        aviso = Aviso.objects.create(
            caso=caso, plantilla="x", para=persona.correo or "c@cliente.example", asunto="Propuesta",
            texto=f"Buen día, {nombre}.", message_id="<uno@x>",
            estado=EstadoAviso.ENVIADO, enviado_en=timezone.now(),
        )  # fmt: skip
    supresion.suprimir_persona(persona)
    aviso.refresh_from_db()
    assert aviso.para == Aviso.SUPRIMIDO and aviso.suprimido_en
    assert nombre not in aviso.texto
    assert list(revisar_bitacora(aviso.caso.folio)) == []
    [regla] = [r for r in disparadores.REGLAS if r.tabla == "casos_aviso"]
    assert dice(regla, "UPDATE casos_aviso SET texto = 'otro' WHERE id = %s", aviso.pk)
    assert dice(regla, "UPDATE casos_aviso SET suprimido_en = NULL WHERE id = %s", aviso.pk)


def test_enviarlo_dos_veces_no_estorba(llenas):
    from casos.correo.envio import _enviado

    aviso = Aviso.objects.filter(estado=EstadoAviso.ENVIADO).first()
    _enviado(aviso, "ab" * 32)
    antes = aviso.enviado_en
    aviso.refresh_from_db()
    assert aviso.enviado_en == antes
