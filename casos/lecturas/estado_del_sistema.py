"""What stands around the product and how it does, in words, for who runs it. Each is asked by itself.

Only reads, but for a trial of writing on the disk that leaves nothing behind.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as hora
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone
from django_q.brokers import get_broker

from casos import calendario
from casos.catalogos import EstadoAviso
from casos.models import Aviso, Latido, Sello
from seguimiento.cache import ConRespaldo

from .falta_configurar import sin_ningun_habil

SIN_LATIR = timedelta(minutes=5)  # the worker sweeps each minute
SIN_SALIR = timedelta(minutes=30)
DE_CADA_DIA = timedelta(hours=26)
SELLADO_A_LAS = hora(4, 30)  # of a business day: by then its seal is made
DISCO_LIBRE = 500 * 1024 * 1024  # bytes


@dataclass(frozen=True)
class Revision:
    nombre: str
    bien: bool
    dicho: str


Dicho = tuple[bool, str]


def revisiones() -> list[Revision]:
    """All of them; one that cannot even be asked is wrong, and says why."""
    return [Revision(nombre, *_preguntar(que)) for nombre, que in REVISIONES.items()]


def _preguntar(que: Callable[[], Dicho]) -> Dicho:
    try:
        with transaction.atomic():
            return que()
    except Exception as error:  # whatever it is: it does not answer
        return False, f"No responde: {type(error).__name__}."


def _base() -> Dicho:
    """It takes a row, which is taken back: read-only is as bad as away."""
    with transaction.atomic():
        Latido.dejar("prueba")
        transaction.set_rollback(True)
    return True, f"Se lee y se escribe ({connection.vendor})."


def _cola() -> Dicho:
    return True, f"En espera: {get_broker().queue_size()}."


def _cache() -> Dicho:
    cache.set("prueba", "1", 5)
    if ConRespaldo.esta_solo():
        return False, "El compartido no responde: cada proceso cuenta los intentos por su lado."
    return cache.get("prueba") == "1", "Responde."


def _trabajador() -> Dicho:
    return _desde(
        Latido.TRABAJADOR, SIN_LATIR, "Revisó la bandeja", "Nunca ha trabajado: inícialo."
    )


def _sin_salir() -> Dicho:
    esperan = Aviso.objects.filter(estado__in=[EstadoAviso.PENDIENTE, EstadoAviso.ENVIANDO])
    primero = esperan.order_by("creado_en").first()
    if primero is None:
        return True, "No hay ninguno en espera."
    bien = timezone.now() - primero.creado_en < SIN_SALIR
    motivo = f" {primero.error}" if primero.error else ""
    return bien, f"El más antiguo espera desde el {_cuando(primero.creado_en)}.{motivo}"


def _fallidos() -> Dicho:
    cuantos = len(Aviso.objects.filter(estado=EstadoAviso.FALLIDO).values_list("pk")[:1000])
    return not cuantos, f"Fallidos: {cuantos}." if cuantos else "No hay ninguno."


def _disco() -> Dicho:
    libre = shutil.disk_usage(settings.VAR).free
    mega = libre // (1024 * 1024)
    return libre >= DISCO_LIBRE, f"Quedan {mega:,} MB."


def _archivos() -> Dicho:
    carpeta = Path(settings.MEDIA_ROOT)
    carpeta.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=carpeta) as prueba:
        prueba.write(b"prueba")
    return True, "Se puede escribir."


def _verificacion() -> Dicho:
    nunca = "Nunca se ha comprobado: programa «verificar_bitacora» cada noche."
    return _desde(Latido.VERIFICACION, DE_CADA_DIA, "Se comprobó", nunca)


def _sello() -> Dicho:
    """That of the last business day that began: the worker makes it in its night."""
    dia = timezone.localtime().date()
    if timezone.localtime().time() < SELLADO_A_LAS:
        dia -= timedelta(days=1)
    while not calendario.es_habil(dia) and dia > timezone.localdate() - timedelta(days=60):
        dia -= timedelta(days=1)
    ultimo = Sello.objects.order_by("-numero").first()
    if ultimo is None:
        return False, "Nunca se ha hecho: lo hace el trabajador cada noche antes de un día hábil."
    hecho = f"El último es el {ultimo.numero}, del {ultimo.dia:%d/%m/%Y}."
    if ultimo.dia >= dia:
        return True, hecho
    return False, f"Falta el del {dia:%d/%m/%Y}. {hecho} Hazlo con «manage.py sellar»."


def _respaldo() -> Dicho:
    nunca = "No consta ninguno: termina tu respaldo con «manage.py anotar_respaldo»."
    return _desde(Latido.RESPALDO, DE_CADA_DIA, "Se hizo", nunca)


def _calendario() -> Dicho:
    sin = calendario.sin_habiles()
    return not sin, " ".join(map(sin_ningun_habil, sin)) or "Hay días hábiles por delante."


def _desde(nombre: str, plazo: timedelta, se_hizo: str, nunca: str) -> Dicho:
    latido = Latido.objects.filter(nombre=nombre).first()
    if latido is None:
        return False, nunca
    al_dia = timezone.now() - latido.en < plazo
    return latido.bien and al_dia, f"{se_hizo} el {_cuando(latido.en)}. {latido.dicho}".rstrip()


def _cuando(instante: datetime) -> str:
    return f"{timezone.localtime(instante):%d/%m/%Y a las %H:%M}"


REVISIONES: dict[str, Callable[[], Dicho]] = {
    "Base de datos": _base,
    "Cola": _cola,
    "Caché": _cache,
    "Trabajador": _trabajador,
    "Correos en espera": _sin_salir,
    "Correos que no salieron": _fallidos,
    "Disco": _disco,
    "Archivos": _archivos,
    "Bitácora": _verificacion,
    "Sello": _sello,
    "Respaldo": _respaldo,
    "Calendario": _calendario,
}
