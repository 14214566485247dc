"""*Volver a llamar el* of a closed case comes back on its day, to who led it, with what is remembered."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from casos.catalogos import Estado
from casos.lecturas.pendientes import pendientes_de
from casos.lecturas.por_llamar import memoria_de
from casos.lecturas.resumen import manana_de
from casos.models import Caso, Usuario
from tests.factories import SuplenciaFactory
from tests.guion import (
    Guion,
    actuar,
    contacto,
    en_dias,
    formulario,
    fresco,
    hace,
    ofrecidas,
    otra_vez,
    rechaza,
)
from tests.reloj import mediodia

E = Estado


@pytest.fixture
def g(personas):
    return Guion(personas)


@pytest.fixture
def por_llamar(g):
    caso = g.rechazar(
        g.hasta(E.EN_RESPUESTA),
        llamar_fecha=en_dias(5),
        detalle="La tarifa les queda alta.",
        con_que_si="Con 14,000.",
    )
    with time_machine.travel(mediodia(en_dias(5)), tick=False):
        yield fresco(caso)


def llamadas(persona) -> list[int]:
    return [c.pk for c in pendientes_de(otra_vez(persona)).llamadas.filas]


def test_vuelve_en_su_dia_a_quien_lo_llevo(g, por_llamar):
    with time_machine.travel(mediodia(en_dias(-1)), tick=False):
        assert not llamadas(g.p.ventas)
    assert llamadas(g.p.ventas) == [por_llamar.pk]
    for otro in (g.p.ventas2, g.p.gerente, g.p.direccion, g.p.finanzas):
        assert not llamadas(otro)
    renglones = [r for v in manana_de(otra_vez(g.p.ventas)).partes.values() for r in v]
    assert [(r.que, r.ruta) for r in renglones] == [
        ("Volver a llamar", por_llamar.get_absolute_url())
    ]


def test_dice_que_se_ofrecio_y_por_que_no_antes_de_marcar(g, por_llamar, client):
    client.force_login(g.p.ventas)
    pagina = client.get("/").text
    for dicho in (
        "Quedaste en volver a llamar", "Se le ofreció:", "$14,500.00 MXN", "No quiso por:",
        str(por_llamar.motivo_principal), "La tarifa les queda alta.", "Con 14,000.",
        por_llamar.persona.nombre,
    ):  # fmt: skip
        assert dicho in pagina, dicho
    # Each way on opens.
    for url in (
        f"/casos/nuevo/?deriva_de={por_llamar.folio}",
        f"/casos/{por_llamar.folio}/llamada/",
        f"/casos/{por_llamar.folio}/mover_llamada/",
    ):
        assert f'href="{url}"' in pagina and client.get(url).status_code == 200


def test_la_otra_solicitud_viene_llena_y_quita_la_llamada(g, por_llamar, client):
    client.force_login(g.p.ventas)
    form = client.get(f"/casos/nuevo/?deriva_de={por_llamar.folio}").context["form"]
    assert form["deriva_de"].value() == por_llamar.folio
    assert form["contrato"].value() == por_llamar.contrato_id
    g.registrar(por_llamar.contrato, deriva_de=por_llamar.folio)
    assert not llamadas(g.p.ventas)


@pytest.mark.parametrize(
    ("efectivo", "fecha", "queda"),
    [("SI", "", None), ("SI", 9, 9), ("NO", "", 0), ("NO", 9, 9)],
)
def test_lo_que_se_anota_de_la_llamada_decide_si_sigue(g, por_llamar, efectivo, fecha, queda):
    datos = contacto(efectivo, cuando=hace(minutes=1)) | {
        "persona": por_llamar.persona_id,
        "proxima_fecha": en_dias(fecha) if fecha else "",
    }
    datos.pop("proxima_accion", None)
    caso = actuar("registrar_contacto", por_llamar, g.p.ventas, **datos)
    assert caso.llamar_fecha == (None if queda is None else en_dias(queda))
    assert bool(llamadas(g.p.ventas)) is (queda == 0)
    cambios = caso.eventos.latest("numero").datos.get("cambios", {})
    assert ("llamar_fecha" in cambios) is (queda != 0)


def test_otra_fecha_sin_fingir_una_llamada(g, por_llamar):
    contactos = por_llamar.contactos.count()
    assert "Falta qué día." in rechaza(
        "mover_llamada", por_llamar, g.p.ventas, que_sigue="SI", motivo="Están de inventario."
    )
    caso = actuar(
        "mover_llamada", por_llamar, g.p.ventas, que_sigue="SI", llamar_fecha=en_dias(3),
        motivo="Están de inventario.",
    )  # fmt: skip
    assert caso.llamar_fecha == en_dias(3) and caso.contactos.count() == contactos
    assert not llamadas(g.p.ventas)
    with time_machine.travel(mediodia(en_dias(3)), tick=False):
        assert llamadas(g.p.ventas) == [caso.pk]
        caso = actuar(
            "mover_llamada", caso, g.p.ventas, que_sigue="NO", motivo="Cerraron la planta."
        )
        assert caso.llamar_fecha is None and not llamadas(g.p.ventas)
        assert "mover_llamada" not in ofrecidas(caso, g.p.ventas)


def test_sin_nadie_que_lo_lleve_le_toca_a_gerencia(g, por_llamar):
    Usuario.objects.filter(pk=g.p.ventas.pk).update(is_active=False)
    assert llamadas(g.p.gerente) == [por_llamar.pk] and not llamadas(g.p.direccion)
    Usuario.objects.filter(pk=g.p.gerente.pk).update(is_active=False)
    assert llamadas(g.p.direccion) == [por_llamar.pk]


def test_al_suplente_con_el_nombre_de_a_quien_suple(g, por_llamar, client):
    SuplenciaFactory(titular=g.p.ventas, suplente=g.p.ventas2)
    assert llamadas(g.p.ventas2) == [por_llamar.pk]
    client.force_login(g.p.ventas2)
    assert f"De {g.p.ventas}" in client.get("/").text


def test_reabierto_ya_no_hay_que_llamar(g, por_llamar):
    caso = actuar("reabrir", por_llamar, g.p.gerente, motivo="Llamaron ellos.")
    assert caso.llamar_fecha is None and not llamadas(g.p.ventas)


def test_de_un_caso_cerrado_no_se_planea_un_paso(g, por_llamar):
    campos = formulario("registrar_contacto", g.p.ventas, por_llamar).fields
    assert "proxima_accion" not in campos
    assert campos["proxima_fecha"].label == "Volver a llamar el"
    abierto = formulario("registrar_contacto", g.p.ventas, g.hasta(E.EN_CONTACTO)).fields
    assert "proxima_accion" in abierto


def test_la_llamada_vuelve_si_la_otra_solicitud_se_anula_o_fue_de_antes(g, por_llamar):
    otra = g.registrar()
    Caso.objects.filter(pk=otra.pk).update(deriva_de=por_llamar.pk)
    assert not llamadas(g.p.ventas)  # it is being spoken of
    Caso.objects.filter(pk=otra.pk).update(estado=E.ANULADO)
    assert llamadas(g.p.ventas) == [por_llamar.pk]
    # Made and closed, and another day was set afterwards.
    suyo = {"estado": E.CERRADO, "resultado": "RETIRADO", "cerrado_en": timezone.now()}
    Caso.objects.filter(pk=otra.pk).update(
        **suyo, cerrado_primera_vez_en=timezone.now(), primer_resultado="RETIRADO"
    )
    assert not llamadas(g.p.ventas)
    Caso.objects.filter(pk=otra.pk).update(recibido_en=timezone.now() - timedelta(days=3))
    assert llamadas(g.p.ventas) == [por_llamar.pk]


def test_se_recuerda_lo_ultimo_que_dijo(g, por_llamar):
    caso = actuar("reabrir", por_llamar, g.p.gerente, motivo="Llamaron.")
    caso = g.rechazar(g.presentar(caso), detalle="Cerraron la planta.", con_que_si="")
    memoria = memoria_de([caso])[caso.pk]
    assert (memoria.detalle, memoria.con_que_si) == ("Cerraron la planta.", "")
