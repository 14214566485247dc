"""Forms of what is done with personal data (LFPDPPP)."""

from datetime import timedelta

from django import forms
from django.urls import reverse
from django.utils.html import format_html

from casos import calendario
from casos.busqueda import LARGO_CONSULTA
from casos.datos_tratados import ComoSeDioElAviso, DecisionDeArchivo
from casos.formularios.campos import CampoFecha, CampoFuturo, con, de_lista, linea, radios, texto
from casos.formularios.faltas import decir_que_falta
from casos.models import AvisoPrivacidad
from casos.textos import en_un_renglon

MUY_CORTA = "Cada forma lleva al menos tres letras: una más corta quitaría otras palabras."


class DarAvisoForm(forms.Form):
    """Which notice a person was given, how and when."""

    aviso = de_lista(
        "Qué aviso", AvisoPrivacidad.objects.none(), vacio="Elige el aviso", falta="Elige el aviso."
    )
    como = radios("Cómo se le dio", ComoSeDioElAviso.choices)
    fecha = CampoFecha(label="Cuándo")

    def __init__(self, data=None):
        super().__init__(data, label_suffix="")
        self.fields["aviso"].queryset = AvisoPrivacidad.objects.filter(activo=True)
        decir_que_falta(self.fields)
        self.fields["como"].error_messages["required"] = "Elige cómo se le dio."

    def clean_fecha(self):
        fecha = self.cleaned_data["fecha"]
        if fecha > calendario.hoy():
            raise forms.ValidationError("Todavía no llega esa fecha: escribe cuándo se le dio.")
        return fecha

    def clean(self):
        datos = super().clean()
        aviso, fecha = datos.get("aviso"), datos.get("fecha")
        if aviso and fecha and fecha < aviso.desde_fecha:
            self.add_error("fecha", f"Ese aviso rige desde el {aviso.desde_fecha:%d/%m/%Y}.")
        return datos


class BuscarPersonaForm(forms.Form):
    q = forms.CharField(
        label="Buscar contacto",
        required=False,
        max_length=LARGO_CONSULTA,
        help_text="Nombre, correo, teléfono o número.",
    )

    def __init__(self, data=None):
        super().__init__(data, label_suffix="")
        self.fields["q"].sin_marca = True


class BloquearForm(forms.Form):
    """Why their data are put apart, and until when."""

    motivo = texto("Por qué se bloquean", 500, filas=2)
    hasta = CampoFuturo(
        label="Hasta cuándo", help_text="El día en que se decide si se suprimen o se devuelven."
    )

    def __init__(self, data=None):
        super().__init__(data, label_suffix="")
        decir_que_falta(self.fields)
        self.fields["hasta"].error_messages["required"] = "Escribe hasta cuándo."

    def clean_hasta(self):
        hasta = self.cleaned_data["hasta"]
        if hasta > calendario.hoy() + timedelta(days=3650):
            raise forms.ValidationError("Escribe una fecha de aquí a diez años.")
        return hasta


class DesbloquearForm(forms.Form):
    motivo = texto("Por qué se devuelven", 500, filas=2)

    def __init__(self, data=None):
        super().__init__(data, label_suffix="")
        decir_que_falta(self.fields)


class ConservacionForm(forms.Form):
    """Which of those proposed are confirmed, or kept and why."""

    CONFIRMAR, CONSERVAR = "CONFIRMAR", "CONSERVAR"

    que = radios(
        "Qué se hace con las elegidas",
        [(CONFIRMAR, "Bloquear sus datos, y suprimirlos después"), (CONSERVAR, "Conservarlos")],
    )
    motivo = linea("Por qué se conservan", 300, requerido=False, muestra_si=f"que={CONSERVAR}")

    def __init__(self, data=None, *, filas):
        super().__init__(data, label_suffix="")
        self.posibles = {f.pk for f in filas}
        self.fields["que"].error_messages["required"] = "Elige qué se hace con ellas."

    def clean(self):
        datos = super().clean()
        crudas = self.data.getlist("elegida") if hasattr(self.data, "getlist") else []
        elegidas = {int(c) for c in crudas if c.isascii() and c.isdecimal() and len(c) < 10}
        datos["elegidas"] = sorted(elegidas)
        if not elegidas:
            self.add_error(None, "Elige al menos a una persona.")
        if datos.get("que") == self.CONSERVAR and not datos.get("motivo"):
            self.add_error("motivo", "Escribe por qué se conservan.")
        return datos


class SuprimirCuentaForm(forms.Form):
    """That it is this account, and no other: its name, typed."""

    cuenta = linea("Escribe su nombre de usuario", 150)

    def __init__(self, data=None, *, usuario: str):
        super().__init__(data, label_suffix="")
        self.usuario = usuario
        self.fields["cuenta"].help_text = f"Es «{usuario}»."
        decir_que_falta(self.fields)
        self.fields["cuenta"].error_messages["required"] = "Escribe su nombre de usuario."

    def clean_cuenta(self):
        if self.cleaned_data["cuenta"] != self.usuario:
            raise forms.ValidationError(f"No es ese: escribe {self.usuario}.")
        return self.usuario


class SuprimirForm(forms.Form):
    """What is done with each file that may name them; how else they are called in texts."""

    otras_formas = con(
        forms.CharField(
            label="Otras formas de su nombre",
            required=False,
            max_length=1000,
            widget=forms.Textarea({"rows": 3}),
            help_text="Una por renglón, como «Ing. Treviño» o «Lalo»: también se quitan de los textos.",
        )
    )

    def __init__(self, data=None, *, archivos, abre=()):
        """``abre``: keys of the files that who decides may open."""
        super().__init__(data, label_suffix="")
        self.archivos = list(archivos)
        for archivo in self.archivos:
            nombre = f"archivo_{archivo.pk}"
            campo = radios(f"{archivo.nombre} ({archivo.caso.folio})", DecisionDeArchivo.choices)
            campo.error_messages["required"] = "Elige qué se hace con el archivo."
            if archivo.pk in abre:
                campo.help_text = format_html(
                    '<a href="{}">Abrir {}</a>{}',
                    reverse("archivo", args=[archivo.pk]),
                    archivo.nombre,
                    ". Es sensible: queda anotado que lo leíste." if archivo.sensible else "",
                )
            self.fields[nombre] = campo
            porque = linea(
                "Por qué se conserva",
                300,
                requerido=False,
                muestra_si=f"{nombre}={DecisionDeArchivo.CONSERVAR}",
                sin_marca=True,
            )
            self.fields[f"motivo_{archivo.pk}"] = porque

    def clean_otras_formas(self):
        formas = [en_un_renglon(f) for f in self.cleaned_data["otras_formas"].splitlines()]
        formas = [f for f in formas if f]
        if any(sum(map(str.isalpha, f)) < 3 for f in formas):
            raise forms.ValidationError(MUY_CORTA)
        return formas

    def clean(self):
        datos = super().clean()
        for archivo in self.archivos:
            conserva = datos.get(f"archivo_{archivo.pk}") == DecisionDeArchivo.CONSERVAR
            if conserva and not datos.get(f"motivo_{archivo.pk}"):
                self.add_error(f"motivo_{archivo.pk}", "Escribe por qué se conserva.")
        return datos

    def decididos(self) -> list[tuple[int, str, str]]:
        """(file, decision, why) of each."""
        return [
            (
                a.pk,
                self.cleaned_data[f"archivo_{a.pk}"],
                self.cleaned_data[f"motivo_{a.pk}"],
            )
            for a in self.archivos
        ]
