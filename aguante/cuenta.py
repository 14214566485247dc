"""What must be so after any fault: each answered step there once and whole, each mail once, the log intact."""

import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

from django.db import connections
from django.db.models import F
from django.utils import timezone

from casos.catalogos import EstadoAviso
from casos.models import Aviso, Caso, Evento

HIJOS = (
    "opiniones",
    "ajustes",
    "contactos",
    "propuestas",
    "constancias",
    "condiciones",
    "citas",
    "adjuntos",
)
POR_SALIR = (EstadoAviso.PENDIENTE, EstadoAviso.ENVIANDO)
# What only informs waits for the morning's letter, and is no mail of its own.
SALEN_SOLOS = (*POR_SALIR, EstadoAviso.ENVIADO, EstadoAviso.FALLIDO)


def firma(folio: str) -> Counter:
    """What a case is made of, whoever looks: its acts, the rows they left, the mails they wrote."""
    caso = Caso.objects.get(folio=folio)
    hecho: Counter = Counter(("acto", a) for a in caso.eventos.values_list("accion", flat=True))
    for nombre in HIJOS:
        hecho["filas", nombre] = getattr(caso, nombre).count()
    hecho["filas", "textos"] = sum(e.textos.count() for e in caso.eventos.all())
    hecho.update(
        ("correo", *c)
        for c in Aviso.objects.filter(caso=caso).values_list("evento__accion", "plantilla", "para")
    )
    return hecho


def distintos(folios: list[str], patron: Counter) -> list[str]:
    """Cases that are not made as the one that was walked in peace."""
    return [f for f in folios if firma(f) != patron]


def perdidos(pasos) -> list[str]:
    """Answered steps without their act."""
    fichas = {p.ficha for p in pasos}
    hay = {str(f) for f in Evento.objects.filter(ficha__in=fichas).values_list("ficha", flat=True)}
    return sorted(fichas - hay)


def correos(buzon, desde: int) -> dict[str, int]:
    """Of the mails written since row ``desde``: how many, how many never arrived, how many more than once."""
    avisos = Aviso.objects.filter(pk__gt=desde, estado__in=SALEN_SOLOS)
    avisos = avisos.values_list("message_id", flat=True)
    veces = [buzon.recibidos[m] for m in avisos]
    return {
        "escritos": len(veces),
        "sin_llegar": sum(not v for v in veces),
        "dobles": sum(v > 1 for v in veces),
    }


def ultimo_aviso() -> int:
    return Aviso.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def por_salir() -> int:
    return Aviso.objects.filter(estado__in=POR_SALIR).count()


def adelantar(**cuanto) -> None:
    """As if that much time had passed for what waits: it is due sooner, no clock is touched.

    When it was written stays: the log proves it.
    """
    Aviso.objects.filter(estado=EstadoAviso.PENDIENTE).update(
        proximo_en=F("proximo_en") - timedelta(**cuanto)
    )


def vencer_arriendos() -> None:
    """Only while no worker lives: what it had taken is nobody's."""
    Aviso.objects.filter(estado=EstadoAviso.ENVIANDO).update(tomado_hasta=timezone.now())
    Aviso.objects.filter(estado=EstadoAviso.PENDIENTE).update(proximo_en=timezone.now())


def bitacora(raiz: Path, variables: dict[str, str]) -> str:
    """ "" where every chain is whole; else what the command says."""
    orden = [sys.executable, "manage.py", "verificar_bitacora"]
    hecho = subprocess.run(orden, cwd=raiz, env=variables, capture_output=True, text=True)
    return "" if hecho.returncode == 0 else hecho.stderr.strip()[-1500:]


def de_nuevo() -> None:
    """The database may have been knocked over since."""
    connections.close_all()
