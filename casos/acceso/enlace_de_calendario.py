"""The private address of a person's calendar: made, ended, and whose one is. No pages, no cases.

It opens without a session what the person may see, so it is long, kept only as a digest, and ends when the
person leaves, changes the password, or says so.
"""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from casos.catalogos import Hecho
from casos.models import EnlaceDeCalendario, Usuario
from casos.permisos.cargos import actua
from casos.seguridad.anotar import anotar
from casos.seguridad.confirmar import exigir

LARGO = 32  # bytes


@transaction.atomic
def crear(usuario: Usuario) -> str:
    """A new key, told only now; the former one ends. Raises ``FaltaConfirmar``."""
    exigir("el enlace de tu calendario")
    clave = secrets.token_urlsafe(LARGO)
    _, nuevo = EnlaceDeCalendario.objects.update_or_create(
        usuario=usuario,
        defaults={
            "huella": _huella(clave),
            "contrasena": _de_la_contrasena(usuario),
            "creado_en": timezone.now(),
        },
    )
    anotar(Hecho.CALENDARIO, persona=usuario, que="creado" if nuevo else "renovado")
    return clave


@transaction.atomic
def anular(usuario: Usuario) -> bool:
    """Whether there was one."""
    cuantos, _ = EnlaceDeCalendario.objects.filter(usuario=usuario).delete()
    if cuantos:
        anotar(Hecho.CALENDARIO, persona=usuario, que="anulado")
    return bool(cuantos)


def vigente(usuario: Usuario) -> EnlaceDeCalendario | None:
    enlace = EnlaceDeCalendario.objects.filter(usuario=usuario).first()
    if enlace is None or not constant_time_compare(enlace.contrasena, _de_la_contrasena(usuario)):
        return None
    return enlace


def de_quien(clave: str) -> Usuario | None:
    """Whose calendar it opens. Looked up by digest: how long it takes says nothing of the key."""
    enlace = (
        EnlaceDeCalendario.objects.filter(huella=_huella(clave)).select_related("usuario").first()
    )
    if enlace is None:
        return None
    usuario = enlace.usuario
    igual = constant_time_compare(enlace.contrasena, _de_la_contrasena(usuario))
    return usuario if igual and usuario.is_active and actua(usuario) else None


def _huella(clave: str) -> str:
    return hashlib.sha256(clave.encode()).hexdigest()


def _de_la_contrasena(usuario: Usuario) -> str:
    return salted_hmac(__name__, usuario.password, algorithm="sha256").hexdigest()
