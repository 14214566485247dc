"""What a closing leaves to be counted: its figures and the case's business time, from its log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from casos.catalogos import BIT_DE_PASO, Estado, Tiempo
from casos.expediente import Hechos
from casos.expediente.carga import el_mismo
from casos.expediente.como_termino import Desenlace, desenlaces
from casos.expediente.tiempo import anotados_de, claves_de, dias_de
from casos.models import Caso, Cierre, Evento, Lapso
from casos.models.de_su_registro import claves_de_la_fila, claves_en_fila
from casos.reparto_del_tiempo import QUE_MUEVEN, Anotado, Sumas, pasos, sumar
from casos.tiempo_habil import Calendarios, en_decimos

PLAZAS, TARIFA = "plazas", "tarifa"  # keys of the sheet


# What a closing can hold of what the contract had: posts, and their value a month.
VALIA = ("plazas", "valor_mensual", "moneda")
MAS_PLAZAS, MAS_VALOR = 2**31 - 1, Decimal(10) ** 14


def contar_cierre(h: Hechos, evento: Evento, anotados: list[Anotado]) -> None:
    """In the transaction of the act that closed it; ``anotados``: what moved it, up to that."""
    *anteriores, este = desenlaces(anotados)
    if anteriores:
        Cierre.objects.filter(caso=h.caso, siguiente_en=None).update(siguiente_en=evento.en)
    _guardar(h, anotados, este, dias_de(h))


def contar_areas(caso: Caso, areas: Iterable[int]) -> None:
    """That a case asks these areas. The caller saves it; its earlier closings are counted by them too."""
    suyas = claves_en_fila([*claves_de_la_fila(caso.areas_que_participan), *areas])
    if suyas == caso.areas_que_participan:
        return
    caso.areas_que_participan = suyas
    if caso.cerrado_primera_vez_en:
        Cierre.objects.filter(caso=caso).update(areas_que_participan=suyas)


def recontar(pk: int) -> None:
    """All that is counted of a case, anew. In a transaction of the caller's."""
    h = el_mismo(pk).hechos
    anotados = anotados_de(pk)
    andados = 0
    for estado in Evento.objects.filter(caso=pk, accion__in=QUE_MUEVEN).values_list("a", flat=True):
        andados |= BIT_DE_PASO[Estado(estado)]
    h.caso.areas_que_participan = claves_en_fila(
        [o.area_id for o in h.opiniones] + [a.area_id for a in h.ajustes]
    )
    Caso.objects.filter(pk=pk).update(
        pasos_andados=andados, areas_que_participan=h.caso.areas_que_participan
    )
    # What the contract had then stays: only the times are counted anew.
    valian = {
        numero: tuple(valia)
        for numero, *valia in Cierre.objects.filter(caso=pk).values_list("numero", *VALIA)
    }
    Cierre.objects.filter(caso=pk).delete()
    terminados = desenlaces(anotados)
    if not terminados:
        return
    dias = dias_de(h)
    for n, d in enumerate(terminados):
        siguiente = terminados[n + 1].evento.en if n + 1 < len(terminados) else None
        _guardar(h, anotados, d, dias, siguiente, valian.get(d.evento.numero))


def _guardar(
    h: Hechos,
    anotados: list[Anotado],
    d: Desenlace,
    dias: Calendarios,
    siguiente: datetime | None = None,
    valia: tuple | None = None,
) -> None:
    vigentes = {f.concepto.clave: f.vigente for f in h.condiciones}
    valia = valia or (*lo_que_vale(vigentes), h.caso.moneda)
    cierre = Cierre.objects.create(
        caso=h.caso,
        numero=d.evento.numero,
        en=d.evento.en,
        siguiente_en=siguiente,
        resultado=d.resultado,
        area_id=d.area,
        areas_que_participan=h.caso.areas_que_participan,
        contrato_tras_no=d.contrato_tras_no,
        **dict(zip(VALIA, valia, strict=True)),
    )
    a_traves = Cierre.motivos.through
    a_traves.objects.bulk_create(a_traves(cierre=cierre, motivo_id=m) for m in sorted(d.motivos))
    hasta_ahi = pasos(
        anotados[: d.leidos],
        claves_de(h),
        recibido=h.caso.se_cuenta_desde,
        hasta=d.evento.en,
        dias=dias.firma,
    )
    Lapso.objects.bulk_create(_lapsos(cierre, sumar(hasta_ahi, dias)))


def _lapsos(cierre: Cierre, sumas: Sumas) -> list[Lapso]:
    de_cada: list[tuple[Tiempo, int | None, timedelta]]
    de_cada = [(Tiempo(estado), None, t) for estado, t in sumas.por_paso.items()]
    de_cada += [(Tiempo.AREA, area, t) for area, t in sumas.areas.items()]
    de_cada += [(Tiempo.TOTAL, None, sumas.total), (Tiempo.VENTAS, None, sumas.ventas)]
    if sumas.cliente:
        de_cada.append((Tiempo.CLIENTE, None, sumas.cliente))
    return [
        Lapso(cierre=cierre, que=que, area_id=area, decimos=en_decimos(t))
        for que, area, t in de_cada
    ]


def lo_que_vale(vigentes: dict[str, str]) -> tuple[int | None, Decimal | None]:
    """Posts in force, and what they are worth a month: posts by the monthly rate per person.

    ``vigentes``: what is in force of each concept, by its key.
    """
    plazas, tarifa = (_numero(vigentes.get(clave, "")) for clave in (PLAZAS, TARIFA))
    if plazas is None or not 0 <= plazas <= MAS_PLAZAS:
        return None, None  # the sheet takes what no contract has: that is no datum
    valor = None if tarifa is None else plazas * tarifa
    return int(plazas), None if valor is None or abs(valor) >= MAS_VALOR else valor


def _numero(valor: str) -> Decimal | None:
    try:
        return Decimal(valor)
    except InvalidOperation:
        return None
