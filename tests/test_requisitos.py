"""What is installed is what was looked at: every distribution pinned with its sums, those of the others too."""

import ast
import re
import sys
from importlib import metadata
from pathlib import Path

import pytest
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

RAIZ = Path(settings.BASE_DIR)
DE_CORRER, DE_PROBAR = "requirements", "requirements-dev"


def pedidos(nombre: str) -> dict[str, Requirement]:
    """The requirements of a file, without their sums."""
    texto = (RAIZ / nombre).read_text().replace("\\\n", " ")
    lineas = (
        linea.partition("#")[0].partition("--hash")[0].strip() for linea in texto.splitlines()
    )
    dichos = (Requirement(linea) for linea in lineas if linea and not linea.startswith("-"))
    return {canonicalize_name(r.name): r for r in dichos}


def version_de(pedido: Requirement) -> str:
    [unica] = pedido.specifier
    assert unica.operator == "==" and "*" not in unica.version, pedido
    return unica.version


@pytest.mark.parametrize("cual", [DE_CORRER, DE_PROBAR])
def test_cada_una_con_su_version_y_sus_sumas_y_ningun_sitio(cual):
    texto = (RAIZ / f"{cual}.txt").read_text()
    assert "://" not in texto and "index" not in texto.casefold()
    entradas = re.split(r"\n(?=[A-Za-z0-9])", texto.replace("\\\n", " "))
    con_pedido = [e for e in entradas if re.match(r"[A-Za-z0-9]", e)]
    assert len(con_pedido) == len(pedidos(f"{cual}.txt"))
    for entrada in con_pedido:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entrada), entrada
    for pedido in pedidos(f"{cual}.txt").values():
        version_de(pedido)


@pytest.mark.parametrize("cual", [DE_CORRER, DE_PROBAR])
def test_lo_que_se_pide_es_lo_que_se_fijo(cual):
    pedidas, fijas = pedidos(f"{cual}.in"), pedidos(f"{cual}.txt")
    assert {n: version_de(r) for n, r in pedidas.items()} == {
        n: version_de(fijas[n]) for n in pedidas if n in fijas
    }


def test_para_probar_se_instala_lo_mismo_que_para_correr():
    correr, probar = pedidos(f"{DE_CORRER}.txt"), pedidos(f"{DE_PROBAR}.txt")
    assert {n: str(r.specifier) for n, r in correr.items()} == {
        n: str(probar[n].specifier) for n in correr if n in probar
    }


@pytest.mark.parametrize("cual", [DE_CORRER, DE_PROBAR])
def test_tambien_las_que_piden_las_otras(cual):
    """Nothing that an installed distribution asks for is left to whoever installs."""
    fijas = pedidos(f"{cual}.txt")
    faltan, por_ver = set(), [(n, set(r.extras)) for n, r in pedidos(f"{cual}.in").items()]
    vistas = set()
    while por_ver:
        nombre, extras = por_ver.pop()
        if (nombre, frozenset(extras)) in vistas:
            continue
        vistas.add((nombre, frozenset(extras)))
        for dicho in metadata.requires(nombre) or ():
            pide = Requirement(dicho)
            if pide.marker and not any(pide.marker.evaluate({"extra": e}) for e in extras | {""}):
                continue
            hijo = canonicalize_name(pide.name)
            if hijo not in fijas:
                faltan.add(f"{hijo} (lo pide {nombre})")
            else:
                por_ver.append((hijo, set(pide.extras)))
    assert not faltan


def importados(*carpetas: str) -> set[str]:
    """The first name of every module that is imported, at the top or inside a function."""
    nombres = set()
    for carpeta in carpetas:
        raiz = RAIZ / carpeta
        for archivo in [raiz] if raiz.is_file() else raiz.rglob("*.py"):
            for nodo in ast.walk(ast.parse(archivo.read_text())):
                if isinstance(nodo, ast.Import):
                    nombres |= {alias.name.partition(".")[0] for alias in nodo.names}
                elif isinstance(nodo, ast.ImportFrom) and not nodo.level and nodo.module:
                    nombres.add(nodo.module.partition(".")[0])
    return nombres


@pytest.mark.parametrize(
    ("cual", "carpetas"),
    [
        (DE_CORRER, ("casos", "seguimiento", "manage.py")),
        (DE_PROBAR, ("casos", "seguimiento", "manage.py", "tests", "herramientas", "bench")),
    ],
)
def test_lo_que_se_importa_esta_fijado(cual, carpetas):
    fijas = pedidos(f"{cual}.txt")
    propios = {"casos", "seguimiento", "tests", "herramientas", "bench"}
    propios |= {p.stem for p in (RAIZ / "bench").glob("*.py")} | {
        p.name for p in RAIZ.iterdir() if p.is_dir()
    }
    ajenos = importados(*carpetas) - set(sys.stdlib_module_names) - propios
    quien_lo_da = metadata.packages_distributions()
    sin_fijar = {
        modulo
        for modulo in ajenos
        if not {canonicalize_name(d) for d in quien_lo_da.get(modulo, ())} & set(fijas)
    }
    assert not sin_fijar
