"""A refusal of the database is known by the constraint's name, and told in its own words."""

import pytest
from django.db import IntegrityError, transaction

from casos.catalogos import Estado
from casos.models import Caso, Evento
from casos.models.restricciones import mensaje_de, restriccion_violada
from casos.pasos import tabla
from casos.pasos.situacion import Clase
from tests.factories import AjusteFactory, CasoFactory, SuplenciaFactory
from tests.guion import Guion, fresco, hace, rechazada, un_contrato

pytestmark = pytest.mark.django_db
E = Estado


def violada(hacer) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        hacer()
    return restriccion_violada(error.value)


def dos_en_ajuste():
    uno = CasoFactory(estado=E.EN_MODIFICACION)
    CasoFactory(estado=E.EN_MODIFICACION, cliente=uno.cliente, contrato=uno.contrato)


def dos_ajustes_de_un_area():
    uno = AjusteFactory()
    AjusteFactory(caso=uno.caso, area=uno.area)


@pytest.mark.parametrize(
    ("hacer", "nombre", "mensaje"),
    [
        (dos_en_ajuste, "un_caso_en_ajuste_por_contrato",
         "Otro caso del mismo contrato está en ajuste."),
        (dos_ajustes_de_un_area, "un_ajuste_pendiente_por_area",
         "El área ya tiene un ajuste pendiente."),
        (lambda: Caso.objects.filter(pk=CasoFactory().pk).update(estado="PAUSADO"),
         "caso_estado_conocido",
         "Ese estado no existe en la instrucción."),
        (lambda: SuplenciaFactory(desde=hace(days=1).date(), hasta=hace(days=2).date()),
         "suplencia_fechas", "La fecha final no puede ser anterior a la inicial."),
    ],
)  # fmt: skip
def test_se_conoce_por_su_nombre(hacer, nombre, mensaje):
    assert violada(hacer) == nombre
    assert mensaje_de(nombre) == mensaje


def test_lo_que_no_es_de_nadie_no_se_cuenta():
    """A unique column or a foreign key is our own fault, not something to tell a person."""
    caso = CasoFactory()
    repetido = violada(lambda: Caso.objects.filter(pk=CasoFactory().pk).update(folio=caso.folio))
    assert (repetido, mensaje_de(repetido)) == ("", "")


@pytest.fixture
def por_aceptar(personas):
    g = Guion(personas)
    contrato = un_contrato()
    otro = g.hasta(E.EN_RESPUESTA, contrato=contrato)
    return g, g.hasta(E.EN_RESPUESTA, contrato=contrato), otro


def chocar_con(monkeypatch, accion, hacer):
    """While ``accion`` is being done the database refuses what ``hacer`` does."""
    paso = tabla.PASOS[accion]

    def funcion(g):
        hacer()
        paso.funcion(g)

    monkeypatch.setitem(tabla.PASOS, accion, tabla.Paso(paso.acto, paso.formulario, funcion))


def test_otro_caso_en_ajuste_es_lo_que_se_dice(por_aceptar, monkeypatch):
    g, caso, otro = por_aceptar
    chocar_con(monkeypatch, "aceptar", dos_en_ajuste)
    antes = Evento.objects.count()
    with rechazada(Clase.YA_NO) as error:
        g.aceptar(caso)
    assert "en ajuste" in str(error.value)
    assert Evento.objects.count() == antes and fresco(caso).estado == E.EN_RESPUESTA


def test_otra_falta_al_aceptar_no_se_cuenta_como_otro_caso_en_ajuste(por_aceptar, monkeypatch):
    g, caso, _ = por_aceptar
    chocar_con(monkeypatch, "aceptar", dos_ajustes_de_un_area)
    with rechazada(Clase.YA_NO) as error:
        g.aceptar(caso)
    assert str(error.value) == "El área ya tiene un ajuste pendiente."


def test_lo_que_nadie_previo_no_se_disfraza(por_aceptar, monkeypatch):
    g, caso, otro = por_aceptar
    chocar_con(
        monkeypatch, "aceptar", lambda: Caso.objects.filter(pk=otro.pk).update(folio=caso.folio)
    )
    with pytest.raises(IntegrityError):
        g.aceptar(caso)
