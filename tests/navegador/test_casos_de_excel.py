"""The open cases that a firm has in its spreadsheet, brought in by a gerente on the first day."""

import io
from datetime import timedelta

import pytest
from django.db import transaction
from openpyxl import load_workbook

from casos.calendario import hoy, sumar_habiles
from casos.clientes import altas
from casos.models import Aviso, Caso, Cliente

from .test_importar import confirmar, libro, seguir, trabajar

pytestmark = pytest.mark.navegador

TITULOS = ["Folio", "Empresa", "Contacto", "Tel.", "Fecha", "Asunto", "Lo lleva", "Estatus", "Próximo paso",
           "Fecha de seguimiento"]  # fmt: skip


def test_los_casos_abiertos_de_su_hoja_de_calculo(escena):
    with transaction.atomic():
        aceros = altas.crear_cliente(razon_social="Aceros del Norte, S.A. de C.V.")
        altas.agregar_persona(aceros, nombre="Laura Méndez")
    recibido = hoy() - timedelta(days=400)
    sigue = sumar_habiles(hoy(), 9)
    filas = [
        TITULOS,
        ["V-1", "ACEROS DEL NORTE", "Laura Méndez", "", recibido, "Pide bajar la tarifa", "ventas",
         "Esperando a Jurídico", "Llamar a Laura", sigue],
        ["V-2", "Molinos, S.A.", "Iván Luna", "55 1234 5678", recibido, "Pide dos plazas", "", "Propuesta enviada"],
        ["V-3", "Aceros del Norte, S.A. de C.V.", "Laura Méndez", "", "31/02/2026", "Pide otro turno", "ventas"],
    ]  # fmt: skip
    gerente = escena.persona("gerente")
    gerente.javascript = True
    gerente.entrar("/casos/")
    gerente.seguir("Importar de Excel")
    subir(gerente, filas)
    # Their heading is not one of ours, and the client is new: both are said once, in one press.
    gerente.lee("«Lo lleva» (se parece a Responsable)").lee("No está en Clientes")
    gerente.pagina.get_by_label("Dar de alta los clientes que falten").check()
    gerente.pagina.get_by_text("Elegir cómo se lee cada columna").click()
    gerente.pagina.get_by_label("«Lo lleva» se lee como").select_option("Responsable")
    with gerente.pagina.expect_navigation():
        gerente.pagina.get_by_role("button", name="Leer así").click()
    trabajar()
    seguir(gerente)
    gerente.lee("2 renglones se guardarían").lee("Ese mes no tiene día 31").lee(
        "Persona de contacto: Iván Luna · Nueva"
    )
    gerente.lee("«ACEROS DEL NORTE» se toma como «Aceros del Norte, S.A. de C.V.».")
    with gerente.pagina.expect_download() as bajada:
        gerente.pagina.get_by_role("link", name="Descargar los que no se pueden").click()
    malas = [
        list(f) for f in load_workbook(io.BytesIO(bajada.value.path().read_bytes())).active.values
    ]
    assert malas[0] == [*TITULOS, "Motivo del rechazo"] and malas[1][0] == "V-3"
    confirmar(gerente)
    gerente.lee("Terminó: 2 renglones quedaron guardados.")
    uno, dos = Caso.objects.order_by("pk")
    assert uno.responsable.username == "ventas" and dos.responsable is None
    assert Cliente.objects.filter(razon_social="Molinos, S.A.").exists()
    assert not Aviso.objects.exists()
    # Each says where it comes from, and is in the tray of who leads it, not overdue.
    gerente.seguir(uno.folio)
    gerente.lee("Se trajo el caso de una hoja de cálculo").lee("renglón 2 de «cartera.xlsx»")
    gerente.lee("Esperando a Jurídico").lee("Llamar a Laura")
    # The same file again, with the bad row mended: what came in is not doubled.
    filas[3][4] = recibido
    gerente.ir("/clientes/importar/?tipo=casos")
    subir(gerente, filas)
    gerente.lee("Ya está").lee("1 renglón se guardaría")
    gerente.mirar()


def subir(gerente, filas):
    gerente.llenar(archivo=libro(filas))
    with gerente.pagina.expect_navigation():
        gerente.formulario.get_by_role("button", name="Ver qué pasaría").click()
    gerente.lee("Leyendo el archivo")
    trabajar()
    seguir(gerente)
