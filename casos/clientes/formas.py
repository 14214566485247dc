"""How a person's name, mail and telephones may stand in a text: with or without accents, in capitals, with
another separator, the surname first, escaped for HTML or JSON. Plain patterns; no queries.

One pattern serves both databases and Python: ``hallar`` finds more than enough, ``quitar`` only whole words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from casos import telefonos

SUPRIMIDO = "«suprimido»"
_ENTRE = r"(?:[\s_.,+-]|%20|&nbsp;|\\n){0,4}"
_COMBINADO = "[\u0300-\u036f]?"
_MINIMO = 3  # letters that a name has at least, to be looked for


@cache
def _variantes() -> dict[str, str]:
    """Letter without accents → all the letters that are read as it."""
    todas: dict[str, str] = {}
    for codigo in (*range(0x41, 0x5B), *range(0x61, 0x7B), *range(0xC0, 0x250)):
        letra = chr(codigo)
        base = unicodedata.normalize("NFD", letra)[0].casefold()
        if len(base) == 1:
            todas[base] = todas.get(base, "") + letra
    return todas


def _letra(letra: str) -> str:
    base = unicodedata.normalize("NFD", letra)[0].casefold()
    estas = _variantes().get(base, "")
    if not estas:
        return r"(?:['’´`]|&\#x27;|&\#39;)?" if letra in "'’´`" else re.escape(letra)
    escapadas = "|".join(rf"\\u{ord(c):04x}" for c in estas if ord(c) > 127)
    return f"(?:[{estas}]{'|' + escapadas if escapadas else ''}){_COMBINADO}"


def de_nombre(nombre: str) -> list[str]:
    """Patterns of a name: as it is written, and with any of its last words first."""
    palabras = [p for p in re.split(r"[\s.,_-]+", unicodedata.normalize("NFC", nombre)) if p]
    if sum(map(len, palabras)) < _MINIMO:
        return []
    escritas = ["".join(_letra(c) for c in p) for p in palabras]
    return [
        _ENTRE.join(escritas[n:] + escritas[:n]) for n in range(len(escritas) if escritas else 0)
    ]


def de_correo(correo: str) -> list[str]:
    """Patterns of an address, its at sign as it may be escaped in a link."""
    if "@" not in correo:
        return []
    local, _, dominio = correo.rpartition("@")
    return [f"{_literal(local)}(?:@|%40|&#64;){_literal(dominio)}"]


def _literal(texto: str) -> str:
    return "".join(_letra(c) if c.isalpha() else re.escape(c) for c in texto)


@dataclass
class Formas:
    """What is looked for: patterns, joined; ``hay`` is false where there is nothing."""

    nombres: set[str] = field(default_factory=set)
    correos: set[str] = field(default_factory=set)
    telefonos: set[str] = field(default_factory=set)

    def sin_las_de(self, otras: Formas) -> Formas:
        return Formas(
            self.nombres - otras.nombres,
            self.correos - otras.correos,
            self.telefonos - otras.telefonos,
        )

    @property
    def patrones(self) -> list[str]:
        suyos: list[str] = []
        for correo in sorted(self.correos, key=len, reverse=True):
            suyos += de_correo(correo)
        for nombre in sorted(self.nombres, key=len, reverse=True):
            suyos += de_nombre(nombre)
        for telefono in sorted(self.telefonos):
            suyos += telefonos.patrones(telefono)
        return suyos

    def hallar(self) -> str:
        """For the database: it may find too much, never too little."""
        return "|".join(self.patrones)

    def buscador(self) -> Buscador:
        return Buscador(self.patrones)


class Buscador:
    """Finds and takes out, in Python: whole words only. An underscore parts words, as in a file's name."""

    def __init__(self, patrones: Iterable[str]):
        juntos = "|".join(patrones)
        self.patron = re.compile(rf"(?<![^\W_])(?:{juntos})(?![^\W_])", re.I) if juntos else None

    def esta_en(self, valor: Any) -> bool:
        if self.patron is None or not valor:
            return False
        if isinstance(valor, str):
            return bool(self.patron.search(valor))
        if isinstance(valor, dict):
            return any(self.esta_en(k) or self.esta_en(v) for k, v in valor.items())
        if isinstance(valor, list | tuple):
            return any(map(self.esta_en, valor))
        return False

    def sin(self, valor: Any) -> Any:
        """The same value with each of them replaced, inside lists and dictionaries too."""
        if self.patron is None:
            return valor
        if isinstance(valor, str):
            return self.patron.sub(SUPRIMIDO, valor)
        if isinstance(valor, dict):
            return {self.sin(k): self.sin(v) for k, v in valor.items()}
        if isinstance(valor, list | tuple):
            return [self.sin(v) for v in valor]
        return valor
