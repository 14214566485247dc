"""A package of Office is gone through before anything opens it: what it says of itself is not believed."""

import io
import struct
import time
import tracemalloc
import zipfile
from functools import cache
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from casos import paquetes
from casos.paquetes import PaqueteRechazado

HOJA = "xl/worksheets/sheet1.xml"
MEGA = 1024 * 1024


def empacar(partes, metodo=ZIP_DEFLATED) -> bytes:
    salida = io.BytesIO()
    with ZipFile(salida, "w", metodo) as z:
        for nombre, contenido in partes.items():
            z.writestr(nombre, contenido)
    return salida.getvalue()


@cache
def libro(filas=3) -> bytes:
    wb = Workbook()
    for n in range(filas):
        wb.active.append([f"Cliente {n}", n])
    salida = io.BytesIO()
    wb.save(salida)
    return salida.getvalue()


def con(partes, metodo=ZIP_DEFLATED) -> bytes:
    """A real workbook with some of its parts changed, or others beside them."""
    salida = io.BytesIO()
    with ZipFile(io.BytesIO(libro())) as de, ZipFile(salida, "w", metodo) as z:
        for parte in de.namelist():
            if parte not in partes:
                z.writestr(parte, de.read(parte))
        for nombre, contenido in partes.items():
            z.writestr(nombre, contenido)
    return salida.getvalue()


def rechazado(contenido, limites=paquetes.LIBRO) -> str:
    with pytest.raises(PaqueteRechazado) as error:
        paquetes.revisar(io.BytesIO(contenido), limites)
    return str(error.value)


def medido(hacer) -> tuple[float, float]:
    """Seconds of CPU and peak megabytes of what ``hacer`` allocates."""
    tracemalloc.start()
    antes = time.process_time()
    try:
        hacer()
    finally:
        segundos, pico = time.process_time() - antes, tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return segundos, pico / MEGA


def test_un_libro_se_revisa_y_se_lee():
    archivo = io.BytesIO(libro())
    paquetes.revisar(archivo)
    assert archivo.tell() == 0
    assert load_workbook(archivo).active["A1"].value == "Cliente 0"
    with paquetes.abrir(archivo) as paquete:
        assert HOJA in paquete.nombres
        assert b"<worksheet" in paquete.leer("xl/worksheets/sheet1.xml")


ENTIDADES = '<!DOCTYPE x [<!ENTITY a "ja">]><x>&a;</x>'
DOCTYPES = {
    "tal cual": ENTIDADES.encode(),
    "minúsculas": b"<!doctype x><x/>",
    "mezcladas": b"<!DocType x><x/>",
    "con declaración": b'<?xml version="1.0" encoding="UTF-8"?>\n' + ENTIDADES.encode(),
    "con marca de orden": b"\xef\xbb\xbf" + ENTIDADES.encode(),
    "UTF-16": ENTIDADES.encode("utf-16"),
    "UTF-16 sin marca": ENTIDADES.encode("utf-16-be"),
    "UTF-16 LE sin marca": ENTIDADES.encode("utf-16-le"),
    "UTF-32": ENTIDADES.encode("utf-32"),
    "tras blancos": b" \n" * 100_000 + ENTIDADES.encode(),
    "tras un comentario": b"<!--" + b"x" * 100_000 + b"-->" + ENTIDADES.encode(),
    "partido entre dos trozos": b"<!--"
    + b"x" * (paquetes.TROZO - 12)
    + b"-->"
    + ENTIDADES.encode(),
    "solo ENTITY": b"<x/><!ENTITY a 'b'>",
    "UTF-7": b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x><x/>',
    "EBCDIC": b'<?xml version="1.0" encoding="cp037"?>' + ENTIDADES.encode("cp037"),
}


@pytest.mark.parametrize("como", DOCTYPES)
@pytest.mark.parametrize(
    "parte", [HOJA, "xl/sharedStrings.xml", "docProps/app.xml", "cualquiera.bin", "_rels/.rels"]
)
def test_ninguna_parte_lleva_definiciones(como, parte):
    dice = rechazado(con({parte: DOCTYPES[como]}))
    assert dice in (paquetes.CON_DEFINICIONES, paquetes.OTRA_ESCRITURA)


