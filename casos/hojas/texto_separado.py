"""A list saved as text (.csv): UTF-8, or what Excel writes in Windows; commas, semicolons or tabs."""

import csv
from collections import Counter

from casos.textos import limpio

from .libro import FilaLeida

CODIFICACIONES = ("utf-8-sig", "cp1252")
SEPARADORES = ";\t,"


def filas_de_texto(contenido: bytes) -> list[FilaLeida] | None:
    """``None`` where it is no text, or a page that calls itself a workbook."""
    texto = _texto(contenido)
    if texto is None or texto.lstrip().startswith("<"):
        return None
    primeros = Counter(c for renglon in texto.splitlines()[:10] for c in set(renglon))
    separador = max(SEPARADORES, key=lambda s: primeros[s])
    leidas = []
    try:
        lector = csv.reader(texto.splitlines(keepends=True), delimiter=separador)
        for numero, valores in enumerate(lector, 1):
            celdas = {i: c for i, v in enumerate(valores) if (c := limpio(v))}
            if celdas:
                leidas.append(FilaLeida(numero, celdas))
    except csv.Error:
        return None
    return leidas


def _texto(contenido: bytes) -> str | None:
    if contenido.startswith((b"\xff\xfe", b"\xfe\xff")):
        return contenido.decode("utf-16", "replace")
    if b"\0" in contenido:
        return None
    for codificacion in CODIFICACIONES:
        try:
            return contenido.decode(codificacion)
        except UnicodeDecodeError:
            continue
    return None
