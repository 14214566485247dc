"""What is so when somebody wants to do an act: may do it, something is missing, no longer …

Said once, here: a GET asks it, the door raises it, pages and panel only draw it. Reads only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import F, Q

from casos.actos import ACTOS, ASIGNAR, CORREGIR_CONSTANCIA, Acto, Sobre
from casos.catalogos import Estado
from casos.expediente import Expediente, Hechos, de_uno
from casos.expediente.carga import el_mismo
from casos.flujo import TRANSICIONES
from casos.formularios.base import FormularioBase, version_de
from casos.models import Caso, Evento, Usuario
from casos.models.preparada import Preparada
from casos.permisos.cargos import Permiso, rc

RELEVAN = (ASIGNAR.nombre, CORREGIR_CONSTANCIA.nombre)
EDITAN_HOJA = [a.nombre for a in ACTOS.values() if a.edita_hoja]


class Clase(Enum):
    PUEDE = auto()  # the form is asked for
    FALTA = auto()  # it is theirs, and something must be given before
    BAJO_LLAVE = auto()  # not theirs now, though they could expect it: the rule says why
    YA_NO = auto()  # the case moved on, or it was answered
    VIEJA = auto()  # the page is older than the case
    RELEVADO = auto()  # the case was given to another
    AJENO = auto()  # not theirs to do
    NO_EXISTE = auto()  # for this person


@dataclass(frozen=True)
class Falta:
    """One thing that is missing, and where it is given (an act, an anchor or a field)."""

    mensaje: str
    campo: str = ""
    enlace: str = ""


@dataclass(frozen=True)
class Situacion:
    """The answer, with all that a page needs to say it."""

    clase: Clase
    acto: Acto
    usuario: Usuario
    exp: Expediente | None = None  # as the person reads it; ``None`` where they see no case
    fila: Any = None
    permiso: Permiso | None = None
    faltas: tuple[Falta, ...] = ()
    que_paso: str = ""
    cambios: tuple[Evento, ...] = ()  # what made the page stale, or who relieved them
    folio: str = ""

    @property
    def se_hace(self) -> bool:
        """Theirs to do now, be it that something is still missing."""
        return self.clase in (Clase.PUEDE, Clase.FALTA)


class Rechazo(Exception):
    """An act was refused: why, with all that is missing, and the form that was sent."""

    def __init__(self, situacion: Situacion, form: FormularioBase | None = None):
        self.situacion, self.form = situacion, form
        dicho = " ".join(f.mensaje for f in situacion.faltas)
        super().__init__(dicho or f"Ahora no se puede {situacion.acto.en_infinitivo()}.")

    @property
    def faltas(self) -> tuple[Falta, ...]:
        return self.situacion.faltas


# -- asked by a page -------------------------------------------------------------------------------


def situacion(usuario: Usuario, folio: str, acto: Acto, fila_pk: int | None = None) -> Situacion:
    """Whether ``usuario`` may do ``acto`` now on the case, and on one row of it."""
    exp = de_uno(usuario, folio=folio)
    if exp is not None:
        return situar(exp, usuario, acto, fila_pk)
    nada = Situacion(Clase.NO_EXISTE, acto, usuario, folio=folio)
    relevo = _ultimo_relevo(usuario, folio)
    if relevo is None:
        return nada
    hechos = el_mismo(relevo.caso_id).hechos
    fila = fila_de(hechos, acto, fila_pk)
    if rc(hechos, usuario) or _sin_su_fila(acto, fila, fila_pk):
        return nada
    # The row, for the words of what they had typed about it; of the case nothing is told.
    return replace(nada, clase=Clase.RELEVADO, cambios=(relevo,), fila=fila)


def situar(exp: Expediente, usuario: Usuario, acto: Acto, fila_pk: Any = None) -> Situacion:
    """The same on a case at hand, be it locked or not."""
    fila = fila_de(exp.hechos, acto, fila_pk)
    base = Situacion(Clase.PUEDE, acto, usuario, exp, fila, folio=exp.caso.folio)
    if _sin_su_fila(acto, fila, fila_pk):
        nada = (Falta("Eso ya no existe en este caso."),)
        return replace(base, clase=Clase.NO_EXISTE, faltas=nada)
    if exp.caso.estado not in acto.estados:
        if llave := bajo_llave(exp, usuario, acto, fila):
            return replace(base, clase=Clase.BAJO_LLAVE, faltas=llave)
        nunca = fila is None and not acto.quien.alguna_vez(exp.hechos, usuario)
        if nunca or (fila is not None and not _le_tocaba(base)):
            return _ajeno(base)
        return replace(base, clase=Clase.YA_NO, faltas=(_falta_de_estado(acto, exp.caso),))
    permiso = acto.quien(exp.hechos, usuario, fila)
    if permiso is None and (llave := bajo_llave(exp, usuario, acto, fila)):
        ajeno = _ajeno(base)
        relevado = ajeno.clase is Clase.RELEVADO
        return ajeno if relevado else replace(base, clase=Clase.BAJO_LLAVE, faltas=llave)
    if permiso is None:
        return replace(base, clase=Clase.YA_NO) if _le_tocaba(base) else _ajeno(base)
    faltas = faltas_de_la_maquina(acto, exp)
    clase = Clase.FALTA if faltas else Clase.PUEDE
    return replace(base, clase=clase, permiso=permiso, faltas=faltas)


LISTA_DE = {
    Sobre.OPINION: "opiniones",
    Sobre.AJUSTE: "ajustes",
    Sobre.CONSTANCIA: "constancias",
    Sobre.CITA: "citas",
    Sobre.CONTACTO: "contactos",
    Sobre.CANDADO: "candados",
    Sobre.COMPROBACION: "comprobaciones",
    Sobre.SATISFACCION: "satisfacciones",
}


def filas_de(h: Hechos, acto: Acto) -> list[Any]:
    """The rows an act may be done on; ``[None]`` where it is done on the case itself."""
    return getattr(h, LISTA_DE[acto.sobre]) if acto.sobre else [None]


def fila_de(h: Hechos, acto: Acto, pk: Any) -> Any:
    """The row of this case by its key; a row of another case does not exist."""
    if not acto.sobre:
        return None
    return next((f for f in filas_de(h, acto) if str(f.pk) == str(pk)), None)


def _sin_su_fila(acto: Acto, fila: Any, pk: Any) -> bool:
    """Whether the row an act is done on is not there, or one was named that it has not."""
    return fila is None if acto.sobre else pk is not None


def faltas_de_la_maquina(acto: Acto, exp: Expediente) -> tuple[Falta, ...]:
    """Guards of the transition that do not hold now, as sentences."""
    transicion = TRANSICIONES.get(acto.nombre, {}).get(exp.caso.estado)
    if transicion is None:
        return ()
    return tuple(
        Falta(g.mensaje(exp.caso), enlace=g.enlace)
        for g in transicion.conditions
        if not g(exp.caso)
    )


def bajo_llave(exp: Expediente, usuario: Usuario, acto: Acto, fila: Any) -> tuple[Falta, ...]:
    """Why an act is not this person's now, where they could expect it; empty elsewhere.

    The one place that says what is shown locked instead of being absent.
    """
    if exp.caso.estado in acto.estados:
        dicho = acto.quien.por_que_no(exp.hechos, usuario, fila)
        return (Falta(dicho), *faltas_de_la_maquina(acto, exp)) if dicho else ()
    dicho, enlace = acto.en_otro.get(Estado(exp.caso.estado), ("", ""))
    suyo = dicho and acto.quien.alguna_vez(exp.hechos, usuario, fila)
    return (Falta(dicho, enlace=enlace),) if suyo else ()


def exigir_guardas(acto: Acto, exp: Expediente, form: FormularioBase) -> None:
    """Raise ``Rechazo`` with every guard that does not hold."""
    faltas = faltas_de_la_maquina(acto, exp)
    if faltas:
        donde = Situacion(Clase.FALTA, acto, form.usuario, exp, faltas=faltas, folio=exp.caso.folio)
        raise Rechazo(donde, form)


def faltas_del_formulario(form: FormularioBase) -> tuple[Falta, ...]:
    faltas = []
    for campo, errores in form.errors.items():
        nombre = "" if campo == NON_FIELD_ERRORS else campo
        etiqueta = form.fields[campo].label if nombre and campo in form.fields else ""
        for error in errores:
            mensaje = f"{etiqueta}: {error}" if etiqueta else str(error)
            faltas.append(Falta(mensaje, campo=nombre))
    return tuple(faltas)


def _falta_de_estado(acto: Acto, caso: Caso) -> Falta:
    estado = caso.get_estado_display()
    return Falta(f"El caso está en «{estado}» y ahí no se puede {acto.en_infinitivo()}.")


# -- whoever comes late ----------------------------------------------------------------------------


def _le_tocaba(base: Situacion) -> bool:
    """An area (or who received a notice) that comes late deserves an answer, not a closed door.

    Of a row nobody else is told anything.
    """
    assert base.exp is not None
    acto, usuario, fila = base.acto, base.usuario, base.fila
    if fila is None or usuario.is_superuser:
        return False
    if acto.quien.alguna_vez(base.exp.hechos, usuario, fila):
        return True
    # Of the area still, though no longer in a position to answer for it.
    suya = acto.del_area and fila.area_id in usuario.areas_ids
    return suya or getattr(fila, "destinatario_id", None) == usuario.pk


def _ajeno(base: Situacion) -> Situacion:
    """Not theirs; or no longer, where another was given the case: they are told by whom."""
    assert base.exp is not None
    relevo = _relevo_de(base.usuario, base.exp.hechos)
    faltas = (Falta(f"No puedes {base.acto.en_infinitivo()} en este caso."),)
    if relevo is None:
        return replace(base, clase=Clase.AJENO, faltas=faltas)
    return replace(
        base,
        clase=Clase.RELEVADO,
        faltas=faltas,
        que_paso="Este caso ya no está a tu cargo",
        cambios=(relevo,),
    )


def _relevo_de(usuario: Usuario, h: Hechos) -> Evento | None:
    """What took the case from who led it, or from whom they stand in for; not of who leads it now.

    Their pages were opened before: nobody else is given one.
    """
    if rc(h, usuario):
        return None
    return _ultimo_relevo(usuario, h.caso.folio)


_RELEVOS = Preparada(
    lambda folio: (
        Evento.objects.filter(caso__folio=folio, accion__in=RELEVAN)
        .select_related("actor", "suple_a", "en_lugar_de")
        .order_by("-numero")
    ),
    str,
)


def _ultimo_relevo(usuario: Usuario, folio: str) -> Evento | None:
    suyos = {f"usuario:{c.usuario_id}" for c in usuario.cargos}
    return next((e for e in _RELEVOS(folio) if e.datos.get("anterior") in suyos), None)


# -- a page older than the case --------------------------------------------------------------------


def es_vieja(actual: Situacion, vista: int | None) -> bool:
    """Whether the version the person saw is not the one there is."""
    if vista is None or actual.exp is None or actual.acto.sin_version:
        return False
    return vista != version_de(actual.acto, actual.exp.caso, actual.fila)


def envejecida(actual: Situacion, vista: int) -> Situacion:
    """The situation of who sends a page that is no longer true: what changed, by whom."""
    assert actual.exp is not None
    ultimos = actual.exp.caso.eventos.select_related("actor", "suple_a", "en_lugar_de")
    if _lo_movio(actual, vista):
        que = "Tú moviste este caso en otra pestaña mientras tenías abierta esta"
    else:
        que = "Alguien más movió este caso mientras lo tenías abierto"
    return replace(
        actual,
        clase=Clase.VIEJA,
        faltas=(Falta(f"{que}. Revisa qué cambió."),),
        que_paso=que,
        cambios=tuple(ultimos.order_by("-numero")[:3]),
    )


def _lo_movio(actual: Situacion, vista: int) -> bool:
    """Whether all that made the page stale is this person's own: another tab, not another hand."""
    assert actual.exp is not None
    caso, fila, acto = actual.exp.caso, actual.fila, actual.acto
    eventos = caso.eventos.order_by("-numero")
    if acto is ASIGNAR:
        cuantos, eventos = 1, eventos.filter(accion__in=RELEVAN)
    elif fila is not None:
        cuantos = version_de(acto, caso, fila) - vista
        eventos = eventos.filter(datos__sobre=referencia(fila))
    else:
        cuantos = caso.version - vista
        eventos = eventos.filter(~Q(a=F("de")) | Q(accion__in=EDITAN_HOJA))
    quienes = list(eventos.values_list("actor_id", flat=True)[: max(cuantos, 1)])
    # What a step brings about by itself has no actor; what no event explains is somebody else's.
    return len(quienes) >= cuantos and set(quienes) - {None} == {actual.usuario.pk}


def referencia(fila: Any) -> str:
    """How the log names a row: ``opinion:5``."""
    return f"{fila._meta.model_name}:{fila.pk}"


def version_vista(datos: Any) -> int | None:
    """The version that came with what was sent; ``None`` where it is none."""
    vista = str(datos.get("version", ""))
    return int(vista[:12]) if vista.isdecimal() else None