def test_lo_que_se_escribe_en_una_celda_no_es_una_definicion():
    wb = Workbook()
    wb.active.append(["<!DOCTYPE html> & <!ENTITY"])
    salida = io.BytesIO()
    wb.save(salida)
    paquetes.revisar(salida)


def test_una_imagen_puede_llevar_lo_que_sea():
    paquetes.revisar(
        io.BytesIO(con({"xl/media/image1.png": b"\x89PNG\r\n\x1a\n <!DOCTYPE" + b"<" * 900_000}))
    )


def miente_de_su_tamano(contenido: bytes, nombre: str, dice: int, suma: int | None = None) -> bytes:
    """The same package, whose index (and local header) gives a part another size."""
    crudo = bytearray(contenido)
    with ZipFile(io.BytesIO(contenido)) as z:
        info = z.getinfo(nombre)
        donde = crudo.index(b"PK\x01\x02")
        while crudo[donde + 46 : donde + 46 + len(nombre)] != nombre.encode():
            donde = crudo.index(b"PK\x01\x02", donde + 4)
    for inicio, campo in ((donde, 16), (info.header_offset, 14)):
        if suma is not None:
            struct.pack_into("<L", crudo, inicio + campo, suma)
        struct.pack_into("<L", crudo, inicio + campo + 8, dice)
    return bytes(crudo)


def test_un_encabezado_que_miente_no_esconde_la_bomba():
    grande = b"<x>" + b"a" * (60 * MEGA)
    inicio = grande[:100]
    bomba = miente_de_su_tamano(con({HOJA: grande}), HOJA, 100, zipfile.crc32(inicio))
    with ZipFile(io.BytesIO(bomba)) as z:
        assert z.read(HOJA) == inicio  # what another program may be made to believe
    assert rechazado(bomba) == paquetes.DEMASIADO_GRANDE


@pytest.mark.parametrize("dice", [0, 5, 2**31])
def test_un_tamano_que_no_es_esta_danado(dice):
    assert rechazado(miente_de_su_tamano(libro(), HOJA, dice)) == paquetes.DANADO


BOMBAS = {
    "una parte": lambda: con({HOJA: b"<x>" + b" " * (80 * MEGA)}),
    "entre muchas": lambda: con({f"xl/media/{n}.png": b"x" * MEGA for n in range(60)}),
    "muchas partes": lambda: con({f"xl/worksheets/s{n}.xml": b"<x/>" for n in range(2_500)}),
    "muchísimas partes": lambda: empacar({f"{n}": b"" for n in range(60_000)}, ZIP_STORED),
    "muchas marcas": lambda: con({HOJA: b"<c/>" * 1_000_000}),
    "marcas en los estilos": lambda: con({"xl/styles.xml": b"<xf/>" * 120_000}),
    "marcas en UTF-16": lambda: con({HOJA: ("<c/>" * 900_000).encode("utf-16")}),
    "muy honda": lambda: con({HOJA: b"<a>" * 50_000 + b"</a>" * 50_000}),
    "una marca sin fin": lambda: con({HOJA: b"<x a='" + b">" * (15 * MEGA)}),
    "un comentario sin fin": lambda: con({HOJA: b"<x><!--" + b"<->" * (5 * MEGA)}),
    "textos compartidos": lambda: con({"xl/sharedStrings.xml": b"<sst><si><t>" + b"a" * (40 * MEGA)}),
}  # fmt: skip


@pytest.mark.parametrize("cual", BOMBAS)
def test_una_bomba_no_pesa_ni_tarda(cual):
    bomba = BOMBAS[cual]()
    assert len(bomba) < 10 * MEGA
    segundos, megas = medido(lambda: rechazado(bomba))
    assert megas < 16, megas
    assert segundos < 5, segundos


