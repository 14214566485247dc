"""Findings as their reader may know them: the list, one of them with its history, and the workbook. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from django.db.models import QuerySet

from casos.hojas.escritor import Libro
from casos.models import CambioDeHallazgo, Caso, Hallazgo, Usuario
from casos.permisos.del_auditor import ve_el_hallazgo
from casos.vocabulario_de_auditoria import HALLAZGOS_ABIERTOS, TODOS, EstadoHallazgo

from .lo_anotado import cubierto

POR_PAGINA = 50
SIGNIFICA = {
    EstadoHallazgo.ABIERTO: "espera",
    EstadoHallazgo.EN_ACCION: "espera",
    EstadoHallazgo.ATENDIDO: "info",
    EstadoHallazgo.CERRADO: "hecho",
    EstadoHallazgo.SIN_ACCION: "neutro",
}
ETIQUETAS = {
    "responsable": "Responsable",
    "vence": "Fecha compromiso",
    "accion": "Acción correctiva",
    "hecho_fecha": "Se hizo el",
    "como": "Qué se hizo",
    "verificado_por": "Verificó",
    "verificacion": "Verificación",
    "porque": "Por qué",
}
PERSONAS = ("responsable", "verificado_por")  # of these the history keeps a key, not what was typed


@dataclass(frozen=True)
class Linea:
    """A finding in a list. ``dicho``: what was found, as its reader may know it."""

    hallazgo: Hallazgo
    dicho: str
    trato: str


@dataclass(frozen=True)
class Vuelta:
    """A line of a finding's history; ``cambios``: label, before, after."""

    cuando: datetime
    quien: str
    que: str
    cambios: list[tuple[str, str, str]]


def hallar(estado: str = "", tipo: str = "") -> QuerySet[Hallazgo]:
    """Those asked for, the newest first; by default, the open ones."""
    filas = Hallazgo.objects.select_related("clausula", "caso__cliente", "responsable").order_by(
        "-pk"
    )
    if estado == "":
        filas = filas.filter(estado__in=[e.value for e in HALLAZGOS_ABIERTOS])
    elif estado != TODOS:
        filas = filas.filter(estado=estado)
    return filas.filter(tipo=tipo) if tipo else filas


def pagina(
    usuario: Usuario, filas: QuerySet[Hallazgo], antes: int | None
) -> tuple[list[Linea], int | None]:
    """A page, and where the next one begins."""
    if antes:
        filas = filas.filter(pk__lt=antes)
    leidas = list(filas[: POR_PAGINA + 1])
    sigue = leidas[POR_PAGINA - 1].pk if len(leidas) > POR_PAGINA else None
    return _lineas(usuario, leidas[:POR_PAGINA]), sigue


def _lineas(usuario: Usuario, leidas: Sequence[Hallazgo]) -> list[Linea]:
    cubre = cubierto(usuario, _casos_de(leidas))
    return [Linea(h, cubre(h.encontrado), trato_de(h)) for h in leidas]


def _casos_de(hallazgos: Iterable[Hallazgo]) -> list[Caso]:
    return [h.caso for h in hallazgos if h.caso is not None]


def trato_de(hallazgo: Hallazgo) -> str:
    return SIGNIFICA[EstadoHallazgo(hallazgo.estado)]


def uno(usuario: Usuario, pk: int) -> Hallazgo | None:
    """For who audits and whoever has to act on it; to everybody else it does not exist."""
    filas = Hallazgo.objects.select_related(
        "clausula", "caso__cliente", "muestra", "responsable", "levantado_por", "atendido_por",
        "verificado_por",
    )  # fmt: skip
    hallazgo = filas.filter(pk=pk).first()
    return hallazgo if hallazgo and ve_el_hallazgo(usuario, hallazgo) else None


def cubre_de(usuario: Usuario, hallazgo: Hallazgo) -> Callable[[str], str]:
    return cubierto(usuario, _casos_de([hallazgo]))


def historia_de(hallazgo: Hallazgo, cubre: Callable[[str], str]) -> list[Vuelta]:
    """Who did what, old and new, the last first. Two statements."""
    filas = CambioDeHallazgo.objects.filter(hallazgo=hallazgo).select_related("autor")
    leidas = list(filas.order_by("-numero"))
    claves = {v for f in leidas for campo, *vs in f.cambios if campo in PERSONAS for v in vs if v}
    numeros = [int(c.partition(":")[2]) for c in claves]
    nombres = {f"usuario:{u.pk}": str(u) for u in Usuario.objects.filter(pk__in=numeros)}

    def dicho(campo: str, valor: str) -> str:
        if campo in PERSONAS:
            return nombres.get(valor, "")
        if campo in ("vence", "hecho_fecha"):
            return f"{date.fromisoformat(valor):%d/%m/%Y}" if valor else ""
        return cubre(valor)

    return [
        Vuelta(
            f.en,
            str(f.autor),
            f.get_paso_display(),
            [
                (ETIQUETAS.get(campo, campo), dicho(campo, antes), dicho(campo, ahora))
                for campo, antes, ahora in f.cambios
            ],
        )
        for f in leidas
    ]


# -- the workbook ----------------------------------------------------------------------------------

COLUMNAS: list[tuple[str, int, Callable[[Hallazgo, Callable[[str], str]], Any]]] = [
    ("Número", 14, lambda h, c: h.clave),
    ("Clase", 24, lambda h, c: h.get_tipo_display()),
    ("Cláusula", 34, lambda h, c: str(h.clausula)),
    ("Caso", 16, lambda h, c: h.caso.folio if h.caso else ""),
    ("Qué se encontró", 60, lambda h, c: c(h.encontrado)),
    ("Evidencia", 40, lambda h, c: c(h.evidencia)),
    ("Estado", 24, lambda h, c: h.get_estado_display()),
    ("Levantado", 18, lambda h, c: h.levantado_en),
    ("Responsable", 26, lambda h, c: str(h.responsable or "")),
    ("Fecha compromiso", 16, lambda h, c: h.vence),
    ("Acción correctiva", 50, lambda h, c: c(h.accion)),
    ("Se hizo el", 14, lambda h, c: h.hecho_fecha),
    ("Qué se hizo", 50, lambda h, c: c(h.como)),
    ("Verificación", 50, lambda h, c: c(h.verificacion)),
    ("Cerrado", 18, lambda h, c: h.cerrado_en),
]


def escribir_libro(usuario: Usuario, filas: QuerySet[Hallazgo], archivo: IO[bytes]) -> int:
    """How many were written."""
    leidas = list(filas)
    cubre = cubierto(usuario, _casos_de(leidas))
    libro = Libro()
    hoja = libro.hoja("Hallazgos", [(titulo, ancho) for titulo, ancho, _ in COLUMNAS])
    for h in leidas:
        hoja.agregar([de(h, cubre) for _, _, de in COLUMNAS])
    libro.guardar(archivo)
    return len(leidas)
