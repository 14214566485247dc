"""7.1 of a case that the firm already had open in a workbook: registered as it is, a row at a time.

Where it stood there is a note, never a state: the team moves it with true data. Its clocks begin here.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms

from casos import calendario
from casos.actos import REGISTRAR
from casos.formularios.base import Datos
from casos.formularios.campos import CampoFuturo, linea, texto
from casos.models import Concepto, Importacion, Procedencia, Usuario
from casos.permisos.cargos import trae_casos

from .en_curso import ActoEnCurso, Apertura
from .puerta import ActoHecho, abrir
from .registro import RegistrarForm, registrar
from .situacion import Clase, Falta, Rechazo, Situacion
from .tabla import Paso

PARA_PONERSE_AL_DIA = 5  # business days: hundreds that come in at once are not all due tomorrow
NO_LE_TOCA = "Los casos los traen gerencia y Dirección."


class _Dato(forms.CharField):
    """What goes into the chain as it is."""

    es_valor = True


class TraerForm(RegistrarForm):
    """A row of the workbook, as the page of 7.1 would be filled in; and where it comes from."""

    antiguedad, muy_vieja = timedelta(days=5 * 366), "Fue hace más de cinco años: revisa la fecha."

    referencia = linea("Su referencia", 60, requerido=False)
    donde_va = texto("Dónde iba", 2000, requerido=False)
    proxima_accion = linea("Siguiente acción", 200, requerido=False)
    proxima_fecha = CampoFuturo(label="Fecha de la siguiente acción", required=False)
    viene_de = linea("Viene de", 300)
    hoja_sha256 = _Dato(min_length=64, max_length=64)
    renglon = forms.IntegerField(min_value=1, max_value=2_000_000)
    clave = _Dato(min_length=64, max_length=64)
    importacion = forms.ModelChoiceField(Importacion.objects.none())

    def conceptos_que_pregunta(self) -> list[Concepto]:
        return []  # its figures are typed when it is analysed

    def preparar(self) -> None:
        super().preparar()
        self.ofrecer("importacion", Importacion.objects.filter(autor=self.usuario))

    def clean(self) -> Datos:
        datos = super().clean()
        if datos.get("proxima_fecha"):
            self.exigir("proxima_accion", "Falta la siguiente acción.")
        return datos


def _traer(a: Apertura[TraerForm]) -> ActoEnCurso[TraerForm, Any]:
    en_curso: ActoEnCurso[Any, Any] = registrar(a)  # type: ignore[arg-type]  # its form is one of those
    caso, d = en_curso.caso, a.datos
    hoy = calendario.hoy()
    al_dia = calendario.sumar_habiles(hoy, PARA_PONERSE_AL_DIA)
    caso.estado_desde = a.ahora
    caso.primer_plazo_fecha = max(filter(None, [al_dia, d["proxima_fecha"]]), default=None)
    caso.proxima_accion, caso.proxima_fecha = d["proxima_accion"], d["proxima_fecha"]
    en_curso.sin_cartas = True
    Procedencia.objects.create(
        caso=caso,
        importacion=d["importacion"],
        renglon=d["renglon"],
        referencia=d["referencia"],
        clave=d["clave"],
    )
    return en_curso


TRAER = Paso(REGISTRAR, TraerForm, _traer)


def traer(usuario: Usuario, datos: dict[str, Any]) -> ActoHecho:
    """One row becomes a case, with its client, contract and person where they are new. Raises ``Rechazo``."""
    if not trae_casos(usuario):
        falta = Falta(NO_LE_TOCA)
        raise Rechazo(Situacion(Clase.AJENO, REGISTRAR, usuario, faltas=(falta,)))
    return abrir(TRAER, usuario, datos)
