"""The log as process mining reads it: OCEL 2.0 (JSON and SQLite) and XES (IEEE 1849). Reads only.

Persons and firms go by the number of their row, never by name, and no free text goes at all: what
leaves is what happened, when, in which section, by whom (a number), and about which rows.
"""

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO
from xml.sax.saxutils import XMLGenerator

from casos.models import Area, Evento, Motivo, TipoRequerimiento, Usuario

REFERENCIA = re.compile(r"^([a-z]+):([0-9]+)$")
DE_ACTOR = {"actor_id": "actor", "suple_a_id": "suple_a", "en_lugar_de_id": "en_lugar_de"}
# What every event says of itself, and its type in OCEL.
DICE = {"seccion": "string", "revision": "integer", "de": "string", "a": "string",
        "sin_segregacion": "boolean"}  # fmt: skip
TANDA = 2000
EPOCA = datetime(1970, 1, 1, tzinfo=UTC)  # OCEL's word for "from the beginning"


@dataclass(frozen=True)
class Ocurrido:
    """An event, and the rows it names: (what for, which)."""

    evento: Evento
    folio: str
    filas: list[tuple[str, str]]

    @property
    def id(self) -> str:
        return f"{self.folio}/{self.evento.numero}"

    @property
    def cuando(self) -> str:
        return self.evento.en.astimezone(UTC).isoformat(timespec="microseconds")


def ocurridos() -> Iterator[Ocurrido]:
    """Case by case, in order, in constant memory."""
    filas = Evento.objects.select_related("caso").only(
        "caso__folio", "numero", "accion", "en", "datos", *DICE, *DE_ACTOR
    )
    for evento in filas.order_by("caso_id", "numero").iterator(chunk_size=TANDA):
        nombradas = [
            (papel, f"usuario:{pk}")
            for campo, papel in DE_ACTOR.items()
            if (pk := getattr(evento, campo)) is not None
        ]
        nombradas += _referencias(evento.datos)
        yield Ocurrido(evento, evento.caso.folio, list(dict.fromkeys(nombradas)))


