"""Recompute the chains of the log and compare all that can be compared (D§3). Reads only."""

from collections.abc import Iterator

from casos.models import Caso, Evento, TextoEvento
from casos.models.bitacora import CERO, digerir


def revisar_bitacora(folio: str = "") -> Iterator[str]:
    """Yield one sentence per case whose chain is broken, naming its first broken row.

    Altered, missing, added and reordered rows are found, and a head or a count that does not
    match the case. Memory stays flat: rows are streamed.
    """
    casos = Caso.objects.order_by("pk")
    eventos = Evento.objects.order_by("caso_id", "numero", "pk")
    if folio:
        casos = casos.filter(folio=folio)
        eventos = eventos.filter(caso__folio=folio)
    fila = eventos.iterator(chunk_size=1000)
    evento = next(fila, None)
    for caso in casos.only("folio", "estado", "num_eventos", "huella_cabeza").iterator():
        propios = []
        while evento is not None and evento.caso_id <= caso.pk:
            if evento.caso_id == caso.pk:
                propios.append(evento)
            evento = next(fila, None)
        falla = _primera_falla(caso, propios)
        if falla:
            yield f"{caso.folio}: {falla}"


def _primera_falla(caso, eventos) -> str:
    previo, estado = CERO, ""
    textos = {}
    for t in TextoEvento.objects.filter(evento__in=[e.pk for e in eventos]):
        textos.setdefault(t.evento_id, {})[t.campo] = t
    for numero, evento in enumerate(eventos, 1):
        if evento.numero != numero:
            return f"falta el evento {numero} (sigue el {evento.numero})."
        if evento.previo != previo:
            return f"el evento {numero} no continúa la cadena."
        if evento.calcular_huella() != evento.huella:
            return f"el evento {numero} ({evento.accion}) fue alterado."
        if evento.de != estado:
            return f"el evento {numero} parte de «{evento.de}» y el caso estaba en «{estado}»."
        falla = _falla_de_textos(evento, textos.get(evento.pk, {}))
        if falla:
            return f"el evento {numero} ({evento.accion}): {falla}"
        previo, estado = evento.huella, evento.a
    if caso.num_eventos != len(eventos):
        return f"el caso dice {caso.num_eventos} eventos y hay {len(eventos)}."
    if caso.huella_cabeza != previo:
        return "la huella del último evento no es la que guarda el caso."
    if caso.estado != estado:
        return f"el caso está en «{caso.estado}» y la bitácora dice «{estado}»."
    return ""


def _falla_de_textos(evento, textos) -> str:
    huellas = evento.datos.get("textos", {})
    if set(huellas) != set(textos):
        return "faltan o sobran textos."
    for campo, fila in textos.items():
        if fila.suprimido_en is None and digerir(fila.texto, fila.sal) != huellas[campo]:
            return f"el texto «{fila.etiqueta}» fue alterado."
    return ""
