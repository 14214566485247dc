"""The outbox against a real SMTP server: kills, refusals, a server that is down, two workers."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, connections
from django.utils import timezone

from casos import avisos, envio
from casos.catalogos import EstadoAviso
from casos.models import Aviso

RAIZ = Path(__file__).resolve().parent.parent


def encolar(n, para="area@empresa.example"):
    Aviso.objects.bulk_create(
        Aviso(
            plantilla="prueba", para=para, asunto=f"Correo {i}", texto=f"Texto {i}",
            html=f"<p>Texto {i}</p>", message_id=avisos.nuevo_message_id(), en_respuesta_a="<hilo@x>",
        )
        for i in range(n)
    )  # fmt: skip


@pytest.mark.django_db
def test_llega_con_su_message_id_en_texto_y_html(smtp):
    encolar(1)
    assert envio.enviar_pendientes() == 1
    aviso = Aviso.objects.get()
    [mensaje] = smtp.mensajes
    assert mensaje["Message-ID"] == aviso.message_id
    assert mensaje["In-Reply-To"] == mensaje["References"] == "<hilo@x>"
    assert mensaje["Auto-Submitted"] == "auto-generated"
    assert [p.get_content_type() for p in mensaje.walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip
    assert (aviso.estado, aviso.intentos) == (EstadoAviso.ENVIADO, 1)
    assert envio.enviar_pendientes() == 0
    assert len(smtp.mensajes) == 1


@pytest.mark.django_db
def test_lo_confidencial_se_borra_al_enviarse(smtp):
    avisos.cuenta(None, "nueva@empresa.example", "Acceso", "Tu enlace secreto es XYZ")
    assert envio.enviar_pendientes() == 1
    assert "XYZ" in smtp.mensajes[0].get_payload(decode=True).decode()
    assert "XYZ" not in Aviso.objects.get().texto


@pytest.mark.django_db
def test_direccion_rechazada_falla_de_una_vez_y_no_estorba(smtp):
    encolar(1, para="nadie@empresa.example")
    encolar(2)
    smtp.rechaza.add("nadie@empresa.example")
    assert envio.enviar_pendientes() == 2
    fallido = Aviso.objects.get(para="nadie@empresa.example")
    assert (fallido.estado, fallido.error) == (
        EstadoAviso.FALLIDO, "El servidor no aceptó la dirección.",
    )  # fmt: skip
    smtp.rechaza.clear()
    envio.reenviar(fallido)
    assert envio.enviar_pendientes() == 1
    assert len(smtp.para("nadie@empresa.example")) == 1


@pytest.mark.django_db
def test_servidor_caido_nada_se_pierde_y_al_final_falla(smtp, settings):
    encolar(3)
    settings.EMAIL_PORT = 1  # nobody listens there
    for n, espera in enumerate(envio.ESPERAS, 1):
        antes = timezone.now()
        assert envio.enviar_pendientes() == 0
        estados = set(Aviso.objects.values_list("estado", "intentos"))
        assert estados == {(EstadoAviso.PENDIENTE, n)}
        assert all(a.proximo_en >= antes + espera for a in Aviso.objects.all())
        Aviso.objects.update(proximo_en=timezone.now())
    envio.enviar_pendientes()
    assert set(Aviso.objects.values_list("estado", flat=True)) == {EstadoAviso.FALLIDO}
    assert set(Aviso.objects.values_list("error", flat=True)) == {
        "El servidor de correo no responde."
    }
    settings.EMAIL_PORT = smtp.puerto
    for aviso in Aviso.objects.all():
        envio.reenviar(aviso)
    assert envio.enviar_pendientes() == 3
    assert len(smtp.mensajes) == 3


@pytest.mark.django_db
def test_un_rechazo_temporal_se_reintenta(smtp):
    encolar(1)
    smtp.caido = True
    envio.enviar_pendientes()
    aviso = Aviso.objects.get()
    assert (aviso.estado, aviso.intentos) == (EstadoAviso.PENDIENTE, 1)
    smtp.caido = False
    Aviso.objects.update(proximo_en=timezone.now())
    assert envio.enviar_pendientes() == 1


@pytest.mark.django_db(transaction=True)
def test_dos_trabajadores_cada_correo_una_vez(smtp):
    encolar(60)

    def trabajar(_):
        try:
            return envio.enviar_pendientes()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as grupo:
        enviados = list(grupo.map(trabajar, range(2)))
    assert sum(enviados) == 60
    assert Counter(m["Message-ID"] for m in smtp.mensajes).most_common(1)[0][1] == 1
    assert len(smtp.mensajes) == 60


ENVIADOR = """
import django; django.setup()
from django.conf import settings
from casos import envio
envio.enviar_pendientes()
"""


@pytest.mark.django_db(transaction=True)
def test_cinco_muertes_a_media_entrega_llegan_todos(smtp):
    """SIGKILL five times while sending 200: all arrive, twice at most the one in flight."""
    encolar(200)
    smtp.demora = 0.01
    base = connection.settings_dict
    motor = "sqlite" if connection.vendor == "sqlite" else "postgres"
    url = f"sqlite:///{base['NAME']}"
    if motor == "postgres":
        url = f"postgres://{base['USER']}:{base['PASSWORD']}@{base['HOST']}:{base['PORT']}/{base['NAME']}"
    entorno = os.environ | {
        "DJANGO_SETTINGS_MODULE": "seguimiento.settings",
        "DATABASE_URL": url,
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp.puerto}",
        "SECRET_KEY": "x" * 50,
    }
    muertes = 0
    for _ in range(5):
        proceso = subprocess.Popen([sys.executable, "-c", ENVIADOR], env=entorno, cwd=RAIZ)
        antes = len(smtp.mensajes)
        limite = time.monotonic() + 30
        while len(smtp.mensajes) < antes + 15 and time.monotonic() < limite:
            time.sleep(0.005)
        proceso.send_signal(signal.SIGKILL)
        muertes += proceso.wait() == -signal.SIGKILL
        # The lease of the dead one runs out.
        Aviso.objects.filter(estado=EstadoAviso.ENVIANDO).update(
            tomado_hasta=timezone.now() - timedelta(seconds=1)
        )
    assert muertes == 5
    assert len(smtp.mensajes) < 200, "the kills must come while it is sending"
    smtp.demora = 0
    envio.enviar_pendientes()
    llegaron = Counter(m["Message-ID"] for m in smtp.mensajes)
    assert set(llegaron) == set(Aviso.objects.values_list("message_id", flat=True))
    assert sum(n - 1 for n in llegaron.values()) <= 5
    assert max(llegaron.values()) <= 2
    assert not Aviso.objects.exclude(estado=EstadoAviso.ENVIADO).exists()
