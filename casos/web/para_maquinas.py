"""What robots, browsers and who finds a hole ask for by a fixed address. No login, no rules."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import require_safe

SIRVE = timedelta(days=180)  # RFC 9116: less than a year


def _texto(*renglones: str) -> HttpResponse:
    return HttpResponse("\n".join(renglones) + "\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return _texto("User-agent: *", "Disallow: /")


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For those who ask before they read the page, which names it."""
    return HttpResponseRedirect(static("img/iconos.svg"))


@login_not_required
@require_safe
def seguridad(request: HttpRequest) -> HttpResponse:
    """``security.txt``: whom to tell."""
    return _texto(
        f"Contact: mailto:{settings.CONTACTO_SEGURIDAD}",
        f"Expires: {timezone.now() + SIRVE:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: es",
        f"Canonical: {settings.URL_BASE}/.well-known/security.txt",
    )
