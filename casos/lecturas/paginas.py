"""Keyset pages of cases: a cursor says where the last page ended; never OFFSET nor a full count (D§4.8).

An order is one or more stretches read one after the other, so that rows without a due date come
last on every database, each stretch along an index. Reads only; no HTTP.
"""

import base64
import binascii
import re
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

TAMANO = 25
TOPE = 200  # how far one counts
_CURSOR = re.compile(r"([01])\.(\d{4}-\d\d-\d\d)?\.(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class Tramo:
    """Rows under ``filtro`` in the order (campo, pk), or by pk alone."""

    filtro: Q = field(default_factory=Q)
    campo: str = ""
    descendente: bool = False

    def orden(self, atras: bool) -> list[str]:
        signo = "-" if self.descendente != atras else ""
        return [signo + c for c in (self.campo, "pk") if c]

    def despues(self, cursor: "Cursor", atras: bool) -> Q:
        sentido = "lt" if self.descendente != atras else "gt"
        if not self.campo:
            return Q(**{f"pk__{sentido}": cursor.pk})
        # The first condition alone is a range of the index; the rest breaks the tie.
        return Q(**{f"{self.campo}__{sentido}e": cursor.valor}) & (
            Q(**{f"{self.campo}__{sentido}": cursor.valor}) | Q(**{f"pk__{sentido}": cursor.pk})
        )


_SIN_VENCE = Tramo(Q(vence__isnull=True), descendente=True)
ORDENES = {
    "": (Tramo(descendente=True),),
    "antiguos": (Tramo(),),
    "vence": (Tramo(Q(vence__isnull=False), "vence"), _SIN_VENCE),
    "-vence": (Tramo(Q(vence__isnull=False), "vence", descendente=True), _SIN_VENCE),
}


@dataclass(frozen=True)
class Cursor:
    tramo: int
    pk: int
    valor: date | None = None

    def codigo(self) -> str:
        crudo = f"{self.tramo}.{self.valor or ''}.{self.pk}"
        return base64.urlsafe_b64encode(crudo.encode()).decode().rstrip("=")


@dataclass(frozen=True)
class Pagina:
    filas: list
    anterior: str = ""
    siguiente: str = ""


def leer_cursor(codigo: str, orden: str) -> Cursor | None:
    """The cursor of a link, or ``None`` where it is not one of this order."""
    if len(codigo) > 64:
        return None
    try:
        crudo = base64.urlsafe_b64decode(codigo + "=" * (-len(codigo) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    partes = _CURSOR.fullmatch(crudo)
    if not partes:
        return None
    try:
        valor = date.fromisoformat(partes[2]) if partes[2] else None
    except ValueError:
        return None
    tramos, tramo = ORDENES[orden], int(partes[1])
    if tramo >= len(tramos) or bool(tramos[tramo].campo) != bool(valor):
        return None
    return Cursor(tramo, int(partes[3]), valor)


def ordenar(casos: QuerySet, orden: str):
    """The querysets that, read one after the other, give every row in order."""
    return [casos.filter(t.filtro).order_by(*t.orden(atras=False)) for t in ORDENES[orden]]


def paginar(
    casos: QuerySet, orden: str, cursor: Cursor | None, *, atras: bool = False, tamano=TAMANO
) -> Pagina:
    """One page after ``cursor`` (or before it, with ``atras``)."""
    atras = atras and cursor is not None
    leidas = _leer(casos, ORDENES[orden], cursor, atras, tamano + 1)
    hay_mas = len(leidas) > tamano
    leidas = leidas[:tamano]
    if atras:
        leidas.reverse()
    if not leidas:
        return Pagina([])
    antes, despues = (hay_mas, True) if atras else (cursor is not None, hay_mas)
    return Pagina(
        [fila for _, fila in leidas],
        _cursor_de(*leidas[0], orden).codigo() if antes else "",
        _cursor_de(*leidas[-1], orden).codigo() if despues else "",
    )


def contar(casos: QuerySet) -> int:
    """How many there are, one more than ``TOPE`` at most: it stops there, however many follow."""
    return casos.order_by()[: TOPE + 1].count()


def _leer(casos, tramos, cursor, atras, limite) -> list:
    leidas = []
    for i in range(len(tramos) - 1, -1, -1) if atras else range(len(tramos)):
        if cursor and (i > cursor.tramo if atras else i < cursor.tramo):
            continue
        tramo = tramos[i]
        filas = casos.filter(tramo.filtro).order_by(*tramo.orden(atras))
        if cursor and i == cursor.tramo:
            filas = filas.filter(tramo.despues(cursor, atras))
        leidas += [(i, fila) for fila in filas[: limite - len(leidas)]]
        if len(leidas) == limite:
            break
    return leidas


def _cursor_de(tramo: int, fila, orden: str) -> Cursor:
    campo = ORDENES[orden][tramo].campo
    return Cursor(tramo, fila.pk, getattr(fila, campo) if campo else None)
