"""Writes on the firm's own data. Who may is asked by the panel."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import IntegrityError, transaction

from casos.archivos import disco
from casos.models import Empresa, Logo
from casos.models.empresa import ruta_de_logo


def guardar(empresa: Empresa, *, logo: Any = None, quitar: bool = False) -> None:
    """Its data and, where ``logo`` came, the new picture. Raises ``SinLugar``, and nothing was changed.

    The one before stays for the mails that carry it, or are being written: ``quitar_los_que_nadie_usa``.
    """
    ruta = ""
    try:
        with transaction.atomic():
            if logo:
                ancho, alto = logo.medidas
                ruta = disco.guardar(ruta_de_logo(None, ""), logo)
                empresa.logo = Logo.objects.create(
                    archivo=ruta, tipo=logo.tipo, ancho=ancho, alto=alto
                )
            elif quitar:
                empresa.logo = None
            empresa.save()
    except BaseException:
        if ruta:
            disco.borrar(ruta)
        raise


def quitar_los_que_nadie_usa() -> int:
    """Each night: logos that are neither the firm's nor a mail's. A mail is sent again as it was."""
    quitados = 0
    for logo in Logo.objects.exclude(pk__in=Empresa.objects.exclude(logo=None).values("logo")):
        try:
            with transaction.atomic():
                ruta = logo.archivo.name
                logo.delete()  # refused where a mail carries it
                transaction.on_commit(partial(disco.borrar, ruta))
        except IntegrityError:
            continue
        quitados += 1
    return quitados
