"""What follows from an act once it is done: deadlines, event, file, search text, mails.

No rules about who may do what; those were asked before.
"""

from __future__ import annotations

import uuid
from typing import Any

from casos.actos import CONCLUIR_ANALISIS, Sobre
from casos.archivos.disco import guardar
from casos.catalogos import Estado, EstadoAjuste, EstadoCita, EstadoOpinion
from casos.clientes.indice import indexar
from casos.correo.bandeja_de_salida import encolar
from casos.correo.ocasion import Ocasion
from casos.expediente.lo_juzgado import poner_lo_juzgado
from casos.expediente.tiempo import anotados_del
from casos.expediente.turno import poner_turno
from casos.formularios.base import FormularioBase
from casos.models import Adjunto, Evento
from casos.models.bitacora import ruta_adjunto

from .candados import quitar_las_de_antes
from .cuentas_del_cierre import contar_cierre
from .en_curso import ActoEnCurso
from .escribir_evento import escribir_evento, serializar, suma_de
from .situacion import referencia

UnActo = ActoEnCurso[FormularioBase, Any]


def escribir_consecuencias(en_curso: UnActo) -> Evento:
    """Write all of it in the step's own transaction; returns the event of the act."""
    caso = en_curso.caso
    if en_curso.estado_inicial and caso.estado != en_curso.estado_inicial:
        caso.version += 1
        _al_cambiar_de_estado(en_curso)
    elif en_curso.cambio_hoja:
        caso.version += 1
    if en_curso.acto.sobre in (Sobre.OPINION, Sobre.CONSTANCIA):
        quitar_las_de_antes(en_curso)
    evento = _evento(en_curso)
    _guardar_archivo(en_curso, evento)
    if caso.elevado_en and not en_curso.hechos.en_contra:
        # Corrected: should an opinion turn against again, it is for RC to say why once more.
        caso.elevado_en, caso.porque_elevar = None, ""
    concluido = _concluir_analisis(en_curso)
    poner_turno(en_curso.hechos)
    acta = poner_lo_juzgado(en_curso.hechos)
    en_curso.exp.guardar()
    if acta and evento.a == Estado.CERRADO != evento.de:
        contar_cierre(en_curso.hechos, evento, anotados_del(acta))
    if en_curso.acto.indexa or en_curso.cambio_motivos:
        indexar(caso)
    if en_curso.sin_cartas:
        return evento
    encolar(
        Ocasion(
            evento=evento,
            exp=en_curso.exp,
            datos=en_curso.datos,
            fila=en_curso.fila,
            opiniones=en_curso.opiniones,
            ajustes=en_curso.ajustes,
            constancias=en_curso.constancias,
            canceladas=en_curso.canceladas,
            impreso=en_curso.impreso,
            citas=en_curso.citas,
        )
    )
    if concluido:
        encolar(Ocasion(evento=concluido, exp=en_curso.exp))
    return evento


def _al_cambiar_de_estado(en_curso: UnActo) -> None:
    """A new deadline, and what is still open becomes *cancelado* (rule 2)."""
    caso = en_curso.caso
    caso.estado_desde = en_curso.ahora
    if caso.estado == Estado.CERRADO:
        caso.cerrado_en = en_curso.ahora
        if caso.cerrado_primera_vez_en is None:
            caso.cerrado_primera_vez_en = en_curso.ahora
            caso.primer_resultado = caso.resultado
    else:
        caso.cerrado_en = None
    if caso.estado == Estado.POR_INFORMAR:
        caso.decidido_en = en_curso.ahora
        caso.paso_por_atencion = caso.paso_por_atencion or caso.por_atencion
    planeado = en_curso.datos.get("proxima_accion") or en_curso.datos.get("proxima_fecha")
    if not caso.es_abierto or not planeado:
        # What was planned belonged to the step that is now behind.
        caso.proxima_accion, caso.proxima_fecha = "", None
    caso.elevado_en, caso.porque_elevar, caso.porque_devolver = None, "", ""
    if en_curso.estado_inicial == Estado.EN_ANALISIS:
        for opinion in [o for o in en_curso.hechos.opiniones if o.esta_sin_resolver]:
            en_curso.cambiar(opinion, estado=EstadoOpinion.CANCELADA)
            en_curso.canceladas.append(opinion)
    if en_curso.estado_inicial == Estado.EN_MODIFICACION:
        for ajuste in [a for a in en_curso.hechos.ajustes if a.esta_pendiente]:
            en_curso.cambiar(ajuste, estado=EstadoAjuste.CANCELADO)
            en_curso.canceladas.append(ajuste)
    if not caso.es_abierto:
        for cita in [c for c in en_curso.hechos.citas if c.esta_programada]:
            en_curso.cambiar(cita, estado=EstadoCita.CANCELADA)
            if cita.uid:
                en_curso.citas.append(cita)


def _evento(en_curso: UnActo) -> Evento:
    datos, textos = serializar(en_curso.form)
    if en_curso.cambios:
        datos["cambios"] = en_curso.cambios
    datos |= en_curso.datos_extra
    if en_curso.canceladas:
        datos["canceladas"] = [referencia(o) for o in en_curso.canceladas]
    archivo = en_curso.datos.get("archivo")
    if archivo:
        datos["archivo_sha256"] = suma_de(archivo)
    if en_curso.fila is not None:
        datos["sobre"] = referencia(en_curso.fila)
    for campo, (etiqueta, texto) in en_curso.textos_extra.items():
        textos[campo] = (etiqueta, texto, False)
    cargo = en_curso.permiso.cargo
    return escribir_evento(
        en_curso.exp,
        en_curso.acto,
        de=en_curso.estado_inicial,
        actor=en_curso.usuario,
        suple_a_id=cargo.usuario_id if cargo.prestado else None,
        en_lugar_de_id=en_curso.en_lugar_de_id,
        sin_segregacion=en_curso.sin_segregacion,
        en=en_curso.ahora,
        datos=datos,
        textos=textos,
        ficha=en_curso.datos.get("ficha") or uuid.uuid4(),
    )


def _concluir_analisis(en_curso: UnActo) -> Evento | None:
    """§7.3: the last current opinion concludes the analysis by itself."""
    caso = en_curso.caso
    if caso.estado != Estado.EN_ANALISIS or not en_curso.hechos.opiniones_resueltas:
        return None
    de = caso.estado
    caso.concluir_analisis()
    caso.version += 1
    caso.estado_desde = en_curso.ahora
    return escribir_evento(
        en_curso.exp, CONCLUIR_ANALISIS, de=de, actor=None, en=en_curso.ahora, datos={}, textos={}
    )


def _guardar_archivo(en_curso: UnActo, evento: Evento) -> None:
    """Raises ``SinLugar``. Whoever does not finish the act removes it."""
    archivo = en_curso.datos.get("archivo")
    if not archivo:
        return
    archivo.guardado_en = guardar(ruta_adjunto(None, archivo.nombre), archivo)
    Adjunto.objects.create(
        caso=en_curso.caso,
        evento=evento,
        archivo=archivo.guardado_en,
        nombre=archivo.nombre,
        tipo=archivo.tipo,
        tamano=archivo.size,
        sha256=evento.datos["archivo_sha256"],
        subido_por=en_curso.usuario,
        sensible=bool(en_curso.datos.get("archivo_sensible")),
    )
