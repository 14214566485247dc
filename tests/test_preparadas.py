"""A query whose SQL is written once gives what the plain query would, with any values."""

from functools import partial
from uuid import UUID

import pytest
from django.db import DatabaseError, DataError, connection, connections, models, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casos.catalogos import Estado, EstadoAviso, Resultado
from casos.lecturas import por_decidir
from casos.models import Caso, VistaGuardada
from casos.models.preparada import EN_UNA, DeVarias, Preparada

from .auditoria import un_hallazgo
from .factories import AvisoFactory, SuplenciaFactory
from .guion import Guion, actuar, fresco
from .personas import crear_empresa
from .test_archivos import adjuntar

pytestmark = pytest.mark.django_db


def dicho(fila):
    """Everything that was read of a row, joined rows included."""
    if not isinstance(fila, models.Model):
        return fila
    suyo = {k: v for k, v in vars(fila).items() if not k.startswith("_")}
    return suyo | {k: dicho(v) for k, v in fila._state.fields_cache.items()}


@pytest.fixture
def comparadas(monkeypatch):
    """Each prepared query that is asked is also asked plainly; here, those that gave rows."""
    con_filas, preparada = set(), Preparada.__call__

    def las_dos(self, *valores):
        filas = preparada(self, *valores)
        llana = self.consulta(*valores)
        en_orden = list if llana.ordered else partial(sorted, key=str)  # whatever plan it has
        assert en_orden(map(dicho, filas)) == en_orden(map(dicho, llana)), self.consulta
        if filas:
            con_filas.add(self)
        # Whoever asked may change its rows: it is given its own.
        return preparada(self, *valores)

    monkeypatch.setattr(Preparada, "__call__", las_dos)
    return con_filas


def test_dan_lo_mismo(comparadas, mundo: Guion, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    suyo, *otros = [fresco(Caso(pk=pk)) for pk in mundo.listos.values()]
    mundo.registrar(contrato=suyo.contrato)  # a client who has others
    adjuntar(mundo, fresco(Caso(pk=mundo.listos["seguido"])), "convenio.pdf", b"%PDF-1.4 x")
    crear_empresa()
    SuplenciaFactory(titular=mundo.p.juridico, suplente=mundo.p.ventas2)
    VistaGuardada.objects.create(usuario=mundo.p.ventas, nombre="Vencidos", consulta="vencidos=on")
    un_hallazgo(mundo.p)
    un_hallazgo(mundo.p, responsable=None, vence=None)
    AvisoFactory(caso=suyo, usuario=mundo.p.ventas, estado=EstadoAviso.RESUMEN)
    paginas = ["/", "/casos/?filtros=1", f"{suyo.get_absolute_url()}anotar/"]
    paginas += [caso.get_absolute_url() for caso in (suyo, *otros)]
    por_presentar = fresco(Caso(pk=mundo.listos[Estado.EN_PROPUESTA])).get_absolute_url()
    paginas.append(f"{por_presentar}presentar/")
    modificado = next(c for c in otros if c.resultado == Resultado.MODIFICADO)
    for _ in range(2):  # a page sent twice
        actuar(
            "anotar", modificado, mundo.p.gerente, nota="Llamó el cliente.", ficha=str(UUID(int=7))
        )
    client.force_login(mundo.p.ventas)
    client.post(paginas[2], {"version": "0", "nota": ""})
    Caso.objects.filter(pk=modificado.pk).update(reapertura_pedida_en=timezone.now())
    Caso.objects.filter(estado=Estado.EN_PROPUESTA).update(intentos_completos=True)
    de_todos, de_un_caso = paginas[:2], paginas[2:]
    for nombre in ("ventas", "ventas2", "gerente", "direccion", "atencion", "juridico", "auditor"):
        client.force_login(getattr(mundo.p, nombre))
        for pagina in de_todos + (
            de_un_caso if nombre in ("ventas", "juridico") else de_un_caso[:1]
        ):
            client.get(pagina)
    # Of those that depend on hats there is one for each kind; not each kind has rows of each tray.
    sin_filas = {de_donde(p) for p in set(Preparada.TODAS) - comparadas}
    assert sin_filas <= {de_donde(p) for p in Preparada.TODAS if p.consulta.__closure__}
    # Nor do those of gerencia's trays stand alone, which are read in two goes: the first of each gave rows.
    de_gerencia = {
        t._primeras for t in vars(por_decidir).values() if isinstance(t, por_decidir._PorTandas)
    }
    assert len(de_gerencia) == 6 and de_gerencia <= comparadas
    assert len(comparadas) > 30


def de_donde(preparada) -> str:
    return f"{preparada.consulta.__module__}:{preparada.consulta.__code__.co_firstlineno}"


def test_de_varias_claves_da_cada_fila_una_vez(mundo):
    """However many: none are not asked for, some fill up a size, more than fit are asked as they are."""
    de_cada = DeVarias(lambda claves: Caso.objects.filter(pk__in=claves).order_by("pk"))
    hay = sorted(Caso.objects.values_list("pk", flat=True))
    for pedidas in (
        [],
        hay[:1],
        hay[:3],
        hay[:4],
        hay[:5],
        [*hay, *range(90_000, 90_000 + EN_UNA)],
    ):
        with CaptureQueriesContext(connection) as capturadas:
            leidas = de_cada(set(pedidas))
        assert [c.pk for c in leidas] == [pk for pk in hay if pk in pedidas]
        assert len(capturadas) == bool(pedidas)


# -- on PostgreSQL, with its plan kept ----------------------------------------------------------------------

con_planes = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite no guarda planes")
POR_ESTADO = Preparada(lambda estado: Caso.objects.filter(estado=estado).order_by("pk"), str)
Preparada.TODAS.remove(POR_ESTADO)


def dichas(hacer) -> list[str]:
    with CaptureQueriesContext(connection) as capturadas:
        hacer()
    return [c["sql"].split(" ")[0] for c in capturadas.captured_queries]


@con_planes
def test_el_plan_es_de_su_conexion(mundo):
    assert dichas(lambda: POR_ESTADO(Estado.RECIBIDO)) == ["EXECUTE"]
    hechos = connection.planes[1]
    assert dichas(lambda: POR_ESTADO(Estado.RECIBIDO)) == ["EXECUTE"]
    assert connection.planes[1] is hechos
    otra = connections.create_connection("default")
    try:
        assert POR_ESTADO._con_plan(POR_ESTADO._escrita, otra, [Estado.RECIBIDO])
        assert otra.planes[0] is otra.connection and otra.planes[1] is not hechos
    finally:
        otra.close()


@con_planes
def test_donde_las_conexiones_se_reparten_no_se_guarda(mundo, monkeypatch):
    con = POR_ESTADO(Estado.RECIBIDO)
    monkeypatch.setitem(connection.settings_dict, "CON_PLANES", False)
    assert dichas(lambda: POR_ESTADO(Estado.RECIBIDO)) == ["SELECT"]
    assert con == POR_ESTADO(Estado.RECIBIDO) != []


@con_planes
def test_en_una_transaccion_rota_dice_lo_que_diria(mundo):
    """Django's own error, not the driver's; and what was not made is made the next time."""
    nueva = Preparada(lambda folio: Caso.objects.filter(folio=folio), str)
    Preparada.TODAS.remove(nueva)
    for veces in range(2):
        if veces:
            nueva("SV-1")
        with transaction.atomic():
            with pytest.raises(DataError), connection.cursor() as cursor:
                cursor.execute("SELECT 1/0")
            with pytest.raises(DatabaseError):
                nueva("SV-1")
            transaction.set_rollback(True)
        assert nueva("SV-1") == []
