"""The outbox against a real SMTP server: kills, refusals, a server that is down, two workers."""

import asyncio
import hashlib
import os
import re
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.header import decode_header, make_header
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import Schedule

from casos import tareas
from casos.catalogos import Entrega, Estado, EstadoAviso
from casos.correo import bandeja_de_salida, envio
from casos.impresos.congelar import congelar, pdf_de
from casos.management.commands import trabajador
from casos.models import Area, Aviso, Caso, Impreso, Latido, Usuario
from tests.factories import AvisoFactory
from tests.guion import Guion, actuar
from tests.reloj import de_otro_proceso

RAIZ = Path(__file__).resolve().parent.parent


def asunto_de(mensaje) -> str:
    """As a mail reader unfolds it: a blank at its beginning stays."""
    return str(make_header(decode_header(mensaje["Subject"].replace("\r\n", ""))))


def cuerpo_de(mensaje) -> str:
    texto = next(p for p in mensaje.walk() if p.get_content_type() == "text/plain")
    return " ".join(texto.get_payload(decode=True).decode().split())


def encolar(n, para="area@empresa.example"):
    Aviso.objects.bulk_create(
        Aviso(
            plantilla="prueba",
            para=para,
            asunto=f"Correo {i}",
            texto=f"Texto {i}",
            html=f"<p>Texto {i}</p>",
            message_id=bandeja_de_salida.nuevo_message_id(),
            en_respuesta_a="<hilo@x>",
        )
        for i in range(n)
    )


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
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert (aviso.estado, aviso.intentos) == (EstadoAviso.ENVIADO, 1)
    assert envio.enviar_pendientes() == 0
    assert len(smtp.mensajes) == 1


@pytest.mark.django_db
def test_lo_confidencial_se_borra_al_enviarse(smtp):
    bandeja_de_salida.cuenta(None, "nueva@empresa.example", "Acceso", "Tu enlace secreto es XYZ")
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
        EstadoAviso.FALLIDO,
        "El servidor no aceptó la dirección (550 No existe).",
    )
    smtp.rechaza.clear()
    assert envio.reenviar(Aviso.objects.all()) == 1
    assert envio.enviar_pendientes() == 1
    assert len(smtp.para("nadie@empresa.example")) == 1


@pytest.mark.django_db
def test_un_correo_imposible_no_arrastra_a_los_demas(smtp):
    """It fails alone, at once; those after it leave in the same batch, with one attempt each."""
    encolar(1, para="a@b\n@empresa.example")
    encolar(3)
    assert envio.enviar_pendientes() == 3
    imposible = Aviso.objects.get(estado=EstadoAviso.FALLIDO)
    assert imposible.error == "Con esa dirección el correo no se puede enviar."
    assert set(Aviso.objects.values_list("intentos", flat=True)) == {1}


@pytest.mark.django_db
def test_si_se_corta_la_conexion_se_abre_otra(smtp, monkeypatch):
    encolar(4)
    envia, vistos = EmailMultiAlternatives.send, []

    def cortar(correo, *args):
        vistos.append(correo)
        if len(vistos) == 2:
            correo.connection.connection.sock.shutdown(socket.SHUT_RDWR)
        return envia(correo, *args)

    monkeypatch.setattr(EmailMultiAlternatives, "send", cortar)
    assert envio.enviar_pendientes() == 3
    cortado = Aviso.objects.get(estado=EstadoAviso.PENDIENTE)
    assert cortado.error == "El servidor de correo no responde. Lo intentamos otra vez."
    assert len(smtp.mensajes) == 3


