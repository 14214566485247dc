"""Recompute the chain of what was configured, and compare what stands with what it says. Reads only."""

from collections.abc import Iterator

from casos.models import CabezaDeConfiguracion, CabezaDeSeguridad, EventoDeConfiguracion
from casos.models.bitacora import CERO
from casos.seguridad.que_se_configura import ENCADENADAS, leer

from .sin_que_cambie import sin_que_cambie

FALLAS_MAXIMO = 20  # rows told
_NOMBRES = {m._meta.db_table: m._meta.verbose_name for m in ENCADENADAS}


def revisar_configuracion() -> list[str]:
    """What is wrong, each with its place; empty where all is as the chain left it.

    Changes may go on meanwhile: what looks wrong is looked at again with nobody changing anything.
    """
    if not list(_fallas()):
        return []
    with sin_que_cambie(CabezaDeSeguridad, 1):
        return list(_fallas())


def _fallas() -> Iterator[str]:
    cabeza = CabezaDeConfiguracion.objects.filter(pk=1).first()
    if cabeza is None:
        yield "falta la cabeza de su cadena."
        return
    previo, visto = CERO, 0
    quedo: dict[tuple[str, str], tuple[str, int]] = {}
    for evento in EventoDeConfiguracion.objects.order_by("numero").iterator(chunk_size=200):
        visto += 1
        esta = f"el evento {evento.numero} (fila {evento.pk})"
        falla = ""
        if evento.numero != visto:
            falla = f"falta el evento {visto}; sigue {esta}."
        elif evento.calcular_huella() != evento.huella:
            falla = f"{esta} fue alterado."
        elif evento.previo != previo:
            falla = f"{esta} no continúa la cadena."
        if falla:
            yield falla
            return
        yield from _del_evento(evento, quedo)
        previo = evento.huella
    if visto != cabeza.numero:
        yield f"su cabeza dice {cabeza.numero} eventos y hay {visto}."
    elif previo != cabeza.huella:
        yield "la huella del último evento no es la que guarda su cabeza."
    else:
        yield from _de_las_filas(cabeza.sal, quedo)


def _del_evento(
    evento: EventoDeConfiguracion, quedo: dict[tuple[str, str], tuple[str, int]]
) -> Iterator[str]:
    for tabla, suyas in evento.filas.items():
        for pk, (antes, ahora) in suyas.items():
            if quedo.get((tabla, pk), (None, 0))[0] != antes:
                yield (
                    f"{_cual(tabla, pk)} ya no era la que dejó la cadena cuando se hizo el evento "
                    f"{evento.numero}."
                )
            if ahora is None:
                quedo.pop((tabla, pk), None)
            else:
                quedo[tabla, pk] = (ahora, evento.numero)


def _de_las_filas(sal: str, quedo: dict[tuple[str, str], tuple[str, int]]) -> Iterator[str]:
    cuantas = 0
    for modelo in ENCADENADAS:
        tabla = modelo._meta.db_table
        hay = leer(modelo, sal)
        dichas = {pk: de for (t, pk), de in quedo.items() if t == tabla}
        for pk in sorted(hay.keys() | dichas.keys(), key=lambda k: (len(k), k)):
            cual = _cual(tabla, pk)
            if pk not in hay:
                falla = f"falta {cual}, que dejó el evento {dichas[pk][1]}."
            elif pk not in dichas:
                falla = f"sobra {cual}: ningún evento la dejó."
            elif hay[pk][0] != dichas[pk][0]:
                falla = f"{cual} no es como la dejó el evento {dichas[pk][1]}."
            else:
                continue
            cuantas += 1
            if cuantas <= FALLAS_MAXIMO:
                yield falla
    if cuantas > FALLAS_MAXIMO:
        yield f"y {cuantas - FALLAS_MAXIMO} filas más."


def _cual(tabla: str, pk: str) -> str:
    return f"la fila {pk} de «{_NOMBRES.get(tabla, tabla)}»"
