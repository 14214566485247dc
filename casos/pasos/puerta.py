"""The one door: every change of a case goes through it (D§3), every step through ``ejecutar``.

lock the row → page token → state → permission → what was typed (the form) → version the person
saw → what was stored (the machine's guards) → change → ``Evento`` → ``Aviso`` rows → commit. Where
state or permission refuse a page that is no longer true, the person is told that it is not.
A refused action raises one error that carries all that is missing; nothing is half-written.
No ``request`` and no pages here.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from casos import flujo, guardas, permisos
from casos.expediente import carga
from casos.expediente.hechos import Hechos
from casos.expediente.turno import a_quien_le_toca
from casos.formularios.base import version_de
from casos.models import Caso, Evento
from casos.pasos.asiento import asentar
from casos.pasos.bitacora import escribir_evento, revision_vigente
from casos.pasos.frases import en_infinitivo, se_hizo
from casos.pasos.gestion import Gestion
from casos.pasos.rechazo import (
    AccionRechazada,
    Falta,
    PaginaVieja,
    SinPermiso,
    faltas_de_la_maquina,
    faltas_del_formulario,
)

# The list of ``Hechos`` where the row an act is done on is looked up.
LISTA_DE = {
    "opinion": "opiniones",
    "ajuste": "ajustes",
    "constancia": "constancias",
    "cita": "citas",
    "contacto": "contactos",
}
# Acts inside a state that make another's page stale: edits of the sheet (D§3).
EDITAN_HOJA = ("editar_hoja", "actualizar_vigente")


@dataclass(frozen=True)
class Hecho:
    """What came of an action."""

    caso: Caso
    evento: Evento
    mensaje: str


@dataclass(frozen=True)
class Paso:
    """An action: its form and the function that carries it out."""

    accion: str
    formulario: type[forms.Form]
    funcion: Callable

    @property
    def titulo(self) -> str:
        return flujo.ETIQUETAS[self.accion]


REGISTRO: dict[str, Paso] = {}


def accion(nombre: str, formulario: type[forms.Form]):
    """Register the function that carries out ``nombre``, with the form it is given."""

    def decorar(funcion):
        REGISTRO[nombre] = Paso(nombre, formulario, funcion)
        return funcion

    return decorar


def ejecutar(accion, usuario, *, caso=None, objeto=None, datos, archivos=None) -> Hecho:
    """Carry out ``accion`` for ``usuario``; the only way a case changes.

    ``datos`` is what was typed (strings or Python values) with ``version``, the one the person
    saw. Raises ``AccionRechazada``, its ``PaginaVieja``, or ``SinPermiso``.
    """
    paso = REGISTRO[accion]
    hacer = _registrar if accion == "registrar" else _ejecutar
    pedido = (paso, usuario, getattr(caso, "pk", caso), objeto, datos, archivos)
    try:
        return hacer(*pedido)
    except IntegrityError as error:
        if accion in ("aceptar", "reabrir"):
            raise AccionRechazada([Falta(guardas.contrato_libre.falta)]) from error
        # Another's row came first: the same page sent twice, or the same client registered by
        # two people. It can be seen now, and is answered in words.
        try:
            return hacer(*pedido)
        except IntegrityError:
            raise AccionRechazada([Falta("Esta página ya se envió: ábrela otra vez.")]) from error


def _registrar(paso, usuario, _caso, _objeto, datos, archivos) -> Hecho:
    """§7.1. There is nothing to lock: what was typed is read before the transaction begins."""
    repetido = _ya_registrado(_leer_ficha(datos), usuario, paso.accion)
    if repetido:
        return repetido
    cargo = permisos.puede_registrar(usuario)
    if cargo is None:
        raise SinPermiso("No puedes registrar casos.")
    form = paso.formulario(datos, archivos, caso=None, usuario=usuario, accion=paso.accion)
    if not form.is_valid():
        raise AccionRechazada(faltas_del_formulario(form), form)
    revision = revision_vigente()
    with transaction.atomic():
        return _hacer(paso, usuario, form, cargo, revision=revision)


@transaction.atomic
def _ejecutar(paso, usuario, caso_pk, objeto_pk, datos, archivos) -> Hecho:
    accion = paso.accion
    caso = carga.bloqueado(caso_pk)
    repetido = _ya_registrado(_leer_ficha(datos), usuario, accion, caso=caso_pk)
    if repetido:
        return repetido
    objeto = _objeto(caso, accion, objeto_pk)
    _revisar_estado(accion, caso, objeto, paso, usuario, datos, archivos)
    cargo = permisos.cargo_para(accion, caso, usuario, objeto)
    if cargo is None:
        _revisar_version(paso, caso, objeto, usuario, datos, archivos)
        raise SinPermiso(f"No puedes {en_infinitivo(accion)} en este caso.")
    form = paso.formulario(
        datos, archivos, caso=caso, usuario=usuario, accion=accion, objeto=objeto
    )
    valido = form.is_valid()
    _comparar_version(form, caso, objeto, accion)
    if not valido:
        faltas = faltas_del_formulario(form) + faltas_de_la_maquina(accion, caso)
        raise AccionRechazada(faltas, form, caso)
    return _hacer(
        paso, usuario, form, cargo, caso=caso, objeto=objeto, revision=caso.revision_vigente,
        estado_inicial=caso.estado,
    )  # fmt: skip


def _hacer(paso, usuario, form, cargo, **mas) -> Hecho:
    g = Gestion(
        accion=paso.accion, usuario=usuario, form=form, ahora=timezone.now(), cargo=cargo, **mas
    )
    paso.funcion(g)
    evento = asentar(g)
    mensaje = f"{se_hizo(paso.accion, g.caso.folio)} {le_toca(g.caso)}"
    return Hecho(g.caso, evento, mensaje)


@transaction.atomic
def fuera_de_paso(pk: int, accion: str, *, actor, cambiar) -> bool:
    """What changes a case without being a step: the calendar, a merger of its client. One event.

    ``cambiar`` is given the locked case, assigns to it, and returns what the log says of it,
    ``(datos, textos)``, or ``None`` where nothing changed.
    """
    caso = carga.bloqueado(pk)
    dicho = cambiar(caso)
    if dicho is None:
        return False
    datos, textos = dicho
    escribir_evento(
        caso, accion=accion, de=caso.estado, actor=actor, en=timezone.now(), datos=datos,
        textos=textos,
    )  # fmt: skip
    caso.save()
    return True


def _leer_ficha(datos) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(datos.get("ficha") or ""))
    except ValueError:
        return None


def _ya_registrado(ficha, usuario, accion, **del_caso) -> Hecho | None:
    """The same page sent twice (a double click) is one event."""
    if ficha is None:
        return None
    evento = (
        Evento.objects.filter(ficha=ficha, actor=usuario, accion=accion, **del_caso)
        .select_related("caso__responsable", "caso__cliente")
        .first()
    )
    if evento is None:
        return None
    return Hecho(evento.caso, evento, f"Ya estaba registrado. {le_toca(evento.caso)}")


def _objeto(caso, accion, pk):
    sobre = permisos.SOBRE.get(accion)
    if sobre is None:
        return None
    objeto = next((o for o in getattr(caso.hechos, LISTA_DE[sobre]) if str(o.pk) == str(pk)), None)
    if objeto is None:
        raise AccionRechazada([Falta("Eso ya no existe en este caso.")], caso=caso)
    return objeto


def _revisar_estado(accion, caso, objeto, paso, usuario, datos, archivos) -> None:
    if caso.estado in flujo.estados_de(accion):
        return
    _revisar_version(paso, caso, objeto, usuario, datos, archivos)
    raise AccionRechazada([falta_de_estado(accion, caso)], caso=caso)


def falta_de_estado(accion, caso) -> Falta:
    return Falta(
        f"El caso está en «{caso.get_estado_display()}» y ahí no se puede {en_infinitivo(accion)}."
    )


def _es_por_version(accion) -> bool:
    return (
        accion in flujo.TRANSICIONES
        or accion in permisos.SOBRE
        or accion in EDITAN_HOJA
        or accion == "asignar"
    )


def _comparar_version(form, caso, objeto, accion) -> None:
    vista = getattr(form, "cleaned_data", {}).get("version")
    if vista is None or not _es_por_version(accion):
        return
    if vista != version_de(caso, objeto, accion):
        raise _pagina_vieja(form, caso, objeto, accion, form.usuario, vista)


def _revisar_version(paso, caso, objeto, usuario, datos, archivos) -> None:
    """A refusal that only comes from a stale page says so, and keeps what was typed."""
    vista = str(datos.get("version", ""))
    if not _es_por_version(paso.accion) or not vista.isdecimal():
        return
    if int(vista[:12]) != version_de(caso, objeto, paso.accion):
        form = None
        if caso.estado in flujo.estados_de(paso.accion):
            form = paso.formulario(
                datos, archivos, caso=caso, usuario=usuario, accion=paso.accion, objeto=objeto
            )
        raise _pagina_vieja(form, caso, objeto, paso.accion, usuario, int(vista[:12]))


def _pagina_vieja(form, caso, objeto, accion, usuario, vista: int) -> PaginaVieja:
    cambios = list(caso.eventos.select_related("actor").order_by("-numero")[:3])
    if _lo_movio(usuario, caso, objeto, accion, vista):
        que = "Tú moviste este caso en otra pestaña mientras tenías abierta esta."
    else:
        que = "Alguien más movió este caso mientras lo tenías abierto."
    return PaginaVieja([Falta(f"{que} Revisa qué cambió.")], form, caso, cambios)


def _lo_movio(usuario, caso, objeto, accion, vista: int) -> bool:
    """Whether all that made the page stale is this person's own: another tab, not another hand."""
    eventos = caso.eventos.order_by("-numero")
    if accion == "asignar":
        cuantos, eventos = 1, eventos.filter(accion__in=("asignar", "corregir_constancia"))
    elif objeto is not None:
        cuantos = version_de(caso, objeto, accion) - vista
        eventos = eventos.filter(datos__sobre=f"{objeto._meta.model_name}:{objeto.pk}")
    else:
        cuantos = caso.version - vista
        eventos = eventos.filter(~Q(a=F("de")) | Q(accion__in=EDITAN_HOJA))
    quienes = list(eventos.values_list("actor_id", flat=True)[: max(cuantos, 1)])
    # What a step brings about by itself has no actor; what no event explains is somebody else's.
    return len(quienes) >= cuantos and set(quienes) - {None} == {usuario.pk}


def le_toca(caso) -> str:
    if not caso.pendiente_de:
        return f"El caso quedó como «{caso.etiqueta_estado}»."
    if caso.hechos is None:
        caso.hechos = Hechos(caso)
    return f"Ahora {a_quien_le_toca(caso)}."
