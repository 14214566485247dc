"""How a person's name, mail and telephones may stand in a text: with or without accents, in capitals, with
another separator, the surname first, escaped for HTML or JSON. Plain patterns; no queries.

``a_bulto`` is for the database: short patterns, of one case and apart, with which PostgreSQL reads 300,000 texts in
half a second; with the whole ones it takes minutes. They find more than enough: ``Buscador`` says which it is.
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
_TROZO, _TROZO_DEL_DOMINIO = 8, 4  # of what the database looks for, characters
_ARROBA = "(?:@|%40|&#64;)"


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


def _letra(letra: str, *, a_bulto: bool = False) -> str:
    """``a_bulto``: any letter that JSON escaped may be it."""
    base = unicodedata.normalize("NFD", letra)[0].casefold()
    estas = _variantes().get(base, "")
    if not estas:
        if letra in "'’´`":
            return r"(?:['’´`]|&\#x27;|&\#39;)?"
        las_dos = {letra.lower(), letra.upper(), letra}
        return f"(?:{'|'.join(map(re.escape, sorted(las_dos)))})" if a_bulto else re.escape(letra)
    escapadas = [rf"\\u{ord(c):04x}" for c in estas if ord(c) > 127]
    if a_bulto and escapadas:
        escapadas = [r"\\u...."]
    return f"(?:{'|'.join([f'[{estas}]', *escapadas])}){_COMBINADO}"


def _palabras(nombre: str) -> list[str]:
    """Those of a name that is looked for; of one too short, none."""
    palabras = [p for p in re.split(r"[\s.,_-]+", unicodedata.normalize("NFC", nombre)) if p]
    return palabras if sum(map(len, palabras)) >= _MINIMO else []


def de_nombre(nombre: str) -> list[str]:
    """Patterns of a name: as it is written, and with any of its last words first."""
    palabras = _palabras(nombre)
    escritas = ["".join(_letra(c) for c in p) for p in palabras]
    return [_ENTRE.join(escritas[n:] + escritas[:n]) for n in range(len(escritas))]


def de_correo(correo: str) -> list[str]:
    """Patterns of an address, its at sign as it may be escaped in a link."""
    if "@" not in correo:
        return []
    local, _, dominio = correo.rpartition("@")
    return [f"{_literal(local)}{_ARROBA}{_literal(dominio)}"]


def _literal(texto: str, *, a_bulto: bool = False) -> str:
    return "".join(_letra(c, a_bulto=a_bulto) if c.isalpha() else re.escape(c) for c in texto)


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
        """What is taken out, the longest first."""
        suyos: list[str] = []
        for correo in sorted(self.correos, key=len, reverse=True):
            suyos += de_correo(correo)
        for nombre in sorted(self.nombres, key=len, reverse=True):
            suyos += de_nombre(nombre)
        for telefono in sorted(self.telefonos):
            suyos += telefonos.patrones(telefono)
        return suyos

    def a_bulto(self) -> list[str]:
        """For the database, one by one: they may find too much, never too little.

        Of a name the beginning of its longest word, of an address what is about its at sign.
        """
        trozos = {max(p, key=len)[:_TROZO] for n in self.nombres if (p := _palabras(n))}
        suyos = ["".join(_letra(c, a_bulto=True) for c in t) for t in sorted(trozos)]
        for correo in sorted(self.correos):
            local, arroba, dominio = correo.rpartition("@")
            if arroba:
                fin, principio = local[-_TROZO:], dominio[:_TROZO_DEL_DOMINIO]
                suyos.append(
                    f"{_literal(fin, a_bulto=True)}{_ARROBA}{_literal(principio, a_bulto=True)}"
                )
        for telefono in sorted(self.telefonos):
            suyos += telefonos.patrones(telefono, a_bulto=True)
        return suyos

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
