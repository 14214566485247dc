"""Recompute the chains of the log and compare all that can be compared (D§3). Reads only."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Count

from casos.archivos import disco
from casos.clientes.formas import SUPRIMIDO
from casos.models import (
    Adjunto,
    Caso,
    Consecutivo,
    Evento,
    Hallazgo,
    Impreso,
    Muestra,
    PersonaContacto,
    Prueba,
    SolicitudARCO,
    TextoEvento,
)
from casos.models.bitacora import CERO, digerir
from casos.models.consecutivo import DE_HALLAZGOS, DE_MUESTRAS, DE_SOLICITUDES
from casos.pruebas import PROBADAS, Filas, leer_todo, lo_que_dejaron

from .sin_que_cambie import sin_que_cambie

_FOLIO = re.compile(r"SV-(\d+)-(\d+)", re.ASCII)
ILEGIBLE = (ValueError, TypeError, AttributeError, KeyError, ArithmeticError)
TANDA = 200  # cases read at a time: memory stays flat whatever the size of the log


def revisar_bitacora(
    folio: str = "", *, archivos: bool = True, avance: Callable[[int], None] = lambda casos: None
) -> Iterator[str]:
    """Yield one sentence per broken case, naming its first broken row.

    Found: altered, missing, added and reordered rows, altered texts, a head or a count that is not
    the case's, a case missing among the folios given out; with ``archivos`` also files whose bytes
    on the disk are not those handed in, which takes reading them all. Steps may go on meanwhile: a case that
    looks broken is read again, locked, before it is named. ``avance`` is told how many cases were read.
    """
    ultimos = {} if folio else Consecutivo.objects.de_casos()
    vistos, mayores, desde, hechos = Counter(), Counter(), 0, 0
    while True:
        casos = Caso.objects.filter(pk__gt=desde).order_by("pk")
        if folio:
            casos = casos.filter(folio=folio)
        casos = list(casos.only("folio", "estado", "num_eventos", "huella_cabeza", "sal")[:TANDA])
        ultima = len(casos) < TANDA
        rango = {} if ultima else {"caso__lte": casos[-1].pk}
        if folio:
            rango = {"caso__in": [c.pk for c in casos]}
        lo_leido = _leer_si_se_puede(casos, {"caso__gt": desde, **rango})
        for caso in casos:
            suyo = _FOLIO.fullmatch(caso.folio)
            anio, numero = suyo.groups() if suyo else (0, 0)
            vistos[int(anio)] += int(numero) <= ultimos.get(int(anio), 0)
            mayores[int(anio)] = max(mayores[int(anio)], int(numero))
            if falla := _del_caso(caso, lo_leido, archivos):
                yield f"{caso.folio}: {falla}"
        eventos = lo_leido.eventos if lo_leido else {}
        hechos += len(casos)
        avance(hechos)
        for huerfano in eventos:
            if not Caso.objects.filter(pk=huerfano).exists():
                yield f"Hay eventos del caso {huerfano}, que no existe."
        if ultima:
            break
        desde = casos[-1].pk
    for anio, ultimo in ultimos.items():
        if vistos[anio] != ultimo:
            yield f"De los {ultimo} folios de {anio} hay {vistos[anio]} casos."
    if not folio:
        # Read again: cases may have been registered meanwhile.
        ahora = Consecutivo.objects.de_casos()
        for anio, mayor in sorted(mayores.items()):
            if mayor > ahora.get(anio, 0):
                yield f"La cuenta de folios de {anio} dice {ahora.get(anio, 0)} y hay un caso {mayor}."
        yield from _de_los_otros_numeros()


def _de_los_otros_numeros() -> Iterator[str]:
    """Findings, samples and requests never go away: there are as many as the last number of their series."""
    antes, hay = Consecutivo.objects.de_lo_demas(), Counter({DE_MUESTRAS: Muestra.objects.count()})
    for letras, modelo in ((DE_HALLAZGOS, Hallazgo), (DE_SOLICITUDES, SolicitudARCO)):
        for anio, cuantos in modelo.objects.order_by().values_list("anio").annotate(Count("pk")):
            hay[f"{letras}{anio}"] = cuantos
    ahora = Consecutivo.objects.de_lo_demas()  # some may have been numbered meanwhile
    for serie in sorted(antes.keys() | hay.keys() | ahora.keys()):
        if not antes.get(serie, 0) <= hay[serie] <= ahora.get(serie, 0):
            yield f"El contador «{serie}» dice {ahora.get(serie, 0)} y hay {hay[serie]}."


@dataclass
class _Leido:
    """Of some cases, by their keys: events with what hangs from them, proofs, digests of rows."""

    eventos: dict
    pruebas: dict
    filas: dict


def _leer(casos, filtro: dict) -> _Leido:
    eventos, pruebas = _eventos(**filtro), _pruebas(**filtro)
    sales = {c.pk: c.sal for c in casos if c.pk in pruebas}
    de_estos = {k.removeprefix("caso"): v for k, v in filtro.items()}
    return _Leido(eventos, pruebas, leer_todo(sales, **de_estos) if pruebas else {})


def _leer_si_se_puede(casos, filtro: dict) -> _Leido | None:
    """``None``: some value of theirs is none of its column (SQLite keeps anything), and each is read alone."""
    try:
        return _leer(casos, filtro)
    except ILEGIBLE:
        return None


def _del_caso(caso, lo_leido: _Leido | None, archivos: bool) -> str:
    if lo_leido is None:
        try:
            lo_leido = _leer([caso], {"caso": caso.pk})
        except ILEGIBLE:
            return "algo de él no se puede leer: una fila tiene un valor que no es de su columna."
    suyos, de_aqui = lo_leido.eventos.pop(caso.pk, []), lo_leido.pruebas.pop(caso.pk, [])
    falla = _lo_que_falla(caso, suyos, de_aqui, lo_leido.filas.get(caso.pk, {}))
    falla = falla and _otra_vez(caso.pk)
    return falla or (_falla_de_archivos(suyos) if archivos else "")


def _lo_que_falla(caso, eventos, pruebas, filas) -> str:
    try:
        return _primera_falla(caso, eventos, pruebas) or _falla_de_filas(eventos, pruebas, filas)
    except ILEGIBLE:
        return "un evento o una prueba tiene un valor que no es de su columna."


def _eventos(**filtro) -> dict:
    """Events by case, in order, each with its texts, its file and its document. Four queries, or five."""
    por_caso, textos = defaultdict(list), defaultdict(dict)
    eventos = list(Evento.objects.filter(**filtro).order_by("caso_id", "numero", "pk"))
    for texto in TextoEvento.objects.filter(**{f"evento__{k}": v for k, v in filtro.items()}):
        textos[texto.evento_id][texto.campo] = texto
    adjuntos = Adjunto.objects.filter(**{f"evento__{k}": v for k, v in filtro.items()})
    archivos = defaultdict(list)
    for adjunto in adjuntos:
        archivos[adjunto.evento_id].append(adjunto)
    impresos = {i.huella: i for i in Impreso.objects.filter(**filtro)}
    suprimidas = _suprimidas(
        e for e in eventos if any(t.suprimido_en for t in textos[e.pk].values())
    )
    for evento in eventos:
        evento.adjunto, *evento.de_mas = archivos.get(evento.pk, [None])
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
    with sin_que_cambie(Caso, pk):
        caso = Caso.objects.get(pk=pk)
        hay = _leer([caso], {"caso": pk})
        return _lo_que_falla(
            caso, hay.eventos.get(pk, []), hay.pruebas.get(pk, []), hay.filas.get(pk, {})
        )


def _pruebas(**filtro) -> dict[int, list[Prueba]]:
    por_caso = defaultdict(list)
    for prueba in Prueba.objects.filter(**filtro).order_by("caso_id", "numero"):
        por_caso[prueba.caso_id].append(prueba)
    return dict(por_caso)


def _falla_de_filas(eventos, pruebas: list[Prueba], filas: Filas) -> str:
    """The proofs continue one another and the events; the rows are as the last that told them left them."""
    previo, hasta = CERO, 0
    for numero, prueba in enumerate(pruebas, 1):
        esta = f"la prueba {prueba.numero} (fila {prueba.pk})"
        if prueba.numero != numero:
            return f"falta la prueba {numero}; sigue {esta}."
        if prueba.calcular_huella() != prueba.huella:
            return f"{esta} fue alterada."
        if prueba.previo != previo:
            return f"{esta} no continúa la cadena."
        if not hasta <= prueba.tras <= len(eventos):
            return f"{esta} va tras el evento {prueba.tras}, y hay {len(eventos)}."
        if prueba.tras and eventos[prueba.tras - 1][0].huella != prueba.huella_evento:
            return f"{esta} no es de su evento {prueba.tras}."
        if prueba.ajenas:
            cual = _cual(*prueba.ajenas[0].split(":"))
            return (
                f"{cual} ya no era la que dejó la bitácora cuando se hizo el evento {prueba.tras}."
            )
        previo, hasta = prueba.huella, prueba.tras
    if eventos and eventos[-1][0].regla > 1 and hasta < len(eventos):
        return f"falta la prueba del evento {len(eventos)}."
    return _falla_de_lo_probado(eventos, pruebas, filas) if pruebas else ""


def _falla_de_lo_probado(eventos, pruebas: list[Prueba], filas: Filas) -> str:
    quedaron, desde = lo_que_dejaron(pruebas)
    fallas = []
    for tabla in quedaron.keys() | filas.keys():
        dichas, hay = quedaron.get(tabla, {}), filas.get(tabla, {})
        if dichas == hay:
            continue
        for pk in dichas.keys() | hay.keys():
            if dichas.get(pk) != hay.get(pk):
                fallas.append((desde.get((tabla, pk), len(eventos)), tabla, int(pk)))
    if not fallas:
        return ""
    numero, tabla, pk = min(fallas)
    cual, clave = _cual(tabla, str(pk)), str(pk)
    de = f"el evento {numero} ({eventos[numero - 1][0].accion})" if numero else "el registro"
    if clave not in filas.get(tabla, {}):
        return f"falta {cual}, que dejó {de}."
    if clave not in quedaron.get(tabla, {}):
        return f"sobra {cual}: ningún evento la dejó."
    return f"{cual} no es como la dejó {de}."


def _cual(tabla: str, pk: str) -> str:
    [nombre] = [m._meta.verbose_name for m in PROBADAS if m._meta.model_name == tabla]
    return f"la fila {pk} de «{nombre}»"


def _primera_falla(caso, eventos, pruebas: list[Prueba]) -> str:
    previo, estado = CERO, ""
    # What a text says after a suppression is proved by its row from then on.
    hubo_supresion = any(p.motivo == Prueba.Motivo.SUPRESION for p in pruebas)
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
        ajeno = evento.adjunto and evento.adjunto.caso_id != caso.pk
        suma = getattr(evento.adjunto, "sha256", None)
        if evento.de_mas or ajeno or evento.datos.get("archivo_sha256") != suma:
            return f"{esta}: su archivo falta, sobra o no es el mismo."
        falla = _falla_de_textos(evento, textos, hubo_supresion) or _falla_de_impreso(evento)
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


def _falla_de_textos(evento, textos, hubo_supresion: bool) -> str:
    huellas = evento.datos.get("textos", {})
    if set(huellas) != set(textos):
        return "faltan o sobran textos."
    for campo, fila in textos.items():
        if fila.suprimido_en:
            # Only the words about a person whose data were suppressed may be missing, or their name in others.
            vacio = fila.personal and not fila.texto and evento.persona_suprimida
            intacto = vacio or (hubo_supresion and SUPRIMIDO in fila.texto)
        else:
            intacto = digerir(fila, evento.regla) == huellas[campo]
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
        if evento.adjunto is None or evento.adjunto.borrado_en:
            continue  # of one deleted with a person's data the row is the proof
        esta = f"el archivo del evento {evento.numero} ({evento.accion}, fila {evento.adjunto.pk})"
        try:
            suma = disco.huella(evento.adjunto.archivo)
        except OSError:
            return f"{esta} no está en la carpeta o no se puede leer."
        if suma != evento.adjunto.sha256:
            return f"{esta} no es el que se entregó."
    return ""
