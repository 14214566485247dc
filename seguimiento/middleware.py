"""What stands around every request: clean input, headers, and no lost text. No business rules."""

import re
from urllib.parse import unquote_to_bytes, urljoin

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django_htmx.http import HttpResponseClientRedirect

from casos.acceso.dispositivos import recordar_dispositivo
from casos.models import Usuario
from casos.personas import a_medias

CODIFICACIONES = ("utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([^;"'\s]*)""")
VENCIDA = "vencida"  # in the login's query: why the person is there
COOKIE, COOKIE_DURA = f"{settings.PREFIJO_COOKIE}quien", 30 * 24 * 3600  # seconds


def se_puede_leer(tipo: str) -> bool:
    """Whether every charset that a content type names is one we read; "charset*=" is none."""
    return "*" not in tipo and set(_CHARSET.findall(tipo.lower())) <= set(CODIFICACIONES)


class EntradaLimpia:
    """Refuses, in Spanish, what Django would answer with a 500, a blank page or a full disk.

    It stands before everything that reads the body: Django reads it again inside its own error
    handlers, so a body it cannot decode never reaches them. NUL bytes in a *field* are left to
    its form, which says so beside the field and keeps what was typed.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        codigo = self._rechazo(request)
        if codigo:
            return render(request, f"errores/{codigo}.html", status=codigo)
        respuesta = self.get_response(request)
        if respuesta.status_code == 405 and not respuesta.content:
            permitidos = respuesta.headers.get("Allow", "")
            respuesta = render(request, "errores/405.html", status=405)
            respuesta.headers["Allow"] = permitidos
        return respuesta

    def _rechazo(self, request) -> int:
        if not se_puede_leer(request.META.get("CONTENT_TYPE", "")):
            return 415
        # A cookie may spell a NUL as "\000"; PostgreSQL refuses it when the session is looked up.
        textos = (request.path, *request.COOKIES, *request.COOKIES.values())
        consulta = unquote_to_bytes(request.META.get("QUERY_STRING", ""))
        if b"\x00" in consulta or any("\x00" in texto for texto in textos):
            return 400
        largo = request.META.get("CONTENT_LENGTH") or "0"
        if largo.isdecimal() and int(largo) > settings.CUERPO_MAXIMO:
            return 413
        return 0


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
        respuesta.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        respuesta.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not respuesta.has_header("Cache-Control"):
            patch_cache_control(respuesta, no_store=True, private=True)
        return respuesta


class ConBorrador(LoginRequiredMiddleware):
    """Login required everywhere. What was typed when the session had ended waits for the login.

    Whoever is in is remembered by their browser: whose it was last (below); and, of who just gave their
    password, that this device has signed in as them (``casos.acceso.dispositivos``).

    A signed cookie says whose browser it was: only theirs is kept, and only they get it back. Kept
    is what goes to a view that gives it back (``recupera_borrador``); a view that is only for
    POST says where its button is (``vuelve_a``).
    """

    def __call__(self, request):
        respuesta = super().__call__(request)
        usuario = getattr(request, "user", None)
        if usuario is not None and usuario.is_authenticated and quien_estaba(request) != usuario.pk:
            respuesta.set_signed_cookie(
                COOKIE,
                usuario.pk,
                salt=COOKIE,
                max_age=COOKIE_DURA,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        recordar_dispositivo(request, respuesta)
        return respuesta

    def handle_no_permission(self, request, view_func):
        if getattr(view_func, "en_segundo_plano", False):
            return HttpResponse(status=401)  # the page says that it was not kept
        quien = quien_estaba(request)
        if quien:
            guardar_borrador(request, view_func, quien)
        if request.htmx:
            # A piece of a page was asked for: the whole page enters, and comes back to where it was.
            entrada = self._a_la_entrada(request.htmx.current_url_abs_path or "/", view_func)
            return HttpResponseClientRedirect(f"{entrada.url}&{VENCIDA}=1")
        vuelve_a = getattr(view_func, "vuelve_a", "")
        if vuelve_a:
            entrada = self._a_la_entrada(urljoin(request.path, vuelve_a), view_func)
        else:
            entrada = super().handle_no_permission(request, view_func)
        if getattr(request, "sesion_vencio", False):
            return HttpResponseRedirect(f"{entrada.url}&{VENCIDA}=1")
        return entrada

    def _a_la_entrada(self, destino: str, view_func):
        campo = self.get_redirect_field_name(view_func)
        return redirect_to_login(destino, self.get_login_url(view_func), campo)


def guardar_borrador(request, view_func, quien: int) -> None:
    """Keep what was sent to a page that gives it back, until its person comes there again."""
    tipo = request.META.get("CONTENT_TYPE", "")
    if not (
        request.method == "POST"
        and getattr(view_func, "recupera_borrador", False)
        and tipo.startswith(("application/x-www-form-urlencoded", "multipart/form-data"))
        and Usuario.objects.filter(pk=quien, is_active=True).exists()
    ):
        return
    try:
        datos = a_medias.lo_que_se_guarda(dict(request.POST.lists()))
    except a_medias.Demasiado:
        return
    vista = request.POST.get("version", "").replace("\0", "")
    a_medias.guardar(quien, request.path[:200], datos, abierto=timezone.now(), vista=vista)
    request.session["borrador"] = True  # the login page says so


def quien_estaba(request) -> int | None:
    """The last person who had a session in this browser."""
    pk = request.get_signed_cookie(COOKIE, None, salt=COOKIE, max_age=COOKIE_DURA)
    return int(pk) if pk else None
