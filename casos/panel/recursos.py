"""Excel in and out of clients and contracts: columns in Spanish, rules of the forms, no formulas."""

import io
import math
from datetime import date, datetime

import tablib
from django.core.exceptions import ValidationError
from import_export import fields, resources
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from casos import paquetes
from casos.busqueda import normalizar
from casos.catalogos import Moneda
from casos.clientes import cambios, contratos, indice
from casos.formularios.clientes import repetido
from casos.formularios.valores import canonico, mostrar_valor
from casos.models import Caso, Cliente, Concepto, Contrato, ValorContrato
from casos.rfc import GENERICOS, normalizar_rfc, validar_rfc
from casos.textos import igual

MAXIMO_FILAS = 5000
MAXIMO_COLUMNAS = 60
ILEGIBLE = "No se pudo leer el archivo: guárdalo de nuevo como .xlsx."


class CeldaImposible(ValueError):
    """A number that is none: it would become a text such as «inf»."""


class RecursoBase(resources.ModelResource):
    """A column that the file does not bring leaves what is stored as it is."""

    largos: dict[str, int] = {}

    def __init__(self, autor=None, **kwargs):
        super().__init__(**kwargs)
        self.autor, self._cambios = autor, []

    def guardar(self, instance, is_create, columnas) -> None:
        """Nothing that the file does not bring: a merger or a case may have written it meanwhile."""
        if is_create:
            instance.save()
            cambios.dejar_alta(instance, self.autor)
            return
        antes = cambios.guardada(instance)
        instance.save(update_fields=columnas)
        self._cambios = cambios.dejar_rastro(instance, antes, self.autor)

    def after_import_row(self, row, row_result, **kwargs):
        """What the row changes, old and new, for the preview."""
        row_result.cambios, self._cambios = self._cambios, []

    def conservar(self, row, actual, columnas: dict[str, str]) -> None:
        """An empty cell leaves what is stored as it is."""
        for columna, campo in columnas.items():
            if columna in row and not str(row[columna] or "").strip():
                row[columna] = getattr(actual, campo)

    def encabezados(self) -> list[str]:
        return [f.column_name for f in self.get_import_fields()]

    def columnas(self) -> list[str]:
        """Every column that is read."""
        return self.encabezados()

    def limpiar_textos(self, row) -> None:
        for columna, largo in self.largos.items():
            if columna in row:
                row[columna] = " ".join(str(row[columna] or "").split())
                if len(row[columna]) > largo:
                    raise ValidationError(f"{columna}: más de {largo} caracteres.")


def leer_libro(contenido: bytes, recurso: RecursoBase) -> tablib.Dataset:
    """The first sheet as a dataset; raises ``ValueError`` in Spanish.

    ``datos.renglones`` has the row of the sheet that each one comes from.
    """
    try:
        paquetes.revisar(io.BytesIO(contenido))
        titulos, filas = _leer_hoja(contenido)
    except (CeldaImposible, paquetes.PaqueteRechazado):
        raise
    except Exception as error:  # whatever openpyxl meets in a file that is not a workbook
        raise ValueError(ILEGIBLE) from error
    # «Razon social» and «RAZÓN SOCIAL» are the same column.
    conocidas = {normalizar(c): c for c in recurso.columnas()}
    titulos = [conocidas.get(normalizar(t), t) for t in titulos]
    faltan = [c for c in recurso.encabezados()[:2] if c not in titulos]
    if faltan:
        raise ValueError(f"Faltan columnas: {', '.join(faltan)}.")
    repetidas = sorted({t for t in titulos if t and titulos.count(t) > 1})
    if repetidas:
        raise ValueError(f"Hay columnas repetidas: {', '.join(repetidas)}.")
    if len(filas) > MAXIMO_FILAS:
        raise ValueError(f"Son demasiados renglones: hasta {MAXIMO_FILAS:,} por archivo.")
    if not filas:
        raise ValueError("El archivo no tiene renglones.")
    datos = tablib.Dataset(headers=titulos)
    datos.desconocidas = [t for t in titulos if t and t not in conocidas.values()]
    datos.renglones = [numero for numero, _ in filas]
    for _, valores in filas:
        datos.append(valores)
    return datos


