"""A sample and a finding, for whoever needs one that stands there."""

from datetime import timedelta

from django.utils import timezone

from casos.auditorias.hallazgos import levantar
from casos.auditorias.muestreo import sacar
from casos.calendario import hoy
from casos.models import Caso, ClausulaISO, Hallazgo, Muestra
from casos.vocabulario_de_auditoria import Universo


def una_muestra(p, *casos: Caso, estrato: str = "", tamano: int = 0, **mas) -> Muestra:
    """Of all that were received on the days of ``casos``; all of them, unless fewer are asked for."""
    dias = [timezone.localdate(c.recibido_en) for c in casos]
    desde, hasta = min(dias), max(dias)
    if not tamano:
        recibidos = Caso.objects.filter(
            recibido_en__date__gte=desde, recibido_en__date__lte=hasta
        ).count()
        tamano = recibidos
    datos = {"universo": Universo.RECIBIDOS, "semilla": "prueba", **mas}
    return sacar(p.auditor, desde=desde, hasta=hasta, estrato=estrato, tamano=tamano, **datos)


def un_hallazgo(p, caso: Caso | None = None, muestra: Muestra | None = None, **mas) -> Hallazgo:
    """Jurídico's, due in ten days, unless ``responsable`` says otherwise."""
    datos = {
        "tipo": "MENOR",
        "clausula": ClausulaISO.objects.get(numero="8.2.3"),
        "encontrado": "Se decidió sin la opinión de Finanzas.",
        "evidencia": "Renglón 5 de la historia.",
        "responsable": p.juridico,
        "vence": hoy() + timedelta(days=10),
    }
    return levantar(p.auditor, caso=caso, muestra=muestra, **datos | mas)