@pytest.mark.django_db
def test_lo_que_no_cabe_en_el_tiempo_conserva_su_turno(smtp, monkeypatch):
    """A task has a time limit: what was claimed and not tried goes back, without an attempt."""
    encolar(12)
    smtp.demora = 0.05
    enviados = envio.enviar_pendientes(segundos=0.2)
    assert 0 < enviados < 12
    assert set(
        Aviso.objects.exclude(estado=EstadoAviso.ENVIADO).values_list(
            "estado", "intentos", "tomado_hasta"
        )
    ) == {(EstadoAviso.PENDIENTE, 0, None)}
    smtp.demora = 0
    monkeypatch.setattr(tareas, "SEGUNDOS", 60)
    assert tareas.enviar_avisos() == 12 - enviados


@pytest.mark.django_db
def test_el_cliente_le_contesta_al_responsable(smtp, personas):
    g = Guion(personas)
    g.presentar(g.hasta(Estado.EN_PROPUESTA), enviar_al_cliente="on")
    envio.enviar_pendientes()
    [propuesta] = smtp.para("laura@aceros.example")
    assert propuesta["Reply-To"] == personas.ventas.email


@pytest.mark.django_db
def test_la_propuesta_llega_en_pdf_y_la_siguiente_le_contesta(smtp, personas):
    """The file is the version as it was presented; its digest is kept with the mail."""
    g = Guion(personas)
    caso = g.presentar(g.hasta(Estado.EN_PROPUESTA), enviar_al_cliente="on")
    caso = actuar("enviar_propuesta", caso, personas.ventas)
    envio.enviar_pendientes()
    uno, dos = smtp.para(caso.persona.correo)
    assert dos["In-Reply-To"] == uno["Message-ID"]
    for mensaje in (uno, dos):
        pdf = next(p for p in mensaje.walk() if p.get_content_type() == "application/pdf")
        contenido = pdf.get_payload(decode=True)
        assert pdf.get_filename() == f"{caso.folio}-P1.pdf"
        assert contenido == pdf_de(Impreso.objects.get(caso=caso))
        carta = Aviso.objects.get(message_id=mensaje["Message-ID"])
        assert carta.adjunto_sha256 == hashlib.sha256(contenido).hexdigest()
        assert len(mensaje.as_bytes()) < 300_000


@pytest.mark.django_db
def test_ningun_nombre_de_archivo_rompe_las_cabeceras(smtp, personas):
    g = Guion(personas)
    caso = g.presentar(g.hasta(Estado.EN_PROPUESTA))
    hostil = 'a\r\nBcc: otro@x.example\r\n"; ñandú 😀 ../../etc\u202efdp'
    impreso = congelar(
        caso,
        Impreso.Clase.ACUERDO,
        1,
        Impreso.objects.get(caso=caso).datos | {"referencia": hostil},
        logo=None,
        persona=None,
        en=timezone.now(),
    )
    AvisoFactory(caso=caso, para="cliente@x.example", impreso=impreso)
    envio.enviar_pendientes()
    [mensaje] = smtp.para("cliente@x.example")
    assert mensaje["Bcc"] is None and not smtp.para("otro@x.example")
    pdf = next(p for p in mensaje.walk() if p.get_content_type() == "application/pdf")
    assert pdf.get_filename().endswith(".pdf") and "\u202e" not in pdf.get_filename()


@pytest.mark.django_db
def test_un_correo_cuyo_pdf_no_se_pudo_hacer_no_sale_sin_el_y_se_dice(smtp, personas, monkeypatch):
    g = Guion(personas)
    caso = g.presentar(g.hasta(Estado.EN_PROPUESTA), enviar_al_cliente="on")
    with monkeypatch.context() as roto:
        roto.setattr("casos.impresos.imprenta.RAIZ", RAIZ / "no-existe")
        envio.enviar_pendientes()
    carta = Aviso.objects.get(plantilla="propuesta")
    assert carta.estado == EstadoAviso.FALLIDO and "El PDF no se pudo hacer" in carta.error
    assert not smtp.para(caso.persona.correo)
    envio.reenviar(Aviso.objects.filter(pk=carta.pk))
    envio.enviar_pendientes()
    assert len(smtp.para(caso.persona.correo)) == 1


