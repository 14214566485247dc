"""The record of security: nobody changes it unseen, and what is written of whom is bounded."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from casos.catalogos import Hecho
from casos.lecturas.verificacion_de_seguridad import revisar_registro
from casos.models import CabezaDeSeguridad, Evento, HechoDeSeguridad
from casos.models.seguridad import canonico, digerir_partes
from casos.seguridad import anotar as anotaciones
from casos.seguridad import de_donde
from casos.seguridad.anotar import anotar
from tests.factories import UsuarioFactory
from tests.guion import Guion
from tests.test_bitacora import ES_SQLITE, forzar, sin_pendientes

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return UsuarioFactory(username="ana")


@pytest.fixture
def hechos(ana, rf):
    """Five facts after those of the account itself."""
    peticion = rf.post("/", REMOTE_ADDR="10.0.0.7", headers={"user-agent": "Firefox/1 Windows"})
    for n in range(5):
        anotar(
            Hecho.CORREO,
            persona=ana,
            autor=ana,
            peticion=peticion,
            aparte={"antes": f"ana{n}@x.mx", "despues": "ana@x.mx"},
            vez=n,
        )
    assert revisar_registro() == ""
    return list(HechoDeSeguridad.objects.order_by("numero"))


# -- what is written -------------------------------------------------------------------------------


def test_quien_desde_donde_y_que(hechos, ana):
    ultimo = hechos[-1]
    assert (ultimo.persona, ultimo.autor, ultimo.hecho) == (ana, ana, Hecho.CORREO)
    assert (ultimo.direccion, ultimo.dispositivo) == ("10.0.0.7", "Firefox en Windows")
    assert ultimo.datos == {"vez": 4}
    assert ultimo.textos == {"antes": "ana4@x.mx", "despues": "ana@x.mx"}
    assert [h.numero for h in hechos] == list(range(1, len(hechos) + 1))


def test_lo_personal_no_entra_en_claro_en_lo_que_se_sella(hechos, monkeypatch):
    """What is hashed: the key of a person and a salted digest; no address, no device."""
    partes = []
    original = digerir_partes
    monkeypatch.setattr(
        "casos.models.seguridad.digerir_partes",
        lambda *p, **k: partes.append(p) or original(*p, **k),
    )
    hechos[-1].calcular_huella()
    [sellado] = partes
    for dato in ("@x.mx", "10.0.0.7", "Firefox", "ana"):
        assert dato not in canonico(list(sellado))


@pytest.mark.parametrize(
    ("una", "otra"),
    [(("a", "bc"), ("ab", "c")), (("a:b",), ("a", "b")), ((None,), ("",)), ((1,), ("1",)),
     ((["a", "b"],), (["a"], "b")), (("a",), ("a", "")), (({"a": "b"},), ('{"a":"b"}',))],
)  # fmt: skip
def test_dos_hechos_distintos_no_dan_la_misma_huella(una, otra):
    """«Qué pide» / «: algo» and «Qué pide:» / «algo» were one digest, in the log of the cases."""
    assert digerir_partes("hecho", *una) != digerir_partes("hecho", *otra)
    assert digerir_partes("hecho", *una) != digerir_partes("aparte", *una)
    assert digerir_partes("hecho", *una) != digerir_partes("hecho", *una, version=2)


def test_lo_raro_se_anota_y_verifica(ana):
    anotar(
        Hecho.DATOS,
        persona=ana,
        aparte={"antes": "Ñandú 😀 \x00 \ud800 «» \" ' \\ \u202e fin" * 99},
        campo="\x00\ud800",
        lista=[1, True, None, ana],
        mas={"a": {"b": 1.5}},
    )
    assert revisar_registro() == ""


@pytest.mark.parametrize(
    ("dicho", "palabras"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/141 Safari/537",
            "Chrome en Windows",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/141 Safari/537 Edg/141", "Edge en Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/141 Mobile Safari/537", "Chrome en Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18 like Mac OS X) Safari/604", "Safari en iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145) Firefox/145.0", "Firefox en Linux"),
        ("curl/8.1", "Un programa"),
        ("", "Dispositivo desconocido"),
        ("<script>alert(1)</script>", "Dispositivo desconocido"),
    ],
)
def test_el_dispositivo_se_dice_en_palabras(rf, dicho, palabras):
    assert de_donde.dispositivo(rf.get("/", headers={"user-agent": dicho})) == palabras


def test_lo_que_se_deshace_no_queda_anotado(ana, hechos):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        anotar(Hecho.ROL, persona=ana)
        raise ZeroDivisionError
    assert HechoDeSeguridad.objects.count() == len(hechos)
    assert revisar_registro() == ""


def test_nadie_llena_el_disco_y_lo_callado_se_cuenta(ana):
    def callados():
        filas = HechoDeSeguridad.objects.filter(hecho=Hecho.NEGADO).order_by("numero")
        return [h.datos.get("callados") for h in filas]

    with time_machine.travel(timezone.now(), tick=False) as reloj:
        for _ in range(40):
            anotar(Hecho.NEGADO, autor=ana, ruta="/x/")
        # 40 and not one more: what is written says of most of them while they come
        assert callados() == [None, 7, 15]
        reloj.shift(timedelta(minutes=1))
        for _ in range(3):
            anotar(Hecho.NEGADO, autor=ana, ruta="/x/")
        assert callados() == [None, 7, 15, 15]
    for siempre in (
        Hecho.ROL,
        Hecho.DESCARGA,
        Hecho.EXPORTACION,
    ):  # a change, and what was taken away
        for _ in range(50):
            anotar(siempre, autor=ana)
        assert HechoDeSeguridad.objects.filter(hecho=siempre).count() == 50


def test_lo_que_solo_mira_se_hace_aunque_no_se_pueda_anotar(ana, monkeypatch, caplog):
    def no_se_puede(*args):
        raise DatabaseError("attempt to write a readonly database")

    monkeypatch.setattr(anotaciones, "_encadenar", no_se_puede)
    assert anotar(Hecho.DESCARGA, autor=ana) is None
    assert "No se pudo anotar «Bajó un archivo»" in caplog.text
    with pytest.raises(DatabaseError):
        anotar(Hecho.ROL, persona=ana)


# -- what the database refuses ---------------------------------------------------------------------

FILAS = "casos_hechodeseguridad"


def rechaza(sql):
    sin_pendientes()
    antes = list(HechoDeSeguridad.objects.values()), list(CabezaDeSeguridad.objects.values())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert antes == (
        list(HechoDeSeguridad.objects.values()),
        list(CabezaDeSeguridad.objects.values()),
    )


@pytest.mark.parametrize(
    "sql",
    [
        f"UPDATE {FILAS} SET hecho = 'SALIDA'",
        f"UPDATE {FILAS} SET huella = huella",
        f"UPDATE {FILAS} SET aparte = ''",
        f"UPDATE {FILAS} SET direccion = '1.1.1.1'",
        f"UPDATE {FILAS} SET suprimido_en = en",
        f"UPDATE {FILAS} SET suprimido_en = en, direccion = '', dispositivo = '', aparte = '', sal = '', numero = 9",
        f"DELETE FROM {FILAS}",
        "UPDATE casos_cabezadeseguridad SET numero = numero - 1",
        "UPDATE casos_cabezadeseguridad SET huella = 'x'",
        "DELETE FROM casos_cabezadeseguridad",
        "INSERT INTO casos_cabezadeseguridad (id, numero, huella) VALUES (2, 0, '')",
    ],
)
def test_no_se_cambia_ni_se_borra(hechos, sql):
    rechaza(sql)


@pytest.mark.skipif(ES_SQLITE, reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize("tabla", [FILAS, "casos_cabezadeseguridad"])
def test_no_se_vacia(hechos, tabla):
    rechaza(f"TRUNCATE {tabla} CASCADE")


@pytest.mark.skipif(not ES_SQLITE, reason="PostgreSQL has no INSERT OR REPLACE")
@pytest.mark.parametrize("modelo", [HechoDeSeguridad, CabezaDeSeguridad])
@pytest.mark.parametrize("id_nuevo", ["id", "NULL"])
def test_no_se_reemplaza(hechos, modelo, id_nuevo):
    columnas = ", ".join(f'"{f.column}"' for f in modelo._meta.concrete_fields if f.column != "id")
    tabla = modelo._meta.db_table
    rechaza(
        f"INSERT OR REPLACE INTO {tabla} (id, {columnas}) SELECT {id_nuevo}, {columnas} FROM {tabla}"
    )


# -- forging ---------------------------------------------------------------------------------------

ALTERACIONES = {
    "version": "2",
    "en": "'2020-01-01 00:00:00+00:00'",
    "hecho": "'SALIDA'",
    "persona_id": "NULL",
    "autor_id": "NULL",
    "datos": "'{}'",
    "direccion": "'1.1.1.1'",
    "dispositivo": "'Otro'",
    "aparte": "''",
    "sal": "'x'",
    "suprimido_en": "'2020-01-01 00:00:00+00:00'",
    "sello": "huella",
    "previo": "huella",
    "huella": "previo",
}


@pytest.mark.parametrize("columna", ALTERACIONES)
def test_se_halla_cualquier_columna_alterada(hechos, columna):
    fila = hechos[2]
    tocadas = forzar(
        f'UPDATE {FILAS} SET "{columna}" = {ALTERACIONES[columna]} WHERE id = %s', fila.pk
    )
    assert tocadas == 1
    assert f"el hecho {fila.numero} (" in revisar_registro()


def test_la_lista_de_columnas_esta_completa():
    columnas = {f.column for f in HechoDeSeguridad._meta.concrete_fields}
    assert columnas - set(ALTERACIONES) == {"id", "numero"}


def test_se_halla_el_que_falta(hechos):
    forzar(f"DELETE FROM {FILAS} WHERE numero = 3")
    assert revisar_registro().startswith("falta el hecho 3; sigue el hecho 4")


def test_se_halla_la_cola_cortada(hechos):
    """The last fact un-happened: neither the head's count nor its hash agree any more."""
    ultimo = hechos[-1]
    forzar(f"DELETE FROM {FILAS} WHERE numero = %s", ultimo.numero)
    assert f"dice {ultimo.numero} hechos y hay {ultimo.numero - 1}" in revisar_registro()
    forzar("UPDATE casos_cabezadeseguridad SET numero = numero - 1")
    assert "la huella del último hecho" in revisar_registro()


