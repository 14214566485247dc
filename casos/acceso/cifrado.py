"""The seeds of the second factor, encrypted where they are kept, by a key that comes from ``SECRET_KEY``.

What the keys of before wrote (``SECRET_KEY_FALLBACKS``), or an earlier version wrote in clear, is read, and
written anew by ``recifrar`` with each ``preparar``.
"""

import base64
import hashlib

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

MARCA = "cifrado:"  # no seed of allauth's has a colon
SEMILLAS = ("secret", "seed")  # of the application, of the recovery codes
ILEGIBLE = (
    "No podemos leer tu segundo factor. Pide a quien administra el sistema que te lo quite; "
    "después entras con tu contraseña y activas otro."
)


class SemillaIlegible(ValidationError):
    """Nobody has the key that it was written with; a form says so beside its field."""

    def __init__(self) -> None:
        super().__init__(ILEGIBLE, code="semilla_ilegible")


def cifrar(texto: str) -> str:
    return MARCA + _llaves().encrypt(texto.encode()).decode()


def descifrar(guardado: str) -> str:
    """Raises ``SemillaIlegible``."""
    if not guardado.startswith(MARCA):
        return guardado
    try:
        return _llaves().decrypt(guardado.removeprefix(MARCA).encode()).decode()
    except InvalidToken:
        raise SemillaIlegible from None


def recifrar(using: str = "default") -> tuple[int, list[int]]:
    """What is in clear or by a key of before, by today's; how many, and whose cannot be read."""
    hechas, ilegibles = 0, []
    with transaction.atomic(using=using):
        filas = Authenticator.objects.using(using).select_for_update()
        for fila in filas.order_by("pk"):
            for campo in SEMILLAS:
                guardado = fila.data.get(campo)
                if guardado is None or _es_de_hoy(guardado):
                    continue
                try:
                    fila.data[campo] = cifrar(descifrar(guardado))
                except SemillaIlegible:
                    ilegibles.append(fila.user_id)
                    continue
                fila.save(using=using, update_fields=["data"])
                hechas += 1
    return hechas, ilegibles


def _es_de_hoy(guardado: str) -> bool:
    try:
        _llave(settings.SECRET_KEY).decrypt(guardado.removeprefix(MARCA).encode())
    except InvalidToken:
        return False
    return guardado.startswith(MARCA)


def _llaves() -> MultiFernet:
    return MultiFernet([_llave(c) for c in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _llave(clave: str) -> Fernet:
    """Of its own for this use: what else is signed with the same secret tells nothing of it."""
    derivada = hashlib.blake2b(clave.encode(), digest_size=32, person=b"semillas de 2fa").digest()
    return Fernet(base64.urlsafe_b64encode(derivada))
