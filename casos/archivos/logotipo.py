"""How large the picture of a logo is, by its own bytes: what every mail of the firm to a client carries.

The picture is not drawn here: only what holds it together is gone through, so that half a file is told.
Of a PNG the points are counted too, no further than its size: neither noise nor a bomb is one.
"""

from __future__ import annotations

import struct
import zlib

from .tipos import JPEG, PNG, WEBP, ArchivoRechazado, Tipo

ACEPTADOS = (PNG, JPEG, WEBP)
EN_EL_CAMPO = ",".join(e for t in ACEPTADOS for e in (t.extension, *t.otras))
PESO_MAXIMO = 300 * 1024
LADO_MINIMO, LADO_MAXIMO = 16, 2000
AYUDA = f"PNG, JPG o WebP, hasta 300\u00a0KB y {LADO_MAXIMO:,} puntos por lado. PNG y JPG se ven en cualquier correo."
NO_SE_ACEPTA = "El logotipo debe ser una imagen PNG, JPG o WebP."
PESA_MUCHO = "El logotipo pesa más de 300 KB: guárdalo más chico, cada correo al cliente lo lleva."
DANADO = "La imagen está dañada: ábrela, guárdala de nuevo y vuelve a subirla."
SE_MUEVE = "El logotipo no puede ser una animación: sube una imagen fija."
TAMANO = "El logotipo debe medir entre {} y {:,} puntos por lado: mide {:,} × {:,}."
CANALES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # of each kind of colour of a PNG
PASADAS = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
DE_UNA_VEZ = 64 * 1024


def medir(crudo: bytes, tipo: Tipo) -> tuple[int, int]:
    """Width and height. Raises ``ArchivoRechazado`` for what is no whole picture, or too small or large a one."""
    if tipo not in ACEPTADOS:
        raise ArchivoRechazado(NO_SE_ACEPTA)
    if len(crudo) > PESO_MAXIMO:
        raise ArchivoRechazado(PESA_MUCHO)
    leer = {PNG: _de_png, JPEG: _de_jpeg, WEBP: _de_webp}[tipo]
    try:
        ancho, alto = leer(crudo)
    except (struct.error, IndexError, ValueError, zlib.error):
        raise ArchivoRechazado(DANADO) from None
    if not _cabe(ancho, alto):
        raise ArchivoRechazado(TAMANO.format(LADO_MINIMO, LADO_MAXIMO, ancho, alto))
    return ancho, alto


def _cabe(ancho: int, alto: int) -> bool:
    return min(ancho, alto) >= LADO_MINIMO and max(ancho, alto) <= LADO_MAXIMO


def _de_png(crudo: bytes) -> tuple[int, int]:
    """Each piece with its own sum, from the head to the end; nothing after it."""
    donde, cabeza, datos = 8, b"", b""
    while True:
        largo, nombre = struct.unpack_from(">I4s", crudo, donde)
        cuerpo = crudo[donde + 8 : donde + 8 + largo]
        (suma,) = struct.unpack_from(">I", crudo, donde + 8 + largo)
        if suma != zlib.crc32(nombre + cuerpo):
            raise ValueError
        if donde == 8:
            if nombre != b"IHDR":
                raise ValueError
            cabeza = cuerpo
        if nombre in (b"acTL", b"fcTL", b"fdAT"):
            raise ArchivoRechazado(SE_MUEVE)
        if nombre == b"IDAT":
            datos += cuerpo
        donde += 12 + largo
        if nombre == b"IEND":
            ancho, alto = struct.unpack_from(">II", cabeza)
            if donde != len(crudo) or not datos:
                raise ValueError
            if _cabe(ancho, alto):
                _contar_puntos(datos, _bytes_de_png(cabeza))
            return ancho, alto


def _bytes_de_png(cabeza: bytes) -> int:
    """How many its points are once inflated: each line has one more, in each pass where it is interlaced."""
    ancho, alto, bits, color, *otros, pasadas = struct.unpack(">IIBBBBB", cabeza)
    canales = CANALES.get(color, 0)
    if not canales or bits not in (1, 2, 4, 8, 16) or any(otros) or pasadas > 1:
        raise ValueError
    total = 0
    for x, y, dx, dy in PASADAS if pasadas else ((0, 0, 1, 1),):
        columnas, renglones = -(-(ancho - x) // dx), -(-(alto - y) // dy)
        if columnas > 0 and renglones > 0:
            total += renglones * (1 + -(-columnas * canales * bits // 8))
    return total


def _contar_puntos(datos: bytes, cuantos: int) -> None:
    inflar, van = zlib.decompressobj(), 0
    while not inflar.eof:
        trozo = inflar.decompress(datos, DE_UNA_VEZ)
        van, datos = van + len(trozo), inflar.unconsumed_tail
        if van > cuantos or not (trozo or datos or inflar.eof):
            raise ValueError
    if van != cuantos:
        raise ValueError


def _de_jpeg(crudo: bytes) -> tuple[int, int]:
    if not crudo.rstrip(b"\0\r\n ").endswith(b"\xff\xd9"):
        raise ValueError
    donde = 2
    while True:
        while crudo[donde] == 0xFF and crudo[donde + 1] == 0xFF:
            donde += 1
        marca, que = crudo[donde], crudo[donde + 1]
        if marca != 0xFF or que in (0xD9, 0xDA):
            raise ValueError
        if 0xC0 <= que <= 0xCF and que not in (0xC4, 0xC8, 0xCC):
            alto, ancho = struct.unpack_from(">HH", crudo, donde + 5)
            return ancho, alto
        donde += 2 + struct.unpack_from(">H", crudo, donde + 2)[0]


def _de_webp(crudo: bytes) -> tuple[int, int]:
    (largo,) = struct.unpack_from("<I", crudo, 4)
    if len(crudo) not in (largo + 8, largo + 9):
        raise ValueError
    que = crudo[12:16]
    if que == b"VP8X":
        if crudo[20] & 0x02:
            raise ArchivoRechazado(SE_MUEVE)
        return _de_tres(crudo[24:27]) + 1, _de_tres(crudo[27:30]) + 1
    if que == b"VP8L" and crudo[20] == 0x2F:
        (juntas,) = struct.unpack_from("<I", crudo, 21)
        return (juntas & 0x3FFF) + 1, (juntas >> 14 & 0x3FFF) + 1
    if que == b"VP8 " and crudo[23:26] == b"\x9d\x01\x2a":
        ancho, alto = struct.unpack_from("<HH", crudo, 26)
        return ancho & 0x3FFF, alto & 0x3FFF
    raise ValueError


def _de_tres(crudo: bytes) -> int:
    if len(crudo) != 3:
        raise ValueError
    return int.from_bytes(crudo, "little")
