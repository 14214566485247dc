"""Which column of ours a heading means, however another system writes it."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from casos.textos import igual

# Column → the other names by which people know it.
Columnas = Mapping[str, Sequence[str]]

_SIN_PESO = frozenset("de del en la el los las obligatorio opcional requerido".split())
_MONEDA = re.compile(r"\b(?:(mxn|mn|pesos?)|(usd|dolar|dlls?|dls|us\$))(?!\w)")


@dataclass(frozen=True)
class Desconocida:
    """A heading that is not read, and the column it resembles ("" if none)."""

    titulo: str
    posicion: int
    parecida: str = ""


@dataclass(frozen=True)
class Emparejadas:
    """Where each column of ours stands in a row, and what was not understood."""

    posiciones: dict[str, int]
    desconocidas: list[Desconocida] = field(default_factory=list)
    # Column → the headings that all mean it; the first is the one in ``posiciones``.
    repetidas: dict[str, list[str]] = field(default_factory=dict)
    # The currency that a heading says, «Tarifa (USD)», by position: also of one that is not read yet.
    monedas: dict[int, str] = field(default_factory=dict)

    def de(self, celdas: Sequence[str]) -> dict[str, str]:
        """The row by column; a figure takes the currency that its heading says."""
        fila = {c: celdas[p] if p < len(celdas) else "" for c, p in self.posiciones.items()}
        for columna, posicion in self.posiciones.items():
            moneda = self.monedas.get(posicion)
            if moneda and any(c.isdigit() for c in fila[columna]):
                fila[columna] = f"{moneda} {fila[columna]}"
        return fila


def emparejar(titulos: Sequence[str], columnas: Columnas) -> Emparejadas:
    por_clave = claves_de(columnas)
    hay = Emparejadas({})
    for posicion, titulo in enumerate(titulos):
        if not titulo:
            continue
        columna, moneda = hallar(titulo, por_clave), _moneda_de(titulo, por_clave)
        if moneda:
            hay.monedas[posicion] = moneda
        if columna is None:
            hay.desconocidas.append(
                Desconocida(titulo, posicion, _parecida(clave(titulo), por_clave))
            )
        elif columna in hay.posiciones:
            primera = titulos[hay.posiciones[columna]]
            hay.repetidas.setdefault(columna, [primera]).append(titulo)
        else:
            hay.posiciones[columna] = posicion
    return hay


def claves_de(columnas: Columnas) -> dict[str, str]:
    """What is compared of each name → its column. A column's own name wins over a synonym, and of two that
    are compared alike the first; written as it is called («=…»), each is itself.
    """
    propias: dict[str, str] = {}
    for columna in columnas:
        propias.setdefault(clave(columna), columna)
    tal_cual = {f"={igual(c)}": c for c in columnas}
    return {clave(s): c for c, otros in columnas.items() for s in otros} | propias | tal_cual


def hallar(titulo: str, por_clave: Mapping[str, str]) -> str | None:
    """The column of a heading; one that says a currency besides is that of its figures."""
    if exacta := por_clave.get(f"={igual(titulo)}"):
        return exacta
    buscada = clave(titulo)
    return por_clave.get(buscada) or por_clave.get(" ".join(_MONEDA.sub(" ", buscada).split()))


def _moneda_de(titulo: str, por_clave: Mapping[str, str]) -> str:
    buscada = clave(titulo)
    hallada = None if buscada in por_clave else _MONEDA.search(buscada)
    return ("MXN" if hallada[1] else "USD") if hallada else ""


@lru_cache(maxsize=2048)
def clave(titulo: str) -> str:
    """What two headings that mean the same have in common: «R.F.C.», «Razones sociales *».

    In any order: «Contacto: nombre» is «Nombre del contacto».
    """
    plano = igual(titulo).replace("°", "o")
    plano = re.sub(r"[*:.()\[\]#%?!¿¡'\"]", "", plano.replace(". ", " "))
    palabras = re.sub(r"[\s_/\\|,;-]+", " ", plano).split()
    unidas = re.sub(r"(?<=\b\w) (?=\w\b)", "", " ".join(palabras))  # «r f c»
    return " ".join(sorted(_singular(p) for p in unidas.split() if p not in _SIN_PESO))


def _singular(palabra: str) -> str:
    return re.sub(r"(?<=\w{3})e?s?$", "", palabra)


def _parecida(buscada: str, por_clave: Mapping[str, str]) -> str:
    por_clave = {k: c for k, c in por_clave.items() if not k.startswith("=")}
    cercanas = difflib.get_close_matches(buscada, por_clave, n=1, cutoff=0.7)
    if cercanas:
        return por_clave[cercanas[0]]
    palabras = set(buscada.split())
    return next((c for k, c in por_clave.items() if _comparten(palabras, k.split())), "")


def _comparten(palabras: Iterable[str], otras: Sequence[str]) -> bool:
    """«Tarifa mensual» has all the words of «Tarifa»."""
    return bool(otras) and set(otras) <= set(palabras)
