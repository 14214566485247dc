"""A thousand random alterations by whoever has the database: each is found, or said why it is not (D§3).

Here a few of them; ``make aguante`` makes the thousand. ``ALTERACIONES=1000 SEMILLA=7 pytest …`` repeats a run.
"""

import os
import random
import re
from collections import Counter

import pytest
from django.conf import settings as ajustes
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from casos.lecturas import sellos
from casos.lecturas.verificacion import revisar_bitacora
from casos.lecturas.verificacion_de_configuracion import revisar_configuracion
from casos.lecturas.verificacion_de_seguridad import revisar_registro
from casos.models import Aviso, Caso
from casos.pruebas import PROBADAS, SIN_COLUMNAS, SIN_PROBAR
from casos.seguridad import que_se_configura as configurado
from casos.seguridad import sellado
from casos.seguridad.lo_configurado import sin_encadenar
from casos.seguridad.texto_de_sello import escribir, leer

from .alteraciones import (
    CLASES,
    COMPARADAS,
    filas_de,
    lo_que_se_halla,
    tablas,
    un_byte,
    verificables,
)
from .reparto import CORTA
from .test_pruebas import Deshacer

pytestmark = pytest.mark.django_db
CUANTAS = int(os.environ.get("ALTERACIONES", "12" if CORTA else "60"))
SEMILLA = os.environ.get("SEMILLA", "11")
LISTA = ajustes.BASE_DIR / "docs" / "lo_que_no_se_prueba.md"
DICE_DONDE = re.compile(
    r"(fila|evento|hecho|sello|prueba|folios?|certificado) (de )?\d|SV-\d|cabeza|contador"
    r"|\d (eventos|hechos)|Ningún sello",
    re.I,
)


def listadas():
    """(table, column) that the documentation says are not proved."""
    renglones = re.findall(r"^\| (casos_\w+) \| ([^|]+) \| [^|]+ \|$", LISTA.read_text(), re.M)
    return {(tabla, c.strip()) for tabla, columnas in renglones for c in columnas.split(",")}


def sin_probar():
    """What the code does not prove."""
    hay = {m._meta.db_table for m in tablas()}
    enteras = {m._meta.db_table for m in tablas() if m.__name__ in SIN_PROBAR}
    enteras |= {
        m._meta.db_table
        for m in tablas()
        if "chain" not in (por_que := configurado.SIN_ENCADENAR.get(m._meta.label, "chain"))
        and "seal" not in por_que
        and "compared" not in por_que
    }
    otras = {"casos_evento", "casos_prueba"}
    columnas = {
        (m._meta.db_table, m._meta.get_field(c).column)
        for de in (SIN_COLUMNAS, configurado.SIN_COLUMNAS)
        for m, suyas in de.items()
        for c in suyas
        if c not in COMPARADAS.get(m, ())
    }
    columnas |= {("casos_certificadodesello", c) for c in ("emisor", "en")}
    return {(t, "*") for t in enteras & hay - otras} | columnas


def test_la_lista_de_lo_que_no_se_prueba_es_la_que_es():
    assert listadas() == sin_probar()


@pytest.fixture
def intacto(mundo, settings, tmp_path):
    """Everything made by the product, a seal of it kept elsewhere, and the triggers off."""
    settings.LLAVE_DE_SELLOS = tmp_path / "llave"
    sello = sellado.sellar(timezone.localdate())
    settings.CERTIFICADOR = "tests.test_sellos.Certifica"
    sellado.certificar(sello)
    guardado = leer("\n".join(escribir(sello, sellos.cabezas_de(sello))))
    assert list(revisar_bitacora(archivos=False)) == []
    assert (revisar_configuracion(), revisar_registro()) == ([], "")
    assert sellos.revisar(*guardado).integro
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (nombre,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {nombre}")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL session_replication_role = 'replica'")
    return guardado


def tras(alterar, modelo, campo, pk, azar, guardado):
    """What is found after it; ``None`` where the database refuses it."""
    hallado = None
    try:
        with sin_encadenar(), transaction.atomic():
            folios = alterar(modelo, campo, pk, azar)
            hallado = lo_que_se_halla(modelo, folios, guardado)
            raise Deshacer
    except Deshacer:
        return hallado
    except DatabaseError:
        return None


def test_cada_alteracion_se_halla_y_se_dice_donde(intacto):
    azar, cuenta, perdidas = random.Random(SEMILLA), Counter(), []
    celdas = [(m, c) for m, c in verificables(listadas()) if filas_de(m)]
    azar.shuffle(celdas)
    filas = {m: filas_de(m) for m, _ in celdas}
    for n in range(CUANTAS):
        # Of a long run, first each column once.
        todas = len(celdas) < CUANTAS and n < len(celdas)
        modelo, campo = celdas[n % len(celdas)]
        alterar = un_byte if todas else azar.choices(list(CLASES), list(CLASES.values()))[0]
        pk = azar.choice(filas[modelo])
        hallado = tras(alterar, modelo, campo, pk, azar, intacto)
        dicho = "refused" if hallado is None else "found" if hallado else "missed"
        cuenta[alterar.__name__, dicho] += 1
        if hallado is not None and not any(DICE_DONDE.search(f) for f in hallado[:1]):
            perdidas.append(
                (alterar.__name__, modelo._meta.db_table, campo.column, pk, hallado[:1])
            )
    print(f"semilla {SEMILLA}: {sum(cuenta.values())} alteraciones en {len(celdas)} columnas de "
          f"{len(filas)} tablas ({connection.vendor})")  # fmt: skip
    for (clase, dicho), cuantas in sorted(cuenta.items()):
        print(f"  {clase:24} {dicho:8} {cuantas}")
    assert not perdidas, f"semilla {SEMILLA}: {perdidas}"


def test_lo_que_se_halla_no_esta_en_la_lista(intacto):
    """A listed column that is found after all must leave the list."""
    azar, halladas = random.Random(SEMILLA), []
    celdas = [(m, c) for m, c in verificables(set()) if (m, c) not in verificables(listadas())]
    celdas = [(m, c) for m, c in celdas if filas_de(m)]
    for modelo, campo in azar.sample(celdas, min(len(celdas), max(15, CUANTAS // 10))):
        pk = azar.choice(filas_de(modelo))
        if tras(un_byte, modelo, campo, pk, azar, intacto):
            halladas.append((modelo._meta.db_table, campo.column))
    assert not halladas


def test_sobre_lo_intacto_nunca_hay_alarma(intacto):
    """Also while it goes on: another act, a mail that leaves."""
    Aviso.objects.filter(estado="PENDIENTE").update(intentos=1)
    assert list(revisar_bitacora(archivos=False)) == []
    assert Caso.objects.exists() and PROBADAS