@pytest.mark.django_db
def test_a_las_cartas_internas_contesta_quien_lleva_el_caso_y_lo_dicen(smtp, personas):
    """Its answer goes to a person; what the responsible gets, to who did it; and each says where."""
    g = Guion(personas)
    Usuario.objects.update(entrega_respuestas=Entrega.AL_MOMENTO)
    g.opinar(g.hasta(Estado.EN_ANALISIS))
    envio.enviar_pendientes()
    carta = smtp.para(Area.objects.get(codigo="FIN").correo or personas.finanzas.email)[0]
    assert carta["Reply-To"] == personas.ventas.email
    assert f"le llega a {personas.ventas}" in cuerpo_de(carta)
    opinion = next(m for m in smtp.para(personas.ventas.email) if "opinó" in asunto_de(m))
    assert opinion["Reply-To"] == personas.finanzas.email


@pytest.mark.django_db
def test_el_asunto_empieza_en_su_renglon_y_se_lee_entero(smtp):
    """However long, and whatever its letters: some servers refuse a subject that begins with an empty line."""
    asuntos = [
        "[SV-2026-000123] Finanzas: dar opinión – Compañía Ñandú de Añil, S.A. de C.V., para el 16/03/2026",
        "Á" * 200,
        "Corto",
        "ASCII " * 30,
        "漢字" * 60,
        "👍 sin acentos " * 12,
    ]
    encolar(len(asuntos))
    for aviso, asunto in zip(Aviso.objects.order_by("pk"), asuntos, strict=True):
        Aviso.objects.filter(pk=aviso.pk).update(asunto=asunto.strip())
    envio.enviar_pendientes()
    assert sorted(asunto_de(m) for m in smtp.mensajes) == sorted(a.strip() for a in asuntos)
    for crudo in smtp.crudos:
        renglones = crudo.split(b"\r\n\r\n")[0].split(b"\r\n")
        [suyo] = [r for r in renglones if r.startswith(b"Subject:")]
        assert suyo.removeprefix(b"Subject:").strip(), renglones
        assert all(len(r) <= 78 for r in renglones)
        assert b"X-Auto-Response-Suppress: OOF, AutoReply" in renglones


@pytest.mark.django_db
def test_cada_carta_contesta_a_una_que_su_lector_tiene(smtp, personas):
    g = Guion(personas)
    Usuario.objects.update(entrega_respuestas=Entrega.AL_MOMENTO)
    g.hasta(Estado.CERRADO)
    envio.enviar_pendientes()
    assert len(smtp.mensajes) > 4
    for mensaje in smtp.mensajes:
        [para] = mensaje.destinatarios
        suyas = [m["Message-ID"] for m in smtp.para(para)]
        antes = suyas[: suyas.index(mensaje["Message-ID"])]
        assert mensaje["References"] == mensaje["In-Reply-To"]
        assert mensaje["References"] == (antes[0] if antes else None)


@pytest.mark.django_db
def test_la_respuesta_del_servidor_se_lee(smtp):
    encolar(1)
    error = smtplib.SMTPDataError(552, b"Buz\xc3\xb3n\nlleno")
    envio._rechazado(Aviso.objects.get(), error)
    aviso = Aviso.objects.get()
    assert (aviso.estado, aviso.error) == (
        EstadoAviso.FALLIDO,
        "El servidor de correo contestó: 552 Buzón lleno.",
    )


