"""Deadlines, the hours of the week, the days that do not count and the sites. What moves a deadline recomputes all."""

from django import forms
from django.contrib import admin, messages
from django.db import transaction

from casos import calendario
from casos.formularios.campos import con
from casos.models import DiaInhabil, Jornada, Plazo, Sede
from casos.panel.modelos import DeGerencia
from casos.pasos import recalculo
from casos.tiempo_habil import DE_SIEMPRE
from casos.web.formatos import plural


def recalcular_despues(request):
    """The deadlines of the open cases, once what moves them is saved (D§4.3)."""

    recalculo.pedir_recalculo()

    def despues():
        cuantos, falta = recalculo.recalcular_lo_pedido(recalculo.AL_GUARDAR)
        if falta:  # the worker goes on within the minute
            messages.info(
                request,
                "Se están recalculando los vencimientos de los casos abiertos: son muchos y tarda unos minutos.",
            )
        elif cuantos:
            messages.info(
                request, f"Se recalculó el vencimiento de {plural(cuantos, 'caso,casos')}."
            )

    # In the panel's transaction every open case would stay locked until the last one is done.
    transaction.on_commit(despues)


class MuevePlazos(DeGerencia):
    """Saving or deleting it recomputes the deadlines of the open cases."""

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        recalcular_despues(request)

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        recalcular_despues(request)


@admin.register(Plazo)
class PlazoAdmin(MuevePlazos):
    list_display = ["estado", "dias"]
    fields = ["estado", "dias"]

    def puede_agregar(self, request):
        return False

    def get_readonly_fields(self, request, obj=None):
        return ["estado"]


@admin.register(Sede)
class SedeAdmin(DeGerencia):
    """Which areas work there is said at each area; which days it closes, at each day."""

    list_display = ["nombre"]
    fields = ["nombre"]


class CampoHora(forms.TimeField):
    """Django's own comes with a script."""

    widget = forms.TimeInput({"type": "time"}, format="%H:%M")
    default_error_messages = {"invalid": "Escribe la hora como 14:00."}


class DiaInhabilForm(forms.ModelForm):
    class Meta:
        model = DiaInhabil
        fields = ["fecha", "motivo", "hasta", "sede", "origen"]
        field_classes = {"hasta": CampoHora}
        widgets = {"hasta": CampoHora.widget}

    def clean(self):
        datos = super().clean()
        fecha, hasta = datos.get("fecha"), datos.get("hasta")
        if fecha is None or "hasta" in self.errors:
            return datos
        if hasta is not None:
            self._medio_dia(fecha, hasta.hour * 60 + hasta.minute)
        dia = DiaInhabil(pk=self.instance.pk, fecha=fecha, hasta=hasta, sede=datos.get("sede"))
        if not self.errors and calendario.anios_sin_habiles([fecha.year], dia=dia):
            self.add_error(
                "fecha",
                f"Sin ese día no quedaría ninguno hábil en {fecha.year}: nada tendría fecha de vencimiento.",
            )
        return datos

    def _medio_dia(self, fecha, minuto):
        """Half a day is some of what its weekday has."""
        nombre = Jornada.DIAS[fecha.weekday()][1]
        horas = calendario.de_un_dia(fecha)
        if horas is None:
            self.add_error("hasta", f"El {nombre} no se trabaja: quita la hora.")
        elif minuto <= horas.desde:
            self.add_error(
                "hasta",
                f"El {nombre} se empieza a las {_hora(horas.desde)}: escribe una hora posterior, "
                "o quítala si no se trabaja.",
            )
        elif minuto >= horas.hasta:
            self.add_error(
                "hasta",
                f"El {nombre} termina de por sí a las {_hora(horas.hasta)}: pon una hora anterior.",
            )


def _hora(minuto):
    return f"{minuto // 60}:{minuto % 60:02}"


@admin.register(DiaInhabil)
class DiaInhabilAdmin(MuevePlazos):
    """The one thing that is deleted: a day put there by mistake is nobody's history."""

    form = DiaInhabilForm
    list_display = ["fecha", "motivo", "hasta", "sede", "origen"]
    list_filter = ["origen", "sede"]
    list_select_related = ["sede"]
    ordering = ["-fecha", "pk"]
    fields = ["fecha", "motivo", "hasta", "sede", "origen"]

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)


