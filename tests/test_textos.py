"""A text is the same through every door: nothing invisible, nothing empty that looks full, one key of equality."""

import unicodedata

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from casos import textos
from casos.clientes import altas
from casos.formularios.campos import linea, texto
from casos.formularios.clientes import repetido
from casos.models import Cliente, Concepto, Contrato, Motivo, PersonaContacto
from casos.models.iguales import Igual, NombreUnico

TEXTOS = st.text(
    st.characters()
    | st.sampled_from(
        "\u202e\u2066\u200b\u200d\ufeff\u3164\u2800\x00\r\u2028\xa0é\u0301Ñ’–👩\ufe0f"
    )
)


@pytest.mark.parametrize(
    ("tecleado", "queda"),
    [
        ("Juan\u202eoinotnA", "JuanoinotnA"),
        ("\u3164", ""),
        ("\u2800 \u200b\ufeff", ""),
        ("\u0301", ""),
        ("a\x00b", "ab"),
        ("Pe\u0301rez", "Pérez"),
        ("uno\r\ndos\u2028tres", "uno\ndos\ntres"),
        ("  \xa0uno\u2003dos \n", "uno dos"),
        ("a\tb", "a\tb"),
        ("Dra. 👩\u200d⚕️ 👍🏽", "Dra. 👩\u200d⚕️ 👍🏽"),
        ("ni\u00adño", "niño"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_lo_que_se_guarda_es_lo_que_se_ve(tecleado, queda):
    assert textos.limpio(tecleado) == queda


@given(TEXTOS)
def test_lo_limpio_ya_no_cambia_y_no_lleva_nada_invisible(tecleado):
    una = textos.limpio(tecleado)
    assert textos.limpio(una) == una == unicodedata.normalize("NFC", una)
    assert not {"\u202e", "\u2066", "\ufeff", "\x00", "\r", "\u2028"} & set(una)
    assert una == "" or any(unicodedata.category(c)[0] in "LNPS" or c > "\ue000" for c in una)
    assert "\n" not in textos.en_un_renglon(tecleado)
    assert textos.igual(una) == textos.igual(tecleado)


@pytest.mark.parametrize(
    ("uno", "otro"),
    [
        ("Construcción Ñandú", "CONSTRUCCIÓN ÑANDÚ"),
        ("D’Angelo", "d'angelo"),
        ("Coca–Cola", "Coca-Cola"),
        ("OXXO", "ОХХО"),  # the second in Cyrillic
        ("ＯＸＸＯ", "oxxo"),
        ("Straße", "STRASSE"),
        ("Ana  López", "Ana\u200b López "),
        ("Jose\u0301", "José"),
    ],
)
def test_lo_que_se_ve_igual_es_igual(uno, otro):
    assert textos.igual(uno) == textos.igual(otro)


def test_lo_que_no_se_ve_igual_no_lo_es():
    distintos = ["A-1.2", "A-12", "A 12", "Lima", "Llama", "C+", "C", "1,5", "15"]
    assert len({textos.igual(t) for t in distintos}) == len(distintos)


@pytest.mark.parametrize(
    "nada", ["", "-", "--", ".", "_", "N/A", "n.a.", "NA", "s/n", "#N/A", "null", "¿?", "\u200b"]
)
def test_lo_que_no_dice_nada_no_es_dato(nada):
    assert not textos.es_dato(nada)


@pytest.mark.parametrize("algo", ["0", "A", "Nadia", "3-A", "12 %"])
def test_lo_que_dice_algo_es_dato(algo):
    assert textos.es_dato(algo)


def test_cada_formulario_lee_los_textos_asi_y_una_clave_no_se_toca():
    class Hoja(forms.Form):
        nombre = linea("Nombre", 10)
        plano = forms.CharField()
        detalle = texto("Detalle", 20)
        correo = forms.EmailField()
        clave = forms.CharField(strip=False, widget=forms.PasswordInput)

    escrito = {
        "nombre": "Ana\u202e\nLópez",
        "plano": "a\r\nb",
        "detalle": "uno\r\ndos\u200b",
        "correo": "ana@x.mx\u200b",
        "clave": " \u202eabc ",
    }
    hoja = Hoja(escrito)
    assert hoja.is_valid(), hoja.errors
    assert hoja.cleaned_data == {
        "nombre": "Ana López",
        "plano": "a b",
        "detalle": "uno\ndos",
        "correo": "ana@x.mx",
        "clave": " \u202eabc ",
    }
    assert Hoja(escrito | {"nombre": "\u3164"}).errors["nombre"]


def test_se_cuenta_como_cuenta_el_navegador():
    """A line end is one, an emoji two: what the box let somebody type is not refused, and no more is taken."""

    class Hoja(forms.Form):
        detalle = texto("Detalle", 10)

    assert Hoja({"detalle": "a\r\n" * 4 + "bb"}).is_valid()
    assert Hoja({"detalle": "👍" * 5}).is_valid()
    assert not Hoja({"detalle": "👍" * 6}).is_valid()


@pytest.mark.django_db
def test_los_nombres_se_comparan_por_una_columna(personas):
    cliente = altas.crear_cliente(razon_social="Construcción Ñandú")
    assert repetido("CONSTRUCCION  ÑANDÚ", "")
    altas.cambiar_cliente(cliente, razon_social="Otra Cosa")
    assert repetido("otra cosa", "") and not repetido("Construcción Ñandú", "")
    persona = altas.agregar_persona(cliente, nombre="José")
    altas.cambiar_persona(persona, nombre="María")
    assert PersonaContacto.objects.get(pk=persona.pk).nombre_igual == "maria"


@pytest.mark.django_db
def test_un_motivo_que_solo_cambia_de_letras_es_el_mismo():
    motivo = Motivo.objects.first()
    otro = Motivo(catalogo=motivo.catalogo, nombre=motivo.nombre.upper())
    with pytest.raises(ValidationError) as error:
        otro.full_clean()
    assert error.value.message_dict["nombre"] == ["Ya existe ese motivo en el catálogo."]


@pytest.mark.django_db
def test_cada_columna_de_igualdad_dice_lo_de_su_nombre(mundo):
    """Whatever wrote the row: seeds, pages, steps."""
    for modelo in (Cliente, Contrato, PersonaContacto, Motivo, Concepto):
        [columna] = [c for c in modelo._meta.concrete_fields if isinstance(c, Igual)]
        filas = modelo.objects.values_list(columna.de, columna.name)
        assert filas and all(textos.igual(nombre) == clave for nombre, clave in filas), modelo
    assert all(m.REPETIDO for m in NombreUnico.__subclasses__())


@pytest.mark.django_db
def test_dos_que_ya_se_parecian_se_siguen_pudiendo_cambiar(client, personas):
    """Told apart by an accent before (migration 0019): all but their names is changed as ever."""
    uno, otro = Motivo.objects.all()[:2]
    Motivo.objects.filter(pk=otro.pk).update(
        catalogo=uno.catalogo,
        nombre=uno.nombre.upper(),
        nombre_igual=f"{uno.nombre_igual} #{otro.pk}",
    )
    otro.refresh_from_db()
    otro.orden = 77
    otro.full_clean()
    otro.save()
    assert Motivo.objects.get(pk=otro.pk).nombre_igual == f"{uno.nombre_igual} #{otro.pk}"
    otro.nombre = uno.nombre
    with pytest.raises(ValidationError, match="Ya existe ese motivo"):
        otro.full_clean()
