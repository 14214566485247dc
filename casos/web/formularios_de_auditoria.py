"""Forms of the auditor's desk: a sample, a note, a finding and each of its steps."""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from casos.auditorias.hallazgos import PASOS
from casos.auditorias.muestreo import TAMANO_MAXIMO
from casos.formularios.campos import CampoFecha, CampoFuturo, de_lista, linea, radios, texto
from casos.formularios.fallos import ignorados
from casos.formularios.faltas import decir_que_falta
from casos.models import Caso, ClausulaISO, Hallazgo, Usuario
from casos.vocabulario_de_auditoria import (
    TODOS,
    EstadoHallazgo,
    Estrato,
    TipoHallazgo,
    Universo,
)

VUELVE_A_ABRIRLA = "La página llegó incompleta: vuelve a abrirla."


class DeAuditoria(forms.Form):
    """What they share: no colon after a label, and each empty field says what is missing."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, label_suffix="", **kwargs)
        decir_que_falta(self.fields)


class QueHaceUno(DeAuditoria):
    """Of something new: ``ficha`` is its page's, so that it sent twice is one."""

    ficha = forms.UUIDField(
        required=False,
        initial=uuid.uuid4,
        widget=forms.HiddenInput,
        error_messages={"invalid": VUELVE_A_ABRIRLA},
    )


