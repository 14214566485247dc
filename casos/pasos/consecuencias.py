"""What follows from an act once it is done: deadlines, event, file, search text, mails.

No rules about who may do what; those were asked before.
"""

from __future__ import annotations

import uuid
from typing import Any

from casos.actos import CONCLUIR_ANALISIS
from casos.busqueda import texto_de_caso
from casos.catalogos import Estado, EstadoAjuste, EstadoCita, EstadoOpinion
from casos.correo.bandeja_de_salida import encolar
from casos.correo.ocasion import Ocasion
from casos.expediente.turno import poner_turno
from casos.formularios.base import FormularioBase
from casos.models import Adjunto, BusquedaCaso, Caso, Evento

from .escribir_evento import escribir_evento, serializar, suma_de
from .gestion import Gestion
from .situacion import referencia

UnaGestion = Gestion[FormularioBase, Any]


def asentar(g: UnaGestion) -> Evento:
    """Write all of it in the step's own transaction; returns the event of the act."""
    caso = g.caso
    if g.estado_inicial and caso.estado != g.estado_inicial:
        caso.version += 1
        _al_cambiar_de_estado(g)
    elif g.cambio_hoja:
        caso.version += 1
    evento = _evento(g)
    _guardar_archivo(g, evento)
    concluido = _concluir_analisis(g)
    poner_turno(g.hechos)
    g.exp.guardar()
    if g.acto.indexa:
        indexar(caso)
    encolar(
        Ocasion(
            evento=evento,
            exp=g.exp,
            datos=g.datos,
            fila=g.fila,
            opiniones=g.opiniones,
            ajustes=g.ajustes,
            constancias=g.constancias,
            canceladas=g.canceladas,
        )
    )
    if concluido:
        encolar(Ocasion(evento=concluido, exp=g.exp))
    return evento


def indexar(caso: Caso) -> None:
    """Search text in its own table, off the row that every step updates (D§4.8)."""
    texto = texto_de_caso(caso)
    nuevo = caso.num_eventos == 1
    if nuevo or not BusquedaCaso.objects.filter(caso=caso).update(texto=texto):
        BusquedaCaso.objects.create(caso=caso, texto=texto)


def _al_cambiar_de_estado(g: UnaGestion) -> None:
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
    if not caso.es_abierto or not g.datos.get("proxima_accion"):
        # What was planned belonged to the step that is now behind.
        caso.proxima_accion, caso.proxima_fecha = "", None
    if g.estado_inicial == Estado.EN_ANALISIS:
        for opinion in [o for o in g.hechos.opiniones if o.esta_sin_resolver]:
            g.cambiar(opinion, estado=EstadoOpinion.CANCELADA)
            g.canceladas.append(opinion)
    if g.estado_inicial == Estado.EN_MODIFICACION:
        for ajuste in [a for a in g.hechos.ajustes if a.esta_pendiente]:
            g.cambiar(ajuste, estado=EstadoAjuste.CANCELADO)
            g.canceladas.append(ajuste)
    if not caso.es_abierto:
        caso.citas.filter(estado=EstadoCita.PROGRAMADA).update(estado=EstadoCita.CANCELADA)


def _evento(g: UnaGestion) -> Evento:
    caso = g.caso
    datos, textos = serializar(g.form)
    if g.cambios:
        datos["cambios"] = g.cambios
    datos |= g.datos_extra
    if g.canceladas:
        datos["canceladas"] = [referencia(o) for o in g.canceladas]
    archivo = g.datos.get("archivo")
    if archivo:
        datos["archivo_sha256"] = suma_de(archivo)
    if g.fila is not None:
        datos["sobre"] = referencia(g.fila)
    for campo, (etiqueta, texto) in g.textos_extra.items():
        textos[campo] = (etiqueta, texto, False)
    cargo = g.permiso.cargo
    return escribir_evento(
        g.exp,
        g.acto,
        de=g.estado_inicial,
        actor=g.usuario,
        suple_a_id=cargo.usuario_id if cargo.prestado else None,
        en_lugar_de_id=caso.responsable_id if _en_lugar_de_rc(g) else None,
        sin_segregacion=g.sin_segregacion,
        en=g.ahora,
        datos=datos,
        textos=textos,
        ficha=g.datos.get("ficha") or uuid.uuid4(),
    )


def _en_lugar_de_rc(g: UnaGestion) -> bool:
    return getattr(g.form, "en_lugar_de_rc", False)


def _concluir_analisis(g: UnaGestion) -> Evento | None:
    """§7.3: the last current opinion concludes the analysis by itself."""
    caso = g.caso
    if caso.estado != Estado.EN_ANALISIS or not g.hechos.opiniones_resueltas:
        return None
    de = caso.estado
    caso.concluir_analisis()
    caso.version += 1
    caso.estado_desde = g.ahora
    return escribir_evento(
        g.exp, CONCLUIR_ANALISIS, de=de, actor=None, en=g.ahora, datos={}, textos={}
    )


def _guardar_archivo(g: UnaGestion, evento: Evento) -> None:
    archivo = g.datos.get("archivo")
    if not archivo:
        return
    Adjunto.objects.create(
        caso=g.caso,
        evento=evento,
        archivo=archivo,
        nombre=archivo.nombre,
        tipo=archivo.tipo,
        tamano=archivo.size,
        sha256=evento.datos["archivo_sha256"],
        subido_por=g.usuario,
    )
