"""Forms of a workbook that comes in. What its rows mean is not asked here."""

from django import forms
from django.db.models import TextChoices

from casos import paquetes
from casos.archivos import tipos
from casos.formularios.archivos import CampoArchivo
from casos.formularios.faltas import decir_que_falta
from casos.textos import punto

SE_LEEN = {tipos.XLSX.mime, tipos.CSV.mime, tipos.TEXTO.mime}
SOLO_EXCEL = "Tiene que ser un archivo de Excel (.xlsx) o CSV."


class ImportarForm(forms.Form):
    tipo = forms.ChoiceField(label="Qué trae el archivo", choices=[], widget=forms.RadioSelect)
    archivo = CampoArchivo(
        label="Archivo de Excel",
        help_text="XLSX o CSV, con los títulos de las columnas arriba; hasta 5,000 renglones.",
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
        error_messages={"required": "Elige el archivo."},
    )

    def __init__(self, *args, tipos, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["tipo"].choices = [(t.value, t.label) for t in tipos]
        decir_que_falta(self.fields)

    def clean_archivo(self):
        """What is told at once; the rest, once the worker has read it."""
        archivo = self.cleaned_data["archivo"]
        if archivo.tipo not in SE_LEEN:
            raise forms.ValidationError(SOLO_EXCEL)
        if archivo.tipo == tipos.XLSX.mime:
            try:
                paquetes.revisar(archivo)
            except paquetes.PaqueteRechazado as rechazo:
                raise forms.ValidationError(str(rechazo)) from None
        archivo.seek(0)
        return archivo


class ColumnasForm(forms.Form):
    """As what each heading is read, recognised or not (posicion, titulo, columna, parecida)."""

    def __init__(self, data=None, *, columnas, propias):
        super().__init__(data, label_suffix="")
        opciones = [("", "No se lee"), *((c, c) for c in propias)]
        self._columnas = {f"columna_{c['posicion']}": c for c in columnas}
        for nombre, c in self._columnas.items():
            campo = self.fields[nombre] = forms.ChoiceField(
                label=f"«{c['titulo']}» se lee como",
                choices=opciones,
                required=False,
                initial=c["columna"],
                help_text=punto(f"Se parece a {c['parecida']}") if c["parecida"] else "",
            )
            campo.sin_marca = True

    def clean(self):
        datos = super().clean()
        for nombre, c in self._columnas.items():
            if nombre not in self.data:  # what was not asked stays as it was
                datos[nombre] = c["columna"]
        elegidas = [datos[nombre] for nombre in self._columnas if datos.get(nombre)]
        for nombre in self._columnas:
            columna = datos.get(nombre)
            if columna and elegidas.count(columna) > 1:
                self.add_error(nombre, f"Dos columnas se leen como {columna}: deja una.")
        return datos

    @property
    def de_columnas(self):
        return [self[campo] for campo in self._columnas]

    def mapa(self) -> dict[str, str]:
        return {str(c["posicion"]): self.cleaned_data[n] for n, c in self._columnas.items()}

    def opciones(self) -> dict[str, object]:
        """What is done about what is not there."""
        return {}


class QuePasaConElContrato(TextChoices):
    """Of a workbook of open cases: what is done where it names a contract that is not there."""

    NO_SE_TRAE = "", "No traer esos renglones"
    SIN = "SIN", "Traer el caso sin contrato"
    ALTA = "ALTA", "Darlos de alta (piden servicio y desde cuándo)"


class ColumnasDeCasosForm(ColumnasForm):
    """Nothing is created by a workbook of cases unless whoever brings it in says so."""

    DE_LO_QUE_FALTA = ("clientes", "contratos")

    clientes = forms.BooleanField(label="Dar de alta los clientes que falten", required=False)
    contratos = forms.ChoiceField(
        label="Los contratos que falten",
        choices=QuePasaConElContrato.choices,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, data=None, *, dichas, **mas):
        super().__init__(data, **mas)
        for campo in self.DE_LO_QUE_FALTA:
            self.initial[campo] = dichas.get(campo, "")
            self.fields[campo].sin_marca = True

    @property
    def lo_que_falta(self):
        return [self[campo] for campo in self.DE_LO_QUE_FALTA]

    def opciones(self) -> dict[str, object]:
        return {campo: self.cleaned_data[campo] for campo in self.DE_LO_QUE_FALTA}
