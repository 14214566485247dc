"""The rows of a case that people read, told by digests after each act (D§3).

Which tables are proved, and why the others are not: ``PROBADAS``, ``SIN_PROBAR``. While an act runs,
``anotando`` sees to which of them it writes, whatever way; what stands there before is compared with
what the log had left, and what stands after goes into the act's ``Prueba``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from json import JSONEncoder
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef

from casos.filas_en_una import leer_en_una
from casos.models import (
    Adjunto,
    Ajuste,
    Aviso,
    Candado,
    Caso,
    Cierre,
    Cita,
    Comprobacion,
    Condicion,
    Constancia,
    Contacto,
    Impreso,
    Lapso,
    Opinion,
    Posibilidad,
    Procedencia,
    Propuesta,
    Prueba,
    Satisfaccion,
    TextoEvento,
    ValorContrato,
    VersionContrato,
)
from casos.models.bitacora import CERO
from casos.models.huellas import digerir_canonicos, nueva_sal

Filas = dict[str, dict[str, str]]  # table → key → digest

# Table → the way from its rows to the case.
PROBADAS: dict[type[models.Model], str] = {
    Caso: "pk",
    Caso.tipos.through: "caso",
    Caso.motivos.through: "caso",
    Procedencia: "caso",
    Condicion: "caso",
    Contacto: "caso",
    Cita: "caso",
    Opinion: "caso",
    Candado: "caso",
    Posibilidad: "caso",
    Propuesta: "caso",
    Impreso: "caso",
    Ajuste: "caso",
    Constancia: "caso",
    VersionContrato: "caso",
    ValorContrato: "version__caso",
    Comprobacion: "caso",
    Satisfaccion: "caso",
    Cierre: "caso",
    Cierre.motivos.through: "cierre__caso",
    Lapso: "cierre__caso",
    TextoEvento: "evento__caso",
    Adjunto: "caso",
    Aviso: "caso",
}
_LA_BANDEJA = (
    "how it is being sent: it changes after the act; what is sent, and to whom, is in the digest"
)
# Columns that are not in the digest of their row, and why.
SIN_COLUMNAS: dict[type[models.Model], dict[str, str]] = {
    Caso: {
        "num_eventos": "compared with the events",
        "huella_cabeza": "compared with the events",
        "sal": "it salts the digests: another one breaks them all",
        **dict.fromkeys(
            ("pasos_andados", "areas_que_participan"),
            "derived: `recontar` makes it anew from the log and its rows",
        ),
        **dict.fromkeys(
            ("conformidad", "reglas_aplicadas", "reglas_observadas", "reglas_rotas"),
            "derived: each night the worker makes it anew from the log, and compares",
        ),
        "version": "only tells two pages apart",
    },
    Aviso: {
        **dict.fromkeys(
            ("adjunto_sha256", "estado", "intentos", "proximo_en", "tomado_hasta", "error",
             "rechazado_desde", "enviado_en", "en_respuesta_a"),
            _LA_BANDEJA,
        ),
        "resumen": "the morning's letter that carried it; written after the act",
    },
    Cierre: {"areas_que_participan": "derived: the case's, made anew by `recontar`"},
    Posibilidad: {"desde": "derived from the contract and the catalogue, which change without a case"},
}  # fmt: skip
SIN_PROBAR = {
    "Evento": "its own chain",
    "Prueba": "its own chain",
    "BusquedaCaso": "derived: the text by which a case is found",
    "Caso_seguidores": "who wants to be told; no fact of the case",
    "Resumen": "a person's morning, not a case's",
    "InformeMensual_avisos": "the letters of the month's report, of no case",
    "Hallazgo": "an audit's, with a history of its own (``CambioDeHallazgo``)",
    "CambioDeHallazgo": "a finding's history; no row of it changes",
    "NotaDeAuditoria": "an audit's; no row of it changes",
    "DecisionSobreArchivo": "of a suppression; held by triggers",
    "LecturaSensible": "who read a file; held by triggers",
}
_POR_TABLA = {m._meta.db_table: m for m in PROBADAS}
_ESCRITURA = re.compile(
    r"\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.I | re.A
)


def _columnas(modelo: type[models.Model]) -> list[str]:
    sin = SIN_COLUMNAS.get(modelo, {})
    return [c.attname for c in modelo._meta.concrete_fields if c.name not in sin]


COLUMNAS = {m: _columnas(m) for m in PROBADAS}


# What a column holds where nothing was said: left out of the digest. ``None`` may mean something else.
def callados(modelo: type[models.Model], columnas: list[str]) -> list[tuple[str, Any]]:
    return [
        (c.attname, c.default if c.has_default() and not callable(c.default) else "")
        for c in modelo._meta.concrete_fields
        if c.attname in columnas
    ]


CALLADOS = {m: callados(m, COLUMNAS[m]) for m in PROBADAS}


def en_texto(valor: Any) -> str:
    """The same of every database."""
    if isinstance(valor, datetime):
        return valor.astimezone(UTC).isoformat(timespec="microseconds")
    return valor.isoformat() if isinstance(valor, date) else str(valor)


_json = JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=en_texto
).encode


def lo_dicho(callados: list[tuple[str, Any]], valores: Iterable[Any]) -> str:
    """Canonical text of the columns that say something."""
    return _json(
        {
            c: v
            for (c, callado), v in zip(callados, valores, strict=True)
            if v is not None and v != callado
        }
    )


def digerir_fila(modelo: type[models.Model], sal: str, valores: Iterable[Any]) -> str:
    """Of its columns as they are read. What is empty is left out: a column added later changes nothing."""
    dicho = lo_dicho(CALLADOS[modelo], valores)
    return digerir_canonicos("fila", sal, modelo._meta.model_name or "", dicho, version=2)


def leer(modelo: type[models.Model], sales: dict[int, str], **filtro: Any) -> dict[int, dict]:
    """Case → key → digest of its rows of one table. One statement. ``filtro``: of the cases."""
    camino = PROBADAS[modelo]
    de_cual = {f"{camino}{k}": v for k, v in filtro.items()}
    filas = modelo._base_manager.filter(**de_cual).values_list(camino, "pk", *COLUMNAS[modelo])
    leidas: dict[int, dict] = {}
    for caso, pk, *valores in filas.iterator(chunk_size=2000):
        if caso in sales:
            leidas.setdefault(caso, {})[str(pk)] = digerir_fila(modelo, sales[caso], valores)
    return leidas


def leer_todo(sales: dict[int, str], **filtro: Any) -> dict[int, Filas]:
    """Case → the digests of all its rows. As many statements as tables."""
    todo: dict[int, Filas] = {}
    for modelo in PROBADAS:
        for caso, suyas in leer(modelo, sales, **filtro).items():
            todo.setdefault(caso, {})[modelo._meta.model_name or ""] = suyas
    return todo


def lo_que_dejaron(pruebas: Iterable[Prueba]) -> tuple[Filas, dict[tuple[str, str], int]]:
    """What the case's rows must be, and after which event each was left so."""
    filas: Filas = {}
    desde: dict[tuple[str, str], int] = {}
    for prueba in pruebas:
        if prueba.todo:
            filas = {}
        for tabla, suyas in prueba.filas.items():
            de_tabla = filas.setdefault(tabla, {})
            for pk, huella in suyas.items():
                desde[tabla, pk] = prueba.tras
                if huella is None:
                    de_tabla.pop(pk, None)
                else:
                    de_tabla[pk] = huella
    return filas, desde


