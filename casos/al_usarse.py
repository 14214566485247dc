"""A library that few requests need: imported by the first that does, not by every process that starts."""

from importlib import import_module
from typing import Any


class AlUsarse:
    """``openpyxl = AlUsarse("openpyxl")``: what is asked of it is the module's."""

    def __init__(self, nombre: str):
        self._nombre = nombre

    def __getattr__(self, que: str) -> Any:
        return getattr(import_module(self._nombre), que)
