"""What allauth tells of the second factor, and what follows from it here."""

from allauth.mfa import signals
from allauth.mfa.models import Authenticator

from . import segundo_factor


def conectar() -> None:
    signals.authenticator_removed.connect(al_quitarse)


def al_quitarse(request, user, authenticator, **kwargs):
    if authenticator.type == Authenticator.Type.TOTP:
        segundo_factor.al_desactivar(request, user)
