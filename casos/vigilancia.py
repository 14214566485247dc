"""What changes of accounts, areas and settings is written down and told, by whichever door it comes.

The models themselves are watched, so a page, the panel and a command all pass here, in the
transaction of their change. ``QuerySet.update`` does not: nothing writes these tables so.
"""

from __future__ import annotations

from datetime import timedelta

from allauth.account import signals as de_cuenta
from allauth.core import context
from allauth.mfa import signals as de_mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as de_auth
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.signals import (
    m2m_changed,
    post_delete,
    post_save,
    pre_delete,
    pre_save,
)
from django.utils import timezone

from casos import avisos_de_seguridad as avisos
from casos.acceso import sesiones
from casos.catalogos import Hecho
from casos.models import (
    Area,
    AvisoPrivacidad,
    ClausulaISO,
    Concepto,
    Configuracion,
    DiaInhabil,
    Empresa,
    Jornada,
    Membresia,
    Motivo,
    Plazo,
    PlazoDeConservacion,
    Sede,
    Suplencia,
    TipoRequerimiento,
    Usuario,
)
from casos.seguridad.anotar import anotar
from casos.seguridad.confirmar import exigir

DE_LA_CUENTA = {
    "password": Hecho.CONTRASENA,
    "email": Hecho.CORREO,
    "rol": Hecho.ROL,
    "es_gerente": Hecho.GERENCIA,
    "is_superuser": Hecho.ADMINISTRACION,
    "lleva_privacidad": Hecho.ROL,
    "is_active": Hecho.ACTIVIDAD,
    "username": Hecho.DATOS,
    "first_name": Hecho.DATOS,
    "last_name": Hecho.DATOS,
    "telefono": Hecho.DATOS,
}
PERSONALES = {"email", "username", "first_name", "last_name", "telefono"}  # beside the chain
# Changed only by whoever confirms who they are.
DELICADOS = {
    "email": "el correo",
    "username": "el nombre de usuario",
    "rol": "el rol",
    "es_gerente": "la gerencia comercial",
    "is_superuser": "el permiso de administrar el sistema",
}
EN_CADA_CARTA = {"razon_social", "nombre_comercial", "telefono", "sitio"}  # what clients trust
DE_LA_FIRMA = (Configuracion, Empresa)
CATALOGOS = (
    Motivo,
    TipoRequerimiento,
    Concepto,
    Plazo,
    DiaInhabil,
    Jornada,
    Sede,
    ClausulaISO,
    AvisoPrivacidad,
    PlazoDeConservacion,
)
VIGILADOS: dict[type[models.Model], set[str] | None] = {
    Usuario: set(DE_LA_CUENTA),
    Membresia: {"es_responsable", "activa"},
    Suplencia: {"desde", "hasta", "suplente"},
    Area: None,  # all of them
    Configuracion: None,
    Empresa: None,
    **dict.fromkeys(CATALOGOS),
}
CALCULADOS = ("nombre_igual",)
RECIEN = 10  # seconds: recovery codes that come with a second factor are not told apart


def instalar() -> None:
    """Connect everything; once, where the program starts."""
    for modelo in VIGILADOS:
        pre_save.connect(_leer_antes, sender=modelo)
        post_save.connect(_comparar, sender=modelo)
    for modelo in (DiaInhabil, Suplencia):
        post_delete.connect(_se_borro, sender=modelo)
    for modelo in (TipoRequerimiento, Concepto):
        m2m_changed.connect(_cambiaron_las_areas, sender=modelo.areas.through)
    post_save.connect(_hay_factor, sender=Authenticator)
    pre_delete.connect(_se_va_el_factor, sender=Authenticator)
    post_delete.connect(_no_hay_factor, sender=Authenticator)
    de_cuenta.user_logged_in.connect(_entro)
    de_auth.user_logged_out.connect(_salio)
    de_auth.user_login_failed.connect(_no_entro)
    de_mfa.authentication_failed.connect(_codigo_malo)
    de_mfa.authenticator_used.connect(_se_uso)