def test_se_halla_uno_de_mas(hechos, ana):
    anotar(Hecho.ROL, persona=ana)
    forzar("UPDATE casos_cabezadeseguridad SET numero = numero - 1, huella = %s", hechos[-1].huella)
    assert f"sobra el hecho {hechos[-1].numero + 1}" in revisar_registro()


def test_lo_de_quien_se_fue_se_suprime_y_la_cadena_sigue(hechos, ana):
    """And who only blanks it, with the very update that suppression does, is found."""
    otra = anotar(Hecho.CORREO, persona=UsuarioFactory(username="eva"), aparte={"antes": "e@x.mx"})
    with pytest.raises(CommandError, match="sigue activa"):
        call_command("suprimir_cuenta", "ana")
    ana.is_active = False
    ana.save()
    call_command("suprimir_cuenta", "ana", stdout=StringIO())
    suyos = HechoDeSeguridad.objects.filter(persona=ana).exclude(hecho=Hecho.SUPRESION)
    assert suyos and {(h.aparte, h.direccion, h.dispositivo, h.sal) for h in suyos} == {("",) * 4}
    assert revisar_registro() == ""
    HechoDeSeguridad.objects.filter(pk=otra.pk).update(
        aparte="", direccion="", dispositivo="", sal="", suprimido_en=timezone.now()
    )
    assert f"el hecho {otra.numero} (" in revisar_registro()
    assert "sin que nadie lo suprimiera" in revisar_registro()


