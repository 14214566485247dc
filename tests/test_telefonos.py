"""Telephones as people in Mexico write, copy and dictate them: read to one form, or refused with an example."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from casos import telefonos

MOVIL, OFICINA, OTRO = "+525512345678", "+528183452210", "+12107365000"
ESCRITOS = {
    MOVIL: [
        "5512345678", "55 1234 5678", "55-1234-5678", "(55) 1234-5678", "55.1234.5678", "55–1234—5678",
        "55 12 34 56 78", "(55)12345678", "55/1234 5678", "+52 55 1234 5678", "+52 1 55 1234 5678",
        "+5215512345678", "52 1 55 1234 5678", "5215512345678", "525512345678", "(+52) 55 1234 5678",
        "+52 (55) 1234 5678", "+52 (1) 55 1234 5678", "0052 55 1234 5678", "011 52 55 1234 5678",
        "01 55 1234 5678", "01 (55) 1234-5678", "044 55 1234 5678", "045 55 1234 5678",
        "+52 044 55 1234 5678", "+52 01 55 1234 5678", "+52 52 55 1234 5678", "５５ １２３４ ５６７８",
        "٥٥ ١٢٣٤ ٥٦٧٨", "\u202a+52\xa01\xa055\xa01234\xa05678\u202c", "\u200e55 1234\u200b5678",
        "tel:+525512345678", "tel:5512345678", "tel://5512345678", "https://wa.me/5215512345678",
        "wa.me/5215512345678?text=Hola%20Ana", "https://api.whatsapp.com/send?phone=5215512345678&text=hola",
        "whatsapp://send?phone=+5215512345678", "cel. 55 1234 5678", "Cel: 5512345678", "Tel/Fax 55 1234 5678",
        "Teléfono: (55) 1234 5678", "TEL. 55 1234 5678.", "Tel 1: 55 1234 5678", "WhatsApp 55 1234 5678",
        "M: 55 1234 5678", "5512345678.0", "'5512345678", "55 1234 5678 (oficina)", "Lada (55) 1234 5678",
        "☎ 55 1234 5678", "5512345678 / 55 1234 5678", "<5512345678>", "*55 1234 5678*", "WA 5512345678", "(01-55) 1234-5678", "55 1234 5678,",
    ],
    f"{MOVIL};ext=1234": [
        "55 1234 5678 ext. 1234", "Tel:5512345678Ext:1234", "5512345678ext1234", "55 1234-5678 Ext 1234", "5512345678x1234", "55 1234 5678 X 1234",
        "55 1234 5678 extensión 1234", "55 1234 5678 EXTENSIÓN: 1234", "55 1234 5678 #1234", "55 1234 5678 (ext. 1234)",
        "55 1234 5678, ext. 1234", "55 1234 5678; ext 1234", "+52 1 55 1234 5678;ext=1234", "5512345678,1234",
        "55 1234 5678\next. 1234", "Conmutador 55 1234 5678 ext.1234", "55 1234 5678 oficina ext. 1234",
        "tel:+52-55-1234-5678;ext=1234",
    ],
    f"{MOVIL};ext=12": ["55 1234 5678 ext 12", "5512345678#12"],
    f"{MOVIL};ext=012345": ["55 1234 5678 ext. 012345"],
    f"{MOVIL};ext=123,{MOVIL};ext=124": ["55 1234 5678 ext. 123 y 124", "55 1234 5678 exts. 123/124"],
    f"{MOVIL},{OFICINA}": [
        "55 1234 5678 / 81 8345 2210", "5512345678, 8183452210", "5512345678,8183452210", "55 1234 5678;81 8345 2210",
        "55 1234 5678 y 81 8345 2210", "55 1234 5678 o 81 8345 2210", "55 1234 5678 y/o 81 8345 2210",
        "5512345678\n8183452210", "5512345678\r\n8183452210", "55 1234 5678 81 8345 2210", "5512345678 8183452210",
        "Cel. 55 1234 5678 Tel. 81 8345 2210", "1) 55 1234 5678 2) 81 8345 2210", "+525512345678+528183452210",
        "55 1234 5678 | 81 8345 2210", "55 1234 5678 - 81 8345 2210", "tel/cel: 5512345678/8183452210",
    ],
    f"{MOVIL};ext=1234,{OFICINA}": ["55 1234 5678 ext. 1234 / 81 8345 2210", f"{MOVIL};ext=1234,{OFICINA}"],
    f"{MOVIL},{OFICINA},{OTRO}": ["55 1234 5678 / 81 8345 2210 / +1 210 736 5000"],
    OTRO: ["+1 210 736 5000", "+1 (210) 736-5000", "001 210 736 5000", "00 1 210 736 5000", "011 1 210 736 5000"],
    "+442079460958": ["+44 (0)20 7946 0958", "+44 20 7946 0958"],
    "+34600000001": ["+34 600 000 001"],
    "+528001234567": ["01 800 123 4567", "800 123 4567"],
    "": ["", "  ", "-", "N/A", "s/n", "\u200b", ".", "+", "()"],
}  # fmt: skip
REFUSADOS = [
    "0000000000", "1234567890", "9999999999", "551234567", "55 1234 567", "5512345", "12345678901", "15512345678",
    "+52 55 1234 567", "+52 0000000000", "+1 000 000 0000", "+1 123 456 7890", "+999 123 456 789", "abc", "55 1234 ABCD",
    "Juan 55 1234 5678", "55 1234 5678 ext. 1234567", "55 1234 5678 ext", "5512345678 / 79", "55123456788183452210",
    "ext. 1234", "0", "1", "911", "*123#", "34 91 123 45 67", "210 736 5000", "5512345678e9", "½", "no tiene",
    "55 1234 5678 / 81 8345 2210 / 33 3615 7742 / 22 2285 7730", "https://wa.me/message/ABC", "1" * 400, "x" * 400,
    "55 1234 5678 opción 2", "2026-11-28 10:30", "ana@x.mx",
]  # fmt: skip
RAROS = st.text(
    st.sampled_from("0123456789+-().,;/# xext=yo\n\t\xa0\u200b\u202e５٥–☎:{}") | st.characters(),
    max_size=60,
)


@pytest.mark.parametrize(
    ("escrito", "queda"), [(e, queda) for queda, todos in ESCRITOS.items() for e in todos]
)
def test_se_lee_como_la_gente_lo_escribe(escrito, queda):
    assert telefonos.leer(escrito) == queda
    assert telefonos.leer(queda) == queda == telefonos.leer(telefonos.mostrar(queda))
    assert len(queda) <= telefonos.LARGO


@pytest.mark.parametrize("escrito", REFUSADOS)
def test_lo_que_no_puede_ser_un_telefono_se_rechaza_con_un_ejemplo(escrito):
    with pytest.raises(ValidationError) as error:
        telefonos.leer(escrito)
    assert any(s in error.value.message for s in (telefonos.EJEMPLO, "+52", "hasta 3"))


def test_se_muestra_como_se_marca_en_mexico_y_el_enlace_lleva_la_extension():
    guardado = f"{MOVIL};ext=1234,{OFICINA},{OTRO}"
    assert telefonos.mostrar(guardado) == "55 1234 5678 ext. 1234 / 81 8345 2210 / +1 210-736-5000"
    assert telefonos.enlaces(guardado)[0] == ("55 1234 5678 ext. 1234", f"tel:{MOVIL};ext=1234")
    assert telefonos.mostrar("ext de Ana") == "ext de Ana"
    assert telefonos.enlaces("ext de Ana") == [("ext de Ana", "")]
    assert telefonos.mostrar("") == "" and telefonos.enlaces("") == []


def test_una_lada_que_la_biblioteca_no_conoce_no_se_rechaza():
    """New ranges come before the library's list of them."""
    assert telefonos.leer("+52 210 736 5000") == "+522107365000"
    assert telefonos.leer("590 123 4567") == "+525901234567"


@given(RAROS)
def test_lo_que_sea_se_guarda_bien_o_se_rechaza(escrito):
    try:
        queda = telefonos.leer(escrito)
    except ValidationError as error:
        assert error.messages[0].endswith(".")
    else:
        assert queda == "" or telefonos.es_guardado(queda)
        assert len(queda) <= telefonos.LARGO
        assert telefonos.leer(queda) == queda == telefonos.leer(telefonos.mostrar(queda))


@given(
    st.integers(2_200_000_000, 9_899_999_999).filter(lambda n: len(set(str(n))) > 1),
    st.sampled_from(["", "+52 ", "+52 1 ", "01 ", "044 ", "tel. ", "wa.me/521", "52"]),
    st.sampled_from(["", " ext. {}", " x{}", "#{}", ", extensión {}"]),
    st.integers(10, 999_999),
)
def test_un_numero_de_mexico_se_guarda_con_sus_cifras(numero, antes, despues, extension):
    cifras = str(numero)
    try:
        queda = telefonos.leer(f"{antes}{cifras}{despues.format(extension)}")
    except ValidationError as error:
        assert "+52" in error.messages[0] and antes in ("", "tel. ")
        return
    assert queda == f"+52{cifras}" + (f";ext={extension}" if despues else "")
