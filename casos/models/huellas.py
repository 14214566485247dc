"""One text for one value and one digest for one list of texts: what every chain here is made of."""

import json
import secrets
from functools import cache
from hashlib import sha256


def canonico(valor) -> str:
    """One text for one value, whatever database it comes from."""
    return json.dumps(valor, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digerir_canonicos(dominio: str, *textos: str, version: int) -> str:
    """SHA-256 of a version byte, a domain and each text with its length before it.

    No two different lists of texts are the same bytes, and no digest of one domain is one of another.
    """
    *primeros, ultimo = textos
    return digerir_tras(antes_de(dominio, *primeros, version=version), ultimo)


def antes_de(dominio: str, *textos: str, version: int) -> bytes:
    """What ``digerir_canonicos`` digests before the last text, for who digests many with the same ones before."""
    antes = _de_dominio(dominio, version)
    for texto in textos:
        crudo = texto.encode()
        antes += len(crudo).to_bytes(8, "big") + crudo
    return antes


def digerir_tras(antes: bytes, texto: str) -> str:
    crudo = texto.encode()
    return sha256(antes + len(crudo).to_bytes(8, "big") + crudo).hexdigest()


@cache
def _de_dominio(dominio: str, version: int) -> bytes:
    crudo = f"seguimiento:{dominio}".encode()
    return bytes([version]) + len(crudo).to_bytes(8, "big") + crudo


def nueva_sal() -> str:
    """Of the digests of one case's rows."""
    return secrets.token_hex(16)
