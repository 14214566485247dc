"""Open sessions: until when each lives, which ones a person has, and ending them.

Two limits: so long without use, and so long in all. When a session was last seen is written every few
minutes, not with every request.
"""

import time
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from casos.catalogos import Hecho
from casos.models import Usuario
from casos.seguridad import de_donde
from casos.seguridad.anotar import anotar
from casos.sin_esperar import sin_esperar

ENTRO, VISTA = "entro", "vista"  # in the session: seconds of the epoch
SIN_DIRECCION = "0.0.0.0"  # what the list keeps where no address was told
CADA = 300  # seconds between two notes of when it was last seen


@dataclass(frozen=True)
class Abierta:
    pk: int
    dispositivo: str
    direccion: str
    desde: datetime
    vista: datetime
    es_esta: bool


def vencio(datos) -> bool:
    """Too long without use, or too long in all."""
    ahora = time.time()
    return (
        ahora - datos.get(VISTA, ahora) > settings.SESION_SIN_USO
        or ahora - datos.get(ENTRO, ahora) > settings.SESSION_COOKIE_AGE
    )


def empezar(peticion: HttpRequest) -> None:
    """Whoever just came in: its limits count from now."""
    peticion.session[ENTRO] = peticion.session[VISTA] = int(time.time())


def anotar_uso(peticion: HttpRequest) -> None:
    """Remember that it was seen now, unless that was said a moment ago. Where it cannot be written it is not."""
    sesion, ahora = peticion.session, int(time.time())
    if ahora - sesion.get(VISTA, 0) < CADA:
        return
    sesion[VISTA] = ahora
    sesion.setdefault(ENTRO, ahora)
    try:
        with sin_esperar():
            sesion.save()
            _en_la_lista(peticion)
    except (DatabaseError, UpdateError):  # or it was ended meanwhile: the next request finds out
        pass
    sesion.modified = False  # what is seen of it is written already


def abiertas(usuario: Usuario, esta: str = "") -> list[Abierta]:
    """Those that still let somebody in, the one of now first. Two queries."""
    filas = {f.session_key: f for f in UserSession.objects.filter(user=usuario)}
    vivas = Session.objects.filter(session_key__in=filas, expire_date__gt=timezone.now())
    claves = [usuario.get_session_auth_hash(), *usuario.get_session_auth_fallback_hash()]
    lista = []
    for viva in vivas:
        datos, fila = viva.get_decoded(), filas[viva.session_key]
        huella = datos.get(HASH_SESSION_KEY, "")
        if vencio(datos) or not any(constant_time_compare(huella, c) for c in claves):
            continue
        lista.append(
            Abierta(
                pk=fila.pk,
                dispositivo=de_donde.en_palabras(fila.user_agent),
                direccion="" if fila.ip == SIN_DIRECCION else fila.ip,
                desde=fila.created_at,
                vista=fila.last_seen_at,
                es_esta=fila.session_key == esta,
            )
        )
    return sorted(lista, key=lambda a: (not a.es_esta, -a.vista.timestamp()))


def cerrar(usuario: Usuario, *, menos: str = "", solo: int | None = None) -> int:
    """End a person's sessions: all but one, or only one; how many let somebody in until now."""
    abiertas_ahora = {a.pk for a in abiertas(usuario)}
    filas = UserSession.objects.filter(user=usuario).exclude(session_key=menos)
    if solo is not None:
        filas = filas.filter(pk=solo)
    claves = dict(filas.values_list("session_key", "pk"))
    with transaction.atomic():
        Session.objects.filter(session_key__in=claves).delete()
        filas.delete()
        cerradas = len(abiertas_ahora & set(claves.values()))
        if cerradas:
            anotar(Hecho.SESIONES, persona=usuario, cuantas=cerradas)
    return cerradas


def olvidar(peticion: HttpRequest) -> None:
    """It ended by itself, or by its own button."""
    UserSession.objects.filter(session_key=peticion.session.session_key).delete()


def _en_la_lista(peticion: HttpRequest) -> None:
    esta = UserSession.objects.filter(session_key=peticion.session.session_key)
    direccion = de_donde.direccion(peticion) or SIN_DIRECCION
    if not esta.update(last_seen_at=timezone.now(), ip=direccion):
        UserSession.objects.create_from_request(peticion)
