"""Workbooks that go out: the template, what there is, and the rows that were not taken in."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.db.models import Prefetch

from casos import telefonos
from casos.catalogos import Moneda, Que, TipoImportacion, Unidad
from casos.hojas.escritor import openpyxl, sin_codigos
from casos.hojas.libro import ILEGIBLE
from casos.models import Cliente, Concepto, Contrato, Importacion, PersonaContacto

from .de_clientes import COLUMNAS as DE_CLIENTES
from .de_contratos import COLUMNAS as DE_CONTRATOS
from .de_contratos import ImportadorDeContratos, conceptos
from .previa import IMPORTADORES, MOTIVO

DINERO = {Moneda.MXN: '"$"#,##0.00 "MXN"', Moneda.USD: '"USD" #,##0.00'}
FORMATOS = {Unidad.PORCENTAJE: "0.####%", Unidad.ENTERO: "#,##0"}
FECHA = "dd/mm/yyyy"
ANCHOS = {"Razón social": 40, "Cliente (RFC o razón social)": 36, "Notas": 40, "Servicio": 30,
          "Cliente": 44, "Qué pide": 44, "Dónde va": 36, "Siguiente acción": 30,
          "Persona de contacto": 26, "Teléfono": 24, "Correo": 30, MOTIVO: 60}  # fmt: skip


class Cifra:
    """A number and how the sheet writes it."""

    def __init__(self, numero: Decimal | int, formato: str):
        self.numero, self.formato = numero, formato


def plantilla(tipo: str) -> bytes:
    """Every column that is read, typed, with a row of example."""
    clase = IMPORTADORES[tipo]
    columnas = list(clase.columnas())
    ejemplo = dict(clase.ejemplo)
    if tipo == TipoImportacion.CONTRATOS:
        for concepto in conceptos():
            if concepto.nombre not in DE_CONTRATOS:
                ejemplo[concepto.nombre] = _tipado(
                    concepto, _EJEMPLOS[Unidad(concepto.unidad)], "MXN"
                )
    otra = clase.que_se_puede_poner()
    return escribir("Datos", columnas, [[ejemplo.get(c) for c in columnas]], otra=otra)


_EJEMPLOS = {Unidad.TEXTO: None, Unidad.ENTERO: "12", Unidad.DINERO: "14250.00",
             Unidad.PORCENTAJE: "4.5", Unidad.FECHA: "2026-03-16"}  # fmt: skip


def exportar(tipo: str) -> tuple[bytes, int]:
    """What is brought in again without a change, and how many rows it has."""
    if tipo == TipoImportacion.CONTRATOS:
        return _contratos()
    return _clientes()


def _clientes() -> tuple[bytes, int]:
    """A row for each contact person; a client without any has one."""
    suyas = PersonaContacto.objects.filter(
        suprimida_en=None, bloqueada_en=None, activa=True
    ).order_by("nombre", "pk")
    clientes = Cliente.objects.filter(fusionado_en=None).prefetch_related(
        Prefetch("personas", queryset=suyas, to_attr="activas")
    )
    filas = []
    for c in clientes:
        suyo = [c.razon_social, c.rfc, c.nombre_comercial, c.notas]
        for p in c.activas or [PersonaContacto()]:
            filas.append([*suyo, p.nombre, p.puesto, telefonos.mostrar(p.telefono), p.correo])
    return escribir("Clientes", list(DE_CLIENTES), filas), len(filas)


def _contratos() -> tuple[bytes, int]:
    contratos = list(Contrato.objects.select_related("cliente").order_by("numero"))
    importador = ImportadorDeContratos(None, [])
    importador.contratos = {str(c.pk): c for c in contratos}
    vigentes = importador._en_vigor()
    filas = [
        [
            c.numero, c.cliente.razon_social, c.servicio, c.sede, c.moneda, c.desde_fecha,
            c.get_nomina_cada_display(), c.nomina_ancla, "" if c.nomina_corte is None else str(c.nomina_corte),
            *(_tipado(k, vigentes.get(c.pk, {}).get(k.pk, ""), c.moneda) for k in importador.conceptos),
        ]
        for c in contratos
    ]  # fmt: skip
    titulos = [*DE_CONTRATOS, *(k.nombre for k in importador.conceptos)]
    return escribir("Contratos", titulos, filas), len(filas)


def rechazados(importacion: Importacion) -> bytes:
    """As they came, with the reason; mended, they are brought in again."""
    titulos = importacion.leido["titulos"]
    motivos = [n for n, t in enumerate(titulos) if t == MOTIVO]
    malos = importacion.renglones.filter(que__in=(Que.RECHAZADO, Que.DEJADO)).order_by("pk")
    filas = []
    for r in malos.iterator(chunk_size=500):
        celdas = [c for n, c in enumerate(r.datos["celdas"]) if n not in motivos]
        filas.append([*celdas, r.datos["error"] or f"{Que(r.que).label}."])
    return escribir("Rechazados", [*(t for t in titulos if t != MOTIVO), MOTIVO], filas)


def _tipado(concepto: Concepto, valor: str | None, moneda: str) -> Any:
    unidad = Unidad(concepto.unidad)
    if not valor:
        return None
    if unidad == Unidad.DINERO:
        return Cifra(Decimal(valor), DINERO[Moneda(moneda)])
    if unidad == Unidad.PORCENTAJE:
        return Cifra(Decimal(valor) / 100, FORMATOS[unidad])
    if unidad == Unidad.ENTERO:
        return Cifra(int(valor), FORMATOS[unidad])
    return date.fromisoformat(valor) if unidad == Unidad.FECHA else valor


def escribir(
    nombre: str,
    titulos: Sequence[str],
    filas: Iterable[Sequence[Any]],
    *,
    otra: Sequence[tuple[str, Sequence[str]]] = (),
) -> bytes:
    """A workbook whose texts stay texts, whatever they begin with; ``otra``: what may be put, on another sheet."""
    libro = openpyxl.Workbook(write_only=True)
    _hoja(libro, nombre, titulos, list(filas))
    if otra:
        de_cada = zip_longest(*(opciones for _, opciones in otra), fillvalue="")
        _hoja(libro, "Qué se puede poner", [f"En «{c}»" for c, _ in otra], list(de_cada))
    salida = io.BytesIO()
    libro.save(salida)
    return salida.getvalue()


def _hoja(libro: Any, nombre: str, titulos: Sequence[str], filas: list[Sequence[Any]]) -> None:
    hoja = libro.create_sheet(nombre)
    hoja.freeze_panes = "A2"
    if titulos:
        hoja.auto_filter.ref = (
            f"A1:{openpyxl.utils.get_column_letter(len(titulos))}{len(filas) + 1}"
        )
    for n, titulo in enumerate(titulos, start=1):
        hoja.column_dimensions[openpyxl.utils.get_column_letter(n)].width = ANCHOS.get(titulo, 18)
    encabezado = [_celda(hoja, titulo) for titulo in titulos]
    for celda in encabezado:
        celda.font = openpyxl.styles.Font(bold=True)
    hoja.append(encabezado)
    for fila in filas:
        hoja.append([_celda(hoja, valor) for valor in fila])


def _celda(hoja: Any, valor: Any) -> Any:
    if isinstance(valor, Cifra):
        celda = openpyxl.cell.WriteOnlyCell(hoja, valor.numero)
        celda.number_format = valor.formato
        return celda
    if isinstance(valor, date):
        celda = openpyxl.cell.WriteOnlyCell(hoja, valor)
        celda.number_format = FECHA
        return celda
    celda = openpyxl.cell.WriteOnlyCell(hoja, sin_codigos(str(valor or "")) or None)
    if celda.value == ILEGIBLE:
        celda.data_type = "e"  # it goes on being an error until it is mended
    elif celda.value is not None:
        celda.data_type = "s"
        celda.number_format = "@"
        if "\n" in celda.value:
            celda.alignment = openpyxl.styles.Alignment(wrap_text=True, vertical="top")
    return celda
