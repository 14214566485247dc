"""Samples: of which cases, drawn and kept; drawn again, what came out otherwise and why."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from casos.calendario import UN_DIA, medianoche
from casos.catalogos import Estado
from casos.envio_unico import una_vez
from casos.models import Caso, Consecutivo, Muestra, Usuario
from casos.models.consecutivo import DE_MUESTRAS
from casos.permisos.del_auditor import audita
from casos.vocabulario_de_auditoria import Estrato, Universo

from . import NoSePuede
from .sorteo import METODO, Sorteo, sortear

TAMANO_MAXIMO = 200
LIMITE = 200_000  # cases that are drawn from while somebody waits
NADIE = "0"
_CAMPO = {
    Estrato.CLIENTE: "cliente_id",
    Estrato.RESPONSABLE: "responsable_id",
}


def _del_periodo(universo: str, desde: date, hasta: date) -> QuerySet[Caso]:
    """The days count by Mexico City's clock; annulled ones are of those received."""
    campo = "cerrado_en" if universo == Universo.CERRADOS else "recibido_en"
    en_ellos = {f"{campo}__gte": medianoche(desde), f"{campo}__lt": medianoche(hasta + UN_DIA)}
    casos = Caso.objects.filter(**en_ellos).order_by()
    return casos.filter(estado=Estado.CERRADO) if universo == Universo.CERRADOS else casos


def poblacion_de(universo: str, desde: date, hasta: date, estrato: str) -> dict[str, str]:
    """Folio → key of its stratum, as they are now. One statement, two by type. Raises ``NoSePuede``."""
    casos = _del_periodo(universo, desde, hasta)
    campo = _CAMPO.get(Estrato(estrato))
    columnas = ("folio", "estado", "resultado", *([campo] if campo else []))
    filas = list(casos.values_list(*columnas)[: LIMITE + 1])
    if len(filas) > LIMITE:
        raise NoSePuede("Son demasiados casos para un sorteo: elige menos días.", "hasta")
    if estrato == Estrato.TIPO:
        tipos = _tipos(casos)
        return {folio: tipos.get(folio, NADIE) for folio, *_ in filas}
    if estrato == Estrato.RESULTADO:
        return {folio: resultado or _sin_resultado(estado) for folio, estado, resultado in filas}
    if estrato == Estrato.PASO:
        return {folio: estado for folio, estado, _ in filas}
    if campo:
        return {folio: str(clave or NADIE) for folio, _, _, clave in filas}
    return {folio: "" for folio, *_ in filas}


def _sin_resultado(estado: str) -> str:
    return estado if estado == Estado.ANULADO else "ABIERTO"


def _tipos(casos: QuerySet[Caso]) -> dict[str, str]:
    """A case of several types is of the stratum of those together."""
    de_cada: dict[str, list[int]] = defaultdict(list)
    filas = Caso.tipos.through.objects.filter(caso__in=casos.values("pk"))
    for folio, tipo in filas.values_list("caso__folio", "tiporequerimiento_id"):
        de_cada[folio].append(tipo)
    return {folio: ",".join(map(str, sorted(suyos))) for folio, suyos in de_cada.items()}


def _sortear(
    universo: str, desde: date, hasta: date, estrato: str, tamano: int, semilla: str
) -> Sorteo:
    poblacion = poblacion_de(universo, desde, hasta, estrato)
    que = "cerrados" if universo == Universo.CERRADOS else "recibidos"
    if not poblacion:
        raise NoSePuede(f"No hay casos {que} en esas fechas.", "desde")
    if tamano > len(poblacion):
        hay = "Hay 1 caso" if len(poblacion) == 1 else f"Hay {len(poblacion)} casos"
        raise NoSePuede(
            f"{hay} en esas fechas: pide {len(poblacion)} o menos, o abarca más días.", "tamano"
        )
    estratos = len(set(poblacion.values()))
    if estratos > TAMANO_MAXIMO:
        raise NoSePuede(
            f"Con esos estratos salen {estratos} grupos: elige otros o menos días.", "estrato"
        )
    if tamano < estratos:
        raise NoSePuede(
            f"Hay {estratos} grupos con casos y cada uno da al menos uno: pide {estratos} o más, "
            "o elige otros estratos.",
            "tamano",
        )
    return sortear(semilla, tamano, poblacion)


def sacar(
    usuario: Usuario,
    *,
    universo: str,
    desde: date,
    hasta: date,
    estrato: str,
    tamano: int,
    semilla: str,
    alcance: str = "",
    ficha: uuid.UUID | None = None,
) -> Muestra:
    """Draw a sample and keep it. ``ficha``: of the page it was asked on. Raises ``NoSePuede``, ``YaSeEnvio``."""
    if not audita(usuario):
        raise NoSePuede("Las muestras las sacan Calidad y Auditoría.")
    if desde > hasta:
        raise NoSePuede("La fecha final es anterior a la inicial.", "hasta")
    sorteo = _sortear(universo, desde, hasta, estrato, tamano, semilla)
    with una_vez(Muestra.objects.filter(hecha_por=usuario), ficha, NoSePuede):
        muestra = Muestra.objects.create(
            numero=Consecutivo.objects.siguiente(DE_MUESTRAS),
            alcance=alcance,
            hecha_por=usuario,
            universo=universo,
            desde=desde,
            hasta=hasta,
            estrato=estrato,
            tamano=tamano,
            semilla=semilla,
            metodo=METODO,
            poblacion=sorteo.poblacion,
            huella=sorteo.huella,
            estratos=[[e.clave, e.casos, e.sorteados] for e in sorteo.estratos],
            folios=[list(f) for f in sorteo.folios],
            ficha=ficha,
        )
    return muestra


@dataclass(frozen=True)
class Otra:
    """The same draw done now. ``cambiaron``: key of a stratum, its cases then and now."""

    poblacion: int
    igual: bool
    misma_poblacion: bool
    entran: list[str] = field(default_factory=list)
    salen: list[str] = field(default_factory=list)
    cambiaron: list[tuple[str, int, int]] = field(default_factory=list)
    no_se_pudo: str = ""


def volver_a_sortear(muestra: Muestra) -> Otra:
    """With the parameters that were kept, over the cases as they are now. Nothing is written."""
    m = muestra
    try:
        otra = _sortear(m.universo, m.desde, m.hasta, m.estrato, m.tamano, m.semilla)
    except NoSePuede as error:
        return Otra(0, igual=False, misma_poblacion=False, no_se_pudo=str(error))
    antes = {folio for folio, _ in m.folios}
    ahora = {folio for folio, _ in otra.folios}
    eran = {clave: casos for clave, casos, _ in m.estratos}
    son = {e.clave: e.casos for e in otra.estratos}
    return Otra(
        otra.poblacion,
        igual=antes == ahora,
        misma_poblacion=otra.huella == m.huella,
        entran=sorted(ahora - antes),
        salen=sorted(antes - ahora),
        cambiaron=[
            (clave, eran.get(clave, 0), son.get(clave, 0))
            for clave in [*eran, *(c for c in son if c not in eran)]
            if eran.get(clave, 0) != son.get(clave, 0)
        ],
    )
