"""The cases of a list as a workbook. Rows go to disk as they are read; no HTTP, no filters here."""

from collections.abc import Iterable
from datetime import datetime
from typing import IO

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from casos.models import Caso
from casos.permisos.lectura import cliente_para, persona_para, rfc_para

from .siguiente_paso import proxima

COLUMNAS = [
    # title, width, value
    ("Folio", 16, lambda c, u: c.folio),
    ("Cliente", 36, lambda c, u: cliente_para(c.cliente, u).razon_social),
    ("RFC", 15, lambda c, u: rfc_para(c.cliente, u)),
    ("Contrato", 18, lambda c, u: c.contrato.numero if c.contrato else ""),
    ("Servicio", 26, lambda c, u: c.contrato.servicio if c.contrato else ""),
    ("Persona de contacto", 26, lambda c, u: persona_para(c.persona, u)),
    ("Qué pide el cliente", 50, lambda c, u: c.solicitud),
    ("Estado", 22, lambda c, u: c.get_estado_display()),
    ("Resultado", 24, lambda c, u: c.get_resultado_display()),
    ("Pendiente de", 24, lambda c, u: c.pendiente_de),
    ("Vence", 12, lambda c, u: c.vence),
    ("Responsable", 24, lambda c, u: str(c.responsable or "")),
    ("Siguiente acción", 36, lambda c, u: (p := proxima(c)) and p.accion),
    ("Fecha de la siguiente acción", 14, lambda c, u: (p := proxima(c)) and p.fecha),
    ("Canal", 14, lambda c, u: c.get_canal_display()),
    ("Recibido", 17, lambda c, u: c.recibido_en),
    ("Registrado", 17, lambda c, u: c.registrado_en),
    ("Cerrado", 17, lambda c, u: c.cerrado_en),
]
LOTE = 1000


def escribir_libro(casos: Iterable[Caso], usuario, archivo: IO[bytes]) -> int:
    """Write every case to ``archivo``; returns how many. What a person may not see is masked."""
    libro = Workbook(write_only=True)
    hoja = libro.create_sheet("Casos")
    hoja.freeze_panes = "B2"
    for i, (_, ancho, _) in enumerate(COLUMNAS, start=1):
        hoja.column_dimensions[get_column_letter(i)].width = ancho
    encabezado = [WriteOnlyCell(hoja, titulo) for titulo, _, _ in COLUMNAS]
    for celda in encabezado:
        celda.font = Font(bold=True)
    hoja.append(encabezado)
    cuantos = 0
    for caso in casos:
        hoja.append([_celda(hoja, valor(caso, usuario)) for _, _, valor in COLUMNAS])
        cuantos += 1
    libro.save(archivo)
    return cuantos


def _celda(hoja, valor):
    """A value as the sheet takes it. Text stays text: what a client wrote is never a formula."""
    if isinstance(valor, str):
        valor = ILLEGAL_CHARACTERS_RE.sub("", valor)
        if not valor.startswith(("=", "#")):
            return valor or None
        celda = WriteOnlyCell(hoja, valor)
        celda.data_type = "s"
        return celda
    if valor is None:
        return None
    con_hora = isinstance(valor, datetime)
    if con_hora:
        valor = timezone.localtime(valor).replace(tzinfo=None, second=0, microsecond=0)
    celda = WriteOnlyCell(hoja, valor)
    celda.number_format = "dd/mm/yyyy hh:mm" if con_hora else "dd/mm/yyyy"
    return celda
