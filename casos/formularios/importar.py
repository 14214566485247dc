"""Forms of a workbook that comes in. What its rows mean is not asked here."""

from django import forms

from casos import paquetes
from casos.archivos import tipos
from casos.catalogos import TipoImportacion
from casos.formularios.archivos import CampoArchivo
from casos.formularios.faltas import decir_que_falta
from casos.textos import punto

SE_LEEN = {tipos.XLSX.mime, tipos.CSV.mime, tipos.TEXTO.mime}
SOLO_EXCEL = "Tiene que ser un archivo de Excel (.xlsx) o CSV."


class ImportarForm(forms.Form):
    tipo = forms.ChoiceField(
        label="Qué trae el archivo", choices=TipoImportacion.choices, widget=forms.RadioSelect
    )
    archivo = CampoArchivo(
        label="Archivo de Excel",
        help_text="XLSX o CSV, con los títulos de las columnas arriba; hasta 5,000 renglones.",
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
        error_messages={"required": "Elige el archivo."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
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

    def mapa(self) -> dict[str, str]:
        return {str(c["posicion"]): self.cleaned_data[n] for n, c in self._columnas.items()}
