"""A "no" of ours that says what would make it viable, and comes back when that is so."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casos.calendario import hoy
from casos.catalogos import Estado
from casos.clientes import contratos
from casos.clientes.posibilidades import revisar_las_del_contrato
from casos.lecturas.pendientes import pendientes_de
from casos.lecturas.resumen import manana_de
from casos.models import Caso, Concepto, Motivo, Posibilidad
from tests.guion import actuar, consultas, en_dias, fresco, ofrecidas, otra_vez, rechaza

E = Estado


@pytest.fixture(autouse=True)
def sin_la_de_antes(mundo):
    """The ready case has its own."""
    Posibilidad.objects.all().delete()


def negado(g, **cuando) -> Caso:
    """Closed as not viable, with what would make it so."""
    return g.informar(g.no(g.hasta(E.POR_DECIDIR), podria_cambiar="SI", **cuando))


def vistos(usuario) -> list[int]:
    return [v.caso_id for v in pendientes_de(otra_vez(usuario)).ya_viables.filas]


COTA = {"viable_sobre": "plazas", "viable_como": "MINIMO", "viable_valor": "30"}


def con_cota(g) -> Caso:
    plazas = Concepto.objects.get(clave="plazas").pk
    return negado(g, **(COTA | {"viable_sobre": plazas}))


def version(caso, plazas, dia=None):
    concepto = Concepto.objects.get(clave="plazas")
    contratos.nueva_version(
        contrato=fresco(caso).contrato, desde_fecha=dia or hoy(), valores={concepto: str(plazas)}
    )


def test_llega_su_dia(mundo):
    caso = negado(mundo, viable_fecha=en_dias(3))
    assert vistos(mundo.p.ventas) == []
    Posibilidad.objects.filter(caso=caso).update(desde=hoy())
    assert vistos(mundo.p.ventas) == [caso.pk]
    assert vistos(mundo.p.ventas2) == vistos(mundo.p.gerente) == []


def test_el_contrato_llega_a_cumplirlo_y_deja_de_cumplirlo(mundo):
    caso = con_cota(mundo)
    assert vistos(mundo.p.ventas) == []
    version(caso, 29)
    assert vistos(mundo.p.ventas) == []
    version(caso, 30)
    assert vistos(mundo.p.ventas) == [caso.pk]
    version(caso, 12)
    assert vistos(mundo.p.ventas) == [], "it is no longer so"
    version(caso, 31, hoy() + timedelta(days=9))
    [p] = Posibilidad.objects.filter(caso=caso)
    assert p.desde == hoy() + timedelta(days=9), "agreed for later"


def test_revisarlas_cuesta_lo_mismo_con_una_que_con_seis(mundo):
    """The contract's conditions are read once, however many cases wait for them."""
    caso, medidas = con_cota(mundo), []
    [una] = Posibilidad.objects.filter(caso=caso)
    contrato = caso.contrato
    for cuantas in (1, 6):
        while Posibilidad.objects.filter(caso__contrato=contrato).count() < cuantas:
            una.pk = None
            una.save(force_insert=True)
        with CaptureQueriesContext(connection) as hechas:
            revisar_las_del_contrato(contrato)
        medidas.append(len(hechas))
    assert medidas[0] == medidas[1]


def test_el_motivo_deja_de_aplicar_en_el_catalogo_o_en_el_caso(mundo, client):
    g = mundo
    uno, otro = negado(g, viable_motivo="on"), negado(g, viable_motivo="on")
    assert vistos(g.p.ventas) == []
    actuar("motivo_ceso", uno, g.p.ventas, motivo="Se abrió la plaza.")
    assert vistos(g.p.ventas) == [uno.pk]
    motivo = Motivo.objects.get(pk=uno.motivo_principal_id)
    client.force_login(g.p.gerente)
    url = reverse("admin:casos_motivo_change", args=[motivo.pk])
    datos = {
        "catalogo": motivo.catalogo, "nombre": motivo.nombre, "area": motivo.area_id or "",
        "texto_cliente": motivo.texto_cliente, "orden": motivo.orden, "activo": "on",
    }  # fmt: skip
    assert client.post(url, datos | {"ceso_fecha": f"{hoy():%d/%m/%Y}"}).status_code == 302
    assert set(vistos(g.p.ventas)) == {uno.pk, otro.pk}


def test_si_quien_lo_llevo_ya_no_esta_es_de_gerencia(mundo):
    caso = negado(mundo, viable_fecha=hoy())
    type(mundo.p.ventas).objects.filter(pk=mundo.p.ventas.pk).update(is_active=False)
    assert vistos(mundo.p.gerente) == [caso.pk]