# -- the command -----------------------------------------------------------------------------------


def dice(**opciones) -> str:
    salida = StringIO()
    call_command("verificar_bitacora", stdout=salida, stderr=StringIO(), **opciones)
    return salida.getvalue()


def test_la_orden_comprueba_tambien_el_registro(hechos):
    assert f"Registro de seguridad íntegro: {len(hechos)} hechos." in dice()
    forzar(f"UPDATE {FILAS} SET hecho = 'SALIDA' WHERE numero = 2")
    with pytest.raises(CommandError):
        dice()


def test_lo_guardado_en_otro_lado_delata_una_bitacora_rehecha(personas):
    """Whoever recomputes the whole chain passes the check: only the digest kept elsewhere tells."""
    caso = Guion(personas).registrar()
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        guardado = dice().splitlines()[-1]
        instante = guardado.split("--al ")[1].split(": ")[0]
        assert dice(al=instante).strip() == guardado
        Guion(personas).registrar()  # later work does not change it
        assert dice(al=instante).strip() == guardado
        evento = Evento.objects.get(caso=caso, numero=caso.num_eventos)
        evento.datos = {"otro": "dato"}
        evento.huella = evento.calcular_huella()
        forzar(
            "UPDATE casos_evento SET datos = %s, huella = %s WHERE id = %s",
            '{"otro": "dato"}', evento.huella, evento.pk,
        )  # fmt: skip
        assert dice(al=instante).strip() != guardado


def test_un_instante_que_no_lo_es_se_dice():
    with pytest.raises(CommandError, match="Escribe el instante"):
        dice(al="ayer")
