"""Every template of Jinja's compiles, takes from others only what they have, and fits the screen.

``python herramientas/plantillas.py`` prints what is wrong, a line each, and ends with 1 if anything is.
"""

import os
import sys
from pathlib import Path

RAIZ = Path(__file__).resolve().parent.parent
PLANTILLAS = RAIZ / "templates"
ANCHO = 120


def entorno():
    """The product's own environment."""
    sys.path.insert(0, str(RAIZ))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seguimiento.settings_pruebas")
    import django
    from django.template import engines

    django.setup()
    return engines["jinja2"].env


def nuestras() -> list[str]:
    """The names of Jinja's templates; those of the panel are in Django's language."""
    todas = (p.relative_to(PLANTILLAS) for p in PLANTILLAS.rglob("*") if p.is_file())
    return sorted(str(p) for p in todas if p.parts[0] != "panel")


def faltas_de(env, nombre: str) -> list[str]:
    """What is wrong with one template: where, and what."""
    from jinja2 import TemplateError

    texto = (PLANTILLAS / nombre).read_text()
    faltas = [
        f"{nombre}:{n}: {len(linea)} letras, más de {ANCHO}"
        for n, linea in enumerate(texto.splitlines(), start=1)
        if len(linea) > ANCHO
    ]
    try:
        env.get_template(nombre)
        faltas += _de_otras(env, nombre, env.parse(texto))
    except TemplateError as error:
        faltas.append(f"{nombre}:{getattr(error, 'lineno', 1)}: {error}")
    return faltas


def _de_otras(env, nombre: str, arbol) -> list[str]:
    """Templates that are not there, components that another one does not define, or taken for nothing."""
    from jinja2 import nodes

    faltas = []
    usados = {n.name for n in arbol.find_all(nodes.Name)}
    for nodo in arbol.find_all((nodes.Extends, nodes.Include)):
        if isinstance(nodo.template, nodes.Const):
            env.get_template(nodo.template.value)
    for nodo in arbol.find_all(nodes.FromImport):
        otra = nodo.template.value
        hay = vars(env.get_template(otra).module)
        for que, como in (n if isinstance(n, tuple) else (n, n) for n in nodo.names):
            if que not in hay:
                faltas.append(f"{nombre}:{nodo.lineno}: {otra} no tiene «{que}»")
            if como not in usados:
                faltas.append(f"{nombre}:{nodo.lineno}: «{como}» no se usa")
    return faltas


def main() -> int:
    env = entorno()
    faltas = [falta for nombre in nuestras() for falta in faltas_de(env, nombre)]
    print("\n".join(faltas) or f"{len(nuestras())} plantillas de Jinja")
    return bool(faltas)


if __name__ == "__main__":
    sys.exit(main())
