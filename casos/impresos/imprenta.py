"""A document becomes a PDF. The one place that knows typst; it is loaded when the first is asked for.

What a document says is data, never markup: it goes in as JSON and the template shows it as text. Nothing is
read outside ``templates/impresos`` and nothing is fetched. The same data give the same bytes.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from casos.textos import limpio

log = logging.getLogger(__name__)

EDICION = 1  # of the template; what was frozen names its own
RAIZ = settings.BASE_DIR / "templates" / "impresos"
NADA = RAIZ / "sin-paquetes"  # there are no packages: none is looked for, here or outside
MIME = "application/pdf"
PARA_ARCHIVAR = "a-2a"
SIN_NORMA = "No es PDF/A: dice algún signo que no está en la letra del documento."


class NoSeImprimio(Exception):
    """The PDF could not be made; its text is for the person who asked for it."""

    def __init__(self) -> None:
        super().__init__(
            "El PDF no se pudo hacer. Lo registrado está a salvo: inténtalo más tarde, o avisa a quien "
            "administra el sistema."
        )


def imprimir(documento: Mapping[str, Any], logo: bytes = b"") -> bytes:
    """The PDF of a document (``documentos``); ``logo``: the bytes of a PNG, JPEG or WebP.

    Raises ``NoSeImprimio``. A logo that cannot be drawn gives way to the name of the firm.
    """
    datos = _limpias(documento)
    try:
        return _componer(datos, logo)
    except NoSeImprimio:
        if not logo:
            raise
        log.error("El logotipo no se pudo dibujar: el documento va con el nombre.")
        return _componer(datos, b"")


def imprimir_para_archivar(documento: Mapping[str, Any]) -> bytes:
    """PDF/A-2, to be kept for years; where a sign is in none of our letters, an ordinary PDF that says so.

    Raises ``NoSeImprimio``.
    """
    datos = _limpias(documento)
    try:
        return _componer(datos, b"", norma=PARA_ARCHIVAR)
    except NoSeImprimio:
        return _componer(datos | {"pie": SIN_NORMA}, b"")


def _componer(datos: Any, logo: bytes, norma: str = "") -> bytes:
    import typst  # 80 MB that a process which prints nothing does not need

    edicion = int(datos.get("edicion", EDICION))
    try:
        hecho = typst.compile(
            str(RAIZ / f"{datos.get('plantilla', 'documento')}_{edicion}.typ"),
            root=str(RAIZ),
            ignore_system_fonts=True,
            package_path=str(NADA),
            package_cache_path=str(NADA),
            sys_inputs={
                "datos": json.dumps(datos, ensure_ascii=False),
                "logo": json.dumps(list(logo)),
            },
            timestamp=0,
            pdf_standards=[norma] if norma else [],
        )
    except Exception as error:
        log.error("typst no hizo el PDF de %s: %s", datos.get("referencia"), str(error)[:500])
        raise NoSeImprimio from error
    except BaseException as error:
        # A panic of the compiler is no ``Exception``; whatever else is, is not ours to stop.
        if type(error).__name__ != "PanicException":
            raise
        log.error("typst se cayó con %s: %s", datos.get("referencia"), str(error)[:500])
        raise NoSeImprimio from error
    return bytes(hecho)


def _limpias(valor: Any) -> Any:
    """No control characters and nothing that turns the direction of writing, wherever it came from."""
    if isinstance(valor, str):
        return limpio(valor)
    if isinstance(valor, Mapping):
        return {k: _limpias(v) for k, v in valor.items()}
    if isinstance(valor, list | tuple):
        return [_limpias(v) for v in valor]
    return valor