def test_la_solicitud_nueva_copia_lo_que_se_pidio_y_lo_quita_de_la_lista(mundo, client):
    g = mundo
    caso = negado(g, viable_fecha=hoy())
    client.force_login(g.p.ventas)
    inicio = client.get("/").content.decode()
    assert "Ya sería viable" in inicio and f"?deriva_de={caso.folio}&amp;copia=1" in inicio
    pagina = client.get(reverse("nuevo"), {"deriva_de": caso.folio, "copia": "1"})
    form = pagina.context["form"] if pagina.context else None
    texto = pagina.content.decode()
    assert caso.solicitud in texto
    assert 'name="solicitado_tarifa" value="14000.00"' in texto or (
        form and form["solicitado_tarifa"].value() == "14000.00"
    )
    g.registrar(contrato=caso.contrato, deriva_de=caso.folio)
    assert vistos(g.p.ventas) == []


def test_se_descarta_con_un_motivo(mundo):
    g = mundo
    caso = negado(g, viable_fecha=hoy(), viable_motivo="on")
    assert "descartar_posibilidad" in ofrecidas(caso, g.p.ventas)
    assert "descartar_posibilidad" not in ofrecidas(caso, g.p.ventas2)
    rechaza("descartar_posibilidad", caso, g.p.ventas, motivo="")
    caso = actuar("descartar_posibilidad", caso, g.p.ventas, motivo="Ya lo hizo otra empresa.")
    assert vistos(g.p.ventas) == []
    assert "motivo_ceso" in ofrecidas(caso, g.p.ventas), "what has not come about stays"


def test_se_dice_en_la_carta_de_la_manana(mundo):
    caso = negado(mundo, viable_fecha=hoy())
    dichos = [r.que for filas in manana_de(mundo.p.ventas).partes.values() for r in filas]
    assert any(d.startswith("Ya sería viable: Llegó el") for d in dichos), (caso, dichos)


def test_otro_no_dice_otra_cosa(mundo):
    g = mundo
    caso = negado(g, viable_fecha=hoy())
    caso = actuar("reabrir", caso, g.p.gerente, motivo="Volvió.", **consultas("FIN"))
    assert vistos(g.p.ventas) == []
    g.informar(g.no(g.opinar(caso)))
    assert vistos(g.p.ventas) == []


@pytest.mark.parametrize(
    ("mal", "dicho"),
    [
        ({"viable_como": ""}, "Elige si es a lo menos"),
        ({"viable_valor": ""}, "Escribe el valor."),
        ({"viable_sobre": ""}, "Elige sobre qué condición"),
        ({"viable_valor": "muchas"}, "valor"),
        ({"viable_valor": "20"}, "ya lo cumple hoy"),
        ({"viable_fecha": "2020-01-01"}, "ya pasó"),
    ],
)
def test_lo_que_no_puede_ser_se_dice(mundo, mal, dicho):
    g = mundo
    caso = g.hasta(E.POR_DECIDIR)
    plazas = Concepto.objects.get(clave="plazas").pk
    datos = {
        "motivos": [Motivo.objects.filter(catalogo="NUESTRO").first().pk], "area": caso.hechos.opiniones[0].area_id,
        "detalle": "x", "podria_cambiar": "SI", "texto_cliente": "x", "por_atencion": "NO",
    }  # fmt: skip
    assert dicho in rechaza(
        "declarar_no_viable", caso, g.p.ventas, **(datos | COTA | {"viable_sobre": plazas} | mal)
    )
    assert not Posibilidad.objects.filter(caso=caso).exists()


@pytest.mark.parametrize(
    "mal", [{"desde": None}, {"comparacion": "MINIMO"}, {"clase": "COTA"}, {"valor": "3"}]
)
def test_la_base_no_guarda_media(mundo, mal):
    caso = negado(mundo, viable_fecha=hoy())
    with pytest.raises(IntegrityError), transaction.atomic():
        Posibilidad.objects.filter(caso=caso).update(**mal)


def test_lo_lee_quien_lee_la_hoja(mundo, client):
    g = mundo
    caso = con_cota(g)
    for nombre, dice in (("ventas", True), ("direccion", True), ("finanzas", False)):
        client.force_login(getattr(g.p, nombre))
        pagina = client.get(caso.get_absolute_url() + "?todo").content.decode()
        assert ("que el contrato diga" in pagina) is dice, nombre


def test_si_no_se_dijo_que_podria_cambiar_no_se_guarda_y_se_dice(mundo):
    """Without scripts what is not asked stands on the page too."""
    g = mundo
    caso = g.hasta(E.POR_DECIDIR)
    datos = {"podria_cambiar": "NO_SE", "viable_fecha": hoy()}
    g.no(caso, **datos)
    assert not Posibilidad.objects.filter(caso=caso).exists()
