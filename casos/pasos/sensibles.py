"""Marking a file as sensitive once it is there; at its upload the act's form says it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from casos.catalogos import Hecho
from casos.models import Adjunto, Prueba, Usuario
from casos.permisos.cargos import actua
from casos.permisos.de_privacidad import lleva_privacidad
from casos.pruebas import probando
from casos.seguridad.anotar import anotar


def puede_marcar(usuario: Usuario, adjunto: Adjunto) -> bool:
    """To mark: whoever acts and reads it. To take the mark away: who looks after privacy."""
    if adjunto.borrado_en:
        return False
    return lleva_privacidad(usuario) or (not adjunto.sensible and actua(usuario))


def marcar(adjunto: Adjunto, sensible: bool, usuario: Usuario) -> None:
    """Raises ``PermissionDenied`` where the person may not."""
    if adjunto.sensible == sensible:
        return
    if not puede_marcar(usuario, adjunto):
        raise PermissionDenied("La marca la quita quien lleva los datos personales.")
    with probando([adjunto.caso_id], Prueba.Motivo.MARCA):
        Adjunto.objects.filter(pk=adjunto.pk).update(sensible=sensible)
        que = "archivo marcado como sensible" if sensible else "marca de sensible quitada"
        anotar(Hecho.PRIVACIDAD, autor=usuario, que=que, archivo=adjunto.pk)