@pytest.mark.django_db
def test_un_servidor_que_no_responde_en_una_semana_no_cuesta_ningun_correo(smtp, settings):
    """It uses up no attempts; what waited leaves by itself as soon as one gets through."""
    encolar(30)
    settings.EMAIL_PORT = 1  # nobody listens there
    comienzo = timezone.now()
    for horas in range(0, 7 * 24, 6):
        with time_machine.travel(comienzo + timedelta(hours=horas), tick=False):
            for _ in range(
                2
            ):  # two batches: the sweep gives up after the first that nobody answers
                assert envio.enviar_pendientes() == 0
    esperan = Aviso.objects.exclude(error="")
    assert esperan.exists()
    assert set(Aviso.objects.values_list("estado", "intentos")) == {(EstadoAviso.PENDIENTE, 0)}
    assert {a.error for a in esperan} == {
        "El servidor de correo no responde. Lo intentamos otra vez."
    }
    settings.EMAIL_PORT = smtp.puerto
    with time_machine.travel(comienzo + timedelta(days=7), tick=False):
        assert envio.enviar_pendientes() == 30
    assert len(smtp.mensajes) == 30


@pytest.mark.django_db
def test_un_rechazo_temporal_no_es_una_direccion_mala(smtp):
    encolar(1)
    smtp.caido = True
    envio.enviar_pendientes()
    aviso = Aviso.objects.get()
    assert (aviso.estado, aviso.intentos) == (EstadoAviso.PENDIENTE, 0)
    assert aviso.error == (
        "El servidor de correo pidió esperar (451 Intente más tarde). Lo intentamos otra vez."
    )
    smtp.caido = False
    Aviso.objects.update(proximo_en=timezone.now())
    assert envio.enviar_pendientes() == 1


@pytest.mark.django_db
def test_quien_pide_esperar_dias_y_dias_se_da_por_perdido_y_se_dice(smtp):
    encolar(1)
    Aviso.objects.update(creado_en=timezone.now() - 2 * envio.PACIENCIA)
    smtp.caido = True
    envio.enviar_pendientes()
    assert (
        Aviso.objects.get().estado == EstadoAviso.PENDIENTE
    )  # its patience begins with the first no
    Aviso.objects.update(
        rechazado_desde=timezone.now() - envio.PACIENCIA - timedelta(hours=1),
        proximo_en=timezone.now(),
    )
    envio.enviar_pendientes()
    aviso = Aviso.objects.get()
    assert aviso.estado == EstadoAviso.FALLIDO
    assert aviso.error == "El servidor de correo pidió esperar (451 Intente más tarde)."


@pytest.mark.django_db
def test_lo_que_pudo_llegar_no_se_manda_sin_fin(smtp, monkeypatch):
    """Cut off while its text is taken, each time: such attempts count; cut off before, none does."""
    encolar(1)
    recibir = smtp.handle_DATA

    async def cortar(server, session, envelope):
        await recibir(server, session, envelope)
        server.transport.abort()
        await asyncio.sleep(0.05)

    smtp.handle_DATA = cortar
    for n in range(1, len(envio.ESPERAS) + 2):
        Aviso.objects.update(proximo_en=timezone.now())
        envio.enviar_pendientes()
        assert Aviso.objects.get().intentos == n
    assert Aviso.objects.get().estado == EstadoAviso.FALLIDO
    assert len(smtp.mensajes) == len(envio.ESPERAS) + 1


@pytest.mark.django_db
def test_un_correo_que_sale_solo_apura_a_los_que_esperaban_al_servidor(smtp):
    """Not what may have arrived, nor what was asked to wait; and it is looked for once, however many leave."""
    encolar(7)
    en_un_rato = timezone.now() + timedelta(minutes=30)
    *salen, espera, a_medias, rechazado = Aviso.objects.order_by("pk")
    Aviso.objects.filter(pk__in=[a.pk for a in salen]).update(error="No responde.")
    for aviso, como in (
        (espera, {}),
        (a_medias, {"intentos": 1}),
        (rechazado, {"rechazado_desde": timezone.now()}),
    ):
        Aviso.objects.filter(pk=aviso.pk).update(
            error="No responde.", proximo_en=en_un_rato, **como
        )
    with CaptureQueriesContext(connection) as sentencias:
        assert envio.enviar_pendientes() == len(salen) + 1
    siguen = Aviso.objects.filter(estado=EstadoAviso.PENDIENTE)
    assert set(siguen.values_list("pk", "proximo_en")) == {
        (a_medias.pk, en_un_rato),
        (rechazado.pk, en_un_rato),
    }
    escritas = [s["sql"] for s in sentencias if s["sql"].startswith("UPDATE")]
    assert sum("rechazado_desde" in s for s in escritas) == 1


