"""What an auditor writes of a case by a clause: each saving is kept, the last one counts."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from casos.models import Caso, ClausulaISO, Muestra, NotaDeAuditoria, Usuario
from casos.permisos.del_auditor import audita

from . import NoSePuede

OTRA = "Alguien más escribió esta nota mientras tanto: mírala otra vez antes de guardar."


def vigente(muestra: Muestra, caso: Caso, clausula: ClausulaISO) -> NotaDeAuditoria | None:
    notas = NotaDeAuditoria.objects.filter(muestra=muestra, caso=caso, clausula=clausula)
    return notas.select_related("autor").order_by("-version").first()


def anotar(
    usuario: Usuario, muestra: Muestra, caso: Caso, clausula: ClausulaISO, texto: str, vista: int
) -> NotaDeAuditoria | None:
    """``vista``: the version that was seen, 0 where there was none. Empty takes it back. Raises ``NoSePuede``."""
    if not audita(usuario):
        raise NoSePuede("Las notas las escriben Calidad y Auditoría.")
    if caso.folio not in {folio for folio, _ in muestra.folios}:
        raise NoSePuede("Ese caso no es de la muestra.")
    ultima = vigente(muestra, caso, clausula)
    if (ultima.version if ultima else 0) != vista:
        raise NoSePuede(OTRA)
    if texto == (ultima.texto if ultima else ""):
        return ultima
    try:
        with transaction.atomic():
            return NotaDeAuditoria.objects.create(
                muestra=muestra, caso=caso, clausula=clausula, texto=texto,
                version=vista + 1, autor=usuario,
            )  # fmt: skip
    except IntegrityError as error:
        otra = vigente(muestra, caso, clausula)
        if otra is None or otra.version <= vista:
            raise
        raise NoSePuede(OTRA) from error
