"""What people read of a case is proved from its log: whatever is altered beside it is found (D§3)."""

import random
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from casos.catalogos import Estado
from casos.lecturas.verificacion import revisar_bitacora
from casos.models import Aviso, Caso, Evento, Opinion, Prueba, TextoEvento
from casos.models.bitacora import CERO, digerir
from casos.pruebas import COLUMNAS, PROBADAS, SIN_COLUMNAS, SIN_PROBAR

from .guion import actuar

pytestmark = pytest.mark.django_db
TABLAS = {m._meta.db_table: m for m in PROBADAS}
CELDAS = [
    (m, c.attname)
    for m in PROBADAS
    for c in m._meta.concrete_fields
    if c.attname in COLUMNAS[m] and not c.primary_key
]


def que_cuelgan() -> set[type[models.Model]]:
    """Every table whose rows hang from a case, by whatever way."""
    hallados, nuevos = set(), {Caso}
    while nuevos:
        hallados |= nuevos
        nuevos = {
            m
            for m in apps.get_models(include_auto_created=True)
            for c in m._meta.concrete_fields
            if c.related_model in hallados
        } - hallados
    return hallados


def test_de_cada_tabla_y_columna_se_dice_si_se_prueba():
    assert {m.__name__ for m in que_cuelgan() - set(PROBADAS)} == set(SIN_PROBAR)
    for modelo, sin in SIN_COLUMNAS.items():
        assert set(sin) <= {c.name for c in modelo._meta.concrete_fields}
        assert all(sin.values())


