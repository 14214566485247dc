"""The log as process mining reads it: read back by another library, event by event, with nobody's name in it."""

import json
import sqlite3
from xml.etree import ElementTree

import pytest
import r4pm
from django.core.management import CommandError, call_command
from r4pm import bindings

from casos.catalogos import Estado
from casos.lecturas.registro_de_eventos import ocurridos
from casos.models import Cliente, Evento, PersonaContacto, TextoEvento, Usuario

pytestmark = pytest.mark.django_db
XES = "{http://www.xes-standard.org/}"
FORMATOS = {"ocel": "x.json", "ocel-sqlite": "x.sqlite", "xes": "x.xes"}


@pytest.fixture
def archivos(mundo, tmp_path):
    for estado in (Estado.EN_ANALISIS, Estado.EN_MODIFICACION, Estado.CERRADO):
        mundo.hasta(estado)
    rutas = {formato: tmp_path / nombre for formato, nombre in FORMATOS.items()}
    for formato, ruta in rutas.items():
        call_command("exportar_eventos", formato=formato, a=str(ruta))
    return rutas


def leido(ruta):
    return bindings.slim_link_ocel(ocel=r4pm.import_item("OCEL", str(ruta)))


def test_otra_biblioteca_lee_tantos_eventos_como_hay(archivos):
    hay = Evento.objects.count()
    assert hay > 20
    casos = Evento.objects.values("caso").distinct().count()
    de_json, de_sqlite = leido(archivos["ocel"]), leido(archivos["ocel-sqlite"])
    assert bindings.num_events(de_json) == bindings.num_events(de_sqlite) == hay
    assert bindings.num_objects(de_json) == bindings.num_objects(de_sqlite) > casos
    assert {e for t in bindings.locel_get_ev_types(de_json) for e in (t,)} == set(
        Evento.objects.values_list("accion", flat=True)
    )
    trazas = r4pm.import_item("EventLog", str(archivos["xes"]))
    assert bindings.get_num_cases(trazas) == casos


def test_los_tres_dicen_lo_mismo_que_la_bitacora(archivos):
    son = {f"{s.folio}/{s.evento.numero}": s for s in ocurridos()}
    ocel = json.loads(archivos["ocel"].read_text("utf-8"))
    assert [e["id"] for e in ocel["events"]] == list(son)
    objetos = {o["id"]: o for o in ocel["objects"]}
    for e in ocel["events"]:
        s = son[e["id"]]
        dicho = {a["name"]: a["value"] for a in e["attributes"]}
        assert (e["type"], e["time"]) == (s.evento.accion, s.cuando)
        assert (dicho["seccion"], dicho["a"]) == (s.evento.seccion, s.evento.a)
        filas = [(r["qualifier"], r["objectId"]) for r in e["relationships"]]
        assert filas == [("caso", s.folio), *s.filas]
        assert {r["objectId"] for r in e["relationships"]} <= objetos.keys()
    for o in objetos.values():
        if o["type"] == "caso":
            ultimo = Evento.objects.filter(caso__folio=o["id"]).latest("numero")
            assert o["attributes"][-1]["value"] == ultimo.a
    for lista, cuales in (("eventTypes", ocel["events"]), ("objectTypes", ocel["objects"])):
        declarados = {t["name"]: {a["name"] for a in t["attributes"]} for t in ocel[lista]}
        for uno in cuales:
            assert {a["name"] for a in uno["attributes"]} <= declarados[uno["type"]]
    base = sqlite3.connect(archivos["ocel-sqlite"])
    assert base.execute("SELECT count(*) FROM event").fetchone() == (len(son),)
    enlaces = sum(len(e["relationships"]) for e in ocel["events"])
    assert base.execute("SELECT count(*) FROM event_object").fetchone() == (enlaces,)
    assert not base.execute("PRAGMA foreign_key_check").fetchall()
    base.close()
    trazas = ElementTree.parse(archivos["xes"]).getroot().findall(f"{XES}trace")
    vistos = []
    for traza in trazas:
        [folio] = [s.get("value") for s in traza.findall(f"{XES}string")]
        for evento in traza.findall(f"{XES}event"):
            v = {a.get("key"): a.get("value") for a in evento}
            vistos.append((folio, v["concept:name"], v["time:timestamp"], v["a"]))
    assert vistos == [(s.folio, s.evento.accion, s.cuando, s.evento.a) for s in son.values()]


def test_no_sale_el_nombre_de_nadie_ni_un_texto(archivos):
    nombres = {str(p) for p in PersonaContacto.objects.all()} | {
        str(c) for c in Cliente.objects.all()
    }
    nombres |= {str(u) for u in Usuario.objects.all()} | set(
        Usuario.objects.values_list("email", flat=True)
    )
    textos = set(TextoEvento.objects.exclude(texto="").values_list("texto", flat=True))
    assert nombres and textos
    for ruta in archivos.values():
        bytes_ = ruta.read_bytes()
        # Short words of a form ("Sí") stand anywhere.
        assert not [n for n in nombres | textos if len(n) > 8 and n.encode() in bytes_]


@pytest.mark.parametrize("formato", FORMATOS)
def test_sin_eventos_es_un_registro_vacio_y_no_se_escribe_encima(db, tmp_path, formato):
    ruta = tmp_path / FORMATOS[formato]
    call_command("exportar_eventos", formato=formato, a=str(ruta))
    antes = ruta.read_bytes()
    with pytest.raises(CommandError, match="Ya existe"):
        call_command("exportar_eventos", formato=formato, a=str(ruta))
    assert ruta.read_bytes() == antes and list(tmp_path.iterdir()) == [ruta]
    with pytest.raises(CommandError, match="No se pudo escribir"):
        call_command("exportar_eventos", formato=formato, a=str(tmp_path / "no" / "hay" / "x"))
