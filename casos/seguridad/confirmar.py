"""Who changes an account enters the own password again, and a code where they have a second factor."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest


class FaltaConfirmar(ReauthenticationRequired):
    """Refused until whoever asks says again who they are. ``que``: what is about to change, in words.

    Where no page of ours takes it, allauth's own asks.
    """

    def __init__(self, que: str):
        super().__init__(que)
        self.que = que


def exigir(que: str) -> None:
    """Raise ``FaltaConfirmar`` unless the person of the request being served confirmed it just now.

    A command has no request: whoever runs it holds the server.
    """
    peticion = context.request
    if peticion is not None and peticion.user.is_authenticated and not confirmo(peticion):
        raise FaltaConfirmar(que)


def confirmo(peticion: HttpRequest) -> bool:
    """With everything they have: the password, and the second factor where there is one."""
    registros: list[dict[str, Any]] = get_authentication_records(peticion, peticion.user)
    desde = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    hechos = {r.get("method") for r in registros if r.get("reauthenticated") and r["at"] > desde}
    return hechos >= metodos(peticion.user)


def metodos(usuario: Any) -> set[str]:
    return {"password", "mfa"} if is_mfa_enabled(usuario) else {"password"}