def test_un_documento_cabe_donde_un_libro_que_se_lee_no():
    grande = con({HOJA: b"<x>" + b" " * (40 * MEGA)})
    assert rechazado(grande) == paquetes.DEMASIADO_GRANDE
    paquetes.revisar(io.BytesIO(grande), paquetes.DOCUMENTO)
    assert rechazado(con({HOJA: b"<x>" + b" " * (210 * MEGA)}), paquetes.DOCUMENTO)


def test_lo_que_va_dentro_de_otro_no_se_abre():
    """A package that holds itself, or bombs in bombs, is only what it weighs one layer down."""
    dentro = con({HOJA: b" " * (19 * MEGA)})
    for _ in range(5):
        dentro = con({"xl/embeddings/libro.xlsx": dentro})
    segundos, megas = medido(lambda: paquetes.revisar(io.BytesIO(dentro)))
    assert (segundos < 2, megas < 16) == (True, True)


def traslapado(copias=1_500) -> bytes:
    """Every line of the index is the same megabytes of zeros: 46 bytes a bomb."""
    crudo = empacar({"xl/worksheets/0000.xml": b" " * (5 * MEGA)})
    indice = crudo.index(b"PK\x01\x02")
    fin = crudo.index(b"PK\x05\x06")
    renglon = crudo[indice:fin]
    indices = b"".join(renglon.replace(b"0000", f"{n:04}".encode()) for n in range(copias))
    cierre = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, copias, copias, len(indices), indice, 0
    )  # fmt: skip
    return crudo[:indice] + indices + cierre


def test_muchos_renglones_sobre_los_mismos_bytes():
    segundos, megas = medido(lambda: rechazado(traslapado(), paquetes.DOCUMENTO))
    assert (segundos < 5, megas < 16) == (True, True)


@pytest.mark.parametrize("metodo", [ZIP_BZIP2, ZIP_LZMA])
def test_solo_se_desempaca_lo_que_office_empaca(metodo):
    """A block of the others unpacks whole: 45 bytes are a megabyte."""
    assert rechazado(con({HOJA: b" " * (30 * MEGA)}, metodo)) == paquetes.OTRA_ESCRITURA


@pytest.mark.parametrize("otro", [HOJA.upper(), HOJA.replace("/", "\\"), "/" + HOJA, "xl/worksheets/sheet%31.xml"])  # fmt: skip
def test_dos_partes_no_se_llaman_igual(otro):
    assert rechazado(empacar({HOJA: b"<a/>", otro: b"<b/>"})) == paquetes.DANADO


def test_una_parte_cifrada_lo_dice():
    crudo = bytearray(libro())
    indice = crudo.index(b"PK\x01\x02")
    crudo[indice + 8] |= 1
    assert rechazado(bytes(crudo)) == paquetes.CON_CONTRASENA


@settings(max_examples=200, deadline=None)
@given(datos=st.data())
def test_lo_danado_se_rechaza_o_se_lee(datos):
    """Cut, turned or overwritten anywhere: accepted or refused with a sentence, nothing else."""
    crudo = bytearray(libro())
    for _ in range(datos.draw(st.integers(1, 4))):
        donde = datos.draw(st.integers(0, len(crudo) - 1))
        crudo[donde : donde + datos.draw(st.integers(0, 4))] = datos.draw(st.binary(max_size=6))
    crudo = crudo[: datos.draw(st.integers(len(crudo) // 2, len(crudo)))]
    try:
        paquetes.revisar(io.BytesIO(bytes(crudo)))
    except PaqueteRechazado as error:
        assert str(error).endswith(".")


@pytest.mark.parametrize(
    "crudo", [b"", b"PK", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"<html>"]
)
def test_lo_que_no_es_un_paquete(crudo):
    if crudo.startswith(b"PK\x05"):
        paquetes.revisar(io.BytesIO(crudo))  # an empty one: nothing in it is hostile
    else:
        assert rechazado(crudo) == paquetes.DANADO