# -- rows ------------------------------------------------------------------------------------------


def _leer_antes(sender, instance, raw, using, update_fields=None, **kwargs):
    """Keep the row as it is stored, and refuse what asks for a confirmation first."""
    instance._anterior = None
    if raw or using != DEFAULT_DB_ALIAS:
        return
    vigilados = VIGILADOS[sender]
    if update_fields is not None and vigilados is not None and not vigilados & set(update_fields):
        return
    if not instance._state.adding:
        instance._anterior = sender._base_manager.filter(pk=instance.pk).first()
    if sender is Usuario:
        _exigir_confirmacion(instance, instance._anterior)
    elif sender is Empresa and _cambian(instance, instance._anterior) & EN_CADA_CARTA:
        exigir("cambiar lo que cada correo a un cliente dice de la empresa")
    elif sender is Suplencia and instance._anterior is None:  # to end one is only to take it back
        exigir(f"prestar tu trabajo a {instance.suplente}")
    elif sender is Configuracion and instance._anterior is not None:
        if set(instance._anterior.segundo_factor_de) - set(instance.segundo_factor_de):
            exigir("dejar de pedir el segundo factor")


def _exigir_confirmacion(usuario: Usuario, antes: Usuario | None) -> None:
    if antes is None:
        exigir("crear una cuenta")
        return
    cambia = [c for c in DELICADOS if getattr(antes, c) != getattr(usuario, c)]
    regresa = usuario.is_active and not antes.is_active
    if cambia or regresa:
        propia = context.request is not None and context.request.user.pk == usuario.pk
        dichas = [DELICADOS[c] for c in cambia] + ["la activación"] * regresa
        de_quien = "tu cuenta" if propia else f"la cuenta de {antes}"
        exigir(f"cambiar {' y '.join(dichas)} de {de_quien}")


def _comparar(sender, instance, created, raw, using, **kwargs):
    if raw or using != DEFAULT_DB_ALIAS:
        return
    if created:
        _alta(instance)
        return
    antes = getattr(instance, "_anterior", None)
    if antes is None:
        return
    distintos = _cambian(instance, antes)
    cambios = [c for c in _campos(sender) if c.name in distintos]
    if not cambios:
        return
    if sender is Usuario:
        _cambio_la_cuenta(instance, antes, cambios)
    elif sender is Membresia:
        _cambio_la_membresia(instance, cambios)
    elif sender is Suplencia:
        _suplencia(instance, "cambio")
    elif sender is Area:
        _cambio_el_area(instance, antes, cambios)
    else:
        hecho = Hecho.CONFIGURACION if sender in DE_LA_FIRMA else Hecho.CATALOGO
        hechos = [anotar(hecho, que=_nombre(antes), **_de_a(c, antes, instance)) for c in cambios]
        if sender is Empresa:
            avisos.de_la_empresa([_cambio_dicho(c, antes, instance) for c in cambios], hechos[0])
        if sender is Configuracion and "segundo_factor_de" in distintos:
            avisos.de_a_quien_se_le_pide(antes, instance, hechos[-1])


def _cambian(fila, antes) -> set[str]:
    """The names of the columns that differ; of a new row none: nobody trusted it before."""
    return {
        c.name
        for c in _campos(type(fila))
        if antes is not None and getattr(antes, c.attname) != getattr(fila, c.attname)
    }


def _campos(modelo) -> list[models.Field]:
    vigilados = VIGILADOS[modelo]
    return [
        c
        for c in modelo._meta.concrete_fields
        if not c.primary_key
        and c.name not in CALCULADOS
        and (vigilados is None or c.name in vigilados)
    ]


