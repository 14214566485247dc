"""Forms about the instruction: its text, why it is sent back, to whom it is handed, who read it."""

from django import forms

from casos.formularios.campos import linea, texto
from casos.formularios.faltas import decir_que_falta
from casos.models import RevisionInstruccion
from casos.revisiones import (
    MAS_DESTINATARIOS,
    PASOS,
    REGISTRO,
    dicho_de_los_pasos,
    pasos_que_no_hay,
)

LARGO = 6000
VUELVE_A_ABRIRLA = "Falta qué versión abriste: copia lo que escribiste y ábrela otra vez."


def _campos_de(clave: str) -> tuple[str, str]:
    """The fields of a section: its title, its text."""
    nombre = clave.replace(".", "_")
    return f"titulo_{nombre}", f"texto_{nombre}"


class RevisionForm(forms.Form):
    """§1–11 of a draft: section 10 is written by the approvals."""

    def __init__(self, *args, revision: RevisionInstruccion, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.secciones = [s for s in revision.secciones.all() if s.clave != REGISTRO]
        for s in self.secciones:
            campo_titulo, campo_texto = _campos_de(s.clave)
            titulo = linea(f"{s.clave} Título", 160)
            titulo.initial = s.titulo
            # Its own titles need no words of ours; a step of the machine says what is done in it.
            dice = texto(
                f"{s.clave} Texto", LARGO, requerido=s.clave in PASOS, filas=3 if s.texto else 2
            )
            dice.initial = s.texto
            titulo.error_messages["required"] = "Escribe el título."
            dice.error_messages["required"] = "Escribe qué se hace en este paso."
            self.fields[campo_titulo], self.fields[campo_texto] = titulo, dice
        ayudas = {
            "descripcion": "Así queda en la sección 10, en una línea.",
            "paginas": "«Todas», o sus números.",
        }
        self.fields["descripcion"] = texto(
            "Qué cambia", 1000, requerido=False, ayuda=ayudas["descripcion"]
        )
        self.fields["paginas"] = linea(
            "En qué páginas", 40, requerido=False, ayuda=ayudas["paginas"]
        )
        self.fields["motivo"] = texto("Por qué cambia", 1000, requerido=False)
        for campo in ("descripcion", "paginas", "motivo"):
            self.fields[campo].initial = getattr(revision, campo)
        self.fields["version"] = forms.IntegerField(
            min_value=0,
            max_value=999_999_999,
            widget=forms.HiddenInput,
            initial=revision.version,
            error_messages={"required": VUELVE_A_ABRIRLA, "invalid": VUELVE_A_ABRIRLA},
        )

    def clean(self):
        datos = super().clean()
        for nombre, valor in list(datos.items()):
            if nombre.startswith(("titulo_", "texto_")) and (sobran := pasos_que_no_hay(valor)):
                self.add_error(nombre, dicho_de_los_pasos(sobran))
        return datos

    @property
    def grupos(self) -> list:
        """Each section with its two fields, then what section 10 will say."""
        return [
            (f"{s.clave} {s.titulo}", [self[campo] for campo in _campos_de(s.clave)])
            for s in self.secciones
        ]

    @property
    def escritas(self) -> dict[str, tuple[str, str]]:
        escritas = {}
        for s in self.secciones:
            titulo, dice = (self.cleaned_data[campo] for campo in _campos_de(s.clave))
            escritas[s.clave] = titulo, dice
        return escritas


class DevolverForm(forms.Form):
    porque = texto("Por qué se devuelve", 1000, filas=2)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        decir_que_falta(self.fields)


class DistribuirForm(forms.Form):
    mas = forms.MultipleChoiceField(
        label="Además, a",
        choices=MAS_DESTINATARIOS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Calidad, Dirección General, la gerencia comercial y quien encabeza cada área la reciben siempre.",
        error_messages={"invalid_choice": "Elige de la lista.", "invalid_list": "Elige de la lista."},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)


class AcuseForm(forms.Form):
    """Section 9: "con acuse de recibo"."""

    leida = forms.BooleanField(
        label="Leí y entendí esta revisión y lo que cambió",
        error_messages={"required": "Marca que la leíste y la entendiste."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)


class PasarCasosForm(forms.Form):
    motivo = texto("Por qué pasan", 1000, filas=2, ayuda="Queda en la historia de cada caso.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        decir_que_falta(self.fields)
