"""Addresses as they are pasted: understood, or refused with an example; two are never cut to one."""

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from hypothesis import given
from hypothesis import strategies as st

from casos import direcciones

ANA = "ana@x.mx"
PEGADAS = [
    ANA, " ana@x.mx ", "Ana <ana@x.mx>", '"Ruiz, Ana" <ana@x.mx>', "Ruiz, Ana <ana@x.mx>", "<ana@x.mx>",
    "mailto:ana@x.mx", "MAILTO:ana@x.mx?subject=Hola%20Ana&cc=o@x.mx", "mailto:ana%40x.mx", "ana@x.mx;", "ana@x.mx,",
    "ana@x.mx.", "ana＠x.mx", "ana＠ｘ．ｍｘ", "ana@x.mx\u200b", "\u202aana@x.mx\u202c", "\ufeffana@x.mx", "ana @ x.mx",
    "ana@x.mx<mailto:ana@x.mx>", "ana@x.mx <mailto:ana@x.mx>", "[ana@x.mx](mailto:ana@x.mx)", "(ana@x.mx)",
    "'ana@x.mx'", "ana@x.mx (Ana)", "Correo: ana@x.mx", "E-mail: ana@x.mx", "ana@x.mx; ANA@X.MX", "ana@x.mx\r\n",
    "\xa0ana@x.mx\t", "Ana Ruiz <mailto:ana@x.mx>",
]  # fmt: skip
NO_SON = [
    "ana", "ana@", "@x.mx", "ana@x", "ana ruiz@x.mx", "ana@x .mx", "ana@x,mx", "ana@@x.mx", "josé@x.mx", "Ana <ana>",
    "ana@x..mx", "ana@x.mx ruiz", "<a>", "mailto:", "a" * 300 + "@x.mx", "x@" + "y" * 3000, "ana@x.mx>", "ana@x.mx\nBcc: o",
]  # fmt: skip


@pytest.mark.parametrize("pegada", PEGADAS)
def test_una_direccion_pegada_se_entiende(pegada):
    assert direcciones.leer(pegada) == ANA


@pytest.mark.parametrize("pegada", NO_SON)
def test_lo_que_no_es_una_direccion_se_rechaza_con_un_ejemplo(pegada):
    with pytest.raises(ValidationError, match="ana@empresa.com.mx"):
        direcciones.leer(pegada)


@pytest.mark.parametrize("nada", ["", " ", "-", "N/A", "\u200b"])
def test_lo_que_no_dice_nada_queda_vacio(nada):
    assert direcciones.leer(nada) == ""


@pytest.mark.parametrize(
    "dos",
    ["ana@x.mx, o@x.mx", "ana@x.mx; o@x.mx", "ana@x.mx o@x.mx", "ana@x.mx\no@x.mx", "Ana <ana@x.mx>, O <o@x.mx>",
     "ana@x.mx / o@x.mx", "ana@x.mx y o@x.mx", "O <ana@x.mx>; o@x.mx;"],
)  # fmt: skip
def test_donde_va_una_dos_se_dicen_y_donde_van_varias_se_leen(dos):
    with pytest.raises(ValidationError, match="Hay 2 correos y aquí se guarda uno"):
        direcciones.leer(dos)
    varias = direcciones.leer_varias(dos)
    assert varias == [ANA, "o@x.mx"]
    assert direcciones.partir(direcciones.juntar(varias)) == varias


@given(
    st.text(
        st.sampled_from("ana@x.mx<>,;:\"'()[] \n\t\r\0＠\u200bmailto?%40") | st.characters(),
        max_size=40,
    )
)
def test_lo_que_sea_se_guarda_bien_o_se_rechaza(pegada):
    try:
        queda = direcciones.leer_varias(pegada)
    except ValidationError as error:
        assert error.messages[0].endswith(".")
    else:
        for direccion in queda:
            validate_email(direccion)
        assert direcciones.leer_varias(direcciones.juntar(queda)) == queda
