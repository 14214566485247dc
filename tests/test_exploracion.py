"""The flow explored, in its short form: a few states of every step and world (``docs/exploracion.md``).

In a process of its own: it has a whole database in memory and replaces what is in it at every step.
"""

import os
import subprocess
import sys

from django.conf import settings

from casos.actos import DE_UN_CASO

from .exploracion.ofertas import NO_SE_EXPLORAN, OFERTAS
from .exploracion.quien import QUIEN
from .reparto import CORTA


def explorar(*pide):
    orden = [sys.executable, "-m", "tests.exploracion", *pide]
    return subprocess.run(
        orden, cwd=settings.BASE_DIR, env=os.environ | {"PYTHONWARNINGS": "ignore"},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip


def test_del_flujo_se_sale_y_cada_quien_puede_lo_suyo():
    hecho = explorar("--corta")
    assert hecho.returncode == 0, hecho.stdout + hecho.stderr
    assert "ordinario: " in hecho.stdout and f"{8 if CORTA else 60} expanded" in hecho.stdout


def test_ningun_acto_se_queda_sin_explorar():
    actos = {a.nombre for a in DE_UN_CASO}
    assert actos == set(OFERTAS) | NO_SE_EXPLORAN
    assert set(OFERTAS) <= set(QUIEN) <= actos
