"""Who has the ball and until when: derived from the case, never typed (D§2). Assigns, no saves."""

from casos import calendario
from casos.catalogos import Estado, EstadoOpinion, Turno

E = Estado


def poner_turno(caso) -> None:
    """Set ``turno``, ``pendiente_de`` (in words) and ``vence`` from the case's facts."""
    caso.turno, caso.pendiente_de, caso.vence = _calcular(caso)


def _responsable(caso):
    nombre = str(caso.responsable) if caso.responsable_id else Turno.GER.label
    return (Turno.RC if caso.responsable_id else Turno.GER), nombre


def _calcular(caso):
    estado, hechos = caso.estado, caso.hechos
    if estado not in (e.value for e in E if e.es_abierto):
        return Turno.NADIE, "", None
    if estado == E.EN_ANALISIS:
        return _en_analisis(caso)
    if estado == E.EN_MODIFICACION:
        pendientes = hechos.pendientes_de_ajuste
        if pendientes:
            return Turno.AREAS, _nombres(pendientes), min(a.vence for a in pendientes)
        # All answered: RC has two days from the last answer to close it or to say that it cannot be.
        contestados = [a.respondido_en for a in hechos.ajustes_de_la_aceptacion if a.respondido_en]
        desde = max([caso.estado_desde, *contestados])
        return *_responsable(caso), calendario.vence_para(E.EN_CONTACTO, desde)
    if estado == E.EN_RESPUESTA:
        viva = hechos.propuesta_viva
        return Turno.CLIENTE, Turno.CLIENTE.label, viva.vigencia if viva else None
    vence = calendario.vence_para(estado, caso.estado_desde)
    if estado == E.POR_DECIDIR and hechos.en_contra and hechos.hay_direccion:
        return Turno.DG, Turno.DG.label, vence
    if estado == E.POR_INFORMAR and caso.por_atencion:
        return Turno.AC, Turno.AC.label, vence
    return *_responsable(caso), vence


def _en_analisis(caso):
    pendientes = caso.hechos.opiniones_pendientes
    devueltas = [o for o in pendientes if o.estado == EstadoOpinion.DEVUELTA]
    if devueltas:
        # An area asked for data: ball and clock are with RC until it is answered (§7.3).
        turno, nombre = _responsable(caso)
        esperan = [o for o in pendientes if o not in devueltas]
        return turno, _nombres(esperan, nombre), min(o.vence for o in devueltas)
    return Turno.AREAS, _nombres(pendientes), min(o.vence for o in pendientes)


def _nombres(filas, *antes: str) -> str:
    """ "Mariana Solís, Finanzas y Jurídico": the areas of the rows, after whoever else waits."""
    *nombres, ultimo = dict.fromkeys([*antes, *(f.area.nombre for f in filas)])
    return (f"{', '.join(nombres)} y {ultimo}" if nombres else ultimo)[:200]


def a_quien_le_toca(caso) -> str:
    """ "le toca a Ana Ruiz", "le toca al cliente", "les toca a Jurídico y Nóminas"."""
    if caso.turno == Turno.CLIENTE:
        return "le toca al cliente"
    if caso.turno == Turno.GER:
        return "le toca a la gerencia comercial"
    return f"{'les' if _son_varios(caso) else 'le'} toca a {caso.pendiente_de}"


def _son_varios(caso) -> bool:
    """Counted in the rows: an area's own name may have an "y" in it."""
    if caso.estado == Estado.EN_ANALISIS:
        esperan = caso.hechos.opiniones_pendientes
        de_rc = any(o.estado == EstadoOpinion.DEVUELTA for o in esperan)
        areas = {o.area_id for o in esperan if o.estado != EstadoOpinion.DEVUELTA}
        return len(areas) + de_rc > 1
    if caso.estado == Estado.EN_MODIFICACION:
        return len({a.area_id for a in caso.hechos.pendientes_de_ajuste}) > 1
    return False
