"""Files in the folder that no row names, and rows whose file is not there. Nothing is removed here.

An upload that was cut, an act that was undone after its file was written, an import that nobody confirmed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from django.apps import apps
from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.db.models import FileField, Model

from casos.models import Adjunto

UN_DIA = 24 * 3600  # what is younger may still be on its way to its row
DE_UNA_VEZ = 500


@dataclass
class Sueltos:
    """``sin_fila``: path and bytes; ``sin_archivo``: the row, in words. ``completo``: all was looked at."""

    sin_fila: list[tuple[str, int]] = field(default_factory=list)
    sin_archivo: list[str] = field(default_factory=list)
    completo: bool = True

    @property
    def peso(self) -> int:
        return sum(n for _, n in self.sin_fila)


def buscar(segundos: float | None = None) -> Sueltos:
    """Folder by folder, so that memory does not grow with the years; stops in time if told to."""
    hasta = time.monotonic() + segundos if segundos else float("inf")
    hallado = Sueltos()
    for archivos in _carpetas(Path(settings.MEDIA_ROOT)):
        for desde in range(0, len(archivos), DE_UNA_VEZ):
            if time.monotonic() > hasta:
                hallado.completo = False
                return hallado
            lote = dict(archivos[desde : desde + DE_UNA_VEZ])
            con_fila = nombrados(lote)
            hallado.sin_fila += [(r, n) for r, n in lote.items() if r not in con_fila]
    for fila, ruta in _filas():
        if time.monotonic() > hasta:
            hallado.completo = False
            break
        if not _esta(ruta):
            hallado.sin_archivo.append(fila)
    return hallado


def nombrados(rutas: Iterable[str]) -> set[str]:
    """Which of these paths a row names, whatever table it is in."""
    rutas = list(rutas)
    hallados: set[str] = set()
    for modelo, campo in _campos():
        hallados.update(
            modelo._base_manager.filter(**{f"{campo}__in": rutas}).values_list(campo, flat=True)
        )
    return hallados


def parece_otra_base(hallado: Sueltos) -> bool:
    """Whether so many are loose that the database is rather not that of these files, or a copy half restored."""
    de_casos = sum(r.startswith("adjuntos/") for r, _ in hallado.sin_fila)
    con_fila = Adjunto.objects.count()
    return de_casos > 0 and (con_fila == 0 or de_casos > max(10, con_fila))


def es_viejo(ruta: str) -> bool:
    """Whether nobody can still be writing it; a clock that runs ahead leaves it for another night."""
    try:
        return time.time() - Path(settings.MEDIA_ROOT, ruta).lstat().st_mtime > UN_DIA
    except OSError:
        return False


def _campos() -> Iterator[tuple[type[Model], str]]:
    for modelo in apps.get_app_config("casos").get_models():
        for campo in modelo._meta.local_fields:
            if isinstance(campo, FileField):
                yield modelo, campo.name


def _carpetas(raiz: Path) -> Iterator[list[tuple[str, int]]]:
    """The old files of each folder, by their path from the root. No link is followed."""
    for carpeta, _, nombres in os.walk(raiz):
        archivos = []
        for nombre in nombres:
            entero = Path(carpeta, nombre)
            ruta = PurePosixPath(entero.relative_to(raiz)).as_posix()
            if es_viejo(ruta) and not entero.is_symlink():
                archivos.append((ruta, entero.lstat().st_size))
        if archivos:
            yield archivos


def _filas() -> Iterator[tuple[str, str]]:
    for modelo, campo in _campos():
        con_archivo = modelo._base_manager.exclude(**{campo: ""}).exclude(**{campo: None})
        for pk, ruta in con_archivo.values_list("pk", campo).order_by("pk").iterator(2000):
            yield f"{modelo._meta.verbose_name} {pk}: falta «{ruta}»", ruta


def _esta(ruta: str) -> bool:
    try:
        return default_storage.exists(ruta)
    except SuspiciousFileOperation:
        return False
