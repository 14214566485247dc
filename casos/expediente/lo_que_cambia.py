"""What changes of the sheet, and what may be said of it to whoever reads only a part (rule 14), the client too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from casos.models import Concepto, Condicion, TipoRequerimiento
from casos.textos import punto

SE_CALLA = "No se le dice al cliente"
NUEVAS = ("solicitado", "propuesto", "acordado")


def cambia(fila: Condicion, columnas: Iterable[str] = NUEVAS) -> bool:
    """Whether any of these columns says something other than what is in force."""
    return bool({getattr(fila, c) for c in columnas if c != "vigente"} - {"", fila.vigente})


def del_resto(
    todas: Sequence[Condicion], leidas: Sequence[Condicion], columnas: Sequence[str], area: object
) -> str:
    """What a letter says, without values, of the rows that it does not list; empty: nothing.

    ``leidas``: the rows its reader may know; of ``area`` where they are not all.
    """
    suyas = {f.pk for f in leidas}
    cambian = [f for f in todas if cambia(f, columnas)]
    ajenas = [f for f in cambian if f.pk not in suyas]
    if ajenas and len(ajenas) == len(cambian):
        return f"De lo que toca a {area} nada cambia; cambian otras condiciones."
    if ajenas:
        return punto(f"También cambian otras condiciones, que no tocan a {area}")
    quietas = [f for f in todas if any(getattr(f, c) for c in columnas if c != "vigente")]
    if len(quietas) == len(cambian):
        return ""
    return "Lo demás sigue igual." if cambian else "Las condiciones siguen igual."


def se_le_dice(
    concepto: Concepto, fila: Condicion | None, tipos: Callable[[], Iterable[TipoRequerimiento]]
) -> bool:
    """Whether the client is told what is offered in this row (D§4.7).

    What the firm keeps to itself (its margin, what it pays a worker) is not; but a row that the client asked for,
    by a figure or by the type of requirement, is no secret to them, and an answer without it would be none.
    """
    if not concepto.interno or (fila and (fila.solicitado or fila.pedido_primero)):
        return True
    return any(t.concepto_id == concepto.pk for t in tipos())


def cambian_otras(todas: Iterable[Condicion], leidas: Iterable[Condicion]) -> bool:
    """Whether something changes besides the rows that are shown."""
    suyas = {f.pk for f in leidas}
    return any(cambia(f) for f in todas if f.pk not in suyas)
