"""What keeps the house in order: small files with names of their own, and nothing forgotten.

Each kind of thing that a new act may forget stops the program where it starts; here each is
forgotten once.
"""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from casos import actos, guardas
from casos.correo import reglas
from casos.flujo import TRANSICIONES
from casos.pasos import tabla
from casos.web import entorno_jinja

CASOS = Path(settings.BASE_DIR, "casos")
MODULOS = [p for p in CASOS.rglob("*.py") if "migrations" not in p.parts]
PLANTILLAS = [p for p in Path(settings.BASE_DIR, "templates").rglob("*") if p.is_file()]
# Their names are Django's.
DE_DJANGO = {"__init__.py", "apps.py"}


def test_ningun_modulo_pasa_de_400_lineas():
    largos = {p.name: len(p.read_text().splitlines()) for p in MODULOS}
    assert {nombre: n for nombre, n in largos.items() if n > 400} == {}


def test_ningun_renglon_de_plantilla_pasa_de_120_letras():
    largos = [
        (p.name, n)
        for p in PLANTILLAS
        for n, renglon in enumerate(p.read_text().splitlines(), 1)
        if len(renglon) > 120
    ]
    assert largos == []


def test_cada_modulo_tiene_un_nombre_para_el_solo():
    veces = Counter(p.name for p in MODULOS if p.name not in DE_DJANGO)
    assert [nombre for nombre, n in veces.items() if n > 1] == []


# -- what is forgotten -----------------------------------------------------------------------------


def sin(diccionario, llave) -> dict:
    return {k: v for k, v in diccionario.items() if k is not llave and k != llave}


def test_una_transicion_sin_acto_no_arranca(monkeypatch):
    monkeypatch.setattr(actos, "TRANSICIONES", TRANSICIONES | {"inexistente": {}})
    with pytest.raises(LookupError, match="La transición «inexistente» no tiene acto"):
        actos.revisar()


@pytest.mark.parametrize(
    ("cambio", "dice"),
    [
        ({"en": ()}, "es una transición, o dice en qué estados"),
        ({"junto_a": "inexistente"}, "va junto a «inexistente», que no existe"),
        ({"corrige": ("DADA",)}, "falta su botón al corregir"),
        ({"sin_version": True, "edita_hoja": True}, "deja vieja la página de alguien"),
    ],
)
def test_un_acto_a_medias_no_arranca(monkeypatch, cambio, dice):
    medias = replace(actos.ANOTAR, **cambio)
    monkeypatch.setattr(actos, "DE_UN_CASO", [*actos.DE_UN_CASO, medias])
    with pytest.raises(LookupError, match=dice):
        actos.revisar()


def test_una_guarda_que_lleva_a_ningun_acto_no_arranca(monkeypatch):
    perdida = replace(guardas.con_responsable, enlace="inexistente")
    monkeypatch.setattr(guardas, "con_responsable", perdida)
    with pytest.raises(LookupError, match="lleva a «inexistente», que no existe"):
        actos.revisar()


def test_un_acto_sin_formulario_ni_funcion_no_arranca(monkeypatch):
    monkeypatch.setattr(tabla, "PASOS", sin(tabla.PASOS, "anotar"))
    with pytest.raises(LookupError, match="Falta el formulario y la función de: anotar"):
        tabla.revisar()


def test_un_acto_que_hacen_dos_no_arranca():
    paso = tabla.PASOS["anotar"]
    with pytest.raises(LookupError, match="«anotar» ya tiene quien lo haga"):
        tabla.paso(paso.acto, paso.formulario)(paso.funcion)


def test_un_acto_que_no_dice_a_quien_se_avisa_no_arranca(monkeypatch):
    monkeypatch.setattr(reglas, "REGLAS", sin(reglas.REGLAS, actos.ANOTAR))
    with pytest.raises(LookupError, match="Falta a quién se le avisa de: anotar"):
        reglas.revisar()


def test_una_carta_sin_texto_no_arranca(monkeypatch):
    inexistente = ((reglas.Ocasion.responsable, reglas.Carta("inexistente")),)
    monkeypatch.setattr(reglas, "REGLAS", reglas.REGLAS | {actos.ANOTAR: inexistente})
    with pytest.raises(LookupError, match=r"Falta la carta templates/correos/inexistente.txt"):
        reglas.revisar()


def test_un_icono_que_no_esta_dibujado_no_arranca(monkeypatch):
    inexistente = replace(actos.ANOTAR, icono="inexistente")
    monkeypatch.setattr(entorno_jinja, "SUCESOS", {"anotar": inexistente})
    with pytest.raises(LookupError, match="«anotar» lleva el icono «inexistente»"):
        entorno_jinja.revisar()
    with pytest.raises(LookupError, match="No hay icono «inexistente»"):
        entorno_jinja.icono("inexistente")
