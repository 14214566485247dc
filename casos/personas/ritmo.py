"""How often a person changes what is written down of their own account: each change is a row for ever."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from casos.catalogos import Hecho
from casos.models import HechoDeSeguridad, Usuario

SE_ANOTAN = (Hecho.DATOS, Hecho.CORREO, Hecho.SUPLENCIA)
CUANTOS, EN = 20, timedelta(minutes=10)


def revisar(usuario: Usuario) -> None:
    """Raise ``ValidationError`` where they changed it so many times just now."""
    propios = HechoDeSeguridad.objects.filter(autor=usuario, persona=usuario, hecho__in=SE_ANOTAN)
    de_hace = (
        propios.order_by("-numero").values_list("en", flat=True)[CUANTOS - 1 : CUANTOS].first()
    )
    if de_hace and de_hace > timezone.now() - EN:
        raise ValidationError("Cambiaste tu cuenta muchas veces seguidas: espera diez minutos.")
