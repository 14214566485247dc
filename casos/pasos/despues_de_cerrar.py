"""7.7, once it is closed: did what was agreed arrive, what does the client say, is it reopened.

The questions are left when a case closes as modified; from their day on they wait in *Mis pendientes*. A case that
is reopened asks no more, and asks anew when it closes again.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from casos import calendario
from casos.actos import COMPROBAR, LLEGO, NO_REABRIR, REGISTRAR_SATISFACCION
from casos.catalogos import Estado, EstadoAjuste, Medio, QueAjusta, Rol, SiNo
from casos.formularios.base import Datos, FormularioPaso
from casos.formularios.campos import CampoPasado, ahora_local, con, marca, radios, texto
from casos.formularios.quien_lo_pide import ConPersona
from casos.models import Ajuste, Comprobacion, Satisfaccion, Usuario
from casos.models.despues import (
    BAJA,
    CALIFICACION_MAXIMA,
    RESPUESTAS_DEL_CLIENTE,
    EstadoComprobacion,
    EstadoSatisfaccion,
)
from casos.permisos.lectura import Lee

from .contacto import persona_de
from .en_curso import ActoEnCurso
from .tabla import paso

CONTESTO = f"que_paso={EstadoSatisfaccion.CONTESTO}"
SE_HABLO = f"que_paso={EstadoSatisfaccion.CONTESTO}|{EstadoSatisfaccion.NO_QUISO}"
BAJAS = f"calificacion={'|'.join(str(n) for n in range(BAJA + 1))}"


class ComprobarForm(FormularioPaso):
    """Yes; or no, and what arrived otherwise."""

    llego = radios(
        "¿Llegó como se acordó?", LLEGO, bitacora="Llegó como se acordó", palabras=dict(LLEGO)
    )
    diferencia = texto(
        "Qué llegó distinto",
        requerido=False,
        muestra_si=f"llego={SiNo.NO}",
        lee=Lee.QUIEN_LEE_LO_INTERNO,
        ayuda="Con esto, Dirección decide si se reabre.",
    )

    def clean(self) -> Datos:
        datos = super().clean()
        if datos.get("llego") == SiNo.NO:
            self.exigir("diferencia", "Falta qué llegó distinto.")
        elif datos.get("llego"):
            datos["diferencia"] = ""
        return datos


class RegistrarSatisfaccionForm(ConPersona):
    """What the client answered to one question, 0 to 10; or that they did not."""

    persona_requerida = False
    secciones = [
        ("Qué dijo", ["que_paso", "calificacion", "comentario", "pide_reabrir"]),
        ("Con quién", ["persona", "persona_nombre", "cuando", "medio"]),
    ]

    que_paso = radios("¿Contestó?", RESPUESTAS_DEL_CLIENTE, bitacora="Qué pasó")
    calificacion = con(
        forms.TypedChoiceField(
            label="Del 0 al 10, ¿qué tan satisfecho está con el cambio?",
            choices=[("", "Elige"), *((n, str(n)) for n in range(CALIFICACION_MAXIMA + 1))],
            coerce=int,
            empty_value=None,
            required=False,
            error_messages={"invalid_choice": "Elige del 0 al 10."},
        ),
        muestra_si=CONTESTO,
        bitacora="Calificación",
    )
    comentario = texto("Por qué, con sus palabras", requerido=False, muestra_si=CONTESTO)
    pide_reabrir = marca(
        "El cliente pide que se revise",
        ayuda="Solo si lo dijo: Dirección decide si se reabre el caso.",
        muestra_si=BAJAS,
        bitacora="Pide que se revise",
    )
    cuando = con(CampoPasado(label="Cuándo", initial=ahora_local))
    medio = radios("Por dónde se le preguntó", Medio.choices, bitacora="Medio")

    def preparar(self) -> None:
        super().preparar()
        self.fields["comentario"].personal = True  # type: ignore[attr-defined]

    def clean(self) -> Datos:
        datos = super().clean()
        que = datos.get("que_paso")
        if que == EstadoSatisfaccion.CONTESTO:
            self.exigir("calificacion", "Falta la calificación. Si no la dio, elige que no quiso.")
        elif que:
            datos |= {"calificacion": None, "comentario": ""}
        calificacion = datos.get("calificacion")
        if calificacion is None or calificacion > BAJA:
            datos["pide_reabrir"] = False
        if que and que != EstadoSatisfaccion.NO_SE_LOCALIZO and not datos.get("persona_nombre"):
            self.exigir("persona", "Falta decir con quién.")
        if cerrado := self.caso.cerrado_en:
            self.no_antes("cuando", cerrado, "se cerrara el caso")
        return datos


def preguntar_si_llego(en_curso: ActoEnCurso[Any, Any]) -> None:
    """Closed as modified: Nóminas is asked once its first period ended, and the client then too.

    Where Nóminas adjusted nothing there is no payment to look at: only the client is asked, once it applies.
    """
    caso, h = en_curso.caso, en_curso.hechos
    de_nomina = [a for a in h.ajustes_actuales if _pago(a)]
    assert caso.vigor_fecha is not None
    de_cada = [(a.area, _desde(a, caso.vigor_fecha)) for a in de_nomina]
    al_cliente = max([desde for _, desde in de_cada], default=caso.vigor_fecha)
    plazos = {d: _plazo(d) for d in {al_cliente, *(desde for _, desde in de_cada)}}
    Comprobacion.objects.bulk_create(
        Comprobacion(caso=caso, area=area, **plazos[desde]) for area, desde in de_cada
    )
    Satisfaccion.objects.create(caso=caso, **plazos[al_cliente])
    if Usuario.objects.activos().filter(rol=Rol.AC).exists():
        caso.paso_por_atencion = True  # they put the question: they may open it


def _pago(ajuste: Ajuste) -> bool:
    return ajuste.area.que_ajusta == QueAjusta.NOMINA and ajuste.estado == EstadoAjuste.CONFIRMADO


def _desde(ajuste: Ajuste, vigor: date) -> date:
    """The day after its first period; of an answer without one, when it applies."""
    return ajuste.periodo_fin + timedelta(days=1) if ajuste.periodo_fin else vigor


def _plazo(desde: date) -> Datos:
    """From a day on, or from today where it has passed."""
    desde = max(desde, calendario.hoy())
    instante = timezone.make_aware(datetime.combine(desde, time(12)))
    return {"desde_fecha": desde, "vence": calendario.fecha_para(Estado.CERRADO, instante)}


def dejar_de_preguntar(en_curso: ActoEnCurso[Any, Any]) -> None:
    """Reopened: what was asked of the former closing is asked no more, and nobody asks to reopen it."""
    preguntas = [*en_curso.hechos.comprobaciones, *en_curso.hechos.satisfacciones]
    for fila in preguntas:
        if fila.esta_pendiente:
            en_curso.cambiar(fila, estado="CANCELADA")
    en_curso.caso.reapertura_pedida_en, en_curso.caso.reapertura_motivo = None, ""


def _pedir_que_se_reabra(en_curso: ActoEnCurso[Any, Any], motivo: str) -> None:
    """For who reopens it to decide; a second one joins the first."""
    caso = en_curso.caso
    caso.reapertura_motivo = f"{caso.reapertura_motivo}\n{motivo}".strip()[:3000]
    caso.reapertura_pedida_en = caso.reapertura_pedida_en or en_curso.ahora
    en_curso.datos_extra["pide_que_se_reabra"] = True


def decir_que_llego_distinto(form: FormularioPaso) -> None:
    """Beside the reason of who decides on it; it is no part of the reason, which others read."""
    no = [c for c in form.hechos.comprobaciones if c.estado == EstadoComprobacion.NO_LLEGO]
    if form.caso.reapertura_pedida_en and no:
        dicho = "; ".join(f"{c.area}: {c.diferencia}" for c in no)
        form.fields["motivo"].help_text = f"Qué llegó distinto, según {dicho}"


@paso(COMPROBAR, ComprobarForm)
def comprobar(en_curso: ActoEnCurso[ComprobarForm, Comprobacion]) -> None:
    """§7.7 "Es responsabilidad de cada área hacer el ajuste necesario": whether it came out so."""
    d, fila = en_curso.datos, en_curso.fila
    llego = d["llego"] == SiNo.SI
    en_curso.cambiar(
        fila,
        estado=EstadoComprobacion.LLEGO if llego else EstadoComprobacion.NO_LLEGO,
        diferencia=d["diferencia"],
        respondida_por=en_curso.usuario,
        respondida_en=en_curso.ahora,
    )
    if not llego:
        # What arrived otherwise stays with the answer: whoever sees the case reads why it was reopened.
        _pedir_que_se_reabra(en_curso, f"{fila.area} dice que no llegó como se acordó.")


@paso(REGISTRAR_SATISFACCION, RegistrarSatisfaccionForm)
def registrar_satisfaccion(
    en_curso: ActoEnCurso[RegistrarSatisfaccionForm, Satisfaccion],
) -> None:
    """What the client says of the change, once it is in force."""
    d = en_curso.datos
    en_curso.cambiar(
        en_curso.fila,
        estado=d["que_paso"],
        calificacion=d["calificacion"],
        comentario=d["comentario"],
        pide_reabrir=d["pide_reabrir"],
        persona=persona_de(en_curso),
        cuando=d["cuando"],
        medio=d["medio"],
        respondida_por=en_curso.usuario,
        respondida_en=en_curso.ahora,
    )
    if d["pide_reabrir"]:
        # Their words stay with the answer, which not everybody reads.
        _pedir_que_se_reabra(
            en_curso, f"El cliente califica con {d['calificacion']} y pide que se revise."
        )


class NoReabrirForm(FormularioPaso):
    motivo = texto("Motivo", 1000, lee=Lee.QUIEN_LEE_LO_INTERNO)

    def preparar(self) -> None:
        super().preparar()
        decir_que_llego_distinto(self)


@paso(NO_REABRIR, NoReabrirForm)
def no_reabrir(en_curso: ActoEnCurso[NoReabrirForm, None]) -> None:
    """What was asked stays in the log with the reason; it asks nobody any longer."""
    en_curso.textos_extra["motivo_anterior"] = (
        "Se pidió reabrir", en_curso.caso.reapertura_motivo,
    )  # fmt: skip
    en_curso.caso.reapertura_pedida_en, en_curso.caso.reapertura_motivo = None, ""
