"""To whom the second factor is compulsory, and how often it may still wait. No pages."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from casos.catalogos import Hecho
from casos.catalogos import PideSegundoFactor as Pide
from casos.models import Usuario
from casos.seguridad.anotar import anotar

VECES = 3  # that it may be left for later
PENDIENTE = "segundo_factor_pendiente"  # in the session: nothing else opens


def por_que_se_le_pide(usuario: Usuario) -> str:
    """The kind of person it is asked of, in words; "" where it is not asked of this one."""
    pide = set(usuario.configuracion.segundo_factor_de)
    clases = [Pide.ADMINISTRA] if usuario.is_superuser else []
    for cargo in (
        usuario.cargos if pide else ()
    ):  # and who stands in for somebody decides as they do
        clases += [Pide.GERENCIA] if cargo.es_gerente else []
        clases += [Pide(cargo.rol)] if cargo.rol else []
        clases += [Pide.AREAS] if cargo.areas else []
    return next((str(c.label) for c in clases if c in pide), "")


def tiene(usuario: Usuario) -> bool:
    return is_mfa_enabled(usuario, [Authenticator.Type.TOTP])


def al_entrar(peticion: HttpRequest, usuario: Usuario) -> bool:
    """Whether the person is led to activate it before anything else."""
    if tiene(usuario):
        _contar_desde_cero(usuario)
        return False
    if not por_que_se_le_pide(usuario):
        return False
    peticion.session[PENDIENTE] = True
    return True


def detiene(peticion: HttpRequest) -> bool:
    """Whether it still is what comes first; activated, or asked of them no more, it is not."""
    usuario = peticion.user
    if not peticion.session.get(PENDIENTE):
        return False
    if tiene(usuario):
        _contar_desde_cero(usuario)
    elif por_que_se_le_pide(usuario):
        return True
    del peticion.session[PENDIENTE]
    return False


def quedan(usuario: Usuario) -> int:
    return max(0, VECES - usuario.veces_pospuesto)


def posponer(peticion: HttpRequest) -> bool:
    """Until the next login; ``False`` where it has waited often enough."""
    yo = peticion.user
    with transaction.atomic():
        puede = Usuario.objects.filter(pk=yo.pk, veces_pospuesto__lt=VECES)
        if not puede.update(veces_pospuesto=F("veces_pospuesto") + 1):
            return False
        anotar(Hecho.POSPUSO, persona=yo, quedan=quedan(yo) - 1)
    peticion.session.pop(PENDIENTE, None)
    return True


def al_desactivar(peticion: HttpRequest, usuario: Usuario) -> None:
    """Who must have one changes it for another: at once, not some day."""
    if por_que_se_le_pide(usuario):
        Usuario.objects.filter(pk=usuario.pk).update(veces_pospuesto=VECES)
        peticion.session[PENDIENTE] = True


def quitar(usuario: Usuario) -> bool:
    """For who lost telephone and codes; the administrator does it. ``False`` if there was none."""
    _contar_desde_cero(usuario)
    return bool(Authenticator.objects.filter(user=usuario).delete()[0])


def _contar_desde_cero(usuario: Usuario) -> None:
    if usuario.veces_pospuesto:
        usuario.veces_pospuesto = 0
        usuario.save(update_fields=["veces_pospuesto"])
