"""The tablero as a workbook: a sheet a table, figures as numbers. No HTTP."""

from decimal import Decimal
from typing import IO, Any

from casos.hojas.escritor import Cifra, Libro

from .tablas_de_cifras import Celda, Tabla
from .tablero_pedido import PedidoDeTablero

LARGO_DE_TITULO = 31  # of a sheet's name


def escribir_tablero(pedido: PedidoDeTablero, archivo: IO[bytes]) -> None:
    libro = Libro()
    que = libro.hoja("Qué se cuenta", [("Dato", 34), ("Valor", 60)])
    que.agregar(["Periodo", str(pedido.periodo)])
    pedidos = pedido.comunes | ({"por": pedido.desglose} if pedido.desglose else {})
    for nombre, campo in pedido.fields.items():
        if nombre in pedidos:
            que.agregar([str(campo.label), dict(campo.choices)[pedidos[nombre]]])
    tablas = [t for _, suyas in pedido.secciones() for t in suyas]
    for t in tablas:
        if t.nota:
            que.agregar([t.titulo, t.nota])
    for t in tablas:
        _hoja(libro, t)
    libro.guardar(archivo)


def _hoja(libro: Libro, t: Tabla) -> None:
    primera, *otras = t.columnas
    columnas = [(primera, 40), *((c, 18) for c in otras)]
    if t.con_partes:
        columnas.insert(1, ("Parte", 30))
    hoja = libro.hoja(t.titulo[:LARGO_DE_TITULO].replace("/", "-"), columnas)
    for r in t.renglones:
        celdas = [_valor(c) for c in r.celdas]
        hoja.agregar([r.nombre, *(["Todos"] if t.con_partes else []), *celdas])
        for p in r.partes:
            hoja.agregar([r.nombre, p.nombre, p.cuantos])


def _valor(celda: Celda) -> Any:
    if celda.valor is None or isinstance(celda.valor, str):
        return celda.valor
    if celda.formato == "%":
        return Cifra(Decimal(celda.valor) / 100, "0%")
    if celda.formato == "decimal":
        return Cifra(Decimal(celda.valor), "0.0")
    if celda.formato == "dias":
        return Cifra(Decimal(celda.valor) / 10, "0.0")
    if celda.formato.startswith("dinero"):
        return Cifra(Decimal(celda.valor), "#,##0.00")
    return celda.valor