@pytest.mark.parametrize(
    ("error", "dice"),
    [
        (ssl.SSLCertVerificationError("x"), "certificado"),
        (smtplib.SMTPNotSupportedError("x"), "no ofrece"),
    ],
)
def test_lo_que_falla_al_conectar_no_es_culpa_de_ninguna_direccion(error, dice):
    dicho = envio._de_la_conexion(error)
    assert dice in dicho and "dirección" not in dicho


@pytest.mark.django_db(transaction=True)
def test_dos_trabajadores_con_relojes_distintos_cada_correo_una_vez(smtp):
    """Leases are by the database's clock: five minutes between two machines' clocks are nobody's business."""
    encolar(1)
    tomados = envio._tomar(5)
    assert len(tomados) == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        assert envio._tomar(5) == []
    with time_machine.travel(timezone.now() - timedelta(minutes=5)):
        assert envio._tomar(5) == []


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


def entorno_de_proceso(smtp) -> dict:
    """What a process of its own needs to work on the database of the test."""
    base = connection.settings_dict
    url = f"sqlite:///{base['NAME']}"
    if connection.vendor != "sqlite":
        url = f"postgres://{base['USER']}:{base['PASSWORD']}@{base['HOST']}:{base['PORT']}/{base['NAME']}"
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "seguimiento.settings",
        "DATABASE_URL": url,
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp.puerto}",
        "SECRET_KEY": settings.SECRET_KEY,
    }


ENVIADOR = """
import django; django.setup()
from django.conf import settings
from casos.correo import envio
envio.enviar_pendientes()
"""


@de_otro_proceso
@pytest.mark.django_db(transaction=True)
def test_cinco_muertes_a_media_entrega_llegan_todos(smtp):
    """SIGKILL five times while sending 200: all arrive, twice at most the one in flight."""
    encolar(200)
    smtp.demora = 0.01
    entorno = entorno_de_proceso(smtp)
    muertes = 0
    for _ in range(5):
        proceso = subprocess.Popen([sys.executable, "-c", ENVIADOR], env=entorno, cwd=RAIZ)
        antes = len(smtp.mensajes)
        limite = time.monotonic() + 180
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


# A process begins in a second; with the machine full, and the tests on SQLite giving way, in half a minute.
def esperar(que, segundos=180):
    limite = time.monotonic() + segundos
    while not que() and time.monotonic() < limite:
        time.sleep(0.05)
    return que()


def vive(sesion: int) -> bool:
    """Whether any process of the group is left; a dead one not yet collected does not count."""
    return any(
        campos[0] != "Z" and campos[2] == str(sesion)
        for ruta in Path("/proc").glob("[0-9]*/stat")
        if (campos := _campos(ruta))
    )


def _campos(ruta) -> list[str]:
    try:
        return ruta.read_text().rpartition(")")[2].split()
    except OSError:  # it ended while we looked
        return []


