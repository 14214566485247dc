"""Who has the ball and until when: derived from the case, never typed (D§2). Assigns, no saves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.utils import timezone

from casos import calendario
from casos.catalogos import Estado, EstadoOpinion, Turno
from casos.models import Ajuste, Opinion, Usuario
from casos.textos import punto

from .hechos import Hechos

E = Estado
# Steps that end once the client was spoken with.
SE_BUSCA_AL_CLIENTE = (E.EN_CONTACTO, E.EN_PROPUESTA, E.POR_INFORMAR)
# Where a client who does not answer may be given up (§7.2, 7.5, 7.6).
SE_PUEDE_DEJAR = (E.EN_CONTACTO, E.EN_PROPUESTA, E.EN_RESPUESTA)


class _Turno(NamedTuple):
    turno: str
    pendiente_de: str  # in words
    vence: date | None


def poner_turno(h: Hechos) -> None:
    """Set what the case keeps of whose move it is, from its facts."""
    h.caso.turno, h.caso.pendiente_de, h.caso.vence = _calcular(h)
    h.caso.intentos_completos = h.caso.estado in SE_PUEDE_DEJAR and h.tres_intentos


def _responsable(h: Hechos) -> tuple[str, str]:
    if h.caso.responsable is None:
        return Turno.GER, str(Turno.GER.label)
    return Turno.RC, str(h.caso.responsable)


def _calcular(h: Hechos) -> _Turno:
    caso = h.caso
    estado = caso.estado
    if not caso.es_abierto:
        return _Turno(Turno.NADIE, "", None)
    if estado == E.EN_ANALISIS:
        return _en_analisis(h)
    if estado == E.EN_MODIFICACION:
        return _en_modificacion(h)
    if estado == E.EN_RESPUESTA:
        viva = h.propuesta_viva
        return _Turno(Turno.CLIENTE, str(Turno.CLIENTE.label), viva.vigencia if viva else None)
    vence = _vence(h)
    if estado == E.POR_DECIDIR and h.esta_elevado:
        return _Turno(Turno.DG, str(Turno.DG.label), vence)
    if estado == E.POR_INFORMAR and caso.por_atencion:
        return _Turno(Turno.AC, str(Turno.AC.label), vence)
    return _Turno(*_responsable(h), vence)


def _vence(h: Hechos) -> date | None:
    """The step's deadline; who tries and finds nobody is given until their next action (rule 8).

    ``None`` where the calendar gives none.
    """
    vence = calendario.vence_para(h.caso.estado, h.caso.estado_desde)
    if h.caso.estado == E.RECIBIDO and h.caso.primer_plazo_fecha:
        return max(vence or date.min, h.caso.primer_plazo_fecha)
    if vence is None or h.caso.estado not in SE_BUSCA_AL_CLIENTE:
        return vence
    intentos = h.intentos_del_paso
    sin_fecha = [timezone.localdate(c.cuando) for c in intentos if not c.proxima_fecha]
    siguientes: list[date | None] = [c.proxima_fecha for c in intentos]
    if sin_fecha:
        siguientes.append(calendario.sumar_habiles(max(sin_fecha), 1))
    return max([vence, *(dia for dia in siguientes if dia)])


def _en_analisis(h: Hechos) -> _Turno:
    pendientes = h.opiniones_pendientes
    devueltas = [o for o in pendientes if o.estado == EstadoOpinion.DEVUELTA]
    if devueltas:
        # An area asked for data: ball and clock are with RC until it is answered (§7.3).
        turno, nombre = _responsable(h)
        esperan = [o for o in pendientes if o not in devueltas]
        return _Turno(turno, _nombres(esperan, nombre), min(o.vence for o in devueltas))
    return _Turno(Turno.AREAS, _nombres(pendientes), min(o.vence for o in pendientes))


def _en_modificacion(h: Hechos) -> _Turno:
    pendientes = h.pendientes_de_ajuste
    deshacen = [a for a in pendientes if a.deshace_id]
    if pendientes and (deshacen or not h.hay_no_puede):
        return _Turno(Turno.AREAS, _nombres(pendientes), min(a.vence for a in pendientes))
    # All answered, or one cannot and the others stop until told: RC has two days from the last answer
    # to close it or to say what follows.
    contestados = [a.respondido_en for a in h.ajustes_de_la_aceptacion if a.respondido_en]
    desde = max([h.caso.estado_desde, *contestados])
    turno, nombre = _responsable(h)
    return _Turno(turno, _nombres(pendientes, nombre), calendario.vence_para(E.EN_CONTACTO, desde))


def _nombres(filas: Iterable[Opinion | Ajuste], *antes: str) -> str:
    """ "Mariana Solís, Finanzas y Jurídico": the areas of the rows, after whoever else waits."""
    *nombres, ultimo = dict.fromkeys([*antes, *(f.area.nombre for f in filas)])
    return (f"{', '.join(nombres)} y {ultimo}" if nombres else ultimo)[:200]


def a_quien_le_toca(h: Hechos, lector: Usuario | None = None) -> str:
    """ "le toca a Ana Ruiz", "le toca al cliente", "les toca a Jurídico y Nóminas"; to her, "te toca"."""
    if (
        lector
        and h.caso.turno_hoy == Turno.RC
        and lector == h.caso.responsable
        and not _son_varios(h)
    ):
        return "te toca a ti"
    if h.caso.turno_hoy == Turno.CLIENTE:
        return "le toca al cliente"
    if h.caso.turno_hoy == Turno.GER:
        return "le toca a la gerencia comercial"
    return f"{'les' if _son_varios(h) else 'le'} toca a {h.caso.pendiente_hoy}"


def _son_varios(h: Hechos) -> bool:
    """Counted in the rows: an area's own name may have an "y" in it."""
    if h.caso.estado == E.EN_ANALISIS:
        esperan = h.opiniones_pendientes
        de_rc = any(o.estado == EstadoOpinion.DEVUELTA for o in esperan)
        areas = {o.area_id for o in esperan if o.estado != EstadoOpinion.DEVUELTA}
        return len(areas) + de_rc > 1
    if h.caso.estado == E.EN_MODIFICACION:
        de_rc = h.caso.turno == Turno.RC
        return len({a.area_id for a in h.pendientes_de_ajuste}) + de_rc > 1
    return False


def como_quedo(h: Hechos, lector: Usuario) -> str:
    """What the message says after a step: whose move it is now, or how the case ended."""
    if not h.caso.pendiente_hoy:
        return f"El caso quedó como «{h.caso.etiqueta_estado}»."
    return punto(f"Ahora {a_quien_le_toca(h, lector)}")
