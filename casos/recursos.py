"""Excel in and out of clients and contracts: columns in Spanish, rules of the forms, no formulas."""

import io
from datetime import date, datetime

import tablib
from django.core.exceptions import ValidationError
from import_export import fields, resources
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from casos.acciones import clientes as acciones
from casos.forms.valores import canonico
from casos.models import Cliente, Concepto, Contrato
from casos.rfc import GENERICOS, validar_rfc

MAXIMO_FILAS = 5000


class RecursoBase(resources.ModelResource):
    def encabezados(self) -> list[str]:
        return [f.column_name for f in self.get_import_fields()]

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self._modelo = self._meta.model


def leer_libro(contenido: bytes, recurso: RecursoBase) -> tablib.Dataset:
    """The first sheet as a dataset; raises ``ValueError`` in Spanish."""
    try:
        libro = load_workbook(io.BytesIO(contenido), read_only=True, data_only=True)
        filas = libro.worksheets[0].iter_rows(values_only=True, max_row=MAXIMO_FILAS + 2)
        titulos = [str(c).strip() if c is not None else "" for c in next(filas, ())]
    except Exception as error:  # whatever openpyxl meets in a file that is not a workbook
        raise ValueError("No se pudo leer el archivo: guárdalo de nuevo como .xlsx.") from error
    faltan = [c for c in recurso.encabezados()[:2] if c not in titulos]
    if faltan:
        raise ValueError(f"Faltan columnas: {', '.join(faltan)}.")
    datos = tablib.Dataset(headers=titulos)
    for fila in filas:
        valores = [_limpio(v) for v in fila[: len(titulos)]]
        valores += [""] * (len(titulos) - len(valores))
        if any(valores):
            datos.append(valores)
    if len(datos) > MAXIMO_FILAS:
        raise ValueError(f"Son demasiados renglones: hasta {MAXIMO_FILAS:,} por archivo.")
    if not len(datos):
        raise ValueError("El archivo no tiene renglones.")
    return datos


def _limpio(valor) -> str:
    if valor is None:
        return ""
    if isinstance(valor, datetime):
        return valor.date().isoformat()
    if isinstance(valor, float) and valor.is_integer():
        return str(int(valor))
    return str(valor).replace("\x00", "").strip()


def libro_de(datos: tablib.Dataset) -> bytes:
    """A workbook whose texts stay texts, whatever they begin with."""
    libro = Workbook(write_only=True)
    hoja = libro.create_sheet("Datos")
    for fila in [datos.headers, *datos]:
        celdas = []
        for valor in fila:
            celda = WriteOnlyCell(
                hoja, ILLEGAL_CHARACTERS_RE.sub("", str(valor if valor is not None else ""))
            )
            celda.data_type = "s"
            celdas.append(celda)
        hoja.append(celdas)
    salida = io.BytesIO()
    libro.save(salida)
    return salida.getvalue()


class ClienteRecurso(RecursoBase):
    """Clients: known by razón social and RFC; the rest is updated."""

    razon_social = fields.Field("razon_social", "Razón social")
    rfc = fields.Field("rfc", "RFC")
    nombre_comercial = fields.Field("nombre_comercial", "Nombre comercial")
    notas = fields.Field("notas", "Notas")

    class Meta:
        model = Cliente
        fields = ("razon_social", "rfc", "nombre_comercial", "notas")
        import_id_fields = ("razon_social", "rfc")
        skip_unchanged = True
        report_skipped = True

    def before_import_row(self, row, **kwargs):
        row["RFC"] = validar_rfc(row.get("RFC", ""))
        for columna, largo in (("Razón social", 200), ("Nombre comercial", 120), ("Notas", 2000)):
            row[columna] = " ".join(str(row.get(columna) or "").split())
            if len(row[columna]) > largo:
                raise ValidationError(f"{columna}: más de {largo} caracteres.")
        if not row["Razón social"]:
            raise ValidationError("Falta la razón social.")

    def do_instance_save(self, instance, is_create):
        instance.texto_busqueda = acciones._texto(instance)
        instance.save()


class ContratoRecurso(RecursoBase):
    """Contracts: known by their number; conditions are read only when the contract is new."""

    numero = fields.Field("numero", "Número")
    cliente = fields.Field("cliente_id", "Cliente (RFC o razón social)")
    servicio = fields.Field("servicio", "Servicio")
    sede = fields.Field("sede", "Sede")
    moneda = fields.Field("moneda", "Moneda")
    desde_fecha = fields.Field("desde_fecha", "Vigente desde")

    class Meta:
        model = Contrato
        fields = ("numero", "cliente", "servicio", "sede", "moneda", "desde_fecha")
        import_id_fields = ("numero",)
        skip_unchanged = True
        report_skipped = True

    def dehydrate_cliente(self, contrato):
        return contrato.cliente.razon_social

    def before_import_row(self, row, **kwargs):
        for columna, largo in (("Número", 40), ("Servicio", 160), ("Sede", 120)):
            row[columna] = " ".join(str(row.get(columna) or "").split())
            if len(row[columna]) > largo:
                raise ValidationError(f"{columna}: más de {largo} caracteres.")
        for columna in ("Número", "Servicio"):
            if not row[columna]:
                raise ValidationError(f"Falta {columna.lower()}.")
        row["Cliente (RFC o razón social)"] = self._cliente(row).pk
        row["Moneda"] = str(row.get("Moneda") or "MXN").upper()
        if row["Moneda"] not in ("MXN", "USD"):
            raise ValidationError("Moneda: escribe MXN o USD.")
        row["Vigente desde"] = self._fecha(row.get("Vigente desde"))
        self._valores(row)

    def _cliente(self, row) -> Cliente:
        clave = str(row.get("Cliente (RFC o razón social)") or "").strip()
        if not clave:
            raise ValidationError("Falta el cliente.")
        vivos = Cliente.objects.filter(fusionado_en=None)
        hallados = list(vivos.filter(rfc=clave.upper())[:2]) or list(
            vivos.filter(razon_social__iexact=clave)[:2]
        )
        if len(hallados) != 1:
            raise ValidationError(
                "No existe ese cliente."
                if not hallados
                else "Hay varios clientes así: usa otro dato."
            )
        if hallados[0].rfc in GENERICOS:
            raise ValidationError("El RFC genérico no sirve para un cliente con contrato.")
        actual = Contrato.objects.filter(numero=row["Número"]).first()
        if actual and actual.cliente_id != hallados[0].pk:
            raise ValidationError("Ese contrato es de otro cliente.")
        return hallados[0]

    @staticmethod
    def _fecha(valor) -> date:
        texto = str(valor or "").strip()
        for formato in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                fecha = datetime.strptime(texto, formato).date()
            except ValueError:
                continue
            if 2000 <= fecha.year <= 2099:
                return fecha
        raise ValidationError("Vigente desde: escribe una fecha como 16/03/2026.")

    def _valores(self, row) -> dict:
        valores = {}
        # «Sede» is a column of the contract itself.
        for concepto in Concepto.objects.filter(activo=True).exclude(nombre__in=self.encabezados()):
            crudo = str(row.get(concepto.nombre) or "").strip()
            if not crudo:
                continue
            try:
                valores[concepto] = canonico(concepto.unidad, crudo[:200])
            except ValidationError as error:
                raise ValidationError(f"{concepto.nombre}: {error.messages[0]}") from None
        return valores

    def after_save_instance(self, instance, row, **kwargs):
        valores = self._valores(row)
        if instance.version == 0 and valores:
            acciones.nueva_version(
                contrato=instance, desde_fecha=instance.desde_fecha, valores=valores
            )