def _leer_hoja(contenido: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Headings, and the rows that are not empty with their number."""
    libro = load_workbook(io.BytesIO(contenido), read_only=True, data_only=True)
    try:
        filas = libro.worksheets[0].iter_rows(values_only=True, max_col=MAXIMO_COLUMNAS)
        titulos = [_limpio(c) for c in next(filas, ())]
        leidas = []
        for numero, fila in enumerate(filas, start=2):
            if any(isinstance(v, float) and not math.isfinite(v) for v in fila):
                raise CeldaImposible(f"Renglón {numero}: hay un número que no se puede leer.")
            valores = [_limpio(v) for v in fila[: len(titulos)]]
            if any(valores):
                leidas.append((numero, valores + [""] * (len(titulos) - len(valores))))
            if len(leidas) > MAXIMO_FILAS or numero > 20 * MAXIMO_FILAS:
                break
        return titulos, leidas
    finally:
        libro.close()


def _limpio(valor) -> str:
    if valor is None:
        return ""
    if isinstance(valor, datetime):
        return valor.date().isoformat()
    if isinstance(valor, float):
        # 0.1 + 0.2 in a cell is 0.3 to whoever looks at it.
        return f"{round(valor, 6):f}".rstrip("0").rstrip(".")
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

    largos = {"Razón social": 200, "Nombre comercial": 120, "Notas": 2000}

    class Meta:
        model = Cliente
        fields = ("razon_social", "rfc", "nombre_comercial", "notas")
        import_id_fields = ("razon_social", "rfc")
        skip_unchanged = True
        report_skipped = True

    def get_queryset(self):
        return Cliente.objects.filter(fusionado_en=None)

    def before_import_row(self, row, **kwargs):
        row["RFC"] = validar_rfc(row["RFC"])
        self.limpiar_textos(row)
        if not row["Razón social"]:
            raise ValidationError("Falta la razón social.")
        iguales = list(
            self.get_queryset().filter(
                rfc=row["RFC"], razon_social_igual=igual(row["Razón social"])
            )[:2]
        )
        if len(iguales) > 1:
            raise ValidationError("Hay dos clientes con ese nombre y ese RFC: fusiónalos antes.")
        if iguales:
            # Written with other capitals it is the same one.
            row["Razón social"] = iguales[0].razon_social
            self.conservar(
                row, iguales[0], {"Nombre comercial": "nombre_comercial", "Notas": "notas"}
            )
        elif falta := repetido(row["Razón social"], row["RFC"]):
            raise ValidationError(f"{falta[1]}. Si es otro cliente, regístralo en su página.")

    def do_instance_save(self, instance, is_create):
        instance.texto_busqueda = indice.texto_de_cliente(instance)
        self.guardar(instance, is_create, (*self.Meta.fields, "texto_busqueda"))
        if not is_create:
            indice.reindexar(Caso.objects.filter(cliente=instance))


class ContratoRecurso(RecursoBase):
    """Contracts: known by their number. Conditions are read where the contract has none yet;
    afterwards only a case changes them."""

    numero = fields.Field("numero", "Número")
    cliente = fields.Field("cliente_id", "Cliente (RFC o razón social)")
    servicio = fields.Field("servicio", "Servicio")
    sede = fields.Field("sede", "Sede")
    moneda = fields.Field("moneda", "Moneda")
    desde_fecha = fields.Field("desde_fecha", "Vigente desde")

    largos = {"Número": 40, "Servicio": 160, "Sede": 120}

    class Meta:
        model = Contrato
        fields = ("numero", "cliente", "servicio", "sede", "moneda", "desde_fecha")
        import_id_fields = ("numero",)
        skip_unchanged = True
        report_skipped = True

    def __init__(self, autor=None, **kwargs):
        super().__init__(autor, **kwargs)
        # «Sede» is a column of the contract itself.
        self.conceptos = list(
            Concepto.objects.filter(activo=True).exclude(nombre__in=self.encabezados())
        )

    def columnas(self):
        return [*self.encabezados(), *(c.nombre for c in self.conceptos)]

    def dehydrate_cliente(self, contrato):
        return contrato.cliente.razon_social

    def before_import_row(self, row, **kwargs):
        self.limpiar_textos(row)
        if not row["Número"]:
            raise ValidationError("Falta número.")
        actual = Contrato.objects.filter(numero_igual=igual(row["Número"])).first()
        if actual:
            row["Número"] = actual.numero
            if actual.esta_terminado:
                raise ValidationError("Ese contrato ya terminó: no se cambia.")
            self.conservar(
                row,
                actual,
                {"Servicio": "servicio", "Sede": "sede", "Vigente desde": "desde_fecha"},
            )
        row["Cliente (RFC o razón social)"] = self._cliente(row, actual).pk
        if "Servicio" in row or not actual:
            if not row.get("Servicio"):
                raise ValidationError("Falta servicio.")
        if "Moneda" in row or not actual:
            row["Moneda"] = str(row.get("Moneda") or getattr(actual, "moneda", Moneda.MXN)).upper()
            if row["Moneda"] not in Moneda.values:
                raise ValidationError("Moneda: escribe MXN o USD.")
        if ("Vigente desde" in row or not actual) and not isinstance(
            row.get("Vigente desde"), date
        ):
            row["Vigente desde"] = self._fecha(row.get("Vigente desde"))
        self._revisar_condiciones(row, actual)

    def _cliente(self, row, actual) -> Cliente:
        clave = str(row["Cliente (RFC o razón social)"] or "").strip()
        if not clave:
            raise ValidationError("Falta el cliente.")
        vivos = Cliente.objects.filter(fusionado_en=None)
        hallados = list(vivos.filter(rfc=normalizar_rfc(clave))[:2]) or list(
            vivos.filter(razon_social_igual=igual(clave))[:2]
        )
        if len(hallados) != 1:
            raise ValidationError(
                "No existe ese cliente."
                if not hallados
                else "Hay varios clientes así: usa otro dato."
            )
        if hallados[0].rfc in GENERICOS:
            raise ValidationError("El RFC genérico no sirve para un cliente con contrato.")
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
        for concepto in self.conceptos:
            crudo = str(row.get(concepto.nombre) or "").strip()
            if not crudo:
                continue
            if len(crudo) > 200:
                raise ValidationError(f"{concepto.nombre}: más de 200 caracteres.")
            try:
                valores[concepto] = canonico(concepto.unidad, crudo)
            except ValidationError as error:
                raise ValidationError(f"{concepto.nombre}: {error.messages[0]}") from None
        return valores

    def _revisar_condiciones(self, row, actual) -> None:
        """What is agreed with the client changes with a case, and says so instead of being lost."""
        valores = self._valores(row)
        if not valores or actual is None or actual.version == 0:
            return
        vigentes = dict(
            ValorContrato.objects.filter(
                version__contrato=actual, version__numero=actual.version
            ).values_list("concepto_id", "valor")
        )
        for concepto, valor in valores.items():
            if vigentes.get(concepto.pk) != valor:
                hoy = mostrar_valor(concepto, vigentes.get(concepto.pk, "")) or "sin valor"
                raise ValidationError(
                    f"{concepto.nombre}: hoy es {hoy}; las condiciones se cambian con un caso."
                )

    def skip_row(self, instance, original, row, import_validation_errors=None):
        if original.pk and original.version == 0 and self._valores(row):
            return False
        return super().skip_row(instance, original, row, import_validation_errors)

    def do_instance_save(self, instance, is_create):
        # Never ``version``, which a case that closes counts; number and client are those it has.
        self.guardar(instance, is_create, self.Meta.fields[2:])

    def after_save_instance(self, instance, row, **kwargs):
        valores = self._valores(row)
        if instance.version == 0 and valores:
            contratos.nueva_version(
                contrato=instance,
                desde_fecha=instance.desde_fecha,
                valores=valores,
                autor=self.autor,
            )
        indice.reindexar(Caso.objects.filter(contrato=instance))
