"""The number of a case, consecutive within its year."""

from datetime import datetime

from django.utils import timezone

from casos.models import Consecutivo
from casos.models.consecutivo import DE_CASOS


def siguiente_folio(ahora: datetime) -> str:
    """``SV-2026-000123``: consecutive within the year."""
    serie = f"{DE_CASOS}{timezone.localtime(ahora).year}"
    return f"{serie}-{Consecutivo.objects.siguiente(serie):06d}"
