"""The client's own date, and what is planned for later than it: a warning, never a refusal."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.utils import timezone

from casos.catalogos import Estado

from .hechos import Hechos


class Rebasa(NamedTuple):
    """What is planned for after the day on which the client expects an answer."""

    que: str
    fecha: date


def lo_que_rebasa(h: Hechos) -> list[Rebasa]:
    """Nothing once that day is over: it is told as overdue itself.

    Of the validity of a proposal nothing is said: by then the client has the answer.
    """
    espera = h.caso.espera_respuesta
    if espera is None or espera < timezone.localdate():
        return []
    planes: list[tuple[str, date | None]]
    if h.caso.estado == Estado.EN_ANALISIS:
        planes = [(str(o.area), o.vence) for o in h.opiniones_pendientes]
    else:
        planes = [("el plazo del paso", h.caso.vence)]
    planes.append(("la siguiente acción", h.caso.proxima_fecha))
    return [Rebasa(que, fecha) for que, fecha in planes if fecha and fecha > espera]
