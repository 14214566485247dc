"""The short form of ``make aguante``: the real processes, killed while somebody walks a case and mail is refused."""

import os
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from aguante import cuenta, muertes, procesos
from aguante.buzon import BIEN, Buzon
from aguante.escena import Escena
from casos.clientes import altas
from tests.guion import un_contrato
from tests.reloj import de_otro_proceso

from .test_conexiones_lentas import url_de_la_base

RAIZ = Path(__file__).resolve().parent.parent


@pytest.fixture
def escena(personas, tmp_path):
    with transaction.atomic():
        cliente = altas.crear_cliente(razon_social="Uno, S.A.", nombre_comercial="", rfc="")
        contrato = un_contrato("AG-1", cliente)
    puerto, url = procesos.puerto_libre(), url_de_la_base()
    with Buzon() as buzon:
        propias = {
            "DJANGO_SETTINGS_MODULE": "seguimiento.settings_pruebas",
            "SECRET_KEY": settings.SECRET_KEY,
            "EMAIL_URL": f"smtp://127.0.0.1:{buzon.puerto}",
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        }
        variables = procesos.entorno(url, puerto, **propias)
        with (
            procesos.web(RAIZ, url, tmp_path, puerto, **propias) as web,
            procesos.trabajador(RAIZ, url, tmp_path, puerto, **propias) as trabajador,
        ):
            procesos.hasta_que_sirva(puerto)
            pares = [(cliente.pk, contrato.pk)]
            yield Escena(RAIZ, variables, web, trabajador, buzon, pares)


@de_otro_proceso
@pytest.mark.django_db(transaction=True)
def test_ni_un_paso_ni_un_correo_se_pierde_ni_se_repite(escena):
    """Each kind of process is killed; the mail server says no in two ways meanwhile, so that none can be in flight."""
    escena.empezar()
    buzon, fin = escena.buzon, time.monotonic() + 180

    def romper():
        buzon.modo = "451"
        veces = muertes.de_la_web(escena, 2, fin)[0]
        buzon.modo = "421"
        veces += muertes.del_trabajador(escena, 1, fin, hijos_tambien=False)[0]
        veces += muertes.del_maestro(escena, 1, fin)[0]
        buzon.modo = BIEN
        cuenta.de_nuevo()
        cuenta.adelantar(hours=1)
        return veces, []

    fila = escena.medir("corta", romper, caminan=1)
    assert escena.mal == []
    assert fila.veces == 4 and fila.pasos >= 12
    assert (fila.perdidos, fila.a_medias, fila.bitacora) == (0, 0, "")
    assert fila.correos and (fila.sin_llegar, fila.dobles) == (0, 0)
