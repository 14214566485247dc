"""Jinja's environment: what every page, component and letter may call. Wiring only.

Strict: a variable that nobody gave is an error, not a blank. HTML is escaped; a letter's plain text
(``.txt``) is not. Formats and words are ``formatos``'; what a state means, ``significado``'s.
"""

import re
from functools import cache, lru_cache

from crispy_forms.utils import render_crispy_form
from django.conf import settings
from django.template import engines
from django.template.defaultfilters import capfirst, filesizeformat, linebreaksbr
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from jinja2 import Environment, StrictUndefined, pass_context
from markupsafe import Markup, escape

from casos import camino
from casos.actos import SUCESOS
from casos.formularios.fallos import fallos
from casos.formularios.renderizador import atributos, es_opcional
from casos.lecturas.memoria import tardo
from casos.lecturas.siguiente_paso import proxima
from casos.models import (
    Ajuste,
    Candado,
    Caso,
    Cita,
    Comprobacion,
    Constancia,
    Contacto,
    Opinion,
    Satisfaccion,
)
from casos.significado import esta_vencido, significado
from casos.telefonos import enlaces, mostrar

from . import formatos
from .borrador import donde_se_descarta, donde_se_guarda, recuperado

DE_FORMATOS = (
    "fecha", "fecha_corta", "fecha_hora", "hora", "iso", "vence_fecha", "dato", "valor",
    "segun", "plural", "sin_regimen", "recorta", "area_de", "espera_a", "quien_lo_dijo", "punto",
    "desenlace", "sobre_el_resumen", "para_fecha", "cifra",
)  # fmt: skip
# ``{% if fila is opinion %}``: what a row is, where one component draws several kinds.
TIPOS = {
    "opinion": Opinion,
    "ajuste": Ajuste,
    "constancia": Constancia,
    "cita": Cita,
    "contacto": Contacto,
    "candado": Candado,
    "comprobacion": Comprobacion,
    "satisfaccion": Satisfaccion,
}


def entorno(**opciones) -> Environment:
    """The environment of ``settings.TEMPLATES``."""
    opciones |= {
        "autoescape": _se_escapa,
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    env = Environment(**opciones)
    env.filters |= {nombre: getattr(formatos, nombre) for nombre in DE_FORMATOS}
    env.filters |= {
        "atributos": atributos,
        "capfirst": capfirst,
        "enlaces": enlaces,
        "filesizeformat": filesizeformat,
        "linebreaksbr": linebreaksbr,
        "proxima": proxima,
        "significado": significado,
        "tardo": tardo,
        "telefono": mostrar,
        "camino_en_palabras": camino.en_palabras,
    }
    env.tests |= {nombre: _es_un(clase) for nombre, clase in TIPOS.items()}
    env.tests |= {
        "vencido": esta_vencido,
        "opcional": es_opcional,
        "que_termina": formatos.termina,
        "va_en_resumen": formatos.va_en_resumen,
    }
    env.globals |= {
        "url": url,
        "static": static,
        "icono": icono,
        "crispy": crispy,
        "fallos": fallos,
        "donde_se_descarta": donde_se_descarta,
        "donde_se_guarda": donde_se_guarda,
        "recuperado": recuperado,
        "trazar": camino.trazar,
        "trazo_chico": camino.chico,
        "camino_chico": camino_chico,
    }
    return env


def compilar() -> None:
    """Every template at once, before the web server makes its workers: they share what is compiled.

    While one develops nothing is compiled before it is asked for.
    """
    if not settings.DEBUG:
        env = engines["jinja2"].env
        for nombre in env.list_templates(filter_func=lambda n: not n.startswith("panel/")):
            env.get_template(nombre)


def _se_escapa(plantilla: str | None) -> bool:
    return plantilla is None or not plantilla.endswith(".txt")


def _es_un(clase):
    return lambda fila: isinstance(fila, clase)


def url(nombre: str, *args, **kwargs) -> str:
    return _url(get_script_prefix(), nombre, args, tuple(kwargs.items()))


@lru_cache(maxsize=2048)
def _url(prefijo: str, nombre: str, args: tuple, kwargs: tuple) -> str:
    """A page has the same address in each of its rows; ``prefijo`` is where the site hangs."""
    return reverse(nombre, args=args, kwargs=dict(kwargs))


@cache
def _iconos() -> str:
    """The sprite's address, which may carry a hash: asked for once."""
    return static("img/iconos.svg")


def _dibujados() -> frozenset[str]:
    sprite = (settings.BASE_DIR / "static" / "img" / "iconos.svg").read_text(encoding="utf-8")
    return frozenset(re.findall(r'id="i-([\w-]+)"', sprite))


ICONOS = _dibujados()


def revisar() -> None:
    """Raise ``LookupError`` for an act whose icon is not in the sprite."""
    for suceso in SUCESOS.values():
        if suceso.dibujo not in ICONOS:
            raise LookupError(f"«{suceso}» lleva el icono «{suceso.dibujo}», que no existe.")


revisar()


@cache
def icono(nombre: str) -> Markup:
    """An icon of the sprite, mute: a word stands beside it. ``LookupError`` where there is none."""
    if nombre not in ICONOS:
        raise LookupError(f"No hay icono «{nombre}».")
    return Markup(
        '<svg class="icono" width="20" height="20" aria-hidden="true">'
        f'<use href="{escape(_iconos())}#i-{escape(nombre)}"/></svg>'
    )


def camino_chico(caso) -> Markup:
    """The tiny path of a row."""
    return _camino_chico(caso.estado, caso.resultado, significado(caso))


@cache
def _camino_chico(estado: str, resultado: str, clase: str) -> Markup:
    dibujo = engines["jinja2"].env.get_template("componentes/camino.html").module.dibujo_chico
    return dibujo(Caso(estado=estado, resultado=resultado), clase)


@pass_context
def crispy(contexto, formulario, presentacion, faltantes=()) -> Markup:
    """A form drawn by its crispy layout, as ``{% crispy %}`` in Django's language.

    ``faltantes``: what else is missing, to be said with the form's own errors.
    """
    de_la_pagina = {
        "request": contexto["request"],
        "csrf_token": contexto["csrf_token"],
        "faltantes": faltantes,
    }
    # The pack is Jinja's: what it gives is a plain string that is already HTML.
    return Markup(render_crispy_form(formulario, helper=presentacion, context=de_la_pagina))
