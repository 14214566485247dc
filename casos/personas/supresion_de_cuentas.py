"""Personal data of our own people (LFPDPPP): which notice they were given, and suppression once they left.

Their name stays where the log says who acted; how they are reached, what they left half typed and what the
record of security keeps of their network and devices go.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from casos.catalogos import Hecho
from casos.datos_tratados import ABIERTAS
from casos.models import (
    AvisoPrivacidad,
    Borrador,
    EnlaceDeCalendario,
    EntregaDeAviso,
    Hallazgo,
    Para,
    SolicitudARCO,
    Supresion,
    Usuario,
    VistaGuardada,
)
from casos.models.huellas import nueva_sal
from casos.seguridad.anotar import anotar, suprimir
from casos.vocabulario_de_auditoria import HALLAZGOS_ABIERTOS

from .salidas import revisar_salida

YA = "Los datos de esta persona ya se suprimieron."
ACTIVA = "La cuenta sigue activa: desactívala antes en Administración."
LA_PROPIA = "Los tuyos los suprime otra persona que lleve los datos personales."
LA_ULTIMA = "Es la última cuenta que administra el sistema."


def por_que_no(usuario: Usuario, por: Usuario | None) -> list[str]:
    """Why their data are not suppressed now, in words; none where they may be."""
    if usuario.suprimida_en:
        return [YA]
    if por is not None and por.pk == usuario.pk:
        return [LA_PROPIA]
    if usuario.is_active:
        return [ACTIVA]
    otras = Usuario.objects.filter(is_superuser=True, is_active=True).exclude(pk=usuario.pk)
    porques = [LA_ULTIMA] if usuario.is_superuser and not otras.exists() else []
    try:
        revisar_salida(usuario, deja_gerencia=False)
    except ValidationError as error:
        porques += error.messages
    return [*porques, *_lo_que_atiende(usuario)]


def _lo_que_atiende(usuario: Usuario) -> list[str]:
    """Requests and findings that wait for them: nobody could be asked."""
    solicitudes = SolicitudARCO.objects.filter(lleva=usuario, estado__in=ABIERTAS)
    hallazgos = Hallazgo.objects.filter(responsable=usuario, estado__in=HALLAZGOS_ABIERTOS)
    return [
        f"{que} ({', '.join(map(str, filas))}): pásalos antes a otra persona."
        for que, filas in (
            ("Atiende solicitudes ARCO abiertas", solicitudes[:6]),
            ("Es responsable de hallazgos abiertos", hallazgos[:6]),
        )
        if filas
    ]


def _lo_suyo(usuario: Usuario) -> list[QuerySet[Any]]:
    """Rows of nobody else's use: a view that was shared stays with those who use it."""
    sesiones = UserSession.objects.filter(user=usuario)
    return [
        Borrador.objects.filter(usuario=usuario),
        VistaGuardada.objects.filter(usuario=usuario, para=Para.NADIE),
        EnlaceDeCalendario.objects.filter(usuario=usuario),
        Session.objects.filter(
            session_key__in=list(sesiones.values_list("session_key", flat=True))
        ),
        sesiones,
        Authenticator.objects.filter(user=usuario),
    ]


@transaction.atomic
def suprimir_cuenta(usuario: Usuario, *, por: Usuario | None = None) -> Supresion:
    """What is kept of somebody who left, but their name and what they did. It cannot be undone.

    ``por``: nobody, where a command does it. Raises ``ValidationError`` with each reason of ``por_que_no``.
    """
    usuario.refresh_from_db(
        from_queryset=Usuario.objects.select_for_update(no_key=True)  # two at once: one
    )
    if porques := por_que_no(usuario, por):
        raise ValidationError(porques)
    lugares = {}
    for filas in _lo_suyo(usuario):
        # Without signals: nobody is written to about a second factor that goes with all the rest.
        lugares[filas.model._meta.model_name or ""] = filas._raw_delete(filas.db)
    # Not by ``save``: it would write to the very address that goes, and keep it beside the record of security.
    # With another salt, what the chain of settings says of the row can no longer be guessed.
    ahora = timezone.now()
    Usuario.objects.filter(pk=usuario.pk).update(
        email="", telefono="", password=make_password(None), columnas="", sal=nueva_sal(), suprimida_en=ahora
    )  # fmt: skip
    lugares["hechodeseguridad"] = suprimir(usuario, por)
    usuario.refresh_from_db()
    return Supresion.objects.create(
        usuario=usuario, en=ahora, por=por, lugares={k: v for k, v in lugares.items() if v}
    )


@transaction.atomic
def dar_aviso(
    usuario: Usuario, *, aviso: AvisoPrivacidad, como: str, fecha: date, por: Usuario
) -> EntregaDeAviso:
    """That they were given this notice. Raises ``ValidationError`` of whose data were suppressed."""
    usuario.refresh_from_db(from_queryset=Usuario.objects.select_for_update(no_key=True))
    if usuario.suprimida_en:
        raise ValidationError(YA)
    entrega = EntregaDeAviso.objects.create(
        usuario=usuario, aviso=aviso, como=como, fecha=fecha, anotada_por=por
    )
    anotar(Hecho.PRIVACIDAD, persona=usuario, autor=por, que="Se anotó el aviso que se le dio")
    return entrega
