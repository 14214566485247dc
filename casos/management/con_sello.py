"""``verificar_bitacora --sello`` and ``--estado``: the log against seals kept on another machine."""

import os
import tempfile
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from casos.lecturas.sellos import revisar
from casos.seguridad.texto_de_sello import LARGO_MAXIMO, SelloIlegible, escribir, leer


def comparar(orden: BaseCommand, sello: str, estado: str, llaves: list[str]) -> None:
    """Tell each verdict. The state moves to the last seal only where all holds. Raises ``CommandError``."""
    mal = 0
    for nombre in (sello, estado):
        if not nombre or (nombre == estado and not Path(estado).exists()):
            continue
        try:
            informe = revisar(*_abrir(nombre), llaves=llaves)
        except SelloIlegible as error:
            raise CommandError(f"{nombre}: {error}") from None
        for falla in informe.fallas:
            orden.stderr.write(f"{falla.clase.titulo}. {falla.dicho}")
        if informe.desde:
            orden.stderr.write(informe.desde)
        for dictamen in informe.dictamenes:
            orden.stdout.write(f"{nombre}: {dictamen.titulo}. {dictamen.que_hacer}")
        mal += informe.cuantas
    if mal:
        raise CommandError(f"El registro no coincide con lo sellado. Fallas: {mal}.")
    if estado:
        _avanzar(orden, estado)


def _abrir(nombre: str) -> tuple:
    try:
        with Path(nombre).open(encoding="utf-8") as archivo:
            return leer(archivo.read(LARGO_MAXIMO + 1))
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"No se puede leer {nombre}: no está o no es texto.") from error


def _avanzar(orden: BaseCommand, estado: str) -> None:
    informe = revisar()
    if not informe.integro or informe.ultimo is None:
        raise CommandError(
            "No hay un sello de aquí en que confiar: el estado se quedó como estaba."
        )
    nuevo = not Path(estado).exists()
    _escribir(Path(estado), "\n".join(escribir(informe.ultimo)) + "\n")
    dicho = "Se confió por primera vez en" if nuevo else "El estado está en"
    orden.stdout.write(f"{dicho} el sello {informe.ultimo.numero}.")


def _escribir(estado: Path, texto: str) -> None:
    """Whole or not at all, and only its owner's (0600): whoever could write it could trust another one."""
    try:
        abierto, temporal = tempfile.mkstemp(dir=estado.parent, prefix=f"{estado.name}.")
    except OSError as error:
        raise CommandError(f"No se puede escribir {estado}: {error.strerror}.") from None
    try:
        with open(abierto, "w", encoding="utf-8") as archivo:  # noqa: PTH123
            archivo.write(texto)
            archivo.flush()
            os.fsync(archivo.fileno())
        Path(temporal).replace(estado)
    except BaseException:
        Path(temporal).unlink(missing_ok=True)
        raise
