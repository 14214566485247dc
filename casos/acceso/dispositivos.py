"""Devices that have signed in before, and the network of one that has not.

The mark of a device is a signed cookie, bound to each person who signed in there and to their password:
who changes the password makes every device a stranger. Knows no limits.
"""

from allauth.core.internal.ratelimit import truncate_ip
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

from casos.models import Usuario
from casos.seguridad.de_donde import direccion

COOKIE = f"{settings.PREFIJO_COOKIE}dispositivo"
DURA = 400 * 24 * 3600  # seconds; browsers keep none longer
PERSONAS = 10  # who share one browser
_DIO = "_dio_su_contrasena"  # in the request


def red_de(peticion: HttpRequest) -> str:
    """What one visitor has for themselves: the address, or the network that a line of IPv6 is given."""
    return truncate_ip(direccion(peticion))


def dispositivo_de(peticion: HttpRequest, usuario: Usuario) -> str:
    """The device's own number, if that person has signed in there with the password of today; or ""."""
    dispositivo, huella = _marcas(peticion).get(str(usuario.pk), ("", ""))
    return dispositivo if any(constant_time_compare(huella, h) for h in _huellas(usuario)) else ""


def dio_su_contrasena(peticion: HttpRequest, usuario: Usuario) -> None:
    """Only this makes a device known: a session alone, which may be stolen, does not."""
    setattr(peticion, _DIO, usuario)


def recordar_dispositivo(peticion: HttpRequest, respuesta: HttpResponse) -> None:
    """From now on this device has signed in as who gave their password in this request."""
    usuario = getattr(peticion, _DIO, None)
    if usuario is None or dispositivo_de(peticion, usuario):
        return
    marcas = _marcas(peticion)
    marcas.pop(str(usuario.pk), None)
    marcas = dict(list(marcas.items())[-PERSONAS + 1 :])
    marcas[str(usuario.pk)] = (get_random_string(12), _huellas(usuario)[0])
    respuesta.set_cookie(
        COOKIE,
        signing.dumps(marcas, salt=COOKIE),
        max_age=DURA,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _marcas(peticion: HttpRequest) -> dict[str, tuple[str, str]]:
    """Person → the device's number and the print of their password; of a forged cookie, nothing."""
    try:
        return signing.loads(peticion.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=DURA)
    except signing.BadSignature:
        return {}


def _huellas(usuario: Usuario) -> list[str]:
    """Of the password, by today's key first and by those it replaced."""
    claves = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [
        salted_hmac(
            COOKIE, f"{usuario.pk}{usuario.password}", secret=c, algorithm="sha256"
        ).hexdigest()[:32]
        for c in claves
    ]
