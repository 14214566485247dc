"""Who calls is a name, a telephone or a firm that is called otherwise now: found from the header, on a phone."""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from casos.clientes import altas
from casos.pasos import fusion
from tests.guion import Guion, un_contrato

from .gente import TELEFONO

pytestmark = pytest.mark.navegador


@pytest.fixture
@transaction.atomic
def caso(personas):
    cliente = altas.crear_cliente(razon_social="Aceros del Norte, S.A. de C.V.")
    duplicado = altas.crear_cliente(razon_social="Laminados D’Angelo", autor=personas.ventas)
    altas.agregar_persona(cliente, nombre="Gabriela Quintana", telefono="833 264 1190")
    caso = Guion(personas).registrar(un_contrato("CT-77", cliente))
    altas.cambiar_cliente(cliente, razon_social="Metales del Golfo", autor=personas.ventas)
    fusion.fusionar_clientes(duplicado, cliente, actor=personas.gerente)
    return caso


def buscar(persona, consulta):
    persona.pagina.get_by_label("Buscar casos").fill(consulta)
    with persona.pagina.expect_navigation():
        persona.pagina.get_by_role("search", name="Casos").get_by_role("button").click()
    persona.mirar()


@pytest.mark.parametrize("javascript", [True, False])
def test_se_halla_por_su_nombre_su_telefono_y_como_se_llamaba_la_empresa(escena, caso, javascript):
    ventas = escena.persona("ventas", TELEFONO, javascript)
    ventas.entrar()
    for consulta, donde in (
        ("quintana gabriela", "Persona de contacto: Gabriela Quintana"),
        ("+52 1 833 264-1190", "Teléfono: 833 264 1190 (Gabriela Quintana)"),
        ("1190", "Teléfono: 833 264 1190 (Gabriela Quintana)"),
        ("aceros sa de cv", "Antes: Aceros del Norte, S.A. de C.V."),
        ("d'angelo", "Antes: Laminados D’Angelo"),
    ):
        buscar(ventas, consulta)
        fila = ventas.pagina.locator("table.casos tbody tr")
        expect(fila).to_have_count(1)
        expect(fila).to_contain_text(caso.folio)
        expect(fila.locator(".hallado")).to_have_text(donde)
        cliente = ventas.pagina.get_by_role("region", name="Cliente que coincide")
        expect(cliente.get_by_role("link")).to_have_text("Metales del Golfo")
    ventas.pagina.locator("table.casos .caso__enlace").click()
    ventas.pagina.wait_for_url(f"**{caso.get_absolute_url()}")
    ventas.lee("Gabriela Quintana")
    ventas.mirar()


def test_a_auditoria_no_se_le_dice_de_nadie(escena, caso):
    auditor = escena.persona("auditor", TELEFONO)
    auditor.entrar()
    for consulta in ("gabriela", "833 264 1190", "aceros del norte", "d'angelo"):
        buscar(auditor, consulta)
        auditor.lee("Ningún caso coincide")
        expect(auditor.pagina.locator(".hallado, .hallados")).to_have_count(0)


def test_los_filtros_se_llenan_y_se_quitan_en_un_telefono(escena, caso):
    ventas = escena.persona("ventas", TELEFONO)
    ventas.entrar("/casos/")
    ventas.pagina.get_by_text("Filtros y vistas").click()
    grupo = ventas.pagina.get_by_role("group", name="Quién lo lleva")
    grupo.get_by_label("Registró").select_option(label=str(escena.p.ventas))
    ventas.pagina.get_by_role("group", name="Cuándo").get_by_label("Cerrado desde").fill(
        "2026-01-01"
    )
    ventas.mirar()
    ventas.pagina.get_by_role("button", name="Aplicar filtros").click()
    ventas.lee("Ningún caso coincide")
    ventas.pagina.get_by_role("link", name="Cerrado desde 01/01/2026").click()
    expect(ventas.pagina.locator("table.casos tbody tr")).to_have_count(1)
    ventas.mirar()
