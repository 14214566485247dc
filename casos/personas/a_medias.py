"""Drafts: what a person has typed in a form and not sent, kept by the form's address (§7 has none of this).

Only its person ever reads it. It goes once the form is sent or discarded, with the data of a contact person that
are suppressed (``clientes.supresion``), and after ``DIAS``. No request here; which forms, ``web`` says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from casos.models import Borrador

DIAS = 7  # natural
MAXIMO = 40  # of one person; the oldest make room
LARGO = 100_000  # characters of one
CERRADO = timedelta(days=1)  # how long it is known that a form was sent

# What the page needs and nobody typed; what is secret; what is not kept of a file.
_AJENOS = frozenset(
    "csrfmiddlewaretoken ficha code archivo yo_le_sigo elegir cambiar buscando".split()
)


class Demasiado(Exception):
    """More than is kept of one form."""


class Guardado(Enum):
    PRIMERA_VEZ, OTRA_VEZ, TARDE = range(3)


def lo_que_se_guarda(campos: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Of what was sent, what may be kept. Raises ``Demasiado``."""
    datos = {
        nombre[:100]: [v.replace("\0", "") for v in valores]
        for nombre, valores in campos.items()
        if "\0" not in nombre and not _es_ajeno(nombre)
    }
    if sum(len(n) + sum(map(len, vs)) for n, vs in datos.items()) > LARGO:
        raise Demasiado
    return datos


def _es_ajeno(nombre: str) -> bool:
    return nombre in _AJENOS or "password" in nombre or "clave" in nombre.split("_")


def guardados(usuario: int) -> dict[str, tuple[int, datetime | None]]:
    """Of a person, by address: which row, and when it was closed. One statement."""
    filas = Borrador.objects.filter(usuario=usuario).order_by("guardado_en", "pk")
    return {
        ruta: (pk, cerrado) for ruta, pk, cerrado in filas.values_list("ruta", "pk", "cerrado_en")
    }


def guardar(
    usuario: int,
    ruta: str,
    datos: dict[str, Any],
    *,
    abierto: datetime,
    vista: str = "",
    cliente: int | None = None,
    hay: dict[str, tuple[int, datetime | None]] | None = None,
) -> Guardado:
    """The last that is written counts, unless its form was opened before the draft was closed.

    ``hay``: what ``guardados`` said. Two statements, and one more of whoever keeps too many.
    """
    hay = guardados(usuario) if hay is None else hay
    pk, cerrado = hay.get(ruta, (0, None))
    if cerrado is not None and abierto <= cerrado:
        return Guardado.TARDE
    valores = {
        "datos": datos,
        "vista": vista[:64],
        "cliente_id": cliente,
        "guardado_en": timezone.now(),
    }
    if pk:
        # Closed meanwhile by another tab: no row answers, and nothing comes back.
        suyo = Borrador.objects.filter(pk=pk, cerrado_en=cerrado)
        cambiado = suyo.update(**valores, cerrado_en=None)
        return Guardado.OTRA_VEZ if cambiado else Guardado.TARDE
    if len(hay) >= MAXIMO:
        viejos = [fila for fila, _ in list(hay.values())[: len(hay) - MAXIMO + 1]]
        Borrador.objects.filter(pk__in=viejos).delete()
    try:
        with transaction.atomic():
            Borrador.objects.create(usuario_id=usuario, ruta=ruta, **valores)
    except IntegrityError:
        return Guardado.TARDE  # another tab's came first, and will come again
    return Guardado.PRIMERA_VEZ


def de(usuario: int, rutas: Iterable[str]) -> dict[str, Borrador]:
    """What is kept of those forms. One statement."""
    desde = timezone.now() - timedelta(days=DIAS)
    filas = Borrador.objects.filter(
        usuario=usuario, ruta__in=list(rutas), cerrado_en=None, guardado_en__gt=desde
    )
    return {b.ruta: b for b in filas}


def cerrar(usuario: int, ruta: str) -> None:
    """It was sent, or thrown away: what was typed goes at once. One statement."""
    ahora = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(_CERRAR, [usuario, ruta, ahora, ahora])


# Each form that is sent closes its own. ``bulk_create`` would begin a transaction and end it around this.
_CERRAR = f"""
    INSERT INTO {Borrador._meta.db_table} (usuario_id, ruta, datos, vista, guardado_en, cerrado_en)
    VALUES (%s, %s, '{{}}', '', %s, %s)
    ON CONFLICT (usuario_id, ruta) DO UPDATE SET datos = '{{}}', vista = '', cliente_id = NULL,
        guardado_en = excluded.guardado_en, cerrado_en = excluded.cerrado_en
"""


def olvidar() -> int:
    """Those that nobody came back to, and what was closed long ago; how many."""
    ahora = timezone.now()
    viejos = Borrador.objects.filter(guardado_en__lte=ahora - timedelta(days=DIAS))
    cerrados = Borrador.objects.filter(cerrado_en__lte=ahora - CERRADO)
    return viejos.delete()[0] + cerrados.delete()[0]
