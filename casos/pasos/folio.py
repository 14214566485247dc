"""The number of a case, consecutive within its year."""

from datetime import datetime

from django.db.models import F
from django.utils import timezone

from casos.models import FolioAnual


def siguiente_folio(ahora: datetime) -> str:
    """``SV-2026-000123``: consecutive within the year, under a lock on the year's row."""
    anio = timezone.localtime(ahora).year
    del_anio = FolioAnual.objects.filter(anio=anio)
    if not del_anio.update(ultimo=F("ultimo") + 1):
        # The first of the year; two at once create one row.
        FolioAnual.objects.bulk_create([FolioAnual(anio=anio)], ignore_conflicts=True)
        del_anio.update(ultimo=F("ultimo") + 1)
    ultimo = del_anio.values_list("ultimo", flat=True).get()
    return f"SV-{anio}-{ultimo:06d}"
