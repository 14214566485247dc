"""A query whose SQL is written once: what a page or a step asks every time, with other keys.

For the queries of one case, writing the text costs Django more than answering costs the database; and of what
the database spends, PostgreSQL spends most on planning: there it is told to keep the plan with the connection.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet, prefetch_related_objects
from psycopg2.extensions import AsIs

EN_UNA = 256  # keys
# What stands in the text where the nth value goes.
_HUECOS: dict[type, Callable[[int], Any]] = {
    int: lambda n: 31_987 + n,  # fits the smallest column: of what cannot be there nothing is asked
    str: lambda n: f"\x01{n}",
    UUID: lambda n: UUID(int=n),
    date: lambda n: date(1, 1, 1 + n),
    datetime: lambda n: datetime(1000, 1, 1 + n, tzinfo=UTC),
}


@dataclass(frozen=True)
class _Escrita:
    filas: QuerySet[Any, Any]
    compilador: Any
    sql: str
    parametros: tuple[Any, ...]
    lugares: tuple[int | None, ...]  # which value goes in each place; ``None``: what is there stays


def guarda_el_plan(conexion: Any, nombre: str, texto: Callable[[Any], str]) -> bool:
    """Whether the connection keeps plans; that of ``nombre`` is made where it has none yet.

    ``texto``: given a cursor, the statement with ``$1``, ``$2``… where its values go.
    """
    if not conexion.settings_dict.get("CON_PLANES"):
        return False
    de_quien, hechos = getattr(conexion, "planes", (None, set()))
    conexion.ensure_connection()
    if de_quien is not conexion.connection:  # another one than before: it knows none
        hechos = set()
        conexion.planes = (conexion.connection, hechos)
    if nombre not in hechos:
        with conexion.wrap_database_errors, conexion.connection.cursor() as cursor:
            cursor.execute(f'PREPARE "{nombre}" AS {texto(cursor)}')
        hechos.add(nombre)
    return True


class Preparada:
    """``Preparada(lambda caso: Cita.objects.filter(caso=caso), int)``; calling it gives the rows.

    Each value, of the type said, is compared as it is: no patterns, no lists of unknown length.
    """

    TODAS: ClassVar[list[Preparada]] = []
    _NUMEROS: ClassVar[count[int]] = count(1)

    def __init__(self, consulta: Callable[..., QuerySet[Any, Any]], *tipos: type):
        self.consulta, self.tipos = consulta, tipos
        self._escrita: _Escrita | None = None
        self.TODAS.append(self)
        self.numero = next(self._NUMEROS)  # no two have the same, made by whichever threads

    def __call__(self, *valores: Any) -> list[Any]:
        if self._escrita is None:
            try:
                self._escrita = self._escribir()
            except EmptyResultSet:  # nobody's: it asks for nothing, with whatever values
                return []
        escrita = self._escrita
        conexion = connections[DEFAULT_DB_ALIAS]
        puestos = [_adaptado(v, conexion) for v in valores]
        parametros = tuple(
            fijo if lugar is None else puestos[lugar]
            for fijo, lugar in zip(escrita.parametros, escrita.lugares, strict=True)
        )
        compilador, filas = self._lectura(escrita, conexion)
        dicho = self._con_plan(escrita, conexion, puestos) or (escrita.sql, parametros)
        compilador.as_sql = lambda *args, **kwargs: dicho
        hechas = list(filas)
        if lo_demas := escrita.filas._prefetch_related_lookups:  # type: ignore[attr-defined]
            prefetch_related_objects(hechas, *lo_demas)
        return hechas

    def _lectura(self, escrita: _Escrita, conexion: Any) -> tuple[Any, Iterable[Any]]:
        """The compiler, which knows how to read the rows of its own text, and those rows.

        They stay with the connection, which is one thread's; what they are made of is everybody's.
        """
        lecturas = conexion.__dict__.setdefault("lecturas", {})
        if self.numero not in lecturas:
            escritas: Any = escrita.filas
            compilador, consulta = copy(escrita.compilador), copy(escritas.query)
            compilador.connection = conexion
            consulta.get_compiler = lambda *args, **kwargs: compilador
            filas: Any = QuerySet(escritas.model, consulta, DEFAULT_DB_ALIAS)
            filas._fields = escritas._fields
            lecturas[self.numero] = (compilador, escritas._iterable_class(filas))
        return lecturas[self.numero]

    def _con_plan(
        self, escrita: _Escrita, conexion: Any, puestos: list[Any]
    ) -> tuple[str, tuple[Any, ...]] | None:
        """What runs the plan that the connection keeps, made now where it has none; ``None``: it keeps none."""
        nombre = f"{escrita.filas.model._meta.db_table}_{self.numero}"

        def texto(cursor: Any) -> str:
            # Each place its own value: one that stands in two has a type in each.
            numeros = iter(range(1, len(escrita.parametros) + 1))
            partes = [
                fijo if lugar is None else AsIs(f"${next(numeros)}")
                for fijo, lugar in zip(escrita.parametros, escrita.lugares, strict=True)
            ]
            return cursor.mogrify(escrita.sql, partes).decode()

        if not guarda_el_plan(conexion, nombre, texto):
            return None
        valores = tuple(puestos[lugar] for lugar in escrita.lugares if lugar is not None)
        huecos = ", ".join(["%s"] * len(valores))
        return f'EXECUTE "{nombre}"' + (f" ({huecos})" if valores else ""), valores

    def _escribir(self) -> _Escrita:
        conexion = connections[DEFAULT_DB_ALIAS]
        huecos = [_HUECOS[tipo](n) for n, tipo in enumerate(self.tipos)]
        filas = self.consulta(*huecos)
        compilador = filas.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parametros = compilador.as_sql()
        puestos = [_adaptado(h, conexion) for h in huecos]
        lugares = tuple(puestos.index(p) if p in puestos else None for p in parametros)
        fijos = [str(p) for p, n in zip(parametros, lugares, strict=True) if n is None]
        assert not [f for f in fijos for p in puestos if str(p) in f], "not compared as it is"
        _recordar(compilador)
        return _Escrita(filas, compilador, sql, tuple(parametros), lugares)


class DeVarias:
    """``DeVarias(lambda claves: Condicion.objects.filter(caso__in=claves))``: asked with a list of keys.

    Its text is written once for each size, twice the one before; the last key fills up what is left.
    """

    def __init__(self, consulta: Callable[[tuple[int, ...]], QuerySet[Any, Any]]):
        self.consulta = consulta
        self._escritas: dict[int, Preparada] = {}

    def __call__(self, claves: Collection[int]) -> list[Any]:
        """Not one row of none; more than ``EN_UNA`` are asked as they are."""
        if not claves:
            return []
        suyas = tuple(claves)
        if len(suyas) > EN_UNA:
            return list(self.consulta(suyas))
        caben = 1 << (len(suyas) - 1).bit_length()
        escrita = self._escritas.get(caben)
        if escrita is None:
            escrita = self._escritas[caben] = Preparada(
                lambda *claves: self.consulta(claves), *[int] * caben
            )
        return escrita(*suyas, *suyas[-1:] * (caben - len(suyas)))


def _recordar(compilador: Any) -> None:
    """How each column of its text is read; Django would ask it of each, each time."""
    columnas = [c[0] for c in compilador.select[: compilador.col_count]]
    como, compuestas = (
        compilador.get_converters(columnas),
        compilador.has_composite_fields(columnas),
    )
    compilador.get_converters = lambda columnas: como
    compilador.has_composite_fields = lambda columnas: compuestas


def _adaptado(valor: Any, conexion: Any) -> Any:
    if isinstance(valor, UUID):
        return valor if conexion.features.has_native_uuid_field else valor.hex
    if isinstance(valor, datetime):
        return conexion.ops.adapt_datetimefield_value(valor)
    return conexion.ops.adapt_datefield_value(valor) if isinstance(valor, date) else valor
