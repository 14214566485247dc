"""Rule 5 of D§2: nobody leaves behind an area, a case or a firm without anybody to answer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction

from casos.calendario import hoy
from casos.catalogos import Estado, Hecho
from casos.models import Membresia, Suplencia, Usuario
from casos.personas import salidas as acciones
from casos.seguridad.anotar import anotar
from casos.seguridad.lo_configurado import sin_encadenar
from tests.factories import UsuarioFactory
from tests.guion import Guion
from tests.test_concurrencia import _a_la_vez


@pytest.fixture
def g(personas):
    return Guion(personas)


def activa(usuario) -> bool:
    return Usuario.objects.get(pk=usuario.pk).is_active


@transaction.atomic
def desactivar(usuario):
    """As the panel does it: asked and saved in the request's one transaction."""
    acciones.revisar_cambio(
        usuario, rol=usuario.rol, es_gerente=usuario.es_gerente, activa=False, administra=False
    )
    Usuario.objects.filter(pk=usuario.pk).update(is_active=False)


def dice(error) -> str:
    return " ".join(error.value.messages)


def test_quien_no_debe_nada_se_desactiva(g):
    desactivar(g.p.ventas)
    assert not activa(g.p.ventas)


def test_la_ultima_persona_de_gerencia_no_se_va(g):
    desactivar(g.p.direccion)
    with pytest.raises(ValidationError) as error:
        desactivar(g.p.gerente)
    assert "última persona activa de gerencia" in dice(error)
    assert activa(g.p.gerente)


@pytest.mark.django_db(transaction=True)
def test_dos_bajas_a_la_vez_no_dejan_a_la_firma_sin_gerencia(g):
    barrera = Barrier(2)

    def baja(usuario):
        barrera.wait()
        try:
            desactivar(usuario)
        except ValidationError:
            return False
        finally:
            connections.close_all()
        return True

    for _ in range(10):
        Usuario.objects.update(is_active=True)
        with ThreadPoolExecutor(2) as grupo:
            logradas = list(grupo.map(baja, [g.p.gerente, g.p.direccion]))
        assert sorted(logradas) == [False, True]
        assert Usuario.objects.gerencia().count() == 1


def test_con_casos_abiertos_se_dicen_los_folios(g):
    caso = g.hasta(Estado.EN_CONTACTO)
    with pytest.raises(ValidationError) as error:
        desactivar(g.p.ventas)
    assert caso.folio in dice(error)
    assert activa(g.p.ventas)


def test_pasados_los_casos_por_la_puerta_ya_se_puede_ir(g):
    abiertos = [g.hasta(Estado.EN_CONTACTO), g.hasta(Estado.EN_PROPUESTA)]
    g.hasta(Estado.CERRADO)  # a closed one keeps its name
    for caso in abiertos:
        g.asignar(caso, a=g.p.ventas2)
    desactivar(g.p.ventas)
    assert not activa(g.p.ventas)


def test_la_ultima_persona_de_un_area_con_pendientes_no_se_va(g):
    g.hasta(Estado.EN_ANALISIS)  # Finanzas was asked
    with pytest.raises(ValidationError) as error:
        desactivar(g.p.finanzas)
    assert "última persona de Finanzas" in dice(error)
    desactivar(g.p.dh)  # nothing asked of hers
    UsuarioFactory(username="relevo", areas=["FIN"])
    desactivar(g.p.finanzas)
    assert not activa(g.p.finanzas)


def test_con_un_ajuste_pendiente_tampoco(g):
    g.hasta(Estado.EN_MODIFICACION)
    with pytest.raises(ValidationError) as error:
        desactivar(g.p.juridico)
    assert "Jurídico" in dice(error)


def test_todo_lo_que_impide_irse_se_dice_junto(g):
    g.hasta(Estado.EN_ANALISIS)
    desactivar(g.p.direccion)
    caso = g.registrar(responsable=False)
    type(caso).objects.filter(pk=caso.pk).update(responsable=g.p.gerente)
    Membresia.objects.filter(usuario=g.p.finanzas).update(usuario=g.p.gerente)
    with pytest.raises(ValidationError) as error:
        desactivar(g.p.gerente)
    assert len(error.value.messages) == 3


