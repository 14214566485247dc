"""While a workbook is read and saved, the others go on."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.base import ContentFile
from django.db import connection, connections

from casos.clientes import altas
from casos.importacion import guardado, pedidos, previa
from casos.importacion.importador import Importador
from casos.models import Cliente, Importacion
from tests.test_importacion import DE_CLIENTES, E, libro

pytestmark = pytest.mark.django_db(transaction=True)


def en_otra_conexion(hacer):
    def correr():
        try:
            return hacer()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as otro:
        return otro.submit(correr).result(timeout=60)


def test_otro_guarda_a_media_vista_previa_y_entre_dos_lotes(personas, monkeypatch):
    hecha = Importacion(autor=personas.gerente, tipo="clientes", nombre="x")
    filas = [[f"Cliente {n}", "", "", "", "Ana", "", "5512345678", ""] for n in range(9)]
    hecha.archivo.save("x", ContentFile(libro(DE_CLIENTES, *filas)))
    vistas = []
    comparar = previa.ImportadorDeClientes.comparar

    def a_media(self, fila):
        if not self.con_candado:
            assert not connection.in_atomic_block
            vistas.append(
                en_otra_conexion(lambda: altas.crear_cliente(razon_social=f"Ajeno {fila.numero}"))
            )
        return comparar(self, fila)

    monkeypatch.setattr(previa.ImportadorDeClientes, "comparar", a_media)
    guardado.seguir(hecha.pk)
    assert len(vistas) == 9
    entre = []
    monkeypatch.setattr(Importador, "lote", 4)
    monkeypatch.setattr(
        guardado.time,
        "sleep",
        lambda _: entre.append(
            en_otra_conexion(lambda: altas.crear_cliente(razon_social=f"Entre {len(entre)}"))
        ),
    )
    hecha.refresh_from_db()
    assert pedidos.confirmar(hecha)
    guardado.seguir(hecha.pk)
    hecha.refresh_from_db()
    assert hecha.estado == E.TERMINADA and len(entre) == 3
    assert Cliente.objects.count() == 9 + 9 + 3


def test_un_trabajador_que_muere_no_repite_ni_pierde(personas, monkeypatch):
    hecha = Importacion(autor=personas.gerente, tipo="clientes", nombre="x")
    hecha.archivo.save(
        "x", ContentFile(libro(DE_CLIENTES[:1], *([f"Cliente {n}"] for n in range(9))))
    )
    guardado.seguir(hecha.pk)
    hecha.refresh_from_db()
    pedidos.confirmar(hecha)
    monkeypatch.setattr(Importador, "lote", 4)
    guardar = previa.ImportadorDeClientes.guardar

    def muere(self):
        guardar(self)
        if Cliente.objects.count() > 4:
            raise KeyboardInterrupt  # with the second batch written and not committed

    monkeypatch.setattr(previa.ImportadorDeClientes, "guardar", muere)
    with pytest.raises(KeyboardInterrupt):
        guardado.seguir(hecha.pk)
    assert Cliente.objects.count() == 4
    monkeypatch.setattr(previa.ImportadorDeClientes, "guardar", guardar)
    Importacion.objects.update(tomada_hasta=None)  # what the lease does in two minutes
    guardado.seguir(hecha.pk)
    hecha.refresh_from_db()
    assert (hecha.estado, hecha.avance, Cliente.objects.count()) == (E.TERMINADA, 9, 9)
