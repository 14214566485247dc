"""A number of days says which: *hábiles* or *naturales*, wherever a person reads it."""

import ast
import re
from pathlib import Path

from django.conf import settings

from casos import models

RAIZ = Path(settings.BASE_DIR)
EN_LETRA = (
    "un uno dos tres cuatro cinco seis siete ocho nueve diez quince veinte treinta sesenta noventa"
)
# After a figure, in figures or in words, or what stands for it in a template or an f-string.
CIFRA = rf"(?:[0-9]|\}}|\b(?:{'|'.join(EN_LETRA.split())}))"
CUAL = r"(?:h[aá]bil|natural|inh[aá]bil)"
SIN_NOMBRE = re.compile(rf"{CIFRA}\s+d[ií]as?\b(?!\s+{CUAL})", re.IGNORECASE)
# The name of what holds a number of days.
ETIQUETA = re.compile(rf"^d[ií]as\b(?!\s+{CUAL})(?!\s+y\s+horas)", re.IGNORECASE)
# No length of time: on how many days it was tried.
SE_DICE = ("otros {} días", "un día", "Un día")


def dichos_de(modulo: Path):
    """Every text of a module that is no docstring; of an f-string, the whole with its holes."""
    arbol = ast.parse(modulo.read_text(encoding="utf-8"))
    docs = {
        id(n.body[0].value)
        for n in ast.walk(arbol)
        if isinstance(n, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and n.body
        and isinstance(n.body[0], ast.Expr)
    }
    for n in ast.walk(arbol):
        if isinstance(n, ast.JoinedStr):
            yield "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in n.values)
        elif isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in docs:
            yield n.value


def faltas(texto: str, *, de_etiqueta: bool = False) -> list[str]:
    for dicho in SE_DICE:
        texto = texto.replace(dicho, "")
    halladas = [m[0] for m in SIN_NOMBRE.finditer(texto)]
    return halladas + ([texto] if de_etiqueta and ETIQUETA.search(texto) else [])


def test_los_dias_siempre_dicen_cuales():
    halladas = []
    for modulo in sorted((RAIZ / "casos").rglob("*.py")):
        if "migrations" not in modulo.parts:
            halladas += [
                (modulo.name, f)
                for dicho in dichos_de(modulo)
                for f in faltas(dicho, de_etiqueta=" " in dicho)
            ]
    for plantilla in sorted((RAIZ / "templates").rglob("*.*")):
        texto = re.sub(
            r"\{#.*?#\}|\{%.*?%\}", " ", plantilla.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        halladas += [(plantilla.name, f) for f in faltas(texto)]
    for pagina in sorted((RAIZ / "docs" / "manual").glob("*.md")):
        halladas += [(pagina.name, f) for f in faltas(pagina.read_text(encoding="utf-8"))]
    assert halladas == []


def test_y_se_ve_si_no_lo_dicen():
    malos = ["Vence en 3 días.", "{{ n }} días", "por tres días", "{} día para contestar"]
    assert [t for t in malos if not faltas(t)] == []
    assert faltas("Días para opinar", de_etiqueta=True) and not faltas(
        "Días hábiles", de_etiqueta=True
    )
    buenos = [
        "3 días hábiles",
        "{{ n }} días naturales",
        "en {} intentos, en días distintos",
        "1 día hábil",
    ]
    assert [t for t in buenos if faltas(t, de_etiqueta=True)] == []


def test_los_parametros_en_dias_lo_dicen_en_su_nombre():
    campos = [
        c
        for m in (models.Configuracion, models.Plazo, models.Area)
        for c in m._meta.concrete_fields
        if "dias" in c.name
    ]
    assert len(campos) == 9
    assert [c.name for c in campos if not re.search(CUAL, str(c.verbose_name))] == []