CUENTA = {"rol": "VEN", "es_gerente": False, "activa": True, "administra": False}


@pytest.mark.parametrize(
    "cambio",
    [
        {"rol": ""},
        {"rol": "CAL"},
        {"activa": False},
        {"administra": True},
    ],
)
def test_perder_el_rol_o_volverse_administrador_es_dejar_los_casos(g, cambio):
    g.hasta(Estado.EN_CONTACTO)
    acciones.revisar_cambio(g.p.ventas, **CUENTA)
    with pytest.raises(ValidationError):
        acciones.revisar_cambio(g.p.ventas, **CUENTA | cambio)


@pytest.mark.parametrize("cambio", [{"es_gerente": False}, {"activa": False}, {"administra": True}])
def test_la_ultima_de_gerencia_no_deja_de_serlo_de_ningun_modo(g, cambio):
    antes = CUENTA | {"es_gerente": True}
    acciones.revisar_cambio(g.p.gerente, **antes | cambio)  # there is Dirección General
    desactivar(g.p.direccion)
    acciones.revisar_cambio(g.p.gerente, **antes)
    acciones.revisar_cambio(g.p.gerente, **antes | {"rol": "DG", "es_gerente": False})
    with pytest.raises(ValidationError):
        acciones.revisar_cambio(g.p.gerente, **antes | cambio)


def test_una_membresia_no_se_apaga_si_el_area_se_queda_sola_con_pendientes(g):
    g.hasta(Estado.EN_ANALISIS)
    mia = Membresia.objects.get(usuario=g.p.finanzas)
    mia.activa = False
    with pytest.raises(ValidationError):
        acciones.guardar_membresia(mia)
    assert Membresia.objects.get(pk=mia.pk).activa
    UsuarioFactory(username="relevo", areas=["FIN"])
    acciones.guardar_membresia(mia)
    assert not Membresia.objects.get(pk=mia.pk).activa


def test_nadie_esta_dos_veces_en_un_area(g):
    repetida = Membresia(usuario=g.p.finanzas, area=g.p.finanzas.membresias.get().area)
    with pytest.raises(ValidationError) as error:
        acciones.guardar_membresia(repetida)
    assert "ya está en el área" in dice(error)


# -- substitutes -----------------------------------------------------------------------------------


def dias(desde, hasta):
    return {"desde": hoy() + timedelta(days=desde), "hasta": hoy() + timedelta(days=hasta)}


def test_no_hay_suplente_de_suplente(g):
    acciones.crear_suplencia(g.p.ventas2, suplente=g.p.gerente, **dias(3, 8))
    with pytest.raises(ValidationError) as error:
        acciones.crear_suplencia(g.p.ventas, suplente=g.p.ventas2, **dias(0, 3))
    assert "también va a estar fuera" in dice(error)
    acciones.crear_suplencia(g.p.ventas, suplente=g.p.ventas2, **dias(0, 2))


def test_quien_ya_suple_a_alguien_no_se_ausenta_en_esas_fechas(g):
    acciones.crear_suplencia(g.p.ventas, suplente=g.p.ventas2, **dias(1, 10))
    with pytest.raises(ValidationError) as error:
        acciones.crear_suplencia(g.p.ventas2, suplente=g.p.gerente, **dias(3, 7))
    assert f"suples a {g.p.ventas}" in dice(error)
    acciones.crear_suplencia(g.p.ventas2, suplente=g.p.gerente, **dias(11, 12))


@pytest.mark.parametrize("cambio", [{"rol": "CAL"}, {"rol": "AUD"}, {"is_superuser": True}])
def test_quien_deja_de_actuar_no_presta_lo_que_ve(g, cambio):
    Suplencia.objects.create(titular=g.p.ventas, suplente=g.p.finanzas, **dias(-3, 5))
    Usuario.objects.filter(pk=g.p.ventas.pk).update(**cambio)
    suplente = Usuario.objects.get(pk=g.p.finanzas.pk)
    assert len(suplente.cargos) == 1
    assert not suplente.ve_todo


