"""What the queue calls. Each may run twice or late without harm."""

from datetime import datetime, timedelta

from django.utils import timezone

from casos import avisos, plazos
from casos.catalogos import EstadoConstancia
from casos.envio import enviar_pendientes
from casos.models import Constancia


def enviar_avisos() -> int:
    return enviar_pendientes()


def recordar_constancias() -> int:
    """Remind, once, whoever has not confirmed after one business day (rule 9)."""
    hoy = plazos.hoy()
    if not plazos.es_habil(hoy):
        return 0
    recordadas = 0
    limite = timezone.make_aware(datetime.combine(hoy, datetime.min.time()))
    for constancia in Constancia.objects.filter(
        estado=EstadoConstancia.SIN_CONFIRMAR,
        recordada_en=None,
        registrada_en__lt=limite,
        registrada_en__gt=limite - timedelta(days=60),
    ).select_related("caso__cliente", "caso__responsable", "destinatario", "registrada_por"):
        avisos.recordar(constancia)
        constancia.recordada_en = timezone.now()
        constancia.save(update_fields=["recordada_en"])
        recordadas += 1
    if recordadas:
        avisos.despertar()
    return recordadas
