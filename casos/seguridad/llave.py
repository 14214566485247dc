"""The key that signs the seals: Ed25519, in a file of its own outside the database and its backup.

Whoever can write every table cannot sign. Made on first use, 0600; of two at once, one wins.
"""

import hashlib
import os
import threading
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

DOMINIO = b"seguimiento:firma-de-sello:1:"


class LlaveIlegible(Exception):
    """The file is there and is not a key: never replaced by another one unseen."""


def _privada() -> Ed25519PrivateKey:
    archivo = Path(settings.LLAVE_DE_SELLOS)
    if not archivo.exists():
        _generar(archivo)
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(archivo.read_text().strip()))
    except (ValueError, OSError) as error:
        raise LlaveIlegible(
            f"No se puede leer la llave de los sellos ({archivo}). Recupérala de su copia; sin ella no se sella."
        ) from error


def _generar(archivo: Path) -> None:
    archivo.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    propio = archivo.with_name(f"{archivo.name}.{os.getpid()}.{threading.get_ident()}")
    propio.touch(mode=0o600)
    propio.write_text(Ed25519PrivateKey.generate().private_bytes_raw().hex() + "\n")
    try:
        os.link(propio, archivo)
    except FileExistsError:
        pass
    finally:
        propio.unlink()


def publica() -> str:
    """The public half, in hex. Raises ``LlaveIlegible``."""
    return _privada().public_key().public_bytes_raw().hex()


def publica_si_hay() -> str:
    """The same, without making one; empty where there is none, or it cannot be read."""
    if not Path(settings.LLAVE_DE_SELLOS).exists():
        return ""
    try:
        return publica()
    except LlaveIlegible:
        return ""


def firmar(huella: str) -> str:
    return _privada().sign(DOMINIO + huella.encode()).hex()


def es_su_firma(llave: str, huella: str, firma: str) -> bool:
    try:
        suya = Ed25519PublicKey.from_public_bytes(bytes.fromhex(llave))
        suya.verify(bytes.fromhex(firma), DOMINIO + huella.encode())
    except (ValueError, InvalidSignature):
        return False
    return True


def corta(llave: str) -> str:
    """The fingerprint of a public key, as a person compares it: SHA-256, the first 20 digits in fours."""
    suma = hashlib.sha256(bytes.fromhex(llave)).hexdigest()
    return " ".join(suma[i : i + 4] for i in range(0, 20, 4))