@de_otro_proceso
@pytest.mark.django_db(transaction=True)
def test_el_correo_que_no_deja_terminar_cuenta_y_no_detiene_a_los_demas(smtp):
    """One address makes the server so slow that the queue ends the task in the middle, always."""
    encolar(1, para="lento@empresa.example")
    encolar(3)
    probados, recibir = [], smtp.handle_RCPT

    async def tardar(server, session, envelope, address, opciones):
        if address == "lento@empresa.example":
            probados.append(address)
            await asyncio.sleep(60)
        return await recibir(server, session, envelope, address, opciones)

    smtp.handle_RCPT = tardar
    lento = Aviso.objects.get(para="lento@empresa.example")
    entorno = entorno_de_proceso(smtp)
    for n in range(1, len(envio.ESPERAS) + 2):
        proceso = subprocess.Popen([sys.executable, "-c", ENVIADOR], env=entorno, cwd=RAIZ)
        assert esperar(lambda n=n: len(probados) == n), "it was not tried"
        proceso.kill()
        proceso.wait()
        lento.refresh_from_db()
        assert (lento.estado, lento.intentos) == (EstadoAviso.ENVIANDO, n)
        Aviso.objects.filter(estado=EstadoAviso.ENVIANDO).update(
            tomado_hasta=timezone.now() - timedelta(seconds=1)
        )
    assert len(smtp.para("area@empresa.example")) == 3
    envio.enviar_pendientes()
    lento.refresh_from_db()
    assert (lento.estado, lento.intentos) == (EstadoAviso.FALLIDO, len(envio.ESPERAS) + 1)
    assert lento.error == "El servidor de correo no terminó de contestar."
    assert len(probados) == len(envio.ESPERAS) + 1


@de_otro_proceso
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("senal", [signal.SIGTERM, signal.SIGKILL])
def test_el_trabajador_envia_y_se_detiene_sin_dejar_procesos(smtp, senal):
    encolar(3)
    entorno = entorno_de_proceso(smtp)
    subprocess.run(
        [sys.executable, "manage.py", "createcachetable"], env=entorno, cwd=RAIZ, check=True
    )
    proceso = subprocess.Popen([sys.executable, "manage.py", "trabajador"], env=entorno, cwd=RAIZ)
    try:
        assert esperar(lambda: len(smtp.mensajes) == 3), "the worker did not send"
        esperar(lambda: not Aviso.objects.exclude(estado=EstadoAviso.ENVIADO).exists())
        hijos = Path(f"/proc/{proceso.pid}/task/{proceso.pid}/children").read_text().split()
        [cumulo] = [int(pid) for pid in hijos]
        assert vive(cumulo)
        proceso.send_signal(senal)
        assert proceso.wait(15) == (-senal if senal == signal.SIGKILL else 0)
        assert esperar(lambda: not vive(cumulo)), "something of the worker lives on"
    finally:
        proceso.kill()
    assert not Aviso.objects.exclude(estado=EstadoAviso.ENVIADO).exists()
    assert Schedule.objects.count() == len(trabajador.AGENDA)


@de_otro_proceso
@pytest.mark.django_db(transaction=True)
def test_un_trabajador_que_muere_se_inicia_otra_vez_y_se_detiene_cuando_se_le_dice(smtp):
    """As ``make run`` starts it: by the line of the Procfile, in a session of its own."""
    entorno = entorno_de_proceso(smtp)
    entorno["PATH"] = f"{Path(sys.executable).parent}:{entorno['PATH']}"
    subprocess.run(
        [sys.executable, "manage.py", "createcachetable"], env=entorno, cwd=RAIZ, check=True
    )
    [orden] = re.findall(r"^worker: (.+)$", (RAIZ / "Procfile").read_text(), re.M)
    proceso = subprocess.Popen(orden, shell=True, env=entorno, cwd=RAIZ, start_new_session=True)

    def trabajador_vivo() -> int:
        hijos = Path(f"/proc/{proceso.pid}/task/{proceso.pid}/children").read_text().split()
        return int(hijos[0]) if hijos else 0

    try:
        encolar(1)
        assert esperar(lambda: len(smtp.mensajes) == 1), "it did not send"
        os.kill(trabajador_vivo(), signal.SIGKILL)
        encolar(1)
        assert esperar(lambda: len(smtp.mensajes) == 2, 40), "it was not started again"
        os.killpg(proceso.pid, signal.SIGTERM)
        proceso.wait(20)
    finally:
        if proceso.poll() is None:
            os.killpg(proceso.pid, signal.SIGKILL)
            proceso.wait(10)
    assert esperar(lambda: not vive(proceso.pid)), "something of it lives on"


