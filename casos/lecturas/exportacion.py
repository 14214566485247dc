"""The cases of a list as a workbook. Rows go to disk as they are read; no HTTP, no filters here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import IO

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from casos.expediente.carga import conceptos_de
from casos.expediente.lo_que_cambia import cambia
from casos.formularios.valores import mostrar_valor
from casos.models import Caso, Condicion, Usuario
from casos.permisos.lectura import cliente_para, persona_para, rfc_para, ve_toda_la_hoja

from .siguiente_paso import proxima

COLUMNAS = [
    # title, width, value
    ("Folio", 16, lambda c, _: c.folio),
    ("Cliente", 36, lambda c, lector: cliente_para(c.cliente, lector.usuario).razon_social),
    ("RFC", 15, lambda c, lector: rfc_para(c.cliente, lector.usuario)),
    ("Contrato", 18, lambda c, _: c.contrato.numero if c.contrato else ""),
    ("Servicio", 26, lambda c, _: c.contrato.servicio if c.contrato else ""),
    ("Persona de contacto", 26, lambda c, lector: persona_para(c.persona, lector.usuario)),
    ("Qué pide el cliente", 50, lambda c, _: c.solicitud),
    ("Condiciones", 60, lambda c, lector: lector.condiciones(c)),
    ("Espera respuesta", 12, lambda c, _: c.espera_fecha),
    ("Estado", 22, lambda c, _: c.get_estado_display()),
    ("Resultado", 24, lambda c, _: c.get_resultado_display()),
    ("Pendiente de", 24, lambda c, _: c.pendiente_hoy),
    ("Vence", 12, lambda c, _: c.vence),
    ("Responsable", 24, lambda c, _: str(c.responsable or "")),
    ("Siguiente acción", 36, lambda c, _: (p := proxima(c)) and p.accion),
    ("Fecha de la siguiente acción", 14, lambda c, _: (p := proxima(c)) and p.fecha),
    ("Canal", 14, lambda c, _: c.get_canal_display()),
    ("Recibido", 17, lambda c, _: c.recibido_en),
    ("Registrado", 17, lambda c, _: c.registrado_en),
    ("Cerrado", 17, lambda c, _: c.cerrado_en),
]
LOTE = 1000
# In the order in which they come about; asked twice where the client asked something else later.
RONDAS = [("vigente", "vigente"), ("antes_pidio", "pidió primero"), ("solicitado", "pidió"),
          ("propuesto", "se ofreció"), ("acordado", "se acordó")]  # fmt: skip


def con_su_hoja(casos: QuerySet[Caso]) -> QuerySet[Caso]:
    """The cases with the rows of their sheets, in one statement more a batch."""
    filas = Condicion.objects.select_related("concepto")
    return casos.prefetch_related(Prefetch("condiciones", queryset=filas))


@dataclass
class Lector:
    """Who the book is written for, and the concepts that concern their areas."""

    usuario: Usuario

    @cached_property
    def suyos(self) -> set[int]:
        return conceptos_de(self.usuario.areas_ids)

    def condiciones(self, caso: Caso) -> str:
        """What changes of its sheet, a line a row, of the rows that this person reads."""
        filas = [f for f in caso.condiciones.all() if f.solicitado or cambia(f)]
        if not ve_toda_la_hoja(caso, self.usuario):
            filas = [f for f in filas if f.concepto_id in self.suyos]
        return "\n".join(_renglon(f, caso.moneda) for f in filas)


def _renglon(fila: Condicion, moneda: str) -> str:
    dichos = [(como, getattr(fila, columna)) for columna, como in RONDAS]
    partes = [f"{como} {mostrar_valor(fila.concepto, v, moneda)}" for como, v in dichos if v]
    return f"{fila.concepto}: {'; '.join(partes)}"


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
    cuantos, lector = 0, Lector(usuario)
    for caso in casos:
        hoja.append([_celda(hoja, valor(caso, lector)) for _, _, valor in COLUMNAS])
        cuantos += 1
    libro.save(archivo)
    return cuantos


def _celda(hoja, valor):
    """A value as the sheet takes it. Text stays text: what a client wrote is never a formula."""
    if isinstance(valor, str):
        valor = ILLEGAL_CHARACTERS_RE.sub("", valor)
        if not valor.startswith(("=", "#")) and "\n" not in valor:
            return valor or None
        celda = WriteOnlyCell(hoja, valor)
        celda.data_type = "s"
        celda.alignment = Alignment(wrap_text="\n" in valor, vertical="top")
        return celda
    if valor is None:
        return None
    con_hora = isinstance(valor, datetime)
    if con_hora:
        valor = timezone.localtime(valor).replace(tzinfo=None, second=0, microsecond=0)
    celda = WriteOnlyCell(hoja, valor)
    celda.number_format = "dd/mm/yyyy hh:mm" if con_hora else "dd/mm/yyyy"
    return celda
