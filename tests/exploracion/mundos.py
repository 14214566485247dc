"""The worlds: who is there, who keeps silent, and how a case begins in each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any


@dataclass(frozen=True)
class Mundo:
    """One set of circumstances in which the flow is explored."""

    nombre: str
    que: str
    rc: str = "ventas"
    faltan: tuple[str, ...] = ()  # persons who are not active
    callan: tuple[str, ...] = ()  # "areas", "cliente": they never act
    hondo: str = ""  # where the short form begins, for a world that is another from there on
    preparar: Callable[[Any], int | None] | None = None  # another case of the contract; its key


def _otro_caso(guion: Any) -> int:
    """Another case of the same contract, its adjustments confirmed: it only has to be closed."""
    from casos.catalogos import Estado
    from tests.guion import un_contrato

    otro = guion.hasta(Estado.EN_MODIFICACION, contrato=un_contrato("CT-EXP"))
    guion.confirmar(guion.confirmar(otro, "JUR"), "NOM")
    return otro.pk


MUNDOS = {
    m.nombre: m
    for m in [
        Mundo("ordinario", "everybody is there and acts"),
        Mundo("areas_calladas", "no area ever acts", callan=("areas",), hondo="EN_MODIFICACION"),
        Mundo("cliente_callado", "after the first contact the client never answers",
              callan=("cliente",), hondo="EN_RESPUESTA"),
        Mundo("sin_direccion", "nobody in Dirección", faltan=("direccion",), hondo="EN_ANALISIS"),
        Mundo("sin_gerente", "nobody heads the commercial area", faltan=("gerente",),
              hondo="EN_MODIFICACION"),
        Mundo("rc_gerente", "the gerente leads the case", rc="gerente", hondo="EN_ANALISIS"),
        Mundo("otro_caso", "another case may change the contract at any moment",
              preparar=_otro_caso, hondo="EN_RESPUESTA"),
        Mundo("rc_direccion", "Dirección leads the case", rc="direccion"),
        Mundo("rc_atencion", "Atención a Clientes leads the case", rc="atencion"),
    ]
}  # fmt: skip


@dataclass
class Escena:
    """A world built: its persons, its case, and the other one where there is one.

    ``p`` has the persons by name, ``p.responsable`` who is to lead the case, and ``p.de_area`` the
    manager of each area.
    """

    mundo: Mundo
    p: SimpleNamespace
    caso: int
    otro: int | None = None


def montar(mundo: Mundo, hondo: str = "") -> Escena:
    """The persons and a case just registered that nobody leads yet, or one that stands in ``hondo``."""
    from casos.models import Contrato
    from tests.guion import Guion, un_contrato
    from tests.personas import DE_AREA, crear_gente, leer_gente

    gente = crear_gente()
    otro = mundo.preparar(Guion(gente)) if mundo.preparar else None
    contrato = Contrato.objects.first() if otro else un_contrato("CT-EXP")
    # Whoever is to lead the case walks it.
    quien_lo_lleva = vars(gente) | {"ventas": getattr(gente, mundo.rc)}
    guion = Guion(SimpleNamespace(**quien_lo_lleva))
    if hondo:
        caso = guion.hasta(hondo, contrato=contrato)
    else:
        caso = guion.registrar(contrato=contrato, responsable=False)
    for nombre in mundo.faltan:
        persona = getattr(gente, nombre)
        persona.is_active = False
        persona.save(update_fields=["is_active"])
    p = leer_gente()
    p.responsable = getattr(p, mundo.rc)
    p.de_area = {codigo: getattr(p, nombre) for nombre, codigo in DE_AREA.items()}
    return Escena(mundo, p, caso.pk, otro)
