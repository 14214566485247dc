"""The one door: every change of a case goes through it (D§3), every step through ``ejecutar``.

lock the row → what is so (row, state, permission: ``situacion``) → what was typed (the form) →
version the person saw → what was stored (the machine's guards) → change → ``Evento`` → ``Aviso``
rows → commit. What cannot be done because this same page (its token) did it already is no refusal;
one that only comes from a page that is no longer true says so. A refused act raises one
``Rechazo`` that carries all that is missing; nothing is half-written.
No ``request`` and no pages here.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from casos import guardas, lo_hecho
from casos.actos import Acto, Suceso
from casos.archivos.disco import SinLugar, borrar
from casos.clientes.altas import con_candado
from casos.correo.bandeja_de_salida import encolar
from casos.correo.ocasion import Ocasion
from casos.expediente import Expediente, bajo_candado
from casos.expediente.carga import el_mismo
from casos.expediente.lo_juzgado import poner_lo_juzgado
from casos.expediente.turno import como_quedo
from casos.formularios.archivos import revisar_antes
from casos.formularios.base import FormularioBase
from casos.models import Caso, Evento, Usuario
from casos.models.preparada import Preparada
from casos.models.restricciones import mensaje_de, restriccion_violada
from casos.permisos.cargos import Permiso
from casos.pruebas import Anotador, anotando, probar

from .consecuencias import escribir_consecuencias
from .en_curso import ActoEnCurso, Apertura
from .escribir_evento import escribir_evento, revision_vigente
from .situacion import (
    Clase,
    Falta,
    Rechazo,
    Situacion,
    envejecida,
    es_vieja,
    faltas_del_formulario,
    fila_de,
    situar,
    version_vista,
)
from .tabla import PASOS, Paso

SE_FUE = "Mientras escribías se bloquearon o se suprimieron sus datos: elige a otra persona."
# What a unique row of another says to the person, where it is not their own page sent twice.
AL_CHOCAR = {"un_caso_en_ajuste_por_contrato": guardas.contrato_libre.falta}


@dataclass(frozen=True)
class ActoHecho:
    """What came of an act: the case as it is now, its event, and what to say."""

    caso: Caso
    evento: Evento
    mensaje: str


@dataclass(frozen=True)
class _Pedido:
    """What somebody asks the door to do."""

    paso: Paso
    usuario: Usuario
    caso_pk: int | None
    fila_pk: Any
    datos: Any
    archivos: Any
    por_enlace: bool = False

    @property
    def acto(self) -> Acto:
        return self.paso.acto

    @property
    def ficha(self) -> uuid.UUID | None:
        """The token of the page that was sent."""
        try:
            return uuid.UUID(str(self.datos.get("ficha") or ""))
        except ValueError:
            return None


def ejecutar(
    acto: Acto,
    usuario: Usuario,
    *,
    caso: Caso | int | None = None,
    fila: Any = None,
    datos: Any,
    archivos: Any = None,
    por_enlace: bool = False,
    formulario: type[FormularioBase] | None = None,
) -> ActoHecho:
    """Carry out ``acto`` for ``usuario``; the only way a case changes.

    ``datos`` is what was typed (strings or Python values) with ``version``, the one the person
    saw. ``caso`` and ``fila``: the rows, or their keys. ``por_enlace``: by the link of a letter, which
    the log says. ``formulario``: a shorter form of the act's own (``llamada``). Raises ``Rechazo``.
    """
    paso = PASOS[acto.nombre]
    if formulario is not None:
        paso = replace(paso, formulario=formulario)
    pedido = _Pedido(paso, usuario, _clave(caso), _clave(fila), datos, archivos, por_enlace)
    revisar_antes(archivos)
    try:
        return _una_vez(pedido)
    except BaseException as error:
        _borrar_lo_guardado(pedido)
        if isinstance(error, Rechazo) and isinstance(error.__cause__, SinLugar):
            # What the act had already changed was undone: the page is drawn from what is so.
            if pedido.caso_pk is not None:
                error.situacion = replace(error.situacion, exp=el_mismo(pedido.caso_pk))
        raise


def abrir(paso: Paso, usuario: Usuario, datos: dict[str, Any]) -> ActoHecho:
    """§7.1 by another form than its page's (``traer``). Raises ``Rechazo``."""
    return _una_vez(_Pedido(paso, usuario, None, None, datos, None))


