"""What the page of an import shows of its rows. Reads only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone

from casos.catalogos import EstadoImportacion, Que, TipoImportacion
from casos.models import Importacion, RenglonImportado

TAMANO = 50
NADIE = timedelta(seconds=20)  # after which it is told that no worker took it up
CORTE = 120  # letters of one datum


class Fichero(NamedTuple):
    """One kind of row: its words, how many there are, and whether they are the ones in sight."""

    que: Que
    nombre: str
    cuantos: int


NOMBRES = {
    Que.RECHAZADO: "Rechazados",
    Que.DEJADO: "Cambiaron mientras tanto",
    Que.CAMBIA: "Con cambios",
    Que.NUEVO: "Nuevos",
    Que.IGUAL: "Sin cambios",
}


# A case is not changed by a workbook: it comes in, is there, or cannot.
PALABRAS_DE_CASOS = {Que.RECHAZADO: "No se puede", Que.IGUAL: "Ya está"}
NOMBRES_DE_CASOS = {Que.RECHAZADO: "No se pueden", Que.IGUAL: "Ya están"}

# Of a workbook that was not read.
SIN_LEER: dict[str, Any] = {
    "cuantos": {}, "columnas": [], "libres": [], "avisos": [], "faltan": [], "sin_persona": [],
}  # fmt: skip


def de_su_autor(usuario, pk: int) -> Importacion | None:
    suya = Importacion.objects.filter(pk=pk, autor=usuario).first()
    if suya is not None:
        suya.leido = SIN_LEER | suya.leido
    return suya


def por_clase(importacion: Importacion) -> list[Fichero]:
    cuantos = importacion.leido["cuantos"]
    nombres = NOMBRES | (NOMBRES_DE_CASOS if importacion.tipo == TipoImportacion.CASOS else {})
    return [Fichero(q, nombres[q], n) for q in Que if (n := cuantos.get(str(int(q)), 0))]


def pagina(
    importacion: Importacion, que: Que | None, despues_de: tuple[int, int] | None
) -> tuple[list[RenglonImportado], tuple[int, int] | None]:
    """Rows by kind, the rejected first; and after which one the next page begins."""
    filas = importacion.renglones.order_by("que", "pk")
    if que is not None:
        filas = filas.filter(que=que)
    if despues_de:
        q, pk = despues_de
        filas = filas.filter(Q(que__gt=q) | Q(que=q, pk__gt=pk))
    leidas = list(filas[: TAMANO + 1])
    sigue = (leidas[TAMANO - 1].que, leidas[TAMANO - 1].pk) if len(leidas) > TAMANO else None
    return leidas[:TAMANO], sigue


def en_palabras(renglon: RenglonImportado, tipo: str) -> dict[str, Any]:
    datos, que = renglon.datos, Que(renglon.que)
    de_casos = tipo == TipoImportacion.CASOS
    palabra = PALABRAS_DE_CASOS.get(que, que.label) if de_casos else que.label
    cambios = [[c, _corto(a), _corto(d)] for c, a, d in datos["cambios"]]
    return {
        "numero": renglon.numero,
        "que": que,
        "clase": {Que.RECHAZADO: "rechazado", Que.DEJADO: "rechazado", Que.IGUAL: "neutro"}.get(
            que, "hecho" if renglon.guardado else "espera"
        ),
        "dice": f"{palabra}, guardado" if renglon.guardado else palabra,
        "nombre": _corto(renglon.nombre),
        "error": datos["error"],
        "fallos": [
            (c, _corto(dice), motivo)
            for c, dice, motivo in (datos.get("fallos", ()) if que == Que.RECHAZADO else ())
        ],
        "folio": datos.get("folio", ""),
        "avisos": datos["avisos"],
        "cambios": cambios if que in (Que.CAMBIA, Que.DEJADO) and not de_casos else [],
        # Of a case, each cell and whether what it names is there.
        "celdas": cambios if de_casos and que == Que.NUEVO else [],
        # What the row is called by stands beside it.
        "queda": ""
        if de_casos or que != Que.NUEVO
        else " · ".join(f"{c}: {d}" for c, _, d in cambios[1:]),
    }


def _corto(texto: str) -> str:
    return texto if len(texto) <= CORTE else f"{texto[: CORTE - 1]}…"


def nadie_la_toma(importacion: Importacion) -> bool:
    """No worker runs: whoever waits is told."""
    if importacion.estado not in (EstadoImportacion.RECIBIDA, EstadoImportacion.GUARDANDO):
        return False
    libre = importacion.tomada_hasta is None or importacion.tomada_hasta < timezone.now()
    return libre and importacion.movida_en < timezone.now() - NADIE