class Anotador:
    """Sees to which proved tables the statements of an act write."""

    def __init__(self, caso: Caso | None):
        self.caso = caso
        self.tocadas: list[type[models.Model]] = []
        self.antes: Filas = {}
        self.pruebas: list[Prueba] | None = None if caso else []

    def __call__(
        self, ejecutar: Any, sql: str, parametros: Any, varios: bool, contexto: Any
    ) -> Any:
        hallada = _ESCRITURA.match(sql)
        modelo = hallada and _POR_TABLA.get(hallada[1])
        if modelo and modelo not in self.tocadas:
            self.tocadas.append(modelo)
            if self.pruebas is None:
                assert self.caso is not None
                self.pruebas, self.antes = [], {}
                self.pruebas, self.antes = _lo_de(self.caso)
        return ejecutar(sql, parametros, varios, contexto)


def _lo_de(caso: Caso) -> tuple[list[Prueba], Filas]:
    """What was said of a case's rows, and what they are. One statement."""
    leidas = leer_en_una(caso.pk, PROBADAS | {Prueba: "caso"}, COLUMNAS | {Prueba: _DE_PRUEBA})
    dichas = [
        Prueba(**dict(zip(_DE_PRUEBA, valores, strict=True))) for _, valores in leidas.pop(Prueba)
    ]
    return sorted(dichas, key=lambda p: p.numero), _digeridas(caso, leidas)


_DE_PRUEBA = ["numero", "todo", "tras", "filas", "huella"]


def _digeridas(caso: Caso, leidas: dict[type[models.Model], list]) -> Filas:
    return {
        m._meta.model_name or "": {pk: digerir_fila(m, caso.sal, v) for pk, v in filas}
        for m, filas in leidas.items()
    }


