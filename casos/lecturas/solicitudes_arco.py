"""ARCO requests as whoever looks after privacy reads them: what is open, its history, its reminder."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q, QuerySet

from casos.catalogos import Rol
from casos.datos_tratados import ABIERTAS
from casos.models import SolicitudARCO, Usuario
from casos.permisos.de_privacidad import lleva_privacidad

A_LA_VISTA = 100
CERCA = 5  # natural days before one is due, it urges


def todas() -> QuerySet[SolicitudARCO]:
    """Open ones first, by when they are due; then the others, the last first."""
    filas = SolicitudARCO.objects.select_related("persona", "usuario", "lleva")
    return filas.order_by(F("vence").asc(nulls_last=True), "-pk")


def las_que_llevan() -> QuerySet[Usuario]:
    """Who may see to one: as ``lleva_privacidad`` says, of whom acts."""
    llevan = Q(lleva_privacidad=True) | Q(rol=Rol.DG) | Q(is_superuser=True)
    return Usuario.objects.filter(llevan, is_active=True).exclude(rol=Rol.AUD)


def abiertas_para(usuario: Usuario) -> list[SolicitudARCO]:
    """Those that wait, for who looks after privacy; one statement, and none for anybody else."""
    if not lleva_privacidad(usuario):
        return []
    filas = SolicitudARCO.objects.filter(estado__in=ABIERTAS)
    vencen = F("vence").asc(nulls_last=True)
    return list(filas.select_related("lleva").order_by(vencen, "pk")[:A_LA_VISTA])


def al_abrir_el_dia(usuario: Usuario, hoy: date) -> list[tuple[str, bool]]:
    """In words, and whether it is worth a letter by itself."""
    dichos = []
    for s in abiertas_para(usuario):
        que = s.get_estado_display().lower()
        vence = f", vence el {s.vence:%d/%m/%Y}" if s.vence else ""
        urge = s.lleva_id == usuario.pk and (s.vence is None or (s.vence - hoy).days <= CERCA)
        dichos.append((f"Solicitud {s} de datos personales: {que}{vence}", urge))
    return dichos