def _una_vez(pedido: _Pedido) -> ActoHecho:
    """The same page sent twice, or the same client registered by two, is done once.

    Whether it was sent before is asked once it went wrong: no two events have one page's token.
    """
    hacer = _abrir if pedido.acto.abre_caso else _hacer
    try:
        return hacer(pedido)
    except Rechazo:
        _borrar_lo_guardado(pedido)
        if repetido := _ya_registrado(pedido):
            return repetido
        raise
    except IntegrityError as error:
        _borrar_lo_guardado(pedido)
        if repetido := _ya_registrado(pedido):
            return repetido
        choque = restriccion_violada(error)
        if choque in AL_CHOCAR:
            raise _choco(pedido, AL_CHOCAR[choque]) from error
        # Another's row came first: the same client registered by two people. It can be seen now,
        # and is answered in words.
        try:
            return hacer(pedido)
        except IntegrityError as otra_vez:
            mensaje = mensaje_de(restriccion_violada(otra_vez))
            if not mensaje:
                raise
            raise _choco(pedido, mensaje) from error


def _clave(fila: Any) -> Any:
    return getattr(fila, "pk", fila)


def _borrar_lo_guardado(pedido: _Pedido) -> None:
    """Of an act that was not done no file stays."""
    for archivo in (pedido.archivos or {}).values():
        if ruta := getattr(archivo, "guardado_en", ""):
            borrar(ruta)
            archivo.guardado_en = ""


def _choco(pedido: _Pedido, mensaje: str) -> Rechazo:
    donde = Situacion(Clase.YA_NO, pedido.acto, pedido.usuario, faltas=(Falta(mensaje),))
    if pedido.caso_pk is None:
        return Rechazo(donde)
    exp = el_mismo(pedido.caso_pk)
    fila = fila_de(exp.hechos, pedido.acto, pedido.fila_pk)
    clase = Clase.NO_EXISTE if pedido.acto.sobre and fila is None else Clase.YA_NO
    return Rechazo(replace(donde, clase=clase, exp=exp, fila=fila, folio=exp.caso.folio))


def _abrir(pedido: _Pedido) -> ActoHecho:
    """§7.1. There is nothing to lock: what was typed is read before the transaction begins."""
    acto, usuario = pedido.acto, pedido.usuario
    nadie = Situacion(Clase.AJENO, acto, usuario, faltas=(Falta("No puedes registrar casos."),))
    permiso = puede_abrir(acto, usuario)
    if permiso is None:
        raise Rechazo(nadie)
    form = pedido.paso.formulario(pedido.datos, pedido.archivos, usuario=usuario, acto=acto)
    if not form.is_valid():
        faltas = faltas_del_formulario(form)
        raise Rechazo(replace(nadie, clase=Clase.FALTA, permiso=permiso, faltas=faltas), form)
    revision = revision_vigente()
    with transaction.atomic(), anotando() as anotador:
        if not _sigue_ahi(form):
            faltas = faltas_del_formulario(form)
            raise Rechazo(replace(nadie, clase=Clase.FALTA, permiso=permiso, faltas=faltas), form)
        apertura = Apertura(acto, usuario, form, timezone.now(), permiso, revision)
        return _terminar(pedido.paso.funcion(apertura), nadie, anotador)


def _sigue_ahi(form: FormularioBase) -> bool:
    """Whether whom the form chose is still there: it was read before the transaction, without a lock.

    Their row stays locked until this commits, so a suppression finds the case, or was done and is seen here.
    """
    persona = form.cleaned_data.get("persona")
    if persona is None:
        return True
    con_candado(persona)
    if persona.se_fue:
        form.add_error("persona", SE_FUE)
    return not persona.se_fue


def puede_abrir(acto: Acto, usuario: Usuario) -> Permiso | None:
    """Whether somebody may register (§7.1): the one act that needs no case."""
    return acto.quien(None, usuario)  # type: ignore[arg-type]  # it asks no facts


