"""The one door: every change of a case goes through ``ejecutar`` (D§3).

lock the row → page token → version the person saw → state → permission → what was typed (the
form) → what was stored (the machine's guards) → change → ``Evento`` → ``Aviso`` rows → commit.
A refused action raises one error that carries all that is missing; nothing is half-written.
No ``request`` and no pages here.
"""

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from casos import avisos, flujo, permisos
from casos.catalogos import ABIERTOS, Estado, EstadoAjuste, EstadoCita, EstadoOpinion
from casos.consultas import ficha
from casos.consultas.busqueda import texto_de_caso
from casos.consultas.hechos import Hechos
from casos.models import (
    Adjunto,
    BusquedaCaso,
    Caso,
    Evento,
    RevisionInstruccion,
    TextoEvento,
    Usuario,
)
from casos.models.bitacora import digerir

from .turno import poner_turno

# The list of ``Hechos`` where the row an act is done on is looked up.
LISTA_DE = {
    "opinion": "opiniones",
    "ajuste": "ajustes",
    "constancia": "constancias",
    "cita": "citas",
    "contacto": "contactos",
}
# Acts that change what a search looks at (client, contract, request).
CAMBIAN_BUSQUEDA = ("registrar", "corregir_datos")
# Acts inside a state that make another's page stale: edits of the sheet (D§3).
EDITAN_HOJA = ("editar_hoja", "actualizar_vigente")


@dataclass(frozen=True)
class Falta:
    """One thing that is missing, and where it is given (an action, an anchor or a field)."""

    mensaje: str
    campo: str = ""
    enlace: str = ""


class AccionRechazada(Exception):
    """The action was refused; ``faltas`` says everything that is missing."""

    def __init__(self, faltas, form=None, caso=None):
        self.faltas, self.form, self.caso = list(faltas), form, caso
        super().__init__(" ".join(f.mensaje for f in self.faltas))


class PaginaVieja(AccionRechazada):
    """Somebody else moved the case since the page was opened; ``cambios`` are the events."""

    def __init__(self, faltas, form=None, caso=None, cambios=()):
        super().__init__(faltas, form, caso)
        self.cambios = list(cambios)


class SinPermiso(PermissionDenied):
    """The person may not do this on this case."""


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


@dataclass
class Gestion:
    """One action under way, handed to the function that carries it out."""

    accion: str
    usuario: Usuario
    form: forms.Form
    ahora: datetime
    caso: Caso | None = None
    objeto: models.Model | None = None
    cargo: permisos.Rol | None = None
    cambios: dict = field(default_factory=dict)
    datos_extra: dict = field(default_factory=dict)
    textos_extra: dict = field(default_factory=dict)
    opiniones: list = field(default_factory=list)
    ajustes: list = field(default_factory=list)
    constancias: list = field(default_factory=list)
    canceladas: list = field(default_factory=list)
    estado_inicial: str = ""
    cambio_hoja: bool = False

    @property
    def datos(self) -> dict:
        return self.form.cleaned_data

    def transitar(self, **kw) -> None:
        """Run the machine's transition of this action; raises with every guard that fails."""
        faltas = faltas_de_la_maquina(self.accion, self.caso)
        if faltas:
            raise AccionRechazada(faltas, self.form, self.caso)
        getattr(self.caso, self.accion)(**kw)

    def cambiar(self, objeto, **valores) -> None:
        """Assign fields of a row, count its version, save, and keep old values for the log."""
        for nombre, valor in valores.items():
            setattr(objeto, nombre, valor)
        if hasattr(objeto, "version"):
            objeto.version += 1
        objeto.save()


def faltas_de_la_maquina(accion: str, caso) -> list[Falta]:
    """Guards of the transition that do not hold now, as sentences."""
    if accion in flujo.ACTOS:
        return []
    transicion = flujo.transiciones()[accion][caso.estado]
    return [Falta(c.falta, enlace=c.enlace) for c in transicion.conditions if not c(caso)]


