"""Writes on people: accounts, memberships, substitutes (D§2 rule 5, D§5).

A person is locked ``no_key``: who writes down a fact about them, or a case of theirs, does not wait.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from casos import calendario
from casos.catalogos import ROLES_COMERCIALES, ROLES_DE_LECTURA, Rol
from casos.models import Area, Caso, Membresia, Suplencia, Usuario
from casos.models.personas import SE_SUPRIMIO
from casos.personas.areas import lo_que_debe


def es_gerencia(usuario: Usuario) -> bool:
    """One of those that ``Usuario.objects.gerencia()`` counts."""
    actua = usuario.is_active and not usuario.is_superuser
    return actua and (usuario.es_gerente or usuario.rol == Rol.DG)


def presta_su_trabajo(usuario: Usuario) -> bool:
    """Who acts nowhere (rule 3) has no work to lend, and must not lend what they may see."""
    return not usuario.is_superuser and usuario.rol not in ROLES_DE_LECTURA


def revisar_cambio(
    usuario: Usuario,
    *,
    rol: str,
    es_gerente: bool,
    activa: bool,
    administra: bool,
) -> None:
    """Raise ``ValidationError`` where the account, edited so, would break rule 5.

    An administrator acts on no case, so becoming one is leaving. Open cases are passed on before
    by gerencia, from the list of cases.
    """
    antes = Usuario.objects.get(pk=usuario.pk)
    if antes.suprimida_en and activa:
        raise ValidationError(SE_SUPRIMIO)
    sigue = activa and not administra and rol not in ROLES_DE_LECTURA
    revisar_salida(
        antes,
        deja_gerencia=not (sigue and (es_gerente or rol == Rol.DG)),
        deja_casos=not (sigue and rol in ROLES_COMERCIALES),
        areas=[] if sigue else None,
    )


@transaction.atomic
def revisar_salida(usuario: Usuario, *, deja_gerencia=True, deja_casos=True, areas=None) -> None:
    """Raise ``ValidationError`` where rule 5 forbids that this person leaves (or changes role).

    ``areas``: the areas left; by default all of the person's.
    """
    errores = []
    if deja_gerencia and es_gerencia(Usuario.objects.get(pk=usuario.pk)):
        # Two at once must not each find the other one still there.
        list(Usuario.objects.gerencia().order_by("pk").select_for_update(no_key=True))
        if not Usuario.objects.gerencia().exclude(pk=usuario.pk).exists():
            errores.append(
                "Es la última persona activa de gerencia o dirección: nombra a otra antes."
            )
    if deja_casos:
        folios = list(
            Caso.objects.abiertos().filter(responsable=usuario).values_list("folio", flat=True)[:6]
        )
        if folios:
            errores.append(
                f"Tiene casos abiertos ({', '.join(folios)}): pide a gerencia que los pase antes a otra persona."
            )
    mias = usuario.membresias.filter(activa=True)
    if areas is not None:
        mias = mias.filter(area__in=areas)
    for area in Area.objects.filter(pk__in=mias.values("area_id")):
        if not Usuario.objects.de_area(area).exclude(pk=usuario.pk).exists() and lo_que_debe(area):
            errores.append(
                f"Es la última persona de {area} y el área tiene pendientes: agrega a otra."
            )
    if errores:
        raise ValidationError(errores)


@transaction.atomic
def guardar_membresia(membresia: Membresia) -> Membresia:
    """Create or change a membership; the last one of an area with work cannot go (rule 5)."""
    if membresia.pk and not membresia.activa:
        antes = Membresia.objects.get(pk=membresia.pk)
        if antes.activa:
            revisar_salida(
                antes.usuario, deja_gerencia=False, deja_casos=False, areas=[antes.area_id]
            )
    membresia.full_clean()
    membresia.save()
    return membresia


@transaction.atomic
def crear_suplencia(titular, *, suplente, desde, hasta, motivo="") -> Suplencia:
    """Raises ``ValidationError``: nothing to lend, nobody to do it, or dates that overlap."""
    # Two at once must not each find the dates free: not the same one, nor A → B beside B → A.
    dos = Usuario.objects.filter(pk__in=[titular.pk, suplente.pk])
    list(dos.order_by("pk").select_for_update(no_key=True))
    if not presta_su_trabajo(titular):
        raise ValidationError("Tu cuenta no lleva trabajo en los casos que otra persona supla.")
    if not (suplente.is_active and presta_su_trabajo(suplente)):
        raise ValidationError({"suplente": "Elige a una persona activa que trabaje en los casos."})
    if Suplencia.objects.filter(titular=titular, desde__lte=hasta, hasta__gte=desde).exists():
        raise ValidationError("Ya tienes una suplencia en esas fechas.")
    # A chain A → B → C would hide who really acts: the substitute must be there, and stay there.
    if Suplencia.objects.filter(Q(titular=suplente), desde__lte=hasta, hasta__gte=desde).exists():
        raise ValidationError(f"{suplente} también va a estar fuera en esas fechas.")
    otras = Suplencia.objects.filter(suplente=titular, desde__lte=hasta, hasta__gte=desde)
    if tomada := otras.select_related("titular").first():
        raise ValidationError(
            f"En esas fechas suples a {tomada.titular}: pídele que elija antes a otra persona."
        )
    suplencia = Suplencia(
        titular=titular, suplente=suplente, desde=desde, hasta=hasta, motivo=motivo
    )
    suplencia.full_clean()
    suplencia.save()
    return suplencia


def terminar_suplencia(suplencia: Suplencia) -> None:
    """It ends yesterday. One that begins today or later goes away: the log, not this row, says
    who acted for whom."""
    ayer = calendario.hoy() - timedelta(days=1)
    if suplencia.desde > ayer:
        suplencia.delete()
        return
    suplencia.hasta = min(suplencia.hasta, ayer)
    suplencia.save(update_fields=["hasta"])
