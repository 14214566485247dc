"""What is done with several cases at once, wherever they are listed: its forms, and what came of each.

Who may, and whether it may be done, the door says of each case. No pages here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import RegexValidator
from django.http import HttpRequest
from django.utils import timezone

from casos.actos import ASIGNAR, PLANEAR, Acto
from casos.catalogos import ROLES_COMERCIALES
from casos.formularios.campos import CampoFuturo, linea, texto
from casos.lecturas.paginas import TAMANO
from casos.models import Caso, Usuario
from casos.pasos.en_tanda import Salida, en_tanda
from casos.permisos.cargos import cargo_de_gerencia, cargos


class CasosElegidos(forms.Field):
    """Values ``folio:version seen``, at most a page of them."""

    widget = forms.MultipleHiddenInput
    forma = RegexValidator(
        r"^SV-[0-9]{4}-[0-9]{6}:[0-9]{1,10}\Z", message="Elige casos de la lista."
    )

    def to_python(self, value):
        elegidos = {}
        for texto_elegido in (value or [])[: TAMANO + 1]:
            self.forma(texto_elegido)
            folio, _, vista = texto_elegido.partition(":")
            elegidos[folio] = int(vista)
        if len(elegidos) > TAMANO:
            raise forms.ValidationError("Elige los casos de una sola página.")
        return elegidos


class ConCasos(forms.Form):
    caso = CasosElegidos(
        error_messages={
            "required": "Elige al menos un caso.",
            "invalid": "Elige casos de la lista.",
        }
    )

    def __init__(self, data=None, *, usuario: Usuario):
        # Beside others on one page: no id is another's.
        prefijo = f"{type(self).__name__.lower()}-%s"
        super().__init__(data, auto_id=prefijo, label_suffix="")
        self.usuario = usuario

    @property
    def de_los_casos(self) -> list[str]:
        """What is wrong with what was ticked."""
        return list(self.errors.get("caso", ())) if self.is_bound else []


class AsignacionForm(ConCasos):
    responsable = forms.ModelChoiceField(
        label="Asignar a",
        queryset=Usuario.objects.none(),
        empty_label="Elige a la persona",
        error_messages={
            "required": "Elige a quién se los asignas.",
            "invalid_choice": "Elige a una persona activa de la lista.",
        },
    )

    def __init__(self, data=None, *, usuario: Usuario):
        super().__init__(data, usuario=usuario)
        self.fields["responsable"].queryset = Usuario.objects.comerciales()

    def datos(self, caso: Caso) -> dict[str, Any]:
        cargo = cargo_de_gerencia(self.usuario)
        return {
            "responsable": self.cleaned_data["responsable"].pk,
            "ordeno": cargo.usuario_id if cargo else self.usuario.pk,
            "ordeno_verbal": "",
            "ordeno_en": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
            "version": self.cleaned_data["caso"][caso.folio],
        }


class PlanForm(ConCasos):
    proxima_accion = linea("Siguiente acción", 200)
    proxima_fecha = CampoFuturo(label="Para el")
    motivo_sustitucion = texto("Por qué lo haces en lugar de quien lo lleva", 500, filas=1)

    def __init__(self, data=None, *, usuario: Usuario):
        super().__init__(data, usuario=usuario)
        self.fields["proxima_accion"].error_messages["required"] = "Escribe qué sigue."
        self.fields["proxima_fecha"].error_messages["required"] = "Escribe para qué día."
        # Of their own cases no reason is asked (rule 3): of another's the door does.
        self.fields["motivo_sustitucion"].required = False
        if cargo_de_gerencia(usuario) is None:
            del self.fields["motivo_sustitucion"]

    def datos(self, caso: Caso) -> dict[str, Any]:
        dichos = {c: v for c, v in self.cleaned_data.items() if c != "caso"}
        return dichos | {"version": caso.version}


class Tanda:
    """The acts that a person may do on several rows, and what came of the last one."""

    def __init__(self, usuario: Usuario, acto: Acto | None = None, datos: Any = None):
        self.usuario, self.acto = usuario, acto
        self.es_gerencia = cargo_de_gerencia(usuario) is not None
        self.asignar = AsignacionForm(datos if acto is ASIGNAR else None, usuario=usuario)
        self.planear = PlanForm(datos if acto is PLANEAR else None, usuario=usuario)
        self.salidas: list[Salida] = []
        self.ausentes: list[str] = []  # folios that this person no longer sees
        sin_hacer = datos.getlist("caso")[:TAMANO] if datos is not None else []
        self.elegidos = {c.partition(":")[0] for c in sin_hacer}  # what stays ticked

    @property
    def form(self) -> Any:
        return self.asignar if self.acto is ASIGNAR else self.planear

    @property
    def errores(self) -> list[str]:
        return self.form.de_los_casos if self.acto else []

    @property
    def hechos(self) -> list[Caso]:
        return [s.caso for s in self.salidas if not s.rechazo]

    @property
    def rechazos(self) -> list[Salida]:
        return [s for s in self.salidas if s.rechazo]

    @property
    def listo(self) -> str:
        """What was done, with the folio of each."""
        cuantos = len(self.hechos)
        quedo = "1 caso quedó" if cuantos == 1 else f"{cuantos} casos quedaron"
        if self.acto is ASIGNAR:
            asignado = "asignado" if cuantos == 1 else "asignados"
            que = f"{quedo} {asignado} a {self.asignar.cleaned_data['responsable']}"
        else:
            que = f"{quedo} con su siguiente acción"
        return f"Listo: {que} ({', '.join(c.folio for c in self.hechos)})."

    @property
    def ya_no_estan(self) -> str:
        """What was ticked and is nobody's to tell any more."""
        if not self.ausentes:
            return ""
        if not self.salidas:
            return "Esos casos ya no están en tu lista."
        estan = "está" if len(self.ausentes) == 1 else "están"
        return f"Ya no {estan} en tu lista: {', '.join(self.ausentes)}."

    def decir(self, request: HttpRequest) -> None:
        """To the page that is gone to, once there is nothing to mend."""
        if self.hechos:
            messages.success(request, self.listo)
        if self.ausentes:
            messages.error(request, self.ya_no_estan)

    def marcables(self, casos: Iterable[Caso]) -> set[int]:
        """Of those rows, the ones that something may be done with at once."""
        abiertos = [c for c in casos if c.es_abierto]
        if self.es_gerencia:
            return {c.pk for c in abiertos}
        suyos = {c.usuario_id for c in cargos(self.usuario) if c.rol in ROLES_COMERCIALES}
        return {c.pk for c in abiertos if c.responsable_id in suyos}

    def hacer(self) -> bool:
        """Do it, case by case; whether what was typed was good and no case refused it."""
        assert self.acto is not None
        if not self.form.is_valid():
            return False
        vistos = self.form.cleaned_data["caso"]
        casos = Caso.objects.visibles_para(self.usuario).filter(folio__in=vistos).order_by("pk")
        self.salidas = en_tanda(self.acto, self.usuario, casos, self.form.datos)
        self.ausentes = sorted(set(vistos) - {s.caso.folio for s in self.salidas})
        self.elegidos = {s.caso.folio for s in self.rechazos}
        return not self.rechazos