@contextmanager
def anotando(caso: Caso | None = None) -> Iterator[Anotador]:
    """While an act writes. ``caso``: as it was locked; none where it is being opened."""
    anotador = Anotador(caso)
    with connection.execute_wrapper(anotador):
        yield anotador


def probar(
    caso: Caso,
    tocadas: Iterable[type[models.Model]] | None,
    antes: Filas,
    pruebas: list[Prueba] | None,
    motivo: str = Prueba.Motivo.ACTO,
) -> None:
    """Say what the rows of these tables are now (``None``: of all), and what was not so ``antes``.

    In the transaction of what wrote them, with the case locked.
    """
    M = Prueba.Motivo
    if pruebas is None:
        pruebas = list(Prueba.objects.filter(caso=caso.pk).order_by("numero"))
    # Of a case from before nothing was said yet: its first act says all of it.
    partida = not pruebas and (tocadas is None or caso.num_eventos > 1)
    todo = partida or motivo == M.SUPRESION or tocadas is None
    if not caso.sal or motivo == M.SUPRESION:
        # What was told of a person can no longer be guessed from the digests before.
        caso.sal = nueva_sal()
        Caso.objects.filter(pk=caso.pk).update(sal=caso.sal)
    quedaron, _ = lo_que_dejaron(pruebas)
    filas: dict[str, dict[str, str | None]] = {}
    cuales = PROBADAS if todo or tocadas is None else {m: PROBADAS[m] for m in tocadas}
    leidas = _digeridas(caso, leer_en_una(caso.pk, cuales, COLUMNAS)) if cuales else {}
    for tabla, ahora in leidas.items():
        dicho = {} if todo else quedaron.get(tabla, {})
        distintas: dict[str, str | None] = {p: h for p, h in ahora.items() if dicho.get(p) != h}
        distintas |= {pk: None for pk in dicho if pk not in ahora}
        if distintas:
            filas[tabla] = distintas
    prueba = Prueba(
        caso_id=caso.pk,
        numero=len(pruebas) + 1,
        motivo=M.PARTIDA if partida and motivo == M.ACTO else motivo,
        tras=caso.num_eventos,
        huella_evento=caso.huella_cabeza,
        todo=todo,
        filas=filas,
        ajenas=_ajenas(quedaron, antes) if pruebas else [],
        previo=pruebas[-1].huella if pruebas else CERO,
    )
    prueba.huella = prueba.calcular_huella()
    prueba.save(force_insert=True)


def _ajenas(quedaron: Filas, antes: Filas) -> list[str]:
    return sorted(
        f"{tabla}:{pk}"
        for tabla, leidas in antes.items()
        for pk in leidas.keys() | quedaron.get(tabla, {}).keys()
        if leidas.get(pk) != quedaron.get(tabla, {}).get(pk)
    )


@contextmanager
def probando(casos: Iterable[int], motivo: str) -> Iterator[None]:
    """Around what changes rows of cases without being an act: a suppression, a recount."""
    with transaction.atomic():
        suyos = list(Caso.objects.select_for_update().filter(pk__in=list(casos)).order_by("pk"))
        sales = {c.pk: c.sal for c in suyos if c.sal}
        antes = leer_todo(sales, __in=list(sales)) if sales else {}
        yield
        for caso in suyos:
            de_antes = antes.get(caso.pk, {})
            probar(Caso.objects.get(pk=caso.pk), list(PROBADAS), de_antes, None, motivo)


def empezar_varios(primero: int, ultimo: int) -> int:
    """Give the cases from before with these keys, both included, their starting point; how many had none.

    As many statements as tables. In a transaction of its own, with the cases locked.
    """
    M = Prueba.Motivo
    with transaction.atomic():
        sin_prueba = ~Exists(Prueba.objects.filter(caso=OuterRef("pk")))
        casos = list(
            Caso.objects.select_for_update()
            .filter(sin_prueba, pk__gte=primero, pk__lte=ultimo)
            .only("sal", "num_eventos", "huella_cabeza")
        )
        if not casos:
            return 0
        for caso in casos:
            if not caso.sal:
                caso.sal = nueva_sal()
                Caso.objects.filter(pk=caso.pk).update(sal=caso.sal)
        filas = leer_todo({c.pk: c.sal for c in casos}, __gte=primero, __lte=ultimo)
        nuevas = [
            Prueba(
                caso_id=c.pk,
                numero=1,
                motivo=M.PARTIDA,
                tras=c.num_eventos,
                huella_evento=c.huella_cabeza,
                todo=True,
                filas=filas.get(c.pk, {}),
                previo=CERO,
            )
            for c in casos
        ]
        for prueba in nuevas:
            prueba.huella = prueba.calcular_huella()
        Prueba.objects.bulk_create(nuevas)
    return len(nuevas)
