"""Who is in: the session and its person, which every page asks for, by queries whose text is written once."""

from datetime import datetime

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from casos.models import Usuario
from casos.models.preparada import Preparada

_SESION = Preparada(
    lambda clave, ahora: Session.objects.filter(session_key=clave, expire_date__gt=ahora),
    str, datetime,
)  # fmt: skip
_PERSONA = Preparada(lambda pk: Usuario.objects.filter(pk=pk), int)


class SessionStore(db.SessionStore):
    """Django's own; its name too is what it signs with (``SESSION_ENGINE``)."""

    def _get_session_from_db(self) -> Session | None:
        for sesion in _SESION(self.session_key, timezone.now()):
            return sesion
        self._session_key = None
        return None


class Puerta(AuthenticationBackend):
    """allauth's own (``AUTHENTICATION_BACKENDS``)."""

    def get_user(self, user_id: int) -> Usuario | None:
        for persona in _PERSONA(user_id):
            return persona if self.user_can_authenticate(persona) else None
        return None