def _referencias(datos: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for papel, valor in datos.items():
        for uno in valor if isinstance(valor, list) else [valor]:
            if isinstance(uno, str) and REFERENCIA.match(uno):
                yield papel, uno


# -- OCEL 2.0 ----------------------------------------------------------------------------------------


def _objetos(nombradas: set[str]) -> Iterator[tuple[str, str, list[tuple[str, str, str]]]]:
    """Object, type, and its attributes as (name, since when, value); of a case its state, as it went."""
    estados = Evento.objects.order_by("caso_id", "numero").values_list(
        "caso__folio", "de", "a", "en"
    )
    de_un_caso: list[tuple[str, str, str]] = []
    folio_anterior = ""
    for folio, de, a, en in estados.iterator(chunk_size=TANDA):
        if folio != folio_anterior:
            if folio_anterior in nombradas:
                yield folio_anterior, "caso", de_un_caso
            folio_anterior, de_un_caso = folio, []
        if de != a:
            de_un_caso.append(("estado", en.astimezone(UTC).isoformat(timespec="microseconds"), a))
    if folio_anterior in nombradas:
        yield folio_anterior, "caso", de_un_caso
    dicen = _lo_que_dicen()
    for nombre in sorted(n for n in nombradas if REFERENCIA.match(n)):
        dicho = dicen.get(nombre)
        atributos = [(dicho[0], EPOCA.isoformat(), dicho[1])] if dicho else []
        yield nombre, nombre.partition(":")[0], atributos


def _lo_que_dicen() -> dict[str, tuple[str, str]]:
    """Of catalogues their name, of our people what they are: nothing that names anybody."""
    dicen = {}
    for modelo in (Area, Motivo, TipoRequerimiento):
        for fila in modelo.objects.all():
            dicen[f"{modelo._meta.model_name}:{fila.pk}"] = ("nombre", str(fila))
    for pk, rol in Usuario.objects.values_list("pk", "rol"):
        dicen[f"usuario:{pk}"] = ("rol", rol)
    return dicen


ATRIBUTO_DE = {"caso": "estado", "usuario": "rol", "area": "nombre", "motivo": "nombre",
               "tiporequerimiento": "nombre"}  # fmt: skip


def ocel_json(salida: TextIO) -> int:
    """Write an OCEL 2.0 JSON; returns how many events. Rows are written as they are read."""
    nombradas, actos, cuantos = set[str](), set[str](), 0
    salida.write('{"events": [')
    for s in ocurridos():
        relaciones = [{"objectId": s.folio, "qualifier": "caso"}]
        relaciones += [{"objectId": fila, "qualifier": papel} for papel, fila in s.filas]
        evento = {
            "id": s.id,
            "type": s.evento.accion,
            "time": s.cuando,
            "attributes": [{"name": n, "value": getattr(s.evento, n)} for n in DICE],
            "relationships": relaciones,
        }
        salida.write(",\n" * bool(cuantos) + json.dumps(evento, ensure_ascii=False))
        nombradas |= {r["objectId"] for r in relaciones}
        actos.add(s.evento.accion)
        cuantos += 1
    salida.write('],\n"objects": [')
    tipos = set[str]()
    for n, (nombre, tipo, atributos) in enumerate(_objetos(nombradas)):
        objeto = {
            "id": nombre,
            "type": tipo,
            "attributes": [{"name": a, "time": t, "value": v} for a, t, v in atributos],
            "relationships": [],
        }
        salida.write(",\n" * bool(n) + json.dumps(objeto, ensure_ascii=False))
        tipos.add(tipo)
    de_eventos = [{"name": n, "type": t} for n, t in DICE.items()]
    salida.write('],\n"eventTypes": ')
    json.dump([{"name": a, "attributes": de_eventos} for a in sorted(actos)], salida)
    salida.write(',\n"objectTypes": ')
    json.dump([{"name": t, "attributes": _atributos_de(t)} for t in sorted(tipos)], salida)
    salida.write("}\n")
    return cuantos


def _atributos_de(tipo: str) -> list[dict[str, str]]:
    nombre = ATRIBUTO_DE.get(tipo)
    return [{"name": nombre, "type": "string"}] if nombre else []


TABLAS = """
CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL);
CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL);
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL);
CREATE TABLE event_object (
  ocel_event_id TEXT NOT NULL REFERENCES event (ocel_id),
  ocel_object_id TEXT NOT NULL REFERENCES object (ocel_id),
  ocel_qualifier TEXT NOT NULL,
  PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier));
CREATE TABLE object_object (
  ocel_source_id TEXT NOT NULL REFERENCES object (ocel_id),
  ocel_target_id TEXT NOT NULL REFERENCES object (ocel_id),
  ocel_qualifier TEXT NOT NULL,
  PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier));
"""
EN_SQLITE = {"string": "TEXT", "integer": "INTEGER", "boolean": "INTEGER"}


def ocel_sqlite(ruta: Path) -> int:
    """Write an OCEL 2.0 SQLite file, a table for each kind of event and of object; returns how many events."""
    nombradas, cuantos = set[str](), 0
    columnas = ", ".join(f"{n} {EN_SQLITE[t]}" for n, t in DICE.items())
    marcas = ", ".join("?" * (len(DICE) + 2))
    with closing(sqlite3.connect(ruta)) as base, base:
        base.executescript(TABLAS)
        hechas = set[str]()
        for s in ocurridos():
            acto = s.evento.accion  # of the closed list of casos/actos.py, and quoted all the same
            if acto not in hechas:
                hechas.add(acto)
                base.execute("INSERT INTO event_map_type VALUES (?, ?)", (acto, acto))
                base.execute(
                    f'CREATE TABLE "event_{acto}" (ocel_id TEXT PRIMARY KEY, ocel_time TEXT, {columnas})'
                )
            base.execute("INSERT INTO event VALUES (?, ?)", (s.id, acto))
            valores = [getattr(s.evento, n) for n in DICE]
            base.execute(
                f'INSERT INTO "event_{acto}" VALUES ({marcas})', (s.id, s.cuando, *valores)
            )
            filas = [("caso", s.folio), *s.filas]
            base.executemany(
                "INSERT INTO event_object VALUES (?, ?, ?)",
                [(s.id, f, papel) for papel, f in filas],
            )
            nombradas |= {f for _, f in filas}
            cuantos += 1
        por_tipo = defaultdict(int)
        for nombre, tipo, atributos in _objetos(nombradas):
            if not por_tipo[tipo]:
                suya = ATRIBUTO_DE.get(tipo)
                base.execute("INSERT INTO object_map_type VALUES (?, ?)", (tipo, tipo))
                base.execute(
                    f'CREATE TABLE "object_{tipo}" (ocel_id TEXT, ocel_time TEXT, '
                    f"ocel_changed_field TEXT{f', {suya} TEXT' if suya else ''})"
                )
            por_tipo[tipo] += 1
            base.execute("INSERT INTO object VALUES (?, ?)", (nombre, tipo))
            for n, (campo, desde, valor) in enumerate(atributos):
                cambio = campo if n else None  # its first value is no change
                base.execute(
                    f'INSERT INTO "object_{tipo}" VALUES (?, ?, ?, ?)',
                    (nombre, desde, cambio, valor),
                )
            if not atributos:
                nulos = ", NULL" if tipo in ATRIBUTO_DE else ""
                base.execute(
                    f'INSERT INTO "object_{tipo}" VALUES (?, ?, NULL{nulos})',
                    (nombre, EPOCA.isoformat()),
                )
    return cuantos


# -- XES ---------------------------------------------------------------------------------------------

EXTENSIONES = {"Concept": "concept", "Time": "time", "Lifecycle": "lifecycle",
               "Organizational": "org"}  # fmt: skip


def xes(salida: TextIO) -> int:
    """Write an XES log, a trace for each case; returns how many events."""
    x = XMLGenerator(salida, "UTF-8", short_empty_elements=True)
    x.startDocument()
    x.startElement(
        "log",
        {"xes.version": "1849.2016", "xes.features": "", "xmlns": "http://www.xes-standard.org/"},
    )
    for nombre, prefijo in EXTENSIONES.items():
        uri = f"http://www.xes-standard.org/{prefijo}.xesext"
        _vacio(x, "extension", {"name": nombre, "prefix": prefijo, "uri": uri})
    for ambito, de_todos in (("trace", ["concept:name"]), ("event", ["concept:name"])):
        x.startElement("global", {"scope": ambito})
        for llave in de_todos:
            _atributo(x, "string", llave, "")
        if ambito == "event":
            _atributo(x, "date", "time:timestamp", EPOCA.isoformat())
            _atributo(x, "string", "lifecycle:transition", "complete")
        x.endElement("global")
    _vacio(x, "classifier", {"name": "Acto", "keys": "concept:name"})
    _atributo(x, "string", "concept:name", "Seguimiento de venta")
    folio, cuantos = "", 0
    for s in ocurridos():
        if s.folio != folio:
            if folio:
                x.endElement("trace")
            x.startElement("trace", {})
            _atributo(x, "string", "concept:name", s.folio)
            folio = s.folio
        _evento(x, s)
        cuantos += 1
    if folio:
        x.endElement("trace")
    x.endElement("log")
    x.endDocument()
    return cuantos


def _evento(x: XMLGenerator, s: Ocurrido) -> None:
    x.startElement("event", {})
    _atributo(x, "string", "concept:name", s.evento.accion)
    _atributo(x, "date", "time:timestamp", s.cuando)
    _atributo(x, "string", "lifecycle:transition", "complete")
    for papel, fila in s.filas:
        if papel == "actor":
            _atributo(x, "string", "org:resource", fila)
    _atributo(x, "string", "seccion", s.evento.seccion)
    _atributo(x, "int", "revision", str(s.evento.revision))
    _atributo(x, "string", "de", s.evento.de)
    _atributo(x, "string", "a", s.evento.a)
    _atributo(x, "boolean", "sin_segregacion", str(s.evento.sin_segregacion).lower())
    x.endElement("event")


def _atributo(x: XMLGenerator, tipo: str, llave: str, valor: str) -> None:
    _vacio(x, tipo, {"key": llave, "value": valor})


def _vacio(x: XMLGenerator, nombre: str, atributos: dict[str, str]) -> None:
    x.startElement(nombre, atributos)
    x.endElement(nombre)