def ejecutar(accion, usuario, *, caso=None, objeto=None, datos, archivos=None) -> Hecho:
    """Carry out ``accion`` for ``usuario``; the only way a case changes.

    ``datos`` is what was typed (strings or Python values) with ``version``, the one the person
    saw. Raises ``AccionRechazada``, its ``PaginaVieja``, or ``SinPermiso``.
    """
    paso = REGISTRO[accion]
    try:
        with transaction.atomic():
            return _ejecutar(paso, usuario, getattr(caso, "pk", caso), objeto, datos, archivos)
    except IntegrityError as error:
        repetido = _ya_registrado(_leer_ficha(datos), usuario, accion)
        if repetido:
            return repetido
        if accion == "aceptar":
            raise AccionRechazada([Falta(flujo.contrato_libre.falta)]) from error
        raise


def _ejecutar(paso, usuario, caso_pk, objeto_pk, datos, archivos) -> Hecho:
    accion = paso.accion
    caso = None
    if accion != "registrar":
        caso = ficha.bloqueado(caso_pk)
    repetido = _ya_registrado(_leer_ficha(datos), usuario, accion)
    if repetido:
        return repetido
    if caso is None:
        cargo = permisos.puede_registrar(usuario)
        objeto = None
    else:
        objeto = _objeto(caso, accion, objeto_pk)
        _revisar_estado(accion, caso, objeto, paso, usuario, datos, archivos)
        cargo = permisos.cargo_para(accion, caso, usuario, objeto)
    if cargo is None:
        if caso is not None:
            _revisar_version(paso, caso, objeto, usuario, datos, archivos)
        raise SinPermiso(f"No puedes {flujo.ETIQUETAS[accion].lower()} en este caso.")
    form = paso.formulario(
        datos, archivos, caso=caso, usuario=usuario, accion=accion, objeto=objeto
    )
    valido = form.is_valid()
    if caso is not None:
        _comparar_version(form, caso, objeto, accion)
    if not valido:
        faltas = faltas_del_formulario(form)
        if caso is not None:
            faltas += faltas_de_la_maquina(accion, caso)
        raise AccionRechazada(faltas, form, caso)
    g = Gestion(
        accion=accion, usuario=usuario, form=form, ahora=timezone.now(), caso=caso,
        objeto=objeto, cargo=cargo, estado_inicial=caso.estado if caso else "",
    )  # fmt: skip
    paso.funcion(g)
    return _asentar(g, archivos)


def _leer_ficha(datos) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(datos.get("ficha") or ""))
    except ValueError:
        return None


def _ya_registrado(ficha, usuario, accion) -> Hecho | None:
    """The same page sent twice (a double click) is one event."""
    if ficha is None:
        return None
    evento = (
        Evento.objects.filter(ficha=ficha, actor=usuario, accion=accion)
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
        f"El caso está en «{caso.get_estado_display()}» y ahí no se puede "
        f"«{flujo.ETIQUETAS[accion]}»."
    )


def version_actual(caso, objeto, accion) -> int:
    """Counterpart of ``FormularioPaso.version_vista``."""
    if objeto is not None:
        return getattr(objeto, "version", 0)
    if accion == "asignar":
        return caso.responsable_id or 0
    return caso.version


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
    if vista != version_actual(caso, objeto, accion):
        raise _pagina_vieja(form, caso)


def _revisar_version(paso, caso, objeto, usuario, datos, archivos) -> None:
    """A refusal that only comes from a stale page says so, and keeps what was typed."""
    vista = str(datos.get("version", ""))
    if not _es_por_version(paso.accion) or not vista.isdigit():
        return
    if int(vista[:12]) != version_actual(caso, objeto, paso.accion):
        form = None
        if caso.estado in flujo.estados_de(paso.accion):
            form = paso.formulario(
                datos, archivos, caso=caso, usuario=usuario, accion=paso.accion, objeto=objeto
            )
        raise _pagina_vieja(form, caso)


