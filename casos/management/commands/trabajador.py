"""``manage.py trabajador``: the worker. Makes sure the schedules stand, then runs the cluster.

The cluster lives in a session of its own and only its master is told to stop: a signal to the
whole group would reach its children too, and they would wait for one another.
"""

import os
import signal
import subprocess
import sys

from django.core.management.base import BaseCommand
from django_q.models import Schedule

# name, function, cron (in TIME_ZONE)
AGENDA = [
    ("barrido de correos", "casos.tareas.enviar_avisos", "* * * * *"),
    ("constancias sin confirmar", "casos.tareas.recordar_constancias", "0 8 * * 1-5"),
]


class Command(BaseCommand):
    help = "Envía los correos y corre lo programado. Se detiene con Ctrl-C o SIGTERM."

    def handle(self, *args, **kwargs):
        for nombre, funcion, cron in AGENDA:
            Schedule.objects.update_or_create(
                name=nombre,
                defaults={"func": funcion, "schedule_type": Schedule.CRON, "cron": cron},
            )
        Schedule.objects.exclude(name__in=[n for n, *_ in AGENDA]).delete()
        hijo = subprocess.Popen([sys.executable, "manage.py", "qcluster"], start_new_session=True)
        for senal in (signal.SIGTERM, signal.SIGINT):
            signal.signal(senal, lambda *_: hijo.terminate())
        codigo = hijo.wait()
        try:
            # Nothing of the session outlives its master.
            os.killpg(hijo.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        sys.exit(max(codigo, 0))
