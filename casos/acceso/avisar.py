"""What a person is told by mail of their account: failed attempts, a new device. Once a day each."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from casos.correo import bandeja_de_salida
from casos.models import Usuario
from casos.seguridad import de_donde

UN_DIA = 24 * 3600


@contextmanager
def como_a_cualquiera(usuario: Usuario | None) -> Iterator[Usuario]:
    """For nobody the same is done, and undone: who measures the time learns nothing."""
    with transaction.atomic():
        with transaction.atomic():
            yield usuario or Usuario(pk=0, username="nadie", email="nadie@localhost")
            if usuario is None:
                transaction.set_rollback(True)
        bandeja_de_salida.despertar()


def de_intentos(peticion: HttpRequest, usuario: Usuario | None, cuenta: str) -> None:
    """Somebody tried and tried; ``cuenta`` names whom they meant, who perhaps is nobody."""
    _avisar(peticion, usuario, f"intentos:{cuenta}", "Intentaron entrar a tu cuenta", "intentos")


def de_codigos(peticion: HttpRequest, usuario: Usuario) -> None:
    """Somebody who had the password tried codes of the second factor."""
    asunto = "Alguien escribió tu contraseña, pero no tu código"
    _avisar(peticion, usuario, f"codigos:{usuario.pk}", asunto, "codigos")


def de_dispositivo_nuevo(peticion: HttpRequest, usuario: Usuario) -> None:
    desde = f"{de_donde.dispositivo(peticion)}:{de_donde.direccion(peticion)}"
    llave = f"dispositivo:{usuario.pk}:{desde}".replace(" ", "_")
    _avisar(
        peticion,
        usuario,
        llave,
        "Entraron a tu cuenta desde un dispositivo nuevo",
        "dispositivo_nuevo",
    )


def _avisar(
    peticion: HttpRequest, usuario: Usuario | None, llave: str, asunto: str, plantilla: str
) -> None:
    llave = f"avisado:{llave}"
    if not cache.add(llave, 1, UN_DIA):
        return
    try:
        _escribir(peticion, usuario, asunto, plantilla)
    except BaseException:
        cache.delete(llave)  # it was not told: the next time it is
        raise


def _escribir(peticion: HttpRequest, usuario: Usuario | None, asunto: str, plantilla: str) -> None:
    lee = usuario if usuario and usuario.is_active and usuario.email else None
    with como_a_cualquiera(lee) as quien:
        contexto = {
            "usuario": quien,
            "base": settings.URL_BASE,
            "cuando": timezone.now(),
            "direccion": de_donde.direccion(peticion),
            "dispositivo": de_donde.dispositivo(peticion),
        }
        texto = render_to_string(f"correos/cuenta/{plantilla}.txt", contexto)
        bandeja_de_salida.cuenta(quien, quien.email, asunto, texto)