def test_dos_suplencias_de_la_misma_persona_no_se_enciman(g):
    acciones.crear_suplencia(g.p.ventas, suplente=g.p.ventas2, **dias(0, 5))
    with pytest.raises(ValidationError):
        acciones.crear_suplencia(g.p.ventas, suplente=g.p.gerente, **dias(5, 9))
    acciones.crear_suplencia(g.p.ventas, suplente=g.p.gerente, **dias(6, 9))


@pytest.mark.parametrize(("titular", "suplente"), [
    ("auditor", "ventas"), ("calidad", "ventas"), ("admin", "ventas"), ("ventas", "auditor"),
    ("ventas", "admin"), ("ventas", "ventas"),
])  # fmt: skip
def test_ni_presta_ni_suple_quien_no_actua(g, titular, suplente):
    with pytest.raises(ValidationError):
        acciones.crear_suplencia(
            getattr(g.p, titular), suplente=getattr(g.p, suplente), **dias(0, 1)
        )
    assert not Suplencia.objects.exists()


def test_la_que_termina_deja_de_prestar_ese_mismo_dia(g):
    def presta():
        return len(Usuario.objects.get(pk=g.p.ventas2.pk).cargos) == 2

    suplencia = Suplencia.objects.create(titular=g.p.ventas, suplente=g.p.ventas2, **dias(-3, 5))
    assert presta()
    acciones.terminar_suplencia(suplencia)
    assert not presta()
    assert Suplencia.objects.get().hasta == hoy() - timedelta(days=1)
    de_hoy = acciones.crear_suplencia(g.p.ventas, suplente=g.p.ventas2, **dias(0, 5))
    assert presta()
    acciones.terminar_suplencia(de_hoy)
    assert not presta()


def test_una_ya_terminada_no_se_alarga_ni_se_acorta(g):
    vieja = Suplencia.objects.create(titular=g.p.ventas, suplente=g.p.ventas2, **dias(-9, -5))
    acciones.terminar_suplencia(vieja)
    assert Suplencia.objects.get().hasta == hoy() - timedelta(days=5)


@pytest.mark.django_db(transaction=True)
def test_la_misma_suplencia_a_la_vez_es_una(g):
    """A form sent several times, and two people who would lend to each other."""
    fechas = {"desde": hoy(), "hasta": hoy() + timedelta(days=5)}

    def pedir(titular, suplente):
        return lambda: acciones.crear_suplencia(titular, suplente=suplente, **fechas)

    una, otra = g.p.ventas, g.p.ventas2
    for trabajos in ([pedir(una, otra)] * 6, [pedir(una, otra), pedir(otra, una)]):
        for _ in range(5):
            Suplencia.objects.all().delete()
            hechas = _a_la_vez(*trabajos)
            assert sum(isinstance(h, Suplencia) for h in hechas) == 1, hechas
            assert all(isinstance(h, Suplencia | ValidationError) for h in hechas), hechas
            assert Suplencia.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks no rows")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("puerta", ["salida", "suplencia"])
def test_quien_aparta_a_una_persona_no_detiene_lo_que_se_anota_de_ella(g, monkeypatch, puerta):
    """Each would wait for the other: one holds the person, the other the head of the record.

    What is configured takes that head too, last of all: until its commit whoever writes a fact waits, and
    it waits for nobody. Here nothing is written of it, so that the person alone is asked for.
    """
    monkeypatch.setattr("casos.vigilancia.anotar", lambda *args, **kwargs: None)

    def anotan():
        try:
            return anotar(Hecho.SALIDA, persona=g.p.gerente)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as otro, sin_encadenar(), transaction.atomic():
        if puerta == "salida":
            acciones.revisar_salida(g.p.gerente, deja_casos=False)
        else:
            acciones.crear_suplencia(g.p.gerente, suplente=g.p.ventas, **dias(0, 5))
        assert otro.submit(anotan).result(timeout=60).persona == g.p.gerente
