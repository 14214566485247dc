"""From where a request comes, in words."""

from __future__ import annotations

import re

from allauth.core.internal.httpkit import get_client_ip
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

DESCONOCIDO = "Dispositivo desconocido"
# The first that matches: each names those after it too.
NAVEGADORES = (
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/", "Chrome"),
    (r"Safari/", "Safari"),
    (r"curl/|python|Go-http|Java/|Wget", "un programa"),
)
SISTEMAS = (
    (r"Windows", "Windows"),
    (r"Android", "Android"),
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Macintosh|Mac OS X", "Mac"),
    (r"CrOS", "Chromebook"),
    (r"Linux|X11", "Linux"),
)


def direccion(peticion: HttpRequest | None) -> str:
    """The network address, as the proxy tells it; empty where there is none."""
    if peticion is None:
        return ""
    try:
        return get_client_ip(peticion) or ""
    except ImproperlyConfigured:  # a proxy that does not append what it was set to
        return str(peticion.META.get("REMOTE_ADDR", ""))[:45]


def dispositivo(peticion: HttpRequest | None) -> str:
    """«Chrome en Windows»: what the browser says that it is, which is no proof."""
    return "" if peticion is None else en_palabras(str(peticion.META.get("HTTP_USER_AGENT", "")))


def en_palabras(agente: str) -> str:
    dicho = agente[:400]
    navegador, sistema = _primero(NAVEGADORES, dicho), _primero(SISTEMAS, dicho)
    if navegador and sistema:
        return f"{navegador} en {sistema}"
    return (navegador or sistema or DESCONOCIDO)[:1].upper() + (
        navegador or sistema or DESCONOCIDO
    )[1:]


def _primero(tabla: tuple[tuple[str, str], ...], dicho: str) -> str:
    return next((nombre for patron, nombre in tabla if re.search(patron, dicho)), "")
