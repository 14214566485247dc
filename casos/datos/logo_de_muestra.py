"""The logo of the demonstration's firm, drawn dot by dot: three bars that rise, in a disc. It is nobody's."""

import struct
import zlib

LADO = 112
FONDO, FIGURA, NADA = (38, 71, 143, 255), (255, 255, 255, 255), (0, 0, 0, 0)
BARRAS = ((32, 62), (50, 46), (68, 30))  # left side and top of each
ANCHO, BASE = 12, 82


def dibujar() -> bytes:
    """A PNG."""
    filas = b"".join(
        b"\0" + b"".join(bytes(_punto(x, y)) for x in range(LADO)) for y in range(LADO)
    )
    cabeza = struct.pack(">IIBBBBB", LADO, LADO, 8, 6, 0, 0, 0)
    trozos = ((b"IHDR", cabeza), (b"IDAT", zlib.compress(filas, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_trozo(*t) for t in trozos)


def _punto(x: int, y: int) -> tuple[int, ...]:
    if any(a <= x < a + ANCHO and arriba <= y < BASE for a, arriba in BARRAS):
        return FIGURA
    lejos = ((x - LADO / 2 + 0.5) ** 2 + (y - LADO / 2 + 0.5) ** 2) ** 0.5
    dentro = min(max(LADO / 2 - lejos, 0), 1)  # the rim is soft
    return (*FONDO[:3], round(255 * dentro)) if dentro else NADA


def _trozo(nombre: bytes, cuerpo: bytes) -> bytes:
    suma = zlib.crc32(nombre + cuerpo)
    return struct.pack(">I", len(cuerpo)) + nombre + cuerpo + struct.pack(">I", suma)
