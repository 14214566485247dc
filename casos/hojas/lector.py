"""A workbook as a person sees it: every cell is what they would type in a form of the product."""

import io
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

from casos import paquetes
from casos.textos import en_un_renglon

from .columnas import Columnas, claves_de, hallar
from .formato_numerico import openpyxl
from .libro import MAXIMO_COLUMNAS, ConError, FilaLeida, Hoja, Libro
from .texto_separado import filas_de_texto

MAXIMO_FILAS = 5000
RENGLONES_DE_BUSQUEDA = 10
LARGO_DE_TITULO = 200
ILEGIBLE = "No se pudo leer el archivo: guárdalo de nuevo como .xlsx."
CON_CLAVE_O_VIEJO = "Ese archivo tiene contraseña o es de Excel 97-2003: ábrelo y guárdalo como .xlsx, sin contraseña."
OTRO_LIBRO = "Ese archivo no es un libro de Excel (.xlsx): ábrelo y guárdalo como .xlsx."


@dataclass(frozen=True)
class Renglon:
    numero: int  # as the sheet counts it
    celdas: list[str]  # as many as headings
    # Why a cell cannot be read, in a sentence, by its place in ``celdas``.
    errores: dict[int, str] = field(default_factory=dict)

    def errores_en(self, posiciones: Collection[int]) -> list[str]:
        """Of the columns that are read: of the others nothing is asked."""
        return [dicho for p, dicho in self.errores.items() if p in posiciones]


@dataclass(frozen=True)
class Leido:
    hoja: str  # "" where the file has none
    otras_hojas: list[str]
    renglon_de_titulos: int  # the last one, where they take two
    titulos: list[str]
    filas: list[Renglon]
    avisos: list[str]  # what of the workbook was read, and what was not


@dataclass(frozen=True)
class _Encabezado:
    puntos: int = 0  # how many of the known columns it has
    renglon: int = 0
    titulos: tuple[str, ...] = ()


def leer(archivo: BinaryIO | bytes, *, conocidas: Columnas) -> Leido:
    """The sheet whose headings fit ``conocidas`` best. Raises ``ValueError`` with a sentence."""
    contenido = archivo if isinstance(archivo, bytes) else archivo.read()
    por_clave = claves_de(conocidas)
    if contenido.startswith(b"\xd0\xcf\x11\xe0"):
        raise ValueError(CON_CLAVE_O_VIEJO)
    if not contenido.startswith(b"PK"):
        return _leer_texto(contenido, conocidas, por_clave)
    try:
        with paquetes.abrir(io.BytesIO(contenido)) as paquete:
            return _leer_libro(_abrir(paquete), conocidas, por_clave)
    except _Rechazado as rechazo:
        raise ValueError(str(rechazo)) from None
    except ParseError as error:
        raise ValueError(ILEGIBLE) from error


class _Rechazado(Exception):
    """A sentence of ours; what a broken file raises is not told."""


def _abrir(paquete: paquetes.Paquete) -> Libro:
    try:
        return Libro(paquete)
    except KeyError:
        raise _Rechazado(OTRO_LIBRO) from None


def _leer_libro(libro: Libro, conocidas: Columnas, por_clave: Mapping[str, str]) -> Leido:
    hojas = [h for h in libro.hojas if not h.oculta] or libro.hojas
    if not hojas:
        raise _Rechazado(OTRO_LIBRO)
    hallados = [(_encabezado(_primeras(libro.filas(h)), por_clave), h) for h in hojas]
    encabezado, hoja = max(hallados, key=lambda x: x[0].puntos)
    _exigir(encabezado, conocidas)
    filas = _hasta_el_limite(libro.filas(hoja), encabezado)
    _repetir_combinadas(filas, hoja)
    return _armar(encabezado, filas, hoja, [h for h in libro.hojas if h is not hoja])


def _leer_texto(contenido: bytes, conocidas: Columnas, por_clave: Mapping[str, str]) -> Leido:
    leidas = filas_de_texto(contenido)
    if leidas is None:
        raise ValueError(OTRO_LIBRO)
    encabezado = _encabezado(_primeras(iter(leidas)), por_clave)
    try:
        _exigir(encabezado, conocidas)
        filas = _hasta_el_limite(iter(leidas), encabezado)
    except _Rechazado as rechazo:
        raise ValueError(str(rechazo)) from None
    return _armar(encabezado, filas, Hoja("", False, ""), [])


# -- headings --------------------------------------------------------------------------------------