def _pagina_vieja(form, caso) -> PaginaVieja:
    cambios = list(caso.eventos.select_related("actor").order_by("-numero")[:3])
    return PaginaVieja(
        [Falta("Alguien más movió este caso mientras lo tenías abierto. Revisa qué cambió.")],
        form,
        caso,
        cambios,
    )


def faltas_del_formulario(form) -> list[Falta]:
    faltas = []
    for campo, errores in form.errors.items():
        nombre = "" if campo == NON_FIELD_ERRORS else campo
        etiqueta = form.fields[campo].label if nombre and campo in form.fields else ""
        for error in errores:
            mensaje = f"{etiqueta}: {error}" if etiqueta else str(error)
            faltas.append(Falta(mensaje, campo=nombre))
    return faltas


# -- what the door writes after the action ---------------------------------------------------------


def _asentar(g: Gestion, archivos) -> Hecho:
    caso = g.caso
    cambio = caso.estado != g.estado_inicial
    if cambio and g.estado_inicial:
        caso.version += 1
        _al_cambiar_de_estado(g)
    elif g.cambio_hoja:
        caso.version += 1
    evento = _evento(g)
    _guardar_archivo(g, evento)
    eventos = [(evento, g)]
    concluido = _concluir_analisis(g)
    if concluido:
        eventos.append((concluido, g))
    poner_turno(caso)
    caso.save()
    if g.accion in CAMBIAN_BUSQUEDA or "contrato" in g.form.fields:
        indexar(caso)
    contexto = g.datos | {
        "_opiniones": g.opiniones,
        "_ajustes": g.ajustes,
        "_constancias": g.constancias,
        "_canceladas": g.canceladas,
        "_objeto": g.objeto,
    }
    for ev, _ in eventos:
        avisos.encolar(ev, caso, contexto if ev is evento else {})
    return Hecho(caso, evento, f"Listo: {_hecho_en_palabras(g)}. {le_toca(caso)}")


def indexar(caso) -> None:
    """Search text in its own table, off the row that every step updates (D§4.8)."""
    texto = texto_de_caso(caso)
    nuevo = caso.num_eventos == 1
    if nuevo or not BusquedaCaso.objects.filter(caso=caso).update(texto=texto):
        BusquedaCaso.objects.create(caso=caso, texto=texto)


def _al_cambiar_de_estado(g: Gestion) -> None:
    """A new deadline, and what is still open becomes *cancelado* (rule 2)."""
    caso = g.caso
    caso.estado_desde = g.ahora
    if caso.estado == Estado.CERRADO:
        caso.cerrado_en = g.ahora
        if caso.cerrado_primera_vez_en is None:
            caso.cerrado_primera_vez_en = g.ahora
            caso.primer_resultado = caso.resultado
    else:
        caso.cerrado_en = None
    if caso.estado == Estado.POR_INFORMAR:
        caso.decidido_en = g.ahora
        caso.paso_por_atencion = caso.paso_por_atencion or caso.por_atencion
    if caso.estado not in ABIERTOS or not g.datos.get("proxima_accion"):
        # What was planned belonged to the step that is now behind.
        caso.proxima_accion, caso.proxima_fecha = "", None
    if g.estado_inicial == Estado.EN_ANALISIS:
        for opinion in [o for o in caso.hechos.opiniones if o.esta_sin_resolver]:
            g.cambiar(opinion, estado=EstadoOpinion.CANCELADA)
            g.canceladas.append(opinion)
    if g.estado_inicial == Estado.EN_MODIFICACION:
        for ajuste in [a for a in caso.hechos.ajustes if a.esta_pendiente]:
            g.cambiar(ajuste, estado=EstadoAjuste.CANCELADO)
            g.canceladas.append(ajuste)
    if caso.estado not in ABIERTOS:
        caso.citas.filter(estado=EstadoCita.PROGRAMADA).update(estado=EstadoCita.CANCELADA)


