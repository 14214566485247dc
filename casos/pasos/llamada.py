"""7.2 as it is written down while one hangs up: whether they answered, a line, and when to call again.

The same acts and the same functions as the long form (``contacto``), with less to fill in: what is not asked
stands on the form as it will be recorded, and may be changed there.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from django import forms
from django.utils.formats import date_format

from casos import calendario
from casos.actos import CONTACTAR, REGISTRAR_CONTACTO, Acto
from casos.catalogos import Medio, SiNo
from casos.formularios.base import Datos
from casos.formularios.campos import CampoFuturo, con, linea, radios
from casos.models import Caso

from .contacto import ContactarForm

OTRO_DIA = "otro"
VOLVER_A_LLAMAR = "Volver a llamar"
LUGAR = re.compile(r"[a-z]{1,12}-[0-9]{1,12}\Z")
LUNES, VIERNES = 0, 4


def acto_de_llamada(caso: Caso) -> Acto:
    """The first contact, while there was none; else one more."""
    return CONTACTAR if caso.estado in CONTACTAR.estados else REGISTRAR_CONTACTO


def dias_para_llamar(hoy: date) -> list[tuple[date, str]]:
    """Tomorrow, Monday and Friday, or the business day that comes instead, each with its date; no day twice."""
    dias = {}
    manana = hoy + timedelta(days=1)
    siguiente = calendario.sumar_habiles(hoy, 1)
    if siguiente:
        dias[siguiente] = "Mañana" if siguiente == manana else ""
    for dia in (LUNES, VIERNES):
        caeria = manana + timedelta(days=(dia - manana.weekday()) % 7)
        habil = caeria if calendario.es_habil(caeria) else calendario.sumar_habiles(caeria, 1)
        if habil:
            dias.setdefault(habil, "")
    return [(d, _en_palabras(d, dicho)) for d, dicho in sorted(dias.items())]


def _en_palabras(dia: date, dicho: str) -> str:
    """«Mañana, lunes 30 nov»: the date is always said."""
    fecha = date_format(dia, "l j M").lower()
    return f"{dicho}, {fecha}" if dicho else fecha.capitalize()


class LlamadaForm(ContactarForm):
    """§7.2: a call just made, or tried."""

    secciones = []

    efectivo = radios(
        "¿Contestó?",
        [(SiNo.SI, "Contestó"), (SiNo.NO, "No contestó")],
        bitacora="Hubo comunicación",
        palabras={SiNo.SI: "Sí", SiNo.NO: "No, fue un intento"},
    )
    resumen = linea("Qué se habló", 500, requerido=False, sin_marca=True)
    sigue = radios(VOLVER_A_LLAMAR, [], requerido=False, inicial="", bitacora="", sin_marca=True)
    otro_dia = con(
        CampoFuturo(label="Qué día", required=False), muestra_si=f"sigue={OTRO_DIA}", bitacora=""
    )
    lugar = con(
        forms.CharField(required=False, max_length=30, widget=forms.HiddenInput, label="Lugar"),
        bitacora="",
    )

    def preparar(self) -> None:
        self.initial.setdefault("medio", Medio.TELEFONO)  # a call, and so it says
        super().preparar()
        self.fields["efectivo"].error_messages["required"] = "Di si contestó."
        self.fields["direccion"].widget.attrs.pop("data-muestra-si")
        dias = dias_para_llamar(calendario.hoy())
        opciones = [(f"{dia}", dicho) for dia, dicho in dias]
        sigue = self.fields["sigue"]
        assert isinstance(sigue, forms.ChoiceField)
        sigue.choices = [("", self._sin_dia()), *opciones, (OTRO_DIA, "Otro día")]
        if "proxima_accion" in self.fields:
            self.fields["proxima_accion"].label = "Siguiente acción, si no es volver a llamar"
            sigue.help_text = "Sin día, sigue lo que pide el paso."
        else:
            sigue.help_text = "Si no contestó, «Ya no» deja el día que tenía."
        # Several stand on one page, a row each, and the same case may be in two of them.
        self.auto_id = f"{self.en_su_lugar}-%s"

    @property
    def en_su_lugar(self) -> str:
        """The row it was opened in, which its ids are made of; alone on its page, the case's."""
        lugar = str(self.puesto("lugar") or "")
        return lugar if LUGAR.match(lugar) else f"caso-{self.caso.pk}"

    @property
    def detalle_abierto(self) -> bool:
        """Whether something in what is folded is wrong or unknown."""
        detalle = ("medio", "direccion", "cuando", "persona", "persona_nombre", "proxima_accion")
        return not self["persona"].value() or any(c in self.errors for c in detalle)

    def _sin_dia(self) -> str:
        if self.caso.es_abierto:
            return "Sin día"
        return "Ya no"

    def clean(self) -> Datos:
        datos = super().clean()
        fecha, sigue = None, datos.get("sigue")
        if sigue == OTRO_DIA:
            self.exigir("otro_dia", "Falta qué día.")
            fecha = datos.get("otro_dia")
        elif sigue:
            fecha = date.fromisoformat(sigue)
        datos["proxima_fecha"] = fecha
        if fecha and "proxima_accion" in self.fields and not datos.get("proxima_accion"):
            datos["proxima_accion"] = VOLVER_A_LLAMAR
        return datos