def _primeras(filas: Iterator[FilaLeida]) -> list[FilaLeida]:
    """One more than where they are looked for: headings may take two rows."""
    return [
        f for f in islice(filas, RENGLONES_DE_BUSQUEDA + 1) if f.numero <= RENGLONES_DE_BUSQUEDA + 1
    ]


def _encabezado(filas: Sequence[FilaLeida], por_clave: Mapping[str, str]) -> _Encabezado:
    """The row, or two of them, that names most of our columns; the first of those that tie."""
    posibles = [f for f in filas if f.numero <= RENGLONES_DE_BUSQUEDA]
    pares = [(a, b) for a, b in zip(posibles, filas[1:], strict=False) if b.numero == a.numero + 1]
    # Where two rows say no more than one, one has them.
    solos = ((_titulos(f), f.numero) for f in posibles)
    maneras = [*solos, *((_juntos(a, b, por_clave), b.numero) for a, b in pares)]
    mejor = _Encabezado()
    for titulos, renglon in maneras:
        halladas = {hallar(t, por_clave) for t in titulos if t} - {None}
        if len(halladas) > mejor.puntos:
            mejor = _Encabezado(len(halladas), renglon, tuple(titulos))
    return mejor


def _juntos(fila: FilaLeida, debajo: FilaLeida, por_clave: Mapping[str, str]) -> list[str]:
    """«Contacto» over «Nombre | Teléfono»: each with what it belongs to, unless it is known by itself."""
    juntos, grupo = [], ""
    for encima, propio in zip_longest(_titulos(fila), _titulos(debajo), fillvalue=""):
        grupo = encima or (grupo if propio else "")
        completo = f"{grupo} {propio}".strip()
        sola = propio or encima
        juntos.append(
            sola if hallar(sola, por_clave) and not hallar(completo, por_clave) else completo
        )
    return juntos


def _titulos(fila: FilaLeida) -> list[str]:
    ancho = min(max(fila.celdas, default=-1) + 1, MAXIMO_COLUMNAS)
    return [en_un_renglon(fila.celdas.get(i, "")[:LARGO_DE_TITULO]) for i in range(ancho)]


def _exigir(encabezado: _Encabezado, conocidas: Columnas) -> None:
    if not encabezado.puntos:
        raise _Rechazado(
            f"No encontré los títulos de las columnas en los primeros {RENGLONES_DE_BUSQUEDA} "
            f"renglones. Ponlos en uno solo: {', '.join(conocidas)}."
        )


# -- rows ------------------------------------------------------------------------------------------


def _hasta_el_limite(filas: Iterator[FilaLeida], encabezado: _Encabezado) -> list[FilaLeida]:
    ancho = range(len(encabezado.titulos))
    leidas: list[FilaLeida] = []
    cuantas = 0
    for fila in filas:
        if fila.numero > encabezado.renglon:
            cuantas += any(i in fila.celdas for i in ancho)
            if cuantas <= MAXIMO_FILAS:
                leidas.append(fila)
    if cuantas > MAXIMO_FILAS:
        raise _Rechazado(
            f"Son demasiados renglones: hasta {MAXIMO_FILAS:,} por archivo, y trae {cuantas:,}. Pártelo en varios."
        )
    if not cuantas:
        raise _Rechazado("Debajo de los títulos no hay renglones.")
    return leidas


def _repetir_combinadas(filas: list[FilaLeida], hoja: Hoja) -> None:
    """What is merged downwards is seen beside every row that it spans."""
    filas.sort(key=lambda f: f.numero)
    numeros = [f.numero for f in filas]
    caben = MAXIMO_FILAS * MAXIMO_COLUMNAS  # no cell is merged twice
    for columna, primero, ultimo in hoja.combinadas:
        desde, hasta = bisect_left(numeros, primero), bisect_right(numeros, ultimo)
        caben -= hasta - desde
        if caben < 0:
            raise _Rechazado(ILEGIBLE)
        if desde < hasta and numeros[desde] == primero and columna in filas[desde].celdas:
            for fila in filas[desde + 1 : hasta]:
                fila.celdas.setdefault(columna, filas[desde].celdas[columna])


