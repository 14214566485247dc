"""Whether a case was followed up as the instruction says: one named rule per function, over its log.

No queries, no HTML, no clock. A rule says nothing where it does not apply yet; else what it finds wrong, each with
the event that shows it, or nothing where it is complied with. What it says holds no reason, figure or person, since
whoever sees the case reads it. ``docs/instruccion.md`` has each rule beside its section.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from casos import actos as a
from casos.catalogos import Estado, Sentido, SiNo, TipoConstancia
from casos.flujo import TRANSICIONES, destinos_de
from casos.veredicto import Veredicto

from .acta import Acta, Anotacion, DeUnArea, Dicha, fecha_de

E = Estado
OPINAN = (a.OPINAR, a.OPINAR_VERBAL)
CONTESTAN = (a.CONFIRMAR_AJUSTE, a.INDICAR_NO_PUEDE, a.INDICAR_NO_APLICA, a.ANOTAR_RESPUESTA)
DECIDEN = (a.DECLARAR_VIABLE, a.DECLARAR_NO_VIABLE)
RESPONDEN = (a.CONFIRMAR_CONSTANCIA, a.CORREGIR_CONSTANCIA, a.ACEPTAR_CONSTANCIA)
HABLAN = (a.CONTACTAR, a.REGISTRAR_CONTACTO)


@dataclass(frozen=True)
class Desviacion:
    """What a rule finds wrong, and the number of the event that shows it."""

    veredicto: Veredicto
    dicho: str
    evento: int


Desviaciones = Iterator[Desviacion]


@dataclass(frozen=True)
class Regla:
    """A rule of the instruction: its name, its section, what it asks, and when it applies."""

    nombre: str
    seccion: str
    pide: str
    aplica: Callable[[Acta], object]
    busca: Callable[[Acta], Desviaciones]


@dataclass(frozen=True)
class Juicio:
    """How a case did by one rule."""

    regla: Regla
    desviaciones: tuple[Desviacion, ...]

    @property
    def veredicto(self) -> Veredicto:
        return max((d.veredicto for d in self.desviaciones), default=Veredicto.CUMPLE)


REGLAS: dict[str, Regla] = {}


def regla(seccion: str, pide: str, aplica: Callable[[Acta], object]) -> Callable:
    def anotar(busca: Callable[[Acta], Desviaciones]) -> Regla:
        una = REGLAS[busca.__name__] = Regla(busca.__name__, seccion, pide, aplica, busca)
        return una

    return anotar


def juzgar(acta: Acta) -> list[Juicio]:
    """By every rule that applies to what the case has behind it, in the order of the instruction."""
    return [Juicio(r, tuple(r.busca(acta))) for r in REGLAS.values() if r.aplica(acta)]


def veredicto_de(juicios: Iterable[Juicio]) -> Veredicto:
    """The worst of them."""
    return max((j.veredicto for j in juicios), default=Veredicto.CUMPLE)


def _mal(evento: Anotacion, dicho: str) -> Desviacion:
    return Desviacion(Veredicto.NO_CUMPLE, dicho, evento.numero)


def _ojo(evento: Anotacion, dicho: str) -> Desviacion:
    return Desviacion(Veredicto.OBSERVACION, dicho, evento.numero)


def _hecho(*actos: a.Suceso) -> Callable[[Acta], object]:
    return lambda acta: acta.de(*actos)


def _antes(acta: Acta, evento: Anotacion, *actos: a.Suceso) -> list[Anotacion]:
    return [e for e in acta.de(*actos) if e.numero < evento.numero]


# -- 6 and 7: the whole case -------------------------------------------------------------------------


@regla("7", "Cada paso está y va en su orden", lambda acta: True)
def pasos_en_orden(acta: Acta) -> Desviaciones:
    """Each event starts where the one before ended, by a way that the machine has (§7.1–7.8)."""
    estado, numero = "", 0
    if not acta.eventos:
        yield Desviacion(Veredicto.NO_CUMPLE, "no hay historia del caso", 0)
    for e in acta.eventos:
        numero += 1
        if e.numero != numero:
            yield _mal(e, f"falta el renglón {numero} de la historia")
            numero = e.numero
        if e.de != estado:
            yield _mal(e, "no empieza donde terminó el paso anterior")
        elif not _es_paso(e):
            yield _mal(e, "ese paso no se hace desde donde estaba el caso")
        estado = e.a


def _es_paso(e: Anotacion) -> bool:
    if e.accion in TRANSICIONES:
        vias = TRANSICIONES[e.accion]
        return e.de in vias and e.a in destinos_de(vias[E(e.de)])
    acto = a.ACTOS.get(e.accion)
    if acto and acto.abre_caso:
        return (e.de, e.a) == ("", E.RECIBIDO)
    return e.de == e.a and (acto is None or e.de in acto.en)


@regla("6", "Tiene responsable antes de hablar con el cliente", _hecho(a.CONTACTAR))
def responsable_asignado(acta: Acta) -> Desviaciones:
    """Who follows it up is assigned by the commercial area (§6)."""
    for e in acta.de(a.CONTACTAR):
        if not any("responsable" in x.datos for x in _antes(acta, e, a.REGISTRAR, a.ASIGNAR)):
            yield _mal(e, "se habló con el cliente sin responsable asignado")


T = TipoConstancia
DE_PALABRA = {T.OPINION: a.OPINAR_VERBAL, T.RESPUESTA: a.ANOTAR_RESPUESTA}
DESCANSA = {
    T.OPINION: a.DECLARAR_VIABLE,
    T.CONSENTIMIENTO: a.PRESENTAR,
    T.RESPUESTA: a.CERRAR_MODIFICADO,
}


@regla("6", "Lo que se dijo de palabra quedó confirmado", lambda acta: acta.constancias)
def verbales_confirmadas(acta: Acta) -> Desviaciones:
    """What was said verbally is confirmed before something rests on it, and by the closing (§6, §7.7)."""
    for c in acta.constancias:
        desde = _donde_se_anoto(acta, c)
        sellos = {e.numero for e in acta.de(*RESPONDEN) if e.sobre == ("constancia", c.pk)}
        if c.tipo in DE_PALABRA:  # or the area itself said it since
            filas = (("opinion", c.opinion), ("ajuste", c.ajuste))
            dichas = acta.de(*CONTESTAN, *OPINAN)
            sellos |= {e.numero for e in dichas if e.sobre in filas and e.numero > desde}
        hasta = min(sellos, default=len(acta.eventos) + 1)
        descansa = DESCANSA.get(T(c.tipo))
        for e in acta.eventos:
            if not desde < e.numero < hasta:
                continue
            if descansa and e.es(descansa) and _es_de_ahora(acta, c.opinion, c.ajuste, e):
                yield _mal(e, "se siguió con algo dicho de palabra sin confirmar")
                break
            if e.a == E.CERRADO != e.de:
                yield _ojo(e, "se cerró con algo dicho de palabra sin confirmar")
                break


def _donde_se_anoto(acta: Acta, c: Dicha) -> int:
    """The event that wrote it down: several may bear one instant."""
    anoto = DE_PALABRA.get(T(c.tipo))
    filas = (("opinion", c.opinion), ("ajuste", c.ajuste))
    suyos = (
        e.numero
        for e in acta.eventos
        if e.en >= c.anotada_en and (anoto is None or (e.es(anoto) and e.sobre in filas))
    )
    return min(suyos, default=0)


def _es_de_ahora(acta: Acta, opinion: int | None, ajuste: int | None, e: Anotacion) -> bool:
    """Whether what was said is about the round, or the acceptance, that the event rests on."""
    de_que = ((opinion, acta.opiniones, "vuelta"), (ajuste, acta.ajustes, "aceptacion"))
    for pk, filas, clave in de_que:
        suya = next((f for f in filas if f.pk == pk), None)
        if suya and suya.vez != _vez(acta, clave, e):
            return False
    return True


def _vez(acta: Acta, clave: str, e: Anotacion) -> int:
    veces = (x.datos[clave] for x in acta.eventos if x.numero < e.numero and clave in x.datos)
    return max(veces, default=0)


# -- 7.1 and 7.2 -------------------------------------------------------------------------------------


@regla("7.1", "La solicitud se registró con cliente y fecha", lambda acta: True)
def solicitud_registrada(acta: Acta) -> Desviaciones:
    """What was asked, by whom and when, is the first thing written down (§7.1)."""
    for e in acta.eventos[:1]:
        if not e.es(a.REGISTRAR) or not {"cliente", "recibido_en"} <= set(e.datos):
            yield _mal(e, "no consta qué cliente la pidió o cuándo se recibió")


@regla("7.2", "Se habló con el cliente antes de analizar", _hecho(a.ANALIZAR))
def contacto_antes_de_analizar(acta: Acta) -> Desviaciones:
    """The requirement is gone through with the client before the areas are asked (§7.2)."""
    for e in acta.de(a.ANALIZAR)[:1]:
        antes = _antes(acta, e, *HABLAN, a.CELEBRAR_CITA)
        if not any(x.es(a.CELEBRAR_CITA) or x.datos.get("efectivo") == SiNo.SI for x in antes):
            yield _mal(e, "se pidió opinión sin haber hablado con el cliente")


# -- 7.3 and 7.4 -------------------------------------------------------------------------------------


@regla("7.3", "Nadie contesta ni dispensa lo que pidió", _hecho(a.DISPENSAR, *OPINAN, *CONTESTAN))
def nadie_se_contesta(acta: Acta) -> Desviaciones:
    """Who asked an area neither answers for it nor goes on without it (§7.3, §7.7)."""
    for e in acta.de(a.DISPENSAR, a.OPINAR, a.CONFIRMAR_AJUSTE, a.INDICAR_NO_APLICA):
        modelo, pk = e.sobre
        es_opinion = modelo == "opinion"
        filas, prefijo = (acta.opiniones, "area") if es_opinion else (acta.ajustes, "ajuste")
        fila = next((f for f in filas if f.pk == pk), None)
        pidio = fila and acta.pidio(fila, prefijo, e.numero)
        if pidio and {e.actor, e.suple_a} & {pidio.actor, pidio.suple_a} - {None}:
            que = (
                "siguió sin la opinión que pidió" if e.es(a.DISPENSAR) else "contestó lo que pidió"
            )
            yield (_ojo if e.sin_segregacion else _mal)(e, f"la misma persona {que}")


@regla("7.3", "Las áreas opinaron en su plazo", _hecho(*OPINAN, a.DISPENSAR))
def opiniones_a_tiempo(acta: Acta) -> Desviaciones:
    """By the day it was asked for; not of an area that was waiting for data itself (§7.3)."""
    esperaron = {e.sobre for e in acta.de(a.PEDIR_DATOS)}
    for o in acta.opiniones:
        e = _primero(acta, ("opinion", o.pk), (*OPINAN, a.DISPENSAR))
        if e and e.es(a.DISPENSAR):
            yield _ojo(e, f"{acta.nombre(o.area)} no opinó y se siguió sin su opinión")
        elif e and e.sobre not in esperaron and _tarde(acta, o, e, "area", "vence"):
            yield _ojo(e, f"{acta.nombre(o.area)} opinó después de su fecha")


def _primero(acta: Acta, fila: tuple[str, int], actos: tuple[a.Suceso, ...]) -> Anotacion | None:
    return next((e for e in acta.de(*actos) if e.sobre == fila), None)


def _tarde(acta: Acta, fila: DeUnArea, e: Anotacion, pedida: str, hasta: str) -> bool:
    pidio = acta.pidio(fila, pedida, e.numero)
    limite = fecha_de(pidio, f"{hasta}_{acta.areas[fila.area].codigo}") if pidio else ""
    return bool(limite) and localdate(e.en) > date.fromisoformat(limite)


@regla("7.4", "La opinión de las áreas va antes que la decisión", _hecho(*DECIDEN))
def opinion_antes_de_decidir(acta: Acta) -> Desviaciones:
    """Every area asked in the round has answered, or was gone on without; one at least gave it (§7.3, §7.4)."""
    for e in acta.de(*DECIDEN):
        dadas, pedidas = 0, [o for o in acta.opiniones if o.vez == _vez(acta, "vuelta", e)]
        for o in pedidas:
            suyos = [
                x for x in acta.eventos if x.sobre == ("opinion", o.pk) and x.numero < e.numero
            ]
            opinadas = [x for x in suyos if x.es(*OPINAN)]
            dadas += bool(opinadas) and opinadas[-1].datos.get("sentido") != Sentido.NO_APLICA
            if not opinadas and not any(x.es(a.DISPENSAR, a.RETIRAR_CONSULTA) for x in suyos):
                yield _mal(e, f"se decidió sin la opinión de {acta.nombre(o.area)}")
        if not pedidas or (not dadas and e.es(a.DECLARAR_VIABLE)):
            yield _mal(e, "se decidió sin la opinión de ninguna área")


@regla("7.4", "Del no se registró el motivo", _hecho(a.DECLARAR_NO_VIABLE, a.DECLARAR_NO_AJUSTABLE))
def motivo_nuestro(acta: Acta) -> Desviaciones:
    """A "no" of ours has its motive (§7.4, §7.8)."""
    for e in acta.de(a.DECLARAR_NO_VIABLE, a.DECLARAR_NO_AJUSTABLE):
        if not e.datos.get("motivos"):
            yield _mal(e, "se dijo que no sin registrar el motivo")


# -- 7.5 and 7.6 -------------------------------------------------------------------------------------


@regla("7.5", "Se respondió a lo que se presentó", _hecho(a.ACEPTAR, a.RECHAZAR))
def respuesta_a_lo_presentado(acta: Acta) -> Desviaciones:
    """The client answers the proposal that was presented last (§7.5, §7.6)."""
    for e in acta.de(a.ACEPTAR, a.RECHAZAR):
        presentadas = _antes(acta, e, a.PRESENTAR)
        if not presentadas or presentadas[-1].datos.get("propuesta") != e.datos.get("propuesta"):
            yield _mal(e, "se registró la respuesta a una propuesta que no se presentó")


@regla("7.5", "Se aceptó con la propuesta en vigencia", _hecho(a.ACEPTAR))
def aceptada_en_vigencia(acta: Acta) -> Desviaciones:
    """By the day until which it stood (§7.5)."""
    for e in acta.de(a.ACEPTAR):
        for p in _antes(acta, e, a.PRESENTAR)[-1:]:
            dijo, vigencia = e.datos.get("cuando"), p.datos.get("vigencia")
            if (
                dijo
                and vigencia
                and localdate(datetime.fromisoformat(dijo)) > date.fromisoformat(vigencia)
            ):
                yield _ojo(e, "se aceptó después de que venció la propuesta")


@regla("7.6", "Si no le interesó, se registró su motivo", _hecho(a.RECHAZAR))
def motivo_del_cliente(acta: Acta) -> Desviaciones:
    """ "Se identifican motivos y se registra en la base de datos" (§7.6)."""
    for e in acta.de(a.RECHAZAR):
        if not e.datos.get("motivo_principal"):
            yield _mal(e, "no se registró por qué no le interesó al cliente")


# -- 7.7 ---------------------------------------------------------------------------------------------


@regla("7.7", "Se notificó a Jurídico antes de cerrar", _hecho(a.CERRAR_MODIFICADO))
def juridico_avisado(acta: Acta) -> Desviaciones:
    """ "Se notifica a Jurídico vía mail o de manera verbal para hacer el ajuste en el contrato" (§7.7)."""
    del_contrato = {pk for pk, area in acta.areas.items() if area.es_del_contrato}
    for e in acta.de(a.CERRAR_MODIFICADO):
        suyos = [f for f in _del_cierre(acta, e) if f.area in del_contrato]
        if not any(acta.pidio(f, "ajuste", e.numero) for f in suyos):
            yield _mal(e, "se cerró sin notificar a Jurídico")


@regla("7.7", "Cada área contestó su ajuste antes de cerrar", _hecho(a.CERRAR_MODIFICADO))
def ajustes_contestados(acta: Acta) -> Desviaciones:
    """ "Es responsabilidad de cada área hacer el ajuste necesario" (§7.7)."""
    for e in acta.de(a.CERRAR_MODIFICADO):
        for f in _del_cierre(acta, e):
            contesto = _primero(acta, ("ajuste", f.pk), CONTESTAN)
            if contesto is None or contesto.numero > e.numero:
                yield _mal(e, f"se cerró sin la respuesta de {acta.nombre(f.area)}")


def _del_cierre(acta: Acta, e: Anotacion) -> list[DeUnArea]:
    """Of the last acceptance before an event, the last adjustment of each area."""
    vez = _vez(acta, "aceptacion", e)
    return list({f.area: f for f in acta.ajustes if f.vez == vez and not f.deshace}.values())


@regla("7.7", "Las áreas ajustaron en su plazo", _hecho(*CONTESTAN))
def ajustes_a_tiempo(acta: Acta) -> Desviaciones:
    """By the day it was asked for (§7.7)."""
    for f in acta.ajustes:
        e = _primero(acta, ("ajuste", f.pk), CONTESTAN)
        if e and not f.deshace and _tarde(acta, f, e, "ajuste", "para"):
            yield _ojo(e, f"{acta.nombre(f.area)} contestó después de su fecha")


@regla("7.7", "El contrato quedó como se acordó", _hecho(a.CERRAR_MODIFICADO))
def contrato_como_se_acordo(acta: Acta) -> Desviaciones:
    """The contract's version that the closing wrote has what *Acordado* says (§7.7)."""
    acordado: dict[str, str] = {}
    for e in acta.eventos:
        for clave, cambio in (e.datos.get("cambios") or {}).items():
            columna, _, concepto = clave.partition(":")
            if columna == "acordado":
                acordado[concepto] = cambio[1]
        if e.es(a.CERRAR_MODIFICADO):
            numero = e.datos.get("version_contrato", 0)
            if any(v and acta.contrato.get((numero, c)) != v for c, v in acordado.items()):
                yield _mal(e, "la versión del contrato no dice lo que se acordó")


# -- 7.8 ---------------------------------------------------------------------------------------------


@regla("7.8", "Se informó al cliente", _hecho(a.INFORMAR, a.CERRAR_MODIFICADO))
def cliente_informado(acta: Acta) -> Desviaciones:
    """Who told the client, and when, is written down with the closing (§7.7, §7.8)."""
    for e in acta.de(a.INFORMAR, a.CERRAR_MODIFICADO):
        if e.datos.get("localizado") == SiNo.NO:
            yield _ojo(e, "se cerró sin localizar al cliente para informarle")
        elif not {"informo", "cuando"} <= set(e.datos):
            yield _mal(e, "no consta quién informó al cliente, o cuándo")
