"""A letter against the sheet, whatever the sheet: what changes is named, and nothing false is said."""

import random

import pytest

from casos.catalogos import Estado, QueAjusta
from casos.correo import reglas
from casos.correo.cartas import hoja_para
from casos.correo.ocasion import Destino, Ocasion
from casos.expediente.carga import Expediente
from casos.models import Area, Aviso, Concepto, Condicion, Evento

from .guion import fresco

pytestmark = pytest.mark.django_db
VALORES = ("", "1", "1", "2", "3")
CON_HOJA = [c for c in vars(reglas).values() if isinstance(c, reglas.Carta) and c.columnas]
DE_CORREO = [c for c in CON_HOJA if c not in (reglas.PROPUESTA, reglas.CONSTANCIA)]


@pytest.fixture
def ocasion(mundo):
    caso = fresco(mundo.hasta(Estado.EN_MODIFICACION))
    return Ocasion(Evento.objects.filter(caso=caso).last(), Expediente(caso, caso.hechos))


def una_hoja(caso, azar) -> list[Condicion]:
    """Some of the concepts, each with values of chance in its four columns."""
    return [
        Condicion(
            pk=concepto.pk,
            caso=caso,
            concepto=concepto,
            vigente=azar.choice(VALORES),
            solicitado=azar.choice(VALORES),
            propuesto=azar.choice(VALORES),
            acordado=azar.choice(VALORES),
        )
        for concepto in Concepto.objects.order_by("pk")
        if azar.random() < 0.6
    ]


def conoce(area, fila) -> bool:
    """Jurídico, who writes the contract, reads all of it; another area its rows (D§3, rule 14)."""
    if area is None or area.que_ajusta == QueAjusta.CONTRATO:
        return True
    return fila.concepto.areas.contains(area)


@pytest.mark.parametrize("carta", DE_CORREO, ids=lambda c: c.plantilla)
def test_dice_lo_que_cambia_y_nada_falso(ocasion, carta):
    azar = random.Random(carta.plantilla)
    dichos = set()
    for _ in range(40):
        filas = ocasion.hechos.condiciones = una_hoja(ocasion.caso, azar)
        for area in (None, *Area.objects.all()):
            hoja = hoja_para(ocasion, Destino(area=area), carta)
            cambian = {f for f in filas if _cambia(f, carta.columnas)}
            suyas = {f for f in cambian if conoce(area, f)}
            assert {f["concepto"] for f in hoja["filas"]} == {f.concepto.nombre for f in suyas}
            if "vigente" not in carta.columnas:
                assert not hoja["resto"]  # nothing to compare with
                continue
            resto = hoja["resto"]
            assert ("siguen igual" in resto) <= (not cambian), resto
            assert ("sigue igual" in resto) <= (cambian == suyas), resto
            assert ("cambian otras condiciones" in resto) == (cambian != suyas), resto
            dichos.add(resto)
    assert len(dichos) > 3 or "vigente" not in carta.columnas  # each of them was said


def _cambia(fila, columnas) -> bool:
    """With what is in force to compare, what is not the same; else, what was said at all."""
    nuevas = {getattr(fila, c) for c in columnas if c != "vigente"} - {""}
    return bool(nuevas - {fila.vigente} if "vigente" in columnas else nuevas)


def test_juridico_ajusta_el_contrato_con_todo_lo_acordado(mundo, client):
    """*Turno* is nobody's of Jurídico but the contract's: its letter and its page have it (§7.7)."""
    caso = mundo.viable(mundo.hasta(Estado.POR_DECIDIR), propuesto_turno="Nocturno")
    caso = mundo.aceptar(mundo.presentar(caso), "JUR", "NOM", "FIN")
    cartas = {
        quien: Aviso.objects.get(
            plantilla="ajuste_pedido", caso=caso, usuario=getattr(mundo.p, quien)
        )
        for quien in ("juridico", "nominas", "finanzas")
    }
    for texto in (cartas["juridico"].texto, cartas["juridico"].html):
        assert "Turno" in texto and "Nocturno" in texto and "Tarifa" in texto
        assert "igual" not in texto and "otras condiciones" not in texto
    for texto in (cartas["nominas"].texto, cartas["nominas"].html):
        assert "Nocturno" in texto and "Tarifa" not in texto
        assert "También cambian otras condiciones, que no tocan a Nóminas." in texto
    assert "Turno" not in cartas["finanzas"].texto
    assert "que no tocan a Finanzas" in cartas["finanzas"].texto
    for quien, ve_turno, otras in (("juridico", True, False), ("finanzas", False, True)):
        client.force_login(getattr(mundo.p, quien))
        pagina = client.get(caso.get_absolute_url()).content.decode()
        assert ("Nocturno" in pagina) is ve_turno
        assert ("cambian otras condiciones, que no tocan a esta área" in pagina) is otras
