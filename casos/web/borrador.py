"""What was typed and not sent: which pages keep it while it is typed, which give it back, and how.

One mechanism (``personas.a_medias``) for what is being typed and for what was sent when the session had ended; of
that the middleware keeps only what goes to a page marked here, and the login page says so.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from casos.formularios.base import apagados
from casos.personas import a_medias

NO_SE_RESTAURA = ("csrfmiddlewaretoken", "version", "ficha")

registro = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recuperado:
    """A draft that was given back: since when it is kept, and upon what it was typed."""

    ruta: str
    en: datetime
    vista: str
    datos: dict[str, Any]

    dias = a_medias.DIAS

    def cambio(self, vista: Any) -> bool:
        """Whether what it was typed upon is no longer so."""
        return bool(self.vista) and bool(str(vista)) and self.vista != str(vista)


def recupera(vista: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a page that gives back, with ``borrador``, what was sent to it without a session.

    Once it took what was sent, and leads elsewhere, nothing is left to be given back.
    """

    @wraps(vista)
    def con_borrador(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        respuesta = vista(request, *args, **kwargs)
        if request.method == "POST" and respuesta.status_code == 302:
            terminar(request)
        return respuesta

    con_borrador.recupera_borrador = True  # type: ignore[attr-defined]
    return con_borrador


def terminar(request: HttpRequest) -> None:
    """What was typed for this address was sent. It must not make fail what was done."""
    try:
        a_medias.cerrar(request.user.pk, request.path)
    except DatabaseError:
        registro.exception("No se pudo cerrar un borrador de %s.", request.path)


def solo_post(vuelve_a: str):
    """Only by POST; who must log in first is led to the page of the button, ``vuelve_a`` from it."""

    def decorar(vista):
        vista = require_POST(vista)
        vista.vuelve_a = vuelve_a
        return vista

    return decorar


def en_segundo_plano(vista):
    """What a page sends by itself: without a session it is refused, and nobody is led away from what they type."""
    vista = require_POST(vista)
    vista.en_segundo_plano = True
    return vista


def borrador(request) -> dict:
    """What was typed in the form of this page and not sent; the page says so, and since when."""
    return borradores(request, [request.path]).get(request.path, {})


def borradores(request, rutas: Iterable[str]) -> dict[str, dict]:
    """As ``borrador``, of several forms of one page."""
    request.session.pop("borrador", None)
    hallados = a_medias.de(request.user.pk, rutas)
    request.recuperados = {
        ruta: Recuperado(ruta, b.guardado_en, b.vista, b.datos) for ruta, b in hallados.items()
    }
    return {ruta: como_inicial(b.datos) for ruta, b in hallados.items()}


def recuperado(request, ruta: str) -> Recuperado | None:
    """For the templates."""
    return getattr(request, "recuperados", {}).get(ruta)


def donde_se_guarda(ruta: str, vista: Any = "") -> str:
    """The address that keeps what is typed in the form of ``ruta``, opened now."""
    consulta = {"ruta": ruta, "abierto": f"{timezone.now().timestamp():.6f}", "vista": vista}
    return f"{reverse('borrador')}?{urlencode(consulta)}"


def donde_se_descarta(ruta: str) -> str:
    return f"{reverse('borrador_descartar')}?{urlencode({'ruta': ruta})}"


def huella_de(inicial: dict[str, Any]) -> str:
    """Of the values that a form without a version is opened with: whether the row changed meanwhile."""
    texto = json.dumps(inicial, default=str, sort_keys=True)
    return hashlib.sha256(texto.encode()).hexdigest()[:32]


def desmarcar(formulario, datos: dict) -> None:
    """A box that was left empty does not come in what was typed: it is not ticked again."""
    if not datos:
        return
    ausentes = set(formulario.fields) - set(datos) - apagados(formulario, datos)
    for nombre in ausentes:
        if isinstance(formulario.fields[nombre], forms.BooleanField):
            formulario.initial[nombre] = False


def como_inicial(datos) -> dict:
    """Posted values as initial ones of a fresh form: nothing typed is lost, nothing is judged."""
    pares = datos.lists() if hasattr(datos, "lists") else datos.items()
    inicial = {}
    for nombre, valor in pares:
        valores = valor if isinstance(valor, list) else [valor]
        if nombre not in NO_SE_RESTAURA and valores:
            inicial[nombre] = valores if len(valores) > 1 else valores[0]
    return inicial
