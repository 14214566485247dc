"""Whose data are no longer needed (LFPDPPP): proposed at night, confirmed by a person, blocked, then suppressed."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from casos.catalogos import Estado
from casos.datos_tratados import EstadoDePropuesta
from casos.models import (
    Bloqueo,
    Caso,
    Configuracion,
    PersonaContacto,
    PlazoDeConservacion,
    PropuestaDeSupresion,
    Usuario,
)

from . import supresion
from .altas import con_candado
from .bloqueo import bloquear

E = EstadoDePropuesta
MOTIVO = "Pasó el plazo de conservación de todos sus casos"
log = logging.getLogger(__name__)


def proponer() -> int:
    """Those all of whose cases are over and past the term of how they ended; how many are new.

    An annulled case ended in no way and counts in no figure: it is kept the shortest of the terms, from its
    annulment. Whoever was left as they are is proposed again once another case of theirs has closed since.
    """
    plazos = dict(PlazoDeConservacion.objects.values_list("resultado", "meses"))
    if not plazos:
        return 0
    hoy = timezone.localdate()
    pasados = Q(pk__in=[])
    for resultado, meses in plazos.items():
        pasados |= Q(resultado=resultado, cerrado_en__date__lte=_hace(hoy, meses))
    hace_poco = _hace(hoy, min(plazos.values()))
    anulados = Q(estado=Estado.ANULADO, estado_desde__date__lte=hace_poco)
    con_otros = Caso.objects.exclude((Q(estado=Estado.CERRADO) & pasados) | anulados)
    vivas = PersonaContacto.objects.filter(suprimida_en=None, bloqueada_en=None)
    candidatas = (
        vivas.filter(casos__isnull=False)
        .exclude(casos__in=con_otros)
        .exclude(propuestas_de_supresion__estado=E.ESPERA)
        .distinct()
    )
    for modelo in supresion.CON_PERSONA:
        nombradas = modelo._base_manager.filter(caso__in=con_otros, persona__isnull=False)
        candidatas = candidatas.exclude(pk__in=nombradas.values("persona"))
    nuevas = []
    for persona in candidatas.prefetch_related("casos", "propuestas_de_supresion"):
        ultimo = max(c.cerrado_en or c.estado_desde for c in persona.casos.all())
        if all(p.ultimo_cierre < ultimo for p in persona.propuestas_de_supresion.all()):
            nuevas.append(PropuestaDeSupresion(persona=persona, ultimo_cierre=ultimo))
    PropuestaDeSupresion.objects.bulk_create(nuevas, ignore_conflicts=True)
    return len(nuevas)


def _hace(hoy: date, meses: int) -> date:
    """The same day that many months before; of a shorter month, its last."""
    anio, mes = divmod(hoy.year * 12 + hoy.month - 1 - meses, 12)
    siguiente = date(anio + (mes == 11), (mes + 1) % 12 + 1, 1)
    return min(date(anio, mes + 1, 1) + timedelta(days=hoy.day - 1), siguiente - timedelta(days=1))


def decidir(
    pks: Iterable[int], *, confirmar: bool, motivo: str, por: Usuario
) -> list[tuple[PropuestaDeSupresion, str]]:
    """Each on its own: what came of it, in words. Raises nothing."""
    hasta = timezone.localdate() + timedelta(days=Configuracion.actual().bloqueo_dias)
    salieron = []
    for pk in pks:
        with transaction.atomic():
            fila = PropuestaDeSupresion.objects.select_for_update().filter(pk=pk).first()
            if fila is None:
                continue
            salieron.append((fila, _una(fila, confirmar, motivo, por, hasta)))
    return salieron


def _una(
    fila: PropuestaDeSupresion, confirmar: bool, motivo: str, por: Usuario, hasta: date
) -> str:
    if fila.estado != E.ESPERA:
        return f"Ya estaba decidida: {fila.get_estado_display().lower()}."
    if confirmar:
        # Locked first: who registers a case of theirs meanwhile is waited for.
        con_candado(fila.persona)
        if supresion.casos_con(fila.persona).abiertos().exists():
            return "Tiene un caso abierto: no se bloqueó."
        try:
            with transaction.atomic():
                bloquear(fila.persona, motivo=motivo or MOTIVO, hasta=hasta, por=por)
        except ValidationError as error:
            return " ".join(error.messages)
    fila.estado = E.CONFIRMADA if confirmar else E.DESCARTADA
    fila.decidida_por, fila.decidida_en, fila.motivo = por, timezone.now(), motivo
    fila.save()
    return f"Bloqueada hasta el {hasta:%d/%m/%Y}." if confirmar else "Se conservan sus datos."


def confirmados() -> QuerySet[Bloqueo]:
    """Blocked by a proposal that was confirmed: nobody is asked again when their term is over."""
    suyas = PropuestaDeSupresion.objects.filter(
        persona=OuterRef("persona"), estado=E.CONFIRMADA, decidida_en__gte=OuterRef("en")
    )
    return Bloqueo.objects.filter(Exists(suyas))


def por_decidir(hoy: date) -> QuerySet[Bloqueo]:
    """Whose term is over and somebody has to say what is done: suppress, or give back.

    Also of a confirmed one that the night left because a file may name them.
    """
    llegaron = Q(hasta__lt=hoy) | (Q(hasta=hoy) & ~Q(pk__in=confirmados()))
    return Bloqueo.objects.filter(llegaron).order_by("hasta", "pk")


def suprimir_las_vencidas(segundos: float) -> int:
    """Confirmed ones whose blocking is over. Where a file may name them, somebody decides of it first.

    Of the blocking that was confirmed: who got their data back and was blocked again for another reason waits for
    somebody.
    """
    fin, cuantas = time.monotonic() + segundos, 0
    vencidos = confirmados().filter(hasta__lt=timezone.localdate())
    for bloqueo in vencidos.select_related("persona", "por"):
        if time.monotonic() > fin:
            break
        persona = bloqueo.persona
        if supresion.archivos_de(persona, supresion.formas_de(persona)).exists():
            continue
        try:
            supresion.suprimir_persona(persona, por=bloqueo.por, solo_si_bloqueada=True)
            cuantas += 1
        except (
            ValidationError
        ) as error:  # meanwhile they got their data back, or somebody suppressed them
            log.info("Persona %s: %s", persona.pk, " ".join(error.messages))
        except Exception:  # one person's must not be everybody's
            log.exception("No se pudieron suprimir los datos de la persona %s.", persona.pk)
    return cuantas