def _evento(g: Gestion) -> Evento:
    caso, usuario = g.caso, g.usuario
    datos, textos = serializar(g.form)
    if g.cambios:
        datos["cambios"] = g.cambios
    datos |= g.datos_extra
    if g.canceladas:
        datos["canceladas"] = [f"{o._meta.model_name}:{o.pk}" for o in g.canceladas]
    archivo = g.datos.get("archivo")
    if archivo:
        datos["archivo_sha256"] = _suma(archivo)
    if g.objeto is not None:
        datos["sobre"] = f"{g.objeto._meta.model_name}:{g.objeto.pk}"
    for campo, (etiqueta, texto) in g.textos_extra.items():
        textos[campo] = (etiqueta, texto, False)
    en_lugar = None
    if "motivo_sustitucion" in g.form.fields:
        en_lugar = caso.responsable_id
    return escribir_evento(
        caso,
        accion=g.accion,
        de=g.estado_inicial,
        actor=usuario,
        suple_a_id=g.cargo.usuario_id if g.cargo.prestado else None,
        en_lugar_de_id=en_lugar,
        sin_segregacion=_sin_segregacion(g),
        en=g.ahora,
        datos=datos,
        textos=textos,
        ficha=g.datos.get("ficha") or uuid.uuid4(),
    )


def _sin_segregacion(g: Gestion) -> bool:
    """Rule 4: who asked also decided, for lack of anyone else."""
    if g.accion in ("dispensar", "aceptar_como_esta"):
        return permisos.falta_segregacion(g.caso, g.usuario, g.objeto)
    if g.accion in ("indicar_no_puede", "indicar_no_aplica"):
        es_gerencia = g.objeto.area_id not in g.cargo.areas
        return es_gerencia and permisos.falta_segregacion(g.caso, g.usuario, g.objeto)
    if g.accion == "aceptar_constancia":
        return permisos.falta_segregacion(g.caso, g.usuario, g.objeto.opinion)
    if g.accion == "declarar_viable" and g.caso.hechos.en_contra:
        return permisos.falta_segregacion(g.caso, g.usuario)
    if g.accion == "contraofertar" and g.datos.get("consiente"):
        return permisos.falta_segregacion(g.caso, g.usuario)
    return False


def escribir_evento(caso, *, accion, de, actor, en, datos, textos, ficha=None, **mas) -> Evento:
    """Append to the case's chain; ``caso`` keeps the count and the head (saved by the caller)."""
    filas = [
        TextoEvento(
            campo=campo,
            etiqueta=str(etiqueta)[:120],
            texto=texto,
            personal=personal,
            sal=uuid.uuid4().hex,
        )
        for campo, (etiqueta, texto, personal) in textos.items()
    ]
    if filas:
        datos["textos"] = {f.campo: digerir(f.texto, f.sal) for f in filas}
    evento = Evento(
        caso=caso,
        numero=caso.num_eventos + 1,
        seccion=flujo.seccion_de(accion, de),
        revision=revision_vigente(caso),
        accion=accion,
        de=de,
        a=caso.estado,
        actor=actor,
        en=en,
        datos=datos,
        previo=caso.huella_cabeza,
        ficha=ficha or uuid.uuid4(),
        **mas,
    )
    evento.huella = evento.calcular_huella()
    evento.save(force_insert=True)
    for fila in filas:
        fila.evento = evento
    TextoEvento.objects.bulk_create(filas)
    caso.num_eventos, caso.huella_cabeza = evento.numero, evento.huella
    return evento


def _concluir_analisis(g: Gestion) -> Evento | None:
    """§7.3: the last current opinion concludes the analysis by itself."""
    caso = g.caso
    if caso.estado != Estado.EN_ANALISIS:
        return None
    if not caso.hechos.opiniones_resueltas:
        return None
    de = caso.estado
    caso.concluir_analisis()
    caso.version += 1
    caso.estado_desde = g.ahora
    return escribir_evento(
        caso, accion="concluir_analisis", de=de, actor=None, en=g.ahora, datos={}, textos={}
    )


def revision_vigente(caso) -> int:
    """Revision of the instruction in force; 0 where none is loaded."""
    if hasattr(caso, "revision_vigente"):
        return caso.revision_vigente or 0
    numero = RevisionInstruccion.objects.filter(vigente=True).values_list("numero", flat=True)
    return next(iter(numero), 0)


