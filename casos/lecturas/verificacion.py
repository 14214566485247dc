"""Recompute the chains of the log and compare all that can be compared (D§3). Reads only."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator

from django.core.exceptions import SuspiciousOperation
from django.db import transaction

from casos.models import (
    Adjunto,
    Caso,
    Evento,
    FolioAnual,
    Impreso,
    PersonaContacto,
    TextoEvento,
)
from casos.models.bitacora import CERO, digerir

TANDA = 200  # cases read at a time: memory stays flat whatever the size of the log


def revisar_bitacora(folio: str = "", *, archivos: bool = True) -> Iterator[str]:
    """Yield one sentence per broken case, naming its first broken row.

    Found: altered, missing, added and reordered rows, altered texts, a head or a count that is not
    the case's, a case missing among the folios given out; with ``archivos`` also files whose bytes
    on the disk are not those handed in, which takes reading them all. Steps may go on meanwhile: a case that
    looks broken is read again, locked, before it is named.
    """
    ultimos = {} if folio else dict(FolioAnual.objects.values_list("anio", "ultimo"))
    vistos, desde = Counter(), 0
    while True:
        casos = Caso.objects.filter(pk__gt=desde).order_by("pk")
        if folio:
            casos = casos.filter(folio=folio)
        casos = list(casos.only("folio", "estado", "num_eventos", "huella_cabeza")[:TANDA])
        ultima = len(casos) < TANDA
        rango = {} if ultima else {"caso__lte": casos[-1].pk}
        if folio:
            rango = {"caso__in": [c.pk for c in casos]}
        eventos = _eventos(caso__gt=desde, **rango)
        for caso in casos:
            anio, numero = caso.folio.split("-")[1:]
            vistos[int(anio)] += int(numero) <= ultimos.get(int(anio), 0)
            suyos = eventos.pop(caso.pk, [])
            falla = _primera_falla(caso, suyos) and _otra_vez(caso.pk)
            if archivos and not falla:
                falla = _falla_de_archivos(suyos)
            if falla:
                yield f"{caso.folio}: {falla}"
        for huerfano in eventos:
            if not Caso.objects.filter(pk=huerfano).exists():
                yield f"Hay eventos del caso {huerfano}, que no existe."
        if ultima:
            break
        desde = casos[-1].pk
    for anio, ultimo in ultimos.items():
        if vistos[anio] != ultimo:
            yield f"De los {ultimo} folios de {anio} hay {vistos[anio]} casos."


def _eventos(**filtro) -> dict:
    """Events by case, in order, each with its texts, its file and its document. Four queries, or five."""
    por_caso, textos = defaultdict(list), defaultdict(dict)
    eventos = list(Evento.objects.filter(**filtro).order_by("caso_id", "numero", "pk"))
    for texto in TextoEvento.objects.filter(**{f"evento__{k}": v for k, v in filtro.items()}):
        textos[texto.evento_id][texto.campo] = texto
    adjuntos = Adjunto.objects.filter(**{f"evento__{k}": v for k, v in filtro.items()})
    archivos = {a.evento_id: a for a in adjuntos}
    impresos = {i.huella: i for i in Impreso.objects.filter(**filtro)}
    suprimidas = _suprimidas(
        e for e in eventos if any(t.suprimido_en for t in textos[e.pk].values())
    )
    for evento in eventos:
        evento.adjunto = archivos.get(evento.pk)
        evento.impreso = impresos.get(evento.datos.get("impreso"))
        evento.persona_suprimida = evento.datos.get("persona") in suprimidas
        por_caso[evento.caso_id].append((evento, textos[evento.pk]))
    return por_caso


def _suprimidas(eventos) -> set[str]:
    """The persons named by these events whose data were suppressed."""
    nombradas = {str(e.datos.get("persona", "")).rpartition(":")[2] for e in eventos}
    pks = [int(pk) for pk in nombradas if pk.isdecimal()]
    if not pks:
        return set()
    hay = PersonaContacto.objects.filter(pk__in=pks).exclude(suprimida_en=None)
    return {f"personacontacto:{pk}" for pk in hay.values_list("pk", flat=True)}


def _otra_vez(pk) -> str:
    with transaction.atomic():
        caso = Caso.objects.select_for_update().get(pk=pk)
        return _primera_falla(caso, _eventos(caso=pk).get(pk, []))


def _primera_falla(caso, eventos) -> str:
    previo, estado = CERO, ""
    for numero, (evento, textos) in enumerate(eventos, 1):
        esta = f"el evento {evento.numero} ({evento.accion}, fila {evento.pk})"
        if evento.numero != numero:
            return f"falta el evento {numero}; sigue {esta}."
        if evento.calcular_huella() != evento.huella:
            return f"{esta} fue alterado."
        if evento.previo != previo:
            return f"{esta} no continúa la cadena."
        if evento.de != estado:
            return f"{esta} parte de «{evento.de}» y el caso estaba en «{estado}»."
        if evento.datos.get("archivo_sha256") != getattr(evento.adjunto, "sha256", None):
            return f"{esta}: su archivo falta, sobra o no es el mismo."
        falla = _falla_de_textos(evento, textos) or _falla_de_impreso(evento)
        if falla:
            return f"{esta}: {falla}"
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
        if fila.suprimido_en:
            # Only the words about a person whose data were suppressed may be missing.
            intacto = fila.personal and not fila.texto and evento.persona_suprimida
        else:
            intacto = digerir(fila) == huellas[campo]
        if not intacto:
            return f"el texto «{fila.etiqueta}» fue alterado."
    return ""


def _falla_de_impreso(evento) -> str:
    """What the client was given says what it said; but for the name of who had their data suppressed."""
    huella = evento.datos.get("impreso")
    if huella is None:
        return ""
    if evento.impreso is None:
        return "falta el documento que se le dio al cliente."
    intacto = evento.impreso.suprimido_en or evento.impreso.calcular_huella() == huella
    return "" if intacto else "el documento que se le dio al cliente fue alterado."


def _falla_de_archivos(eventos) -> str:
    """Files never change once handed in, so they are read without holding the case."""
    for evento, _ in eventos:
        if evento.adjunto is None:
            continue
        esta = f"el archivo del evento {evento.numero} ({evento.accion}, fila {evento.adjunto.pk})"
        try:
            suma = _suma_en_disco(evento.adjunto.archivo)
        except (OSError, SuspiciousOperation):
            return f"{esta} no está en la carpeta o no se puede leer."
        if suma != evento.adjunto.sha256:
            return f"{esta} no es el que se entregó."
    return ""


def _suma_en_disco(archivo) -> str:
    suma = hashlib.sha256()
    with archivo.open("rb") as abierto:
        for trozo in abierto.chunks():
            suma.update(trozo)
    return suma.hexdigest()
