"""The parts of an .xlsx: its sheets, and each cell with what a person sees in it.

Matched by local names, so that whoever wrote the file does not count. openpyxl's own reader tells neither a
formula without its result from an empty cell, nor what is hidden or merged, and stops at a style it dislikes.
Guards of size are the package's.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import cast
from xml.etree.ElementTree import Element, XMLPullParser

from casos.paquetes import Paquete, nombre_de_parte
from casos.textos import limpio

from .formato_numerico import GENERAL, Formato, Imposible, de_fabrica, escribir_momento, openpyxl

_ESCAPADA = re.compile(r"(?:_x[0-9A-Fa-f]{4}_)+")
_CODIGO = re.compile(r"_x([0-9A-Fa-f]{4})_")
_COMBINADA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7}):\$?[A-Z]{1,3}\$?([0-9]{1,7})")
MAXIMO_COLUMNAS = 200
PIEZAS = frozenset(("c", "v", "f", "is", "r", "t", "xf"))  # of a row, of a text, of the styles
SIN_RESULTADO = (
    "tiene una fórmula sin su resultado: abre el archivo en Excel, guárdalo y súbelo otra vez"
)


ILEGIBLE = "#N/A"  # what stands for a cell that cannot be read


class ConError(str):
    """A cell that cannot be read; ``porque`` ends the sentence that begins by its name.

    Its text is no datum (``textos.es_dato``), so that nobody who overlooks it keeps it.
    """

    porque: str

    def __new__(cls, porque: str) -> "ConError":
        celda = super().__new__(cls, ILEGIBLE)
        celda.porque = porque
        return celda


class DeOtroTipo(str):
    """A cell that is no text to Excel: a day, or true and false. As a name or a number it is a mistake."""


@dataclass
class FilaLeida:
    numero: int
    celdas: dict[int, str]  # by column, from 0; only those that say something
    oculta: bool = False


@dataclass
class Hoja:
    nombre: str
    oculta: bool
    parte: str
    columnas_ocultas: set[int] = field(default_factory=set)
    # Column, first and last row of what is merged downwards.
    combinadas: list[tuple[int, int, int]] = field(default_factory=list)


class Libro:
    """Of an open package. Raises what the XML parser does, and ``KeyError``, on one that is none."""

    def __init__(self, paquete: Paquete):
        self.paquete = paquete
        self.nombres = frozenset(paquete.nombres)
        self.principal = self._dependientes("").get("officeDocument", ["xl/workbook.xml"])[0]
        self.desde_1904 = False
        self.hojas: list[Hoja] = []
        self._leer_principal()

    def _nodos(self, nombre: str) -> Iterator[Element]:
        """Each element as it ends; what it held goes once it was seen, unless a greater one needs it."""
        lector: XMLPullParser[Element] = XMLPullParser(("end",))
        for trozo in self.paquete.trozos(nombre_de_parte(nombre)):
            lector.feed(trozo)
            for suceso in lector.read_events():
                nodo = cast(tuple[str, Element], suceso)[1]
                yield nodo
                if _local(nodo) not in PIEZAS:
                    nodo.clear()
        lector.close()

    def _relaciones(self, de: str) -> Iterator[tuple[str, str, str]]:
        """Id, kind and part of what ``de`` points to."""
        carpeta, nombre = posixpath.split(de)
        rels = posixpath.join(carpeta, "_rels", f"{nombre}.rels")
        if nombre_de_parte(rels) not in self.nombres:
            return
        for nodo in self._nodos(rels):
            if _local(nodo) == "Relationship" and nodo.get("TargetMode") != "External":
                destino = nodo.get("Target", "").replace("\\", "/")
                parte = posixpath.normpath(posixpath.join("/", carpeta, destino)).lstrip("/")
                yield nodo.get("Id", ""), nodo.get("Type", "").rpartition("/")[2], parte

    def _dependientes(self, de: str) -> dict[str, list[str]]:
        por_tipo: dict[str, list[str]] = {}
        for _, tipo, parte in self._relaciones(de):
            por_tipo.setdefault(tipo, []).append(parte)
        return por_tipo

    def _leer_principal(self) -> None:
        partes = {i: (tipo, parte) for i, tipo, parte in self._relaciones(self.principal)}
        for nodo in self._nodos(self.principal):
            nombre = _local(nodo)
            if nombre == "workbookPr":
                self.desde_1904 = nodo.get("date1904", "0") in ("1", "true", "on")
            elif nombre == "sheet":
                id_ = next((v for k, v in nodo.attrib.items() if k.endswith("}id")), "")
                tipo, parte = partes.get(id_, ("", ""))
                if tipo == "worksheet" and nombre_de_parte(parte) in self.nombres:
                    oculta = nodo.get("state", "visible") != "visible"
                    self.hojas.append(Hoja(limpio(nodo.get("name", "")), oculta, parte))

    @cached_property
    def _compartidos(self) -> list[str]:
        partes = self._dependientes(self.principal).get("sharedStrings", [])
        textos = []
        for nodo in self._nodos(partes[0]) if partes else ():
            if _local(nodo) == "si":
                textos.append(_texto(_de_un_texto(nodo)))
        return textos

    @cached_property
    def _formatos(self) -> list[Formato]:
        """By style id; equal codes are one object."""
        propios, codigos = de_fabrica(), []
        partes = self._dependientes(self.principal).get("styles", [])
        for nodo in self._nodos(partes[0]) if partes else ():
            nombre = _local(nodo)
            if nombre == "numFmt":
                propios[_entero(nodo.get("numFmtId"))] = nodo.get("formatCode", GENERAL)
            elif nombre == "cellXfs":
                codigos = [propios.get(_entero(x.get("numFmtId")), GENERAL) for x in nodo]
        hechos: dict[str, Formato] = {}
        return [hechos.get(c) or hechos.setdefault(c, Formato(c, self.desde_1904)) for c in codigos]

    def filas(self, hoja: Hoja) -> Iterator[FilaLeida]:
        """Every row that says something, whatever range the sheet declares; notes what is hidden."""
        hoja.columnas_ocultas, hoja.combinadas = set(), []
        numero = 0
        for nodo in self._nodos(hoja.parte):
            nombre = _local(nodo)
            if nombre == "row":
                numero = _entero(nodo.get("r")) or numero + 1
                celdas = self._celdas(nodo)
                if celdas:
                    yield FilaLeida(numero, celdas, nodo.get("hidden") in ("1", "true"))
            elif nombre == "col" and nodo.get("hidden") in ("1", "true"):
                primera, ultima = _entero(nodo.get("min")), _entero(nodo.get("max"))
                hoja.columnas_ocultas.update(range(primera - 1, min(ultima, MAXIMO_COLUMNAS)))
            elif nombre == "mergeCell":
                if hallada := _COMBINADA.fullmatch(nodo.get("ref", "")):
                    columna, primero, ultimo = hallada[1], int(hallada[2]), int(hallada[3])
                    if ultimo > primero and (n := _columna(columna)) < MAXIMO_COLUMNAS:
                        hoja.combinadas.append((n, primero, ultimo))

    def _celdas(self, fila: Element) -> dict[int, str]:
        celdas, columna = {}, -1
        de = fila.tag[: -len("row")]
        valor, formula, dentro = de + "v", de + "f", de + "is"
        for c in fila:
            ref = c.get("r")
            columna = _columna(ref.rstrip("0123456789")) if ref else columna + 1
            if len(c):
                v = c.find(valor)
                tipo = c.get("t", "n")
                if v is not None and (v.text or tipo == "str"):
                    dicho = self._decir(tipo, v.text or "", c.get("s"))
                elif tipo == "inlineStr":
                    escrito = c.find(dentro)
                    dicho = "" if escrito is None else _texto(_de_un_texto(escrito))
                else:
                    vacia = c.find(formula) is None
                    dicho = "" if vacia else ConError(SIN_RESULTADO)
                if dicho:
                    celdas[columna] = dicho
        return celdas

    def _decir(self, tipo: str, valor: str, estilo: str | None) -> str:
        try:
            if tipo == "s":
                return self._compartidos[int(valor)]
            if tipo == "n":
                return self._numero(valor, _entero(estilo))
            if tipo == "b":
                return DeOtroTipo("Verdadero" if valor.strip() in ("1", "true") else "Falso")
            if tipo == "e":
                return ConError(f"dice {limpio(valor)[:20]}: corrígela en Excel")
            if tipo == "d":
                return DeOtroTipo(escribir_momento(datetime.fromisoformat(valor.strip())))
            return _texto(valor)
        except Imposible as error:
            return ConError(str(error))
        except (ValueError, IndexError, OverflowError):
            return ConError("no se puede leer")

    def _numero(self, valor: str, estilo: int) -> str:
        formatos = self._formatos
        formato = formatos[estilo] if 0 <= estilo < len(formatos) else _GENERAL
        dicho = formato.escribir(float(valor))
        return DeOtroTipo(dicho) if formato.es_de_fecha else dicho


_GENERAL = Formato(GENERAL)


def _local(nodo: Element) -> str:
    return nodo.tag.rpartition("}")[2]


def _entero(texto: str | None) -> int:
    return int(texto) if texto and texto.isascii() and texto.isdigit() else 0


@lru_cache(maxsize=1024)
def _columna(letras: str) -> int:
    return openpyxl.utils.column_index_from_string(letras) - 1


def _de_un_texto(nodo: Element) -> str:
    """Of rich text all runs; how it is pronounced is not part of it."""
    partes = []
    for hijo in nodo:
        nombre = _local(hijo)
        if nombre == "t":
            partes.append(hijo.text or "")
        elif nombre == "r":
            partes += [t.text or "" for t in hijo if _local(t) == "t"]
    return "".join(partes)


@lru_cache(maxsize=4096)
def _texto(crudo: str) -> str:
    return limpio(_ESCAPADA.sub(_letras, crudo) if "_x" in crudo else crudo)


def _letras(hallado: re.Match[str]) -> str:
    """``_x000D_`` is a letter that XML does not take as it is; two halves make one."""
    letras = "".join(chr(int(c, 16)) for c in _CODIGO.findall(hallado[0]))
    return letras.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
