"""A document that was given stays as it was: its data are kept, and its PDF is made from them whenever it is asked for.

So a step never waits for a PDF, nor fails for one; and the bytes are the same whatever becomes of firm, logo
or contract (``tests/test_impresos.py``).
"""

from __future__ import annotations

import json
import logging
import uuid
from datetime import datetime

from casos.models import Caso, Impreso, InformeMensual, Logo, PersonaContacto
from casos.models.impresos import huella_de

from .documentos import Documento, sustituida
from .imprenta import imprimir

log = logging.getLogger(__name__)


def congelar(
    caso: Caso,
    clase: Impreso.Clase,
    numero: int,
    documento: Documento,
    *,
    logo: Logo | None,
    persona: PersonaContacto | None,
    en: datetime,
) -> Impreso:
    """Keep what was given, in the transaction of the act that gave it. Nothing is printed."""
    sal = uuid.uuid4().hex
    datos = json.loads(json.dumps(documento))  # as it will be read back
    logo_id = logo.pk if logo else None
    return Impreso.objects.create(
        caso=caso,
        clase=clase,
        numero=numero,
        datos=datos,
        logo=logo,
        persona=persona,
        sal=sal,
        huella=huella_de(sal, logo_id, datos),
        hecho_en=en,
    )


def pdf_de(impreso: Impreso | InformeMensual, *, sustituida_por: int = 0) -> bytes:
    """Its bytes; with the mark of the version that came after, where one did. Raises ``NoSeImprimio``."""
    documento = sustituida(impreso.datos, sustituida_por) if sustituida_por else impreso.datos
    return imprimir(documento, bytes_de(impreso.logo))


def bytes_de(logo: Logo | None) -> bytes:
    """Those of a logo; none where its file is lost, and the name stands in its place."""
    if logo is None:
        return b""
    try:
        return logo.bytes()
    except OSError as error:
        log.error("Falta el archivo del logotipo %s: %s", logo.pk, error)
        return b""
