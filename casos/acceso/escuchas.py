"""What allauth tells of the second factor, and what follows from it here."""

from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.core.cache import cache

from . import avisar, segundo_factor

SON_UNA_SERIE = 5
SEGUNDOS = 5 * 60


def conectar() -> None:
    signals.authenticator_removed.connect(al_quitarse)
    signals.authentication_failed.connect(al_fallar_un_codigo)


def al_quitarse(request, user, authenticator, **kwargs):
    if authenticator.type == Authenticator.Type.TOTP:
        segundo_factor.al_desactivar(request, user)


def al_fallar_un_codigo(request, user, **kwargs):
    """allauth hears five of them in five minutes; at the fifth the person is told."""
    llave = f"codigos-malos:{user.pk}"
    van = (cache.get(llave) or 0) + 1
    cache.set(llave, van, SEGUNDOS)
    if van >= SON_UNA_SERIE:
        avisar.de_codigos(request, user)
