"""«Otro» says nothing by itself: its detail is compulsory in both catalogues, and it suggests no text."""

import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection

from casos.catalogos import Catalogo, Estado
from casos.models import Motivo
from tests.guion import formulario, rechazada

E = Estado


@pytest.fixture
def g(mundo):
    return mundo


def otro(catalogo):
    return Motivo.objects.get(catalogo=catalogo, pide_detalle=True)


def test_el_otro_del_cliente_pide_que_dijo_sea_principal_o_uno_mas(g):
    caso, del_cliente = g.hasta(E.EN_RESPUESTA), otro(Catalogo.CLIENTE)
    cualquiera = Motivo.objects.filter(catalogo=Catalogo.CLIENTE, pide_detalle=False)[0]
    for elige in (
        {"motivo_principal": del_cliente.pk},
        {"motivo_principal": cualquiera.pk, "motivos": [del_cliente.pk]},
    ):
        with rechazada(match="Elegiste «Otro»: escribe de qué se trata.") as error:
            g.rechazar(caso, **elige)
        assert [f.campo for f in error.value.faltas] == ["detalle"]
    # Of the others it may stay unsaid.
    assert g.rechazar(caso, motivo_principal=cualquiera.pk).estado == E.CERRADO


def test_el_nuestro_se_elige_con_su_detalle(g):
    caso, nuestro = g.hasta(E.POR_DECIDIR), otro(Catalogo.NUESTRO)
    with rechazada() as error:
        g.no(caso, motivos=[nuestro.pk], detalle="")
    assert [f.campo for f in error.value.faltas] == ["detalle"]
    caso = g.no(caso, motivos=[nuestro.pk], detalle="El área dejó de dar ese servicio.")
    assert caso.motivo_principal == nuestro


def test_un_motivo_que_pide_detalle_no_sugiere_texto_al_cliente(g):
    form = formulario("declarar_no_viable", g.p.ventas, g.hasta(E.POR_DECIDIR))
    str(form)
    nuestro = otro(Catalogo.NUESTRO)
    assert nuestro.pk not in form.fields["motivos"].widget.textos
    assert nuestro not in form.sugeridos
    nuestro.texto_cliente = "No se puede."
    with pytest.raises(ValidationError, match="no sugiere texto"):
        nuestro.full_clean()


def test_el_texto_para_el_cliente_es_el_que_escriba_la_persona(g):
    caso = g.no(g.hasta(E.POR_DECIDIR), texto_cliente="Lo platicamos en enero.")
    assert caso.texto_cliente == "Lo platicamos en enero."


def test_una_empresa_que_ya_tenia_sus_motivos_recibe_los_que_faltan_y_conserva_los_suyos(g):
    """The data migration, over a catalogue as the first release left it."""
    completar = importlib.import_module("casos.migrations.0014_motivos_que_piden_detalle").completar
    Motivo.objects.filter(catalogo=Catalogo.NUESTRO, area__codigo__in=["NOM", "RYS"]).delete()
    otro(Catalogo.NUESTRO).delete()
    Motivo.objects.filter(catalogo=Catalogo.CLIENTE, nombre="Otro").update(pide_detalle=False)
    propio = Motivo.objects.create(
        catalogo=Catalogo.NUESTRO, nombre="El de la casa", texto_cliente="Así es aquí."
    )
    editor = SimpleNamespace(connection=connection)
    completar(apps, editor)
    completar(apps, editor)  # a second time adds nothing
    propio.refresh_from_db()
    assert propio.texto_cliente == "Así es aquí."
    assert Motivo.objects.filter(nombre="Otro", pide_detalle=True).count() == 2
    assert {m.area.codigo for m in Motivo.objects.filter(area__codigo__in=["NOM", "RYS"])} == {
        "NOM",
        "RYS",
    }
    assert Motivo.objects.filter(area__codigo="NOM").count() == 2
