"""What the door writes once an action is done: deadlines, event, file, search text, mails.

No rules about who may do what; those were asked before.
"""

import uuid

from casos import permisos
from casos.busqueda import texto_de_caso
from casos.catalogos import ABIERTOS, Estado, EstadoAjuste, EstadoCita, EstadoOpinion
from casos.correo import bandeja_de_salida
from casos.expediente.turno import poner_turno
from casos.models import Adjunto, BusquedaCaso, Evento
from casos.pasos.bitacora import escribir_evento, serializar, suma_de
from casos.pasos.gestion import Gestion

# Acts that change what a search looks at (client, contract, request).
CAMBIAN_BUSQUEDA = ("registrar", "corregir_datos")


def asentar(g: Gestion) -> Evento:
    caso = g.caso
    cambio = caso.estado != g.estado_inicial
    if cambio and g.estado_inicial:
        caso.version += 1
        _al_cambiar_de_estado(g)
    elif g.cambio_hoja:
        caso.version += 1
    evento = _evento(g)
    _guardar_archivo(g, evento)
    concluido = _concluir_analisis(g)
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
    bandeja_de_salida.encolar(evento, caso, contexto)
    if concluido:
        bandeja_de_salida.encolar(concluido, caso, {})
    return evento


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
        datos["archivo_sha256"] = suma_de(archivo)
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
        return permisos.falta_segregacion(g.caso, g.usuario, g.cargo, g.objeto)
    if g.accion in ("indicar_no_puede", "indicar_no_aplica"):
        es_gerencia = g.objeto.area_id not in g.cargo.areas
        return es_gerencia and permisos.falta_segregacion(g.caso, g.usuario, g.cargo, g.objeto)
    if g.accion == "aceptar_constancia":
        return permisos.falta_segregacion(g.caso, g.usuario, g.cargo, g.objeto.opinion)
    if g.accion == "declarar_viable" and g.caso.hechos.en_contra:
        return permisos.falta_segregacion(g.caso, g.usuario, g.cargo)
    if g.accion == "contraofertar" and g.datos.get("consiente"):
        return permisos.falta_segregacion(g.caso, g.usuario, g.cargo)
    return False


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


def _guardar_archivo(g: Gestion, evento: Evento) -> None:
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
