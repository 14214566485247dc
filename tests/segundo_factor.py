"""A code of the second factor, which still stands when it is sent."""

import time

from allauth.mfa import app_settings
from allauth.mfa.totp.internal import auth as totp

POR_ENVIAR = 5  # seconds from being made to being checked, on a busy machine


def codigo_de(secreto: str) -> str:
    """The code of now; one that is about to change is waited for."""
    queda = app_settings.TOTP_PERIOD - time.time() % app_settings.TOTP_PERIOD
    if queda < POR_ENVIAR:
        time.sleep(queda)
    contador = next(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(secreto, contador))
