"""``manage.py trabajador``: the worker. Makes sure the schedules stand, then runs the cluster.

The cluster lives in a session of its own and only its master is told to stop: a signal to the
whole group would reach its children too, and they would wait for one another.
"""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection, transaction
from django_q.models import Schedule

from casos.correo import bandeja_de_salida
from casos.models import Latido

# name, function, cron (in TIME_ZONE)
AGENDA = [
    ("barrido de correos", "casos.tareas.enviar_avisos", "* * * * *"),
    ("resumen de la mañana", "casos.tareas.enviar_resumenes", "* * * * *"),
    ("archivos que ningún caso nombra", "casos.tareas.limpiar_archivos", "30 3 * * *"),
    ("importaciones a medias", "casos.tareas.retomar_importaciones", "* * * * *"),
    ("vencimientos por recalcular", "casos.tareas.recalcular_lo_pedido", "* * * * *"),
    ("sello de la noche", "casos.tareas.sellar_la_noche", "40 3 * * *"),
    ("informe del mes", "casos.tareas.informar_del_mes", "*/10 * * * *"),
    ("conformidad de los cerrados", "casos.tareas.cotejar_conformidad", "50 3 * * *"),
    ("borradores viejos", "casos.tareas.olvidar_borradores", "10 3 * * *"),
    ("datos personales que ya no hacen falta", "casos.tareas.revisar_conservacion", "50 3 * * *"),
    ("importaciones viejas", "casos.tareas.olvidar_importaciones", "20 3 * * *"),
]
# Seconds of those that go through all cases; of any other, the queue's own (``settings``). One that is
# given out again meanwhile finds its work done.
LARGAS = {"sello de la noche": 30 * 60}
PR_SET_PDEATHSIG = 1
# Seconds. A cluster whose processes all stand still (one that is killed while it takes a task leaves the
# queue's lock taken for ever) neither works nor ends: nobody would see it but by the mails that wait.
CADA, SIN_LATIR, AL_DETENERSE = 15, 5 * 60, 35
COLGADO = 70

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Envía los correos y corre lo programado. Se detiene con Ctrl-C o SIGTERM."

    def handle(self, *args, **kwargs):
        poner_agenda()
        # What waited while no worker ran leaves now, not at the first sweep.
        bandeja_de_salida.despertar()
        orden = [sys.executable, str(settings.BASE_DIR / "manage.py"), "qcluster"]
        hijo = subprocess.Popen(
            orden, cwd=settings.BASE_DIR, start_new_session=True, preexec_fn=_detenerse_con_el_padre
        )
        pedido: list[float] = []  # when it was told to stop

        def detener(*_):
            pedido.append(time.monotonic())
            hijo.terminate()

        for senal in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(senal, detener)
        codigo = acompanar(hijo, pedido)
        try:
            # Nothing of the session outlives its master.
            os.killpg(hijo.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        # A cluster that was killed did not end well: whoever supervises this starts it again.
        sys.exit(codigo if codigo >= 0 else 128 - codigo)


def acompanar(hijo: subprocess.Popen, pedido: list[float]) -> int:
    """Its exit code, or ``COLGADO``: it does not end in time, or its sweep has not come for minutes.

    The database away is nobody's fault here; nor is a sweep that another machine's worker does meanwhile.
    """
    visto, desde = None, time.monotonic()
    while True:
        try:
            return hijo.wait(timeout=min(CADA, AL_DETENERSE))
        except subprocess.TimeoutExpired:
            pass
        if pedido:
            if time.monotonic() - pedido[0] > AL_DETENERSE:
                return COLGADO
            continue
        try:
            latido = Latido.objects.filter(nombre=Latido.TRABAJADOR).values_list("en").first()
        except DatabaseError:
            latido = time.monotonic()  # not seen, so not missed
        finally:
            connection.close()
        if latido != visto:
            visto, desde = latido, time.monotonic()
        elif time.monotonic() - desde > SIN_LATIR:
            log.error("El trabajador dejó de revisar la bandeja de salida: se inicia otra vez.")
            return COLGADO


def _detenerse_con_el_padre() -> None:
    """On Linux a cluster whose command was killed stops too, instead of living on unseen."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def poner_agenda() -> None:
    """One schedule per line of ``AGENDA``. Workers that start together may each write theirs
    (names are not unique in the queue's table); the next start leaves one."""
    with transaction.atomic():
        for nombre, funcion, cron in AGENDA:
            suyas = repr({"q_options": {"timeout": LARGAS[nombre]}}) if nombre in LARGAS else None
            valores = {
                "func": funcion,
                "schedule_type": Schedule.CRON,
                "cron": cron,
                "kwargs": suyas,
            }
            pk = Schedule.objects.filter(name=nombre).order_by("pk").values_list("pk").first()
            if pk is None:
                Schedule.objects.create(name=nombre, **valores)
                continue
            Schedule.objects.filter(pk=pk[0]).update(**valores)
            Schedule.objects.filter(name=nombre).exclude(pk=pk[0]).delete()
        Schedule.objects.exclude(name__in=[n for n, *_ in AGENDA]).delete()