def _suma(archivo) -> str:
    suma = hashlib.sha256()
    for trozo in archivo.chunks():
        suma.update(trozo)
    archivo.seek(0)
    return suma.hexdigest()


def _guardar_archivo(g: Gestion, evento: Evento) -> None:
    archivo = g.datos.get("archivo")
    if not archivo:
        return
    Adjunto.objects.create(
        caso=g.caso,
        evento=evento,
        archivo=archivo,
        nombre=archivo.name[:150],
        tipo=archivo.tipo,
        tamano=archivo.size,
        sha256=evento.datos["archivo_sha256"],
        subido_por=g.usuario,
    )


def serializar(form) -> tuple[dict, dict]:
    """What was typed, split in data for the hash and free texts kept beside it.

    Persons go by reference (``model:pk``); every free text goes to ``textos``.
    """
    datos, textos = {}, {}
    for nombre, campo in form.fields.items():
        valor = form.cleaned_data.get(nombre)
        if nombre in ("version", "ficha", "archivo") or valor in (None, "", False, []):
            continue
        es_texto = isinstance(valor, str) and not isinstance(
            campo, (forms.ChoiceField, forms.TypedChoiceField)
        )
        if es_texto and not getattr(campo, "es_valor", False):
            textos[nombre] = (campo.label or nombre, valor, getattr(campo, "personal", False))
        else:
            crudo = en_json(valor)
            if crudo != []:
                datos[nombre] = crudo
    return datos, textos


def en_json(valor):
    if isinstance(valor, models.Model):
        return f"{valor._meta.model_name}:{valor.pk}"
    if isinstance(valor, models.QuerySet | list | tuple):
        return [en_json(v) for v in valor]
    if isinstance(valor, datetime):
        return valor.isoformat()
    if isinstance(valor, date):
        return valor.isoformat()
    if isinstance(valor, Decimal | uuid.UUID):
        return str(valor)
    return valor


# -- words ----------------------------------------------------------------------------------------


def _hecho_en_palabras(g: Gestion) -> str:
    return f"«{flujo.ETIQUETAS[g.accion]}» quedó en el caso {g.caso.folio}"


def le_toca(caso) -> str:
    if not caso.pendiente_de:
        return f"El caso quedó como «{caso.etiqueta_estado}»."
    return f"Ahora le toca a {caso.pendiente_de}."


# -- what a person may do now ----------------------------------------------------------------------


@dataclass(frozen=True)
class Opcion:
    """An action offered to a person on a case, or the reason why it is not ready yet."""

    accion: str
    objeto: models.Model | None
    faltas: tuple
    url: str

    @property
    def etiqueta(self) -> str:
        return flujo.ETIQUETAS[self.accion]

    @property
    def seccion(self) -> str:
        return flujo.seccion_de(self.accion)

    @property
    def cambia_estado(self) -> bool:
        return self.accion in flujo.TRANSICIONES

    @property
    def peligrosa(self) -> bool:
        return bool(flujo.TRANSICIONES.get(self.accion, {}).get("peligrosa"))


def disponibles(caso, usuario) -> list[Opcion]:
    """What ``usuario`` may do on ``caso`` now, in the order of the instruction."""
    if caso.hechos is None:
        caso.hechos = Hechos(caso)
    opciones = []
    for nombre in permisos.QUIEN:
        if nombre not in REGISTRO or caso.estado not in flujo.estados_de(nombre):
            continue
        sobre = permisos.SOBRE.get(nombre)
        objetos = getattr(caso.hechos, LISTA_DE[sobre]) if sobre else [None]
        for objeto in objetos:
            if not permisos.cargo_para(nombre, caso, usuario, objeto):
                continue
            url = f"/casos/{caso.folio}/{nombre}/" + (f"{objeto.pk}/" if objeto else "")
            faltas = tuple(faltas_de_la_maquina(nombre, caso))
            opciones.append(Opcion(nombre, objeto, faltas, url))
    return opciones