def _alta(fila) -> None:
    if isinstance(fila, Usuario):
        hecho = anotar(
            Hecho.ALTA,
            persona=fila,
            rol=str(fila.get_rol_display()),
            es_gerente=fila.es_gerente,
            administra=fila.is_superuser,
            aparte={"usuario": fila.username, "correo": fila.email},
        )
        if fila.is_superuser:
            avisos.hay_administrador(fila, hecho)
    elif isinstance(fila, Membresia):
        hecho = anotar(
            Hecho.MEMBRESIA,
            persona=fila.usuario,
            que=fila.area.nombre,
            alta=True,
            responsable=fila.es_responsable,
            activa=fila.activa,
        )
        avisos.de_membresia(fila, hecho, alta=True)
    elif isinstance(fila, Suplencia):
        _suplencia(fila, "alta")
    elif context.request is not None:  # what a new database starts with is nobody's act
        hecho = Hecho.AREA if isinstance(fila, Area) else Hecho.CATALOGO
        if isinstance(fila, DE_LA_FIRMA):
            hecho = Hecho.CONFIGURACION
        anotar(hecho, que=_nombre(fila), alta=True)


def _cambio_la_cuenta(usuario: Usuario, antes: Usuario, cambios: list[models.Field]) -> None:
    hechos = []
    for campo in cambios:
        tipo = DE_LA_CUENTA[campo.name]
        if campo.name == "password":
            # Django rewrites the digest of the same password when its own cost grows; none stays none.
            sin_cambio = usuario.has_usable_password() or not antes.has_usable_password()
            if usuario._password is None and sin_cambio:
                continue
            hechos.append((campo.name, anotar(tipo, persona=usuario)))
        else:
            hechos.append(
                (campo.name, anotar(tipo, persona=usuario, **_de_a(campo, antes, usuario)))
            )
    avisos.de_la_cuenta(usuario, antes, hechos)
    if antes.is_active and not usuario.is_active:
        # One that stayed would let the person in again the day the account is active again.
        sesiones.cerrar(usuario)


def _cambio_la_membresia(fila: Membresia, cambios: list[models.Field]) -> None:
    hecho = anotar(
        Hecho.MEMBRESIA,
        persona=fila.usuario,
        que=fila.area.nombre,
        responsable=fila.es_responsable,
        activa=fila.activa,
    )
    avisos.de_membresia(fila, hecho, alta=False)


def _suplencia(fila: Suplencia, que: str) -> None:
    hecho = anotar(
        Hecho.SUPLENCIA,
        persona=fila.titular,
        que={"alta": "Se presta el trabajo", "cambio": "Cambió", "baja": "Se quitó"}[que],
        suplente=fila.suplente_id,
        desde=fila.desde.isoformat(),
        hasta=fila.hasta.isoformat(),
        aparte={"suplente": str(fila.suplente)},
    )
    avisos.de_suplencia(fila, hecho, alta=que == "alta")


def _cambio_el_area(area: Area, antes: Area, cambios: list[models.Field]) -> None:
    for campo in cambios:
        if campo.name == "correo":
            hecho = anotar(
                Hecho.CORREO_DE_AREA,
                que=area.nombre,
                aparte={"antes": antes.correo, "despues": area.correo},
            )
            avisos.del_correo_de_area(area, antes, hecho)
        else:
            anotar(Hecho.AREA, que=antes.nombre, **_de_a(campo, antes, area))


def _se_borro(sender, instance, using, **kwargs):
    if using != DEFAULT_DB_ALIAS:
        return
    if sender is Suplencia:
        _suplencia(instance, "baja")
    else:
        anotar(Hecho.CATALOGO, que=_nombre(instance), baja=True)


def _cambiaron_las_areas(sender, instance, action, pk_set, reverse, using, **kwargs):
    if using != DEFAULT_DB_ALIAS or reverse or context.request is None:
        return
    if action in ("post_add", "post_remove") and pk_set:
        areas = Area.objects.filter(pk__in=pk_set).values_list("nombre", flat=True)
        cual = "despues" if action == "post_add" else "antes"
        anotar(Hecho.CATALOGO, que=_nombre(instance), campo="áreas", **{cual: ", ".join(areas)})


def _nombre(fila) -> str:
    """«motivo "Precio"»: which row of which catalogue, in words."""
    return f"{fila._meta.verbose_name} «{fila}»"


