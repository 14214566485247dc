"""One text for one value and one digest for one list of texts: what every chain here is made of."""

import hashlib
import json
import secrets


def canonico(valor) -> str:
    """One text for one value, whatever database it comes from."""
    return json.dumps(valor, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digerir_canonicos(dominio: str, *textos: str, version: int) -> str:
    """SHA-256 of a version byte, a domain and each text with its length before it.

    No two different lists of texts are the same bytes, and no digest of one domain is one of another.
    """
    trozos = [bytes([version])]
    for texto in (f"seguimiento:{dominio}", *textos):
        crudo = texto.encode()
        trozos += (len(crudo).to_bytes(8, "big"), crudo)
    return hashlib.sha256(b"".join(trozos)).hexdigest()


def nueva_sal() -> str:
    """Of the digests of one case's rows."""
    return secrets.token_hex(16)
