"""Files that no row names go after a day; what a row names stays; what is missing is told."""

import io
import os
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command

from casos import tareas
from casos.lecturas import sueltos
from casos.models import Adjunto
from tests.guion import Guion, fresco
from tests.muestras import PDF

from .test_archivos import adjuntar

DOS_DIAS = 2 * sueltos.UN_DIA


@pytest.fixture
def g(personas, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Guion(personas)


def envejecer(ruta, segundos=DOS_DIAS):
    antes = time.time() - segundos
    os.utime(default_storage.path(ruta), (antes, antes))


def dejar(ruta, segundos=DOS_DIAS) -> str:
    puesto = default_storage.save(ruta, ContentFile(b"x" * 1000))
    envejecer(puesto, segundos)
    return puesto


def entregado(g) -> str:
    adjuntar(g, fresco(g.hasta("EN_CONTACTO")), "a.pdf", PDF)
    ruta = Adjunto.objects.first().archivo.name
    envejecer(ruta)
    return ruta


def orden(*argumentos) -> str:
    salida = io.StringIO()
    call_command("archivos_sueltos", *argumentos, stdout=salida)
    return salida.getvalue()


def test_cada_noche_se_quita_lo_que_nadie_nombra(g):
    suyo = entregado(g)
    sueltas = [dejar("adjuntos/2026/03/abc"), dejar("importaciones/x.xlsx"), dejar("raro.tmp")]
    recientes = [dejar("adjuntos/2026/03/reciente", 3600), dejar("importaciones/y.xlsx", 60)]
    assert tareas.limpiar_archivos() == 3
    assert [default_storage.exists(r) for r in sueltas] == [False] * 3
    assert all(default_storage.exists(r) for r in [suyo, *recientes])
    assert tareas.limpiar_archivos() == 0


def test_la_orden_los_dice_y_solo_los_quita_si_se_le_pide(g):
    suyo, suelta = entregado(g), dejar("adjuntos/2026/03/abc")
    dicho = orden()
    assert f"suelto: {suelta}" in dicho and "Archivos sueltos: 1" in dicho
    assert suyo not in dicho
    assert default_storage.exists(suelta)
    assert "Archivos quitados: 1" in orden("--borrar")
    assert not default_storage.exists(suelta) and default_storage.exists(suyo)
    assert "Archivos sueltos: 0" in orden()


def test_una_fila_sin_su_archivo_se_dice_y_no_se_toca(g, caplog):
    ruta = entregado(g)
    Path(default_storage.path(ruta)).unlink()
    otra = entregado(g)
    Adjunto.objects.filter(archivo=otra).update(archivo="../../etc/hostname")
    assert "Filas sin su archivo: 2." in orden()
    tareas.limpiar_archivos()
    assert ruta in caplog.text and "Falta un archivo" in caplog.text
    assert Adjunto.objects.count() == 2


def test_con_otra_base_no_se_borra_la_evidencia(g, caplog):
    """An empty database over the folder of another: nothing of it is loose, it is lost."""
    rutas = [dejar(f"adjuntos/2026/03/{n}") for n in range(5)]
    assert tareas.limpiar_archivos() == 0
    assert all(default_storage.exists(r) for r in rutas)
    assert "Revisa que la base sea la de esta carpeta" in caplog.text
    assert "Archivos quitados: 5" in orden("--borrar")  # who says so knows


def test_lo_que_llega_mientras_se_busca_se_queda(g, monkeypatch):
    """The row of a slow act is written after it was looked for, and before it is removed."""
    ruta = entregado(g)
    [fila] = Adjunto.objects.values()
    suelta = dejar("adjuntos/2026/03/lenta")
    buscar = sueltos.buscar

    def y_entonces_llega(*args):
        hallado = buscar(*args)
        assert [r for r, _ in hallado.sin_fila] == [suelta]
        Adjunto.objects.create(**fila | {"id": None, "archivo": suelta})
        return hallado

    monkeypatch.setattr(sueltos, "buscar", y_entonces_llega)
    assert tareas.limpiar_archivos() == 0
    assert default_storage.exists(suelta) and default_storage.exists(ruta)


def test_no_sigue_enlaces_ni_se_pasa_de_su_tiempo(g, tmp_path_factory, settings):
    entregado(g)
    fuera = tmp_path_factory.mktemp("fuera") / "ajeno"
    fuera.write_text("x")
    os.utime(fuera, (0, 0))
    (Path(settings.MEDIA_ROOT) / "enlace").symlink_to(fuera)
    (Path(settings.MEDIA_ROOT) / "carpeta").symlink_to(fuera.parent)
    assert tareas.limpiar_archivos() == 0 and fuera.exists()
    dejar("adjuntos/2026/03/abc")
    assert sueltos.buscar(1e-9).completo is False
    assert sueltos.buscar().completo is True
