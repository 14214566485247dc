"""The place for a certificate that is bought from a third party over a seal's digest; none by default."""

from typing import NamedTuple, Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Certificado(NamedTuple):
    emisor: str
    huella: str  # the digest that it certifies, read from it
    contenido: bytes


class Certificador(Protocol):
    def certificar(self, huella: str) -> Certificado | None:
        """Have it certified. ``None``: nobody does."""

    def huella_de(self, contenido: bytes) -> str:
        """The digest that a stored certificate certifies, read from it; "" where it cannot be read."""


class Ninguno:
    def certificar(self, huella: str) -> Certificado | None:
        return None

    def huella_de(self, contenido: bytes) -> str:
        return ""


def certificador() -> Certificador:
    return import_string(settings.CERTIFICADOR)()