@pytest.mark.django_db
def test_la_agenda_queda_una_aunque_dos_arranquen_juntos():
    for _ in range(2):
        Schedule.objects.create(name=trabajador.AGENDA[0][0], func="casos.tareas.vieja")
    Schedule.objects.create(name="otra", func="casos.tareas.otra")
    trabajador.poner_agenda()
    assert sorted(Schedule.objects.values_list("name", "func", "cron")) == sorted(trabajador.AGENDA)


@pytest.mark.django_db
def test_los_que_fallaron_se_reenvian_juntos_cada_quien_los_suyos(client, personas):
    g = Guion(personas)
    mio, otro = g.hasta(Estado.EN_ANALISIS), g.registrar()
    Caso.objects.filter(pk=otro.pk).update(responsable=personas.ventas2)
    Aviso.objects.update(estado=EstadoAviso.FALLIDO, intentos=6)
    suprimido = Aviso.objects.filter(caso=mio).first()
    Aviso.objects.filter(pk=suprimido.pk).update(para=Aviso.SUPRIMIDO)
    bandeja_de_salida.cuenta(None, "nueva@empresa.example", "Acceso", "Enlace")
    Aviso.objects.filter(caso=None).update(estado=EstadoAviso.FALLIDO)
    client.force_login(personas.ventas)
    pagina = client.get("/avisos/?estado=FALLIDO").content.decode()
    cuantos = Aviso.objects.filter(caso=mio).count() - 1
    assert f"Reenviar los {cuantos} que fallaron" in pagina
    assert client.get("/avisos/reenviar/").status_code == 405
    assert client.post("/avisos/reenviar/", {"caso": ""}).status_code == 302
    quedan = Aviso.objects.filter(estado=EstadoAviso.FALLIDO)
    assert {a.caso_id for a in quedan.all()} == {mio.pk, otro.pk, None}
    assert list(quedan.filter(caso=mio)) == [suprimido]
    client.force_login(personas.auditor)
    client.post("/avisos/reenviar/", {})
    assert quedan.filter(caso=otro).exists()
    client.force_login(personas.gerente)
    client.post("/avisos/reenviar/", {"caso": mio.folio})
    assert quedan.filter(caso=otro).exists()  # only of what the filter shows
    client.post("/avisos/reenviar/", {})
    assert {a.caso_id for a in quedan.all()} == {mio.pk, None}
    client.force_login(personas.admin)
    client.post("/avisos/reenviar/", {})
    assert list(quedan.all()) == [suprimido]


@pytest.mark.django_db
def test_un_trabajador_que_ya_no_late_se_inicia_otra_vez(monkeypatch):
    """It neither works nor ends: its command gives it up, and so does whoever asked it to stop."""
    monkeypatch.setattr(trabajador, "CADA", 0.05)
    monkeypatch.setattr(trabajador, "SIN_LATIR", 0.4)
    monkeypatch.setattr(trabajador, "AL_DETENERSE", 0.2)
    monkeypatch.setattr(trabajador.connection, "close", lambda: None)
    with subprocess.Popen(["sleep", "60"]) as colgado:
        Latido.dejar(Latido.TRABAJADOR)
        inicio = time.monotonic()
        assert trabajador.acompanar(colgado, []) == trabajador.COLGADO
        assert time.monotonic() - inicio > 0.4
        assert trabajador.acompanar(colgado, [time.monotonic()]) == trabajador.COLGADO
        colgado.kill()
    with subprocess.Popen(["sleep", "1"]) as late:
        leer = iter(range(10**6))
        monkeypatch.setattr(
            trabajador.Latido.objects,
            "filter",
            lambda **_: SimpleNamespace(
                values_list=lambda _: SimpleNamespace(first=lambda: next(leer))
            ),
        )
        assert trabajador.acompanar(late, []) == 0
