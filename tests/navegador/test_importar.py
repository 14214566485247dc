"""A list of clients from another system, brought in by a gerente who has not read the manual."""

import io

import pytest
from django.db import transaction
from openpyxl import Workbook, load_workbook
from playwright.sync_api import expect

from casos.clientes import altas
from casos.importacion import guardado
from casos.models import Cliente, Importacion, PersonaContacto
from casos.telefonos import mostrar

pytestmark = pytest.mark.navegador

TITULOS = ["Empresa", "R.F.C.", "Contacto", "Cargo", "Tel.", "E-mail", "Giro", "Apuntes"]
LISTA = [
    ["Cartera de clientes al 15 de noviembre"],
    [],
    TITULOS,
    ["Aceros del Pacífico, S.A. de C.V.", "", "Laura Méndez", "Compras", "+52 1 55 1234 5678", "Laura <laura@x.mx>", "Acero", ""],
    ["Aceros del Pacífico, S.A. de C.V.", "", "Hugo Paz", "Pagos", "01 (81) 8345-6789 ext. 1234", "", "Acero", ""],
    ["TEXTILES ÑANDU", "", "Raúl Ortiz", "-", "81 8345 6789 / cel. 81 1234 5678", "n/a", "Telas", "Paga puntual"],
    ["Papelera Sur", "NO-SE", "Eva Ruiz", "", "222 123 4567", "", "Papel", ""],
    ["Molinos", "", "Iván Luna", "", "12345", "", "Harina", ""],
    ["-", "", "", "", "", "", "", ""],
]  # fmt: skip


def libro(filas) -> dict:
    hecho = Workbook()
    for fila in filas:
        hecho.active.append(fila)
    salida = io.BytesIO()
    hecho.save(salida)
    return {"name": "cartera.xlsx", "mimeType": "application/zip", "buffer": salida.getvalue()}


def trabajar():
    """What the worker does; no connection of its own is left behind."""
    while guardado.seguir(Importacion.objects.latest("pk").pk):
        pass


def subir(gerente, filas):
    gerente.llenar(tipo="clientes", archivo=libro(filas))
    with gerente.pagina.expect_navigation():
        gerente.formulario.get_by_role("button", name="Ver qué pasaría").click()
    gerente.mirar()
    gerente.lee("Leyendo el archivo")
    trabajar()
    seguir(gerente)


def seguir(gerente):
    """Without scripts by the link; with them it comes by itself."""
    if not gerente.javascript:
        gerente.seguir("Actualizar")
    expect(gerente.pagina.locator("table.importada, .vacio, .destacado").first).to_be_visible()
    gerente.mirar()


def confirmar(gerente):
    with gerente.pagina.expect_navigation():
        gerente.pagina.get_by_role("button", name="Confirmar la importación").click()
    gerente.lee("Guardando")
    trabajar()
    if not gerente.javascript:
        gerente.seguir("Actualizar")
    gerente.lee("Terminó:")
    gerente.mirar()


@pytest.mark.parametrize("javascript", [True, False], ids=["con", "sin"])
def test_una_lista_de_otro_sistema_y_los_rechazados_corregidos(escena, javascript):
    with transaction.atomic():
        altas.crear_cliente(razon_social="Textiles Ñandú", notas="Vieja nota")
    gerente = escena.persona("gerente", javascript=javascript)
    gerente.javascript = javascript
    gerente.entrar("/clientes/")
    gerente.seguir("Importar de Excel")
    subir(gerente, LISTA)
    gerente.lee("No se leen estas columnas: «Giro», «Apuntes».").lee(
        "los títulos están en el renglón 3"
    )
    gerente.lee("Todavía no se guarda nada").lee("55 1234 5678").lee("Falta la razón social")
    gerente.pagina.get_by_text("Elegir cómo se lee cada columna").click()
    gerente.pagina.get_by_label("«Apuntes» se lee como").select_option("Notas")
    with gerente.pagina.expect_navigation():
        gerente.pagina.get_by_role("button", name="Leer así").click()
    trabajar()
    seguir(gerente)
    gerente.lee("No se lee esta columna: «Giro».")
    gerente.lee("Notas: Vieja nota → Paga puntual")
    assert Cliente.objects.count() == 1
    with gerente.pagina.expect_download() as bajada:
        gerente.pagina.get_by_role("link", name="Descargar rechazados").click()
    filas = [
        list(f) for f in load_workbook(io.BytesIO(bajada.value.path().read_bytes())).active.values
    ]
    assert filas[0] == [*TITULOS, "Motivo del rechazo"] and len(filas) == 4
    confirmar(gerente)
    gerente.lee("Terminó: 3 renglones quedaron guardados.")
    laura = PersonaContacto.objects.get(nombre="Laura Méndez")
    assert (mostrar(laura.telefono), laura.correo) == ("55 1234 5678", "laura@x.mx")
    assert laura.cliente.personas.count() == 2

    # Mended where it came back, and brought in again.
    filas[1][1], filas[2][4] = "", "222 765 4321"
    gerente.seguir("Subir otro archivo")
    subir(gerente, filas)
    gerente.lee("2 renglones se guardarían").lee("Papelera Sur")
    confirmar(gerente)
    assert set(Cliente.objects.values_list("razon_social", flat=True)) == {
        "Aceros del Pacífico, S.A. de C.V.", "Textiles Ñandú", "Papelera Sur", "Molinos",
    }  # fmt: skip
