"""What stands around every request: clean input, headers, and no lost text. No business rules."""

from urllib.parse import unquote_to_bytes

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.shortcuts import render
from django.utils.cache import patch_cache_control

CODIFICACIONES = ("utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1")
BORRADOR_MAXIMO = 100_000
NO_SE_GUARDAN = ("csrfmiddlewaretoken", "password", "password1", "password2", "code")


class EntradaLimpia:
    """Refuses what Django would answer with a 500: other charsets and NUL bytes.

    It stands before everything that reads the body: Django reads it again inside its own error
    handlers, so a body it cannot decode never reaches them.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        tipo = request.META.get("CONTENT_TYPE", "")
        if "charset=" in tipo.lower():
            charset = tipo.lower().split("charset=", 1)[1].split(";")[0].strip(" \"'")
            if charset not in CODIFICACIONES:
                return render(request, "errores/415.html", status=415)
        if (
            b"\x00" in unquote_to_bytes(request.META.get("QUERY_STRING", ""))
            or "\x00" in request.path
        ):
            return render(request, "errores/400.html", status=400)
        return self.get_response(request)


class Cabeceras:
    """Headers that Django does not set; nothing behind the login is kept by a cache."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        respuesta = self.get_response(request)
        respuesta.headers.setdefault(
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
        )
        respuesta.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not respuesta.has_header("Cache-Control"):
            patch_cache_control(respuesta, no_store=True, private=True)
        return respuesta


class ConBorrador(LoginRequiredMiddleware):
    """Login required everywhere. What was typed when the session had ended waits for the login."""

    def handle_no_permission(self, request, view_func):
        tipo = request.META.get("CONTENT_TYPE", "")
        if request.method == "POST" and tipo.startswith(
            ("application/x-www-form-urlencoded", "multipart/form-data")
        ):
            datos = {k: request.POST.getlist(k) for k in request.POST if k not in NO_SE_GUARDAN}
            if sum(len(v) for vs in datos.values() for v in vs) <= BORRADOR_MAXIMO:
                request.session["borrador"] = {"ruta": request.path, "datos": datos}
        return super().handle_no_permission(request, view_func)