def _de_a(campo: models.Field, antes, ahora) -> dict:
    """What ``anotar`` takes of a changed column: personal data beside the chain."""
    valores = {"antes": _dicho(campo, antes), "despues": _dicho(campo, ahora)}
    etiqueta = {"campo": str(campo.verbose_name)}
    personal = isinstance(ahora, Usuario) and campo.name in PERSONALES
    return etiqueta | ({"aparte": valores} if personal else valores)


def _cambio_dicho(campo: models.Field, antes, ahora) -> str:
    if campo.name == "logo":  # a picture has no words
        return "Cambió el logotipo"
    era, es = (_dicho(campo, f) or "nada" for f in (antes, ahora))
    return f"{str(campo.verbose_name).capitalize()}: era {era} y ahora es {es}"


def _dicho(campo: models.Field, fila) -> str:
    valor = getattr(fila, campo.name)
    if isinstance(valor, bool):
        return "sí" if valor else "no"
    if campo.choices:
        return str(getattr(fila, f"get_{campo.name}_display")())
    return "" if valor is None else str(valor)


# -- the second factor -----------------------------------------------------------------------------


def _hay_factor(sender, instance, created, raw, using, **kwargs):
    if not created or raw or using != DEFAULT_DB_ALIAS:
        return
    if instance.type == Authenticator.Type.TOTP:
        avisos.de_segundo_factor(instance.user, anotar(Hecho.SEGUNDO_FACTOR, persona=instance.user))
    elif instance.type == Authenticator.Type.RECOVERY_CODES:
        hecho = anotar(Hecho.CODIGOS, persona=instance.user)
        desde = timezone.now() - timedelta(seconds=RECIEN)
        suyos = Authenticator.objects.filter(user=instance.user, type=Authenticator.Type.TOTP)
        if not suyos.filter(created_at__gte=desde).exists():
            avisos.de_segundo_factor(instance.user, hecho)


def _se_va_el_factor(sender, instance, using, **kwargs):
    if using == DEFAULT_DB_ALIAS:
        propio = context.request is not None and context.request.user.pk == instance.user_id
        exigir(f"quitar el segundo factor de {'tu cuenta' if propio else instance.user}")


def _no_hay_factor(sender, instance, using, **kwargs):
    if using == DEFAULT_DB_ALIAS and instance.type == Authenticator.Type.TOTP:
        hecho = anotar(Hecho.SIN_SEGUNDO_FACTOR, persona=instance.user)
        avisos.de_segundo_factor(instance.user, hecho)


# -- coming in -------------------------------------------------------------------------------------


def _entro(sender, request, user, **kwargs):
    anotar(Hecho.ENTRADA, persona=user, autor=user, peticion=request)


def _salio(sender, request, user, **kwargs):
    if user is not None:
        anotar(Hecho.SALIDA, persona=user, autor=user, peticion=request)


def _no_entro(sender, credentials, request=None, **kwargs):
    """Of who does not exist the name is not kept: people type their password there."""
    if request is not None and request.user.is_authenticated:
        anotar(Hecho.CONFIRMACION_FALLIDA, persona=request.user, peticion=request)
        return
    nombre = str(credentials.get("username") or "")[:150]
    persona = Usuario.objects.filter(username__iexact=nombre.replace("\x00", "")).first()
    con = "contraseña" if persona is None or persona.is_active else "cuenta desactivada"
    anotar(Hecho.ENTRADA_FALLIDA, persona=persona, peticion=request, con=con)


def _codigo_malo(sender, request, user, **kwargs):
    hecho = Hecho.CONFIRMACION_FALLIDA if kwargs.get("reauthentication") else Hecho.ENTRADA_FALLIDA
    anotar(hecho, persona=user, peticion=request, con="código")


def _se_uso(sender, request, user, authenticator, **kwargs):
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        anotar(Hecho.CODIGO_USADO, persona=user, autor=user, peticion=request)
