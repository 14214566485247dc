"""What the import of each kind is made of: rows compared in memory, and written at once.

Everything a whole file, or a batch of it, may touch is read by ``__init__`` in a fixed number of statements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

from casos.catalogos import Que
from casos.clientes.cambios import DelCliente, alta_de, leida, rastro_de
from casos.hojas.columnas import Columnas
from casos.models import Importacion, Rastro, Usuario

from .renglones import Comparada, Fila, Rechazado, dicho, es_borrar, frase, son_iguales

MUCHOS = 5000  # keys of one statement


class Importador:
    """Raises nothing: what is wrong with a row is told of the row."""

    obligatorias: ClassVar[Sequence[str]]
    ejemplo: ClassVar[dict[str, Any]]
    siempre: ClassVar[Sequence[str]] = ()  # columns whose «-» is looked up, and finds nobody
    sin_ellas_nada: ClassVar[int] = (
        1  # how many of the first of ``obligatorias`` the sheet must have
    )
    lote: ClassVar[int] = 100  # rows of one transaction

    def __init__(
        self,
        autor: Usuario | None,
        filas: Sequence[Fila],
        *,
        con_candado: bool = False,
        importacion: Importacion | None = None,
    ):
        self.autor, self.con_candado, self.importacion = autor, con_candado, importacion
        self._antes: dict[DelCliente, dict[str, Any]] = {}  # of those changed, as they were
        self._nuevas: list[DelCliente] = []
        self.cargar(filas)

    @classmethod
    def columnas(cls) -> Columnas:
        raise NotImplementedError

    def cargar(self, filas: Sequence[Fila]) -> None:
        raise NotImplementedError

    def comparar_bien(self, fila: Fila) -> Comparada:
        raise NotImplementedError

    def guardar(self) -> None:
        raise NotImplementedError

    @classmethod
    def entre_si(cls, filas: Sequence[Fila]) -> tuple[dict[int, str], dict[int, str]]:
        """By number of row: what is wrong, and what is to be told, of rows that speak of the same."""
        raise NotImplementedError

    @classmethod
    def es_ejemplo(cls, fila: Fila) -> bool:
        """The row that the template shows how to fill in with, which is nobody's."""
        return False

    @classmethod
    def que_se_puede_poner(cls) -> Sequence[tuple[str, Sequence[str]]]:
        """By column, the words that are taken: on a sheet of their own in the template."""
        return ()

    # -- one row ---------------------------------------------------------------------------------

    def comparar(self, fila: Fila) -> Comparada:
        try:
            if fila.errores:
                raise Rechazado(" ".join(fila.errores))
            return self.comparar_bien(fila)
        except Rechazado as error:
            fallos = [list(f) for f in error.fallos]
            return Comparada(Que.RECHAZADO, self.llamada(fila), error=str(error), fallos=fallos)

    def llamada(self, fila: Fila) -> str:
        """What a row is known by."""
        return " · ".join(t for c in self.obligatorias if (t := fila.dice(c)))[:400]

    def aceptar(self, comparada: Comparada) -> None:
        """Raises ``Rechazado`` where it can no longer be; then nothing of the row is there."""
        for poner in comparada.poner:
            poner()

    # -- what it is made of ----------------------------------------------------------------------

    def leer(
        self,
        fila: Fila,
        columna: str,
        actual: Any,
        leer: Callable[[str], Any],
        *,
        mostrar: Callable[[Any], str] = dicho,
        borrable: bool = False,
        errores: list[str],
    ) -> Any:
        """What the cell leaves there: what stands where it says nothing, or the same as it shows."""
        texto = fila.dice(columna)
        if not texto or (actual and son_iguales(texto, mostrar(actual))):
            return actual
        if es_borrar(texto):
            if not borrable:
                errores.append(f"{columna}: no se puede borrar.")
            return "" if borrable else actual
        try:
            return leer(texto)
        except ValidationError as error:
            errores.append(frase(columna, error))
            return actual

    def poner_en(self, fila: DelCliente, campo: str, valor: Any) -> Callable[[], None]:
        def poner() -> None:
            if fila.pk and fila not in self._antes:
                self._antes[fila] = leida(fila)
            setattr(fila, campo, valor)

        return poner

    def agregar(self, fila: DelCliente) -> None:
        self._nuevas.append(fila)

    def nuevas(self, modelo: type[Model]) -> list[Any]:
        return [f for f in self._nuevas if isinstance(f, modelo)]

    def cambiadas(self, modelo: type[Model]) -> list[Any]:
        return [f for f in self._antes if isinstance(f, modelo)]

    def escribir(self, modelo: type[Any], campos: Iterable[str]) -> None:
        """The new rows and the changed ones of a model, in two statements."""
        modelo.objects.bulk_create(self.nuevas(modelo))
        if cambiadas := self.cambiadas(modelo):
            modelo.objects.bulk_update(cambiadas, list(campos))

    def dejar_rastros(self) -> None:
        rastros = [r for f in self._nuevas for r in alta_de(f, self.autor)]
        for fila, antes in self._antes.items():
            rastros += rastro_de(fila, antes, self.autor)
        Rastro.objects.bulk_create(rastros)

    def bajo_candado(self, filas: QuerySet) -> QuerySet:
        """To be saved, a row is read under lock, each in the order of its key."""
        if not self.con_candado:
            return filas
        return filas.order_by("pk").select_for_update(of=("self",), no_key=True)


def por_trozos(claves: Iterable[str]) -> Iterable[list[str]]:
    unicas = sorted({c for c in claves if c})
    for n in range(0, len(unicas), MUCHOS):
        yield unicas[n : n + MUCHOS]


def agrupadas(filas: Iterable[Fila], clave: Callable[[Fila], Any]) -> list[list[Fila]]:
    """Rows with one key, where there are several."""
    grupos = defaultdict(list)
    for fila in filas:
        if (k := clave(fila)) is not None:
            grupos[k].append(fila)
    return [g for g in grupos.values() if len(g) > 1]


def que_se_contradicen(
    grupo: Sequence[Fila],
    columnas: Iterable[str],
    leen: Mapping[str, Callable[[str], Any]] | None = None,
) -> list[str]:
    """Columns of which the rows of a group say different things, as ``leen`` reads each."""

    def lo_dicho(columna: str, texto: str) -> Any:
        try:
            return (leen or {})[columna](texto)
        except (KeyError, ValueError, ValidationError):
            return texto.casefold().strip()

    return [c for c in columnas if len({lo_dicho(c, f.dice(c)) for f in grupo if f.dice(c)}) > 1]


def otro_renglon(grupo: Sequence[Fila], fila: Fila, antes: str = "en") -> str:
    """«en el renglón 4», «de los renglones 4, 7 y 9»."""
    otros = [str(f.numero) for f in grupo if f is not fila]
    if len(otros) == 1:
        return f"{antes} el renglón {otros[0]}".replace("de el ", "del ")
    return f"{antes} los renglones {', '.join(otros[:-1][:4])} y {otros[-1]}"
