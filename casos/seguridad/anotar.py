"""``anotar``: the one way into the record of security.

A fact is written in the transaction of the change it tells, where there is one: both or neither.
What only looked or only failed (``SIN_CAMBIO``) changes nothing: it is done even if it could not be
written down, and an ERROR of this module says so. Of what can be repeated without end a few a minute
are written per person, with the count of those left out, so that nobody fills the disk; what somebody
took away (``EXPORTACION``, ``DESCARGA``) is written each time.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from allauth.core import context
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from casos.catalogos import Hecho
from casos.models import CabezaDeSeguridad, HechoDeSeguridad, Usuario
from casos.models.seguridad import canonico

from . import de_donde

log = logging.getLogger(__name__)

# Facts without a change → how many of one kind a minute are written of one person; ``None``: all.
SIN_CAMBIO: dict[Hecho, int | None] = {
    Hecho.ENTRADA_FALLIDA: 30,
    Hecho.CONFIRMACION_FALLIDA: 30,
    Hecho.BLOQUEO: 1,
    Hecho.SALIDA: 10,
    Hecho.NEGADO: 1,
    Hecho.NO_EXISTE: 1,
    Hecho.EXPORTACION: None,
    Hecho.DESCARGA: None,
}
TEXTO_MAXIMO = 500
DE_AQUI = "registro de seguridad"  # of what data were suppressed
DE_MAS = 8  # left out in a minute, before one more is written with their count; then twice as many
OLVIDO = 24 * 3600  # seconds that the count of what was left out is kept


def anotar(
    hecho: Hecho,
    *,
    persona: Usuario | None = None,
    autor: Usuario | None = None,
    peticion: HttpRequest | None = None,
    aparte: dict[str, str] | None = None,
    **datos: Any,
) -> HechoDeSeguridad | None:
    """Append a fact: about whose account (``persona``), and who did it (``autor``).

    ``peticion`` is by default the one being served and ``autor`` who is signed in there; a command
    has neither. ``datos`` enter the hash: no name, no address, no text that somebody typed. Those go
    in ``aparte``. ``None`` where it was one too many, or could not be written and changed nothing.
    """
    peticion = peticion or context.request
    autor = autor or _quien_esta(peticion)
    if hecho not in SIN_CAMBIO:
        return _encadenar(hecho, persona, autor, peticion, aparte or {}, datos)
    tope = SIN_CAMBIO[hecho]
    if tope is not None:
        callados = _callados(f"{hecho.value}:{_de_quien(autor, persona, peticion)}", tope)
        if callados is None:
            return None
        if callados:
            datos["callados"] = callados
    try:
        return _encadenar(hecho, persona, autor, peticion, aparte or {}, datos)
    except DatabaseError as error:
        log.error("No se pudo anotar «%s» en el registro de seguridad: %s", hecho.label, error)
        return None


def _encadenar(
    hecho: Hecho,
    persona: Usuario | None,
    autor: Usuario | None,
    peticion: HttpRequest | None,
    aparte: dict[str, str],
    datos: dict[str, Any],
) -> HechoDeSeguridad:
    textos = {k: _limpio(v)[:TEXTO_MAXIMO] for k, v in aparte.items()}
    with transaction.atomic():
        cabeza, _ = CabezaDeSeguridad.objects.select_for_update().get_or_create(pk=1)
        fila = HechoDeSeguridad(
            numero=cabeza.numero + 1,
            hecho=hecho.value,
            persona_id=persona.pk if persona else None,
            autor_id=autor.pk if autor else None,
            direccion=de_donde.direccion(peticion),
            dispositivo=de_donde.dispositivo(peticion),
            aparte=canonico(textos) if textos else "",
            datos=_simple(datos),
            previo=cabeza.huella,
        )
        fila.sellar()
        fila.save(force_insert=True)
        CabezaDeSeguridad.objects.filter(pk=1).update(numero=fila.numero, huella=fila.huella)
    return fila


def suprimir(persona: Usuario, autor: Usuario | None = None) -> int:
    """Blank what stands beside the chain in the facts about a person, or done by them; how many.

    For who has left and asks for it. That it was done is a fact, without which the check would tell.
    """
    suyos = HechoDeSeguridad.objects.filter(Q(persona=persona) | Q(autor=persona))
    suyos = suyos.filter(suprimido_en=None)
    with transaction.atomic():
        CabezaDeSeguridad.objects.select_for_update().get_or_create(pk=1)
        cuantos = suyos.update(
            direccion="", dispositivo="", aparte="", sal="", suprimido_en=timezone.now()
        )
        anotar(Hecho.SUPRESION, persona=persona, autor=autor, que=DE_AQUI, cuantos=cuantos)
    return cuantos


def _quien_esta(peticion: HttpRequest | None) -> Usuario | None:
    usuario = getattr(peticion, "user", None)
    return usuario if usuario is not None and usuario.is_authenticated else None


def _de_quien(autor: Usuario | None, persona: Usuario | None, peticion: HttpRequest | None) -> str:
    """Whose facts are counted together. Of who is not in: those of an address about one account."""
    if autor is not None:
        return str(autor.pk)
    return f"{de_donde.direccion(peticion)}:{persona.pk if persona else 'nadie'}"


def _callados(cuales: str, tope: int) -> int | None:
    """How many were left out since the last one written; ``None`` where this one is left out too.

    Whoever tries many and never comes back leaves no later fact to count them in: so one more is
    written as they double, 8, 16, 32…, a handful a minute whatever they try.
    """
    llave = f"hecho:{cuales}"
    ahora = int(time.time() // 60)
    minuto, escritos, callados = cache.get(llave) or (ahora, 0, 0)
    if minuto == ahora and escritos >= tope and callados + 1 < DE_MAS << (escritos - tope):
        cache.set(llave, (minuto, escritos, callados + 1), OLVIDO)
        return None
    cache.set(llave, (ahora, escritos + 1 if minuto == ahora else 1, 0), OLVIDO)
    return callados


def _simple(valor: Any) -> Any:
    """What is the same in JSON of every database: texts, whole numbers, yes and no, lists, dicts."""
    if valor is None or isinstance(valor, bool | int):
        return valor
    if isinstance(valor, dict):
        return {_limpio(k): _simple(v) for k, v in valor.items()}
    if isinstance(valor, list | tuple):
        return [_simple(v) for v in valor]
    return _limpio(valor)[:TEXTO_MAXIMO]


def _limpio(valor: Any) -> str:
    """A text that every database can hold."""
    return str(valor).encode("utf-8", "replace").decode().replace("\x00", "�")
