"""What is configured enters a chain: whatever writes these tables, by whichever door, appends an event (D§3).

``Escucha`` stands on the connection and sees every statement: a page, the panel, a command, the shell.
What is written by itself is one event; ``configurando`` makes one of all that is written inside it. A
table is small, so it is read whole before and after: two statements however many rows change.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from allauth.core import context
from django.db import DEFAULT_DB_ALIAS, connection, models, transaction

from casos.models import (
    CabezaDeConfiguracion,
    CabezaDeSeguridad,
    EventoDeConfiguracion,
    Usuario,
)
from casos.pruebas import en_texto

from .que_se_configura import CALLADAS, COLUMNAS, ENCADENADAS, SIN_COLUMNAS, Fila, Tabla, leer

LARGO = 300  # characters of a value that an event repeats; of a longer one, the first
TOPE = 50  # rows of one event whose values it repeats
_POR_TABLA = {m._meta.db_table: m for m in ENCADENADAS}
_ESCRITURA = re.compile(
    r"\s*(INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.I | re.A
)
_PUESTAS = re.compile(r'"(\w+)" = ')


# -- what is being written -------------------------------------------------------------------------


class Escucha:
    """On one connection: reads what stands before a chained table is first written to."""

    def __init__(self) -> None:
        self.antes: dict[type[models.Model], Tabla] | None = None
        self.cabeza: CabezaDeConfiguracion | None = None

    def __call__(
        self, ejecutar: Any, sql: str, parametros: Any, varios: bool, contexto: Any
    ) -> Any:
        modelo = None if _APAGADA else _la_que_escribe(sql)
        if modelo is None:
            return ejecutar(sql, parametros, varios, contexto)
        with nullcontext() if self.antes is not None else self.abierta():
            self.tomar(modelo)
            hecho = ejecutar(sql, parametros, varios, contexto)
            if "RETURNING" in sql and not varios:
                # Read now: SQLite does not commit while there is something left to read.
                contexto["cursor"].cursor = _Leido(contexto["cursor"].cursor)
            return hecho

    @contextmanager
    def abierta(self) -> Iterator[None]:
        """What is written inside is one event, in its transaction."""
        en_una: AbstractContextManager = (
            nullcontext() if connection.in_atomic_block else transaction.atomic()
        )
        with en_una:
            self.antes = {}
            try:
                yield
                if not connection.needs_rollback:
                    self._encadenar()
            finally:
                self.antes = self.cabeza = None

    def tomar(self, modelo: type[models.Model]) -> None:
        assert self.antes is not None
        if self.cabeza is None:
            self.cabeza = CabezaDeConfiguracion.objects.filter(pk=1).first()
        if self.cabeza is not None and modelo not in self.antes:
            self.antes[modelo] = leer(modelo, self.cabeza.sal)

    def _encadenar(self) -> None:
        if self.cabeza is None:  # the chain has not begun
            return
        assert self.antes is not None
        # The one lock of what is written beside the cases, after the rows, as whoever writes a fact
        # takes it: nobody who holds one waits for the other.
        CabezaDeSeguridad.objects.select_for_update().get_or_create(pk=1)
        self._poner_al_dia(self.cabeza.numero)
        distintas = {}
        for modelo, antes in self.antes.items():
            ahora = leer(modelo, self.cabeza.sal)
            suyas = {
                pk: (antes.get(pk), ahora.get(pk))
                for pk in antes.keys() | ahora.keys()
                if _huella(antes.get(pk)) != _huella(ahora.get(pk))
            }
            if suyas:
                distintas[modelo] = suyas
        if distintas:
            agregar(CabezaDeConfiguracion.objects.get(pk=1), distintas)

    def _poner_al_dia(self, desde: int) -> None:
        """What others changed between the first look and the lock is not ours to tell: their events did."""
        assert self.antes is not None
        suyos = EventoDeConfiguracion.objects.filter(numero__gt=desde).order_by("numero")
        de_tabla = {m._meta.db_table: filas for m, filas in self.antes.items()}
        for filas in suyos.values_list("filas", flat=True):
            for tabla in filas.keys() & de_tabla.keys():
                for pk, (_, despues) in filas[tabla].items():
                    if despues is None:
                        de_tabla[tabla].pop(pk, None)
                    elif _huella(de_tabla[tabla].get(pk)) != despues:
                        de_tabla[tabla][pk] = (despues, [])


class _Leido:
    """A cursor all of whose rows were read."""

    def __init__(self, cursor: Any):
        self._cursor = cursor
        self._filas = iter(cursor.fetchall())

    def fetchone(self) -> Any:
        return next(self._filas, None)

    def fetchall(self) -> list[Any]:
        return list(self._filas)

    def fetchmany(self, cuantas: int = 1) -> list[Any]:
        return [f for _, f in zip(range(cuantas), self._filas, strict=False)]

    def __iter__(self) -> Iterator[Any]:
        return self._filas

    def __getattr__(self, nombre: str) -> Any:
        return getattr(self._cursor, nombre)


def _huella(fila: Fila | None) -> str | None:
    return fila and fila[0]


def _la_que_escribe(sql: str) -> type[models.Model] | None:
    hallada = _ESCRITURA.match(sql)
    modelo = hallada and _POR_TABLA.get(hallada[2])
    if not hallada or not modelo:
        return None
    if hallada[1].upper() == "UPDATE" and modelo in SIN_COLUMNAS:
        puestas = set(_PUESTAS.findall(re.split(r"\sWHERE\s", sql, maxsplit=1, flags=re.I)[0]))
        if puestas and puestas <= SIN_COLUMNAS[modelo].keys() - {"sal"}:
            return None
    return modelo


_APAGADA: list[bool] = []  # while tables are being remade, or emptied


@contextmanager
def sin_encadenar() -> Iterator[None]:
    """For what remakes or empties tables of the database."""
    _APAGADA.append(True)
    try:
        yield
    finally:
        _APAGADA.pop()


def apagar(**kwargs: Any) -> None:
    """Before migrating: tables may not be as the models say."""
    _APAGADA[:] = [True]


def encender() -> None:
    _APAGADA.clear()


def escuchar(connection: Any, **kwargs: Any) -> None:
    """Of ``connection_created``. First of all: whoever puts another one takes the last away."""
    ya = any(isinstance(e, Escucha) for e in connection.execute_wrappers)
    if connection.alias == DEFAULT_DB_ALIAS and not ya:
        connection.execute_wrappers.insert(0, Escucha())


@contextmanager
def configurando() -> Iterator[None]:
    """Around several writes of one change: one event of all. What stands around it wins."""
    connection.ensure_connection()
    escucha = next(e for e in connection.execute_wrappers if isinstance(e, Escucha))
    with nullcontext() if escucha.antes is not None else escucha.abierta():
        yield


# -- events ----------------------------------------------------------------------------------------

Distintas = dict[type[models.Model], dict[str, tuple[Fila | None, Fila | None]]]


def agregar(
    cabeza: CabezaDeConfiguracion,
    distintas: Distintas,
    motivo: str = EventoDeConfiguracion.Motivo.CAMBIO,
) -> EventoDeConfiguracion:
    """Append an event. With the head of the record of security locked, and ``cabeza`` read since."""
    autor = _quien()
    evento = EventoDeConfiguracion(
        numero=cabeza.numero + 1,
        motivo=motivo,
        autor_id=autor.pk if autor else None,
        por=_por_donde(),
        filas={
            m._meta.db_table: {pk: [_huella(a), _huella(d)] for pk, (a, d) in suyas.items()}
            for m, suyas in distintas.items()
        },
        cambios=_cambios(distintas),
        previo=cabeza.huella,
    )
    evento.huella = evento.calcular_huella()
    evento.save(force_insert=True)
    cabeza.numero, cabeza.huella = evento.numero, evento.huella
    cabeza.save(update_fields=["numero", "huella"])
    return evento


def _cambios(distintas: Distintas) -> dict[str, Any]:
    if sum(map(len, distintas.values())) > TOPE:
        return {}
    return {
        m._meta.db_table: {pk: _de_a(m, *de_a) for pk, de_a in suyas.items()}
        for m, suyas in distintas.items()
    }


def _de_a(modelo: type[models.Model], antes: Fila | None, ahora: Fila | None) -> dict[str, Any]:
    dichos: dict[str, Any] = {}
    nada: list[Any] = [None] * len(COLUMNAS[modelo])
    era, es = ((fila[1] if fila else nada) or nada for fila in (antes, ahora))
    for columna, de, a in zip(COLUMNAS[modelo], era, es, strict=True):
        if de != a:
            calla = columna in CALLADAS.get(modelo, ())
            dichos[columna] = None if calla else [_dicho(de), _dicho(a)]
    return dichos


def _dicho(valor: Any) -> str | None:
    return None if valor is None else en_texto(valor)[:LARGO]


def _quien() -> Usuario | None:
    usuario = getattr(context.request, "user", None)
    return usuario if usuario is not None and usuario.is_authenticated else None


def _por_donde() -> str:
    """The name of the page, or of the command."""
    if context.request is not None:
        hallada = getattr(context.request, "resolver_match", None)
        return (hallada.view_name if hallada else "")[:80]
    return " ".join(sys.argv[1:2])[:80]


def al_migrar(subio: bool) -> None:
    """After the tables changed: the chain begins with the state found, or tells what a release rewrote."""
    M = EventoDeConfiguracion.Motivo
    with transaction.atomic():
        CabezaDeSeguridad.objects.select_for_update().get_or_create(pk=1)
        cabeza, nueva = CabezaDeConfiguracion.objects.get_or_create(pk=1)
        if not nueva and not subio:
            return
        quedaron = lo_que_quedo()
        distintas: Distintas = {}
        for modelo in ENCADENADAS:
            hay, dichas = leer(modelo, cabeza.sal), quedaron.get(modelo._meta.db_table, {})
            suyas: dict[str, tuple[Fila | None, Fila | None]] = {
                pk: ((dichas[pk], []) if pk in dichas else None, hay.get(pk))
                for pk in hay.keys() | dichas.keys()
                if dichas.get(pk) != _huella(hay.get(pk))
            }
            if suyas:
                distintas[modelo] = suyas
        if nueva:
            agregar(cabeza, distintas, M.ENCONTRADO)
        elif distintas:
            agregar(cabeza, distintas, M.VERSION)


def lo_que_quedo() -> dict[str, dict[str, str]]:
    """Table → key → the digest that the chain says."""
    quedo: dict[str, dict[str, str]] = {}
    for filas in EventoDeConfiguracion.objects.order_by("numero").values_list("filas", flat=True):
        for tabla, suyas in filas.items():
            de_tabla = quedo.setdefault(tabla, {})
            for pk, (_, ahora) in suyas.items():
                if ahora is None:
                    de_tabla.pop(pk, None)
                else:
                    de_tabla[pk] = ahora
    return quedo