@transaction.atomic
def _hacer(pedido: _Pedido) -> ActoHecho:
    acto, usuario = pedido.acto, pedido.usuario
    assert pedido.caso_pk is not None
    exp = bajo_candado(pedido.caso_pk)
    actual = situar(exp, usuario, acto, pedido.fila_pk)
    vista = version_vista(pedido.datos)
    if not actual.se_hace:
        if actual.clase is not Clase.NO_EXISTE and vista is not None and es_vieja(actual, vista):
            raise Rechazo(envejecida(actual, vista))
        raise Rechazo(actual)
    assert actual.permiso is not None
    llenar: Callable[..., FormularioBase] = pedido.paso.formulario
    form = llenar(
        pedido.datos,
        pedido.archivos,
        exp=exp,
        usuario=usuario,
        acto=acto,
        permiso=actual.permiso,
        fila=actual.fila,
    )
    valido = form.is_valid()
    if vista is not None and "version" in form.cleaned_data and es_vieja(actual, vista):
        raise Rechazo(envejecida(actual, vista), form)
    if not valido:
        faltas = faltas_del_formulario(form) + actual.faltas
        raise Rechazo(replace(actual, clase=Clase.FALTA, faltas=faltas), form)
    en_curso = ActoEnCurso(
        acto,
        usuario,
        form,
        timezone.now(),
        actual.permiso,
        exp,
        actual.fila,
        estado_inicial=exp.caso.estado,
        en_lugar_de_id=exp.caso.responsable_id if actual.permiso.en_lugar_de_rc else None,
        sin_segregacion=actual.permiso.sin_segregacion,
        datos_extra={"por_enlace": True} if pedido.por_enlace else {},
    )
    with anotando(exp.caso) as anotador:
        pedido.paso.funcion(en_curso)
        return _terminar(en_curso, actual, anotador)


def _terminar(
    en_curso: ActoEnCurso[FormularioBase, Any], actual: Situacion, anotador: Anotador
) -> ActoHecho:
    try:
        evento = escribir_consecuencias(en_curso)
    except SinLugar as error:
        en_curso.form.add_error("archivo", str(error))
        faltas = faltas_del_formulario(en_curso.form)
        raise Rechazo(replace(actual, clase=Clase.FALTA, faltas=faltas), en_curso.form) from error
    probar(en_curso.caso, anotador.tocadas, anotador.antes, anotador.pruebas)
    acto = lo_hecho.como_salio(en_curso.acto, en_curso.datos)
    listo = f"Listo: {acto.hecho} ({en_curso.caso.folio})."
    quedo = como_quedo(en_curso.hechos, en_curso.usuario)
    return ActoHecho(en_curso.caso, evento, " ".join([listo, *en_curso.form.avisos, quedo]))


_DE_ESA_PAGINA = Preparada(lambda ficha: Evento.objects.filter(ficha=ficha), uuid.UUID)


def _ya_registrado(pedido: _Pedido) -> ActoHecho | None:
    """The same page sent twice (a double click) is one event."""
    if pedido.ficha is None:
        return None
    enviados = _DE_ESA_PAGINA(pedido.ficha)
    if not enviados:
        return None
    evento = enviados[0]
    del_caso = pedido.caso_pk in (None, evento.caso_id)
    if not del_caso or (evento.accion, evento.actor_id) != (
        pedido.acto.nombre,
        pedido.usuario.pk,
    ):
        raise _choco(pedido, "Esta página ya se envió: ábrela otra vez.")
    exp = el_mismo(evento.caso_id)
    return ActoHecho(
        exp.caso, evento, f"Ya estaba registrado. {como_quedo(exp.hechos, pedido.usuario)}"
    )


Cambio = tuple[dict[str, Any], dict[str, tuple[str, str, bool]]]


@transaction.atomic
def fuera_de_paso(
    pk: int,
    suceso: Suceso,
    *,
    actor: Usuario | None,
    cambiar: Callable[[Expediente], Cambio | None],
) -> bool:
    """What changes a case without being a step: the calendar, a merger of its client. One event.

    ``cambiar`` is given the locked case, assigns to it, and returns what the log says of it,
    ``(datos, textos)``, or ``None`` where nothing changed.
    """
    exp = bajo_candado(pk)
    with anotando(exp.caso) as anotador:
        dicho = cambiar(exp)
        if dicho is None:
            return False
        datos, textos = dicho
        en, de = timezone.now(), exp.caso.estado
        evento = escribir_evento(exp, suceso, de=de, actor=actor, en=en, datos=datos, textos=textos)
        poner_lo_juzgado(exp.hechos)
        exp.guardar()
        encolar(Ocasion(evento=evento, exp=exp))
        probar(exp.caso, anotador.tocadas, anotador.antes, anotador.pruebas)
    return True
