"""What a revision says otherwise than another, section by section, in words (§10). Reads nothing: it is given rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Renglon:
    """One line that one of the two does not have."""

    se_agrego: bool
    texto: str

    @property
    def dicho(self) -> str:
        return "Se agregó" if self.se_agrego else "Se quitó"


@dataclass(frozen=True)
class SeccionCambiada:
    clave: str
    titulo: str
    renglones: tuple[Renglon, ...]


def comparar(antes: Iterable, ahora: Iterable) -> list[SeccionCambiada]:
    """Sections of two revisions; only those that differ, in the order of the document."""
    viejas = {s.clave: _renglones(s) for s in antes}
    cambiadas = []
    for s in ahora:
        suyas = tuple(_difieren(viejas.get(s.clave, []), _renglones(s)))
        if suyas:
            cambiadas.append(SeccionCambiada(s.clave, s.titulo, suyas))
    return cambiadas


def _renglones(seccion) -> list[str]:
    dichos = [seccion.titulo, *seccion.texto.split("\n")]
    return [" · ".join(d.split("\t")).strip() for d in dichos if d.strip()]


def _difieren(antes: list[str], ahora: list[str]):
    for que, a1, a2, b1, b2 in SequenceMatcher(None, antes, ahora, autojunk=False).get_opcodes():
        if que != "equal":
            yield from (Renglon(False, t) for t in antes[a1:a2])
            yield from (Renglon(True, t) for t in ahora[b1:b2])
