"""Writes on the firm's own data. Who may is asked by the panel."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from casos.archivos import disco
from casos.models import Aviso, Empresa, Logo
from casos.models.empresa import ruta_de_logo


def guardar(empresa: Empresa, *, logo: Any = None, quitar: bool = False) -> None:
    """Its data and, where ``logo`` came, the new picture. Raises ``SinLugar``, and nothing was changed.

    The one before is removed with its file, unless a mail carries it: that one is sent again as it was.
    """
    ruta, anterior = "", empresa.logo
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
            if anterior and anterior != empresa.logo:
                _quitar(anterior)
    except BaseException:
        if ruta:
            disco.borrar(ruta)
        raise


def _quitar(logo: Logo) -> None:
    Logo.objects.select_for_update().get(pk=logo.pk)
    if not Aviso.objects.filter(logo=logo).exists():
        ruta = logo.archivo.name
        logo.delete()
        transaction.on_commit(lambda: disco.borrar(ruta))