class MuestraForm(QueHaceUno):
    """Of which cases, how many, by what they are told apart, and the seed."""

    alcance = linea(
        "Alcance", 200, requerido=False, ayuda="Para el informe: qué se audita y con qué motivo."
    )
    universo = radios("De qué casos", Universo.choices, inicial=Universo.CERRADOS)
    desde = CampoFecha(label="Desde", error_messages={"required": "Escribe desde cuándo."})
    hasta = CampoFecha(label="Hasta", error_messages={"required": "Escribe hasta cuándo."})
    tamano = forms.IntegerField(
        label="Cuántos casos",
        min_value=1,
        max_value=TAMANO_MAXIMO,
        initial=10,
        error_messages={
            "required": "Escribe cuántos casos.",
            "invalid": "Escribe un número entero.",
            "min_value": "Pide al menos un caso.",
            "max_value": f"Pide {TAMANO_MAXIMO} casos o menos.",
        },
    )
    estrato = forms.ChoiceField(
        label="Estratos",
        choices=Estrato.choices,
        required=False,
        help_text="Cada grupo da casos en proporción a los que tiene, y al menos uno.",
        error_messages={"invalid_choice": "Elige de la lista."},
    )
    semilla = linea(
        "Semilla",
        40,
        ayuda="Con la misma semilla y los mismos datos salen los mismos casos. Puedes escribir otra.",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.vista = ""  # a seed of each opening is no change
        self.fields["semilla"].error_messages["required"] = "Escribe la semilla."
        self.fields["universo"].error_messages["required"] = "Elige de qué casos."
        self.fields["estrato"].sin_marca = True  # type: ignore[attr-defined]
        if not self.is_bound:
            hoy = timezone.localdate()
            # What an audit covers as a rule, and enough cases for the number that is offered.
            propios = {"desde": hoy - timedelta(days=365), "hasta": hoy}
            self.initial = {**propios, "semilla": secrets.token_hex(4), **self.initial}

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or self.cleaned_data
        if datos.get("desde") and datos.get("hasta") and datos["desde"] > datos["hasta"]:
            self.add_error("hasta", "La fecha final es anterior a la inicial.")
        return datos


class ConVersion(DeAuditoria):
    """Over something that may have changed meanwhile: ``vista`` is what it was opened on."""

    version = forms.IntegerField(
        min_value=0,
        max_value=2_000_000_000,
        widget=forms.HiddenInput,
        error_messages={"required": VUELVE_A_ABRIRLA, "invalid": VUELVE_A_ABRIRLA},
    )

    def __init__(self, *args: Any, vista: int = 0, **kwargs: Any):
        kwargs["initial"] = {"version": vista} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.vista = vista


class NotaForm(ConVersion):
    texto = texto("Nota", 4000, requerido=False, filas=6)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.initial.get("texto"):
            self.fields["texto"].help_text = "Vacía, la nota se quita."


def _personas() -> Any:
    return Usuario.objects.activos().order_by("first_name", "last_name", "pk")


def _de_quien(requerido: bool) -> forms.ModelChoiceField:
    return de_lista(
        "Responsable",
        Usuario.objects.none(),
        requerido=requerido,
        ajena="Elige a una persona activa de la lista.",
        ayuda="Recibe un correo y lo encuentra en Mis pendientes.",
    )


class HallazgoForm(QueHaceUno):
    """What was found. ``del_caso``: the case is given by the page, and is not asked."""

    tipo = radios("Clase", TipoHallazgo.choices)
    clausula = de_lista(
        "Cláusula",
        ClausulaISO.objects.none(),
        vacio="Elige la cláusula",
        falta="Elige la cláusula.",
        ajena="Elige una cláusula de la lista.",
    )
    folio = linea(
        "Folio del caso", 14, requerido=False, ayuda="Si es de un caso, por ejemplo SV-2026-000123."
    )
    encontrado = texto("Qué se encontró", 4000, filas=4)
    evidencia = texto("Evidencia", 2000, filas=3, ayuda="Renglón, archivo o documento donde se ve.")
    responsable = _de_quien(requerido=False)
    vence = CampoFuturo(label="Fecha compromiso", required=False)
    accion = texto(
        "Acción correctiva",
        4000,
        requerido=False,
        ayuda="Si la propone el responsable, déjala vacía.",
    )

    def __init__(self, *args: Any, usuario: Usuario, del_caso: Caso | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.vista = ""
        self.usuario, self.caso = usuario, del_caso
        self.fields["tipo"].error_messages["required"] = "Elige la clase."
        self.fields["evidencia"].error_messages["required"] = "Escribe la evidencia."
        self.fields["clausula"].queryset = ClausulaISO.objects.filter(activa=True)  # type: ignore[attr-defined]
        self.fields["responsable"].queryset = _personas()  # type: ignore[attr-defined]
        if del_caso is not None:
            del self.fields["folio"]

    def clean_folio(self) -> str:
        folio = self.cleaned_data["folio"].upper()
        if folio:
            self.caso = Caso.objects.visibles_para(self.usuario).filter(folio=folio).first()
            if self.caso is None:
                raise forms.ValidationError("No hay un caso con ese folio.")
        return folio

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or self.cleaned_data
        for uno, otro, dicho in (
            ("responsable", "vence", "Escribe para cuándo: va con su responsable."),
            ("vence", "responsable", "Elige quién responde: va con su fecha."),
        ):
            if datos.get(uno) and not datos.get(otro) and otro not in self.errors:
                self.add_error(otro, dicho)
        return datos


class PasoForm(ConVersion):
    """A step of a finding; what it asks are the arguments of its function."""


class AsignarForm(PasoForm):
    responsable = _de_quien(requerido=True)
    vence = CampoFuturo(
        label="Fecha compromiso", error_messages={"required": "Escribe la fecha compromiso."}
    )
    accion = texto(
        "Acción correctiva",
        4000,
        requerido=False,
        ayuda="Si la propone el responsable, déjala vacía.",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["responsable"].queryset = _personas()  # type: ignore[attr-defined]


class AccionForm(PasoForm):
    accion = texto(
        "Acción correctiva",
        4000,
        filas=5,
        ayuda="Qué se hará para quitar la causa y que no se repita.",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["accion"].error_messages["required"] = "Escribe la acción correctiva."


class AtenderForm(AccionForm):
    hecho_fecha = CampoFecha(label="Qué día se hizo")
    como = texto("Qué se hizo", 4000, filas=4, ayuda="Y dónde se ve que se hizo.")
    field_order = ("accion", "como", "hecho_fecha")


class VerificarForm(PasoForm):
    verificacion = texto("Cómo se verificó que fue eficaz", 4000, filas=4)


class RegresarForm(PasoForm):
    verificacion = texto("Por qué no fue eficaz", 4000, filas=4)
    vence = CampoFuturo(
        label="Nueva fecha compromiso",
        error_messages={"required": "Escribe la nueva fecha compromiso."},
    )


class DescartarForm(PasoForm):
    porque = texto("Por qué se cierra sin acción", 4000, filas=3)


DE_CADA_PASO: dict[str, type[PasoForm]] = {
    "asignar": AsignarForm,
    "accion": AccionForm,
    "atender": AtenderForm,
    "verificar": VerificarForm,
    "regresar": RegresarForm,
    "descartar": DescartarForm,
}
assert set(DE_CADA_PASO) == set(PASOS)


def lo_escrito(hallazgo: Hallazgo) -> dict[str, Any]:
    """What a step's form begins with: what the finding says already."""
    return {
        "responsable": hallazgo.responsable_id,
        "vence": hallazgo.vence
        if hallazgo.vence and hallazgo.vence >= timezone.localdate()
        else None,
        "accion": hallazgo.accion,
    }


class FiltroHallazgos(forms.Form):
    """Which findings; nonsense is said and ignored."""

    estado = forms.ChoiceField(
        label="Estado",
        choices=[("", "Abiertos"), (TODOS, "Todos"), *EstadoHallazgo.choices],
        required=False,
        error_messages={"invalid_choice": "Elige un estado de la lista."},
    )
    tipo = forms.ChoiceField(
        label="Clase",
        choices=[("", "Todas"), *TipoHallazgo.choices],
        required=False,
        error_messages={"invalid_choice": "Elige una clase de la lista."},
    )

    def __init__(self, datos: Any = None):
        super().__init__(datos if datos is not None else {}, label_suffix="")
        for campo in self.fields.values():
            campo.sin_marca = True  # type: ignore[attr-defined]
        self.full_clean()

    @property
    def ignorados(self) -> list[str]:
        return ignorados(self)
