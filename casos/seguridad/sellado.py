"""``sellar``: the seal of a day, over the heads of all cases as they stand (D§3).

In batches by folio: each head is one that was there, and every later state must still reach it. What
a former seal says of a case is never taken back: a case that went away stays in the seals.
"""

import hashlib
import logging
from collections.abc import Iterator
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from casos.catalogos import Hecho
from casos.models import (
    CabezaDeConfiguracion,
    CabezaDeSeguridad,
    Caso,
    CertificadoDeSello,
    HojaDeSello,
    Prueba,
    Sello,
)
from casos.models.bitacora import CERO
from casos.models.seguridad import digerir_partes
from casos.models.sello import REGLA

from . import llave
from .anotar import anotar
from .certificado import certificador

TANDA = 500
log = logging.getLogger(__name__)


class Arbol:
    """A Merkle root in one pass, leaves in the order of their folio. Memory: one digest a level."""

    def __init__(self) -> None:
        self.cuantas = 0
        self._pila: list[tuple[int, str]] = []

    def agregar(self, folio: str, numero: int, huella: str) -> None:
        self.cuantas += 1
        nivel, nudo = 0, digerir_partes("hoja", folio, numero, huella)
        while self._pila and self._pila[-1][0] == nivel:
            nudo = digerir_partes("nudo", self._pila.pop()[1], nudo)
            nivel += 1
        self._pila.append((nivel, nudo))

    @property
    def raiz(self) -> str:
        """Over the number of leaves too; of an empty log as well."""
        nudo = CERO
        for i, (_, otro) in enumerate(reversed(self._pila)):
            nudo = otro if i == 0 else digerir_partes("nudo", otro, nudo)
        return digerir_partes("raiz", self.cuantas, nudo)


def cabeza_de(evento: str, prueba: str) -> str:
    """The head of a case: its last event and the last proof of its rows, "" where it had none yet."""
    return digerir_partes("cabeza", evento, prueba)


def por_tandas() -> Iterator[tuple[dict, list[tuple[str, int, str]]]]:
    """Ranges of folios, with their cases as (folio, events, head). The last has no end."""
    desde = ""
    pruebas = Prueba.objects.filter(caso=OuterRef("pk")).order_by("-numero")
    while True:
        casos = Caso.objects.filter(folio__gt=desde).order_by("folio")
        casos = casos.annotate(prueba=Subquery(pruebas.values("huella")[:1]))
        leidas = casos.values_list("folio", "num_eventos", "huella_cabeza", "prueba")[:TANDA]
        filas = [(folio, n, cabeza_de(evento, prueba or "")) for folio, n, evento, prueba in leidas]
        ultima = len(filas) < TANDA
        yield {"gt": desde} if ultima else {"gt": desde, "lte": filas[-1][0]}, filas
        if ultima:
            return
        desde = filas[-1][0]


def en_rango(rango: dict, campo: str = "folio") -> dict:
    return {f"{campo}__{como}": folio for como, folio in rango.items()}


def sellar(dia: date) -> Sello | None:
    """The seal of ``dia``, in a transaction of its own; ``None`` if it has one. Raises ``LlaveIlegible``."""
    if Sello.objects.filter(dia=dia).exists():
        return None
    try:
        with transaction.atomic():
            return _hacer(dia)
    except IntegrityError:
        if Sello.objects.filter(dia=dia).exists():
            return None  # another one's, at once
        raise


def _hacer(dia: date) -> Sello:
    ultimo = Sello.objects.order_by("-numero").first()
    sello = Sello(
        numero=ultimo.numero + 1 if ultimo else 1,
        dia=dia,
        en=timezone.now(),
        previo=ultimo.huella if ultimo else CERO,
        llave=llave.publica(),
        eventos=0,
        regla=REGLA,
    )
    cabeza = CabezaDeSeguridad.objects.filter(pk=1).first()
    if cabeza:
        sello.hechos, sello.cabeza_de_hechos = cabeza.numero, cabeza.huella
    configurado = CabezaDeConfiguracion.objects.filter(pk=1).first()
    if configurado:
        sello.configurado, sello.cabeza_de_configuracion = configurado.numero, configurado.huella
    arbol, folios = Arbol(), {}
    for rango, filas in por_tandas():
        antes = {
            folio: (numero, huella)
            for folio, numero, huella in HojaDeSello.objects.filter(**en_rango(rango))
            .order_by("folio", "sello")
            .values_list("folio", "numero", "huella")
        }
        ahora, nuevas = dict(antes), []
        for folio, numero, huella in filas:
            if numero and (folio not in antes or numero > antes[folio][0]):
                ahora[folio] = (numero, huella)
                nuevas.append(
                    HojaDeSello(sello=sello.numero, folio=folio, numero=numero, huella=huella)
                )
        for folio in sorted(ahora):
            numero, huella = ahora[folio]
            arbol.agregar(folio, numero, huella)
            sello.eventos += numero
            anio = folio[3:7]
            folios[anio] = max(folios.get(anio, 0), int(folio[8:]))
        HojaDeSello.objects.bulk_create(nuevas)
    sello.casos, sello.folios, sello.raiz = arbol.cuantas, folios, arbol.raiz
    sello.huella = sello.calcular_huella()
    sello.firma = llave.firmar(sello.huella)
    sello.save(force_insert=True)
    return sello


def certificar(sello: Sello) -> CertificadoDeSello | None:
    """Ask for its certificate, out of the transaction: a seal stands without one too."""
    try:
        dado = certificador().certificar(sello.huella)
    except Exception:  # whatever a provider's network does
        log.exception("No se pudo certificar el sello %s.", sello.numero)
        return None
    if dado is None:
        return None
    if dado.huella != sello.huella:
        log.error("El certificado de %s es de otra huella: no se guardó.", sello)
        return None
    with transaction.atomic():
        # The record of security is in the next seal: one that is taken out later is missed.
        anotar(
            Hecho.CERTIFICADO,
            sello=sello.numero,
            contenido=hashlib.sha256(dado.contenido).hexdigest(),
        )
        return CertificadoDeSello.objects.create(
            sello=sello, emisor=dado.emisor, huella=dado.huella, contenido=dado.contenido,
            en=timezone.now(),
        )  # fmt: skip