def _armar(
    encabezado: _Encabezado,
    filas: Sequence[FilaLeida],
    hoja: Hoja,
    otras: Sequence[Hoja],
) -> Leido:
    titulos = list(encabezado.titulos)
    while not titulos[-1]:
        titulos.pop()
    renglones, ocultos, repetidos = [], 0, 0
    for fila in filas:
        celdas = [fila.celdas.get(i, "") for i in range(len(titulos))]
        if not any(celdas):
            continue
        if all(t == c or t == en_un_renglon(c) for t, c in zip(titulos, celdas, strict=True)):
            repetidos += 1
            continue
        ocultos += fila.oculta
        errores = {
            i: f"«{titulos[i]}» {celda.porque} (celda {openpyxl.utils.get_column_letter(i + 1)}{fila.numero})."
            for i, celda in enumerate(celdas)
            if isinstance(celda, ConError)
        }
        renglones.append(Renglon(fila.numero, celdas, errores))
    if not renglones:
        raise ValueError("Debajo de los títulos no hay renglones.")
    avisos = [
        _donde(hoja, encabezado.renglon, renglones),
        *_de_los_renglones(renglones, ocultos, repetidos),
        *_de_las_columnas(titulos, filas, hoja),
        *_de_las_hojas(otras),
    ]
    otras_hojas = [h.nombre for h in otras]
    return Leido(hoja.nombre, otras_hojas, encabezado.renglon, titulos, renglones, avisos)


# -- what is said of it ------------------------------------------------------------------------------


def _donde(hoja: Hoja, titulos: int, filas: Sequence[Renglon]) -> str:
    donde = f"la hoja «{hoja.nombre}»" if hoja.nombre else "el archivo"
    return f"Se leyó {donde}: los títulos están en el renglón {titulos} y los datos, " + (
        f"del {filas[0].numero} al {filas[-1].numero} ({len(filas):,} renglones)."
        if len(filas) > 1
        else f"en el {filas[0].numero}."
    )


def _de_los_renglones(filas: Sequence[Renglon], ocultos: int, repetidos: int) -> Iterator[str]:
    numeros = [f.numero for f in filas]
    hueco = next((a for a, b in zip(numeros, numeros[1:], strict=False) if b - a > 1), None)
    if hueco and len(numeros) + repetidos < numeros[-1] - numeros[0] + 1:
        yield f"Después del renglón {hueco} hay renglones vacíos: también se leyó lo que sigue."
    if ocultos:
        que = "está oculto" if ocultos == 1 else "están ocultos"
        yield f"{_cuantos(ocultos, 'renglón', 'renglones')} de los que se leyeron {que} o filtrados en Excel."
    if repetidos:
        yield f"Los títulos se repiten más abajo: no se {'leyó ese renglón' if repetidos == 1 else f'leyeron esos {repetidos} renglones'}."


def _de_las_columnas(
    titulos: Sequence[str], filas: Sequence[FilaLeida], hoja: Hoja
) -> Iterator[str]:
    con_datos = Counter(i for f in filas for i in f.celdas)
    sin_titulo = sorted(i for i in con_datos if i >= len(titulos) or not titulos[i])
    if sin_titulo:
        varias = len(sin_titulo) > 1
        yield (
            f"{'Las columnas' if varias else 'La columna'} {_letras(sin_titulo)} "
            f"{'tienen datos y no tienen' if varias else 'tiene datos y no tiene'} título: "
            f"no se {'leen' if varias else 'lee'}."
        )
    ocultas = [i for i in hoja.columnas_ocultas if i < len(titulos) and titulos[i]]
    if ocultas:
        que = "está oculta" if len(ocultas) == 1 else "están ocultas"
        cuales = ", ".join(f"«{titulos[i]}»" for i in ocultas)
        yield f"{cuales} {que} en Excel y también se {'lee' if len(ocultas) == 1 else 'leen'}."


def _de_las_hojas(otras: Iterable[Hoja]) -> Iterator[str]:
    nombres = [f"«{h.nombre}»{' (oculta)' if h.oculta else ''}" for h in otras]
    if nombres:
        de_mas = f" y {len(nombres) - 5} más" if len(nombres) > 5 else ""
        que = "se leyó la hoja" if len(nombres) == 1 else "se leyeron las hojas"
        yield f"No {que} {', '.join(nombres[:5])}{de_mas}."


def _letras(columnas: Sequence[int]) -> str:
    letras = [openpyxl.utils.get_column_letter(i + 1) for i in columnas]
    return ", ".join(letras) if len(letras) <= 5 else f"{letras[0]} a {letras[-1]}"


def _cuantos(n: int, uno: str, varios: str) -> str:
    return f"{n:,} {uno if n == 1 else varios}"