# -- the hours of the week, among the settings --------------------------------------------------------


def _nombres(dia):
    return f"trabaja_{dia}", f"desde_{dia}", f"hasta_{dia}"


RENGLONES = [_nombres(dia) for dia, _ in Jornada.DIAS]


def _hora_de(etiqueta):
    # The heading says what it is without an hour: no mark on each of the fourteen.
    return con(CampoHora(label=etiqueta, required=False), sin_marca=True)


def _campos_de(dia, nombre):
    trabaja, desde, hasta = _nombres(dia)
    return {
        trabaja: forms.BooleanField(label=nombre.capitalize(), required=False),
        desde: _hora_de(f"{nombre.capitalize()}, desde"),
        hasta: _hora_de(f"{nombre.capitalize()}, hasta"),
    }


_DECLARADOS = {c: campo for d in Jornada.DIAS for c, campo in _campos_de(*d).items()}


class ConJornadas(type("LaSemana", (forms.ModelForm,), _DECLARADOS)):
    """The seven weekdays, each with its hours; they are rows of their own."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.guardadas = {j.dia: j for j in Jornada.objects.all()}
        for dia, _ in Jornada.DIAS:
            j = self.guardadas.get(dia) or Jornada(dia=dia, se_trabaja=DE_SIEMPRE[dia] is not None)
            for nombre, valor in zip(_nombres(dia), (j.se_trabaja, j.desde, j.hasta), strict=True):
                self.initial.setdefault(nombre, valor)

    def clean(self):
        datos = super().clean()
        for dia, _ in Jornada.DIAS:
            self._revisar(dia, datos)
        if not any(datos.get(trabaja) for trabaja, _, _ in RENGLONES):
            self.add_error(
                RENGLONES[0][0], "Marca al menos un día: sin ninguno nada tendría fecha."
            )
        if not self.errors:
            este = calendario.hoy().year
            for anio in calendario.anios_sin_habiles([este, este + 1], jornadas=self.jornadas()):
                self.add_error(
                    RENGLONES[0][0],
                    f"Con esos días y los inhábiles no quedaría ninguno hábil en {anio}.",
                )
        return datos

    def _revisar(self, dia, datos):
        trabaja, desde, hasta = _nombres(dia)
        if desde in self.errors or hasta in self.errors:
            return
        de, a = datos.get(desde), datos.get(hasta)
        if (de or a) and not datos.get(trabaja):
            self.add_error(trabaja, "Márcalo, o quita sus horas.")
        elif de and not a:
            self.add_error(hasta, "Falta hasta qué hora.")
        elif a and not de:
            self.add_error(desde, "Falta desde qué hora.")
        elif de and a and a <= de:
            self.add_error(hasta, f"Debe terminar después de las {de:%H:%M}.")

    def jornadas(self):
        """The week as it was typed."""
        return [
            Jornada(
                dia=dia,
                **dict(zip(CAMPOS, (self.cleaned_data[n] for n in _nombres(dia)), strict=True)),
            )
            for dia, _ in Jornada.DIAS
        ]

    def guardar_jornadas(self):
        """Those that changed; whether there were any."""
        cambiaron = False
        for nueva in self.jornadas():
            fila = self.guardadas.get(nueva.dia) or Jornada(
                dia=nueva.dia, se_trabaja=DE_SIEMPRE[nueva.dia] is not None
            )
            if all(getattr(fila, c) == getattr(nueva, c) for c in CAMPOS):
                continue
            for campo in CAMPOS:
                setattr(fila, campo, getattr(nueva, campo))
            fila.save()
            cambiaron = True
        return cambiaron


CAMPOS = ("se_trabaja", "desde", "hasta")
EL_HORARIO = (
    "Días y horas de trabajo",
    {
        "fields": RENGLONES,
        "description": "Lo que cuenta como día hábil. Sin horas, el día cuenta completo, de las 0 a las 24.",
    },
)