def forzar(sql, *parametros):
    """As somebody with the database in hand (``intacto``: without triggers). How many rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parametros)
        return cursor.rowcount


class Deshacer(Exception):
    pass


def fallas_tras(casos, sql, *parametros):
    """What is found of these cases after a statement; ``None`` where the database refuses it."""
    fallas = None
    try:
        with transaction.atomic():
            tocadas = forzar(sql, *parametros)
            if tocadas:
                folios = Caso.objects.filter(pk__in=casos).values_list("folio", flat=True)
                fallas = [f for folio in folios for f in revisar_bitacora(folio, archivos=False)]
            raise Deshacer
    except Deshacer:
        return fallas
    except IntegrityError:
        return None


def otro_valor(campo, azar):
    """Another value of a column, in SQL."""
    nombre = connection.ops.quote_name(campo.column)
    while isinstance(campo, models.ForeignKey):
        campo = campo.target_field
    if isinstance(campo, models.BooleanField):
        return f"NOT COALESCE({nombre}, FALSE)"
    if isinstance(campo, models.JSONField):
        return "'[\"otra\"]'"
    if isinstance(campo, models.DateTimeField):
        return (
            "'2020-01-02 03:04:05+00:00'"
            if connection.vendor != "sqlite"
            else "'2020-01-02 03:04:05'"
        )
    if isinstance(campo, models.DateField):
        return "'2020-01-02'"
    if isinstance(campo, models.DecimalField | models.IntegerField):
        return f"COALESCE({nombre}, 0) + {azar.randint(1, 3)}"
    # One letter: whatever the column takes, a check of its values may refuse it.
    return f"CASE WHEN {nombre} = 'x' THEN 'z' ELSE 'x' END"


def de_un_caso(modelo):
    """Path to the case, and the key of a row of a case that the log proves."""
    camino = PROBADAS[modelo]
    casos = Prueba.objects.values("caso")
    return modelo._base_manager.filter(**{f"{camino}__in": casos}).values_list(
        "pk", f"{camino if camino != 'pk' else 'pk'}"
    )


def donde(modelo):
    return f"{modelo._meta.db_table}", connection.ops.quote_name(modelo._meta.pk.column)


@pytest.fixture
def intacto(mundo):
    assert list(revisar_bitacora(archivos=False)) == []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (nombre,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {nombre}")
        else:
            cursor.execute("SET LOCAL session_replication_role = 'replica'")
    return mundo


def test_se_halla_cada_columna_alterada(intacto):
    """One row of each table, each of its columns."""
    azar, perdidas, probadas = random.Random(11), [], 0
    for modelo, columna in CELDAS:
        filas = list(de_un_caso(modelo))
        if not filas:
            continue
        pk, caso = azar.choice(filas)
        campo = next(c for c in modelo._meta.concrete_fields if c.attname == columna)
        tabla, clave = donde(modelo)
        nombre = connection.ops.quote_name(campo.column)
        fallas = fallas_tras(
            [caso],
            f"UPDATE {tabla} SET {nombre} = {otro_valor(campo, azar)} WHERE {clave} = %s",
            pk,
        )
        if fallas is None:
            continue
        probadas += 1
        if len(fallas) != 1 or str(pk) not in fallas[0] and "evento" not in fallas[0]:
            perdidas.append((tabla, columna, pk, fallas))
    assert not perdidas, perdidas
    assert probadas > 120


def test_se_halla_cada_fila_que_falta_y_cada_una_que_sobra(intacto):
    azar, perdidas = random.Random(12), []
    for modelo in PROBADAS:
        filas = list(de_un_caso(modelo))
        if not filas or modelo is Caso:
            continue
        pk, caso = azar.choice(filas)
        tabla, clave = donde(modelo)
        falta = fallas_tras([caso], f"DELETE FROM {tabla} WHERE {clave} = %s", pk)
        if falta is not None and len(falta) != 1:
            perdidas.append((tabla, "falta", falta))
        if modelo._meta.pk.remote_field:
            continue
        columnas = [
            connection.ops.quote_name(c.column)
            for c in modelo._meta.concrete_fields
            if not c.primary_key
        ]
        dichas = ", ".join(columnas)
        # Beside unique keys it is refused, which is as well.
        sobra = fallas_tras(
            [caso],
            f"INSERT INTO {tabla} (id, {dichas}) SELECT 990001, {dichas} FROM {tabla} WHERE {clave} = %s",
            pk,
        )
        if sobra is not None and len(sobra) != 1:
            perdidas.append((tabla, "sobra", sobra))
    assert not perdidas, perdidas


def test_se_halla_una_fila_pasada_a_otro_caso(intacto):
    """In the case that lost it and in the one that has it now."""
    casos, perdidas = list(Caso.objects.values_list("pk", flat=True)), []
    for modelo, camino in PROBADAS.items():
        if camino != "caso" or modelo._meta.pk.remote_field:
            continue
        filas = list(de_un_caso(modelo).exclude(caso=None))
        if not filas:
            continue
        pk, caso = filas[-1]
        otro = next(c for c in casos if c != caso)
        tabla, clave = donde(modelo)
        fallas = fallas_tras(
            [caso, otro],
            f"UPDATE {tabla} SET caso_id = %s WHERE {clave} = %s",
            otro,
            pk,
        )
        if fallas is not None and len(fallas) != 2:
            perdidas.append((tabla, fallas))
    assert not perdidas, perdidas


def test_se_halla_el_sentido_de_una_opinion_y_se_dice_donde(intacto):
    opinion = Opinion.objects.filter(sentido="EN_CONTRA").first()
    [falla] = fallas_tras(
        [opinion.caso_id],
        "UPDATE casos_opinion SET sentido = 'A_FAVOR' WHERE id = %s",
        opinion.pk,
    )
    assert f"la fila {opinion.pk} de «opinión» no es como la dejó el evento" in falla


def test_lo_alterado_no_se_cuela_con_el_siguiente_acto(intacto):
    """An act that writes beside what was altered does not make it true."""
    caso = Caso.objects.filter(estado=Estado.EN_ANALISIS).first()
    opinion = caso.opiniones.exclude(pregunta="").first() or caso.opiniones.first()
    with transaction.atomic():
        forzar("UPDATE casos_opinion SET pregunta = 'otra' WHERE id = %s", opinion.pk)
    actuar("anotar", caso, caso.responsable, nota="Se llamó.")
    [falla] = revisar_bitacora(caso.folio)
    assert f"la fila {opinion.pk} de «opinión»" in falla
    assert "ya no era la que dejó la bitácora" in falla


def test_se_halla_la_cola_cortada(intacto):
    """The last event taken out with its proof and the head set back: what it wrote is one row too many."""
    aviso = Aviso.objects.exclude(evento=None).exclude(caso=None).order_by("-evento").first()
    evento = aviso.evento
    with transaction.atomic():
        for tabla in ("casos_textoevento", "casos_aviso", "casos_adjunto"):
            forzar(f"DELETE FROM {tabla} WHERE evento_id = %s", evento.pk)
        forzar("DELETE FROM casos_evento WHERE id = %s", evento.pk)
        forzar(
            "UPDATE casos_caso SET num_eventos = num_eventos - 1, huella_cabeza = %s WHERE id = %s",
            evento.previo,
            evento.caso_id,
        )
        [falla] = revisar_bitacora(evento.caso.folio)
        assert "va tras el evento" in falla


def test_se_halla_que_falta_la_prueba(intacto):
    caso = Caso.objects.filter(estado=Estado.EN_ANALISIS).first()
    [falla] = fallas_tras([caso.pk], "DELETE FROM casos_prueba WHERE caso_id = %s", caso.pk)
    assert f"falta la prueba del evento {caso.num_eventos}" in falla


def test_se_halla_personal_cambiado_y_la_etiqueta_recorrida(intacto):
    texto = TextoEvento.objects.exclude(texto="").first()
    for sql in (
        "UPDATE casos_textoevento SET personal = NOT personal WHERE id = %s",
        "UPDATE casos_textoevento SET etiqueta = etiqueta || ':' || substr(texto, 1, 1), "
        "texto = substr(texto, 2) WHERE id = %s",
    ):
        [falla] = fallas_tras([texto.evento.caso_id], sql, texto.pk)
        assert "fue alterado" in falla


@pytest.mark.parametrize(
    "sql", ["UPDATE casos_consecutivo SET ultimo = ultimo - 2", "DELETE FROM casos_consecutivo"]
)
def test_se_halla_la_cuenta_de_folios_que_retrocede_o_se_borra(intacto, sql):
    forzar(sql)
    assert any("folios" in f for f in revisar_bitacora(archivos=False))


def test_un_caso_de_antes_no_alarma_y_recibe_su_punto_de_partida(intacto):
    caso = Caso.objects.filter(estado=Estado.EN_ANALISIS).first()
    forzar("DELETE FROM casos_prueba WHERE caso_id = %s", caso.pk)
    previo = CERO
    for evento in caso.eventos.order_by("numero"):  # as the rule before wrote them
        evento.regla, evento.previo = 1, previo
        textos = {t.campo: t for t in evento.textos.all()}
        if textos:
            evento.datos["textos"] = {c: digerir(t, 1) for c, t in textos.items()}
        previo = evento.huella = evento.calcular_huella()
        Evento.objects.filter(pk=evento.pk).update(
            regla=1, previo=evento.previo, huella=evento.huella, datos=evento.datos
        )
    Caso.objects.filter(pk=caso.pk).update(huella_cabeza=previo, sal="")
    assert list(revisar_bitacora(caso.folio)) == []
    call_command("empezar_pruebas", stdout=StringIO())
    assert Prueba.objects.filter(caso=caso, motivo=Prueba.Motivo.PARTIDA).count() == 1
    assert list(revisar_bitacora(caso.folio)) == []
    opinion = caso.opiniones.first()
    [falla] = fallas_tras(
        [caso.pk], "UPDATE casos_opinion SET pregunta = 'otra' WHERE id = %s", opinion.pk
    )
    assert f"la fila {opinion.pk} de «opinión»" in falla
