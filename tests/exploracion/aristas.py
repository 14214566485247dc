"""What holds on every edge, whoever acts: asked of the case before and after the act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from casos.models import Aviso, Evento, ValorContrato

from .elenco import Elenco
from .quien import en_contra

ABIERTA = ("PENDIENTE", "DEVUELTA")
# The answer of an area, of gerencia or of Dirección to what somebody asked (rule 4).
CONTESTAN = (
    "opinar", "dispensar", "aceptar_constancia", "confirmar_ajuste", "indicar_no_puede",
    "indicar_no_aplica", "confirmar_deshecho", "indicar_no_se_deshace", "aceptar_como_esta",
    "devolver",
)  # fmt: skip
# What the area itself does about what it thinks (rule 11).
LO_DICE_EL_AREA = ("opinar", "confirmar_constancia", "corregir_constancia")
LANDING = {"NO_VIABLE": "EN_ANALISIS", "NO_AJUSTABLE": "EN_ANALISIS", "RETIRADO": "EN_CONTACTO",
           "NO_INTERESADO": "EN_PROPUESTA", "MODIFICADO": "EN_MODIFICACION"}  # fmt: skip


@dataclass(frozen=True)
class Retrato:
    """What an edge is compared with: read before the act."""

    estado: str
    resultado: str
    estado_al_cerrar: str
    vuelta: int
    version_del_contrato: int | None
    es_suyo: bool  # the contract's last version is what this case agreed
    contra: frozenset[int]
    deshaciendo: bool
    eventos: int
    rc: str | None

    @classmethod
    def de(cls, caso: Any, e: Elenco) -> Retrato:
        contrato = caso.contrato
        ultima = contrato and contrato.versiones.order_by("-numero").first()
        return cls(
            caso.estado,
            caso.resultado,
            caso.estado_al_cerrar,
            caso.vuelta,
            contrato and contrato.version,
            bool(ultima and ultima.caso_id == caso.pk and ultima.regresa_id is None),
            frozenset(en_contra(caso)),
            _se_deshace(caso),
            caso.num_eventos,
            e.rc,
        )


@dataclass(frozen=True)
class Arista:
    """An act that was done: between which pictures, by whom, on which row."""

    accion: str
    quien: str
    antes: Retrato
    caso: Any  # after
    evento: Evento
    fila: Any  # as it was before
    elenco: Elenco  # after

    @property
    def salio(self) -> bool:
        return self.caso.estado != self.antes.estado


Prueba = Callable[[Arista], Iterator[str]]


def _se_deshace(caso: Any) -> bool:
    """An undoing is open, or done, on an adjustment that nothing came after (table, 7.7)."""
    h = caso.hechos
    return any(
        d.estado in ("PENDIENTE", "NO_PUEDE")
        for a in h.ajustes_de_la_aceptacion
        for d in h.deshacimientos(a)
    ) or any(h.esta_deshecho(a) for a in h.ajustes_actuales)


def nada_abierto(a: Arista) -> Iterator[str]:
    """Nothing stays open at any end, nor on leaving 7.3 or 7.7 (rule 2)."""
    cerro = a.caso.estado in ("CERRADO", "ANULADO")
    h = a.caso.hechos
    if cerro or (a.salio and a.antes.estado == "EN_ANALISIS"):
        if a.caso.estado != "EN_ANALISIS" and any(o.estado in ABIERTA for o in h.opiniones):
            yield "quedó una opinión abierta"
    if cerro or (a.salio and a.antes.estado == "EN_MODIFICACION"):
        if any(x.estado == "PENDIENTE" for x in h.ajustes):
            yield "quedó un ajuste abierto"
    if cerro and a.caso.citas.filter(estado="PROGRAMADA").exists():
        yield "quedó una cita programada"


def vuelta_nueva(a: Arista) -> Iterator[str]:
    """Every entry into EN_ANALISIS opens a round with a question (rule 1)."""
    if a.salio and a.caso.estado == "EN_ANALISIS":
        preguntas = [o for o in a.caso.hechos.opiniones if o.vuelta == a.caso.vuelta]
        if a.caso.vuelta != a.antes.vuelta + 1 or not any(o.estado in ABIERTA for o in preguntas):
            yield "entró a análisis sin vuelta nueva con pregunta"


def contrato(a: Arista) -> Iterator[str]:
    """Only ``cerrar_modificado`` and its taking back change the contract (rules 6, 12)."""
    if a.caso.contrato is None or a.antes.version_del_contrato is None:
        return
    cambio = a.caso.contrato.version != a.antes.version_del_contrato
    se_regresa = a.antes.estado == "EN_MODIFICACION" and a.salio and a.antes.es_suyo
    modifica = a.accion == "cerrar_modificado"
    if cambio and not (modifica or se_regresa):
        yield "cambió el contrato"
    if a.antes.estado == "EN_MODIFICACION" and a.salio and not modifica:
        if _en_vigor(a.caso) != _sin_este_caso(a.caso):
            yield "salió de 7.7 y el contrato no volvió a lo de antes"
    if modifica:
        acordado = {f.concepto.clave: f.acordado for f in a.caso.hechos.condiciones if f.acordado}
        if not cambio or not acordado.items() <= _en_vigor(a.caso).items():
            yield "se cerró como modificado y el contrato no dice lo acordado"


def _en_vigor(caso: Any) -> dict[str, str]:
    dia = timezone.localdate() + timedelta(days=900)
    valores = ValorContrato.objects.en_vigor(caso.contrato_id, dia).select_related("concepto")
    return {v.concepto.clave: v.valor for v in valores}


def _sin_este_caso(caso: Any) -> dict[str, str]:
    ajenas = caso.contrato.versiones.exclude(caso=caso).order_by("desde_fecha", "numero")
    ultima = ajenas.last()
    return {v.concepto.clave: v.valor for v in ultima.valores.select_related("concepto")}


def modificado(a: Arista) -> Iterator[str]:
    """What 7.7 asks to close as modified."""
    if a.accion != "cerrar_modificado":
        return
    h = a.caso.hechos
    estados = {x.area.codigo: x.estado for x in h.ajustes_actuales}
    if not set(estados.values()) <= {"CONFIRMADO", "NO_APLICA"}:
        yield "se cerró como modificado con ajustes sin confirmar"
    if "CONFIRMADO" not in estados.values() or "JUR" not in estados:
        yield "se cerró como modificado sin nada confirmado, o sin Jurídico"
    if a.antes.deshaciendo:
        yield "se cerró como modificado con algo deshecho o por deshacer"


def la_contra_no_se_esfuma(a: Arista) -> Iterator[str]:
    """An opinion against stands until its own area says otherwise (rule 11)."""
    ahora = en_contra(a.caso)
    origen = getattr(a.fila, "opinion", None) or a.fila
    for area in a.antes.contra - ahora:
        propia = a.accion in LO_DICE_EL_AREA and getattr(origen, "area_id", None) == area
        if not (propia and a.quien in a.elenco.area(origen)):
            yield "se esfumó una opinión en contra"
    if a.accion == "declarar_viable" and a.antes.contra and a.quien not in a.elenco.direccion:
        yield "se declaró viable contra un área sin Dirección"


def nadie_se_contesta(a: Arista) -> Iterator[str]:
    """Nobody answers what they asked, or the event says ``sin_segregacion`` (rule 4)."""
    contra = a.accion == "declarar_viable" and a.antes.contra
    consiente = a.accion == "contraofertar" and a.evento.datos.get("consiente")
    if a.accion not in CONTESTAN and not contra and not consiente:
        return
    fila = getattr(a.fila, "opinion", None) or getattr(a.fila, "ajuste", None) or a.fila
    pidieron = a.elenco.pidieron(fila) | ({a.antes.rc} if a.antes.rc else set())
    if a.accion == "aceptar_constancia":
        pidieron |= {a.elenco.nombres[a.fila.registrada_por_id]}
    if a.quien in pidieron and not a.evento.sin_segregacion:
        yield "contestó quien pidió, sin que el evento lo diga"
    if a.quien not in pidieron and a.evento.sin_segregacion:
        yield "el evento dice que contestó quien pidió, y no fue así"


def se_le_dice_al_responsable(a: Arista) -> Iterator[str]:
    """Whoever is RC gets a letter of what another did in their case (rule 13)."""
    rcs = {n for n in (a.antes.rc, a.elenco.rc) if n and n != a.quien}
    pks = {n: pk for pk, n in a.elenco.nombres.items()}
    for rc in rcs & a.elenco.activos:
        cartas = Aviso.objects.filter(
            caso=a.caso, evento__numero__gt=a.antes.eventos, usuario=pks[rc]
        )
        if not cartas.exists():
            yield f"a quien lo lleva no se le escribe de {a.accion}"


def turno_y_plazo(a: Arista) -> Iterator[str]:
    """Every open state says whom it waits for and until when."""
    abierto = a.caso.estado not in ("CERRADO", "ANULADO")
    if abierto and not (a.caso.vence and a.caso.pendiente_de and a.caso.turno):
        yield "caso abierto sin plazo o sin de quién está pendiente"
    if not abierto and (a.caso.vence or a.caso.pendiente_de):
        yield "caso terminado con plazo o con pendiente"


def adonde_se_reabre(a: Arista) -> Iterator[str]:
    if a.accion != "reabrir":
        return
    en = a.antes.estado_al_cerrar
    sin_respuesta = "EN_PROPUESTA" if en == "EN_RESPUESTA" else en
    if a.caso.estado != LANDING.get(a.antes.resultado, sin_respuesta):
        yield "se reabrió en otro paso"


PRUEBAS: tuple[Prueba, ...] = (
    nada_abierto,
    vuelta_nueva,
    contrato,
    modificado,
    la_contra_no_se_esfuma,
    nadie_se_contesta,
    se_le_dice_al_responsable,
    turno_y_plazo,
    adonde_se_reabre,
)


def faltas_de(arista: Arista) -> list[str]:
    return [dicho for prueba in PRUEBAS for dicho in prueba(arista)]
